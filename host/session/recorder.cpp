#include "host/session/recorder.h"

#include <algorithm>
#include <utility>

#include "host/protocol/text.h"
#include "host/session/rows.h"

namespace syncline::session {
namespace {

constexpr absl::Duration kFlushEvery = absl::Milliseconds(500);
constexpr size_t kFlushAt = 1000;
constexpr size_t kMostWaiting = 20'000;
// A caller waits no longer than this: it also has to follow a cancel.
constexpr absl::Duration kLongestWait = absl::Milliseconds(200);

bool Completed(protocol::Result result) { return result <= protocol::Result::kPartial; }

}  // namespace

absl::StatusOr<std::unique_ptr<Recorder>> Recorder::Start(const Options& options, ProgressHub* hub,
                                                          platform::Clock* clock) {
  absl::StatusOr<storage::Database> database =
      storage::Database::Open(options.database, {.kind = "syncline"});
  if (!database.ok()) return database.status();
  return std::unique_ptr<Recorder>(new Recorder(options, *std::move(database), hub, clock));
}

Recorder::Recorder(const Options& options, storage::Database database, ProgressHub* hub,
                   platform::Clock* clock)
    : options_(options), database_(std::move(database)), hub_(hub), clock_(clock) {
  thread_ = std::thread([this] { Run(); });
}

Recorder::~Recorder() { Finish().IgnoreError(); }

absl::Status Recorder::Finish() {
  {
    absl::MutexLock lock(&mutex_);
    stop_ = true;
  }
  if (thread_.joinable()) thread_.join();
  return first_error_;
}

bool Recorder::ShouldFlush() const { return stop_ || entries_.size() >= kFlushAt; }
bool Recorder::HasRoom() const { return entries_.size() < kMostWaiting; }

void Recorder::Add(Entry entry) {
  absl::MutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(this, &Recorder::HasRoom), kLongestWait);
  entries_.push_back(std::move(entry));
}

void Recorder::Run() {
  bool stopping = false;
  while (!stopping) {
    std::vector<Entry> entries;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(absl::Condition(this, &Recorder::ShouldFlush), kFlushEvery);
      entries.swap(entries_);
      stopping = stop_;
    }
    Store(std::move(entries));
  }
}

void Recorder::Store(std::vector<Entry> entries) {
  std::vector<storage::EventRow> events;
  for (Entry& entry : entries) {
    if (auto* event = std::get_if<storage::EventRow>(&entry)) {
      events.push_back(std::move(*event));
      continue;
    }
    StoreEvents(&events);
    if (auto* conflict = std::get_if<FoundConflict>(&entry)) {
      StoreConflict(std::move(*conflict));
    } else {
      StoreEnding(std::get<Ending>(entry));
    }
  }
  StoreEvents(&events);
}

void Recorder::StoreEvents(std::vector<storage::EventRow>* events) {
  if (events->empty()) return;
  for (storage::EventRow& event : *events) event.session = options_.session;
  if (options_.session != 0) {
    const absl::Status status = storage::EventTable(&database_).Append(*events);
    Keep(status);
    if (status.ok()) {
      // One transaction under one lock, ids AUTOINCREMENT: they follow each other.
      int64_t id = database_.LastInsertId() - static_cast<int64_t>(events->size());
      for (storage::EventRow& event : *events) event.id = ++id;
    }
  }
  for (const storage::EventRow& event : *events) {
    hub_->Tell([&](ProgressSink* sink) { sink->OnEvent(InfoOf(event, options_.database_uuid)); });
  }
  events->clear();
}

void Recorder::StoreConflict(FoundConflict conflict) {
  storage::ConflictRow& row = conflict.row;
  if (options_.session != 0) {
    storage::ConflictTable conflicts(&database_);
    absl::StatusOr<int64_t> id = conflicts.Put(row);
    Keep(id.status());
    if (id.ok()) {
      row.id = *id;
      found_[row.item].push_back(*id);
      // The history tells of it once, not at each sync that finds it still waiting.
      const absl::StatusOr<std::optional<storage::ConflictRow>> stored = conflicts.Get(*id);
      if (stored.ok() && stored->has_value() && (*stored)->since_ns == row.since_ns) {
        storage::EventRow event;
        event.time_ns = row.since_ns;
        event.level = storage::Level::kWarning;
        event.item = row.item;
        event.record = row.record;
        event.name = kConflictEvent;
        const std::string title = TitleOf(InfoOf(row, conflict.item_name));
        event.text = Cat("a conflict (", row.kind, ")", title.empty() ? "" : " of \"", title,
                         title.empty() ? "" : "\"", " waits for a decision",
                         row.reason.empty() ? "" : ": ", row.reason);
        std::vector<storage::EventRow> events = {std::move(event)};
        StoreEvents(&events);
      }
    }
  }
  hub_->Tell([&](ProgressSink* sink) { sink->OnConflict(InfoOf(row, conflict.item_name)); });
}

void Recorder::StoreEnding(const Ending& ending) {
  if (options_.session == 0) return;
  const ItemReport& report = ending.report;
  const std::string result(protocol::ResultName(report.result));
  storage::SessionTable sessions(&database_);
  Keep(sessions.PutItem(options_.session,
                        {report.item, result, CountsJson(report.counts), report.seconds}));
  const absl::Status status =
      storage::ItemTable(&database_)
          .SetLastResult(report.item, result, absl::ToUnixNanos(clock_->Now()));
  if (!absl::IsNotFound(status)) Keep(status);  // removed meanwhile: nothing to remember

  const std::vector<int64_t> found = std::exchange(found_[report.item], {});
  if (!Completed(report.result)) return;
  storage::ConflictTable conflicts(&database_);
  if (!ending.only_decided) Keep(conflicts.RemoveOthers(report.item, found));
  for (const int64_t id : ending.decided) {
    if (std::find(found.begin(), found.end(), id) != found.end()) {
      // It could not be carried out: a person looks again.
      Keep(conflicts.Decide(id, ""));
    } else if (ending.only_decided) {
      const absl::Status removed = conflicts.Remove(id);
      if (!absl::IsNotFound(removed)) Keep(removed);
    }
  }
}

void Recorder::Keep(const absl::Status& status) {
  if (first_error_.ok()) first_error_ = status;
}

}  // namespace syncline::session
