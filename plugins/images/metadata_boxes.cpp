// The parts of files made of boxes: JPEG XL (ISO 18181-2), Canon's CR3, and the XMP of movies.
#include <optional>
#include <string_view>

#include "plugins/images/boxes.h"
#include "plugins/images/metadata_parts.h"

namespace syncline::images {
namespace {

// ISO 16684-3, of files of the ISO base media format.
constexpr std::string_view kXmpUuid(
    "\xBE\x7A\xCF\xCB\x97\xA9\x42\xE8\x9C\x71\x99\x94\x91\xE3\xAF\xAC", 16);
constexpr std::string_view kCanonUuid(
    "\x85\xC0\xB6\x87\x82\x0F\x11\xE0\x81\x11\xF4\xCE\x46\x2B\x6A\x48", 16);
constexpr uint64_t kUuidSize = 16;

bool HasUuid(NumberReader* reader, const Box& box, std::string_view uuid) {
  return box.type == BoxType("uuid") && reader->Text(box.payload, kUuidSize) == uuid;
}

Extent Behind(const Box& box, uint64_t head) {
  const uint64_t size = box.end - box.payload;
  return {box.payload + std::min(head, size), size - std::min(head, size)};
}

// The head of a codestream (ISO 18181-1, annex D): bits from the lowest on.
class JxlHead {
 public:
  JxlHead(NumberReader* reader, uint64_t codestream) : reader_(reader), at_(codestream + 2) {}

  void Read(MetadataParts* parts) {
    const bool small = Bits(1) != 0;
    const uint64_t height = Length(small);
    const uint64_t ratio = Bits(3);
    constexpr uint64_t kRatios[][2] = {{0, 1}, {1, 1},  {12, 10}, {4, 3},
                                       {3, 2}, {16, 9}, {5, 4},   {2, 1}};
    const uint64_t width =
        ratio == 0 ? Length(small) : height * kRatios[ratio][0] / kRatios[ratio][1];
    if (ok_) parts->SetSize(width, height);
  }

 private:
  uint64_t Length(bool small) {
    if (small) return (Bits(5) + 1) * 8;
    constexpr unsigned kWidths[] = {9, 13, 18, 30};
    return Bits(kWidths[Bits(2)]) + 1;
  }

  uint64_t Bits(unsigned count) {
    uint64_t bits = 0;
    for (unsigned i = 0; i < count; ++i, ++bit_) {
      const std::optional<uint8_t> byte = reader_->U8(at_ + bit_ / 8);
      ok_ = ok_ && byte.has_value();
      bits |= uint64_t{byte.value_or(0) >> (bit_ % 8) & 1U} << i;
    }
    return bits;
  }

  NumberReader* const reader_;
  const uint64_t at_;
  uint64_t bit_ = 0;
  bool ok_ = true;
};

void TakeCanon(NumberReader* reader, const Box& canon, MetadataParts* parts) {
  using First = TiffBlock::First;
  BoxWalker boxes(reader, canon.payload + kUuidSize, canon.end);
  while (const std::optional<Box> box = boxes.Next()) {
    if (box->type == BoxType("CMT1")) parts->tiffs.push_back({Behind(*box, 0), First::kImage});
    if (box->type == BoxType("CMT2")) parts->tiffs.push_back({Behind(*box, 0), First::kExif});
    if (box->type == BoxType("CMT4")) parts->tiffs.push_back({Behind(*box, 0), First::kGps});
    // Flags, size in pixels, size in bytes, unknown; then a JPEG.
    if (box->type == BoxType("THMB")) parts->previews.push_back(Behind(*box, 16));
  }
}

}  // namespace

void LocateInJxl(NumberReader* reader, MetadataParts* parts) {
  if (reader->U16(0) == 0xFF0A) {
    JxlHead(reader, 0).Read(parts);
    return;
  }
  BoxWalker boxes(reader, 0, reader->size());
  while (const std::optional<Box> box = boxes.Next()) {
    // Boxes "brob" hold compressed metadata, which is not read.
    if (box->type == BoxType("Exif")) {
      const uint64_t head = uint64_t{4} + reader->U32(box->payload).value_or(0);
      parts->tiffs.push_back({Behind(*box, head)});
    } else if (box->type == BoxType("xml ")) {
      parts->packets.push_back(Behind(*box, 0));
    } else if (parts->width == 0 && box->type == BoxType("jxlc")) {
      JxlHead(reader, box->payload).Read(parts);
    } else if (parts->width == 0 && box->type == BoxType("jxlp")) {
      JxlHead(reader, box->payload + 4).Read(parts);
    }
  }
}

void LocateInCr3(NumberReader* reader, MetadataParts* parts) {
  BoxWalker boxes(reader, 0, reader->size());
  while (const std::optional<Box> box = boxes.Next()) {
    if (HasUuid(reader, *box, kXmpUuid)) parts->packets.push_back(Behind(*box, kUuidSize));
    if (box->type != BoxType("moov")) continue;
    BoxWalker inner(reader, box->payload, box->end);
    while (const std::optional<Box> canon = inner.Next()) {
      if (HasUuid(reader, *canon, kCanonUuid)) TakeCanon(reader, *canon, parts);
    }
  }
}

// QuickTime keeps XMP in moov/udta/XMP_, MP4 in a box of its own.
void LocateInMovie(NumberReader* reader, MetadataParts* parts) {
  BoxWalker boxes(reader, 0, reader->size());
  while (const std::optional<Box> box = boxes.Next()) {
    if (HasUuid(reader, *box, kXmpUuid)) parts->packets.push_back(Behind(*box, kUuidSize));
    if (box->type != BoxType("moov")) continue;
    BoxWalker inner(reader, box->payload, box->end);
    while (const std::optional<Box> data = inner.Next()) {
      if (data->type != BoxType("udta")) continue;
      BoxWalker texts(reader, data->payload, data->end);
      while (const std::optional<Box> text = texts.Next()) {
        if (text->type == BoxType("XMP_")) parts->packets.push_back(Behind(*text, 0));
      }
    }
  }
}

}  // namespace syncline::images
