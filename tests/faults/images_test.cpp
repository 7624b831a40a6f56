// The images provider while the n-th of its operations fails, or stops its worker dead, for every
// n: an import, and two folders that both were edited. Whatever it leaves, the next syncs end where
// an undisturbed one ends: no unit in part, nothing twice, nothing of ours left over.
//
// Takes every third n; SYNCLINE_FAULT_STEP=1 takes all of them, 7 every 7th, for slow builds.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

#include "tests/faults/scenario.h"
#include "tests/support/pictures.h"

namespace syncline::testing {
namespace {

constexpr int kShards = 4;
constexpr int kEnough = 5;  // failures tell enough
constexpr int64_t kThen = 1'700'000'000'000'000'000;

struct Faults {
  const char* direction;
  const char* action;
  int shard;
  friend std::ostream& operator<<(std::ostream& out, const Faults& faults) {
    return out << faults.direction << ' ' << faults.action << ' ' << faults.shard;
  }
};

std::string TestName(const ::testing::TestParamInfo<Faults>& info) {
  return std::string(info.param.direction) + "_" + info.param.action + "_" +
         std::to_string(info.param.shard);
}

std::vector<Faults> AllFaults() {
  std::vector<Faults> all;
  for (const char* direction : {"import", "twoway"}) {
    for (const char* action : {"fail", "stop"}) {
      for (int shard = 0; shard < kShards; ++shard) all.push_back({direction, action, shard});
    }
  }
  return all;
}

void Put(Tree* tree, const std::string& path, const std::string& bytes, int seconds) {
  tree->Write(path, bytes);
  tree->SetMtime(path, kThen + seconds * int64_t{1'000'000'000});
}

// Without a main picture of its own it is nothing; with one it belongs to it.
void PutUnit(Tree* tree, const std::string& stem, int seed) {
  Put(tree, stem + ".jpg", PictureBytes(PictureKind::kJpeg, seed), seed);
  Put(tree, stem + ".mov", PictureBytes(PictureKind::kMov, seed), seed);
  Put(tree, stem + ".xmp", "a sidecar of " + std::to_string(seed), seed);
}

void MakePictures(Tree* a) {
  int seed = 0;
  for (const char* path : {"one", "edited on A", "edited on B", "gone from A"}) {
    PutUnit(a, std::string("first/") + path, ++seed);
  }
  PutUnit(a, "second/renamed on A", 41);
  PutUnit(a, "second/moved on B", 42);
  Put(a, "second/single.jpg", PictureBytes(PictureKind::kJpeg, 43), 1);
  Put(a, "second/text.txt", "no picture", 1);
}

void MoveUnit(Tree* tree, const std::string& from, const std::string& to) {
  for (const char* tail : {".jpg", ".mov", ".xmp"}) tree->Move(from + tail, to + tail);
}

void EditPictures(Tree* a, Tree* b) {
  Put(a, "first/edited on A.xmp", "edited", 60);
  Put(a, "first/edited on A.jpg", PictureBytes(PictureKind::kJpeg, 50), 61);
  Put(b, "first/edited on B.mov", PictureBytes(PictureKind::kMov, 51), 62);
  b->Remove("first/edited on B.xmp");
  for (const char* tail : {".jpg", ".mov", ".xmp"}) {
    a->Remove(std::string("first/gone from A") + tail);
  }
  MoveUnit(a, "second/renamed on A", "second/another name");
  MoveUnit(b, "second/moved on B", "third/moved");
  PutUnit(a, "new/on A", 52);
  PutUnit(b, "new/on B", 53);
}

class EveryOperationOfImages : public ::testing::TestWithParam<Faults> {
 protected:
  EveryOperationOfImages() {
    if (access("/dev/shm", W_OK) == 0) setenv("TMPDIR", "/dev/shm", 0);
    stage_ = std::make_unique<Stage>();
    if (IsImport()) {
      AddItem({"--set", "layout={year}/{name}", "--set", "verify=yes"});
    } else {
      AddItem({"--direction", "two-way"});
    }
    std::filesystem::rename(stage_->home(), stage_->temp / "home with the item");
  }

  static bool IsImport() { return std::string(GetParam().direction) == "import"; }

  void AddItem(const Words& more) {
    Words words = {"add", "images", "--name", "Work", stage_->a.root(), stage_->b.root()};
    words.insert(words.end(), more.begin(), more.end());
    stage_->Json(words);
  }

  void StartAnew() {
    for (const std::string& path : {stage_->home(), stage_->a.root(), stage_->b.root()}) {
      std::filesystem::remove_all(path);
    }
    std::filesystem::copy(stage_->temp / "home with the item", stage_->home(),
                          std::filesystem::copy_options::recursive);
    stage_->a.Mkdir("");
    stage_->b.Mkdir("");
    MakePictures(&stage_->a);
    if (IsImport()) return;
    ASSERT_EQ(stage_->Run({"sync", "--quiet"}).exit_code, 0);
    EditPictures(&stage_->a, &stage_->b);
  }

  ProgramResult SyncWith(const std::string& fault) {
    return stage_->Run({"sync"}, {{"SYNCLINE_FAULT", fault}});
  }

  int Count() {
    StartAnew();
    const std::string path = stage_->temp / "count";
    const ProgramResult result = SyncWith("images:count:" + path);
    EXPECT_EQ(result.exit_code, 0) << result;
    int count = 0;
    std::ifstream(path) >> count;
    return count;
  }

  std::unique_ptr<Stage> stage_;
};

TEST_P(EveryOperationOfImages, IsMadeGoodByTheNextSync) {
  const int count = Count();
  ASSERT_GT(count, 20);
  const EndState expected = LookAt(*stage_);
  ASSERT_EQ(expected.conflicts.size(), 0u);
  const char* text = std::getenv("SYNCLINE_FAULT_STEP");
  const int step = text != nullptr ? std::max(1, std::atoi(text)) : 3;
  int wrong = 0;
  int reported = 0;
  for (int n = 1 + GetParam().shard * step; n <= count && wrong < kEnough; n += kShards * step) {
    const std::string fault = std::string("images:") + GetParam().action + ":" + std::to_string(n);
    StartAnew();
    const ProgramResult disturbed = SyncWith(fault);
    EXPECT_FALSE(disturbed.timed_out) << fault;
    ProgramResult next = stage_->Run({"sync"});
    if (next.exit_code == 1) next = stage_->Run({"sync"});
    EXPECT_EQ(Difference(expected, LookAt(*stage_)), "") << fault;
    EXPECT_EQ(next.exit_code, 0) << fault << "\n" << next;
    ExpectNothingDone(stage_->Sync());
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

INSTANTIATE_TEST_SUITE_P(Of, EveryOperationOfImages, ::testing::ValuesIn(AllFaults()), TestName);

}  // namespace
}  // namespace syncline::testing
