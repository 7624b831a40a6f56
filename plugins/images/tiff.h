// The directories of TIFF files (TIFF 6.0) and of the raws that are made like them, with 32-bit and
// 64-bit places (BigTIFF).
#ifndef SYNCLINE_PLUGINS_IMAGES_TIFF_H_
#define SYNCLINE_PLUGINS_IMAGES_TIFF_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plugins/images/bytes.h"

namespace syncline::images {

// The tags that Syncline looks at.
enum class TiffTag : uint16_t {
  kNewSubfileType = 0x00FE,
  kCompression = 0x0103,
  kPhotometric = 0x0106,
  kMake = 0x010F,
  kStripOffsets = 0x0111,
  kStripByteCounts = 0x0117,
  kRawDataOffset = 0x0118,  // Panasonic's
  kTileOffsets = 0x0144,
  kTileByteCounts = 0x0145,
  kSubDirectories = 0x014A,
  kDngVersion = 0xC612,
};

// Values stand one behind the other from `values` on.
struct TiffEntry {
  uint16_t tag = 0;
  uint16_t type = 0;
  uint64_t count = 0;
  uint64_t values = 0;
};

struct TiffDirectory {
  std::vector<TiffEntry> entries;
  uint64_t next = 0;  // the place of the next one; 0: none
  const TiffEntry* Find(TiffTag tag) const;
};

class TiffReader {
 public:
  // The number behind the byte order: 42, 43 for BigTIFF, others in makers' raws.
  static constexpr uint16_t kMagic = 42;
  static constexpr uint16_t kBigMagic = 43;
  static constexpr uint16_t kPanasonicMagic = 0x55;
  static constexpr uint16_t kOlympusMagic = 0x4F52;
  static constexpr uint16_t kOlympusOtherMagic = 0x5352;

  // Nothing when the file does not begin as one of these. reader outlives this; its order becomes
  // the file's.
  static std::optional<TiffReader> Open(NumberReader* reader);

  uint16_t magic() const { return magic_; }
  uint64_t first() const { return first_; }  // the place of the first directory

  // Nothing when it is not wholly inside the file, or no real directory by its number of entries.
  std::optional<TiffDirectory> Read(uint64_t place) const;
  // The whole number at index (from 0) of an entry. Nothing also for other types.
  std::optional<uint64_t> Number(const TiffEntry& entry, uint64_t index) const;
  // The first number of a tag; nothing also where there is no such tag.
  std::optional<uint64_t> Number(const TiffDirectory& directory, TiffTag tag) const;
  // The first bytes of a text, at most NumberReader::kLongestText; empty for all else.
  std::string Text(const TiffDirectory& directory, TiffTag tag) const;
  // The places of the directories that one directory points to besides the next one. Nothing when
  // not all can be read, or when there are more than any camera makes.
  std::optional<std::vector<uint64_t>> SubDirectories(const TiffDirectory& directory) const;

 private:
  TiffReader(NumberReader* reader, uint16_t magic) : reader_(reader), magic_(magic) {}

  unsigned PlaceSize() const { return magic_ == kBigMagic ? 8 : 4; }
  std::optional<TiffEntry> ReadEntry(uint64_t place) const;

  NumberReader* reader_;
  uint16_t magic_;
  uint64_t first_ = 0;
};

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_TIFF_H_
