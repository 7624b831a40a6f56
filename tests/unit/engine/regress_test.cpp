// Histories that once went wrong, as small as the model test could make them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/engine/rig.h"

namespace syncline::engine {
namespace {

using ::testing::IsEmpty;

TEST(Types, WhatIsInsideWaitsForTheDecisionAboutTheFolder) {
  Rig rig;
  rig.a.Write("x/inside", "A's");
  rig.b.Write("x", "B's");
  EXPECT_EQ(rig.Sync(), SyncResult::kConflicts) << rig;
  EXPECT_EQ(rig.monitor->conflicts["x"].kind, ConflictKind::kType);
  EXPECT_EQ(rig.report.tally.failed, 0u) << rig;
  EXPECT_EQ(rig.report.tally.skipped, 1u) << rig;
  EXPECT_EQ(rig.a.Read("x/inside"), "A's");
  EXPECT_EQ(rig.b.Read("x"), "B's");
}

TEST(Types, DecidedForTheFolderBringsItsInside) {
  Rig rig;
  rig.a.Write("x/inside", "A's");
  rig.b.Write("x", "B's");
  rig.Sync();
  rig.Decide("x", Decision::kA);
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.b.Read("x/inside"), "A's");
  EXPECT_TRUE(rig.InStep());
}

TEST(Types, DecidedForTheFileRemovesTheFolderWithItsInside) {
  Rig rig;
  rig.a.Write("x/deep/inside", "A's");
  rig.b.Write("x", "B's");
  rig.Sync();
  rig.Decide("x", Decision::kB);
  rig.request.only_decided = true;
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.a.Read("x"), "B's");
  rig.request.only_decided = false;
  EXPECT_TRUE(rig.InStep());
}

TEST(Types, AFolderThatBecameAFileWhileTheOtherSideEditedInsideIsAConflict) {
  Rig rig;
  rig.a.Write("x/one", "1");
  rig.a.Write("x/two", "2");
  ASSERT_EQ(rig.Sync(), SyncResult::kDone);
  rig.a.Remove("x");
  rig.a.Write("x", "now a file");
  rig.b.Write("x/two", "edited");
  rig.b.Write("x/three", "new");
  EXPECT_EQ(rig.Sync(), SyncResult::kConflicts) << rig;
  EXPECT_EQ(rig.monitor->conflicts["x"].kind, ConflictKind::kType);
  EXPECT_EQ(rig.report.tally.failed, 0u) << rig;
  EXPECT_EQ(rig.b.Read("x/one"), "1");
  EXPECT_EQ(rig.b.Read("x/two"), "edited");
  EXPECT_EQ(rig.b.Read("x/three"), "new");
}

TEST(Types, DecidedForTheFolderThatOneSideMadeAFileBringsItBack) {
  for (const bool folder_touched : {false, true}) {
    Rig rig;
    rig.a.Write("x/one", "1");
    rig.a.Write("x/two", "2");
    ASSERT_EQ(rig.Sync(), SyncResult::kDone);
    rig.a.Remove("x");
    rig.a.Write("x", "now a file");
    rig.b.Write("x/two", "edited");
    if (folder_touched) rig.b.Chmod("x", 0700);
    ASSERT_EQ(rig.Sync(), SyncResult::kConflicts) << rig;
    rig.Decide("x", Decision::kB);
    rig.request.only_decided = true;
    EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
    EXPECT_EQ(rig.a.Read("x/one"), "1");
    EXPECT_EQ(rig.a.Read("x/two"), "edited");
    EXPECT_EQ(rig.b.Read("x/two"), "edited");
    rig.request.only_decided = false;
    EXPECT_TRUE(rig.InStep());
  }
}

TEST(Types, DecidedForTheFileThatOneSideMadeReplacesTheEditedFolder) {
  Rig rig;
  rig.a.Write("x/one", "1");
  ASSERT_EQ(rig.Sync(), SyncResult::kDone);
  rig.a.Remove("x");
  rig.a.Write("x", "now a file");
  rig.b.Write("x/one", "edited");
  ASSERT_EQ(rig.Sync(), SyncResult::kConflicts) << rig;
  rig.Decide("x", Decision::kA);
  rig.request.only_decided = true;
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.b.Read("x"), "now a file");
  rig.request.only_decided = false;
  EXPECT_TRUE(rig.InStep());
}

TEST(Types, AFilteredRecordKeepsTheFolderThatIsToBecomeAFile) {
  Rig rig;
  rig.request.filters = {"*.tmp"};
  rig.a.Write("x/one", "1");
  rig.b.Write("x/mine.tmp", "kept");
  ASSERT_EQ(rig.Sync(), SyncResult::kDone);
  rig.a.Remove("x");
  rig.a.Write("x", "now a file");
  EXPECT_EQ(rig.Sync(), SyncResult::kConflicts) << rig;
  EXPECT_EQ(rig.b.Read("x/mine.tmp"), "kept");
}

TEST(Containers, ARemovedFolderComesBackForWhatIsNewBesideAConflict) {
  Rig rig;
  rig.request.allow_deletes = true;
  rig.a.Write("x/edited", "text");
  ASSERT_EQ(rig.Sync(), SyncResult::kDone);
  rig.a.Remove("x");
  rig.b.Write("x/edited", "edited");
  rig.b.Write("x/new", "new");
  EXPECT_EQ(rig.Sync(), SyncResult::kConflicts) << rig;
  EXPECT_EQ(rig.report.tally.failed, 0u) << rig;
  EXPECT_EQ(rig.a.Read("x/new"), "new");
  EXPECT_FALSE(rig.a.Exists("x/edited"));
}

