// Folders and looking at what is in them, on Linux. Stat is the hottest call of a sync without
// changes: on success it makes one system call and allocates nothing.
#include <dirent.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>

#include "sdk/platform/linux_calls.h"

namespace syncline::platform {
namespace {

constexpr unsigned kStatFields = STATX_BASIC_STATS | STATX_BTIME;

int64_t Nanoseconds(const statx_timestamp& t) {
  // int64 nanoseconds end in 2262 and begin in 1677; ext4 and XFS reach further.
  constexpr int64_t kLimit = std::numeric_limits<int64_t>::max() / 1'000'000'000 - 1;
  return std::clamp<int64_t>(t.tv_sec, -kLimit, kLimit) * 1'000'000'000 + t.tv_nsec;
}

FileType TypeOfMode(unsigned mode) {
  switch (mode & S_IFMT) {
    case S_IFREG:
      return FileType::kFile;
    case S_IFDIR:
      return FileType::kFolder;
    case S_IFLNK:
      return FileType::kLink;
    default:
      return FileType::kOther;
  }
}

void Fill(const struct statx& from, FileInfo* info) {
  info->type = TypeOfMode(from.stx_mode);
  info->permissions = from.stx_mode & 07777;
  info->owner = from.stx_uid;
  info->group = from.stx_gid;
  info->links = from.stx_nlink;
  info->size = from.stx_size;
  info->allocated = from.stx_blocks * 512;  // the unit is 512 whatever the block size (statx(2))
  info->file_id = from.stx_ino;
  info->device = makedev(from.stx_dev_major, from.stx_dev_minor);
  info->modified_ns = Nanoseconds(from.stx_mtime);
  info->changed_ns = Nanoseconds(from.stx_ctime);
  info->born_ns = (from.stx_mask & STATX_BTIME) != 0 ? Nanoseconds(from.stx_btime) : 0;
}

FileType TypeOfEntry(unsigned char type) {
  switch (type) {
    case DT_REG:
      return FileType::kFile;
    case DT_DIR:
      return FileType::kFolder;
    case DT_LNK:
      return FileType::kLink;
    default:
      return FileType::kOther;
  }
}

}  // namespace

Handle& Handle::operator=(Handle&& other) noexcept {
  if (this != &other) {
    Close();
    native_ = std::exchange(other.native_, -1);
  }
  return *this;
}

void Handle::Close() {
  // Not repeated after EINTR: Linux has released the descriptor by then (close(2)).
  if (valid()) close(static_cast<int>(std::exchange(native_, -1)));
}

absl::StatusOr<Dir> OpenDir(const std::string& path) {
  if (Fault()) return PlayedFault("open folder", path);
  if (HasNul(path)) return BadName("open folder", path);
  const int fd =
      Uninterrupted([&] { return open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
  if (fd < 0) return ErrnoStatus("open folder", path, errno);
  return Dir(fd);
}

absl::StatusOr<Dir> OpenDirAt(const Dir& dir, const std::string& name) {
  if (Fault()) return PlayedFault("open folder", name);
  if (!IsPlainName(name)) return BadName("open folder", name);
  const int fd = Uninterrupted([&] {
    return openat(Fd(dir), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  });
  if (fd < 0) return ErrnoStatus("open folder", name, errno);
  return Dir(fd);
}

absl::StatusOr<Dir> Duplicate(const Dir& dir) {
  // Opened anew rather than dup'ed: two descriptors of one open file share the position, and two
  // threads listing the folder would each get a part of the names.
  if (Fault()) return PlayedFault("open folder", ".");
  const int fd =
      Uninterrupted([&] { return openat(Fd(dir), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
  if (fd < 0) return ErrnoStatus("open folder", ".", errno);
  return Dir(fd);
}

absl::Status ListDir(const Dir& dir, DirListing* listing) {
  listing->names.clear();
  listing->entries.clear();
  if (Fault()) return PlayedFault("list folder", ".");
  // Directly through getdents64: readdir(3) costs a copy and a call for each entry.
  alignas(dirent64) std::array<char, 64 * 1024> buffer;
  ssize_t filled = lseek(Fd(dir), 0, SEEK_SET);
  while (filled >= 0) {
    filled = Uninterrupted([&] { return getdents64(Fd(dir), buffer.data(), buffer.size()); });
    if (filled == 0) return absl::OkStatus();
    for (ssize_t at = 0; at < filled;) {
      const auto* entry = reinterpret_cast<const dirent64*>(buffer.data() + at);
      at += entry->d_reclen;
      const char* name = entry->d_name;
      if (name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0))) continue;
      const size_t length = std::strlen(name);
      if (listing->names.size() + length > std::numeric_limits<uint32_t>::max()) {
        *listing = DirListing();
        return Refusal(absl::StatusCode::kInvalidArgument, "list folder", ".",
                       "its names are more than 4 GiB together");
      }
      listing->entries.push_back({static_cast<uint32_t>(listing->names.size()),
                                  static_cast<uint16_t>(length), TypeOfEntry(entry->d_type)});
      listing->names.append(name, length);
    }
  }
  const int error = errno;
  listing->names.clear();
  listing->entries.clear();
  return ErrnoStatus("list folder", ".", error);
}

absl::Status MakeDir(const Dir& dir, const std::string& name, uint32_t permissions) {
  if (Fault()) return PlayedFault("create folder", name);
  if (!IsPlainName(name)) return BadName("create folder", name);
  if (mkdirat(Fd(dir), name.c_str(), permissions) == 0) return absl::OkStatus();
  return ErrnoStatus("create folder", name, errno);
}

absl::Status RemoveDir(const Dir& dir, const std::string& name) {
  if (Fault()) return PlayedFault("remove folder", name);
  if (!IsPlainName(name)) return BadName("remove folder", name);
  if (unlinkat(Fd(dir), name.c_str(), AT_REMOVEDIR) == 0) return absl::OkStatus();
  // "." and ".." give EINVAL and ENOTEMPTY; some file systems say EEXIST for not empty (rmdir(2)).
  return ErrnoStatus("remove folder", name, errno == EEXIST ? ENOTEMPTY : errno);
}

absl::Status Stat(const Dir& dir, const char* name, FileInfo* info) {
  if (Fault()) return PlayedFault("look at", name);
  if (std::strchr(name, '/') != nullptr) return BadName("look at", name);
  struct statx found;
  // Without AT_STATX_DONT_SYNC: it saves nothing on a local file system and shows a network file
  // system's stale answer, on which a conditional write must not rely.
  if (statx(Fd(dir), name, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, kStatFields, &found) != 0) {
    return ErrnoStatus("look at", name, errno);
  }
  Fill(found, info);
  return absl::OkStatus();
}

absl::Status StatHandle(const Handle& handle, FileInfo* info) {
  if (Fault()) return PlayedFault("look at", "open file");
  struct statx found;
  if (statx(Fd(handle), "", AT_EMPTY_PATH, kStatFields, &found) != 0) {
    return ErrnoStatus("look at", "open file", errno);
  }
  Fill(found, info);
  return absl::OkStatus();
}

absl::StatusOr<FileInfo> StatPath(const std::string& path) {
  if (Fault()) return PlayedFault("look at", path);
  if (HasNul(path)) return BadName("look at", path);
  struct statx found;
  if (statx(AT_FDCWD, path.c_str(), 0, kStatFields, &found) != 0) {
    return ErrnoStatus("look at", path, errno);
  }
  FileInfo info;
  Fill(found, &info);
  return info;
}

absl::StatusOr<std::string> ReadLink(const Dir& dir, const std::string& name) {
  if (Fault()) return PlayedFault("read link", name);
  if (!IsPlainName(name)) return BadName("read link", name);
  // st_size of a link is not the length of its target everywhere (/proc says 0), so the buffer
  // grows until the answer leaves room in it.
  std::string target(256, '\0');
  while (true) {
    const ssize_t length = readlinkat(Fd(dir), name.c_str(), target.data(), target.size());
    if (length < 0) {
      if (errno != EINVAL) return ErrnoStatus("read link", name, errno);
      return Refusal(absl::StatusCode::kFailedPrecondition, "read link", name, "it is not a link");
    }
    if (static_cast<size_t>(length) < target.size()) {
      target.resize(static_cast<size_t>(length));
      return target;
    }
    target.resize(target.size() * 4);
  }
}

absl::StatusOr<uint64_t> FileSystemId(const Dir& dir) {
  if (Fault()) return PlayedFault("look at file system of", ".");
  struct statfs found;
  if (Uninterrupted([&] { return fstatfs(Fd(dir), &found); }) != 0) {
    return ErrnoStatus("look at file system of", ".", errno);
  }
  uint64_t id = 0;
  static_assert(sizeof(found.f_fsid) == sizeof(id));
  std::memcpy(&id, &found.f_fsid, sizeof(id));
  if (id != 0) return id;
  struct stat folder;
  if (fstat(Fd(dir), &folder) != 0) return ErrnoStatus("look at file system of", ".", errno);
  return folder.st_dev;
}

bool IgnoresCase(const Dir& dir) {
  if (Fault()) return false;
  int flags = 0;
  // ext4 and f2fs mark each folder that ignores case (chattr +F).
  if (ioctl(Fd(dir), FS_IOC_GETFLAGS, &flags) == 0 && (flags & FS_CASEFOLD_FL) != 0) return true;
  struct statfs found;
  if (Uninterrupted([&] { return fstatfs(Fd(dir), &found); }) != 0) return false;
  // Those that <linux/magic.h> does not name are from statfs(2) and the kernel's fs/*. Some of them
  // can be mounted to respect case; taking them for ignoring it costs a needless question at most.
  switch (static_cast<uint32_t>(found.f_type)) {
    case MSDOS_SUPER_MAGIC:  // vfat too
    case 0x2011BAB0:         // exfat
    case 0x5346544E:         // ntfs
    case 0x7366746E:         // ntfs3
    case 0xFF534D42:         // cifs
    case 0xFE534D42:         // smb2
    case SMB_SUPER_MAGIC:
    case 0x4244:  // hfs
    case 0x482B:  // hfs+
      return true;
    default:
      return false;
  }
}

absl::StatusOr<uint64_t> FreeBytes(const Dir& dir) {
  if (Fault()) return PlayedFault("look at file system of", ".");
  struct statvfs found;
  if (Uninterrupted([&] { return fstatvfs(Fd(dir), &found); }) != 0) {
    return ErrnoStatus("look at file system of", ".", errno);
  }
  return static_cast<uint64_t>(found.f_bavail) * found.f_frsize;
}

}  // namespace syncline::platform
