// Content on its way. See spool.h.
#include "host/engine/spool.h"

#include <algorithm>
#include <cstring>

#include "sdk/platform/clock.h"

namespace syncline::engine {

Spool::~Spool() {
  file_.Close();
  if (!name_.empty()) platform::RemoveFile(dir_, name_).IgnoreError();
}

absl::Status Spool::Append(std::string_view piece) {
  size_ += piece.size();
  if (!file_.valid() && memory_.size() + piece.size() <= kInMemory) {
    memory_.append(piece);
    return absl::OkStatus();
  }
  if (!file_.valid()) {
    absl::StatusOr<platform::Dir> dir = platform::OpenDir(folder_);
    if (!dir.ok()) return dir.status();
    dir_ = *std::move(dir);
    const std::string name = "spool-" + platform::RandomHex(8);
    absl::StatusOr<platform::File> file = platform::CreateFile(dir_, name, 0600);
    if (!file.ok()) return file.status();
    file_ = *std::move(file);
    name_ = name;
    absl::Status status = platform::WriteAll(file_, memory_.data(), memory_.size());
    if (!status.ok()) return status;
    memory_.clear();
  }
  return platform::WriteAll(file_, piece.data(), piece.size());
}

absl::Status Spool::Rewind() {
  if (!file_.valid()) return absl::OkStatus();
  absl::StatusOr<platform::File> file = platform::OpenFile(dir_, name_);
  if (!file.ok()) return file.status();
  file_ = *std::move(file);
  return absl::OkStatus();
}

absl::StatusOr<size_t> Spool::Next(char* buffer, size_t capacity) {
  if (file_.valid()) return platform::Read(file_, buffer, capacity);
  const size_t n = std::min(capacity, memory_.size() - taken_);
  std::memcpy(buffer, memory_.data() + taken_, n);
  taken_ += n;
  return n;
}

}  // namespace syncline::engine