TEST(Containers, ADecisionBringsBackTheFolderThatItNeeds) {
  Rig rig;
  rig.request.allow_deletes = true;
  rig.a.Write("x/y/edited", "text");
  ASSERT_EQ(rig.Sync(), SyncResult::kDone);
  rig.a.Remove("x");
  rig.b.Write("x/y/edited", "edited");
  ASSERT_EQ(rig.Sync(), SyncResult::kConflicts) << rig;
  rig.Decide("x/y/edited", Decision::kB);
  rig.request.only_decided = true;
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.a.Read("x/y/edited"), "edited");
}

TEST(Filters, TheirFolderHoldsItsPlaceAgainstAFile) {
  Rig rig;
  rig.request.filters = {"x/"};
  rig.a.Write("x", "a file is not filtered");
  rig.b.Write("x/inside", "a folder is");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.report.tally.skipped, 1u) << rig;
  EXPECT_EQ(rig.b.Read("x/inside"), "a folder is");
}

TEST(Filters, AFileThatBecameAFilteredFolderIsNotRemovedElsewhere) {
  Rig rig;
  rig.request.filters = {"x/"};
  rig.a.Write("x", "a file is not filtered");
  rig.a.Write("other", "so that B is not empty");
  ASSERT_EQ(rig.Sync(), SyncResult::kDone);
  rig.b.Remove("x");
  rig.b.Write("x/inside", "a folder is");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.a.Read("x"), "a file is not filtered");
}

TEST(Additions, NothingIsAddedInsideWhatIsAFileOnB) {
  Rig rig;
  rig.request.direction = Direction::kAdd;
  rig.a.Write("x/inside", "A's");
  rig.b.Write("x", "B's");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.b.Read("x"), "B's");
}

TEST(Additions, InsideAFolderThatBRemovedBringTheFolderBack) {
  Rig rig;
  rig.request.direction = Direction::kAdd;
  rig.a.Write("x/old", "old");
  ASSERT_EQ(rig.Sync(), SyncResult::kDone);
  rig.b.Remove("x");
  rig.a.Write("x/new", "new");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.b.Read("x/new"), "new");
  EXPECT_FALSE(rig.b.Exists("x/old"));
}

TEST(Cancelled, WhileComparingIsNoFailureOfTheRecord) {
  Rig rig;
  rig.a.Write("x", "same");
  rig.b.Write("x", "same");
  rig.on_work = [&](const std::string& work) {
    if (work == "compare x") rig.monitor->Cancel();
  };
  EXPECT_EQ(rig.Sync(), SyncResult::kCancelled) << rig;
  EXPECT_THAT(rig.monitor->events, IsEmpty());
  rig.on_work = nullptr;
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
}

TEST(Outcomes, AMovedFolderWithOtherPermissionsIsDoneInOneRound) {
  Rig rig;
  rig.a.Write("x/inside", "text");
  ASSERT_EQ(rig.Sync(), SyncResult::kDone);
  rig.a.Move("x", "y");
  rig.a.Chmod("y", 0700);
  rig.a.SetMtime("y/inside", 1'700'000'000'000'000'000);
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.report.tally.moved, 1u) << rig;
  EXPECT_EQ(rig.report.tally.updated, 1u) << rig;
  EXPECT_EQ(rig.report.tally.unchanged, 0u) << rig;
  EXPECT_TRUE(rig.InStep());
}

TEST(Outcomes, AMovedRecordInConflictIsOne) {
  Rig rig;
  rig.a.Write("x", "text");
  ASSERT_EQ(rig.Sync(), SyncResult::kDone);
  rig.a.Write("x", "A's");
  rig.a.Move("x", "y");
  rig.b.Write("x", "B's");
  EXPECT_EQ(rig.Sync(), SyncResult::kConflicts) << rig;
  EXPECT_EQ(rig.report.tally.conflicts, 1u) << rig;
  EXPECT_EQ(rig.report.tally.moved, 0u) << rig;
}

TEST(Outcomes, KeptBothAreTwoRecords) {
  Rig rig;
  rig.request.policy = Policy::kBoth;
  rig.a.Write("x", "A's");
  rig.b.Write("x", "B's");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.report.tally.updated, 1u) << rig;
  EXPECT_EQ(rig.report.tally.created, 1u) << rig;
  EXPECT_EQ(rig.report.tally.unchanged, 0u) << rig;
}

TEST(Outcomes, MovedAndEditedAlikeOnBothSidesIsOne) {
  Rig rig;
  rig.a.Write("x", "text");
  ASSERT_EQ(rig.Sync(), SyncResult::kDone);
  rig.a.Write("x", "edited alike");
  rig.b.Write("x", "edited alike");
  rig.a.Move("x", "y");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.report.tally.moved, 1u) << rig;
  EXPECT_EQ(rig.report.tally.adopted, 0u) << rig;
  EXPECT_TRUE(rig.InStep());
}

}  // namespace
}  // namespace syncline::engine
