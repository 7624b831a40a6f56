// What a session tells to whoever started it: items, events, conflicts, progress and the report.
// Part of the handler's contract (host/handler/handler.h).
#ifndef SYNCLINE_HOST_SESSION_TYPES_H_
#define SYNCLINE_HOST_SESSION_TYPES_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "host/protocol/messages.h"

namespace syncline {

// Limits of Sync Center, which hold everywhere (design: an item made on one face works on another).
inline constexpr size_t kMaxIdLength = 63;
inline constexpr size_t kMaxNameLength = 127;
inline constexpr size_t kMaxProgressText = 259;

struct SyncItem {
  std::string id;    // given by AddItem when empty; never changes
  std::string name;  // unique
  std::string provider;
  std::string location_a, location_b;
  bool enabled = true;
  std::string direction = "two-way";    // two-way, mirror, add; empty in AddItem: the provider's
  std::string conflict_policy = "ask";  // ask, newer, a, b, both
  std::map<std::string, std::string> settings;
  std::vector<std::string> filters;
  // Filled in by the handler.
  std::string last_result;  // "" before the first sync
  absl::Time last_sync = absl::InfinitePast();
  int64_t conflicts = 0;         // that wait for a decision
  std::string provider_problem;  // why its provider cannot be used now; empty when it can
  // What the provider tells about the settings, such as an example of what they do; only from
  // AddItem and EditItem.
  std::vector<std::string> notes = {};
};

struct EventInfo {
  int64_t id = 0;
  std::string guid;  // the same event, as Windows names it
  absl::Time time;
  std::string level;  // information, warning, error
  int64_t session = 0;
  std::string item, provider, record, name, text;
};
// The name of the event that says that a conflict was found.
inline constexpr char kConflictEvent[] = "conflict";

// One side of a conflict as a person should see it.
struct ConflictSide {
  bool exists = false;
  std::string title;
  uint64_t size = 0;
  absl::Time modified = absl::InfinitePast();
  std::map<std::string, std::string> fields;          // as the provider describes the record
  std::map<std::string, std::string> differing = {};  // fields that no merge could settle
};
struct ConflictInfo {
  int64_t id = 0;
  std::string item, item_name, kind, record, reason;
  ConflictSide a, b;
  absl::Time since;
  std::string decision;  // empty: waits for a person
};
// Who or what the record is, where its key does not say it already; empty when nothing is known.
// A key may be no more than a long number.
std::string TitleOf(const ConflictInfo& conflict);

// The state of one item, or of the whole session, at one moment.
struct ProgressSnapshot {
  std::string item;  // id; empty: all items together
  std::string name;
  enum class State : uint8_t { kWaiting, kRunning, kEnded } state = State::kWaiting;
  protocol::Phase phase = protocol::Phase::kStarting;
  uint64_t records_scanned = 0;  // seen by the look at both sides that is under way
  // What is done, and the totals once known, never fall. Total 0: not known yet.
  uint64_t records_done = 0, records_total = 0;
  uint64_t bytes_done = 0, bytes_total = 0;
  double records_per_second = 0, bytes_per_second = 0;  // smoothed
  absl::Duration time_left = absl::InfiniteDuration();  // infinite: not known
  std::string current;                                  // at most kMaxProgressText bytes of UTF-8
  int items_done = 0, items_total = 0;                  // of the whole session
  // Set when state is kEnded.
  protocol::Result result = protocol::Result::kDone;
  std::string message;
  protocol::Counts counts;
};

enum class CancelRequest : uint8_t { kNone, kItem, kAll };

// Receives what happens in a session. Called from one thread at a time, never after Synchronize
// returned. Snapshots are coalesced to at most 30 a second for each item and for the whole; the
// last one of each (kEnded) always comes, exactly once. The answer cancels that item or everything.
class ProgressSink {
 public:
  virtual ~ProgressSink() = default;
  virtual CancelRequest OnProgress(const ProgressSnapshot& snapshot) = 0;
  virtual void OnEvent(const EventInfo& event) { (void)event; }
  virtual void OnConflict(const ConflictInfo& conflict) { (void)conflict; }
  // One line of a dry run.
  virtual void OnPlan(const std::string& item, const protocol::PlanEntry& entry) {
    (void)item, (void)entry;
  }
  // An item that was added while the session of all items ran and is now part of it.
  virtual void OnItemDiscovered(const SyncItem& item) { (void)item; }
};

// Cancels from outside, for example on Ctrl-C. Any thread, any time; stays cancelled.
class CancelToken {
 public:
  void CancelAll();
  void CancelItem(std::string_view id);
  bool IsAllCancelled() const;
  bool IsCancelled(std::string_view id) const;

 private:
  mutable absl::Mutex mutex_;
  bool all_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::string> items_ ABSL_GUARDED_BY(mutex_);
};

struct SyncOptions {
  bool dry_run = false;
  bool allow_deletes = false;
  bool accept_root = false;
  // First each record goes where the settings of its provider want it (a layout by date).
  bool relayout = false;
  CancelToken* cancel = nullptr;  // not owned
};

// Which records of side A a person may remove there, since side B has them for sure.
struct SafeReport {
  std::vector<protocol::SafeRecord> records;
  uint64_t safe = 0, not_safe = 0;
};

struct ItemReport {
  std::string item, name;
  protocol::Result result = protocol::Result::kFailed;
  std::string message;
  protocol::Counts counts;
  double seconds = 0;
  // Warnings and errors among its events in this session, less than counts.failed when the reason
  // of a record is an older session's event: one that stays as it is is not told at each sync.
  uint64_t reasons_told = 0;
};
struct SessionReport {
  int64_t session = 0;                                // 0 for a dry run
  protocol::Result result = protocol::Result::kDone;  // the worst of the items'
  std::vector<ItemReport> items;
  // What went wrong beside the items, such as a history that could not be stored; empty when
  // nothing.
  std::string problem;
};

}  // namespace syncline

#endif  // SYNCLINE_HOST_SESSION_TYPES_H_
