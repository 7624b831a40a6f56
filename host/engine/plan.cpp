// The plan. See plan.h.
#include "host/engine/plan.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

namespace syncline::engine {

bool WritesTo(Action action, Side side) {
  switch (action) {
    case Action::kCopyToA:
    case Action::kMetadataToA:
    case Action::kRemoveA:
      return side == Side::kA;
    case Action::kCopyToB:
    case Action::kMetadataToB:
    case Action::kRemoveB:
      return side == Side::kB;
    case Action::kMetadataBoth:
    case Action::kMerge:
    case Action::kKeepBoth:
      return true;
    default:
      return false;
  }
}

std::string_view EffectName(const Entry& entry) {
  switch (entry.verdict.action) {
    case Action::kCopyToA:
      return entry.There(Side::kA) ? "update" : "create";
    case Action::kCopyToB:
      return entry.There(Side::kB) ? "update" : "create";
    case Action::kMetadataToA:
    case Action::kMetadataToB:
    case Action::kMetadataBoth:
      return "update";
    case Action::kRemoveA:
    case Action::kRemoveB:
      return "remove";
    case Action::kMerge:
      return "merge";
    case Action::kKeepBoth:
      return "keep both";
    case Action::kConflict:
      return "conflict";
    case Action::kAdopt:
      return "adopt";
    default:
      return "none";
  }
}

uint64_t BytesOf(const Entry& entry) {
  const auto size = [&](Side s) {
    const uint64_t n = entry.Container(s) ? 0 : entry.Size(s);
    return n == SYNCLINE_UNKNOWN_SIZE ? 0 : n;
  };
  switch (entry.verdict.action) {
    case Action::kCopyToA:
      return size(Side::kB);
    case Action::kCopyToB:
      return size(Side::kA);
    case Action::kMerge:
      return entry.merged.size() * 2;
    case Action::kKeepBoth:
      return size(Side::kA) + 2 * size(Side::kB);
    default:
      return 0;
  }
}

bool ReplacesContainer(const Entry& entry) {
  const Action action = entry.verdict.action;
  if (action != Action::kCopyToA && action != Action::kCopyToB) return false;
  const Side to = action == Action::kCopyToA ? Side::kA : Side::kB;
  return entry.There(to) && entry.Container(to) && !entry.Container(Other(to));
}

namespace {

class Planner {
 public:
  Planner(ChangeSet* set, Replica* const (&replicas)[2], const storage::Baseline& baseline,
          const PlanOptions& options, Monitor* monitor)
      : set_(set), replicas_(replicas), baseline_(baseline), options_(options), monitor_(monitor) {}

  absl::Status Run(Plan* plan) {
    plan_ = plan;
    absl::StatusOr<std::map<std::string, storage::ParkedRow>> parked = baseline_.Parked();
    if (!parked.ok()) return parked.status();
    for (const auto& entry : set_->entries) {
      if (monitor_->cancelled()) return absl::CancelledError("cancelled");
      DecideEntry(entry.get());
      WaitIfParked(entry.get(), *parked);
    }
    if (monitor_->cancelled()) return absl::CancelledError("cancelled");
    KeepReplacedContainers();
    WaitInsideConflicts();
    KeepNeededContainers();
    if (options_.direction == Direction::kAdd) AddNeededContainers();
    Sort();
    return absl::OkStatus();
  }

 private:
  static bool Writing(const Entry& e) {
    return WritesTo(e.verdict.action, Side::kA) || WritesTo(e.verdict.action, Side::kB);
  }

  // Negative: A was edited later.
  static int Newer(const Entry& e) {
    if (e.record[0] == nullptr || e.record[1] == nullptr) return 0;
    const int64_t a = e.record[0]->mtime_ns, b = e.record[1]->mtime_ns;
    if (a == SYNCLINE_UNKNOWN_TIME || b == SYNCLINE_UNKNOWN_TIME || a == b) return 0;
    return a > b ? -1 : 1;
  }

