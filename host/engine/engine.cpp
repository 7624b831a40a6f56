// One turn of one item. See engine.h.
#include "host/engine/engine.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "host/engine/arrange.h"
#include "host/engine/changes.h"
#include "host/engine/guard.h"
#include "host/engine/moves.h"
#include "sdk/platform/file_system.h"

namespace syncline::engine {
namespace {

// Rounds in one turn: what changes while it is synced is looked at again, but a file that never
// comes to rest must not keep the turn from ending.
constexpr int kMaxRounds = 3;

class Turn {
 public:
  Turn(const SyncRequest& request, Monitor* monitor)
      : request_(request),
        monitor_(monitor),
        filter_(request.filters),
        applier_({request.folder, request.clock}, &baseline_, monitor) {}

  SyncReport Check() {
    tell_check_ = true;
    if (!Open()) return report_;
    report_.result = SyncResult::kDone;
    return report_;
  }

  SyncReport Run() {
    monitor_->StartPhase(Phase::kStarting);
    if (!Open() || !CanArrange() || !OpenBaselineAndCheckRoots()) return Finished();
    for (int round = 1; round <= kMaxRounds; ++round) {
      applier_.StartRound();
      first_round_ = round == 1;
      last_round_ = round == kMaxRounds;
      if (!Round() || !again_) break;
      // A look that only led to moves by the layout is none of the rounds that bring in step.
      if (std::exchange(arranged_, false)) round = 0;
    }
    return Finished();
  }

  SyncReport Safe() {
    monitor_->StartPhase(Phase::kStarting);
    if (Open() && OpenBaselineAndCheckRoots()) TellSafeRecords();
    return Finished();
  }

 private:
  static std::string Name(Side s) { return s == Side::kA ? "side A" : "side B"; }

  bool Stop(SyncResult result, std::string message) {
    report_.result = result;
    report_.message = std::move(message);
    ended_ = true;
    return false;
  }

  bool StopFor(const absl::Status& status) {
    if (absl::IsCancelled(status) || monitor_->cancelled()) {
      return Stop(SyncResult::kCancelled, "");
    }
    return Stop(SyncResult::kFailed, std::string(status.message()));
  }

  // A replica that cannot be opened or listed.
  bool StopFor(Side s, const Outcome& outcome) {
    if (outcome.status == SYNCLINE_CANCELLED || monitor_->cancelled()) {
      return Stop(SyncResult::kCancelled, "");
    }
    report_.setting = outcome.setting == "location" ? (s == Side::kA ? "A" : "B") : outcome.setting;
    std::string text = absl::StrCat(Name(s), " (", request_.settings[Index(s)].at("location"),
                                    "): ", outcome.Text());
    // A place that is missing is a guard's matter: its records are not gone, it is.
    return Stop(outcome.status == SYNCLINE_NOT_FOUND ? SyncResult::kStopped : SyncResult::kFailed,
                std::move(text));
  }

  bool Open() {
    for (const Side s : {Side::kA, Side::kB}) {
      monitor_->AtWork("open", s, "");
      Outcome outcome;
      replica_[Index(s)] = Replica::Create(request_.entry, s, request_.settings[Index(s)], monitor_,
                                           &applier_, &outcome);
      if (replica_[Index(s)] == nullptr) return StopFor(s, outcome);
      outcome = replica_[Index(s)]->Open();
      if (!outcome.ok()) return StopFor(s, outcome);
    }
    monitor_->AtWork("check", Side::kA, "");
    const Outcome outcome = replica_[0]->Check(replica_[1].get(), tell_check_);
    if (!outcome.ok()) {
      report_.setting = outcome.setting;
      return Stop(SyncResult::kFailed, outcome.Text());
    }
    applier_.SetReplicas(replica_[0].get(), replica_[1].get());
    return true;
  }

  std::string ProviderName() const {
    return request_.provider.empty() ? "the provider"
                                     : absl::StrCat("the provider ", request_.provider);
  }

