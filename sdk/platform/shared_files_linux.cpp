// Files that processes share on Linux: a lock, and a note that outlives its writer.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>

#include "absl/strings/str_cat.h"
#include "sdk/platform/linux_calls.h"
#include "sdk/platform/process.h"

namespace syncline::platform {
namespace {

constexpr size_t kNoteLimit = 4096;

int OpenShared(const std::string& path) {
  return Uninterrupted(
      [&] { return open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600); });
}

struct Page {
  uint32_t length;  // of bytes; 0 while they are being replaced
  char bytes[SharedNote::kSize - sizeof(uint32_t)];
};
static_assert(sizeof(Page) == SharedNote::kSize);

class LinuxSharedNote : public SharedNote {
 public:
  explicit LinuxSharedNote(Page* page) : page_(page) {}
  ~LinuxSharedNote() override { munmap(page_, sizeof(Page)); }

  void Set(std::string_view text) override {
    const size_t length = std::min(text.size(), sizeof(page_->bytes));
    // The order is what makes a note whole or empty after a kill in between: an acquiring exchange,
    // unlike a plain store, keeps the copy behind it.
    std::atomic_ref<uint32_t>(page_->length).exchange(0, std::memory_order_acq_rel);
    std::memcpy(page_->bytes, text.data(), length);
    SetLength(static_cast<uint32_t>(length));
  }

  void Clear() override { SetLength(0); }

 private:
  void SetLength(uint32_t length) {
    std::atomic_ref<uint32_t>(page_->length).store(length, std::memory_order_release);
  }

  Page* const page_;
};

}  // namespace

absl::StatusOr<LockFile> LockFile::Acquire(const std::string& path, std::string_view note) {
  if (Fault()) return PlayedFault("lock", path);
  if (HasNul(path)) return BadName("lock", path);
  Handle file(OpenShared(path));
  if (!file.valid()) return ErrnoStatus("lock", path, errno);
  // A lock of the open file, not of the process: closing another descriptor of the same file does
  // not release it (fcntl(2), "Open file description locks").
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  if (Uninterrupted([&] { return fcntl(Fd(file), F_OFD_SETLK, &lock); }) != 0) {
    if (errno != EAGAIN && errno != EACCES) return ErrnoStatus("lock", path, errno);
    std::string holder(kNoteLimit, '\0');
    const ssize_t n =
        Uninterrupted([&] { return pread(Fd(file), holder.data(), holder.size(), 0); });
    holder.resize(n > 0 ? static_cast<size_t>(n) : 0);
    return absl::FailedPreconditionError(holder);
  }
  note = note.substr(0, kNoteLimit);
  if (Uninterrupted([&] { return ftruncate(Fd(file), 0); }) != 0 ||
      Uninterrupted([&] { return pwrite(Fd(file), note.data(), note.size(), 0); }) < 0) {
    return ErrnoStatus("lock", path, errno);
  }
  return LockFile(std::move(file));
}

absl::StatusOr<std::unique_ptr<SharedNote>> SharedNote::Open(const std::string& path) {
  if (Fault()) return PlayedFault("open note", path);
  if (HasNul(path)) return BadName("open note", path);
  const Handle file(OpenShared(path));
  if (!file.valid()) return ErrnoStatus("open note", path, errno);
  // Really allocated: writing to a mapped hole on a full disk would end this process with SIGBUS.
  int error = 0;
  do {
    error = posix_fallocate(Fd(file), 0, sizeof(Page));
  } while (error == EINTR);
  if (error != 0) return ErrnoStatus("open note", path, error);
  void* page = mmap(nullptr, sizeof(Page), PROT_READ | PROT_WRITE, MAP_SHARED, Fd(file), 0);
  if (page == MAP_FAILED) return ErrnoStatus("open note", path, errno);
  return std::make_unique<LinuxSharedNote>(static_cast<Page*>(page));
}

std::string SharedNote::Read(const std::string& path) {
  if (Fault()) return "";
  const Handle file(Uninterrupted(
      [&] { return open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC); }));
  if (!file.valid()) return "";
  std::string bytes(sizeof(Page), '\0');
  const ssize_t n = Uninterrupted([&] { return pread(Fd(file), bytes.data(), bytes.size(), 0); });
  uint32_t length = 0;
  if (n != static_cast<ssize_t>(sizeof(Page))) return "";
  std::memcpy(&length, bytes.data(), sizeof(length));
  if (length > sizeof(Page::bytes)) return "";
  return bytes.substr(offsetof(Page, bytes), length);
}

}  // namespace syncline::platform
