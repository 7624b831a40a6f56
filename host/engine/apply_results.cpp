// What becomes of orders: results, the baseline row that follows from them, and failures, each with
// the reaction that its status calls for (provider.h). See apply.h.
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "host/engine/apply.h"
#include "host/engine/apply_job.h"

namespace syncline::engine {
namespace {

int64_t StoredSize(uint64_t size) {
  return size == SYNCLINE_UNKNOWN_SIZE ? -1 : static_cast<int64_t>(size);
}

}  // namespace

// Takes the answer to an order; its result may have come already, or come at Settle().
void Applier::Ordered(Job* job, Side side, uint64_t ticket, const Outcome& outcome) {
  if (outcome.status == SYNCLINE_STAGED) return ShowDone(job);
  const bool outstanding = tickets_.contains(ticket);
  if (!outcome.ok()) {
    job->Withdraw(ticket, &tickets_);
    job->Fail(side, outcome);
  } else if (outstanding) {
    job->Withdraw(ticket, &tickets_);
    job->Fail(side, Outcome::Error(SYNCLINE_FAILED, "the provider accepted it but told no result"));
  }
}

// Progress counts a record once its order is given: the batch makes it durable a moment later.
void Applier::ShowDone(Job* job) {
  if (job->shown || job->beside) return;
  job->shown = true;
  const bool without_bytes = job->step != nullptr || job->failure.has_value();
  monitor_->RecordDone(without_bytes ? 0 : BytesOf(*job->entry));
}

void Applier::Stored(uint64_t ticket, const Record* record) {
  const auto it = tickets_.find(ticket);
  if (it == tickets_.end()) return;  // told twice, or after it failed
  const auto [job, side] = it->second;
  tickets_.erase(it);
  --job->waiting;
  if (record != nullptr) job->stored[Index(side)] = std::make_unique<Record>(*record);
  if (job->waiting == 0 && !job->ordering) Finish(job);
}

void Applier::Failed(uint64_t ticket, const Outcome& outcome) {
  const auto it = tickets_.find(ticket);
  if (it == tickets_.end()) return;
  const auto [job, side] = it->second;
  tickets_.erase(it);
  --job->waiting;
  job->Fail(side, outcome);
  if (job->waiting == 0 && !job->ordering) Finish(job);
}

void Applier::Finish(Job* job) {
  if (job->over) return;
  job->over = true;
  monitor_->Touch();
  if (job->beside) {
    if (job->failure.has_value()) {
      keep_both_failed_ = std::move(job->failure);
    } else if (job->stored[0] != nullptr) {
      beside_.insert(job->stored[0]->key);
    }
    return;
  }
  ShowDone(job);
  if (job->failure.has_value()) {
    FinishFailed(job);
    return;
  }
  if (job->step != nullptr) {
    FinishMove(job);
    return;
  }
  const uint64_t bytes = BytesOf(*job->entry);
  batch_bytes_ += bytes;
  tally_.bytes += bytes;
  absl::Status status = WritePair(job);
  if (!status.ok()) {
    KeepStatus(status);
    return;
  }
  Count(*job);
  const std::string& key = job->entry->Key();
  if (!parked_.empty() && parked_.contains(key)) {
    KeepStatus(baseline_->Unpark(key));
    parked_.erase(key);
  }
}

// The baseline's row: what both sides hold now.
absl::Status Applier::WritePair(Job* job) {
  Entry& entry = *job->entry;
  switch (job->action) {
    case Action::kRemoveA:
    case Action::kRemoveB:
    case Action::kForget:
      return entry.row.empty() ? absl::OkStatus() : baseline_->Remove(entry.row);
    default:
      break;
  }
  Record now[2];
  for (const Side s : {Side::kA, Side::kB}) {
    std::unique_ptr<Record>& stored = job->stored[Index(s)];
    now[Index(s)] = stored != nullptr ? std::move(*stored) : SourceRecord(entry, s);
  }
  Pair pair;
  for (int i = 0; i < 2; ++i) {
    pair.id[i] = now[i].id;
    pair.version[i] = now[i].version;
    pair.identity[i] = now[i].identity;
  }
  pair.key = now[0].key;
  pair.flags = now[0].flags & (SYNCLINE_CONTAINER | SYNCLINE_MERGEABLE);
  pair.size = StoredSize(now[0].size);
  // An ancestor that is no longer what both held would take somebody's edit back in a merge.
  const bool metadata = job->action == Action::kMetadataToA ||
                        job->action == Action::kMetadataToB || job->action == Action::kMetadataBoth;
  const bool other_content = metadata ? AgreesAnew(entry) : job->action != Action::kNone;
  const bool stale = other_content && !job->ancestor.has_value() && entry.base != nullptr &&
                     (entry.base->flags & SYNCLINE_MERGEABLE) != 0;
  if (!entry.row.empty() && (stale || entry.row != pair.id[0])) {
    absl::Status status = baseline_->Remove(entry.row);
    if (!status.ok()) return status;
  }
  return baseline_->Put(pair, job->ancestor.has_value() ? &*job->ancestor : nullptr);
}

void Applier::FinishMove(Job* job) {
  const MoveStep& step = *job->step;
  Entry& entry = *job->entry;
  const int o = Index(step.side);
  if (job->stored[o] != nullptr) {
    // Moving may change the version (a file's ctime); what the side had in it is as before.
    Record& stored = *job->stored[o];
    if (entry.state[o] == State::kUnchanged) {
      entry.base->version[o] = stored.version;
      entry.base->identity[o] = stored.identity;
    }
    entry.base->id[o] = stored.id;
    entry.record[o] = std::move(job->stored[o]);
    entry.row = entry.base->id[0];
  }
  absl::Status status;
  std::string ancestor;
  bool has_ancestor = false;
  if ((entry.base->flags & SYNCLINE_MERGEABLE) != 0) {
    absl::StatusOr<std::string> kept = baseline_->Ancestor(step.row);
    has_ancestor = kept.ok();
    if (has_ancestor) ancestor = *std::move(kept);
  }
  if (step.row != entry.base->id[0]) status = baseline_->Remove(step.row);
  if (status.ok()) status = baseline_->Put(*entry.base, has_ancestor ? &ancestor : nullptr);
  if (status.ok() && step.container) status = baseline_->Rebase(step.old_id, step.new_id);
  if (!status.ok()) {
    KeepStatus(status);
    return;
  }
  if (!step.IsMove()) {
    const bool unchanged =
        entry.state[0] == State::kUnchanged && entry.state[1] == State::kUnchanged;
    if (unchanged && !entry.arranged) ++tally_.unchanged;
    return;
  }
  if (entry.arranged) {
    // Told already where it was moved; new is only that the other side follows.
    if (step.kind == MoveStep::Kind::kRecord) return;
  } else if (entry.verdict.action != Action::kConflict) {
    ++tally_.moved;  // one outcome for each record
  }
  monitor_->Event(SYNCLINE_INFO, entry.Name(), "moved",
                  absl::StrCat("moved from \"", step.old_id[o], "\"",
                               step.kind == MoveStep::Kind::kMove
                                   ? absl::StrCat(" on side ", SideName(step.side))
                                   : std::string(" on both sides")));
}

void Applier::Count(const Job& job) {
  const Entry& entry = *job.entry;
  std::string_view name, text;
  switch (job.action) {
    case Action::kCopyToA:
      name = entry.There(Side::kA) ? "updated" : "created";
      text = entry.There(Side::kA) ? "updated on A with B's" : "created on A from B's";
      break;
    case Action::kCopyToB:
      name = entry.There(Side::kB) ? "updated" : "created";
      text = entry.There(Side::kB) ? "updated on B with A's" : "created on B from A's";
      break;
    case Action::kMetadataToA:
      name = "updated";
      text = "metadata updated on A with B's";
      break;
    case Action::kMetadataToB:
      name = "updated";
      text = "metadata updated on B with A's";
      break;
    case Action::kMetadataBoth:
      name = "updated";
      text = "the metadata of both sides was combined";
      break;
    case Action::kRemoveA:
      name = "removed";
      text = "removed on A, since it was removed on B";
      break;
    case Action::kRemoveB:
      name = "removed";
      text = entry.base != nullptr ? "removed on B, since it was removed on A"
                                   : "removed on B, since A has no such record";
      break;
    case Action::kMerge:
      name = "merged";
      text = "the edits of both sides were merged";
      break;
    case Action::kKeepBoth:
      name = "updated";
      text = "both versions are kept";
      break;
    case Action::kAdopt:
      if (!entry.counted) ++tally_.adopted;
      return;
    case Action::kForget:
      ++tally_.removed;
      return;
    default:
      return;  // the baseline followed a move, which has been counted
  }
  if (entry.counted) {
    // Counted as moved already; a record has one outcome.
  } else if (name == "created") {
    ++tally_.created;
  } else if (name == "updated") {
    ++tally_.updated;
  } else if (name == "removed") {
    ++tally_.removed;
  } else {
    ++tally_.merged;
  }
  monitor_->Event(SYNCLINE_INFO, entry.Name(), name, text);
}

void Applier::FinishFailed(Job* job) {
  Entry& entry = *job->entry;
  const Outcome& failure = *job->failure;
  const Side side = job->failed_side;
  const bool removing = job->action == Action::kRemoveA || job->action == Action::kRemoveB;
  if (job->step != nullptr) blocked_.push_back(entry.Key());
  switch (failure.status) {
    case SYNCLINE_CANCELLED:
      KeepStatus(absl::CancelledError("cancelled"));
      return;
    case SYNCLINE_CONFLICT:
      if (removing && entry.Container(side)) {
        // Something that is filtered, or came meanwhile, is still inside: it stays, and so the
        // container.
        ++tally_.skipped;
        Park(entry, absl::StrCat("kept on side ", SideName(side), ": ", failure.Text()), false,
             true);
        return;
      }
      if (ReplacesContainer(entry)) {
        // The same, but the other side has a plain record there: only a person can say.
        entry.verdict = {Action::kConflict, ConflictKind::kType};
        entry.reason = failure.Text();
        ReportConflict(entry);
        return;
      }
      [[fallthrough]];
    case SYNCLINE_NOT_FOUND:
      look_again_ = true;
      changed_meanwhile_.push_back(entry.Key());
      return;
    case SYNCLINE_CLASH:
      entry.verdict = {Action::kConflict, ConflictKind::kName};
      if (entry.counted && job->step == nullptr) --tally_.moved;
      if (entry.Container(Other(side))) blocked_.push_back(entry.Key());
      entry.reason = failure.Text();
      ReportConflict(entry);
      return;
    case SYNCLINE_UNSUPPORTED:
      if (job->step != nullptr) {
        moves_unsupported_ = true;
        look_again_ = true;
        return;
      }
      break;
    case SYNCLINE_UNWRITABLE:
      if (unwritable_[Index(side)].empty()) {
        unwritable_[Index(side)] = failure.Text();
        monitor_->Event(
            SYNCLINE_ERROR, entry.Name(), "failed",
            absl::StrCat("side ", SideName(side), " takes no more writes: ", failure.Text()));
      }
      ++tally_.failed;
      return;
    case SYNCLINE_OFFLINE:
    case SYNCLINE_UNAUTHORIZED:
    case SYNCLINE_BROKEN:
      ++tally_.failed;
      KeepStatus(absl::FailedPreconditionError(
          absl::StrCat("side ", SideName(side), ": ", failure.Text())));
      return;
    default:
      break;
  }
  ++tally_.failed;
  Park(entry, failure.Text(), failure.status == SYNCLINE_INVALID, false);
}

absl::Status Applier::LoadParked() {
  absl::StatusOr<std::map<std::string, storage::ParkedRow>> parked = baseline_->Parked();
  if (!parked.ok()) return parked.status();
  parked_ = *std::move(parked);
  return absl::OkStatus();
}

void Applier::Park(const Entry& entry, std::string_view reason, bool final, bool quiet) {
  storage::ParkedRow row;
  row.key = entry.Key();
  row.reason = std::string(reason);
  row.final = final;
  if (entry.There(Side::kA)) row.version_a = entry.Version(Side::kA);
  if (entry.There(Side::kB)) row.version_b = entry.Version(Side::kB);
  // What waits as it did is told once.
  const auto known = parked_.find(row.key);
  const bool told = known != parked_.end() && known->second.reason == row.reason;
  const std::string& shown = entry.Name();
  KeepParked(std::move(row), told && quiet ? std::string_view() : shown,
             quiet ? SYNCLINE_WARNING : SYNCLINE_ERROR, quiet ? "kept" : "failed");
}

void Applier::ParkAside(Side side, const SetAside& aside) {
  storage::ParkedRow row;
  // By place: two records of one key on one side are two rows, and no entry's.
  row.key = absl::StrCat(std::string(1, SideLetter(side)), ":", aside.id);
  row.reason = aside.reason;
  (side == Side::kA ? row.version_a : row.version_b) = aside.version;
  const auto known = parked_.find(row.key);
  const bool told = known != parked_.end() && known->second.reason == row.reason &&
                    known->second.version_a == row.version_a &&
                    known->second.version_b == row.version_b;
  KeepParked(std::move(row), told ? std::string_view() : std::string_view(aside.id),
             SYNCLINE_WARNING, "failed");
}

// shown: the record as an event names it; empty: no event.
void Applier::KeepParked(storage::ParkedRow row, std::string_view shown, int level,
                         std::string_view name) {
  row.since_ns = absl::ToUnixNanos(options_.clock->Now());
  if (!shown.empty()) {
    monitor_->Event(
        level, shown, name,
        row.final ? absl::StrCat(row.reason, "; it is tried again once it changes") : row.reason);
  }
  KeepStatus(baseline_->Park(row));
  parked_now_.insert(row.key);
  const std::string key = row.key;
  parked_[key] = std::move(row);
}

absl::Status Applier::ForgetUnparked() {
  for (auto it = parked_.begin(); it != parked_.end();) {
    if (parked_now_.contains(it->first)) {
      ++it;
      continue;
    }
    absl::Status status = baseline_->Unpark(it->first);
    if (!status.ok()) return status;
    it = parked_.erase(it);
  }
  return baseline_->Commit();
}

void Applier::ReportConflict(const Entry& entry) {
  ++tally_.conflicts;
  if (!told_.insert(entry.Key()).second) return;  // a later round of the same turn finds it again
  ConflictReport report;
  report.kind = entry.verdict.conflict;
  report.key = entry.Key();
  report.reason = entry.reason;
  for (const Side s : {Side::kA, Side::kB}) {
    ConflictReport::View& view = report.side[Index(s)];
    view.there = entry.There(s);
    if (!view.there) continue;
    const Record record = SourceRecord(entry, s);
    view.id = record.id;
    view.version = record.version;
    view.size = record.size;
    view.mtime_ns = record.mtime_ns;
    monitor_->AtWork("describe", s, record.id, entry.Name());
    const std::string& now = moves_done_ ? record.id : entry.StandsAt(s);
    for (auto& [name, value] : replicas_[Index(s)]->Describe(now)) {
      if (name == "title") {
        view.title = value;
      } else {
        view.fields[name] = value;
      }
    }
    view.differing = entry.differing[Index(s)];
  }
  monitor_->Conflict(report);
}

}  // namespace syncline::engine
