// Whole small files: read, write, exchange, tidy up.
#include "plugins/record_files/content.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "plugins/record_files/refusal.h"
#include "sdk/platform/clock.h"

namespace syncline::record_files {
namespace {

using platform::Dir;
using platform::File;
using platform::FileInfo;
using platform::Rename;
using platform::Replace;

// Two writes within one tick of the clock that file times are taken from (up to 10 ms, at 100 Hz)
// can the same times.
constexpr absl::Duration kTick = absl::Milliseconds(20);

constexpr int kReads = 3;  // of a file that changes while it is read
constexpr int kMostRecovered = 100;

// What an exchange is expected to bring out, as far as a rename leaves it alone.
uint64_t Mark(const FileInfo& info) {
  const uint64_t parts[] = {info.file_id, info.size, static_cast<uint64_t>(info.modified_ns)};
  return XXH3_64bits(parts, sizeof(parts));
}

absl::Duration Age(const FileInfo& info) {
  return platform::Clock::Real()->Now() -
         absl::FromUnixNanos(std::max(info.changed_ns, info.modified_ns));
}

absl::StatusOr<FileBytes> ReadOnce(const Dir& dir, const std::string& name, uint64_t limit) {
  const absl::StatusOr<File> file = platform::OpenFile(dir, name);
  if (!file.ok()) return file.status();
  FileBytes out;
  absl::Status status = platform::StatHandle(*file, &out.info);
  if (!status.ok()) return status;
  if (out.info.size > limit) return absl::OutOfRangeError("the file is too large");
  // One byte more than it should have: a short read is its end, and no second one is needed.
  out.bytes.resize(static_cast<size_t>(out.info.size) + 1);
  size_t filled = 0;
  while (filled < out.bytes.size()) {
    const absl::StatusOr<size_t> got =
        platform::Read(*file, out.bytes.data() + filled, out.bytes.size() - filled);
    if (!got.ok()) return got.status();
    filled += *got;
    if (*got == 0 || filled == out.info.size) break;
  }
  out.bytes.resize(filled);
  FileInfo after;
  status = platform::StatHandle(*file, &after);
  if (!status.ok()) return status;
  if (!Untouched(out.info, after) || filled != out.info.size) {
    return absl::AbortedError("the file changes while it is read");
  }
  return out;
}

}  // namespace

absl::StatusOr<FileBytes> ReadBytes(const Dir& dir, const std::string& name, uint64_t limit) {
  for (int attempt = 1;; ++attempt) {
    absl::StatusOr<FileBytes> out = ReadOnce(dir, name, limit);
    if (!absl::IsAborted(out.status()) || attempt == kReads) return out;
    platform::Clock::Real()->Sleep(kTick);
  }
}

bool SameContent(const FileInfo& a, const FileInfo& b) {
  return a.type == b.type && a.file_id == b.file_id && a.device == b.device && a.size == b.size &&
         a.modified_ns == b.modified_ns;
}

bool Untouched(const FileInfo& a, const FileInfo& b) {
  return SameContent(a, b) && a.changed_ns == b.changed_ns;
}

bool IsFresh(const FileInfo& info) {
  const absl::Duration age = Age(info);
  return age > -kTick && age < kTick;
}

void WaitForTick(const FileInfo& info) {
  if (IsFresh(info)) platform::Clock::Real()->Sleep(kTick - Age(info));
}

std::string IdentityOf(const FileInfo& info) {
  std::string out;
  if (info.links > 1) return out;
  const auto append = [&out](uint64_t value) {
    for (int i = 0; i < 8; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
  };
  append(info.file_id);
  append(static_cast<uint64_t>(info.born_ns));
  if (info.born_ns == 0) {
    // Without a birth time a freed inode comes back with another file: size and time tell them
    // apart.
    append(info.size);
    append(static_cast<uint64_t>(info.modified_ns));
  }
  return out;
}

Temporaries::Temporaries(const Host& host) {
  const std::string owner = Join({host.Setting("item"), "/", host.Setting("side")});
  prefix_ = absl::StrFormat(".syncline-part-%016x-", XXH3_64bits(owner.data(), owner.size()));
}

std::string Temporaries::NewName(const FileInfo* replaced) {
  std::string name = Join({prefix_, std::to_string(++counter_)});
  if (replaced != nullptr) {
    name += absl::StrFormat("-%x-%016x", replaced->file_id, Mark(*replaced));
  }
  return name;
}

std::optional<std::string> Temporaries::TidyUp(const Dir& dir, const std::string& name,
                                               std::string_view extension) const {
  FileInfo info;
  if (!platform::Stat(dir, name.c_str(), &info).ok()) return std::nullopt;
  std::string_view rest = std::string_view(name).substr(prefix_.size());
  const size_t inode_at = rest.find('-');
  if (inode_at != std::string_view::npos) {
    rest.remove_prefix(inode_at + 1);
    const size_t mark_at = std::min(rest.find('-'), rest.size());
    uint64_t inode = 0;
    uint64_t mark = 0;
    std::from_chars(rest.data(), rest.data() + mark_at, inode, 16);
    if (mark_at < rest.size()) {
      std::from_chars(rest.data() + mark_at + 1, rest.data() + rest.size(), mark, 16);
    }
    if (info.file_id == inode && mark != Mark(info)) {
      for (int number = 1; number <= kMostRecovered; ++number) {
        const std::string count = number == 1 ? "" : Join({" ", std::to_string(number)});
        std::string visible = Join({"recovered by Syncline", count, extension});
        if (Rename(dir, name, dir, visible, Replace::kNever).ok()) return visible;
      }
      return std::nullopt;
    }
  }
  platform::RemoveFile(dir, name).IgnoreError();
  return std::nullopt;
}

absl::Status WriteFile(const Dir& dir, const std::string& name, std::string_view bytes,
                       const FileInfo* replaced, const std::string& replaced_name) {
  const absl::StatusOr<File> file =
      platform::CreateFile(dir, name, replaced == nullptr ? 0666 : 0600);
  if (!file.ok()) return file.status();
  absl::Status status = platform::WriteAll(*file, bytes.data(), bytes.size());
  if (status.ok() && replaced != nullptr) {
    // Attributes of a person or a program (tags, a comment) are kept where the disk has them.
    if (const absl::StatusOr<File> old = platform::OpenFile(dir, replaced_name); old.ok()) {
      const absl::StatusOr<platform::UserAttributes> kept = platform::ReadUserAttributes(*old);
      if (kept.ok() && !kept->empty()) platform::WriteUserAttributes(*file, *kept).IgnoreError();
    }
    status = platform::SetPermissions(*file, replaced->permissions & 0777);
  }
  if (!status.ok()) platform::RemoveFile(dir, name).IgnoreError();
  return status;
}

absl::StatusOr<bool> Exchange(
    const Dir& dir, const std::string& temporary, const std::string& name,
    const std::function<bool(const std::string& name, const FileInfo& info)>& is_expected) {
  FileInfo info;
  absl::Status status = platform::Stat(dir, name.c_str(), &info);
  if (absl::IsNotFound(status)) return false;
  if (!status.ok()) return status;
  if (!is_expected(name, info)) return false;
  status = Rename(dir, temporary, dir, name, Replace::kExchange);
  if (absl::IsUnimplemented(status) || absl::IsInvalidArgument(status)) {
    status = Rename(dir, temporary, dir, name, Replace::kAlways);
    if (!status.ok()) return status;
    return true;
  }
  if (absl::IsNotFound(status)) return false;
  if (!status.ok()) return status;
  // Between the look and the exchange somebody may have written: only what came out tells. One
  // failure to look is not taken for an answer.
  status = platform::Stat(dir, temporary.c_str(), &info);
  if (!status.ok()) status = platform::Stat(dir, temporary.c_str(), &info);
  if (status.ok() && is_expected(temporary, info)) {
    // What cannot be removed is left to the next sync, which tidies up.
    if (!platform::RemoveFile(dir, temporary).ok()) {
      platform::RemoveFile(dir, temporary).IgnoreError();
    }
    return true;
  }
  status = Rename(dir, temporary, dir, name, Replace::kExchange);
  if (!status.ok()) return absl::DataLossError(status.message());
  return false;
}

}  // namespace syncline::record_files
