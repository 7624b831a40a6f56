// Picture data of any format.
#include "plugins/images/picture_data.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "plugins/images/picture_data_formats.h"

namespace syncline::images {
namespace {

absl::StatusOr<Parts> FindParts(Format format, Bytes& file, NumberReader* reader) {
  switch (format) {
    case Format::kNone:
      return Parts::NotUnderstood();
    case Format::kJpeg:
      return FindInJpeg(file, reader);
    case Format::kPng:
      return FindInPng(reader);
    case Format::kGif:
      return FindInGif(reader);
    case Format::kWebp:
      return FindInWebp(reader);
    case Format::kBmp:
      return FindInBmp(reader);
    case Format::kTiff:
    case Format::kDng:
    case Format::kCr2:
    case Format::kNef:
    case Format::kArw:
    case Format::kOrf:
    case Format::kRw2:
    case Format::kPef:
      return FindInTiff(reader);
    case Format::kRaf:
      return FindInRaf(reader);
    case Format::kHeic:
    case Format::kAvif:
      return FindInHeif(reader);
    case Format::kCr3:
    case Format::kMp4:
    case Format::kMov:
      return FindInMovie(reader);
    case Format::kJxl:
      return FindInJxl(reader);
  }
  return Parts::NotUnderstood();
}

// Sorted, and those of one part that touch or overlap made one. Nothing: two parts overlap.
std::optional<std::vector<Extent>> Joined(std::vector<Extent> extents) {
  std::sort(extents.begin(), extents.end(),
            [](const Extent& a, const Extent& b) { return a.offset < b.offset; });
  std::vector<Extent> joined;
  for (const Extent& extent : extents) {
    const uint64_t end = joined.empty() ? 0 : joined.back().offset + joined.back().length;
    const bool same = !joined.empty() && extent.part == joined.back().part;
    if (!same && extent.offset < end) return std::nullopt;
    if (!same || extent.offset > end) {
      joined.push_back(extent);
    } else {
      joined.back().length = std::max(end, extent.offset + extent.length) - joined.back().offset;
    }
  }
  return joined;
}

bool AllInside(const std::vector<Extent>& extents, uint64_t size) {
  return std::all_of(extents.begin(), extents.end(), [&](const Extent& extent) {
    return extent.offset <= size && extent.length <= size - extent.offset;
  });
}

}  // namespace

absl::StatusOr<PictureData> FindPictureData(Format format, Bytes& file) {
  NumberReader reader(file);
  absl::StatusOr<Parts> found = FindParts(format, file, &reader);
  if (!found.ok()) return found.status();
  if (!reader.status().ok()) return reader.status();
  Parts parts = *std::move(found);
  if (parts.understood && !AllInside(parts.extents, file.size())) parts = Parts::CutOff();
  PictureData data;
  data.truncated = parts.truncated;
  data.problem = std::move(parts.problem);
  std::optional<std::vector<Extent>> joined;
  if (parts.understood && !parts.extents.empty()) joined = Joined(std::move(parts.extents));
  data.apart = joined.has_value();
  if (data.apart) {
    data.extents = *std::move(joined);
  } else if (file.size() > 0) {
    data.extents = {{0, file.size(), 0}};
  }
  return data;
}

uint64_t TotalLength(const PictureData& data) {
  uint64_t total = 0;
  for (const Extent& extent : data.extents) total += extent.length;
  return total;
}

}  // namespace syncline::images
