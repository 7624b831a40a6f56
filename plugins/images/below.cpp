// Folders below an open one. See below.h.
#include "plugins/images/below.h"

#include <algorithm>

#include "plugins/record_files/refusal.h"

namespace syncline::images {

absl::StatusOr<platform::Dir> OpenBelow(const platform::Dir& root, std::string_view folder) {
  absl::StatusOr<platform::Dir> dir = platform::Duplicate(root);
  while (dir.ok() && !folder.empty()) {
    const size_t end = std::min(folder.find('/'), folder.size());
    dir = platform::OpenDirAt(*dir, std::string(folder.substr(0, end)));
    folder.remove_prefix(std::min(end + 1, folder.size()));
  }
  return dir;
}

absl::StatusOr<platform::Dir> MakeBelow(const platform::Dir& root, std::string_view folder) {
  absl::StatusOr<platform::Dir> dir = platform::Duplicate(root);
  while (dir.ok() && !folder.empty()) {
    const size_t end = std::min(folder.find('/'), folder.size());
    const std::string part(folder.substr(0, end));
    absl::StatusOr<platform::Dir> next = platform::OpenDirAt(*dir, part);
    if (absl::IsNotFound(next.status())) {
      const absl::Status made = platform::MakeDir(*dir, part, 0777);
      if (!made.ok() && !absl::IsAlreadyExists(made)) return made;
      next = platform::OpenDirAt(*dir, part);
    }
    dir = std::move(next);
    folder.remove_prefix(std::min(end + 1, folder.size()));
  }
  return dir;
}

bool IsPlainFolder(std::string_view folder) {
  if (folder.find('\0') != std::string_view::npos || folder.ends_with('/')) return false;
  while (!folder.empty()) {
    const size_t end = std::min(folder.find('/'), folder.size());
    const std::string_view part = folder.substr(0, end);
    if (part.empty() || part == "." || part == "..") return false;
    folder.remove_prefix(std::min(end + 1, folder.size()));
  }
  return true;
}

std::pair<std::string, std::string> SplitPath(std::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return {"", std::string(path)};
  return {std::string(path.substr(0, slash)), std::string(path.substr(slash + 1))};
}

std::string PathIn(std::string_view folder, std::string_view name) {
  return folder.empty() ? std::string(name) : record_files::Join({folder, "/", name});
}

}  // namespace syncline::images
