// Records that can be merged, over two folders of the lines provider (tests/providers/lines.cpp):
// sets of "key: value" lines, whose key may be a uid inside them and whose id is the file's name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/baseline.h"
#include "tests/unit/engine/rig.h"

namespace syncline::engine {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

class Merge : public ::testing::Test {
 protected:
  // Both sides agree about this one.
  void Start(const std::string& text = "mail: old\nname: Ann\nphone: 1\n") {
    rig.a.Write("ann.txt", text);
    ASSERT_EQ(rig.Sync(), SyncResult::kDone) << rig;
    on_b = rig.b.Exists("ann.txt") ? "ann.txt" : "7.txt";  // B names it by its key
    ASSERT_EQ(rig.b.Read(on_b), text);
  }
  void EditBoth(const std::string& text_a, const std::string& text_b) {
    rig.a.Write("ann.txt", text_a);
    rig.b.Write(on_b, text_b);
  }
  std::string Ancestor(const std::string& id) {
    auto baseline = storage::Baseline::Open(rig.home.Path("baseline.db"));
    if (!baseline.ok()) return std::string(baseline.status().message());
    auto ancestor = baseline->Ancestor(id);
    return ancestor.ok() ? *ancestor : std::string(ancestor.status().message());
  }
  ::testing::AssertionResult NothingLeft() {
    rig.request.decided.clear();
    const SyncResult result = rig.Sync();
    const Tally& t = rig.report.tally;
    if (result != SyncResult::kDone ||
        t.created + t.updated + t.removed + t.moved + t.merged + t.adopted != 0) {
      return ::testing::AssertionFailure() << rig;
    }
    return ::testing::AssertionSuccess();
  }
  Rig rig{"lines"};
  std::string on_b = "ann.txt";
};

TEST_F(Merge, EditsOfDifferentFieldsMeetNoConflict) {
  Start();
  EditBoth("mail: new\nname: Ann\nphone: 1\n", "mail: old\nname: Ann\nphone: 2\n");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.report.tally.merged, 1u) << rig;
  EXPECT_EQ(rig.a.Read("ann.txt"), "mail: new\nname: Ann\nphone: 2\n");
  EXPECT_EQ(rig.b.Read("ann.txt"), rig.a.Read("ann.txt"));
  EXPECT_TRUE(NothingLeft());
}

TEST_F(Merge, AFieldThatOneSideRemovedIsGone) {
  Start();
  EditBoth("name: Ann\nphone: 1\n", "mail: old\nname: Ann\nphone: 2\n");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.b.Read("ann.txt"), "name: Ann\nphone: 2\n");
}

TEST_F(Merge, TheSameFieldIsAConflictThatNamesItWithBothValues) {
  Start();
  EditBoth("mail: A's\nname: Ann\nphone: 7\n", "mail: B's\nname: Ann\nphone: 1\n");
  EXPECT_EQ(rig.Sync(), SyncResult::kConflicts) << rig;
  ASSERT_EQ(rig.monitor->conflicts.count("ann.txt"), 1u);
  const ConflictReport& conflict = rig.monitor->conflicts["ann.txt"];
  EXPECT_EQ(conflict.kind, ConflictKind::kEditEdit);
  EXPECT_THAT(conflict.side[0].differing, ElementsAre(Pair("mail", "A's")));
  EXPECT_THAT(conflict.side[1].differing, ElementsAre(Pair("mail", "B's")));
  EXPECT_EQ(rig.a.Read("ann.txt"), "mail: A's\nname: Ann\nphone: 7\n") << "nothing is half merged";
  EXPECT_EQ(rig.b.Read("ann.txt"), "mail: B's\nname: Ann\nphone: 1\n");
}

