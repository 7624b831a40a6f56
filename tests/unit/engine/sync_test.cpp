// The engine over two real folders: first sync, edits, deletions, conflicts, policies, directions,
// filters, guards, dry run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/engine/rig.h"

namespace syncline::engine {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

TEST(FirstSync, CopiesWhatOnlyOneSideHas) {
  Rig rig;
  rig.a.Write("a.txt", "from a");
  rig.a.Write("deep/er/x", "x");
  rig.a.Mkdir("empty");
  rig.b.Write("b.txt", "from b");
  rig.b.Link("link", "b.txt");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.report.tally.created, 7u) << rig;
  EXPECT_EQ(rig.b.Read("deep/er/x"), "x");
  EXPECT_EQ(rig.a.Read("b.txt"), "from b");
  EXPECT_TRUE(rig.InStep());
}

TEST(FirstSync, AdoptsWhatIsEqualAndWritesNothing) {
  Rig rig;
  for (testing::Tree* side : {&rig.a, &rig.b}) {
    side->Write("same", "same");
    side->SetMtime("same", 1'700'000'000'000'000'000);
  }
  EXPECT_EQ(rig.Sync(), SyncResult::kDone);
  EXPECT_EQ(rig.report.tally.adopted, 1u) << rig;
  EXPECT_EQ(rig.report.tally.bytes, 0u);
  EXPECT_TRUE(rig.InStep());
}

TEST(FirstSync, TakesTheOlderTimeOfEqualContents) {
  Rig rig;
  rig.a.Write("same", "same");
  rig.b.Write("same", "same");
  rig.a.SetMtime("same", 1'700'000'000'000'000'000);
  EXPECT_EQ(rig.Sync(), SyncResult::kDone);
  EXPECT_EQ(rig.b.Mtime("same"), 1'700'000'000'000'000'000) << rig;
  EXPECT_TRUE(rig.InStep());
}

TEST(FirstSync, DifferentContentsAreAConflictAndStay) {
  Rig rig;
  rig.a.Write("x", "mine");
  rig.b.Write("x", "theirs");
  EXPECT_EQ(rig.Sync(), SyncResult::kConflicts) << rig;
  ASSERT_EQ(rig.monitor->conflicts.count("x"), 1u);
  EXPECT_EQ(rig.monitor->conflicts["x"].kind, ConflictKind::kCreateCreate);
  EXPECT_EQ(rig.a.Read("x"), "mine");
  EXPECT_EQ(rig.b.Read("x"), "theirs");
}

class InStep : public ::testing::Test {
 protected:
  void SetUp() override {
    for (int i = 0; i < 20; ++i) rig.a.Write("f" + std::to_string(i), "text");
    rig.a.Write("dir/one", "1");
    rig.a.Write("dir/two", "2");
    ASSERT_EQ(rig.Sync(), SyncResult::kDone) << rig;
    ASSERT_TRUE(rig.InStep());
  }
  Rig rig;
};

TEST_F(InStep, AnEditGoesToTheOtherSide) {
  rig.a.Write("f1", "edited");
  rig.b.Write("dir/two", "edited too");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.report.tally.updated, 2u) << rig;
  EXPECT_EQ(rig.b.Read("f1"), "edited");
  EXPECT_EQ(rig.a.Read("dir/two"), "edited too");
  EXPECT_TRUE(rig.InStep());
}

TEST_F(InStep, ADeletionGoesToTheOtherSide) {
  rig.a.Remove("f1");
  rig.b.Remove("dir");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.report.tally.removed, 4u) << rig;
  EXPECT_FALSE(rig.b.Exists("f1"));
  EXPECT_FALSE(rig.a.Exists("dir"));
  EXPECT_TRUE(rig.InStep());
}

TEST_F(InStep, PermissionsAndTimesGoToTheOtherSideWithoutContent) {
  rig.a.Chmod("f1", 0600);
  rig.b.Chmod("dir", 0700);
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_TRUE(rig.InStep());
}

TEST_F(InStep, BothEditedAlikeIsNoConflict) {
  rig.a.Write("f1", "the same edit");
  rig.b.Write("f1", "the same edit");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_TRUE(rig.InStep());
}

TEST_F(InStep, BothEditedIsAConflictUntilDecided) {
  rig.a.Write("f1", "A's");
  rig.b.Write("f1", "B's");
  rig.a.Write("f2", "goes on");
  EXPECT_EQ(rig.Sync(), SyncResult::kConflicts) << rig;
  EXPECT_EQ(rig.b.Read("f2"), "goes on");
  EXPECT_EQ(rig.Sync(), SyncResult::kConflicts);
  rig.Decide("f1", Decision::kB);
  rig.request.only_decided = true;
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.a.Read("f1"), "B's");
  rig.request.only_decided = false;
  EXPECT_TRUE(rig.InStep());
}

