// Which bytes of a file are the picture itself, without metadata: a rating or a caption changed
// leaves them as they are, other pixels do not.
#ifndef SYNCLINE_PLUGINS_IMAGES_PICTURE_DATA_H_
#define SYNCLINE_PLUGINS_IMAGES_PICTURE_DATA_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "plugins/images/bytes.h"
#include "plugins/images/formats.h"

namespace syncline::images {

struct Extent {
  uint64_t offset = 0;  // bytes from the start of the file
  uint64_t length = 0;  // never 0
  // Which of several pictures it belongs to, in the order in which the file names them. Programs
  // that write metadata into a TIFF may put the pixels of its pages into another order.
  uint32_t part = 0;
  bool operator==(const Extent&) const = default;
};

struct PictureData {
  // Inside the file, sorted by offset, never overlapping. Empty only for an empty file.
  std::vector<Extent> extents;
  // False: the format or this file does not let metadata be told apart; extents is the whole file
  // then. So it always is for a truncated or broken picture: what is left of two different ones may
  // well be equal without their metadata.
  bool apart = false;
  bool truncated = false;  // the file ends before the picture does
  // What is wrong with the file, for people, to follow its name: "it ends in the middle of the
  // picture". Empty: nothing was seen.
  std::string problem;
};

// Reads headers and directories only, not the pixels, except where the end of a JPEG must be
// searched and in a GIF, which has its length nowhere. format is what Sniff() said. Any bytes are
// taken, with bounded work; an error is the file's.
absl::StatusOr<PictureData> FindPictureData(Format format, Bytes& file);

// The sum of the lengths.
uint64_t TotalLength(const PictureData& data);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_PICTURE_DATA_H_
