// Records that their provider leaves alone: broken ones, and those that a setting leaves out. The
// lines provider sets a record with a line "broken: WHY" or "hidden: yes" aside.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/baseline.h"
#include "tests/unit/engine/rig.h"

namespace syncline::engine {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

class Aside : public ::testing::Test {
 protected:
  Aside() {
    rig.a.Write("ann.txt", "name: Ann\n");
    rig.a.Write("bob.txt", "name: Bob\n");
    EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  }
  size_t ParkedRows() {
    auto baseline = storage::Baseline::Open(rig.home.Path("baseline.db"));
    if (!baseline.ok()) return 999;
    auto parked = baseline->Parked();
    return parked.ok() ? parked->size() : 999;
  }
  Rig rig{"lines"};
};

TEST_F(Aside, ABrokenRecordIsParkedWithItsReasonAndTheRestGoesOn) {
  rig.a.Write("ann.txt", "broken: line 3 makes no sense\n");
  rig.a.Write("bob.txt", "name: Bobby\n");
  EXPECT_EQ(rig.Sync(), SyncResult::kPartial) << rig;
  EXPECT_EQ(rig.report.tally.failed, 1u) << rig;
  EXPECT_THAT(rig.monitor->events,
              Contains(HasSubstr("ann.txt failed: ann.txt: line 3 makes no sense")));
  EXPECT_EQ(rig.b.Read("ann.txt"), "name: Ann\n") << "neither overwritten nor removed";
  EXPECT_EQ(rig.b.Read("bob.txt"), "name: Bobby\n");
}

TEST_F(Aside, ItsReasonIsToldOnceAndAgainWhenTheRecordChanges) {
  rig.a.Write("ann.txt", "broken: first\n");
  rig.Sync();
  EXPECT_EQ(rig.Sync(), SyncResult::kPartial);
  EXPECT_EQ(rig.report.tally.failed, 1u) << rig;
  EXPECT_THAT(rig.monitor->events, Not(Contains(HasSubstr("first"))));
  rig.a.Write("ann.txt", "broken: first\nmore: text\n");
  rig.Sync();
  EXPECT_THAT(rig.monitor->events, Contains(HasSubstr("first")));
}

TEST_F(Aside, OnceRepairedItIsSyncedAndForgottenAsParked) {
  rig.a.Write("ann.txt", "broken: first\n");
  rig.Sync();
  EXPECT_EQ(ParkedRows(), 1u);
  rig.a.Write("ann.txt", "name: Anna\n");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.b.Read("ann.txt"), "name: Anna\n");
  EXPECT_EQ(ParkedRows(), 0u);
}

TEST_F(Aside, PutBackAsItWasItIsInStepAndForgottenAsParked) {
  rig.a.Write("new.txt", "broken: first\n");
  rig.Sync();
  EXPECT_EQ(ParkedRows(), 1u);
  rig.a.Remove("new.txt");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(ParkedRows(), 0u);
}

TEST_F(Aside, TheOtherSidesEditWaits) {
  rig.a.Write("ann.txt", "broken: first\n");
  rig.b.Write("ann.txt", "name: Anne\n");
  rig.b.Remove("bob.txt");
  EXPECT_EQ(rig.Sync(), SyncResult::kPartial) << rig;
  EXPECT_EQ(rig.a.Read("ann.txt"), "broken: first\n");
  EXPECT_EQ(rig.b.Read("ann.txt"), "name: Anne\n");
  EXPECT_FALSE(rig.a.Exists("bob.txt")) << "the rest goes on";
}

TEST_F(Aside, TheOtherSidesNewRecordOfItsKeyWaits) {
  rig.a.Write("carl-1.txt", "broken: first\nuid: 7\n");
  rig.b.Write("carl-2.txt", "name: Carl\nuid: 7\n");
  EXPECT_EQ(rig.Sync(), SyncResult::kPartial) << rig;
  EXPECT_EQ(testing::Snapshot(rig.a.root()).size(), 3u) << rig;
  EXPECT_EQ(testing::Snapshot(rig.b.root()).size(), 3u) << rig;
}

TEST_F(Aside, WhatASettingLeavesOutIsNeverRemovedOnTheOtherSide) {
  rig.a.Write("ann.txt", "name: Ann\nhidden: yes\n");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.report.tally.failed, 0u) << rig;
  EXPECT_TRUE(rig.monitor->events.empty()) << rig;
  EXPECT_EQ(rig.b.Read("ann.txt"), "name: Ann\n");
  rig.b.Remove("ann.txt");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.a.Read("ann.txt"), "name: Ann\nhidden: yes\n");
}

TEST_F(Aside, WhereNotEverythingCouldBeListedNothingIsGoneAndWhatIsListedGoesOn) {
  rig.a.Remove("ann.txt");
  rig.a.Write("bob.txt", "name: Bobby\ncut: yes\n");
  rig.b.Write("carl.txt", "name: Carl\n");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.b.Read("ann.txt"), "name: Ann\n") << "not removed";
  EXPECT_EQ(rig.b.Read("bob.txt"), "name: Bobby\ncut: yes\n") << "goes on";
  EXPECT_FALSE(rig.a.Exists("carl.txt")) << "may be there already, unlisted";
  rig.a.Write("bob.txt", "name: Bob\n");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_FALSE(rig.b.Exists("ann.txt"));
  EXPECT_FALSE(rig.a.Exists("ann.txt"));
}

TEST_F(Aside, ADryRunCountsItAndKeepsNothing) {
  rig.a.Write("ann.txt", "broken: first\n");
  rig.request.dry_run = true;
  rig.Sync();
  EXPECT_EQ(rig.report.tally.failed, 1u) << rig;
  EXPECT_EQ(ParkedRows(), 0u);
}

TEST_F(Aside, AnExcludedRecordIsNotTold) {
  rig.a.Write("ann.txt", "broken: first\n");
  rig.request.filters = {"ann*"};
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_TRUE(rig.monitor->events.empty()) << rig;
}

}  // namespace
}  // namespace syncline::engine
