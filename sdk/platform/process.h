// The one door to processes: starting a child with a private channel, ending it, and knowing how it
// ended. The channel is a pair of connected sockets (Linux) or pipes (Windows), never stdout, so
// that what a plug-in prints cannot break it.
#ifndef SYNCLINE_SDK_PLATFORM_PROCESS_H_
#define SYNCLINE_SDK_PLATFORM_PROCESS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "sdk/platform/file_system.h"

namespace syncline::platform {

// One end of a two-way byte stream between two processes. One thread may read while another writes.
class Channel {
 public:
  Channel() = default;
  explicit Channel(Handle handle) : handle_(std::move(handle)) {}

  // Waits at most timeout for at least one byte. 0: the other end is closed. DeadlineExceeded: none
  // came.
  absl::StatusOr<size_t> Read(void* buffer, size_t size, absl::Duration timeout) const;
  // Writes everything or fails (Unavailable: the other end is gone). Never raises SIGPIPE.
  absl::Status Write(std::string_view bytes) const;
  // Ends a Read that waits in another thread, and every later one, as if the other end had closed.
  void StopReading() const;
  void Close() { handle_.Close(); }
  bool valid() const { return handle_.valid(); }

 private:
  Handle handle_;
};

// The channel that this process was started with; fails when it was started by hand.
absl::StatusOr<Channel> InheritedChannel();

struct ExitReport {
  bool by_signal = false;
  int code = 0;             // exit code, or the signal's number
  std::string description;  // "exit code 3", "signal 11 (Segmentation fault)"
};

// A running child. Destroying it kills it and waits, so none is ever left behind.
class Process {
 public:
  struct Options {
    std::string program;                                           // full path
    std::vector<std::string> arguments;                            // without the program's name
    std::vector<std::pair<std::string, std::string>> environment;  // added to this process's own
  };
  // The child's stdin is empty; its stdout and stderr are kept, the last 64 KiB of both together.
  static absl::StatusOr<std::unique_ptr<Process>> Start(const Options& options);

  virtual ~Process() = default;
  virtual const Channel& channel() const = 0;
  // Waits at most timeout for the end; DeadlineExceeded when it goes on. Any thread, one at a time.
  virtual absl::StatusOr<ExitReport> Wait(absl::Duration timeout) = 0;
  // Ends it at once and without a chance to react. Any thread.
  virtual void Kill() = 0;
  // What it printed so far (the last 64 KiB). Any thread.
  virtual std::string Output() = 0;
  virtual int64_t id() const = 0;
};

// The folder of the running program and the program's own path.
absl::StatusOr<std::string> ProgramPath();
int64_t ProcessId();
// Value of an environment variable, or an empty string.
std::string Environment(const char* name);
// Whether the file belongs to this user or the administrator; and whether anybody else may write
// it.
uint32_t UserId();
// True when group is the private group of this user, of which nobody else is a member.
bool IsPrivateGroup(uint32_t group);

// Calls on_interrupt once for each Ctrl-C or request to end, on a thread of its own, until
// destroyed.
class InterruptWatch {
 public:
  static std::unique_ptr<InterruptWatch> Start(std::function<void()> on_interrupt);
  virtual ~InterruptWatch() = default;
};

// A lock that at most one process holds and that the system releases when its holder ends, however.
class LockFile {
 public:
  // note is stored in the file for others to show. FailedPrecondition when another process holds
  // it; the message is the holder's note.
  static absl::StatusOr<LockFile> Acquire(const std::string& path, std::string_view note);

 private:
  explicit LockFile(Handle handle) : handle_(std::move(handle)) {}
  Handle handle_;
};

// A small file in memory that outlives a crash of this process: the page stays with the system and
// is read by whoever comes after.
class SharedNote {
 public:
  static constexpr size_t kSize = 8192;
  static absl::StatusOr<std::unique_ptr<SharedNote>> Open(const std::string& path);
  virtual ~SharedNote() = default;
  // Replaces the note; longer text is cut. One thread. Costs a memory copy.
  virtual void Set(std::string_view text) = 0;
  virtual void Clear() = 0;
  // The note that a process left in path; empty when it cleared it or there is none.
  static std::string Read(const std::string& path);
};

}  // namespace syncline::platform

#endif  // SYNCLINE_SDK_PLATFORM_PROCESS_H_
