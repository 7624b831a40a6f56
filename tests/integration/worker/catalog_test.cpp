// Every state of a provider library, with real libraries built to misbehave.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/integration/worker/stage.h"

namespace syncline::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::Test;

class Catalog : public Stage {
 protected:
  // The only listed library that is the user's; empty state when there is none.
  ProviderInfo TheLibrary() {
    auto all = handler_->Providers();
    EXPECT_TRUE(all.ok()) << all.status();
    ProviderInfo found;
    for (const ProviderInfo& info : *all) {
      if (info.file.starts_with(home_)) found = info;
    }
    return found;
  }
  static std::string Bytes(const std::string& name) {
    std::ifstream file(std::string(SYNCLINE_TEST_PROVIDERS) + "/" + name + ".so", std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void Put(const std::string& name, std::string_view bytes) const {
    fs::create_directories(home_ + "/plugins");
    std::ofstream(Installed(name), std::ios::binary) << bytes;
  }
};

TEST_F(Catalog, ALibraryDroppedInIsUsableWithoutARestartAndMissedWhenItGoes) {
  Open();
  EXPECT_EQ(TheLibrary().state, "");
  Install("unruly");
  const ProviderInfo info = TheLibrary();
  EXPECT_EQ(info.state, "ready") << info.reason;
  EXPECT_EQ(info.id, "unruly");
  EXPECT_EQ(info.name, "Unruly");
  EXPECT_EQ(info.version, "1.0.0");
  EXPECT_FALSE(info.settings.empty());

  const SyncItem item = Add("Notes");
  Side("Notes", 'a').Write("x.txt", "x");
  EXPECT_EQ(Name(Sync().result), "done");

  fs::remove(Installed("unruly"));
  EXPECT_EQ(TheLibrary().state, "");
  auto missed = handler_->Item(item.id);
  ASSERT_TRUE(missed.ok());
  EXPECT_NE(missed->provider_problem.find("is not installed"), std::string::npos);
  EXPECT_NE(missed->provider_problem.find(home_ + "/plugins"), std::string::npos);
  const SessionReport without = Sync();
  EXPECT_EQ(Name(without.result), "failed");
  EXPECT_EQ(without.items.at(0).message, missed->provider_problem);

  Install("unruly");
  const SessionReport back = Sync();
  EXPECT_EQ(Name(back.result), "done");
  EXPECT_EQ(back.items.at(0).counts.unchanged, 1U) << "its state was kept";
}

TEST_F(Catalog, FilesThatAreNoProviderAreIgnored) {
  Open();
  Put("x", "This is a text.\n");
  EXPECT_EQ(TheLibrary().state, "");
  Install("no_provider");
  EXPECT_EQ(TheLibrary().state, "");
  Put("notes.txt", "not even named like one");
  EXPECT_EQ(TheLibrary().state, "");
}

TEST_F(Catalog, HalfACopyIsArrivingUntilTheRestComes) {
  Open();
  const std::string bytes = Bytes("unruly");
  for (const size_t length : {size_t{0}, size_t{3}, size_t{60}, size_t{1000}, bytes.size() - 1}) {
    Put("unruly", bytes.substr(0, length));
    EXPECT_EQ(TheLibrary().state, "arriving") << length;
  }
  EXPECT_NE(TheLibrary().reason.find("not arrived completely"), std::string::npos);
  Put("unruly", bytes);
  EXPECT_EQ(TheLibrary().state, "ready");
}

TEST_F(Catalog, AFileThatIsStillBeingWrittenIsArriving) {
  Open();
  const std::string bytes = Bytes("unruly");
  std::atomic<bool> stop = false;
  Put("unruly", bytes);
  std::thread writer([&] {
    while (!stop) {
      Put("unruly", bytes);
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  });
  EXPECT_EQ(TheLibrary().state, "arriving");
  stop = true;
  writer.join();
  EXPECT_EQ(TheLibrary().state, "ready");
}

TEST_F(Catalog, ALibraryThatOthersMayWriteIsRefusedWithTheRemedy) {
  Open();
  Install("unruly");
  ::chmod(Installed("unruly").c_str(), 0666);
  ProviderInfo info = TheLibrary();
  EXPECT_EQ(info.state, "incompatible");
  EXPECT_NE(info.reason.find("chmod go-w " + Installed("unruly")), std::string::npos)
      << info.reason;
  ::chmod(Installed("unruly").c_str(), 0644);
  EXPECT_EQ(TheLibrary().state, "ready");

  const std::string folder = home_ + "/plugins";
  ::chmod(folder.c_str(), 0777);
  info = TheLibrary();
  EXPECT_EQ(info.state, "incompatible");
  EXPECT_NE(info.reason.find("chmod go-w " + folder), std::string::npos) << info.reason;
  ::chmod(folder.c_str(), 0700);
  EXPECT_EQ(TheLibrary().state, "ready");
}

TEST_F(Catalog, ALinkThatLeadsOutOfTheFolderIsRefused) {
  Open();
  Install("unruly");
  fs::rename(Installed("unruly"), temp_ / "elsewhere.so");
  fs::create_symlink(temp_ / "elsewhere.so", Installed("unruly"));
  EXPECT_EQ(TheLibrary().state, "incompatible");
  EXPECT_NE(TheLibrary().reason.find("leads out of its folder"), std::string::npos);

  fs::remove(Installed("unruly"));
  fs::rename(temp_ / "elsewhere.so", home_ + "/plugins/unruly.so.1");
  fs::create_symlink("unruly.so.1", Installed("unruly"));
  EXPECT_EQ(TheLibrary().state, "ready");
}

TEST_F(Catalog, ACrashWhileLoadingQuarantinesUntilTheFileChanges) {
  Open();
  Install("crash_on_load");
  ProviderInfo info = TheLibrary();
  EXPECT_EQ(info.state, "quarantined");
  EXPECT_NE(info.reason.find("crashed while loading: signal 11"), std::string::npos) << info.reason;
  EXPECT_NE(info.reason.find("--retry"), std::string::npos) << info.reason;
  EXPECT_TRUE(handler_->RetryProvider(info.file).ok());
  EXPECT_EQ(TheLibrary().state, "quarantined");
  EXPECT_TRUE(absl::IsNotFound(handler_->RetryProvider("nobody")));
  Put("crash_on_load", Bytes("unruly"));
  EXPECT_EQ(TheLibrary().state, "ready");
}

TEST_F(Catalog, AHangWhileLoadingQuarantines) {
  Open(absl::Seconds(4));
  Install("hang_on_load");
  const ProviderInfo info = TheLibrary();
  EXPECT_EQ(info.state, "quarantined");
  EXPECT_NE(info.reason.find("hung while loading"), std::string::npos) << info.reason;
}

TEST_F(Catalog, AnExceptionWhileLoadingQuarantinesAndItsWordsAreKept) {
  Open();
  Install("throws_on_load");
  const ProviderInfo info = TheLibrary();
  EXPECT_EQ(info.state, "quarantined");
  EXPECT_NE(info.reason.find("terminate called"), std::string::npos) << info.reason;
}

TEST_F(Catalog, WhatALibraryPrintsDoesNoHarm) {
  Open();
  Install("print_on_load");
  EXPECT_EQ(TheLibrary().state, "ready") << TheLibrary().reason;
}

TEST_F(Catalog, AnotherMajorVersionIsIncompatible) {
  Open();
  Install("abi_two");
  const ProviderInfo info = TheLibrary();
  EXPECT_EQ(info.state, "incompatible");
  EXPECT_NE(info.reason.find("version 2 of the plug-in interface"), std::string::npos)
      << info.reason;
}

TEST_F(Catalog, ABadManifestIsIncompatible) {
  Open();
  Install("bad_manifest");
  const ProviderInfo info = TheLibrary();
  EXPECT_EQ(info.state, "incompatible");
  EXPECT_NE(info.reason.find("its manifest is wrong"), std::string::npos) << info.reason;
}

TEST_F(Catalog, OfTwoLibrariesWithOneIdTheFirstWins) {
  Open();
  Install("unruly");
  Put("zz_second", Bytes("unruly"));
  EXPECT_EQ(Provider("unruly").file, Installed("unruly"));
  EXPECT_EQ(TheLibrary().file, Installed("zz_second"));
  EXPECT_EQ(TheLibrary().state, "incompatible");
  EXPECT_NE(TheLibrary().reason.find(Installed("unruly")), std::string::npos);
  fs::remove(Installed("unruly"));
  EXPECT_EQ(TheLibrary().state, "ready");
}

TEST_F(Catalog, ALibraryMayBeOverwrittenInPlaceWhileItIsInUse) {
  Install("unruly");
  Open();
  Add("Slow");
  Side("Slow", 'a').Write("slow.txt", "content");
  Watcher watcher;
  bool overwritten = false;
  watcher.answer = [&](const ProgressSnapshot& s) {
    if (s.phase != protocol::Phase::kApplying || s.current.empty()) return CancelRequest::kNone;
    if (!overwritten) Put("unruly", std::string(100'000, 'x'));
    overwritten = true;
    return s.bytes_done > 3 ? CancelRequest::kAll : CancelRequest::kNone;
  };
  const SessionReport report = Sync({}, &watcher);
  EXPECT_TRUE(overwritten);
  EXPECT_EQ(Name(report.result), "cancelled") << report.items.at(0).message;
}

}  // namespace
}  // namespace syncline::testing
