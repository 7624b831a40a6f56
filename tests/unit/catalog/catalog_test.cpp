// What the catalog remembers and when it looks again, with a worker that only counts. The real
// worker and misbehaving libraries: tests/integration/worker/catalog_test.cpp.
#include "host/catalog/catalog.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "host/protocol/messages.h"
#include "sdk/platform/process.h"
#include "tests/support/scratch.h"

namespace syncline::catalog {
namespace {

TEST(LibraryCache, SaysWhereACopyCannotBeKeptAndWhatToDo) {
  testing::TempDir temp;
  testing::Tree(temp.path()).Write("file", "");
  const absl::Status status = LibraryCache(temp / "file/cache").Keep("0", "bytes").status();
  EXPECT_NE(status.message().find(temp / "file/cache"), std::string::npos) << status;
  EXPECT_NE(status.message().find("Check the owner and the permissions"), std::string::npos);
  const absl::Status full = CannotKeep("plug-ins", "/home/ada/.local/share/syncline/plugins",
                                       absl::ResourceExhaustedError("no space left on device"));
  EXPECT_EQ(full.message(),
            "Syncline cannot keep plug-ins in /home/ada/.local/share/syncline/plugins (no space "
            "left on device). Free some space on the disk that holds it, or set SYNCLINE_HOME to "
            "a folder on another disk.");
}

namespace fs = std::filesystem;

// Started again with this variable set, this program is the worker: it notes the probe in the file
// that the variable names and answers with the manifest beside it.
constexpr char kFakeWorker[] = "SYNCLINE_FAKE_WORKER";

const bool kServed = [] {
  const char* count = std::getenv(kFakeWorker);
  if (count == nullptr) return false;
  std::ofstream(count, std::ios::app) << "probe\n";
  std::ifstream manifest(std::string(count) + ".manifest");
  protocol::ProbeAnswer answer;
  answer.is_provider = true;
  answer.abi_major = 1;
  answer.manifest.assign(std::istreambuf_iterator<char>(manifest), {});
  const auto inherited = platform::InheritedChannel();
  _exit(inherited.ok() && protocol::MessageChannel(&*inherited).Send(answer).ok() ? 0 : 1);
}();

// The real clock, some time later.
class LaterClock : public platform::Clock {
 public:
  absl::Time Now() override { return Real()->Now() + later; }
  absl::Duration Monotonic() override { return Real()->Monotonic() + later; }
  void Sleep(absl::Duration d) override { slept += d; }
  absl::Duration later = absl::Hours(1), slept;
};

class CatalogTest : public ::testing::Test {
 protected:
  CatalogTest() : home_(temp_ / "home"), count_(temp_ / "probes") {
    fs::create_directories(home_);
    database_ = *storage::Database::Open(home_ + "/syncline.db", {.kind = "syncline"});
    setenv(kFakeWorker, count_.c_str(), 1);
    Say("one");
    Restart();
  }
  ~CatalogTest() override { unsetenv(kFakeWorker); }

  void Restart() {
    Catalog::Options options;
    options.home = home_;
    options.worker = *platform::ProgramPath();
    options.extra = {temp_ / "extra"};
    catalog_.emplace(options, &database_, &clock_);
  }
  void Say(const std::string& id) const {
    std::ofstream(count_ + ".manifest")
        << R"({"id": ")" << id << R"(", "name": "N", "version": "1"})";
  }
  int Probes() const {
    std::ifstream file(count_);
    return static_cast<int>(std::count(std::istreambuf_iterator<char>(file), {}, '\n'));
  }
  std::string Place(const std::string& name) const { return home_ + "/plugins/" + name + ".so"; }
  void Install(const std::string& name, const std::string& more = "") const {
    fs::create_directories(home_ + "/plugins");
    fs::copy_file(std::string(SYNCLINE_TEST_PROVIDERS) + "/unruly.so", Place(name),
                  fs::copy_options::overwrite_existing);
    fs::permissions(Place(name), fs::perms(0644));
    std::ofstream(Place(name), std::ios::app) << more;
  }
  Library One() {
    EXPECT_TRUE(catalog_->Refresh().ok());
    const std::vector<Library> all = catalog_->Libraries();
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? Library() : all[0];
  }

