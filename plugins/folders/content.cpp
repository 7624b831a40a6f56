// Reading what is to be stored.
#include "plugins/folders/content.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "sdk/platform/clock.h"

namespace syncline::folders {
namespace {

using platform::Dir;
using platform::File;
using platform::FileInfo;
using platform::FileType;

constexpr absl::Duration kTick = absl::Milliseconds(20);
constexpr size_t kBlock = 256 << 10;
constexpr size_t kLongestTarget = 1 << 16;

Outcome CannotFill(const absl::Status& status, std::string_view doing, std::string_view id) {
  if (absl::IsInvalidArgument(status)) {
    return Refuse(SYNCLINE_INVALID,
                  Join({Quoted(id), " is larger than a file can be on this disk."}),
                  std::string(Words(status)));
  }
  return FromSystem(status, doing);
}

}  // namespace

void WaitForTick(const FileInfo& info) {
  platform::Clock* clock = platform::Clock::Real();
  absl::Duration age =
      clock->Now() - absl::FromUnixNanos(std::max(info.changed_ns, info.modified_ns));
  if (age > -kTick && age < kTick) clock->Sleep(kTick - age);
}

bool Untouched(const FileInfo& a, const FileInfo& b) {
  return a.type == b.type && a.file_id == b.file_id && a.device == b.device && a.size == b.size &&
         a.modified_ns == b.modified_ns && a.changed_ns == b.changed_ns &&
         a.permissions == b.permissions;
}

ByteContent::ByteContent(const syncline_call* call, const syncline_byte_source* source,
                         const syncline_record* wanted)
    : call_(call), source_(source), id_(View(wanted->key.len != 0 ? wanted->key : wanted->id)) {
  bool folder = (wanted->flags & SYNCLINE_CONTAINER) != 0;
  std::optional<Attributes> sent = DecodeAttributes(View(wanted->attributes));
  if (sent.has_value()) attributes = *std::move(sent);
  if (folder) {
    if (attributes.type != FileType::kFolder) attributes.permissions = 0755;
    attributes.type = FileType::kFolder;
  } else if (attributes.type == FileType::kFolder) {
    attributes = Attributes{};
  }
  modified_ns = wanted->mtime_ns;
}

Outcome ByteContent::ReadTarget() {
  std::vector<char> buffer(4096);
  while (link_target.size() <= kLongestTarget) {
    int64_t got = source_->read(source_->ctx, buffer.data(), buffer.size());
    if (got < 0) return Refuse(static_cast<syncline_status>(got), "");
    if (got == 0) return Outcome{};
    link_target.append(buffer.data(), static_cast<size_t>(got));
  }
  return Refuse(SYNCLINE_INVALID, Join({Quoted(id_), " is a link whose target is too long."}));
}

Outcome ByteContent::Fill(const File& to) {
  std::vector<char> buffer(kBlock);
  uint64_t done = 0;
  while (true) {
    if (call_->cancelled(call_->ctx) != 0) return Refuse(SYNCLINE_CANCELLED, "Stopped.");
    int64_t got = source_->read(source_->ctx, buffer.data(), buffer.size());
    if (got < 0) return Refuse(static_cast<syncline_status>(got), "");
    if (got == 0) break;
    absl::Status status = platform::WriteAll(to, buffer.data(), static_cast<size_t>(got));
    if (!status.ok()) return CannotFill(status, Join({Quoted(id_), " cannot be written"}), id_);
    done += static_cast<uint64_t>(got);
    call_->progress(call_->ctx, done, source_->total);
  }
  if (source_->total != SYNCLINE_UNKNOWN_SIZE && done != source_->total) {
    return Refuse(SYNCLINE_FAILED,
                  Join({Quoted(id_), " came with ", std::to_string(done), " bytes instead of ",
                        std::to_string(source_->total), ". Sync again."}));
  }
  return Outcome{};
}

Outcome ByteContent::LookAgain(bool* whole) {
  *whole = true;
  return Outcome{};
}

Outcome FileContent::Open(const Dir& folder, const std::string& name, std::string_view id,
                          const FileInfo& look) {
  id_ = id;
  info_ = look;
  attributes.type = look.type;
  std::string doing = Join({Quoted(id_), " cannot be read"});
  switch (look.type) {
    case FileType::kLink: {
      absl::StatusOr<std::string> target = platform::ReadLink(folder, name);
      if (!target.ok()) return FromSystem(target.status(), doing);
      link_target = *std::move(target);
      modified_ns = look.modified_ns;
      return Outcome{};
    }
    case FileType::kFolder: {
      absl::StatusOr<Dir> dir = platform::OpenDirAt(folder, name);
      if (!dir.ok()) return FromSystem(dir.status(), doing);
      absl::StatusOr<platform::UserAttributes> user = platform::ReadUserAttributes(*dir);
      if (!user.ok()) return FromSystem(user.status(), doing);
      attributes.user = *std::move(user);
      attributes.permissions = look.permissions & kKeptPermissions;
      return Outcome{};
    }
    case FileType::kFile: {
      absl::StatusOr<File> file = platform::OpenFile(folder, name);
      if (!file.ok()) return FromSystem(file.status(), doing);
      file_ = *std::move(file);
      FileInfo opened;
      absl::Status status = platform::StatHandle(file_, &opened);
      if (!status.ok()) return FromSystem(status, doing);
      if (!Untouched(opened, look)) {
        return Refuse(SYNCLINE_CONFLICT,
                      Join({Quoted(id_), " was changed in the meantime. Sync again."}));
      }
      return ReadMetadata();
    }
    case FileType::kOther:
      break;
  }
  return Refuse(SYNCLINE_CONFLICT, Join({Quoted(id_), " is no file, folder or link any more."}));
}

Outcome FileContent::ReadMetadata() {
  absl::StatusOr<platform::UserAttributes> user = platform::ReadUserAttributes(file_);
  if (!user.ok()) return FromSystem(user.status(), Join({Quoted(id_), " cannot be read"}));
  attributes.user = *std::move(user);
  attributes.permissions = info_.permissions & kKeptPermissions;
  modified_ns = info_.modified_ns;
  return Outcome{};
}

Outcome FileContent::Fill(const File& to) {
  absl::Status status = platform::CopyContent(file_, info_, to, [this](uint64_t done) {
    call_->progress(call_->ctx, done, info_.size);
    return call_->cancelled(call_->ctx) == 0;
  });
  if (!status.ok()) return CannotFill(status, Join({Quoted(id_), " cannot be copied"}), id_);
  return Outcome{};
}

Outcome FileContent::LookAgain(bool* whole) {
  WaitForTick(info_);
  FileInfo now;
  absl::Status status = platform::StatHandle(file_, &now);
  if (!status.ok()) return FromSystem(status, Join({Quoted(id_), " cannot be read"}));
  *whole = Untouched(now, info_);
  if (*whole) return Outcome{};
  info_ = now;
  return ReadMetadata();
}

}  // namespace syncline::folders
