// What host and worker say to each other, and how it goes over the channel. Both ship together, so
// the format may change with every release: a frame is a 4-byte length and one CBOR map. Bulk data
// never passes here. Ids and keys are bytes, everything shown to people is UTF-8 already.
#ifndef SYNCLINE_HOST_PROTOCOL_MESSAGES_H_
#define SYNCLINE_HOST_PROTOCOL_MESSAGES_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "sdk/platform/process.h"

namespace syncline::protocol {

// How an item's turn in a session ended. In order of what a session of several items reports.
enum class Result : uint8_t {
  kDone,       // both sides are in step
  kConflicts,  // done, but conflicts wait for a person
  kPartial,    // some records were parked; the others are in step
  kBusy,       // another process syncs this item now
  kStopped,    // a guard stopped it before anything was lost
  kFailed,
  kCancelled,
};
std::string_view ResultName(Result result);  // "done", "conflicts", "partial", ...

// What a turn did. Each record seen is counted in exactly one of unchanged, created, updated,
// removed, moved, merged, conflicts, failed, adopted, skipped; both sides of a pair count as one
// record.
struct Counts {
  uint64_t unchanged = 0, created = 0, updated = 0, removed = 0, moved = 0, merged = 0;
  uint64_t conflicts = 0, failed = 0, adopted = 0, skipped = 0;
  uint64_t bytes = 0;  // content written
};

// A conflict as the worker finds it, and with a decision as the host sends it back.
struct Conflict {
  std::string kind;  // edit-edit, edit-delete, delete-edit, create-create, name, type
  std::string key;
  std::string record;  // for people
  std::string reason;
  std::string side_a_json, side_b_json;  // storage/schema/syncline_001.sql tells the fields
  std::string decision;                  // "", a, b, both, merge
  std::string choices_json = {};         // with merge: {"field": "a" or "b"}
};

// ---- host to worker
// ---------------------------------------------------------------------------------

struct Start {
  std::string item_id, item_name, provider;
  std::string library;  // the private copy to load
  std::string folder;   // items/<id> of the data folder
  std::string location_a, location_b;
  std::map<std::string, std::string> settings;  // with the manifest's defaults filled in
  std::string direction = "two-way";            // two-way, mirror, add
  std::string conflict_policy = "ask";          // ask, newer, a, b, both
  std::vector<std::string> filters;
  bool dry_run = false;
  bool allow_deletes = false;  // the guard against mass deletion is answered with yes
  bool accept_root = false;    // a replaced root is accepted: compared anew, nothing is removed
  bool only_decided = false;   // carry out decided conflicts and nothing else
  std::vector<Conflict> decided;
  std::vector<std::string>
      avoid;                // records that crashed the provider twice: "a:" or "b:" and the id
  bool check_only = false;  // open both sides, check the settings, sync nothing
  bool relayout = false;    // records go where the provider's layout wants them
  bool tell_safe = false;   // list both sides and tell what is safe, sync nothing
};
struct Cancel {};

// ---- worker to host
// ---------------------------------------------------------------------------------

enum class Phase : uint8_t { kStarting, kScanning, kPlanning, kApplying, kFinishing };
std::string_view PhaseName(Phase phase);

// Sent at most 30 times a second and at least once a second: it is the sign of life as well.
struct Progress {
  Phase phase = Phase::kStarting;
  uint64_t records_scanned = 0;                  // in the scan under way, of both sides
  uint64_t records_done = 0, records_total = 0;  // total 0: not known yet
  uint64_t bytes_done = 0, bytes_total = 0;      // like records_done, these never fall
  std::string current;                           // record at work, for people
  uint64_t activity =
      0;  // grows whenever the provider or the engine did anything: a hang shows here
  bool flushing = false;  // waits for the disk: no activity is no hang
};
struct Event {
  int64_t time_ns = 0;
  int level = 1;  // storage::Level
  std::string record, name, text;
};
struct Events {
  std::vector<Event> events;
};
// One line of a dry run.
struct PlanEntry {
  std::string action;  // create, update, remove, move, merge, conflict, adopt
  std::string side;    // the side that is written: a, b or both
  std::string record;
  std::string from;  // of a move
  uint64_t bytes = 0;
};
struct Plan {
  std::vector<PlanEntry> entries;
};
// A record of side A, and whether a person may remove it there because B has it for sure.
struct SafeRecord {
  std::string record;
  bool safe = false;
  std::string reason;  // why it is not, for people
};
struct SafeRecords {
  std::vector<SafeRecord> records;
};
struct Done {
  Result result = Result::kFailed;
  std::string message;  // for people; empty when all is well
  std::string setting;  // the setting at fault, if one is
  Counts counts;
};

// What probe FILE answers.
struct ProbeAnswer {
  bool is_provider = false;
  int abi_major = 0, abi_minor = 0;
  std::string manifest;  // JSON as the library gave it
  std::string reason;    // why it cannot be loaded
};

using Message =
    std::variant<Start, Cancel, Progress, Events, Conflict, Plan, SafeRecords, Done, ProbeAnswer>;

std::string Encode(const Message& message);  // a whole frame
// A frame without its length. InvalidArgument when it is damaged.
absl::StatusOr<Message> Decode(std::string_view frame);

// Sends and receives whole messages. Send: any thread. Receive: one thread.
class MessageChannel {
 public:
  explicit MessageChannel(const platform::Channel* channel) : channel_(channel) {}
  absl::Status Send(const Message& message) ABSL_LOCKS_EXCLUDED(send_mutex_);
  // DeadlineExceeded: none came in time. Unavailable: the other end is gone.
  absl::StatusOr<Message> Receive(absl::Duration timeout);
  // Ends a Receive that waits in another thread. Any thread.
  void StopReceiving() { channel_->StopReading(); }

 private:
  const platform::Channel* channel_;
  absl::Mutex send_mutex_;
  std::string received_;
};

// Bytes as text for people: UTF-8 stays; control characters, line breaks and bytes that are not
// UTF-8 become \n, \xHH; a backslash doubles only where the text was escaped at all.
std::string DisplayText(std::string_view bytes);
// Well-formed UTF-8 from end to end.
bool IsUtf8(std::string_view bytes);

}  // namespace syncline::protocol

#endif  // SYNCLINE_HOST_PROTOCOL_MESSAGES_H_
