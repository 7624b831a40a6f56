// One run of Synchronize over a set of items: a worker for each, some at a time, their reports
// merged, their events and results stored.
#ifndef SYNCLINE_HOST_SESSION_SESSION_H_
#define SYNCLINE_HOST_SESSION_SESSION_H_

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "host/catalog/catalog.h"
#include "host/session/failure_book.h"
#include "host/session/progress_hub.h"
#include "host/session/recorder.h"
#include "host/session/types.h"
#include "host/session/worker_run.h"
#include "sdk/platform/clock.h"
#include "storage/main_store.h"

namespace syncline::session {

// What to do with one item.
struct Turn {
  storage::ItemRow item;
  absl::StatusOr<catalog::Provider> provider;  // an error fails the turn with its message
  std::vector<storage::ConflictRow> decided;   // to be carried out
};

// The start message of a turn, without the session's own options. Settings are filled up.
protocol::Start StartOf(const storage::ItemRow& item, const catalog::Provider& provider,
                        const std::string& home);

class Session {
 public:
  struct Options {
    std::string home;
    std::string database;  // path
    std::string database_uuid;
    std::string worker;  // path of syncline-worker
    int parallel = 0;    // 0: twice the processors, since most of a turn is waiting
    WorkerLimits limits;
    int64_t id = 0;  // 0: a dry run
    SyncOptions sync;
    bool only_decided = false;
  };
  // sink (may be null) and clock are not owned and must live until Finish.
  static absl::StatusOr<std::unique_ptr<Session>> Begin(const Options& options, ProgressSink* sink,
                                                        platform::Clock* clock);

  // Runs the turns; blocks until all have ended. May be called again with items found meanwhile.
  // One thread.
  void Run(std::vector<Turn> turns);
  // Ends the session: sends the last snapshots, stores the rest. Once.
  SessionReport Finish();

  ProgressHub& hub() { return hub_; }

 private:
  class Listener;
  Session(const Options& options, ProgressSink* sink, platform::Clock* clock,
          storage::Database database);

  void Work() ABSL_LOCKS_EXCLUDED(mutex_);
  void EndCancelledTurns() ABSL_LOCKS_EXCLUDED(mutex_);
  ItemReport RunTurn(const Turn& turn);
  ItemReport RunProvider(const Turn& turn, const catalog::Provider& provider);
  void Judge(const Turn& turn, const catalog::Provider& provider, const protocol::Start& start,
             const WorkerOutcome& outcome);
  void LeaveOut(const Turn& turn, const std::vector<std::string>& records, ItemReport* report);
  void End(const Turn& turn, ItemReport report) ABSL_LOCKS_EXCLUDED(mutex_);
  void AddEvent(const Turn& turn, storage::Level level, const char* name, const std::string& record,
                const std::string& text);
  bool NoTurnIsOpen() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return open_ == 0; }

  const Options options_;
  platform::Clock* const clock_;
  ProgressHub hub_;
  FailureBook failures_;
  std::unique_ptr<Recorder> recorder_;
  absl::Mutex mutex_;
  std::deque<const Turn*> waiting_ ABSL_GUARDED_BY(mutex_);
  size_t open_ ABSL_GUARDED_BY(mutex_) = 0;  // turns that have not ended
  std::vector<ItemReport> reports_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, size_t> order_ ABSL_GUARDED_BY(mutex_);  // in which items were given
};

// What a session reports as a whole: cancelled when all was cancelled before all were through, else
// the worst of its items: failed, stopped, busy, cancelled, partial, conflicts, done.
protocol::Result WorstResult(const std::vector<ItemReport>& items, bool all_cancelled);

}  // namespace syncline::session

#endif  // SYNCLINE_HOST_SESSION_SESSION_H_
