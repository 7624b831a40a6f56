// What an item may look like, and where the data folder is. The handler with real workers:
// tests/integration/worker.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "host/handler/data_folder.h"
#include "host/handler/handler.h"
#include "host/handler/item_rules.h"
#include "tests/support/scratch.h"

namespace syncline::handler {
namespace {

namespace fs = std::filesystem;

TEST(ItemId, IsMadeFromTheName) {
  EXPECT_TRUE(MakeItemId("My Notes!").starts_with("my-notes-"));
  EXPECT_EQ(MakeItemId("My Notes!").size(), std::string("my-notes-1a2b").size());
  EXPECT_TRUE(MakeItemId("日本").starts_with("item-"));
  std::set<std::string> ids;
  for (int i = 0; i < 20; ++i) ids.insert(MakeItemId("x"));
  EXPECT_GT(ids.size(), 15U);
}

RC_GTEST_PROP(ItemId, IsAlwaysValid, (const std::string& name)) {
  SyncItem item;
  item.name = "x";
  item.id = MakeItemId(name + std::string(*rc::gen::inRange<size_t>(0, 100), 'y'));
  RC_ASSERT(item.id.size() <= kMaxIdLength);
  RC_ASSERT(CheckWords(item).ok());
}

TEST(ItemWords, LimitsOfNames) {
  SyncItem item;
  item.name = std::string(kMaxNameLength, 'x');
  EXPECT_TRUE(CheckWords(item).ok());
  item.name += 'x';
  EXPECT_FALSE(CheckWords(item).ok());
  item.name = "Grüße 😀";
  EXPECT_TRUE(CheckWords(item).ok());
  for (const char* bad : {"", "a\tb", "bad\xff", " x", "x "}) {
    item.name = bad;
    EXPECT_TRUE(absl::IsInvalidArgument(CheckWords(item))) << bad;
  }
  item.name = "x";
  item.id = "Not An Id";
  EXPECT_FALSE(CheckWords(item).ok());
  item.id = "";
  item.filters = {"*.tmp", ""};
  EXPECT_FALSE(CheckWords(item).ok());
}

TEST(Words, ANameThatIsNotUtf8IsToldAsThat) {
  SyncItem item;
  item.name = "a\xff";
  EXPECT_EQ(CheckWords(item).message(), "The name \"a\\xFF\" is not UTF-8. Give one that is.");
  item.name = " a";
  EXPECT_NE(CheckWords(item).message().find("blanks"), std::string::npos);
}

TEST(Location, PathsBecomeAbsoluteAndUrlsStay) {
  EXPECT_EQ(*StoredLocation("A", "/a/b"), "/a/b");
  EXPECT_EQ(*StoredLocation("A", "https://example.org/x"), "https://example.org/x");
  EXPECT_TRUE(StoredLocation("A", "notes")->ends_with("/notes"));
  EXPECT_TRUE(StoredLocation("A", "odd://name/x")->starts_with("odd://"));
  EXPECT_TRUE(StoredLocation("A", "://x")->starts_with("/"));
  EXPECT_FALSE(StoredLocation("A", "").ok());
  EXPECT_FALSE(StoredLocation("A", std::string("a\0b", 3)).ok());
}

TEST(DataFolder, IsFoundInItsOrderAndKeptPrivate) {
  testing::TempDir temp;
  setenv("HOME", (temp / "home").c_str(), 1);
  unsetenv("XDG_DATA_HOME");
  unsetenv("SYNCLINE_HOME");
  EXPECT_EQ(*DataFolder(""), temp / "home/.local/share/syncline");
  setenv("XDG_DATA_HOME", "relative", 1);
  EXPECT_EQ(*DataFolder(""), temp / "home/.local/share/syncline");
  setenv("XDG_DATA_HOME", (temp / "xdg").c_str(), 1);
  EXPECT_EQ(*DataFolder(""), temp / "xdg/syncline");
  setenv("SYNCLINE_HOME", (temp / "own").c_str(), 1);
  EXPECT_EQ(*DataFolder(""), temp / "own");
  EXPECT_EQ(*DataFolder(temp / "given"), temp / "given");
  EXPECT_EQ(fs::status(temp / "given").permissions(), fs::perms(0700));
  testing::Tree(temp.path()).Write("file", "");
  const absl::Status status = DataFolder(temp / "file").status();
  EXPECT_NE(status.message().find("Set SYNCLINE_HOME"), std::string::npos) << status;
  unsetenv("SYNCLINE_HOME");
  unsetenv("XDG_DATA_HOME");
}

TEST(DataFolder, AWholeFolderIsRemovedAndLinksAreNotFollowed) {
  testing::TempDir temp;
  testing::Tree tree(temp.path());
  tree.Write("kept/file", "x");
  tree.Write("gone/deep/er/file", "x");
  tree.Link("gone/link", "../kept");
  EXPECT_TRUE(RemoveFolder(temp / "gone").ok());
  EXPECT_FALSE(tree.Exists("gone"));
  EXPECT_TRUE(tree.Exists("kept/file"));
  EXPECT_TRUE(RemoveFolder(temp / "gone").ok());
  EXPECT_TRUE(RemoveFolder(temp / "never/was").ok());
}

TEST(Handler, ADamagedOrNewerDatabaseIsRefusedWithASentence) {
  testing::TempDir temp;
  testing::Tree(temp.path()).Write("syncline.db", std::string(8192, 'x'));
  Handler::Options options;
  options.home = temp.path();
  EXPECT_TRUE(absl::IsDataLoss(Handler::Open(options).status()));
}

}  // namespace
}  // namespace syncline::handler
