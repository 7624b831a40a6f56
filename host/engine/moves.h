// Moves: what is gone from one place and new at another is the same record. Found by identity, by
// key, then by content, and done on the other side as one move, a container with all that is inside
// it.
//
// A container's move is taken out of the change set first, as if it had always stood at its new
// place; what else happened inside it then shows as ordinary changes. A move that cannot be done
// simply (its new place is taken, the other side removed the record, two moves go in a circle) is
// left as removal and creation, which is always right and only costs the bytes.
#ifndef SYNCLINE_HOST_ENGINE_MOVES_H_
#define SYNCLINE_HOST_ENGINE_MOVES_H_

#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/statusor.h"
#include "host/engine/changes.h"
#include "host/engine/filter.h"
#include "host/engine/replica.h"
#include "storage/baseline.h"

namespace syncline::engine {

// One step, in the order in which they are to be carried out, before anything else.
struct MoveStep {
  enum class Kind : uint8_t {
    kMakeContainer,  // entry is new on the other side; a later step moves something into it
    kMove,           // on side, from_id to to_key
    kRecord,         // both sides moved alike, or only the id changed: the baseline alone follows
  };
  Kind kind = Kind::kMove;
  Entry* entry = nullptr;
  Side side = Side::kB;  // the side that is written
  std::string from_id, to_key;
  bool container = false;
  std::string row;  // id_a of the baseline row before this step
  std::string old_id[2], new_id[2];

  // Something changed its place, for a person: where a side merely calls it by another id (a file
  // of one contact was renamed), nothing did.
  bool IsMove() const {
    return kind != Kind::kRecord || (old_id[0] != new_id[0] && old_id[1] != new_id[1]);
  }
};

// What a layout moved on a side, by its place since then: its version before and after.
struct ArrangedVersions {
  std::string before, after;
};
using ArrangedMap = absl::btree_map<std::string, ArrangedVersions>;

struct MoveOptions {
  Direction direction = Direction::kTwoWay;
  Policy policy = Policy::kAsk;
  const Filter* filter = nullptr;  // not null
  bool may_wait = false;           // another round follows: entries may be marked `later`
  // Nothing is moved: only what a side calls by another id, its key being the same, is taken over.
  // Always so where the direction only adds.
  bool only_ids = false;
  // By side; null: nothing was. A move may change the version, and with it no content.
  const ArrangedMap* arranged[2] = {nullptr, nullptr};
};

// Rewrites the change set and returns the steps.
absl::StatusOr<std::vector<MoveStep>> PlanMoves(ChangeSet* set, Replica* const (&replicas)[2],
                                                const storage::Baseline& baseline,
                                                const MoveOptions& options, Monitor* monitor);

}  // namespace syncline::engine

#endif  // SYNCLINE_HOST_ENGINE_MOVES_H_
