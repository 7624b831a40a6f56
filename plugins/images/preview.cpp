#include "plugins/images/preview.h"

#include <exception>
#include <exiv2/error.hpp>
#include <string_view>
#include <vector>

#include "plugins/images/metadata.h"
#include "plugins/images/metadata_parts.h"
#include "plugins/images/metadata_tiff.h"

namespace syncline::images {
namespace {

constexpr size_t kMostPreviews = 16;
constexpr uint64_t kMinSize = 64;  // bytes; no JPEG is smaller

std::vector<Extent> PreviewsOf(Bytes& file, const MetadataParts& parts) {
  std::vector<Extent> previews = parts.previews;
  TiffValues values;
  for (const TiffBlock& block : parts.tiffs) ReadTiffValues(file, block, &values);
  previews.insert(previews.end(), values.previews.begin(), values.previews.end());
  if (previews.size() > kMostPreviews) previews.resize(kMostPreviews);
  return previews;
}

bool BeginsAsJpeg(Bytes& file, Extent extent) {
  if (extent.length < kMinSize || extent.offset >= file.size() ||
      extent.length > file.size() - extent.offset) {
    return false;
  }
  return ReadPart(file, {extent.offset, 3}) == "\xFF\xD8\xFF";
}

// The best preview that is small enough; of larger ones, the thumbnails inside.
std::string Best(Bytes& file, const std::vector<Extent>& previews, bool look_inside) {
  std::string best;
  for (const Extent& extent : previews) {
    if (!BeginsAsJpeg(file, extent)) continue;
    MetadataParts inside;
    LocateInJpeg(file, extent, &inside);
    if (extent.length <= kThumbnailLimit) {
      if (inside.width != 0 && extent.length > best.size()) best = ReadPart(file, extent);
    } else if (look_inside) {
      const std::string small = Best(file, PreviewsOf(file, inside), false);
      if (small.size() > best.size()) best = small;
    }
  }
  return best;
}

}  // namespace

std::string EmbeddedThumbnail(Format format, Bytes& file) {
  try {
    LimitedBytes search(file, kMetadataLimit);
    const MetadataParts parts = FindMetadata(format, search);
    LimitedBytes limited(file, kMetadataLimit);
    return Best(limited, PreviewsOf(limited, parts), true);
  } catch (const Exiv2::AnyError&) {
    return {};
  } catch (const std::exception&) {
    return {};
  }
}

}  // namespace syncline::images
