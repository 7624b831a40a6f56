// Moves: what is done about what was found (move_candidates.h), and in which order. See moves.h.
#include "host/engine/moves.h"

#include <algorithm>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "host/engine/move_candidates.h"

namespace syncline::engine {
namespace {

class MovePlanner {
 public:
  MovePlanner(ChangeSet* set, Replica* const (&replicas)[2], const storage::Baseline& baseline,
              const MoveOptions& options, Monitor* monitor)
      : set_(set), baseline_(baseline), options_(options), monitor_(monitor) {
    for (int i = 0; i < 2; ++i) replicas_[i] = replicas[i];
  }

  absl::StatusOr<std::vector<MoveStep>> Run() {
    for (const auto& entry : set_->entries) {
      for (const Side s : {Side::kA, Side::kB}) {
        if (entry->HasId(s)) place_[Index(s)][entry->Id(s)] = entry.get();
      }
    }
    const bool only_ids = options_.only_ids || options_.direction == Direction::kAdd;
    std::vector<MoveCandidate> candidates;
    for (const Side s : {Side::kA, Side::kB}) {
      if (!only_ids && (s == Side::kA || options_.direction == Direction::kTwoWay)) {
        FindByIdentity(*set_, s, &candidates);
      } else {
        FindByKey(*set_, s, &candidates);
      }
    }
    // Containers first, outer ones before inner ones: what is inside then needs no move of its own.
    std::stable_sort(
        candidates.begin(), candidates.end(), [](const MoveCandidate& x, const MoveCandidate& y) {
          if (x.container != y.container) return x.container;
          return x.gone->base->id[Index(x.side)].size() < y.gone->base->id[Index(y.side)].size();
        });
    absl::Status status = DoAll(&candidates);
    if (!status.ok()) return status;
    if (!only_ids) {
      candidates.clear();
      FindByContent(*set_, replicas_, dead_, Side::kA, monitor_, &candidates);
      if (options_.direction == Direction::kTwoWay)
        FindByContent(*set_, replicas_, dead_, Side::kB, monitor_, &candidates);
      status = DoAll(&candidates);
      if (!status.ok()) return status;
    }
    DropSettled();
    return std::move(steps_);
  }

 private:
  enum class Answer : uint8_t { kDone, kLater, kNever, kNextRound };

  bool Alive(const Entry* e) const { return !dead_.contains(e); }

  absl::Status DoAll(std::vector<MoveCandidate>* candidates) {
    pending_.clear();
    for (const MoveCandidate& c : *candidates) pending_.insert(c.present);
    // A move may have to wait for another one that makes room or brings its container. What still
    // waits when nothing goes on any more goes in a circle.
    bool progress = true;
    while (progress && !candidates->empty()) {
      progress = false;
      std::vector<MoveCandidate> later;
      for (const MoveCandidate& c : *candidates) {
        absl::StatusOr<Answer> answer = Do(c);
        if (!answer.ok()) return answer.status();
        if (*answer == Answer::kLater) {
          later.push_back(c);
          continue;
        }
        if (*answer == Answer::kNextRound) LeaveForNextRound(c);
        pending_.erase(c.present);
        progress = true;
      }
      *candidates = std::move(later);
    }
    pending_.clear();
    return absl::OkStatus();
  }

  // Nothing is done about the two, nor about what is inside of them, in this round.
  void LeaveForNextRound(const MoveCandidate& c) {
    for (Entry* e : {c.gone, c.present}) {
      e->later = true;
      for (const Side s : {Side::kA, Side::kB}) {
        if (!c.container || !e->HasId(s)) continue;
        const std::string& id = e->Id(s);
        for (auto it = place_[Index(s)].lower_bound(id + "/");
             it != place_[Index(s)].end() && IsInside(it->first, id); ++it) {
          it->second->later = true;
        }
      }
    }
  }

