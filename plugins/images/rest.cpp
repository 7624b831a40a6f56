// Taking a picture apart. Every byte of it is picture data, or in a gap whose segments and chunks
// are facts; of a TIFF, its directories are.
#include "plugins/images/rest.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "plugins/images/embedded_xmp.h"
#include "plugins/images/fingerprint.h"
#include "plugins/images/hash.h"
#include "plugins/images/packing.h"
#include "plugins/images/picture_data.h"
#include "plugins/images/rest_facts.h"

namespace syncline::images {
namespace {

std::vector<Gap> GapsOf(const PictureData& data, std::string_view picture) {
  std::vector<Gap> gaps;
  uint64_t at = 0;
  const auto add = [&](uint64_t end) {
    if (at < end) gaps.push_back({at, picture.substr(at, end - at)});
  };
  for (const Extent& extent : data.extents) {
    add(extent.offset);
    at = extent.offset + extent.length;
  }
  add(picture.size());
  return gaps;
}

// The rest of a picture whose XMP was found; nullopt: it cannot be told apart.
std::optional<std::string> ToldApart(Format format, std::string* picture) {
  ViewBytes bytes(*picture);
  const absl::StatusOr<PictureData> data = FindPictureData(format, bytes);
  if (!data.ok() || !data->apart) return std::nullopt;
  const absl::StatusOr<std::string> digest = Digest(bytes, *data, nullptr);
  if (!digest.ok()) return std::nullopt;
  RestFacts facts;
  facts.Add("picture", InfoOf(format).family, *digest);
  const std::vector<Gap> gaps = GapsOf(*data, *picture);
  switch (format) {
    case Format::kJpeg:
      AddJpegGaps(gaps, &facts);
      break;
    case Format::kPng:
      AddPngGaps(gaps, &facts);
      break;
    case Format::kWebp:
      AddWebpGaps(gaps, &facts);
      break;
    default:
      if (!AddExif(ExifIn::kTiff, picture, &facts)) return std::nullopt;
  }
  return std::move(facts).Hash();
}

}  // namespace

void RestFacts::Add(std::string_view kind, std::string_view name, std::string_view value) {
  std::string fact(kind);
  fact.append(1, '\0').append(name).append(1, '\0').append(HashOf(value));
  facts_.push_back(std::move(fact));
}

void RestFacts::Add(RestFacts other) {
  for (std::string& fact : other.facts_) facts_.push_back(std::move(fact));
}

std::string RestFacts::Hash() && {
  std::sort(facts_.begin(), facts_.end());
  std::string all;
  for (const std::string& fact : facts_) AppendText(fact, 4, &all);
  return HashOf(all);
}

absl::StatusOr<std::string> RestOfWhole(Bytes& file) {
  PictureData whole;
  if (file.size() > 0) whole.extents = {{0, file.size(), 0}};
  const absl::StatusOr<std::string> digest = Digest(file, whole, nullptr);
  if (!digest.ok()) return digest.status();
  RestFacts facts;
  facts.Add("whole", "", *digest);
  return std::move(facts).Hash();
}

absl::StatusOr<PictureRest> RestOf(Format format, std::string picture) {
  if (CanWriteXmp(format)) {
    absl::StatusOr<std::string> packet = ReadXmp(format, picture);
    std::optional<std::string> apart;
    if (packet.ok()) apart = ToldApart(format, &picture);
    if (apart) return PictureRest{*std::move(apart), *std::move(packet)};
  }
  ViewBytes bytes(picture);
  absl::StatusOr<std::string> whole = RestOfWhole(bytes);
  if (!whole.ok()) return whole.status();
  return PictureRest{*std::move(whole), std::nullopt};
}

absl::StatusOr<PictureRest> RestOf(Format format, Bytes& file) {
  if (!CanWriteXmp(format)) {
    absl::StatusOr<std::string> whole = RestOfWhole(file);
    if (!whole.ok()) return whole.status();
    return PictureRest{*std::move(whole), std::nullopt};
  }
  if (file.size() > kLargestPicture) {
    return absl::UnimplementedError(
        "Metadata inside of pictures of more than 256 MiB is not merged.");
  }
  absl::StatusOr<std::string> picture = ReadAll(file);
  if (!picture.ok()) return picture.status();
  return RestOf(format, *std::move(picture));
}

}  // namespace syncline::images
