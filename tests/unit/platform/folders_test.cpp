// Folders and looking at them.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <set>

#include "sdk/platform/file_system.h"
#include "tests/support/scratch.h"
#include "tests/unit/platform/child.h"

namespace syncline::platform {
namespace {

using testing::TempDir;
using testing::Tree;

class Folders : public ::testing::Test {
 protected:
  TempDir temp_;
  Tree tree_{temp_ / "t"};
  Dir dir_ = OpenDir(tree_.root()).value();
  FileInfo info_;
};

TEST_F(Folders, StatTellsWhatIsThere) {
  tree_.Write("file", "12345");
  tree_.Chmod("file", 0640);
  tree_.SetMtime("file", 1'600'000'000'123'456'789);
  tree_.HardLink("other", "file");
  ASSERT_TRUE(Stat(dir_, "file", &info_).ok());
  EXPECT_EQ(info_.type, FileType::kFile);
  EXPECT_EQ(info_.permissions, 0640u);
  EXPECT_EQ(info_.size, 5u);
  EXPECT_EQ(info_.links, 2u);
  EXPECT_EQ(info_.owner, UserId());
  EXPECT_EQ(info_.modified_ns, 1'600'000'000'123'456'789);
  EXPECT_GT(info_.changed_ns, info_.modified_ns);
  struct stat expected;
  ASSERT_EQ(stat(tree_.Path("file").c_str(), &expected), 0);
  EXPECT_EQ(info_.file_id, expected.st_ino);
  EXPECT_EQ(info_.device, expected.st_dev);
  EXPECT_EQ(info_.allocated, static_cast<uint64_t>(expected.st_blocks) * 512);
}

TEST_F(Folders, StatTellsTimesBefore1970) {
  tree_.Write("old", "");
  tree_.SetMtime("old", -1);
  ASSERT_TRUE(Stat(dir_, "old", &info_).ok());
  EXPECT_EQ(info_.modified_ns, -1);
}

TEST_F(Folders, StatLooksAtALinkItself) {
  tree_.Write("file", "text");
  tree_.Link("link", "file");
  tree_.Link("dangling", "nowhere");
  ASSERT_TRUE(Stat(dir_, "link", &info_).ok());
  EXPECT_EQ(info_.type, FileType::kLink);
  EXPECT_TRUE(Stat(dir_, "dangling", &info_).ok());
  EXPECT_EQ(StatPath(tree_.Path("link"))->type, FileType::kFile);
  EXPECT_TRUE(absl::IsNotFound(StatPath(tree_.Path("dangling")).status()));
}

TEST_F(Folders, ErrorsSayWhatWasTriedWithWhat) {
  const absl::Status s = Stat(dir_, "no\nsuch \xff", &info_);
  EXPECT_TRUE(absl::IsNotFound(s));
  EXPECT_EQ(s.message(), "cannot look at 'no\\x0Asuch \\xFF': No such file or directory");
}

TEST_F(Folders, NamesWithASlashAreRefusedEverywhere) {
  tree_.Write("a/b", "text");
  const std::string name = "a/b";
  EXPECT_TRUE(absl::IsInvalidArgument(Stat(dir_, "a/b", &info_)));
  EXPECT_TRUE(absl::IsInvalidArgument(OpenDirAt(dir_, "a/..").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(OpenFile(dir_, name).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(CreateFile(dir_, "a/c", 0600).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(RemoveFile(dir_, name)));
  EXPECT_TRUE(absl::IsInvalidArgument(Rename(dir_, name, dir_, "c", Replace::kAlways)));
  EXPECT_TRUE(absl::IsInvalidArgument(SetPermissionsAt(dir_, name, 0600)));
  EXPECT_TRUE(absl::IsInvalidArgument(MakeDir(dir_, std::string("x\0y", 3), 0700)));
  EXPECT_EQ(tree_.Read("a/b"), "text");
}

TEST_F(Folders, OpenDirAtNeverGoesThroughALink) {
  tree_.Mkdir("real");
  tree_.Link("link", "real");
  EXPECT_TRUE(OpenDirAt(dir_, "real").ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(OpenDirAt(dir_, "link").status()));
  EXPECT_TRUE(OpenDir(tree_.Path("link")).ok());
  tree_.Write("file", "");
  EXPECT_TRUE(absl::IsFailedPrecondition(OpenDirAt(dir_, "file").status()));
  const Dir up = OpenDirAt(*OpenDirAt(dir_, "real"), "..").value();
  EXPECT_TRUE(Stat(up, "file", &info_).ok());
}

TEST_F(Folders, ListDirGivesEveryNameOnceAsBytes) {
  std::set<std::string> expected = {"\xff\xfe not utf-8", "with\nnewline", std::string(255, 'n'),
                                    "..."};
  for (int i = 0; i < 3000; ++i)
    expected.insert("file with a name of some length " + std::to_string(i));
  for (const std::string& name : expected) tree_.Write(name, "");
  tree_.Mkdir("folder");
  tree_.Link("link", "x");
  DirListing listing;
  for (int round = 0; round < 2; ++round) {  // the second starts from the beginning again
    ASSERT_TRUE(ListDir(dir_, &listing).ok());
    std::set<std::string> names;
    for (const DirEntry& e : listing.entries) {
      const std::string name(listing.Name(e));
      const FileType type = name == "folder" ? FileType::kFolder
                            : name == "link" ? FileType::kLink
                                             : FileType::kFile;
      EXPECT_EQ(e.type, type) << name;
      if (type == FileType::kFile) {
        EXPECT_TRUE(names.insert(name).second) << name;
      }
    }
    EXPECT_EQ(names, expected);
    EXPECT_EQ(listing.entries.size(), expected.size() + 2);
  }
}

TEST_F(Folders, AFailedListingIsEmpty) {
  DirListing listing;
  tree_.Write("file", "");
  ASSERT_TRUE(ListDir(dir_, &listing).ok());
  EXPECT_FALSE(ListDir(Dir(), &listing).ok());
  EXPECT_TRUE(listing.entries.empty());
}

TEST_F(Folders, DuplicatesListIndependently) {
  for (int i = 0; i < 100; ++i) tree_.Write(std::to_string(i), "");
  const Dir twin = Duplicate(dir_).value();
  DirListing a;
  DirListing b;
  ASSERT_TRUE(ListDir(dir_, &a).ok());
  ASSERT_TRUE(ListDir(twin, &b).ok());
  EXPECT_EQ(a.entries.size(), 100u);
  EXPECT_EQ(b.entries.size(), 100u);
}

TEST_F(Folders, MakeAndRemove) {
  EXPECT_TRUE(MakeDir(dir_, "new", 0700).ok());
  EXPECT_TRUE(absl::IsAlreadyExists(MakeDir(dir_, "new", 0700)));
  tree_.Write("new/file", "");
  EXPECT_TRUE(absl::IsFailedPrecondition(RemoveDir(dir_, "new")));
  tree_.Remove("new/file");
  EXPECT_TRUE(RemoveDir(dir_, "new").ok());
  EXPECT_TRUE(absl::IsNotFound(RemoveDir(dir_, "new")));
  EXPECT_TRUE(absl::IsInvalidArgument(MakeDir(dir_, std::string(256, 'x'), 0700)));
}

TEST_F(Folders, ReadLinkGivesTargetsOfAnyLength) {
  for (const size_t length : {1, 255, 256, 257, 4000}) {
    const std::string target(length, 't');
    ASSERT_TRUE(MakeLink(dir_, "link", target).ok());
    EXPECT_EQ(ReadLink(dir_, "link").value(), target);
    ASSERT_TRUE(RemoveFile(dir_, "link").ok());
  }
  tree_.Write("file", "");
  EXPECT_TRUE(absl::IsFailedPrecondition(ReadLink(dir_, "file").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(MakeLink(dir_, "link", "")));
}

TEST_F(Folders, FileSystemsAreToldApart) {
  tree_.Mkdir("inner");
  const uint64_t here = FileSystemId(dir_).value();
  EXPECT_NE(here, 0u);
  EXPECT_EQ(FileSystemId(*OpenDirAt(dir_, "inner")).value(), here);
  EXPECT_NE(FileSystemId(*OpenDir("/proc")).value(), here);
  EXPECT_GT(FreeBytes(dir_).value(), 0u);
  EXPECT_FALSE(IgnoresCase(*OpenDir("/proc")));
}

TEST_F(Folders, AFullAndAReadOnlyFileSystemAreToldApart) {
  tree_.Mkdir("mounted");
  const testing::ProgramResult r = RunChild("small and read-only", tree_.Path("mounted"));
  if (r.exit_code == 77) GTEST_SKIP() << "may not mount here";
  EXPECT_EQ(r.out,
            "RESOURCE_EXHAUSTED: cannot write 'open file': No space left on device\n"
            "UNAVAILABLE: cannot create 'more': Read-only file system "
            "[syncline/read-only=''] 1\n");
}

}  // namespace
}  // namespace syncline::platform
