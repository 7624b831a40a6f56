// The walk over a tree.
#include "plugins/folders/walk.h"

#include <algorithm>
#include <cstring>

#include "plugins/folders/names.h"

namespace syncline::folders {
namespace {

using platform::Dir;
using platform::DirEntry;
using platform::FileInfo;
using platform::FileType;

// Two replicas are listed at once in a process that may have as few as 128 descriptors.
constexpr size_t kOpenLevels = 24;
constexpr uint64_t kCancelEvery = 256;  // entries; some 0.5 ms
constexpr uint64_t kMostSpecials = 100;

uint64_t Prefix(std::string_view name, bool inside) {
  unsigned char bytes[8] = {};
  size_t n = std::min<size_t>(name.size(), 8);
  std::memcpy(bytes, name.data(), n);
  if (inside && n < 8) bytes[n] = '/';
  uint64_t value = 0;
  for (unsigned char b : bytes) value = value << 8 | b;
  return value;
}

// Names hold neither NUL nor '/', so a name and its '/' never equal another name.
bool Less(std::string_view a, bool a_inside, std::string_view b, bool b_inside) {
  size_t common = std::min(a.size(), b.size());
  int order = std::memcmp(a.data(), b.data(), common);
  if (order != 0) return order < 0;
  int a_next = a.size() > common ? static_cast<unsigned char>(a[common]) : a_inside ? '/' : -1;
  int b_next = b.size() > common ? static_cast<unsigned char>(b[common]) : b_inside ? '/' : -1;
  return a_next < b_next;
}

}  // namespace

Walk::Walk(const Dir& top, ChangeTime change_time, const syncline_call* call,
           const syncline_record_sink* sink, Hooks hooks)
    : top_(top), change_time_(change_time), call_(call), sink_(sink), hooks_(std::move(hooks)) {}

Outcome Walk::Run() {
  absl::StatusOr<Dir> top = platform::OpenDirAt(top_, ".");
  if (!top.ok()) return FromSystem(top.status(), "The folder cannot be opened");
  FileInfo info;
  absl::Status status = platform::StatHandle(*top, &info);
  if (status.ok()) status = Prepare(*std::move(top), info);
  if (!status.ok()) {
    Outcome outcome = FromSystem(status, "The folder cannot be listed");
    if (outcome.status == SYNCLINE_FAILED) outcome.status = SYNCLINE_OFFLINE;
    return outcome;
  }
  Enter();
  while (depth_ > 0) {
    Level* level = levels_[depth_ - 1].get();
    if (level->next == level->items.size()) {
      Leave();
      continue;
    }
    Outcome outcome = Step(level);
    if (!outcome.ok()) return outcome;
  }
  if (specials_ > kMostSpecials) {
    hooks_.event(SYNCLINE_INFO, "",
                 Join({std::to_string(specials_ - kMostSpecials),
                       " more sockets, pipes or devices are not synced."}));
  }
  return Outcome{};
}

absl::Status Walk::Prepare(Dir dir, const FileInfo& info) {
  if (levels_.size() == depth_) levels_.push_back(std::make_unique<Level>());
  Level& level = *levels_[depth_];
  level.dir = std::move(dir);
  level.file_id = info.file_id;
  level.device = info.device;
  level.next = 0;
  level.lost = false;
  level.items.clear();
  absl::Status status = platform::ListDir(level.dir, &level.listing);
  if (!status.ok()) {
    level.dir.Close();
    return status;
  }
  for (uint32_t i = 0; i < level.listing.entries.size(); ++i) {
    DirEntry& entry = level.listing.entries[i];
    std::string_view name = level.listing.Name(entry);
    if (IsTemporary(name)) {
      hooks_.temporary(level.dir, std::string(name));
      continue;
    }
    if (entry.type == FileType::kOther) {
      // Either special or of a file system that does not tell; a failure shows again at its turn.
      FileInfo look;
      if (platform::Stat(level.dir, std::string(name).c_str(), &look).ok()) entry.type = look.type;
    }
    level.items.push_back({Prefix(name, false), i, false});
    if (entry.type == FileType::kFolder) level.items.push_back({Prefix(name, true), i, true});
  }
  std::sort(level.items.begin(), level.items.end(), [&level](const Item& a, const Item& b) {
    if (a.prefix != b.prefix) return a.prefix < b.prefix;
    return Less(level.listing.Name(level.listing.entries[a.entry]), a.inside,
                level.listing.Name(level.listing.entries[b.entry]), b.inside);
  });
  return absl::OkStatus();
}

void Walk::Enter() {
  Level& level = *levels_[depth_++];
  if (!path_.empty()) path_ += '/';
  level.path_length = path_.size();
  if (depth_ > kOpenLevels) levels_[depth_ - 1 - kOpenLevels]->dir.Close();
  prepared_ = false;
}

void Walk::Leave() {
  Level& left = *levels_[--depth_];
  if (depth_ > 0) {
    Level& level = *levels_[depth_ - 1];
    if (!level.dir.valid() && level.next < level.items.size() && !Reopen(&level, &left.dir)) {
      level.lost = true;
    }
  }
  left.dir.Close();
}

// A folder far up was closed. ".." of the one below leads there, unless that was moved meanwhile.
bool Walk::Reopen(Level* level, const Dir* child) {
  FileInfo info;
  if (child->valid()) {
    absl::StatusOr<Dir> up = platform::OpenDirAt(*child, "..");
    if (up.ok() && platform::StatHandle(*up, &info).ok() && info.file_id == level->file_id &&
        info.device == level->device) {
      level->dir = *std::move(up);
      return true;
    }
  }
  absl::StatusOr<Dir> dir = platform::OpenDirAt(top_, ".");
  size_t start = 0;
  while (dir.ok() && start < level->path_length) {
    size_t end = path_.find('/', start);
    dir = platform::OpenDirAt(*dir, path_.substr(start, end - start));
    start = end + 1;
  }
  if (!dir.ok() || !platform::StatHandle(*dir, &info).ok() || info.file_id != level->file_id ||
      info.device != level->device) {
    return false;
  }
  level->dir = *std::move(dir);
  return true;
}

Outcome Walk::Step(Level* level) {
  const Item item = level->items[level->next++];
  if (++seen_ % kCancelEvery == 0 && call_->cancelled(call_->ctx) != 0) {
    return Refuse(SYNCLINE_CANCELLED, "Stopped.");
  }
  if (!level->dir.valid() && !level->lost) level->lost = !Reopen(level, &level->dir);
  path_.resize(level->path_length);
  path_.append(level->listing.Name(level->listing.entries[item.entry]));
  if (item.inside) return Inside(level, item);
  if (level->lost) {
    hooks_.event(SYNCLINE_WARNING, path_,
                 Join({Quoted(path_),
                       " is left as it is: the folder around it was moved or replaced "
                       "while it was listed. Sync again."}));
    return PushUnknown(level, item, false);
  }

  FileInfo info;
  absl::Status status = platform::Stat(level->dir, path_.c_str() + level->path_length, &info);
  if (absl::IsNotFound(status)) {
    NoDescent(level, item);
    return Outcome{};
  }
  if (!status.ok()) {
    hooks_.event(
        SYNCLINE_WARNING, path_,
        Join({Quoted(path_), " cannot be looked at and is left as it is: ", Words(status)}));
    return PushUnknown(level, item, false);
  }
  bool prune = false;
  switch (info.type) {
    case FileType::kFolder:
      return PushFolder(level, item, info);
    case FileType::kOther:
      NoDescent(level, item);
      Special();
      return Outcome{};
    case FileType::kFile:
      if (info.links > 1) hooks_.linked(info, path_);
      break;
    case FileType::kLink:
      break;
  }
  // What the listing called a folder is none any more.
  if (level->listing.entries[item.entry].type == FileType::kFolder) NoDescent(level, item);
  return Push(0, info, 0, &prune);
}

Outcome Walk::PushFolder(Level* level, const Item& item, const FileInfo& looked) {
  if (level->listing.entries[item.entry].type != FileType::kFolder) {
    // It became a folder after the listing: its inside has no turn in this walk.
    hooks_.event(SYNCLINE_WARNING, path_,
                 Join({Quoted(path_),
                       " is left as it is: it changed while it was listed. Sync "
                       "again."}));
    return PushUnknown(level, item, true);
  }
  FileInfo info = looked;
  info.permissions = hooks_.permissions(looked);
  // Listed before its record is pushed: only then is known whether what is inside can be seen.
  absl::StatusOr<Dir> dir = platform::OpenDirAt(level->dir, path_.substr(level->path_length));
  uint64_t attributes_hash = 0;
  absl::Status status = dir.status();
  if (status.ok()) {
    absl::StatusOr<platform::UserAttributes> attributes = platform::ReadUserAttributes(*dir);
    status = attributes.status();
    if (status.ok()) attributes_hash = HashAttributes(*attributes);
  }
  bool is_next = level->next < level->items.size() && level->items[level->next].inside &&
                 level->items[level->next].entry == item.entry;
  if (status.ok()) status = Prepare(*std::move(dir), info);
  if (absl::IsNotFound(status)) {
    NoDescent(level, item);
    return Outcome{};
  }
  bool prune = false;
  if (!status.ok()) {
    NoDescent(level, item);
    Outcome outcome = Push(SYNCLINE_CONTAINER | SYNCLINE_UNKNOWN, info, 0, &prune);
    if (outcome.ok() && !prune) {
      hooks_.event(
          SYNCLINE_WARNING, path_,
          Join({"The folder ", Quoted(path_),
                " cannot be read; it and what is inside are left as they are on ",
                "both sides. Change its permissions or exclude it. (", Words(status), ")"}));
    }
    return outcome;
  }
  Outcome outcome = Push(SYNCLINE_CONTAINER, info, attributes_hash, &prune);
  if (prune || !outcome.ok()) NoDescent(level, item);
  prepared_ = is_next && !prune;
  // "a" is followed by "a-b" before "a/...": it is opened again at its turn, which is rare.
  if (!prepared_) levels_[depth_]->dir.Close();
  return outcome;
}

Outcome Walk::Inside(Level* level, const Item& item) {
  if (level->listing.entries[item.entry].type != FileType::kFolder) return Outcome{};
  if (!prepared_) {
    FileInfo info;
    absl::Status status = absl::UnavailableError("the folder around it was moved");
    if (!level->lost) {
      absl::StatusOr<Dir> dir = platform::OpenDirAt(level->dir, path_.substr(level->path_length));
      status = dir.status();
      if (status.ok()) status = platform::StatHandle(*dir, &info);
      if (status.ok()) status = Prepare(*std::move(dir), info);
    }
    if (absl::IsNotFound(status)) return Outcome{};
    if (!status.ok()) {
      // Its record is out already, so its inside can no longer be called unknown.
      return Refuse(
          SYNCLINE_FAILED,
          Join({"The folder ", Quoted(path_), " changed while it was listed. Sync again."}),
          std::string(Words(status)));
    }
  }
  Enter();
  return Outcome{};
}

Outcome Walk::PushUnknown(Level* level, const Item& item, bool folder) {
  bool prune = false;
  folder = folder || level->listing.entries[item.entry].type == FileType::kFolder;
  NoDescent(level, item);
  return Push(folder ? SYNCLINE_CONTAINER | SYNCLINE_UNKNOWN : SYNCLINE_UNKNOWN, FileInfo{}, 0,
              &prune);
}

Outcome Walk::Push(uint32_t flags, const FileInfo& info, uint64_t attributes_hash, bool* prune) {
  SmallBytes version = MakeVersion(info, change_time_, attributes_hash);
  SmallBytes identity = MakeIdentity(info);
  syncline_record record = {};
  record.struct_size = sizeof(record);
  record.flags = flags;
  record.id = Str(path_);
  record.version = Str(version.view());
  record.identity = Str(identity.view());
  bool folder = info.type == FileType::kFolder;
  record.size = folder ? 0 : info.size;
  record.mtime_ns = folder ? SYNCLINE_UNKNOWN_TIME : info.modified_ns;
  syncline_status status = sink_->record(sink_->ctx, &record);
  *prune = status == SYNCLINE_PRUNE;
  if (status < 0) return Refuse(status, "");
  return Outcome{};
}

void Walk::Special() {
  if (++specials_ > kMostSpecials) return;
  hooks_.event(
      SYNCLINE_INFO, path_,
      Join({Quoted(path_), " is a socket, a pipe or a device; such things are not synced."}));
}

void Walk::NoDescent(Level* level, const Item& item) {
  level->listing.entries[item.entry].type = FileType::kOther;
}

}  // namespace syncline::folders
