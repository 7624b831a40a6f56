// Serves one Start message. See serve.h.
#include "host/worker/serve.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/time/time.h"
#include "host/engine/engine.h"
#include "host/protocol/text.h"
#include "host/worker/library.h"
#include "host/worker/worker_monitor.h"
#include "nlohmann/json.hpp"
#include "sdk/platform/file_system.h"

namespace syncline::worker {
namespace {

constexpr absl::Duration kStartTimeout = absl::Seconds(30);
constexpr absl::Duration kListenStep = absl::Milliseconds(200);

using protocol::Done;
using protocol::Result;
using protocol::Start;

engine::Direction DirectionOf(const std::string& word) {
  if (word == "mirror") return engine::Direction::kMirror;
  if (word == "add") return engine::Direction::kAdd;
  return engine::Direction::kTwoWay;
}

engine::Policy PolicyOf(const std::string& word) {
  if (word == "newer") return engine::Policy::kNewer;
  if (word == "a") return engine::Policy::kA;
  if (word == "b") return engine::Policy::kB;
  if (word == "both") return engine::Policy::kBoth;
  return engine::Policy::kAsk;
}

engine::Decision DecisionOf(const std::string& word) {
  if (word == "a") return engine::Decision::kA;
  if (word == "b") return engine::Decision::kB;
  if (word == "both") return engine::Decision::kBoth;
  if (word == "merge") return engine::Decision::kMerge;
  return engine::Decision::kNone;
}

// The version a side had when the person decided; empty when it had none.
std::string VersionIn(const std::string& side_json) {
  const nlohmann::json json = nlohmann::json::parse(side_json, nullptr, false);
  if (!json.is_object() || !json.contains("version") || !json["version"].is_string()) return "";
  return absl::HexStringToBytes(json["version"].get<std::string>());
}

engine::Choices ChoicesIn(const std::string& text) {
  engine::Choices choices;
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return choices;
  for (const auto& [field, side] : json.items()) {
    choices[field] = side == "b" ? engine::Side::kB : engine::Side::kA;
  }
  return choices;
}

engine::SyncRequest RequestFrom(const Start& start) {
  engine::SyncRequest request;
  request.provider = start.provider;
  request.folder = start.folder;
  const std::string* const locations[2] = {&start.location_a, &start.location_b};
  for (int i = 0; i < 2; ++i) {
    request.settings[i] = start.settings;
    request.settings[i]["location"] = *locations[i];
    request.settings[i]["side"] = i == 0 ? "a" : "b";
    request.settings[i]["item"] = start.item_id;
    request.settings[i]["direction"] = start.direction.empty() ? "two-way" : start.direction;
  }
  request.direction = DirectionOf(start.direction);
  request.policy = PolicyOf(start.conflict_policy);
  request.filters = start.filters;
  request.dry_run = start.dry_run;
  request.allow_deletes = start.allow_deletes;
  request.accept_root = start.accept_root;
  request.only_decided = start.only_decided;
  request.relayout = start.relayout;
  for (const protocol::Conflict& conflict : start.decided) {
    engine::Decided decided;
    decided.decision = DecisionOf(conflict.decision);
    decided.version[0] = VersionIn(conflict.side_a_json);
    decided.version[1] = VersionIn(conflict.side_b_json);
    decided.choices = ChoicesIn(conflict.choices_json);
    request.decided.emplace(conflict.key, std::move(decided));
  }
  for (const std::string& record : start.avoid) {
    if (record.size() < 2 || record[1] != ':') continue;
    request.avoid[record[0] == 'b' ? 1 : 0].insert(record.substr(2));
  }
  return request;
}

Done DoneFrom(engine::SyncReport report) {
  Done done;
  switch (report.result) {
    case engine::SyncResult::kDone:
      done.result = Result::kDone;
      break;
    case engine::SyncResult::kConflicts:
      done.result = Result::kConflicts;
      break;
    case engine::SyncResult::kPartial:
      done.result = Result::kPartial;
      break;
    case engine::SyncResult::kStopped:
      done.result = Result::kStopped;
      break;
    case engine::SyncResult::kFailed:
      done.result = Result::kFailed;
      break;
    case engine::SyncResult::kCancelled:
      done.result = Result::kCancelled;
      break;
  }
  done.message = protocol::DisplayText(report.message);
  done.setting = std::move(report.setting);
  const engine::Tally& t = report.tally;
  done.counts = {t.unchanged, t.created, t.updated, t.removed, t.moved, t.merged,
                 t.conflicts, t.failed,  t.adopted, t.skipped, t.bytes};
  return done;
}

Done Failure(Result result, const std::string& message) {
  Done done;
  done.result = result;
  done.message = protocol::DisplayText(message);
  return done;
}

// Passes Cancel on to the engine. A host that is gone counts as Cancel: what is begun is finished,
// no more.
class Listener {
 public:
  Listener(protocol::MessageChannel* channel, engine::Monitor* monitor)
      : channel_(channel), monitor_(monitor), thread_([this] { Listen(); }) {}
  ~Listener() {
    stop_ = true;
    channel_->StopReceiving();  // waiting for its time-out would cost every item 100 ms
    thread_.join();
  }

