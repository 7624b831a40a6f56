// Merges the reports of all workers of a session into one stream of snapshots for one sink, and
// carries the wish to cancel the other way.
//
// Any thread may report; a report costs a lock and a copy. The sink is called by the hub's own
// thread and by Event, Conflict, Plan and Discovered, one at a time. After Finish it is never
// called again.
#ifndef SYNCLINE_HOST_SESSION_PROGRESS_HUB_H_
#define SYNCLINE_HOST_SESSION_PROGRESS_HUB_H_

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "host/protocol/messages.h"
#include "host/session/rate.h"
#include "host/session/types.h"
#include "sdk/platform/clock.h"

namespace syncline::session {

class ProgressHub {
 public:
  // sink and cancel may be null; none is owned.
  ProgressHub(ProgressSink* sink, CancelToken* cancel, platform::Clock* clock);
  ~ProgressHub();

  void AddItem(const std::string& id, const std::string& name);
  // Tells of the items added since, so that the sink knows each one, and its name, before anything
  // else is told of it.
  void Announce();
  void Update(const std::string& id, const protocol::Progress& progress);
  // The item's last word; its final snapshot follows, once.
  void Ended(const ItemReport& report);
  // Everything has ended: sends what is left and the final snapshot of the whole.
  void Finish(protocol::Result result);

  bool IsCancelled(const std::string& id) const;
  bool IsAllCancelled() const;

  // Calls the sink, if there is one, while nobody else does.
  void Tell(const std::function<void(ProgressSink*)>& call) ABSL_LOCKS_EXCLUDED(sink_mutex_);

 private:
  struct Item {
    ProgressSnapshot snapshot;
    Rate records, bytes;
    bool dirty = true;
    bool final_sent = false;
  };

  void Run();
  void Tick(bool last) ABSL_LOCKS_EXCLUDED(tick_mutex_, mutex_, sink_mutex_);
  void Send(const ProgressSnapshot& snapshot) ABSL_LOCKS_EXCLUDED(mutex_, sink_mutex_);
  ProgressSnapshot Whole(absl::Duration now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  ProgressSink* const sink_;
  CancelToken* const cancel_;
  platform::Clock* const clock_;
  absl::Mutex tick_mutex_ ABSL_ACQUIRED_BEFORE(sink_mutex_);  // what a tick took, it also sends
  absl::Mutex sink_mutex_ ABSL_ACQUIRED_BEFORE(mutex_);
  mutable absl::Mutex mutex_;
  std::vector<Item> items_ ABSL_GUARDED_BY(mutex_);  // in the order they were added
  std::map<std::string, size_t> index_ ABSL_GUARDED_BY(mutex_);
  Rate records_ ABSL_GUARDED_BY(mutex_), bytes_ ABSL_GUARDED_BY(mutex_);
  CancelToken asked_by_sink_;
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace syncline::session

#endif  // SYNCLINE_HOST_SESSION_PROGRESS_HUB_H_
