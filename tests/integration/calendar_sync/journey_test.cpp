// The corpus through a single file and a folder and back; syncs that are cancelled or killed.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <thread>

#include "plugins/calendar/calendar_format.h"
#include "tests/integration/calendar_sync/calendar_stage.h"

namespace syncline::testing {
namespace {

using calendar::CalendarFormat;

// UID -> what counts of it, by the format's own measure.
std::map<std::string, std::string> Versions(const Tree& tree) {
  std::map<std::string, std::string> versions;
  for (const auto& [path, line] : Snapshot(tree.root())) {
    if (!path.ends_with(".ics")) continue;
    const auto book = CalendarFormat({}).Parse(tree.Read(path));
    for (const auto& entry : book->entries()) {
      EXPECT_TRUE(versions.emplace(entry.key, entry.version).second) << entry.key;
    }
  }
  return versions;
}

std::map<std::string, std::string> Means(const Tree& tree) {
  std::map<std::string, std::string> meaning;
  for (const auto& [path, line] : Snapshot(tree.root())) {
    if (path.ends_with(".ics")) meaning.merge(Meaning(tree.Read(path)));
  }
  return meaning;
}

TEST(CalendarJourney, TheCorpusComesBackFromAFileAndAFolderAsItWas) {
  Stage stage;
  Tree file(stage.temp / "file");
  file.Write("all.ics", "");
  Tree back(stage.temp / "back");
  back.Write("all.ics", "");
  // A: a folder with a file for each record, as each program would write it.
  size_t records = 0;
  for (const auto& entry : std::filesystem::directory_iterator(SYNCLINE_TEST_DATA "/calendar")) {
    if (entry.path().extension() != ".ics") continue;
    std::ifstream stream(entry.path(), std::ios::binary);
    const auto book = CalendarFormat({}).Parse(
        std::string(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()));
    for (size_t i = 0; i < book->entries().size(); ++i) {
      stage.a.Write("record " + std::to_string(++records) + ".ics", book->Content(i));
    }
  }
  const auto before = All(stage.a);
  const auto versions = Versions(stage.a);
  const auto meaning = Means(stage.a);
  ASSERT_EQ(versions.size(), records);
  const Words legs[] = {{"One", stage.a.root(), file.Path("all.ics")},
                        {"Two", file.Path("all.ics"), stage.b.root()},
                        {"Three", stage.b.root(), back.Path("all.ics")},
                        {"Four", back.Path("all.ics"), stage.a.root()}};
  for (const Words& leg : legs) {
    const ProgramResult added = stage.Run({"add", "calendar", "--name", leg[0], leg[1], leg[2]});
    ASSERT_EQ(added.exit_code, 0) << added;
    const ProgramResult synced = stage.Run({"sync", leg[0]});
    ASSERT_EQ(synced.exit_code, 0) << synced;
  }
  EXPECT_EQ(All(stage.a), before) << "what nobody edited was rewritten";
  for (const Tree* tree : {&file, &stage.b, &back}) {
    EXPECT_EQ(Versions(*tree), versions);
    EXPECT_EQ(Means(*tree), meaning);
  }
  const auto of_file = All(file);
  const auto of_back = All(back);
  const auto of_b = All(stage.b);
  for (const Words& leg : legs) {
    const nlohmann::json document = stage.Json({"sync", leg[0]});
    ExpectNothingDone(document["items"][0]);
  }
  EXPECT_EQ(All(file), of_file);
  EXPECT_EQ(All(back), of_back);
  EXPECT_EQ(All(stage.b), of_b);
  // One edit goes all the way.
  std::string text = back.Read("all.ics");
  text.replace(text.find("SUMMARY:Dentist"), 15, "SUMMARY:Doctor");
  back.Write("all.ics", text);
  for (int i = 3; i >= 0; --i) ASSERT_EQ(stage.Run({"sync", legs[i][0]}).exit_code, 0);
  EXPECT_EQ(Versions(stage.a), Versions(back));
}

class CalendarStopped : public ::testing::TestWithParam<Shapes> {
 protected:
  static constexpr int kRecords = 800;
  static constexpr int kTurns = 5;

  CalendarStopped() : stage_(InMemory(GetParam())) {}

  // Thousands of files are written faster there, and the program is what is tested.
  static Shapes InMemory(const Shapes& shapes) {
    if (access("/dev/shm", W_OK) == 0) setenv("TMPDIR", "/dev/shm", 0);
    return shapes;
  }

  void Fill(int records) {
    std::string all;
    for (int i = 0; i < records; ++i) {
      const std::string uid = "u" + std::to_string(i);
      const std::string meeting = Meeting(uid, "Number " + std::to_string(i));
      if (stage_.a.single()) {
        all += meeting;
      } else {
        stage_.a.tree().Write(uid + ".ics", InCalendar(meeting));
      }
    }
    if (stage_.a.single()) stage_.a.tree().Write("all.ics", InCalendar(all));
    stage_.Add();
  }

