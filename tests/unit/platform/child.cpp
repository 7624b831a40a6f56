// What the test program does when it is started as a child (child.h).
#include "tests/unit/platform/child.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>

#include "sdk/platform/file_system.h"

namespace syncline::platform {
namespace {

std::string Argument() { return Environment("SYNCLINE_TEST_PATH"); }

int Forever() {
  while (true) pause();
}

int Echo() {
  const auto channel = InheritedChannel();
  if (!channel.ok()) return 9;
  char buffer[4096];
  while (true) {
    const auto n = channel->Read(buffer, sizeof(buffer), absl::InfiniteDuration());
    if (!n.ok() || *n == 0) return 3;
    if (!channel->Write(std::string_view(buffer, *n)).ok()) return 4;
  }
}

int ByHand() {
  std::printf("%s\n", std::string(InheritedChannel().status().message()).c_str());
  return 0;
}

int ChannelTwice() {
  const auto first = InheritedChannel();
  return first.ok() && !InheritedChannel().ok() ? 0 : 1;
}

int Print() {
  const long lines = std::atol(Argument().c_str());
  for (long i = 0; i < lines; ++i) std::printf("line %ld\n", i);
  std::fflush(stdout);
  std::fprintf(stderr, "the end");
  return 0;
}

// Tells how it was started.
int Surroundings() {
  std::string fds;
  for (int fd = 0; fd < 100; ++fd) {
    if (fcntl(fd, F_GETFD) != -1) fds += std::to_string(fd) + " ";
  }
  struct sigaction term {};
  sigaction(SIGTERM, nullptr, &term);
  sigset_t mask;
  sigprocmask(SIG_BLOCK, nullptr, &mask);
  char byte;
  std::printf("fds %s/ group %s / SIGTERM %s %s / stdin %s", fds.c_str(),
              getpgid(0) == getpid() ? "own" : "shared",
              term.sa_handler == SIG_DFL ? "default" : "changed",
              sigismember(&mask, SIGTERM) != 0 ? "blocked" : "open",
              read(0, &byte, 1) == 0 ? "empty" : "open");
  return 0;
}

int Grandchild() {
  const pid_t pid = fork();
  if (pid == 0) return Forever();
  std::printf("%d\n", pid);
  std::fflush(stdout);
  InheritedChannel()->Write("ready").IgnoreError();
  return Forever();
}

int Lock() {
  const auto lock = LockFile::Acquire(Argument(), "sync of Photos by process 42");
  const auto channel = InheritedChannel();
  channel->Write(lock.ok() ? "locked" : lock.status().ToString()).IgnoreError();
  return Forever();
}

int WriteNote() {
  const auto note = SharedNote::Open(Argument());
  (*note)->Set("record 7 of Photos");
  InheritedChannel()->Write("written").IgnoreError();
  return Forever();
}

int RewriteNote() {
  const auto note = SharedNote::Open(Argument());
  InheritedChannel()->Write("writing").IgnoreError();
  while (true) {
    for (const char c : {'a', 'b', 'c'}) (*note)->Set(std::string(4000, c));
  }
}

int Interrupts() {
  std::atomic<int> count{0};
  const auto watch = InterruptWatch::Start([&] { ++count; });
  std::printf("ready\n");
  std::fflush(stdout);
  return Soon([&] { return count == 2; }) ? 5 : 6;
}

// Five operations; prints one character for each.
int FiveOperations() {
  FileInfo info;
  const Dir here(open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (int i = 0; i < 5; ++i) {
    std::printf("%c", Stat(here, "tmp", &info).ok() ? '+' : '-');
    std::fflush(stdout);
  }
  return 0;
}

// From here on the system call number gives error: a file system that does not offer it.
bool Refuse(unsigned number, unsigned error) {
  sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  sock_fprog program{4, code};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

constexpr int kNotPossible = 77;

// Renames "old" to "new" and "folder" to "new folder" without RENAME_NOREPLACE.
int OldRename() {
  const auto dir = OpenDir(Argument());
  if (!Refuse(SYS_renameat2, EINVAL)) return kNotPossible;
  const auto never = [&](const char* from, const char* to) {
    std::printf(
        "%s\n",
        absl::StatusCodeToString(Rename(*dir, from, *dir, to, Replace::kNever).code()).c_str());
  };
  never("old", "taken");
  never("old", "new");
  never("folder", "taken folder");
  never("folder", "new folder");
  never("missing", "other");
  std::printf("%s\n", absl::StatusCodeToString(
                          Rename(*dir, "new", *dir, "taken", Replace::kExchange).code())
                          .c_str());
  return 0;
}

// Copies "from" to "to" without copy_file_range.
int OldCopy() {
  const auto dir = OpenDir(Argument());
  if (!Refuse(SYS_copy_file_range, EOPNOTSUPP)) return kNotPossible;
  const auto from = OpenFile(*dir, "from");
  const auto to = CreateFile(*dir, "to", 0644);
  FileInfo info;
  if (!StatHandle(*from, &info).ok()) return 1;
  return CopyContent(*from, info, *to, nullptr).ok() ? 0 : 2;
}

// A small file system of its own, then the same one read-only.
int SmallAndReadOnly() {
  const std::string folder = Argument();
  if (geteuid() != 0 && unshare(CLONE_NEWUSER) != 0) return kNotPossible;
  if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      mount("small", folder.c_str(), "tmpfs", 0, "size=64k") != 0) {
    return kNotPossible;
  }
  const auto dir = OpenDir(folder);
  const std::string much(1 << 20, 'x');
  {
    const auto file = CreateFile(*dir, "much", 0644);
    std::printf("%s\n", WriteAll(*file, much.data(), much.size()).ToString().c_str());
  }
  mount("small", folder.c_str(), nullptr, MS_REMOUNT | MS_RDONLY | MS_BIND, nullptr);
  const auto again = OpenDir(folder);
  const absl::Status refused = CreateFile(*again, "more", 0644).status();
  std::printf("%s %d\n", refused.ToString().c_str(), IsReadOnlyError(refused));
  return 0;
}

const bool played = [] {
  const std::string role = Environment("SYNCLINE_TEST_CHILD");
  if (role.empty()) return false;
  const std::map<std::string, std::function<int()>> roles = {
      {"echo", Echo},
      {"by hand", ByHand},
      {"channel twice", ChannelTwice},
      {"print", Print},
      {"surroundings", Surroundings},
      {"grandchild", Grandchild},
      {"forever", Forever},
      {"crash", [] { return raise(SIGABRT); }},
      {"lock", Lock},
      {"write note", WriteNote},
      {"rewrite note", RewriteNote},
      {"interrupts", Interrupts},
      {"five operations", FiveOperations},
      {"old rename", OldRename},
      {"old copy", OldCopy},
      {"small and read-only", SmallAndReadOnly},
  };
  const int code = roles.at(role)();
  std::fflush(nullptr);
  _exit(code);
}();

}  // namespace
}  // namespace syncline::platform
