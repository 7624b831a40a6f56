// Text of XML 1.0 with namespaces as a tree of elements: what RDF needs of it, and no more. No
// document types, so no entities but the five of XML, and nothing is ever fetched. The work and the
// memory that a hostile text can cause are limited.
#ifndef SYNCLINE_PLUGINS_IMAGES_XML_TEXT_H_
#define SYNCLINE_PLUGINS_IMAGES_XML_TEXT_H_

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "absl/status/statusor.h"

namespace syncline::images {

inline constexpr int kDeepestXml = 64;            // elements in elements
inline constexpr size_t kMostXmlParts = 200'000;  // elements and attributes
inline constexpr size_t kLongestXmlSpace = 1024;  // bytes of the URI of a namespace
inline constexpr std::string_view kXmlSpace = "http://www.w3.org/XML/1998/namespace";

struct XmlName {
  std::string space;  // a URI; empty: in no namespace
  std::string local;
  bool operator==(const XmlName&) const = default;
  bool operator<(const XmlName& other) const {
    return std::tie(space, local) < std::tie(other.space, other.local);
  }
};

struct XmlAttribute {
  XmlName name;
  std::string value;
};

struct XmlElement {
  XmlName name;
  std::vector<XmlAttribute> attributes;  // without the declarations of namespaces
  std::vector<XmlElement> children;
  std::string text;  // all that stands directly in it
};

struct XmlText {
  XmlElement root;
  std::map<std::string, std::string> prefixes;  // by URI, the first one that was declared for it
};

// InvalidArgument says in a few words what is wrong, without a full stop. text is UTF-8, with or
// without a byte order mark.
absl::StatusOr<XmlText> ParseXml(std::string_view text);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_XML_TEXT_H_
