// What people may choose: directions, filters, policies, dry runs, several items; and what guards
// stop.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <set>
#include <string>

#include "tests/support/stage.h"

namespace syncline::testing {
namespace {

using ::testing::HasSubstr;

class FolderChoices : public ::testing::Test {
 protected:
  Stage stage_;
  Tree& a_ = stage_.a;
  Tree& b_ = stage_.b;
};

TEST_F(FolderChoices, AMirrorMakesBLikeA) {
  a_.Write("edited on B", "1");
  a_.Write("deleted on B", "1");
  a_.Write("deleted on A", "1");
  for (int i = 0; i < 4; ++i) a_.Write("stays " + std::to_string(i), "1");
  stage_.Add({"--direction", "mirror"});
  stage_.Sync();
  b_.Write("edited on B", "2");
  b_.Remove("deleted on B");
  b_.Write("only on B", "1");
  a_.Remove("deleted on A");
  a_.Write("new", "1");
  const auto before = All(a_);
  stage_.Sync();
  EXPECT_EQ(All(a_), before);
  EXPECT_EQ(All(b_), before);
  ExpectNothingDone(stage_.Sync());
}

TEST_F(FolderChoices, AddCopiesWhatIsNewAndRemovesNothing) {
  a_.Write("one", "1");
  b_.Write("of B", "1");
  stage_.Add({"--direction", "add"});
  stage_.Sync();
  a_.Remove("one");
  a_.Write("two", "2");
  stage_.Sync();
  EXPECT_TRUE(b_.Exists("one"));
  EXPECT_TRUE(b_.Exists("two"));
  EXPECT_TRUE(b_.Exists("of B"));
  EXPECT_FALSE(a_.Exists("of B"));
  EXPECT_FALSE(a_.Exists("one"));
  ExpectNothingDone(stage_.Sync());
}

TEST_F(FolderChoices, WhatIsFilteredIsNeverTouched) {
  a_.Write("x.tmp", "on A");
  b_.Write("x.tmp", "on B");
  a_.Write("build/x", "1");
  a_.Write("keep.tmp", "1");
  a_.Write("src/x", "1");
  stage_.Add({"--exclude", "*.tmp", "--exclude", "build/", "--include", "keep.tmp"});
  stage_.Sync();
  EXPECT_EQ(a_.Read("x.tmp"), "on A");
  EXPECT_EQ(b_.Read("x.tmp"), "on B");
  EXPECT_FALSE(b_.Exists("build"));
  EXPECT_TRUE(b_.Exists("keep.tmp"));
  EXPECT_TRUE(b_.Exists("src/x"));
  // Filtered later: neither side is touched any more, nor is it taken for deleted.
  EXPECT_EQ(stage_.Run({"edit", "Work", "--exclude", "src/"}).exit_code, 0);
  a_.Write("src/x", "2");
  ExpectNothingDone(stage_.Sync());
  EXPECT_EQ(b_.Read("src/x"), "1");
}

TEST_F(FolderChoices, PoliciesDecideConflicts) {
  for (const auto& [policy, on_a, on_b] :
       {std::tuple("a", "of A", "of A"), {"b", "of B", "of B"}, {"newer", "of B", "of B"}}) {
    Stage stage;
    stage.a.Write("x", "1");
    stage.Add({"--conflict", policy});
    stage.Sync();
    stage.a.Write("x", "of A");
    stage.a.SetMtime("x", 1'600'000'000'000'000'000);
    stage.b.Write("x", "of B");
    stage.Sync();
    EXPECT_EQ(stage.a.Read("x"), on_a) << policy;
    EXPECT_EQ(stage.b.Read("x"), on_b) << policy;
    ExpectNothingDone(stage.Sync());
  }
}

TEST_F(FolderChoices, ThePolicyBothKeepsBothVersionsOnBothSides) {
  a_.Write("x.txt", "1");
  stage_.Add({"--conflict", "both"});
  stage_.Sync();
  a_.Write("x.txt", "of A");
  b_.Write("x.txt", "of B");
  stage_.Sync();
  EXPECT_EQ(All(a_), All(b_));
  ASSERT_EQ(All(a_).size(), 2u);
  std::set<std::string> contents;
  for (const auto& [path, line] : All(a_)) contents.insert(a_.Read(path));
  EXPECT_EQ(contents, (std::set<std::string>{"of A", "of B"}));
  ExpectNothingDone(stage_.Sync());
}

TEST_F(FolderChoices, ADryRunTellsThePlanAndChangesNothing) {
  a_.Write("edit", "1");
  a_.Write("delete", "1");
  a_.Write("move", "12345");
  stage_.Add();
  stage_.Sync();
  a_.Write("edit", "22");
  b_.Remove("delete");
  b_.Move("move", "moved");
  a_.Write("new/file", "1");
  const auto a = All(a_);
  const auto b = All(b_);
  const nlohmann::json item = stage_.Sync(0, {"--dry-run"});
  std::set<std::string> plan;
  for (const auto& line : item["plan"]) {
    plan.insert(line["action"].get<std::string>() + " " + line["side"].get<std::string>() + " " +
                line["record"].get<std::string>());
  }
  EXPECT_EQ(plan, (std::set<std::string>{"update b edit", "remove a delete", "move a moved",
                                         "create b new", "create b new/file"}));
  EXPECT_EQ(All(a_), a);
  EXPECT_EQ(All(b_), b);
  const nlohmann::json real = stage_.Sync();
  EXPECT_EQ(real["created"], 2);
  EXPECT_EQ(real["moved"], 1);
  EXPECT_EQ(All(a_), All(b_));
}

TEST_F(FolderChoices, AnEmptiedSideStopsUntilAllowed) {
  for (int i = 0; i < 5; ++i) a_.Write(std::to_string(i), "1");
  stage_.Add();
  stage_.Sync();
  for (int i = 0; i < 5; ++i) b_.Remove(std::to_string(i));
  const ProgramResult stopped = stage_.Run({"sync"});
  EXPECT_EQ(stopped.exit_code, 4) << stopped;
  EXPECT_THAT(stopped.err, HasSubstr("--allow-deletes"));
  EXPECT_EQ(All(a_).size(), 5u);
  EXPECT_EQ(stage_.Sync(0, {"--allow-deletes"})["removed"], 5);
  EXPECT_EQ(All(a_).size(), 0u);
}

TEST_F(FolderChoices, ManyDeletesStopUntilAllowedAndMovesDoNotCount) {
  for (int i = 0; i < 20; ++i) a_.Write("d/" + std::to_string(i), std::to_string(i));
  stage_.Add();
  stage_.Sync();
  a_.Move("d", "moved");
  EXPECT_EQ(stage_.Sync()["result"], "done");
  for (int i = 0; i < 15; ++i) a_.Remove("moved/" + std::to_string(i));
  EXPECT_EQ(stage_.Sync(4)["result"], "stopped");
  EXPECT_EQ(All(b_).size(), 21u);
  EXPECT_EQ(stage_.Sync(0, {"--allow-deletes"})["removed"], 15);
}

TEST_F(FolderChoices, AReplacedRootStopsUntilAccepted) {
  a_.Write("x", "1");
  a_.Write("y", "1");
  stage_.Add();
  stage_.Sync();
  b_.Move("", "../gone");
  b_.Write("only here", "1");
  const ProgramResult stopped = stage_.Run({"sync"});
  EXPECT_EQ(stopped.exit_code, 4) << stopped;
  EXPECT_THAT(stopped.err, HasSubstr("--accept-root"));
  EXPECT_EQ(All(a_).size(), 2u);
  EXPECT_EQ(stage_.Sync(0, {"--accept-root"})["removed"], 0);
  EXPECT_EQ(All(a_), All(b_));
  EXPECT_EQ(All(a_).size(), 3u);
}

TEST_F(FolderChoices, AFolderThatCannotBeReadIsUnknownAndNeverDeleted) {
  a_.Write("open/x", "1");
  a_.Write("closed/x", "1");
  a_.Write("closed/sub/y", "1");
  const auto run = [&](const Words& words) { return stage_.RunAsUser(words); };
  if (run({"providers"}).exit_code != 0) GTEST_SKIP() << "another user cannot run the program here";
  ASSERT_EQ(run({"add", "folders", "--name", "Work", a_.root(), b_.root()}).exit_code, 0);
  ASSERT_EQ(run({"sync"}).exit_code, 0);
  const auto before = All(b_);
  ASSERT_TRUE(before.count("closed/sub/y"));
  a_.Chmod("closed", 0);
  const ProgramResult closed = run({"sync"});
  EXPECT_EQ(All(b_), before) << closed;
  EXPECT_THAT(run({"events", "--level", "warning"}).out, HasSubstr("closed"));
  a_.Chmod("closed", 0755);
  const ProgramResult open = run({"sync"});
  EXPECT_EQ(open.exit_code, 0) << open;
  EXPECT_EQ(All(b_), before);
  EXPECT_EQ(All(a_), before);
}

TEST_F(FolderChoices, EventsNameTheirRecordsHoweverShort) {
  a_.Write("c", "1");
  a_.Mkdir("on");
  stage_.Add();
  stage_.Sync();
  const std::string events = stage_.Run({"events"}).out;
  EXPECT_THAT(events, HasSubstr("c: created on B"));
  EXPECT_THAT(events, HasSubstr("on: created on B"));
}

TEST_F(FolderChoices, TwoItemsMayShareOneFolder) {
  Tree c(stage_.temp / "c");
  a_.Write("x", "1");
  stage_.Add();
  ASSERT_EQ(stage_.Run({"add", "folders", "--name", "Second", b_.root(), c.root()}).exit_code, 0);
  for (int turn = 0; turn < 2; ++turn) ASSERT_EQ(stage_.Run({"sync"}).exit_code, 0);
  EXPECT_EQ(All(a_), All(c));
  c.Write("x", "edited on C");
  c.Write("new", "on C");
  a_.Write("of A", "1");
  for (int turn = 0; turn < 3; ++turn) ASSERT_EQ(stage_.Run({"sync"}).exit_code, 0);
  EXPECT_EQ(All(a_), All(b_));
  EXPECT_EQ(All(b_), All(c));
  EXPECT_EQ(a_.Read("x"), "edited on C");
  EXPECT_EQ(All(a_).size(), 3u);
}

}  // namespace
}  // namespace syncline::testing
