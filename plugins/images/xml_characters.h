// Characters of XML 1.0 and how they are written.
#ifndef SYNCLINE_PLUGINS_IMAGES_XML_CHARACTERS_H_
#define SYNCLINE_PLUGINS_IMAGES_XML_CHARACTERS_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace syncline::images {

// XML 1.0, 2.2.
bool IsXmlCharacter(uint32_t code);

// Appends what "&name;" stands for, as UTF-8. False: an entity that XML does not have by itself.
bool AppendXmlEntity(std::string_view name, std::string* out);

// text as it stands between tags or in an attribute.
std::string EscapedXml(std::string_view text);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_XML_CHARACTERS_H_
