// Carrying out a plan: moves, orders and batches. See apply.h; what becomes of orders that fail is
// in apply_results.cpp.
#include "host/engine/apply.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "host/engine/apply_job.h"
#include "host/engine/spool.h"

namespace syncline::engine {
namespace {

// A batch ends at whichever comes first. The flush at its end costs some 10 ms on an SSD, so at 45
// us a small file a thousand of them bury it; the bytes bound what a kill throws away.
constexpr size_t kBatchRecords = 1000;
// Where a settle writes everything anew, time is saved by few of them; this many jobs take some 100
// MiB.
constexpr size_t kLargeBatchRecords = 100'000;
constexpr uint64_t kBatchBytes = uint64_t{256} << 20;
constexpr absl::Duration kBatchTime = absl::Seconds(5);

}  // namespace

Applier::Applier(Options options, storage::Baseline* baseline, Monitor* monitor)
    : options_(std::move(options)), baseline_(baseline), monitor_(monitor) {}

Applier::~Applier() = default;

void Applier::KeepStatus(absl::Status status) {
  if (status_.ok()) status_ = std::move(status);
}

void Applier::StartRound() {
  look_again_ = false;
  moves_done_ = false;
  changed_meanwhile_.clear();
  done_early_.clear();
  blocked_.clear();
  status_ = absl::OkStatus();  // a round after a damaged baseline begins anew
}

std::string Applier::SideName(Side s) const { return s == Side::kA ? "A" : "B"; }

absl::Status Applier::Run(const Plan& plan) {
  large_batches_ = replicas_[0]->large_batches() || replicas_[1]->large_batches();
  batch_started_ = options_.clock->Monotonic();
  absl::Status status = DoMoves(plan);
  moves_done_ = true;
  for (const std::vector<Entry*>* part : {&plan.writes, &plan.removals, &plan.last}) {
    // Containers are emptied before they are removed: what was ordered must be known by then.
    for (Entry* entry : *part) {
      if (!status.ok() || !status_.ok()) break;
      if (monitor_->cancelled()) {
        status = absl::CancelledError("cancelled");
        break;
      }
      if (moves_unsupported_) break;
      status = Do(entry);
    }
    if (status.ok() && status_.ok() && !open_.empty()) status = SettleBatch();
  }
  // What is done already is remembered, whatever ended the run.
  absl::Status settled = SettleBatch();
  if (!status_.ok()) return status_;
  if (!status.ok()) return status;
  return settled;
}

absl::Status Applier::DoMoves(const Plan& plan) {
  for (const MoveStep& step : plan.moves) {
    if (monitor_->cancelled()) return absl::CancelledError("cancelled");
    absl::Status status = DoMove(step);
    if (!status.ok()) return status;
    if (moves_unsupported_ || !status_.ok()) return status_;
  }
  return absl::OkStatus();
}

absl::Status Applier::DoMove(const MoveStep& step) {
  Entry* entry = step.entry;
  if (Blocked(*entry)) return absl::OkStatus();
  if (step.kind == MoveStep::Kind::kMakeContainer) {
    absl::Status status = Do(entry);
    done_early_.insert(entry);
    return status;
  }
  auto job = std::make_unique<Job>();
  job->entry = entry;
  job->step = &step;
  Job* const raw = job.get();
  open_.push_back(std::move(job));
  if (step.kind == MoveStep::Kind::kMove) {
    const Side side = step.side;
    monitor_->AtWork("move", side, step.from_id);
    const uint64_t ticket = raw->Order(side, &next_ticket_, &tickets_);
    Ordered(raw, side, ticket,
            replicas_[Index(side)]->Move(ticket, step.from_id, entry->Version(side), step.to_key));
  }
  raw->ordering = false;
  if (raw->waiting == 0) Finish(raw);
  return MaybeSettle();
}

bool Applier::Blocked(const Entry& entry) const {
  return std::any_of(blocked_.begin(), blocked_.end(), [&](const std::string& place) {
    return entry.Key() == place || IsInside(entry.Key(), place);
  });
}

absl::Status Applier::Do(Entry* entry) {
  if (done_early_.contains(entry)) return absl::OkStatus();
  auto job = std::make_unique<Job>();
  job->entry = entry;
  job->action = entry->verdict.action;
  Job* const raw = job.get();
  if (Blocked(*entry)) {
    ++tally_.skipped;
    return absl::OkStatus();
  }
  open_.push_back(std::move(job));
  switch (raw->action) {
    case Action::kCopyToA:
      DoCopy(raw, Side::kA, 0);
      break;
    case Action::kCopyToB:
      DoCopy(raw, Side::kB, 0);
      break;
    case Action::kMetadataToA:
    case Action::kMetadataToB:
    case Action::kMetadataBoth:
      DoMetadata(raw);
      break;
    case Action::kRemoveA:
      DoRemove(raw, Side::kA);
      break;
    case Action::kRemoveB:
      DoRemove(raw, Side::kB);
      break;
    case Action::kMerge:
      DoMerge(raw);
      break;
    case Action::kKeepBoth:
      DoKeepBoth(raw);
      break;
    case Action::kAdopt:
      KeepAncestor(raw);
      break;
    default:
      break;  // kForget, and kNone after a move: the baseline alone
  }
  raw->ordering = false;
  if (raw->waiting == 0 && !raw->over) Finish(raw);
  return MaybeSettle();
}

Record Applier::SourceRecord(const Entry& entry, Side s) const {
  if (entry.record[Index(s)] != nullptr) return *entry.record[Index(s)];
  Record record;
  record.id = entry.base->id[Index(s)];
  record.key = entry.base->key;
  record.version = entry.base->version[Index(s)];
  record.identity = entry.base->identity[Index(s)];
  record.flags = entry.base->flags;
  if (entry.base->size >= 0) record.size = static_cast<uint64_t>(entry.base->size);
  return record;
}

void Applier::DoCopy(Job* job, Side to, uint32_t flags) {
  Entry& entry = *job->entry;
  const Side from = Other(to);
  if (!unwritable_[Index(to)].empty()) {
    job->Fail(to, Outcome::Error(SYNCLINE_UNWRITABLE, unwritable_[Index(to)]));
    return;
  }
  Record wanted = SourceRecord(entry, from);
  const std::string from_id = wanted.id, from_version = wanted.version;
  const bool replaces = entry.There(to);
  wanted.id = replaces ? entry.Id(to) : std::string();
  const std::string expected = replaces ? entry.Version(to) : std::string();
  syncline_record raw = wanted.Raw();
  syncline_write order = {};
  order.struct_size = sizeof order;
  order.flags = flags;
  order.wanted = &raw;
  order.expected_version = Str(expected);

  if (wanted.mergeable() && (flags & SYNCLINE_METADATA_ONLY) == 0 && MergesEssences()) {
    const Outcome kept = KeepEssence(job, from);
    if (!kept.ok()) {
      job->Fail(from, kept);
      return;
    }
  }
  monitor_->AtWork("write", to, entry.Key(), entry.Name());
  if (MayCopy(wanted) && replicas_[Index(to)]->can_copy()) {
    const uint64_t ticket = job->Order(to, &next_ticket_, &tickets_);
    order.ticket = ticket;
    Outcome outcome =
        replicas_[Index(to)]->Copy(*replicas_[Index(from)], from_id, from_version, order);
    if (outcome.status != SYNCLINE_UNSUPPORTED) {
      Ordered(job, to, ticket, outcome);
      return;
    }
    job->Withdraw(ticket, &tickets_);
  }
  if ((flags & SYNCLINE_METADATA_ONLY) != 0) {
    // Nothing that can be done about it, and nothing that anybody wrote is at stake.
    return;
  }
  order.ticket = job->Order(to, &next_ticket_, &tickets_);
  Ordered(job, to, order.ticket, SendContent(job, to, &order, &wanted));
}

void Applier::DoMetadata(Job* job) {
  // Both may have come to the same content since the ancestor was kept.
  if (AgreesAnew(*job->entry)) KeepAncestor(job);
  uint32_t flags = SYNCLINE_METADATA_ONLY;
  if (job->action == Action::kMetadataBoth) flags |= SYNCLINE_COMBINE;
  for (const Side to : {Side::kB, Side::kA}) {
    if (job->failure.has_value()) return;
    if (WritesTo(job->action, to)) DoCopy(job, to, flags);
  }
}

// Reads on one side, writes on the other. order->wanted and expected_version are set.
Outcome Applier::SendContent(Job* job, Side to, syncline_write* order, Record* wanted) {
  const Side from = Other(to);
  const std::string target_id = wanted->id;
  const std::string from_id = job->entry->Id(from), from_version = job->entry->Version(from);
  if (wanted->container()) return replicas_[Index(to)]->WriteBytes(*order, "");
  Spool spool(options_.folder);
  absl::Status spooled;
  Record as_read;
  Outcome outcome = replicas_[Index(from)]->ReadPieces(
      from_id,
      [&](std::string_view piece) {
        spooled = spool.Append(piece);
        return spooled.ok();
      },
      &as_read);
  if (!spooled.ok()) return Outcome::Error(SYNCLINE_FAILED, std::string(spooled.message()));
  if (!outcome.ok()) return outcome;
  if (as_read.version != from_version) {
    return Outcome::Error(SYNCLINE_CONFLICT, "it changed while it was read");
  }
  spooled = spool.Rewind();
  if (!spooled.ok()) return Outcome::Error(SYNCLINE_FAILED, std::string(spooled.message()));
  // What travels with the content is known only now.
  wanted->attributes = as_read.attributes;
  wanted->media_type = as_read.media_type;
  wanted->name = as_read.name;
  wanted->size = spool.size();
  wanted->mtime_ns = as_read.mtime_ns;
  syncline_record raw = wanted->Raw();
  order->wanted = &raw;
  const bool keep = wanted->mergeable() && !MergesEssences() && spool.size() <= kMergeLimit;
  if (keep) job->ancestor.emplace();
  outcome = replicas_[Index(to)]->WritePieces(
      *order, spool.size(), [&](char* buffer, size_t capacity) -> int64_t {
        if (monitor_->cancelled()) return SYNCLINE_CANCELLED;
        const absl::StatusOr<size_t> n = spool.Next(buffer, capacity);
        if (!n.ok()) return SYNCLINE_FAILED;
        if (keep) job->ancestor->append(buffer, *n);
        return static_cast<int64_t>(*n);
      });
  return outcome;
}

void Applier::DoRemove(Job* job, Side from) {
  Entry& entry = *job->entry;
  if (!unwritable_[Index(from)].empty()) {
    job->Fail(from, Outcome::Error(SYNCLINE_UNWRITABLE, unwritable_[Index(from)]));
    return;
  }
  monitor_->AtWork("remove", from, entry.Id(from), entry.Name());
  const uint64_t ticket = job->Order(from, &next_ticket_, &tickets_);
  Ordered(job, from, ticket,
          replicas_[Index(from)]->Remove(ticket, entry.Id(from), entry.Version(from)));
}

void Applier::DoMerge(Job* job) {
  Entry& entry = *job->entry;
  job->ancestor = entry.merged;
  for (const Side to : {Side::kA, Side::kB}) {
    if (entry.merged_same[Index(to)] || job->failure.has_value()) continue;
    Record wanted = SourceRecord(entry, to);
    if (!MergesEssences()) wanted.size = entry.merged.size();
    const std::string expected = entry.Version(to);
    syncline_record raw = wanted.Raw();
    syncline_write order = {};
    order.struct_size = sizeof order;
    order.flags = MergesEssences() ? uint32_t{SYNCLINE_ESSENCE} : 0;
    order.wanted = &raw;
    order.expected_version = Str(expected);
    order.ticket = job->Order(to, &next_ticket_, &tickets_);
    monitor_->AtWork("write", to, entry.Key(), entry.Name());
    Ordered(job, to, order.ticket, replicas_[Index(to)]->WriteBytes(order, entry.merged));
  }
}

// B's version becomes a record of its own on A, made durable before A's version takes B's place.
// The new record comes to B in the round after this one. A kill in between leaves a copy too many,
// never one too few.
void Applier::DoKeepBoth(Job* job) {
  Entry& entry = *job->entry;
  if (!unwritable_[0].empty() || !unwritable_[1].empty()) {
    const Side side = unwritable_[0].empty() ? Side::kB : Side::kA;
    job->Fail(side, Outcome::Error(SYNCLINE_UNWRITABLE, unwritable_[Index(side)]));
    return;
  }
  auto beside = std::make_unique<Job>();
  Job* const raw_beside = beside.get();
  raw_beside->entry = &entry;
  raw_beside->beside = true;
  open_.push_back(std::move(beside));
  Record wanted = SourceRecord(entry, Side::kB);
  wanted.id.clear();
  const std::string label = absl::StrCat(
      "from B ", absl::FormatTime("%Y-%m-%d %H.%M", options_.clock->Now(), absl::LocalTimeZone()));
  syncline_record raw = wanted.Raw();
  syncline_write order = {};
  order.struct_size = sizeof order;
  order.flags = SYNCLINE_BESIDE;
  order.wanted = &raw;
  order.label = Str(label);
  order.ticket = raw_beside->Order(Side::kA, &next_ticket_, &tickets_);
  monitor_->AtWork("write", Side::kA, entry.Key(), entry.Name());
  Outcome outcome = Outcome::Error(SYNCLINE_UNSUPPORTED, "");
  if (MayCopy(wanted)) {
    outcome = replicas_[0]->Copy(*replicas_[1], entry.Id(Side::kB), entry.Version(Side::kB), order);
  }
  if (outcome.status == SYNCLINE_UNSUPPORTED) {
    outcome = SendContent(raw_beside, Side::kA, &order, &wanted);
  }
  Ordered(raw_beside, Side::kA, order.ticket, outcome);
  raw_beside->ordering = false;
  if (raw_beside->waiting == 0 && !raw_beside->over) Finish(raw_beside);
  const absl::Status settled = SettleBatch();
  if (!settled.ok()) {
    KeepStatus(settled);
    return;
  }
  if (keep_both_failed_.has_value()) {
    job->Fail(Side::kA, *std::exchange(keep_both_failed_, std::nullopt));
    return;
  }
  look_again_ = true;
  DoCopy(job, Side::kB, 0);
}

absl::Status Applier::MaybeSettle() {
  if (!status_.ok()) return status_;
  const bool full = large_batches_ ? open_.size() >= kLargeBatchRecords
                                   : open_.size() >= kBatchRecords ||
                                         options_.clock->Monotonic() - batch_started_ >= kBatchTime;
  if (full || batch_bytes_ >= kBatchBytes) {
    return SettleBatch();
  }
  return absl::OkStatus();
}

absl::Status Applier::SettleBatch() {
  monitor_->flushing = true;
  for (Replica* replica : replicas_) {
    if (replica == nullptr) continue;
    monitor_->AtWork("settle", replica->side(), "");
    const Outcome outcome = replica->Settle();
    if (!outcome.ok()) {
      if (outcome.status == SYNCLINE_UNWRITABLE) {
        unwritable_[Index(replica->side())] = outcome.Text();
      } else if (outcome.status == SYNCLINE_CANCELLED || monitor_->cancelled()) {
        KeepStatus(absl::CancelledError("cancelled"));
      } else {
        KeepStatus(absl::FailedPreconditionError(outcome.Text()));
      }
    }
  }
  monitor_->flushing = false;
  // What the provider did not tell about is not known to be stored.
  for (const std::unique_ptr<Job>& job : open_) {
    if (job->over || job->ordering) continue;
    if (!job->failure.has_value()) {
      job->Fail(Side::kB, monitor_->cancelled()
                              ? Outcome::Error(SYNCLINE_CANCELLED, "cancelled")
                              : Outcome::Error(SYNCLINE_FAILED,
                                               "the provider did not say whether it was stored"));
    }
    Finish(job.get());
  }
  std::vector<std::unique_ptr<Job>> still_ordering;
  for (std::unique_ptr<Job>& job : open_) {
    if (job->ordering) still_ordering.push_back(std::move(job));
  }
  open_ = std::move(still_ordering);
  if (open_.empty()) tickets_.clear();
  batch_bytes_ = 0;
  batch_started_ = options_.clock->Monotonic();
  for (Replica* replica : replicas_) {
    if (replica == nullptr) continue;
    absl::Status status = replica->memory().Save(baseline_);
    if (!status.ok()) return status;
  }
  absl::Status status = baseline_->Commit();
  if (!status.ok()) return status;
  return status_;
}

}  // namespace syncline::engine