  absl::StatusOr<Answer> Do(const MoveCandidate& c) {
    const Side s = c.side, o = Other(s);
    if (!Alive(c.gone) || !Alive(c.present) || !IsGone(*c.gone, s) || !IsNew(*c.present, s)) {
      return Answer::kNever;  // an outer container's move has settled it
    }
    Entry* gone = c.gone;
    const Record& record = *c.present->record[Index(s)];
    if (c.container && (AnyUnknown() || options_.filter->TellsApart(gone->base->key, record.key))) {
      return Answer::kNever;  // a filtered record inside would leave the filter, or come under it
    }

    if (gone->base->key == record.key) return TakeOver(c);
    // Both sides moved it.
    if (IsGone(*gone, o)) return BothMoved(c);
    if (!gone->There(o) || c.present->state[Index(o)] != State::kAbsent) return Answer::kNever;
    if (!replicas_[Index(o)]->can_move()) return Answer::kNever;
    return MoveOther(c, gone->Id(o));
  }

  // Only the id is another, the key is the same: nothing has to happen on the other side, whatever
  // became of the record there.
  Answer TakeOver(const MoveCandidate& c) {
    const Side o = Other(c.side);
    const Record* there = c.present->Seen(o);
    if (there == nullptr) {
      Settle(c, MoveStep::Kind::kRecord, c.gone->Id(o));
    } else if (IsGone(*c.gone, o) && there->container() == c.container) {
      Settle(c, MoveStep::Kind::kRecord, there->id);
    } else {
      return Answer::kNever;
    }
    return Answer::kDone;
  }

  // The record is at from on the other side and is to go where this side moved it.
  absl::StatusOr<Answer> MoveOther(const MoveCandidate& c, const std::string& from) {
    const Side o = Other(c.side);
    const std::string key = c.present->record[Index(c.side)]->key;
    absl::StatusOr<Answer> room = IsFree(o, key, c.gone);
    if (!room.ok() || *room != Answer::kDone) return room;
    absl::StatusOr<Answer> parent = EnsureParent(o, key);
    if (!parent.ok() || *parent != Answer::kDone) return parent;
    Settle(c, MoveStep::Kind::kMove, key, from);
    return Answer::kDone;
  }

  absl::StatusOr<Answer> BothMoved(const MoveCandidate& c) {
    const Side s = c.side, o = Other(s);
    // To the same place: the new record of both sides is one entry.
    const std::string& identity = c.gone->base->identity[Index(o)];
    if (c.present->state[Index(o)] == State::kPresent) {
      const Record& there = *c.present->record[Index(o)];
      if (there.container() != c.container) return Answer::kNever;
      if (!c.container && (identity.empty() || there.identity != identity)) return Answer::kNever;
      Settle(c, MoveStep::Kind::kRecord, there.id);
      return Answer::kDone;
    }
    // To different places: one place wins, B's only by policy. A name is no content: nothing is
    // lost.
    const Side winner = options_.policy == Policy::kB ? Side::kB : Side::kA;
    if (s != winner || identity.empty()) return Answer::kNever;
    Entry* elsewhere = nullptr;
    for (const auto& e : set_->entries) {
      if (Alive(e.get()) && IsNew(*e, o) && e->record[Index(o)]->identity == identity) {
        elsewhere = e.get();
        break;
      }
    }
    if (elsewhere == nullptr || elsewhere->state[Index(s)] != State::kAbsent ||
        !replicas_[Index(o)]->can_move()) {
      return Answer::kNever;
    }
    if (c.container) return Answer::kNever;
    const std::string from = elsewhere->record[Index(o)]->id;
    c.gone->record[Index(o)] = std::make_unique<Record>(*elsewhere->record[Index(o)]);
    c.gone->state[Index(o)] = replicas_[Index(o)]->SameContent(c.gone->base->version[Index(o)],
                                                               elsewhere->record[Index(o)]->version)
                                  ? State::kUnchanged
                                  : State::kChanged;
    absl::StatusOr<Answer> answer = MoveOther(c, from);
    if (!answer.ok() || *answer != Answer::kDone) {
      c.gone->record[Index(o)] = nullptr;
      c.gone->state[Index(o)] = State::kGone;
      return answer;
    }
    Kill(elsewhere);
    monitor_->Event(SYNCLINE_WARNING, c.gone->Key(), "moved",
                    absl::StrCat("both sides moved it; side ", winner == Side::kA ? "A" : "B",
                                 "'s place is taken, the other one was \"", from, "\""));
    return Answer::kDone;
  }

  bool AnyUnknown() const { return !set_->unknown[0].empty() || !set_->unknown[1].empty(); }

