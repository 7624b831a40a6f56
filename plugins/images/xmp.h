// An XMP packet (ISO 16684-1) as properties, read and written with Exiv2's toolkit.
//
// Threads: the toolkit has one table of namespaces for the whole process and guards it only with a
// lock that the program provides. StartExiv2() provides it, and every function here also holds it
// while the toolkit works, so they may be called from any thread. Other code that uses Exiv2 calls
// StartExiv2() first and holds an Exiv2Lock while it reads or writes metadata.
#ifndef SYNCLINE_PLUGINS_IMAGES_XMP_H_
#define SYNCLINE_PLUGINS_IMAGES_XMP_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace syncline::images {

// Prepares Exiv2: its lock, its toolkit, and no output to stderr. Cheap when it was done before.
void StartExiv2();

// Holds the lock of the toolkit. A thread that has it may take it again.
class Exiv2Lock {
 public:
  Exiv2Lock();
  Exiv2Lock(const Exiv2Lock&) = delete;
  Exiv2Lock& operator=(const Exiv2Lock&) = delete;
  ~Exiv2Lock();
};

inline constexpr size_t kLargestPacket = 8 << 20;  // bytes; programs stay far below 1 MiB
inline constexpr int kDeepestPacket = 64;          // elements in elements
inline constexpr size_t kMostNamespaces = 256;     // in one packet: the toolkit never forgets one

// What stands at one place of a property.
struct XmpNode {
  enum class Shape : uint8_t { kText, kLanguages, kBag, kSeq, kAlt, kStruct };
  std::string path;  // below the property: "" is itself, "[1]", "[2]/stEvt:action", "/?xml:lang"
  Shape shape = Shape::kText;
  std::vector<std::string> items;  // of kText its one text, of kBag, kSeq, kAlt the texts in it;
                                   // what is no text in them follows as nodes of its own
  std::map<std::string, std::string> languages;  // of kLanguages: by language, "x-default" too
  bool operator==(const XmpNode&) const = default;
};

// The property itself and, of structures, arrays of them and qualifiers, what is below it.
struct XmpProperty {
  std::vector<XmpNode> nodes;  // never empty; the first has the path ""
  // The property is all in its first node.
  bool Plain() const { return nodes.size() == 1; }
  bool operator==(const XmpProperty&) const = default;
};

struct XmpName {
  std::string space;  // the URI of the namespace
  std::string name;
  auto operator<=>(const XmpName&) const = default;
};

using XmpPacket = std::map<XmpName, XmpProperty>;

// InvalidArgument with a sentence when it is not XMP in UTF-8, or over the limits above. Empty text
// is an empty packet.
absl::StatusOr<XmpPacket> ParseXmp(std::string_view text);

// UTF-8 with the packet's wrapper and no padding; empty for an empty packet. Equal packets give
// equal text.
absl::StatusOr<std::string> XmpText(const XmpPacket& packet);

// "dc:title", as a person reads it.
std::string ShortName(const XmpName& name);
// The path of a node with each prefix replaced by the URI that it stands for in this process.
std::string WithoutPrefixes(std::string_view path);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_XMP_H_
