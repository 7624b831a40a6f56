// A large sync cancelled, or killed at any moment: the next one goes on and loses nothing.
//
// SYNCLINE_SEED=N repeats the moments of a run.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>
#include <thread>

#include "tests/support/stage.h"

namespace syncline::testing {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr int kFolders = 40;
constexpr int kFilesInEach = 50;
constexpr int kRounds = 6;
constexpr int kKillsInEach = 2;

class Killed : public ::testing::Test {
 protected:
  Killed() {
    if (access("/dev/shm", W_OK) == 0) setenv("TMPDIR", "/dev/shm", 0);
    stage_ = std::make_unique<Stage>();
  }

  static std::string FolderName(int i) { return "folder " + std::to_string(i); }
  // Each folder is edited on one side only, so that no kill can make a conflict.
  Tree& SideOf(int folder) { return folder % 2 == 0 ? stage_->a : stage_->b; }

  void Write(int folder, const std::string& name, const std::string& text) {
    SideOf(folder).Write(names_[folder] + "/" + name, text);
    model_[folder][name] = text;
  }

  void MakeAll() {
    for (int i = 0; i < kFolders; ++i) {
      names_.push_back(FolderName(i));
      model_.emplace_back();
      for (int k = 0; k < kFilesInEach; ++k) {
        Write(i, "file " + std::to_string(k), std::string(static_cast<size_t>(k) * 100, 'x'));
      }
    }
  }

  // Edits, deletes and moves on both sides, as people make them between two syncs.
  void EditMany(std::mt19937* random, int round) {
    const auto below = [random](int limit) {
      return static_cast<int>((*random)() % static_cast<unsigned>(limit));
    };
    for (int edit = 0; edit < 1500; ++edit) {
      const int folder = below(kFolders);
      const std::string name = "file " + std::to_string(below(kFilesInEach));
      if (below(30) == 0 && model_[folder].count(name) != 0) {
        SideOf(folder).Remove(names_[folder] + "/" + name);
        model_[folder].erase(name);
      } else {
        Write(folder, name, "edit " + std::to_string((*random)()));
      }
    }
    for (int move = 0; move < 3; ++move) {
      const int folder = below(kFolders);
      const std::string to = FolderName(folder) + " moved " + std::to_string(round);
      if (names_[folder] == to) continue;
      SideOf(folder).Move(names_[folder], to);
      names_[folder] = to;
    }
  }

  // Both sides hold what the model does and nothing else.
  void ExpectModel() {
    EXPECT_EQ(All(stage_->a), All(stage_->b));
    size_t count = 0;
    for (int i = 0; i < kFolders; ++i) {
      count += 1 + model_[i].size();
      for (const auto& [name, text] : model_[i]) {
        const std::string path = names_[i] + "/" + name;
        ASSERT_TRUE(stage_->b.Exists(path)) << path;
        ASSERT_EQ(stage_->a.Read(path), text) << path;
      }
    }
    EXPECT_EQ(All(stage_->a).size(), count);
  }

  std::unique_ptr<Stage> stage_;
  std::vector<std::string> names_;                         // of the folders
  std::vector<std::map<std::string, std::string>> model_;  // file name -> content, by folder
};

TEST_F(Killed, ACancelledSyncEndsWith130AndTheNextGoesOn) {
  MakeAll();
  for (int i = 0; i < 20; ++i) Write(0, "large " + std::to_string(i), std::string(4 << 20, 'l'));
  stage_->Add();
  RunningProgram sync(stage_->Command({"sync", "--progress=json"}), stage_->env);
  while (sync.Out().find("\"applying\"") == std::string::npos && sync.Out().size() < 100'000) {
    std::this_thread::sleep_for(milliseconds(1));
  }
  const auto started = std::chrono::steady_clock::now();
  sync.Signal(SIGINT);
  const ProgramResult cancelled = sync.Finish();
  EXPECT_LT(std::chrono::steady_clock::now() - started, milliseconds(3000));
  EXPECT_EQ(cancelled.exit_code, 130) << cancelled;
  EXPECT_NE(cancelled.out.find("\"result\":\"cancelled\""), std::string::npos) << cancelled;
  for (const Tree* tree : {&stage_->a, &stage_->b}) {
    for (const auto& [path, line] : All(*tree)) {
      EXPECT_EQ(path.find(".~syncline"), std::string::npos) << path;
    }
  }
  stage_->Sync();
  ExpectModel();
  ExpectNothingDone(stage_->Sync());
}

TEST_F(Killed, AKillAtAnyMomentLosesNothing) {
  const char* given = std::getenv("SYNCLINE_SEED");
  const unsigned seed =
      given != nullptr ? static_cast<unsigned>(std::atoi(given)) : std::random_device()();
  std::cerr << "SYNCLINE_SEED=" << seed << "\n";
  std::mt19937 random(seed);
  const auto below = [&random](int limit) {
    return static_cast<int>(random() % static_cast<unsigned>(limit));
  };
  MakeAll();
  stage_->Add();
  // How long one takes here: of a twin that nobody disturbs.
  Tree twin(stage_->temp / "twin"), copy(stage_->temp / "copy");
  for (int i = 0; i < kFolders * kFilesInEach; ++i) {
    twin.Write(FolderName(i % kFolders) + "/" + std::to_string(i), std::string(2500, 'x'));
  }
  const Environment own = {{"SYNCLINE_HOME", stage_->temp / "twin home"}};
  RunProgram(stage_->Command({"add", "folders", "--name", "Twin", twin.root(), copy.root()}), own);
  const auto before = std::chrono::steady_clock::now();
  ASSERT_EQ(RunProgram(stage_->Command({"sync"}), own).exit_code, 0);
  const auto longest =
      std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() - before);
  int hits = 0;
  for (int round = 0; round < kRounds; ++round) {
    if (round > 0) EditMany(&random, round);
    for (int turn = 0; turn < kKillsInEach; ++turn) {
      RunningProgram sync(stage_->Command({"sync"}), stage_->env);
      std::this_thread::sleep_for(microseconds(below(static_cast<int>(longest.count()))));
      // The worker, the host, or both at once.
      const int victim = (round * kKillsInEach + turn) % 3;
      if (victim != 1) {
        for (const pid_t worker : ChildrenOf(sync.pid())) kill(worker, SIGKILL);
      }
      if (victim != 0) sync.Signal(SIGKILL);
      const ProgramResult result = sync.Finish();
      EXPECT_FALSE(result.timed_out);
      if (result.exit_code != 0) ++hits;
      // Three workers killed in a row put the provider into quarantine, as they should.
      stage_->Run({"providers", "--retry", "folders"});
    }
    // A worker whose host was killed ends after its record; until then the item is busy.
    ProgramResult last = stage_->Run({"sync"});
    for (int turn = 0; turn < 200 && last.exit_code == 5; ++turn) {
      std::this_thread::sleep_for(milliseconds(20));
      last = stage_->Run({"sync"});
    }
    EXPECT_EQ(last.exit_code, 0) << last;
    ExpectModel();
    ExpectNothingDone(stage_->Sync());
    if (HasFailure()) return;
  }
  std::cerr << hits << " of " << kRounds * kKillsInEach << " kills came in time\n";
}

}  // namespace
}  // namespace syncline::testing
