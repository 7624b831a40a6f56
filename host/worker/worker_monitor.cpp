// The engine's monitor in a worker. See worker_monitor.h.
#include "host/worker/worker_monitor.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/time/time.h"
#include "host/protocol/text.h"
#include "nlohmann/json.hpp"

namespace syncline::worker {
namespace {

constexpr absl::Duration kProgressEvery = absl::Milliseconds(33);  // 30 a second
constexpr absl::Duration kSignOfLifeEvery = absl::Seconds(1);
constexpr size_t kBatch = 256;

std::string Hex(std::string_view bytes) {
  return absl::BytesToHexString(absl::string_view(bytes.data(), bytes.size()));
}

nlohmann::json FieldsJson(const std::map<std::string, std::string>& fields) {
  nlohmann::json json = nlohmann::json::object();
  for (const auto& [name, value] : fields) {
    json[protocol::DisplayText(name)] = protocol::DisplayText(value);
  }
  return json;
}

// See conflicts in storage/schema/syncline_001.sql.
std::string SideJson(const engine::ConflictReport::View& view) {
  nlohmann::json json = nlohmann::json::object();
  if (view.there) {
    json["id"] = protocol::DisplayText(view.id);
    json["version"] = Hex(view.version);
    json["title"] = protocol::DisplayText(view.title);
    if (view.size != SYNCLINE_UNKNOWN_SIZE) json["size"] = view.size;
    if (view.mtime_ns != SYNCLINE_UNKNOWN_TIME) json["modified"] = view.mtime_ns;
    json["fields"] = FieldsJson(view.fields);
    json["differing"] = FieldsJson(view.differing);
  }
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

WorkerMonitor::WorkerMonitor(protocol::MessageChannel* channel,
                             std::unique_ptr<platform::SharedNote> note, platform::Clock* clock)
    : channel_(channel), note_(std::move(note)), clock_(clock), reporter_([this] { Report(); }) {}

WorkerMonitor::~WorkerMonitor() { Finish(); }

void WorkerMonitor::Finish() {
  {
    absl::MutexLock lock(&mutex_);
    if (stop_) return;
    stop_ = true;
  }
  reporter_.join();
  SendProgress();
  FlushEvents();
  if (note_ != nullptr) note_->Clear();
}

void WorkerMonitor::AtWork(std::string_view operation, engine::Side side, std::string_view id,
                           std::string_view name) {
  Touch();
  if (note_ != nullptr) {
    note_text_.assign(operation);
    note_text_.push_back(' ');
    note_text_.push_back(engine::SideLetter(side));
    note_text_.push_back(':');
    note_text_.append(id);
    note_->Set(note_text_);
  }
  absl::MutexLock lock(&mutex_);
  current_.assign(name.empty() ? id : name);
}

void WorkerMonitor::Event(int level, std::string_view key, std::string_view name,
                          std::string_view text) {
  protocol::Event event;
  event.time_ns = absl::ToUnixNanos(clock_->Now());
  event.level = level;
  event.record = protocol::DisplayText(key);
  event.name = std::string(name);
  event.text = protocol::DisplayText(text);
  bool full = false;
  {
    absl::MutexLock lock(&mutex_);
    events_.events.push_back(std::move(event));
    full = events_.events.size() >= kBatch;
  }
  if (full) FlushEvents();
}

void WorkerMonitor::Log(int /*level*/, std::string_view text) {
  // The host keeps what a worker prints and shows it when the worker ends badly.
  const std::string line = protocol::DisplayText(text) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

void WorkerMonitor::Conflict(const engine::ConflictReport& conflict) {
  protocol::Conflict message;
  message.kind = std::string(engine::ConflictKindName(conflict.kind));
  message.key = conflict.key;
  message.record = protocol::DisplayText(conflict.key);
  message.reason = protocol::DisplayText(conflict.reason);
  message.side_a_json = SideJson(conflict.side[0]);
  message.side_b_json = SideJson(conflict.side[1]);
  channel_->Send(message).IgnoreError();  // a closed channel shows in the listener
}

void WorkerMonitor::Plan(const engine::PlanLine& line) {
  bool full = false;
  {
    absl::MutexLock lock(&mutex_);
    plan_.entries.push_back({line.action, line.side, protocol::DisplayText(line.key),
                             protocol::DisplayText(line.from), line.bytes});
    full = plan_.entries.size() >= kBatch;
  }
  if (full) FlushEvents();
}

void WorkerMonitor::Safe(std::string_view record, std::string_view why_not) {
  bool full = false;
  {
    absl::MutexLock lock(&mutex_);
    safe_.records.push_back(
        {protocol::DisplayText(record), why_not.empty(), protocol::DisplayText(why_not)});
    full = safe_.records.size() >= kBatch;
  }
  if (full) FlushEvents();
}

void WorkerMonitor::FlushEvents() {
  protocol::Events events;
  protocol::Plan plan;
  protocol::SafeRecords safe;
  {
    absl::MutexLock lock(&mutex_);
    std::swap(events, events_);
    std::swap(plan, plan_);
    std::swap(safe, safe_);
  }
  if (!events.events.empty()) channel_->Send(events).IgnoreError();
  if (!plan.entries.empty()) channel_->Send(plan).IgnoreError();
  if (!safe.records.empty()) channel_->Send(safe).IgnoreError();
}

void WorkerMonitor::SendProgress() {
  protocol::Progress progress;
  const engine::Monitor::Progress now = Sample();
  switch (now.phase) {
    case engine::Phase::kStarting:
      progress.phase = protocol::Phase::kStarting;
      break;
    case engine::Phase::kScanning:
      progress.phase = protocol::Phase::kScanning;
      break;
    case engine::Phase::kPlanning:
      progress.phase = protocol::Phase::kPlanning;
      break;
    case engine::Phase::kApplying:
      progress.phase = protocol::Phase::kApplying;
      break;
    case engine::Phase::kFinishing:
      progress.phase = protocol::Phase::kFinishing;
      break;
  }
  progress.records_scanned = now.records_scanned;
  progress.records_done = now.records_done;
  progress.records_total = now.records_total;
  progress.bytes_done = now.bytes_done;
  progress.bytes_total = now.bytes_total;
  progress.activity = activity;
  progress.flushing = flushing;
  {
    absl::MutexLock lock(&mutex_);
    progress.current = protocol::DisplayText(current_);
  }
  channel_->Send(progress).IgnoreError();
}

// The reporter thread: samples the counters, so that the record at work pays for no message.
void WorkerMonitor::Report() {
  uint64_t last_activity = ~uint64_t{0};
  absl::Duration last_sent = absl::ZeroDuration();
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(absl::Condition(&stop_), kProgressEvery);
      if (stop_) return;
    }
    const uint64_t now_activity = activity;
    const absl::Duration now = clock_->Monotonic();
    if (now_activity != last_activity || now - last_sent >= kSignOfLifeEvery) {
      SendProgress();
      last_activity = now_activity;
      last_sent = now;
    }
    FlushEvents();
  }
}

}  // namespace syncline::worker
