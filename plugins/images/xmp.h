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
inline constexpr int kMostNamespaces = 256;        // declarations in one packet

// One property of a packet, of any shape: what stands at and below its name.
struct XmpNode {
  enum class Shape : uint8_t { kText, kBag, kSeq, kAlt, kStruct };
  std::string path;  // below the property: "" is itself, "[1]", "[2]/stEvt:action", "/?xml:lang"
  Shape shape = Shape::kText;
  std::string text;
  bool operator==(const XmpNode&) const = default;
};

struct XmpProperty {
  enum class Shape : uint8_t { kText, kArray, kLanguages, kTree };
  Shape shape = Shape::kText;
  XmpNode::Shape array = XmpNode::Shape::kBag;   // of kArray
  std::vector<std::string> items;                // of kText one, of kArray all of them
  std::map<std::string, std::string> languages;  // of kLanguages: by language, "x-default" too
  std::vector<XmpNode> tree;                     // of kTree: structures, qualifiers, mixtures
  bool operator==(const XmpProperty&) const = default;
};

struct XmpName {
  std::string space;  // the URI of the namespace
  std::string name;
  auto operator<=>(const XmpName&) const = default;
};

using XmpPacket = std::map<XmpName, XmpProperty>;

// InvalidArgument with a sentence when it is not XMP, or over the limits above. Empty text is an
// empty packet.
absl::StatusOr<XmpPacket> ParseXmp(std::string_view text);

// UTF-8 with the packet's wrapper and no padding. Equal packets give equal text.
absl::StatusOr<std::string> XmpText(const XmpPacket& packet);

// A path of XmpNode with each prefix replaced by the URI that it stands for in this process.
std::string WithoutPrefixes(std::string_view path);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_XMP_H_
