// Running programs; see the header. Tests may use POSIX directly.
#include "tests/support/program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ostream>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace syncline::testing {
namespace {

void Check(int error, const std::string& what) {
  if (error == 0) return;
  throw std::runtime_error(what + ": " + std::generic_category().message(error));
}

int MemoryFile(const std::string& content) {
  const int fd = memfd_create("syncline-test", MFD_CLOEXEC);
  Check(fd < 0 ? errno : 0, "create a file in memory");
  for (size_t done = 0; done < content.size();) {
    const ssize_t n =
        pwrite(fd, content.data() + done, content.size() - done, static_cast<off_t>(done));
    Check(n < 0 ? errno : 0, "write to a file in memory");
    done += static_cast<size_t>(n);
  }
  return fd;
}

std::string ReadAll(int fd) {
  std::string text;
  std::string part(1 << 16, '\0');
  while (true) {
    const ssize_t n = pread(fd, part.data(), part.size(), static_cast<off_t>(text.size()));
    if (n <= 0) return text;
    text.append(part, 0, static_cast<size_t>(n));
  }
}

std::vector<char*> Pointers(std::vector<std::string>* texts) {
  std::vector<char*> pointers;
  for (std::string& text : *texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

std::ostream& operator<<(std::ostream& stream, const ProgramResult& result) {
  if (result.timed_out) stream << "(timed out) ";
  if (result.signal != 0) stream << "signal " << result.signal;
  if (result.signal == 0) stream << "exit code " << result.exit_code;
  return stream << "\n--- stdout\n" << result.out << "\n--- stderr\n" << result.err;
}

RunningProgram::RunningProgram(const std::vector<std::string>& argv, const Environment& env,
                               const RunOptions& options)
    : options_(options) {
  std::vector<std::string> arguments = argv;
  std::vector<std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (text.rfind("SYNCLINE_", 0) == 0 || env.count(text.substr(0, text.find('='))) != 0) continue;
    variables.push_back(text);
  }
  for (const auto& [name, value] : env) variables.push_back(name + "=" + value);

  const int in = MemoryFile(options.input);
  out_ = MemoryFile("");
  err_ = MemoryFile("");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, 0);
  posix_spawn_file_actions_adddup2(&actions, out_, 1);
  posix_spawn_file_actions_adddup2(&actions, err_, 2);
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  if (!options.folder.empty()) {
    posix_spawn_file_actions_addchdir_np(&actions, options.folder.c_str());
  }
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  const int error = posix_spawnp(&pid_, arguments[0].c_str(), &actions, &attributes,
                                 Pointers(&arguments).data(), Pointers(&variables).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  close(in);
  if (error != 0) {
    close(out_);
    close(err_);
    Check(error, "cannot start " + argv[0]);
  }
}

RunningProgram::~RunningProgram() {
  if (!finished_) {
    SignalAll(SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  close(out_);
  close(err_);
}

void RunningProgram::Signal(int number) {
  if (!finished_) kill(pid_, number);
}

void RunningProgram::SignalAll(int number) {
  if (!finished_) kill(-pid_, number);
}

std::string RunningProgram::Out() const { return ReadAll(out_); }
std::string RunningProgram::Err() const { return ReadAll(err_); }

ProgramResult RunningProgram::Finish() {
  ProgramResult result;
  // glibc 2.36 declares pidfd_open() without extern "C".
  const int pidfd = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  Check(pidfd < 0 ? errno : 0, "watch a program");
  const auto deadline = std::chrono::steady_clock::now() + options_.timeout;
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd wanted{pidfd, POLLIN, 0};
    const int n = poll(&wanted, 1, static_cast<int>(std::max<long>(left.count(), 0)));
    if (n > 0) break;
    if (n < 0 && errno == EINTR) continue;
    result.timed_out = true;
    SignalAll(SIGKILL);
    break;
  }
  close(pidfd);
  int status = 0;
  rusage usage{};
  while (wait4(pid_, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  finished_ = true;
  if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
  result.peak_kib = usage.ru_maxrss;
  result.out = Out();
  result.err = Err();
  return result;
}

ProgramResult RunProgram(const std::vector<std::string>& argv, const Environment& env,
                         const RunOptions& options) {
  return RunningProgram(argv, env, options).Finish();
}

nlohmann::json RunJson(const std::vector<std::string>& argv, const Environment& env,
                       const RunOptions& options, int* exit_code) {
  const ProgramResult result = RunProgram(argv, env, options);
  if (exit_code != nullptr) *exit_code = result.exit_code;
  nlohmann::json document = nlohmann::json::parse(result.out, nullptr, /*allow_exceptions=*/false);
  if (document.is_discarded() || (exit_code == nullptr && result.exit_code != 0)) {
    std::ostringstream text;
    for (const std::string& argument : argv) text << argument << ' ';
    text << (document.is_discarded() ? "printed no JSON: " : "failed: ") << result;
    throw std::runtime_error(text.str());
  }
  return document;
}

}  // namespace syncline::testing
