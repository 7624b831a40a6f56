// One worker's life: started, told what to do, listened to, and ended when it hangs or is no longer
// wanted. Knows nothing of sessions or databases.
#ifndef SYNCLINE_HOST_SESSION_WORKER_RUN_H_
#define SYNCLINE_HOST_SESSION_WORKER_RUN_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "host/protocol/messages.h"
#include "sdk/platform/clock.h"

namespace syncline::session {

struct WorkerLimits {
  absl::Duration hang = absl::Seconds(60);       // without activity
  int flush_factor = 10;                         // the same while the worker waits for the disk
  absl::Duration hang_grace = absl::Seconds(2);  // between asking a hung worker and killing it
  absl::Duration cancel_grace = absl::Milliseconds(700);  // the same after a cancel
};

// The limits with the hang limit as given; zero: SYNCLINE_HANG_SECONDS (decimals allowed), else 60
// s.
WorkerLimits LimitsWith(absl::Duration hang);

// Hears what a worker says, on the thread that runs it.
class WorkerListener {
 public:
  virtual ~WorkerListener() = default;
  virtual void OnProgress(const protocol::Progress& progress) { (void)progress; }
  virtual void OnEvents(protocol::Events events) { (void)events; }
  virtual void OnConflict(protocol::Conflict conflict) { (void)conflict; }
  virtual void OnPlan(protocol::Plan plan) { (void)plan; }
  virtual void OnSafe(protocol::SafeRecords records) { (void)records; }
  // Asked many times a second.
  virtual bool IsCancelled() { return false; }
};

struct WorkerOutcome {
  enum class End : uint8_t {
    kDone,        // it said so itself; done is what it said
    kCancelled,   // killed after a cancel that it did not follow in time
    kCrashed,     // it ended, or talked nonsense, before it was done
    kHung,        // nothing happened for too long
    kNotStarted,  // the program is not there or does not start
  };
  End end = End::kNotStarted;
  protocol::Done done;
  std::string how;        // "crashed (signal 11 (Segmentation fault))", for a sentence
  std::string operation;  // at work when it crashed or hung: "write"; empty: not known
  std::string record;     // "a:" or "b:" and the record's id; empty: not known
  std::string printed;    // its last lines, fit for a message

  bool Misbehaved() const { return end == End::kCrashed || end == End::kHung; }
};

// Runs worker on start until it ended. Blocks. listener and clock are not owned.
WorkerOutcome RunWorker(const std::string& worker, const protocol::Start& start,
                        const WorkerLimits& limits, WorkerListener* listener,
                        platform::Clock* clock);

// What went wrong and what to do, for a person: one sentence or two. Empty when all is well.
std::string Describe(const WorkerOutcome& outcome, const protocol::Start& start);

// "b:notes/x.txt" as people read it: "notes/x.txt on side B".
std::string RecordText(const std::string& record);

}  // namespace syncline::session

#endif  // SYNCLINE_HOST_SESSION_WORKER_RUN_H_
