// What each family of formats says of where its picture is; only for picture_data*.cpp.
#ifndef SYNCLINE_PLUGINS_IMAGES_PICTURE_DATA_FORMATS_H_
#define SYNCLINE_PLUGINS_IMAGES_PICTURE_DATA_FORMATS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "plugins/images/bytes.h"
#include "plugins/images/picture_data.h"

namespace syncline::images {

// The parts as the file names them: in any order, also twice or overlapping.
struct Parts {
  std::vector<Extent> extents;
  bool understood = true;  // false: extents count for nothing
  bool truncated = false;
  std::string problem;

  // From start to end (not included), when there is something between.
  void Add(uint64_t start, uint64_t end) {
    if (start < end) extents.push_back({start, end - start, 0});
  }

  static Parts CutOff(std::string problem = "it ends in the middle of the picture") {
    return {{}, false, true, std::move(problem)};
  }
  static Parts Broken() { return {{}, false, false, "its structure is broken"}; }
  static Parts WithoutPicture() { return {{}, false, false, "it holds no picture"}; }
  // Nothing is wrong with the file, but this one cannot be told apart.
  static Parts NotUnderstood() { return {{}, false, false, ""}; }
};

// Each reads numbers as its format orders them. That the file could not be read is seen in
// reader->status() afterwards; only the one of JPEGs reads in another way as well.
absl::StatusOr<Parts> FindInJpeg(Bytes& file, NumberReader* reader);
Parts FindInPng(NumberReader* reader);
Parts FindInWebp(NumberReader* reader);
Parts FindInGif(NumberReader* reader);
Parts FindInBmp(NumberReader* reader);
Parts FindInTiff(NumberReader* reader);  // and the raws that are one inside
Parts FindInRaf(NumberReader* reader);
Parts FindInHeif(NumberReader* reader);
Parts FindInMovie(NumberReader* reader);  // and CR3
Parts FindInJxl(NumberReader* reader);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_PICTURE_DATA_FORMATS_H_
