// The join of two scans. See changes.h.
#include "host/engine/changes.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

namespace syncline::engine {
namespace {

class Joiner {
 public:
  Joiner(const storage::Baseline& baseline, Monitor* monitor, ChangeSet* set)
      : baseline_(baseline), monitor_(monitor), set_(set) {}

  absl::Status Take(Side side, std::vector<Change>&& changes) {
    // The known ones first: a new record is told by what became of the pair with its key, and that
    // one's id may come later.
    for (Change& change : changes) {
      if (change.base != nullptr) TakeKnown(side, std::move(change));
    }
    for (Change& change : changes) {
      if (change.state != State::kPresent) continue;
      absl::Status status = TakeNew(side, std::move(change));
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

 private:
  Entry* Add() {
    set_->entries.push_back(std::make_unique<Entry>());
    return set_->entries.back().get();
  }

  void TakeKnown(Side side, Change&& change) {
    Entry*& entry = by_row_[change.base->id[0]];
    if (entry == nullptr) {
      entry = Add();
      entry->row = change.base->id[0];
      entry->base = std::move(change.base);
      entry->state[0] = entry->state[1] = State::kUnchanged;
    }
    entry->state[Index(side)] = change.state;
    entry->record[Index(side)] = std::move(change.record);
  }

  absl::Status TakeNew(Side side, Change&& change) {
    Record& record = *change.record;
    Entry*& entry = by_key_[record.key];
    if (entry != nullptr && entry->record[Index(side)] != nullptr) {
      SameKey(side, entry, record.id);
      return absl::OkStatus();
    }
    if (record.key != record.id) {
      // A pair that has this key already, and still has its own record on this side, is not this
      // one.
      absl::StatusOr<std::optional<Pair>> pair = baseline_.FindByKey(record.key);
      if (!pair.ok()) return pair.status();
      if (pair->has_value()) {
        const auto known = by_row_.find((*pair)->id[0]);
        const bool gone =
            known != by_row_.end() && known->second->state[Index(side)] == State::kGone;
        if (!gone) {
          Ambiguous(side, (*pair)->id[Index(side)], record.id);
          return absl::OkStatus();
        }
      }
    }
    if (entry == nullptr) entry = Add();
    entry->state[Index(side)] = State::kPresent;
    entry->record[Index(side)] = std::move(change.record);
    return absl::OkStatus();
  }

  void SameKey(Side side, Entry* entry, const std::string& id) {
    entry->state[Index(side)] = State::kUnknown;
    Ambiguous(side, entry->record[Index(side)]->id, id);
  }

  void Ambiguous(Side side, const std::string& first, const std::string& second) {
    set_->unknown[Index(side)].Add(second);
    monitor_->Event(
        SYNCLINE_WARNING, second, "failed",
        absl::StrCat("side ", side == Side::kA ? "A" : "B", " has the same record at \"", first,
                     "\" and at \"", second, "\"; both are left alone until one is removed"));
  }

  const storage::Baseline& baseline_;
  Monitor* const monitor_;
  ChangeSet* const set_;
  absl::flat_hash_map<std::string, Entry*> by_row_, by_key_;
};

}  // namespace

absl::StatusOr<ChangeSet> JoinScans(ScanResult&& a, ScanResult&& b,
                                    const storage::Baseline& baseline, Monitor* monitor) {
  ChangeSet set;
  set.pairs = a.pairs;
  set.records[0] = a.records;
  set.records[1] = b.records;
  set.unreadable = a.unreadable + b.unreadable;
  set.unknown[0] = std::move(a.unknown);
  set.unknown[1] = std::move(b.unknown);
  // Nothing is concluded about the other side's record of that key either.
  absl::flat_hash_set<std::string> aside[2];
  for (const Side side : {Side::kA, Side::kB}) {
    for (SetAside& one : (side == Side::kA ? a : b).aside) {
      aside[Index(side)].insert(one.key);
      if (one.parked()) set.parked[Index(side)].push_back(std::move(one));
    }
  }
  const UnknownSet hidden[2] = {std::move(a.hidden), std::move(b.hidden)};
  Joiner joiner(baseline, monitor, &set);
  absl::Status status = joiner.Take(Side::kA, std::move(a.changes));
  if (status.ok()) status = joiner.Take(Side::kB, std::move(b.changes));
  if (!status.ok()) return status;

  uint64_t touched = 0;
  for (const std::unique_ptr<Entry>& entry : set.entries) {
    if (entry->base != nullptr) ++touched;
    for (const Side side : {Side::kA, Side::kB}) {
      // A record that is new on one side may stand at a place that cannot be seen on the other.
      const std::string& place = entry->HasId(side) ? entry->Id(side) : entry->Key();
      const bool listed =
          entry->state[Index(side)] != State::kGone && entry->state[Index(side)] != State::kAbsent;
      if ((set.unknown[Index(side)].rest() && !listed) || set.unknown[Index(side)].Covers(place) ||
          hidden[Index(side)].Covers(place) ||
          (!aside[Index(side)].empty() && aside[Index(side)].contains(entry->Key()))) {
        entry->state[Index(side)] = State::kUnknown;
      }
    }
  }
  set.unchanged = set.pairs > touched ? set.pairs - touched : 0;
  std::sort(set.entries.begin(), set.entries.end(),
            [](const auto& x, const auto& y) { return x->Key() < y->Key(); });
  return set;
}

}  // namespace syncline::engine
