// Exchanging a file while somebody else writes to it.
#include "plugins/record_files/content.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/scratch.h"
#include "tests/unit/record_files/toy.h"

namespace syncline::record_files {
namespace {

namespace fs = std::filesystem;
using platform::FileInfo;
using record_files_test::Get;
using record_files_test::Names;
using record_files_test::Put;
using syncline::testing::TempDir;
using Strings = std::vector<std::string>;

TEST(Exchange, TakesThePlaceOfWhatIsExpected) {
  TempDir temp;
  const platform::Dir dir = *platform::OpenDir(temp.path());
  Put(temp / "new", "new");
  Put(temp / "file", "old");
  const absl::StatusOr<bool> done =
      Exchange(dir, "new", "file", [](const std::string&, const FileInfo&) { return true; });
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_TRUE(*done);
  EXPECT_EQ(Get(temp / "file"), "new");
  EXPECT_EQ(Names(temp.path()), Strings{"file"});
}

TEST(Exchange, LeavesWhatIsNotExpected) {
  TempDir temp;
  const platform::Dir dir = *platform::OpenDir(temp.path());
  Put(temp / "new", "new");
  Put(temp / "file", "old");
  const auto refuse = [](const std::string&, const FileInfo&) { return false; };
  EXPECT_EQ(*Exchange(dir, "new", "file", refuse), false);
  EXPECT_EQ(*Exchange(dir, "new", "none", refuse), false);
  EXPECT_EQ(Get(temp / "file"), "old");
  EXPECT_EQ(Get(temp / "new"), "new");
  EXPECT_EQ(Names(temp.path()), (Strings{"file", "new"}));
}

TEST(Exchange, AnEditAtTheLastMomentComesBack) {
  TempDir temp;
  const platform::Dir dir = *platform::OpenDir(temp.path());
  Put(temp / "new", "new");
  Put(temp / "file", "old");
  FileInfo listed;
  ASSERT_TRUE(platform::Stat(dir, "file", &listed).ok());
  const absl::StatusOr<bool> done =
      Exchange(dir, "new", "file", [&](const std::string& name, const FileInfo& info) {
        const bool expected = info.size == listed.size;
        // Between this look and the exchange.
        if (name == "file") Put(temp / "file", "edited just now");
        return expected;
      });
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_FALSE(*done);
  EXPECT_EQ(Get(temp / "file"), "edited just now");
  EXPECT_EQ(Get(temp / "new"), "new");
}

TEST(WriteFile, KeepsPermissionsAndAttributesOfWhatItReplaces) {
  TempDir temp;
  const platform::Dir dir = *platform::OpenDir(temp.path());
  Put(temp / "file", "old");
  fs::permissions(temp / "file", fs::perms(0604));
  const platform::File file = *platform::OpenFile(dir, "file");
  const platform::UserAttributes attributes = {{"tag", "red"}};
  const bool kept_here = platform::WriteUserAttributes(file, attributes).ok();
  FileInfo info;
  ASSERT_TRUE(platform::StatHandle(file, &info).ok());
  ASSERT_TRUE(WriteFile(dir, "new", "new", &info, "file").ok());
  EXPECT_EQ(Get(temp / "new"), "new");
  EXPECT_EQ(fs::status(temp / "new").permissions(), fs::perms(0604));
  const platform::File written = *platform::OpenFile(dir, "new");
  EXPECT_EQ(*platform::ReadUserAttributes(written),
            kept_here ? attributes : platform::UserAttributes());
}

TEST(ReadBytes, GivesTheWholeFileOrSaysThatItIsTooLarge) {
  TempDir temp;
  const platform::Dir dir = *platform::OpenDir(temp.path());
  Put(temp / "empty", "");
  Put(temp / "ten", "0123456789");
  EXPECT_EQ(ReadBytes(dir, "empty", 0)->bytes, "");
  EXPECT_EQ(ReadBytes(dir, "ten", 10)->bytes, "0123456789");
  EXPECT_TRUE(absl::IsOutOfRange(ReadBytes(dir, "ten", 9).status()));
  EXPECT_TRUE(absl::IsNotFound(ReadBytes(dir, "none", 9).status()));
}

}  // namespace
}  // namespace syncline::record_files
