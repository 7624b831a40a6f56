// What enumerate() tells: order, versions, identities, and what cannot be seen.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <random>

#include "tests/unit/folders/side.h"

namespace syncline::folders_test {
namespace {

std::vector<std::string> Ids(const Side& side) {
  std::vector<std::string> ids;
  for (const Record& record : side.records()) ids.push_back(record.id);
  return ids;
}

bool BytesLess(const std::string& a, const std::string& b) {
  int order = std::memcmp(a.data(), b.data(), std::min(a.size(), b.size()));
  return order != 0 ? order < 0 : a.size() < b.size();
}

// Runs body in a child that is not the administrator, who may read everything.
int AsNobody(const std::function<int()>& body) {
  pid_t child = fork();
  if (child == 0) {
    if (geteuid() == 0 && (setegid(65534) != 0 || seteuid(65534) != 0)) _exit(99);
    int code = body();
    _exit(testing::Test::HasFailure() ? 98 : code);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 97;
}

TEST(List, TellsFilesFoldersAndLinks) {
  TempFolder top;
  Put(top / "file.txt", "hello");
  MakeFolder(top / "empty");
  ASSERT_EQ(symlink("file.txt", (top / "link").c_str()), 0);
  SetTime(top / "file.txt", 1234567890123456789);
  Side side(top.path());
  ASSERT_EQ(side.Open().status, SYNCLINE_OK);
  EXPECT_EQ(side.opened_flags, uint32_t{SYNCLINE_ORDERED});
  ASSERT_EQ(side.Enumerate().status, SYNCLINE_OK);
  EXPECT_EQ(Ids(side), (std::vector<std::string>{"empty", "file.txt", "link"}));
  EXPECT_TRUE(side.Find("empty")->folder());
  EXPECT_EQ(side.Find("file.txt")->size, 5u);
  EXPECT_EQ(side.Find("file.txt")->mtime_ns, 1234567890123456789);
  EXPECT_EQ(side.Find("link")->size, 8u);
  EXPECT_TRUE(side.Find("file.txt")->name.empty());
}

TEST(List, IsInTheOrderOfWholePaths) {
  TempFolder top;
  for (const char* folder : {"a", "a-b", "a-", "b", "a0", "B", "a.d/x", "12345678", "123456789"}) {
    MakeFolder(top / folder);
    Put(top / (std::string(folder) + "/x"), "");
    Put(top / (std::string(folder) + "/.y"), "");
  }
  for (const char* file :
       {"a.txt", "a!", "a b", "aa", "b\x01", "\xff\xfe", "b\xc3\xa9", "ab/", "12345678!"}) {
    if (file[strlen(file) - 1] != '/') Put(top / file, "");
  }
  Side side(top.path());
  ASSERT_EQ(side.Open().status, SYNCLINE_OK);
  ASSERT_EQ(side.Enumerate().status, SYNCLINE_OK);
  std::vector<std::string> ids = Ids(side);
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end(), BytesLess)) << testing::PrintToString(ids);
  EXPECT_EQ(ids.size(), AllNames(top.path()).size());
  auto at = [&](const char* id) { return std::find(ids.begin(), ids.end(), id) - ids.begin(); };
  EXPECT_LT(at("a"), at("a-b"));
  EXPECT_LT(at("a-b"), at("a.txt"));
  EXPECT_LT(at("a.txt"), at("a/x"));
}

TEST(List, IsInOrderWhateverTheNames) {
  std::random_device device;
  unsigned seed = device();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const std::string letters("-./0aA\x01\x7f\xc3\xff", 10);
  TempFolder top;
  for (int i = 0; i < 300; ++i) {
    std::string path = top.path();
    for (int depth = 1 + static_cast<int>(random() % 4); depth > 0; --depth) {
      std::string name;
      for (size_t n = 1 + random() % 10; n > 0; --n) {
        char c = letters[random() % letters.size()];
        name += c == '/' ? '_' : c;
      }
      if (name == "." || name == "..") name += 'x';
      path += "/" + name;
      if (depth > 1) {
        mkdir(path.c_str(), 0755);
      } else if (!Exists(path) && Exists(path.substr(0, path.rfind('/')) + "/.")) {
        Put(path, "");
      }
    }
  }
  Side side(top.path());
  ASSERT_EQ(side.Open().status, SYNCLINE_OK);
  ASSERT_EQ(side.Enumerate().status, SYNCLINE_OK);
  std::vector<std::string> ids = Ids(side);
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end(), BytesLess));
  std::vector<std::string> sorted = ids;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(sorted, AllNames(top.path()));
}

