// An import or a sync of many units cancelled, or killed at any moment: the next one goes on,
// nothing is lost, nothing is there twice, and no unit is in part.
//
// SYNCLINE_SEED=N repeats the moments of a run.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <random>
#include <thread>

#include "tests/integration/images_sync/photos.h"

namespace syncline::testing {
namespace {

using std::chrono::milliseconds;

constexpr int kUnits = 150;
constexpr int kKills = 6;
constexpr int kRounds = 3;
const char* const kTails[] = {".JPG", ".DNG", ".xmp"};

class ImagesKilled : public ::testing::Test {
 protected:
  ImagesKilled() {
    if (access("/dev/shm", W_OK) == 0) setenv("TMPDIR", "/dev/shm", 0);
    photos_ = std::make_unique<Photos>();
    const char* given = std::getenv("SYNCLINE_SEED");
    const unsigned seed =
        given != nullptr ? static_cast<unsigned>(std::atoi(given)) : std::random_device()();
    std::cerr << "SYNCLINE_SEED=" << seed << "\n";
    random_.seed(seed);
  }
  unsigned Below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }

  static std::string StemOf(int unit) {
    return "DCIM/10" + std::to_string(unit % 5) + "/IMG_" + std::to_string(1000 + unit);
  }
  // A photo with its raw and its sidecar; what is in them by the version.
  static std::string ContentOf(int unit, int version, const std::string& tail) {
    const int number = 1 + unit + 1000 * version;
    if (tail == ".JPG") return Jpeg(number);
    static const std::string kRaw = RawBytes(RawKind::kDng, 1);
    if (tail == ".DNG") return kRaw + Noise(unit, 300);
    return "<x:xmpmeta xmlns:x='adobe:ns:meta/'/> " + std::to_string(number);
  }
  static void Put(Tree* tree, const std::string& stem, int unit, int version) {
    for (const char* tail : kTails) {
      const std::string content = ContentOf(unit, version, tail);
      if (!tree->Exists(stem + tail) || tree->Read(stem + tail) != content) {
        tree->Write(stem + tail, content);
      }
    }
  }
  void FillCard() {
    for (int unit = 0; unit < kUnits; ++unit) Put(&photos_->card, StemOf(unit), unit, 0);
  }

  // Starts one and kills it, its worker, or both, some time within the first of it.
  void KillOnce(int turn, unsigned longest_ms) {
    RunningProgram sync(photos_->stage.Command({"sync"}), photos_->stage.env);
    std::this_thread::sleep_for(milliseconds(5 + Below(longest_ms)));
    if (turn % 3 != 1) {
      for (const pid_t worker : ChildrenOf(sync.pid())) kill(worker, SIGKILL);
    }
    if (turn % 3 != 0) sync.Signal(SIGKILL);
    EXPECT_FALSE(sync.Finish().timed_out);
    // Workers killed in a row put the provider into quarantine, as they should.
    photos_->stage.Run({"providers", "--retry", "images"});
  }
  void SyncToTheEnd() {
    // A worker whose host was killed ends after its record; until then the item is busy.
    ProgramResult last = photos_->stage.Run({"sync"});
    for (int turn = 0; turn < 200 && last.exit_code == 5; ++turn) {
      std::this_thread::sleep_for(milliseconds(20));
      last = photos_->stage.Run({"sync"});
    }
    EXPECT_EQ(last.exit_code, 0) << last << photos_->EventTexts();
    photos_->ExpectNothingLeftOver();
  }
  // How long one takes here that nobody disturbs.
  unsigned TimeOfOne(const Words& options) {
    Tree copy(photos_->stage.temp / "copy");
    Words words = {"add", "images", "--name", "Twin", photos_->card.root(), copy.root()};
    words.insert(words.end(), options.begin(), options.end());
    const Environment own = {{"SYNCLINE_HOME", photos_->stage.temp / "twin home"}};
    RunProgram(photos_->stage.Command(words), own);
    const auto before = std::chrono::steady_clock::now();
    EXPECT_EQ(RunProgram(photos_->stage.Command({"sync"}), own).exit_code, 0);
    const auto took =
        std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - before);
    return static_cast<unsigned>(took.count());
  }

  std::unique_ptr<Photos> photos_;
  std::mt19937 random_;
};

