// One worker's life, with a worker that does what the test says.
#include "host/session/worker_run.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/scratch.h"
#include "tests/unit/session/fake_worker.h"

namespace syncline::session {
namespace {

using End = WorkerOutcome::End;
using protocol::Result;

class Heard : public WorkerListener {
 public:
  void OnProgress(const protocol::Progress&) override { ++progress; }
  void OnEvents(protocol::Events e) override { events += static_cast<int>(e.events.size()); }
  void OnConflict(protocol::Conflict) override { ++conflicts; }
  bool IsCancelled() override { return absl::Now() >= cancel_at; }
  int progress = 0, events = 0, conflicts = 0;
  absl::Time cancel_at = absl::InfiniteFuture();
};

class WorkerRunTest : public ::testing::Test {
 protected:
  WorkerRunTest() {
    start_.provider = "notes";
    start_.folder = temp_.path();
    limits_.hang = absl::Milliseconds(300);
    limits_.hang_grace = absl::Milliseconds(300);
  }
  WorkerOutcome Run(const std::string& what) {
    start_.location_a = what;
    const absl::Time begin = absl::Now();
    WorkerOutcome outcome =
        RunWorker(worker_.path(), start_, limits_, &heard_, platform::Clock::Real());
    took_ = absl::Now() - begin;
    text_ = Describe(outcome, start_);
    return outcome;
  }

  testing::TempDir temp_;
  FakeWorker worker_;
  protocol::Start start_;
  WorkerLimits limits_;
  Heard heard_;
  absl::Duration took_;
  std::string text_;
};

TEST_F(WorkerRunTest, EverythingItSaysIsHeard) {
  const WorkerOutcome outcome = Run("done");
  EXPECT_EQ(outcome.end, End::kDone);
  EXPECT_EQ(outcome.done.result, Result::kDone);
  EXPECT_EQ(outcome.done.counts.created, 2U);
  EXPECT_EQ(heard_.progress, 3);
  EXPECT_EQ(heard_.events, 1);
  EXPECT_EQ(text_, "");
  Run("conflicts");
  EXPECT_EQ(heard_.conflicts, 1);
}

TEST_F(WorkerRunTest, ACrashTellsSignalAndRecord) {
  const WorkerOutcome outcome = Run("crash");
  EXPECT_EQ(outcome.end, End::kCrashed);
  EXPECT_EQ(outcome.done.result, Result::kFailed);
  EXPECT_EQ(outcome.operation, "write");
  EXPECT_EQ(outcome.record, "b:x");
  EXPECT_NE(text_.find("The provider notes crashed (signal 11"), std::string::npos) << text_;
  EXPECT_NE(text_.find("write x on side B"), std::string::npos) << text_;
  // The note is used up: the next crash is not blamed on the same record.
  EXPECT_EQ(Run("exit").record, "");
}

TEST_F(WorkerRunTest, LastWordsAreKeptAndEscaped) {
  Run("print");
  EXPECT_NE(text_.find("It printed: first line / last words\\x1B[31m"), std::string::npos) << text_;
}

TEST_F(WorkerRunTest, EndingWithoutAWordIsAFailure) {
  EXPECT_EQ(Run("exit").end, End::kCrashed);
  EXPECT_NE(text_.find("exit code 0"), std::string::npos) << text_;
}

TEST_F(WorkerRunTest, NonsenseIsAFailureAndEndsIt) {
  EXPECT_EQ(Run("nonsense").end, End::kCrashed);
  EXPECT_NE(text_.find("damaged"), std::string::npos) << text_;
  EXPECT_LT(took_, absl::Seconds(3));
}

TEST_F(WorkerRunTest, SilenceIsAHangAlsoWhenItListens) {
  const WorkerOutcome outcome = Run("silent");
  EXPECT_EQ(outcome.end, End::kHung);
  EXPECT_EQ(outcome.done.result, Result::kFailed);
  EXPECT_NE(text_.find("did nothing for 300ms"), std::string::npos) << text_;
}

TEST_F(WorkerRunTest, ADeafOneIsKilledAfterTheGrace) {
  EXPECT_EQ(Run("deaf").end, End::kHung);
  EXPECT_GT(took_, absl::Milliseconds(590));
  EXPECT_LT(took_, absl::Seconds(3));
}

TEST_F(WorkerRunTest, WaitingForTheDiskIsNoHang) { EXPECT_EQ(Run("flush").end, End::kDone); }

TEST_F(WorkerRunTest, CancellingAListenerAndADeafOne) {
  limits_.hang = absl::Seconds(30);
  heard_.cancel_at = absl::Now() + absl::Milliseconds(100);
  EXPECT_EQ(Run("silent").done.result, Result::kCancelled);
  EXPECT_LT(took_, absl::Milliseconds(600));
  heard_.cancel_at = absl::Now() + absl::Milliseconds(100);
  const WorkerOutcome outcome = Run("deaf");
  EXPECT_EQ(outcome.end, End::kCancelled);
  EXPECT_EQ(outcome.done.result, Result::kCancelled);
  EXPECT_LT(took_, absl::Milliseconds(1100));
  EXPECT_FALSE(outcome.Misbehaved());
}

TEST_F(WorkerRunTest, ACrashAfterDoneChangesNothing) {
  EXPECT_EQ(Run("late-crash").end, End::kDone);
}

TEST_F(WorkerRunTest, AProgramThatIsNotThereIsTold) {
  const WorkerOutcome outcome =
      RunWorker(temp_ / "nobody", start_, limits_, &heard_, platform::Clock::Real());
  EXPECT_EQ(outcome.end, End::kNotStarted);
  EXPECT_EQ(outcome.done.result, Result::kFailed);
  EXPECT_NE(Describe(outcome, start_).find("nobody"), std::string::npos);
}

TEST(WorkerLimits, TheHangLimitComesFromTheCallerOrTheEnvironment) {
  EXPECT_EQ(LimitsWith(absl::Seconds(3)).hang, absl::Seconds(3));
  EXPECT_EQ(LimitsWith(absl::ZeroDuration()).hang, absl::Seconds(60));
  setenv("SYNCLINE_HANG_SECONDS", "0.25", 1);
  EXPECT_EQ(LimitsWith(absl::ZeroDuration()).hang, absl::Milliseconds(250));
  setenv("SYNCLINE_HANG_SECONDS", "soon", 1);
  EXPECT_EQ(LimitsWith(absl::ZeroDuration()).hang, absl::Seconds(60));
  unsetenv("SYNCLINE_HANG_SECONDS");
}

}  // namespace
}  // namespace syncline::session