TEST(List, GivesNamesThatAreNotUtf8OrHoldNewlinesAsTheyAre) {
  TempFolder top;
  Put(top / "bad\xff\xfe", "1");
  Put(top / "two\nlines", "2");
  Side side(top.path());
  ASSERT_EQ(side.Open().status, SYNCLINE_OK);
  ASSERT_EQ(side.Enumerate().status, SYNCLINE_OK);
  EXPECT_EQ(Ids(side), (std::vector<std::string>{"bad\xff\xfe", "two\nlines"}));
  EXPECT_EQ(side.Describe("two\nlines")["title"], "two\\nlines");
  EXPECT_EQ(side.Describe("bad\xff\xfe")["title"], "bad\\xff\\xfe");
}

TEST(Version, ChangesWithEveryChangeOfAFileAndOnlyThen) {
  TempFolder top;
  Put(top / "f", "12345");
  Side side(top.path());
  ASSERT_EQ(side.Open().status, SYNCLINE_OK);
  std::string before = side.Now("f").version;
  EXPECT_EQ(side.Now("f").version, before);
  usleep(20000);
  int64_t time = TimeOf(top / "f");
  Put(top / "f", "54321");
  SetTime(top / "f", time);
  std::string forged = side.Now("f").version;
  EXPECT_NE(forged, before) << "same size and forged time";
  chmod((top / "f").c_str(), 0600);
  std::string mode = side.Now("f").version;
  EXPECT_NE(mode, forged);
  usleep(20000);
  if (setxattr((top / "f").c_str(), "user.colour", "red", 3, 0) == 0) {
    EXPECT_NE(side.Now("f").version, mode);
  }
}

TEST(Version, OfAFolderIgnoresWhatIsInsideButNotItsOwnPermissionsAndAttributes) {
  TempFolder top;
  MakeFolder(top / "d");
  Side side(top.path());
  ASSERT_EQ(side.Open().status, SYNCLINE_OK);
  Record before = side.Now("d");
  Put(top / "d/new", "x");
  SetTime(top / "d", 1000);
  EXPECT_EQ(side.Now("d").version, before.version);
  EXPECT_EQ(side.Now("d").identity, before.identity);
  chmod((top / "d").c_str(), 0700);
  std::string mode = side.Now("d").version;
  EXPECT_NE(mode, before.version);
  if (setxattr((top / "d").c_str(), "user.colour", "red", 3, 0) == 0) {
    EXPECT_NE(side.Now("d").version, mode);
  }
}

TEST(Identity, StaysWhenARecordMovesAndIsNotGivenToTheNextFile) {
  TempFolder top;
  Put(top / "one", "1");
  MakeFolder(top / "d");
  Side side(top.path());
  ASSERT_EQ(side.Open().status, SYNCLINE_OK);
  Record file = side.Now("one");
  Record folder = side.Now("d");
  ASSERT_FALSE(file.identity.empty());
  ASSERT_EQ(rename((top / "one").c_str(), (top / "d/two").c_str()), 0);
  ASSERT_EQ(rename((top / "d").c_str(), (top / "e").c_str()), 0);
  Record moved = side.Now("e/two");
  EXPECT_EQ(moved.identity, file.identity);
  EXPECT_EQ(side.Now("e").identity, folder.identity);
  EXPECT_TRUE(side.SameContent(file.version, moved.version));
  ASSERT_EQ(unlink((top / "e/two").c_str()), 0);
  usleep(20000);
  Put(top / "e/two", "1");
  EXPECT_NE(side.Now("e/two").identity, file.identity);
}

