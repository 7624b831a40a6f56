// Reading files and the numbers in them.
#include "plugins/images/bytes.h"

#include <algorithm>
#include <cstring>

namespace syncline::images {

absl::StatusOr<size_t> MemoryBytes::ReadAt(uint64_t offset, char* buffer, size_t capacity) {
  if (offset >= bytes_.size()) return size_t{0};
  const size_t count = std::min<uint64_t>(capacity, bytes_.size() - offset);
  std::memcpy(buffer, bytes_.data() + offset, count);
  return count;
}

absl::StatusOr<size_t> ViewBytes::ReadAt(uint64_t offset, char* buffer, size_t capacity) {
  if (offset >= bytes_.size()) return size_t{0};
  return bytes_.copy(buffer, capacity, static_cast<size_t>(offset));
}

absl::StatusOr<std::string> ReadAll(Bytes& file) {
  std::string all(static_cast<size_t>(file.size()), '\0');
  for (size_t done = 0; done < all.size();) {
    const absl::StatusOr<size_t> got = file.ReadAt(done, all.data() + done, all.size() - done);
    if (!got.ok()) return got.status();
    if (*got == 0) return absl::AbortedError("the file became shorter while it was read");
    done += *got;
  }
  return all;
}

absl::StatusOr<size_t> FileBytes::ReadAt(uint64_t offset, char* buffer, size_t capacity) {
  if (offset >= size_) return size_t{0};
  return platform::ReadAt(file_, offset, buffer, std::min<uint64_t>(capacity, size_ - offset));
}

std::optional<std::string_view> NumberReader::Text(uint64_t offset, size_t length) {
  if (!status_.ok() || reads_ >= kMostReads || length > kLongestText) return std::nullopt;
  ++reads_;
  if (offset > bytes_.size() || length > bytes_.size() - offset) return std::nullopt;
  const bool held = offset >= block_start_ && offset + length <= block_start_ + block_size_;
  if (!held) {
    absl::StatusOr<size_t> got = bytes_.ReadAt(offset, block_.data(), block_.size());
    block_start_ = offset;
    block_size_ = got.ok() ? *got : 0;
    if (!got.ok()) {
      status_ = got.status();
      return std::nullopt;
    }
    if (block_size_ < length) return std::nullopt;  // the file became shorter
  }
  return std::string_view(block_.data() + (offset - block_start_), length);
}

std::optional<uint64_t> NumberReader::Number(uint64_t offset, unsigned width) {
  if (width == 0) return 0;
  if (width > sizeof(uint64_t)) return std::nullopt;
  const std::optional<std::string_view> bytes = Text(offset, width);
  if (!bytes.has_value()) return std::nullopt;
  uint64_t number = 0;
  for (size_t i = 0; i < width; ++i) {
    const char byte = (*bytes)[order_ == Order::kBig ? i : width - 1 - i];
    number = number << 8 | static_cast<uint8_t>(byte);
  }
  return number;
}

std::optional<uint8_t> NumberReader::U8(uint64_t offset) {
  const std::optional<uint64_t> number = Number(offset, 1);
  return number.has_value() ? std::optional(static_cast<uint8_t>(*number)) : std::nullopt;
}

std::optional<uint16_t> NumberReader::U16(uint64_t offset) {
  const std::optional<uint64_t> number = Number(offset, 2);
  return number.has_value() ? std::optional(static_cast<uint16_t>(*number)) : std::nullopt;
}

std::optional<uint32_t> NumberReader::U32(uint64_t offset) {
  const std::optional<uint64_t> number = Number(offset, 4);
  return number.has_value() ? std::optional(static_cast<uint32_t>(*number)) : std::nullopt;
}

std::optional<uint64_t> NumberReader::U64(uint64_t offset) { return Number(offset, 8); }

}  // namespace syncline::images
