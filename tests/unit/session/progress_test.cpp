// Rates, and the one stream of snapshots that a session shows.
#include <gtest/gtest.h>

#include <map>

#include "absl/synchronization/notification.h"
#include "host/session/progress_hub.h"
#include "host/session/rate.h"

namespace syncline::session {
namespace {

using State = ProgressSnapshot::State;
using protocol::Phase;
using protocol::Progress;
using protocol::Result;

TEST(Rate, IsRightFromTheFirstSecondAndFollowsChanges) {
  Rate rate;
  EXPECT_EQ(rate.PerSecond(), 0);
  for (int i = 0; i <= 10; ++i)
    rate.Add(static_cast<uint64_t>(i) * 10, absl::Milliseconds(100 * i));
  EXPECT_NEAR(rate.PerSecond(), 100, 1);
  EXPECT_NEAR(absl::ToDoubleSeconds(rate.TimeLeft(100, 300)), 2, 0.05);
  for (int i = 1; i <= 200; ++i) {
    rate.Add(100 + static_cast<uint64_t>(i), absl::Seconds(1) + absl::Milliseconds(100 * i));
  }
  EXPECT_NEAR(rate.PerSecond(), 10, 0.5);
}

TEST(Rate, TimeLeftIsOnlyToldWhenItIsKnown) {
  Rate rate;
  EXPECT_EQ(rate.TimeLeft(0, 0), absl::InfiniteDuration());
  EXPECT_EQ(rate.TimeLeft(0, 10), absl::InfiniteDuration());
  EXPECT_EQ(rate.TimeLeft(10, 10), absl::ZeroDuration());
  rate.Add(5, absl::Seconds(1));
  rate.Add(3, absl::Seconds(2));  // starts anew
  EXPECT_EQ(rate.PerSecond(), 0);
}

class Kept : public ProgressSink {
 public:
  CancelRequest OnProgress(const ProgressSnapshot& snapshot) override {
    EXPECT_FALSE(busy_.exchange(true)) << "called by two threads at once";
    snapshots[snapshot.item].push_back(snapshot);
    busy_ = false;
    return answer ? answer(snapshot) : CancelRequest::kNone;
  }
  std::map<std::string, std::vector<ProgressSnapshot>> snapshots;
  std::function<CancelRequest(const ProgressSnapshot&)> answer;

 private:
  std::atomic<bool> busy_ = false;
};

ItemReport ReportOf(const std::string& id, Result result) {
  ItemReport report;
  report.item = id;
  report.result = result;
  report.counts.created = 3;
  report.counts.bytes = 30;
  return report;
}

TEST(ProgressHub, AFloodOfReportsBecomesFewSnapshotsAndOneLast) {
  Kept sink;
  const absl::Time begin = absl::Now();
  {
    ProgressHub hub(&sink, nullptr, platform::Clock::Real());
    hub.AddItem("one", "One");
    hub.AddItem("two", "Two");
    std::vector<std::thread> threads;
    for (const char* id : {"one", "two"}) {
      threads.emplace_back([&hub, id] {
        for (uint64_t i = 0; i < 50'000; ++i) {
          Progress progress;
          progress.records_done = i;
          progress.records_total = 50'000;
          hub.Update(id, progress);
        }
        hub.Ended(ReportOf(id, Result::kDone));
        hub.Update(id, Progress{});  // too late
      });
    }
    for (std::thread& thread : threads) thread.join();
    hub.Finish(Result::kDone);
  }
  const double seconds = absl::ToDoubleSeconds(absl::Now() - begin);
  for (const char* id : {"one", "two", ""}) {
    const auto& all = sink.snapshots[id];
    ASSERT_FALSE(all.empty()) << id;
    EXPECT_LE(static_cast<double>(all.size()), 30 * seconds + 3) << id;
    for (size_t i = 0; i < all.size(); ++i) {
      EXPECT_EQ(all[i].state == State::kEnded, i + 1 == all.size()) << id << " " << i;
    }
  }
  const ProgressSnapshot& whole = sink.snapshots[""].back();
  EXPECT_EQ(whole.counts.created, 6U);
  EXPECT_EQ(whole.items_done, 2);
  EXPECT_EQ(whole.records_done, 100'000U);
}

TEST(ProgressHub, WhatALookSeesIsNotCountedAsDone) {
  Kept sink;
  absl::Notification scanned, applied;
  sink.answer = [&](const ProgressSnapshot& s) {
    if (s.item.empty() && s.phase == Phase::kScanning && !scanned.HasBeenNotified()) {
      scanned.Notify();
    }
    return CancelRequest::kNone;
  };
  ProgressHub hub(&sink, nullptr, platform::Clock::Real());
  hub.AddItem("one", "One");
  Progress progress;
  progress.phase = Phase::kScanning;
  progress.records_scanned = 400;
  hub.Update("one", progress);
  scanned.WaitForNotification();
  progress.phase = Phase::kApplying;
  progress.records_done = 3;
  progress.records_total = 200;
  hub.Update("one", progress);
  hub.Ended(ReportOf("one", Result::kDone));
  hub.Finish(Result::kDone);
  uint64_t done = 0;
  for (const ProgressSnapshot& s : sink.snapshots[""]) {
    EXPECT_GE(s.records_done, done);
    done = s.records_done;
    if (s.phase == Phase::kScanning) {
      EXPECT_EQ(s.records_scanned, 400U);
      EXPECT_EQ(s.records_done, 0U);
    }
  }
  EXPECT_EQ(done, 200U);
}

TEST(ProgressHub, TextIsCutBetweenLetters) {
  Kept sink;
  ProgressHub hub(&sink, nullptr, platform::Clock::Real());
  hub.AddItem("one", "One");
  Progress progress;
  progress.current = std::string(kMaxProgressText - 1, 'x') + "ü and more";
  hub.Update("one", progress);
  absl::SleepFor(absl::Milliseconds(100));
  hub.Finish(Result::kDone);
  EXPECT_EQ(sink.snapshots["one"].back().current, std::string(kMaxProgressText - 1, 'x'));
}

TEST(ProgressHub, TheSinksAnswerAndTheTokenCancel) {
  Kept sink;
  CancelToken token;
  ProgressHub hub(&sink, &token, platform::Clock::Real());
  sink.answer = [](const ProgressSnapshot& s) {
    return s.item == "one" ? CancelRequest::kItem : CancelRequest::kNone;
  };
  hub.AddItem("one", "One");
  hub.AddItem("two", "Two");
  hub.Update("one", Progress{});
  absl::SleepFor(absl::Milliseconds(150));
  EXPECT_TRUE(hub.IsCancelled("one"));
  EXPECT_FALSE(hub.IsCancelled("two"));
  token.CancelItem("TWO");
  EXPECT_TRUE(hub.IsCancelled("two"));
  EXPECT_FALSE(hub.IsAllCancelled());
  token.CancelAll();
  EXPECT_TRUE(hub.IsAllCancelled());
}

TEST(ProgressHub, WorksWithoutASink) {
  ProgressHub hub(nullptr, nullptr, platform::Clock::Real());
  hub.AddItem("one", "One");
  hub.Update("one", Progress{});
  hub.Ended(ReportOf("one", Result::kDone));
  hub.Finish(Result::kDone);
  EXPECT_FALSE(hub.IsCancelled("one"));
}

}  // namespace
}  // namespace syncline::session
