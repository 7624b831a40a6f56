// What the makers of cameras and of programs call the files that belong to a picture: tables
// (name_patterns.cpp). units.cpp knows no maker.
//
// Letter case in tables never counts.
#ifndef SYNCLINE_PLUGINS_IMAGES_NAME_PATTERNS_H_
#define SYNCLINE_PLUGINS_IMAGES_NAME_PATTERNS_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "plugins/images/units.h"

namespace syncline::images {

// A file with this role whose name, without its extension, ends so has the stem before it.
struct TailPattern {
  std::string_view maker;
  std::string_view tail;  // ".RAW-02.ORIGINAL"
  Role role;
};

// A file with this extension goes with a picture. It is a sidecar whatever is in it: a thumbnail is
// a JPEG and a low-resolution movie an MP4, and without their movie they are pictures of their own.
struct SidecarPattern {
  std::string_view maker;
  std::string_view extension;  // ".xmp"
  bool after_stem;             // NAME.xmp
  bool after_name;             // NAME.JPG.xmp
};

// A sidecar of this name and extension goes with the picture whose name without extension is `to`.
// '#' is one digit, '*' any text, as long as it can be; $1, $2 ... is what the first, second ...
// run of '#' or '*' stands for. A row that gives no tail has to fit under every stem.
struct StemPattern {
  std::string_view maker;
  std::string_view from;       // of the name without its extension: "IMG_O#*"
  std::string_view extension;  // ".AAE"
  std::string_view to;         // "IMG_$1$2"
  bool to_name;                // `to` is a name with its extension
  std::string_view tail;       // before the extension, where the name does not begin with the stem
};

std::span<const TailPattern> TailPatterns();
std::span<const SidecarPattern> SidecarPatterns();
std::span<const StemPattern> StemPatterns();

// ASCII only.
std::string LowerCase(std::string_view text);
bool EndsWithAnyCase(std::string_view text, std::string_view end);

// `to` with what `from` stands for in name; nullopt: name is not like `from`.
std::optional<std::string> Rewritten(const StemPattern& pattern, std::string_view name);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_NAME_PATTERNS_H_
