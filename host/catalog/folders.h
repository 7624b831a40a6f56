// Where provider libraries are looked for, and who may put one there.
#ifndef SYNCLINE_HOST_CATALOG_FOLDERS_H_
#define SYNCLINE_HOST_CATALOG_FOLDERS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "sdk/platform/file_system.h"

namespace syncline::catalog {

// The folders of Syncline's own providers, seen from the folder of its program: plugins beside it
// (a build) and below ../lib* (an installed tree). Some may not exist.
std::vector<std::string> BuiltInFolders(const std::string& program_folder);

// The folders of a search path as SYNCLINE_PLUGIN_PATH holds it, made absolute.
std::vector<std::string> SplitSearchPath(const std::string& path);

// A file that is named like a library.
struct Candidate {
  std::string path, folder, name;
  bool is_link = false;
  platform::FileInfo info;  // of what a link leads to
};

// The candidates of the folders, in the folders' order and by name; a folder that stands there
// twice or is missing adds nothing.
std::vector<Candidate> FindCandidates(const std::vector<std::string>& folders);

// True when both are the same content as far as the file system tells.
bool SameFile(const platform::FileInfo& a, const platform::FileInfo& b);

// Why the candidate must not be loaded and how to put that right: other users may write the file or
// its folder, or it leads out of the folder. Code that others can exchange would run with this
// user's rights.
std::optional<std::string> Refusal(const Candidate& candidate);

// An error at writing into a folder below the data folder, with the place and what to do. what:
// what cannot be kept there, such as "plug-ins".
absl::Status CannotKeep(std::string_view what, const std::string& folder, const absl::Status& why);

}  // namespace syncline::catalog

#endif  // SYNCLINE_HOST_CATALOG_FOLDERS_H_
