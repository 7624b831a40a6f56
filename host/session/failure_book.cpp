#include "host/session/failure_book.h"

#include <algorithm>
#include <utility>

namespace syncline::session {
namespace {

constexpr int kCrashesUntilAvoided = 2;

}  // namespace

absl::StatusOr<std::vector<std::string>> FailureBook::RecordsToAvoid(const std::string& item) {
  absl::MutexLock lock(&mutex_);
  auto crashes = storage::LibraryTable(&database_).RecordCrashes(item);
  if (!crashes.ok()) return crashes.status();
  std::vector<std::string> records;
  for (const auto& [record, count] : *crashes) {
    if (count >= kCrashesUntilAvoided && record.size() > 2) records.push_back(record);
  }
  return records;
}

int FailureBook::FailuresOf(const std::string& library_hash, int known) {
  absl::MutexLock lock(&mutex_);
  const auto found = failures_.find(library_hash);
  return found == failures_.end() ? known : found->second;
}

absl::StatusOr<int> FailureBook::Failed(const std::string& item, const std::string& library_hash,
                                        const std::string& how, const std::string& record) {
  absl::MutexLock lock(&mutex_);
  storage::LibraryTable table(&database_);
  const int64_t now = absl::ToUnixNanos(clock_->Now());
  absl::StatusOr<int> count = table.AddFailure(library_hash, how, now);
  if (!count.ok()) return count.status();
  failures_[library_hash] = *count;
  if (!record.empty()) {
    absl::Status status = table.AddRecordCrash(item, record, now);
    if (!status.ok()) return status;
  }
  return *count;
}

absl::Status FailureBook::Succeeded(const std::string& item, const std::string& library_hash,
                                    int known) {
  absl::MutexLock lock(&mutex_);
  storage::LibraryTable table(&database_);
  auto [failures, added] = failures_.emplace(library_hash, known);
  if (failures->second > 0) {
    absl::Status status = table.ClearFailures(library_hash);
    if (!status.ok()) return status;
    failures->second = 0;
  }
  auto crashes = table.RecordCrashes(item);
  if (!crashes.ok()) return crashes.status();
  // Records that were left out in this turn stay left out: they would crash the next two turns
  // again.
  const auto recovered = std::find_if(crashes->begin(), crashes->end(), [](const auto& entry) {
    return entry.second < kCrashesUntilAvoided;
  });
  if (recovered == crashes->end()) return absl::OkStatus();
  absl::Status status = table.ClearRecordCrashes(item);
  const int64_t now = absl::ToUnixNanos(clock_->Now());
  for (const auto& [record, count] : *crashes) {
    for (int i = 0; count >= kCrashesUntilAvoided && i < count; ++i) {
      if (status.ok()) status = table.AddRecordCrash(item, record, now);
    }
  }
  return status;
}

}  // namespace syncline::session
