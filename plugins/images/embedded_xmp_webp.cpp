// XMP in WebP: one chunk "XMP ", announced in VP8X (RFC 9649, 2.7).
#include "absl/status/status.h"
#include "plugins/images/embedded_xmp_formats.h"

namespace syncline::images {
namespace {

constexpr size_t kHead = 12;  // RIFF, size, WEBP
constexpr unsigned char kHasXmp = 0x04;
constexpr unsigned char kHasAlpha = 0x10;

uint32_t Little(std::string_view bytes, size_t at, size_t width) {
  uint32_t number = 0;
  for (size_t i = width; i-- > 0;) number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  return number;
}

std::string LittleText(uint32_t number, size_t width) {
  std::string text;
  for (size_t i = 0; i < width; ++i) text.push_back(static_cast<char>(number >> (8 * i) & 0xFF));
  return text;
}

struct Chunk {
  size_t at;
  std::string_view type;
  std::string_view data;
  size_t size() const { return 8 + (data.size() + 1) / 2 * 2; }
};

std::optional<std::vector<Chunk>> ChunksOf(std::string_view picture) {
  if (picture.size() < kHead || !picture.starts_with("RIFF") || picture.substr(8, 4) != "WEBP") {
    return std::nullopt;
  }
  const size_t end = 8 + static_cast<size_t>(Little(picture, 4, 4));
  if (end > picture.size() || end < kHead) return std::nullopt;
  std::vector<Chunk> chunks;
  for (size_t at = kHead; at < end;) {
    if (end - at < 8) return std::nullopt;
    const size_t size = Little(picture, at + 4, 4);
    if (size > end - at - 8 || (size + 1) / 2 * 2 > end - at - 8) return std::nullopt;
    chunks.push_back({at, picture.substr(at, 4), picture.substr(at + 8, size)});
    at += chunks.back().size();
  }
  if (chunks.empty()) return std::nullopt;
  return chunks;
}

std::string ChunkWith(std::string_view type, std::string_view data) {
  std::string chunk(type);
  chunk += LittleText(static_cast<uint32_t>(data.size()), 4);
  chunk += data;
  if (data.size() % 2 != 0) chunk.push_back('\0');
  return chunk;
}

// What a simple picture needs in front of it to have more than an image. nullopt: no image.
std::optional<std::string> ExtendedHead(const Chunk& image) {
  uint32_t width = 0;
  uint32_t height = 0;
  unsigned char flags = kHasXmp;
  if (image.type == "VP8L" && image.data.size() >= 5 && image.data[0] == '\x2F') {
    const uint32_t bits = Little(image.data, 1, 4);  // RFC 9649, 3.4
    width = bits & 0x3FFF;
    height = bits >> 14 & 0x3FFF;
    if ((bits >> 28 & 1) != 0) flags |= kHasAlpha;
  } else if (image.type == "VP8 " && image.data.size() >= 10 &&
             image.data.substr(3, 3) == "\x9D\x01\x2A") {
    width = (Little(image.data, 6, 2) & 0x3FFF) - 1;  // RFC 6386, 9.1
    height = (Little(image.data, 8, 2) & 0x3FFF) - 1;
  } else {
    return std::nullopt;
  }
  std::string data = LittleText(flags, 4);
  data += LittleText(width, 3) + LittleText(height, 3);
  return ChunkWith("VP8X", data);
}

}  // namespace

absl::StatusOr<std::string> ReadWebpXmp(std::string_view picture) {
  const std::optional<std::vector<Chunk>> chunks = ChunksOf(picture);
  if (!chunks) return BrokenPicture();
  std::optional<std::string> packet;
  for (const Chunk& chunk : *chunks) {
    if (chunk.type != "XMP ") continue;
    if (packet) return UnknownXmp("stands in it twice");
    packet = std::string(chunk.data);
  }
  return packet.value_or("");
}

absl::StatusOr<std::string> WithWebpXmp(std::string picture, std::string_view packet,
                                        const LegacyChange* legacy) {
  const std::optional<std::vector<Chunk>> chunks = ChunksOf(picture);
  if (!chunks) return BrokenPicture();
  std::optional<Splice> xmp;
  std::vector<Splice> splices;
  std::vector<std::pair<size_t, size_t>> exifs;
  for (const Chunk& chunk : *chunks) {
    if (chunk.type == "XMP ") {
      xmp = Splice{chunk.at, chunk.size(), ""};
      if (!packet.empty()) xmp->with = ChunkWith("XMP ", Padded(packet, chunk.data.size()));
    } else if (chunk.type == "EXIF") {
      // Some writers put the head of a JPEG segment in front.
      const size_t head = chunk.data.starts_with("Exif") ? 6 : 0;
      if (chunk.data.size() > head)
        exifs.emplace_back(chunk.at + 8 + head, chunk.data.size() - head);
    }
  }
  const Chunk& last = chunks->back();
  if (!xmp) {
    xmp = Splice{last.at + last.size(), 0, packet.empty() ? "" : ChunkWith("XMP ", packet)};
  }
  const Chunk& first = chunks->front();
  if (first.type == "VP8X" && first.data.size() >= 10) {
    auto flags = static_cast<unsigned char>(first.data[0]);
    flags = static_cast<unsigned char>(packet.empty() ? flags & ~kHasXmp : flags | kHasXmp);
    splices.push_back({first.at + 8, 1, std::string(1, static_cast<char>(flags))});
  } else if (!packet.empty()) {
    std::optional<std::string> head = ExtendedHead(first);
    if (!head) return BrokenPicture();
    splices.push_back({first.at, 0, *std::move(head)});
  }
  splices.push_back(*std::move(xmp));
  uint64_t size = Little(picture, 4, 4);
  for (const Splice& splice : splices) size = size + splice.with.size() - splice.size;
  if (size > UINT32_MAX - 8) {
    return absl::FailedPreconditionError("The metadata is larger than a WebP can hold.");
  }
  splices.push_back({4, 4, LittleText(static_cast<uint32_t>(size), 4)});
  if (legacy != nullptr && legacy->rating) {
    for (const auto& [at, length] : exifs) {
      std::optional<TiffInMemory> exif = TiffInMemory::Open(&picture, at, length);
      if (exif) SetExifRating(&*exif, *legacy->rating);
    }
  }
  return Spliced(std::move(picture), std::move(splices));
}

}  // namespace syncline::images
