// Layouts, what is safe to remove, notes on settings and pictures in conflicts, through the real
// programs. The provider "filed" of the tests puts a record into the folder that its first line
// names.
#include <gmock/gmock.h>

#include "sdk/platform/process.h"
#include "tests/support/stage.h"

namespace syncline::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Layouts : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(stage.home() + "/plugins");
    const std::string library = stage.home() + "/plugins/filed.so";
    std::filesystem::copy_file(SYNCLINE_TEST_PROVIDERS "/filed.so", library);
    // A library that is still settling is not taken yet.
    std::filesystem::last_write_time(
        library, std::filesystem::file_time_type::clock::now() - std::chrono::minutes(1));
  }
  ProgramResult Add(const Words& more = {}) const {
    Words words = {"add", "filed", "--name", "Work", stage.a.root(), stage.b.root()};
    words.insert(words.end(), more.begin(), more.end());
    ProgramResult added = stage.Run(words);
    EXPECT_EQ(added.exit_code, 0) << added;
    return added;
  }
  std::string Show() const {
    const ProgramResult shown = stage.Run({"show", "Work"});
    EXPECT_EQ(shown.exit_code, 0) << shown;
    EXPECT_EQ(shown.err, "") << shown;
    return shown.out;
  }
  Stage stage;
};

TEST_F(Layouts, AChangedLayoutMovesWhatIsThere) {
  Add({"--set", "layout=flat"});
  stage.a.Write("ann", "folder: 2024/05\n");
  stage.a.Write("bob", "folder: 2023\n");
  stage.Sync();
  ASSERT_TRUE(stage.b.Exists("ann"));
  stage.Run({"edit", "Work", "--set", "layout=first-line"});

  const nlohmann::json dry = stage.Sync(0, {"--relayout", "--dry-run"});
  EXPECT_EQ(dry["moved"], 2);
  EXPECT_EQ(dry["plan"].size(), 4u) << dry.dump(2);
  EXPECT_EQ(dry["plan"][1], nlohmann::json::parse(R"({"action": "move", "side": "a",
      "record": "2024/05/ann", "from": "ann", "bytes": 0})"));
  EXPECT_THAT(stage.Run({"sync", "Work", "--relayout", "--dry-run"}).out,
              HasSubstr("Work: move     on B     bob -> 2023/bob\n"));
  EXPECT_TRUE(stage.a.Exists("ann"));

  const nlohmann::json moved = stage.Sync(0, {"--relayout"});
  EXPECT_EQ(moved["moved"], 2);
  EXPECT_EQ(moved["bytes"], 0);
  for (const Tree* side : {&stage.a, &stage.b}) {
    EXPECT_TRUE(side->Exists("2024/05/ann"));
    EXPECT_FALSE(side->Exists("ann"));
  }
  bool told = false;
  for (const nlohmann::json& event : stage.Events()) {
    told = told || (event["record"] == "2023/bob" && event["name"] == "moved" &&
                    event["text"] == "moved from \"bob\" to \"2023/bob\" on side B");
  }
  EXPECT_TRUE(told) << stage.Events().dump(2);
  ExpectNothingDone(stage.Sync());
}

TEST_F(Layouts, WithoutOneTheItemFailsAndSaysSo) {
  stage.Add();
  stage.a.Write("x", "1");
  const ProgramResult result = stage.Run({"sync", "Work", "--relayout"});
  EXPECT_EQ(result.exit_code, 1) << result;
  EXPECT_THAT(result.err, HasSubstr("Work failed: the provider folders has no layout by which "
                                    "records could be moved; nothing was changed. Sync without "
                                    "--relayout."));
  EXPECT_FALSE(stage.b.Exists("x"));
}

TEST_F(Layouts, ARecordThatCannotBeMovedIsToldAndTheRestGoesOn) {
  Add({"--set", "layout=flat", "--direction", "add"});
  stage.a.Write("ann", "folder: 2024/05\n");
  stage.a.Write("bob", "folder: 2023\nstuck: yes\n");
  stage.Sync();
  stage.Run({"edit", "Work", "--set", "layout=first-line"});
  const ProgramResult result = stage.Run({"sync", "Work", "--relayout"});
  EXPECT_EQ(result.exit_code, 1) << result;
  EXPECT_THAT(result.out, HasSubstr("error: \"bob\" cannot be moved to \"2023/bob\" on side B: "
                                    "\"bob\" is stuck."));
  EXPECT_THAT(result.err, HasSubstr("1 record could not be moved to where the layout wants it"));
  EXPECT_TRUE(stage.b.Exists("2024/05/ann"));
  EXPECT_TRUE(stage.a.Exists("ann")) << "A is only read from";
}

