// Sending a record's content, and describing it to a person.
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "plugins/folders/replica.h"

namespace syncline::folders {

using platform::Dir;
using platform::File;
using platform::FileInfo;
using platform::FileType;

namespace {

constexpr size_t kBlock = 256 << 10;

std::string PermissionText(uint32_t permissions) {
  std::string text = "rwxrwxrwx";
  for (size_t bit = 0; bit < 9; ++bit) {
    if ((permissions >> (8 - bit) & 1) == 0) text[bit] = '-';
  }
  return text;
}

}  // namespace

Outcome Replica::Read(const syncline_call* call, std::string_view id,
                      const syncline_byte_sink* content, const syncline_record_sink* as_read) {
  Found found;
  Outcome outcome = Find(id, Access::kRead, &found);
  if (!outcome.ok()) return outcome;
  std::string doing = Join({Quoted(id), " cannot be read"});
  Attributes attributes;
  attributes.type = found.look.info.type;
  Look look = found.look;
  if (look.info.type == FileType::kOther) {
    return Refuse(SYNCLINE_NOT_FOUND, Join({Quoted(id), " is no file, folder or link any more."}));
  }
  if (look.info.type == FileType::kFolder) {
    absl::StatusOr<Dir> dir = platform::OpenDirAt(*found.folder, found.name);
    if (!dir.ok()) return FromSystem(dir.status(), doing);
    absl::StatusOr<platform::UserAttributes> user = platform::ReadUserAttributes(*dir);
    if (!user.ok()) return FromSystem(user.status(), doing);
    attributes.user = *std::move(user);
  } else if (look.info.type == FileType::kLink) {
    absl::StatusOr<std::string> target = platform::ReadLink(*found.folder, found.name);
    if (!target.ok()) return FromSystem(target.status(), doing);
    syncline_status taken = content->write(content->ctx, target->data(), target->size());
    if (taken < 0) return Refuse(taken, "");
  } else {
    absl::StatusOr<File> file = platform::OpenFile(*found.folder, found.name);
    if (!file.ok()) return FromSystem(file.status(), doing);
    std::vector<char> buffer(kBlock);
    uint64_t done = 0;
    while (true) {
      if (call->cancelled(call->ctx) != 0) return Refuse(SYNCLINE_CANCELLED, "Stopped.");
      absl::StatusOr<size_t> got = platform::Read(*file, buffer.data(), buffer.size());
      if (!got.ok()) return FromSystem(got.status(), doing);
      if (*got == 0) break;
      syncline_status taken = content->write(content->ctx, buffer.data(), *got);
      if (taken < 0) return Refuse(taken, "");
      done += *got;
      call->progress(call->ctx, done, look.info.size);
    }
    absl::StatusOr<platform::UserAttributes> user = platform::ReadUserAttributes(*file);
    if (!user.ok()) return FromSystem(user.status(), doing);
    attributes.user = *std::move(user);
    WaitForTick(look.info);
    absl::Status status = platform::StatHandle(*file, &look.info);
    if (!status.ok()) return FromSystem(status, doing);
    look.version =
        MakeVersion(look.info, keep_links_ ? ChangeTime::kIgnored : ChangeTime::kCounts, 0);
  }
  attributes.permissions = look.info.permissions & kKeptPermissions;
  std::string encoded = EncodeAttributes(attributes);
  SmallBytes identity = MakeIdentity(look.info);
  bool folder = look.info.type == FileType::kFolder;
  syncline_record record = {};
  record.struct_size = sizeof(record);
  record.flags = folder ? SYNCLINE_CONTAINER : 0;
  record.id = Str(id);
  record.version = Str(look.version.view());
  record.identity = Str(identity.view());
  record.attributes = Str(encoded);
  record.size = folder ? 0 : look.info.size;
  record.mtime_ns = folder ? SYNCLINE_UNKNOWN_TIME : look.info.modified_ns;
  syncline_status taken = as_read->record(as_read->ctx, &record);
  if (taken < 0) return Refuse(taken, "");
  return Outcome{};
}

Outcome Replica::Describe(std::string_view id, const syncline_field_sink* fields) {
  Found found;
  Outcome outcome = Find(id, Access::kRead, &found);
  if (!outcome.ok()) return outcome;
  auto push = [fields](std::string_view name, std::string_view value) {
    fields->field(fields->ctx, Str(name), Str(value), syncline_str{nullptr, 0});
  };
  const FileInfo& info = found.look.info;
  std::string title = Quoted(found.name);
  push("title", std::string_view(title).substr(1, title.size() - 2));
  bool folder = info.type == FileType::kFolder;
  bool link = info.type == FileType::kLink;
  push("kind", folder ? "folder" : link ? "link" : "file");
  if (!folder) {
    absl::Time modified = absl::FromUnixNanos(info.modified_ns);
    push("modified", absl::FormatTime("%Y-%m-%d %H:%M:%E3S %z", modified, absl::LocalTimeZone()));
  }
  if (!link) push("permissions", PermissionText(info.permissions));
  if (link) {
    absl::StatusOr<std::string> target = platform::ReadLink(*found.folder, found.name);
    if (target.ok()) push("points to", Quoted(*target));
  }
  return Outcome{};
}

}  // namespace syncline::folders
