// The picture in a TIFF and in the raws that are one inside (TIFF 6.0, TIFF/EP, DNG): the strips
// and tiles that its directories point to. Fuji's RAF says the place of its sensor data in its
// head.
#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "plugins/images/picture_data_formats.h"
#include "plugins/images/tiff.h"

namespace syncline::images {
namespace {

// A scanned book has a directory for each page.
constexpr size_t kMostDirectories = 4096;

class PictureFinder {
 public:
  explicit PictureFinder(const TiffReader& tiff, uint64_t size) : tiff_(tiff), size_(size) {}

  Parts Find() {
    const std::optional<TiffDirectory> first = tiff_.Read(tiff_.first());
    if (!first.has_value()) return Parts::CutOff("it ends before the picture begins");
    if (tiff_.magic() == TiffReader::kPanasonicMagic) {
      const uint64_t raw = tiff_.Number(*first, TiffTag::kRawDataOffset).value_or(0);
      if (raw != 0) return FromRawOffset(*first, raw);
    }
    if (!ReadAll(tiff_.first())) return std::move(failure_);
    // A camera's previews are made anew by programs that change metadata.
    Parts parts;
    parts.extents = std::move(full_.empty() ? reduced_ : full_);
    return parts.extents.empty() ? Parts::NotUnderstood() : parts;
  }

 private:
  // Panasonic's own place of the sensor data, which goes on to the end where it has no length.
  Parts FromRawOffset(const TiffDirectory& first, uint64_t raw) const {
    const uint64_t length = tiff_.Number(first, TiffTag::kStripByteCounts).value_or(0);
    if (raw >= size_ || length > size_ - raw) return Parts::CutOff();
    Parts parts;
    parts.Add(raw, length == 0 ? size_ : raw + length);
    return parts;
  }

  // The directories from a place on, each once.
  bool ReadAll(uint64_t place) {
    std::vector<uint64_t> waiting = {place};
    std::set<uint64_t> seen;
    while (!waiting.empty()) {
      const uint64_t next = waiting.back();
      waiting.pop_back();
      if (!seen.insert(next).second) continue;
      const std::optional<TiffDirectory> directory = tiff_.Read(next);
      failure_ = next >= size_ ? Parts::CutOff() : Parts::NotUnderstood();
      if (!directory.has_value() || seen.size() > kMostDirectories) return false;
      const std::optional<std::vector<uint64_t>> inner = tiff_.SubDirectories(*directory);
      if (!inner.has_value() || !ReadPicture(*directory)) return false;
      if (directory->next != 0) waiting.push_back(directory->next);
      waiting.insert(waiting.end(), inner->begin(), inner->end());
    }
    return true;
  }

  bool ReadPicture(const TiffDirectory& directory) {
    const uint64_t kind = tiff_.Number(directory, TiffTag::kNewSubfileType).value_or(0);
    std::vector<Extent>* to = (kind & 1) != 0 ? &reduced_ : &full_;
    const size_t before = to->size();
    const uint32_t part = to->empty() ? 0 : to->back().part + 1;
    const bool read =
        ReadExtents(directory, TiffTag::kStripOffsets, TiffTag::kStripByteCounts, to) &&
        ReadExtents(directory, TiffTag::kTileOffsets, TiffTag::kTileByteCounts, to);
    for (size_t i = before; i < to->size(); ++i) (*to)[i].part = part;
    return read;
  }

  bool ReadExtents(const TiffDirectory& directory, TiffTag offsets_tag, TiffTag lengths_tag,
                   std::vector<Extent>* to) {
    const TiffEntry* offsets = directory.Find(offsets_tag);
    const TiffEntry* lengths = directory.Find(lengths_tag);
    if (offsets == nullptr && lengths == nullptr) return true;
    failure_ = Parts::NotUnderstood();
    if (offsets == nullptr || lengths == nullptr || offsets->count != lengths->count) return false;
    for (uint64_t i = 0; i < offsets->count; ++i) {
      const std::optional<uint64_t> offset = tiff_.Number(*offsets, i);
      const std::optional<uint64_t> length = tiff_.Number(*lengths, i);
      if (!offset.has_value() || !length.has_value()) return false;
      if (*offset > size_ || *length > size_ - *offset) {
        failure_ = Parts::CutOff();
        return false;
      }
      if (*length > 0) to->push_back({*offset, *length, 0});  // 0: a tile without anything in it
    }
    return true;
  }

  const TiffReader& tiff_;
  const uint64_t size_;
  std::vector<Extent> full_;
  std::vector<Extent> reduced_;
  Parts failure_;
};

}  // namespace

Parts FindInTiff(NumberReader* reader) {
  const std::optional<TiffReader> tiff = TiffReader::Open(reader);
  if (!tiff.has_value()) return Parts::Broken();
  return PictureFinder(*tiff, reader->size()).Find();
}

Parts FindInRaf(NumberReader* reader) {
  constexpr uint64_t kSensorData = 100;  // its place and length, behind those of JPEG and header
  const std::optional<uint32_t> offset = reader->U32(kSensorData);
  const std::optional<uint32_t> length = reader->U32(kSensorData + 4);
  if (!offset.has_value() || !length.has_value()) return Parts::CutOff();
  const uint64_t end = uint64_t{*offset} + *length;
  if (end > reader->size()) return Parts::CutOff();
  Parts parts;
  parts.Add(*offset, end);
  return *offset == 0 || *length == 0 ? Parts::NotUnderstood() : parts;
}

}  // namespace syncline::images