TEST_F(InStep, ADecisionAboutOtherVersionsDoesNotStand) {
  rig.a.Write("f1", "A's");
  rig.b.Write("f1", "B's");
  EXPECT_EQ(rig.Sync(), SyncResult::kConflicts);
  rig.Decide("f1", Decision::kB);
  rig.a.Write("f1", "A's, once more");
  rig.request.only_decided = true;
  EXPECT_EQ(rig.Sync(), SyncResult::kConflicts) << rig;
  EXPECT_EQ(rig.a.Read("f1"), "A's, once more");
}

TEST_F(InStep, CarryingOutDecisionsTouchesNothingElse) {
  rig.a.Write("f1", "A's");
  rig.b.Write("f1", "B's");
  rig.Sync();
  rig.Decide("f1", Decision::kA);
  rig.a.Write("f2", "waits for the next sync");
  rig.request.only_decided = true;
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.b.Read("f1"), "A's");
  EXPECT_EQ(rig.b.Read("f2"), "text");
}

TEST_F(InStep, KeepBothLeavesBothVersionsOnBothSides) {
  rig.a.Write("f1", "A's");
  rig.b.Write("f1", "B's");
  rig.Sync();
  rig.Decide("f1", Decision::kBoth);
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.a.Read("f1"), "A's");
  EXPECT_EQ(rig.b.Read("f1"), "A's");
  int copies = 0;
  for (const auto& [path, line] : testing::Snapshot(rig.b.root())) {
    if (path.find("from B") == std::string::npos) continue;
    ++copies;
    EXPECT_EQ(rig.b.Read(path), "B's");
  }
  EXPECT_EQ(copies, 1) << rig;
  rig.request.decided.clear();
  EXPECT_TRUE(rig.InStep());
}

TEST_F(InStep, EditAgainstDeletionIsAConflict) {
  rig.a.Write("f1", "edited");
  rig.b.Remove("f1");
  rig.a.Remove("f2");
  rig.b.Write("f2", "edited");
  EXPECT_EQ(rig.Sync(), SyncResult::kConflicts) << rig;
  EXPECT_EQ(rig.monitor->conflicts["f1"].kind, ConflictKind::kEditDelete);
  EXPECT_EQ(rig.monitor->conflicts["f2"].kind, ConflictKind::kDeleteEdit);
  EXPECT_EQ(rig.a.Read("f1"), "edited");
  EXPECT_EQ(rig.b.Read("f2"), "edited");
  rig.Decide("f1", Decision::kB);
  rig.Decide("f2", Decision::kB);
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_FALSE(rig.a.Exists("f1"));
  EXPECT_EQ(rig.a.Read("f2"), "edited");
  EXPECT_TRUE(rig.InStep());
}

TEST_F(InStep, ARemovedFolderStaysForWhatIsNewInIt) {
  rig.a.Remove("dir");
  rig.b.Write("dir/three", "new");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.a.Read("dir/three"), "new");
  EXPECT_FALSE(rig.b.Exists("dir/one"));
  EXPECT_TRUE(rig.InStep());
}

TEST_F(InStep, AFileThatBecomesAFolderAndBackIsReplaced) {
  rig.a.Remove("f1");
  rig.a.Write("f1/inside", "now a folder");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.b.Read("f1/inside"), "now a folder");
  EXPECT_TRUE(rig.InStep());
  rig.b.Remove("f1");
  rig.b.Write("f1", "a file again");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.a.Read("f1"), "a file again");
  EXPECT_TRUE(rig.InStep());
}

TEST_F(InStep, PolicyNewerTakesTheLaterEdit) {
  rig.request.policy = Policy::kNewer;
  rig.a.Write("f1", "older");
  rig.b.Write("f1", "later");
  rig.a.SetMtime("f1", 1'700'000'000'000'000'000);
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.a.Read("f1"), "later");
  EXPECT_TRUE(rig.InStep());
}

TEST_F(InStep, AMirrorPutsBackWhatBChanged) {
  rig.request.direction = Direction::kMirror;
  rig.b.Write("f1", "edited on B");
  rig.b.Remove("f2");
  rig.b.Write("extra", "only on B");
  rig.a.Write("f3", "edited on A");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.b.Read("f1"), "text");
  EXPECT_EQ(rig.b.Read("f2"), "text");
  EXPECT_EQ(rig.b.Read("f3"), "edited on A");
  EXPECT_FALSE(rig.b.Exists("extra"));
  EXPECT_TRUE(rig.InStep());
}

