// What Exif says, by Exiv2's names and with numbers in one byte order: it decodes makers' notes, in
// which programs that write metadata change offsets only.
#include <array>
#include <exception>
#include <exiv2/error.hpp>
#include <exiv2/exif.hpp>
#include <optional>
#include <set>

#include "absl/strings/str_format.h"
#include "plugins/images/embedded_legacy.h"
#include "plugins/images/exiv2_start.h"
#include "plugins/images/rest_facts.h"
#include "plugins/images/tiff.h"

namespace syncline::images {
namespace {

constexpr uint16_t kXmp = 0x02BC;
constexpr uint16_t kIptc = 0x83BB;
constexpr uint16_t kPhotoshop = 0x8649;
constexpr uint16_t kRating = 0x4746;
constexpr uint16_t kRatingPercent = 0x4749;
constexpr uint16_t kMakerNote = 0x927C;
// No tag of TIFF. XMP gets it before Exiv2 looks: its XMP toolkit is not to see hostile XMP
// (xmp.h).
constexpr uint16_t kHidden = 0;
constexpr uint16_t kProcessingSoftware = 0x000B;  // digiKam's, with every rating

struct Tag {
  std::string_view group;  // Exiv2's; empty: every directory of a picture
  uint16_t tag;
};

// What tells where things stand, and padding (TIFF 6.0, Exif 2.32, Microsoft's two).
constexpr Tag kPlaces[] = {
    {"", 0x0111},       // StripOffsets
    {"", 0x0120},       // FreeOffsets
    {"", 0x0121},       // FreeByteCounts
    {"", 0x0144},       // TileOffsets
    {"", 0x014A},       // SubIFDs
    {"", 0x0201},       // JPEGInterchangeFormat
    {"", 0x0202},       // JPEGInterchangeFormatLength
    {"", 0x8769},       // ExifTag
    {"", 0x8825},       // GPSTag
    {"", 0xEA1C},       // Padding
    {"Photo", 0xA005},  // InteroperabilityTag
    {"Photo", 0xEA1C},
    {"Photo", 0xEA1D},  // OffsetSchema
    // In makers' notes, as Exiv2 0.27 knows them.
    {"MakerNote", 0x0001},
    {"Canon", 0x0081},
    {"Canon", 0x0083},
    {"Canon", 0x00B6},
    {"Canon", 0x00D0},
    {"Casio2", 0x0003},
    {"Casio2", 0x0004},
    {"Minolta", 0x0088},
    {"Minolta", 0x0089},
    {"SonyMinolta", 0x0088},
    {"SonyMinolta", 0x0089},
    {"Olympus", 0x1036},
    {"Olympus", 0x1037},
    {"Olympus2", 0x1036},
    {"Olympus2", 0x1037},
    {"OlympusCs", 0x0101},
    {"OlympusCs", 0x0102},
    {"Pentax", 0x0003},
    {"Pentax", 0x0004},
    {"PentaxDng", 0x0003},
    {"PentaxDng", 0x0004},
};

// Pointers to directories that Exiv2 decodes, when they are numbers.
constexpr Tag kPointers[] = {
    {"Nikon3", 0x0011},   {"Samsung2", 0x0035}, {"Olympus", 0x2010},  {"Olympus", 0x2020},
    {"Olympus", 0x2030},  {"Olympus", 0x2031},  {"Olympus", 0x2040},  {"Olympus", 0x2050},
    {"Olympus", 0x3000},  {"Olympus2", 0x2010}, {"Olympus2", 0x2020}, {"Olympus2", 0x2030},
    {"Olympus2", 0x2031}, {"Olympus2", 0x2040}, {"Olympus2", 0x2050}, {"Olympus2", 0x3000},
};

bool IsPicture(std::string_view group) {
  return group.starts_with("Image") || group.starts_with("Sub") || group == "Thumbnail";
}

bool IsIn(std::span<const Tag> tags, std::string_view group, uint16_t tag) {
  for (const Tag& one : tags) {
    const bool fits =
        one.group.empty() ? IsPicture(group) || group.ends_with("Preview") : one.group == group;
    if (one.tag == tag && fits) return true;
  }
  return false;
}

bool IsNumber(const Exiv2::Exifdatum& datum, uint16_t tag, int64_t number) {
  return datum.tag() == tag && datum.count() == 1 && datum.toLong() == number;
}

// What a program has to write that begins an Exif of its own: the values that are meant where there
// are none (Exif 2.32, 4.6.4).
bool IsDefault(const Exiv2::Exifdatum& datum) {
  if (datum.tag() == 0x011A || datum.tag() == 0x011B) {
    return datum.count() == 1 && datum.toRational() == Exiv2::Rational(72, 1);
  }
  return IsNumber(datum, 0x0128, 2) || IsNumber(datum, 0x0213, 1);
}

bool IsResolution(uint16_t tag) { return tag == 0x011A || tag == 0x011B || tag == 0x0128; }

bool IsRatingInStep(const Exiv2::Exifdatum& datum) {
  return (datum.tag() == kRating || datum.tag() == kRatingPercent) &&
         datum.typeId() == Exiv2::unsignedShort && datum.count() == 1;
}

std::string BytesOf(const Exiv2::Exifdatum& datum, Exiv2::ByteOrder order) {
  std::string bytes(static_cast<size_t>(datum.size()), '\0');
  datum.copy(reinterpret_cast<Exiv2::byte*>(bytes.data()), order);
  return bytes;
}

// The directories that hang in the chain of a TIFF and below it; nullopt: they cannot all be read.
std::optional<size_t> CountDirectories(std::string_view block) {
  constexpr size_t kMost = 64;
  ViewBytes bytes(block);
  NumberReader reader(bytes);
  const std::optional<TiffReader> tiff = TiffReader::Open(&reader);
  if (!tiff) return std::nullopt;
  std::set<uint64_t> seen;
  std::vector<uint64_t> waiting = {tiff->first()};
  while (!waiting.empty()) {
    const uint64_t place = waiting.back();
    waiting.pop_back();
    if (!seen.insert(place).second) continue;
    const std::optional<TiffDirectory> directory = tiff->Read(place);
    if (!directory || seen.size() > kMost) return std::nullopt;
    const auto below = tiff->SubDirectories(*directory);
    if (!below) return std::nullopt;
    waiting.insert(waiting.end(), below->begin(), below->end());
    if (directory->next != 0) waiting.push_back(directory->next);
  }
  return seen.size();
}

class Exif {
 public:
  Exif(ExifIn where, Exiv2::ByteOrder order, const Exiv2::ExifData& data)
      : where_(where), order_(order), data_(data) {
    for (const Exiv2::Exifdatum& datum : data) groups_.insert(datum.groupName());
  }