  // Before anything is done: --relayout is a wish that this item may not be able to fulfil.
  bool CanArrange() {
    to_arrange_ = request_.relayout && !request_.only_decided;
    if (!to_arrange_) return true;
    bool any = false, writable = false;
    for (const auto& replica : replica_) {
      if (!replica->can_arrange()) continue;
      any = true;
      if (!replica->can_move()) {
        return Stop(
            SyncResult::kFailed,
            absl::StrCat(ProviderName(), " knows where records belong, but cannot move them, ",
                         "so --relayout can do nothing; nothing was changed. Sync without "
                         "it, or ask the provider's author for the ability move"));
      }
      writable = writable || IsArranged(*replica);
    }
    if (!any) {
      return Stop(SyncResult::kFailed,
                  absl::StrCat(ProviderName(),
                               " has no layout by which records could be moved; nothing was "
                               "changed. Sync without --relayout"));
    }
    return writable || Stop(SyncResult::kFailed,
                            "nothing can be written to the side whose records --relayout would "
                            "move; nothing was changed. Sync without --relayout");
  }

  bool IsArranged(const Replica& replica) const {
    return replica.can_arrange() && !replica.read_only() &&
           MayArrange(replica.side(), request_.direction);
  }

  bool OpenBaseline() {
    const std::string path = platform::JoinPath(request_.folder, "baseline.db");
    absl::StatusOr<storage::Baseline> baseline = storage::Baseline::Open(path);
    if (absl::IsDataLoss(baseline.status())) {
      if (!SetBaselineAside(baseline.status())) return false;
      if (request_.dry_run) return StartWithoutBaseline();
      baseline = storage::Baseline::Open(path);
    }
    if (!baseline.ok()) return StopFor(baseline.status());
    UseBaseline(*std::move(baseline));
    return true;
  }

  // Both, with a baseline that shows its damage only when it is read set aside.
  bool OpenBaselineAndCheckRoots() {
    if (!OpenBaseline()) return false;
    bool damaged = false;
    if (CheckRoots(&damaged)) return true;
    return damaged && StartAnew() && CheckRoots(nullptr);
  }

  bool StartAnew() { return request_.dry_run ? StartWithoutBaseline() : OpenBaseline(); }

  // False: the turn is over; or the baseline is damaged and set aside (*damaged; null: it is not).
  bool StopOrSetAside(const absl::Status& status, bool* damaged) {
    if (damaged == nullptr || !absl::IsDataLoss(status)) return StopFor(status);
    *damaged = SetBaselineAside(status);
    return false;
  }

  // For a dry run that is to show what happens when nothing is known of the last sync: an empty
  // baseline of its own, which goes with it.
  bool StartWithoutBaseline() {
    scratch_ = platform::JoinPath(request_.folder, "dry-run.db");
    RemoveScratch();
    absl::StatusOr<storage::Baseline> baseline = storage::Baseline::Open(scratch_);
    if (!baseline.ok()) return StopFor(baseline.status());
    UseBaseline(*std::move(baseline));
    return true;
  }

  void RemoveScratch() {
    if (scratch_.empty()) return;
    for (const char* suffix : {"", "-wal", "-shm"}) {
      platform::RemovePath(scratch_ + suffix).IgnoreError();
    }
  }

  void UseBaseline(storage::Baseline baseline) {
    baseline_ = std::move(baseline);
    for (const Side s : {Side::kA, Side::kB}) replica_[Index(s)]->memory().Attach(&baseline_, s);
  }

  bool SetBaselineAside(const absl::Status& why) {
    const std::string path = platform::JoinPath(request_.folder, "baseline.db");
    monitor_->Log(SYNCLINE_WARNING, std::string(why.message()));
    if (request_.dry_run) {
      monitor_->Event(
          SYNCLINE_WARNING, "", "baseline",
          "the record of the last sync is damaged; this is what a sync without it does");
      return true;
    }
    // No connection to the old file may be left: SQLite removes its log by name when it closes one.
    for (const auto& replica : replica_) replica->memory().Attach(nullptr, replica->side());
    baseline_ = storage::Baseline();
    absl::StatusOr<std::string> aside = storage::Baseline::SetAside(path);
    if (!aside.ok()) return StopFor(aside.status());
    monitor_->Event(SYNCLINE_WARNING, "", "baseline",
                    absl::StrCat("the record of the last sync was damaged and is set aside as ",
                                 *aside, "; both sides are compared anew and nothing is removed"));
    return true;
  }

