// The plan: for each entry of the change set what is to be done, in an order that works: moves,
// then what is written (containers before what is inside them), then what is removed (the reverse).
#ifndef SYNCLINE_HOST_ENGINE_PLAN_H_
#define SYNCLINE_HOST_ENGINE_PLAN_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "host/engine/changes.h"
#include "host/engine/moves.h"
#include "host/engine/replica.h"
#include "storage/baseline.h"

namespace syncline::engine {

// What merges are made of, contents or essences, is held in memory; what is larger is not merged.
inline constexpr size_t kMergeLimit = 16 << 20;

// A decision that a person made about a conflict; it stands only for these versions (empty: gone).
struct Decided {
  Decision decision = Decision::kNone;
  std::string version[2];
  Choices choices = {};  // with kMerge: fields that no merge can settle
};

struct PlanOptions {
  Direction direction = Direction::kTwoWay;
  Policy policy = Policy::kAsk;
  const std::map<std::string, Decided>* decided = nullptr;  // by key
  bool only_decided = false;
  const IdSet* also = nullptr;  // keys that belong to a decision without being its record
};

struct Plan {
  std::vector<MoveStep> moves;
  std::vector<Entry*> writes;    // in order of key
  std::vector<Entry*> removals;  // in reverse order of key
  std::vector<Entry*> last;      // containers that become plain records; container metadata
  std::vector<Entry*> conflicts;
  std::vector<Entry*> parked;  // with their reason
  uint64_t bytes = 0;          // to be written
  uint64_t skipped = 0;        // about which nothing is to be done, or can be
  uint64_t added_before = 0;   // of an item that only adds: in step, whatever B did to them since
  uint64_t removed_from[2] = {0, 0};
  bool look_again = false;  // something changed while it was looked at: another round is due
  uint64_t size() const { return moves.size() + writes.size() + removals.size() + last.size(); }
};

absl::StatusOr<Plan> MakePlan(ChangeSet* set, std::vector<MoveStep> moves,
                              Replica* const (&replicas)[2], const storage::Baseline& baseline,
                              const PlanOptions& options, Monitor* monitor);

// The sides that an action writes to.
bool WritesTo(Action action, Side side);
// What an entry's action does to a side, for people: create, update, remove, ...
std::string_view EffectName(const Entry& entry);
// Whether its action puts a plain record in the place of a container.
bool ReplacesContainer(const Entry& entry);
// Content bytes that carrying out the entry writes.
uint64_t BytesOf(const Entry& entry);

}  // namespace syncline::engine

#endif  // SYNCLINE_HOST_ENGINE_PLAN_H_
