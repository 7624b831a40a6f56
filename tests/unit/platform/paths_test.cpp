// Whole paths, paths as text, clock and randomness.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "absl/time/clock.h"
#include "sdk/platform/clock.h"
#include "sdk/platform/file_system.h"
#include "tests/support/scratch.h"

namespace syncline::platform {
namespace {

using testing::TempDir;
using testing::Tree;

TEST(Paths, AreJoinedAndTakenApart) {
  EXPECT_EQ(JoinPath("a", "b"), "a/b");
  EXPECT_EQ(JoinPath("a//", "/b"), "a/b");
  EXPECT_EQ(JoinPath("/", "b"), "/b");
  EXPECT_EQ(JoinPath("", "b"), "b");
  EXPECT_EQ(JoinPath("a", ""), "a");
  EXPECT_EQ(BaseName("/a/b/"), "b");
  EXPECT_EQ(BaseName("b"), "b");
  EXPECT_EQ(BaseName("/"), "/");
  EXPECT_EQ(ParentPath("/a/b/"), "/a");
  EXPECT_EQ(ParentPath("/a"), "/");
  EXPECT_EQ(ParentPath("/"), "/");
  EXPECT_EQ(ParentPath("a"), ".");
  EXPECT_EQ(ParentPath("a//b"), "a");
  EXPECT_EQ(AbsolutePath("/x"), "/x");
  EXPECT_EQ(AbsolutePath("x"), RealPath(".").value() + "/x");
}

TEST(Paths, AreShownWithoutHarm) {
  EXPECT_EQ(PrintableName("plain \xC3\xA4 \xE2\x82\xAC \xF0\x9F\x98\x80"),
            "plain \xC3\xA4 \xE2\x82\xAC \xF0\x9F\x98\x80");
  EXPECT_EQ(PrintableName("a\nb\x1b[31m\x7f"), "a\\x0Ab\\x1B[31m\\x7F");
  EXPECT_EQ(PrintableName("\xff\xc3"), "\\xFF\\xC3");
  EXPECT_EQ(PrintableName("\xed\xa0\x80"), "\\xED\\xA0\\x80");  // a surrogate
  EXPECT_EQ(PrintableName("\xc0\xaf"), "\\xC0\\xAF");           // overlong
  EXPECT_EQ(PrintableName("\xf4\x90\x80\x80"), "\\xF4\\x90\\x80\\x80");
  EXPECT_EQ(PrintableName("\xc2\x9b"), "\\xC2\\x9B");  // CSI of 8-bit terminals
}

TEST(WholePaths, MakeDirsMakesAllForThisUserOnly) {
  const TempDir temp;
  const std::string path = temp / "a/b/c";
  ASSERT_TRUE(MakeDirs(path).ok());
  ASSERT_TRUE(MakeDirs(path + "/").ok());
  EXPECT_EQ(StatPath(path)->permissions, 0700u);
  Tree(temp.path()).Write("file", "");
  EXPECT_TRUE(absl::IsFailedPrecondition(MakeDirs(temp / "file/x")));
  EXPECT_TRUE(absl::IsFailedPrecondition(MakeDirs(temp / "file")));
}

TEST(WholePaths, WriteReplacesInOneStepAndLeavesNothingElse) {
  const TempDir temp;
  Tree tree(temp.path());
  tree.Write("settings", "old");
  ASSERT_TRUE(WriteWholeFile(temp / "settings", "new", 0600).ok());
  EXPECT_EQ(testing::Snapshot(temp.path(), {.content = true, .mode = true, .mtime = false}),
            (std::map<std::string, std::string>{{"settings", "file 600 'new'"}}));
  tree.Mkdir("folder");
  EXPECT_FALSE(WriteWholeFile(temp / "folder", "x", 0600).ok());
  EXPECT_EQ(testing::Snapshot(temp.path()).size(), 2u);
  EXPECT_TRUE(absl::IsNotFound(WriteWholeFile(temp / "no/such", "x", 0600)));
}

TEST(WholePaths, ReadHasALimit) {
  const TempDir temp;
  Tree tree(temp.path());
  tree.Write("ten", "0123456789");
  EXPECT_EQ(ReadWholeFile(temp / "ten", 10).value(), "0123456789");
  EXPECT_TRUE(absl::IsInvalidArgument(ReadWholeFile(temp / "ten", 9).status()));
  EXPECT_TRUE(absl::IsNotFound(ReadWholeFile(temp / "none", 9).status()));
  EXPECT_TRUE(absl::IsFailedPrecondition(ReadWholeFile(temp.path(), 9).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(ReadWholeFile("/dev/zero", 100'000).status()));
  EXPECT_GT(ReadWholeFile("/proc/self/limits", 100'000)->size(), 100u);
}

TEST(Paths, AFileUrlIsALocalPath) {
  EXPECT_EQ(LocalPath("file:///home/ada/a%20b%2fc"), "/home/ada/a b/c");
  EXPECT_EQ(LocalPath("file://localhost/x"), "/x");
  EXPECT_EQ(LocalPath("file:/x"), "/x");
  EXPECT_EQ(LocalPath("/a%20b"), "/a%20b");
  EXPECT_EQ(LocalPath("file:x"), "file:x");
  EXPECT_EQ(LocalPath("file://elsewhere/x"), "");
  EXPECT_EQ(LocalPath("https://example.org/x"), "");
}

TEST(WholePaths, RenameRemoveAndRealPath) {
  const TempDir temp;
  Tree tree(temp.path());
  tree.Write("a/file", "text");
  tree.Link("link", "a");
  EXPECT_EQ(RealPath(temp / "link/../a/./file").value(), RealPath(temp.path()).value() + "/a/file");
  EXPECT_TRUE(absl::IsNotFound(RealPath(temp / "none").status()));
  EXPECT_TRUE(RenamePath(temp / "a/file", temp / "b").ok());
  EXPECT_TRUE(RemovePath(temp / "b").ok());
  EXPECT_TRUE(absl::IsNotFound(RemovePath(temp / "b")));
  EXPECT_TRUE(RemovePath(temp / "link").ok());
  EXPECT_TRUE(tree.Exists("a"));
}

TEST(RealClock, GoesOn) {
  const absl::Duration before = Clock::Real()->Monotonic();
  Clock::Real()->Sleep(absl::Milliseconds(2));
  EXPECT_GE(Clock::Real()->Monotonic() - before, absl::Milliseconds(2));
  EXPECT_LT(absl::AbsDuration(Clock::Real()->Now() - absl::Now()), absl::Seconds(5));
}

TEST(RandomHex, IsAsLongAsAskedAndDiffers) {
  EXPECT_EQ(RandomHex(16).size(), 32u);
  EXPECT_EQ(RandomHex(0), "");
  EXPECT_NE(RandomHex(16), RandomHex(16));
  EXPECT_EQ(RandomHex(300).find_first_not_of("0123456789abcdef"), std::string::npos);
}

}  // namespace
}  // namespace syncline::platform
