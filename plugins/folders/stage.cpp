// Staging: temporary names and what is kept about them.
#include "plugins/folders/stage.h"

#include <charconv>
#include <utility>

#include "absl/strings/str_format.h"
#include "plugins/folders/names.h"

namespace syncline::folders {

using platform::Dir;
using platform::FileInfo;
using platform::FileType;

namespace {

// What an exchange is expected to bring out, as far as a rename leaves it alone.
uint64_t Mark(const FileInfo& info) {
  FileInfo plain = info;
  plain.permissions = 0;
  SmallBytes bytes = MakeVersion(plain, ChangeTime::kIgnored, 0);
  uint64_t high = HashText(bytes.view());
  return high << 32 | HashText(Join({bytes.view(), "."}));
}

}  // namespace

absl::Status RemoveAny(const Dir& dir, const std::string& name, FileType type) {
  return type == FileType::kFolder ? platform::RemoveDir(dir, name)
                                   : platform::RemoveFile(dir, name);
}

bool HasExactName(const Dir& dir, const std::string& name, std::string* similar) {
  platform::DirListing listing;
  if (!platform::ListDir(dir, &listing).ok()) return true;
  std::string folded = Fold(name);
  for (const platform::DirEntry& entry : listing.entries) {
    std::string_view other = listing.Name(entry);
    if (other == name) return true;
    if (similar->empty() && Fold(other) == folded) *similar = other;
  }
  return false;
}

absl::StatusOr<Look> Stage::LookAt(const Dir& dir, const std::string& name) const {
  Look look;
  absl::Status status = platform::Stat(dir, name.c_str(), &look.info);
  if (!status.ok()) return status;
  if (look.info.type == FileType::kFolder) {
    look.info.permissions = tree_->TruePermissions(look.info);
    absl::StatusOr<Dir> inside = platform::OpenDirAt(dir, name);
    if (!inside.ok()) return inside.status();
    absl::StatusOr<platform::UserAttributes> attributes = platform::ReadUserAttributes(*inside);
    if (!attributes.ok()) return attributes.status();
    look.attributes_hash = HashAttributes(*attributes);
  }
  look.version = MakeVersion(look.info, change_time_, look.attributes_hash);
  return look;
}

absl::StatusOr<Look> Stage::LookAfterRename(const Dir& dir, const std::string& name) const {
  absl::StatusOr<Look> look = LookAt(dir, name);
  return look.ok() ? look : LookAt(dir, name);
}

std::string Stage::NewName(const FileInfo* replaced) {
  std::string name = Join({prefix_, std::to_string(++counter_)});
  if (replaced != nullptr) {
    name += absl::StrFormat("-%x-%016x", replaced->file_id, Mark(*replaced));
  }
  return name;
}

absl::Status Stage::Add(uint64_t ticket, const Dir& folder, std::string id, std::string temporary,
                        std::string_view expected_version) {
  Entry entry;
  entry.ticket = ticket;
  absl::StatusOr<Look> look = LookAt(folder, temporary);
  if (!look.ok()) return look.status();
  entry.look = *look;
  absl::Status status = platform::StatHandle(folder, &entry.folder);
  if (!status.ok()) return status;
  by_id_[id] = entries_.size();
  entry.id = std::move(id);
  entry.temporary = std::move(temporary);
  entry.expected_version = expected_version;
  Touch(folder, entry.folder.device);
  entries_.push_back(std::move(entry));
  return absl::OkStatus();
}

void Stage::AddDone(uint64_t ticket, const Dir& folder, std::string id, const Look& look) {
  Entry entry;
  entry.ticket = ticket;
  entry.id = std::move(id);
  entry.look = look;
  entries_.push_back(std::move(entry));
  Touch(folder);
}

void Stage::Touch(const Dir& folder) {
  FileInfo info;
  if (platform::StatHandle(folder, &info).ok()) Touch(folder, info.device);
}

void Stage::Touch(const Dir& folder, uint64_t device) {
  for (const Touched& touched : touched_) {
    if (touched.device == device) return;
  }
  absl::StatusOr<Dir> keep = platform::Duplicate(folder);
  if (keep.ok()) touched_.push_back({device, *std::move(keep)});
}

std::string Stage::TemporaryOf(const std::string& id) const {
  auto found = by_id_.find(id);
  return found == by_id_.end() ? std::string() : entries_[found->second].temporary;
}

bool Stage::IsStaged(std::string_view temporary_name) const {
  for (const Entry& entry : entries_) {
    if (entry.temporary == temporary_name) return true;
  }
  return false;
}

void Stage::RemoveTemporary(const Entry& entry) {
  if (entry.temporary.empty()) return;
  absl::StatusOr<const Dir*> folder = tree_->Folder(ParentOf(entry.id), Access::kWrite);
  if (!folder.ok()) return;
  if (absl::IsPermissionDenied(platform::RemoveFile(**folder, entry.temporary)) &&
      tree_->Loosen(**folder)) {
    platform::RemoveFile(**folder, entry.temporary).IgnoreError();
  }
}

void Stage::Discard() {
  for (const Entry& entry : entries_) RemoveTemporary(entry);
  entries_.clear();
  by_id_.clear();
  touched_.clear();
  tree_->Restore().IgnoreError();
}

std::optional<std::string> Stage::TidyUp(const Dir& dir, const std::string& name) const {
  if (IsStaged(name)) return std::nullopt;
  FileInfo info;
  if (!platform::Stat(dir, name.c_str(), &info).ok()) return std::nullopt;
  std::string_view rest = std::string_view(name).substr(prefix_.size());
  size_t inode_at = rest.find('-');
  if (inode_at != std::string_view::npos) {
    rest.remove_prefix(inode_at + 1);
    uint64_t inode = 0;
    uint64_t mark = 0;
    size_t mark_at = std::min(rest.find('-'), rest.size());
    std::from_chars(rest.data(), rest.data() + mark_at, inode, 16);
    if (mark_at < rest.size()) {
      std::from_chars(rest.data() + mark_at + 1, rest.data() + rest.size(), mark, 16);
    }
    bool came_out = info.file_id == inode;
    if (came_out && info.type != FileType::kFolder && mark != Mark(info)) {
      for (int number = 1; number < 100; ++number) {
        std::string visible = BesideName("recovered", "by Syncline", number);
        if (platform::Rename(dir, name, dir, visible, platform::Replace::kNever).ok()) {
          return visible;
        }
      }
      return std::nullopt;
    }
  }
  if (RemoveAny(dir, name, info.type).ok() || info.type != FileType::kFolder) return std::nullopt;
  // A folder that was exchanged for a file and then filled.
  std::string visible = BesideName("recovered", "by Syncline", 1);
  if (platform::Rename(dir, name, dir, visible, platform::Replace::kNever).ok()) return visible;
  return std::nullopt;
}

}  // namespace syncline::folders
