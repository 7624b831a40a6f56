// Changing permissions, times and attributes of what stays in place.
#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "plugins/folders/replica.h"
#include "sdk/platform/process.h"

namespace syncline::folders {

using platform::Dir;
using platform::File;
using platform::FileInfo;
using platform::FileType;

namespace {

std::string Doing(std::string_view id) {
  return Join({"The permissions, time or attributes of ", Quoted(id), " cannot be set"});
}

uint32_t Merged(uint32_t wanted, uint32_t now) {
  return (wanted & kKeptPermissions) | (now & ~kKeptPermissions);
}

}  // namespace

Outcome Replica::StoreMetadata(uint64_t ticket, const Target& target, const Content& content,
                               bool combine) {
  absl::StatusOr<const Dir*> found = tree_.Folder(target.folder_id, Access::kWrite);
  if (!found.ok()) return FromSystem(found.status(), Doing(target.id));
  const Dir& folder = **found;
  Outcome outcome;
  switch (target.now.info.type) {
    case FileType::kFolder:
      outcome = SetFolderMetadata(folder, target, content, combine);
      break;
    case FileType::kLink:
      if (content.modified_ns != SYNCLINE_UNKNOWN_TIME) {
        const int64_t time = combine ? std::min(content.modified_ns, target.now.info.modified_ns)
                                     : content.modified_ns;
        outcome = FromSystem(platform::SetModifiedAt(folder, target.name, time), Doing(target.id));
      }
      break;
    case FileType::kFile:
    case FileType::kOther:
      outcome = SetFileMetadata(folder, target, content, combine);
      break;
  }
  if (!outcome.ok()) return outcome;
  // Taken now, not at settle(): an edit in between must not count as ours.
  absl::StatusOr<Look> look = stage_->LookAt(folder, target.name);
  if (!look.ok()) return FromSystem(look.status(), Doing(target.id));
  if (look->info.type != target.now.info.type || look->info.file_id != target.now.info.file_id) {
    return Refuse(SYNCLINE_CONFLICT,
                  Join({Quoted(target.id), " was replaced here in the meantime. Sync again."}));
  }
  stage_->AddDone(ticket, folder, target.id, *look);
  return Refuse(SYNCLINE_STAGED, "");
}

Outcome Replica::SetAttributes(const platform::Handle& handle, const Dir& folder,
                               std::string_view id, const platform::UserAttributes& user) {
  absl::Status status = platform::WriteUserAttributes(handle, user);
  if (absl::IsUnimplemented(status)) {
    if (!std::exchange(told_no_attributes_, true)) {
      Event(SYNCLINE_WARNING, id,
            Join({"This disk keeps no extended attributes: those of ", Quoted(id),
                  " and of others are left out in ", Quoted(location_), "."}));
    }
    return Outcome{};
  }
  // ext4 says "no space" when the attributes of one file fill the block they live in.
  constexpr uint64_t kNotFull = 1 << 20;
  absl::StatusOr<uint64_t> free =
      absl::IsResourceExhausted(status) ? platform::FreeBytes(folder) : absl::StatusOr<uint64_t>(0);
  if (free.ok() && *free > kNotFull) {
    return Refuse(
        SYNCLINE_INVALID,
        Join({"The extended attributes of ", Quoted(id), " are too large for this disk."}),
        std::string(Words(status)));
  }
  return FromSystem(status, Doing(id));
}

Outcome Replica::SetPermissions(const platform::Handle& handle, std::string_view id,
                                uint32_t permissions) {
  absl::Status status = platform::SetPermissions(handle, permissions);
  if (!absl::IsPermissionDenied(status) && !absl::IsUnimplemented(status)) {
    return FromSystem(status, Doing(id));
  }
  // The owner may always: so it is a disk without permissions, such as FAT.
  FileInfo info;
  bool owned = platform::StatHandle(handle, &info).ok() &&
               (platform::UserId() == 0 || info.owner == platform::UserId());
  if (!owned) return FromSystem(status, Doing(id));
  if (!std::exchange(told_no_permissions_, true)) {
    Event(SYNCLINE_WARNING, id,
          Join({"This disk does not keep permissions as they are: those of ", Quoted(id),
                " and of others are left out in ", Quoted(location_), "."}));
  }
  return Outcome{};
}

Attributes Replica::Combined(const Attributes& theirs, uint32_t permissions,
                             const platform::UserAttributes& user, std::string_view id) {
  constexpr uint32_t kOwner = 0700;
  Attributes all = theirs;
  // The owner keeps what either side gives; others get only what both give: combining must not show
  // a private file to anybody.
  all.permissions = ((theirs.permissions | permissions) & kOwner) |
                    (theirs.permissions & permissions & kKeptPermissions & ~kOwner);
  std::map<std::string, std::string> values(user.begin(), user.end());
  for (const auto& [name, value] : theirs.user) {
    const auto [mine, is_new] = values.try_emplace(name, value);
    if (is_new || mine->second == value) continue;
    // Only of folders: files that disagree are a conflict (compare.cpp). The same one on both
    // sides.
    mine->second = std::max(mine->second, value);
    Event(SYNCLINE_WARNING, id,
          Join({Quoted(id), " has the attribute ", Quoted(name),
                " with another value on each side; one of them was kept for both. Set it again if "
                "it is the wrong one."}));
  }
  all.user.assign(values.begin(), values.end());
  return all;
}

Outcome Replica::SetFileMetadata(const Dir& folder, const Target& target, const Content& content,
                                 bool combine) {
  const FileInfo& now = target.now.info;
  absl::StatusOr<File> file = platform::OpenFile(folder, target.name);
  if (absl::IsPermissionDenied(file.status()) &&
      platform::SetPermissionsAt(folder, target.name, now.permissions | 0600).ok()) {
    file = platform::OpenFile(folder, target.name);
  }
  if (!file.ok()) return FromSystem(file.status(), Doing(target.id));
  absl::StatusOr<platform::UserAttributes> user = platform::ReadUserAttributes(*file);
  if (!user.ok()) return FromSystem(user.status(), Doing(target.id));
  const Attributes wanted = combine
                                ? Combined(content.attributes, now.permissions, *user, target.id)
                                : content.attributes;
  const int64_t time = combine && content.modified_ns != SYNCLINE_UNKNOWN_TIME
                           ? std::min(content.modified_ns, now.modified_ns)
                           : content.modified_ns;
  Outcome outcome;
  if (*user != wanted.user) {
    if ((now.permissions & 0200) == 0) {
      outcome = SetPermissions(*file, target.id, now.permissions | 0200);
    }
    if (outcome.ok()) outcome = SetAttributes(*file, folder, target.id, wanted.user);
  }
  if (outcome.ok()) {
    outcome = SetPermissions(*file, target.id, Merged(wanted.permissions, now.permissions));
  }
  if (!outcome.ok()) return outcome;
  // Permissions and attributes leave size and mtime alone: whatever else moved them is an edit,
  // which setting the time would hide.
  FileInfo info;
  absl::Status status = platform::StatHandle(*file, &info);
  if (!status.ok()) return FromSystem(status, Doing(target.id));
  if (info.size != now.size || info.modified_ns != now.modified_ns || info.file_id != now.file_id) {
    return Refuse(SYNCLINE_CONFLICT,
                  Join({Quoted(target.id), " was changed here in the meantime. Sync again."}));
  }
  if (time != SYNCLINE_UNKNOWN_TIME && time != info.modified_ns) {
    status = platform::SetModified(*file, time);
  }
  return FromSystem(status, Doing(target.id));
}

Outcome Replica::SetFolderMetadata(const Dir& folder, const Target& target, const Content& content,
                                   bool combine) {
  absl::StatusOr<Dir> dir = platform::OpenDirAt(folder, target.name);
  if (!dir.ok()) return FromSystem(dir.status(), Doing(target.id));
  FileInfo info;
  absl::Status status = platform::StatHandle(*dir, &info);
  if (!status.ok()) return FromSystem(status, Doing(target.id));
  Attributes attributes = content.attributes;
  if (combine) {
    absl::StatusOr<platform::UserAttributes> user = platform::ReadUserAttributes(*dir);
    if (!user.ok()) return FromSystem(user.status(), Doing(target.id));
    attributes = Combined(content.attributes, target.now.info.permissions, *user, target.id);
  }
  Outcome outcome;
  if (HashAttributes(attributes.user) != target.now.attributes_hash) {
    if ((info.permissions & 0200) == 0) {
      outcome = SetPermissions(*dir, target.id, info.permissions | 0200);
    }
    if (outcome.ok()) outcome = SetAttributes(*dir, *dir, target.id, attributes.user);
  }
  uint32_t wanted = Merged(attributes.permissions, info.permissions);
  if (outcome.ok() && !tree_.ChangePending(info, wanted)) {
    outcome = SetPermissions(*dir, target.id, wanted);
  }
  return outcome;
}

}  // namespace syncline::folders