TEST(Identity, OfTheTopDiffersWhenAnotherFolderTakesItsPlace) {
  TempFolder top;
  MakeFolder(top / "disk");
  Side first(top / "disk");
  ASSERT_EQ(first.Open().status, SYNCLINE_OK);
  Side again(top / "disk");
  ASSERT_EQ(again.Open().status, SYNCLINE_OK);
  EXPECT_EQ(first.opened_identity, again.opened_identity);
  ASSERT_EQ(rename((top / "disk").c_str(), (top / "old").c_str()), 0);
  MakeFolder(top / "disk");
  Side other(top / "disk");
  ASSERT_EQ(other.Open().status, SYNCLINE_OK);
  EXPECT_NE(other.opened_identity, first.opened_identity);
}

TEST(List, LeavesOutWhatIsInsideAPrunedFolder) {
  TempFolder top;
  MakeFolder(top / "skip/inner");
  Put(top / "skip/inner/f", "");
  Put(top / "skip-not", "");
  MakeFolder(top / "take");
  Put(top / "take/f", "");
  Side side(top.path());
  ASSERT_EQ(side.Open().status, SYNCLINE_OK);
  side.on_record = [](const Record& record) -> syncline_status {
    return record.id == "skip" ? SYNCLINE_PRUNE : SYNCLINE_OK;
  };
  ASSERT_EQ(side.Enumerate().status, SYNCLINE_OK);
  EXPECT_EQ(Ids(side), (std::vector<std::string>{"skip", "skip-not", "take", "take/f"}));
}

TEST(List, StopsWithTheAnswerOfTheSink) {
  TempFolder top;
  Put(top / "a", "");
  Put(top / "b", "");
  Side side(top.path());
  ASSERT_EQ(side.Open().status, SYNCLINE_OK);
  side.on_record = [](const Record&) -> syncline_status { return SYNCLINE_CANCELLED; };
  EXPECT_EQ(side.Enumerate().status, SYNCLINE_CANCELLED);
  EXPECT_EQ(side.records().size(), 1u);
}

TEST(List, StopsWhenCancelled) {
  TempFolder top;
  for (int i = 0; i < 2000; ++i) Put(top / std::to_string(i), "");
  Side side(top.path());
  ASSERT_EQ(side.Open().status, SYNCLINE_OK);
  side.cancelled = [] { return true; };
  EXPECT_EQ(side.Enumerate().status, SYNCLINE_CANCELLED);
  EXPECT_LT(side.records().size(), 300u);
}

TEST(List, ReportsSocketsPipesAndDevicesInsteadOfListingThem) {
  TempFolder top;
  Put(top / "file", "");
  ASSERT_EQ(mkfifo((top / "pipe").c_str(), 0600), 0);
  Side side(top.path());
  ASSERT_EQ(side.Open().status, SYNCLINE_OK);
  ASSERT_EQ(side.Enumerate().status, SYNCLINE_OK);
  EXPECT_EQ(Ids(side), (std::vector<std::string>{"file"}));
  ASSERT_EQ(side.events().size(), 1u);
  EXPECT_EQ(side.events()[0].id, "pipe");
}

TEST(List, ReportsAHundredSpecialFilesAndTheRestInOneSentence) {
  TempFolder top;
  for (int i = 0; i < 130; ++i) ASSERT_EQ(mkfifo((top / std::to_string(i)).c_str(), 0600), 0);
  Side side(top.path());
  ASSERT_EQ(side.Open().status, SYNCLINE_OK);
  ASSERT_EQ(side.Enumerate().status, SYNCLINE_OK);
  ASSERT_EQ(side.events().size(), 101u);
  EXPECT_EQ(side.events()[100].text, "30 more sockets, pipes or devices are not synced.");
}

