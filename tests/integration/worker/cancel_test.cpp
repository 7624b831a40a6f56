// Cancelling one item or everything works within a second, whatever the provider does.
#include <thread>

#include "tests/integration/worker/stage.h"

namespace syncline::testing {
namespace {

using protocol::Phase;

class Cancel : public Stage {
 protected:
  Cancel() { Install("unruly"); }
  static const ItemReport& Of(const SessionReport& report, const std::string& name) {
    for (const ItemReport& item : report.items) {
      if (item.name == name) return item;
    }
    throw std::runtime_error("no report of " + name);
  }
};

TEST_F(Cancel, OneItemEndsWithinASecondAndTheOthersGoOn) {
  Open();
  Add("Slow");
  Add("Other");
  Side("Slow", 'a').Write("slow.txt", "content");
  Side("Other", 'a').Write("slow.txt", "content");
  Watcher watcher;
  absl::Time asked = absl::InfiniteFuture(), ended = absl::InfiniteFuture();
  watcher.answer = [&](const ProgressSnapshot& s) {
    if (s.name != "Slow") return CancelRequest::kNone;
    if (s.state == ProgressSnapshot::State::kEnded) ended = absl::Now();
    if (s.phase != Phase::kApplying || s.current.empty()) return CancelRequest::kNone;
    asked = std::min(asked, absl::Now());
    return CancelRequest::kItem;
  };
  const SessionReport report = Sync({}, &watcher);
  EXPECT_EQ(Name(Of(report, "Slow").result), "cancelled");
  EXPECT_EQ(Name(Of(report, "Other").result), "done");
  EXPECT_LT(ended - asked, absl::Seconds(1));
  EXPECT_EQ(Name(report.result), "cancelled");
}

TEST_F(Cancel, AllItemsEndWithinASecondAlsoThoseThatWait) {
  Open(absl::Seconds(20), /*parallel=*/1);
  AddUnchecked(3);
  for (const char* name : {"Item 1", "Item 2", "Item 3"}) {
    Side(name, 'a').Write("slow.txt", "content");
  }
  CancelToken token;
  SyncOptions options;
  options.cancel = &token;
  absl::Time asked;
  std::thread canceller([&] {
    absl::SleepFor(absl::Milliseconds(500));
    asked = absl::Now();
    token.CancelAll();
  });
  Watcher watcher;
  const SessionReport report = Sync({}, &watcher, options);
  const absl::Time ended = absl::Now();
  canceller.join();
  EXPECT_LT(ended - asked, absl::Seconds(1));
  EXPECT_EQ(Name(report.result), "cancelled");
  ASSERT_EQ(report.items.size(), 3U);
  for (const ItemReport& item : report.items) EXPECT_EQ(Name(item.result), "cancelled");
  EXPECT_EQ(watcher.finals[""].size(), 1U);
  // The next, undisturbed sync goes on.
  Side("Item 1", 'a').Move("slow.txt", "quick.txt");
  EXPECT_EQ(Name(Sync({"Item 1"}).result), "done");
}

TEST_F(Cancel, AProviderThatDoesNotListenIsKilledAndNotBlamed) {
  Open();
  const SyncItem item = Add("Deaf");
  Side("Deaf", 'a').Write("hang.txt", "content");
  CancelToken token;
  SyncOptions options;
  options.cancel = &token;
  absl::Time asked;
  std::thread canceller([&] {
    absl::SleepFor(absl::Milliseconds(400));
    asked = absl::Now();
    token.CancelItem(item.id);
  });
  Watcher watcher;
  const SessionReport report = Sync({}, &watcher, options);
  const absl::Time ended = absl::Now();
  canceller.join();
  EXPECT_LT(ended - asked, absl::Seconds(1));
  EXPECT_EQ(Name(report.items.at(0).result), "cancelled");
  EXPECT_EQ(watcher.Find("provider-hung"), nullptr);
  EXPECT_EQ(watcher.Find("provider-crashed"), nullptr);
}

TEST_F(Cancel, WhatIsCancelledBeforeItBeginsStartsNothing) {
  Open();
  AddUnchecked(5);
  CancelToken token;
  token.CancelAll();
  SyncOptions options;
  options.cancel = &token;
  Watcher watcher;
  const SessionReport report = Sync({}, &watcher, options);
  EXPECT_EQ(Name(report.result), "cancelled");
  EXPECT_EQ(report.items.size(), 5U);
  EXPECT_EQ(watcher.finals.size(), 6U);
}

}  // namespace
}  // namespace syncline::testing
