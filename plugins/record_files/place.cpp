// Opening the location of a replica.
#include "plugins/record_files/place.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "plugins/record_files/refusal.h"

namespace syncline::record_files {
namespace {

using platform::FileInfo;
using platform::FileType;

constexpr char kSetting[] = "location";
constexpr size_t kLongestHead = 4096;  // bytes of a file that tell what it is

void Append(std::string* out, uint64_t value) {
  for (int i = 0; i < 8; ++i) out->push_back(static_cast<char>(value >> (8 * i)));
}

bool EndsWith(std::string_view name, std::string_view extension) {
  if (name.size() < extension.size()) return false;
  const std::string_view end = name.substr(name.size() - extension.size());
  for (size_t i = 0; i < end.size(); ++i) {
    if (absl::ascii_tolower(static_cast<unsigned char>(end[i])) !=
        absl::ascii_tolower(static_cast<unsigned char>(extension[i]))) {
      return false;
    }
  }
  return true;
}

bool BeginsWith(std::string_view text, std::string_view beginning) {
  return text.size() >= beginning.size() && EndsWith(text.substr(0, beginning.size()), beginning);
}

// Whether a file called otherwise is of this kind all the same. Records are added to it and taken
// out, which would ruin anything else.
absl::StatusOr<bool> IsOfKind(const platform::File& file, const Format& format) {
  std::string head(kLongestHead, '\0');
  size_t filled = 0;
  while (filled < head.size()) {
    const absl::StatusOr<size_t> got =
        platform::Read(file, head.data() + filled, head.size() - filled);
    if (!got.ok()) return got.status();
    if (*got == 0) break;
    filled += *got;
  }
  std::string_view text = std::string_view(head).substr(0, filled);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  return text.empty() || BeginsWith(text, format.beginning());
}

Error CannotOpen(const absl::Status& status, std::string_view location, const Format& format) {
  const std::string shown = Quoted(location);
  const std::string detail(Words(status));
  if (absl::IsPermissionDenied(status)) {
    return Error(SYNCLINE_UNAUTHORIZED,
                 Join({shown,
                       " cannot be read: permission denied. Give this user the right to "
                       "read it."}),
                 detail, kSetting);
  }
  if (absl::IsNotFound(status) || absl::IsFailedPrecondition(status)) {
    if (EndsWith(location, format.extension())) {
      return Error(SYNCLINE_NOT_FOUND,
                   Join({"The file ", shown, " does not exist. Create an empty file there for new ",
                         format.many(), ", connect its disk, or correct the path."}),
                   detail, kSetting);
    }
    return Error(SYNCLINE_NOT_FOUND,
                 Join({"The folder ", shown,
                       " does not exist. Create it, connect its disk, or correct the path."}),
                 detail, kSetting);
  }
  return Error(SYNCLINE_OFFLINE, Join({shown, " cannot be opened now. Check its disk."}), detail,
               kSetting);
}

}  // namespace

bool IsRecordName(std::string_view name, const Format& format) {
  return !name.empty() && name.front() != '.' && EndsWith(name, format.extension());
}

Place OpenPlace(std::string_view location, const Format& format) {
  Place place;
  place.location = location;
  const std::string path = platform::LocalPath(location);
  if (path.empty() || path.find('\0') != std::string::npos) {
    throw Error(SYNCLINE_BROKEN,
                Join({Quoted(location),
                      " is not a path on this computer. Give the path of a folder, or of a ",
                      format.extension(), " file."}),
                "", kSetting);
  }
  const absl::StatusOr<std::string> real = platform::RealPath(platform::AbsolutePath(path));
  if (!real.ok()) throw CannotOpen(real.status(), location, format);
  place.path = *real;
  const absl::StatusOr<FileInfo> info = platform::StatPath(place.path);
  if (!info.ok()) throw CannotOpen(info.status(), location, format);
  if (info->type != FileType::kFolder && info->type != FileType::kFile) {
    throw Error(SYNCLINE_BROKEN,
                Join({Quoted(location), " is neither a folder nor a file. Give a folder, or a ",
                      format.extension(), " file."}),
                "", kSetting);
  }
  const bool single = info->type == FileType::kFile;
  if (single) place.name = platform::BaseName(place.path);
  absl::StatusOr<platform::Dir> dir =
      platform::OpenDir(single ? platform::ParentPath(place.path) : place.path);
  absl::Status status = dir.status();
  if (status.ok()) {
    place.dir = *std::move(dir);
    status = platform::StatHandle(place.dir, &place.dir_info);
  }
  // Whether it can be read shows now, and not when half of the other side is listed.
  absl::StatusOr<bool> of_kind = true;
  if (status.ok() && single) {
    const absl::StatusOr<platform::File> file = platform::OpenFile(place.dir, place.name);
    status = file.status();
    if (status.ok() && !EndsWith(place.name, format.extension())) {
      of_kind = IsOfKind(*file, format);
      status = of_kind.status();
    }
  }
  if (!status.ok()) throw CannotOpen(status, location, format);
  if (!*of_kind) {
    throw Error(SYNCLINE_BROKEN,
                Join({"The file ", Quoted(location), " is not called *", format.extension(),
                      " and does not begin with ", format.beginning(),
                      ", so nothing is read from it and nothing written into it. Give a ",
                      format.extension(), " file, an empty file, or a folder."}),
                "", kSetting);
  }

  const absl::StatusOr<uint64_t> file_system = platform::FileSystemId(place.dir);
  Append(&place.identity, file_system.ok() ? *file_system : 0);
  Append(&place.identity, place.dir_info.file_id);
  Append(&place.identity, static_cast<uint64_t>(place.dir_info.born_ns));
  // Not the file's inode: many programs save by putting a new file in its place.
  place.identity += place.name;
  return place;
}

void CheckApart(const Place& mine, const Place& theirs, const Format& format) {
  const bool same_folder = mine.dir_info.file_id == theirs.dir_info.file_id &&
                           mine.dir_info.device == theirs.dir_info.device;
  if (mine.single() && theirs.single()) {
    FileInfo a;
    FileInfo b;
    const bool same_file = platform::Stat(mine.dir, mine.name.c_str(), &a).ok() &&
                           platform::Stat(theirs.dir, theirs.name.c_str(), &b).ok() &&
                           a.file_id == b.file_id && a.device == b.device;
    if (!same_file && mine.path != theirs.path) return;
    throw Error(SYNCLINE_INVALID,
                Join({Quoted(mine.location), " and ", Quoted(theirs.location),
                      " are the same file. Give two different files."}),
                "", kSetting);
  }
  if (!same_folder) return;
  if (!mine.single() && !theirs.single()) {
    throw Error(SYNCLINE_INVALID,
                Join({Quoted(mine.location), " and ", Quoted(theirs.location),
                      " are the same folder. Give two different folders."}),
                "", kSetting);
  }
  const Place& file = mine.single() ? mine : theirs;
  const Place& folder = mine.single() ? theirs : mine;
  if (!IsRecordName(file.name, format)) return;
  throw Error(SYNCLINE_INVALID,
              Join({"The file ", Quoted(file.location), " lies in the folder ",
                    Quoted(folder.location), ", where every ", format.extension(),
                    " file counts as one ", format.one(), ". Move it to another folder."}),
              "", kSetting);
}

}  // namespace syncline::record_files
