// Records that go where the layout of their provider wants them. The provider "filed" reads the
// wanted folder from a record's first line; what is made with layout=flat stands at the top.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "storage/baseline.h"
#include "tests/unit/engine/rig.h"

namespace syncline::engine {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string Text(const std::string& folder, const std::string& more = "") {
  return "folder: " + folder + "\n" + more;
}

class Arrange : public ::testing::Test {
 protected:
  void Set(const std::string& key, const std::string& value) {
    for (auto& settings : rig.request.settings) settings[key] = value;
  }
  // Three records in step, all of them at the top.
  void StartFlat() {
    Set("layout", "flat");
    for (const char* name : {"ann", "bob", "eve"}) rig.a.Write(name, Text("2024/05", name));
    ASSERT_EQ(rig.Sync(), SyncResult::kDone) << rig;
    ASSERT_TRUE(rig.b.Exists("bob"));
    Set("layout", "first-line");
  }
  SyncResult Relayout() {
    rig.request.relayout = true;
    const SyncResult result = rig.Sync();
    rig.request.relayout = false;
    return result;
  }
  // Nothing was copied or removed by the last sync.
  void ExpectOnlyMoved(uint64_t moved) {
    const Tally& t = rig.report.tally;
    EXPECT_EQ(t.moved, moved) << rig;
    EXPECT_EQ(t.bytes + t.created + t.updated + t.removed + t.adopted + t.conflicts + t.failed, 0u)
        << rig;
  }
  // The next sync, without --relayout, finds nothing to do.
  void ExpectAtRest(uint64_t records) {
    EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
    ExpectOnlyMoved(0);
    EXPECT_EQ(rig.report.tally.unchanged, records) << rig;
    EXPECT_EQ(rig.report.tally.skipped, 0u) << rig;
  }
  Rig rig{"filed"};
};

TEST_F(Arrange, RecordsOfBothSidesMoveAndAreCountedOnce) {
  StartFlat();
  EXPECT_EQ(Relayout(), SyncResult::kDone) << rig;
  ExpectOnlyMoved(3);
  EXPECT_EQ(rig.report.tally.unchanged, 0u) << rig;
  for (const testing::Tree* side : {&rig.a, &rig.b}) {
    for (const char* name : {"ann", "bob", "eve"}) {
      EXPECT_EQ(side->Read("2024/05/" + std::string(name)), Text("2024/05", name));
      EXPECT_FALSE(side->Exists(name));
    }
  }
  EXPECT_THAT(rig.monitor->events,
              Contains("1 2024/05/ann moved: moved from \"ann\" to \"2024/05/ann\" on side B"));
  EXPECT_EQ(rig.monitor->events.size(), 6u) << rig;
  ExpectAtRest(3);
}

TEST_F(Arrange, AVersionThatChangesWithThePlaceIsNoEdit) {
  Set("versions", "place");
  StartFlat();
  rig.b.Write("bob", Text("2024/05", "edited on B"));
  EXPECT_EQ(Relayout(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.report.tally.moved, 3u) << rig;
  EXPECT_EQ(rig.report.tally.conflicts, 0u) << rig;
  EXPECT_EQ(rig.report.tally.bytes, Text("2024/05", "edited on B").size()) << rig;
  EXPECT_EQ(rig.a.Read("2024/05/bob"), Text("2024/05", "edited on B"));
  ExpectAtRest(3);
}

TEST_F(Arrange, WithoutTheWishNothingMoves) {
  StartFlat();
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  ExpectOnlyMoved(0);
  EXPECT_TRUE(rig.a.Exists("ann"));
}

TEST_F(Arrange, WhereAllStandRightItIsAnOrdinarySync) {
  StartFlat();
  Relayout();
  rig.a.Write("2024/05/new", Text("2024/05"));
  EXPECT_EQ(Relayout(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.report.tally.created, 1u) << rig;
  EXPECT_EQ(rig.report.tally.unchanged, 3u) << rig;
}

TEST_F(Arrange, WhatIsNewOrEditedIsMovedFirstAndThenSynced) {
  StartFlat();
  rig.a.Write("new", Text("2023"));
  rig.a.Write("ann", Text("2024/06", "edited on A"));
  rig.b.Write("bob", Text("2024/07", "edited on B"));
  EXPECT_EQ(Relayout(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.b.Read("2023/new"), Text("2023"));
  EXPECT_FALSE(rig.a.Exists("new"));
  EXPECT_EQ(rig.a.Read("2024/06/ann"), Text("2024/06", "edited on A"));
  // Each side moved it by the text it had then.
  EXPECT_EQ(rig.a.Read("2024/05/bob"), Text("2024/07", "edited on B"));
  EXPECT_EQ(rig.report.tally.moved, 4u) << rig;
  EXPECT_EQ(rig.report.tally.created + rig.report.tally.updated, 0u) << "one outcome each\n" << rig;
  EXPECT_EQ(rig.report.tally.unchanged, 0u) << rig;
  EXPECT_EQ(Relayout(), SyncResult::kDone) << rig;
  ExpectOnlyMoved(2);
  EXPECT_EQ(rig.a.Read("2024/07/bob"), rig.b.Read("2024/07/bob"));
  ExpectAtRest(4);
}

TEST_F(Arrange, WhatTheOtherSideRemovedIsRemovedAndNotMoved) {
  StartFlat();
  rig.b.Remove("ann");
  EXPECT_EQ(Relayout(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.report.tally.moved, 2u) << rig;
  EXPECT_EQ(rig.report.tally.removed, 1u) << rig;
  for (const testing::Tree* side : {&rig.a, &rig.b}) {
    EXPECT_FALSE(side->Exists("ann"));
    EXPECT_FALSE(side->Exists("2024/05/ann"));
  }
}

TEST_F(Arrange, AConflictStaysWhereItIsUntilItIsDecided) {
  StartFlat();
  rig.a.Write("ann", Text("2024/05", "one"));
  rig.b.Write("ann", Text("2024/05", "two"));
  EXPECT_EQ(Relayout(), SyncResult::kConflicts) << rig;
  EXPECT_TRUE(rig.a.Exists("ann"));
  EXPECT_TRUE(rig.b.Exists("ann"));
  EXPECT_EQ(rig.report.tally.moved, 2u) << rig;
  EXPECT_EQ(rig.report.tally.conflicts, 1u) << rig;
  rig.Decide("ann", Decision::kA);
  EXPECT_EQ(Relayout(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.b.Read("2024/05/ann"), Text("2024/05", "one"));
}

TEST_F(Arrange, ARefusedMoveFailsWithItsReasonAndTheRestGoesOn) {
  StartFlat();
  for (testing::Tree* side : {&rig.a, &rig.b}) side->Write("bob", Text("2024/05", "stuck: yes\n"));
  EXPECT_EQ(Relayout(), SyncResult::kPartial) << rig;
  EXPECT_EQ(rig.report.tally.failed, 2u) << rig;
  EXPECT_EQ(rig.report.tally.moved, 2u) << rig;
  EXPECT_THAT(rig.report.message, HasSubstr("2 records could not be moved to where the layout"));
  EXPECT_THAT(rig.monitor->events,
              Contains(AllOf(HasSubstr("3 bob failed: \"bob\" cannot be moved to \"2024/05/bob\""),
                             HasSubstr("is stuck"))));
  EXPECT_TRUE(rig.a.Exists("bob"));
  EXPECT_TRUE(rig.b.Exists("2024/05/eve"));
}

TEST_F(Arrange, APlaceOfAnotherRecordIsFreeOnlyInTheNextTurn) {
  Set("keys", "path");
  rig.a.Write("x/f", Text("x"));
  rig.a.Write("y/f", Text("y"));
  ASSERT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  for (testing::Tree* side : {&rig.a, &rig.b}) {
    side->Write("x/f", Text("y", "first"));
    side->Write("y/f", Text("z", "second"));
  }
  EXPECT_EQ(Relayout(), SyncResult::kPartial) << rig;
  EXPECT_THAT(rig.monitor->events, Contains(HasSubstr("sync with --relayout again")));
  EXPECT_EQ(rig.a.Read("z/f"), Text("z", "second"));
  EXPECT_EQ(rig.a.Read("x/f"), Text("y", "first"));
  EXPECT_EQ(Relayout(), SyncResult::kDone) << rig;
  for (const testing::Tree* side : {&rig.a, &rig.b}) {
    EXPECT_EQ(side->Read("y/f"), Text("y", "first"));
    EXPECT_EQ(side->Read("z/f"), Text("z", "second"));
    EXPECT_FALSE(side->Exists("x/f"));
  }
}

TEST_F(Arrange, WhereKeysArePathsTheOtherSideFollows) {
  Set("keys", "path");
  for (const char* name : {"x/ann", "x/bob"}) rig.a.Write(name, Text("x", name));
  ASSERT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  rig.request.settings[0]["layout"] = "flat";
  EXPECT_EQ(Relayout(), SyncResult::kDone) << rig;
  ExpectOnlyMoved(2);
  EXPECT_EQ(rig.b.Read("ann"), Text("x", "x/ann"));
  EXPECT_FALSE(rig.b.Exists("x/ann"));
  EXPECT_THAT(rig.monitor->events, Contains(HasSubstr("moved from \"x/ann\" on side B")));
  ExpectAtRest(2);
}

TEST_F(Arrange, WhatAFilterLeavesOutStays) {
  StartFlat();
  rig.a.Write("skip.tmp", Text("2024"));
  rig.request.filters = {"*.tmp", "eve"};
  EXPECT_EQ(Relayout(), SyncResult::kDone) << rig;
  EXPECT_TRUE(rig.a.Exists("skip.tmp"));
  EXPECT_TRUE(rig.a.Exists("eve"));
  ExpectOnlyMoved(2);
}

TEST_F(Arrange, WhatCrashedItsProviderStays) {
  StartFlat();
  for (IdSet& avoid : rig.request.avoid) avoid.insert("ann");
  EXPECT_EQ(Relayout(), SyncResult::kDone) << rig;
  EXPECT_TRUE(rig.a.Exists("ann"));
  EXPECT_TRUE(rig.a.Exists("2024/05/bob"));
}

TEST_F(Arrange, WhatIsDecidedIsCarriedOutAndNothingMoved) {
  StartFlat();
  rig.request.only_decided = true;
  EXPECT_EQ(Relayout(), SyncResult::kDone) << rig;
  EXPECT_TRUE(rig.a.Exists("ann"));
}

TEST_F(Arrange, ADryRunShowsEachMoveAndMovesNothing) {
  StartFlat();
  rig.a.Write("bob", Text("2025"));
  rig.request.dry_run = true;
  EXPECT_EQ(Relayout(), SyncResult::kDone) << rig;
  EXPECT_THAT(rig.monitor->plan,
              ElementsAre("move a 2024/05/eve", "move a 2025/bob", "move a 2024/05/ann",
                          "move b 2024/05/eve", "move b 2024/05/bob", "move b 2024/05/ann",
                          "update b bob"));
  EXPECT_EQ(rig.report.tally.moved, 3u) << rig;
  EXPECT_EQ(rig.report.tally.updated, 0u) << "counted as moved";
  EXPECT_EQ(rig.report.tally.unchanged, 0u) << rig;
  EXPECT_TRUE(rig.a.Exists("ann"));
  EXPECT_TRUE(rig.b.Exists("ann"));
}

TEST_F(Arrange, AGuardStopsItBeforeAnythingIsMoved) {
  StartFlat();
  for (const char* name : {"ann", "bob", "eve"}) rig.b.Remove(name);
  EXPECT_EQ(Relayout(), SyncResult::kStopped) << rig;
  EXPECT_TRUE(rig.a.Exists("ann"));
  Set("layout", "flat");
  for (int i = 0; i < 30; ++i) rig.a.Write("n" + std::to_string(i), Text("2024"));
  rig.request.allow_deletes = true;
  ASSERT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  rig.request.allow_deletes = false;
  Set("layout", "first-line");
  for (int i = 0; i < 25; ++i) rig.a.Remove("n" + std::to_string(i));
  EXPECT_EQ(Relayout(), SyncResult::kStopped) << "many removals";
  EXPECT_TRUE(rig.b.Exists("n29")) << rig;
}

TEST_F(Arrange, IsCancelledBetweenMovesAndGoesOnNextTime) {
  StartFlat();
  rig.on_work = [this](const std::string& work) {
    if (work == "move bob") rig.monitor->Cancel();
  };
  EXPECT_EQ(Relayout(), SyncResult::kCancelled) << rig;
  EXPECT_TRUE(rig.a.Exists("2024/05/eve"));
  EXPECT_TRUE(rig.a.Exists("ann"));
  rig.on_work = nullptr;
  // Also without the wish the moves that were done are no removals.
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  ExpectOnlyMoved(0);
  EXPECT_EQ(Relayout(), SyncResult::kDone) << rig;
  EXPECT_TRUE(rig.b.Exists("2024/05/ann"));
  ExpectAtRest(3);
}

TEST(ArrangeWithout, AProviderWithALayoutFailsBeforeAnythingIsDone) {
  Rig rig;
  rig.request.provider = "folders";
  rig.request.relayout = true;
  rig.a.Write("x", "1");
  EXPECT_EQ(rig.Sync(), SyncResult::kFailed) << rig;
  EXPECT_THAT(rig.report.message, HasSubstr("the provider folders has no layout by which records "
                                            "could be moved"));
  EXPECT_FALSE(rig.b.Exists("x"));
}

TEST(ArrangeWithout, TheAbilityToMoveFailsBeforeAnythingIsDone) {
  Rig rig("layout_only");
  rig.request.provider = "layout-only";
  rig.request.relayout = true;
  rig.a.Write("x", "1");
  EXPECT_EQ(rig.Sync(), SyncResult::kFailed) << rig;
  EXPECT_THAT(rig.report.message, HasSubstr("layout-only knows where records belong, but cannot"));
  EXPECT_FALSE(rig.b.Exists("x"));
}

// Whatever the direction: a record whose key stays and whose id on a side is another is the same.
class AnotherId : public Arrange, public ::testing::WithParamInterface<Direction> {
 protected:
  void SetUp() override {
    StartFlat();
    rig.request.direction = GetParam();
  }
};
INSTANTIATE_TEST_SUITE_P(Directions, AnotherId,
                         ::testing::Values(Direction::kTwoWay, Direction::kMirror,
                                           Direction::kAdd));

TEST_P(AnotherId, OfOneSideIsTakenOver) {
  for (testing::Tree* side : {&rig.a, &rig.b}) {
    side->Move("ann", "by/hand/ann");
    ExpectAtRest(3);
    EXPECT_TRUE(side->Exists("by/hand/ann"));
    EXPECT_TRUE((side == &rig.a ? rig.b : rig.a).Exists(side == &rig.a ? "ann" : "by/hand/ann"));
  }
}

TEST_P(AnotherId, OfBothSidesIsTakenOverAndWhatWasEditedGoesOn) {
  rig.a.Move("ann", "here/ann");
  rig.b.Move("ann", "there/ann");
  rig.a.Write("here/ann", Text("2024", "edited"));
  const SyncResult result = rig.Sync();
  EXPECT_EQ(result, SyncResult::kDone) << rig;
  EXPECT_EQ(rig.report.tally.created + rig.report.tally.removed, 0u) << rig;
  EXPECT_FALSE(rig.a.Exists("there/ann"));
  EXPECT_EQ(rig.b.Read("there/ann"), GetParam() == Direction::kAdd
                                         ? Text("2024/05", "ann")  // adds what is new, no more
                                         : Text("2024", "edited"));
}

TEST_P(AnotherId, IsStillRemovedWhereTheOtherSideRemovedIt) {
  rig.b.Move("ann", "there/ann");
  rig.a.Remove("ann");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_FALSE(rig.a.Exists("ann")) << "not brought back";
  EXPECT_EQ(rig.b.Exists("there/ann"), GetParam() == Direction::kAdd);
}

TEST_P(AnotherId, AndTheLayoutMovesIt) {
  EXPECT_EQ(Relayout(), SyncResult::kDone) << rig;
  ExpectOnlyMoved(3);
  EXPECT_TRUE(rig.b.Exists("2024/05/ann"));
  // A is only read from where the item adds.
  EXPECT_EQ(rig.a.Exists("ann"), GetParam() == Direction::kAdd);
  ExpectAtRest(3);
}

TEST_F(Arrange, ALibraryIsMovedWhoseCardIsEmpty) {
  StartFlat();
  rig.request.direction = Direction::kAdd;
  for (const char* name : {"ann", "bob", "eve"}) rig.a.Remove(name);
  EXPECT_EQ(Relayout(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.report.tally.moved, 3u) << rig;
  EXPECT_TRUE(rig.b.Exists("2024/05/ann"));
  // The card comes back, with what the library has and with more.
  rig.a.Write("ann", Text("2024/05", "ann"));
  rig.a.Write("new", Text("2024/05", "new"));
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.report.tally.created, 1u) << rig;
  EXPECT_FALSE(rig.b.Exists("ann"));
}

// After a sync with --relayout both sides hold what an ordinary sync would have brought, each
// record where its text wants it, and a further one has nothing to do.
RC_GTEST_PROP(ArrangeLaw, NothingIsLostAndAllStandWhereTheyBelong, ()) {
  Rig rig("filed");
  const auto folder = [] { return *rc::gen::element<std::string>("2023", "2024/05", "x"); };
  for (auto& settings : rig.request.settings) settings["layout"] = "flat";
  std::map<std::string, std::string> wanted;  // text by name
  for (int i = 0; i < 4; ++i) {
    const std::string name = "r" + std::to_string(i);
    testing::Tree& side = *rc::gen::arbitrary<bool>() ? rig.a : rig.b;
    side.Write(name, wanted[name] = Text(folder(), name));
  }
  RC_ASSERT(rig.Sync() == SyncResult::kDone);
  for (int i = 0; i < 6; ++i) {
    const std::string name = "r" + std::to_string(i);
    testing::Tree& side = *rc::gen::arbitrary<bool>() ? rig.a : rig.b;
    switch (*rc::gen::inRange(0, 4)) {
      case 0:
        side.Write(name, wanted[name] = Text(folder(), "new text of " + name));
        break;
      case 1:
        if (side.Exists(name)) side.Remove(name);
        wanted.erase(name);
        break;
      case 2:
        if (side.Exists(name)) side.Move(name, "by hand/" + name);
        break;
      default:
        break;
    }
  }
  for (auto& settings : rig.request.settings) settings["layout"] = "first-line";
  rig.request.relayout = true;
  rig.request.allow_deletes = true;
  rig.Sync();
  rig.Sync();  // an edit that came from the other side may want its record elsewhere
  RC_ASSERT(rig.report.result == SyncResult::kDone);
  for (const testing::Tree* side : {&rig.a, &rig.b}) {
    std::map<std::string, std::string> there;
    for (const auto& [path, line] : testing::Snapshot(side->root())) {
      if (line.starts_with("file")) there[path] = side->Read(path);
    }
    RC_ASSERT(there.size() == wanted.size());
    for (const auto& [name, text] : wanted) {
      RC_ASSERT(there[text.substr(8, text.find('\n') - 8) + "/" + name] == text);
    }
  }
  rig.Sync();
  const Tally& t = rig.report.tally;
  RC_ASSERT(t.created + t.updated + t.removed + t.moved + t.adopted + t.failed == 0u);
  RC_ASSERT(t.unchanged == wanted.size());
}

class Safe : public Arrange {
 protected:
  void SetUp() override {
    Set("verify", "yes");
    rig.a.Write("card/ann", Text("2024/05", "ann"));
    rig.a.Write("card/bob", Text("2024/05", "bob"));
    rig.request.direction = Direction::kAdd;
    ASSERT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  }
  SyncResult Ask() {
    rig.monitor = std::make_unique<TestMonitor>();
    rig.report = TellSafe(rig.request, rig.monitor.get());
    return rig.report.result;
  }
};

TEST_F(Safe, TellsOfEachRecordOfAAndWritesNothing) {
  rig.a.Write("card/new", Text("2024"));
  rig.a.Write("card/bob", Text("2024", "edited"));
  const auto before = testing::Snapshot(rig.b.root());
  EXPECT_EQ(Ask(), SyncResult::kDone) << rig.report.message;
  EXPECT_THAT(rig.monitor->safe,
              ElementsAre(std::pair("card/ann", ""),
                          std::pair("card/bob", "the other side has another version of it"),
                          std::pair("card/new", "it was not imported yet")));
  EXPECT_EQ(testing::Snapshot(rig.b.root()), before);
  EXPECT_THAT(rig.monitor->events, IsEmpty());
}

TEST_F(Safe, WhatTheOtherSideLostIsNot) {
  rig.b.Remove("2024/05/ann");
  EXPECT_EQ(Ask(), SyncResult::kDone);
  EXPECT_THAT(rig.monitor->safe["card/ann"], Not(IsEmpty()));
  EXPECT_THAT(rig.monitor->safe["card/bob"], IsEmpty());
}

TEST_F(Safe, ADamagedRecordOfTheLastSyncMakesNothingSafeAndIsLeftAsItIs) {
  rig.home.Write("baseline.db", "this is no database");
  EXPECT_EQ(Ask(), SyncResult::kDone) << rig.report.message;
  EXPECT_EQ(rig.monitor->safe["card/ann"], "it was not read back when it was stored");
  EXPECT_EQ(rig.home.Read("baseline.db"), "this is no database");
}

TEST_F(Safe, ASideThatIsNotThereIsSaid) {
  rig.temp_tree.Remove("a");
  EXPECT_EQ(Ask(), SyncResult::kStopped);
  EXPECT_THAT(rig.report.message, HasSubstr("side A"));
  EXPECT_THAT(rig.monitor->safe, IsEmpty());
}

TEST(SafeWithout, TheAbilityItSaysSo) {
  Rig rig;
  rig.request.provider = "folders";
  TestMonitor monitor;
  const SyncReport report = TellSafe(rig.request, &monitor);
  EXPECT_EQ(report.result, SyncResult::kFailed);
  EXPECT_THAT(report.message, HasSubstr("folders cannot tell which records are safe"));
}

TEST(Check, TellsWhatTheProviderSaysOnlyToWhoMakesTheItem) {
  Rig rig("filed");
  for (auto& settings : rig.request.settings) settings["verify"] = "no";
  TestMonitor monitor;
  EXPECT_EQ(CheckItem(rig.request, &monitor).result, SyncResult::kDone);
  EXPECT_THAT(monitor.events,
              ElementsAre("1  provider: A record that wants to be in \"x\" is put into \"x\".",
                          "2  provider: What is stored is not read back."));
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_THAT(rig.monitor->events, ElementsAre("2  provider: What is stored is not read back."));
}

}  // namespace
}  // namespace syncline::engine
