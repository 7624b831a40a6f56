// Reading and replacing whole small files inside an open folder, for both kinds of replica.
#ifndef SYNCLINE_PLUGINS_RECORD_FILES_CONTENT_H_
#define SYNCLINE_PLUGINS_RECORD_FILES_CONTENT_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "sdk/platform/file_system.h"
#include "syncline/provider.hpp"

namespace syncline::record_files {

struct FileBytes {
  platform::FileInfo info;  // the same before and after reading
  std::string bytes;
};
// OutOfRange: more than limit bytes. Aborted: somebody keeps writing to it.
absl::StatusOr<FileBytes> ReadBytes(const platform::Dir& dir, const std::string& name,
                                    uint64_t limit);

// Nothing was written to the file between the two looks, as far as its times tell.
bool Untouched(const platform::FileInfo& a, const platform::FileInfo& b);
// The same but for what a rename or a change of permissions does.
bool SameContent(const platform::FileInfo& a, const platform::FileInfo& b);
// The file was written to so short a time ago that another write could have the same times.
bool IsFresh(const platform::FileInfo& info);
// Waits until it could not: some ms, and only for a file that is fresh.
void WaitForTick(const platform::FileInfo& info);
// inode and birth time; empty where that would not be unique (a file with several names).
std::string IdentityOf(const platform::FileInfo& info);

// The names under which files wait for their place. What a killed sync left behind is told from
// the temporary files of others by the item and the side in the name.
class Temporaries {
 public:
  explicit Temporaries(const Host& host);

  // replaced: what the file will be exchanged with; the name then tells what is expected to come
  // out, for TidyUp().
  std::string NewName(const platform::FileInfo* replaced);
  bool IsMine(std::string_view name) const { return name.starts_with(prefix_); }
  // Removes a file that a killed sync left. When it is what an exchange brought out, and somebody
  // had changed that at the last moment, it gets a visible name instead: the returned one.
  std::optional<std::string> TidyUp(const platform::Dir& dir, const std::string& name,
                                    std::string_view extension) const;

 private:
  std::string prefix_;
  uint64_t counter_ = 0;
};

// Writes a new file. replaced: permissions and extended attributes are taken from it (it stands
// under replaced_name); nullptr: those of a new file. Nothing is left behind after an error.
absl::Status WriteFile(const platform::Dir& dir, const std::string& name, std::string_view bytes,
                       const platform::FileInfo* replaced, const std::string& replaced_name);

// Puts temporary in the place of name, and removes what was there, when is_expected says that it
// is what it should be. False: it was not, or is gone; nothing changed and temporary is still
// there. is_expected gets the name under which the old file stands then. DataLoss: what came out
// could not be put back and stands under temporary, for TidyUp() of the next sync: do not remove
// it.
absl::StatusOr<bool> Exchange(
    const platform::Dir& dir, const std::string& temporary, const std::string& name,
    const std::function<bool(const std::string& name, const platform::FileInfo& info)>&
        is_expected);

}  // namespace syncline::record_files

#endif  // SYNCLINE_PLUGINS_RECORD_FILES_CONTENT_H_
