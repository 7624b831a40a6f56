#include "host/session/session.h"

#include <algorithm>
#include <array>
#include <set>
#include <thread>
#include <utility>

#include "host/protocol/text.h"
#include "host/session/rows.h"
#include "sdk/platform/file_system.h"

namespace syncline::session {
namespace {

using protocol::Result;
using storage::Level;

constexpr absl::Duration kSweepEvery = absl::Milliseconds(100);

int DefaultParallel() {
  return std::max(2, 2 * static_cast<int>(std::thread::hardware_concurrency()));
}

ItemReport ReportFor(const Turn& turn, Result result, std::string message) {
  ItemReport report;
  report.item = turn.item.id;
  report.name = turn.item.name;
  report.result = result;
  report.message = std::move(message);
  return report;
}

}  // namespace

protocol::Result WorstResult(const std::vector<ItemReport>& items, bool all_cancelled) {
  const auto cancelled = [](const ItemReport& item) { return item.result == Result::kCancelled; };
  if (all_cancelled && (items.empty() || std::any_of(items.begin(), items.end(), cancelled))) {
    return Result::kCancelled;
  }
  constexpr std::array kFromBest = {Result::kDone,      Result::kConflicts, Result::kPartial,
                                    Result::kCancelled, Result::kBusy,      Result::kStopped,
                                    Result::kFailed};
  const auto rank = [&](Result result) {
    return std::find(kFromBest.begin(), kFromBest.end(), result) - kFromBest.begin();
  };
  Result worst = Result::kDone;
  for (const ItemReport& item : items) {
    if (rank(item.result) > rank(worst)) worst = item.result;
  }
  return worst;
}

protocol::Start StartOf(const storage::ItemRow& item, const catalog::Provider& provider,
                        const std::string& home) {
  protocol::Start start;
  start.item_id = item.id;
  start.item_name = item.name;
  start.provider = provider.manifest.id;
  start.library = provider.library;
  start.folder = platform::JoinPath(platform::JoinPath(home, "items"), item.id);
  start.location_a = item.location_a;
  start.location_b = item.location_b;
  start.settings = catalog::WithDefaults(provider.manifest, item.settings);
  start.direction = item.direction;
  start.conflict_policy = item.conflict_policy;
  start.filters = item.filters;
  return start;
}

// Passes on what a worker says, with the names of its turn.
class Session::Listener : public WorkerListener {
 public:
  Listener(Session* session, const Turn& turn) : session_(session), turn_(turn) {}

  void OnProgress(const protocol::Progress& progress) override {
    session_->hub_.Update(turn_.item.id, progress);
  }
  void OnEvents(protocol::Events events) override {
    for (protocol::Event& event : events.events) {
      storage::EventRow row;
      row.time_ns = event.time_ns;
      row.level = static_cast<Level>(std::clamp(event.level, static_cast<int>(Level::kInformation),
                                                static_cast<int>(Level::kError)));
      row.item = turn_.item.id;
      row.provider = turn_.item.provider;
      row.record = std::move(event.record);
      row.name = std::move(event.name);
      row.text = std::move(event.text);
      told_.insert(row.text);
      if (row.level != Level::kInformation) ++reasons_;
      if (told_.size() > kRemembered) told_.clear();
      session_->recorder_->AddEvent(std::move(row));
    }
  }
  void OnConflict(protocol::Conflict conflict) override {
    storage::ConflictRow row;
    row.item = turn_.item.id;
    row.kind = std::move(conflict.kind);
    row.key = std::move(conflict.key);
    row.record = std::move(conflict.record);
    row.reason = std::move(conflict.reason);
    row.side_a_json = std::move(conflict.side_a_json);
    row.side_b_json = std::move(conflict.side_b_json);
    row.since_ns = absl::ToUnixNanos(session_->clock_->Now());
    session_->recorder_->AddConflict(turn_.item.name, std::move(row));
  }
  void OnPlan(protocol::Plan plan) override {
    session_->hub_.Tell([&](ProgressSink* sink) {
      for (const protocol::PlanEntry& entry : plan.entries) sink->OnPlan(turn_.item.id, entry);
    });
  }
  bool IsCancelled() override { return session_->hub_.IsCancelled(turn_.item.id); }

  // How many warnings and errors there were.
  uint64_t reasons() const { return reasons_; }
  // Whether the worker told this sentence as an event already.
  bool HasTold(const std::string& text) const { return told_.contains(text); }

