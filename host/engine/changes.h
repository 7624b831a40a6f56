// What both sides did, record by record: the join of two scans. Moves rewrite it (moves.h), the
// planner decides about it (plan.h), the applier carries it out (apply.h).
#ifndef SYNCLINE_HOST_ENGINE_CHANGES_H_
#define SYNCLINE_HOST_ENGINE_CHANGES_H_

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "host/engine/decide.h"
#include "host/engine/scan.h"
#include "host/engine/types.h"
#include "storage/baseline.h"

namespace syncline::engine {

// One record that is not on both sides as the baseline says. Arrays are indexed by Side.
struct Entry {
  std::unique_ptr<Pair> base;  // null: no baseline. Its ids follow moves
  std::string row;             // id_a under which the baseline has it; empty: no row
  State state[2] = {State::kAbsent, State::kAbsent};
  std::unique_ptr<Record> record[2];  // with kPresent and kChanged
  bool moved = false;                 // by this session's plan, alone or with what it is inside of
  bool counted = false;               // as moved: a step of the plan is about it
  bool arranged = false;   // moved by its layout in an earlier round of this turn: told and counted
  bool later = false;      // its move needs a place that this round makes: the next one does it
  std::string row_before;  // its row until the plan's moves are done; empty: as row
  std::string stands[2];   // its place until the plan's moves are done; empty: the one in its id

  // What the planner found.
  Situation situation;
  Verdict verdict;
  std::string reason;                    // of a conflict or a parked record, for a person
  std::string merged;                    // content or essence, with kMerge
  bool parked_for_good = false;          // until one of its versions is another
  bool merged_same[2] = {false, false};  // that side holds what was merged already
  std::map<std::string, std::string> differing[2];  // fields a merge could not settle

  bool There(Side s) const {
    const State st = state[Index(s)];
    return st == State::kPresent || st == State::kUnchanged || st == State::kChanged;
  }
  // What the scan saw of it on a side; null: nothing.
  const Record* Seen(Side s) const { return record[Index(s)].get(); }
  // The row under which the baseline has it before the plan's moves are done.
  const std::string& RowNow() const { return row_before.empty() ? row : row_before; }
  // Its place on a side: where it is, or was.
  const std::string& Id(Side s) const {
    const Record* seen = Seen(s);
    return seen != nullptr ? seen->id : base->id[Index(s)];
  }
  // Where it is before the plan's moves are done.
  const std::string& StandsAt(Side s) const {
    return stands[Index(s)].empty() ? Id(s) : stands[Index(s)];
  }
  bool HasId(Side s) const { return record[Index(s)] != nullptr || base != nullptr; }
  // Its version on a side where it is.
  const std::string& Version(Side s) const {
    const Record* seen = Seen(s);
    return seen != nullptr ? seen->version : base->version[Index(s)];
  }
  const std::string& Key() const {
    if (record[0] != nullptr) return record[0]->key;
    if (record[1] != nullptr) return record[1]->key;
    return base->key;
  }
  // For people, in events and plans: what the provider calls it, or its key.
  const std::string& Name() const {
    for (const auto& seen : record) {
      if (seen != nullptr && !seen->name.empty()) return seen->name;
    }
    return Key();
  }
  bool Container(Side s) const {
    if (record[Index(s)] != nullptr) return record[Index(s)]->container();
    return base != nullptr && (base->flags & SYNCLINE_CONTAINER) != 0;
  }
  uint64_t Size(Side s) const {
    if (record[Index(s)] != nullptr) return record[Index(s)]->size;
    return base != nullptr && base->size >= 0 ? static_cast<uint64_t>(base->size)
                                              : SYNCLINE_UNKNOWN_SIZE;
  }
  std::string Identity(Side s) const {
    if (record[Index(s)] != nullptr) return record[Index(s)]->identity;
    return base != nullptr ? base->identity[Index(s)] : std::string();
  }
};

struct ChangeSet {
  std::vector<std::unique_ptr<Entry>> entries;
  uint64_t unchanged = 0;  // pairs that neither side touched
  uint64_t pairs = 0;      // of the baseline, without filtered ones
  uint64_t records[2] = {0, 0};
  uint64_t unreadable = 0;  // records that a side could not look at
  UnknownSet unknown[2];
  std::vector<SetAside> parked[2];  // by the provider, with the reason
};

// Joins two scans that both came to their end. Entries come in order of key. Two new records of one
// side with the same key, or one whose key another pair has, cannot be told apart: they become
// kUnknown, and monitor hears of them.
absl::StatusOr<ChangeSet> JoinScans(ScanResult&& a, ScanResult&& b,
                                    const storage::Baseline& baseline, Monitor* monitor);

}  // namespace syncline::engine

#endif  // SYNCLINE_HOST_ENGINE_CHANGES_H_
