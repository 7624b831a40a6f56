// What may stand at a location, and which two may be synced with each other.
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <functional>

#include "tests/support/scratch.h"
#include "tests/unit/record_files/toy.h"

namespace syncline::record_files_test {
namespace {

namespace fs = std::filesystem;
using syncline::testing::TempDir;

Answer OpenAt(const std::string& location) {
  Side side(location);
  return side.Open();
}

TEST(Location, MustExistAndAFileIsNamedAsOne) {
  TempDir dir;
  const Answer folder = OpenAt(dir / "none");
  EXPECT_EQ(folder.status, SYNCLINE_NOT_FOUND);
  EXPECT_EQ(folder.setting, "location");
  EXPECT_NE(folder.summary.find("The folder"), std::string::npos) << folder.summary;
  const Answer file = OpenAt(dir / "none.toy");
  EXPECT_EQ(file.status, SYNCLINE_NOT_FOUND);
  EXPECT_NE(file.summary.find("Create an empty file"), std::string::npos) << file.summary;
  EXPECT_EQ(OpenAt(dir / "none/none.toy").status, SYNCLINE_NOT_FOUND);
  Put(dir / "file", "");
  EXPECT_EQ(OpenAt(dir / "file/none.toy").status, SYNCLINE_NOT_FOUND);
  EXPECT_TRUE(Names(dir.path()) == std::vector<std::string>{"file"}) << "nothing is made";
}

TEST(Location, MustBeAFolderOrAFile) {
  TempDir dir;
  ASSERT_EQ(mkfifo((dir / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(OpenAt(dir / "pipe").status, SYNCLINE_BROKEN);
  EXPECT_EQ(OpenAt("").status, SYNCLINE_BROKEN);
  EXPECT_EQ(OpenAt("https://example.org/all.toy").status, SYNCLINE_BROKEN);
  EXPECT_EQ(OpenAt("file://" + dir.path()).status, SYNCLINE_OK);
  EXPECT_EQ(OpenAt(dir.path()).status, SYNCLINE_OK);
}

TEST(Location, AFileThatIsCalledOtherwiseMustBeginAsOneOfItsKind) {
  TempDir dir;
  const std::string photo = "\xff\xd8\xff\xe0 BEGIN ada";
  Put(dir / "photo.jpg", photo);
  Put(dir / "script.sh", "#!/bin/sh\nBEGIN\n");
  Put(dir / "notes.txt", "BEGI");
  Put(dir / "archive.toy.gz", "\x1f\x8b");
  for (const char* name : {"photo.jpg", "script.sh", "notes.txt", "archive.toy.gz"}) {
    const Answer refused = OpenAt(dir / name);
    EXPECT_EQ(refused.status, SYNCLINE_BROKEN) << name;
    EXPECT_EQ(refused.setting, "location");
    EXPECT_NE(refused.summary.find("Give a .toy file, an empty file, or a folder."),
              std::string::npos)
        << refused.summary;
    EXPECT_NE(refused.summary.find(name), std::string::npos) << refused.summary;
  }
  EXPECT_EQ(Get(dir / "photo.jpg"), photo);
  Put(dir / "empty.db", "");
  Put(dir / "blank", "\xEF\xBB\xBF\r\n \n");
  Put(dir / "export", "\xEF\xBB\xBF\n\n" + Toy("ada", "1"));
  Put(dir / "small.txt", "begin ada\nEND\n");
  Put(dir / "ALL.TOY", "anything: its content is looked at when it is listed");
  fs::create_symlink(dir / "export", dir / "link.txt");
  for (const char* name : {"empty.db", "blank", "export", "small.txt", "ALL.TOY", "link.txt"}) {
    const Answer taken = OpenAt(dir / name);
    EXPECT_EQ(taken.status, SYNCLINE_OK) << taken.summary;
  }
}

// Runs body in a process of a user who is nobody; its exit code.
int AsNobody(const std::function<int()>& body) {
  const pid_t child = fork();
  if (child == 0) {
    if (geteuid() == 0 && (setegid(65534) != 0 || seteuid(65534) != 0)) _exit(99);
    const int code = body();
    _exit(::testing::Test::HasFailure() ? 98 : code);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 97;
}

TEST(Location, MustBeReadable) {
  TempDir dir;
  fs::permissions(dir.path(), fs::perms(0755));
  fs::create_directory(dir / "closed");
  Put(dir / "closed.toy", "");
  fs::permissions(dir / "closed", fs::perms(0));
  fs::permissions(dir / "closed.toy", fs::perms(0));
  EXPECT_EQ(AsNobody([&] {
              EXPECT_EQ(OpenAt(dir / "closed").status, SYNCLINE_UNAUTHORIZED);
              EXPECT_EQ(OpenAt(dir / "closed.toy").status, SYNCLINE_UNAUTHORIZED);
              return 0;
            }),
            0);
}

TEST(Location, AFileThatCannotBeReadIsToldAndMayBeAnyRecord) {
  TempDir dir;
  fs::permissions(dir.path(), fs::perms(0755));
  Put(dir / "a.toy", Toy("ada", "1"));
  Put(dir / "b.toy", Toy("bob", "1"));
  fs::permissions(dir / "a.toy", fs::perms(0));
  EXPECT_EQ(AsNobody([&] {
              Side side(dir.path());
              EXPECT_EQ(side.Open().status, SYNCLINE_OK);
              EXPECT_EQ(side.Enumerate().status, SYNCLINE_OK);
              if (side.records.size() != 2 || side.aside.size() != 1) return 1;
              EXPECT_EQ(side.records[0].key, "bob");
              // Nothing is concluded from what is not listed: neither that ada is gone, nor that
              // the other side's one is new.
              EXPECT_EQ(side.records[1].id, "");
              EXPECT_EQ(side.records[1].flags, static_cast<uint32_t>(SYNCLINE_UNKNOWN));
              EXPECT_EQ(side.aside[0].record.id, "a.toy");
              EXPECT_EQ(side.aside[0].why, SYNCLINE_INVALID);
              EXPECT_EQ(side.aside[0].reason,
                        "\"a.toy\" cannot be read: permission denied. Give this user the right to "
                        "read it. Until then it may be any toy, so nothing counts as removed here "
                        "and nothing new is added.");
              EXPECT_TRUE(side.events.empty()) << "told once";
              return 0;
            }),
            0);
}

TEST(Location, AFolderThatTakesNoFilesIsUnwritable) {
  TempDir dir;
  fs::permissions(dir.path(), fs::perms(0755));
  Put(dir / "a.toy", Toy("ada", "1"));
  fs::permissions(dir / "a.toy", fs::perms(0666));
  fs::permissions(dir.path(), fs::perms(0555));
  EXPECT_EQ(AsNobody([&] {
              for (const std::string& location : {dir.path(), dir / "a.toy"}) {
                Side side(location);
                EXPECT_EQ(side.Open().status, SYNCLINE_OK);
                EXPECT_EQ(side.Enumerate().status, SYNCLINE_OK);
                const Answer answer = side.Settled(side.Create("bob", Toy("bob", "1")));
                EXPECT_EQ(answer.status, SYNCLINE_UNWRITABLE);
                EXPECT_NE(answer.summary.find("permission denied"), std::string::npos);
                const Answer removed = side.Settled(side.Remove(side.records.at(0)));
                EXPECT_EQ(removed.status, SYNCLINE_UNWRITABLE);
              }
              return 0;
            }),
            0);
  EXPECT_EQ(Get(dir / "a.toy"), Toy("ada", "1"));
  fs::permissions(dir.path(), fs::perms(0755));
}

class Disk {
 public:
  Disk(const std::string& at, unsigned long flags, const char* options) : at_(at) {
    mounted_ = geteuid() == 0 && mount("none", at.c_str(), "tmpfs", flags, options) == 0;
  }
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;
  ~Disk() {
    if (mounted_) umount2(at_.c_str(), MNT_DETACH);
  }
  bool mounted() const { return mounted_; }

 private:
  std::string at_;
  bool mounted_;
};

TEST(Location, AFullDiskIsUnwritableAndTheOldFileStays) {
  TempDir dir;
  const Disk disk(dir.path(), 0, "size=256k");
  if (!disk.mounted()) GTEST_SKIP() << "not allowed to mount";
  fs::create_directory(dir / "folder");
  Put(dir / "all.toy", Toy("ada", "1"));
  const std::string large = Toy("bob", std::string(300'000, 'x'));
  for (const std::string& location : {dir / "folder", dir / "all.toy"}) {
    Side side(location);
    ASSERT_EQ(side.Open().status, SYNCLINE_OK);
    const Answer answer = side.Settled(side.Create("bob", large));
    EXPECT_EQ(answer.status, SYNCLINE_UNWRITABLE) << answer.summary;
    EXPECT_NE(answer.summary.find("disk is full"), std::string::npos) << answer.summary;
  }
  EXPECT_EQ(Get(dir / "all.toy"), Toy("ada", "1"));
  EXPECT_TRUE(Names(dir / "folder").empty());
  EXPECT_EQ(Names(dir.path()).size(), 2u);
}

TEST(Location, AnotherDiskInItsPlaceIsAnotherReplica) {
  TempDir dir;
  Put(dir / "all.toy", "");
  const auto identity = [](const std::string& location) {
    Side side(location);
    EXPECT_EQ(side.Open().status, SYNCLINE_OK);
    return side.identity;
  };
  const std::string folder_before = identity(dir.path());
  const std::string file_before = identity(dir / "all.toy");
  EXPECT_EQ(identity(dir.path()), folder_before);
  const Disk disk(dir.path(), 0, "size=256k");
  if (!disk.mounted()) GTEST_SKIP() << "not allowed to mount";
  Put(dir / "all.toy", "");
  EXPECT_NE(identity(dir.path()), folder_before);
  EXPECT_NE(identity(dir / "all.toy"), file_before);
}

Answer CheckBoth(const std::string& a, const std::string& b) {
  Side one(a);
  Side two(b, "b");
  EXPECT_EQ(one.Open().status, SYNCLINE_OK) << a;
  EXPECT_EQ(two.Open().status, SYNCLINE_OK) << b;
  const Answer answer = one.Check(&two);
  EXPECT_EQ(two.Check(&one).status, answer.status) << "the order makes no difference";
  return answer;
}

TEST(Check, TheSamePlaceOnBothSidesIsRefused) {
  TempDir dir;
  fs::create_directory(dir / "folder");
  fs::create_directory(dir / "folder/inner");
  fs::create_directory(dir / "other");
  fs::create_directory_symlink(dir / "folder", dir / "link");
  Put(dir / "folder/all.toy", "");
  Put(dir / "folder/all.txt", "");
  Put(dir / "folder/more.toy", "");
  fs::create_symlink(dir / "folder/all.toy", dir / "link.toy");
  fs::create_hard_link(dir / "folder/all.toy", dir / "hard.toy");

  const Answer same = CheckBoth(dir / "folder", dir / "link");
  EXPECT_EQ(same.status, SYNCLINE_INVALID);
  EXPECT_NE(same.summary.find("the same folder"), std::string::npos) << same.summary;
  EXPECT_EQ(same.setting, "location");
  for (const char* other : {"link.toy", "hard.toy", "folder/all.toy"}) {
    const Answer file = CheckBoth(dir / "folder/all.toy", dir / other);
    EXPECT_EQ(file.status, SYNCLINE_INVALID) << other;
    EXPECT_NE(file.summary.find("the same file"), std::string::npos) << file.summary;
  }
  const Answer inside = CheckBoth(dir / "folder", dir / "link.toy");
  EXPECT_EQ(inside.status, SYNCLINE_INVALID);
  EXPECT_NE(inside.summary.find("lies in the folder"), std::string::npos) << inside.summary;

  EXPECT_EQ(CheckBoth(dir / "folder", dir / "other").status, SYNCLINE_OK);
  EXPECT_EQ(CheckBoth(dir / "folder", dir / "folder/inner").status, SYNCLINE_OK)
      << "subfolders are not synced";
  EXPECT_EQ(CheckBoth(dir / "folder/all.toy", dir / "folder/more.toy").status, SYNCLINE_OK);
  EXPECT_EQ(CheckBoth(dir / "folder", dir / "folder/all.txt").status, SYNCLINE_OK)
      << "no record of the folder";
  Side alone(dir / "folder");
  ASSERT_EQ(alone.Open().status, SYNCLINE_OK);
  EXPECT_EQ(alone.Check(nullptr).status, SYNCLINE_OK);
}

}  // namespace
}  // namespace syncline::record_files_test
