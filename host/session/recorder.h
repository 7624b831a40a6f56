// Writes what happens in a session into the database, in batches on a thread of its own, and then
// tells the sink, so that what a face shows has the number it has in the history.
//
// Any thread may add; order is kept for each item. A caller that is far ahead of the disk waits a
// little.
#ifndef SYNCLINE_HOST_SESSION_RECORDER_H_
#define SYNCLINE_HOST_SESSION_RECORDER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "host/session/progress_hub.h"
#include "host/session/types.h"
#include "sdk/platform/clock.h"
#include "storage/main_store.h"

namespace syncline::session {

class Recorder {
 public:
  struct Options {
    std::string database;       // path
    std::string database_uuid;  // for the GUIDs of events
    int64_t session = 0;        // 0: a dry run, which tells the sink and stores nothing
  };
  // The end of an item's turn.
  struct Ending {
    ItemReport report;
    bool only_decided = false;
    std::vector<int64_t> decided;  // conflicts whose decisions were to be carried out
  };

  // hub and clock are not owned and must live until Finish.
  static absl::StatusOr<std::unique_ptr<Recorder>> Start(const Options& options, ProgressHub* hub,
                                                         platform::Clock* clock);
  ~Recorder();

  void AddEvent(storage::EventRow event) { Add(std::move(event)); }
  void AddConflict(const std::string& item_name, storage::ConflictRow conflict) {
    Add(FoundConflict{item_name, std::move(conflict)});
  }
  // Stores the item's result; after a completed turn conflicts that were not found again are
  // removed.
  void EndItem(Ending ending) { Add(std::move(ending)); }
  // Stores the rest. Returns the first error there was.
  absl::Status Finish();

 private:
  struct FoundConflict {
    std::string item_name;
    storage::ConflictRow row;
  };
  using Entry = std::variant<storage::EventRow, FoundConflict, Ending>;

  Recorder(const Options& options, storage::Database database, ProgressHub* hub,
           platform::Clock* clock);
  void Add(Entry entry) ABSL_LOCKS_EXCLUDED(mutex_);
  bool ShouldFlush() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  bool HasRoom() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);
  void Store(std::vector<Entry> entries);
  void StoreEvents(std::vector<storage::EventRow>* events);
  void StoreConflict(FoundConflict conflict);
  void StoreEnding(const Ending& ending);
  void Keep(const absl::Status& status);

  const Options options_;
  const storage::Database database_;
  ProgressHub* const hub_;
  platform::Clock* const clock_;
  std::map<std::string, std::vector<int64_t>> found_;  // conflicts of the session, by item
  absl::Status first_error_;                           // the recorder's thread only, until it ended
  absl::Mutex mutex_;
  std::vector<Entry> entries_ ABSL_GUARDED_BY(mutex_);
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace syncline::session

#endif  // SYNCLINE_HOST_SESSION_RECORDER_H_
