// Places in trouble: a card that is missing, another one or unreadable, a target that is full, and
// copies that are read back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "tests/integration/images_sync/photos.h"

namespace syncline::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ImagePlaces : public ::testing::Test {
 protected:
  void PutUnits() {
    for (int i = 1; i <= 3; ++i) {
      const std::string stem = "DCIM/IMG_" + std::to_string(i);
      card_.Write(stem + ".JPG", Jpeg(i));
      card_.Write(stem + ".DNG", RawBytes(RawKind::kDng, i));
    }
  }
  static std::string ReadWholeFile(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  static Words NamesOnly(const std::string& folder) {
    Words names;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      names.push_back(entry.path().filename());
    }
    return names;
  }

  Photos photos_;
  Stage& stage_ = photos_.stage;
  Tree& card_ = photos_.card;
  Tree& library_ = photos_.library;
};

TEST_F(ImagePlaces, AMissingCardStopsTheImportWithAHint) {
  PutUnits();
  photos_.Import();
  photos_.Sync();
  std::filesystem::rename(card_.root(), card_.root() + " gone");
  const ProgramResult result = stage_.Run({"sync"});
  EXPECT_EQ(result.exit_code, 4) << result;
  EXPECT_THAT(result.err, HasSubstr("is not there. Put the card in"));
  EXPECT_EQ(NamesOf(library_).size(), 6u);
  // Nothing was forgotten meanwhile.
  std::filesystem::rename(card_.root() + " gone", card_.root());
  photos_.ExpectStill();
}

TEST_F(ImagePlaces, AMissingLibraryIsNeverMadeAnew) {
  PutUnits();
  photos_.Import();
  photos_.Sync();
  std::filesystem::rename(library_.root(), library_.root() + " gone");
  EXPECT_EQ(stage_.Run({"sync"}).exit_code, 4);
  EXPECT_FALSE(stage_.b.Exists(""));
}

TEST_F(ImagePlaces, AnotherCardInTheSlotIsImportedAsWell) {
  PutUnits();
  photos_.Import();
  photos_.Sync();
  card_.Remove("");
  card_.Write("DCIM/IMG_1.JPG", Jpeg(101));
  EXPECT_EQ(photos_.Sync()["created"], 1);
  photos_.ExpectAllInLibrary();
  EXPECT_EQ(NamesOf(library_).size(), 7u);
}

TEST_F(ImagePlaces, AnotherFolderInThePlaceOfTheLibraryStopsTheImport) {
  photos_.Import();
  photos_.card.Write("IMG_1.JPG", Jpeg(1));
  photos_.Sync();
  // As when its disk is not mounted.
  photos_.library.Move("", "../library on a disk");
  photos_.library.Mkdir("");
  photos_.card.Write("IMG_2.JPG", Jpeg(2));
  EXPECT_EQ(photos_.Sync(4)["result"], "stopped");
  EXPECT_TRUE(NamesOf(photos_.library).empty());
}

TEST_F(ImagePlaces, AnotherFolderInAMirrorOrTwoWayItemStopsIt) {
  for (const char* direction : {"mirror", "two-way"}) {
    Photos photos;
    photos.card.Write("IMG_1.JPG", Jpeg(1));
    photos.card.Write("IMG_2.JPG", Jpeg(2));
    photos.Add({"--direction", direction});
    photos.Sync();
    photos.card.Remove("");
    photos.card.Write("IMG_3.JPG", Jpeg(3));
    EXPECT_EQ(photos.stage.Run({"sync"}).exit_code, 4) << direction;
    EXPECT_EQ(NamesOf(photos.library).size(), 2u);
  }
}

TEST_F(ImagePlaces, TwoThatAreOneOrLieInOneAnotherAreRefused) {
  stage_.a.Mkdir("inside");
  for (const std::string& other : {card_.root(), card_.root() + "/inside"}) {
    const ProgramResult result =
        stage_.Run({"add", "images", "--name", "Work", card_.root(), other});
    EXPECT_EQ(result.exit_code, 2) << result;
    EXPECT_THAT(result.err, HasSubstr("Give two folders that are apart"));
  }
}