TEST_F(Merge, AChoiceDecidesOneFieldAndTheOthersStayOpen) {
  Start("mail: old\nname: Ann\nphone: 1\n");
  EditBoth("mail: A's\nname: Anna\nphone: 7\n", "mail: B's\nname: Anne\nphone: 1\n");
  ASSERT_EQ(rig.Sync(), SyncResult::kConflicts) << rig;
  rig.Decide("ann.txt", Decision::kMerge, {{"mail", Side::kB}});
  EXPECT_EQ(rig.Sync(), SyncResult::kConflicts) << rig;
  EXPECT_THAT(rig.monitor->conflicts["ann.txt"].side[0].differing,
              ElementsAre(Pair("name", "Anna")));
  EXPECT_EQ(rig.a.Read("ann.txt"), "mail: A's\nname: Anna\nphone: 7\n") << "nothing half merged";
  rig.Decide("ann.txt", Decision::kMerge, {{"mail", Side::kB}, {"name", Side::kA}});
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.a.Read("ann.txt"), "mail: B's\nname: Anna\nphone: 7\n");
  EXPECT_EQ(rig.b.Read("ann.txt"), rig.a.Read("ann.txt"));
  EXPECT_TRUE(NothingLeft());
}

TEST_F(Merge, APolicyDecidesOnlyTheFieldsThatDiffer) {
  for (const Policy policy : {Policy::kA, Policy::kB}) {
    Rig own("lines");
    own.request.policy = policy;
    own.a.Write("ann.txt", "mail: old\nphone: 1\nurl: u\n");
    ASSERT_EQ(own.Sync(), SyncResult::kDone);
    own.a.Write("ann.txt", "mail: A's\nphone: 7\nurl: u\n");
    own.b.Write("ann.txt", "mail: B's\nphone: 1\nurl: v\n");
    EXPECT_EQ(own.Sync(), SyncResult::kDone) << own;
    EXPECT_EQ(own.report.tally.merged, 1u) << own;
    const std::string mail = policy == Policy::kA ? "A's" : "B's";
    EXPECT_EQ(own.a.Read("ann.txt"), "mail: " + mail + "\nphone: 7\nurl: v\n");
    EXPECT_EQ(own.b.Read("ann.txt"), own.a.Read("ann.txt"));
  }
}

TEST_F(Merge, ADecisionForASideTakesItWhole) {
  Start();
  EditBoth("mail: A's\nname: Ann\nphone: 7\n", "mail: B's\nname: Ann\nphone: 1\n");
  rig.Sync();
  rig.Decide("ann.txt", Decision::kB);
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.a.Read("ann.txt"), "mail: B's\nname: Ann\nphone: 1\n");
  EXPECT_TRUE(NothingLeft());
}

TEST_F(Merge, KeepingBothGivesTheSecondOneAnIdentityOfItsOwn) {
  Start("mail: old\nuid: 7\n");
  EditBoth("mail: A's\nuid: 7\n", "mail: B's\nuid: 7\n");
  rig.Sync();
  rig.Decide("7", Decision::kBoth);
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  std::vector<std::string> mails[2];
  for (int i = 0; i < 2; ++i) {
    const testing::Tree& tree = i == 0 ? rig.a : rig.b;
    for (const auto& [path, line] : testing::Snapshot(tree.root())) {
      const std::string text = tree.Read(path);
      mails[i].push_back(text.substr(0, text.find('\n')));
    }
    std::sort(mails[i].begin(), mails[i].end());
  }
  EXPECT_THAT(mails[0], ElementsAre("mail: A's", "mail: B's")) << rig;
  EXPECT_EQ(mails[0], mails[1]) << rig;
  EXPECT_TRUE(NothingLeft());
}

TEST_F(Merge, WithoutAnAncestorAllThatAgreesIsMerged) {
  EditBoth("name: Ann\nphone: 1\n", "mail: x\nname: Ann\n");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.a.Read("ann.txt"), "mail: x\nname: Ann\nphone: 1\n");
  EXPECT_EQ(rig.b.Read("ann.txt"), rig.a.Read("ann.txt"));
}

