// Making the first item and syncing it, with the n-th operation of the programs failing or being
// their last: the same commands, given again, then do it.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <ostream>
#include <utility>
#include <vector>

#include "tests/support/stage.h"

namespace syncline::testing {
namespace {

constexpr int kShards = 4;

struct Fault {
  const char* command;
  const char* door;
  const char* action;
  int shard;
  friend std::ostream& operator<<(std::ostream& out, const Fault& fault) {
    return out << fault.command << ' ' << fault.door << ' ' << fault.action << ' ' << fault.shard;
  }
};

std::vector<Fault> AllFaults() {
  std::vector<Fault> all;
  for (const auto& [command, door] :
       {std::pair("add", "cli"), {"add", "folders"}, {"sync", "cli"}, {"sync", "worker"}}) {
    for (const char* action : {"fail", "stop"}) {
      for (int shard = 0; shard < kShards; ++shard) all.push_back({command, door, action, shard});
    }
  }
  return all;
}

class FirstUse : public ::testing::TestWithParam<Fault> {
 protected:
  FirstUse() {
    if (access("/dev/shm", W_OK) == 0) setenv("TMPDIR", "/dev/shm", 0);
    stage_ = std::make_unique<Stage>();
    stage_->a.Write("folder/x", "1");
    stage_->a.Write("y", "2");
  }

  ProgramResult Add(const Environment& more = {}) {
    return stage_->Run({"add", "folders", "--name", "Work", stage_->a.root(), stage_->b.root()},
                       more);
  }
  // With no data folder, or with the item only.
  void StartAnew(bool with_item) {
    std::filesystem::remove_all(stage_->home());
    std::filesystem::remove_all(stage_->b.root());
    stage_->b.Mkdir("");
    if (with_item) {
      ASSERT_EQ(Add().exit_code, 0);
    }
  }

  std::unique_ptr<Stage> stage_;
};

TEST_P(FirstUse, SucceedsWhenRepeated) {
  const auto& [command, door, action, shard] = GetParam();
  const bool adds = std::string(command) == "add";
  const auto run = [&, adds = adds](const Environment& more) {
    return adds ? Add(more) : stage_->Run({"sync"}, more);
  };
  const char* text = std::getenv("SYNCLINE_FAULT_STEP");
  const int step = text != nullptr ? std::max(1, std::atoi(text)) : 1;
  StartAnew(!adds);
  const std::string counted = stage_->temp / "count";
  ASSERT_EQ(run({{"SYNCLINE_FAULT", std::string(door) + ":count:" + counted}}).exit_code, 0);
  int count = 0;
  std::ifstream(counted) >> count;
  ASSERT_GT(count, 0);
  for (int n = 1 + shard * step; n <= count && !HasFailure(); n += kShards * step) {
    const std::string fault = std::string(door) + ":" + action + ":" + std::to_string(n);
    SCOPED_TRACE(fault);
    StartAnew(!adds);
    const ProgramResult disturbed = run({{"SYNCLINE_FAULT", fault}});
    EXPECT_FALSE(disturbed.timed_out);
    if (adds) {
      const ProgramResult added = Add();
      // It may have been stored before the fault came.
      EXPECT_TRUE(added.exit_code == 0 || added.err.find("already") != std::string::npos) << added;
    }
    const ProgramResult synced = stage_->Run({"sync"});
    EXPECT_EQ(synced.exit_code, 0) << synced << disturbed;
    EXPECT_EQ(All(stage_->a), All(stage_->b));
    ExpectNothingDone(stage_->Sync());
    EXPECT_EQ(stage_->Json({"items"})["items"].size(), 1u);
  }
}

std::string TestName(const ::testing::TestParamInfo<FirstUse::ParamType>& info) {
  const auto& [command, door, action, shard] = info.param;
  return std::string(command) + "_" + door + "_" + action + "_" + std::to_string(shard);
}

INSTANTIATE_TEST_SUITE_P(Of, FirstUse, ::testing::ValuesIn(AllFaults()), TestName);

}  // namespace
}  // namespace syncline::testing
