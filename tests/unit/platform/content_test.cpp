// Reading, writing and copying content.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sdk/platform/file_system.h"
#include "tests/support/scratch.h"
#include "tests/unit/platform/child.h"

namespace syncline::platform {
namespace {

using testing::TempDir;
using testing::Tree;

std::string Pattern(size_t size) {
  std::string text(size, '\0');
  uint32_t x = 1;
  for (char& c : text) {
    x = x * 1664525 + 1013904223;
    c = static_cast<char>(x >> 24);
  }
  return text;
}

class Content : public ::testing::Test {
 protected:
  // Copies from to a new file "to" in the folder and says how it went.
  absl::Status CopyFrom(const Dir& from_dir, const std::string& name, const Dir& to_dir,
                        const CopyProgress& progress = nullptr) {
    const File from = OpenFile(from_dir, name).value();
    FileInfo info;
    if (absl::Status s = StatHandle(from, &info); !s.ok()) return s;
    const File to = CreateFile(to_dir, "to", 0600).value();
    return CopyContent(from, info, to, progress);
  }

  TempDir temp_;
  Tree tree_{temp_ / "t"};
  Dir dir_ = OpenDir(tree_.root()).value();
};

TEST_F(Content, OpenFileTakesPlainFilesOnly) {
  tree_.Write("file", "text");
  tree_.Link("link", "file");
  tree_.Mkdir("folder");
  ASSERT_EQ(mkfifo(tree_.Path("pipe").c_str(), 0600), 0);
  EXPECT_TRUE(OpenFile(dir_, "file").ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(OpenFile(dir_, "link").status()));
  EXPECT_TRUE(absl::IsFailedPrecondition(OpenFile(dir_, "folder").status()));
  EXPECT_TRUE(absl::IsFailedPrecondition(OpenFile(dir_, "pipe").status()));  // and does not hang
  EXPECT_TRUE(absl::IsFailedPrecondition(OpenFile(*OpenDir("/dev"), "null").status()));
  EXPECT_TRUE(absl::IsNotFound(OpenFile(dir_, "missing").status()));
}

TEST_F(Content, ReadAtReadsAnywhereAndLeavesThePlaceOfRead) {
  tree_.Write("file", "abcdefgh");
  const File file = OpenFile(dir_, "file").value();
  char buffer[4] = {};
  EXPECT_EQ(ReadAt(file, 5, buffer, 2).value(), 2u);
  EXPECT_EQ(std::string_view(buffer, 2), "fg");
  EXPECT_EQ(ReadAt(file, 6, buffer, 4).value(), 2u);  // fewer at the end
  EXPECT_EQ(ReadAt(file, 100, buffer, 4).value(), 0u);
  EXPECT_EQ(Read(file, buffer, 3).value(), 3u);
  EXPECT_EQ(std::string_view(buffer, 3), "abc");
}

TEST_F(Content, CreateFileNeverTakesWhatIsThere) {
  tree_.Write("file", "text");
  tree_.Link("dangling", "elsewhere");
  EXPECT_TRUE(absl::IsAlreadyExists(CreateFile(dir_, "file", 0600).status()));
  EXPECT_TRUE(absl::IsAlreadyExists(CreateFile(dir_, "dangling", 0600).status()));
  EXPECT_FALSE(tree_.Exists("elsewhere"));
  EXPECT_EQ(tree_.Read("file"), "text");
}

TEST_F(Content, WrittenBytesAreReadBack) {
  const std::string text = Pattern(300'000);
  {
    const File file = CreateFile(dir_, "file", 0600).value();
    ASSERT_TRUE(WriteAll(file, text.data(), text.size()).ok());
    ASSERT_TRUE(Flush(file).ok());
    ASSERT_TRUE(FlushFileSystem(dir_).ok());
  }
  const File file = OpenFile(dir_, "file").value();
  std::string got(text.size() + 1, '\0');
  size_t done = 0;
  while (size_t n = Read(file, &got[done], got.size() - done).value()) done += n;
  got.resize(done);
  EXPECT_EQ(got, text);
  EXPECT_FALSE(WriteAll(file, "x", 1).ok());
}

TEST_F(Content, DescriptorsAreNotInherited) {
  tree_.Write("file", "");
  const File file = OpenFile(dir_, "file").value();
  const File fresh = CreateFile(dir_, "fresh", 0600).value();
  for (const Handle* handle :
       {static_cast<const Handle*>(&file), static_cast<const Handle*>(&fresh),
        static_cast<const Handle*>(&dir_)}) {
    EXPECT_EQ(fcntl(static_cast<int>(handle->native()), F_GETFD), FD_CLOEXEC);
  }
}

TEST_F(Content, MovedHandlesCloseOnce) {
  File a = CreateFile(dir_, "a", 0600).value();
  const int fd = static_cast<int>(a.native());
  File b = std::move(a);
  EXPECT_FALSE(a.valid());  // NOLINT(bugprone-use-after-move): what a move leaves is the point
  b = File();
  EXPECT_EQ(fcntl(fd, F_GETFD), -1);
}

TEST_F(Content, CopiesEverySize) {
  for (const size_t size : {0, 1, 4096, 65536, 65537, 1 << 20, 40 << 20}) {
    const std::string text = Pattern(size);
    tree_.Write("from", text);
    uint64_t last = 0;
    ASSERT_TRUE(CopyFrom(dir_, "from", dir_, [&](uint64_t done) {
                  EXPECT_GE(done, last);
                  last = done;
                  return true;
                }).ok());
    EXPECT_TRUE(tree_.Read("to") == text) << size;
    EXPECT_EQ(last, size);
    tree_.Remove("to");
  }
}

TEST_F(Content, CopyIgnoresWhereTheSourceStands) {
  tree_.Write("from", "0123456789");
  const File from = OpenFile(dir_, "from").value();
  char skipped[4];
  ASSERT_TRUE(Read(from, skipped, 4).ok());
  FileInfo info;
  ASSERT_TRUE(StatHandle(from, &info).ok());
  ASSERT_TRUE(CopyContent(from, info, *CreateFile(dir_, "to", 0600), nullptr).ok());
  EXPECT_EQ(tree_.Read("to"), "0123456789");
}

TEST_F(Content, CopyStopsWhenProgressSaysSo) {
  tree_.Write("from", Pattern(40 << 20));
  int calls = 0;
  const absl::Status s = CopyFrom(dir_, "from", dir_, [&](uint64_t) { return ++calls < 2; });
  // A reflink has nothing left to stop.
  if (!s.ok()) {
    EXPECT_TRUE(absl::IsCancelled(s));
  }
  EXPECT_LE(calls, 2);
}

TEST_F(Content, CopyKeepsHoles) {
  // Data in the middle; the hole at the end is nothing but a length.
  tree_.WriteSparse("from", 64 << 20, 20 << 20, Pattern(100'000));
  ASSERT_TRUE(CopyFrom(dir_, "from", dir_).ok());
  FileInfo from;
  FileInfo to;
  ASSERT_TRUE(Stat(dir_, "from", &from).ok());
  if (from.allocated > 1 << 20) GTEST_SKIP() << "no sparse files here";
  ASSERT_TRUE(Stat(dir_, "to", &to).ok());
  EXPECT_EQ(to.size, from.size);
  EXPECT_LT(to.allocated, 1u << 20);
  EXPECT_TRUE(tree_.Read("to") == tree_.Read("from"));
}

TEST_F(Content, CopyOfNothingButAHole) {
  tree_.Write("from", "");
  ASSERT_EQ(truncate(tree_.Path("from").c_str(), 10 << 20), 0);
  ASSERT_TRUE(CopyFrom(dir_, "from", dir_).ok());
  FileInfo to;
  ASSERT_TRUE(Stat(dir_, "to", &to).ok());
  EXPECT_EQ(to.size, 10u << 20);
  EXPECT_EQ(to.allocated, 0u);
}

TEST_F(Content, CopyOfAFileThatShrankIsShorterAndNoError) {
  for (const size_t size : {1000, 10 << 20}) {
    tree_.Write("from", Pattern(size));
    const File from = OpenFile(dir_, "from").value();
    FileInfo info;
    ASSERT_TRUE(StatHandle(from, &info).ok());
    ASSERT_EQ(truncate(tree_.Path("from").c_str(), 500), 0);
    ASSERT_TRUE(CopyContent(from, info, *CreateFile(dir_, "to", 0600), nullptr).ok());
    EXPECT_EQ(tree_.Read("to"), Pattern(size).substr(0, 500));
    tree_.Remove("to");
  }
}

TEST_F(Content, CopyReadsFilesThatSayTheyAreEmpty) {
  ASSERT_TRUE(CopyFrom(*OpenDir("/proc/self"), "limits", dir_).ok());
  EXPECT_NE(tree_.Read("to").find("Max open files"), std::string::npos);
}

TEST_F(Content, CopyCrossesFileSystems) {
  const auto memory = OpenDir("/dev/shm");
  if (!memory.ok() || FileSystemId(*memory).value() == FileSystemId(dir_).value()) {
    GTEST_SKIP() << "only one file system here";
  }
  const std::string name = "syncline-test-" + std::to_string(ProcessId());
  tree_.WriteSparse("from", 8 << 20, 1 << 20, Pattern(3 << 20));
  const File from = OpenFile(dir_, "from").value();
  FileInfo info;
  ASSERT_TRUE(StatHandle(from, &info).ok());
  {
    const File to = CreateFile(*memory, name, 0600).value();
    EXPECT_TRUE(CopyContent(from, info, to, nullptr).ok());
  }
  EXPECT_TRUE(Tree("/dev/shm").Read(name) == tree_.Read("from"));
  EXPECT_TRUE(absl::IsUnimplemented(Rename(*memory, name, dir_, "moved", Replace::kNever)));
  EXPECT_TRUE(absl::IsUnimplemented(MakeHardLink(*memory, name, dir_, "linked")));
  EXPECT_TRUE(RemoveFile(*memory, name).ok());
}

TEST_F(Content, CopyGoesThroughABufferWhereTheKernelDoesNotCopy) {
  tree_.WriteSparse("from", 8 << 20, 1 << 20, Pattern(3 << 20));
  const testing::ProgramResult r = RunChild("old copy", tree_.root());
  if (r.exit_code == 77) GTEST_SKIP() << "system calls cannot be filtered here";
  EXPECT_EQ(r.exit_code, 0) << r;
  EXPECT_TRUE(tree_.Read("to") == tree_.Read("from"));
}

TEST_F(Content, TruncateSetsTheLength) {
  const File file = CreateFile(dir_, "file", 0600).value();
  ASSERT_TRUE(Truncate(file, 1000).ok());
  FileInfo info;
  ASSERT_TRUE(StatHandle(file, &info).ok());
  EXPECT_EQ(info.size, 1000u);
}

}  // namespace
}  // namespace syncline::platform
