// Folders brought in step through the command line: first sync, edits, deletes, moves, and what a
// folder can hold beside plain files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <set>

#include "tests/support/stage.h"

namespace syncline::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

ino_t InodeOf(const std::string& path) {
  struct stat info {};
  EXPECT_EQ(lstat(path.c_str(), &info), 0) << path;
  return info.st_ino;
}

class FolderSync : public ::testing::Test {
 protected:
  // Brings both sides in step, checks that they are, and that it is over.
  nlohmann::json SyncToTheEnd() {
    nlohmann::json item = stage_.Sync();
    EXPECT_EQ(All(stage_.a), All(stage_.b));
    ExpectNothingDone(stage_.Sync());
    return item;
  }

  Stage stage_;
  Tree& a_ = stage_.a;
  Tree& b_ = stage_.b;
};

TEST_F(FolderSync, TheFirstSyncCopiesBothWaysAndFindsWhatIsEqual) {
  a_.Write("only on A/deep/er/file", "a");
  b_.Write("only on B", "b");
  a_.Write("equal", "same");
  b_.Write("equal", "same");
  b_.SetMtime("equal", a_.Mtime("equal"));
  a_.Mkdir("empty");
  stage_.Add();
  const nlohmann::json item = SyncToTheEnd();
  EXPECT_EQ(item["created"], 6);
  EXPECT_EQ(item["adopted"], 1);
  EXPECT_EQ(b_.Read("only on A/deep/er/file"), "a");
  EXPECT_EQ(a_.Read("only on B"), "b");
  EXPECT_TRUE(b_.Exists("empty"));
}

TEST_F(FolderSync, EditsOfEitherSideReachTheOther) {
  a_.Write("a", "1");
  a_.Write("b", "1");
  a_.Write("same", "1");
  stage_.Add();
  SyncToTheEnd();
  a_.Write("a", "edited on A");
  b_.Append("b", " and more");
  a_.Write("same", "equal edit");
  b_.Write("same", "equal edit");
  b_.SetMtime("same", a_.Mtime("same"));
  const nlohmann::json item = SyncToTheEnd();
  EXPECT_EQ(item["updated"], 2);
  EXPECT_EQ(item["adopted"], 1);
  EXPECT_EQ(item["conflicts"], 0);
  EXPECT_EQ(b_.Read("a"), "edited on A");
  EXPECT_EQ(a_.Read("b"), "1 and more");
}

TEST_F(FolderSync, TimesPermissionsAndAttributesAreEdits) {
  a_.Write("time", "1");
  a_.Write("mode", "1");
  a_.Write("attribute", "1");
  a_.Mkdir("folder");
  stage_.Add();
  SyncToTheEnd();
  a_.SetMtime("time", 1'500'000'000'123'456'789);
  b_.Chmod("mode", 0600);
  a_.SetAttribute("attribute", "user.colour", "red");
  b_.SetAttribute("folder", "user.colour", "blue");
  b_.Chmod("folder", 0700);
  SyncToTheEnd();
  EXPECT_EQ(b_.Mtime("time"), 1'500'000'000'123'456'789);
  EXPECT_THAT(All(a_)["mode"], HasSubstr(" 600 "));
  EXPECT_THAT(All(b_)["attribute"], HasSubstr("user.colour='red'"));
  EXPECT_THAT(All(a_)["folder"], HasSubstr("folder 700 user.colour='blue'"));
}

TEST_F(FolderSync, DeletesOfEitherSideReachTheOther) {
  for (const char* path : {"a", "b", "both", "folder/x", "folder/y", "stays"}) a_.Write(path, path);
  stage_.Add();
  SyncToTheEnd();
  a_.Remove("a");
  b_.Remove("b");
  a_.Remove("both");
  b_.Remove("both");
  b_.Remove("folder");
  const nlohmann::json item = SyncToTheEnd();
  EXPECT_EQ(item["removed"], 6);
  EXPECT_EQ(All(a_).size(), 1u);
}

TEST_F(FolderSync, MovesOfFilesAndFoldersAreMovesAndCopyNothing) {
  a_.Write("photos/2020/1.jpg", std::string(5000, '1'));
  a_.Write("photos/2020/2.jpg", std::string(5000, '2'));
  a_.Write("letter", "dear");
  a_.Write("lower", "case");
  stage_.Add();
  SyncToTheEnd();
  const ino_t picture = InodeOf(b_.Path("photos/2020/1.jpg"));
  const ino_t letter = InodeOf(a_.Path("letter"));
  const ino_t lower = InodeOf(b_.Path("lower"));
  a_.Move("photos/2020", "old/holidays");
  b_.Move("letter", "letters/to ada");
  a_.Move("lower", "Lower");
  const nlohmann::json item = SyncToTheEnd();
  EXPECT_EQ(item["moved"], 3);
  EXPECT_EQ(item["bytes"], 0);
  EXPECT_EQ(InodeOf(b_.Path("old/holidays/1.jpg")), picture);
  EXPECT_EQ(InodeOf(a_.Path("letters/to ada")), letter);
  EXPECT_EQ(InodeOf(b_.Path("Lower")), lower);
}

