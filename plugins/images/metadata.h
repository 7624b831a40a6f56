// What a picture says of itself: dates, camera, size, and what a person wrote about it.
#ifndef SYNCLINE_PLUGINS_IMAGES_METADATA_H_
#define SYNCLINE_PLUGINS_IMAGES_METADATA_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/images/bytes.h"
#include "plugins/images/formats.h"
#include "plugins/images/taken.h"

namespace syncline::images {

// All texts are UTF-8 without control characters.
struct Metadata {
  std::vector<FoundDate> dates;       // for ChooseTaken()
  std::vector<std::string> rejected;  // dates that are none, for ChooseTaken()
  std::string maker;                  // "Canon"
  std::string camera;                 // the model, without the maker repeated: "EOS R5"
  uint32_t width = 0;                 // in pixels, as stored (before orientation); 0: not known
  uint32_t height = 0;
  int orientation = 1;  // Exif: 1 to 8
  std::string title;
  std::string caption;
  std::string rating;  // "0" to "5", "-1": rejected; empty: none
  std::string label;
  std::vector<std::string> keywords;  // each once, in the order of the file
  std::string content_id;             // Apple's: the same in a live photo and its movie
  std::string problem;                // "its metadata cannot be read: ..."; the rest may be empty
};

// Reads lazily: only the parts of the file that hold metadata, and at most kMetadataLimit bytes to
// find them and as many to read them. sidecar_xmp: the text of the .xmp beside the picture, or
// empty; what it says goes before the XMP in the picture, as in the programs that write sidecars.
// Never throws; what is broken is told in `problem`, and what could be read beside it is there. Any
// thread.
Metadata ReadMetadata(Format format, Bytes& file, std::string_view sidecar_xmp);

// How much of one file may be read for its metadata, in bytes: many times what cameras write (the
// embedded preview is not read). A file that wants more is broken or hostile.
inline constexpr uint64_t kMetadataLimit = uint64_t{32} << 20;
// The longest sidecar that is read, in bytes.
inline constexpr uint64_t kSidecarLimit = uint64_t{4} << 20;

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_METADATA_H_
