// XMP in PNG: one iTXt chunk with the keyword XML:com.adobe.xmp (ISO 16684-3, 1.1.5).
#include <array>

#include "plugins/images/embedded_xmp_formats.h"

namespace syncline::images {
namespace {

constexpr std::string_view kSignature("\x89PNG\r\n\x1A\n", 8);
constexpr std::string_view kKeyword("XML:com.adobe.xmp\0", 18);
constexpr std::string_view kOldKeyword("Raw profile type xmp\0", 21);
// Keyword, not compressed, no language, no translated keyword.
constexpr std::string_view kXmpHead("XML:com.adobe.xmp\0\0\0\0\0", 22);

// The CRC of PNG, annex D: of ISO 3309.
uint32_t Crc(std::string_view bytes) {
  static constexpr std::array<uint32_t, 256> kTable = [] {
    std::array<uint32_t, 256> table{};
    for (uint32_t i = 0; i < 256; ++i) {
      uint32_t crc = i;
      for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? 0xEDB88320u ^ crc >> 1 : crc >> 1;
      table[i] = crc;
    }
    return table;
  }();
  uint32_t crc = 0xFFFFFFFFu;
  for (const char c : bytes) crc = kTable[(crc ^ static_cast<unsigned char>(c)) & 0xFF] ^ crc >> 8;
  return ~crc;
}

std::string Big32(uint32_t number) {
  return {static_cast<char>(number >> 24), static_cast<char>(number >> 16 & 0xFF),
          static_cast<char>(number >> 8 & 0xFF), static_cast<char>(number & 0xFF)};
}

struct Chunk {
  size_t at;  // of its length
  std::string_view type;
  std::string_view data;
  size_t size() const { return 12 + data.size(); }
};

// All of them, to the one that ends the picture. nullopt: broken.
std::optional<std::vector<Chunk>> ChunksOf(std::string_view picture) {
  if (!picture.starts_with(kSignature)) return std::nullopt;
  std::vector<Chunk> chunks;
  for (size_t at = kSignature.size();;) {
    if (picture.size() - at < 12) return std::nullopt;
    size_t size = 0;
    for (size_t i = 0; i < 4; ++i) size = size << 8 | static_cast<unsigned char>(picture[at + i]);
    if (size > picture.size() - at - 12) return std::nullopt;
    chunks.push_back({at, picture.substr(at + 4, 4), picture.substr(at + 8, size)});
    if (chunks.back().type == "IEND") return chunks;
    at += 12 + size;
  }
}

std::string ChunkWith(std::string_view type, std::string_view data) {
  std::string body(type);
  body += data;
  return Big32(static_cast<uint32_t>(data.size())) + body + Big32(Crc(body));
}

bool IsXmp(const Chunk& chunk) { return chunk.type == "iTXt" && chunk.data.starts_with(kKeyword); }

}  // namespace

absl::StatusOr<std::string> ReadPngXmp(std::string_view picture) {
  const std::optional<std::vector<Chunk>> chunks = ChunksOf(picture);
  if (!chunks) return BrokenPicture();
  std::optional<std::string> packet;
  for (const Chunk& chunk : *chunks) {
    const bool is_text = chunk.type == "tEXt" || chunk.type == "zTXt" || chunk.type == "iTXt";
    if (is_text && chunk.data.starts_with(kOldKeyword)) return UnknownXmp("is in an old form");
    if (!IsXmp(chunk)) continue;
    if (!chunk.data.starts_with(kXmpHead)) return UnknownXmp("is compressed");
    if (packet) return UnknownXmp("stands in it twice");
    packet = std::string(chunk.data.substr(kXmpHead.size()));
  }
  return packet.value_or("");
}

absl::StatusOr<std::string> WithPngXmp(std::string picture, std::string_view packet,
                                       const LegacyChange* legacy) {
  const std::optional<std::vector<Chunk>> chunks = ChunksOf(picture);
  if (!chunks) return BrokenPicture();
  std::optional<Splice> xmp;
  std::vector<Splice> splices;
  std::optional<size_t> image;
  for (const Chunk& chunk : *chunks) {
    if (chunk.type == "IDAT" && !image) image = chunk.at;
    if (IsXmp(chunk)) {
      xmp = Splice{chunk.at, chunk.size(), ""};
      if (packet.empty()) continue;
      xmp->with = ChunkWith(
          "iTXt", std::string(kXmpHead) + Padded(packet, chunk.data.size() - kXmpHead.size()));
    }
    if (chunk.type == "eXIf" && legacy != nullptr && legacy->rating) {
      std::string data(chunk.data);
      std::optional<TiffInMemory> exif = TiffInMemory::Open(&data, 0, data.size());
      if (!exif) continue;
      SetExifRating(&*exif, *legacy->rating);
      splices.push_back({chunk.at, chunk.size(), ChunkWith("eXIf", data)});
    }
  }
  if (!image) return BrokenPicture();
  if (!xmp) xmp = Splice{*image, 0, ChunkWith("iTXt", std::string(kXmpHead) + std::string(packet))};
  splices.push_back(*std::move(xmp));
  return Spliced(std::move(picture), std::move(splices));
}

}  // namespace syncline::images