  bool ContentKept(const Entry& e) const {
    for (const Side s : {Side::kA, Side::kB}) {
      if (e.state[Index(s)] != State::kChanged) continue;
      return replicas_[Index(s)]->SameContent(e.base->version[Index(s)], e.Version(s));
    }
    return false;
  }

  void DecideEntry(Entry* e) {
    if (e->later) {
      plan_->look_again = true;
      return;
    }
    Situation& s = e->situation;
    s.a = e->state[0];
    s.b = e->state[1];
    s.container_a = e->Container(Side::kA);
    s.container_b = e->Container(Side::kB);
    s.direction = options_.direction;
    s.policy = options_.policy;
    s.newer = Newer(*e);
    const bool one_changed = (s.a == State::kChanged && s.b == State::kUnchanged) ||
                             (s.a == State::kUnchanged && s.b == State::kChanged);
    s.content_kept = one_changed && ContentKept(*e);
    s.mergeable = e->record[0] != nullptr && e->record[1] != nullptr && e->record[0]->mergeable() &&
                  e->record[1]->mergeable() && replicas_[0]->can_merge();
    s.decision = DecisionFor(*e);
    e->verdict = Decide(s);
    // Each pass finds out one more thing, so it ends.
    while (e->verdict.action == Action::kCompare || e->verdict.action == Action::kMerge) {
      const bool compare = e->verdict.action == Action::kCompare;
      const Outcome outcome = compare ? Compare(e) : Merge(e);
      if (!outcome.ok()) {
        Fail(e, outcome);
        return;
      }
      if (!compare && !s.merge_failed) return;  // merged; the content is in the entry
      e->verdict = Decide(s);
    }
  }

  Decision DecisionFor(const Entry& e) const {
    if (options_.decided == nullptr) return Decision::kNone;
    const auto it = options_.decided->find(e.Key());
    if (it == options_.decided->end()) return Decision::kNone;
    for (const Side s : {Side::kA, Side::kB}) {
      const std::string now = e.There(s) ? e.Version(s) : std::string();
      if (now != it->second.version[Index(s)]) return Decision::kNone;
    }
    return it->second.decision;
  }

  Outcome Compare(Entry* e) {
    monitor_->AtWork("compare", Side::kA, e->Id(Side::kA), e->Name());
    return replicas_[0]->Compare(e->StandsAt(Side::kA), e->Version(Side::kA), *replicas_[1],
                                 e->StandsAt(Side::kB), e->Version(Side::kB),
                                 &e->situation.equality);
  }

  Outcome Merge(Entry* e) {
    std::string content[2];
    const bool essences = MergesEssences(*replicas_[0], *replicas_[1]);
    for (const Side s : {Side::kA, Side::kB}) {
      monitor_->AtWork("read", s, e->Id(s), e->Name());
      Record as_read;
      Replica& replica = *replicas_[Index(s)];
      std::string* const into = &content[Index(s)];
      Outcome outcome = essences ? replica.Essence(e->StandsAt(s), SYNCLINE_FOR_MERGE, kMergeLimit,
                                                   into, &as_read)
                                 : replica.Read(e->StandsAt(s), kMergeLimit, into, &as_read);
      if (essences && outcome.status == SYNCLINE_UNSUPPORTED) {
        e->situation.merge_failed = true;
        e->reason = outcome.summary;
        return {};
      }
      if (!outcome.ok()) return outcome;
      if (as_read.version != e->Version(s)) {
        return Outcome::Error(SYNCLINE_CONFLICT, "it changed while it was read");
      }
    }
    std::string ancestor;
    const std::string* base = nullptr;
    if (!e->row.empty()) {
      absl::StatusOr<std::string> kept = baseline_.Ancestor(e->RowNow());
      if (kept.ok()) {
        ancestor = *std::move(kept);
        base = &ancestor;
      }
    }
    // What no merge can settle is left to the policy, but only after all that agrees is merged.
    int favour = SYNCLINE_FAVOUR_NONE;
    Choices choices;
    if (e->situation.decision == Decision::kMerge) {
      choices = options_.decided->find(e->Key())->second.choices;
    }
    if (e->situation.decision == Decision::kNone) {
      const Policy policy = options_.policy;
      const int newer = e->situation.newer;
      if (policy == Policy::kA || (policy == Policy::kNewer && newer < 0)) {
        favour = SYNCLINE_FAVOUR_MINE;
      } else if (policy == Policy::kB || (policy == Policy::kNewer && newer > 0)) {
        favour = SYNCLINE_FAVOUR_THEIRS;
      }
    }
    monitor_->AtWork("merge", Side::kA, e->Id(Side::kA), e->Name());
    std::vector<DifferingField> differing;
    Outcome outcome =
        replicas_[0]->Merge(base, content[0], content[1], favour, choices, &e->merged, &differing);
    if (outcome.ok()) {
      for (int i = 0; i < 2; ++i) e->merged_same[i] = content[i] == e->merged;
      return outcome;
    }
    if (outcome.status != SYNCLINE_CONFLICT && outcome.status != SYNCLINE_UNSUPPORTED &&
        outcome.status != SYNCLINE_INVALID) {
      return outcome;
    }
    e->situation.merge_failed = true;
    e->reason = outcome.summary;
    for (const DifferingField& field : differing) {
      e->differing[0][field.name] = field.mine;
      e->differing[1][field.name] = field.theirs;
    }
    return {};
  }