TEST_F(Merge, TheAncestorFollowsEachAgreement) {
  Start("mail: 1\n");
  EXPECT_EQ(Ancestor("ann.txt"), "mail: 1\n");
  rig.b.Write("ann.txt", "mail: 2\n");
  rig.Sync();
  EXPECT_EQ(Ancestor("ann.txt"), "mail: 2\n") << rig;
  EditBoth("mail: 2\nname: Ann\n", "mail: 2\nphone: 1\n");
  rig.Sync();
  EXPECT_EQ(Ancestor("ann.txt"), "mail: 2\nname: Ann\nphone: 1\n") << rig;
}

TEST_F(Merge, AnAdoptedRecordHasAnAncestorToo) {
  EditBoth("mail: 1\nphone: 1\n", "mail: 1\nphone: 1\n");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.report.tally.adopted, 1u) << rig;
  EXPECT_EQ(Ancestor("ann.txt"), "mail: 1\nphone: 1\n");
  EditBoth("mail: 2\nphone: 1\n", "mail: 1\nphone: 2\n");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.a.Read("ann.txt"), "mail: 2\nphone: 2\n");
}

TEST_F(Merge, AConflictKeepsTheAncestor) {
  Start("mail: 1\nphone: 1\n");
  EditBoth("mail: A's\nphone: 1\n", "mail: B's\nphone: 1\n");
  ASSERT_EQ(rig.Sync(), SyncResult::kConflicts);
  EXPECT_EQ(Ancestor("ann.txt"), "mail: 1\nphone: 1\n");
  rig.b.Write("ann.txt", "mail: 1\nphone: 2\n");  // B takes its edit back and makes another
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.a.Read("ann.txt"), "mail: A's\nphone: 2\n");
}

TEST_F(Merge, TheAncestorMovesAlongWithTheRecord) {
  Start("mail: 1\nphone: 1\nuid: 7\n");
  rig.a.Move("ann.txt", "renamed.txt");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.report.tally.created + rig.report.tally.removed, 0u) << rig;
  EXPECT_EQ(Ancestor("renamed.txt"), "mail: 1\nphone: 1\nuid: 7\n");
  EXPECT_EQ(rig.b.Read("7.txt"), "mail: 1\nphone: 1\nuid: 7\n") << "its id on B is its own";
  rig.a.Write("renamed.txt", "mail: 2\nphone: 1\nuid: 7\n");
  rig.b.Write("7.txt", "mail: 1\nphone: 2\nuid: 7\n");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.report.tally.merged, 1u) << rig;
  EXPECT_EQ(rig.b.Read("7.txt"), "mail: 2\nphone: 2\nuid: 7\n");
  EXPECT_TRUE(NothingLeft());
}

TEST_F(Merge, ARecordThatMovedAndWasEditedOnBothSidesIsMergedWithItsAncestor) {
  Start("mail: 1\nphone: 1\nuid: 7\n");
  rig.a.Remove("ann.txt");
  rig.a.Write("renamed.txt", "mail: 2\nphone: 1\nuid: 7\n");
  rig.b.Write("7.txt", "mail: 1\nphone: 2\nuid: 7\n");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.a.Read("renamed.txt"), "mail: 2\nphone: 2\nuid: 7\n");
  EXPECT_EQ(rig.b.Read("7.txt"), rig.a.Read("renamed.txt"));
  EXPECT_EQ(Ancestor("renamed.txt"), rig.a.Read("renamed.txt"));
  EXPECT_TRUE(NothingLeft());
}

TEST_F(Merge, AnAncestorThatIsNoLongerTrueIsNotUsed) {
  Start("mail: 1\nphone: 1\n");
  // Too large to be kept as an ancestor.
  rig.a.Write("ann.txt", "mail: 2\npad: " + std::string(size_t{17} << 20, 'x') + "\nphone: 1\n");
  ASSERT_EQ(rig.Sync(), SyncResult::kDone) << rig.report.message;
  // A goes back to what the older ancestor says: an edit like any other.
  EditBoth("mail: 1\nphone: 1\n", "mail: 2\nphone: 2\n");
  EXPECT_EQ(rig.Sync(), SyncResult::kConflicts) << rig;
  EXPECT_THAT(rig.monitor->conflicts["ann.txt"].side[0].fields, Contains(Pair("mail", "1")));
}

