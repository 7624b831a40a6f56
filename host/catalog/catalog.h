// The providers that are there. Looks through the plug-in folders, has each new library probed in a
// worker, and keeps the answers in the database, so that an unchanged library costs a stat.
//
//   Catalog catalog({.home = home, .folders = {...}, .worker = ...}, &database, Clock::Real());
//   catalog.Refresh();
//   absl::StatusOr<Provider> notes = catalog.Find("notes");
//
// Any thread; a Refresh of one thread makes others wait (a probe takes up to probe_limit). The
// database is the catalog's own connection.
#ifndef SYNCLINE_HOST_CATALOG_CATALOG_H_
#define SYNCLINE_HOST_CATALOG_CATALOG_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "host/catalog/folders.h"
#include "host/catalog/library_cache.h"
#include "host/catalog/manifest.h"
#include "sdk/platform/clock.h"
#include "storage/main_store.h"

namespace syncline::catalog {

// Crashes or hangs in a row that quarantine a library.
inline constexpr int kFailuresUntilQuarantine = 3;

// Why a library that failed too often is not loaded, and how to lift that.
std::string QuarantineReason(int failures, std::string_view last_reason, std::string_view retry);

// A library as faces show it.
struct Library {
  std::string path;
  std::string state;                 // arriving, ready, incompatible, quarantined
  std::string reason;                // for a person; empty when ready
  std::string provider;              // id; empty when unknown
  std::optional<Manifest> manifest;  // when it is known
  std::string hash;                  // of the content; empty when it was not read
  int failures = 0;                  // crashes and hangs in a row
};

// A provider that can be used now.
struct Provider {
  Manifest manifest;
  std::string library;  // the private copy
  std::string file;     // where it was found
  std::string hash;
  int failures = 0;
};

class Catalog {
 public:
  struct Options {
    std::string home;  // data folder: its plugins/ is the user's, cache/ holds copies
    std::vector<std::string> built_in;  // looked through before the user's
    std::vector<std::string> extra;     // and after it
    std::string worker;                 // path of syncline-worker
    absl::Duration probe_limit = absl::Seconds(10);
    absl::Duration still = absl::Milliseconds(500);  // a file younger than this may still grow
    absl::Duration settled = absl::Seconds(30);      // one that is incomplete after this stays so
  };
  // database and clock are not owned.
  Catalog(Options options, const storage::Database* database, platform::Clock* clock);

  // Looks through the folders. An error is one of the database, the data folder or the worker
  // program; what is wrong with a library is told by Libraries().
  absl::Status Refresh();

  // As of the last Refresh: in the folders' order; files that are no provider are left out.
  std::vector<Library> Libraries() const;
  // By provider id, without letter case. NotFound: not installed; FailedPrecondition: it is there
  // and cannot be used; both say what to do.
  absl::StatusOr<Provider> Find(std::string_view provider) const;
  // Forgets the failures of the libraries of a provider, or of a file, and looks at them again.
  absl::Status Retry(std::string_view provider_or_file);

  std::string user_folder() const;

 private:
  using Row = storage::LibraryRow;
  using Rows = std::map<std::string, Row>;

  absl::Status RefreshLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool Stands(const Row& row, const Candidate& candidate) const;
  void WaitUntilStill(const std::vector<Candidate*>& changed);
  absl::StatusOr<Row> LookAt(const Candidate& candidate, const Row* before)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status LookInside(const Candidate& candidate, const Row* before, Row* row)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Ask(const std::string& bytes, Row* row);
  absl::Status ForgetCrashedRecords(const std::string& provider);
  absl::Status Arrange(const std::vector<Candidate>& candidates, const Rows& rows)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Options options_;
  const storage::Database* const database_;
  platform::Clock* const clock_;
  const LibraryCache cache_;
  mutable absl::Mutex mutex_;
  std::vector<Library> libraries_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace syncline::catalog

#endif  // SYNCLINE_HOST_CATALOG_CATALOG_H_
