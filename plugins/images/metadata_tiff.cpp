#include "plugins/images/metadata_tiff.h"

#include <exiv2/tags.hpp>
#include <exiv2/value.hpp>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "plugins/images/metadata_text.h"
#include "plugins/images/tiff.h"

namespace syncline::images {
namespace {

using First = TiffBlock::First;

constexpr size_t kMostDirectories = 64;
constexpr uint64_t kLargestValue = uint64_t{64} << 10;  // bytes; a caption is the longest

// Numbers of TIFF 6.0, Exif 2.32 and XMP part 3 that only this file needs.
constexpr uint16_t kWidth = 0x0100;
constexpr uint16_t kHeight = 0x0101;
constexpr uint16_t kPacket = 0x02BC;
constexpr uint16_t kJpegPlace = 0x0201;
constexpr uint16_t kJpegSize = 0x0202;
constexpr uint16_t kPanasonicJpeg = 0x002E;
constexpr uint16_t kExifDirectory = 0x8769;
constexpr uint16_t kGpsDirectory = 0x8825;
constexpr uint16_t kMakerNote = 0x927C;

// What is handed on, by the directory in which it stands and Exiv2's name of that.
struct Wanted {
  First directory;
  uint16_t tag;
};
constexpr Wanted kWanted[] = {
    {First::kImage, 0x010E},  // ImageDescription
    {First::kImage, 0x010F},  // Make
    {First::kImage, 0x0110},  // Model
    {First::kImage, 0x0112},  // Orientation
    {First::kImage, 0x4746},  // Rating
    {First::kImage, 0x9003},  // DateTimeOriginal of TIFF/EP
    {First::kExif, 0x9003},   // DateTimeOriginal
    {First::kExif, 0x9004},   // DateTimeDigitized
    {First::kExif, 0x9010},   // OffsetTime
    {First::kExif, 0x9011},   // OffsetTimeOriginal
    {First::kExif, 0x9012},   // OffsetTimeDigitized
    {First::kExif, 0x9291},   // SubSecTimeOriginal
    {First::kExif, 0x9292},   // SubSecTimeDigitized
    {First::kExif, 0xA002},   // PixelXDimension
    {First::kExif, 0xA003},   // PixelYDimension
    {First::kGps, 0x0007},    // GPSTimeStamp
    {First::kGps, 0x001D},    // GPSDateStamp
};

const char* GroupOf(First directory) {
  switch (directory) {
    case First::kImage:
      return "Image";
    case First::kExif:
      return "Photo";
    case First::kGps:
      return "GPSInfo";
  }
  return "Image";
}

bool IsWanted(First directory, uint16_t tag) {
  for (const Wanted& wanted : kWanted) {
    if (wanted.directory == directory && wanted.tag == tag) return true;
  }
  return false;
}

class Collector {
 public:
  Collector(Bytes& file, const TiffBlock& block, TiffValues* values)
      : start_(block.extent.offset), part_(file, block.extent), reader_(part_), values_(values) {}

  void Collect(First first) {
    tiff_ = TiffReader::Open(&reader_);
    if (!tiff_) {
      values_->broken = true;
      return;
    }
    waiting_.push_back({tiff_->first(), first, true});
    std::set<uint64_t> seen;
    while (!waiting_.empty() && seen.size() < kMostDirectories) {
      const Directory next = waiting_.back();
      waiting_.pop_back();
      if (seen.insert(next.place).second) ReadDirectory(next);
    }
  }

 private:
  struct Directory {
    uint64_t place;
    First kind;
    bool main;  // the first of its kind: others are thumbnails, previews, further pages
  };

  void ReadDirectory(const Directory& at) {
    const std::optional<TiffDirectory> directory = tiff_->Read(at.place);
    if (!directory) {
      values_->broken = values_->broken || at.main;
      return;
    }
    for (const TiffEntry& entry : directory->entries) {
      if (at.main) TakeEntry(at.kind, entry);
    }
    if (at.kind != First::kImage) return;
    TakePicture(*directory);
    if (directory->next != 0) waiting_.push_back({directory->next, First::kImage, false});
    const auto below = tiff_->SubDirectories(*directory);
    for (const uint64_t place : below.value_or(std::vector<uint64_t>())) {
      waiting_.push_back({place, First::kImage, false});
    }
  }

