// Permissions, times and extended attributes on Linux.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "sdk/platform/linux_calls.h"

namespace syncline::platform {
namespace {

constexpr std::string_view kUserPrefix = "user.";

std::array<timespec, 2> OnlyModified(int64_t ns) {
  constexpr int64_t kSecond = 1'000'000'000;
  int64_t seconds = ns / kSecond;
  int64_t rest = ns % kSecond;
  if (rest < 0) {  // before 1970: tv_nsec is never negative
    rest += kSecond;
    --seconds;
  }
  return {timespec{0, UTIME_OMIT}, timespec{seconds, rest}};
}

// Calls get(buffer, size) until the buffer is large enough: the answer may grow between asking for
// its size and asking for it. nullopt: failed, see errno.
template <typename Get>
std::optional<std::string> Growing(Get get) {
  std::string answer(1024, '\0');
  while (true) {
    const ssize_t n = get(answer.data(), answer.size());
    if (n >= 0) {
      answer.resize(static_cast<size_t>(n));
      return answer;
    }
    // 64 KiB is the most that xattr(7) allows for names as for a value.
    if (errno != ERANGE || answer.size() > 256 * 1024) return std::nullopt;
    answer.resize(answer.size() * 4);
  }
}

bool IsFull(const Handle& handle) {
  struct statvfs found;
  return fstatvfs(Fd(handle), &found) == 0 && found.f_bavail == 0;
}

}  // namespace

absl::Status SetPermissions(const Handle& handle, uint32_t permissions) {
  if (Fault()) return PlayedFault("set permissions of", "open file");
  if (Uninterrupted([&] { return fchmod(Fd(handle), permissions); }) == 0) return absl::OkStatus();
  return ErrnoStatus("set permissions of", "open file", errno);
}

absl::Status SetPermissionsAt(const Dir& dir, const std::string& name, uint32_t permissions) {
  if (Fault()) return PlayedFault("set permissions of", name);
  if (!IsPlainName(name)) return BadName("set permissions of", name);
  // glibc since 2.32 honours the flag: it opens the name with O_PATH | O_NOFOLLOW and refuses a
  // link with EOPNOTSUPP, or leaves both to the kernel (fchmodat2, Linux 6.6).
  if (Uninterrupted(
          [&] { return fchmodat(Fd(dir), name.c_str(), permissions, AT_SYMLINK_NOFOLLOW); }) == 0) {
    return absl::OkStatus();
  }
  return ErrnoStatus("set permissions of", name, errno);
}

absl::Status SetModified(const Handle& handle, int64_t modified_ns) {
  if (Fault()) return PlayedFault("set time of", "open file");
  const auto times = OnlyModified(modified_ns);
  if (Uninterrupted([&] { return futimens(Fd(handle), times.data()); }) == 0) {
    return absl::OkStatus();
  }
  return ErrnoStatus("set time of", "open file", errno);
}

absl::Status SetModifiedAt(const Dir& dir, const std::string& name, int64_t modified_ns) {
  if (Fault()) return PlayedFault("set time of", name);
  if (!IsPlainName(name)) return BadName("set time of", name);
  const auto times = OnlyModified(modified_ns);
  if (Uninterrupted([&] {
        return utimensat(Fd(dir), name.c_str(), times.data(), AT_SYMLINK_NOFOLLOW);
      }) == 0) {
    return absl::OkStatus();
  }
  return ErrnoStatus("set time of", name, errno);
}

absl::StatusOr<UserAttributes> ReadUserAttributes(const Handle& handle) {
  if (Fault()) return PlayedFault("read attributes of", "open file");
  const int fd = Fd(handle);
  UserAttributes attributes;
  const auto names = Growing([&](char* b, size_t size) { return flistxattr(fd, b, size); });
  if (!names) {
    if (errno == EOPNOTSUPP || errno == ENOSYS) return attributes;
    return ErrnoStatus("read attributes of", "open file", errno);
  }
  for (size_t at = 0; at < names->size();) {
    const char* name = names->c_str() + at;  // the list is names each ended by NUL
    const std::string_view text(name);
    at += text.size() + 1;
    if (text.substr(0, kUserPrefix.size()) != kUserPrefix) continue;
    auto value = Growing([&](char* b, size_t size) { return fgetxattr(fd, name, b, size); });
    if (value) {
      attributes.emplace_back(text.substr(kUserPrefix.size()), *std::move(value));
    } else if (errno != ENODATA) {  // ENODATA: removed since it was listed
      return ErrnoStatus("read attribute", name, errno);
    }
  }
  std::sort(attributes.begin(), attributes.end());
  return attributes;
}

absl::Status WriteUserAttributes(const Handle& handle, const UserAttributes& attributes) {
  absl::StatusOr<UserAttributes> present = ReadUserAttributes(handle);
  if (!present.ok()) return present.status();
  const int fd = Fd(handle);
  std::map<std::string, std::string> wanted(attributes.begin(), attributes.end());
  // What is too much goes first, so that it does not take the room of what is wanted.
  for (const auto& [name, value] : *present) {
    const auto found = wanted.find(name);
    if (found == wanted.end()) {
      const std::string full = std::string(kUserPrefix) + name;
      if (fremovexattr(fd, full.c_str()) != 0 && errno != ENODATA) {
        return ErrnoStatus("remove attribute", full, errno);
      }
    } else if (found->second == value) {
      wanted.erase(found);
    }
  }
  for (const auto& [name, value] : wanted) {
    const std::string full = std::string(kUserPrefix) + name;
    if (HasNul(full)) return BadName("write attribute", full);
    if (fsetxattr(fd, full.c_str(), value.data(), value.size(), 0) == 0) continue;
    const int error = errno;
    // ext4 says ENOSPC for what does not fit beside the inode, on an empty disk too.
    if (error == E2BIG || error == ERANGE || (error == ENOSPC && !IsFull(handle))) {
      return Refusal(absl::StatusCode::kInvalidArgument, "write attribute", full,
                     "larger than this file system keeps with a file");
    }
    return ErrnoStatus("write attribute", full, error);
  }
  return absl::OkStatus();
}

}  // namespace syncline::platform