TEST_F(InStep, AdditionsOnlyNeverChangesOrRemoves) {
  rig.request.direction = Direction::kAdd;
  rig.a.Write("new", "comes");
  rig.a.Write("f1", "stays on A");
  rig.a.Remove("f2");
  rig.b.Write("f3", "stays on B");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.report.tally.created, 1u) << rig;
  EXPECT_EQ(rig.b.Read("new"), "comes");
  EXPECT_EQ(rig.b.Read("f1"), "text");
  EXPECT_EQ(rig.b.Read("f2"), "text");
  EXPECT_EQ(rig.a.Read("f3"), "text");
}

TEST_F(InStep, FilteredRecordsAreNeverTouched) {
  rig.request.filters = {"*.tmp", "/dir/"};
  rig.a.Write("x.tmp", "a");
  rig.b.Write("x.tmp", "b");
  rig.a.Remove("dir");
  rig.b.Write("dir/one", "edited");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.a.Read("x.tmp"), "a");
  EXPECT_EQ(rig.b.Read("x.tmp"), "b");
  EXPECT_FALSE(rig.a.Exists("dir"));
  EXPECT_EQ(rig.b.Read("dir/one"), "edited");
}

TEST_F(InStep, AnEmptiedSideStopsTheSync) {
  for (const auto& [path, line] : testing::Snapshot(rig.a.root())) {
    if (path.find('/') == std::string::npos) rig.a.Remove(path);
  }
  EXPECT_EQ(rig.Sync(), SyncResult::kStopped) << rig;
  EXPECT_THAT(rig.report.message, HasSubstr("--allow-deletes"));
  EXPECT_EQ(rig.b.Read("f1"), "text");
  rig.request.allow_deletes = true;
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_FALSE(rig.b.Exists("f1"));
}

TEST_F(InStep, ManyDeletionsStopTheSync) {
  for (int i = 0; i < 13; ++i) rig.b.Remove("f" + std::to_string(i));
  EXPECT_EQ(rig.Sync(), SyncResult::kStopped) << rig;
  EXPECT_EQ(rig.a.Read("f1"), "text");
}

TEST_F(InStep, MovesDoNotCountAsDeletions) {
  for (int i = 0; i < 18; ++i) rig.b.Move("f" + std::to_string(i), "m" + std::to_string(i));
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.report.tally.moved, 18u) << rig;
  EXPECT_TRUE(rig.InStep());
}

TEST_F(InStep, AReplacedRootStopsTheSync) {
  testing::Tree all(rig.temp.path());
  all.Move("a", "was-a");
  all.Mkdir("a");
  EXPECT_EQ(rig.Sync(), SyncResult::kStopped) << rig;
  EXPECT_THAT(rig.report.message, HasSubstr("--accept-root"));
  EXPECT_EQ(rig.b.Read("f1"), "text");
  rig.request.accept_root = true;
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.a.Read("f1"), "text");
}

TEST_F(InStep, AMissingRootStopsTheSync) {
  testing::Tree(rig.temp.path()).Move("b", "was-b");
  EXPECT_EQ(rig.Sync(), SyncResult::kStopped);
  EXPECT_EQ(rig.a.Read("f1"), "text");
  testing::Tree(rig.temp.path()).Mkdir("b");  // for the rig to look into
}

TEST_F(InStep, ADryRunTellsThePlanAndChangesNothing) {
  rig.a.Write("f1", "edited");
  rig.a.Remove("f2");
  rig.b.Write("new", "new");
  rig.b.Move("dir", "moved");
  const auto a = testing::Snapshot(rig.a.root()), b = testing::Snapshot(rig.b.root());
  rig.request.dry_run = true;
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_THAT(rig.monitor->plan, ::testing::UnorderedElementsAre("update b f1", "remove b f2",
                                                                 "create a new", "move a moved"));
  EXPECT_EQ(testing::Snapshot(rig.a.root()), a);
  EXPECT_EQ(testing::Snapshot(rig.b.root()), b);
}

TEST_F(InStep, ADamagedBaselineIsSetAsideAndNothingIsRemoved) {
  rig.a.Remove("f1");
  rig.home.Write("baseline.db", "this is no database, but long enough to look like a file of one");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.a.Read("f1"), "text");
  EXPECT_THAT(rig.monitor->events, Contains(HasSubstr("set aside")));
  EXPECT_TRUE(rig.InStep());
}

}  // namespace
}  // namespace syncline::engine
