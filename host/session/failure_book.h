// What is remembered about providers that crash or hang: how often a library did in a row, and
// which records it was at. Any thread; rarely used, so one connection under one lock serves the
// session.
#ifndef SYNCLINE_HOST_SESSION_FAILURE_BOOK_H_
#define SYNCLINE_HOST_SESSION_FAILURE_BOOK_H_

#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "sdk/platform/clock.h"
#include "storage/main_store.h"

namespace syncline::session {

class FailureBook {
 public:
  FailureBook(storage::Database database, platform::Clock* clock)
      : database_(std::move(database)), clock_(clock) {}

  // Records of the item that crashed their provider twice running, each as "a:" and "b:" with the
  // id.
  absl::StatusOr<std::vector<std::string>> RecordsToAvoid(const std::string& item);
  // Failures of the library in a row, as far as this session knows; known: at its start.
  int FailuresOf(const std::string& library_hash, int known);
  // Counts a crash or hang; returns how many there are in a row.
  absl::StatusOr<int> Failed(const std::string& item, const std::string& library_hash,
                             const std::string& how, const std::string& record);
  // A turn that ended well: what failed before was not the library's last word.
  absl::Status Succeeded(const std::string& item, const std::string& library_hash, int known);

 private:
  absl::Mutex mutex_;
  const storage::Database database_ ABSL_GUARDED_BY(mutex_);
  platform::Clock* const clock_;
  std::map<std::string, int> failures_ ABSL_GUARDED_BY(mutex_);  // by hash, where it changed
};

}  // namespace syncline::session

#endif  // SYNCLINE_HOST_SESSION_FAILURE_BOOK_H_
