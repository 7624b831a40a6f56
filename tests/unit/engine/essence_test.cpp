// Records that are merged by their essence, over two folders of the portraits provider
// (tests/providers/portraits.cpp): a head of lines, which is merged, and a body that nobody reads
// for it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/baseline.h"
#include "tests/unit/engine/rig.h"

namespace syncline::engine {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

const std::string kBody(100'000, 'x');

std::string Picture(const std::string& head, const std::string& body = kBody) {
  return head + "\n" + body;
}

class Essence : public ::testing::Test {
 protected:
  // Both sides agree about this one.
  void Start(const std::string& head = "place: Rome\ntitle: Ann\n",
             const std::string& on_b = "ann") {
    rig.a.Write("ann", Picture(head));
    ASSERT_EQ(rig.Sync(), SyncResult::kDone) << rig;
    ASSERT_EQ(rig.b.Read(on_b), Picture(head));
  }
  void EditBoth(const std::string& a, const std::string& b) {
    rig.a.Write("ann", a);
    rig.b.Write("ann", b);
  }
  std::string Ancestor(const std::string& id = "ann") {
    auto baseline = storage::Baseline::Open(rig.home.Path("baseline.db"));
    if (!baseline.ok()) return std::string(baseline.status().message());
    auto ancestor = baseline->Ancestor(id);
    return ancestor.ok() ? *ancestor : std::string(ancestor.status().message());
  }
  // What the provider told that it did in the last sync: "read", "copied" ...
  std::vector<std::string> Told() {
    std::vector<std::string> told;
    for (const std::string& event : rig.monitor->events) {
      const size_t at = event.find(" provider: side ");
      if (at != std::string::npos) told.push_back(event.substr(at + 16));
    }
    return told;
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
  Rig rig{"portraits"};
  const std::string kNoAncestor = "no ancestor is kept for this record";
};

TEST_F(Essence, EditsOfBothHeadsAreMergedAndBodiesAreNotRead) {
  Start();
  EditBoth(Picture("place: Paris\ntitle: Ann\n"), Picture("place: Rome\ntitle: Anna\n"));
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.report.tally.merged, 1u) << rig;
  EXPECT_EQ(rig.a.Read("ann"), Picture("place: Paris\ntitle: Anna\n"));
  EXPECT_EQ(rig.b.Read("ann"), rig.a.Read("ann"));
  EXPECT_THAT(Told(), ElementsAre("A: essence for a merge", "B: essence for a merge", "A: merged",
                                  "B: merged"));
  EXPECT_LT(rig.report.tally.bytes, 1000u) << "only heads are written";
  EXPECT_TRUE(NothingLeft());
}

TEST_F(Essence, OfWhatWasMergedIsTheNextBase) {
  Start();
  EditBoth(Picture("place: Paris\ntitle: Ann\n"), Picture("place: Rome\ntitle: Anna\n"));
  ASSERT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_THAT(Ancestor(), HasSubstr("place: Paris\ntitle: Anna\n"));
  EXPECT_LT(Ancestor().size(), 200u);
  EditBoth(Picture("place: Rome\ntitle: Anna\n"), Picture("place: Paris\ntitle: Ann\n"));
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.b.Read("ann"), Picture("place: Rome\ntitle: Ann\n")) << "both went back";
}

TEST_F(Essence, ASideThatHoldsWhatWasMergedIsNotWritten) {
  Start();
  EditBoth(Picture("place: Paris\ntitle: Anna\n"), Picture("place: Paris\ntitle: Ann\n"));
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_THAT(Told(), ElementsAre("A: essence for a merge", "B: essence for a merge", "B: merged"));
  EXPECT_EQ(rig.b.Read("ann"), Picture("place: Paris\ntitle: Anna\n"));
  EXPECT_TRUE(NothingLeft());
}

TEST_F(Essence, ACopyIsMadeByTheProviderAndTheAncestorIsTheEssence) {
  Start();
  EXPECT_THAT(Told(), ElementsAre("A: essence", "B: copied"));
  EXPECT_EQ(Ancestor(), "place: Rome\ntitle: Ann\n");
  rig.b.Write("ann", Picture("place: Oslo\ntitle: Ann\n"));
  ASSERT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_THAT(Told(), ElementsAre("B: essence", "A: copied"));
  EXPECT_EQ(Ancestor(), "place: Oslo\ntitle: Ann\n");
}

TEST_F(Essence, IsTheAncestorWhereTheContentPassesThroughToo) {
  rig.request.settings[1]["copies"] = "no";
  Start();
  EXPECT_THAT(Told(), ElementsAre("A: essence", "A: read"));
  EXPECT_EQ(Ancestor(), "place: Rome\ntitle: Ann\n");
  EditBoth(Picture("place: Paris\ntitle: Ann\n"), Picture("place: Rome\ntitle: Anna\n"));
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.b.Read("ann"), Picture("place: Paris\ntitle: Anna\n"));
}

