// The boxes that files of the ISO base media format (ISO 14496-12: HEIC, AVIF, CR3, MP4), QuickTime
// and JPEG XL containers (ISO 18181-2) are made of.
//
//   BoxWalker boxes(&reader, 0, reader.size());
//   while (std::optional<Box> box = boxes.Next()) {
//     if (box->type == BoxType("moov")) ...
//   }
#ifndef SYNCLINE_PLUGINS_IMAGES_BOXES_H_
#define SYNCLINE_PLUGINS_IMAGES_BOXES_H_

#include <cstdint>
#include <optional>

#include "plugins/images/bytes.h"

namespace syncline::images {

// Four letters as the number that stands in the file.
constexpr uint32_t BoxType(const char (&letters)[5]) {
  uint32_t type = 0;
  for (int i = 0; i < 4; ++i) type = type << 8 | static_cast<uint8_t>(letters[i]);
  return type;
}

// Places are bytes from the start of the file: start <= payload <= end.
struct Box {
  uint32_t type = 0;
  uint64_t start = 0;
  uint64_t payload = 0;
  uint64_t end = 0;
  bool cut = false;  // it says that it is longer than what holds it; end is the end of that
};

// The boxes that follow each other from start to end. Each step goes on by 8 bytes at least.
class BoxWalker {
 public:
  // reader reads big-endian numbers, and outlives this.
  BoxWalker(NumberReader* reader, uint64_t start, uint64_t end)
      : reader_(reader), at_(start), end_(end) {}
  // Nothing at the end, and where no box can be read.
  std::optional<Box> Next();
  // After Next() gave nothing: all up to the end was boxes.
  bool AtEnd() const { return at_ >= end_; }

 private:
  NumberReader* const reader_;
  uint64_t at_;
  const uint64_t end_;
};

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_BOXES_H_
