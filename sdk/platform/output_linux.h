// What children print. One thread reads for all of them, so that a session of a thousand items
// needs no thread for each; a child never waits for a reader, and memory is 64 KiB a child at most.
#ifndef SYNCLINE_SDK_PLATFORM_OUTPUT_LINUX_H_
#define SYNCLINE_SDK_PLATFORM_OUTPUT_LINUX_H_

#include <memory>
#include <string>
#include <thread>
#include <unordered_map>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "sdk/platform/file_system.h"

namespace syncline::platform {

// The last kLimit bytes that came through one pipe. Any thread.
class OutputRing {
 public:
  static constexpr size_t kLimit = 64 * 1024;

  explicit OutputRing(Handle pipe) : pipe_(std::move(pipe)) {}

  // Takes what is in the pipe, without waiting. False: every writer has closed it.
  bool Drain();
  std::string Text();
  int fd() const { return static_cast<int>(pipe_.native()); }

 private:
  const Handle pipe_;
  absl::Mutex mutex_;
  std::string bytes_ ABSL_GUARDED_BY(mutex_);  // once kLimit long, a ring
  size_t oldest_ ABSL_GUARDED_BY(mutex_) = 0;
};

// The thread. Lives while somebody holds it; Shared() starts it anew after that. Any thread.
class OutputReader {
 public:
  static absl::StatusOr<std::shared_ptr<OutputReader>> Shared();
  ~OutputReader();

  absl::Status Add(const std::shared_ptr<OutputRing>& ring);
  void Remove(const std::shared_ptr<OutputRing>& ring);

 private:
  OutputReader(Handle epoll, Handle wake);
  void Run();

  const Handle epoll_;
  const Handle wake_;  // an eventfd, written to end the thread
  absl::Mutex mutex_;
  std::unordered_map<int, std::shared_ptr<OutputRing>> rings_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace syncline::platform

#endif  // SYNCLINE_SDK_PLATFORM_OUTPUT_LINUX_H_