TEST_F(ImagePlaces, AFolderThatCannotBeReadMakesNothingGone) {
  PutUnits();
  card_.Write("open/IMG_9.JPG", Jpeg(9));
  photos_.Add({"--direction", "mirror"});
  photos_.Sync();
  card_.Chmod("DCIM", 0);
  card_.Write("open/IMG_10.JPG", Jpeg(10));
  const ProgramResult result = stage_.RunAsUser({"sync"});
  EXPECT_EQ(NamesOf(library_).size(), 8u) << result;
  EXPECT_TRUE(library_.Exists("open/IMG_10.JPG")) << result;
  EXPECT_THAT(photos_.EventTexts(), HasSubstr("A folder cannot be listed"));
  card_.Chmod("DCIM", 0755);
  EXPECT_EQ(stage_.RunAsUser({"sync"}).exit_code, 0);
  ExpectSameFiles(card_, library_);
}

class UnreadableFile : public ImagePlaces, public ::testing::WithParamInterface<const char*> {};
INSTANTIATE_TEST_SUITE_P(Of, UnreadableFile,
                         ::testing::Values("add", "mirror", "two-way", "two-way by layout"),
                         [](const auto& one) {
                           std::string name = one.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           std::replace(name.begin(), name.end(), ' ', '_');
                           return name;
                         });

TEST_P(UnreadableFile, LeavesItsWholeUnitAloneOnBothSides) {
  const std::string manner = GetParam();
  PutUnits();
  Words options = {"--direction", manner.substr(0, manner.find(' '))};
  if (manner.find(' ') != std::string::npos) {
    options.insert(options.end(), {"--set", "layout=DCIM/{name}"});
  }
  photos_.Add(options);
  photos_.Sync();
  ExpectSameFiles(card_, library_);
  // Of one that is known, and of a new one.
  card_.Write("DCIM/IMG_4.JPG", Jpeg(4));
  card_.Write("DCIM/IMG_4.DNG", RawBytes(RawKind::kDng, 4));
  card_.Write("DCIM/IMG_5.JPG", Jpeg(5));
  for (const char* name : {"DCIM/IMG_1.JPG", "DCIM/IMG_2.DNG", "DCIM/IMG_4.DNG"}) {
    card_.Chmod(name, 0);
  }
  const ProgramResult result = stage_.RunAsUser({"sync"});
  EXPECT_EQ(result.exit_code, 1) << result;
  EXPECT_THAT(NamesOf(library_),
              ElementsAre("DCIM/IMG_1.DNG", "DCIM/IMG_1.JPG", "DCIM/IMG_2.DNG", "DCIM/IMG_2.JPG",
                          "DCIM/IMG_3.DNG", "DCIM/IMG_3.JPG", "DCIM/IMG_5.JPG"))
      << result;
  EXPECT_EQ(NamesOf(card_).size(), 9u);
  EXPECT_THAT(photos_.EventTexts(), HasSubstr("\"DCIM/IMG_4.DNG\" cannot be read"));
  for (const char* name : {"DCIM/IMG_1.JPG", "DCIM/IMG_2.DNG", "DCIM/IMG_4.DNG"}) {
    card_.Chmod(name, 0644);
  }
  const ProgramResult after = stage_.RunAsUser({"sync"});
  EXPECT_EQ(after.exit_code, 0) << after;
  ExpectSameFiles(card_, library_);
}

TEST_F(ImagePlaces, ATargetThatIsReadOnlyIsTold) {
  PutUnits();
  photos_.Import();
  library_.Chmod("", 0555);
  const ProgramResult result = stage_.RunAsUser({"sync"});
  EXPECT_EQ(result.exit_code, 1) << result;
  EXPECT_THAT(result.out + result.err + photos_.EventTexts(), HasSubstr("permission denied"));
  library_.Chmod("", 0755);
  EXPECT_EQ(stage_.RunAsUser({"sync"}).exit_code, 0);
  ExpectSameFiles(card_, library_);
}

// Runs a shell script in a mount namespace of its own, with a small disk at $B.
ProgramResult WithSmallDisk(const Photos& photos, const std::string& script) {
  Environment env = photos.stage.env;
  env.insert({{"B", photos.library.root()},
              {"T", photos.stage.temp.path()},
              {"S", SYNCLINE_BIN "/syncline"}});
  return RunProgram(
      {"unshare", "-m", "sh", "-c", "mount -t tmpfs -o size=512k tmpfs $B && " + script}, env);
}