TEST_F(FolderSync, AMoveAndAnEditOfTheOtherSideComeTogether) {
  a_.Write("folder/x", "1");
  a_.Write("folder/y", "1");
  stage_.Add();
  SyncToTheEnd();
  a_.Move("folder", "renamed");
  b_.Write("folder/x", "edited on B");
  b_.Write("folder/new", "new on B");
  SyncToTheEnd();
  EXPECT_EQ(a_.Read("renamed/x"), "edited on B");
  EXPECT_EQ(b_.Read("renamed/new"), "new on B");
  EXPECT_FALSE(b_.Exists("folder"));
}

TEST_F(FolderSync, AFileMayBecomeALinkOrAFolderAndBack) {
  a_.Write("to link", "1");
  a_.Write("to folder", "1");
  a_.Write("folder/inside", "1");
  stage_.Add();
  SyncToTheEnd();
  a_.Remove("to link");
  a_.Link("to link", "anywhere");
  b_.Remove("to folder");
  b_.Write("to folder/inside", "2");
  b_.SetAttribute("to folder", "user.colour", "green");
  a_.Remove("folder");
  a_.Write("folder", "a file now");
  SyncToTheEnd();
  EXPECT_EQ(a_.Read("to folder/inside"), "2");
  EXPECT_EQ(b_.Read("folder"), "a file now");
}

TEST_F(FolderSync, NamesAreBytesAndAreShownEscaped) {
  const std::string bad = "no utf\xff\nand a \x1b[31mcolour";
  a_.Write(bad, "1");
  a_.Write("\xc3\xa9t\xc3\xa9", "2");
  stage_.Add();
  const ProgramResult first = stage_.Run({"sync", "--progress=json", "Work"});
  EXPECT_EQ(first.exit_code, 0) << first;
  EXPECT_EQ(All(a_), All(b_));
  EXPECT_EQ(b_.Read(bad), "1");
  b_.Write(bad, "on B");
  a_.Write(bad, "on A");
  const ProgramResult second = stage_.Run({"sync"});
  EXPECT_EQ(second.exit_code, 3) << second;
  for (const ProgramResult& shown :
       {first, second, stage_.Run({"events"}), stage_.Run({"conflicts"}),
        stage_.Run({"events", "--json"}), stage_.Run({"conflicts", "--json"})}) {
    EXPECT_THAT(shown.out, Not(HasSubstr("\xff"))) << shown;
    EXPECT_THAT(shown.out, Not(HasSubstr("\x1b"))) << shown;
  }
  EXPECT_THAT(second.out, HasSubstr("no utf\\xFF\\nand a \\x1B[31mcolour"));
  EXPECT_THAT(stage_.Run({"events"}).out, HasSubstr("\xc3\xa9t\xc3\xa9"));
  // nlohmann's parser takes only valid UTF-8.
  EXPECT_EQ(stage_.Conflicts().size(), 1u);
  EXPECT_GT(stage_.Events().size(), 1u);
}

TEST_F(FolderSync, LinksSparseFilesAndHardLinksAreSynced) {
  a_.Link("dangling", "nowhere/at all");
  a_.Link("out", "/etc");
  a_.WriteSparse("sparse", 64 << 20, 32 << 20, "in the middle");
  a_.Write("one", "1");
  a_.HardLink("two", "one");
  stage_.Add();
  const nlohmann::json item = SyncToTheEnd();
  EXPECT_EQ(item["created"], 5);
  struct stat sparse {};
  ASSERT_EQ(stat(b_.Path("sparse").c_str(), &sparse), 0);
  EXPECT_LT(sparse.st_blocks, 1024) << "64 MiB with one line should stay sparse";
  EXPECT_THAT(stage_.Run({"events"}).out, HasSubstr("hardlinks=keep"));
}

TEST_F(FolderSync, HardLinksAreKeptWhenAsked) {
  a_.Write("one", "1");
  a_.HardLink("two", "one");
  stage_.Add({"--set", "hardlinks=keep"});
  SyncToTheEnd();
  EXPECT_EQ(InodeOf(b_.Path("one")), InodeOf(b_.Path("two")));
}

TEST_F(FolderSync, SocketsAndPipesAreLeftOutWithAnEvent) {
  a_.Write("file", "1");
  ASSERT_EQ(mkfifo(a_.Path("pipe").c_str(), 0600), 0);
  const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, a_.Path("socket").c_str(), sizeof(address.sun_path) - 1);
  ASSERT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  close(fd);
  stage_.Add();
  const nlohmann::json item = stage_.Sync();
  EXPECT_EQ(item["result"], "done");
  EXPECT_EQ(item["created"], 1);
  EXPECT_FALSE(b_.Exists("pipe"));
  EXPECT_FALSE(b_.Exists("socket"));
  const std::string events = stage_.Run({"events"}).out;
  EXPECT_THAT(events, HasSubstr("\"pipe\" is a socket, a pipe or a device"));
  EXPECT_THAT(events, HasSubstr("\"socket\" is a socket, a pipe or a device"));
}

}  // namespace
}  // namespace syncline::testing