TEST_F(Layouts, WhatIsSafeIsToldWhereTheItemVerifies) {
  Add({"--set", "verify=yes", "--direction", "add"});
  for (int i = 10; i < 30; ++i) stage.a.Write("r" + std::to_string(i), "folder: x\n");
  EXPECT_THAT(Show(), HasSubstr("  safe on B  0 of 20 records of A are stored and verified on B\n"
                                "             r10: it was not imported yet\n"));
  EXPECT_THAT(Show(), HasSubstr("... and 10 more: syncline show Work --json lists all\n"));
  EXPECT_FALSE(stage.b.Exists("x")) << "nothing is imported by looking";
  stage.Sync();
  stage.a.Write("r30", "folder: x\n");
  EXPECT_THAT(Show(), HasSubstr("20 of 21 records of A are stored and verified on B\n"));
  const nlohmann::json safe = stage.Json({"show", "Work"})["safe"];
  EXPECT_EQ(safe["safe"], 20);
  EXPECT_EQ(safe["not_safe"], 1);
  EXPECT_EQ(safe["records"].size(), 21u);
  EXPECT_EQ(safe["records"][20], nlohmann::json::parse(R"({"record": "r30", "safe": false,
      "reason": "it was not imported yet"})"));

  stage.Run({"edit", "Work", "--unset", "verify"});
  EXPECT_THAT(Show(), Not(HasSubstr("safe on B")));
  EXPECT_FALSE(stage.Json({"show", "Work"}).contains("safe"));
}

TEST_F(Layouts, WhyNothingIsKnownToBeSafe) {
  Add({"--set", "verify=yes", "--direction", "add"});
  const std::string card = stage.a.root();
  std::filesystem::rename(card, card + " taken out");
  EXPECT_THAT(Show(), HasSubstr("  safe on B  not known: side A (" + card + "): "));
  EXPECT_THAT(stage.Json({"show", "Work"})["safe"]["problem"].get<std::string>(),
              HasSubstr("is no folder"));
  std::filesystem::rename(card + " taken out", card);
  const std::string folder =
      stage.home() + "/items/" + stage.Json({"show", "Work"})["item"]["id"].get<std::string>();
  const auto lock = platform::LockFile::Acquire(folder + "/lock", "the test");
  ASSERT_TRUE(lock.ok());
  EXPECT_THAT(Show(), HasSubstr("not known: it is being synced already"));
}

TEST_F(Layouts, TheNotesOfAProviderReachWhoMakesTheItem) {
  EXPECT_THAT(Add().out, HasSubstr("Note: A record that wants to be in \"x\" is put into \"x\".\n"
                                   "Note: What is stored is not read back.\n"));
  EXPECT_THAT(stage.Run({"edit", "Work", "--set", "layout=flat"}).out,
              HasSubstr("Note: A record that wants to be in \"x\" is put into \"\"."));
  EXPECT_EQ(stage.Json({"edit", "Work", "--set", "verify=yes"})["notes"],
            nlohmann::json({"A record that wants to be in \"x\" is put into \"\"."}));
  EXPECT_EQ(stage.Json({"edit", "Work", "--conflict", "newer"})["notes"], nlohmann::json::array());
  stage.Sync();
  for (const nlohmann::json& event : stage.Events()) {
    EXPECT_NE(event["level"], "information") << "kept at each sync: " << event;
  }
}

TEST_F(Layouts, PicturesInConflictsComeThroughWholeAndInNumbers) {
  Add({"--set", "layout=flat"});
  constexpr int kRecords = 120;  // their pictures are more than a message may be
  for (int i = 0; i < kRecords; ++i) {
    stage.a.Write("r" + std::to_string(i), "picture: 67500\ntitle: on A\n");
    stage.b.Write("r" + std::to_string(i), "picture: 60000\ntitle: on B\n");
  }
  EXPECT_EQ(stage.Sync(3)["conflicts"], kRecords);
  const nlohmann::json conflict = stage.Conflicts()[0];
  const std::string picture = conflict["a"]["fields"]["picture"];
  EXPECT_EQ(picture, "data:image/jpeg;base64," + std::string(90'000, 'A'));
  const ProgramResult shown = stage.Run({"conflicts"});
  EXPECT_THAT(shown.out, HasSubstr("(image/jpeg, 65.9 KiB; --json has it)  (image/jpeg, 58.6 KiB"));
  EXPECT_LT(shown.out.size(), 200'000u);
  EXPECT_THAT(stage.Events().dump(), Not(HasSubstr("AAAAAAAA")));
  const nlohmann::json resolved = stage.Json({"resolve", "--all", "--keep", "a"});
  EXPECT_EQ(resolved["items"][0]["updated"], kRecords);
  EXPECT_EQ(stage.b.Read("r0"), stage.a.Read("r0"));
}

}  // namespace
}  // namespace syncline::testing