TEST_F(Merge, WhatTheProviderNormalisedIsNoChange) {
  rig.a.Write("ann.txt", "mail: 1");  // stored with a newline on B
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.b.Read("ann.txt"), "mail: 1\n");
  EXPECT_EQ(rig.a.Read("ann.txt"), "mail: 1");
  EXPECT_TRUE(NothingLeft());
  rig.b.Write("ann.txt", "mail: 2");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.a.Read("ann.txt"), "mail: 2\n");
  EXPECT_EQ(rig.b.Read("ann.txt"), "mail: 2");
  EXPECT_TRUE(NothingLeft());
}

TEST_F(Merge, IdsMayDifferFromKeysAndBetweenTheSides) {
  rig.a.Write("one.txt", "name: Ann\nuid: 7\n");
  rig.b.Write("two.txt", "name: Ann\nuid: 7\n");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.report.tally.adopted, 1u) << rig;
  EXPECT_FALSE(rig.b.Exists("one.txt"));
  rig.b.Write("two.txt", "name: Anna\nuid: 7\n");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.a.Read("one.txt"), "name: Anna\nuid: 7\n");
  rig.a.Remove("one.txt");
  rig.a.Write("other.txt", "name: Bob\nuid: 8\n");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_FALSE(rig.b.Exists("two.txt"));
  EXPECT_EQ(rig.b.Read("8.txt"), "name: Bob\nuid: 8\n");
  EXPECT_TRUE(NothingLeft());
}

TEST_F(Merge, ARecordMadeAnewUnderAnEarlierNameIsTheSame) {
  Start("name: Ann\nuid: 7\n");
  rig.a.Remove("ann.txt");
  rig.a.Write("aaa.txt", "name: Anna\nuid: 7\n");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.b.Read("7.txt"), "name: Anna\nuid: 7\n");
  EXPECT_TRUE(NothingLeft());
}

TEST_F(Merge, OneRecordTwiceOnASideIsLeftAloneAndBothPlacesAreNamed) {
  rig.a.Write("one.txt", "name: Ann\nuid: 7\n");
  rig.a.Write("two.txt", "name: Ann B.\nuid: 7\n");
  rig.a.Write("bob.txt", "name: Bob\nuid: 8\n");
  rig.Sync();
  EXPECT_THAT(rig.monitor->events,
              Contains(::testing::AllOf(HasSubstr("one.txt"), HasSubstr("two.txt"))));
  EXPECT_TRUE(rig.b.Exists("8.txt")) << "the others go on";
  EXPECT_EQ(testing::Snapshot(rig.b.root()).size(), 1u) << rig;
  rig.a.Remove("two.txt");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.b.Read("7.txt"), "name: Ann\nuid: 7\n");
}

TEST_F(Merge, ACopyOfASyncedRecordIsLeftAloneAndTheRecordStays) {
  Start("name: Ann\nuid: 7\n");
  rig.a.Write("copy.txt", "name: Ann, copied\nuid: 7\n");
  rig.Sync();
  EXPECT_THAT(rig.monitor->events,
              Contains(::testing::AllOf(HasSubstr("ann.txt"), HasSubstr("copy.txt"))));
  EXPECT_EQ(rig.b.Read("7.txt"), "name: Ann\nuid: 7\n");
  EXPECT_EQ(rig.a.Read("copy.txt"), "name: Ann, copied\nuid: 7\n");
  EXPECT_EQ(testing::Snapshot(rig.b.root()).size(), 1u) << rig;
}

TEST_F(Merge, EditsAgainstADeletionAreAConflict) {
  Start();
  rig.a.Write("other.txt", "name: Bob\n");
  rig.Sync();
  rig.a.Remove("ann.txt");
  rig.b.Write("ann.txt", "name: Anna\n");
  EXPECT_EQ(rig.Sync(), SyncResult::kConflicts) << rig;
  EXPECT_EQ(rig.b.Read("ann.txt"), "name: Anna\n");
}

}  // namespace
}  // namespace syncline::engine
