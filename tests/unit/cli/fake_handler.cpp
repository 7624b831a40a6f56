// The shell of the tests and its sample data.
#include "tests/unit/cli/fake_handler.h"

namespace syncline::cli {
namespace {

class FakeWatch : public platform::InterruptWatch {
 public:
  FakeWatch(std::function<void()>* place, std::function<void()> call) : place_(place) {
    *place_ = std::move(call);
  }
  ~FakeWatch() override { *place_ = nullptr; }

 private:
  std::function<void()>* place_;
};

}  // namespace

Answer Shell::Run(std::vector<std::string> words) {
  words.insert(words.begin(), "syncline");
  std::vector<const char*> argv;
  for (const std::string& word : words) argv.push_back(word.c_str());
  std::ostringstream out;
  std::ostringstream err;
  if (disk_is_full) out.setstate(std::ios::badbit);
  Console console;
  console.out = &out;
  console.err = &err;
  console.out_is_terminal = out_is_terminal;
  console.err_is_terminal = err_is_terminal;
  console.terminal_size = [this] { return size; };
  console.environment = [this](const char* name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string() : found->second;
  };
  console.clock = &clock;
  console.watch_interrupts = [this](std::function<void()> call) {
    return std::make_unique<FakeWatch>(&interrupt, std::move(call));
  };
  console.exit_now = [this](int code) { exits.push_back(code); };
  Answer answer;
  answer.code = Main(static_cast<int>(argv.size()), argv.data(), console,
                     [this]() -> absl::StatusOr<std::unique_ptr<Handler>> {
                       ++world.opened;
                       if (!world.open_error.ok()) return world.open_error;
                       return std::make_unique<FakeHandler>(&world);
                     });
  answer.out = out.str();
  answer.err = err.str();
  return answer;
}

namespace {
absl::Time At(int second) { return absl::FromUnixSeconds(1'700'000'000 + second); }
}  // namespace

SyncItem NotesItem() {
  SyncItem item;
  item.id = "i-1";
  item.name = "Notes";
  item.provider = "folders";
  item.location_a = "/home/ada/notes";
  item.location_b = "/media/stick/notes";
  item.settings = {{"hard_links", "keep"}};
  item.filters = {"*.tmp", "!keep.tmp"};
  item.last_result = "conflicts";
  item.last_sync = At(0);
  item.conflicts = 2;
  return item;
}

EventInfo SomeEvent(int64_t id) {
  EventInfo event;
  event.id = id;
  event.guid = "guid-" + std::to_string(id);
  event.time = At(static_cast<int>(id));
  event.level = "warning";
  event.session = 7;
  event.item = "i-1";
  event.provider = "folders";
  event.record = "todo.txt";
  event.name = "skipped";
  event.text = "a socket cannot be synced";
  return event;
}

ConflictInfo SomeConflict(int64_t id) {
  ConflictInfo conflict;
  conflict.id = id;
  conflict.item = "i-1";
  conflict.item_name = "Notes";
  conflict.kind = "edit-edit";
  conflict.record = "todo.txt";
  conflict.a = {true, "todo.txt", 1200, At(10), {{"permissions", "rw-r--r--"}, {"type", "file"}}};
  conflict.b = {true, "todo.txt", 1300, At(20), {{"permissions", "rw-------"}, {"type", "file"}}};
  conflict.since = At(30);
  return conflict;
}

ProviderInfo FoldersProvider() {
  ProviderInfo provider;
  provider.id = "folders";
  provider.name = "Folders";
  provider.version = "1.0";
  provider.description = "Files and folders";
  provider.state = "ready";
  provider.file = "/usr/lib/syncline/plugins/folders.so";
  ProviderInfo::Setting setting;
  setting.key = "hard_links";
  setting.type = "choice";
  setting.default_value = "report";
  setting.help = "What to do with hard links";
  setting.choices = {"report", "keep"};
  provider.settings = {setting};
  return provider;
}

ItemReport Report(protocol::Result result) {
  ItemReport report;
  report.item = "i-1";
  report.name = "Notes";
  report.result = result;
  report.seconds = 0.5;
  report.counts.unchanged = 10;
  return report;
}

SessionReport Session(int64_t id, protocol::Result result, std::vector<ItemReport> items) {
  SessionReport report;
  report.session = id;
  report.result = result;
  report.items = std::move(items);
  return report;
}

}  // namespace syncline::cli
