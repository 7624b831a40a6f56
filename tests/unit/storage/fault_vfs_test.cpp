// Played faults reach SQLite: whichever operation fails or stops the process, what was committed
// before stays, and the next undisturbed run goes on. Only in builds with SYNCLINE_FAULTS.
#if defined(SYNCLINE_FAULTS) && defined(__linux__)
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string>

#include "tests/unit/storage/scratch.h"

namespace syncline::storage {
namespace {

constexpr char kPathVariable[] = "SYNCLINE_FAULT_VFS_TEST";
constexpr int kItems = 2;
constexpr int kFailed = 3;  // exit code of a child that was told of an error

// The work of a child: each item is committed before it is acknowledged in a file beside.
int Work(const std::string& folder) {
  absl::StatusOr<Database> db = Database::Open(folder + "/syncline.db", {.kind = "syncline"});
  if (!db.ok()) return kFailed;
  for (int i = 0; i < kItems; ++i) {
    ItemRow item = MakeItem("item" + std::to_string(i), "Item " + std::to_string(i));
    item.filters = {"a", "b"};
    absl::Status status = ItemTable(&*db).Insert(item);
    if (!status.ok() && !absl::IsAlreadyExists(status)) return kFailed;
    std::ofstream(folder + "/acknowledged") << i + 1 << '\n';
  }
  absl::Status status = db->Execute("PRAGMA wal_checkpoint(TRUNCATE)");
  return status.ok() ? 0 : kFailed;
}

// Does something only in the child processes of the tests below, where the variable is set.
TEST(FaultVfsChild, Works) {
  const char* folder = std::getenv(kPathVariable);
  if (folder != nullptr) std::_Exit(Work(folder));
}

// A process of its own: the fault to play is read once from the environment.
int RunChild(const std::string& folder, const std::string& fault) {
  const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
  const pid_t child = fork();
  if (child == 0) {
    setenv(kPathVariable, folder.c_str(), 1);
    setenv("SYNCLINE_FAULT", fault.c_str(), 1);
    setenv("GTEST_OUTPUT", "", 1);
    if (freopen("/dev/null", "w", stdout) == nullptr) _exit(126);
    execl(self.c_str(), self.c_str(), "--gtest_filter=FaultVfsChild.Works", nullptr);
    _exit(127);
  }
  int state = -1;
  EXPECT_EQ(waitpid(child, &state, 0), child);
  return state;
}

int CountOperations() {
  Scratch scratch;
  const int state = RunChild(scratch.path(), "test:count:" + scratch.File("count"));
  EXPECT_EQ(state, 0);
  return std::atoi(ReadFile(scratch.File("count")).c_str());
}

void ExpectGoesOn(const Scratch& scratch, const std::string& fault) {
  const int acknowledged = std::atoi(ReadFile(scratch.File("acknowledged")).c_str());
  {
    absl::StatusOr<Database> db = Database::Open(scratch.File("syncline.db"), {.kind = "syncline"});
    ASSERT_TRUE(db.ok()) << fault << ": " << db.status();
    EXPECT_EQ(Column(*db, "PRAGMA integrity_check"), std::vector<std::string>{"ok"}) << fault;
    const int64_t items = Number(*db, "SELECT count(*) FROM items");
    EXPECT_GE(items, acknowledged) << fault;
    EXPECT_EQ(Number(*db, "SELECT count(*) FROM item_filters"), items * 2) << fault;
  }
  ASSERT_EQ(RunChild(scratch.path(), ""), 0) << fault;
  absl::StatusOr<Database> db = Database::Open(scratch.File("syncline.db"), {.kind = "syncline"});
  ASSERT_TRUE(db.ok()) << fault << ": " << db.status();
  EXPECT_EQ(Number(*db, "SELECT count(*) FROM items"), kItems) << fault;
}

TEST(FaultVfs, AnyFailedOperationIsAnErrorAndLosesNothing) {
  const int operations = CountOperations();
  ASSERT_GT(operations, 20);
  int told = 0;
  for (int n = 1; n <= operations; ++n) {
    Scratch scratch;
    const std::string fault = "test:fail:" + std::to_string(n);
    const int state = RunChild(scratch.path(), fault);
    ASSERT_TRUE(WIFEXITED(state)) << fault;
    // Some failures SQLite cures or may ignore, such as one at the checkpoint of the last close.
    EXPECT_TRUE(WEXITSTATUS(state) == 0 || WEXITSTATUS(state) == kFailed) << fault;
    told += WEXITSTATUS(state) == kFailed;
    ExpectGoesOn(scratch, fault);
  }
  EXPECT_GT(told, operations / 2);
}

TEST(FaultVfs, StoppingAtAnyOperationLosesNothing) {
  const int operations = CountOperations();
  for (int n = 1; n <= operations; ++n) {
    Scratch scratch;
    const std::string fault = "test:stop:" + std::to_string(n);
    const int state = RunChild(scratch.path(), fault);
    ASSERT_TRUE(WIFSIGNALED(state) && WTERMSIG(state) == SIGKILL) << fault;
    ExpectGoesOn(scratch, fault);
  }
}

}  // namespace
}  // namespace syncline::storage
#endif
