// Folders below an open one, by relative paths with '/' between the parts; never through a link.
#ifndef SYNCLINE_PLUGINS_IMAGES_BELOW_H_
#define SYNCLINE_PLUGINS_IMAGES_BELOW_H_

#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "sdk/platform/file_system.h"

namespace syncline::images {

// folder empty: root itself.
absl::StatusOr<platform::Dir> OpenBelow(const platform::Dir& root, std::string_view folder);
// Makes what is missing of it.
absl::StatusOr<platform::Dir> MakeBelow(const platform::Dir& root, std::string_view folder);
// A relative path without empty, "." and ".." parts; or empty.
bool IsPlainFolder(std::string_view folder);
// "a/b" and "c" of "a/b/c".
std::pair<std::string, std::string> SplitPath(std::string_view path);
std::string PathIn(std::string_view folder, std::string_view name);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_BELOW_H_
