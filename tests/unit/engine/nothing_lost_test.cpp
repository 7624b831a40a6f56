// What must not be lost where nobody looks: metadata of equal files, a mirror's other side when
// nothing was ever in step, a baseline that is damaged inside.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/unit/engine/rig.h"

namespace syncline::engine {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using testing::Tree;

unsigned ModeOf(const Tree& tree, const std::string& name) {
  struct stat info = {};
  EXPECT_EQ(lstat((tree.root() + "/" + name).c_str(), &info), 0);
  return info.st_mode & 07777;
}

// With extended attributes.
std::string All(const Tree& tree) {
  testing::SnapshotOptions options;
  options.attributes = true;
  return Rig::Text(testing::Snapshot(tree.root(), options));
}

TEST(EqualContents, KeepTheAttributesOfBothSidesAtTheFirstMeeting) {
  Rig rig;
  for (Tree* tree : {&rig.a, &rig.b}) tree->Write("f", "same"), tree->Mkdir("d");
  rig.a.SetAttribute("f", "user.tags", "holiday");
  rig.b.SetAttribute("f", "user.note", "hers");
  rig.a.SetAttribute("d", "user.tags", "blue");
  rig.b.SetAttribute("d", "user.note", "red");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  for (const Tree* tree : {&rig.a, &rig.b}) {
    const std::string all = All(*tree);
    for (const char* value : {"holiday", "hers", "blue", "red"}) EXPECT_THAT(all, HasSubstr(value));
  }
  EXPECT_TRUE(rig.InStep());
}

TEST(EqualContents, NeverGiveOthersWhatOneSideDoesNot) {
  Rig rig;
  for (Tree* tree : {&rig.a, &rig.b}) tree->Write("private", "same"), tree->Write("tool", "run");
  rig.a.Chmod("private", 0600);
  rig.b.Chmod("private", 0644);
  rig.a.Chmod("tool", 0755);
  rig.b.Chmod("tool", 0644);
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  for (const Tree* tree : {&rig.a, &rig.b}) {
    EXPECT_EQ(ModeOf(*tree, "private"), 0600u);
    EXPECT_EQ(ModeOf(*tree, "tool"), 0744u) << "its owner may still run it";
  }
  EXPECT_TRUE(rig.InStep());
}

TEST(EqualContents, KeepAnAttributeThatCameWhileTheOtherSideWasTouched) {
  Rig rig;
  rig.a.Write("f", "same");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  rig.a.SetMtime("f", int64_t{1'000'000'000} * 1'000'000'000);
  rig.b.SetAttribute("f", "user.tags", "precious");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_THAT(All(rig.a), HasSubstr("precious"));
  EXPECT_THAT(All(rig.b), HasSubstr("precious"));
  EXPECT_TRUE(rig.InStep());
}

TEST(EqualContents, AreAConflictWhereOneAttributeHasTwoValues) {
  Rig rig;
  for (Tree* tree : {&rig.a, &rig.b}) tree->Write("f", "same");
  rig.a.SetAttribute("f", "user.tags", "mine");
  rig.b.SetAttribute("f", "user.tags", "theirs");
  EXPECT_EQ(rig.Sync(), SyncResult::kConflicts) << rig;
  rig.Decide("f", Decision::kB);
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_THAT(All(rig.a), HasSubstr("theirs"));
  EXPECT_TRUE(rig.InStep());
}

TEST(EqualContents, InAMirrorBecomeAsOnA) {
  Rig rig;
  rig.request.direction = Direction::kMirror;
  for (Tree* tree : {&rig.a, &rig.b}) tree->Write("f", "same");
  rig.a.SetAttribute("f", "user.tags", "mine");
  rig.b.SetAttribute("f", "user.note", "theirs");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_THAT(All(rig.b), HasSubstr("mine"));
  EXPECT_THAT(All(rig.b), ::testing::Not(HasSubstr("theirs")));
}

class AMirror : public ::testing::Test {
 protected:
  AMirror() { rig.request.direction = Direction::kMirror; }
  Rig rig;
};

TEST_F(AMirror, AsksBeforeItRemovesWhatWasNeverInStep) {
  rig.a.Write("a", "a");
  rig.b.Write("precious", "x");
  EXPECT_EQ(rig.Sync(), SyncResult::kStopped) << rig;
  EXPECT_THAT(rig.report.message, HasSubstr("--allow-deletes"));
  EXPECT_EQ(rig.b.Read("precious"), "x");
  EXPECT_FALSE(rig.b.Exists("a"));
  rig.request.allow_deletes = true;
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_FALSE(rig.b.Exists("precious"));
  EXPECT_EQ(rig.b.Read("a"), "a");
}

TEST_F(AMirror, RemovesNothingWhenAnotherPlaceIsAccepted) {
  for (const char* name : {"1", "2", "3"}) rig.a.Write(name, name);
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  Tree all(rig.temp.path());
  all.Move("a", "not-mounted");
  all.Mkdir("a");
  rig.request.accept_root = true;
  EXPECT_EQ(rig.Sync(), SyncResult::kStopped) << rig;
  EXPECT_EQ(rig.b.Read("1"), "1");
  rig.request.accept_root = false;
  EXPECT_EQ(rig.Sync(), SyncResult::kStopped) << "and it stays so: " << rig;
  EXPECT_EQ(rig.b.Read("1"), "1");
}

TEST_F(AMirror, RemovesNothingWhenTheBaselineIsDamaged) {
  rig.a.Write("1", "1");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  rig.b.Write("more", "x");
  rig.home.Write("baseline.db", "this is no database, but long enough to look like a file of one");
  EXPECT_EQ(rig.Sync(), SyncResult::kStopped) << rig;
  EXPECT_EQ(rig.b.Read("more"), "x");
}

TEST_F(AMirror, DoesNotTurnADecisionForBAgainstB) {
  rig.request.direction = Direction::kTwoWay;
  rig.a.Write("f", "A's");
  rig.b.Write("f", "B's");
  EXPECT_EQ(rig.Sync(), SyncResult::kConflicts) << rig;
  rig.Decide("f", Decision::kB);
  rig.request.direction = Direction::kMirror;
  rig.request.only_decided = true;
  EXPECT_EQ(rig.Sync(), SyncResult::kConflicts) << rig;
  EXPECT_THAT(rig.monitor->conflicts.at("f").reason, HasSubstr("mirror"));
  EXPECT_EQ(rig.b.Read("f"), "B's");
  EXPECT_EQ(rig.a.Read("f"), "A's");
}

TEST(AnImport, LeavesBAsItIsForGoodWhenAPersonSaysSo) {
  Rig rig;
  rig.request.direction = Direction::kAdd;
  rig.a.Write("f", "A's");
  rig.b.Write("f", "B's");
  EXPECT_EQ(rig.Sync(), SyncResult::kConflicts) << rig;
  rig.Decide("f", Decision::kB);
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  rig.request.decided.clear();
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << "it is not asked again: " << rig;
  EXPECT_EQ(rig.a.Read("f"), "A's");
  EXPECT_EQ(rig.b.Read("f"), "B's");
}

TEST(AnImport, SaysWhyItCannotKeepBoth) {
  Rig rig;
  rig.request.direction = Direction::kAdd;
  rig.a.Write("f", "A's");
  rig.b.Write("f", "B's");
  EXPECT_EQ(rig.Sync(), SyncResult::kConflicts) << rig;
  rig.Decide("f", Decision::kBoth);
  EXPECT_EQ(rig.Sync(), SyncResult::kConflicts) << rig;
  EXPECT_THAT(rig.monitor->conflicts.at("f").reason, HasSubstr("only adds"));
}

// Every page of the file in turn is made zeros, as a disk does.
TEST(ADamagedBaseline, IsSetAsideWhateverPartOfItIsDamaged) {
  for (int page = 1; page < 12; ++page) {
    Rig rig;
    for (int i = 0; i < 200; ++i) rig.a.Write("file " + std::to_string(i), "x");
    ASSERT_EQ(rig.Sync(), SyncResult::kDone) << rig;
    rig.a.Remove("file 7");
    {
      std::fstream file(rig.home.root() + "/baseline.db",
                        std::ios::binary | std::ios::in | std::ios::out);
      file.seekg(0, std::ios::end);
      if (file.tellg() <= page * 4096) break;
      file.seekp(page * 4096);
      file << std::string(4096, '\0');
    }
    const SyncResult result = rig.Sync();
    EXPECT_EQ(result, SyncResult::kDone) << "page " << page << ": " << rig.report.message;
    EXPECT_EQ(testing::Snapshot(rig.a.root()).size(), testing::Snapshot(rig.b.root()).size());
    EXPECT_TRUE(rig.InStep()) << "page " << page;
  }
}

TEST(ADryRun, ShowsWhatAGuardWouldStop) {
  Rig rig;
  for (int i = 0; i < 20; ++i) rig.a.Write(std::to_string(i), "x");
  ASSERT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  for (int i = 0; i < 15; ++i) rig.a.Remove(std::to_string(i));
  rig.request.dry_run = true;
  EXPECT_EQ(rig.Sync(), SyncResult::kStopped) << rig;
  EXPECT_THAT(rig.monitor->plan, Contains("remove b 3"));
  EXPECT_THAT(rig.report.message, HasSubstr("15 of 20"));
  EXPECT_EQ(rig.b.Read("3"), "x");
}

TEST(ADryRun, OfAnAcceptedRootShowsWhatThenHappens) {
  Rig rig;
  for (int i = 0; i < 6; ++i) rig.a.Write(std::to_string(i), "x");
  ASSERT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  Tree all(rig.temp.path());
  all.Move("b", "was-b");
  all.Mkdir("b");
  for (int i = 0; i < 3; ++i) rig.b.Write(std::to_string(i), "x");
  rig.request.accept_root = true;
  rig.request.dry_run = true;
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_THAT(rig.monitor->plan, Contains("create b 4"));
  EXPECT_THAT(rig.monitor->plan, ::testing::Not(Contains("remove a 4")));
  EXPECT_FALSE(rig.home.Exists("dry-run.db"));
  rig.request.dry_run = false;
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.b.Read("4"), "x");
}

}  // namespace
}  // namespace syncline::engine
