// The values of a TIFF block that Syncline needs, decoded by Exiv2; nothing else of it is read, no
// maker's notes and no previews. Inside of metadata*.cpp and preview.cpp.
#ifndef SYNCLINE_PLUGINS_IMAGES_METADATA_TIFF_H_
#define SYNCLINE_PLUGINS_IMAGES_METADATA_TIFF_H_

#include <cstdint>
#include <exiv2/exif.hpp>
#include <string>
#include <vector>

#include "plugins/images/metadata_parts.h"

namespace syncline::images {

struct TiffValues {
  Exiv2::ExifData exif;          // Exif.Image.Make, Exif.Photo.DateTimeOriginal ...
  std::vector<Extent> packets;   // XMP, places in the file
  std::vector<Extent> previews;  // JPEGs, places in the file
  uint32_t width = 0;            // of the largest picture that the directories tell of
  uint32_t height = 0;
  std::string content_id;  // Apple's
  bool broken = false;     // a directory is not where it should be
};

// Adds to *values; a value that is there stays. May throw what Exiv2 and the allocator do.
void ReadTiffValues(Bytes& file, const TiffBlock& block, TiffValues* values);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_METADATA_TIFF_H_
