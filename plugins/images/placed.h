// A unit where it stands: its files, what it shows, and how the engine gets to know it.
#ifndef SYNCLINE_PLUGINS_IMAGES_PLACED_H_
#define SYNCLINE_PLUGINS_IMAGES_PLACED_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "plugins/images/known_file.h"
#include "plugins/images/layout.h"
#include "plugins/images/units.h"
#include "sdk/platform/file_system.h"
#include "syncline/provider.hpp"

namespace syncline::images {

// How a side is to be looked at and how it takes in new units.
struct Manner {
  // What the engine knows a unit by (provider.h: id and key).
  enum class Names : uint8_t {
    // An import ("add"): both are the picture, wherever it stands. A renamed one is the same, and
    // another one under an old name is not.
    kPictures,
    // The id is the path, the key the picture: each side has places of its own, by a layout.
    kPathsAndPictures,
    // Both are the path: two folders alike.
    kPaths,
  };
  Names names = Names::kPaths;
  bool mergeable = false;        // both sides may be edited
  std::optional<Layout> layout;  // new units get their place by it; else the one of the source
  bool verify = false;           // read back what was written
  Trust trust = Trust::kAll;
};

struct Placed {
  std::string folder;  // relative to the side, '/' between parts; empty: the side itself
  Unit unit;
  std::vector<KnownFile> files;  // as unit.members
  std::string content;           // what the unit shows, by the fingerprints of its pictures
  // The same, told apart from others with equal fingerprints; not with kPaths.
  std::string picture;

  std::string PathOf(size_t member) const;
  uint64_t size() const;  // bytes of all members
};

// By id.
using PlacedUnits = std::map<std::string, Placed, std::less<>>;

// Whether it is one of the files by which a unit is known again.
bool HoldsPicture(const Member& member);
// Equal for the same pictures. files must be known.
std::string ContentOf(const Placed& placed);
// The whole hash of all its pictures.
absl::StatusOr<std::string> DigestOfUnit(const Call& call, const platform::Dir& root,
                                         Placed* placed);

std::string IdOf(const Placed& placed, const Manner& manner);
std::string KeyOf(const Placed& placed, const Manner& manner);
Record RecordOf(const Placed& placed, const Manner& manner);

// Changes with any member's content or times.
std::string KeptOf(const Placed& placed);
// That, and the place of the members on the disk.
std::string VersionOf(const Placed& placed, Trust trust);
// Of two versions.
bool SameKept(std::string_view before, std::string_view after);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_PLACED_H_
