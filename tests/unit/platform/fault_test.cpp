// Played faults, and the scratch folders that all tests rely on.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include "sdk/platform/fault.h"
#include "tests/support/scratch.h"
#include "tests/unit/platform/child.h"

namespace syncline::platform {
namespace {

using testing::ProgramResult;
using testing::TempDir;
using testing::Tree;

#ifdef SYNCLINE_FAULTS

TEST(PlayedFaults, FailTheNthOperationOnly) {
  const ProgramResult r = RunChild("five operations", "", {{"SYNCLINE_FAULT", "test:fail:3"}});
  EXPECT_EQ(r.out, "++-++") << r;
}

TEST(PlayedFaults, StopAtTheNthOperationAsByKill) {
  const ProgramResult r = RunChild("five operations", "", {{"SYNCLINE_FAULT", "test:stop:4"}});
  EXPECT_EQ(r.signal, SIGKILL);
  EXPECT_EQ(r.out, "+++");
}

TEST(PlayedFaults, CountEvenWhenTheProcessEndsWithoutDestructors) {
  const TempDir temp;
  RunChild("five operations", "", {{"SYNCLINE_FAULT", "test:count:" + temp / "count"}});
  EXPECT_EQ(Tree(temp.path()).Read("count"), "5\n");
}

TEST(PlayedFaults, AreForOneDoor) {
  EXPECT_EQ(RunChild("five operations", "", {{"SYNCLINE_FAULT", "other:stop:1"}}).out, "+++++");
  EXPECT_EQ(RunChild("five operations", "", {{"SYNCLINE_FAULT", "nonsense"}}).out, "+++++");
}

#endif  // SYNCLINE_FAULTS

TEST(TempDirs, RemoveWhateverIsInThem) {
  std::string path;
  {
    const TempDir temp;
    path = temp.path();
    Tree tree(path);
    tree.Write("locked/inner/file", "");
    tree.Write(".moved-up-0/x/y", "");
    tree.Link("locked/link", "/");
    tree.Chmod("locked/inner", 0);
    tree.Chmod("locked", 0);
    // Deeper than PATH_MAX.
    Dir dir = OpenDir(path).value();
    const std::string name(200, 'd');
    for (int i = 0; i < 200; ++i) {
      ASSERT_TRUE(MakeDir(dir, name, 0700).ok());
      dir = OpenDirAt(dir, name).value();
    }
  }
  EXPECT_TRUE(absl::IsNotFound(StatPath(path).status()));
}

TEST(Trees, WritesAlwaysChangeTheTimes) {
  const TempDir temp;
  Tree tree(temp.path());
  tree.Write("file", "1");
  for (int i = 0; i < 20; ++i) {
    const int64_t before = tree.Mtime("file");
    tree.Write("file", std::to_string(i % 10));
    EXPECT_NE(tree.Mtime("file"), before);
  }
}

TEST(Trees, SnapshotsTellWhatTheOptionsAskFor) {
  const TempDir temp;
  Tree tree(temp.path());
  tree.Write("d/f", "text");
  tree.Chmod("d", 0755);
  tree.Chmod("d/f", 0600);
  tree.SetMtime("d/f", 1'500'000'000'000'000'007);
  tree.Link("l", "d/f");
  tree.SetMtime("l", 2'000'000'000);
  EXPECT_EQ(testing::Snapshot(temp.path()), (std::map<std::string, std::string>{
                                                {"d", "folder 755"},
                                                {"d/f", "file 600 1500000000.000000007 'text'"},
                                                {"l", "link 2.000000000 -> d/f"},
                                            }));
}

TEST(Programs, AreRunWithInputAndTimeLimit) {
  testing::RunOptions options;
  options.input = "{\"a\": 1}";
  EXPECT_EQ(testing::RunJson({"cat"}, {}, options)["a"], 1);
  EXPECT_THROW(testing::RunJson({"echo", "no json"}), std::runtime_error);
  int code = 0;
  testing::RunJson({"sh", "-c", "echo 1; exit 3"}, {}, {}, &code);
  EXPECT_EQ(code, 3);
  options.timeout = std::chrono::milliseconds(50);
  const ProgramResult r = testing::RunProgram({"sleep", "100"}, {}, options);
  EXPECT_TRUE(r.timed_out);
  EXPECT_EQ(r.signal, SIGKILL);
  EXPECT_THROW(testing::RunProgram({"/no/such/program"}), std::runtime_error);
}

}  // namespace
}  // namespace syncline::platform
