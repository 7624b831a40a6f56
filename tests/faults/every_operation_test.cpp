// One sync in which the n-th operation fails, or stops its process dead, for every n and each
// program or library with a door of its own: whatever it leaves, the next syncs end where an
// undisturbed one ends.
//
// SYNCLINE_FAULT_STEP=7 takes every 7th n only, for slow builds.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

#include "tests/faults/scenario.h"

namespace syncline::testing {
namespace {

constexpr int kShards = 8;
constexpr int kEnough = 5;  // failures tell enough

struct Faults {
  const char* door;
  const char* action;
  int shard;
  friend std::ostream& operator<<(std::ostream& out, const Faults& faults) {
    return out << faults.door << ' ' << faults.action << ' ' << faults.shard;
  }
};

std::string TestName(const ::testing::TestParamInfo<Faults>& info) {
  return std::string(info.param.door) + "_" + info.param.action + "_" +
         std::to_string(info.param.shard);
}

std::vector<Faults> AllFaults() {
  std::vector<Faults> all;
  for (const char* door : {"cli", "worker", "folders"}) {
    for (const char* action : {"fail", "stop"}) {
      for (int shard = 0; shard < kShards; ++shard) all.push_back({door, action, shard});
    }
  }
  return all;
}

class EveryOperation : public ::testing::TestWithParam<Faults> {
 protected:
  EveryOperation() {
    // In memory where it can be: each n is a sync from the start.
    if (access("/dev/shm", W_OK) == 0) setenv("TMPDIR", "/dev/shm", 0);
    stage_ = std::make_unique<Stage>();
    stage_->Add();
    std::filesystem::rename(stage_->home(), stage_->temp / "home with the item");
  }

  // Both sides after a first sync and then edited, with a data folder that knows nothing more.
  void StartAnew() {
    for (const std::string& path : {stage_->home(), stage_->a.root(), stage_->b.root()}) {
      std::filesystem::remove_all(path);
    }
    std::filesystem::copy(stage_->temp / "home with the item", stage_->home(),
                          std::filesystem::copy_options::recursive);
    stage_->a.Mkdir("");
    stage_->b.Mkdir("");
    MakeRecords(&stage_->a);
    ASSERT_EQ(stage_->Run({"sync", "--quiet"}).exit_code, 0);
    EditBoth(&stage_->a, &stage_->b);
  }

  ProgramResult SyncWith(const std::string& fault) {
    return stage_->Run({"sync"}, {{"SYNCLINE_FAULT", fault}});
  }

  int Count() {
    StartAnew();
    const std::string path = stage_->temp / "count";
    const ProgramResult result = SyncWith(std::string(GetParam().door) + ":count:" + path);
    EXPECT_EQ(result.exit_code, 3) << result;
    int count = 0;
    std::ifstream(path) >> count;
    return count;
  }

  std::unique_ptr<Stage> stage_;
};

TEST_P(EveryOperation, IsMadeGoodByTheNextSync) {
  const int count = Count();
  ASSERT_GT(count, 20);
  const EndState expected = LookAt(*stage_);
  ASSERT_EQ(expected.conflicts.size(), 3u);
  const char* text = std::getenv("SYNCLINE_FAULT_STEP");
  const int step = text != nullptr ? std::max(1, std::atoi(text)) : 1;
  int wrong = 0;
  int reported = 0;
  for (int n = 1 + GetParam().shard * step; n <= count && wrong < kEnough; n += kShards * step) {
    const std::string fault =
        std::string(GetParam().door) + ":" + GetParam().action + ":" + std::to_string(n);
    StartAnew();
    const ProgramResult disturbed = SyncWith(fault);
    EXPECT_FALSE(disturbed.timed_out) << fault;
    ProgramResult next = stage_->Run({"sync"});
    if (next.exit_code == 1) next = stage_->Run({"sync"});
    const std::string difference = Difference(expected, LookAt(*stage_));
    EXPECT_EQ(difference, "") << fault;
    EXPECT_EQ(next.exit_code, 3) << fault << "\n" << next;
    ExpectNothingDone(stage_->Sync(3));
    EXPECT_EQ(Difference(expected, LookAt(*stage_)), difference) << fault;
    const int parts =
        ::testing::UnitTest::GetInstance()->current_test_info()->result()->total_part_count();
    if (parts > reported) {
      std::cerr << fault << "; the disturbed sync: " << disturbed << "\n";
      ++wrong;
      reported = parts;
    }
  }
  std::cerr << count << " operations\n";
}

INSTANTIATE_TEST_SUITE_P(Of, EveryOperation, ::testing::ValuesIn(AllFaults()), TestName);

}  // namespace
}  // namespace syncline::testing