  void Fail(Entry* e, const Outcome& outcome) {
    e->verdict = {Action::kNone, ConflictKind::kEditEdit};
    if (outcome.status == SYNCLINE_CANCELLED) return;  // says nothing about the record
    if (outcome.status == SYNCLINE_CONFLICT || outcome.status == SYNCLINE_NOT_FOUND) {
      plan_->look_again = true;
      e->reason = "it changed while it was looked at";
      return;
    }
    e->reason = outcome.Text();
    plan_->parked.push_back(e);
  }

  // What can never be stored is not tried again until one of its sides is another.
  void WaitIfParked(Entry* e, const std::map<std::string, storage::ParkedRow>& parked) {
    if (parked.empty() || !Writing(*e)) return;
    const auto it = parked.find(e->Key());
    if (it == parked.end() || !it->second.final) return;
    const auto version = [&](Side s) { return e->There(s) ? e->Version(s) : std::string(); };
    if (version(Side::kA) != it->second.version_a || version(Side::kB) != it->second.version_b) {
      return;
    }
    e->verdict = {Action::kNone, ConflictKind::kEditEdit};
    e->reason = it->second.reason;
    e->parked_for_good = true;
    plan_->parked.push_back(e);
  }

  static bool Removing(Action action) {
    return action == Action::kRemoveA || action == Action::kRemoveB || action == Action::kForget;
  }

  // A container gives way to a plain record only when nothing inside it lives on: else a person has
  // to say which of the two it is to be. Who said so meant the inside as well.
  void KeepReplacedContainers() {
    absl::flat_hash_map<std::string_view, Entry*> mixed;
    for (const auto& e : set_->entries) {
      const Action action = e->verdict.action;
      if (e->There(Side::kA) && e->There(Side::kB) &&
          e->Container(Side::kA) != e->Container(Side::kB) &&
          (action == Action::kCopyToA || action == Action::kCopyToB)) {
        mixed.emplace(e->Key(), e.get());
        FollowDecision(e.get());
      }
    }
    if (mixed.empty()) return;
    for (const auto& e : set_->entries) {
      for (std::string_view parent = ParentId(e->Key()); !parent.empty();
           parent = ParentId(parent)) {
        const auto it = mixed.find(parent);
        if (it != mixed.end()) KeepInside(e.get(), it->second);
      }
    }
  }

  // A record that one side alone turned into another kind is an edit; it became a conflict only by
  // what is inside, and the decision is about that.
  static void FollowDecision(Entry* c) {
    if (c->situation.decision == Decision::kA) c->verdict.action = Action::kCopyToB;
    if (c->situation.decision == Decision::kB) c->verdict.action = Action::kCopyToA;
  }

