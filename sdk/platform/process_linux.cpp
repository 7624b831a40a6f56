// Children on Linux: started with posix_spawn (which shares memory until exec, so it costs the same
// however large this process is), watched through a pidfd, so that no signal reaches a stranger
// who got the number of a child that is gone.
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "sdk/platform/linux_calls.h"
#include "sdk/platform/output_linux.h"
#include "sdk/platform/process.h"
#include "sdk/platform/wait_linux.h"

namespace syncline::platform {
namespace {

constexpr char kStart[] = "start";

ExitReport Describe(const siginfo_t& info) {
  ExitReport report;
  report.by_signal = info.si_code != CLD_EXITED;
  report.code = info.si_status;
  if (report.by_signal) {
    const char* text = sigdescr_np(info.si_status);  // safe in threads, unlike strsignal(3)
    report.description =
        absl::StrCat("signal ", report.code, " (", text != nullptr ? text : "unknown", ")");
  } else {
    report.description = absl::StrCat("exit code ", report.code);
  }
  return report;
}

class LinuxProcess final : public Process {
 public:
  LinuxProcess(pid_t pid, Handle pidfd, Channel channel, std::shared_ptr<OutputRing> ring,
               std::shared_ptr<OutputReader> reader)
      : pid_(pid),
        pidfd_(std::move(pidfd)),
        channel_(std::move(channel)),
        ring_(std::move(ring)),
        reader_(std::move(reader)) {}

  ~LinuxProcess() override {
    Kill();
    Wait(absl::InfiniteDuration()).IgnoreError();
    reader_->Remove(ring_);
  }

  const Channel& channel() const override { return channel_; }

  absl::StatusOr<ExitReport> Wait(absl::Duration timeout) override {
    {
      absl::MutexLock lock(&mutex_);
      if (report_) return *report_;
    }
    // Not under the mutex: Kill() must get through while somebody waits here.
    absl::StatusOr<bool> ended = WaitReadable(Fd(pidfd_), timeout);
    if (!ended.ok()) return ended.status();
    if (!*ended) return absl::DeadlineExceededError("the process is still running");
    absl::MutexLock lock(&mutex_);
    if (report_) return *report_;
    // What it started and left behind goes with it. The group's number is still its own: it is not
    // reaped yet.
    kill(-pid_, SIGKILL);
    siginfo_t info{};
    if (Uninterrupted(
            [&] { return waitid(P_PIDFD, static_cast<id_t>(Fd(pidfd_)), &info, WEXITED); }) != 0) {
      return ErrnoStatus("wait for", absl::StrCat("process ", pid_), errno);
    }
    report_ = Describe(info);
    return *report_;
  }

  void Kill() override {
    absl::MutexLock lock(&mutex_);
    if (!report_) kill(-pid_, SIGKILL);
  }

  std::string Output() override {
    // What it printed just before its end may not have met the reader's thread yet.
    ring_->Drain();
    return ring_->Text();
  }

  int64_t id() const override { return pid_; }

 private:
  const pid_t pid_;
  const Handle pidfd_;
  const Channel channel_;
  const std::shared_ptr<OutputRing> ring_;
  const std::shared_ptr<OutputReader> reader_;
  absl::Mutex mutex_;
  std::optional<ExitReport> report_ ABSL_GUARDED_BY(mutex_);
};

// Everything that a child is started with.
class Spawn {
 public:
  Spawn() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
  }
  Spawn(const Spawn&) = delete;
  Spawn& operator=(const Spawn&) = delete;
  ~Spawn() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }

  // An errno value or 0.
  int Run(const Process::Options& options, int channel, int output, pid_t* pid) {
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, output, STDERR_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, channel, kChannelFd);
    // Also those that a library opened without O_CLOEXEC.
    posix_spawn_file_actions_addclosefrom_np(&actions_, kChannelFd + 1);

    // A group of its own: Ctrl-C on the terminal reaches the host only, which then cancels in
    // order. Ignored signals and the mask would otherwise be inherited.
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes_, &signals);
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes_, &signals);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);

    std::vector<char*> arguments = {Pointer(options.program)};
    for (const std::string& argument : options.arguments) arguments.push_back(Pointer(argument));
    arguments.push_back(nullptr);

    std::vector<std::string> added;
    std::set<std::string_view> names;
    for (const auto& [name, value] : options.environment) {
      added.push_back(absl::StrCat(name, "=", value));
      names.insert(name);
    }
    std::vector<char*> environment;
    for (char** entry = environ; *entry != nullptr; ++entry) {
      const std::string_view text(*entry);
      if (names.count(text.substr(0, text.find('='))) == 0) environment.push_back(*entry);
    }
    for (const std::string& entry : added) environment.push_back(Pointer(entry));
    environment.push_back(nullptr);

    return posix_spawn(pid, options.program.c_str(), &actions_, &attributes_, arguments.data(),
                       environment.data());
  }

 private:
  // exec's argument types predate const; it writes nothing (POSIX, exec, rationale).
  static char* Pointer(const std::string& text) { return const_cast<char*>(text.c_str()); }

  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

// The same open file under a number that no dup2 of Spawn::Run overwrites: this process may have
// been started with some of 0 to 3 closed.
absl::Status MoveUp(Handle* handle) {
  if (Fd(*handle) > kChannelFd) return absl::OkStatus();
  Handle moved(fcntl(Fd(*handle), F_DUPFD_CLOEXEC, kChannelFd + 1));
  if (!moved.valid()) return ErrnoStatus(kStart, "process", errno);
  *handle = std::move(moved);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Process>> Process::Start(const Options& options) {
  if (Fault()) return PlayedFault(kStart, options.program);
  const auto failed = [&](int error) { return ErrnoStatus(kStart, options.program, error); };

  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return failed(errno);
  Handle ours(ends[0]);
  Handle theirs(ends[1]);
  if (pipe2(ends, O_CLOEXEC) != 0) return failed(errno);
  Handle output(ends[0]);
  Handle printed(ends[1]);
  // Our end only: a child that finds its stdout not blocking loses what it prints.
  if (fcntl(Fd(output), F_SETFL, O_NONBLOCK) != 0) return failed(errno);
  for (Handle* handle : {&ours, &theirs, &output, &printed}) {
    if (absl::Status s = MoveUp(handle); !s.ok()) return s;
  }

  absl::StatusOr<std::shared_ptr<OutputReader>> reader = OutputReader::Shared();
  if (!reader.ok()) return reader.status();
  const auto ring = std::make_shared<OutputRing>(std::move(output));
  if (absl::Status s = (*reader)->Add(ring); !s.ok()) return s;

  pid_t pid = 0;
  if (const int error = Spawn().Run(options, Fd(theirs), Fd(printed), &pid); error != 0) {
    (*reader)->Remove(ring);
    return failed(error);
  }
  // glibc 2.36 declares pidfd_open() without extern "C".
  Handle pidfd(syscall(SYS_pidfd_open, pid, 0));
  if (!pidfd.valid()) {
    const int error = errno;
    kill(-pid, SIGKILL);
    Uninterrupted([&] { return waitpid(pid, nullptr, 0); });
    (*reader)->Remove(ring);
    return failed(error);
  }
  return std::make_unique<LinuxProcess>(pid, std::move(pidfd), Channel(std::move(ours)), ring,
                                        *std::move(reader));
}

}  // namespace syncline::platform
