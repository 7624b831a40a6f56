// Reading, writing, copying and flushing file content on Linux.
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>

#include "sdk/platform/linux_calls.h"

namespace syncline::platform {
namespace {

// Not more than a block is copied through a buffer: measured on ext4 in the page cache, one pread
// and one pwrite of 100 bytes to 4 KiB take 1.3 us as copy_file_range does, and from there on it is
// ahead (16 KiB: 2.8 against 4.0 us). Nor does a hole in less than a block save anything, and files
// kept in the inode, which have no blocks at all, are no larger.
constexpr uint64_t kSmallFile = 4096;
// Up to here the extra call that asks for a reflink is not worth it: copy_file_range makes one
// where it can (btrfs, XFS).
constexpr uint64_t kReflinkFrom = 64 * 1024;
// A cancel is heard between two steps; at 50 MB/s this is a third of a second. Larger steps gain
// nothing that can be measured.
constexpr uint64_t kKernelStep = 16 * 1024 * 1024;
constexpr size_t kBufferStep = 1024 * 1024;
constexpr uint64_t kToTheEnd = ~uint64_t{0};

constexpr char kCopy[] = "copy content of";
constexpr char kOpenFile[] = "open file";

ssize_t PositionedRead(int fd, char* buffer, size_t size, uint64_t at) {
  return Uninterrupted([&] { return pread(fd, buffer, size, static_cast<off_t>(at)); });
}

bool PositionedWrite(int fd, const char* bytes, size_t size, uint64_t at) {
  while (size > 0) {
    const ssize_t n =
        Uninterrupted([&] { return pwrite(fd, bytes, size, static_cast<off_t>(at)); });
    if (n < 0) return false;
    bytes += n;
    size -= static_cast<size_t>(n);
    at += static_cast<uint64_t>(n);
  }
  return true;
}

// One CopyContent call.
class Copy {
 public:
  Copy(int from, const FileInfo& info, int to, const CopyProgress& progress)
      : from_(from), info_(info), to_(to), progress_(progress) {}

  absl::Status Run() {
    if (info_.size <= kSmallFile) return Small();
    if (info_.size > kReflinkFrom && ioctl(to_, FICLONE, from_) == 0) return Report(info_.size);
    if (info_.allocated < info_.size) return Sparse();
    return Range(0, info_.size);
  }

 private:
  // Also files below /proc, which say that their size is 0.
  absl::Status Small() {
    std::array<char, kSmallFile> buffer;
    const size_t wanted = info_.size == 0 ? buffer.size() : info_.size;
    const ssize_t n = PositionedRead(from_, buffer.data(), wanted, 0);
    if (n < 0) return ErrnoStatus(kCopy, kOpenFile, errno);
    const auto got = static_cast<size_t>(n);
    if (!PositionedWrite(to_, buffer.data(), got, 0)) return ErrnoStatus(kCopy, kOpenFile, errno);
    if (got == info_.size) return Report(got);
    return ThroughBuffer(got, info_.size == 0 ? kToTheEnd : info_.size);
  }

  absl::Status Sparse() {
    uint64_t at = 0;
    while (at < info_.size) {
      const off_t data = lseek(from_, static_cast<off_t>(at), SEEK_DATA);
      if (data < 0) {
        if (errno == ENXIO) break;                          // only a hole is left (lseek(2))
        if (errno == EINVAL) return Range(at, info_.size);  // holes are not told here
        return ErrnoStatus(kCopy, kOpenFile, errno);
      }
      const off_t hole = lseek(from_, data, SEEK_HOLE);
      if (hole < 0 && errno == ENXIO) break;  // cut meanwhile
      if (hole < 0) return ErrnoStatus(kCopy, kOpenFile, errno);
      if (static_cast<uint64_t>(data) >= info_.size) break;  // grown meanwhile
      const uint64_t end = std::min(static_cast<uint64_t>(hole), info_.size);
      if (absl::Status s = Range(static_cast<uint64_t>(data), end); !s.ok()) return s;
      at = end;
    }
    // A hole at the end is nothing but a length.
    if (Uninterrupted([&] { return ftruncate(to_, static_cast<off_t>(info_.size)); }) != 0) {
      return ErrnoStatus(kCopy, kOpenFile, errno);
    }
    return Report(info_.size);
  }

  // The bytes from at to end, inside the kernel as far as it offers that.
  absl::Status Range(uint64_t at, uint64_t end) {
    while (at < end) {
      auto in = static_cast<off_t>(at);
      auto out = static_cast<off_t>(at);
      const size_t step = std::min(end - at, kKernelStep);
      const ssize_t n =
          Uninterrupted([&] { return copy_file_range(from_, &in, to_, &out, step, 0); });
      if (n < 0) {
        switch (errno) {
          case EXDEV:
          case EINVAL:
          case EOPNOTSUPP:
          case ENOSYS:
          case EPERM:  // what seccomp filters of containers say
            return ThroughBuffer(at, end);
          default:
            return ErrnoStatus(kCopy, kOpenFile, errno);
        }
      }
      // The end came early: the file was cut, or it is one of those that copy_file_range takes for
      // empty (/proc, some FUSE). Reading tells the two apart.
      if (n == 0) return ThroughBuffer(at, end);
      at += static_cast<uint64_t>(n);
      if (absl::Status s = Report(at); !s.ok()) return s;
    }
    return absl::OkStatus();
  }

