// Any bytes as a picture: through sniffing, picture data, hashes, metadata and thumbnails. Aborts
// when what must hold does not.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "plugins/images/bytes.h"
#include "plugins/images/fingerprint.h"
#include "plugins/images/formats.h"
#include "plugins/images/metadata.h"
#include "plugins/images/picture_data.h"
#include "plugins/images/preview.h"
#include "plugins/images/sniff.h"

namespace syncline::images {
namespace {

void Require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

void CheckPictureData(Format format, const std::string& bytes) {
  MemoryBytes file(bytes);
  const PictureData data = FindPictureData(format, file).value();
  uint64_t end = 0;
  for (const Extent& extent : data.extents) {
    Require(extent.length > 0, "an extent holds something");
    Require(extent.offset >= end, "extents are sorted and do not overlap");
    Require(extent.offset <= bytes.size() && extent.length <= bytes.size() - extent.offset,
            "extents are inside the file");
    end = extent.offset + extent.length;
  }
  Require(data.apart || TotalLength(data) == bytes.size(), "what is not told apart is all");
  Require(!data.truncated || !data.apart, "a truncated picture is told by all of it");

  DigestOfStream stream(data);
  for (size_t at = 0; at < bytes.size(); at += 700) {
    stream.Feed(std::string_view(bytes).substr(at, 700));
  }
  Require(stream.Finish() == Digest(file, data, nullptr).value(), "a stream gives the same hash");
  Require(Fingerprint(format, file, data).value().size() < 64, "a fingerprint is short");
}

}  // namespace
}  // namespace syncline::images

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace syncline::images;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  MemoryBytes file(bytes);
  const Format format = Sniff(file).value();
  CheckPictureData(format, bytes);
  // Also what was sniffed as another format and replaced since.
  if (size > 0) {
    const std::span<const FormatInfo> formats = AllFormats();
    CheckPictureData(formats[data[size - 1] % formats.size()].format, bytes);
  }
  ReadMetadata(format, file, "");
  Require(EmbeddedThumbnail(format, file).size() <= kThumbnailLimit, "a thumbnail is small");
  return 0;
}
