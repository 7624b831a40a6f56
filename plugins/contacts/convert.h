// The versions of vCard: raising a card from 2.1 to 3.0 or 4.0, or from 3.0 to 4.0, so that cards
// of two versions can be merged; and the one form in which equal cards of any version are equal.
// Pure.
#ifndef SYNCLINE_PLUGINS_CONTACTS_CONVERT_H_
#define SYNCLINE_PLUGINS_CONTACTS_CONVERT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "plugins/content_lines/component.h"

namespace syncline::contacts {

enum class Version : uint8_t { k21, k30, k40 };

// Of VERSION; 3.0 where there is none.
Version VersionOf(const content_lines::Component& card);
std::string_view VersionText(Version version);

// The property as a card of version `to` has it; as it is when that is not newer than `from`. A
// property that needs no change keeps its bytes.
content_lines::Property Raised(const content_lines::Property& property, Version from, Version to,
                               std::string_view line_end);
// The whole card, VERSION with it.
content_lines::Component Raised(const content_lines::Component& card, Version to,
                                std::string_view line_end);

// Sets a text value in the way of this version. The caller rewrites the property.
void SetText(content_lines::Property* property, std::string_view text, Version version);

}  // namespace syncline::contacts

#endif  // SYNCLINE_PLUGINS_CONTACTS_CONVERT_H_
