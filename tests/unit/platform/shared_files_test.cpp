// Locks and notes, with holders that are killed.
#include <gtest/gtest.h>

#include "tests/support/scratch.h"
#include "tests/unit/platform/child.h"

namespace syncline::platform {
namespace {

using testing::TempDir;
using testing::Tree;

TEST(LockFiles, OneHolderAtATimeAndItsNoteIsShown) {
  const TempDir temp;
  const std::string path = temp / "lock";
  {
    const auto held = LockFile::Acquire(path, "first");
    ASSERT_TRUE(held.ok()) << held.status();
    const auto refused = LockFile::Acquire(path, "second");
    EXPECT_TRUE(absl::IsFailedPrecondition(refused.status()));
    EXPECT_EQ(refused.status().message(), "first");
  }
  EXPECT_TRUE(LockFile::Acquire(path, "x").ok());
  const auto third = LockFile::Acquire(path, "third");
  EXPECT_EQ(Tree(temp.path()).Read("lock"), "third");
}

TEST(LockFiles, AreReleasedWhenTheHolderIsKilled) {
  const TempDir temp;
  const std::string path = temp / "lock";
  const auto child = StartChild("lock", path);
  ASSERT_EQ(Hear(*child), "locked");
  EXPECT_EQ(LockFile::Acquire(path, "mine").status().message(), "sync of Photos by process 42");
  child->Kill();
  ASSERT_TRUE(child->Wait(absl::Seconds(20)).ok());
  EXPECT_TRUE(LockFile::Acquire(path, "mine").ok());
}

TEST(LockFiles, AreNotPassedOnToChildren) {
  const TempDir temp;
  std::unique_ptr<Process> child;
  {
    const auto held = LockFile::Acquire(temp / "lock", "first");
    child = StartChild("echo");
  }
  EXPECT_TRUE(LockFile::Acquire(temp / "lock", "second").ok());
}

TEST(LockFiles, CannotBeInAFolderThatIsNotThere) {
  const TempDir temp;
  EXPECT_TRUE(absl::IsNotFound(LockFile::Acquire(temp / "no/lock", "x").status()));
}

TEST(SharedNotes, SurviveTheirWriter) {
  const TempDir temp;
  const std::string path = temp / "note";
  const auto child = StartChild("write note", path);
  ASSERT_EQ(Hear(*child), "written");
  child->Kill();
  ASSERT_TRUE(child->Wait(absl::Seconds(20)).ok());
  EXPECT_EQ(SharedNote::Read(path), "record 7 of Photos");
  const auto note = SharedNote::Open(path).value();
  EXPECT_EQ(SharedNote::Read(path), "record 7 of Photos");  // opening keeps it
  note->Clear();
  EXPECT_EQ(SharedNote::Read(path), "");
}

TEST(SharedNotes, AreWholeOrEmptyWheneverTheWriterDies) {
  const TempDir temp;
  const std::string path = temp / "note";
  for (int i = 0; i < 20; ++i) {
    const auto child = StartChild("rewrite note", path);
    ASSERT_EQ(Hear(*child), "writing");
    absl::SleepFor(absl::Microseconds(100 * i));
    child->Kill();
    ASSERT_TRUE(child->Wait(absl::Seconds(20)).ok());
    const std::string note = SharedNote::Read(path);
    if (!note.empty()) {
      EXPECT_EQ(note, std::string(4000, note[0]));
    }
  }
}

TEST(SharedNotes, AreCutToTheirRoom) {
  const TempDir temp;
  const auto note = SharedNote::Open(temp / "note").value();
  note->Set(std::string(20'000, 'x'));
  EXPECT_EQ(SharedNote::Read(temp / "note"), std::string(SharedNote::kSize - 4, 'x'));
}

TEST(SharedNotes, StrangeFilesReadAsEmpty) {
  const TempDir temp;
  Tree tree(temp.path());
  tree.Write("short", "abc");
  tree.Write("garbage", std::string(SharedNote::kSize, '\xff'));
  EXPECT_EQ(SharedNote::Read(temp / "short"), "");
  EXPECT_EQ(SharedNote::Read(temp / "garbage"), "");
  EXPECT_EQ(SharedNote::Read(temp / "none"), "");
}

}  // namespace
}  // namespace syncline::platform
