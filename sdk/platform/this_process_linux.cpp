// What a Linux process can tell about itself and its user, and the watch for requests to end.
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <thread>

#include "sdk/platform/linux_calls.h"
#include "sdk/platform/process.h"

namespace syncline::platform {
namespace {

// Calls a get...id_r function with a buffer that grows until the entry fits in.
template <typename Entry, typename Get>
const Entry* Lookup(Get get, Entry* entry, std::vector<char>* buffer) {
  buffer->resize(4096);
  while (true) {
    Entry* found = nullptr;
    const int error = get(entry, buffer->data(), buffer->size(), &found);
    if (error == EINTR) continue;
    if (error != ERANGE || buffer->size() > 16 * 1024 * 1024) return found;
    buffer->resize(buffer->size() * 4);
  }
}

// Whether an account of this machine other than user has group as its first group, which does not
// make it appear in the group's own list of members.
bool IsFirstGroupOfAnother(gid_t group, uid_t user) {
  const std::unique_ptr<FILE, decltype(&fclose)> file(fopen("/etc/passwd", "re"), &fclose);
  if (file == nullptr) return false;
  std::vector<char> buffer(64 * 1024);
  passwd entry;
  passwd* found = nullptr;
  while (fgetpwent_r(file.get(), &entry, buffer.data(), buffer.size(), &found) == 0) {
    if (found->pw_gid == group && found->pw_uid != user) return true;
  }
  return false;
}

constexpr std::array<int, 3> kWatched = {SIGINT, SIGTERM, SIGHUP};

// A signal handler gets no argument of ours. -1: nobody watches.
std::atomic<int> watch_fd{-1};
static_assert(std::atomic<int>::is_always_lock_free);

void OnSignal(int) {
  const int saved = errno;
  const int fd = watch_fd.load(std::memory_order_relaxed);
  const uint64_t one = 1;
  if (fd != -1 && write(fd, &one, sizeof(one)) < 0) {
    // The counter is full: more requests wait than anybody can have made.
  }
  errno = saved;
}

class LinuxInterruptWatch : public InterruptWatch {
 public:
  explicit LinuxInterruptWatch(std::function<void()> on_interrupt)
      : on_interrupt_(std::move(on_interrupt)), event_(eventfd(0, EFD_CLOEXEC)) {
    watch_fd.store(Fd(event_));
    struct sigaction action {};
    action.sa_handler = OnSignal;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < kWatched.size(); ++i) {
      sigaction(kWatched[i], nullptr, &before_[i]);
      // Whoever started this program with a signal ignored (nohup, a shell's background job) meant
      // it.
      if (before_[i].sa_handler != SIG_IGN) sigaction(kWatched[i], &action, nullptr);
    }
    thread_ = std::thread([this] { Run(); });
  }

  ~LinuxInterruptWatch() override {
    for (size_t i = 0; i < kWatched.size(); ++i) sigaction(kWatched[i], &before_[i], nullptr);
    watch_fd.store(-1);
    ending_.store(true);
    eventfd_write(Fd(event_), 1);
    thread_.join();
  }

 private:
  void Run() {
    eventfd_t count = 0;
    while (Uninterrupted([&] { return eventfd_read(Fd(event_), &count); }) == 0) {
      if (ending_.load()) return;
      for (; count > 0; --count) on_interrupt_();
    }
  }

  const std::function<void()> on_interrupt_;
  const Handle event_;
  std::array<struct sigaction, kWatched.size()> before_;
  std::atomic<bool> ending_{false};
  std::thread thread_;
};

}  // namespace

absl::StatusOr<std::string> ProgramPath() {
  std::string path(4096, '\0');
  const ssize_t length = readlink("/proc/self/exe", path.data(), path.size());
  if (length < 0) return ErrnoStatus("find", "the running program", errno);
  path.resize(static_cast<size_t>(length));
  return path;
}

int64_t ProcessId() { return getpid(); }

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

uint32_t UserId() { return geteuid(); }

bool IsPrivateGroup(uint32_t group) {
  passwd user;
  struct group found;
  std::vector<char> user_buffer;
  std::vector<char> group_buffer;
  const auto get_user = [](auto... rest) { return getpwuid_r(geteuid(), rest...); };
  const auto get_group = [&](auto... rest) { return getgrgid_r(group, rest...); };
  if (Lookup(get_user, &user, &user_buffer) == nullptr || user.pw_gid != group) return false;
  if (Lookup(get_group, &found, &group_buffer) == nullptr) return false;
  // The name is what tells a private group where the accounts of a directory service cannot be
  // listed.
  if (std::strcmp(user.pw_name, found.gr_name) != 0) return false;
  for (char** member = found.gr_mem; *member != nullptr; ++member) {
    if (std::strcmp(*member, user.pw_name) != 0) return false;
  }
  return !IsFirstGroupOfAnother(group, geteuid());
}

std::unique_ptr<InterruptWatch> InterruptWatch::Start(std::function<void()> on_interrupt) {
  return std::make_unique<LinuxInterruptWatch>(std::move(on_interrupt));
}

}  // namespace syncline::platform