  void TakeEntry(First kind, const TiffEntry& entry) {
    const uint64_t size =
        entry.count * static_cast<uint64_t>(Exiv2::TypeInfo::typeSize(Exiv2::TypeId(entry.type)));
    const bool image = kind == First::kImage;
    if (image && (entry.tag == kExifDirectory || entry.tag == kGpsDirectory)) {
      const First pointed = entry.tag == kExifDirectory ? First::kExif : First::kGps;
      if (const auto place = tiff_->Number(entry, 0)) waiting_.push_back({*place, pointed, true});
    } else if (image && entry.tag == kPacket) {
      values_->packets.push_back({start_ + entry.values, size});
    } else if (image && entry.tag == kPanasonicJpeg) {
      values_->previews.push_back({start_ + entry.values, size});
    } else if (kind == First::kExif && entry.tag == kMakerNote) {
      TakeApple(entry);
    } else if (IsWanted(kind, entry.tag)) {
      TakeValue(kind, entry, size);
    }
  }

  void TakeValue(First kind, const TiffEntry& entry, uint64_t size) {
    const Exiv2::ExifKey key(entry.tag, GroupOf(kind));
    if (size == 0 || entry.count > kLargestValue || size > kLargestValue ||
        values_->exif.findKey(key) != values_->exif.end()) {
      return;
    }
    const std::string bytes = ReadPart(part_, {entry.values, size});
    if (bytes.size() < size) return;
    const auto order = reader_.Text(0, 2) == "II" ? Exiv2::littleEndian : Exiv2::bigEndian;
    const auto value = Exiv2::Value::create(Exiv2::TypeId(entry.type));
    if (value->read(reinterpret_cast<const Exiv2::byte*>(bytes.data()),
                    static_cast<long>(bytes.size()), order) == 0) {
      values_->exif.add(key, value.get());
    }
  }

  std::optional<uint64_t> Number(const TiffDirectory& directory, uint16_t tag) const {
    return tiff_->Number(directory, TiffTag(tag));
  }

  // The size of the picture of a directory, and where it is when it is a JPEG.
  void TakePicture(const TiffDirectory& directory) {
    uint64_t width = Number(directory, kWidth).value_or(0);
    uint64_t height = Number(directory, kHeight).value_or(0);
    if (tiff_->magic() == TiffReader::kPanasonicMagic) {
      // The borders of the sensor: top, left, bottom, right.
      height = Number(directory, 6).value_or(0) - Number(directory, 4).value_or(0);
      width = Number(directory, 7).value_or(0) - Number(directory, 5).value_or(0);
    }
    if (width <= UINT32_MAX && height <= UINT32_MAX &&
        width * height > uint64_t{values_->width} * values_->height) {
      values_->width = static_cast<uint32_t>(width);
      values_->height = static_cast<uint32_t>(height);
    }
    AddPreview(Number(directory, kJpegPlace), Number(directory, kJpegSize));
    const uint64_t compression = tiff_->Number(directory, TiffTag::kCompression).value_or(0);
    const uint64_t kind = tiff_->Number(directory, TiffTag::kNewSubfileType).value_or(0);
    if ((kind & 1) != 0 && (compression == 6 || compression == 7)) {
      AddPreview(tiff_->Number(directory, TiffTag::kStripOffsets),
                 tiff_->Number(directory, TiffTag::kStripByteCounts));
    }
  }

  void AddPreview(std::optional<uint64_t> place, std::optional<uint64_t> size) {
    if (place && size && *size > 0) values_->previews.push_back({start_ + *place, *size});
  }

  // Apple's notes are a directory whose places count from its start: "Apple iOS", 5 bytes, order,
  // entries. Exiv2 0.27 does not know them.
  void TakeApple(const TiffEntry& note) {
    constexpr std::string_view kHead("Apple iOS\0", 10);
    constexpr uint64_t kDirectory = 14;
    constexpr uint16_t kContentId = 0x0011;
    constexpr uint16_t kMostEntries = 256;
    if (note.count < kDirectory || reader_.Text(note.values, kHead.size()) != kHead) return;
    PartBytes notes(part_, {note.values, note.count});
    NumberReader reader(notes);  // big-endian always
    const uint16_t count = std::min(reader.U16(kDirectory).value_or(0), kMostEntries);
    for (uint64_t i = 0; i < count; ++i) {
      const uint64_t entry = kDirectory + 2 + i * 12;
      if (reader.U16(entry) != kContentId) continue;
      const Extent text{reader.U32(entry + 8).value_or(0), reader.U32(entry + 4).value_or(0)};
      if (text.length <= NumberReader::kLongestText) {
        values_->content_id = CleanText(ReadPart(notes, text), NumberReader::kLongestText);
      }
      return;
    }
  }

  const uint64_t start_;
  PartBytes part_;
  NumberReader reader_;
  std::optional<TiffReader> tiff_;
  std::vector<Directory> waiting_;
  TiffValues* const values_;
};

}  // namespace

void ReadTiffValues(Bytes& file, const TiffBlock& block, TiffValues* values) {
  Collector(file, block, values).Collect(block.first);
}

}  // namespace syncline::images
