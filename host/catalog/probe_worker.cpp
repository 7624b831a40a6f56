#include "host/catalog/probe_worker.h"

#include <memory>
#include <utility>
#include <variant>

#include "host/protocol/text.h"
#include "sdk/platform/process.h"

namespace syncline::catalog {
namespace {

constexpr absl::Duration kEndLimit = absl::Seconds(1);
constexpr size_t kShownLines = 5, kShownBytes = 1000;

std::string WithOutput(std::string text, platform::Process& process) {
  const std::string lines = LastLines(process.Output(), kShownLines, kShownBytes);
  if (!lines.empty()) text += Cat("; it printed: ", lines);
  return text;
}

}  // namespace

absl::StatusOr<ProbeResult> ProbeInWorker(const std::string& worker, const std::string& library,
                                          absl::Duration limit) {
  absl::StatusOr<std::unique_ptr<platform::Process>> started = platform::Process::Start(
      {.program = worker, .arguments = {"probe", library}, .environment = {}});
  if (!started.ok()) {
    return absl::Status(started.status().code(),
                        Cat("Providers cannot be looked at, because Syncline's own program ",
                            worker, " does not start: ", Sentence(started.status())));
  }
  platform::Process& process = **started;
  protocol::MessageChannel channel(&process.channel());
  absl::StatusOr<protocol::Message> message = channel.Receive(limit);
  ProbeResult result;
  if (message.ok()) {
    if (auto* answer = std::get_if<protocol::ProbeAnswer>(&*message)) {
      result.answer = std::move(*answer);
      return result;
    }
  }
  if (absl::IsDeadlineExceeded(message.status())) {
    process.Kill();
    result.misbehaved = WithOutput(
        Cat("hung while loading (no answer within ", absl::FormatDuration(limit), ")"), process);
    return result;
  }
  absl::StatusOr<platform::ExitReport> end = process.Wait(kEndLimit);
  if (!end.ok()) {
    process.Kill();
    result.misbehaved = WithOutput("disturbed the worker while loading", process);
  } else if (end->by_signal) {
    result.misbehaved = WithOutput(Cat("crashed while loading: ", end->description), process);
  } else {
    result.misbehaved =
        WithOutput(Cat("ended its process while loading: ", end->description), process);
  }
  return result;
}

}  // namespace syncline::catalog
