// Workers that crash, are killed, end or hang: their item fails and says why, the others finish.
#include <filesystem>

#include "storage/main_store.h"
#include "tests/integration/worker/stage.h"

namespace syncline::testing {
namespace {

class Harm : public Stage {
 protected:
  Harm() { Install("unruly"); }

  const ItemReport& Of(const SessionReport& report, const std::string& name) {
    for (const ItemReport& item : report.items) {
      if (item.name == name) return item;
    }
    static const ItemReport kNone;
    ADD_FAILURE() << "no report of " << name;
    return kNone;
  }
};

class EndsOfAWorker : public Harm,
                      public ::testing::WithParamInterface<std::pair<const char*, const char*>> {};

TEST_P(EndsOfAWorker, FailTheirItemAndNameTheRecordWhileOthersFinish) {
  const auto [record, how] = GetParam();
  Open(absl::Seconds(4));
  Add("Bad");
  Add("Good");
  Side("Bad", 'a').Write(record, "content");
  Side("Good", 'a').Write("fine.txt", "content");
  Watcher watcher;
  const SessionReport report = Sync({}, &watcher);
  EXPECT_EQ(Name(report.result), "failed");
  EXPECT_EQ(Name(Of(report, "Good").result), "done");
  EXPECT_EQ(Side("Good", 'b').Read("fine.txt"), "content");

  const ItemReport& bad = Of(report, "Bad");
  EXPECT_EQ(Name(bad.result), "failed");
  for (const std::string part : {"unruly", how, record}) {
    EXPECT_NE(bad.message.find(part), std::string::npos) << part << " in: " << bad.message;
  }
  const bool hung = std::string_view(record).starts_with("hang");
  const EventInfo* event = watcher.Find(hung ? "provider-hung" : "provider-crashed");
  ASSERT_NE(event, nullptr);
  EXPECT_EQ(event->level, "error");
  EXPECT_EQ(event->provider, "unruly");
  EXPECT_EQ(event->item, bad.item);
  EXPECT_EQ(event->text, bad.message);
  EXPECT_NE(event->record.find(record), std::string::npos);
  auto again = handler_->Event(event->guid);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->id, event->id);
  EXPECT_EQ(again->text, event->text);
  EXPECT_FALSE(Side("Bad", 'b').Exists(record));
  EXPECT_EQ(Side("Bad", 'a').Read(record), "content");
}

INSTANTIATE_TEST_SUITE_P(All, EndsOfAWorker,
                         ::testing::Values(std::pair("crash.txt", "signal 11"),
                                           std::pair("kill.txt", "signal 9"),
                                           std::pair("abort.txt", "signal 6"),
                                           std::pair("exit.txt", "exit code 0"),
                                           std::pair("hang.txt", "did nothing for 4s")));

TEST_F(Harm, ARecordAtWorkInTwoCrashesIsLeftOutAndTheRestGoesOn) {
  Open();
  const SyncItem item = Add("Mixed");
  Side("Mixed", 'a').Write("crash.txt", "content");
  Side("Mixed", 'a').Write("zz.txt", "after it");
  EXPECT_EQ(Name(Sync().result), "failed");
  EXPECT_EQ(Name(Sync().result), "failed");
  Watcher watcher;
  const SessionReport third = Sync({}, &watcher);
  EXPECT_EQ(Name(third.result), "partial") << third.items.at(0).message;
  const EventInfo* left_out = watcher.Find("left-out");
  ASSERT_NE(left_out, nullptr);
  EXPECT_NE(left_out->record.find("crash.txt"), std::string::npos) << left_out->record;
  EXPECT_EQ(Side("Mixed", 'b').Read("zz.txt"), "after it");
  EXPECT_FALSE(Side("Mixed", 'b').Exists("crash.txt"));
  // It stays left out, and the provider's crashes before do not count any more.
  EXPECT_EQ(Name(Sync().result), "partial");
  EXPECT_EQ(Provider("unruly").state, "ready");
}

TEST_F(Harm, ThreeFailuresInARowQuarantineUntilRetried) {
  Open();
  Add("Bad", "unruly", {{"crash_in", "enumerate"}});
  Watcher watcher;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(watcher.Find("provider-quarantined"), nullptr) << i;
    EXPECT_EQ(Provider("unruly").state, "ready") << i;
    watcher = Watcher();
    EXPECT_EQ(Name(Sync({}, &watcher).result), "failed");
  }
  EXPECT_NE(watcher.Find("provider-quarantined"), nullptr);
  const ProviderInfo info = Provider("unruly");
  EXPECT_EQ(info.state, "quarantined");
  EXPECT_NE(info.reason.find("3 times in a row"), std::string::npos) << info.reason;
  EXPECT_NE(info.reason.find("syncline providers --retry unruly"), std::string::npos);
  const SessionReport report = Sync();
  EXPECT_NE(report.items.at(0).message.find("quarantined"), std::string::npos);
  EXPECT_TRUE(handler_->RetryProvider("UNRULY").ok());
  EXPECT_EQ(Provider("unruly").state, "ready");
}

TEST_F(Harm, AGoodSessionClearsTheCount) {
  Open();
  Add("Bad", "unruly", {{"crash_in", "enumerate"}});
  Add("Good");
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(Name(Sync({"Bad"}).result), "failed");
    EXPECT_EQ(Name(Sync({"Good"}).result), "done");
  }
  EXPECT_EQ(Provider("unruly").state, "ready");
}

TEST_F(Harm, ACrashWhileAnItemIsAddedIsToldAndStoresNothing) {
  Open();
  SyncItem item;
  item.name = "Bad";
  item.provider = "unruly";
  item.location_a = Side("Bad", 'a').root();
  item.location_b = Side("Bad", 'b').root();
  item.settings = {{"crash_in", "open"}};
  auto added = handler_->AddItem(item);
  ASSERT_FALSE(added.ok());
  EXPECT_NE(added.status().message().find("crashed (signal 11"), std::string::npos)
      << added.status();
  EXPECT_TRUE(handler_->Items()->empty());
}

TEST_F(Harm, AMissingWorkerProgramIsToldOnce) {
  Handler::Options options;
  options.home = home_;
  options.worker = temp_ / "no-such-worker";
  auto handler = Handler::Open(options);
  ASSERT_TRUE(handler.ok());
  auto providers = (*handler)->Providers();
  ASSERT_FALSE(providers.ok());
  EXPECT_NE(providers.status().message().find("no-such-worker"), std::string::npos);
}

}  // namespace
}  // namespace syncline::testing