TEST_F(ImagesKilled, ACancelledImportEndsWith130AndTheNextGoesOn) {
  FillCard();
  // Some that take their time.
  const std::string noise = Noise(1, 4 << 20);
  for (int i = 0; i < 20; ++i) {
    photos_->card.Write("large/" + std::to_string(i) + ".DNG",
                        RawBytes(RawKind::kDng, 2000 + i) + noise);
  }
  photos_->Import();
  RunningProgram sync(photos_->stage.Command({"sync", "--progress=json"}), photos_->stage.env);
  // As soon as it copies.
  for (int turn = 0; turn < 20'000 && std::filesystem::is_empty(photos_->library.root()); ++turn) {
    std::this_thread::sleep_for(milliseconds(1));
  }
  const auto started = std::chrono::steady_clock::now();
  sync.Signal(SIGINT);
  const ProgramResult cancelled = sync.Finish();
  EXPECT_LT(std::chrono::steady_clock::now() - started, milliseconds(3000));
  EXPECT_EQ(cancelled.exit_code, 130) << cancelled;
  photos_->ExpectNothingLeftOver();
  for (const std::string& name : NamesOf(photos_->library)) {
    if (!name.ends_with(".JPG")) continue;
    const std::string stem = name.substr(0, name.size() - 4);
    EXPECT_TRUE(photos_->library.Exists(stem + ".DNG")) << stem << " is there in part";
    EXPECT_TRUE(photos_->library.Exists(stem + ".xmp")) << stem << " is there in part";
  }
  SyncToTheEnd();
  ExpectSameFiles(photos_->card, photos_->library);
  ExpectNothingDone(photos_->Sync());
}

TEST_F(ImagesKilled, AnImportKilledAtAnyMomentEndsWithEachPictureOnce) {
  FillCard();
  const Words options = {"--direction", "add", "--set", "layout=all/{name}"};
  const unsigned longest = TimeOfOne(options);
  photos_->Add(options);
  for (int turn = 0; turn < kKills; ++turn) KillOnce(turn, longest);
  SyncToTheEnd();
  photos_->ExpectAllInLibrary();
  EXPECT_EQ(NamesOf(photos_->library), NamesOf(Tree(photos_->stage.temp / "copy")));
  photos_->ExpectStill();
}

TEST_F(ImagesKilled, ASyncKilledAtAnyMomentLosesNoEditAndNoMove) {
  FillCard();
  photos_->Add();
  const unsigned longest = TimeOfOne({});
  photos_->Sync();
  std::vector<std::string> stems;
  std::vector<int> versions(kUnits, 0);
  for (int unit = 0; unit < kUnits; ++unit) stems.push_back(StemOf(unit));
  for (int round = 0; round < kRounds && !HasFailure(); ++round) {
    // Each unit is changed on one side only, so that no kill can make a conflict.
    for (int edit = 0; edit < kUnits; ++edit) {
      const int unit = static_cast<int>(Below(kUnits));
      Tree& side = unit % 2 == 0 ? photos_->card : photos_->library;
      std::string& stem = stems[static_cast<size_t>(unit)];
      if (Below(3) == 0) {
        const std::string to = "moved " + std::to_string(round) + "/" + std::to_string(unit);
        if (to == stem) continue;
        for (const char* tail : kTails) side.Move(stem + tail, to + tail);
        stem = to;
      } else {
        Put(&side, stem, unit, ++versions[static_cast<size_t>(unit)]);
      }
    }
    for (int turn = 0; turn < kKills / kRounds; ++turn) KillOnce(round + turn, longest);
    SyncToTheEnd();
    ExpectSameFiles(photos_->card, photos_->library);
    EXPECT_EQ(NamesOf(photos_->card).size(), size_t{3} * kUnits);
  }
  for (int unit = 0; unit < kUnits; ++unit) {
    const auto at = static_cast<size_t>(unit);
    for (const char* tail : kTails) {
      ASSERT_TRUE(photos_->card.Exists(stems[at] + tail)) << stems[at] << tail;
      EXPECT_TRUE(photos_->card.Read(stems[at] + tail) == ContentOf(unit, versions[at], tail))
          << stems[at] << tail;
    }
  }
  photos_->ExpectStill();
}

}  // namespace
}  // namespace syncline::testing
