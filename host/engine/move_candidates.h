// Finding what may have moved: pairs of what is gone from one place and new at another. What is
// done about them is moves.cpp's.
#ifndef SYNCLINE_HOST_ENGINE_MOVE_CANDIDATES_H_
#define SYNCLINE_HOST_ENGINE_MOVE_CANDIDATES_H_

#include <vector>

#include "absl/container/flat_hash_set.h"
#include "host/engine/changes.h"
#include "host/engine/monitor.h"
#include "host/engine/replica.h"

namespace syncline::engine {

// The two entries are the change set's.
struct MoveCandidate {
  Side side;  // that moved it
  Entry* gone;
  Entry* present;
  bool container;
};

bool IsGone(const Entry& e, Side s);
bool IsNew(const Entry& e, Side s);
// Whether it was a container when both sides held it; it has a base.
bool BaseContainer(const Entry& e);

// Adds to found what side s calls by another id than before, its key being the same. Each entry
// comes once.
void FindByKey(const ChangeSet& set, Side s, std::vector<MoveCandidate>* found);

// Adds what side s moved to found, by key or identity. Each entry comes once.
void FindByIdentity(const ChangeSet& set, Side s, std::vector<MoveCandidate>* found);

// For replicas that know no identity, or where a copy took the place of the original. Only
// records of equal size are looked at, and only with another sign: the same leaf name, or a
// version that the provider takes for the same content. Then the bytes decide: what would be
// copied otherwise is read. Entries in dead are left out.
void FindByContent(const ChangeSet& set, Replica* const (&replicas)[2],
                   const absl::flat_hash_set<const Entry*>& dead, Side s, Monitor* monitor,
                   std::vector<MoveCandidate>* found);

}  // namespace syncline::engine

#endif  // SYNCLINE_HOST_ENGINE_MOVE_CANDIDATES_H_
