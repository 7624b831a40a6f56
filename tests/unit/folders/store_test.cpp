// Writing and copying: staged, complete, conditional on what was expected, and nothing left behind.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "tests/unit/folders/pair.h"

namespace syncline::folders_test {
namespace {

TEST(Write, IsInvisibleUntilSettled) {
  Pair p;
  Record wanted = Wanted("f");
  wanted.mtime_ns = 1234567890123456789;
  ASSERT_EQ(p.a.Write(wanted, "content", "").status, SYNCLINE_STAGED);
  EXPECT_FALSE(Exists(p.top_a / "f"));
  Answer stored = p.a.Settled();
  ASSERT_EQ(stored.status, SYNCLINE_OK);
  EXPECT_EQ(Get(p.top_a / "f"), "content");
  EXPECT_EQ(TimeOf(p.top_a / "f"), 1234567890123456789);
  Record now = p.a.Now("f");
  EXPECT_EQ(stored.record.version, now.version);
  EXPECT_EQ(stored.record.identity, now.identity);
  EXPECT_EQ(stored.record.size, 7u);
}

TEST(Write, KeepsPermissionsAndAttributesThatReadGave) {
  Pair p;
  Put(p.top_a / "f", std::string(100000, 'x'));
  chmod((p.top_a / "f").c_str(), 0640);
  bool attributes = setxattr((p.top_a / "f").c_str(), "user.colour", "red", 3, 0) == 0;
  std::string content;
  Answer read = p.a.Read("f", &content);
  ASSERT_EQ(read.status, SYNCLINE_OK);
  EXPECT_EQ(read.record.version, p.a.Now("f").version);
  Record wanted = read.record;
  wanted.key = "g";
  wanted.id = "";
  ASSERT_EQ(p.b.Write(wanted, content, "").status, SYNCLINE_STAGED);
  ASSERT_EQ(p.b.Settled().status, SYNCLINE_OK);
  EXPECT_EQ(Get(p.top_b / "g"), content);
  EXPECT_EQ(ModeOf(p.top_b / "g"), 0640u);
  EXPECT_EQ(TimeOf(p.top_b / "g"), TimeOf(p.top_a / "f"));
  char value[8] = {};
  if (attributes) {
    EXPECT_EQ(getxattr((p.top_b / "g").c_str(), "user.colour", value, 8), 3);
  }
}

TEST(Write, StoresAFolderAndALinkFromWhatReadGave) {
  Pair p;
  MakeFolder(p.top_a / "d");
  chmod((p.top_a / "d").c_str(), 0750);
  ASSERT_EQ(symlink("some/where", (p.top_a / "l").c_str()), 0);
  for (const char* id : {"d", "l"}) {
    std::string content;
    Answer read = p.a.Read(id, &content);
    ASSERT_EQ(read.status, SYNCLINE_OK);
    Record wanted = read.record;
    wanted.key = std::exchange(wanted.id, "");
    ASSERT_EQ(p.b.Write(wanted, content, "").status, SYNCLINE_STAGED);
  }
  ASSERT_EQ(p.b.Settle().status, SYNCLINE_OK);
  EXPECT_EQ(ModeOf(p.top_b / "d"), 0750u);
  char target[32] = {};
  ASSERT_GT(readlink((p.top_b / "l").c_str(), target, 31), 0);
  EXPECT_STREQ(target, "some/where");
}

TEST(Write, RefusesFewerBytesThanAnnounced) {
  Pair p;
  struct syncline_byte_source source = {};
  source.struct_size = sizeof(source);
  source.total = 10;
  source.read = [](void*, void*, size_t) -> int64_t { return 0; };
  syncline_record record = {};
  record.struct_size = sizeof(record);
  record.key = {"f", 1};
  syncline_write order = {};
  order.struct_size = sizeof(order);
  order.wanted = &record;
  EXPECT_EQ(p.a.provider()->write(p.a.provider()->self, p.a.call(), &order, &source, nullptr),
            SYNCLINE_FAILED);
  EXPECT_TRUE(AllNames(p.top_a.path()).empty());
}

TEST(Write, LeavesNothingBehindWhenItIsNeverSettled) {
  Pair p;
  MakeFolder(p.top_a / "d");
  ASSERT_EQ(p.a.Write(Wanted("d/f"), "x", "").status, SYNCLINE_STAGED);
  EXPECT_EQ(AllNames(p.top_a.path()).size(), 2u);
  p.a.Destroy();
  EXPECT_EQ(AllNames(p.top_a.path()), (std::vector<std::string>{"d"}));
}

TEST(Write, RefusesPathsThatLeadOutOfTheFolder) {
  Pair p;
  for (const char* id : {"../f", "/f", "d/../f", "d//f", ".", "d/.", "f/", "", ".~syncline-1",
                         "d/.~syncline-00000000-1"}) {
    EXPECT_EQ(p.a.Write(Wanted(id), "x", "").status, SYNCLINE_INVALID) << id;
    std::string content;
    EXPECT_EQ(p.a.Read(id, &content).status, SYNCLINE_INVALID) << id;
    EXPECT_EQ(p.a.Remove(id, "v").status, SYNCLINE_INVALID) << id;
    EXPECT_EQ(p.a.Move(id, "v", "x").status, SYNCLINE_INVALID) << id;
    EXPECT_EQ(p.a.Move("x", "v", id).status, SYNCLINE_INVALID) << id;
  }
}

TEST(Write, NeverFollowsALinkThatTookTheFoldersPlace) {
  Pair p;
  TempFolder outside;
  Put(outside / "f", "precious");
  MakeFolder(p.top_a / "d");
  Put(p.top_a / "d/f", "old");
  std::string version = p.a.Now("d/f").version;
  Record wanted = Wanted("d/f");
  wanted.id = "d/f";
  ASSERT_EQ(rename((p.top_a / "d").c_str(), (p.top_a / "moved").c_str()), 0);
  ASSERT_EQ(symlink(outside.path().c_str(), (p.top_a / "d").c_str()), 0);
  usleep(150000);
  EXPECT_EQ(p.a.Write(wanted, "new", version).status, SYNCLINE_CONFLICT);
  EXPECT_EQ(p.a.Write(Wanted("d/g"), "new", "").status, SYNCLINE_CONFLICT);
  EXPECT_EQ(p.a.Remove("d/f", version).status, SYNCLINE_CONFLICT);
  EXPECT_EQ(p.a.Move("d/f", version, "g").status, SYNCLINE_CONFLICT);
  EXPECT_EQ(AllNames(outside.path()), (std::vector<std::string>{"f"}));
  EXPECT_EQ(Get(outside / "f"), "precious");
}

TEST(Settle, NeverFollowsALinkSwappedInAfterTheWrite) {
  Pair p;
  TempFolder outside;
  MakeFolder(p.top_a / "d");
  ASSERT_EQ(p.a.Write(Wanted("d/f"), "new", "").status, SYNCLINE_STAGED);
  ASSERT_EQ(rename((p.top_a / "d").c_str(), (p.top_a / "moved").c_str()), 0);
  ASSERT_EQ(symlink(outside.path().c_str(), (p.top_a / "d").c_str()), 0);
  EXPECT_EQ(p.a.Settled().status, SYNCLINE_CONFLICT);
  EXPECT_TRUE(AllNames(outside.path()).empty());
  EXPECT_FALSE(Exists(p.top_a / "moved/f"));
}

TEST(Write, RefusesWhenSomethingElseIsThere) {
  Pair p;
  Put(p.top_a / "f", "mine");
  EXPECT_EQ(p.a.Write(Wanted("f"), "new", "").status, SYNCLINE_CONFLICT);
  std::string version = p.a.Now("f").version;
  usleep(20000);
  Put(p.top_a / "f", "edit");
  Record wanted = Wanted("f");
  wanted.id = "f";
  EXPECT_EQ(p.a.Write(wanted, "new", version).status, SYNCLINE_CONFLICT);
  ASSERT_EQ(unlink((p.top_a / "f").c_str()), 0);
  EXPECT_EQ(p.a.Write(wanted, "new", version).status, SYNCLINE_CONFLICT);
  EXPECT_EQ(p.a.Write(Wanted("gone/f"), "new", "").status, SYNCLINE_CONFLICT);
  EXPECT_TRUE(AllNames(p.top_a.path()).empty());
}

TEST(Settle, RefusesWhatWasMadeAfterTheWrite) {
  Pair p;
  ASSERT_EQ(p.a.Write(Wanted("f"), "new", "").status, SYNCLINE_STAGED);
  Put(p.top_a / "f", "made by hand");
  Answer result = p.a.Settled();
  EXPECT_EQ(result.status, SYNCLINE_CONFLICT);
  EXPECT_NE(result.summary.find("\"f\""), std::string::npos);
  EXPECT_EQ(Get(p.top_a / "f"), "made by hand");
  EXPECT_EQ(AllNames(p.top_a.path()).size(), 1u);
}

TEST(Settle, RefusesWhatWasChangedAfterTheWriteAndKeepsTheEdit) {
  Pair p;
  Put(p.top_a / "f", "old");
  Record wanted = p.a.Now("f");
  ASSERT_EQ(p.a.Write(wanted, "new", wanted.version).status, SYNCLINE_STAGED);
  usleep(20000);
  Put(p.top_a / "f", "by hand");
  EXPECT_EQ(p.a.Settled().status, SYNCLINE_CONFLICT);
  EXPECT_EQ(Get(p.top_a / "f"), "by hand");
  EXPECT_EQ(AllNames(p.top_a.path()).size(), 1u);
}

TEST(Settle, StoresTheOthersWhenOneFails) {
  Pair p;
  for (int i = 0; i < 20; ++i) {
    ASSERT_EQ(p.a.Write(Wanted("f" + std::to_string(i)), "new", "").status, SYNCLINE_STAGED);
  }
  Put(p.top_a / "f7", "by hand");
  ASSERT_EQ(p.a.Settle().status, SYNCLINE_OK);
  int stored = 0;
  int conflicts = 0;
  for (const auto& [ticket, result] : p.a.results()) {
    stored += result.status == SYNCLINE_OK;
    conflicts += result.status == SYNCLINE_CONFLICT;
  }
  EXPECT_EQ(stored, 19);
  EXPECT_EQ(conflicts, 1);
  EXPECT_EQ(AllNames(p.top_a.path()).size(), 20u);
}

TEST(Copy, TakesContentTimeAndPermissions) {
  Pair p;
  Put(p.top_a / "f", "content");
  chmod((p.top_a / "f").c_str(), 0604);
  SetTime(p.top_a / "f", 999999999123456789);
  Answer stored = p.Bring("f");
  ASSERT_EQ(stored.status, SYNCLINE_OK);
  EXPECT_EQ(Get(p.top_b / "f"), "content");
  EXPECT_EQ(ModeOf(p.top_b / "f"), 0604u);
  EXPECT_EQ(TimeOf(p.top_b / "f"), 999999999123456789);
  EXPECT_EQ(stored.record.version, p.b.Now("f").version);
  int32_t verdict = -1;
  ASSERT_EQ(
      p.a.Compare("f", p.a.Now("f").version, &p.b, "f", stored.record.version, &verdict).status,
      SYNCLINE_OK);
  EXPECT_EQ(verdict, SYNCLINE_SAME);
}

TEST(Copy, BringsAWholeTree) {
  Pair p;
  MakeFolder(p.top_a / "d/e/f");
  Put(p.top_a / "d/one", "1");
  Put(p.top_a / "d/e/two\n", "2");
  Put(p.top_a / "d/e/bad\xff", "3");
  ASSERT_EQ(symlink("../nowhere", (p.top_a / "d/link").c_str()), 0);
  SetTime(p.top_a / "d/link", 1000000001);
  CopyAll(&p.a, &p.b);
  EXPECT_EQ(AllNames(p.top_a.path()), AllNames(p.top_b.path()));
  EXPECT_EQ(Get(p.top_b / "d/e/bad\xff"), "3");
  EXPECT_EQ(TimeOf(p.top_b / "d/link"), 1000000001);
  ASSERT_EQ(p.b.Enumerate().status, SYNCLINE_OK);
  ASSERT_EQ(p.a.Enumerate().status, SYNCLINE_OK);
  for (const Record& record : p.a.records()) {
    int32_t verdict = -1;
    ASSERT_EQ(p.a.Compare(record.id, record.version, &p.b, record.id, p.b.Find(record.id)->version,
                          &verdict)
                  .status,
              SYNCLINE_OK);
    EXPECT_EQ(verdict, SYNCLINE_SAME) << record.id;
  }
}

TEST(Copy, ReplacesWhatIsExpected) {
  Pair p;
  Put(p.top_a / "f", "new content");
  Put(p.top_b / "f", "old");
  EXPECT_EQ(p.Bring("f").status, SYNCLINE_OK);
  EXPECT_EQ(Get(p.top_b / "f"), "new content");
  EXPECT_EQ(AllNames(p.top_b.path()).size(), 1u);
}

TEST(Copy, RefusesASourceThatChangedOrIsGone) {
  Pair p;
  Put(p.top_a / "f", "1");
  std::string version = p.a.Now("f").version;
  usleep(20000);
  Put(p.top_a / "f", "2");
  EXPECT_EQ(p.b.Copy(&p.a, "f", version, "f", "").status, SYNCLINE_CONFLICT);
  ASSERT_EQ(unlink((p.top_a / "f").c_str()), 0);
  EXPECT_EQ(p.b.Copy(&p.a, "f", version, "f", "").status, SYNCLINE_NOT_FOUND);
  EXPECT_TRUE(AllNames(p.top_b.path()).empty());
}

TEST(Copy, KeepsAttributes) {
  Pair p;
  Put(p.top_a / "f", "x");
  MakeFolder(p.top_a / "d");
  if (setxattr((p.top_a / "f").c_str(), "user.colour", "red", 3, 0) != 0) {
    GTEST_SKIP() << "this file system has no extended attributes";
  }
  ASSERT_EQ(setxattr((p.top_a / "d").c_str(), "user.shape", "round", 5, 0), 0);
  chmod((p.top_a / "f").c_str(), 0444);
  CopyAll(&p.a, &p.b);
  char value[8] = {};
  EXPECT_EQ(getxattr((p.top_b / "f").c_str(), "user.colour", value, 8), 3);
  EXPECT_EQ(getxattr((p.top_b / "d").c_str(), "user.shape", value, 8), 5);
  EXPECT_EQ(ModeOf(p.top_b / "f"), 0444u);
}

TEST(Copy, KeepsHolesOfASparseFile) {
  Pair p;
  int file = open((p.top_a / "f").c_str(), O_WRONLY | O_CREAT, 0644);
  ASSERT_EQ(pwrite(file, "end", 3, 64 << 20), 3);
  close(file);
  ASSERT_EQ(p.Bring("f").status, SYNCLINE_OK);
  struct stat info = {};
  ASSERT_EQ(stat((p.top_b / "f").c_str(), &info), 0);
  EXPECT_EQ(info.st_size, (64 << 20) + 3);
  EXPECT_LT(info.st_blocks * 512, 1 << 20);
}

TEST(Copy, LeavesOutSetuidWhichWouldGiveAnotherOwnersRights) {
  Pair p;
  Put(p.top_a / "f", "x");
  chmod((p.top_a / "f").c_str(), 04755);
  ASSERT_EQ(p.Bring("f").status, SYNCLINE_OK);
  EXPECT_EQ(ModeOf(p.top_b / "f"), 0755u);
}

TEST(Copy, ReadsAFileAgainThatChangedMeanwhile) {
  Pair p;
  Put(p.top_a / "f", std::string(3 << 20, 'a'));
  std::string version = p.a.Now("f").version;
  int changes = 0;
  p.b.on_progress = [&](uint64_t) {
    if (changes++ == 0) Put(p.top_a / "f", std::string(2 << 20, 'b'));
  };
  Answer answer = p.b.Copy(&p.a, "f", version, "f", "");
  ASSERT_GT(changes, 0);
  ASSERT_EQ(answer.status, SYNCLINE_STAGED) << answer.summary;
  ASSERT_EQ(p.b.Settled().status, SYNCLINE_OK);
  EXPECT_EQ(Get(p.top_b / "f"), std::string(2 << 20, 'b'));
}

TEST(Copy, GivesUpOnAFileThatKeepsChanging) {
  Pair p;
  Put(p.top_a / "f", std::string(1 << 20, 'a'));
  std::string version = p.a.Now("f").version;
  int size = 1 << 20;
  p.b.on_progress = [&](uint64_t) { Put(p.top_a / "f", std::string(++size, 'b')); };
  Answer answer = p.b.Copy(&p.a, "f", version, "f", "");
  EXPECT_EQ(answer.status, SYNCLINE_FAILED);
  EXPECT_NE(answer.summary.find("keeps changing"), std::string::npos);
  EXPECT_TRUE(AllNames(p.top_b.path()).empty());
}

TEST(Copy, StopsWhenCancelledAndLeavesNothing) {
  Pair p;
  Put(p.top_a / "f", std::string(8 << 20, 'a'));
  std::string version = p.a.Now("f").version;
  p.b.cancelled = [] { return true; };
  EXPECT_EQ(p.b.Copy(&p.a, "f", version, "f", "").status, SYNCLINE_CANCELLED);
  EXPECT_TRUE(AllNames(p.top_b.path()).empty());
}

TEST(Copy, OfMetadataOnlyLeavesTheContentInPlace) {
  Pair p;
  Put(p.top_a / "f", "same");
  Put(p.top_b / "f", "same");
  chmod((p.top_a / "f").c_str(), 0600);
  SetTime(p.top_a / "f", 1000000000123456789);
  bool attributes = setxattr((p.top_a / "f").c_str(), "user.colour", "red", 3, 0) == 0;
  setxattr((p.top_b / "f").c_str(), "user.gone", "x", 1, 0);
  uint64_t inode = InodeOf(p.top_b / "f");
  Answer stored = p.Bring("f", SYNCLINE_METADATA_ONLY);
  ASSERT_EQ(stored.status, SYNCLINE_OK);
  EXPECT_EQ(InodeOf(p.top_b / "f"), inode);
  EXPECT_EQ(ModeOf(p.top_b / "f"), 0600u);
  EXPECT_EQ(TimeOf(p.top_b / "f"), 1000000000123456789);
  EXPECT_EQ(stored.record.version, p.b.Now("f").version);
  char value[8] = {};
  if (attributes) {
    EXPECT_EQ(getxattr((p.top_b / "f").c_str(), "user.colour", value, 8), 3);
    EXPECT_EQ(getxattr((p.top_b / "f").c_str(), "user.gone", value, 8), -1);
  }
}

TEST(Copy, OfMetadataOnlyRefusesAFileThatChanged) {
  Pair p;
  Put(p.top_a / "f", "same");
  Put(p.top_b / "f", "same");
  std::string from = p.a.Now("f").version;
  std::string to = p.b.Now("f").version;
  usleep(20000);
  Put(p.top_b / "f", "edit");
  int64_t time = TimeOf(p.top_b / "f");
  EXPECT_EQ(p.b.Copy(&p.a, "f", from, "f", to, SYNCLINE_METADATA_ONLY).status, SYNCLINE_CONFLICT);
  EXPECT_EQ(TimeOf(p.top_b / "f"), time);
}

TEST(Copy, OfAFolderOntoAFolderSetsItsPermissions) {
  Pair p;
  MakeFolder(p.top_a / "d");
  MakeFolder(p.top_b / "d");
  Put(p.top_b / "d/f", "stays");
  chmod((p.top_a / "d").c_str(), 0700);
  chmod((p.top_b / "d").c_str(), 0755);
  Answer stored = p.Bring("d", SYNCLINE_METADATA_ONLY);
  ASSERT_EQ(stored.status, SYNCLINE_OK);
  EXPECT_EQ(ModeOf(p.top_b / "d"), 0700u);
  EXPECT_EQ(stored.record.version, p.b.Now("d").version);
  EXPECT_EQ(Get(p.top_b / "d/f"), "stays");
}

TEST(Copy, PutsAFolderInThePlaceOfAFile) {
  Pair p;
  MakeFolder(p.top_a / "x");
  Put(p.top_a / "x/f", "1");
  Put(p.top_b / "x", "was a file");
  std::string expected = p.b.Now("x").version;
  ASSERT_EQ(p.b.Copy(&p.a, "x", p.a.Now("x").version, "x", expected).status, SYNCLINE_STAGED);
  ASSERT_EQ(p.b.Copy(&p.a, "x/f", p.a.Now("x/f").version, "x/f", "").status, SYNCLINE_STAGED);
  ASSERT_EQ(p.b.Settle().status, SYNCLINE_OK);
  EXPECT_EQ(AllNames(p.top_b.path()), (std::vector<std::string>{"x", "x/f"}));
}

TEST(Copy, PutsAFileInThePlaceOfAnEmptyFolderOnly) {
  Pair p;
  Put(p.top_a / "x", "file now");
  MakeFolder(p.top_b / "x");
  EXPECT_EQ(p.Bring("x").status, SYNCLINE_OK);
  EXPECT_EQ(Get(p.top_b / "x"), "file now");
  ASSERT_EQ(unlink((p.top_b / "x").c_str()), 0);
  MakeFolder(p.top_b / "x");
  Put(p.top_b / "x/kept", "1");
  EXPECT_EQ(p.Bring("x").status, SYNCLINE_CONFLICT);
  EXPECT_EQ(AllNames(p.top_b.path()), (std::vector<std::string>{"x", "x/kept"}));
}

TEST(Copy, ReplacesALinkAndTurnsAFileIntoOne) {
  Pair p;
  ASSERT_EQ(symlink("new", (p.top_a / "l").c_str()), 0);
  ASSERT_EQ(symlink("old", (p.top_b / "l").c_str()), 0);
  ASSERT_EQ(symlink("new", (p.top_a / "m").c_str()), 0);
  Put(p.top_b / "m", "was a file");
  EXPECT_EQ(p.Bring("l").status, SYNCLINE_OK);
  EXPECT_EQ(p.Bring("m").status, SYNCLINE_OK);
  char target[8] = {};
  EXPECT_EQ(readlink((p.top_b / "l").c_str(), target, 7), 3);
  EXPECT_STREQ(target, "new");
  EXPECT_EQ(readlink((p.top_b / "m").c_str(), target, 7), 3);
  EXPECT_EQ(AllNames(p.top_b.path()).size(), 2u);
}

}  // namespace
}  // namespace syncline::folders_test