  // The baseline's row for a place as it will be once the steps so far are done.
  absl::StatusOr<std::optional<Pair>> RowAt(Side s, const std::string& id) {
    std::string at = id;
    for (auto it = steps_.rbegin(); it != steps_.rend(); ++it) {
      if (!it->container || it->kind == MoveStep::Kind::kMakeContainer) continue;
      const std::string& was = it->old_id[Index(s)];
      const std::string& is = it->new_id[Index(s)];
      if (IsInside(at, is)) {
        at = Rebased(at, is, was);
      } else if (at == was || IsInside(at, was)) {
        return std::optional<Pair>();
      }
    }
    return baseline_.FindById(s, at);
  }

  absl::StatusOr<Answer> IsFree(Side s, const std::string& id, const Entry* mover) {
    const auto it = place_[Index(s)].find(id);
    if (it != place_[Index(s)].end() && Alive(it->second) && it->second != mover) {
      const State state = it->second->state[Index(s)];
      return state == State::kGone || state == State::kAbsent ? Answer::kDone : Answer::kNever;
    }
    absl::StatusOr<std::optional<Pair>> row = RowAt(s, id);
    if (!row.ok()) return row.status();
    // A row that no entry tells of is unchanged, so the place is taken.
    if (!row->has_value() || (mover->base != nullptr && (*row)->id[0] == mover->row)) {
      return Answer::kDone;
    }
    return Answer::kNever;
  }

  absl::StatusOr<Answer> EnsureParent(Side s, const std::string& id) {
    const std::string parent(ParentId(id));
    if (parent.empty()) return Answer::kDone;
    const auto here = place_[Index(s)].find(parent);
    if (here != place_[Index(s)].end() && Alive(here->second)) {
      const Entry& e = *here->second;
      if (e.There(s) && !e.Container(s)) {
        // A plain record stands where the other side has a container now. Once this round has made
        // it one, the move is possible; as removal and creation it could meet an edit as conflict.
        const bool becomes_one = e.There(Other(s)) && e.Container(Other(s));
        return becomes_one && options_.may_wait ? Answer::kNextRound : Answer::kNever;
      }
      if (e.There(s)) return Answer::kDone;
      if (e.state[Index(s)] != State::kAbsent) return Answer::kNever;
    }
    const Side o = Other(s);
    const auto there = place_[Index(o)].find(parent);
    if (there != place_[Index(o)].end() && Alive(there->second)) {
      Entry* e = there->second;
      if (made_.contains(e)) return Answer::kDone;
      if (pending_.contains(e)) return Answer::kLater;
      if (e->base == nullptr && e->state[Index(o)] == State::kPresent &&
          e->state[Index(s)] == State::kAbsent && e->Container(o)) {
        absl::StatusOr<Answer> outer = EnsureParent(s, parent);
        if (!outer.ok() || *outer != Answer::kDone) return outer;
        made_.insert(e);
        MoveStep step;
        step.kind = MoveStep::Kind::kMakeContainer;
        step.entry = e;
        step.side = s;
        step.to_key = parent;
        step.container = true;
        steps_.push_back(std::move(step));
        return Answer::kDone;
      }
    }
    absl::StatusOr<std::optional<Pair>> row = RowAt(s, parent);
    if (!row.ok()) return row.status();
    if (row->has_value()) return Answer::kDone;
    // The record stands inside, and nobody ever listed the container: to this provider a '/' is a
    // part of the name, or it makes the folders that a record needs.
    const absl::StatusOr<std::optional<Pair>> other_row = RowAt(o, parent);
    if (!other_row.ok()) return other_row.status();
    const bool listed = there != place_[Index(o)].end() || here != place_[Index(s)].end();
    return listed || other_row->has_value() ? Answer::kNever : Answer::kDone;
  }

  void Kill(Entry* e) {
    dead_.insert(e);
    for (const Side s : {Side::kA, Side::kB}) {
      if (!e->HasId(s)) continue;
      const auto it = place_[Index(s)].find(e->Id(s));
      if (it != place_[Index(s)].end() && it->second == e) place_[Index(s)].erase(it);
    }
  }

