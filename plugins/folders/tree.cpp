// Opening folders one inside the other.
#include "plugins/folders/tree.h"

#include <algorithm>
#include <utility>

#include "sdk/platform/clock.h"
#include "sdk/platform/process.h"

namespace syncline::folders {
namespace {

using platform::Dir;
using platform::FileInfo;
using platform::FileType;

// Both replicas of an item live in one process, which may have as few as 128 descriptors in all.
constexpr size_t kOpenComponents = 12;
constexpr size_t kOpenLoosened = 8;
// A folder that somebody moves away stays reachable through an open handle. Looking again this
// often bounds how long we could still act on it at its new place.
constexpr absl::Duration kTrusted = absl::Milliseconds(100);

}  // namespace

absl::Status Tree::OpenTop(const std::string& path) {
  absl::StatusOr<Dir> dir = platform::OpenDir(path);
  if (!dir.ok()) return dir.status();
  top_ = *std::move(dir);
  chain_.clear();
  // "." needs the right to search, as everything that follows does.
  return platform::Stat(top_, ".", &top_info_);
}

absl::StatusOr<const Dir*> Tree::Folder(std::string_view id, Access access) {
  if (id.empty()) return &top_;
  absl::Duration now = platform::Clock::Real()->Monotonic();
  if (now - opened_at_ > kTrusted) chain_.clear();
  if (chain_.empty()) opened_at_ = now;

  size_t depth = 0;     // components of id that are done
  size_t position = 0;  // where the next one starts
  size_t open_depth = 0;
  size_t open_position = 0;
  while (depth < chain_.size() && position < id.size()) {
    size_t end = std::min(id.find('/', position), id.size());
    if (chain_[depth].name != id.substr(position, end - position)) break;
    ++depth;
    position = std::min(end + 1, id.size());
    if (chain_[depth - 1].dir.valid()) {
      open_depth = depth;
      open_position = position;
    }
  }
  chain_.resize(open_depth);
  position = open_position;
  while (position < id.size()) {
    size_t end = std::min(id.find('/', position), id.size());
    const Dir& in = chain_.empty() ? top_ : chain_.back().dir;
    std::string name(id.substr(position, end - position));
    absl::StatusOr<Dir> dir = OpenComponent(in, name, access);
    if (!dir.ok()) return dir.status();
    chain_.push_back({std::move(name), *std::move(dir)});
    if (chain_.size() > kOpenComponents) chain_[chain_.size() - 1 - kOpenComponents].dir.Close();
    position = end + 1;
  }
  return &chain_.back().dir;
}

absl::StatusOr<Dir> Tree::OpenComponent(const Dir& in, const std::string& name, Access access) {
  absl::StatusOr<Dir> dir = platform::OpenDirAt(in, name);
  if (dir.ok() || !absl::IsPermissionDenied(dir.status()) || access != Access::kWrite) return dir;
  FileInfo info;
  if (!platform::Stat(in, name.c_str(), &info).ok() || info.type != FileType::kFolder ||
      info.owner != platform::UserId() || (info.permissions & 0700) == 0700) {
    return dir;
  }
  if (!platform::SetPermissionsAt(in, name, info.permissions | 0700).ok()) return dir;
  absl::StatusOr<Dir> opened = platform::OpenDirAt(in, name);
  absl::StatusOr<Dir> keep = platform::OpenDirAt(in, name);
  if (!opened.ok() || !keep.ok()) {
    platform::SetPermissionsAt(in, name, info.permissions).IgnoreError();
    return dir;
  }
  RestoreLater(*std::move(keep), info, info.permissions);
  return opened;
}

bool Tree::Loosen(const Dir& dir) {
  FileInfo info;
  if (!platform::StatHandle(dir, &info).ok()) return false;
  bool is_top = info.file_id == top_info_.file_id && info.device == top_info_.device;
  if (is_top || info.owner != platform::UserId() || (info.permissions & 0700) == 0700) return false;
  absl::StatusOr<Dir> keep = platform::Duplicate(dir);
  if (!keep.ok() || !platform::SetPermissions(*keep, info.permissions | 0700).ok()) return false;
  RestoreLater(*std::move(keep), info, info.permissions);
  return true;
}

void Tree::RestoreLater(Dir dir, const FileInfo& info, uint32_t permissions) {
  if (loosened_.size() >= kOpenLoosened) {
    // Restored early; a later write loosens it again.
    Loosened& oldest = loosened_.front();
    platform::SetPermissions(oldest.dir, oldest.permissions).IgnoreError();
    loosened_.erase(loosened_.begin());
  }
  loosened_.push_back({std::move(dir), info.file_id, info.device, permissions});
}

absl::Status Tree::Restore() {
  absl::Status first;
  // A folder first loosened last: its parent may be needed no more, and handles stay valid anyhow.
  for (auto it = loosened_.rbegin(); it != loosened_.rend(); ++it) {
    absl::Status status = platform::SetPermissions(it->dir, it->permissions);
    if (first.ok()) first = status;
  }
  loosened_.clear();
  return first;
}

uint32_t Tree::TruePermissions(const FileInfo& info) const {
  for (const Loosened& l : loosened_) {
    if (l.file_id == info.file_id && l.device == info.device) return l.permissions;
  }
  return info.permissions;
}

bool Tree::ChangePending(const FileInfo& info, uint32_t permissions) {
  for (Loosened& l : loosened_) {
    if (l.file_id == info.file_id && l.device == info.device) {
      l.permissions = permissions;
      return true;
    }
  }
  return false;
}

}  // namespace syncline::folders
