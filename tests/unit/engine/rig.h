// Two real folders, a real provider library and the engine between them, without worker or handler:
//
//   Rig rig;                             // the folders provider; Rig rig("lines") for another
//   rig.a.Write("notes/todo", "milk");   // tests/support/scratch.h
//   EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
//   EXPECT_TRUE(rig.InStep());
#ifndef SYNCLINE_TESTS_UNIT_ENGINE_RIG_H_
#define SYNCLINE_TESTS_UNIT_ENGINE_RIG_H_

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "host/engine/engine.h"
#include "tests/support/scratch.h"

namespace syncline::engine {

class TestMonitor : public Monitor {
 public:
  void AtWork(std::string_view operation, Side, std::string_view id, std::string_view) override {
    at_work = std::string(operation) + " " + std::string(id);
    if (on_work) on_work(at_work);
  }
  void Event(int level, std::string_view key, std::string_view name,
             std::string_view text) override {
    const std::lock_guard<std::mutex> lock(mutex);
    events.push_back(std::to_string(level) + " " + std::string(key) + " " + std::string(name) +
                     ": " + std::string(text));
  }
  void Log(int, std::string_view) override {}
  void Conflict(const ConflictReport& conflict) override { conflicts[conflict.key] = conflict; }
  void Plan(const PlanLine& line) override {
    plan.push_back(line.action + " " + line.side + " " + line.key);
  }
  void Safe(std::string_view record, std::string_view why_not) override {
    safe[std::string(record)] = std::string(why_not);
  }

  std::mutex mutex;
  std::string at_work;
  std::function<void(const std::string&)> on_work;
  std::vector<std::string> events;
  std::map<std::string, ConflictReport> conflicts;
  std::vector<std::string> plan;
  std::map<std::string, std::string> safe;
};

class Rig {
 public:
  explicit Rig(const std::string& provider = "folders")
      : a(temp / "a"), b(temp / "b"), home(temp / "home") {
    const std::string file = provider == "folders"
                                 ? std::string(SYNCLINE_BIN) + "/plugins/folders.so"
                                 : std::string(SYNCLINE_TEST_PROVIDERS) + "/" + provider + ".so";
    void* library = dlopen(file.c_str(), RTLD_NOW);
    if (library == nullptr) throw std::runtime_error(dlerror());
    request.entry = static_cast<const syncline_entry*>(dlsym(library, "syncline_entry_1"));
    request.folder = home.root();
    for (int i = 0; i < 2; ++i) {
      request.settings[i] = {{"location", i == 0 ? a.root() : b.root()},
                             {"side", i == 0 ? "a" : "b"},
                             {"item", "test-item"}};
    }
  }

  SyncResult Sync() {
    monitor = std::make_unique<TestMonitor>();
    monitor->on_work = on_work;
    report = RunSync(request, monitor.get());
    // Nothing of ours stays behind.
    for (const testing::Tree* side : {&a, &b}) {
      if (!temp_tree.Exists(side == &a ? "a" : "b")) continue;
      for (const auto& [path, line] : testing::Snapshot(side->root())) {
        EXPECT_EQ(path.find(".~syncline-"), std::string::npos) << "left behind: " << path;
      }
    }
    return report.result;
  }
  // Both sides hold the same, and a further sync has nothing to do.
  ::testing::AssertionResult InStep() {
    const auto left = testing::Snapshot(a.root()), right = testing::Snapshot(b.root());
    if (left != right) {
      return ::testing::AssertionFailure() << "sides differ\n"
                                           << Text(left) << "---\n"
                                           << Text(right);
    }
    Sync();
    const Tally& t = report.tally;
    if (t.created + t.updated + t.removed + t.moved + t.merged + t.adopted + t.failed != 0) {
      return ::testing::AssertionFailure() << "a further sync found something to do: " << *this;
    }
    return ::testing::AssertionSuccess();
  }
  static std::string Text(const std::map<std::string, std::string>& tree) {
    std::string text;
    for (const auto& [path, line] : tree) text += "  " + path + ": " + line + "\n";
    return text;
  }
  friend std::ostream& operator<<(std::ostream& out, const Rig& rig) {
    const Tally& t = rig.report.tally;
    out << "result " << static_cast<int>(rig.report.result) << " '" << rig.report.message
        << "' unchanged " << t.unchanged << " created " << t.created << " updated " << t.updated
        << " removed " << t.removed << " moved " << t.moved << " merged " << t.merged << " adopted "
        << t.adopted << " conflicts " << t.conflicts << " failed " << t.failed << " skipped "
        << t.skipped << "\n";
    for (const std::string& event : rig.monitor->events) out << "  " << event << "\n";
    return out << "A:\n"
               << Text(testing::Snapshot(rig.a.root())) << "B:\n"
               << Text(testing::Snapshot(rig.b.root()));
  }
  // Decides a conflict that the last sync told.
  void Decide(const std::string& key, Decision decision, const Choices& choices = {}) {
    const ConflictReport& c = monitor->conflicts.at(key);
    request.decided[key] = {decision, {c.side[0].version, c.side[1].version}, choices};
  }

  testing::TempDir temp;
  testing::Tree temp_tree{temp.path()};
  testing::Tree a, b, home;
  SyncRequest request;
  SyncReport report;
  std::unique_ptr<TestMonitor> monitor;
  std::function<void(const std::string&)> on_work;
};

}  // namespace syncline::engine

#endif  // SYNCLINE_TESTS_UNIT_ENGINE_RIG_H_