  absl::Status ThroughBuffer(uint64_t at, uint64_t end) {
    const auto buffer = std::make_unique_for_overwrite<char[]>(kBufferStep);
    while (at < end) {
      const size_t step = std::min<uint64_t>(end - at, kBufferStep);
      const ssize_t n = PositionedRead(from_, buffer.get(), step, at);
      if (n < 0) return ErrnoStatus(kCopy, kOpenFile, errno);
      if (n == 0) break;
      if (!PositionedWrite(to_, buffer.get(), static_cast<size_t>(n), at)) {
        return ErrnoStatus(kCopy, kOpenFile, errno);
      }
      at += static_cast<uint64_t>(n);
      if (absl::Status s = Report(at); !s.ok()) return s;
    }
    return absl::OkStatus();
  }

  absl::Status Report(uint64_t done) const {
    if (progress_ && !progress_(done)) return absl::CancelledError("copying was cancelled");
    return absl::OkStatus();
  }

  const int from_;
  const FileInfo& info_;
  const int to_;
  const CopyProgress& progress_;
};

}  // namespace

absl::StatusOr<File> OpenFile(const Dir& dir, const std::string& name) {
  if (Fault()) return PlayedFault("open", name);
  if (!IsPlainName(name)) return BadName("open", name);
  // O_NONBLOCK: a pipe put in the place of the file would hold us until somebody writes into it.
  const int fd = Uninterrupted([&] {
    return openat(Fd(dir), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  });
  if (fd < 0) {
    // ELOOP: a link; ENXIO: a socket or a device without a driver (open(2)).
    if (errno != ELOOP && errno != ENXIO) return ErrnoStatus("open", name, errno);
    return Refusal(absl::StatusCode::kFailedPrecondition, "open", name, "it is not a plain file");
  }
  File file(fd);
  struct stat found;
  if (fstat(fd, &found) != 0) return ErrnoStatus("open", name, errno);
  if (!S_ISREG(found.st_mode)) {
    return Refusal(absl::StatusCode::kFailedPrecondition, "open", name, "it is not a plain file");
  }
  return file;
}

absl::StatusOr<File> CreateFile(const Dir& dir, const std::string& name, uint32_t permissions) {
  if (Fault()) return PlayedFault("create", name);
  if (!IsPlainName(name)) return BadName("create", name);
  // O_EXCL never follows a link, even a dangling one (open(2)).
  const int fd = Uninterrupted([&] {
    return openat(Fd(dir), name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                  permissions);
  });
  if (fd < 0) return ErrnoStatus("create", name, errno);
  return File(fd);
}

absl::StatusOr<size_t> Read(const File& file, void* buffer, size_t size) {
  if (Fault()) return PlayedFault("read", kOpenFile);
  const ssize_t n = Uninterrupted([&] { return read(Fd(file), buffer, size); });
  if (n < 0) return ErrnoStatus("read", kOpenFile, errno);
  return static_cast<size_t>(n);
}

absl::StatusOr<size_t> ReadAt(const File& file, uint64_t offset, void* buffer, size_t size) {
  if (Fault()) return PlayedFault("read", kOpenFile);
  size_t got = 0;
  while (got < size) {
    const ssize_t n =
        PositionedRead(Fd(file), static_cast<char*>(buffer) + got, size - got, offset + got);
    if (n < 0) return ErrnoStatus("read", kOpenFile, errno);
    if (n == 0) break;
    got += static_cast<size_t>(n);
  }
  return got;
}

absl::Status WriteAll(const File& file, const void* bytes, size_t size) {
  if (Fault()) return PlayedFault("write", kOpenFile);
  const char* at = static_cast<const char*>(bytes);
  while (size > 0) {
    const ssize_t n = Uninterrupted([&] { return write(Fd(file), at, size); });
    if (n < 0) return ErrnoStatus("write", kOpenFile, errno);
    at += n;
    size -= static_cast<size_t>(n);
  }
  return absl::OkStatus();
}

absl::Status Truncate(const File& file, uint64_t size) {
  if (Fault()) return PlayedFault("set size of", kOpenFile);
  if (Uninterrupted([&] { return ftruncate(Fd(file), static_cast<off_t>(size)); }) == 0) {
    return absl::OkStatus();
  }
  return ErrnoStatus("set size of", kOpenFile, errno);
}

absl::Status Flush(const File& file) {
  if (Fault()) return PlayedFault("flush", kOpenFile);
  // fsync rather than fdatasync: permissions and times of a record are part of it.
  if (Uninterrupted([&] { return fsync(Fd(file)); }) == 0) return absl::OkStatus();
  return ErrnoStatus("flush", kOpenFile, errno);
}

void DropCache(const File& file) { posix_fadvise(Fd(file), 0, 0, POSIX_FADV_DONTNEED); }

absl::Status FlushFileSystem(const Dir& dir) {
  if (Fault()) return PlayedFault("flush file system of", ".");
  if (Uninterrupted([&] { return syncfs(Fd(dir)); }) == 0) return absl::OkStatus();
  return ErrnoStatus("flush file system of", ".", errno);
}

absl::Status CopyContent(const File& from, const FileInfo& from_info, const File& to,
                         const CopyProgress& progress) {
  if (Fault()) return PlayedFault(kCopy, kOpenFile);
  return Copy(Fd(from), from_info, Fd(to), progress).Run();
}

}  // namespace syncline::platform