 private:
  static constexpr size_t kRemembered = 100;
  Session* const session_;
  const Turn& turn_;
  std::set<std::string> told_;
  uint64_t reasons_ = 0;
};

absl::StatusOr<std::unique_ptr<Session>> Session::Begin(const Options& options, ProgressSink* sink,
                                                        platform::Clock* clock) {
  absl::StatusOr<storage::Database> database =
      storage::Database::Open(options.database, {.kind = "syncline"});
  if (!database.ok()) return database.status();
  std::unique_ptr<Session> session(new Session(options, sink, clock, *std::move(database)));
  absl::StatusOr<std::unique_ptr<Recorder>> recorder =
      Recorder::Start({options.database, options.database_uuid, options.id}, &session->hub_, clock);
  if (!recorder.ok()) return recorder.status();
  session->recorder_ = *std::move(recorder);
  return session;
}

Session::Session(const Options& options, ProgressSink* sink, platform::Clock* clock,
                 storage::Database database)
    : options_(options),
      clock_(clock),
      hub_(sink, options.sync.cancel, clock),
      failures_(std::move(database), clock) {}

void Session::Run(std::vector<Turn> turns) {
  {
    absl::MutexLock lock(&mutex_);
    for (const Turn& turn : turns) {
      hub_.AddItem(turn.item.id, turn.item.name);
      order_.emplace(turn.item.id, order_.size());
      waiting_.push_back(&turn);
    }
    open_ = turns.size();
  }
  hub_.Announce();
  const int parallel = options_.parallel > 0 ? options_.parallel : DefaultParallel();
  std::vector<std::thread> threads;
  for (size_t i = 0; i < std::min(turns.size(), static_cast<size_t>(parallel)); ++i) {
    threads.emplace_back([this] { Work(); });
  }
  for (;;) {
    EndCancelledTurns();
    absl::MutexLock lock(&mutex_);
    if (mutex_.AwaitWithTimeout(absl::Condition(this, &Session::NoTurnIsOpen), kSweepEvery)) break;
  }
  for (std::thread& thread : threads) thread.join();
}

void Session::Work() {
  for (;;) {
    const Turn* turn = nullptr;
    {
      absl::MutexLock lock(&mutex_);
      if (waiting_.empty()) return;
      turn = waiting_.front();
      waiting_.pop_front();
    }
    const absl::Duration start = clock_->Monotonic();
    ItemReport report = RunTurn(*turn);
    report.seconds = absl::ToDoubleSeconds(clock_->Monotonic() - start);
    End(*turn, std::move(report));
  }
}

// Items that still wait for a free place must not wait for it to be cancelled.
void Session::EndCancelledTurns() {
  std::vector<const Turn*> cancelled;
  {
    absl::MutexLock lock(&mutex_);
    std::erase_if(waiting_, [&](const Turn* turn) {
      if (!hub_.IsCancelled(turn->item.id)) return false;
      cancelled.push_back(turn);
      return true;
    });
  }
  for (const Turn* turn : cancelled) End(*turn, ReportFor(*turn, Result::kCancelled, ""));
}

void Session::End(const Turn& turn, ItemReport report) {
  Recorder::Ending ending;
  ending.report = report;
  ending.only_decided = options_.only_decided;
  for (const storage::ConflictRow& conflict : turn.decided) ending.decided.push_back(conflict.id);
  recorder_->EndItem(std::move(ending));
  hub_.Ended(report);
  absl::MutexLock lock(&mutex_);
  reports_.push_back(std::move(report));
  --open_;
}

ItemReport Session::RunTurn(const Turn& turn) {
  if (hub_.IsCancelled(turn.item.id)) return ReportFor(turn, Result::kCancelled, "");
  if (!turn.provider.ok()) {
    std::string message = Sentence(turn.provider.status());
    AddEvent(turn, Level::kError, "provider-unusable", "", message);
    ItemReport report = ReportFor(turn, Result::kFailed, std::move(message));
    report.reasons_told = 1;
    return report;
  }
  return RunProvider(turn, *turn.provider);
}

ItemReport Session::RunProvider(const Turn& turn, const catalog::Provider& provider) {
  const int failures = failures_.FailuresOf(provider.hash, provider.failures);
  if (failures >= catalog::kFailuresUntilQuarantine) {
    return ReportFor(turn, Result::kFailed,
                     Cat("The provider ", provider.manifest.id,
                         " is quarantined: it failed too often in this session. See: syncline "
                         "providers"));
  }
  protocol::Start start = StartOf(turn.item, provider, options_.home);
  start.dry_run = options_.sync.dry_run;
  start.allow_deletes = options_.sync.allow_deletes;
  start.accept_root = options_.sync.accept_root;
  start.relayout = options_.sync.relayout && !options_.only_decided;
  start.only_decided = options_.only_decided;
  for (const storage::ConflictRow& row : turn.decided) {
    start.decided.push_back({row.kind, row.key, row.record, row.reason,
                             OnlyVersion(row.side_a_json), OnlyVersion(row.side_b_json),
                             row.decision, row.choices_json});
  }
  absl::StatusOr<std::vector<std::string>> avoid = failures_.RecordsToAvoid(turn.item.id);
  absl::Status ready = avoid.ok() ? platform::MakeDirs(start.folder) : avoid.status();
  if (!ready.ok()) return ReportFor(turn, Result::kFailed, Sentence(ready));
  // On both sides: a write that crashes its target is left out by not seeing the record at its
  // source, and what is left out on one side only would look removed there.
  for (const std::string& record : *avoid) {
    start.avoid.push_back("a:" + record.substr(2));
    start.avoid.push_back("b:" + record.substr(2));
  }

  Listener listener(this, turn);
  const WorkerOutcome outcome =
      RunWorker(options_.worker, start, options_.limits, &listener, clock_);
  ItemReport report = ReportFor(turn, outcome.done.result, Describe(outcome, start));
  report.counts = outcome.done.counts;
  report.reasons_told = listener.reasons() + (outcome.Misbehaved() ? 1 : 0);
  Judge(turn, provider, start, outcome);
  if (report.result <= Result::kPartial && !avoid->empty()) LeaveOut(turn, *avoid, &report);
  if (!outcome.Misbehaved() && !report.message.empty() && !listener.HasTold(report.message)) {
    if (report.result == Result::kFailed || report.result == Result::kStopped) {
      AddEvent(turn, Level::kError, report.result == Result::kFailed ? "failed" : "stopped", "",
               report.message);
      ++report.reasons_told;
    } else if (report.result == Result::kBusy) {
      AddEvent(turn, Level::kWarning, "busy", "", report.message);
    }
  }
  return report;
}

// Says which records were not tried, so that nobody takes the item for complete.
void Session::LeaveOut(const Turn& turn, const std::vector<std::string>& records,
                       ItemReport* report) {
  for (const std::string& record : records) {
    AddEvent(turn, Level::kWarning, "left-out", RecordText(record),
             Cat("it is left out, since the provider crashed or hung twice running while at work "
                 "on it. Try it again with: syncline providers --retry ",
                 turn.item.provider));
  }
  report->reasons_told += records.size();
  report->result = Result::kPartial;
  if (!report->message.empty()) return;
  report->message =
      Cat(records.size() == 1 ? "1 record is" : Cat(records.size(), " records are"),
          " left out after crashes of the provider; the first is ", RecordText(records.front()));
}

// What the end of a worker says about its provider.
void Session::Judge(const Turn& turn, const catalog::Provider& provider,
                    const protocol::Start& start, const WorkerOutcome& outcome) {
  if (outcome.Misbehaved()) {
    AddEvent(turn, Level::kError,
             outcome.end == WorkerOutcome::End::kHung ? "provider-hung" : "provider-crashed",
             outcome.record.empty() ? "" : RecordText(outcome.record), Describe(outcome, start));
    absl::StatusOr<int> count =
        failures_.Failed(turn.item.id, provider.hash, outcome.how, outcome.record);
    if (count.ok() && *count == catalog::kFailuresUntilQuarantine) {
      AddEvent(turn, Level::kError, "provider-quarantined", "",
               Cat("The provider ", provider.manifest.id, " is quarantined: ",
                   catalog::QuarantineReason(*count, outcome.how, provider.manifest.id)));
    }
    return;
  }
  // A rehearsal proves nothing, and neither does a turn that never got to its records.
  const bool worked =
      outcome.end == WorkerOutcome::End::kDone && outcome.done.result <= Result::kPartial;
  if (!worked || start.dry_run || start.only_decided) return;
  failures_.Succeeded(turn.item.id, provider.hash, provider.failures).IgnoreError();
}

void Session::AddEvent(const Turn& turn, Level level, const char* name, const std::string& record,
                       const std::string& text) {
  storage::EventRow row;
  row.time_ns = absl::ToUnixNanos(clock_->Now());
  row.level = level;
  row.item = turn.item.id;
  row.provider = turn.item.provider;
  row.record = record;
  row.name = name;
  row.text = text;
  recorder_->AddEvent(std::move(row));
}

SessionReport Session::Finish() {
  SessionReport report;
  report.session = options_.id;
  const absl::Status stored = recorder_->Finish();
  if (!stored.ok()) {
    report.problem = Cat("The history of this session is not complete: ", Sentence(stored));
  }
  std::map<std::string, size_t> order;
  {
    absl::MutexLock lock(&mutex_);
    report.items = std::move(reports_);
    order = std::move(order_);
  }
  std::sort(report.items.begin(), report.items.end(),
            [&order](const ItemReport& a, const ItemReport& b) {
              return order.at(a.item) < order.at(b.item);
            });
  report.result = WorstResult(report.items, hub_.IsAllCancelled());
  hub_.Finish(report.result);
  return report;
}

}  // namespace syncline::session
