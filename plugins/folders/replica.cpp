// Opening a folder, listing it, and trying its settings.
#include "plugins/folders/replica.h"

#include <utility>

#include "plugins/folders/walk.h"
#include "sdk/platform/file_system.h"

namespace syncline::folders {
namespace {

using platform::Dir;
using platform::FileInfo;
using platform::FileType;

void Append(std::string* bytes, uint64_t value) {
  for (int i = 0; i < 8; ++i) bytes->push_back(static_cast<char>(value >> (8 * i)));
}

}  // namespace

Replica::Replica(const syncline_host* host) : host_(host) {}

void Replica::Event(int32_t level, std::string_view id, std::string_view text) const {
  host_->event(host_->ctx, level, Str(id), Str(text));
}

std::string Replica::Setting(std::string_view key) const {
  return std::string(View(host_->setting(host_->ctx, Str(key))));
}

Outcome Replica::Open(const syncline_replica_sink* sink) {
  location_ = Setting("location");
  std::string rule = Setting("names");
  name_rule_ = rule == "exact"      ? NameRule::kExact
               : rule == "portable" ? NameRule::kPortable
                                    : NameRule::kAuto;
  keep_links_ = Setting("hardlinks") == "keep";
  std::string shown = Quoted(location_);
  std::string path = platform::LocalPath(location_);
  if (path.empty() || path.find('\0') != std::string::npos) {
    return Refuse(SYNCLINE_BROKEN,
                  Join({shown,
                        " is not the path of a folder on this computer. Give a path such as "
                        "/home/ada/notes."}),
                  "", "location");
  }
  path_ = platform::AbsolutePath(path);
  absl::StatusOr<FileInfo> info = platform::StatPath(path_);
  absl::Status status = info.status();
  if (status.ok() && info->type != FileType::kFolder) {
    return Refuse(SYNCLINE_BROKEN,
                  Join({shown, " is a file, not a folder. Give the folder that holds it."}), "",
                  "location");
  }
  if (status.ok()) status = tree_.OpenTop(path_);
  if (absl::IsPermissionDenied(status)) {
    return Refuse(
        SYNCLINE_UNAUTHORIZED,
        Join({"The folder ", shown,
              " cannot be read: permission denied. Give this user the right to read it."}),
        std::string(Words(status)), "location");
  }
  if (absl::IsNotFound(status) || absl::IsFailedPrecondition(status)) {
    return Refuse(SYNCLINE_NOT_FOUND,
                  Join({"The folder ", shown,
                        " does not exist. Create it, connect its disk, or correct the path."}),
                  std::string(Words(status)), "location");
  }
  if (!status.ok()) {
    return Refuse(SYNCLINE_OFFLINE, Join({"The folder ", shown, " cannot be opened now."}),
                  std::string(Words(status)), "location");
  }
  ChangeTime change_time = keep_links_ ? ChangeTime::kIgnored : ChangeTime::kCounts;
  stage_ = std::make_unique<Stage>(&tree_, TemporaryPrefixOf(Setting("item")), change_time);

  std::string identity;
  absl::StatusOr<uint64_t> file_system = platform::FileSystemId(tree_.top());
  Append(&identity, file_system.ok() ? *file_system : 0);
  Append(&identity, tree_.top_info().file_id);
  Append(&identity, static_cast<uint64_t>(tree_.top_info().born_ns));
  syncline_replica replica = {};
  replica.struct_size = sizeof(replica);
  replica.flags = SYNCLINE_ORDERED;
  replica.identity = Str(identity);
  syncline_status pushed = sink->replica(sink->ctx, &replica);
  if (pushed < 0) return Refuse(pushed, "");
  return Outcome{};
}

Outcome Replica::Enumerate(const syncline_call* call, const syncline_record_sink* records) {
  tree_.Forget();
  names_.Clear();
  links_.clear();
  first_linked_.clear();
  linked_files_ = 0;
  Walk::Hooks hooks;
  hooks.event = [this](int32_t level, std::string_view id, const std::string& text) {
    Event(level, id, text);
  };
  hooks.temporary = [this](const Dir& dir, const std::string& name) {
    if (name.compare(0, stage_->prefix().size(), stage_->prefix()) != 0) return;
    std::optional<std::string> visible = stage_->TidyUp(dir, name);
    if (visible.has_value()) {
      Event(SYNCLINE_WARNING, "",
            Join({"A sync that was stopped midway had just replaced a file that somebody was "
                  "changing; that version is kept as ",
                  Quoted(*visible), "."}));
    }
  };
  hooks.linked = [this](const FileInfo& info, std::string_view id) {
    ++linked_files_;
    if (first_linked_.size() < 3) first_linked_.emplace_back(id);
    if (keep_links_) links_[{info.device, info.file_id}].emplace_back(id);
  };
  hooks.permissions = [this](const FileInfo& info) { return tree_.TruePermissions(info); };
  Walk walk(tree_.top(), keep_links_ ? ChangeTime::kIgnored : ChangeTime::kCounts, call, records,
            std::move(hooks));
  Outcome outcome = walk.Run();
  if (outcome.ok()) ReportLinks();
  return outcome;
}

void Replica::ReportLinks() const {
  if (linked_files_ == 0 || keep_links_) return;
  std::string names;
  for (const std::string& id : first_linked_) {
    if (!names.empty()) names += ", ";
    names += Quoted(id);
  }
  if (linked_files_ > first_linked_.size()) names += " and others";
  Event(
      SYNCLINE_INFO, "",
      Join(
          {std::to_string(linked_files_),
           linked_files_ == 1 ? " file is a hard link" : " files are hard links", " of another (",
           names,
           "); they are synced as separate files. Use --set hardlinks=keep to keep them linked."}));
}

Outcome Replica::Check(Replica* other) {
  if (other == nullptr) return Outcome{};
  absl::StatusOr<std::string> mine = platform::RealPath(path_);
  absl::StatusOr<std::string> theirs = platform::RealPath(other->path_);
  bool same = tree_.top_info().file_id == other->tree_.top_info().file_id &&
              tree_.top_info().device == other->tree_.top_info().device;
  if (same || (mine.ok() && theirs.ok() && *mine == *theirs)) {
    return Refuse(SYNCLINE_INVALID,
                  Join({Quoted(location_), " and ", Quoted(other->location_),
                        " are the same folder. Give two different folders."}),
                  "", "location");
  }
  if (!mine.ok() || !theirs.ok()) return Outcome{};
  auto inside = [](std::string_view path, std::string folder) {
    if (folder.back() != '/') folder += '/';
    return path.size() > folder.size() && path.substr(0, folder.size()) == folder;
  };
  bool i_am_inside = inside(*mine, *theirs);
  if (!i_am_inside && !inside(*theirs, *mine)) return Outcome{};
  return Refuse(SYNCLINE_INVALID,
                Join({Quoted(i_am_inside ? location_ : other->location_), " is inside ",
                      Quoted(i_am_inside ? other->location_ : location_),
                      ". Give two folders of which none is inside the other."}),
                "", "location");
}

Outcome Replica::Find(std::string_view id, Access access, Found* found) {
  if (!IsPlainId(id)) {
    return Refuse(SYNCLINE_INVALID, Join({Quoted(id), " is not a path inside the folder."}));
  }
  absl::StatusOr<const Dir*> folder = tree_.Folder(ParentOf(id), access);
  if (!folder.ok()) return FromSystem(folder.status(), Join({Quoted(id), " cannot be reached"}));
  found->folder = *folder;
  found->name = NameOf(id);
  absl::StatusOr<Look> look = stage_->LookAt(**folder, found->name);
  if (!look.ok()) return FromSystem(look.status(), Join({Quoted(id), " cannot be looked at"}));
  found->look = *look;
  return Outcome{};
}

void Replica::PushStored(const syncline_result_sink* result, uint64_t ticket, std::string_view id,
                         const Look& look) const {
  SmallBytes identity = MakeIdentity(look.info);
  bool folder = look.info.type == FileType::kFolder;
  syncline_record record = {};
  record.struct_size = sizeof(record);
  record.flags = folder ? SYNCLINE_CONTAINER : 0;
  record.id = Str(id);
  record.version = Str(look.version.view());
  record.identity = Str(identity.view());
  record.size = folder ? 0 : look.info.size;
  record.mtime_ns = folder ? SYNCLINE_UNKNOWN_TIME : look.info.modified_ns;
  result->stored(result->ctx, ticket, &record);
}

}  // namespace syncline::folders
