// Conflicts of each kind: shown with both sides, and decided through `syncline resolve`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/support/stage.h"

namespace syncline::testing {
namespace {

using ::testing::HasSubstr;

// Makes one conflict of the kind at the record x.
void MakeConflict(Stage* stage, const std::string& kind) {
  stage->a.Write("other", "1");
  if (kind != "create-create") stage->a.Write("x", "first");
  stage->Add();
  stage->Sync();
  if (kind == "edit-delete") {
    stage->a.Write("x", "of A");
    stage->b.Remove("x");
  } else if (kind == "delete-edit") {
    stage->a.Remove("x");
    stage->b.Write("x", "of B");
  } else if (kind == "type") {
    stage->a.Write("x", "of A");
    stage->b.Remove("x");
    stage->b.Write("x/inside", "of B");
  } else {
    stage->a.Write("x", "of A");
    stage->b.Write("x", "of B");
  }
}

class Conflict : public ::testing::TestWithParam<std::tuple<std::string, std::string>> {};

TEST_P(Conflict, IsShownAndDecided) {
  const std::string kind = std::get<0>(GetParam());
  const std::string keep = std::get<1>(GetParam());
  Stage stage;
  MakeConflict(&stage, kind);
  const auto a = All(stage.a);
  const auto b = All(stage.b);
  EXPECT_EQ(stage.Sync(3)["result"], "conflicts");
  EXPECT_EQ(All(stage.a), a) << "a conflict was not left alone";
  EXPECT_EQ(All(stage.b), b);
  const nlohmann::json conflicts = stage.Conflicts();
  ASSERT_EQ(conflicts.size(), 1u);
  const nlohmann::json& conflict = conflicts[0];
  EXPECT_EQ(conflict["kind"], kind);
  EXPECT_EQ(conflict["record"], "x");
  EXPECT_EQ(conflict["a"]["exists"], kind != "delete-edit");
  EXPECT_EQ(conflict["b"]["exists"], kind != "edit-delete");
  const std::string id = std::to_string(conflict["id"].get<int>());
  const ProgramResult shown = stage.Run({"conflicts", "Work"});
  EXPECT_THAT(shown.out, HasSubstr("syncline resolve " + id + " --keep a"));

  const ProgramResult resolved = stage.Run({"resolve", id, "--keep", keep});
  EXPECT_EQ(resolved.exit_code, 0) << resolved;
  // What is inside a folder that takes a file's place comes with the next sync.
  if (kind == "type") stage.Sync();
  EXPECT_EQ(All(stage.a), All(stage.b));
  EXPECT_TRUE(stage.Conflicts().empty());
  std::vector<std::string> contents;
  for (const auto& [path, line] : All(stage.a)) {
    if (path != "other" && line.starts_with("file")) contents.push_back(stage.a.Read(path));
  }
  std::sort(contents.begin(), contents.end());
  std::vector<std::string> expected;
  if (keep != "b" && kind != "delete-edit") expected.push_back("of A");
  if (keep != "a" && kind != "edit-delete") expected.push_back("of B");
  EXPECT_EQ(contents, expected);
  ExpectNothingDone(stage.Sync());
}

std::string TestName(const ::testing::TestParamInfo<Conflict::ParamType>& info) {
  std::string name = std::string(std::get<0>(info.param)) + "_keep_" + std::get<1>(info.param);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Of, Conflict,
                         ::testing::Combine(::testing::Values("edit-edit", "edit-delete",
                                                              "delete-edit", "create-create"),
                                            ::testing::Values("a", "b", "both")),
                         TestName);
INSTANTIATE_TEST_SUITE_P(OfKinds, Conflict,
                         ::testing::Combine(::testing::Values("type"), ::testing::Values("a", "b")),
                         TestName);

TEST(Conflicts, OfAFileAndAFolderCannotKeepBoth) {
  Stage stage;
  MakeConflict(&stage, "type");
  stage.Sync(3);
  const std::string id = std::to_string(stage.Conflicts()[0]["id"].get<int>());
  EXPECT_EQ(stage.Run({"conflicts"}).out.find("--keep both"), std::string::npos);
  const ProgramResult resolved = stage.Run({"resolve", id, "--keep", "both"});
  EXPECT_EQ(resolved.exit_code, 2) << resolved;
  EXPECT_THAT(resolved.err, HasSubstr("Rename one of the two"));
  // As advised; that x is not on B any more is a deletion against an edit then.
  stage.b.Move("x", "y");
  stage.Sync(3);
  EXPECT_EQ(stage.Conflicts()[0]["kind"], "edit-delete");
  EXPECT_EQ(stage.Run({"resolve", "--all", "--keep", "a"}).exit_code, 0);
  EXPECT_EQ(All(stage.a), All(stage.b));
  EXPECT_EQ(stage.a.Read("x") + stage.b.Read("y/inside"), "of Aof B");
}

TEST(Conflicts, GoAwayWhenPeopleMakeBothSidesEqual) {
  Stage stage;
  MakeConflict(&stage, "edit-edit");
  stage.Sync(3);
  stage.b.Write("x", "of A");
  stage.b.SetMtime("x", stage.a.Mtime("x"));
  EXPECT_EQ(stage.Sync()["result"], "done");
  EXPECT_TRUE(stage.Conflicts().empty());
}

TEST(Conflicts, ThatChangedSinceTheyWereShownStayOpen) {
  Stage stage;
  MakeConflict(&stage, "edit-edit");
  stage.Sync(3);
  stage.b.Write("x", "another edit on B");
  const std::string id = std::to_string(stage.Conflicts()[0]["id"].get<int>());
  const ProgramResult resolved = stage.Run({"resolve", id, "--keep", "a"});
  EXPECT_EQ(resolved.exit_code, 3) << resolved;
  EXPECT_EQ(stage.b.Read("x"), "another edit on B");
  EXPECT_EQ(stage.Conflicts().size(), 1u);
}

TEST(Conflicts, AreDecidedAllAtOnce) {
  Stage stage;
  for (const char* path : {"x", "y", "z"}) stage.a.Write(path, "1");
  stage.Add();
  stage.Sync();
  for (const char* path : {"x", "y", "z"}) {
    stage.a.Write(path, "of A");
    stage.b.Write(path, "of B");
  }
  stage.Sync(3);
  const ProgramResult resolved = stage.Run({"resolve", "--all", "--keep", "b"});
  EXPECT_EQ(resolved.exit_code, 0) << resolved;
  EXPECT_EQ(stage.a.Read("x") + stage.a.Read("y") + stage.a.Read("z"), "of Bof Bof B");
  EXPECT_EQ(All(stage.a), All(stage.b));
}

TEST(Conflicts, OfNamesThatATargetCannotHoldAreTold) {
  Stage stage;
  stage.a.Write("Readme", "1");
  stage.a.Write("README", "2");
  stage.a.Write("a:b", "3");
  stage.Add({"--set", "names=portable"});
  stage.Sync(3);
  EXPECT_EQ(stage.Conflicts().size(), 2u);
  for (const auto& conflict : stage.Conflicts()) {
    EXPECT_EQ(conflict["kind"], "name");
    EXPECT_NE(conflict["reason"], "");
  }
  EXPECT_EQ(All(stage.a).size(), 3u);
  EXPECT_EQ(All(stage.b).size(), 1u);
  const std::string shown = stage.Run({"conflicts"}).out;
  EXPECT_THAT(shown, HasSubstr("Rename it, then: syncline sync Work"));
  EXPECT_EQ(shown.find("--keep a\n"), std::string::npos) << shown;
  stage.a.Move("Readme", "Read this");
  stage.a.Move("a:b", "a-b");
  stage.Sync();
  EXPECT_EQ(All(stage.a), All(stage.b));
}

}  // namespace
}  // namespace syncline::testing