TEST_F(ImagePlaces, AFullTargetIsToldAndHoldsNoUnitInPart) {
  for (int i = 0; i < 20; ++i) {
    const std::string stem = "DCIM/IMG_" + std::to_string(10 + i);
    card_.Write(stem + ".JPG", Jpeg(i + 1));
    card_.Write(stem + ".DNG", RawBytes(RawKind::kDng, i) + Noise(i, 60'000));
  }
  photos_.Import();
  if (WithSmallDisk(photos_, "true").exit_code != 0) GTEST_SKIP() << "only root can mount";
  const ProgramResult result = WithSmallDisk(
      photos_,
      "{ $S sync > $T/first 2>&1; echo $? >> $T/first; cp -a $B $T/full; rm -r $B/DCIM; "
      "mount -o remount,size=64m $B; $S sync; code=$?; cp -a $B $T/then; exit $code; }");
  // What was imported and then removed by a person does not come again, the rest does.
  EXPECT_EQ(result.exit_code, 0) << result;
  const std::string first = ReadWholeFile(stage_.temp / "first");
  EXPECT_THAT(first, ::testing::EndsWith("\n1\n"));
  EXPECT_THAT(first + photos_.EventTexts(), HasSubstr("the disk is full"));
  const Words names = NamesOf(Tree(stage_.temp / "full"));
  EXPECT_GT(names.size(), 2u);
  EXPECT_LT(names.size(), 40u);
  EXPECT_EQ(names.size() % 2, 0u) << ::testing::PrintToString(names);
  for (const std::string& name : names)
    EXPECT_EQ(name.find(".syncline"), std::string::npos) << name;
  EXPECT_EQ(NamesOf(Tree(stage_.temp / "then")).size(), 40 - names.size());
}

TEST_F(ImagePlaces, VerifiedCopiesAreReadBack) {
  PutUnits();
  const std::string counted = stage_.temp / "count";
  const auto operations = [&](const Words& options, const std::string& name) {
    Tree copy(stage_.temp / name);
    Words words = {"add", "images", "--name", name, card_.root(), copy.root()};
    words.insert(words.end(), options.begin(), options.end());
    EXPECT_EQ(stage_.Run(words).exit_code, 0);
    const ProgramResult result =
        stage_.Run({"sync", name}, {{"SYNCLINE_FAULT", "images:count:" + counted}});
    EXPECT_EQ(result.exit_code, 0) << result;
    ExpectSameFiles(card_, copy);
    return std::stoi(ReadWholeFile(counted));
  };
  const int plain = operations({"--direction", "add"}, "plain");
  const int verified = operations({"--direction", "add", "--set", "verify=yes"}, "verified");
  EXPECT_GE(verified - plain, 2 * 6) << "each of the six files is opened and read once more";
}

// The worker is stopped while it copies, and a byte of what it wrote becomes another one, as on a
// disk that fails. Where it was too fast to be stopped, the next picture serves.
TEST_F(ImagePlaces, ACopyThatIsNotWhatWasWrittenIsNoCopy) {
  photos_.Import({"--set", "verify=yes"});
  bool spoiled = false;
  const std::string noise = Noise(1, 24 << 20);
  for (int attempt = 1; attempt <= 20 && !spoiled; ++attempt) {
    const std::string name = std::to_string(attempt) + ".DNG";
    card_.Write(name, RawBytes(RawKind::kDng, attempt) + noise);
    RunningProgram sync(stage_.Command({"sync"}), stage_.env);
    while (!library_.Exists(name)) {
      const std::vector<pid_t> workers = ChildrenOf(sync.pid());
      if (workers.empty()) continue;
      const Words there = NamesOnly(library_.root());
      const auto part = std::find_if(there.begin(), there.end(), [](const std::string& each) {
        return each.starts_with(".syncline-part-");
      });
      if (part == there.end()) continue;
      kill(workers[0], SIGSTOP);
      std::fstream file(library_.Path(*part), std::ios::in | std::ios::out | std::ios::binary);
      spoiled = file.is_open() && std::filesystem::file_size(library_.Path(*part)) > 5000;
      if (spoiled) file.seekp(4000).put('!').flush();
      kill(workers[0], SIGCONT);
      if (spoiled) break;
    }
    const ProgramResult result = sync.Finish();
    if (!spoiled || library_.Exists(name)) {
      spoiled = false;
      continue;
    }
    EXPECT_EQ(result.exit_code, 1) << result;
    EXPECT_THAT(photos_.EventTexts(), HasSubstr("is not what was written"));
    photos_.ExpectNothingLeftOver();
  }
  ASSERT_TRUE(spoiled);
  photos_.Sync();
  photos_.ExpectAllInLibrary();
  photos_.ExpectStill();
}

}  // namespace
}  // namespace syncline::testing
