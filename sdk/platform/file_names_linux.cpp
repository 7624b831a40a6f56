// Renaming, removing and linking on Linux.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "sdk/platform/linux_calls.h"

namespace syncline::platform {
namespace {

struct Names {
  int from_dir;
  const char* from;
  int to_dir;
  const char* to;
};

// 0 or an errno value.
int PlainRename(const Names& n) {
  return renameat(n.from_dir, n.from, n.to_dir, n.to) == 0 ? 0 : errno;
}

// For file systems without RENAME_NOREPLACE (NFS, some FUSE; they answer EINVAL). A file gets the
// new name by link(2), which refuses a taken one, and then loses the old one; dying in between
// leaves one file under two names, nothing lost. Folders, and files where there are no hard links,
// are left with looking first: somebody who creates the name at that very moment loses an empty
// folder or, without hard links, a file.
int RenameWithoutFlags(const Names& n) {
  struct stat from;
  if (fstatat(n.from_dir, n.from, &from, AT_SYMLINK_NOFOLLOW) != 0) return errno;
  if (!S_ISDIR(from.st_mode)) {
    if (linkat(n.from_dir, n.from, n.to_dir, n.to, 0) == 0) {
      return unlinkat(n.from_dir, n.from, 0) == 0 ? 0 : errno;
    }
    switch (errno) {
      case EPERM:
      case EOPNOTSUPP:
      case ENOSYS:
      case EMLINK:
        break;
      default:
        return errno;
    }
  }
  struct stat to;
  if (fstatat(n.to_dir, n.to, &to, AT_SYMLINK_NOFOLLOW) == 0) return EEXIST;
  if (errno != ENOENT) return errno;
  return PlainRename(n);
}

// The name is "taken" by the very thing to be renamed, under another spelling.
bool IsChangeOfCase(const Names& n, const Dir& to_dir) {
  struct stat from;
  struct stat to;
  return std::strcmp(n.from, n.to) != 0 && IgnoresCase(to_dir) &&
         fstatat(n.from_dir, n.from, &from, AT_SYMLINK_NOFOLLOW) == 0 &&
         fstatat(n.to_dir, n.to, &to, AT_SYMLINK_NOFOLLOW) == 0 && from.st_dev == to.st_dev &&
         from.st_ino == to.st_ino;
}

int RenameNever(const Names& n, const Dir& to_dir) {
  if (renameat2(n.from_dir, n.from, n.to_dir, n.to, RENAME_NOREPLACE) == 0) return 0;
  switch (errno) {
    case EINVAL:
    case ENOSYS:
      return RenameWithoutFlags(n);
    case EEXIST:
      return IsChangeOfCase(n, to_dir) ? PlainRename(n) : EEXIST;
    default:
      return errno;
  }
}

int RenameExchange(const Names& n) {
  if (renameat2(n.from_dir, n.from, n.to_dir, n.to, RENAME_EXCHANGE) == 0) return 0;
  return errno == EINVAL ? EOPNOTSUPP : errno;
}

std::string Both(const std::string& from, const std::string& to) {
  return absl::StrCat(from, "' to '", to);
}

}  // namespace

absl::Status Rename(const Dir& from_dir, const std::string& from, const Dir& to_dir,
                    const std::string& to, Replace replace) {
  if (Fault()) return PlayedFault("rename", Both(from, to));
  if (!IsPlainName(from)) return BadName("rename", from);
  if (!IsPlainName(to)) return BadName("rename", to);
  const Names names{Fd(from_dir), from.c_str(), Fd(to_dir), to.c_str()};
  int error = 0;
  switch (replace) {
    case Replace::kNever:
      error = RenameNever(names, to_dir);
      break;
    case Replace::kAlways:
      error = PlainRename(names);
      // A folder with something in it is not replaced; some file systems say EEXIST (rename(2)).
      if (error == EEXIST) error = ENOTEMPTY;
      break;
    case Replace::kExchange:
      error = RenameExchange(names);
      break;
  }
  if (error == 0) return absl::OkStatus();
  return ErrnoStatus("rename", Both(from, to), error);
}

absl::Status RemoveFile(const Dir& dir, const std::string& name) {
  if (Fault()) return PlayedFault("remove", name);
  if (!IsPlainName(name)) return BadName("remove", name);
  if (unlinkat(Fd(dir), name.c_str(), 0) == 0) return absl::OkStatus();
  return ErrnoStatus("remove", name, errno);
}

absl::Status MakeLink(const Dir& dir, const std::string& name, const std::string& target) {
  if (Fault()) return PlayedFault("create link", name);
  if (!IsPlainName(name)) return BadName("create link", name);
  if (target.empty() || HasNul(target)) {
    return Refusal(absl::StatusCode::kInvalidArgument, "create link", name,
                   "its target is empty or holds a NUL byte");
  }
  if (symlinkat(target.c_str(), Fd(dir), name.c_str()) == 0) return absl::OkStatus();
  // EPERM: "the filesystem does not support the creation of symbolic links" (symlink(2)).
  return ErrnoStatus("create link", name, errno == EPERM ? EOPNOTSUPP : errno);
}

absl::Status MakeHardLink(const Dir& from_dir, const std::string& from, const Dir& to_dir,
                          const std::string& to) {
  if (Fault()) return PlayedFault("link", Both(from, to));
  if (!IsPlainName(from)) return BadName("link", from);
  if (!IsPlainName(to)) return BadName("link", to);
  // Without AT_SYMLINK_FOLLOW a link is linked itself.
  if (linkat(Fd(from_dir), from.c_str(), Fd(to_dir), to.c_str(), 0) == 0) return absl::OkStatus();
  // EPERM: no hard links there, or not to files of others (proc(5), protected_hardlinks).
  return ErrnoStatus("link", Both(from, to), errno == EPERM ? EOPNOTSUPP : errno);
}

}  // namespace syncline::platform
