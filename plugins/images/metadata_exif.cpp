// What Exif says (CIPA DC-008, Exif 2.32).
#include <optional>
#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "plugins/images/date_text.h"
#include "plugins/images/metadata_dates.h"
#include "plugins/images/metadata_readers.h"
#include "plugins/images/metadata_text.h"

namespace syncline::images {
namespace {

class Reader {
 public:
  explicit Reader(const Exiv2::ExifData& exif) : exif_(exif) {}

  const Exiv2::Exifdatum* Find(const char* key) const {
    const auto found = exif_.findKey(Exiv2::ExifKey(key));
    return found == exif_.end() ? nullptr : &*found;
  }
  // With NULs, in which broken dates end.
  std::optional<std::string> Bytes(const char* key) const {
    const Exiv2::Exifdatum* datum = Find(key);
    if (datum == nullptr) return std::nullopt;
    std::string bytes(static_cast<size_t>(datum->size()), '\0');
    datum->copy(reinterpret_cast<Exiv2::byte*>(bytes.data()), Exiv2::littleEndian);
    return bytes;
  }
  std::string Line(const char* key, size_t limit = kLineLimit) const {
    return CleanText(Bytes(key).value_or(""), limit);
  }
  int64_t Number(const char* key) const {
    const Exiv2::Exifdatum* datum = Find(key);
    return datum == nullptr || datum->count() == 0 ? 0 : datum->toLong();
  }
  std::optional<int> Offset(const char* key) const { return ParseOffset(Bytes(key).value_or("")); }

 private:
  const Exiv2::ExifData& exif_;
};

void TakeDate(const Reader& exif, DateSource source, const char* date_key, const char* offset_key,
              const char* fraction_key, Metadata* metadata) {
  const std::optional<std::string> text = exif.Bytes(date_key);
  if (!text) return;
  FoundDate* date = AddDate(source, *text, metadata);
  if (date == nullptr) return;
  if (!date->utc_offset_minutes) date->utc_offset_minutes = exif.Offset(offset_key);
  if (date->nanos == 0) date->nanos = ParseSubSeconds(exif.Bytes(fraction_key).value_or(""));
}

void TakeGps(const Reader& exif, std::optional<int> place_offset, Metadata* metadata) {
  const std::optional<std::string> day = exif.Bytes("Exif.GPSInfo.GPSDateStamp");
  if (!day) return;
  const std::string shown = CleanText(*day, 20);
  const Exiv2::Exifdatum* time = exif.Find("Exif.GPSInfo.GPSTimeStamp");
  std::string text = shown;
  int32_t nanos = 0;
  if (time != nullptr && time->count() == 3) {
    double parts[3] = {};
    for (long i = 0; i < 3; ++i) {
      const Exiv2::Rational part = time->toRational(i);
      // Unsigned in the file; a denominator of 0 is what receivers without a fix write.
      if (part.second == 0 || part.first < 0 || part.second < 0) {
        RejectDate(DateSource::kGps, "has no time", metadata);
        return;
      }
      parts[i] = static_cast<double>(part.first) / part.second;
      if (parts[i] >= 100) parts[i] = 99;
    }
    const int second = static_cast<int>(parts[2]);
    nanos = static_cast<int32_t>((parts[2] - second) * 1e3) * 1'000'000;
    text += absl::StrFormat(" %02d:%02d:%02d", static_cast<int>(parts[0]),
                            static_cast<int>(parts[1]), second);
  }
  FoundDate* date = AddDate(DateSource::kGps, text, metadata);
  if (date == nullptr) return;
  date->utc = true;
  date->nanos = nanos;
  date->utc_offset_minutes = place_offset;
}

}  // namespace

std::string WithoutMaker(const std::string& maker, const std::string& model) {
  const std::string name = absl::AsciiStrToLower(maker.substr(0, maker.find(' '))) + ' ';
  const bool repeated = name.size() > 1 && model.size() > name.size() &&
                        absl::AsciiStrToLower(model.substr(0, name.size())) == name;
  return repeated ? model.substr(name.size()) : model;
}

void TakeExif(const Exiv2::ExifData& data, Metadata* metadata) {
  const Reader exif(data);
  const char* original = exif.Find("Exif.Photo.DateTimeOriginal") != nullptr
                             ? "Exif.Photo.DateTimeOriginal"
                             : "Exif.Image.DateTimeOriginal";
  TakeDate(exif, DateSource::kExifOriginal, original, "Exif.Photo.OffsetTimeOriginal",
           "Exif.Photo.SubSecTimeOriginal", metadata);
  TakeDate(exif, DateSource::kExifCreate, "Exif.Photo.DateTimeDigitized",
           "Exif.Photo.OffsetTimeDigitized", "Exif.Photo.SubSecTimeDigitized", metadata);
  std::optional<int> place = exif.Offset("Exif.Photo.OffsetTimeOriginal");
  if (!place) place = exif.Offset("Exif.Photo.OffsetTimeDigitized");
  if (!place) place = exif.Offset("Exif.Photo.OffsetTime");
  TakeGps(exif, place, metadata);

  if (metadata->maker.empty()) metadata->maker = exif.Line("Exif.Image.Make");
  if (metadata->camera.empty()) {
    metadata->camera = WithoutMaker(metadata->maker, exif.Line("Exif.Image.Model"));
  }
  const int64_t orientation = exif.Number("Exif.Image.Orientation");
  if (orientation >= 1 && orientation <= 8) metadata->orientation = static_cast<int>(orientation);
  if (metadata->caption.empty()) {
    metadata->caption = exif.Line("Exif.Image.ImageDescription", kCaptionLimit);
  }
  if (metadata->rating.empty() && exif.Find("Exif.Image.Rating") != nullptr) {
    const int64_t rating = exif.Number("Exif.Image.Rating");
    if (rating >= 0 && rating <= 5) metadata->rating = absl::StrFormat("%d", rating);
  }
  const int64_t width = exif.Number("Exif.Photo.PixelXDimension");
  const int64_t height = exif.Number("Exif.Photo.PixelYDimension");
  if (metadata->width == 0 && width > 0 && height > 0 && width <= UINT32_MAX &&
      height <= UINT32_MAX) {
    metadata->width = static_cast<uint32_t>(width);
    metadata->height = static_cast<uint32_t>(height);
  }
}

}  // namespace syncline::images
