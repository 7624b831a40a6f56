// Names of files as Syncline sees them: relative paths as bytes with '/', names that a place cannot
// tell apart, names that Windows cannot hold, free names beside a taken one, and our own temporary
// names.
#ifndef SYNCLINE_PLUGINS_FOLDERS_NAMES_H_
#define SYNCLINE_PLUGINS_FOLDERS_NAMES_H_

#include <string>
#include <string_view>

namespace syncline::folders {

enum class NameRule { kAuto, kExact, kPortable };

// Whether id is a relative path that stays inside the folder: no empty, "." or ".." component, no
// leading or trailing '/', no NUL, and not one of our temporary names.
bool IsPlainId(std::string_view id);

std::string_view ParentOf(std::string_view id);  // empty: the top
std::string_view NameOf(std::string_view id);
std::string Below(std::string_view folder, std::string_view name);

// Equal for names that a system which ignores letter case and Unicode normalisation takes for one.
// Bytes that are not UTF-8 stand for themselves.
std::string Fold(std::string_view name);

// Why Windows cannot hold name, as the end of a sentence; empty when it can.
std::string WindowsObjection(std::string_view name);

// "report (LABEL).txt"; number > 1: "report (LABEL 2).txt". Never longer than 255 bytes.
std::string BesideName(std::string_view name, std::string_view label, int number);

inline constexpr std::string_view kTemporaryPrefix = ".~syncline-";
// Starts with 8 hex digits that stand for the item, so that no item removes another's.
std::string TemporaryPrefixOf(std::string_view item);
inline bool IsTemporary(std::string_view name) {
  return name.size() > kTemporaryPrefix.size() && name[0] == '.' && name[1] == '~' &&
         name.substr(0, kTemporaryPrefix.size()) == kTemporaryPrefix;
}

}  // namespace syncline::folders

#endif  // SYNCLINE_PLUGINS_FOLDERS_NAMES_H_
