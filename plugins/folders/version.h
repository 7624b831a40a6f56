// What a record's version, identity and attributes look like as bytes. The layout is stored in
// baselines: add a new leading letter for another layout, never change one.
#ifndef SYNCLINE_PLUGINS_FOLDERS_VERSION_H_
#define SYNCLINE_PLUGINS_FOLDERS_VERSION_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sdk/platform/file_system.h"

namespace syncline::folders {

// setuid, setgid and sticky are not carried: owners are not synced, so they would give the rights
// of somebody else.
inline constexpr uint32_t kKeptPermissions = 0777;

// Enough for every version and identity, so that listing a file allocates nothing.
struct SmallBytes {
  char bytes[40];
  size_t size = 0;
  std::string_view view() const { return {bytes, size}; }
};

enum class ChangeTime : uint8_t {
  kCounts,
  // With hard links kept, making a link to a file changes its ctime but not the file.
  kIgnored,
};

// Files and links: letter, permissions, size, mtime, ctime, inode. Folders: letter, permissions and
// attributes_hash: their times change with what is inside.
SmallBytes MakeVersion(const platform::FileInfo& info, ChangeTime change_time,
                       uint64_t attributes_hash);

// Equal but for the ctime, which a rename changes.
bool SameButChangeTime(std::string_view version, std::string_view other);
// Equal type, permissions, size and mtime: what a move keeps.
bool SameContent(std::string_view before, std::string_view after);

// inode and birth time; empty where that would not be unique (a folder without a birth time, a file
// with several names).
SmallBytes MakeIdentity(const platform::FileInfo& info);

uint64_t HashAttributes(const platform::UserAttributes& attributes);
uint32_t HashText(std::string_view text);

// What travels with the content through read() and write().
struct Attributes {
  platform::FileType type = platform::FileType::kFile;
  uint32_t permissions = 0644;
  platform::UserAttributes user;
};
std::string EncodeAttributes(const Attributes& attributes);
// nullopt: not ours.
std::optional<Attributes> DecodeAttributes(std::string_view bytes);

}  // namespace syncline::folders

#endif  // SYNCLINE_PLUGINS_FOLDERS_VERSION_H_
