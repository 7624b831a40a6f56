// What of a picture is not XMP, as one hash: when two sides have the same rest, merging their XMP
// loses nothing.
//
// In it: the picture data, every value of Exif (those of makers too, as Exiv2 decodes them) and
// IPTC, comments, texts, colour profiles, and byte by byte all that is not known. Not in it: XMP;
// what WithXmp() keeps in step with it (a rating in Exif, keywords in IPTC); where things stand in
// the file, thumbnails, padding; and what programs add of themselves when they write these.
#ifndef SYNCLINE_PLUGINS_IMAGES_REST_H_
#define SYNCLINE_PLUGINS_IMAGES_REST_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "plugins/images/bytes.h"
#include "plugins/images/formats.h"

namespace syncline::images {

// The largest picture that is taken apart, in bytes: it is held in memory.
inline constexpr uint64_t kLargestPicture = uint64_t{256} << 20;

struct PictureRest {
  std::string rest;  // 32 hex digits
  // The XMP inside, empty: none. nullopt: it is not told apart, and rest is the hash of all bytes.
  // So it is for formats into which XMP is not written, for XMP in a form that is not understood,
  // and for broken pictures.
  std::optional<std::string> packet;
};

// Any bytes are taken, whatever the format, and no rest that was told apart is equal to one that
// was not. Hashes are compared with those of the same run and never kept. Any thread.
// Unimplemented, with a sentence: a picture that would be told apart is larger than
// kLargestPicture. Other errors: the file's; Aborted when it became shorter meanwhile.
absl::StatusOr<PictureRest> RestOf(Format format, Bytes& file);
absl::StatusOr<PictureRest> RestOf(Format format, std::string picture);

// The hash of all bytes, as of a movie.
absl::StatusOr<std::string> RestOfWhole(Bytes& file);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_REST_H_
