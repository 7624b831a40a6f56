// The libraries that other tests load do misbehave in the way their names say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "tests/support/scratch.h"
#include "tests/unit/sdk/fake_host.h"

namespace syncline::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string Path(const std::string& name) { return SYNCLINE_TEST_PROVIDERS "/" + name + ".so"; }

std::vector<std::string> Ids(const Ended& end) {
  std::vector<std::string> ids;
  for (const Seen& record : end.records) ids.push_back(record.id);
  return ids;
}

// A sanitizer takes the signal itself and exits with an error of its own.
#ifdef SYNCLINE_SANITIZED
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

bool DiedOf(int status, int signal) {
  if (kSanitized && WIFEXITED(status)) return WEXITSTATUS(status) != 0;
  return WIFSIGNALED(status) && WTERMSIG(status) == signal;
}

TEST(Misbehaving, CrashesOnLoad) {
  EXPECT_EXIT(
      Library library(Path("crash_on_load")), [](int status) { return DiedOf(status, SIGSEGV); },
      "");
}

TEST(Misbehaving, ThrowsOnLoadAndTakesTheProcessWithIt) {
  EXPECT_EXIT(
      {
        // Whether what a constructor throws gets through dlopen is the C library's choice.
        try {
          Library library(Path("throws_on_load"));
        } catch (...) {
          _exit(1);
        }
        _exit(0);
      },
      [](int status) { return !WIFEXITED(status) || WEXITSTATUS(status) != 0; }, "");
}

TEST(Misbehaving, HangsOnLoad) {
  EXPECT_EXIT(
      {
        alarm(1);
        Library library(Path("hang_on_load"));
        _exit(0);
      },
      [](int status) { return DiedOf(status, SIGALRM); }, "");
}

TEST(Misbehaving, HasNoEntryOrThatOfAnotherMajorVersion) {
  const Library ordinary(Path("no_provider"));
  EXPECT_EQ(ordinary.entry(), nullptr);
  EXPECT_NE(ordinary.Symbol("no_provider_answer"), nullptr);
  const Library two(Path("abi_two"));
  EXPECT_EQ(two.entry(), nullptr);
  const auto* entry = static_cast<const syncline_entry*>(two.Symbol("syncline_entry_2"));
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(entry->abi_major, 2);
}

TEST(Misbehaving, ManifestsAreJsonButForTheOneThatIsNot) {
  for (const auto& [path, id] :
       {std::pair<std::string, std::string>{SYNCLINE_SAMPLE "/notes.so", "notes"},
        {Path("print_on_load"), "printer"},
        {Path("unruly"), "unruly"},
        {Path("lines"), "lines"}}) {
    const Library library(path);
    ASSERT_NE(library.entry(), nullptr) << path;
    EXPECT_EQ(library.entry()->abi_major, SYNCLINE_ABI_MAJOR);
    EXPECT_EQ(library.entry()->struct_size, sizeof(syncline_entry));
    EXPECT_EQ(nlohmann::json::parse(Text(library.entry()->manifest)).at("id"), id);
  }
  const Library bad(Path("bad_manifest"));
  EXPECT_FALSE(nlohmann::json::accept(Text(bad.entry()->manifest)));
}

class Unruly : public ::testing::Test {
 protected:
  Unruly() : library_(Path("unruly")), folder_(temp_ / "place") {}

  Settings With(const std::string& key, const std::string& value) const {
    return {{"location", folder_.root()}, {key, value}};
  }
  Ended ListWith(const std::string& key, const std::string& value) {
    Instance instance(library_, With(key, value));
    EXPECT_EQ(instance.Open().status, SYNCLINE_OK);
    flags_ = instance.flags();
    return instance.Enumerate();
  }
  void ReadAndExit(const std::string& id) {
    Instance instance(library_, With("lie", "no"));
    instance.Open();
    instance.Read(id);
    _exit(17);
  }

  Library library_;
  TempDir temp_;
  Tree folder_;
  uint32_t flags_ = 0;
};

