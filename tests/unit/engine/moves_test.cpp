// Moves of files and folders, alone and tangled.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/unit/engine/rig.h"

namespace syncline::engine {
namespace {

class Moves : public ::testing::Test {
 protected:
  void SetUp() override {
    for (int i = 0; i < 5; ++i) {
      rig.a.Write("d/f" + std::to_string(i), "text " + std::to_string(i));
      rig.a.Write("d/sub/g" + std::to_string(i), "more " + std::to_string(i));
    }
    rig.a.Write("x", "ex");
    rig.a.Write("y", "why");
    rig.a.Mkdir("other");
    ASSERT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  }
  void ExpectMoves(uint64_t moved) {
    EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
    EXPECT_EQ(rig.report.tally.moved, moved) << rig;
    EXPECT_EQ(rig.report.tally.bytes, 0u) << rig;
    EXPECT_EQ(rig.report.tally.removed, 0u) << rig;
    EXPECT_TRUE(rig.InStep());
  }
  Rig rig;
};

TEST_F(Moves, AFile) {
  rig.a.Move("x", "other/x2");
  ExpectMoves(1);
}
TEST_F(Moves, AFileByLetterCase) {
  rig.b.Move("x", "X");
  ExpectMoves(1);
}
TEST_F(Moves, AFolderIsOneMove) {
  rig.b.Move("d", "e");
  ExpectMoves(1);
}
TEST_F(Moves, AFolderIntoANewFolder) {
  rig.a.Mkdir("new/er");
  rig.a.Move("d", "new/er/d");
  ExpectMoves(1);
}
TEST_F(Moves, AFolderAndSomethingInsideIt) {
  rig.a.Move("d", "e");
  rig.a.Move("e/sub", "e/bus");
  ExpectMoves(2);
}
TEST_F(Moves, AFolderOutOfAMovedFolder) {
  rig.a.Move("d/sub", "sub");
  rig.a.Move("d", "e");
  ExpectMoves(2);
}
TEST_F(Moves, AFolderUnderItsFormerInside) {
  rig.a.Move("d/sub", "sub");
  rig.a.Move("d", "sub/d");
  ExpectMoves(2);
}
TEST_F(Moves, TheSameOnBothSides) {
  rig.a.Move("d", "e");
  rig.b.Move("d", "e");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.report.tally.bytes, 0u) << rig;
  EXPECT_TRUE(rig.InStep());
}
TEST_F(Moves, DifferentPlacesOnBothSidesLoseNothing) {
  rig.a.Move("x", "xa");
  rig.b.Move("x", "xb");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.a.Read("xa"), "ex");
  EXPECT_FALSE(rig.b.Exists("xb"));
  EXPECT_TRUE(rig.InStep());
}
TEST_F(Moves, AFolderToDifferentPlacesOnBothSidesLosesNothing) {
  rig.a.Move("d", "da");
  rig.b.Move("d", "db");
  rig.Sync();
  EXPECT_EQ(rig.a.Read("da/f1"), "text 1");
  EXPECT_TRUE(rig.InStep()) << rig;
}
TEST_F(Moves, AMovedFolderTakesTheOtherSidesEditsAlong) {
  rig.a.Move("d", "e");
  rig.b.Write("d/f1", "edited on B");
  rig.b.Write("d/new", "new on B");
  rig.b.Remove("d/f2");
  rig.a.Write("e/f3", "edited on A");
  rig.a.Remove("e/f4");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.report.tally.moved, 1u) << rig;
  EXPECT_EQ(rig.a.Read("e/f1"), "edited on B");
  EXPECT_EQ(rig.a.Read("e/new"), "new on B");
  EXPECT_FALSE(rig.a.Exists("e/f2"));
  EXPECT_EQ(rig.b.Read("e/f3"), "edited on A");
  EXPECT_FALSE(rig.b.Exists("e/f4"));
  EXPECT_FALSE(rig.b.Exists("d"));
  EXPECT_TRUE(rig.InStep());
}
TEST_F(Moves, AMovedAndEditedFile) {
  rig.a.Move("x", "z");
  rig.a.Write("z", "edited as well");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.report.tally.moved, 1u) << rig;
  EXPECT_EQ(rig.b.Read("z"), "edited as well");
  EXPECT_TRUE(rig.InStep());
}
TEST_F(Moves, AMoveOntoAnotherFile) {
  rig.a.Remove("y");
  rig.a.Move("x", "y");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.b.Read("y"), "ex");
  EXPECT_FALSE(rig.b.Exists("x"));
  EXPECT_TRUE(rig.InStep());
}
TEST_F(Moves, TwoFilesSwapped) {
  rig.a.Move("x", "t");
  rig.a.Move("y", "x");
  rig.a.Move("t", "y");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.b.Read("x"), "why");
  EXPECT_EQ(rig.b.Read("y"), "ex");
  EXPECT_TRUE(rig.InStep());
}
TEST_F(Moves, AChainOfFiles) {
  rig.a.Move("y", "z");
  rig.a.Move("x", "y");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.b.Read("z"), "why");
  EXPECT_EQ(rig.b.Read("y"), "ex");
  EXPECT_TRUE(rig.InStep());
}
TEST_F(Moves, ToAPlaceThatTheOtherSideTook) {
  rig.a.Move("x", "z");
  rig.b.Write("z", "new on B");
  EXPECT_EQ(rig.Sync(), SyncResult::kConflicts) << rig;
  EXPECT_EQ(rig.a.Read("z"), "ex");
  EXPECT_EQ(rig.b.Read("z"), "new on B");
}
TEST_F(Moves, AgainstADeletionComeBack) {
  rig.a.Move("x", "z");
  rig.b.Remove("x");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.b.Read("z"), "ex");
  EXPECT_TRUE(rig.InStep());
}
TEST_F(Moves, CopiedAndRemovedIsFoundByContent) {
  rig.a.Write("z", std::string(10000, 'z'));
  rig.Sync();
  rig.a.Write("other/z", std::string(10000, 'z'));
  rig.a.SetMtime("other/z", rig.a.Mtime("z"));
  rig.a.Remove("z");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.report.tally.moved, 1u) << rig;
  EXPECT_TRUE(rig.InStep());
}
TEST_F(Moves, InAMirrorFollowA) {
  rig.request.direction = Direction::kMirror;
  rig.a.Move("d", "e");
  ExpectMoves(1);
  rig.b.Move("e", "elsewhere");  // B's own moves are put right by content, which the guard counts
  EXPECT_EQ(rig.Sync(), SyncResult::kStopped) << rig;
  rig.request.allow_deletes = true;
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.b.Read("e/f1"), "text 1");
  EXPECT_TRUE(rig.InStep());
}