  testing::TempDir temp_;
  std::string home_, count_;
  LaterClock clock_;
  storage::Database database_;
  std::optional<Catalog> catalog_;
};

TEST_F(CatalogTest, AnUnchangedLibraryIsProbedOnceAlsoAfterARestart) {
  Install("one");
  EXPECT_EQ(One().state, "ready");
  EXPECT_EQ(One().provider, "one");
  Restart();
  EXPECT_EQ(One().state, "ready");
  EXPECT_EQ(Probes(), 1);
  auto found = catalog_->Find("ONE");
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_TRUE(fs::exists(found->library));
  EXPECT_EQ(fs::status(found->library).permissions(), fs::perms(0500));
}

TEST_F(CatalogTest, TheSameContentAgainIsNotProbedAgain) {
  Install("one");
  EXPECT_EQ(One().state, "ready");
  fs::last_write_time(Place("one"), fs::file_time_type::clock::now());
  EXPECT_EQ(One().state, "ready");
  Install("one");
  EXPECT_EQ(One().state, "ready");
  EXPECT_EQ(Probes(), 1);
}

TEST_F(CatalogTest, OtherContentIsProbed) {
  Install("one");
  EXPECT_EQ(One().provider, "one");
  const std::string before = catalog_->Find("one")->library;
  Say("two");
  Install("one", "more");
  EXPECT_EQ(One().provider, "two");
  EXPECT_EQ(Probes(), 2);
  EXPECT_NE(catalog_->Find("two")->library, before);
  EXPECT_TRUE(absl::IsNotFound(catalog_->Find("one").status()));
}

TEST_F(CatalogTest, AVanishedCopyIsMadeAgain) {
  Install("one");
  One();
  const std::string copy = catalog_->Find("one")->library;
  fs::remove(copy);
  EXPECT_EQ(One().state, "ready");
  EXPECT_TRUE(fs::exists(copy));
}

TEST_F(CatalogTest, CopiesThatNobodyNeedsGoAfterADay) {
  Install("one");
  One();
  const std::string before = catalog_->Find("one")->library;
  Install("one", "more");
  One();
  EXPECT_TRUE(fs::exists(before)) << "another process may just be about to start it";
  clock_.later = absl::Hours(25);
  Install("one", "even more");
  One();
  EXPECT_FALSE(fs::exists(before));
  EXPECT_TRUE(fs::exists(catalog_->Find("one")->library));
}

TEST_F(CatalogTest, AYoungFileIsWaitedForOnce) {
  clock_.later = absl::ZeroDuration();
  Install("one");
  Install("two");
  ASSERT_TRUE(catalog_->Refresh().ok());
  EXPECT_GT(clock_.slept, absl::Milliseconds(100));
  EXPECT_LE(clock_.slept, absl::Milliseconds(700));
  const absl::Duration slept = clock_.slept;
  ASSERT_TRUE(catalog_->Refresh().ok());
  EXPECT_EQ(clock_.slept, slept);
}

TEST_F(CatalogTest, HalfALibraryStaysIncompleteAfterHalfAMinute) {
  Install("one");
  fs::resize_file(Place("one"), 5000);
  clock_.later = absl::Seconds(10);
  EXPECT_EQ(One().state, "arriving");
  clock_.later = absl::Seconds(60);
  const Library library = One();
  EXPECT_EQ(library.state, "incompatible");
  EXPECT_EQ(library.reason, "it is incomplete: copy it again.");
  EXPECT_EQ(Probes(), 0);
}

TEST_F(CatalogTest, ABrokenUpdateIsStillThatProvidersLibrary) {
  Install("one");
  EXPECT_EQ(One().state, "ready");
  fs::resize_file(Place("one"), 5000);
  EXPECT_EQ(One().state, "incompatible");
  const absl::Status status = catalog_->Find("one").status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_NE(status.message().find("incomplete"), std::string::npos) << status;
}

TEST_F(CatalogTest, OfTwoFoldersTheFirstWins) {
  Install("one");
  fs::create_directories(temp_ / "extra");
  fs::copy_file(Place("one"), temp_ / "extra/one.so");
  ASSERT_TRUE(catalog_->Refresh().ok());
  const std::vector<Library> all = catalog_->Libraries();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].path, Place("one"));
  EXPECT_EQ(all[0].state, "ready");
  EXPECT_EQ(all[1].state, "incompatible");
  EXPECT_NE(all[1].reason.find(Place("one")), std::string::npos) << all[1].reason;
  EXPECT_EQ(catalog_->Find("one")->file, Place("one"));
}

TEST_F(CatalogTest, AManifestThatIsWrongSaysWhere) {
  Say("Not An Id");
  Install("one");
  const Library library = One();
  EXPECT_EQ(library.state, "incompatible");
  EXPECT_NE(library.reason.find("\"id\" must be made of"), std::string::npos) << library.reason;
}

TEST_F(CatalogTest, FailuresInARowQuarantineAndARetryLooksAgain) {
  Install("one");
  storage::LibraryTable table(&database_);
  const std::string hash = One().hash;
  for (int i = 0; i < kFailuresUntilQuarantine; ++i) {
    EXPECT_EQ(One().state, "ready");
    ASSERT_TRUE(table.AddFailure(hash, "crashed (signal 11)", 0).ok());
  }
  EXPECT_EQ(One().state, "quarantined");
  EXPECT_NE(One().reason.find("the last time it crashed (signal 11)"), std::string::npos);
  ASSERT_TRUE(catalog_->Retry("one").ok());
  EXPECT_EQ(One().state, "ready");
  EXPECT_EQ(Probes(), 2);
}

TEST(Folders, TheSearchPathIsSplitAndMadeAbsolute) {
  const std::vector<std::string> folders = SplitSearchPath("/a::/b/c:d");
  ASSERT_EQ(folders.size(), 3U);
  EXPECT_EQ(folders[0], "/a");
  EXPECT_EQ(folders[1], "/b/c");
  EXPECT_TRUE(folders[2].starts_with("/") && folders[2].ends_with("/d"));
}

TEST(Folders, BuiltInProvidersAreFoundInABuildAndInAnInstalledTree) {
  testing::TempDir temp;
  fs::create_directories(temp / "usr/bin");
  fs::create_directories(temp / "usr/lib/x86_64-linux-gnu/syncline/plugins");
  fs::create_directories(temp / "usr/lib64");
  const std::vector<std::string> folders = BuiltInFolders(temp / "usr/bin");
  const auto has = [&](const std::string& folder) {
    return std::find(folders.begin(), folders.end(), temp / folder) != folders.end();
  };
  EXPECT_TRUE(has("usr/bin/plugins"));
  EXPECT_TRUE(has("usr/lib/syncline/plugins"));
  EXPECT_TRUE(has("usr/lib/x86_64-linux-gnu/syncline/plugins"));
  EXPECT_TRUE(has("usr/lib64/syncline/plugins"));
}

}  // namespace
}  // namespace syncline::catalog