TEST_F(Essence, IsTheAncestorOfWhatWasAdopted) {
  EditBoth(Picture("place: Rome\ntitle: Ann\n"), Picture("place: Rome\ntitle: Ann\n"));
  ASSERT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.report.tally.adopted, 1u) << rig;
  EXPECT_THAT(Told(), ElementsAre("A: essence"));
  EXPECT_EQ(Ancestor(), "place: Rome\ntitle: Ann\n");
  EditBoth(Picture("title: Ann\n"), Picture("place: Rome\ntitle: Anna\n"));
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.b.Read("ann"), Picture("title: Anna\n"));
}

TEST_F(Essence, OfAnAdoptionThatWasCancelledIsKeptByTheNextSync) {
  EditBoth(Picture("place: Rome\n"), Picture("place: Rome\n"));
  rig.on_work = [&](const std::string& work) {
    if (work == "read ann") rig.monitor->Cancel();
  };
  EXPECT_EQ(rig.Sync(), SyncResult::kCancelled) << rig;
  rig.on_work = nullptr;
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(Ancestor(), "place: Rome\n");
}

TEST_F(Essence, MovesAlongWithTheRecord) {
  Start("place: Rome\ntitle: Ann\nuid: 7\n", "7");
  rig.a.Move("ann", "renamed");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_THAT(Told(), ElementsAre());
  EXPECT_EQ(Ancestor("renamed"), "place: Rome\ntitle: Ann\nuid: 7\n");
  rig.a.Move("renamed", "again.txt");
  rig.a.Write("again.txt", Picture("place: Paris\ntitle: Ann\nuid: 7\n"));
  rig.b.Write("7", Picture("place: Rome\ntitle: Anna\nuid: 7\n"));
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.a.Read("again.txt"), Picture("place: Paris\ntitle: Anna\nuid: 7\n"));
  EXPECT_EQ(rig.b.Read("7"), rig.a.Read("again.txt"));
  EXPECT_THAT(Ancestor("again.txt"), HasSubstr("place: Paris\ntitle: Anna\n"));
}

TEST_F(Essence, TheSameLineIsAConflictAndChoicesResolveIt) {
  Start();
  EditBoth(Picture("place: Paris\ntitle: Anna\n"), Picture("place: Oslo\ntitle: Ann\n"));
  EXPECT_EQ(rig.Sync(), SyncResult::kConflicts) << rig;
  ASSERT_EQ(rig.monitor->conflicts.count("ann"), 1u);
  const ConflictReport& conflict = rig.monitor->conflicts["ann"];
  EXPECT_EQ(conflict.kind, ConflictKind::kEditEdit);
  EXPECT_THAT(conflict.side[0].differing, ElementsAre(Pair("place", "place: Paris")));
  EXPECT_THAT(conflict.side[1].differing, ElementsAre(Pair("place", "place: Oslo")));
  EXPECT_EQ(rig.a.Read("ann"), Picture("place: Paris\ntitle: Anna\n")) << "nothing is half merged";
  EXPECT_EQ(Ancestor(), "place: Rome\ntitle: Ann\n") << "a conflict keeps it";
  rig.Decide("ann", Decision::kMerge, {{"place", Side::kB}});
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.a.Read("ann"), Picture("place: Oslo\ntitle: Anna\n"));
  EXPECT_EQ(rig.b.Read("ann"), rig.a.Read("ann"));
  EXPECT_TRUE(NothingLeft());
}

TEST_F(Essence, BodiesThatDifferAreAConflictThatSaysSo) {
  Start();
  EditBoth(Picture("place: Paris\ntitle: Ann\n", "retouched"),
           Picture("place: Rome\ntitle: Anna\n"));
  EXPECT_EQ(rig.Sync(), SyncResult::kConflicts) << rig;
  EXPECT_THAT(rig.monitor->conflicts["ann"].reason, HasSubstr("bodies differ"));
  EXPECT_EQ(rig.a.Read("ann"), Picture("place: Paris\ntitle: Ann\n", "retouched"));
  EXPECT_EQ(rig.b.Read("ann"), Picture("place: Rome\ntitle: Anna\n"));
  rig.Decide("ann", Decision::kA);
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.b.Read("ann"), rig.a.Read("ann"));
  EXPECT_EQ(Ancestor(), "place: Paris\ntitle: Ann\n");
}

