// Random access to the bytes of a file, so that parsers read only what they need and tests play any
// file; and numbers out of it, with the work that a hostile file can cause limited.
#ifndef SYNCLINE_PLUGINS_IMAGES_BYTES_H_
#define SYNCLINE_PLUGINS_IMAGES_BYTES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sdk/platform/file_system.h"

namespace syncline::images {

// Used by one thread at a time.
class Bytes {
 public:
  virtual ~Bytes() = default;
  virtual uint64_t size() const = 0;
  // Reads up to capacity bytes at offset into buffer; fewer only at the end, none past it. An error
  // is the file's.
  virtual absl::StatusOr<size_t> ReadAt(uint64_t offset, char* buffer, size_t capacity) = 0;
};

// A text in memory, which it keeps.
class MemoryBytes final : public Bytes {
 public:
  explicit MemoryBytes(std::string bytes) : bytes_(std::move(bytes)) {}
  uint64_t size() const override { return bytes_.size(); }
  absl::StatusOr<size_t> ReadAt(uint64_t offset, char* buffer, size_t capacity) override;

 private:
  const std::string bytes_;
};

// Bytes in memory that somebody else keeps, longer than this.
class ViewBytes final : public Bytes {
 public:
  explicit ViewBytes(std::string_view bytes) : bytes_(bytes) {}
  uint64_t size() const override { return bytes_.size(); }
  absl::StatusOr<size_t> ReadAt(uint64_t offset, char* buffer, size_t capacity) override;

 private:
  const std::string_view bytes_;
};

// An open file, which must outlive this. size is what its FileInfo said: a file that grows
// meanwhile keeps its size here, and one that shrinks ends earlier.
class FileBytes final : public Bytes {
 public:
  FileBytes(const platform::File& file, uint64_t size) : file_(file), size_(size) {}
  uint64_t size() const override { return size_; }
  absl::StatusOr<size_t> ReadAt(uint64_t offset, char* buffer, size_t capacity) override;

 private:
  const platform::File& file_;
  const uint64_t size_;
};

// All of it, which is to be known to fit into memory. Errors: the file's; Aborted when it became
// shorter meanwhile.
absl::StatusOr<std::string> ReadAll(Bytes& file);

// The numbers of a file, in either byte order. Every function gives nothing when that place is not
// wholly inside the file, when the file cannot be read (status()) or when too much was read.
class NumberReader {
 public:
  enum class Order : uint8_t { kBig, kLittle };

  explicit NumberReader(Bytes& bytes, Order order = Order::kBig) : bytes_(bytes), order_(order) {}

  void set_order(Order order) { order_ = order; }
  uint64_t size() const { return bytes_.size(); }
  std::optional<uint8_t> U8(uint64_t offset);
  std::optional<uint16_t> U16(uint64_t offset);
  std::optional<uint32_t> U32(uint64_t offset);
  std::optional<uint64_t> U64(uint64_t offset);
  // width bytes as one number; width 0 is the number 0 (ISO 14496-12 has such fields). At most 8.
  std::optional<uint64_t> Number(uint64_t offset, unsigned width);
  static constexpr size_t kLongestText = 64;
  // Up to kLongestText bytes; valid until the next call.
  std::optional<std::string_view> Text(uint64_t offset, size_t length);

  // Why reading failed; OK also when a place is outside the file.
  const absl::Status& status() const { return status_; }

 private:
  // The largest number of reads that a real file was seen to need is a few thousand (a PNG of 20 MB
  // in chunks of 8 KiB); a million take a second at the worst.
  static constexpr uint32_t kMostReads = 1 << 20;

  Bytes& bytes_;
  Order order_;
  absl::Status status_;
  uint32_t reads_ = 0;
  // One block as last read: neighbours are asked for one after the other.
  std::array<char, 4096> block_{};
  uint64_t block_start_ = 0;
  size_t block_size_ = 0;
};

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_BYTES_H_