  // c is a container on one side, with e in it, and a plain record on the other.
  void KeepInside(Entry* e, Entry* c) {
    const Side inside = c->Container(Side::kA) ? Side::kA : Side::kB;
    const bool unknown = e->state[Index(inside)] == State::kUnknown;
    if (!e->There(inside) && !unknown) return;
    const bool replaced = ReplacesContainer(*c);
    const bool decided =
        c->situation.decision == Decision::kA || c->situation.decision == Decision::kB;
    if (decided && !unknown && options_.direction == Direction::kTwoWay) {
      const Action remove = inside == Side::kA ? Action::kRemoveA : Action::kRemoveB;
      const Action copy = inside == Side::kA ? Action::kCopyToB : Action::kCopyToA;
      e->verdict = {replaced ? remove : copy, ConflictKind::kEditEdit};
      e->situation.decision = c->situation.decision;
      return;
    }
    if (!replaced || c->verdict.action == Action::kConflict) return;
    if (!unknown && Removing(e->verdict.action)) return;
    c->verdict = {Action::kConflict, ConflictKind::kType};
  }

  // As long as a place holds a container on one side only, nothing is done inside.
  void WaitInsideConflicts() {
    absl::flat_hash_set<std::string_view> open;
    for (const auto& e : set_->entries) {
      const Action action = e->verdict.action;
      if (e->There(Side::kA) && e->There(Side::kB) &&
          e->Container(Side::kA) != e->Container(Side::kB) && action != Action::kCopyToA &&
          action != Action::kCopyToB) {
        open.insert(e->Key());
      }
    }
    if (open.empty()) return;
    for (const auto& e : set_->entries) {
      for (std::string_view parent = ParentId(e->Key()); !parent.empty();
           parent = ParentId(parent)) {
        if (open.contains(parent)) e->verdict = {Action::kNone, ConflictKind::kEditEdit};
      }
    }
  }

  // A container that one side removed stays as long as something inside it lives: what is copied
  // needs it on both sides, what waits or cannot be seen needs it where it is.
  void KeepNeededContainers() {
    absl::flat_hash_map<std::string, Entry*> removed;
    for (const auto& e : set_->entries) {
      const Action action = e->verdict.action;
      const bool container = e->Container(Side::kA) || e->Container(Side::kB);
      if (container && Removing(action)) {
        removed.emplace(e->Key(), e.get());
      }
    }
    if (removed.empty()) return;
    for (const auto& e : set_->entries) {
      const Action action = e->verdict.action;
      if (Removing(action)) continue;
      const bool copied = WritesTo(action, Side::kA) || WritesTo(action, Side::kB);
      const bool there = e->There(Side::kA) || e->There(Side::kB) ||
                         e->state[0] == State::kUnknown || e->state[1] == State::kUnknown;
      if (!there) continue;
      for (std::string_view parent = ParentId(e->Key()); !parent.empty();
           parent = ParentId(parent)) {
        const auto it = removed.find(std::string(parent));
        if (it == removed.end()) continue;
        Entry* c = it->second;
        if (c->There(Side::kA) == c->There(Side::kB)) continue;
        if (copied && options_.direction == Direction::kTwoWay) {
          c->verdict.action = c->There(Side::kA) ? Action::kCopyToB : Action::kCopyToA;
          if (e->situation.decision != Decision::kNone) {
            c->situation.decision = e->situation.decision;  // what is decided needs it
          }
        } else if (Removing(c->verdict.action)) {
          c->verdict.action = Action::kNone;
        }
      }
    }
  }

  // What is added inside a container that B removed brings the container back.
  void AddNeededContainers() {
    absl::flat_hash_map<std::string_view, Entry*> missing;
    for (const auto& e : set_->entries) {
      if (e->There(Side::kA) && e->Container(Side::kA) && e->state[1] == State::kGone) {
        missing.emplace(e->Key(), e.get());
      }
    }
    if (missing.empty()) return;
    for (const auto& e : set_->entries) {
      if (e->verdict.action != Action::kCopyToB) continue;
      for (std::string_view parent = ParentId(e->Key()); !parent.empty();
           parent = ParentId(parent)) {
        const auto it = missing.find(parent);
        if (it != missing.end()) it->second->verdict.action = Action::kCopyToB;
      }
    }
  }

