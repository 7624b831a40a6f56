// Telling formats apart by their first bytes, by the brands of ISO media files and by the
// directories of TIFF files.
#include "plugins/images/sniff.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/images/boxes.h"
#include "plugins/images/tiff.h"

namespace syncline::images {
namespace {

using namespace std::string_view_literals;

struct Signature {
  std::string_view start;
  Format format;
};

constexpr Signature kSignatures[] = {
    {"\xFF\xD8\xFF"sv, Format::kJpeg},
    {"\x89PNG\r\n\x1A\n"sv, Format::kPng},
    {"GIF87a"sv, Format::kGif},
    {"GIF89a"sv, Format::kGif},
    {"FUJIFILMCCD-RAW "sv, Format::kRaf},
    {"\0\0\0\x0CJXL \r\n\x87\n"sv, Format::kJxl},  // the container
    {"\xFF\x0A"sv, Format::kJxl},                  // the bare codestream (ISO 18181-1)
};

bool IsOneOf(std::string_view what, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), what) != list.end();
}

// A "BM" may begin a text: the header that follows must make sense (BITMAPINFOHEADER and kin).
bool IsBmp(NumberReader* reader) {
  reader->set_order(NumberReader::Order::kLittle);
  const uint32_t header = reader->U32(14).value_or(0);
  const bool core = header == 12;  // the one of OS/2 has 16-bit width and height
  constexpr std::array<uint32_t, 8> kHeaders = {12, 16, 40, 52, 56, 64, 108, 124};
  if (std::find(kHeaders.begin(), kHeaders.end(), header) == kHeaders.end()) return false;
  const uint16_t planes = reader->U16(core ? 22 : 26).value_or(0);
  const uint16_t bits = reader->U16(core ? 24 : 28).value_or(1000);
  const uint32_t pixels = reader->U32(10).value_or(0);
  return planes == 1 && bits <= 64 && pixels >= 14 + header;
}

// ---- TIFF
// -----------------------------------------------------------------------------------------

constexpr uint64_t kColorFilterArray =
    32803;                              // TIFF/EP (ISO 12234-2): pixels as the sensor has them
constexpr uint64_t kLinearRaw = 34892;  // DNG specification, PhotometricInterpretation

// What only a camera writes. Other programs make TIFFs of a raw that keep the maker's name.
bool HoldsSensorData(const TiffReader& tiff, const TiffDirectory& directory) {
  const uint64_t photometric = tiff.Number(directory, TiffTag::kPhotometric).value_or(0);
  const uint64_t compression = tiff.Number(directory, TiffTag::kCompression).value_or(0);
  return photometric == kColorFilterArray || photometric == kLinearRaw ||
         compression == 34713 ||  // Nikon
         compression == 32767 ||  // Sony
         compression == 65535;    // Pentax
}

bool IsRaw(const TiffReader& tiff, const TiffDirectory& first) {
  if (HoldsSensorData(tiff, first)) return true;
  constexpr size_t kMostLooked = 8;  // cameras have up to three or four
  std::vector<uint64_t> places = tiff.SubDirectories(first).value_or(std::vector<uint64_t>());
  places.resize(std::min(places.size(), kMostLooked));
  return std::any_of(places.begin(), places.end(), [&](uint64_t place) {
    const std::optional<TiffDirectory> directory = tiff.Read(place);
    return directory.has_value() && HoldsSensorData(tiff, *directory);
  });
}

Format SniffTiff(NumberReader* reader, const TiffReader& tiff) {
  switch (tiff.magic()) {
    case TiffReader::kOlympusMagic:
    case TiffReader::kOlympusOtherMagic:
      return Format::kOrf;
    case TiffReader::kPanasonicMagic:
      return Format::kRw2;
    default:
      break;
  }
  if (tiff.magic() == TiffReader::kMagic && reader->Text(8, 3) == "CR\2"sv) return Format::kCr2;
  // A TIFF that ends before its directory begins is a truncated one.
  const std::optional<TiffDirectory> first = tiff.Read(tiff.first());
  if (!first.has_value()) return Format::kTiff;
  if (first->Find(TiffTag::kDngVersion) != nullptr) return Format::kDng;
  const std::string make = tiff.Text(*first, TiffTag::kMake);
  struct Maker {
    std::string_view start;
    Format format;
  };
  constexpr Maker kMakers[] = {{"NIKON", Format::kNef},
                               {"SONY", Format::kArw},
                               {"PENTAX", Format::kPef},
                               {"RICOH", Format::kPef}};
  for (const Maker& maker : kMakers) {
    if (make.starts_with(maker.start) && IsRaw(tiff, *first)) return maker.format;
  }
  return Format::kTiff;
}