TEST(List, CallsAFolderThatCannotBeReadUnknown) {
  TempFolder top;
  chmod(top.path().c_str(), 0755);
  MakeFolder(top / "closed/inner");
  Put(top / "closed.txt", "");
  MakeFolder(top / "open");
  Put(top / "open/f", "");
  chmod((top / "closed").c_str(), 0);
  EXPECT_EQ(
      AsNobody([&] {
        Side side(top.path());
        EXPECT_EQ(side.Open().status, SYNCLINE_OK);
        EXPECT_EQ(side.Enumerate().status, SYNCLINE_OK);
        EXPECT_EQ(Ids(side), (std::vector<std::string>{"closed", "closed.txt", "open", "open/f"}));
        EXPECT_TRUE(side.records()[0].unknown());
        EXPECT_TRUE(side.records()[0].folder());
        EXPECT_FALSE(side.records()[2].unknown());
        EXPECT_EQ(side.events().size(), 1u);
        if (side.events().empty()) return 1;
        EXPECT_EQ(side.events()[0].level, SYNCLINE_WARNING);
        EXPECT_NE(side.events()[0].text.find("\"closed\" cannot be read"), std::string::npos);
        return 0;
      }),
      0);
}

TEST(List, CallsFilesThatCannotBeLookedAtUnknown) {
  TempFolder top;
  chmod(top.path().c_str(), 0755);
  MakeFolder(top / "names-only");
  Put(top / "names-only/f", "");
  chmod((top / "names-only").c_str(), 0744);
  EXPECT_EQ(AsNobody([&] {
              Side side(top.path());
              EXPECT_EQ(side.Open().status, SYNCLINE_OK);
              EXPECT_EQ(side.Enumerate().status, SYNCLINE_OK);
              const Record* file = side.Find("names-only/f");
              const Record* folder = side.Find("names-only");
              EXPECT_TRUE((file != nullptr && file->unknown()) ||
                          (folder != nullptr && folder->unknown()));
              return 0;
            }),
            0);
}

