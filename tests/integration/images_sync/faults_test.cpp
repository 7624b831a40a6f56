// One sync in which the n-th operation of the provider fails, or stops its process dead: whatever
// it leaves, the next syncs end where an undisturbed one ends, and no unit is in part.
//
// SYNCLINE_FAULT_STEP=1 takes every n.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

#include "tests/integration/images_sync/photos.h"

namespace syncline::testing {
namespace {

constexpr int kShards = 4;
constexpr int kUsualStep = 23;
constexpr int kEnough = 3;  // failures tell enough

struct Faults {
  const char* direction;
  const char* action;
  int shard;
  friend std::ostream& operator<<(std::ostream& out, const Faults& faults) {
    return out << faults.direction << ' ' << faults.action << ' ' << faults.shard;
  }
};

std::vector<Faults> AllFaults() {
  std::vector<Faults> all;
  for (const char* direction : {"add", "two-way"}) {
    for (const char* action : {"fail", "stop"}) {
      for (int shard = 0; shard < kShards; ++shard) all.push_back({direction, action, shard});
    }
  }
  return all;
}

std::string TestName(const ::testing::TestParamInfo<Faults>& info) {
  return std::string(info.param.direction == std::string("add") ? "import" : "two_way") + "_" +
         info.param.action + "_" + std::to_string(info.param.shard);
}

// Both sides, and what a person sees of the rest.
struct EndState {
  std::map<std::string, std::string> a, b;
  size_t conflicts = 0;
};

void ExpectSame(const char* side, const std::map<std::string, std::string>& expected,
                const std::map<std::string, std::string>& found, const std::string& fault) {
  for (const auto& [path, content] : expected) {
    const auto other = found.find(path);
    EXPECT_TRUE(other != found.end()) << fault << ": " << side << " lost " << path;
    if (other == found.end()) continue;
    EXPECT_TRUE(other->second == content)
        << fault << ": " << side << " has other bytes in " << path;
  }
  for (const auto& [path, content] : found) {
    EXPECT_TRUE(expected.contains(path)) << fault << ": " << side << " has " << path;
  }
}

class ImagesDisturbed : public ::testing::TestWithParam<Faults> {
 protected:
  ImagesDisturbed() {
    // In memory where it can be: each n is a sync from the start.
    if (access("/dev/shm", W_OK) == 0) setenv("TMPDIR", "/dev/shm", 0);
    photos_ = std::make_unique<Photos>();
    photos_->Add(imports() ? Words{"--direction", "add", "--set", "layout=all/{name}"} : Words{});
    std::filesystem::rename(photos_->stage.home(), photos_->stage.temp / "home with the item");
  }
  bool imports() const { return std::string(GetParam().direction) == "add"; }

  static void PutUnits(Tree* card) {
    for (int i = 0; i < 4; ++i) {
      const std::string stem = "DCIM/IMG_" + std::to_string(i);
      card->Write(stem + ".JPG", Jpeg(i + 1));
      card->Write(stem + ".DNG", RawBytes(RawKind::kDng, i));
      card->Write(stem + ".AAE", Aae(i));
    }
    card->Write("DCIM/single.JPG", Jpeg(9));
  }
  // Each unit on one side only: what is disturbed makes no conflict.
  static void EditBoth(Tree* card, Tree* library) {
    card->Write("DCIM/IMG_0.JPG", Jpeg(100));
    card->Write("DCIM/IMG_0.AAE", Aae(100));
    library->Write("DCIM/single.JPG", Jpeg(109));
    for (const char* tail : {".JPG", ".DNG", ".AAE"}) {
      library->Move(std::string("DCIM/IMG_1") + tail, std::string("best/Sunset") + tail);
      card->Remove(std::string("DCIM/IMG_2") + tail);
    }
    library->Remove("DCIM/IMG_3.AAE");
    library->Write("DCIM/IMG_3.JPG", Jpeg(103));
    card->Write("new/IMG_4.JPG", Jpeg(104));
    card->Write("new/IMG_4.DNG", RawBytes(RawKind::kDng, 104));
  }
  // An import that nobody began, or two sides in step that were edited then.
  void StartAnew() {
    for (const std::string& path :
         {photos_->stage.home(), photos_->card.root(), photos_->library.root()}) {
      std::filesystem::remove_all(path);
    }
    std::filesystem::copy(photos_->stage.temp / "home with the item", photos_->stage.home(),
                          std::filesystem::copy_options::recursive);
    photos_->card.Mkdir("");
    photos_->library.Mkdir("");
    PutUnits(&photos_->card);
    if (imports()) return;
    ASSERT_EQ(photos_->stage.Run({"sync", "--quiet"}).exit_code, 0);
    EditBoth(&photos_->card, &photos_->library);
  }
  ProgramResult SyncWith(const std::string& fault) {
    return photos_->stage.Run({"sync"}, {{"SYNCLINE_FAULT", fault}});
  }
  EndState LookAt() const {
    return {FilesOf(photos_->card), FilesOf(photos_->library), photos_->stage.Conflicts().size()};
  }

  std::unique_ptr<Photos> photos_;
};

TEST_P(ImagesDisturbed, AreMadeGoodByTheNextSync) {
  StartAnew();
  const std::string counted = photos_->stage.temp / "count";
  const ProgramResult undisturbed = SyncWith("images:count:" + counted);
  ASSERT_EQ(undisturbed.exit_code, 0) << undisturbed;
  int count = 0;
  std::ifstream(counted) >> count;
  ASSERT_GT(count, 100);
  const EndState expected = LookAt();
  const char* text = std::getenv("SYNCLINE_FAULT_STEP");
  const int step = text != nullptr ? std::max(1, std::atoi(text)) : kUsualStep;
  int wrong = 0;
  int reported = 0;
  for (int n = 1 + GetParam().shard * step; n <= count && wrong < kEnough; n += kShards * step) {
    const std::string fault = std::string("images:") + GetParam().action + ":" + std::to_string(n);
    StartAnew();
    const ProgramResult disturbed = SyncWith(fault);
    EXPECT_FALSE(disturbed.timed_out) << fault;
    ProgramResult next = photos_->stage.Run({"sync"});
    if (next.exit_code == 1) next = photos_->stage.Run({"sync"});
    EXPECT_EQ(next.exit_code, 0) << fault << "\n" << next;
    const EndState found = LookAt();
    ExpectSame("A", expected.a, found.a, fault);
    ExpectSame("B", expected.b, found.b, fault);
    EXPECT_EQ(found.conflicts, 0u) << fault;
    photos_->ExpectStill();
    const int parts =
        ::testing::UnitTest::GetInstance()->current_test_info()->result()->total_part_count();
    if (parts > reported) {
      std::cerr << fault << "; the disturbed sync: " << disturbed << "\n" << photos_->EventTexts();
      ++wrong;
      reported = parts;
    }
  }
  std::cerr << count << " operations\n";
}

INSTANTIATE_TEST_SUITE_P(Of, ImagesDisturbed, ::testing::ValuesIn(AllFaults()), TestName);

}  // namespace
}  // namespace syncline::testing
