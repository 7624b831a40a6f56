// The counters behind progress: what is done never falls and never exceeds what there is in all,
// over rounds, failures and threads.
#include "host/engine/monitor.h"

#include <gtest/gtest.h>

#include <thread>

namespace syncline::engine {
namespace {

class Silent : public Monitor {
 public:
  void AtWork(std::string_view, Side, std::string_view, std::string_view) override {}
  void Event(int, std::string_view, std::string_view, std::string_view) override {}
  void Log(int, std::string_view) override {}
  void Conflict(const ConflictReport&) override {}
  void Plan(const PlanLine&) override {}
};

TEST(Monitor, ARecordThatFailedHalfWrittenTakesNothingBack) {
  Silent monitor;
  monitor.StartApplying(2, 30);
  monitor.WithinRecord(8);
  EXPECT_EQ(monitor.Sample().bytes_done, 8U);
  monitor.RecordDone(0);  // it failed
  EXPECT_EQ(monitor.Sample().bytes_done, 8U);
  monitor.WithinRecord(5);
  EXPECT_EQ(monitor.Sample().bytes_done, 8U);
  monitor.RecordDone(20);
  EXPECT_EQ(monitor.Sample().bytes_done, 20U);
  EXPECT_EQ(monitor.Sample().records_done, 2U);
}

TEST(Monitor, ARecordThatGrewStaysWithinTheTotal) {
  Silent monitor;
  monitor.StartApplying(1, 10);
  monitor.WithinRecord(15);
  EXPECT_EQ(monitor.Sample().bytes_done, 10U);
}

TEST(Monitor, AFurtherRoundAddsToTheFirst) {
  Silent monitor;
  monitor.StartScan();
  monitor.records_scanned = 7;
  monitor.StartApplying(1, 10);
  monitor.RecordDone(10);
  monitor.StartScan();
  EXPECT_EQ(monitor.Sample().records_scanned, 0U);
  EXPECT_EQ(monitor.Sample().records_done, 1U);
  monitor.StartApplying(2, 5);
  monitor.RecordDone(2);
  const Monitor::Progress now = monitor.Sample();
  EXPECT_EQ(now.records_done, 2U);
  EXPECT_EQ(now.records_total, 3U);
  EXPECT_EQ(now.bytes_done, 12U);
  EXPECT_EQ(now.bytes_total, 15U);
}

TEST(Monitor, WhatIsReadDuringAScanIsNoProgressOfARecord) {
  Silent monitor;
  monitor.StartScan();
  monitor.WithinRecord(1000);
  EXPECT_EQ(monitor.Sample().bytes_done, 0U);
}

TEST(Monitor, EveryMomentIsConsistent) {
  Silent monitor;
  std::atomic<bool> over{false};
  std::thread applying([&] {
    for (int round = 0; round < 2000; ++round) {
      monitor.StartScan();
      monitor.StartApplying(5, 50);
      for (int i = 0; i < 5; ++i) {
        monitor.WithinRecord(7);
        monitor.RecordDone(10);
      }
    }
    over = true;
  });
  Monitor::Progress last = {};
  while (!over) {
    const Monitor::Progress now = monitor.Sample();
    ASSERT_LE(now.records_done, now.records_total);
    ASSERT_LE(now.bytes_done, now.bytes_total);
    ASSERT_GE(now.records_done, last.records_done);
    ASSERT_GE(now.bytes_done, last.bytes_done);
    last = now;
  }
  applying.join();
  EXPECT_EQ(monitor.Sample().bytes_done, 100'000U);
}

}  // namespace
}  // namespace syncline::engine
