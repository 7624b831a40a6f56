// The formats of pictures and of cameras' movies that Syncline knows: their names and extensions.
#ifndef SYNCLINE_PLUGINS_IMAGES_FORMATS_H_
#define SYNCLINE_PLUGINS_IMAGES_FORMATS_H_

#include <cstdint>
#include <span>
#include <string_view>

namespace syncline::images {

enum class Format : uint8_t {
  kNone,  // not a picture
  kJpeg,
  kPng,
  kGif,
  kWebp,
  kTiff,
  kBmp,
  kHeic,
  kAvif,
  kJxl,
  kDng,
  kCr2,
  kCr3,
  kNef,
  kArw,
  kOrf,
  kRw2,
  kRaf,
  kPef,
  kMp4,
  kMov,
};

struct FormatInfo {
  Format format = Format::kNone;
  std::string_view name;        // "JPEG"; of kNone: "no picture"
  std::string_view media_type;  // "image/jpeg"; of kNone: "application/octet-stream"
  // Formats of one family hold a picture in the same way. A change of metadata may make another
  // format of the same family of a file (a NEF without the maker's name is a TIFF).
  std::string_view family;  // "jpeg", "tiff", "movie"
  bool raw = false;
  bool movie = false;
  // Without the dot, in lower case; the first is the usual one. Empty for kNone.
  std::span<const std::string_view> extensions;
};

// Lives as long as the program.
const FormatInfo& InfoOf(Format format);
// All of them but kNone, in the order of the enum.
std::span<const FormatInfo> AllFormats();

// Whether a file of this format may have this name, by the name's extension and without regard to
// letter case. A raw named .tif fits where it is one inside, and a TIFF may have the extension of a
// raw that Syncline does not know. A name without an extension does not fit.
bool ExtensionFits(Format format, std::string_view file_name);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_FORMATS_H_
