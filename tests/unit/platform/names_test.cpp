// Renaming, removing and linking; permissions, times and attributes.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "sdk/platform/file_system.h"
#include "tests/support/scratch.h"
#include "tests/unit/platform/child.h"

namespace syncline::platform {
namespace {

using testing::Snapshot;
using testing::SnapshotOptions;
using testing::TempDir;
using testing::Tree;

class InFolder : public ::testing::Test {
 protected:
  std::map<std::string, std::string> Contents() const {
    return Snapshot(tree_.root(), {.content = true, .mode = false, .mtime = false});
  }

  TempDir temp_;
  Tree tree_{temp_ / "t"};
  Dir dir_ = OpenDir(tree_.root()).value();
};
using Renaming = InFolder;
using Metadata = InFolder;
using Links = InFolder;

TEST_F(Renaming, NeverReplaces) {
  tree_.Write("a", "1");
  tree_.Write("b", "2");
  tree_.Link("dangling", "nowhere");
  tree_.Mkdir("empty");
  tree_.Mkdir("folder");
  const auto before = Contents();
  EXPECT_TRUE(absl::IsAlreadyExists(Rename(dir_, "a", dir_, "b", Replace::kNever)));
  EXPECT_TRUE(absl::IsAlreadyExists(Rename(dir_, "a", dir_, "dangling", Replace::kNever)));
  EXPECT_TRUE(absl::IsAlreadyExists(Rename(dir_, "folder", dir_, "empty", Replace::kNever)));
  EXPECT_TRUE(absl::IsNotFound(Rename(dir_, "missing", dir_, "x", Replace::kNever)));
  EXPECT_EQ(Contents(), before);
  EXPECT_TRUE(Rename(dir_, "a", *OpenDirAt(dir_, "folder"), "c", Replace::kNever).ok());
  EXPECT_EQ(tree_.Read("folder/c"), "1");
}

TEST_F(Renaming, HardLinksOfOneFileAreTwoNames) {
  tree_.Write("a", "1");
  tree_.HardLink("A", "a");
  EXPECT_TRUE(absl::IsAlreadyExists(Rename(dir_, "a", dir_, "A", Replace::kNever)));
}

TEST_F(Renaming, AlwaysReplacesAFileAndALinkItself) {
  tree_.Write("a", "1");
  tree_.Write("precious", "2");
  tree_.Link("link", "precious");
  EXPECT_TRUE(Rename(dir_, "a", dir_, "link", Replace::kAlways).ok());
  EXPECT_EQ(Contents(),
            (std::map<std::string, std::string>{{"link", "file '1'"}, {"precious", "file '2'"}}));
  tree_.Write("full/x", "");
  tree_.Mkdir("other");
  EXPECT_TRUE(absl::IsFailedPrecondition(Rename(dir_, "other", dir_, "full", Replace::kAlways)));
  EXPECT_TRUE(absl::IsFailedPrecondition(Rename(dir_, "link", dir_, "other", Replace::kAlways)));
  EXPECT_TRUE(absl::IsFailedPrecondition(Rename(dir_, "other", dir_, "link", Replace::kAlways)));
}

TEST_F(Renaming, ExchangeSwapsAFileAndAFolder) {
  tree_.Write("file", "1");
  tree_.Write("folder/inner", "2");
  const absl::Status s = Rename(dir_, "file", dir_, "folder", Replace::kExchange);
  if (absl::IsUnimplemented(s)) GTEST_SKIP() << "not offered here";
  ASSERT_TRUE(s.ok()) << s;
  EXPECT_EQ(tree_.Read("folder"), "1");
  EXPECT_EQ(tree_.Read("file/inner"), "2");
  EXPECT_TRUE(absl::IsNotFound(Rename(dir_, "file", dir_, "missing", Replace::kExchange)));
}

TEST_F(Renaming, AFolderDoesNotGoIntoItself) {
  tree_.Mkdir("a/b");
  const Dir inner = OpenDir(tree_.Path("a/b")).value();
  EXPECT_TRUE(absl::IsInvalidArgument(Rename(dir_, "a", inner, "a", Replace::kNever)));
  EXPECT_TRUE(tree_.Exists("a/b"));
}

TEST_F(Renaming, NeverReplacesWhereTheFileSystemDoesNotOfferIt) {
  tree_.Write("old", "1");
  tree_.Write("taken", "2");
  tree_.Write("folder/x", "3");
  tree_.Mkdir("taken folder");
  const testing::ProgramResult r = RunChild("old rename", tree_.root());
  if (r.exit_code == 77) GTEST_SKIP() << "system calls cannot be filtered here";
  EXPECT_EQ(r.out, "ALREADY_EXISTS\nOK\nALREADY_EXISTS\nOK\nNOT_FOUND\nUNIMPLEMENTED\n") << r;
  EXPECT_EQ(Contents(), (std::map<std::string, std::string>{{"new", "file '1'"},
                                                            {"new folder", "folder"},
                                                            {"new folder/x", "file '3'"},
                                                            {"taken", "file '2'"},
                                                            {"taken folder", "folder"}}));
}

TEST_F(Links, AreRemovedThemselves) {
  tree_.Write("file", "text");
  tree_.Link("link", "file");
  tree_.Mkdir("folder");
  tree_.Link("to folder", "folder");
  EXPECT_TRUE(RemoveFile(dir_, "link").ok());
  EXPECT_TRUE(RemoveFile(dir_, "to folder").ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(RemoveFile(dir_, "folder")));
  EXPECT_TRUE(absl::IsNotFound(RemoveFile(dir_, "link")));
  EXPECT_EQ(tree_.Read("file"), "text");
}

TEST_F(Links, HardLinksShareTheFile) {
  tree_.Write("file", "text");
  tree_.Link("link", "file");
  ASSERT_TRUE(MakeHardLink(dir_, "file", dir_, "twin").ok());
  ASSERT_TRUE(MakeHardLink(dir_, "link", dir_, "link twin").ok());
  FileInfo info;
  ASSERT_TRUE(Stat(dir_, "twin", &info).ok());
  EXPECT_EQ(info.links, 2u);
  ASSERT_TRUE(Stat(dir_, "link twin", &info).ok());
  EXPECT_EQ(info.type, FileType::kLink);
  EXPECT_TRUE(absl::IsAlreadyExists(MakeHardLink(dir_, "file", dir_, "twin")));
  EXPECT_TRUE(absl::IsAlreadyExists(MakeLink(dir_, "twin", "x")));
}

TEST_F(Metadata, PermissionsAndTimesNeverGoThroughALink) {
  tree_.Write("file", "");
  tree_.Chmod("file", 0600);
  tree_.SetMtime("file", 5'000'000'000);
  tree_.Link("link", "file");
  EXPECT_TRUE(absl::IsUnimplemented(SetPermissionsAt(dir_, "link", 0777)));
  EXPECT_TRUE(SetModifiedAt(dir_, "link", 7'000'000'001).ok());
  FileInfo info;
  ASSERT_TRUE(Stat(dir_, "file", &info).ok());
  EXPECT_EQ(info.permissions, 0600u);
  EXPECT_EQ(info.modified_ns, 5'000'000'000);
  ASSERT_TRUE(Stat(dir_, "link", &info).ok());
  EXPECT_EQ(info.modified_ns, 7'000'000'001);
}

TEST_F(Metadata, PermissionsAndTimesAreSetToTheBit) {
  tree_.Write("file", "");
  tree_.Mkdir("folder");
  const File file = OpenFile(dir_, "file").value();
  FileInfo info;
  for (const uint32_t bits : {0000u, 0777u, 0644u, 04755u, 02755u}) {
    ASSERT_TRUE(SetPermissions(file, bits).ok());
    ASSERT_TRUE(SetPermissionsAt(dir_, "folder", bits).ok());
    ASSERT_TRUE(StatHandle(file, &info).ok());
    EXPECT_EQ(info.permissions, bits);
    ASSERT_TRUE(Stat(dir_, "folder", &info).ok());
    EXPECT_EQ(info.permissions, bits);
  }
  for (const int64_t ns :
       {int64_t{0}, int64_t{-1'500'000'000}, int64_t{1'700'000'000'999'999'999}}) {
    ASSERT_TRUE(SetModified(file, ns).ok());
    ASSERT_TRUE(SetModifiedAt(dir_, "folder", ns).ok());
    ASSERT_TRUE(StatHandle(file, &info).ok());
    EXPECT_EQ(info.modified_ns, ns);
    ASSERT_TRUE(Stat(dir_, "folder", &info).ok());
    EXPECT_EQ(info.modified_ns, ns);
  }
}

TEST_F(Metadata, AttributesBecomeExactlyTheWanted) {
  tree_.Write("file", "");
  tree_.Mkdir("folder");
  const Dir folder = OpenDirAt(dir_, "folder").value();
  const File file = OpenFile(dir_, "file").value();  // open to read is enough
  const UserAttributes first = {{"a", "1"}, {"b", std::string("\0\xff", 2)}, {"empty", ""}};
  if (absl::IsUnimplemented(WriteUserAttributes(file, first))) GTEST_SKIP() << "none here";
  for (const Handle* handle :
       {static_cast<const Handle*>(&file), static_cast<const Handle*>(&folder)}) {
    ASSERT_TRUE(WriteUserAttributes(*handle, first).ok());
    EXPECT_EQ(ReadUserAttributes(*handle).value(), first);
    const UserAttributes second = {{"b", "changed"}, {"long", std::string(2000, 'x')}};
    ASSERT_TRUE(WriteUserAttributes(*handle, second).ok());
    EXPECT_EQ(ReadUserAttributes(*handle).value(), second);
    ASSERT_TRUE(WriteUserAttributes(*handle, {}).ok());
    EXPECT_TRUE(ReadUserAttributes(*handle)->empty());
  }
}

TEST_F(Metadata, AttributesAreThoseThatTheSystemShows) {
  tree_.Write("file", "");
  try {
    tree_.SetAttribute("file", "user.origin", "camera");
  } catch (const std::runtime_error& e) {
    GTEST_SKIP() << e.what();
  }
  EXPECT_EQ(ReadUserAttributes(*OpenFile(dir_, "file")).value(),
            (UserAttributes{{"origin", "camera"}}));
}

TEST_F(Metadata, AttributesTooLargeAreNotTakenForAFullDisk) {
  tree_.Write("file", "");
  const File file = OpenFile(dir_, "file").value();
  const absl::Status s = WriteUserAttributes(file, {{"huge", std::string(100'000, 'x')}});
  if (absl::IsUnimplemented(s)) GTEST_SKIP() << "none here";
  EXPECT_TRUE(absl::IsInvalidArgument(s)) << s;
}

}  // namespace
}  // namespace syncline::platform