TEST_F(Essence, KeepingBothCopiesThemByTheProvider) {
  Start();
  EditBoth(Picture("place: Paris\n", "one"), Picture("place: Oslo\n", "two"));
  ASSERT_EQ(rig.Sync(), SyncResult::kConflicts) << rig;
  rig.Decide("ann", Decision::kBoth);
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_THAT(Told(), Each(Not(EndsWith("read"))));
  EXPECT_EQ(testing::Snapshot(rig.a.root()).size(), 2u) << rig;
  EXPECT_EQ(rig.b.Read("ann"), Picture("place: Paris\n", "one"));
  EXPECT_EQ(Ancestor(), "place: Paris\n");
  EXPECT_TRUE(NothingLeft());
}

TEST_F(Essence, ARecordThatHasNoneIsCopiedAndItsEditsAreAPlainConflict) {
  Start("sealed: yes\ntitle: Ann\n");
  EXPECT_EQ(Ancestor(), kNoAncestor);
  EditBoth(Picture("sealed: yes\ntitle: Anna\n"), Picture("sealed: yes\ntitle: Ann\nyear: 1\n"));
  EXPECT_EQ(rig.Sync(), SyncResult::kConflicts) << rig;
  const ConflictReport& conflict = rig.monitor->conflicts["ann"];
  EXPECT_THAT(conflict.reason, HasSubstr("sealed"));
  EXPECT_TRUE(conflict.side[0].differing.empty());
  EXPECT_TRUE(conflict.side[1].differing.empty());
  rig.Decide("ann", Decision::kB);
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.a.Read("ann"), Picture("sealed: yes\ntitle: Ann\nyear: 1\n"));
}

TEST_F(Essence, ARecordThatHasNoneFollowsThePolicy) {
  Start("sealed: yes\n");
  rig.request.policy = Policy::kB;
  EditBoth(Picture("sealed: yes\ntitle: A\n"), Picture("sealed: yes\ntitle: B\n"));
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.a.Read("ann"), Picture("sealed: yes\ntitle: B\n"));
}

TEST_F(Essence, AnAncestorThatCannotBeToldAnewIsNotKept) {
  Start();
  rig.a.Write("ann", Picture("sealed: yes\n"));
  ASSERT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(Ancestor(), kNoAncestor) << "the one before is no longer what both held";
}

TEST_F(Essence, OfAnAncestorThatFailsMakesALaterMergeOneWithoutBase) {
  Start("title: Ann\ntorn: yes\n");
  EXPECT_EQ(rig.b.Read("ann"), rig.a.Read("ann")) << "it is copied all the same";
  EXPECT_EQ(Ancestor(), kNoAncestor);
  EditBoth(Picture("place: Rome\ntitle: Ann\n"), Picture("title: Ann\nyear: 1\n"));
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.b.Read("ann"), Picture("place: Rome\ntitle: Ann\nyear: 1\n"));
}

TEST_F(Essence, ThatFailsForAMergeParksTheRecordWithTheReason) {
  Start();
  EditBoth(Picture("title: Anna\n"), Picture("torn: yes\n"));
  EXPECT_EQ(rig.Sync(), SyncResult::kPartial) << rig;
  EXPECT_THAT(rig.monitor->events, Contains(HasSubstr("It is torn.")));
  EXPECT_EQ(rig.a.Read("ann"), Picture("title: Anna\n"));
  EXPECT_EQ(rig.b.Read("ann"), Picture("torn: yes\n"));
  rig.b.Write("ann", Picture("place: Rome\ntitle: Ann\nyear: 1\n"));
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.b.Read("ann"), Picture("title: Anna\nyear: 1\n"));
}

TEST_F(Essence, ThatIsTooLargeToMergeIsAConflict) {
  const std::string pad(size_t{17} << 20, 'x');
  Start("pad: " + pad + "\n");
  EXPECT_EQ(Ancestor(), kNoAncestor);
  EditBoth(Picture("pad: " + pad + "\n", "one"), Picture("pad: y\n"));
  EXPECT_EQ(rig.Sync(), SyncResult::kConflicts) << rig.report.message;
  EXPECT_THAT(rig.monitor->conflicts["ann"].reason, HasSubstr("larger than 16 MiB"));
}

