// The private channel between a process and the child it started: a pair of connected sockets, in
// the child always descriptor 3.
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "absl/time/clock.h"
#include "sdk/platform/linux_calls.h"
#include "sdk/platform/process.h"
#include "sdk/platform/wait_linux.h"

namespace syncline::platform {

absl::StatusOr<bool> WaitReadable(int fd, absl::Duration timeout) {
  const absl::Time deadline = absl::Now() + timeout;
  while (true) {
    const absl::Duration left = std::max(deadline - absl::Now(), absl::ZeroDuration());
    const timespec limit = absl::ToTimespec(left);
    pollfd wanted{fd, POLLIN, 0};
    const int n = ppoll(&wanted, 1, left == absl::InfiniteDuration() ? nullptr : &limit, nullptr);
    if (n > 0) return true;
    if (n == 0) return false;
    if (errno != EINTR) return ErrnoStatus("wait for", "descriptor", errno);
  }
}

absl::StatusOr<size_t> Channel::Read(void* buffer, size_t size, absl::Duration timeout) const {
  while (true) {
    // First without waiting: in a busy exchange the bytes are mostly there, which saves a poll.
    const ssize_t n = Uninterrupted([&] { return recv(Fd(handle_), buffer, size, MSG_DONTWAIT); });
    if (n >= 0) return static_cast<size_t>(n);
    if (errno == ECONNRESET) return 0;  // closed with something of ours unread
    if (errno != EAGAIN) return ErrnoStatus("read from", "channel", errno);
    absl::StatusOr<bool> ready = WaitReadable(Fd(handle_), timeout);
    if (!ready.ok()) return ready.status();
    if (!*ready) return absl::DeadlineExceededError("nothing came through the channel in time");
  }
}

absl::Status Channel::Write(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t n =
        Uninterrupted([&] { return send(Fd(handle_), bytes.data(), bytes.size(), MSG_NOSIGNAL); });
    if (n < 0) return ErrnoStatus("write to", "channel", errno);
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return absl::OkStatus();
}

void Channel::StopReading() const { shutdown(Fd(handle_), SHUT_RD); }

absl::StatusOr<Channel> InheritedChannel() {
  // A descriptor that came through exec never has FD_CLOEXEC; one that this process opened, and the
  // channel once it was taken, always has. So nobody gets it twice and no stranger is taken for it.
  const int flags = fcntl(kChannelFd, F_GETFD);
  int domain = 0;
  int type = 0;
  socklen_t length = sizeof(domain);
  if (flags < 0 || (flags & FD_CLOEXEC) != 0 ||
      getsockopt(kChannelFd, SOL_SOCKET, SO_DOMAIN, &domain, &length) != 0 || domain != AF_UNIX ||
      getsockopt(kChannelFd, SOL_SOCKET, SO_TYPE, &type, &length) != 0 || type != SOCK_STREAM) {
    return absl::FailedPreconditionError(
        "this program was started by hand; it is started by Syncline, with a channel to it");
  }
  if (fcntl(kChannelFd, F_SETFD, FD_CLOEXEC) != 0) {
    return ErrnoStatus("keep", "channel", errno);
  }
  return Channel(Handle(kChannelFd));
}

}  // namespace syncline::platform