// ---- ISO media files and QuickTime
// ------------------------------------------------------------------

// The format that one brand stands for (mp4ra.org lists them). kNone: it stands for none or
// several.
Format FormatOfBrand(std::string_view brand) {
  if (IsOneOf(brand, {"avif", "avis"})) return Format::kAvif;
  if (IsOneOf(brand, {"heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs"})) {
    return Format::kHeic;
  }
  if (brand == "crx ") return Format::kCr3;
  if (brand == "qt  ") return Format::kMov;
  // Of cameras: Canon, Nikon, Panasonic, Sony's XAVC and MSNV.
  if (IsOneOf(brand, {"avc1", "MSNV", "XAVC", "dash", "CAEP", "caep", "niko", "pana", "f4v "}) ||
      brand.starts_with("mp4") || brand.starts_with("M4V") || brand.starts_with("3g")) {
    return Format::kMp4;
  }
  // isom, iso2 to iso9, isoa, isob
  if (brand.starts_with("iso")) return Format::kMp4;
  return Format::kNone;
}

Format SniffBrands(NumberReader* reader, const Box& box) {
  constexpr uint64_t kMostBrands = 64;
  std::vector<std::string> brands;
  const uint64_t end = std::min(box.end, box.payload + 4 * (kMostBrands + 2));
  for (uint64_t at = box.payload; at + 4 <= end; at += 4) {
    if (at == box.payload + 4) continue;  // the version of the first one
    const std::optional<std::string_view> brand = reader->Text(at, 4);
    if (!brand.has_value()) break;
    brands.emplace_back(*brand);
  }
  if (brands.empty()) return Format::kNone;
  // Sound alone, which also claims to be an MP4.
  if (IsOneOf(brands[0], {"M4A ", "M4B ", "M4P ", "F4A ", "F4B "})) return Format::kNone;
  // HEIF without saying of which codec; the other brands say it (ISO 23008-12, 10.2).
  const bool heif = IsOneOf(brands[0], {"mif1", "mif2", "msf1", "miaf"});
  for (const std::string& brand : brands) {
    const Format format = FormatOfBrand(brand);
    const bool movie = format == Format::kMp4 || format == Format::kMov;
    if (format != Format::kNone && !(heif && movie)) return format;
  }
  return heif ? Format::kHeic : Format::kNone;
}

// QuickTime before it had brands: its boxes come at once, the index or the data among the first.
bool IsOldQuickTime(NumberReader* reader) {
  constexpr int kMostLooked = 8;
  BoxWalker boxes(reader, 0, reader->size());
  for (int i = 0; i < kMostLooked; ++i) {
    const std::optional<Box> box = boxes.Next();
    if (!box.has_value()) return false;
    if (box->type == BoxType("moov") || box->type == BoxType("mdat")) return true;
    constexpr uint32_t kOthers[] = {BoxType("wide"), BoxType("free"), BoxType("skip"),
                                    BoxType("pnot"), BoxType("PICT")};
    if (std::find(std::begin(kOthers), std::end(kOthers), box->type) == std::end(kOthers)) {
      return false;
    }
  }
  return false;
}

Format SniffBoxes(NumberReader* reader) {
  const std::optional<Box> first = BoxWalker(reader, 0, reader->size()).Next();
  if (!first.has_value()) return Format::kNone;
  if (first->type == BoxType("ftyp")) return SniffBrands(reader, *first);
  return IsOldQuickTime(reader) ? Format::kMov : Format::kNone;
}

Format SniffAny(NumberReader* reader) {
  for (const Signature& signature : kSignatures) {
    if (reader->Text(0, signature.start.size()) == signature.start) return signature.format;
  }
  if (reader->Text(0, 4) == "RIFF" && reader->Text(8, 4) == "WEBP") return Format::kWebp;
  if (reader->Text(0, 2) == "BM") return IsBmp(reader) ? Format::kBmp : Format::kNone;
  if (const std::optional<TiffReader> tiff = TiffReader::Open(reader)) {
    return SniffTiff(reader, *tiff);
  }
  reader->set_order(NumberReader::Order::kBig);
  return SniffBoxes(reader);
}

}  // namespace

absl::StatusOr<Format> Sniff(Bytes& file) {
  NumberReader reader(file);
  const Format format = SniffAny(&reader);
  if (!reader.status().ok()) return reader.status();
  return format;
}

}  // namespace syncline::images
