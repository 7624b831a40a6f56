// What a provider remembers. See memory.h.
#include "host/engine/memory.h"

#include <string>
#include <utility>

namespace syncline::engine {

void Memory::Attach(const storage::Baseline* baseline, storage::Side side) {
  baseline_ = baseline;
  side_ = side;
  reader_.reset();
}

absl::StatusOr<std::string> Memory::Recall(std::string_view name) {
  const auto waiting = waiting_.find(name);
  if (waiting != waiting_.end()) {
    if (waiting->second.empty()) return absl::NotFoundError("it was forgotten");
    return waiting->second;
  }
  if (baseline_ == nullptr) return absl::NotFoundError("there is nothing to remember in");
  if (reader_ == nullptr) {
    absl::StatusOr<std::unique_ptr<storage::MemoryReader>> reader = baseline_->Memory(side_);
    if (!reader.ok()) return reader.status();
    reader_ = *std::move(reader);
  }
  return reader_->Find(name);
}

void Memory::Remember(std::string_view name, std::string_view value) {
  waiting_.insert_or_assign(std::string(name), std::string(value));
}

absl::Status Memory::Save(storage::Baseline* baseline) {
  for (const auto& [name, value] : waiting_) {
    absl::Status status = baseline->Remember(side_, name, value);
    if (!status.ok()) return status;
  }
  waiting_.clear();
  return absl::OkStatus();
}

}  // namespace syncline::engine
