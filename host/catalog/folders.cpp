#include "host/catalog/folders.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "absl/strings/str_split.h"
#include "host/protocol/messages.h"
#include "host/protocol/text.h"
#include "sdk/platform/process.h"

namespace syncline::catalog {
namespace {

using platform::JoinPath;
using protocol::DisplayText;

#if defined(_WIN32)
constexpr std::string_view kSuffix = ".dll";
constexpr char kSeparator = ';';
#else
constexpr std::string_view kSuffix = ".so";
constexpr char kSeparator = ':';
#endif
constexpr uint32_t kGroupWrites = 020, kOthersWrite = 002;

// Names in a folder, sorted; none when it cannot be listed.
std::vector<std::string> Names(const std::string& folder) {
  std::vector<std::string> names;
  absl::StatusOr<platform::Dir> dir = platform::OpenDir(folder);
  platform::DirListing listing;
  if (!dir.ok() || !platform::ListDir(*dir, &listing).ok()) return names;
  for (const platform::DirEntry& entry : listing.entries) names.emplace_back(listing.Name(entry));
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<std::string> RefusalOfOne(const std::string& path, const platform::FileInfo& info,
                                        std::string_view what) {
  if (info.owner != platform::UserId() && info.owner != 0) {
    return Cat(what, " belongs to another user, who could change it. If you trust it: sudo chown ",
               platform::UserId(), " ", DisplayText(path));
  }
  const bool group =
      (info.permissions & kGroupWrites) != 0 && !platform::IsPrivateGroup(info.group);
  if (group || (info.permissions & kOthersWrite) != 0) {
    return Cat(what, " can be changed by other users. Put that right with: chmod go-w ",
               DisplayText(path));
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> BuiltInFolders(const std::string& program_folder) {
  std::vector<std::string> folders = {JoinPath(program_folder, "plugins")};
  const std::string prefix = platform::ParentPath(program_folder);
  for (const std::string& name : Names(prefix)) {
    if (!name.starts_with("lib")) continue;
    const std::string lib = JoinPath(prefix, name);
    folders.push_back(JoinPath(lib, "syncline/plugins"));
    if (name != "lib") continue;
    for (const std::string& inside : Names(lib)) {  // Debian: lib/x86_64-linux-gnu
      if (inside.find("-linux-") == std::string::npos) continue;
      folders.push_back(JoinPath(JoinPath(lib, inside), "syncline/plugins"));
    }
  }
  return folders;
}

std::vector<std::string> SplitSearchPath(const std::string& path) {
  std::vector<std::string> folders;
  for (const absl::string_view part : absl::StrSplit(path, kSeparator, absl::SkipEmpty())) {
    folders.push_back(platform::AbsolutePath(std::string(part)));
  }
  return folders;
}

std::vector<Candidate> FindCandidates(const std::vector<std::string>& folders) {
  std::vector<Candidate> candidates;
  std::set<std::string> seen;
  for (const std::string& folder : folders) {
    const absl::StatusOr<std::string> real = platform::RealPath(folder);
    if (!real.ok() || !seen.insert(*real).second) continue;
    absl::StatusOr<platform::Dir> dir = platform::OpenDir(folder);
    if (!dir.ok()) continue;
    for (const std::string& name : Names(folder)) {
      if (!name.ends_with(kSuffix) || name.size() == kSuffix.size()) continue;
      Candidate candidate;
      candidate.path = JoinPath(folder, name);
      candidate.folder = folder;
      candidate.name = name;
      platform::FileInfo own;
      if (!platform::Stat(*dir, name.c_str(), &own).ok()) continue;
      candidate.is_link = own.type == platform::FileType::kLink;
      const absl::StatusOr<platform::FileInfo> info = platform::StatPath(candidate.path);
      if (!info.ok() || info->type != platform::FileType::kFile) continue;
      candidate.info = *info;
      candidates.push_back(std::move(candidate));
    }
  }
  return candidates;
}

bool SameFile(const platform::FileInfo& a, const platform::FileInfo& b) {
  return a.device == b.device && a.file_id == b.file_id && a.size == b.size &&
         a.modified_ns == b.modified_ns && a.changed_ns == b.changed_ns;
}

std::optional<std::string> Refusal(const Candidate& candidate) {
  if (candidate.is_link) {
    const absl::StatusOr<std::string> target = platform::RealPath(candidate.path);
    const absl::StatusOr<std::string> folder = platform::RealPath(candidate.folder);
    if (!target.ok() || !folder.ok() || !target->starts_with(*folder + "/")) {
      return Cat("it is a link that leads out of its folder",
                 target.ok() ? Cat(", to ", DisplayText(*target)) : std::string(),
                 ". Copy the library itself into ", DisplayText(candidate.folder), ".");
    }
  }
  if (auto refusal = RefusalOfOne(candidate.path, candidate.info, "it")) return refusal;
  const absl::StatusOr<platform::FileInfo> folder = platform::StatPath(candidate.folder);
  if (!folder.ok()) return Cat("its folder cannot be looked at: ", Sentence(folder.status()));
  return RefusalOfOne(candidate.folder, *folder, "its folder");
}

absl::Status CannotKeep(std::string_view what, const std::string& folder, const absl::Status& why) {
  return absl::Status(
      why.code(),
      Cat("Syncline cannot keep ", what, " in ", DisplayText(folder), " (", Sentence(why), "). ",
          absl::IsResourceExhausted(why)
              ? "Free some space on the disk that holds it, or set SYNCLINE_HOME to a folder on "
                "another disk."
              : "Check the owner and the permissions of that folder, or set SYNCLINE_HOME to one "
                "that you may write."));
}

}  // namespace syncline::catalog