  // Of an item that only adds: it was added, and what becomes of it on B or whether A still has it
  // is nothing that would wait.
  bool IsImported(const Entry& e) const {
    return options_.direction == Direction::kAdd && e.base != nullptr && e.reason.empty() &&
           (e.state[0] == State::kUnchanged || e.state[0] == State::kGone);
  }

  // A decision that this direction cannot carry out.
  void ExplainRefusal(Entry* e) const {
    if (e->situation.decision == Decision::kNone || !e->reason.empty()) return;
    const char* edit = "keep A's, or give the item the direction two-way first (syncline edit)";
    if (options_.direction == Direction::kMirror) {
      e->reason = absl::StrCat("the item is a mirror, which can only keep what A has: ", edit);
    } else if (options_.direction == Direction::kAdd) {
      e->reason = absl::StrCat("the item only adds to B, which can keep A's or B's: ", edit);
    }
  }

  void Sort() {
    for (const auto& holder : set_->entries) {
      Entry* e = holder.get();
      const Action action = e->verdict.action;
      if (action == Action::kConflict) {
        ExplainRefusal(e);
        plan_->conflicts.push_back(e);
        continue;
      }
      const bool also = options_.also != nullptr && options_.also->contains(e->Key());
      if (options_.only_decided && e->situation.decision == Decision::kNone && !also) {
        e->verdict.action = Action::kNone;
        continue;
      }
      switch (action) {
        case Action::kRemoveA:
        case Action::kRemoveB:
          ++plan_->removed_from[action == Action::kRemoveA ? 0 : 1];
          plan_->removals.push_back(e);
          break;
        case Action::kNone:
          if (e->moved && e->state[0] == State::kUnchanged && e->state[1] == State::kUnchanged) {
            plan_->writes.push_back(e);  // the baseline has to follow
          } else if (IsImported(*e)) {
            if (e->There(Side::kA)) ++plan_->added_before;
          } else if (e->reason.empty()) {  // else it is parked, and counted there
            ++plan_->skipped;
          }
          break;
        case Action::kMetadataToA:
        case Action::kMetadataToB:
        case Action::kMetadataBoth:
          // A container may become read-only by it: only once everything inside is done.
          (e->Container(Side::kA) ? plan_->last : plan_->writes).push_back(e);
          break;
        case Action::kCopyToA:
        case Action::kCopyToB:
          (ReplacesContainer(*e) ? plan_->last : plan_->writes).push_back(e);
          break;
        default:
          plan_->writes.push_back(e);
      }
      plan_->bytes += BytesOf(*e);
    }
    // In the order that people know: by name where keys are something else (hashes, UIDs). Records
    // that are known by their keys stay in the order of those, containers before their inside.
    const auto by_name = [](const Entry* x, const Entry* y) { return x->Name() < y->Name(); };
    if (!std::is_sorted(plan_->writes.begin(), plan_->writes.end(), by_name)) {
      std::stable_sort(plan_->writes.begin(), plan_->writes.end(), by_name);
    }
    std::reverse(plan_->removals.begin(), plan_->removals.end());
    std::reverse(plan_->last.begin(), plan_->last.end());
  }

  ChangeSet* const set_;
  Replica* const (&replicas_)[2];
  const storage::Baseline& baseline_;
  const PlanOptions& options_;
  Monitor* const monitor_;
  Plan* plan_ = nullptr;
};

}  // namespace

absl::StatusOr<Plan> MakePlan(ChangeSet* set, std::vector<MoveStep> moves,
                              Replica* const (&replicas)[2], const storage::Baseline& baseline,
                              const PlanOptions& options, Monitor* monitor) {
  Plan plan;
  absl::Status status = Planner(set, replicas, baseline, options, monitor).Run(&plan);
  if (!status.ok()) return status;
  plan.moves = std::move(moves);
  return plan;
}

}  // namespace syncline::engine