  bool CheckRoots(bool* damaged) {
    absl::StatusOr<int64_t> pairs = baseline_.Count();
    if (!pairs.ok()) return StopOrSetAside(pairs.status(), damaged);
    for (const Side s : {Side::kA, Side::kB}) {
      absl::StatusOr<std::optional<storage::ReplicaRow>> known = baseline_.Replica(s);
      if (!known.ok()) return StopOrSetAside(known.status(), damaged);
      if (!known->has_value() || *pairs == 0) continue;
      const std::optional<std::string> problem = GuardReplaced(
          s, replica_[Index(s)]->location(), (*known)->identity, replica_[Index(s)]->identity());
      if (!problem.has_value()) continue;
      if (!request_.accept_root) return Stop(SyncResult::kStopped, *problem);
      if (request_.dry_run) return StartWithoutBaseline();
      absl::Status status = baseline_.Clear();
      if (!status.ok()) return StopFor(status);
      break;
    }
    if (request_.dry_run) return true;
    absl::Status status;
    for (const Side s : {Side::kA, Side::kB}) {
      if (!status.ok()) break;
      status = baseline_.SetReplica(
          s, {replica_[Index(s)]->location(), replica_[Index(s)]->identity(), ""});
    }
    if (status.ok()) status = baseline_.Commit();
    return status.ok() || StopOrSetAside(status, damaged);
  }

  // False: the turn is over, ended_ tells whether badly.
  bool Round() {
    again_ = false;
    monitor_->StartScan();
    std::optional<ChangeSet> changes = ScanBoth();
    if (!changes.has_value()) return !ended_;  // the baseline was set aside: again_
    if (!SaveMemory()) return !ended_;
    // A dry run changes nothing: it shows what the guards would stop, and then that they would.
    if (!request_.dry_run && !GuardEmpty(*changes)) return false;

    monitor_->StartPhase(Phase::kPlanning);
    Replica* const replicas[2] = {replica_[0].get(), replica_[1].get()};
    std::vector<MoveStep> moves;
    if (!request_.only_decided) {
      absl::StatusOr<std::vector<MoveStep>> found =
          PlanMoves(&*changes, replicas, baseline_,
                    {request_.direction,
                     request_.policy,
                     &filter_,
                     /*may_wait=*/first_round_ && !request_.dry_run,
                     /*only_ids=*/applier_.moves_unsupported(),
                     {&applier_.arranged(Side::kA), &applier_.arranged(Side::kB)}},
                    monitor_);
      if (!found.ok()) return BaselineFailed(found.status());
      moves = *std::move(found);
    }
    MarkArranged(*changes);
    PlanOptions options{request_.direction, request_.policy, &request_.decided,
                        request_.only_decided, &applier_.beside()};
    absl::StatusOr<Plan> plan =
        MakePlan(&*changes, std::move(moves), replicas, baseline_, options, monitor_);
    if (!plan.ok()) return BaselineFailed(plan.status());
    if (!request_.dry_run && !GuardPlan(*changes, *plan)) return false;
    if (to_arrange_ && (!Arrange(*changes) || arranged_)) return !ended_;
    // What an earlier round did is unchanged by now, and counted; but for what is in the set still.
    const Tally& t = applier_.tally();
    uint64_t done = t.created + t.updated + t.moved + t.merged + t.adopted;
    done -= std::min(done, MarkArranged(*changes));
    const uint64_t in_step = changes->unchanged + plan->added_before;
    applier_.tally().unchanged = in_step > done ? in_step - done : 0;
    if (request_.dry_run) {
      ShowPlan(*changes, *plan);
      if (GuardEmpty(*changes)) GuardPlan(*changes, *plan);
      return false;
    }
    return Apply(*changes, *plan);
  }

  // What the layout moved is in the set until the baseline follows, and counted already. Returns
  // how many of them there are.
  uint64_t MarkArranged(const ChangeSet& changes) {
    uint64_t marked = 0;
    for (const auto& entry : changes.entries) {
      for (const Side s : {Side::kA, Side::kB}) {
        if (!entry->There(s) || !applier_.Arranged(s, entry->Id(s))) continue;
        entry->arranged = entry->counted = true;
      }
      if (entry->arranged) ++marked;
    }
    return marked;
  }

