// Changes of several files as one: all steps or none, and what a killed sync left is finished.
#include "plugins/images/journal.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/support/scratch.h"

namespace syncline::images {
namespace {

using testing::TempDir;
using testing::Tree;

class JournalTest : public ::testing::Test {
 protected:
  JournalTest() : tree_(temp_ / "side"), dir_(platform::OpenDir(tree_.root()).value()) {}

  std::string Stamp(const std::string& path) const {
    return StampOf(platform::StatPath(tree_.Path(path)).value());
  }
  // from gets the place of what stands at `to`, or a free one.
  Step To(const std::string& from, const std::string& to) const {
    return {from, to, Stamp(from), tree_.Exists(to) ? Stamp(to) : ""};
  }

  TempDir temp_;
  Tree tree_;
  platform::Dir dir_;
};

TEST_F(JournalTest, AllStepsAreDone) {
  tree_.Write("t1", "new");
  tree_.Write("t2", "other");
  tree_.Write("a/old", "old");
  EXPECT_TRUE(DoSteps(dir_, std::vector<Step>{To("t1", "a/old"), To("t2", "b/c/new")}).ok());
  EXPECT_EQ(tree_.Read("a/old"), "new");
  EXPECT_EQ(tree_.Read("b/c/new"), "other");
  EXPECT_FALSE(tree_.Exists("t1"));
  EXPECT_FALSE(tree_.Exists("t2"));
}

TEST_F(JournalTest, AnEditOfTheLastMomentTakesAllStepsBack) {
  tree_.Write("t1", "new");
  tree_.Write("t2", "other");
  tree_.Write("t3", "third");
  tree_.Write("a", "old");
  tree_.Write("b", "old b");
  const std::vector<Step> steps = {To("t1", "a"), To("t2", "c"), To("t3", "b")};
  tree_.Write("b", "edited meanwhile");
  EXPECT_TRUE(absl::IsAborted(DoSteps(dir_, steps)));
  EXPECT_EQ(tree_.Read("a"), "old");
  EXPECT_EQ(tree_.Read("b"), "edited meanwhile");
  EXPECT_FALSE(tree_.Exists("c"));
  EXPECT_EQ(tree_.Read("t1"), "new");
}

TEST_F(JournalTest, ATakenPlaceIsNeverOverwritten) {
  tree_.Write("t1", "new");
  const Step step = To("t1", "a");
  tree_.Write("a", "made meanwhile");
  EXPECT_TRUE(absl::IsAlreadyExists(DoSteps(dir_, std::vector<Step>{step})));
  EXPECT_EQ(tree_.Read("a"), "made meanwhile");
}

TEST_F(JournalTest, WhatAKilledSyncLeftIsFinishedFromEveryMoment) {
  for (int done = 0; done <= 3; ++done) {
    tree_.Remove("");
    tree_.Mkdir("");
    dir_ = platform::OpenDir(tree_.root()).value();
    tree_.Write("t1", "new");
    tree_.Write("t2", "other");
    tree_.Write("a", "old");
    tree_.Write("gone", "gone");
    const std::vector<Step> steps = {To("t1", "a"), To("t2", "c"), {"gone", "", Stamp("gone"), ""}};
    Journal journal(&dir_, ".note");
    ASSERT_TRUE(journal.Write(steps).ok());
    for (int i = 0; i < done; ++i) ASSERT_TRUE(DoStep(dir_, steps[static_cast<size_t>(i)]).ok());
    EXPECT_EQ(*journal.Finish(), 3 - done);
    EXPECT_EQ(tree_.Read("a"), "new");
    EXPECT_EQ(tree_.Read("c"), "other");
    for (const char* path : {"t1", "t2", "gone", ".note"}) EXPECT_FALSE(tree_.Exists(path)) << path;
    EXPECT_EQ(*journal.Finish(), 0);
  }
}

TEST_F(JournalTest, ANoteThatWasNotFinishedIsForgotten) {
  tree_.Write("t1", "new");
  Journal journal(&dir_, ".note");
  ASSERT_TRUE(journal.Write(std::vector<Step>{To("t1", "a")}).ok());
  const std::string note = tree_.Read(".note");
  tree_.Write(".note", note.substr(0, note.size() - 1));
  EXPECT_EQ(*journal.Finish(), 0);
  EXPECT_FALSE(tree_.Exists("a"));
  EXPECT_FALSE(tree_.Exists(".note"));
}

TEST_F(JournalTest, AnEditSinceTheKillIsLeftAlone) {
  tree_.Write("t1", "new");
  tree_.Write("a", "old");
  tree_.Write("gone", "gone");
  Journal journal(&dir_, ".note");
  ASSERT_TRUE(
      journal.Write(std::vector<Step>{To("t1", "a"), {"gone", "", Stamp("gone"), ""}}).ok());
  tree_.Write("a", "edited");
  tree_.Write("gone", "edited as well");
  EXPECT_EQ(*journal.Finish(), 0);
  EXPECT_EQ(tree_.Read("a"), "edited");
  EXPECT_EQ(tree_.Read("gone"), "edited as well");
}

}  // namespace
}  // namespace syncline::images
