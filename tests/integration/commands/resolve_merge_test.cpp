// `resolve --keep merge` through the real programs: all that agrees is merged, and only the rest is
// asked for. The provider is the lines provider of the tests.
#include <gmock/gmock.h>

#include "tests/support/stage.h"

namespace syncline::testing {
namespace {

using ::testing::HasSubstr;

class ResolveMerge : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(stage.home() + "/plugins");
    std::filesystem::copy_file(SYNCLINE_TEST_PROVIDERS "/lines.so",
                               stage.home() + "/plugins/lines.so");
    // A library that is still settling is not taken yet.
    std::filesystem::last_write_time(
        stage.home() + "/plugins/lines.so",
        std::filesystem::file_time_type::clock::now() - std::chrono::minutes(1));
    stage.a.Write("ann.txt", "mail: old\nname: Ann\nphone: 1\n");
    const ProgramResult added =
        stage.Run({"add", "lines", "--name", "Work", stage.a.root(), stage.b.root()});
    ASSERT_EQ(added.exit_code, 0) << added;
    stage.Sync();
    stage.a.Write("ann.txt", "mail: A's\nname: Anna\nphone: 7\n");
    stage.b.Write("ann.txt", "mail: B's\nname: Anne\nphone: 1\n");
    stage.Sync(3);
    conflict = std::to_string(stage.Conflicts()[0]["id"].get<int>());
  }
  Stage stage;
  std::string conflict;
};

TEST_F(ResolveMerge, AConflictTellsWhichFieldsDifferAndHowToDecideThem) {
  const nlohmann::json waiting = stage.Conflicts()[0];
  EXPECT_EQ(waiting["a"]["differing"], nlohmann::json({{"mail", "A's"}, {"name", "Anna"}}));
  EXPECT_EQ(waiting["b"]["differing"], nlohmann::json({{"mail", "B's"}, {"name", "Anne"}}));
  EXPECT_THAT(stage.Run({"conflicts"}).out, HasSubstr("syncline resolve " + conflict +
                                                      " --keep merge --take mail=a --take name=a"));
}

TEST_F(ResolveMerge, WhatIsNotDecidedStaysOpenAndNothingIsHalfWritten) {
  const nlohmann::json first =
      stage.Json({"resolve", conflict, "--keep", "merge", "--take", "mail=b"}, 3);
  EXPECT_EQ(first["items"][0]["conflicts"], 1) << first.dump(2);
  EXPECT_EQ(stage.a.Read("ann.txt"), "mail: A's\nname: Anna\nphone: 7\n");
  const nlohmann::json waiting = stage.Conflicts()[0];
  EXPECT_EQ(waiting["a"]["differing"], nlohmann::json({{"name", "Anna"}}));
  const ProgramResult again =
      stage.Run({"resolve", conflict, "--keep", "merge", "--take", "name=b"});
  EXPECT_EQ(again.exit_code, 3) << again;
  EXPECT_THAT(again.err, HasSubstr("nobody decided mail. Decide with a or b for each: syncline "
                                   "resolve " +
                                   conflict + " --keep merge --take mail=a --take name=b"));
}

TEST_F(ResolveMerge, WithEveryFieldDecidedBothSidesHoldTheMerge) {
  stage.Json({"resolve", conflict, "--keep", "merge", "--take", "mail=b", "--take", "name=a"});
  EXPECT_EQ(stage.a.Read("ann.txt"), "mail: B's\nname: Anna\nphone: 7\n");
  EXPECT_EQ(stage.b.Read("ann.txt"), stage.a.Read("ann.txt"));
  EXPECT_TRUE(stage.Conflicts().empty());
  ExpectNothingDone(stage.Sync());
}

TEST_F(ResolveMerge, AFieldThatDoesNotDifferIsRefusedWithThoseThatDo) {
  const ProgramResult result =
      stage.Run({"resolve", conflict, "--keep", "merge", "--take", "phone=b"});
  EXPECT_EQ(result.exit_code, 2) << result;
  EXPECT_THAT(result.err, HasSubstr("mail, name"));
}

TEST_F(ResolveMerge, OnATerminalThePersonIsAskedForTheRest) {
  // script(1) gives the program a terminal; what it writes comes with \r\n.
  const Words words = stage.Command({"resolve", conflict, "--keep", "merge", "--take", "mail=b"});
  std::string command;
  for (const std::string& word : words) command += "'" + word + "' ";
  const ProgramResult result = RunProgram(
      {"sh", "-c", "printf 'x\\na\\n' | script -qec \"" + command + "\" /dev/null"}, stage.env);
  EXPECT_EQ(result.exit_code, 0) << result;
  EXPECT_THAT(result.out, HasSubstr("ann.txt: name"));
  EXPECT_THAT(result.out, HasSubstr("Take a or b?"));
  EXPECT_EQ(stage.a.Read("ann.txt"), "mail: B's\nname: Anna\nphone: 7\n");
  EXPECT_EQ(stage.b.Read("ann.txt"), stage.a.Read("ann.txt"));
}

}  // namespace
}  // namespace syncline::testing
