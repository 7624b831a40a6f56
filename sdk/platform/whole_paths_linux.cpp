// Whole paths on Linux, for Syncline's own data folder, settings and plug-in folders.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "sdk/platform/clock.h"
#include "sdk/platform/linux_calls.h"

namespace syncline::platform {

absl::Status MakeDirs(const std::string& path) {
  if (Fault()) return PlayedFault("create folder", path);
  if (path.empty() || HasNul(path)) return BadName("create folder", path);
  for (size_t slash = 0; slash != std::string::npos;) {
    slash = path.find('/', slash + 1);
    const std::string part = path.substr(0, slash);
    if (mkdir(part.c_str(), 0700) == 0) continue;
    const int error = errno;
    // A folder that is there may also be reported as EROFS, or EACCES where it cannot be written.
    struct stat found;
    if (stat(part.c_str(), &found) != 0) return ErrnoStatus("create folder", part, error);
    if (!S_ISDIR(found.st_mode)) return ErrnoStatus("create folder", part, ENOTDIR);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadWholeFile(const std::string& path, size_t limit) {
  if (Fault()) return PlayedFault("read", path);
  if (HasNul(path)) return BadName("read", path);
  const int fd = Uninterrupted(
      [&] { return open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC); });
  if (fd < 0) return ErrnoStatus("read", path, errno);
  const File file(fd);
  struct stat found;
  if (fstat(fd, &found) != 0) return ErrnoStatus("read", path, errno);
  if (S_ISDIR(found.st_mode)) return ErrnoStatus("read", path, EISDIR);
  std::string bytes;
  // One byte more than is there, so that the end is seen without growing; the size is only a hint.
  size_t room = std::min(limit, static_cast<size_t>(found.st_size)) + 1;
  size_t done = 0;
  while (true) {
    bytes.resize(room);
    const ssize_t n = Uninterrupted([&] { return read(fd, &bytes[done], room - done); });
    if (n < 0) return ErrnoStatus("read", path, errno);
    done += static_cast<size_t>(n);
    if (done > limit) {
      return Refusal(absl::StatusCode::kInvalidArgument, "read", path,
                     absl::StrCat("it is larger than ", limit, " bytes"));
    }
    if (n == 0) break;
    if (done == room) room = std::min(limit + 1, room * 2 + 4096);
  }
  bytes.resize(done);
  return bytes;
}

absl::Status WriteWholeFile(const std::string& path, std::string_view bytes, uint32_t permissions) {
  // Made of the door's own operations, so that a test can stop it at each of them.
  absl::StatusOr<Dir> dir = OpenDir(ParentPath(path));
  if (!dir.ok()) return dir.status();
  const std::string temporary = absl::StrCat(".syncline-", RandomHex(8));
  absl::StatusOr<File> file = CreateFile(*dir, temporary, permissions);
  if (!file.ok()) return file.status();
  absl::Cleanup remove = [&] { unlinkat(Fd(*dir), temporary.c_str(), 0); };
  if (absl::Status s = WriteAll(*file, bytes.data(), bytes.size()); !s.ok()) return s;
  if (absl::Status s = Flush(*file); !s.ok()) return s;
  absl::Status renamed = Rename(*dir, temporary, *dir, BaseName(path), Replace::kAlways);
  if (!renamed.ok()) return renamed;
  std::move(remove).Cancel();
  // The new name is durable once the folder is.
  if (Uninterrupted([&] { return fsync(Fd(*dir)); }) != 0) return ErrnoStatus("flush", path, errno);
  return absl::OkStatus();
}

absl::Status RenamePath(const std::string& from, const std::string& to) {
  if (Fault()) return PlayedFault("rename", from);
  if (HasNul(from) || HasNul(to)) return BadName("rename", from);
  if (std::rename(from.c_str(), to.c_str()) == 0) return absl::OkStatus();
  return ErrnoStatus("rename", absl::StrCat(from, "' to '", to), errno);
}

absl::Status RemovePath(const std::string& path) {
  if (Fault()) return PlayedFault("remove", path);
  if (HasNul(path)) return BadName("remove", path);
  if (unlink(path.c_str()) == 0) return absl::OkStatus();
  return ErrnoStatus("remove", path, errno);
}

absl::StatusOr<std::string> RealPath(const std::string& path) {
  if (Fault()) return PlayedFault("find", path);
  if (HasNul(path)) return BadName("find", path);
  const std::unique_ptr<char, decltype(&std::free)> real(realpath(path.c_str(), nullptr),
                                                         &std::free);
  if (real == nullptr) return ErrnoStatus("find", path, errno);
  return std::string(real.get());
}

}  // namespace syncline::platform
