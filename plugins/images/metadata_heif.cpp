// The parts of HEIC and AVIF (ISO 23008-12): items, of which "iinf" says what they are and "iloc"
// where (ISO 14496-12, 8.11).
#include <algorithm>
#include <optional>
#include <vector>

#include "plugins/images/boxes.h"
#include "plugins/images/metadata_parts.h"

namespace syncline::images {
namespace {

constexpr uint64_t kMostItems = 65536;
constexpr size_t kMostMetadataItems = 16;  // two is what writers make

// Numbers behind each other; 0 and not ok() after one that is not there.
class Cursor {
 public:
  Cursor(NumberReader* reader, uint64_t at) : reader_(reader), at_(at) {}
  uint64_t Next(unsigned width) {
    const std::optional<uint64_t> number = ok_ ? reader_->Number(at_, width) : std::nullopt;
    ok_ = number.has_value();
    at_ += width;
    return number.value_or(0);
  }
  void Skip(uint64_t size) { at_ += size; }
  bool ok() const { return ok_; }
  uint64_t at() const { return at_; }

 private:
  NumberReader* const reader_;
  uint64_t at_;
  bool ok_ = true;
};

struct Item {
  uint64_t number = 0;
  bool exif = false;  // or XMP
};

// The items that are Exif or XMP.
std::vector<Item> MetadataItems(NumberReader* reader, const Box& info) {
  std::vector<Item> items;
  Cursor head(reader, info.payload);
  head.Next(head.Next(4) >> 24 == 0 ? 2 : 4);  // their number
  BoxWalker boxes(reader, head.at(), info.end);
  while (const std::optional<Box> box = boxes.Next()) {
    if (box->type != BoxType("infe")) continue;
    Cursor entry(reader, box->payload);
    const uint64_t version = entry.Next(4) >> 24;
    if (version < 2) continue;
    Item item;
    item.number = entry.Next(version == 2 ? 2 : 4);
    entry.Next(2);  // protection
    const uint64_t type = entry.Next(4);
    // Of "mime", only XMP is written into pictures.
    if (!entry.ok() || (type != BoxType("Exif") && type != BoxType("mime"))) continue;
    item.exif = type == BoxType("Exif");
    items.push_back(item);
    if (items.size() == kMostMetadataItems) break;
  }
  return items;
}

void TakeItem(NumberReader* reader, bool exif, Extent extent, MetadataParts* parts) {
  if (!exif) {
    parts->packets.push_back(extent);
    return;
  }
  // ISO 23008-12, A.2.1: how far behind this number the TIFF is.
  const uint64_t head = uint64_t{4} + reader->U32(extent.offset).value_or(0);
  if (head < extent.length) {
    parts->tiffs.push_back({{extent.offset + head, extent.length - head}});
  }
}

// data: the payload of "idat", or 0.
void TakeItems(NumberReader* reader, const Box& places, const std::vector<Item>& items,
               uint64_t data, MetadataParts* parts) {
  Cursor numbers(reader, places.payload);
  const uint64_t version = numbers.Next(4) >> 24;
  const uint64_t widths = numbers.Next(2);
  const unsigned offset_width = widths >> 12 & 15;
  const unsigned length_width = widths >> 8 & 15;
  const unsigned base_width = widths >> 4 & 15;
  const unsigned index_width = version == 0 ? 0 : widths & 15;
  const unsigned number_width = version < 2 ? 2 : 4;
  const uint64_t count = std::min(numbers.Next(number_width), kMostItems);
  for (uint64_t i = 0; i < count && numbers.ok(); ++i) {
    const uint64_t number = numbers.Next(number_width);
    const uint64_t method = version == 0 ? 0 : numbers.Next(2) & 15;
    numbers.Next(2);  // 0: this file
    const uint64_t base = numbers.Next(base_width) + (method == 1 ? data : 0);
    const uint64_t extents = numbers.Next(2);
    // No writer is known that puts metadata into more than one piece.
    if (extents != 1 || method > 1) {
      numbers.Skip(extents * (index_width + offset_width + length_width));
      continue;
    }
    numbers.Next(index_width);
    const uint64_t offset = base + numbers.Next(offset_width);
    const uint64_t length = numbers.Next(length_width);
    if (!numbers.ok()) return;
    for (const Item& item : items) {
      if (item.number == number) TakeItem(reader, item.exif, {offset, length}, parts);
    }
  }
}

// The properties in "ipco" that belong to an item, by their numbers (8.11.14).
std::vector<uint64_t> PropertiesOf(NumberReader* reader, uint64_t item, const Box& associations) {
  Cursor numbers(reader, associations.payload);
  const uint64_t head = numbers.Next(4);
  const unsigned number_width = head >> 24 == 0 ? 2 : 4;
  const unsigned property_width = (head & 1) == 0 ? 1 : 2;
  std::vector<uint64_t> properties;
  const uint64_t count = std::min(numbers.Next(4), kMostItems);
  for (uint64_t i = 0; i < count && numbers.ok(); ++i) {
    const bool wanted = numbers.Next(number_width) == item;
    const uint64_t associated = numbers.Next(1);
    if (!wanted) numbers.Skip(associated * property_width);
    for (uint64_t j = 0; wanted && j < associated; ++j) {
      // Above the number is a bit that says whether readers have to know it.
      properties.push_back(numbers.Next(property_width) & (property_width == 1 ? 0x7F : 0x7FFF));
    }
    if (wanted) break;
  }
  return properties;
}

// "iprp" has the sizes of all items: tiles, thumbnails, and the one that is shown.
void TakeSize(NumberReader* reader, const Box& properties, uint64_t shown, MetadataParts* parts) {
  std::vector<uint64_t> wanted;
  std::optional<Box> all;
  BoxWalker boxes(reader, properties.payload, properties.end);
  while (const std::optional<Box> box = boxes.Next()) {
    if (box->type == BoxType("ipma")) wanted = PropertiesOf(reader, shown, *box);
    if (box->type == BoxType("ipco")) all = box;
  }
  if (!all) return;
  BoxWalker sizes(reader, all->payload, all->end);
  for (uint64_t number = 1; const std::optional<Box> size = sizes.Next(); ++number) {
    if (size->type != BoxType("ispe")) continue;
    if (std::find(wanted.begin(), wanted.end(), number) == wanted.end()) continue;
    parts->SetSize(reader->U32(size->payload + 4).value_or(0),
                   reader->U32(size->payload + 8).value_or(0));
  }
}

}  // namespace

void LocateInHeif(NumberReader* reader, MetadataParts* parts) {
  BoxWalker boxes(reader, 0, reader->size());
  while (const std::optional<Box> meta = boxes.Next()) {
    if (meta->type != BoxType("meta")) continue;
    std::vector<Item> items;
    std::optional<Box> places;
    std::optional<Box> properties;
    uint64_t data = 0;
    uint64_t shown = 0;
    BoxWalker inner(reader, meta->payload + 4, meta->end);
    while (const std::optional<Box> box = inner.Next()) {
      if (box->type == BoxType("iinf")) items = MetadataItems(reader, *box);
      if (box->type == BoxType("iloc")) places = box;
      if (box->type == BoxType("idat")) data = box->payload;
      if (box->type == BoxType("iprp")) properties = box;
      if (box->type == BoxType("pitm")) {
        const bool wide = reader->U8(box->payload).value_or(0) != 0;
        shown = reader->Number(box->payload + 4, wide ? 4 : 2).value_or(0);
      }
    }
    if (places) TakeItems(reader, *places, items, data, parts);
    if (properties) TakeSize(reader, *properties, shown, parts);
    return;
  }
}

}  // namespace syncline::images
