// From values to Metadata. Inside of metadata*.cpp.
#ifndef SYNCLINE_PLUGINS_IMAGES_METADATA_READERS_H_
#define SYNCLINE_PLUGINS_IMAGES_METADATA_READERS_H_

#include <exiv2/exif.hpp>

#include "plugins/images/metadata.h"
#include "plugins/images/xmp.h"

namespace syncline::images {

// What is set in *metadata already stays, dates and keywords aside, which are added. May throw what
// Exiv2 does.
void TakeExif(const Exiv2::ExifData& exif, Metadata* metadata);
void TakeXmp(const XmpPacket& packet, Metadata* metadata);

// The longest texts that are kept, in bytes.
inline constexpr size_t kLineLimit = 200;
inline constexpr size_t kCaptionLimit = 4000;

// The model without the maker's first word in front: "Canon" and "Canon EOS R5" give "EOS R5",
// "NIKON CORPORATION" and "NIKON Z 6" give "Z 6".
std::string WithoutMaker(const std::string& maker, const std::string& model);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_METADATA_READERS_H_
