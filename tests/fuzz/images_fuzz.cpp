// Any bytes as a picture: through sniffing, picture data, hashes, metadata, thumbnails and another
// packet of XMP; and as an essence, and as up to three packets, separated by 0xFF, that are merged:
// mine, theirs and base. Aborts when what must hold does not.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/images/bytes.h"
#include "plugins/images/essence.h"
#include "plugins/images/essence_members.h"
#include "plugins/images/essence_merge.h"
#include "plugins/images/fingerprint.h"
#include "plugins/images/formats.h"
#include "plugins/images/metadata.h"
#include "plugins/images/picture_data.h"
#include "plugins/images/preview.h"
#include "plugins/images/rest.h"
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

Essence Of(const std::string& packet) {
  return {std::string(32, 'a'),
          {{".jpg", Role::kPicture, packet}, {".xmp", Role::kSidecar, packet}}};
}

std::optional<Essence> Merge(const std::optional<Essence>& base, const Essence& mine,
                             const Essence& theirs, Favour favour) {
  std::vector<Disagreement> differing;
  const auto merged = MergeEssences(
      base, mine, theirs, [favour](std::string_view) { return favour; }, &differing);
  if (!merged.ok()) return std::nullopt;
  Require(merged->has_value() == differing.empty(), "what is open is told");
  Require(merged->has_value() || favour == Favour::kNone, "a side that wins leaves nothing open");
  if (*merged) {
    Require(DecodeEssence(EncodeEssence(**merged)).ok(), "what is merged can be read");
  }
  return *merged;
}

void CheckMerge(const std::string& bytes) {
  std::vector<std::string> texts(1);
  for (const char c : bytes) {
    if (c == '\xFF' && texts.size() < 3) {
      texts.emplace_back();
    } else {
      texts.back().push_back(c);
    }
  }
  std::optional<Essence> base;
  if (texts.size() == 3) base = Of(texts[2]);
  const Essence mine = Of(texts[0]);
  const Essence theirs = Of(texts.size() > 1 ? texts[1] : texts[0]);
  Require(Merge(base, mine, theirs, Favour::kNone) == Merge(base, theirs, mine, Favour::kNone),
          "both ways give the same");
  Require(Merge(base, mine, theirs, Favour::kMine) == Merge(base, theirs, mine, Favour::kTheirs),
          "both ways give the same to the side that wins");
  Require(Merge(base, mine, mine, Favour::kNone) == mine, "one thing merged with itself is it");
}

void CheckEssence(const std::string& bytes) {
  const absl::StatusOr<Essence> essence = DecodeEssence(bytes);
  if (!essence.ok()) return;
  Require(EncodeEssence(*essence) == bytes, "an essence has one encoding");
}

void CheckRest(Format format, const std::string& bytes) {
  const PictureRest rest = RestOf(format, bytes).value();
  Require(rest.rest.size() == 32, "there is always a hash");
  constexpr char kPacket[] =
      "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF "
      "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description "
      "xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmp:Rating='3'/></rdf:RDF></x:xmpmeta>";
  const auto with = WithPacket(format, bytes, {".jpg", Role::kPicture, kPacket});
  if (!with.ok() || !with->has_value()) return;
  Require(rest.packet.has_value(), "what is not told apart is not changed");
  Require(RestOf(format, **with)->rest == rest.rest, "another packet leaves the rest as it is");
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
  CheckRest(format, bytes);
  CheckEssence(bytes);
  CheckMerge(bytes);
  ReadMetadata(format, file, "");
  Require(EmbeddedThumbnail(format, file).size() <= kThumbnailLimit, "a thumbnail is small");
  return 0;
}
