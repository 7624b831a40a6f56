// Names that every file system takes. Inside of layout*.cpp.
#ifndef SYNCLINE_PLUGINS_IMAGES_LAYOUT_NAMES_H_
#define SYNCLINE_PLUGINS_IMAGES_LAYOUT_NAMES_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace syncline::images {

// Whether Windows can have this character of ASCII in a name; '/' is none either.
bool IsNameCharacter(char c);

// Whether Windows keeps this name for a device, with any extension: "CON", "com1.jpg".
bool IsDeviceName(std::string_view name);

// value with '_' for each character that a name cannot have and for each byte that is no UTF-8.
std::string SafeCharacters(std::string_view value);

// The longest beginning of at most limit bytes that does not end within a letter.
std::string_view CutName(std::string_view name, size_t limit);

// One part of a path made of safe characters: not empty, no dot in front (it would be hidden), no
// dot or space at the end, no device, at most limit bytes.
std::string SafeName(std::string name, size_t limit);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_LAYOUT_NAMES_H_
