// With names=portable: which names in a folder would be one and the same on a system that ignores
// letter case and Unicode normalisation. Built for a folder at the first write into it.
#ifndef SYNCLINE_PLUGINS_FOLDERS_NAME_INDEX_H_
#define SYNCLINE_PLUGINS_FOLDERS_NAME_INDEX_H_

#include <string>
#include <string_view>
#include <unordered_map>

#include "absl/status/statusor.h"
#include "sdk/platform/file_system.h"

namespace syncline::folders {

class NameIndex {
 public:
  // The name in folder that name would coincide with, other than itself and except; empty: none.
  absl::StatusOr<std::string> Clash(const platform::Dir& folder, std::string_view folder_id,
                                    std::string_view name, std::string_view except);
  void Add(std::string_view folder_id, std::string_view name);
  void Remove(std::string_view folder_id, std::string_view name);
  void Clear() { folders_.clear(); }

 private:
  using Names = std::unordered_map<std::string, std::string>;  // folded -> as it is
  std::unordered_map<std::string, Names> folders_;
};

}  // namespace syncline::folders

#endif  // SYNCLINE_PLUGINS_FOLDERS_NAME_INDEX_H_