  // Asks where records belong by the layout, and moves them there: then arranged_, and the turn
  // goes on with another look. In a dry run only shows it. False: it failed.
  bool Arrange(const ChangeSet& changes) {
    to_arrange_ = false;
    std::vector<ArrangeStep> steps;
    for (const Side s : {Side::kA, Side::kB}) {
      Replica& replica = *replica_[Index(s)];
      if (!IsArranged(replica)) continue;
      monitor_->AtWork("arrange", s, "");
      std::vector<Wanted> wanted;
      const Outcome outcome = replica.Arrange(&wanted);
      if (!outcome.ok()) return StopFor(s, outcome);
      absl::StatusOr<std::vector<ArrangeStep>> planned =
          PlanArrangement(s, std::move(wanted), changes, baseline_, filter_);
      if (!planned.ok()) {
        BaselineFailed(planned.status());
        return false;
      }
      for (ArrangeStep& step : *planned) steps.push_back(std::move(step));
    }
    if (steps.empty()) return true;
    if (request_.dry_run) {
      applier_.ShowArrange(steps);
      return true;
    }
    monitor_->StartApplying(steps.size(), 0);
    const absl::Status status = applier_.Arrange(steps);
    if (!status.ok()) {
      BaselineFailed(status);
      return false;
    }
    arranged_ = again_ = true;
    return true;
  }

  void TellSafeRecords() {
    monitor_->StartScan();
    bool listed = ScanBoth().has_value();
    if (!listed && !ended_) {  // the baseline is damaged, and an empty one stands in for it
      last_round_ = true;
      listed = ScanBoth().has_value();
    }
    if (!listed) return;
    monitor_->StartPhase(Phase::kPlanning);
    monitor_->AtWork("safe", Side::kA, "");
    const Outcome outcome = replica_[0]->Safe(
        *replica_[1],
        [&](std::string_view place, std::string_view why_not) { monitor_->Safe(place, why_not); });
    if (outcome.status == SYNCLINE_UNSUPPORTED && outcome.summary.empty()) {
      Stop(SyncResult::kFailed,
           absl::StrCat(ProviderName(), " cannot tell which records are safe"));
    } else if (!outcome.ok()) {
      StopFor(Side::kA, outcome);
    }
  }

  // Of reading the baseline; what the providers said is in the scans.
  absl::Status Scans(ScanResult (&scans)[2]) {
    absl::StatusOr<std::unique_ptr<storage::BaselineCursor>> cursors[2] = {
        baseline_.Scan(Side::kA), baseline_.Scan(Side::kB)};
    for (const auto& cursor : cursors) {
      if (!cursor.ok()) return cursor.status();
    }
    const auto scan = [&](Side s) {
      Scan(*replica_[Index(s)], **cursors[Index(s)], {&filter_, &request_.avoid[Index(s)]},
           monitor_, &scans[Index(s)]);
    };
    monitor_->AtWork("list", Side::kA, "");
    std::thread other([&] { scan(Side::kB); });
    scan(Side::kA);
    other.join();
    return scans[0].baseline.ok() ? scans[1].baseline : scans[0].baseline;
  }

  std::optional<ChangeSet> ScanBoth() {
    ScanResult scans[2];
    const absl::Status read = Scans(scans);
    if (!read.ok()) {
      ScanFailed(read);
      return std::nullopt;
    }
    for (const Side s : {Side::kA, Side::kB}) {
      if (!scans[Index(s)].outcome.ok()) {
        StopFor(s, scans[Index(s)].outcome);
        return std::nullopt;
      }
    }
    absl::StatusOr<ChangeSet> changes =
        JoinScans(std::move(scans[0]), std::move(scans[1]), baseline_, monitor_);
    if (!changes.ok()) {
      ScanFailed(changes.status());
      return std::nullopt;
    }
    return *std::move(changes);
  }

  // What a listing found out at a price is kept whatever becomes of this turn.
  bool SaveMemory() {
    if (request_.dry_run) return true;
    absl::Status status;
    for (const Side s : {Side::kA, Side::kB}) {
      if (status.ok()) status = replica_[Index(s)]->memory().Save(&baseline_);
    }
    if (status.ok()) status = baseline_.Commit();
    if (!status.ok()) ScanFailed(status);
    return status.ok();
  }

