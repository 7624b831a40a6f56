// An XMP packet (ISO 16684-1) as properties: read from RDF, and written.
//
// Not with the toolkit in Exiv2: that one has one table of prefixes and namespaces for the whole
// process, so a packet that binds a known prefix to a namespace of its own makes it write every
// later packet wrongly, and it is recursive without a limit.
//
// Any thread; there is no state.
#ifndef SYNCLINE_PLUGINS_IMAGES_XMP_H_
#define SYNCLINE_PLUGINS_IMAGES_XMP_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "absl/status/statusor.h"

namespace syncline::images {

inline constexpr size_t kLargestPacket = 8 << 20;  // bytes; programs stay far below 1 MiB
// What stands at one place of a property.
struct XmpNode {
  enum class Shape : uint8_t { kText, kUri, kLanguages, kBag, kSeq, kAlt, kStruct };
  // Below the property: "" is itself, "[1]" an item, "/{URI}name" a field, "/?{URI}name" a
  // qualifier.
  std::string path;
  Shape shape = Shape::kText;
  // Of kText and kUri the one text. Of kBag, kSeq and kAlt the texts in it, when they are nothing
  // but texts; else there are none here, and each item follows as a node of its own.
  std::vector<std::string> items;
  std::map<std::string, std::string> languages;  // of kLanguages: by language, "x-default" too
  bool operator==(const XmpNode&) const = default;
};

// The property itself and, of structures, arrays of them and qualifiers, what is below it.
struct XmpProperty {
  std::vector<XmpNode>
      nodes;  // never empty; each before what is below it, so the first has path ""
  // The property is all in its first node.
  bool Plain() const { return nodes.size() == 1; }
  bool operator==(const XmpProperty&) const = default;
};

struct XmpName {
  std::string space;  // the URI of the namespace
  std::string name;
  bool operator==(const XmpName&) const = default;
  bool operator<(const XmpName& other) const {
    return std::tie(space, name) < std::tie(other.space, other.name);
  }
};

struct XmpPacket : std::map<XmpName, XmpProperty> {
  // By URI, what the packet that was read calls the namespace. Says nothing, but is written again.
  std::map<std::string, std::string> prefixes;
};

// InvalidArgument with a sentence when it is not XMP in UTF-8, or over the limits above. Empty text
// is an empty packet.
absl::StatusOr<XmpPacket> ParseXmp(std::string_view text);

// UTF-8 with the packet's wrapper and no padding; empty for an empty packet. Equal packets give
// equal text.
std::string XmpText(const XmpPacket& packet);

// "dc:title", as a person reads it.
std::string ShortName(const XmpPacket& packet, const XmpName& name);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_XMP_H_
