#include "host/session/worker_run.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "absl/strings/numbers.h"
#include "host/protocol/text.h"
#include "sdk/platform/file_system.h"
#include "sdk/platform/process.h"

namespace syncline::session {
namespace {

using platform::Process;

constexpr absl::Duration kListenStep = absl::Milliseconds(50);
constexpr absl::Duration kEndLimit = absl::Seconds(2);
constexpr size_t kShownLines = 5, kShownBytes = 1000;

class WorkerRun {
 public:
  WorkerRun(Process* process, const protocol::Start& start, const WorkerLimits& limits,
            WorkerListener* listener, platform::Clock* clock)
      : process_(process),
        channel_(&process->channel()),
        start_(start),
        limits_(limits),
        listener_(listener),
        clock_(clock) {}

  WorkerOutcome Run() {
    // When it fails the worker is gone already: the loop finds out how.
    channel_.Send(start_).IgnoreError();
    last_activity_at_ = clock_->Monotonic();
    while (!over_) Step();
    return std::move(outcome_);
  }

 private:
  enum class Ending : uint8_t { kNone, kCancel, kHang };

  void Step() {
    const absl::Duration now = clock_->Monotonic();
    if (ending_ == Ending::kNone && listener_->IsCancelled()) {
      AskToEnd(Ending::kCancel, now + limits_.cancel_grace);
    }
    if (ending_ == Ending::kNone && now - last_activity_at_ > HangLimit()) {
      NoteRecordAtWork();  // a worker that follows the request clears it
      AskToEnd(Ending::kHang, now + limits_.hang_grace);
    }
    if (ending_ != Ending::kNone && now >= deadline_) return Finish(std::nullopt);
    const absl::Duration wait =
        ending_ == Ending::kNone ? kListenStep : std::min(kListenStep, deadline_ - now);
    absl::StatusOr<protocol::Message> message = channel_.Receive(wait);
    if (message.ok()) {
      std::visit([this](auto& m) { Handle(m); }, *message);
    } else if (!absl::IsDeadlineExceeded(message.status())) {
      Finish(absl::IsUnavailable(message.status())
                 ? std::nullopt
                 : std::optional<std::string>(Sentence(message.status())));
    }
  }

  absl::Duration HangLimit() const {
    return flushing_ ? limits_.hang * limits_.flush_factor : limits_.hang;
  }

  void AskToEnd(Ending why, absl::Duration deadline) {
    ending_ = why;
    deadline_ = deadline;
    channel_.Send(protocol::Cancel{}).IgnoreError();
  }

  void Handle(protocol::Progress& progress) {
    if (progress.activity != activity_) {
      activity_ = progress.activity;
      last_activity_at_ = clock_->Monotonic();
    }
    flushing_ = progress.flushing;
    listener_->OnProgress(progress);
  }
  void Handle(protocol::Events& events) { listener_->OnEvents(std::move(events)); }
  void Handle(protocol::Conflict& conflict) { listener_->OnConflict(std::move(conflict)); }
  void Handle(protocol::Plan& plan) { listener_->OnPlan(std::move(plan)); }
  void Handle(protocol::SafeRecords& records) { listener_->OnSafe(std::move(records)); }
  void Handle(protocol::Done& done) {
    outcome_.done = std::move(done);
    outcome_.end = WorkerOutcome::End::kDone;
    over_ = true;
    // It has nothing left to do but to end; what it does there is nobody's loss.
    if (!process_->Wait(kEndLimit).ok()) process_->Kill();
    if (ending_ == Ending::kHang) Hung();
  }
  template <typename Other>
  void Handle(Other&) {}  // not a worker's to send

  // The worker is gone without a word, or has to go now. nonsense: what it sent, if that is why.
  void Finish(const std::optional<std::string>& nonsense) {
    over_ = true;
    const bool in_time = ending_ == Ending::kNone || clock_->Monotonic() < deadline_;
    std::optional<platform::ExitReport> exit;
    if (in_time && !nonsense) {
      if (auto report = process_->Wait(kEndLimit); report.ok()) exit = *std::move(report);
    }
    if (!exit) {
      process_->Kill();
      process_->Wait(kEndLimit).IgnoreError();
    }
    if (ending_ == Ending::kHang) return Hung();
    outcome_.printed = LastLines(process_->Output(), kShownLines, kShownBytes);
    if (ending_ == Ending::kCancel) {
      outcome_.end = WorkerOutcome::End::kCancelled;
      outcome_.done.result = protocol::Result::kCancelled;
      return;
    }
    outcome_.end = WorkerOutcome::End::kCrashed;
    outcome_.done.result = protocol::Result::kFailed;
    NoteRecordAtWork();
    if (nonsense) {
      outcome_.how = Cat("disturbed its worker (", *nonsense, ")");
    } else if (!exit) {
      outcome_.how = "closed its worker's channel";
    } else if (exit->by_signal) {
      outcome_.how = Cat("crashed (", exit->description, ")");
    } else {
      outcome_.how = Cat("ended its process (", exit->description, ")");
    }
  }

