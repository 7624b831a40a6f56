#include "tests/unit/session/fake_worker.h"

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "host/protocol/messages.h"
#include "sdk/platform/clock.h"
#include "sdk/platform/process.h"

namespace syncline::session {
namespace {

using protocol::Done;
using protocol::MessageChannel;
using protocol::Progress;
using protocol::Result;

constexpr char kVariable[] = "SYNCLINE_FAKE_WORKER";

[[noreturn]] void Crash() {
  std::raise(SIGSEGV);
  std::abort();
}

void WaitForCancel(MessageChannel* channel) {
  while (!channel->Receive(absl::Seconds(30)).ok()) {
  }
}

void Send(MessageChannel* channel, const protocol::Message& message) {
  if (!channel->Send(message).ok()) _exit(1);
}

Done DoneWith(Result result) {
  Done done;
  done.result = result;
  done.counts.created = 2;
  done.counts.bytes = 20;
  return done;
}

void Serve(const platform::Channel& raw, MessageChannel* channel, const protocol::Start& start) {
  const std::string& what = start.location_a;
  Progress progress;
  if (what == "done") {
    for (uint64_t i = 0; i < 3; ++i) {
      progress.phase = protocol::Phase::kApplying;
      progress.records_done = i;
      progress.records_total = 2;
      progress.activity = i + 1;
      Send(channel, progress);
    }
    Send(channel, protocol::Events{{{1, 1, "x", "created", "x was created"}}});
  } else if (what == "conflicts") {
    protocol::Conflict conflict;
    conflict.kind = "edit-edit";
    conflict.key = conflict.record = "k";
    conflict.side_a_json = R"({"id": "k", "title": "Ada Lovelace"})";
    conflict.side_b_json = "{}";
    Send(channel, conflict);
    Send(channel, DoneWith(Result::kConflicts));
    return;
  } else if (what == "crash") {
    auto note = platform::SharedNote::Open(start.folder + "/at-work");
    if (note.ok()) (*note)->Set("write b:x");
    Crash();
  } else if (what == "plan") {
    Send(channel, protocol::Plan{{{"create", "b", "x", "", 1}}});
  } else if (what == "warn") {
    Send(channel, protocol::Events{{{1, 1, "x", "created", "x was created"},
                                    {1, 2, "y", "skipped", "y cannot be read"},
                                    {1, 3, "z", "failed", "z cannot be written"}}});
  } else if (what == "exit") {
    return;
  } else if (what == "nonsense") {
    raw.Write(std::string("\4\0\0\0oops", 8)).IgnoreError();
    WaitForCancel(channel);
  } else if (what == "silent") {
    WaitForCancel(channel);
    Send(channel, DoneWith(Result::kCancelled));
    return;
  } else if (what == "deaf") {
    for (;;) platform::Clock::Real()->Sleep(absl::Hours(1));
  } else if (what == "flush") {
    progress.flushing = true;
    Send(channel, progress);
    platform::Clock::Real()->Sleep(absl::Milliseconds(600));
  } else if (what == "late-crash") {
    Send(channel, DoneWith(Result::kDone));
    Crash();
  } else if (what == "print") {
    std::puts("first line\nlast words\x1b[31m");
    std::fflush(stdout);
    Crash();
  }
  Send(channel, DoneWith(Result::kDone));
}

// Before main: the worker must not become a run of the tests.
const bool kServed = [] {
  if (std::getenv(kVariable) == nullptr) return false;
  const auto inherited = platform::InheritedChannel();
  if (!inherited.ok()) _exit(2);
  MessageChannel channel(&*inherited);
  const auto message = channel.Receive(absl::Seconds(30));
  if (message.ok() && std::holds_alternative<protocol::Start>(*message)) {
    Serve(*inherited, &channel, std::get<protocol::Start>(*message));
  }
  _exit(0);
}();

}  // namespace

FakeWorker::FakeWorker() : path_(*platform::ProgramPath()) {
  setenv(kVariable, "1", 1);
  // A sanitizer would turn the crashes of the tests into exit codes.
  for (const char* options : {"ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"}) {
    const char* old = std::getenv(options);
    const std::string kept = old == nullptr ? "" : std::string(old) + ":";
    setenv(options, (kept + "handle_segv=0:handle_abort=0").c_str(), 1);
  }
}
FakeWorker::~FakeWorker() { unsetenv(kVariable); }

}  // namespace syncline::session