  // Makes gone the record that moved: its base follows to the new place, present disappears.
  void Settle(const MoveCandidate& c, MoveStep::Kind kind, const std::string& other_id,
              const std::string& from = std::string()) {
    const Side s = c.side, o = Other(s);
    Entry* gone = c.gone;
    Entry* present = c.present;
    MoveStep step;
    step.kind = kind;
    step.entry = gone;
    step.side = o;
    step.from_id = from;
    step.to_key = other_id;
    step.container = c.container;
    step.row = gone->row;
    if (kind == MoveStep::Kind::kMove && gone->stands[Index(o)].empty()) {
      gone->stands[Index(o)] = gone->Id(o);
    }
    for (int i = 0; i < 2; ++i) step.old_id[i] = gone->base->id[i];

    std::unique_ptr<Record> here = std::move(present->record[Index(s)]);
    std::unique_ptr<Record> there = std::move(present->record[Index(o)]);
    present->record[Index(s)] = std::make_unique<Record>(*here);  // so that Kill finds its place
    if (there != nullptr) present->record[Index(o)] = std::make_unique<Record>(*there);
    Kill(present);
    for (const Side side : {Side::kA, Side::kB}) {
      const auto it = place_[Index(side)].find(gone->Id(side));
      if (it != place_[Index(side)].end() && it->second == gone) place_[Index(side)].erase(it);
    }

    if (there != nullptr) {
      SetMoved(gone, o, std::move(there));
    } else if (gone->record[Index(o)] != nullptr) {
      gone->record[Index(o)]->id = other_id;
      if (kind == MoveStep::Kind::kMove) gone->record[Index(o)]->key = other_id;
    }
    gone->base->key = here->key;
    gone->base->id[Index(s)] = here->id;
    gone->base->id[Index(o)] = other_id;
    SetMoved(gone, s, std::move(here));
    MoveRow(gone);
    for (int i = 0; i < 2; ++i) step.new_id[i] = gone->base->id[i];
    gone->moved = true;
    gone->counted = step.IsMove();
    for (const Side side : {Side::kA, Side::kB}) place_[Index(side)][gone->Id(side)] = gone;
    steps_.push_back(step);
    if (c.container) RebaseInside(step, s);
  }

  // The row follows the base to its new place, once the move is done.
  static void MoveRow(Entry* entry) {
    if (entry->row_before.empty()) entry->row_before = entry->row;
    entry->row = entry->base->id[0];
  }

  // Whether it is as its layout moved it, from this version.
  bool WasArranged(Side s, const std::string& before, const Record& record) const {
    const ArrangedMap* arranged = options_.arranged[Index(s)];
    if (arranged == nullptr) return false;
    const auto it = arranged->find(record.id);
    return it != arranged->end() && it->second.before == before &&
           it->second.after == record.version;
  }

  void SetMoved(Entry* entry, Side s, std::unique_ptr<Record> record) {
    const std::string& before = entry->base->version[Index(s)];
    const bool same =
        WasArranged(s, before, *record) ||
        (entry->Container(s) ? record->version == before
                             : replicas_[Index(s)]->SameContent(before, record->version));
    entry->state[Index(s)] = same ? State::kUnchanged : State::kChanged;
    if (same) {
      entry->base->version[Index(s)] = record->version;
      entry->base->identity[Index(s)] = record->identity;
    }
    entry->record[Index(s)] = std::move(record);
  }

