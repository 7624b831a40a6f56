// Which format a file has, told by its content and never by its name.
#ifndef SYNCLINE_PLUGINS_IMAGES_SNIFF_H_
#define SYNCLINE_PLUGINS_IMAGES_SNIFF_H_

#include "absl/status/statusor.h"
#include "plugins/images/bytes.h"
#include "plugins/images/formats.h"

namespace syncline::images {

// Reads the first bytes, and of TIFF files the first directories: at most a few dozen KiB. kNone
// for whatever is no picture, also an empty file. Says nothing of whether the rest of the file is
// whole (plugins/images/picture_data.h). An error is the file's.
absl::StatusOr<Format> Sniff(Bytes& file);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_SNIFF_H_