TEST_F(Moves, AFolderIsNotCarriedOutOfAFilter) {
  rig.request.filters = {"/d/sub/"};
  rig.a.Move("d", "e");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.b.Read("d/sub/g1"), "more 1");  // filtered: stays where it is
  EXPECT_EQ(rig.b.Read("e/f1"), "text 1");
  EXPECT_EQ(rig.a.Read("e/sub/g1"), "more 1");
}
TEST_F(Moves, AFilterOfAnotherPlaceDoesNotMatter) {
  rig.request.filters = {"/other/", "*.tmp"};
  rig.a.Move("d", "e");
  ExpectMoves(1);
}

// Found by the model test: as removal and creation it met B's edit as a conflict.
TEST(Move, IntoAFolderThatTakesTheFilesPlaceIsAMove) {
  Rig rig;
  rig.a.Write("a", "100");
  rig.a.Write("b", "101");
  ASSERT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  rig.a.Remove("a");
  std::filesystem::create_directory(rig.a.Path("a"));
  std::filesystem::rename(rig.a.Path("b"), rig.a.Path("a/b"));
  rig.b.Write("b", "edited on B");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.a.Read("a/b"), "edited on B");
  EXPECT_EQ(rig.report.tally.moved, 1u) << rig;
  EXPECT_TRUE(rig.InStep());
}

TEST(Move, OfAFolderIntoOneThatTakesAFilesPlaceIsAMove) {
  Rig rig;
  rig.a.Write("a", "100");
  rig.a.Write("dir/one", "1");
  rig.a.Write("dir/two", "2");
  ASSERT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  rig.a.Remove("a");
  std::filesystem::create_directory(rig.a.Path("a"));
  std::filesystem::rename(rig.a.Path("dir"), rig.a.Path("a/dir"));
  rig.b.Write("dir/one", "edited on B");
  EXPECT_EQ(rig.Sync(), SyncResult::kDone) << rig;
  EXPECT_EQ(rig.a.Read("a/dir/one"), "edited on B");
  EXPECT_EQ(rig.report.tally.moved, 1u) << rig;
  EXPECT_TRUE(rig.InStep());
}

}  // namespace
}  // namespace syncline::engine
