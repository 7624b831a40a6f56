// What an XMP property says, for comparing it and for showing it to a person.
#ifndef SYNCLINE_PLUGINS_IMAGES_XMP_MERGE_VALUES_H_
#define SYNCLINE_PLUGINS_IMAGES_XMP_MERGE_VALUES_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/images/xmp.h"

namespace syncline::images {

// Equal exactly for values that say the same. Empty: it says nothing, like a property that is
// absent. The same in every process and under every prefix.
std::string CanonicalOf(const XmpName& name, const XmpProperty& property);

// The items of a property that is merged as a set: each once and not blank, in their order.
// nullopt: it has a shape that no set has.
std::optional<std::vector<std::string>> ItemsOf(const XmpProperty& property);

// Whether it is nothing but language alternatives.
bool IsLanguages(const XmpProperty& property);

// Without blanks at its ends: what texts are compared by.
std::string_view Trimmed(std::string_view text);

// In one line and not long.
std::string WordsOf(const XmpProperty& property);

// 32 hex digits.
std::string DigestOf(const XmpPacket& packet);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_XMP_MERGE_VALUES_H_