TEST_F(Essence, OfAVersionThatIsCopiedNoMoreIsNotKept) {
  Start();
  rig.a.Write("ann", Picture("place: Paris\ntitle: Ann\n"));
  bool changed = false;
  rig.on_work = [&](const std::string& work) {
    if (work != "write ann" || changed) return;  // the essence has been told
    changed = true;
    rig.a.Write("ann", Picture("place: Oslo\ntitle: Ann\n"));
  };
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  ASSERT_TRUE(changed);
  EXPECT_EQ(rig.b.Read("ann"), Picture("place: Oslo\ntitle: Ann\n"));
  EXPECT_EQ(Ancestor(), "place: Oslo\ntitle: Ann\n");
}

TEST_F(Essence, OfAnotherVersionThanTheListedOneIsNotKept) {
  Start();
  rig.a.Write("ann", Picture("place: Paris\ntitle: Ann\n"));
  bool changed = false;
  rig.on_work = [&](const std::string& work) {
    if (work == "read ann" && !changed) {
      changed = true;
      rig.a.Write("ann", Picture("place: Oslo\ntitle: Ann\n"));
    } else if (work == "write ann") {
      // As it was listed again: a copy of it is right, the essence of the other is not.
      rig.a.Write("ann", Picture("place: Paris\ntitle: Ann\n"));
    }
  };
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  ASSERT_TRUE(changed);
  const std::string head = rig.b.Read("ann").substr(0, rig.b.Read("ann").find("\n\n") + 1);
  EXPECT_EQ(Ancestor(), head);
}

TEST_F(Essence, OfAVersionThatChangesDuringAMergeIsLookedAtAgain) {
  Start();
  EditBoth(Picture("place: Paris\ntitle: Ann\n"), Picture("place: Rome\ntitle: Anna\n"));
  bool changed = false;
  rig.on_work = [&](const std::string& work) {
    if (work != "read ann" || changed) return;
    changed = true;
    rig.a.Write("ann", Picture("place: Oslo\ntitle: Ann\n"));
  };
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.a.Read("ann"), Picture("place: Oslo\ntitle: Anna\n"));
  EXPECT_EQ(rig.b.Read("ann"), rig.a.Read("ann"));
}

TEST_F(Essence, OfOneSideThatIsMergedLeavesTheMetadataOfEachSide) {
  Start();
  EditBoth(Picture("place: Paris\ntitle: Ann\n") + "\n~a",
           Picture("place: Rome\ntitle: Anna\n") + "\n~b");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.a.Read("ann"), Picture("place: Paris\ntitle: Anna\n") + "\n~a");
  EXPECT_EQ(rig.b.Read("ann"), Picture("place: Paris\ntitle: Anna\n") + "\n~b");
}

TEST_F(Essence, MetadataOfMergeableRecordsIsCombinedAndTheAncestorIsThatOfNow) {
  Start();
  EditBoth(Picture("place: Paris\ntitle: Ann\n") + "\n~a",
           Picture("place: Paris\ntitle: Ann\n") + "\n~b");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.a.Read("ann"), Picture("place: Paris\ntitle: Ann\n") + "\n~a\n~b");
  EXPECT_EQ(rig.b.Read("ann"), rig.a.Read("ann"));
  EXPECT_EQ(Ancestor(), "place: Paris\ntitle: Ann\n");
  // With the older one A's edit, which goes back to Rome, would be taken back.
  EditBoth(Picture("place: Rome\ntitle: Ann\n"), Picture("place: Paris\ntitle: Anna\n"));
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.b.Read("ann"), Picture("place: Rome\ntitle: Anna\n"));
}

TEST_F(Essence, AnAncestorFromBeforeIsNotKeptWhereOnlyMetadataIsCombined) {
  Start();
  EditBoth(Picture("torn: yes\n") + "\n~a", Picture("torn: yes\n") + "\n~b");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.b.Read("ann"), Picture("torn: yes\n") + "\n~a\n~b");
  EXPECT_EQ(Ancestor(), kNoAncestor);
}

TEST_F(Essence, MetadataOfOneSideLeavesTheAncestorAsItIs) {
  Start();
  rig.request.direction = Direction::kMirror;
  rig.b.Write("ann", Picture("place: Rome\ntitle: Ann\n") + "\n~b");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.b.Read("ann"), Picture("place: Rome\ntitle: Ann\n"));
  EXPECT_THAT(Told(), ElementsAre("B: copied"));
  EXPECT_EQ(Ancestor(), "place: Rome\ntitle: Ann\n");
}

}  // namespace
}  // namespace syncline::engine