  // How many of the directories of pictures Exiv2 has decoded: it stops after a few.
  size_t Directories() const {
    size_t count = 0;
    for (const std::string& group : groups_) count += IsPicture(group) ? 1 : 0;
    return count;
  }

  void AddTo(RestFacts* facts) const {
    for (const Exiv2::Exifdatum& datum : data_) {
      const std::string group = datum.groupName();
      if (IsLeftOut(group, datum)) continue;
      if (where_ == ExifIn::kTiff && group == "Image" && datum.tag() == kIptc) {
        AddIptc(BytesOf(datum, order_), facts);  // numbers of 32 bits are its bytes
      } else if (where_ == ExifIn::kTiff && group == "Image" && datum.tag() == kPhotoshop) {
        AddPhotoshop(BytesOf(datum, order_), false, facts);
      } else {
        facts->Add("exif", absl::StrFormat("%s %04x", group, datum.tag()),
                   BytesOf(datum, Exiv2::littleEndian));
      }
    }
  }

 private:
  bool IsLeftOut(const std::string& group, const Exiv2::Exifdatum& datum) const {
    const uint16_t tag = datum.tag();
    if (group == "Image") {
      if (tag == kHidden && where_ == ExifIn::kTiff) return true;
      if (tag == kProcessingSoftware || IsRatingInStep(datum)) return true;
      if ((where_ != ExifIn::kTiff && IsDefault(datum))) return true;
      if (where_ == ExifIn::kBesideJfif && IsResolution(tag)) return true;
    }
    // Where it is decoded, its tags stand for it.
    if (group == "Photo" && tag == kMakerNote && groups_.contains("MakerNote")) return true;
    const bool is_number = datum.typeId() != Exiv2::undefined;
    return IsIn(kPlaces, group, tag) || (is_number && IsIn(kPointers, group, tag));
  }

  const ExifIn where_;
  const Exiv2::ByteOrder order_;
  const Exiv2::ExifData& data_;
  std::set<std::string> groups_;
};

// nullopt: broken, or Exiv2 has not seen all of its directories.
std::optional<RestFacts> Decoded(ExifIn where, std::string_view block, size_t directories) {
  try {
    Exiv2::ExifData data;
    const Exiv2::ByteOrder order =
        Exiv2::ExifParser::decode(data, reinterpret_cast<const Exiv2::byte*>(block.data()),
                                  static_cast<uint32_t>(block.size()));
    const Exif exif(where, order, data);
    if (exif.Directories() != directories) return std::nullopt;
    RestFacts facts;
    exif.AddTo(&facts);
    return facts;
  } catch (const Exiv2::AnyError&) {
    return std::nullopt;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace

bool AddExif(ExifIn where, std::string* block, RestFacts* facts) {
  StartExiv2();
  const std::optional<size_t> directories = CountDirectories(*block);
  std::optional<TiffInMemory> tiff = TiffInMemory::Open(block, 0, block->size());
  if (!directories || !tiff || block->size() > INT32_MAX) return false;
  if (tiff->Find(kHidden) != nullptr) return false;
  for (const TiffInMemory::Entry& entry : tiff->entries()) {
    if (entry.tag == kXmp) tiff->SetU16(entry.at, kHidden);
  }
  std::optional<RestFacts> found = Decoded(where, *block, *directories);
  for (const TiffInMemory::Entry& entry : tiff->entries()) {
    if (entry.tag == kXmp) tiff->SetU16(entry.at, kXmp);
  }
  if (!found) return false;
  facts->Add(*std::move(found));
  return true;
}

}  // namespace syncline::images
