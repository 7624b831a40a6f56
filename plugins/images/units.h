// Which files of one folder belong together as one unit: a photo with its raw twin, its sidecars
// and its movie. Pure: names and formats in, units out. What the makers of cameras and of programs
// call their files is the table of name_patterns.h; the rules are here.
//
// A name is its stem and its tail. Files of one stem are one unit as far as their roles allow:
// - at most one picture, one raw and one movie; of several, the one that a camera would have
// written
//   (HEIC, JPEG, JPEG XL, AVIF before all others; a camera's own raw before DNG; MOV before MP4;
//   then the name that sorts first) is in the unit, and each of the others is a unit of its own;
// - only a HEIC, JPEG, JPEG XL or AVIF picture has a raw twin or a movie: NAME.PNG beside NAME.NEF
//   is somebody's export, a unit of its own;
// - a sidecar that names a whole file (NAME.PNG.xmp) goes with that file, one that names the stem
//   (NAME.xmp) with the unit above.
// The letter case of extensions never counts. That of stems does, unless exactly two stems differ
// in nothing else, no role and no tail is on both, and so nobody could mean anything else.
#ifndef SYNCLINE_PLUGINS_IMAGES_UNITS_H_
#define SYNCLINE_PLUGINS_IMAGES_UNITS_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/images/formats.h"

namespace syncline::images {

enum class Role : uint8_t { kPicture, kRaw, kMovie, kSidecar };

struct FileInFolder {
  std::string name;               // in its folder, no path
  Format format = Format::kNone;  // by content; kNone: no picture
};

struct Member {
  std::string name;
  Role role = Role::kPicture;
  std::string tail;  // what follows the unit's stem: ".JPG", ".JPG.xmp", ".RAW-02.ORIGINAL.dng"
  bool operator==(const Member&) const = default;
};

struct Unit {
  std::string stem;
  std::vector<Member> members;  // the main one first, then by name; tails differ in more than case
  bool operator==(const Unit&) const = default;
};

struct Grouped {
  std::vector<Unit> units;          // by the main member's name
  std::vector<std::string> others;  // by name; no pictures: left alone and counted, and a sidecar
                                    // without a picture is among them
};

// The order of files makes no difference. Names that stand twice are one file.
Grouped GroupUnits(std::span<const FileInFolder> files);

// The names of the members, in their order, when the unit is stored under another stem (no path).
// GroupUnits() of these names, with the formats that the members had, gives one unit with the same
// roles; for a stem without dots also with this stem and the same tails. (Only a unit with a member
// that has no extension may come apart under a stem with dots.)
std::vector<std::string> NamesUnder(const Unit& unit, std::string_view stem);

// Whether members with these roles and tails would be grouped as one unit again: what a unit that
// comes from elsewhere has to be. The first is the main one.
bool BelongTogether(std::span<const Member> members);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_UNITS_H_
