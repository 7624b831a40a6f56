// Removing, moving, comparing, permissions in the way, and opening what is no folder.
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "tests/unit/folders/side.h"

namespace syncline::folders_test {
namespace {

struct Opened {
  explicit Opened(Side::Settings settings = {}) : side(top.path(), settings) {
    EXPECT_EQ(side.Open().status, SYNCLINE_OK);
  }
  TempFolder top;
  Side side;
};

// Runs body as another user than the administrator, who owns what it makes.
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

TEST(Remove, TakesAwayWhatIsExpectedOnly) {
  Opened o;
  Put(o.top / "f", "1");
  std::string version = o.side.Now("f").version;
  usleep(20000);
  Put(o.top / "f", "2");
  EXPECT_EQ(o.side.Remove("f", version).status, SYNCLINE_CONFLICT);
  EXPECT_EQ(Get(o.top / "f"), "2");
  Answer removed = o.side.Remove("f", o.side.Now("f").version);
  EXPECT_EQ(removed.status, SYNCLINE_OK);
  EXPECT_EQ(removed.stored, 1);
  EXPECT_FALSE(removed.has_record);
  EXPECT_FALSE(Exists(o.top / "f"));
  Answer again = o.side.Remove("f", version);
  EXPECT_EQ(again.status, SYNCLINE_OK);
  EXPECT_EQ(again.stored, 1);
  EXPECT_EQ(o.side.Remove("gone/f", version).status, SYNCLINE_OK);
}

TEST(Remove, KeepsAFolderThatHoldsSomething) {
  Opened o;
  MakeFolder(o.top / "d");
  Put(o.top / "d/f", "1");
  std::string version = o.side.Now("d").version;
  Answer answer = o.side.Remove("d", version);
  EXPECT_EQ(answer.status, SYNCLINE_CONFLICT);
  EXPECT_NE(answer.summary.find("still holds \"f\""), std::string::npos) << answer.summary;
  ASSERT_EQ(o.side.Remove("d/f", o.side.Now("d/f").version).status, SYNCLINE_OK);
  EXPECT_EQ(o.side.Remove("d", version).status, SYNCLINE_OK);
  EXPECT_FALSE(Exists(o.top / "d"));
}

TEST(Remove, ClearsLeftoversOfThisItemButNotOfAnother) {
  Opened o;
  MakeFolder(o.top / "d");
  std::string version = o.side.Now("d").version;
  Record wanted;
  wanted.key = "d/f";
  ASSERT_EQ(o.side.Write(wanted, "x", "").status, SYNCLINE_STAGED);
  std::string temporary = AllNames(o.top.path())[1];
  Put(o.top / (temporary + "7"), "left");
  Put(o.top / "d/.~syncline-00000000-1", "other");
  EXPECT_EQ(o.side.Remove("d", version).status, SYNCLINE_CONFLICT);
  EXPECT_TRUE(Exists(o.top / "d/.~syncline-00000000-1"));
  ASSERT_EQ(unlink((o.top / "d/.~syncline-00000000-1").c_str()), 0);
  o.side.Destroy();
  Side side(o.top.path());
  ASSERT_EQ(side.Open().status, SYNCLINE_OK);
  EXPECT_EQ(side.Remove("d", version).status, SYNCLINE_OK);
  EXPECT_FALSE(Exists(o.top / "d"));
}

TEST(Move, KeepsContentAndIdentity) {
  Opened o;
  MakeFolder(o.top / "d/e");
  Put(o.top / "d/e/f", "x");
  MakeFolder(o.top / "to");
  Record before = o.side.Now("d/e");
  Record file = o.side.Now("d/e/f");
  Answer moved = o.side.Move("d/e", before.version, "to/g");
  ASSERT_EQ(moved.status, SYNCLINE_OK) << moved.summary;
  EXPECT_EQ(moved.record.id, "to/g");
  EXPECT_EQ(Get(o.top / "to/g/f"), "x");
  Record now = o.side.Now("to/g");
  EXPECT_EQ(moved.record.version, now.version);
  EXPECT_EQ(moved.record.identity, before.identity);
  Record inside = o.side.Now("to/g/f");
  Answer file_moved = o.side.Move("to/g/f", inside.version, "f");
  ASSERT_EQ(file_moved.status, SYNCLINE_OK);
  EXPECT_EQ(file_moved.record.version, o.side.Now("f").version);
  EXPECT_TRUE(o.side.SameContent(file.version, file_moved.record.version));
}

TEST(Move, ChangesLetterCaseOnly) {
  Opened o;
  Put(o.top / "readme", "x");
  EXPECT_EQ(o.side.Move("readme", o.side.Now("readme").version, "README").status, SYNCLINE_OK);
  EXPECT_EQ(AllNames(o.top.path()), (std::vector<std::string>{"README"}));
}

TEST(Move, RefusesATakenPlaceAMissingFolderAndAChangedRecord) {
  Opened o;
  Put(o.top / "f", "1");
  Put(o.top / "g", "2");
  MakeFolder(o.top / "d");
  std::string version = o.side.Now("f").version;
  EXPECT_EQ(o.side.Move("f", version, "g").status, SYNCLINE_CONFLICT);
  EXPECT_EQ(Get(o.top / "g"), "2");
  EXPECT_EQ(o.side.Move("f", version, "missing/f").status, SYNCLINE_CONFLICT);
  EXPECT_EQ(o.side.Move("d", o.side.Now("d").version, "d/e").status, SYNCLINE_CONFLICT);
  EXPECT_EQ(o.side.Move("gone", version, "h").status, SYNCLINE_NOT_FOUND);
  usleep(20000);
  Put(o.top / "f", "3");
  EXPECT_EQ(o.side.Move("f", version, "h").status, SYNCLINE_CONFLICT);
  EXPECT_TRUE(Exists(o.top / "f"));
}

TEST(Compare, TellsSameContentAndMetadataApart) {
  Opened a;
  Opened b;
  auto verdict = [&](const std::string& id) {
    int32_t v = -1;
    EXPECT_EQ(
        a.side.Compare(id, a.side.Now(id).version, &b.side, id, b.side.Now(id).version, &v).status,
        SYNCLINE_OK);
    return v;
  };
  std::string big(3 << 20, 'x');
  for (Opened* o : {&a, &b}) {
    Put(o->top / "f", big);
    SetTime(o->top / "f", 1000000000);
    MakeFolder(o->top / "d");
    ASSERT_EQ(symlink("there", (o->top / "l").c_str()), 0);
    SetTime(o->top / "l", 1000000000);
    Put(o->top / "empty", "");
    SetTime(o->top / "empty", 1000000000);
  }
  EXPECT_EQ(verdict("f"), SYNCLINE_SAME);
  EXPECT_EQ(verdict("d"), SYNCLINE_SAME);
  EXPECT_EQ(verdict("l"), SYNCLINE_SAME);
  EXPECT_EQ(verdict("empty"), SYNCLINE_SAME);
  chmod((b.top / "f").c_str(), 0600);
  chmod((b.top / "d").c_str(), 0700);
  SetTime(b.top / "l", 1000000001);
  EXPECT_EQ(verdict("f"), SYNCLINE_SAME_CONTENT);
  EXPECT_EQ(verdict("d"), SYNCLINE_SAME_CONTENT);
  EXPECT_EQ(verdict("l"), SYNCLINE_SAME_CONTENT);
  big.back() = 'y';
  Put(b.top / "f", big);
  EXPECT_EQ(verdict("f"), SYNCLINE_DIFFERENT);
  ASSERT_EQ(unlink((b.top / "l").c_str()), 0);
  Put(b.top / "l", "there");
  EXPECT_EQ(verdict("l"), SYNCLINE_DIFFERENT);
}

TEST(Compare, RefusesVersionsThatAreNotThere) {
  Opened a;
  Opened b;
  Put(a.top / "f", "1");
  Put(b.top / "f", "1");
  int32_t verdict = -1;
  std::string version = a.side.Now("f").version;
  EXPECT_EQ(a.side.Compare("f", version, &b.side, "f", "other", &verdict).status,
            SYNCLINE_CONFLICT);
  EXPECT_EQ(a.side.Compare("f", version, &b.side, "gone", "other", &verdict).status,
            SYNCLINE_CONFLICT);
}

TEST(Describe, NamesWhatAPersonLooksAt) {
  Opened o;
  MakeFolder(o.top / "d");
  Put(o.top / "d/report.txt", std::string(2048, 'x'));
  chmod((o.top / "d/report.txt").c_str(), 0640);
  ASSERT_EQ(symlink("report.txt", (o.top / "d/l").c_str()), 0);
  auto file = o.side.Describe("d/report.txt");
  EXPECT_EQ(file["title"], "report.txt");
  EXPECT_EQ(file["kind"], "file");
  EXPECT_EQ(file["permissions"], "rw-r-----");
  EXPECT_FALSE(file["modified"].empty());
  EXPECT_EQ(o.side.Describe("d/l")["points to"], "\"report.txt\"");
  EXPECT_EQ(o.side.Describe("d")["kind"], "folder");
}

TEST(Open, SaysWhatIsWrongWithTheLocation) {
  TempFolder top;
  Put(top / "file", "x");
  auto open = [](const std::string& location) { return Side(location).Open(); };
  Answer missing = open(top / "nowhere");
  EXPECT_EQ(missing.status, SYNCLINE_NOT_FOUND);
  EXPECT_NE(missing.summary.find("does not exist"), std::string::npos);
  EXPECT_EQ(missing.setting, "location");
  Answer file = open(top / "file");
  EXPECT_EQ(file.status, SYNCLINE_BROKEN);
  EXPECT_NE(file.summary.find("is a file, not a folder"), std::string::npos);
  EXPECT_EQ(open(top / "file/below").status, SYNCLINE_NOT_FOUND);
  EXPECT_EQ(open("https://example.org/x").status, SYNCLINE_BROKEN);
  EXPECT_EQ(open("file://elsewhere/x").status, SYNCLINE_BROKEN);
  EXPECT_EQ(open("").status, SYNCLINE_BROKEN);
}

TEST(Open, TakesAFileUrl) {
  TempFolder top;
  MakeFolder(top / "a b%");
  EXPECT_EQ(Side("file://" + (top / "a%20b%25")).Open().status, SYNCLINE_OK);
  EXPECT_EQ(Side("file://localhost" + (top / "a%20b%25")).Open().status, SYNCLINE_OK);
  EXPECT_EQ(Side("file:" + (top / "a%20b%25")).Open().status, SYNCLINE_OK);
}

TEST(Open, SaysThatAFolderMayNotBeRead) {
  TempFolder top;
  MakeFolder(top / "closed");
  chmod((top / "closed").c_str(), 0700);
  chmod(top.path().c_str(), 0755);
  if (geteuid() != 0) chmod((top / "closed").c_str(), 0);
  EXPECT_EQ(AsNobody([&] {
              Answer answer = Side(top / "closed").Open();
              EXPECT_EQ(answer.status, SYNCLINE_UNAUTHORIZED);
              EXPECT_NE(answer.summary.find("permission denied"), std::string::npos);
              return 0;
            }),
            0);
}

TEST(Check, RefusesTheSameFolderTwiceAndOneInsideTheOther) {
  TempFolder top;
  MakeFolder(top / "d/e");
  MakeFolder(top / "d-other");
  ASSERT_EQ(symlink((top / "d").c_str(), (top / "link").c_str()), 0);
  auto check = [&](const std::string& one, const std::string& two) {
    Side a(top / one);
    Side b(top / two);
    EXPECT_EQ(a.Open().status, SYNCLINE_OK);
    EXPECT_EQ(b.Open().status, SYNCLINE_OK);
    return a.Check(&b);
  };
  EXPECT_EQ(check("d", "d").status, SYNCLINE_INVALID);
  Answer linked = check("d", "link");
  EXPECT_EQ(linked.status, SYNCLINE_INVALID);
  EXPECT_NE(linked.summary.find("are the same folder"), std::string::npos);
  EXPECT_EQ(linked.setting, "location");
  Answer inside = check("link/e", "d");
  EXPECT_EQ(inside.status, SYNCLINE_INVALID);
  EXPECT_NE(inside.summary.find("/link/e\" is inside "), std::string::npos) << inside.summary;
  EXPECT_EQ(check("d", "d/e").status, SYNCLINE_INVALID);
  EXPECT_EQ(check("d", "d-other").status, SYNCLINE_OK);
  Side alone(top / "d");
  EXPECT_EQ(alone.Open().status, SYNCLINE_OK);
  EXPECT_EQ(alone.Check(nullptr).status, SYNCLINE_OK);
}

TEST(Permissions, OfAReadOnlyFolderAreTrueAfterSettleAndItsInsideCanStillBeWritten) {
  TempFolder from;
  TempFolder to;
  chmod(from.path().c_str(), 0755);
  chmod(to.path().c_str(), 0777);
  MakeFolder(from / "d");
  Put(from / "d/one", "1");
  Put(from / "d/two", "2");
  chmod((from / "d").c_str(), 0555);
  EXPECT_EQ(AsNobody([&] {
              Side a(from.path());
              Side b(to.path());
              EXPECT_EQ(a.Open().status, SYNCLINE_OK);
              EXPECT_EQ(b.Open().status, SYNCLINE_OK);
              std::string d = a.Now("d").version;
              std::string one = a.Now("d/one").version;
              std::string two = a.Now("d/two").version;
              EXPECT_EQ(b.Copy(&a, "d", d, "d", "").status, SYNCLINE_STAGED);
              Answer folder = b.Settled();
              EXPECT_EQ(ModeOf(to / "d"), 0555u);
              EXPECT_EQ(folder.record.version, b.Now("d").version);
              Answer copied = b.Copy(&a, "d/one", one, "d/one", "");
              EXPECT_EQ(copied.status, SYNCLINE_STAGED) << copied.summary << copied.detail;
              EXPECT_EQ(b.Copy(&a, "d/two", two, "d/two", "").status, SYNCLINE_STAGED);
              EXPECT_EQ(b.Now("d").version, folder.record.version);
              EXPECT_EQ(b.Settled().status, SYNCLINE_OK);
              EXPECT_EQ(Get(to / "d/two"), "2");
              EXPECT_EQ(ModeOf(to / "d"), 0555u);
              EXPECT_EQ(b.Remove("d/two", b.Now("d/two").version).status, SYNCLINE_OK);
              EXPECT_EQ(b.Settle().status, SYNCLINE_OK);
              EXPECT_EQ(ModeOf(to / "d"), 0555u);
              EXPECT_FALSE(Exists(to / "d/two"));
              Answer moved = b.Move("d", b.Now("d").version, "e");
              EXPECT_EQ(moved.status, SYNCLINE_OK) << moved.summary;
              return 0;
            }),
            0);
}

TEST(Permissions, OfAFolderStayLooseAfterAnUnsettledWriteOnlyUntilTheEnd) {
  TempFolder to;
  chmod(to.path().c_str(), 0777);
  EXPECT_EQ(AsNobody([&] {
              MakeFolder(to / "d");
              chmod((to / "d").c_str(), 0500);
              Side side(to.path());
              EXPECT_EQ(side.Open().status, SYNCLINE_OK);
              Record wanted;
              wanted.key = "d/f";
              EXPECT_EQ(side.Write(wanted, "x", "").status, SYNCLINE_STAGED);
              side.Destroy();
              EXPECT_EQ(ModeOf(to / "d"), 0500u);
              EXPECT_EQ(AllNames(to.path()).size(), 1u);
              return 0;
            }),
            0);
}

TEST(Permissions, ToReadAFileMissingFailThatRecordOnly) {
  TempFolder from;
  TempFolder to;
  chmod(from.path().c_str(), 0755);
  chmod(to.path().c_str(), 0777);
  Put(from / "secret", "x");
  chmod((from / "secret").c_str(), geteuid() == 0 ? 0600 : 0);
  EXPECT_EQ(AsNobody([&] {
              Side a(from.path());
              Side b(to.path());
              EXPECT_EQ(a.Open().status, SYNCLINE_OK);
              EXPECT_EQ(b.Open().status, SYNCLINE_OK);
              Answer answer = b.Copy(&a, "secret", a.Now("secret").version, "secret", "");
              EXPECT_EQ(answer.status, SYNCLINE_FAILED);
              EXPECT_NE(answer.summary.find("permission denied"), std::string::npos);
              EXPECT_TRUE(AllNames(to.path()).empty());
              return 0;
            }),
            0);
}

TEST(Permissions, ToWriteAtTheTopMissingMakeTheSideUnwritable) {
  TempFolder to;
  chmod(to.path().c_str(), 0555);
  EXPECT_EQ(AsNobody([&] {
              Side side(to.path());
              EXPECT_EQ(side.Open().status, SYNCLINE_OK);
              Record wanted;
              wanted.key = "f";
              Answer answer = side.Write(wanted, "x", "");
              EXPECT_EQ(answer.status, SYNCLINE_UNWRITABLE);
              EXPECT_NE(answer.summary.find("Nothing can be written in"), std::string::npos);
              return 0;
            }),
            0);
}

TEST(Disk, FullMakesTheSideUnwritableAndLeavesNothing) {
  TempFolder to;
  if (geteuid() != 0 || mount("none", to.path().c_str(), "tmpfs", 0, "size=256k") != 0) {
    GTEST_SKIP() << "needs the right to mount a small disk";
  }
  {
    Side side(to.path());
    EXPECT_EQ(side.Open().status, SYNCLINE_OK);
    Record wanted;
    wanted.key = "f";
    Answer answer = side.Write(wanted, std::string(1 << 20, 'x'), "");
    EXPECT_EQ(answer.status, SYNCLINE_UNWRITABLE);
    EXPECT_NE(answer.summary.find("disk is full"), std::string::npos) << answer.summary;
    EXPECT_TRUE(AllNames(to.path()).empty());
  }
  EXPECT_EQ(umount(to.path().c_str()), 0);
}

TEST(Disk, ReadOnlyMakesTheSideUnwritable) {
  TempFolder to;
  if (geteuid() != 0 || mount("none", to.path().c_str(), "tmpfs", MS_RDONLY, "size=256k") != 0) {
    GTEST_SKIP() << "needs the right to mount a read-only disk";
  }
  {
    Side side(to.path());
    EXPECT_EQ(side.Open().status, SYNCLINE_OK);
    Record wanted;
    wanted.key = "f";
    Answer answer = side.Write(wanted, "x", "");
    EXPECT_EQ(answer.status, SYNCLINE_UNWRITABLE);
    EXPECT_NE(answer.summary.find("read-only"), std::string::npos) << answer.summary;
  }
  EXPECT_EQ(umount(to.path().c_str()), 0);
}

TEST(Disk, MountedInsideIsSyncedButAMoveOntoItIsLeftToCopying) {
  TempFolder top;
  MakeFolder(top / "disk");
  if (geteuid() != 0 || mount("none", (top / "disk").c_str(), "tmpfs", 0, "size=256k") != 0) {
    GTEST_SKIP() << "needs the right to mount a disk";
  }
  {
    Put(top / "f", "x");
    Put(top / "disk/g", "y");
    Side side(top.path());
    EXPECT_EQ(side.Open().status, SYNCLINE_OK);
    EXPECT_EQ(side.Now("disk/g").size, 1u);
    EXPECT_EQ(side.Move("f", side.Now("f").version, "disk/f").status, SYNCLINE_UNSUPPORTED);
    for (const char* key : {"disk/new", "new", "disk/more", "more", "disk/last"}) {
      Record wanted;
      wanted.key = key;
      EXPECT_EQ(side.Write(wanted, "x", "").status, SYNCLINE_STAGED);
    }
    EXPECT_EQ(side.Settled().status, SYNCLINE_OK);
    EXPECT_EQ(Get(top / "disk/new"), "x");
  }
  EXPECT_EQ(umount((top / "disk").c_str()), 0);
}

TEST(Descriptors, AreAllClosedAgain) {
  auto open_ones = [] {
    size_t n = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
      n += entry.exists() || true;
    }
    return n;
  };
  Entry();
  size_t before = open_ones();
  {
    Opened a;
    Opened b;
    std::string path = "d";
    for (int i = 0; i < 40; ++i, path += "/d") {
      MakeFolder(a.top / path);
      Put(a.top / (path + "/f"), "x");
    }
    CopyAll(&a.side, &b.side);
    EXPECT_EQ(b.side.Remove("d", "wrong").status, SYNCLINE_CONFLICT);
  }
  EXPECT_EQ(open_ones(), before);
}

TEST(Killed, JustAfterAnExchangeWithAnEditThatRacedKeepsTheEdit) {
  Opened o;
  Put(o.top / "f", "old");
  Record wanted = o.side.Now("f");
  ASSERT_EQ(o.side.Write(wanted, "new", wanted.version).status, SYNCLINE_STAGED);
  std::vector<std::string> names = AllNames(o.top.path());
  ASSERT_EQ(names.size(), 2u);
  const std::string& temporary = names[0];
  // What a kill leaves between the exchange and the look at what came out.
  ASSERT_EQ(rename((o.top / temporary).c_str(), (o.top / "staged").c_str()), 0);
  ASSERT_EQ(rename((o.top / "f").c_str(), (o.top / temporary).c_str()), 0);
  ASSERT_EQ(rename((o.top / "staged").c_str(), (o.top / "f").c_str()), 0);
  Put(o.top / temporary, "an edit of the last moment");
  Side side(o.top.path());
  ASSERT_EQ(side.Open().status, SYNCLINE_OK);
  ASSERT_EQ(side.Enumerate().status, SYNCLINE_OK);
  EXPECT_EQ(Get(o.top / "recovered (by Syncline)"), "an edit of the last moment");
  ASSERT_EQ(side.events().size(), 1u);
  // Without an edit it is only what was to be replaced.
  EXPECT_FALSE(Exists(o.top / temporary));
}

}  // namespace
}  // namespace syncline::folders_test
