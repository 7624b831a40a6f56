// A small picture of a picture, for conflict views.
#ifndef SYNCLINE_PLUGINS_IMAGES_PREVIEW_H_
#define SYNCLINE_PLUGINS_IMAGES_PREVIEW_H_

#include <cstddef>
#include <string>

#include "plugins/images/bytes.h"
#include "plugins/images/formats.h"

namespace syncline::images {

inline constexpr size_t kThumbnailLimit = size_t{64} << 10;

// The thumbnail that the camera put into the file: the bytes of a JPEG of at most kThumbnailLimit,
// or empty when there is none. Never throws; from any thread.
std::string EmbeddedThumbnail(Format format, Bytes& file);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_PREVIEW_H_
