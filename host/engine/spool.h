// Content on its way from one side to the other when a provider cannot copy by itself: in memory
// while it is small, in a file of the item's own folder beyond.
#ifndef SYNCLINE_HOST_ENGINE_SPOOL_H_
#define SYNCLINE_HOST_ENGINE_SPOOL_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "sdk/platform/file_system.h"

namespace syncline::engine {

class Spool {
 public:
  // folder: where a file may be made; it is removed again with the spool.
  explicit Spool(std::string folder) : folder_(std::move(folder)) {}
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;
  ~Spool();

  absl::Status Append(std::string_view piece);
  // Call once, when all is appended; then Next gives it back from the start. 0 bytes: the end.
  absl::Status Rewind();
  absl::StatusOr<size_t> Next(char* buffer, size_t capacity);
  uint64_t size() const { return size_; }

 private:
  static constexpr size_t kInMemory = 8 << 20;
  const std::string folder_;
  std::string memory_;
  size_t taken_ = 0;
  uint64_t size_ = 0;
  platform::Dir dir_;
  platform::File file_;
  std::string name_;
};

}  // namespace syncline::engine

#endif  // SYNCLINE_HOST_ENGINE_SPOOL_H_
