// Moving records to where the layout of their place wants them. See apply.h and arrange.h.
#include "absl/strings/str_cat.h"
#include "host/engine/apply.h"
#include "host/engine/apply_job.h"

namespace syncline::engine {

absl::Status Applier::Arrange(const std::vector<ArrangeStep>& steps) {
  absl::Status status;
  for (const ArrangeStep& step : steps) {
    if (monitor_->cancelled()) status = absl::CancelledError("cancelled");
    if (status.ok()) status = ArrangeOne(step);
    if (!status.ok()) break;
    monitor_->RecordDone(0);
  }
  // What was moved is made durable, whatever ended the moves.
  const absl::Status settled = SettleBatch();
  return status.ok() ? settled : status;
}

// OK also when the move was refused, unless the whole item cannot go on.
absl::Status Applier::ArrangeOne(const ArrangeStep& step) {
  const Wanted& wanted = step.wanted;
  const Side side = step.side;
  if (!step.problem.empty() || !unwritable_[Index(side)].empty()) {
    ArrangeFailed(step, step.problem);
    return absl::OkStatus();
  }
  Job job;  // lives in this call only: a move is never staged
  monitor_->AtWork("move", side, wanted.id, wanted.from);
  const uint64_t ticket = job.Order(side, &next_ticket_, &tickets_);
  Outcome outcome = replicas_[Index(side)]->Move(ticket, wanted.id, wanted.version, wanted.key);
  job.Withdraw(ticket, &tickets_);
  const Record* stored = job.stored[Index(side)].get();
  if (outcome.ok() && stored == nullptr) {
    outcome = Outcome::Error(SYNCLINE_FAILED, "the provider accepted it but told no result");
  }
  if (outcome.ok()) {
    arranged_[Index(side)][stored->id] = {wanted.version, stored->version};
    if (arranged_records_.insert(step.record).second) ++tally_.moved;
    const std::string& now = stored->name.empty() ? stored->id : stored->name;
    monitor_->Event(
        SYNCLINE_INFO, now, "moved",
        absl::StrCat("moved from \"", wanted.from, "\" to \"", now, "\" on side ", SideName(side)));
    return absl::OkStatus();
  }
  switch (outcome.status) {
    case SYNCLINE_CANCELLED:
      return absl::CancelledError("cancelled");
    case SYNCLINE_OFFLINE:
    case SYNCLINE_UNAUTHORIZED:
    case SYNCLINE_BROKEN:
      ++tally_.failed;
      return absl::FailedPreconditionError(
          absl::StrCat("side ", SideName(side), ": ", outcome.Text()));
    case SYNCLINE_UNWRITABLE:
      unwritable_[Index(side)] = outcome.Text();
      ArrangeFailed(
          step, absl::StrCat("side ", SideName(side), " takes no more writes: ", outcome.Text()));
      break;
    default:
      ArrangeFailed(step, absl::StrCat("\"", wanted.from, "\" cannot be moved to \"", wanted.key,
                                       "\" on side ", SideName(side), ": ", outcome.Text()));
  }
  return absl::OkStatus();
}

// An empty why was told before.
void Applier::ArrangeFailed(const ArrangeStep& step, std::string_view why) {
  ++arrange_failed_;
  ++tally_.failed;
  if (!why.empty()) monitor_->Event(SYNCLINE_ERROR, step.wanted.from, "failed", why);
}

void Applier::ShowArrange(const std::vector<ArrangeStep>& steps) {
  for (const ArrangeStep& step : steps) {
    if (!step.problem.empty()) {
      ArrangeFailed(step, step.problem);
      continue;
    }
    arranged_[Index(step.side)][step.wanted.id] = {};
    if (arranged_records_.insert(step.record).second) ++tally_.moved;
    PlanLine line;
    line.action = "move";
    line.side = std::string(1, SideLetter(step.side));
    line.key = step.wanted.key;
    line.from = step.wanted.from;
    monitor_->Plan(line);
  }
}

}  // namespace syncline::engine
