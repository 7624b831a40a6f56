// The engine's monitor in a worker: counters become progress messages, events and plan lines travel
// in batches, the record at work is noted where it outlives a crash.
#ifndef SYNCLINE_HOST_WORKER_WORKER_MONITOR_H_
#define SYNCLINE_HOST_WORKER_WORKER_MONITOR_H_

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "host/engine/monitor.h"
#include "host/protocol/messages.h"
#include "sdk/platform/clock.h"
#include "sdk/platform/process.h"

namespace syncline::worker {

class WorkerMonitor : public engine::Monitor {
 public:
  // channel and clock outlive it. note may be null.
  WorkerMonitor(protocol::MessageChannel* channel, std::unique_ptr<platform::SharedNote> note,
                platform::Clock* clock);
  ~WorkerMonitor() override;

  void AtWork(std::string_view operation, engine::Side side, std::string_view id,
              std::string_view name) override;
  void Event(int level, std::string_view key, std::string_view name,
             std::string_view text) override;
  void Log(int level, std::string_view text) override;
  void Conflict(const engine::ConflictReport& conflict) override;
  void Plan(const engine::PlanLine& line) override;
  void Safe(std::string_view record, std::string_view why_not) override;

  // Nothing is at work any more: sends what is left and stops reporting. After it the note is
  // empty.
  void Finish();

 private:
  void Report();
  void SendProgress() ABSL_LOCKS_EXCLUDED(mutex_);
  void FlushEvents() ABSL_LOCKS_EXCLUDED(mutex_);

  protocol::MessageChannel* const channel_;
  const std::unique_ptr<platform::SharedNote> note_;
  platform::Clock* const clock_;
  std::string note_text_;  // reused, so that noting a record allocates nothing

  absl::Mutex mutex_;
  std::string current_ ABSL_GUARDED_BY(mutex_);
  protocol::Events events_ ABSL_GUARDED_BY(mutex_);
  protocol::Plan plan_ ABSL_GUARDED_BY(mutex_);
  protocol::SafeRecords safe_ ABSL_GUARDED_BY(mutex_);
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread reporter_;
};

}  // namespace syncline::worker

#endif  // SYNCLINE_HOST_WORKER_WORKER_MONITOR_H_