 private:
  void Listen() {
    while (!stop_) {
      const absl::StatusOr<protocol::Message> message = channel_->Receive(kListenStep);
      if (message.ok() && std::holds_alternative<protocol::Cancel>(*message)) monitor_->Cancel();
      if (!message.ok() && !absl::IsDeadlineExceeded(message.status())) {
        monitor_->Cancel();
        return;
      }
    }
  }
  protocol::MessageChannel* const channel_;
  engine::Monitor* const monitor_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

Done RunItem(const Start& start, protocol::MessageChannel* channel) {
  const std::string note = Cat("process ", platform::ProcessId(), " since ",
                               absl::FormatTime("%H:%M:%S", absl::Now(), absl::LocalTimeZone()));
  std::optional<platform::LockFile> lock;
  std::unique_ptr<platform::SharedNote> at_work;
  if (!start.check_only) {
    absl::StatusOr<platform::LockFile> held =
        platform::LockFile::Acquire(platform::JoinPath(start.folder, "lock"), note);
    if (absl::IsFailedPrecondition(held.status())) {
      return Failure(Result::kBusy,
                     Cat("it is being synced already (", std::string(held.status().message()),
                         "); wait until that is done"));
    }
    if (!held.ok()) return Failure(Result::kFailed, Sentence(held.status()));
    lock.emplace(*std::move(held));
    absl::StatusOr<std::unique_ptr<platform::SharedNote>> shared =
        platform::SharedNote::Open(platform::JoinPath(start.folder, "at-work"));
    if (!shared.ok()) return Failure(Result::kFailed, Sentence(shared.status()));
    at_work = *std::move(shared);
  }
  WorkerMonitor monitor(channel, std::move(at_work), platform::Clock::Real());
  Listener listener(channel, &monitor);
  monitor.AtWork("load", engine::Side::kA, "", "");
  const absl::StatusOr<const syncline_entry*> entry = LoadProvider(start.library);
  if (!entry.ok()) return Failure(Result::kFailed, Sentence(entry.status()));
  engine::SyncRequest request = RequestFrom(start);
  request.entry = *entry;
  engine::SyncReport report = start.check_only  ? engine::CheckItem(request, &monitor)
                              : start.tell_safe ? engine::TellSafe(request, &monitor)
                                                : engine::RunSync(request, &monitor);
  monitor.Finish();
  return DoneFrom(std::move(report));
}

}  // namespace

int Serve(protocol::MessageChannel* channel) {
  const absl::StatusOr<protocol::Message> message = channel->Receive(kStartTimeout);
  if (!message.ok() || !std::holds_alternative<Start>(*message)) return 2;
  const Done done = RunItem(std::get<Start>(*message), channel);
  return channel->Send(done).ok() ? 0 : 1;
}

}  // namespace syncline::worker