TEST(List, ReachesThreeThousandLevelsOfHundredByteNamesWithFewDescriptors) {
  TempFolder top("/dev/shm");
  constexpr int kLevels = 3000;
  const std::string name(100, 'd');
  int dir = open(top.path().c_str(), O_RDONLY | O_DIRECTORY);
  ASSERT_GE(dir, 0);
  for (int i = 0; i < kLevels; ++i) {
    ASSERT_EQ(mkdirat(dir, name.c_str(), 0755), 0);
    int next = openat(dir, name.c_str(), O_RDONLY | O_DIRECTORY);
    ASSERT_GE(next, 0);
    // After the folder in the order, so that the way back up is walked too.
    int file = openat(dir, "e", O_WRONLY | O_CREAT, 0644);
    close(file);
    close(dir);
    dir = next;
  }
  close(dir);
  struct rlimit old = {};
  getrlimit(RLIMIT_NOFILE, &old);
  struct rlimit few = {128, old.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
  size_t records = 0;
  std::string last;
  bool ordered = true;
  {
    Side side(top.path());
    EXPECT_EQ(side.Open().status, SYNCLINE_OK);
    side.on_record = [&](const Record& record) -> syncline_status {
      ++records;
      ordered = ordered && BytesLess(last, record.id);
      last = record.id;
      return SYNCLINE_OK;
    };
    Answer answer = side.Enumerate();
    EXPECT_EQ(answer.status, SYNCLINE_OK) << answer.summary << answer.detail;
    EXPECT_TRUE(ordered);
    EXPECT_EQ(records, size_t{kLevels} * 2);
    EXPECT_TRUE(side.events().empty());
    // A change at the very bottom, beyond what a path can say.
    std::string deepest;
    for (int i = 0; i < kLevels; ++i) deepest += (i == 0 ? "" : "/") + name;
    Record wanted;
    wanted.key = deepest + "/new";
    wanted.mtime_ns = 1000;
    Answer written = side.Write(wanted, "deep", "");
    EXPECT_EQ(written.status, SYNCLINE_STAGED) << written.summary << written.detail;
    Answer settled = side.Settled();
    EXPECT_EQ(settled.status, SYNCLINE_OK) << settled.summary;
    std::string content;
    EXPECT_EQ(side.Read(wanted.key, &content).status, SYNCLINE_OK);
    EXPECT_EQ(content, "deep");
  }
  setrlimit(RLIMIT_NOFILE, &old);
}

TEST(List, ReopensAFolderThatWasMovedWhileItWasBelow) {
  TempFolder top;
  std::string path = top.path();
  for (int i = 0; i < 60; ++i) {
    path += "/d";
    MakeFolder(path);
    Put(path + "/z", "");
  }
  Side side(top.path());
  ASSERT_EQ(side.Open().status, SYNCLINE_OK);
  bool moved = false;
  side.on_record = [&](const Record& record) -> syncline_status {
    if (!moved && record.id.size() == 2 * 55 - 1) {
      // What is 20 levels up is closed by now; its "z" can be seen at the new place only.
      std::string from = top.path();
      for (int i = 0; i < 20; ++i) from += "/d";
      moved = rename(from.c_str(), (top / "elsewhere").c_str()) == 0;
    }
    return SYNCLINE_OK;
  };
  Answer answer = side.Enumerate();
  ASSERT_TRUE(moved);
  EXPECT_EQ(answer.status, SYNCLINE_OK) << answer.summary;
  std::vector<std::string> ids = Ids(side);
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end(), BytesLess));
  for (const Record& record : side.records()) {
    EXPECT_EQ(record.id.find("elsewhere"), std::string::npos);
  }
}

TEST(List, RemovesWhatAKilledSyncOfThisItemLeftAndNothingElse) {
  TempFolder top;
  MakeFolder(top / "d");
  {
    Side side(top.path());
    ASSERT_EQ(side.Open().status, SYNCLINE_OK);
    Record wanted;
    wanted.key = "d/f";
    ASSERT_EQ(side.Write(wanted, "x", "").status, SYNCLINE_STAGED);
    std::vector<std::string> names = AllNames(top.path());
    ASSERT_EQ(names.size(), 2u);
    // As after a kill: a copy of it stays.
    Put(top / (names[1] + "0"), "left");
    Put(top / "d/.~syncline-00000000-1", "of another item");
  }
  ASSERT_EQ(AllNames(top.path()).size(), 3u);
  Side side(top.path());
  ASSERT_EQ(side.Open().status, SYNCLINE_OK);
  ASSERT_EQ(side.Enumerate().status, SYNCLINE_OK);
  EXPECT_EQ(Ids(side), (std::vector<std::string>{"d"}));
  EXPECT_EQ(AllNames(top.path()), (std::vector<std::string>{"d", "d/.~syncline-00000000-1"}));
}

TEST(List, ReportsHardLinks) {
  TempFolder top;
  Put(top / "one", "x");
  ASSERT_EQ(link((top / "one").c_str(), (top / "two").c_str()), 0);
  Side side(top.path());
  ASSERT_EQ(side.Open().status, SYNCLINE_OK);
  ASSERT_EQ(side.Enumerate().status, SYNCLINE_OK);
  ASSERT_EQ(side.events().size(), 1u);
  EXPECT_NE(side.events()[0].text.find("2 files are hard links of another (\"one\", \"two\")"),
            std::string::npos)
      << side.events()[0].text;
  EXPECT_TRUE(side.Find("one")->identity.empty()) << "two records must not share an identity";
}

}  // namespace
}  // namespace syncline::folders_test
