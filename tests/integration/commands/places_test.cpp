// What may have happened to the places of an item since the last sync: each is told with one
// message, nothing is lost, and once it is put right the sync goes on.
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "tests/integration/commands/bad_input.h"

namespace syncline::testing {
namespace {

using Places = BadInput;

// Runs a shell script in a mount namespace of its own; $S is the program.
ProgramResult InOwnMounts(const Stage& stage, const std::string& script) {
  Environment env = stage.env;
  env["S"] = SYNCLINE_BIN "/syncline";
  env["A"] = stage.a.root();
  env["B"] = stage.b.root();
  env["T"] = stage.temp.path();
  return RunProgram({"unshare", "-m", "sh", "-c", script}, env);
}

bool MayMount() {
  return geteuid() == 0 &&
         RunProgram({"unshare", "-m", "sh", "-c", "mount -t tmpfs -o size=1m tmpfs /mnt"})
                 .exit_code == 0;
}

TEST_F(Places, AVanishedFolder) {
  stage_.b.Move("", "../away");
  const ProgramResult result = stage_.Run({"sync"});
  ExpectRefused(result, 4, {"Work", stage_.b.root(), "does not exist", "connect its disk"});
  EXPECT_FALSE(std::filesystem::exists(stage_.b.root()));
  std::filesystem::rename(stage_.temp / "away", stage_.b.root());
  ExpectNothingLost();
  ExpectSyncGoesOn();
}

TEST_F(Places, AFileWhereTheFolderWas) {
  stage_.b.Move("", "../away");
  std::ofstream(stage_.b.root()) << "a file";
  ExpectRefused(stage_.Run({"sync"}), 1, {"Work", stage_.b.root(), "is a file"});
  std::filesystem::remove(stage_.b.root());
  std::filesystem::rename(stage_.temp / "away", stage_.b.root());
  ExpectNothingLost();
  ExpectSyncGoesOn();
}

TEST_F(Places, ADiskThatIsMountedReadOnly) {
  if (!MayMount()) GTEST_SKIP() << "only root can mount";
  const ProgramResult result =
      InOwnMounts(stage_, "mount --bind $B $B && mount -o remount,ro,bind $B && exec $S sync");
  ExpectRefused(result, 1, {"Work", "mounted read-only"});
  EXPECT_EQ(All(stage_.b), before_b_);
  ExpectSyncGoesOn();
}

TEST_F(Places, AFullDisk) {
  if (!MayMount()) GTEST_SKIP() << "only root can mount";
  for (int i = 0; i < 6; ++i)
    stage_.a.Write("full/" + std::to_string(i), std::string(400'000, 'x'));
  Remember();
  const ProgramResult result = InOwnMounts(
      stage_,
      "mkdir $T/small && mount -t tmpfs -o size=1m tmpfs $T/small && "
      "$S add folders --name Small $A $T/small >$T/added && "
      "{ $S sync Small; echo code $?; find $T/small -name '.~*'; } >$T/first 2>$T/message; "
      "mount -o remount,size=10m $T/small; $S sync Small --json; cp -a $T/small/. $T/copy");
  EXPECT_EQ(result.exit_code, 0) << result;
  ProgramResult first;
  first.exit_code = 1;
  first.out = Tree(stage_.temp.path()).Read("first");
  first.err = Tree(stage_.temp.path()).Read("message");
  ExpectRefused(first, 1, {"Small", "disk is full", "Free some space"});
  EXPECT_THAT(first.out, HasSubstr("code 1\n"));
  EXPECT_EQ(first.out.find(".~syncline"), std::string::npos) << first;
  ExpectNothingLost();
  EXPECT_EQ(Snapshot(stage_.temp / "copy"), Snapshot(stage_.a.root()));
}

TEST_F(Places, AFullDiskBelowTheDataFolder) {
  if (!MayMount()) GTEST_SKIP() << "only root can mount";
  for (int i = 0; i < 1500; ++i) stage_.a.Write("many/" + std::to_string(i), "x");
  Remember();
  const ProgramResult result = InOwnMounts(
      stage_,
      // Holds copies of all providers; with sanitizers these are some 60 MB.
      "mkdir $T/small $T/c && mount -t tmpfs -o size=160m tmpfs $T/small && "
      "export SYNCLINE_HOME=$T/small && $S add folders --name Small $A $T/c >$T/added && "
      "free=$(df --output=avail $T/small | tail -1) && "
      "head -c $(((free - 150) * 1024)) /dev/zero >$T/small/filler && "
      "{ $S sync Small; echo code $?; } >$T/first 2>$T/message; "
      "rm $T/small/filler; $S sync Small --json");
  EXPECT_EQ(result.exit_code, 0) << result;
  const Tree temp(stage_.temp.path());
  EXPECT_THAT(temp.Read("first"), HasSubstr("code 1\n"));
  EXPECT_THAT(temp.Read("message"), HasSubstr("syncline: Small failed: The disk that holds"));
  EXPECT_THAT(temp.Read("message"), HasSubstr("is full. Free some space and try again"));
  ExpectNothingLost();
  EXPECT_EQ(Snapshot(stage_.temp / "c"), Snapshot(stage_.a.root()));
}

TEST_F(Places, AnItemThatIsBeingSynced) {
  for (int i = 0; i < 3000; ++i) stage_.a.Write("many/" + std::to_string(i), "x");
  RunningProgram first(stage_.Command({"sync", "--progress=json"}), stage_.env);
  pid_t worker = 0;
  for (int i = 0; i < 5000 && worker == 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (first.Out().find("\"applying\"") == std::string::npos) continue;
    const std::vector<pid_t> children = ChildrenOf(first.pid());
    if (!children.empty()) worker = children[0];
  }
  ASSERT_NE(worker, 0) << first.Out().substr(0, 2000);
  kill(worker, SIGSTOP);
  const ProgramResult second = stage_.Run({"sync", "Work"});
  const ProgramResult removed = stage_.Run({"remove", "Work"});
  const ProgramResult listed = stage_.Run({"items"});
  kill(worker, SIGCONT);
  ExpectRefused(second, 5, {"Work", "process"});
  ExpectRefused(removed, 5, {"Work", "being synced"});
  EXPECT_EQ(listed.exit_code, 0);
  const ProgramResult end = first.Finish();
  EXPECT_EQ(end.exit_code, 0) << end.err;
  EXPECT_EQ(All(stage_.a), All(stage_.b));
}

TEST_F(Places, ADataFolderThatCannotBeWritten) {
  Environment env = stage_.env;
  env["SYNCLINE_HOME"] = stage_.a.Path("two") + "/below a file";
  const ProgramResult result = RunProgram(stage_.Command({"items"}), env);
  ExpectRefused(result, 1, {"below a file", "SYNCLINE_HOME"});
  ExpectNothingLost();
}

}  // namespace
}  // namespace syncline::testing