  void Hung() {
    outcome_.end = WorkerOutcome::End::kHung;
    outcome_.done.result = protocol::Result::kFailed;
    outcome_.how = Cat("did nothing for ", absl::FormatDuration(HangLimit()));
    outcome_.printed = LastLines(process_->Output(), kShownLines, kShownBytes);
    RemoveNote();
  }

  std::string NotePath() const { return platform::JoinPath(start_.folder, "at-work"); }

  void NoteRecordAtWork() {
    if (start_.check_only) return;
    const std::string note = platform::SharedNote::Read(NotePath());
    const size_t space = note.find(' ');
    if (space != std::string::npos) {
      outcome_.operation = note.substr(0, space);
      if (note.size() > space + 3) outcome_.record = note.substr(space + 1);
    }
    RemoveNote();
  }
  // Otherwise the next crash, before the worker sets a note of its own, would be blamed on this
  // record.
  void RemoveNote() {
    if (!start_.check_only) platform::RemovePath(NotePath()).IgnoreError();
  }

  Process* const process_;
  protocol::MessageChannel channel_;
  const protocol::Start& start_;
  const WorkerLimits limits_;
  WorkerListener* const listener_;
  platform::Clock* const clock_;

  WorkerOutcome outcome_;
  bool over_ = false;
  Ending ending_ = Ending::kNone;
  absl::Duration deadline_ = absl::InfiniteDuration();
  uint64_t activity_ = 0;
  absl::Duration last_activity_at_;
  bool flushing_ = false;
};

}  // namespace

WorkerLimits LimitsWith(absl::Duration hang) {
  WorkerLimits limits;
  double seconds = 0;
  if (hang > absl::ZeroDuration()) {
    limits.hang = hang;
  } else if (absl::SimpleAtod(platform::Environment("SYNCLINE_HANG_SECONDS"), &seconds) &&
             seconds > 0) {
    limits.hang = absl::Seconds(seconds);
  }
  return limits;
}

WorkerOutcome RunWorker(const std::string& worker, const protocol::Start& start,
                        const WorkerLimits& limits, WorkerListener* listener,
                        platform::Clock* clock) {
  absl::StatusOr<std::unique_ptr<Process>> process =
      Process::Start({.program = worker, .arguments = {}, .environment = {}});
  if (!process.ok()) {
    WorkerOutcome outcome;
    outcome.how = Cat("Syncline's own program ", worker,
                      " does not start: ", Sentence(process.status()), ". Install Syncline again.");
    return outcome;
  }
  return WorkerRun(process->get(), start, limits, listener, clock).Run();
}

std::string RecordText(const std::string& record) {
  if (record.size() < 2) return protocol::DisplayText(record);
  return Cat(protocol::DisplayText(std::string_view(record).substr(2)), " on side ",
             record[0] == 'b' ? "B" : "A");
}

std::string Describe(const WorkerOutcome& outcome, const protocol::Start& start) {
  switch (outcome.end) {
    case WorkerOutcome::End::kDone:
      return outcome.done.message;
    case WorkerOutcome::End::kCancelled:
      return "";
    case WorkerOutcome::End::kNotStarted:
      return outcome.how;
    case WorkerOutcome::End::kCrashed:
    case WorkerOutcome::End::kHung:
      break;
  }
  std::string text = Cat("The provider ", start.provider, " ", outcome.how);
  if (!outcome.record.empty()) {
    text += Cat(" at: ", outcome.operation, " ", RecordText(outcome.record),
                ". Nothing is lost; sync again. A record that does this twice is left out.");
  } else {
    text += ". Nothing is lost; sync again.";
  }
  if (!outcome.printed.empty()) text += Cat(" It printed: ", outcome.printed);
  return text;
}

}  // namespace syncline::session
