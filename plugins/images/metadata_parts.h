// Where the metadata of a picture stands in its file, so that only that is read. Inside of
// metadata*.cpp, quicktime.cpp and preview.cpp.
//
// Exiv2 0.27, which Debian has, is not given whole files: it maps raws of 50 MB as a whole, finds
// no Exif in a HEIC that exiftool wrote it into, and does not read JPEG XL. It gets single values.
#ifndef SYNCLINE_PLUGINS_IMAGES_METADATA_PARTS_H_
#define SYNCLINE_PLUGINS_IMAGES_METADATA_PARTS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "plugins/images/bytes.h"
#include "plugins/images/formats.h"
#include "plugins/images/picture_data.h"

namespace syncline::images {

// A part of a file as if it were a file: offsets of TIFF are from the start of its block.
class PartBytes final : public Bytes {
 public:
  // file outlives this. What is behind the end of the file is not in it.
  PartBytes(Bytes& file, Extent extent)
      : file_(file),
        start_(std::min(extent.offset, file.size())),
        size_(std::min(extent.length, file.size() - start_)) {}
  uint64_t size() const override { return size_; }
  absl::StatusOr<size_t> ReadAt(uint64_t offset, char* buffer, size_t capacity) override {
    if (offset >= size_) return size_t{0};
    return file_.ReadAt(start_ + offset, buffer, std::min<uint64_t>(capacity, size_ - offset));
  }

 private:
  Bytes& file_;
  const uint64_t start_;
  const uint64_t size_;
};

// A file of which only so many bytes may be read; then reading fails with ResourceExhausted.
class LimitedBytes final : public Bytes {
 public:
  LimitedBytes(Bytes& file, uint64_t limit) : file_(file), left_(limit) {}
  uint64_t size() const override { return file_.size(); }
  absl::StatusOr<size_t> ReadAt(uint64_t offset, char* buffer, size_t capacity) override;
  // The first error of the file or of this limit.
  const absl::Status& status() const { return status_; }

 private:
  Bytes& file_;
  uint64_t left_;
  absl::Status status_;
};

// The bytes of an extent; shorter where the file ends, empty when it cannot be read.
std::string ReadPart(Bytes& file, Extent extent);

// A block of TIFF directories. CR3 has a block for each directory that hangs below the first one
// elsewhere.
struct TiffBlock {
  enum class First : uint8_t { kImage, kExif, kGps };  // what its first directory is
  Extent extent;
  First first = First::kImage;
};

struct MetadataParts {
  std::vector<TiffBlock> tiffs;
  std::vector<Extent> packets;   // XMP
  std::vector<Extent> previews;  // JPEGs that are not told of by TIFF
  uint32_t width = 0;            // of the picture in pixels; 0: its TIFF tells it, if anybody
  uint32_t height = 0;

  void SetSize(uint64_t new_width, uint64_t new_height) {
    if (new_width == 0 || new_height == 0 || new_width > UINT32_MAX || new_height > UINT32_MAX) {
      return;
    }
    width = static_cast<uint32_t>(new_width);
    height = static_cast<uint32_t>(new_height);
  }
};

// Never fails: what cannot be understood has no parts.
MetadataParts FindMetadata(Format format, Bytes& file);

// By family, for FindMetadata().
void LocateInJpeg(Bytes& file, Extent jpeg, MetadataParts* parts);
void LocateInPng(NumberReader* reader, MetadataParts* parts);
void LocateInWebp(NumberReader* reader, MetadataParts* parts);
void LocateInGif(NumberReader* reader, MetadataParts* parts);
void LocateInBmp(NumberReader* reader, MetadataParts* parts);
void LocateInHeif(NumberReader* reader, MetadataParts* parts);
void LocateInJxl(NumberReader* reader, MetadataParts* parts);
void LocateInCr3(NumberReader* reader, MetadataParts* parts);
void LocateInMovie(NumberReader* reader, MetadataParts* parts);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_METADATA_PARTS_H_