TEST_F(Unruly, ListsInTheOrderThatTheSettingsSay) {
  for (const char* name : {"a", "b", "c", "d"}) folder_.Write(name, name);
  EXPECT_THAT(Ids(ListWith("lie", "no")), ElementsAre("a", "b", "c", "d"));
  EXPECT_EQ(flags_, uint32_t{SYNCLINE_ORDERED});
  EXPECT_THAT(Ids(ListWith("lie", "yes")), ElementsAre("d", "c", "b", "a"));
  EXPECT_EQ(flags_, uint32_t{SYNCLINE_ORDERED});
  EXPECT_THAT(Ids(ListWith("unordered", "yes")), ElementsAre("d", "c", "b", "a"));
  EXPECT_EQ(flags_, 0u);
  EXPECT_THAT(Ids(ListWith("twice", "yes")), ElementsAre("a", "a", "b", "c", "d"));
  const Ended partial = ListWith("partial", "yes");
  EXPECT_EQ(partial.status, SYNCLINE_FAILED);
  EXPECT_THAT(Ids(partial), ElementsAre("a", "b"));
}

TEST_F(Unruly, MisbehavesOnOneSideOnlyWhenAsked) {
  for (const char* name : {"a", "b"}) folder_.Write(name, name);
  Settings settings = With("lie", "yes");
  settings["only_side"] = "b";
  Instance a(library_, settings);
  EXPECT_THAT(Ids(a.Enumerate()), ElementsAre("a", "b"));
  settings["side"] = "b";
  Instance b(library_, settings);
  EXPECT_THAT(Ids(b.Enumerate()), ElementsAre("b", "a"));
}

TEST_F(Unruly, FailsWithAnExplanationAndLeavesNothing) {
  folder_.Write("fail.txt", "text");
  Instance instance(library_, With("lie", "no"));
  ASSERT_EQ(instance.Open().status, SYNCLINE_OK);
  const Ended read = instance.Read("fail.txt");
  EXPECT_EQ(read.status, SYNCLINE_FAILED);
  EXPECT_THAT(read.summary, HasSubstr("fail.txt"));
  EXPECT_EQ(read.detail, "detail of the failure");
  const auto before = Snapshot(folder_.root());
  EXPECT_EQ(instance.Write({"", "fail 2.txt", ""}, {"text"}).status, SYNCLINE_FAILED);
  EXPECT_EQ(Snapshot(folder_.root()), before);
}

TEST_F(Unruly, IsSlowButHonoursCancelling) {
  folder_.Write("slow.txt", "0123456789");
  Instance instance(library_, With("lie", "no"));
  ASSERT_EQ(instance.Open().status, SYNCLINE_OK);
  const auto start = std::chrono::steady_clock::now();
  instance.Cancel(true);
  EXPECT_EQ(instance.Read("slow.txt").status, SYNCLINE_CANCELLED);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1));
  instance.Cancel(false);
  const Ended read = instance.Read("slow.txt");
  EXPECT_EQ(read.bytes, "0123456789");
  EXPECT_EQ(read.progress, 10u);
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
}

TEST_F(Unruly, EndsTheProcessInEveryWay) {
  const std::pair<const char*, int> deaths[] = {
      {"crash.txt", SIGSEGV}, {"kill.txt", SIGKILL}, {"abort.txt", SIGABRT}};
  for (const auto& [name, signal] : deaths) {
    folder_.Write(name, "text");
    EXPECT_EXIT(
        ReadAndExit(name), [expected = signal](int status) { return DiedOf(status, expected); }, "")
        << name;
  }
  folder_.Write("exit.txt", "text");
  EXPECT_EXIT(ReadAndExit("exit.txt"), ::testing::ExitedWithCode(0), "");
  folder_.Write("plain.txt", "text");
  EXPECT_EXIT(ReadAndExit("plain.txt"), ::testing::ExitedWithCode(17), "");
}

TEST_F(Unruly, CrashesInTheCallThatTheSettingsName) {
  const auto died = [](int status) { return DiedOf(status, SIGSEGV); };
  EXPECT_EXIT(ListWith("crash_in", "open"), died, "");
  EXPECT_EXIT(ListWith("crash_in", "enumerate"), died, "");
}

}  // namespace
}  // namespace syncline::testing
