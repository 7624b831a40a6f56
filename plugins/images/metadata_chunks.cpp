// The parts of PNG (ISO 15948), WebP (RFC 9649), GIF (GIF89a) and BMP.
#include <optional>
#include <string_view>

#include "plugins/images/metadata_parts.h"

namespace syncline::images {
namespace {

using Order = NumberReader::Order;

// The place behind the next NUL before end, or end.
uint64_t BehindNul(NumberReader* reader, uint64_t at, uint64_t end) {
  constexpr uint64_t kLongest = 1024;  // of a language or a keyword
  for (const uint64_t limit = std::min(end, at + kLongest); at < limit; ++at) {
    if (reader->U8(at).value_or(0) == 0) return at + 1;
  }
  return end;
}

// XMP stands in an iTXt, not compressed (ISO 16684-3): keyword, two flags, language, keyword in
// that language, text.
void TakePngText(NumberReader* reader, uint64_t payload, uint64_t end, MetadataParts* parts) {
  constexpr std::string_view kKeyword("XML:com.adobe.xmp\0\0\0", 20);
  if (reader->Text(payload, kKeyword.size()) != kKeyword) return;
  const uint64_t translated = BehindNul(reader, payload + kKeyword.size(), end);
  const uint64_t text = BehindNul(reader, translated, end);
  if (text < end) parts->packets.push_back({text, end - text});
}

uint64_t GifColors(uint8_t flags) { return (flags & 0x80) == 0 ? 0 : 3 * (2 << (flags & 7)); }

}  // namespace

void LocateInPng(NumberReader* reader, MetadataParts* parts) {
  for (uint64_t at = 8; at < reader->size();) {
    const std::optional<uint32_t> size = reader->U32(at);
    const std::string type(reader->Text(at + 4, 4).value_or(""));
    if (!size || type.empty() || type == "IEND") return;
    const uint64_t payload = at + 8;
    const uint64_t end = payload + *size;
    if (type == "IHDR") {
      parts->SetSize(reader->U32(payload).value_or(0), reader->U32(payload + 4).value_or(0));
    } else if (type == "eXIf") {
      parts->tiffs.push_back({{payload, *size}});
    } else if (type == "iTXt") {
      TakePngText(reader, payload, end, parts);
    }
    at = end + 4;  // a checksum
  }
}

void LocateInWebp(NumberReader* reader, MetadataParts* parts) {
  reader->set_order(Order::kLittle);
  for (uint64_t at = 12; at < reader->size();) {
    const std::optional<uint32_t> size = reader->U32(at + 4);
    const std::string type(reader->Text(at, 4).value_or(""));
    if (!size || type.empty()) return;
    const uint64_t payload = at + 8;
    if (type == "VP8X") {
      parts->SetSize((reader->U32(payload + 4).value_or(0) & 0xFFFFFF) + 1,
                     (reader->U32(payload + 6).value_or(0) >> 8) + 1);
    } else if (type == "VP8 " && parts->width == 0) {
      parts->SetSize(reader->U16(payload + 6).value_or(0) & 0x3FFF,
                     reader->U16(payload + 8).value_or(0) & 0x3FFF);
    } else if (type == "VP8L" && parts->width == 0) {
      const uint32_t bits = reader->U32(payload + 1).value_or(0);
      parts->SetSize((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1);
    } else if (type == "EXIF") {
      // Some writers put the head of a JPEG's segment in front.
      const uint64_t head = reader->Text(payload, 4) == "Exif" ? 6 : 0;
      parts->tiffs.push_back({{payload + head, *size - std::min<uint64_t>(*size, head)}});
    } else if (type == "XMP ") {
      parts->packets.push_back({payload, *size});
    }
    at = payload + *size + (*size & 1);
  }
}

void LocateInGif(NumberReader* reader, MetadataParts* parts) {
  reader->set_order(Order::kLittle);
  parts->SetSize(reader->U16(6).value_or(0), reader->U16(8).value_or(0));
  uint64_t at = 13 + GifColors(reader->U8(10).value_or(0));
  while (true) {
    const uint8_t introducer = reader->U8(at).value_or(0);
    if (introducer != ',' && introducer != '!') return;
    const bool xmp = introducer == '!' && reader->U8(at + 1) == 0xFF &&
                     reader->Text(at + 3, 11) == "XMP DataXMP";
    const uint64_t start = at + 14;
    at += introducer == '!' ? 2 : 11 + GifColors(reader->U8(at + 9).value_or(0));
    // Sub-blocks up to an empty one.
    for (std::optional<uint8_t> length = 1; length != 0;) {
      length = reader->U8(at);
      if (!length) return;
      at += uint64_t{1} + *length;
    }
    // XMP is no sub-blocks; behind it stand 257 bytes so that it reads as some, and the empty one.
    constexpr uint64_t kTrailer = 258;
    if (xmp && at >= start + kTrailer) parts->packets.push_back({start, at - kTrailer - start});
  }
}

void LocateInBmp(NumberReader* reader, MetadataParts* parts) {
  reader->set_order(Order::kLittle);
  if (reader->U32(14) == 12u) {  // of OS/2
    parts->SetSize(reader->U16(18).value_or(0), reader->U16(20).value_or(0));
    return;
  }
  // A negative height is a picture from top to bottom.
  const auto height = static_cast<int32_t>(reader->U32(22).value_or(0));
  parts->SetSize(reader->U32(18).value_or(0), static_cast<uint64_t>(std::abs(int64_t{height})));
}

}  // namespace syncline::images