  // Edits the records whose number leaves turn behind when divided by the turns.
  void EditEvery(int turn) {
    const auto edit = [turn](int number, std::string* text) {
      const std::string from = "SUMMARY:Number " + std::to_string(number) + "\r\n";
      const size_t at = text->find(from);
      ASSERT_NE(at, std::string::npos) << number;
      text->replace(at, from.size(), "SUMMARY:Turn " + std::to_string(turn) + "\r\n");
    };
    Tree& tree = stage_.a.tree();
    std::string all = stage_.a.single() ? tree.Read("all.ics") : std::string();
    for (int i = turn; i < kRecords; i += kTurns) {
      if (stage_.a.single()) {
        edit(i, &all);
        continue;
      }
      const std::string name = "u" + std::to_string(i) + ".ics";
      std::string text = tree.Read(name);
      edit(i, &text);
      tree.Write(name, text);
    }
    if (stage_.a.single()) tree.Write("all.ics", all);
  }

  // Until nobody holds the item any more.
  nlohmann::json SyncOn() {
    for (int turn = 0; turn < 500; ++turn) {
      const ProgramResult result = stage_.stage.Run({"sync", "Work"});
      if (result.exit_code == 0) return stage_.Sync();
      if (result.exit_code != 5) {
        ADD_FAILURE() << result;
        break;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    ADD_FAILURE() << "the next sync did not end well";
    return nlohmann::json::object();
  }

  void ExpectNoLeftovers() {
    for (const CalendarSide* side : {&stage_.a, &stage_.b}) {
      for (const auto& [path, line] : Snapshot(const_cast<CalendarSide*>(side)->tree().root())) {
        EXPECT_TRUE(path.ends_with(".ics") && path[0] != '.') << path;
      }
    }
  }

  CalendarStage stage_;
};

INSTANTIATE_TEST_SUITE_P(Of, CalendarStopped,
                         ::testing::Values(Shapes{Shape::kFolder, Shape::kFolder},
                                           Shapes{Shape::kFolder, Shape::kFile},
                                           Shapes{Shape::kFile, Shape::kFile}),
                         [](const auto& one) { return NameOf(one.param); });

TEST_P(CalendarStopped, ACancelledSyncGoesOnTheNextTime) {
  // So many that the signal comes in time.
  const int many = stage_.a.single() ? 8000 : 2000;
  Fill(many);
  RunningProgram sync(stage_.stage.Command({"sync", "--progress=json"}), stage_.stage.env);
  while (sync.Out().find("\"running\"") == std::string::npos && sync.Out().size() < 10'000) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  sync.Signal(SIGINT);
  const ProgramResult cancelled = sync.Finish();
  EXPECT_EQ(cancelled.exit_code, 130) << cancelled.err;
  EXPECT_EQ(cancelled.signal, 0);
  ExpectNothingDone(SyncOn());
  EXPECT_EQ(stage_.b.Means().size(), static_cast<size_t>(many));
  ExpectNoLeftovers();
}

TEST_P(CalendarStopped, AKillAtAnyMomentLosesNothing) {
  Fill(kRecords);
  std::mt19937 random(std::random_device{}());
  // The first sync is killed too; later ones carry edits of A, each of other records: an edit of
  // what a killed sync had just carried over may be a conflict (docs/architecture.md, known
  // limits).
  for (int turn = 0; turn < kTurns; ++turn) {
    if (turn > 0) EditEvery(turn);
    RunningProgram sync(stage_.stage.Command({"sync"}), stage_.stage.env);
    std::this_thread::sleep_for(std::chrono::milliseconds(10 + random() % 120));
    for (const pid_t worker : ChildrenOf(sync.pid())) kill(worker, SIGKILL);
    sync.Signal(SIGKILL);
    sync.Finish();
    // Three workers killed in a row put the provider into quarantine, as they should.
    stage_.stage.Run({"providers", "--retry", "calendar"});
    ExpectNothingDone(SyncOn());
    if (HasFailure()) return;
  }
  EXPECT_EQ(stage_.a.Means(), stage_.b.Means());
  EXPECT_EQ(stage_.b.Means().size(), static_cast<size_t>(kRecords));
  const std::string text = stage_.b.Text();
  for (int turn = 1; turn < kTurns; ++turn) {
    EXPECT_NE(text.find("SUMMARY:Turn " + std::to_string(turn)), std::string::npos);
  }
  EXPECT_EQ(text.find("SUMMARY:Number 1\r\n"), std::string::npos);
  EXPECT_TRUE(stage_.stage.Conflicts().empty());
  ExpectNoLeftovers();
}

}  // namespace
}  // namespace syncline::testing