  // The same in the middle of a round; what Round() then returns.
  bool BaselineFailed(const absl::Status& status) {
    ScanFailed(status);
    return !ended_;
  }

  void ScanFailed(const absl::Status& status) {
    if (!absl::IsDataLoss(status) || last_round_) {
      StopFor(status);
      return;
    }
    if (SetBaselineAside(status) && StartAnew() && CheckRoots(nullptr)) again_ = true;
  }

  bool GuardEmpty(const ChangeSet& changes) {
    if (request_.allow_deletes || request_.only_decided || request_.direction == Direction::kAdd) {
      return true;
    }
    for (const Side s : {Side::kA, Side::kB}) {
      // What is missing on B of a mirror is put back: no removal follows from it.
      if (s == Side::kB && request_.direction == Direction::kMirror) continue;
      if (!changes.unknown[Index(s)].empty()) continue;
      const std::optional<std::string> problem =
          GuardEmptied(s, replica_[Index(s)]->location(), changes.records[Index(s)], changes.pairs);
      if (!problem.has_value()) continue;
      // Where the other side is empty as well nothing is left that could be removed.
      if (changes.records[Index(Other(s))] == 0) continue;
      return Stop(SyncResult::kStopped, *problem);
    }
    return true;
  }

  bool GuardPlan(const ChangeSet& changes, const Plan& plan) {
    if (request_.allow_deletes || request_.only_decided) return true;
    const uint64_t from_b = plan.removed_from[Index(Side::kB)];
    if (request_.direction == Direction::kMirror) {
      const std::optional<std::string> problem =
          GuardFirstMirror(replica_[1]->location(), from_b, changes.pairs);
      if (problem.has_value()) return Stop(SyncResult::kStopped, *problem);
    }
    for (const Side s : {Side::kA, Side::kB}) {
      const std::optional<std::string> problem =
          GuardRemovals(s, replica_[Index(s)]->location(), plan.removed_from[Index(s)],
                        changes.records[Index(s)]);
      if (problem.has_value()) return Stop(SyncResult::kStopped, *problem);
    }
    return true;
  }

  void ShowPlan(const ChangeSet& changes, const Plan& plan) {
    for (const MoveStep& step : plan.moves) {
      if (step.kind == MoveStep::Kind::kMakeContainer || !step.IsMove()) continue;
      const bool counted = step.entry->arranged || step.entry->verdict.action == Action::kConflict;
      if (!counted) ++applier_.tally().moved;
      if (step.kind == MoveStep::Kind::kRecord) continue;
      PlanLine line;
      line.action = "move";
      line.side = std::string(1, SideLetter(step.side));
      line.key = step.to_key;
      line.from = step.from_id;
      monitor_->Plan(line);
    }
    Tally& tally = applier_.tally();
    for (const std::vector<Entry*>* part : {&plan.writes, &plan.removals, &plan.last}) {
      for (const Entry* entry : *part) ShowEntry(*entry, &tally);
    }
    for (const Entry* entry : plan.conflicts) {
      ShowEntry(*entry, &tally);
      applier_.ReportConflict(*entry);
    }
    tally.failed += plan.parked.size() + changes.unreadable;
    for (const auto& parked : changes.parked) tally.failed += parked.size();
    tally.skipped += plan.skipped;
  }

  void ShowEntry(const Entry& entry, Tally* tally) {
    PlanLine line;
    line.action = std::string(EffectName(entry));
    if (line.action == "none") return;
    const bool a = WritesTo(entry.verdict.action, Side::kA);
    const bool b = WritesTo(entry.verdict.action, Side::kB);
    line.side = a == b ? "both" : a ? "a" : "b";
    line.key = entry.Name();
    line.bytes = BytesOf(entry);
    monitor_->Plan(line);
    tally->bytes += line.bytes;
    if (entry.counted) return;
    if (line.action == "create") ++tally->created;
    if (line.action == "update" || line.action == "keep both") ++tally->updated;
    if (line.action == "remove") ++tally->removed;
    if (line.action == "merge") ++tally->merged;
    if (line.action == "adopt") ++tally->adopted;
  }

