// XMP in JPEG: one APP1 segment (ISO 16684-3, 1.1.3). Splices segments; the scans are not looked
// at.
#include <algorithm>

#include "absl/status/status.h"
#include "plugins/images/embedded_xmp_formats.h"

namespace syncline::images {
namespace {

constexpr std::string_view kXmpHead("http://ns.adobe.com/xap/1.0/\0", 29);
constexpr std::string_view kMoreXmpHead("http://ns.adobe.com/xmp/extension/\0", 35);
constexpr std::string_view kExifHead("Exif\0\0", 6);
constexpr std::string_view kPhotoshopHead("Photoshop 3.0\0", 14);
constexpr std::string_view kMultiPictureHead("MPF\0", 4);
constexpr size_t kLongestSegment = 65'533;  // bytes of its content

struct Segment {
  size_t at;       // of its marker
  size_t content;  // behind marker and length
  size_t size;     // of the content
  unsigned char marker;
  std::string_view bytes;
};

// The segments before the first scan. nullopt: it is broken before that.
std::optional<std::vector<Segment>> SegmentsOf(std::string_view picture) {
  constexpr unsigned char kStartOfScan = 0xDA;
  const auto byte = [&](size_t at) { return static_cast<unsigned char>(picture[at]); };
  if (!picture.starts_with("\xFF\xD8")) return std::nullopt;
  std::vector<Segment> segments;
  for (size_t at = 2;;) {
    const size_t begin = at;
    while (at + 1 < picture.size() && byte(at) == 0xFF && byte(at + 1) == 0xFF) ++at;
    if (at + 4 > picture.size() || byte(at) != 0xFF) return std::nullopt;
    const size_t length = static_cast<size_t>(byte(at + 2)) << 8 | byte(at + 3);
    if (length < 2 || length > picture.size() - at - 2) return std::nullopt;
    segments.push_back(
        {begin, at + 4, length - 2, byte(at + 1), picture.substr(at + 4, length - 2)});
    if (byte(at + 1) == kStartOfScan) return segments;
    at += 2 + length;
  }
}

bool Is(const Segment& segment, unsigned char marker, std::string_view head) {
  return segment.marker == marker && segment.bytes.starts_with(head);
}

std::string SegmentWith(unsigned char marker, std::string_view head, std::string_view content) {
  const size_t length = 2 + head.size() + content.size();
  std::string segment = {'\xFF', static_cast<char>(marker), static_cast<char>(length >> 8),
                         static_cast<char>(length & 0xFF)};
  return segment.append(head).append(content);
}

// Where the offsets to further pictures begin to count (CIPA DC-007), if there are any.
size_t MultiPictureAt(const std::vector<Segment>& segments) {
  for (const Segment& segment : segments) {
    if (Is(segment, 0xE2, kMultiPictureHead)) return segment.at;
  }
  return std::string_view::npos;
}

absl::Status AddPhotoshop(const std::vector<Segment>& segments, const LegacyChange& legacy,
                          std::vector<Splice>* splices) {
  const Segment* photoshop = nullptr;
  for (const Segment& segment : segments) {
    if (!Is(segment, 0xED, kPhotoshopHead)) continue;
    if (photoshop != nullptr) return absl::OkStatus();  // one block in several segments
    photoshop = &segment;
  }
  if (photoshop == nullptr) return absl::OkStatus();
  const absl::StatusOr<std::optional<std::string>> with =
      WithPhotoshopKeywords(photoshop->bytes.substr(kPhotoshopHead.size()), legacy);
  if (!with.ok()) return with.status();
  if (!*with) return absl::OkStatus();
  if ((*with)->size() > kLongestSegment - kPhotoshopHead.size()) {
    return absl::FailedPreconditionError("The keywords do not fit into the picture's IPTC.");
  }
  splices->push_back({photoshop->at, photoshop->content + photoshop->size - photoshop->at,
                      SegmentWith(0xED, kPhotoshopHead, **with)});
  return absl::OkStatus();
}

Splice XmpSplice(const std::vector<Segment>& segments, std::string_view packet) {
  // Behind JFIF and Exif, which have to be first.
  size_t place = 2;
  for (const Segment& segment : segments) {
    if (Is(segment, 0xE1, kXmpHead)) {
      const size_t size = segment.content + segment.size - segment.at;
      if (packet.empty()) return {segment.at, size, ""};
      return {segment.at, size,
              SegmentWith(0xE1, kXmpHead, Padded(packet, segment.size - kXmpHead.size()))};
    }
  }
  for (const Segment& segment : segments) {
    if (segment.marker != 0xE0 && !Is(segment, 0xE1, kExifHead)) break;
    place = segment.content + segment.size;
  }
  return {place, 0, packet.empty() ? std::string() : SegmentWith(0xE1, kXmpHead, packet)};
}

}  // namespace

absl::StatusOr<std::string> ReadJpegXmp(std::string_view picture) {
  const std::optional<std::vector<Segment>> segments = SegmentsOf(picture);
  if (!segments) return BrokenPicture();
  std::optional<std::string> packet;
  for (const Segment& segment : *segments) {
    if (Is(segment, 0xE1, kMoreXmpHead)) return UnknownXmp("goes on in further segments");
    if (!Is(segment, 0xE1, kXmpHead)) continue;
    if (packet) return UnknownXmp("stands in it twice");
    packet = std::string(segment.bytes.substr(kXmpHead.size()));
  }
  return packet.value_or("");
}

absl::StatusOr<std::string> WithJpegXmp(std::string picture, std::string_view packet,
                                        const LegacyChange* legacy) {
  if (packet.size() > kLongestSegment - kXmpHead.size()) {
    return absl::FailedPreconditionError("The metadata is larger than a JPEG can hold.");
  }
  const std::optional<std::vector<Segment>> segments = SegmentsOf(picture);
  if (!segments) return BrokenPicture();
  std::vector<Splice> splices = {XmpSplice(*segments, packet)};
  if (legacy != nullptr) {
    if (absl::Status status = AddPhotoshop(*segments, *legacy, &splices); !status.ok()) {
      return status;
    }
  }
  const size_t multi_picture = MultiPictureAt(*segments);
  for (const Splice& splice : splices) {
    if (splice.at > multi_picture && splice.with.size() != splice.size) {
      return absl::FailedPreconditionError(
          "The picture holds further pictures, which more metadata would move.");
    }
  }
  if (legacy != nullptr && legacy->rating) {
    for (const Segment& segment : *segments) {
      if (!Is(segment, 0xE1, kExifHead)) continue;
      std::optional<TiffInMemory> exif = TiffInMemory::Open(
          &picture, segment.content + kExifHead.size(), segment.size - kExifHead.size());
      if (exif) SetExifRating(&*exif, *legacy->rating);
    }
  }
  return Spliced(std::move(picture), std::move(splices));
}

}  // namespace syncline::images