  // Everything inside a container that moved follows it: the base of each record, and the records
  // that the other side still has at the old place.
  void RebaseInside(const MoveStep& step, Side s) {
    const Side o = Other(s);
    const bool both = step.kind == MoveStep::Kind::kRecord;
    std::vector<Entry*> inside;
    absl::flat_hash_set<Entry*> seen;
    for (const Side side : {Side::kA, Side::kB}) {
      const std::string& old_id = step.old_id[Index(side)];
      auto& places = place_[Index(side)];
      for (auto it = places.lower_bound(old_id + "/");
           it != places.end() && IsInside(it->first, old_id); ++it) {
        if (Alive(it->second) && seen.insert(it->second).second) inside.push_back(it->second);
      }
    }
    for (Entry* e : inside) {
      if (!both && e->HasId(o) && e->stands[Index(o)].empty() &&
          IsInside(e->Id(o), step.old_id[Index(o)])) {
        e->stands[Index(o)] = e->Id(o);
      }
      for (const Side side : {Side::kA, Side::kB}) {
        if (!e->HasId(side)) continue;
        const auto it = place_[Index(side)].find(e->Id(side));
        if (it != place_[Index(side)].end() && it->second == e) place_[Index(side)].erase(it);
      }
      for (const Side side : {Side::kA, Side::kB}) {
        const std::string& was = step.old_id[Index(side)];
        const std::string& is = step.new_id[Index(side)];
        if (e->base != nullptr && IsInside(e->base->id[Index(side)], was)) {
          if (e->base->key == e->base->id[Index(side)])
            e->base->key = Rebased(e->base->key, was, is);
          e->base->id[Index(side)] = Rebased(e->base->id[Index(side)], was, is);
        }
      }
      if (e->base != nullptr) MoveRow(e);
      Record* record = e->record[Index(o)].get();
      if (!both && record != nullptr && IsInside(record->id, step.old_id[Index(o)])) {
        const bool keyed = record->key == record->id;
        record->id = Rebased(record->id, step.old_id[Index(o)], step.new_id[Index(o)]);
        if (keyed) record->key = record->id;
      }
    }
    for (Entry* e : inside) {
      for (const Side side : {Side::kA, Side::kB}) {
        if (!e->HasId(side)) continue;
        Entry*& at = place_[Index(side)][e->Id(side)];
        if (at != nullptr && at != e && Alive(at)) {
          JoinByPlace(e, at, side);
        } else {
          at = e;
        }
      }
    }
  }

  // e's base says that it should be at a place where other is new: they are one record.
  void JoinByPlace(Entry* e, Entry* other, Side side) {
    if (other->base != nullptr && e->base == nullptr) std::swap(e, other);
    if (e->base == nullptr || other->base != nullptr) return;
    for (const Side s : {side, Other(side)}) {
      if (e->state[Index(s)] != State::kGone || other->record[Index(s)] == nullptr) continue;
      auto record = std::make_unique<Record>(*other->record[Index(s)]);
      if (record->id != e->base->id[Index(s)]) continue;
      SetMoved(e, s, std::move(record));
      e->moved = true;
    }
    Kill(other);
    for (const Side s : {Side::kA, Side::kB}) place_[Index(s)][e->Id(s)] = e;
  }

  // Takes out what is the same on both sides again and what was joined into another entry.
  void DropSettled() {
    absl::flat_hash_set<const Entry*> in_steps;
    for (const MoveStep& step : steps_) in_steps.insert(step.entry);
    std::vector<std::unique_ptr<Entry>> rest;
    for (auto& e : set_->entries) {
      if (dead_.contains(e.get())) {
        dead_entries_.push_back(std::move(e));
        continue;
      }
      const bool settled = e->base != nullptr && e->state[0] == State::kUnchanged &&
                           e->state[1] == State::kUnchanged && !in_steps.contains(e.get());
      if (settled) {
        ++set_->unchanged;
        continue;
      }
      rest.push_back(std::move(e));
    }
    set_->entries = std::move(rest);
    std::sort(set_->entries.begin(), set_->entries.end(),
              [](const auto& x, const auto& y) { return x->Key() < y->Key(); });
  }

  ChangeSet* const set_;
  Replica* replicas_[2];
  const storage::Baseline& baseline_;
  const MoveOptions& options_;
  Monitor* const monitor_;
  // Every entry by its place on each side.
  absl::btree_map<std::string, Entry*> place_[2];
  absl::flat_hash_set<const Entry*> dead_;
  std::vector<std::unique_ptr<Entry>> dead_entries_;
  absl::flat_hash_set<Entry*> pending_;  // where a move that still waits will bring something
  absl::flat_hash_set<Entry*> made_;     // containers that a step makes
  std::vector<MoveStep> steps_;
};

}  // namespace

absl::StatusOr<std::vector<MoveStep>> PlanMoves(ChangeSet* set, Replica* const (&replicas)[2],
                                                const storage::Baseline& baseline,
                                                const MoveOptions& options, Monitor* monitor) {
  return MovePlanner(set, replicas, baseline, options, monitor).Run();
}

}  // namespace syncline::engine
