// The picture in formats that are a chain of chunks: PNG (ISO 15948), WebP (RFC 9649), GIF
// (GIF89a); and in BMP, which has no metadata.
#include <algorithm>
#include <array>
#include <string_view>

#include "plugins/images/picture_data_formats.h"

namespace syncline::images {
namespace {

using Order = NumberReader::Order;

// What a person or a program may write of a PNG: texts, Exif (zxIf is its compressed draft), the
// time of the last change, the size on paper, the signed history of the content (C2PA). All other
// chunks stay, also unknown ones: drawing programs keep whole drawings in chunks of their own.
bool IsPngMetadata(std::string_view type) {
  constexpr std::array<std::string_view, 8> kMetadata = {"tEXt", "zTXt", "iTXt", "eXIf",
                                                         "zxIf", "tIME", "pHYs", "caBX"};
  return std::find(kMetadata.begin(), kMetadata.end(), type) != kMetadata.end();
}

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// From the length byte of the first sub-block on (GIF89a, 15). Nothing: cut off.
std::optional<uint64_t> EndOfSubBlocks(NumberReader* reader, uint64_t at) {
  while (true) {
    const std::optional<uint8_t> length = reader->U8(at);
    if (!length.has_value()) return std::nullopt;
    at += uint64_t{1} + *length;
    if (*length == 0) return at;
  }
}

// The bytes of a table of colours, from the flags that tell of it.
uint64_t GifColors(uint8_t flags) { return (flags & 0x80) == 0 ? 0 : 3 * (2 << (flags & 7)); }

// The block at a place: where it ends, and what of it is the picture. Nothing: cut off.
struct GifBlock {
  uint64_t end = 0;
  bool metadata = false;
  bool image = false;
};
std::optional<GifBlock> ReadGifBlock(NumberReader* reader, uint64_t at, uint8_t introducer) {
  GifBlock block;
  uint64_t sub_blocks = at + 2;
  if (introducer == ',') {
    const std::optional<uint8_t> flags = reader->U8(at + 9);
    if (!flags.has_value()) return std::nullopt;
    block.image = true;
    sub_blocks = at + 11 + GifColors(*flags);
  } else {
    constexpr uint8_t kComment = 0xFE;
    constexpr uint8_t kApplication = 0xFF;
    const std::optional<uint8_t> label = reader->U8(at + 1);
    if (!label.has_value()) return std::nullopt;
    block.metadata =
        *label == kComment || (*label == kApplication && reader->Text(at + 3, 11) == "XMP DataXMP");
  }
  const std::optional<uint64_t> end = EndOfSubBlocks(reader, sub_blocks);
  if (!end.has_value()) return std::nullopt;
  block.end = *end;
  return block;
}

}  // namespace

Parts FindInPng(NumberReader* reader) {
  Parts parts;
  parts.Add(0, 8);
  bool image = false;
  for (uint64_t at = 8;;) {
    const std::optional<uint32_t> length = reader->U32(at);
    const std::optional<std::string_view> type = reader->Text(at + 4, 4);
    if (!length.has_value() || !type.has_value()) return Parts::CutOff();
    if (!std::all_of(type->begin(), type->end(), IsLetter)) return Parts::Broken();
    const uint64_t end = at + 12 + *length;
    if (end > reader->size()) return Parts::CutOff();
    // What follows the end belongs to the file and not to its metadata.
    if (*type == "IEND") {
      parts.Add(at, reader->size());
      break;
    }
    image = image || *type == "IDAT";
    if (!IsPngMetadata(*type)) parts.Add(at, end);
    at = end;
  }
  return image ? parts : Parts::WithoutPicture();
}

Parts FindInWebp(NumberReader* reader) {
  reader->set_order(Order::kLittle);
  const std::optional<uint32_t> length = reader->U32(4);
  if (!length.has_value()) return Parts::CutOff();
  const uint64_t end = uint64_t{8} + *length;
  if (end > reader->size()) return Parts::CutOff();
  Parts parts;
  bool image = false;
  // The head of the file and VP8X are left out: they tell which metadata there is. So is the byte
  // that fills a chunk of an odd length up, which programs forget at the end.
  for (uint64_t at = 12; at < end;) {
    const std::optional<uint32_t> size = reader->U32(at + 4);
    const std::optional<std::string_view> type = reader->Text(at, 4);
    if (!size.has_value() || !type.has_value()) return Parts::Broken();
    const uint64_t chunk_end = at + 8 + *size;
    if (chunk_end > end) return Parts::Broken();
    image = image || type->starts_with("VP8 ") || *type == "VP8L" || *type == "ANMF";
    if (*type != "VP8X" && *type != "EXIF" && *type != "XMP ") parts.Add(at, chunk_end);
    at = chunk_end + (*size & 1);
  }
  parts.Add(end, reader->size());
  return image ? parts : Parts::WithoutPicture();
}

Parts FindInGif(NumberReader* reader) {
  const std::optional<uint8_t> flags = reader->U8(10);
  if (!flags.has_value()) return Parts::CutOff();
  Parts parts;
  // Without the version, which a comment makes another one.
  parts.Add(0, 3);
  uint64_t at = 13 + GifColors(*flags);
  parts.Add(6, at);
  bool image = false;
  while (true) {
    const std::optional<uint8_t> introducer = reader->U8(at);
    if (!introducer.has_value()) return Parts::CutOff();
    if (*introducer == ';') break;
    if (*introducer != ',' && *introducer != '!') return Parts::Broken();
    const std::optional<GifBlock> block = ReadGifBlock(reader, at, *introducer);
    if (!block.has_value()) return Parts::CutOff();
    if (!block->metadata) parts.Add(at, block->end);
    image = image || block->image;
    at = block->end;
  }
  parts.Add(at, reader->size());
  return image ? parts : Parts::WithoutPicture();
}

Parts FindInBmp(NumberReader* reader) {
  reader->set_order(Order::kLittle);
  const uint64_t size = reader->size();
  const std::optional<uint32_t> pixels = reader->U32(10);
  const std::optional<uint32_t> header = reader->U32(14);
  if (!pixels.has_value() || !header.has_value()) return Parts::CutOff();
  if (*pixels > size || uint64_t{14} + *header > size) return Parts::CutOff();
  if (*header < 40) return Parts::NotUnderstood();  // of OS/2
  // A negative height is a picture from top to bottom.
  const uint64_t width = reader->U32(18).value_or(0);
  const auto signed_height = static_cast<int32_t>(reader->U32(22).value_or(0));
  const auto height = static_cast<uint64_t>(std::abs(int64_t{signed_height}));
  const uint64_t bits = reader->U16(28).value_or(0);
  const uint32_t compression = reader->U32(30).value_or(0);
  const bool plain = compression == 0 || compression == 3 || compression == 6;
  const uint64_t row = plain ? (width * bits + 31) / 32 * 4 : reader->U32(34).value_or(0);
  const uint64_t rows = plain ? height : 1;
  if (row != 0 && rows > (size - *pixels) / row) return Parts::CutOff();
  return Parts::NotUnderstood();
}

}  // namespace syncline::images
