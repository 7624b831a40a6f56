// The dates in the boxes of MP4 and MOV (ISO 14496-12 and Apple's QuickTime File Format). Exiv2
// 0.27 of Debian reads no movies.
#ifndef SYNCLINE_PLUGINS_IMAGES_QUICKTIME_H_
#define SYNCLINE_PLUGINS_IMAGES_QUICKTIME_H_

#include "plugins/images/bytes.h"
#include "plugins/images/metadata.h"

namespace syncline::images {

// Adds to metadata what the movie says: dates, size of the picture, camera, Apple's content id.
// Never throws; a file that ends early or nests too deep gives what was read before.
void ReadQuickTime(Bytes& file, Metadata* metadata);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_QUICKTIME_H_
