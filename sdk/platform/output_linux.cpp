// Reading what children print; see the header.
#include "sdk/platform/output_linux.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "sdk/platform/linux_calls.h"

namespace syncline::platform {

bool OutputRing::Drain() {
  absl::MutexLock lock(&mutex_);
  std::array<char, 16 * 1024> buffer;
  // At most a pipe's worth in one go: a child that prints without end must not keep the thread from
  // the other children.
  for (size_t taken = 0; taken < kLimit;) {
    const ssize_t n = Uninterrupted([&] { return read(fd(), buffer.data(), buffer.size()); });
    if (n == 0) return false;
    if (n < 0) return errno == EAGAIN;
    taken += static_cast<size_t>(n);
    std::string_view fresh(buffer.data(), static_cast<size_t>(n));
    const size_t room = std::min(kLimit - bytes_.size(), fresh.size());
    bytes_ += fresh.substr(0, room);
    fresh.remove_prefix(room);
    while (!fresh.empty()) {
      const size_t part = std::min(kLimit - oldest_, fresh.size());
      fresh.copy(&bytes_[oldest_], part);
      fresh.remove_prefix(part);
      oldest_ = (oldest_ + part) % kLimit;
    }
  }
  return true;
}

std::string OutputRing::Text() {
  absl::MutexLock lock(&mutex_);
  return bytes_.substr(oldest_) + bytes_.substr(0, oldest_);
}

absl::StatusOr<std::shared_ptr<OutputReader>> OutputReader::Shared() {
  static absl::Mutex mutex;
  static std::weak_ptr<OutputReader> shared;
  absl::MutexLock lock(&mutex);
  if (std::shared_ptr<OutputReader> running = shared.lock()) return running;
  Handle epoll(epoll_create1(EPOLL_CLOEXEC));
  Handle wake(eventfd(0, EFD_CLOEXEC));
  if (!epoll.valid() || !wake.valid()) return ErrnoStatus("watch", "output of children", errno);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = Fd(wake);
  if (epoll_ctl(Fd(epoll), EPOLL_CTL_ADD, Fd(wake), &event) != 0) {
    return ErrnoStatus("watch", "output of children", errno);
  }
  const std::shared_ptr<OutputReader> fresh(new OutputReader(std::move(epoll), std::move(wake)));
  shared = fresh;
  return fresh;
}

OutputReader::OutputReader(Handle epoll, Handle wake)
    : epoll_(std::move(epoll)), wake_(std::move(wake)), thread_([this] { Run(); }) {}

OutputReader::~OutputReader() {
  eventfd_write(Fd(wake_), 1);
  thread_.join();
}

absl::Status OutputReader::Add(const std::shared_ptr<OutputRing>& ring) {
  absl::MutexLock lock(&mutex_);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = ring->fd();
  if (epoll_ctl(Fd(epoll_), EPOLL_CTL_ADD, ring->fd(), &event) != 0) {
    return ErrnoStatus("watch", "output of a child", errno);
  }
  rings_[ring->fd()] = ring;
  return absl::OkStatus();
}

void OutputReader::Remove(const std::shared_ptr<OutputRing>& ring) {
  absl::MutexLock lock(&mutex_);
  const auto found = rings_.find(ring->fd());
  if (found == rings_.end() || found->second != ring) return;
  epoll_ctl(Fd(epoll_), EPOLL_CTL_DEL, ring->fd(), nullptr);
  rings_.erase(found);
}

void OutputReader::Run() {
  std::array<epoll_event, 64> events;
  while (true) {
    const int n = Uninterrupted(
        [&] { return epoll_wait(Fd(epoll_), events.data(), static_cast<int>(events.size()), -1); });
    for (int i = 0; i < n; ++i) {
      const int fd = events[i].data.fd;
      if (fd == Fd(wake_)) return;
      std::shared_ptr<OutputRing> ring;
      {
        absl::MutexLock lock(&mutex_);
        const auto found = rings_.find(fd);
        if (found == rings_.end()) continue;  // removed since epoll_wait returned
        ring = found->second;
      }
      if (!ring->Drain()) Remove(ring);
    }
  }
}

}  // namespace syncline::platform
