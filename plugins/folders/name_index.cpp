// Folded names of folders that are written to.
#include "plugins/folders/name_index.h"

#include "plugins/folders/names.h"

namespace syncline::folders {

absl::StatusOr<std::string> NameIndex::Clash(const platform::Dir& folder,
                                             std::string_view folder_id, std::string_view name,
                                             std::string_view except) {
  auto found = folders_.find(std::string(folder_id));
  if (found == folders_.end()) {
    platform::DirListing listing;
    absl::Status status = platform::ListDir(folder, &listing);
    if (!status.ok()) return status;
    Names names;
    for (const platform::DirEntry& entry : listing.entries) {
      std::string_view other = listing.Name(entry);
      if (!IsTemporary(other)) names.emplace(Fold(other), other);
    }
    found = folders_.emplace(folder_id, std::move(names)).first;
  }
  auto other = found->second.find(Fold(name));
  if (other == found->second.end() || other->second == name || other->second == except) {
    return std::string();
  }
  return other->second;
}

void NameIndex::Add(std::string_view folder_id, std::string_view name) {
  auto found = folders_.find(std::string(folder_id));
  if (found != folders_.end()) found->second.emplace(Fold(name), name);
}

void NameIndex::Remove(std::string_view folder_id, std::string_view name) {
  auto found = folders_.find(std::string(folder_id));
  if (found == folders_.end()) return;
  auto other = found->second.find(Fold(name));
  if (other != found->second.end() && other->second == name) found->second.erase(other);
}

}  // namespace syncline::folders