  bool Apply(const ChangeSet& changes, const Plan& plan) {
    monitor_->StartApplying(plan.size(), plan.bytes);
    applier_.tally().conflicts = 0;  // each round tells them all
    applier_.tally().failed = changes.unreadable + applier_.arrange_failed();
    applier_.tally().skipped = plan.skipped;
    const absl::Status loaded = applier_.LoadParked();
    if (!loaded.ok()) return BaselineFailed(loaded);
    for (const Entry* entry : plan.conflicts) {
      if (monitor_->cancelled()) return StopFor(absl::CancelledError("cancelled"));
      applier_.ReportConflict(*entry);
    }
    for (const Entry* entry : plan.parked) {
      ++applier_.tally().failed;
      applier_.Park(*entry, entry->reason, entry->parked_for_good, true);
    }
    for (const Side s : {Side::kA, Side::kB}) {
      if (request_.only_decided) break;
      for (const SetAside& aside : changes.parked[Index(s)]) {
        ++applier_.tally().failed;
        applier_.ParkAside(s, aside);
      }
    }
    const absl::Status status = applier_.Run(plan);
    if (!status.ok()) return BaselineFailed(status);
    again_ = plan.look_again || applier_.look_again();
    if (!again_ && !request_.only_decided) {
      const absl::Status forgotten = applier_.ForgetUnparked();
      if (!forgotten.ok()) return BaselineFailed(forgotten);
    }
    return true;
  }

  SyncReport Finished() {
    monitor_->StartPhase(Phase::kFinishing);
    for (const std::string& key : applier_.changed_meanwhile()) {
      if (ended_) break;
      ++applier_.tally().failed;
      monitor_->Event(SYNCLINE_WARNING, key, "failed",
                      "it kept changing while it was synced; it is tried again next time");
    }
    // Dropped before the report: a provider that crashes on leaving must not look as if it did
    // well.
    replica_[0].reset();
    replica_[1].reset();
    if (!scratch_.empty()) {
      baseline_ = storage::Baseline();
      RemoveScratch();
    }
    report_.tally = applier_.tally();
    if (ended_) return report_;
    const Tally& t = report_.tally;
    report_.result = t.failed != 0      ? SyncResult::kPartial
                     : t.conflicts != 0 ? SyncResult::kConflicts
                                        : SyncResult::kDone;
    if (t.failed != 0) {
      const bool only_places = t.failed == applier_.arrange_failed();
      report_.message =
          absl::StrCat(t.failed, t.failed == 1 ? " record" : " records",
                       only_places ? " could not be moved to where the layout wants it; "
                                   : " could not be brought in step; ");
      const std::string& reason_a = applier_.unwritable(Side::kA);
      const std::string& reason = reason_a.empty() ? applier_.unwritable(Side::kB) : reason_a;
      if (reason.empty()) {
        absl::StrAppend(&report_.message, "the others are. The events tell why, and the next sync ",
                        only_places ? "with --relayout tries again" : "tries again");
      } else {
        absl::StrAppend(&report_.message, "side ", reason_a.empty() ? "B" : "A",
                        " takes no more writes: ", reason);
      }
    }
    return report_;
  }

  const SyncRequest& request_;
  Monitor* const monitor_;
  const Filter filter_;
  storage::Baseline baseline_;
  Applier applier_;
  std::unique_ptr<Replica> replica_[2];
  SyncReport report_;
  bool ended_ = false;       // report_ holds a result already
  std::string scratch_;      // the baseline of a dry run that starts without one; empty: none
  bool tell_check_ = false;  // all that the check says, not its warnings alone
  bool to_arrange_ = false;  // --relayout, and it is not done yet
  bool arranged_ = false;    // this round moved records by their layout, and nothing else
  bool again_ = false;
  bool first_round_ = true;
  bool last_round_ = false;
};

}  // namespace

SyncReport RunSync(const SyncRequest& request, Monitor* monitor) {
  return Turn(request, monitor).Run();
}

SyncReport TellSafe(const SyncRequest& request, Monitor* monitor) {
  SyncRequest looking = request;
  looking.dry_run = true;
  return Turn(looking, monitor).Safe();
}

SyncReport CheckItem(const SyncRequest& request, Monitor* monitor) {
  return Turn(request, monitor).Check();
}

}  // namespace syncline::engine
