// Each operation of a small sync fails once, and stops the process once: what is stored is whole,
// what was reported is true, and the next listing leaves nothing of ours.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "tests/unit/folders/side.h"

namespace syncline::folders_test {
namespace {

const std::string kOld = "old content";
const std::string kNew(100000, 'n');

void MakeTrees(const std::string& a, const std::string& b) {
  MakeFolder(a + "/d/e");
  Put(a + "/f", kNew);
  Put(a + "/d/g", kNew);
  ASSERT_EQ(symlink("nowhere", (a + "/l").c_str()), 0);
  Put(a + "/x", kNew);
  MakeFolder(b + "/x");
  MakeFolder(b + "/empty");
  Put(b + "/f", kOld);
  Put(b + "/m", kOld);
}

// Copies, moves and removes; checks that what is said to be stored is. In a process of its own.
int Sync(const std::string& path_a, const std::string& path_b) {
  Side a(path_a);
  Side b(path_b);
  if (a.Open().status < 0 || b.Open().status < 0) return 0;
  if (a.Enumerate().status < 0 || b.Enumerate().status < 0) return 0;
  std::vector<Record> there = b.records();
  auto version = [&](const std::string& id) {
    for (const Record& record : there) {
      if (record.id == id) return record.version;
    }
    return std::string();
  };
  bool gone = b.Remove("empty", version("empty")).status == SYNCLINE_OK;
  bool moved = b.Move("m", version("m"), "n").status == SYNCLINE_OK;
  std::map<uint64_t, std::string> tickets;
  for (const Record& record : a.records()) {
    Answer answer = b.Copy(&a, record.id, record.version, record.id, version(record.id));
    if (answer.status == SYNCLINE_STAGED) tickets[b.last_ticket()] = record.id;
  }
  Answer settled = b.Settle();
  int wrong = 0;
  if (gone && Exists(path_b + "/empty")) wrong |= 1;
  if (moved && Get(path_b + "/n") != kOld) wrong |= 2;
  for (const auto& [ticket, result] : b.results()) {
    const std::string& id = tickets[ticket];
    if (result.status < 0) continue;
    if (!Exists(path_b + "/" + id) || Get(path_b + "/" + id) != Get(path_a + "/" + id)) {
      std::cerr << id << " was not stored as it was said\n";
      wrong |= 4;
    }
  }
  // Whoever staged is told what came of it, whatever failed.
  if (b.results().size() != tickets.size()) wrong |= 8;
  return wrong;
}

// Runs Sync with the fault; -1 when it was killed. The library's copy is one that this process has
// not loaded: its count of operations starts anew.
int RunSync(const std::string& fault, const std::string& a, const std::string& b) {
  static const TempFolder folder("/dev/shm");
  static const std::string library = [] {
    std::filesystem::copy_file(SYNCLINE_BIN "/plugins/folders.so", folder / "folders.so");
    return folder / "folders.so";
  }();
  pid_t child = fork();
  if (child == 0) {
    setenv("SYNCLINE_FAULT", fault.c_str(), 1);
    UseLibrary(library);
    _exit(Sync(a, b));
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void CheckAfterwards(const std::string& a, const std::string& b) {
  EXPECT_EQ(Get(a + "/f"), kNew);
  EXPECT_EQ(Get(a + "/d/g"), kNew);
  std::string f = Get(b + "/f");
  EXPECT_TRUE(f == kOld || f == kNew) << f.size() << " bytes";
  for (const char* created : {"/d/g", "/x"}) {
    if (Exists(b + created) && Get(b + created) != "(none)") {
      EXPECT_TRUE(Get(b + created).empty() || Get(b + created) == kNew) << created;
    }
  }
  EXPECT_TRUE((Get(b + "/m") == kOld) != (Get(b + "/n") == kOld));
  EXPECT_EQ(RunSync("", a, b), 0) << "a sync without a fault goes through";
  for (const std::string& name : AllNames(b)) {
    EXPECT_EQ(name.find(".~syncline-"), std::string::npos) << name;
    EXPECT_EQ(name.find("recovered"), std::string::npos) << name;
  }
  for (const char* id : {"/f", "/d/g", "/x"}) EXPECT_EQ(Get(b + id), kNew) << id;
}

int CountOperations() {
  TempFolder top("/dev/shm");
  MakeTrees(top / "a", top / "b");
  EXPECT_EQ(RunSync("folders:count:" + (top / "count"), top / "a", top / "b"), 0);
  int n = 0;
  std::ifstream(top / "count") >> n;
  return n;
}

void PlayEach(const std::string& action) {
  const int operations = CountOperations();
  if (operations == 0) GTEST_SKIP() << "built without SYNCLINE_FAULTS";
  ASSERT_GT(operations, 50);
  for (int n = 1; n <= operations && !testing::Test::HasFailure(); ++n) {
    SCOPED_TRACE(action + " " + std::to_string(n));
    TempFolder top("/dev/shm");
    MakeTrees(top / "a", top / "b");
    int code = RunSync("folders:" + action + ":" + std::to_string(n), top / "a", top / "b");
    EXPECT_EQ(code, action == "stop" ? -1 : 0);
    CheckAfterwards(top / "a", top / "b");
  }
}

TEST(Faults, AnyOneOperationMayFail) { PlayEach("fail"); }
TEST(Faults, TheProcessMayStopAtAnyOperation) { PlayEach("stop"); }

}  // namespace
}  // namespace syncline::folders_test
