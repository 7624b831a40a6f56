// The XMP packet inside a picture: read it, and give the picture's bytes with another packet.
//
// The containers are spliced here and not rewritten by Exiv2: all that is no XMP stays byte for
// byte, so image data, colour profile, maker notes and previews are untouched by construction. A
// packet that is not longer than the old one goes into its place, and nothing moves at all.
#ifndef SYNCLINE_PLUGINS_IMAGES_EMBEDDED_XMP_H_
#define SYNCLINE_PLUGINS_IMAGES_EMBEDDED_XMP_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "plugins/images/formats.h"

namespace syncline::images {

// JPEG, PNG, WebP, TIFF and DNG.
bool CanWriteXmp(Format format);

// The packet, without the padding at its end; empty: it has none. Also for raws that are TIFF
// inside (CR2, NEF, ARW, PEF). Unimplemented for other formats and for XMP in a form that is not
// understood (continued in further JPEG segments, compressed in PNG); InvalidArgument for a broken
// picture.
absl::StatusOr<std::string> ReadXmp(Format format, std::string_view picture);

// The picture with this packet in place of its own; an empty packet removes it. Where Exif has a
// rating, or IPTC has keywords, what the packet changes of them is changed there too; what only
// they say stays, and they are never added.
// Errors as ReadXmp(); FailedPrecondition when the packet does not fit (JPEG: 65,504 bytes).
absl::StatusOr<std::string> WithXmp(Format format, std::string picture, std::string_view packet);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_EMBEDDED_XMP_H_
