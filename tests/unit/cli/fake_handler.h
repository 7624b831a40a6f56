// A handler made of plain data, and a console made of strings, to run the command line in a test.
#ifndef SYNCLINE_TESTS_UNIT_CLI_FAKE_HANDLER_H_
#define SYNCLINE_TESTS_UNIT_CLI_FAKE_HANDLER_H_

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "host/cli/cli.h"
#include "host/handler/handler.h"
#include "nlohmann/json.hpp"

namespace syncline::cli {

// What the handler holds and was asked; outlives it.
struct World {
  std::vector<ProviderInfo> providers;
  std::vector<SyncItem> items;
  std::vector<EventInfo> events;
  std::set<std::string> history_of;  // ids of removed items that events are left of
  std::vector<ConflictInfo> conflicts;
  SessionReport report;
  // What happens during a session.
  std::function<void(const SyncOptions&, ProgressSink*)> during;

  absl::Status open_error;
  absl::Status error;  // of everything that changes or synchronizes
  int opened = 0;
  std::vector<std::string> calls;
  SyncItem stored;                 // by AddItem or EditItem
  std::vector<std::string> notes;  // that AddItem and EditItem give with it
  absl::StatusOr<std::optional<SafeReport>> safe = std::optional<SafeReport>();
  EventFilter filter;
  SyncOptions options;
};

class FakeHandler : public Handler {
 public:
  explicit FakeHandler(World* world) : world_(world) {}

  const std::string& home() const override { return home_; }
  absl::StatusOr<std::vector<ProviderInfo>> Providers() override { return world_->providers; }
  absl::Status RetryProvider(std::string_view id) override {
    world_->calls.push_back("retry " + std::string(id));
    for (const ProviderInfo& provider : world_->providers) {
      if (provider.id == id) return world_->error;
    }
    return absl::NotFoundError("no such provider");
  }
  absl::StatusOr<std::vector<SyncItem>> Items() override { return world_->items; }
  absl::StatusOr<SyncItem> Item(std::string_view id_or_name) override {
    for (const SyncItem& item : world_->items) {
      if (item.id == id_or_name || item.name == id_or_name) return item;
    }
    return absl::NotFoundError("no such item");
  }
  absl::StatusOr<SyncItem> AddItem(const SyncItem& item) override {
    if (!world_->error.ok()) return world_->error;
    world_->stored = item;
    world_->stored.id = "i-new";
    world_->stored.notes = world_->notes;
    return world_->stored;
  }
  absl::StatusOr<SyncItem> EditItem(const SyncItem& item) override {
    if (!world_->error.ok()) return world_->error;
    world_->stored = item;
    for (SyncItem& each : world_->items) {
      if (each.id == item.id) each = item;
    }
    world_->stored.notes = world_->notes;
    return world_->stored;
  }
  absl::Status EnableItem(std::string_view id, bool enabled) override {
    world_->calls.push_back((enabled ? "enable " : "disable ") + std::string(id));
    return world_->error;
  }
  absl::Status RemoveItem(std::string_view id) override {
    world_->calls.push_back("remove " + std::string(id));
    return world_->error;
  }
  absl::StatusOr<SessionReport> Synchronize(const std::vector<std::string>& items,
                                            const SyncOptions& options,
                                            ProgressSink* sink) override {
    std::string call = "sync";
    for (const std::string& item : items) call += " " + item;
    return Session(call, options, sink);
  }
  absl::StatusOr<std::optional<SafeReport>> Safe(std::string_view item, CancelToken* cancel,
                                                 ProgressSink* sink) override {
    SyncOptions options;
    options.cancel = cancel;
    world_->calls.push_back("safe " + std::string(item));
    if (world_->during) world_->during(options, sink);
    return world_->safe;
  }
  absl::StatusOr<std::vector<EventInfo>> Events(const EventFilter& filter) override {
    world_->filter = filter;
    return world_->events;
  }
  absl::StatusOr<int64_t> CountEvents(const EventFilter& filter) override {
    return world_->history_of.contains(*filter.item) ? 1 : 0;
  }
  absl::StatusOr<EventInfo> Event(std::string_view) override {
    return absl::NotFoundError("no such event");
  }
  absl::Status RemoveEvents(const std::vector<int64_t>&) override { return absl::OkStatus(); }
  absl::StatusOr<std::vector<ConflictInfo>> Conflicts(std::optional<std::string> item) override {
    std::vector<ConflictInfo> found;
    for (const ConflictInfo& conflict : world_->conflicts) {
      if (!item || conflict.item == *item) found.push_back(conflict);
    }
    return found;
  }
  absl::StatusOr<ConflictInfo> Conflict(int64_t id) override {
    for (const ConflictInfo& conflict : world_->conflicts) {
      if (conflict.id == id) return conflict;
    }
    return absl::NotFoundError("no such conflict");
  }
  absl::StatusOr<SessionReport> Resolve(const std::vector<int64_t>& conflicts,
                                        const Resolution& resolution, const SyncOptions& options,
                                        ProgressSink* sink) override {
    std::string call = "resolve";
    for (const int64_t conflict : conflicts) call += " " + std::to_string(conflict);
    call += " keep " + std::to_string(static_cast<int>(resolution.keep));
    for (const auto& [field, side] : resolution.choices) call += " " + field + "=" + side;
    return Session(call, options, sink);
  }

 private:
  absl::StatusOr<SessionReport> Session(const std::string& call, const SyncOptions& options,
                                        ProgressSink* sink) {
    world_->calls.push_back(call);
    world_->options = options;
    if (!world_->error.ok()) return world_->error;
    if (world_->during) world_->during(options, sink);
    return world_->report;
  }

  World* world_;
  std::string home_ = "/home/ada/.local/share/syncline";
};

// A clock that a test moves.
class StillClock : public platform::Clock {
 public:
  absl::Time Now() override { return absl::UnixEpoch() + now; }
  absl::Duration Monotonic() override { return now; }
  void Sleep(absl::Duration d) override { now += d; }
  absl::Duration now = absl::Hours(1);
};

struct Answer {
  int code = -1;
  std::string out, err;
  nlohmann::json Json() const { return nlohmann::json::parse(out); }
};

// One program run after another in the same world.
class Shell {
 public:
  Answer Run(std::vector<std::string> words);

  World world;
  std::map<std::string, std::string> environment;
  bool disk_is_full = false;  // nothing printed on stdout arrives
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  TerminalSize size;
  StillClock clock;
  std::function<void()> interrupt;  // Ctrl-C, while a session runs
  std::vector<int> exits;           // codes of exit_now
};

// An item, an event and a conflict with every field set.
SyncItem NotesItem();
EventInfo SomeEvent(int64_t id);
ConflictInfo SomeConflict(int64_t id);
ProviderInfo FoldersProvider();
ItemReport Report(protocol::Result result);
SessionReport Session(int64_t id, protocol::Result result, std::vector<ItemReport> items);

}  // namespace syncline::cli

#endif  // SYNCLINE_TESTS_UNIT_CLI_FAKE_HANDLER_H_
