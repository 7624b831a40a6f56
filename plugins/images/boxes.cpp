// Reading the heads of boxes.
#include "plugins/images/boxes.h"

namespace syncline::images {

std::optional<Box> BoxWalker::Next() {
  constexpr uint64_t kShortHead = 8;
  constexpr uint64_t kLongHead = 16;
  if (at_ >= end_) return std::nullopt;
  const std::optional<uint32_t> length = reader_->U32(at_);
  const std::optional<uint32_t> type = reader_->U32(at_ + 4);
  const uint64_t room = end_ - at_;
  if (!length.has_value() || !type.has_value() || room < kShortHead) return std::nullopt;
  Box box{*type, at_, at_ + kShortHead, end_, false};
  uint64_t size = *length;
  if (size == 1) {
    const std::optional<uint64_t> long_size = reader_->U64(at_ + kShortHead);
    if (!long_size.has_value() || room < kLongHead) return std::nullopt;
    box.payload = at_ + kLongHead;
    size = *long_size;
  } else if (size == 0) {
    size = room;  // the last box, up to the end (ISO 14496-12, 4.2)
  }
  if (size < box.payload - box.start) return std::nullopt;
  box.cut = size > room;
  if (!box.cut) box.end = at_ + size;
  at_ = box.end;
  return box;
}

}  // namespace syncline::images
