// The picture in HEIC and AVIF (ISO 23008-12): a file of items, some of which are pictures and
// others metadata. The box "iinf" says what each item is, "iloc" where its bytes are
// (ISO 14496-12, 8.11).
#include <algorithm>
#include <utility>
#include <vector>

#include "plugins/images/boxes.h"
#include "plugins/images/picture_data_formats.h"

namespace syncline::images {
namespace {

// Numbers that follow each other; after one that cannot be read, all are 0 and ok() is false.
class Sequence {
 public:
  Sequence(NumberReader* reader, uint64_t at, uint64_t end) : reader_(reader), at_(at), end_(end) {}

  uint64_t Next(unsigned width) {
    if (ok_ && width <= end_ - at_) {
      if (const std::optional<uint64_t> number = reader_->Number(at_, width)) {
        at_ += width;
        return *number;
      }
    }
    ok_ = false;
    return 0;
  }
  bool ok() const { return ok_; }
  uint64_t at() const { return at_; }

 private:
  NumberReader* const reader_;
  uint64_t at_;
  const uint64_t end_;
  bool ok_ = true;
};

// The boxes of "meta" that tell about items.
struct Meta {
  std::optional<Box> items;
  std::optional<Box> places;
  std::optional<Box> data;
};

Meta ReadMeta(NumberReader* reader, const Box& meta) {
  Meta found;
  BoxWalker boxes(reader, meta.payload + 4, meta.end);  // behind version and flags
  while (const std::optional<Box> box = boxes.Next()) {
    if (box->type == BoxType("iinf")) found.items = box;
    if (box->type == BoxType("iloc")) found.places = box;
    if (box->type == BoxType("idat")) found.data = box;
  }
  return found;
}

// The numbers of the items that are metadata, sorted. Nothing: an item does not say what it is.
std::optional<std::vector<uint64_t>> MetadataItems(NumberReader* reader, const Box& items) {
  Sequence head(reader, items.payload, items.end);
  const uint64_t version = head.Next(4) >> 24;
  head.Next(version == 0 ? 2 : 4);  // their number
  std::vector<uint64_t> metadata;
  BoxWalker boxes(reader, head.at(), items.end);
  while (const std::optional<Box> box = boxes.Next()) {
    if (box->type != BoxType("infe")) return std::nullopt;
    Sequence entry(reader, box->payload, box->end);
    const uint64_t entry_version = entry.Next(4) >> 24;
    if (entry_version < 2 || entry_version > 3) return std::nullopt;
    const uint64_t item = entry.Next(entry_version == 2 ? 2 : 4);
    entry.Next(2);  // protection
    const uint64_t type = entry.Next(4);
    if (!entry.ok()) return std::nullopt;
    if (type == BoxType("Exif") || type == BoxType("mime") || type == BoxType("uri ")) {
      metadata.push_back(item);
    }
  }
  if (!head.ok() || !boxes.AtEnd()) return std::nullopt;
  std::sort(metadata.begin(), metadata.end());
  return metadata;
}

// Reads "iloc".
class Places {
 public:
  Places(NumberReader* reader, const Box& box, std::optional<Box> data)
      : size_(reader->size()), data_(data), numbers_(reader, box.payload, box.end) {}

  Parts Read(const std::vector<uint64_t>& metadata) {
    version_ = numbers_.Next(4) >> 24;
    if (version_ > 2) return Parts::NotUnderstood();
    const uint64_t sizes = numbers_.Next(2);
    offset_width_ = sizes >> 12 & 15;
    length_width_ = sizes >> 8 & 15;
    base_width_ = sizes >> 4 & 15;
    index_width_ = version_ == 0 ? 0 : sizes & 15;
    const uint64_t count = numbers_.Next(NumberWidth());
    Parts parts;
    for (uint64_t i = 0; i < count; ++i) {
      const uint64_t item = numbers_.Next(NumberWidth());
      if (!numbers_.ok()) return Parts::Broken();
      ReadItem(std::binary_search(metadata.begin(), metadata.end(), item), &parts);
      if (!parts.understood) return parts;
    }
    return parts.extents.empty() ? Parts::WithoutPicture() : parts;
  }

 private:
  unsigned NumberWidth() const { return version_ < 2 ? 2 : 4; }

  void ReadItem(bool metadata, Parts* parts) {
    // 0: places in the file; 1: in the box idat; 2: in another item.
    const uint64_t method = version_ == 0 ? 0 : numbers_.Next(2) & 15;
    const uint64_t elsewhere = numbers_.Next(2);  // another file
    const uint64_t base = numbers_.Next(base_width_);
    const uint64_t extents = numbers_.Next(2);
    const bool known = method == 0 || (method == 1 && data_.has_value());
    for (uint64_t i = 0; i < extents; ++i) {
      numbers_.Next(index_width_);
      const uint64_t offset = numbers_.Next(offset_width_);
      const uint64_t length = numbers_.Next(length_width_);
      if (!numbers_.ok()) break;
      if (metadata) continue;
      // Without a length it is all of that file.
      if (!known || elsewhere != 0 || length == 0) {
        *parts = Parts::NotUnderstood();
        return;
      }
      Add(method == 1 ? data_->payload : 0, method == 1 ? data_->end : size_, base, offset, length,
          parts);
      if (!parts->understood) return;
    }
    if (!numbers_.ok()) *parts = Parts::Broken();
  }

  // length bytes at start + base + offset, which must be before end.
  static void Add(uint64_t start, uint64_t end, uint64_t base, uint64_t offset, uint64_t length,
                  Parts* parts) {
    const uint64_t room = end - start;
    if (base > room || offset > room - base || length > room - base - offset) {
      *parts = Parts::CutOff();
      return;
    }
    parts->Add(start + base + offset, start + base + offset + length);
  }

  const uint64_t size_;
  const std::optional<Box> data_;
  Sequence numbers_;
  uint64_t version_ = 0;
  unsigned offset_width_ = 0;
  unsigned length_width_ = 0;
  unsigned base_width_ = 0;
  unsigned index_width_ = 0;
};

}  // namespace

Parts FindInHeif(NumberReader* reader) {
  std::optional<Box> meta;
  bool sequence = false;
  std::vector<Box> movies;
  BoxWalker boxes(reader, 0, reader->size());
  while (const std::optional<Box> box = boxes.Next()) {
    if (box->cut) return Parts::CutOff();
    if (box->type == BoxType("meta") && !meta.has_value()) meta = box;
    sequence = sequence || box->type == BoxType("moov");
    if (box->type == BoxType("mpvd")) movies.push_back(*box);
  }
  // Of a sequence, the items are only the first picture.
  if (sequence) return FindInMovie(reader);
  if (!meta.has_value()) return Parts::CutOff("it ends before the picture begins");
  const Meta found = ReadMeta(reader, *meta);
  if (!found.items.has_value() || !found.places.has_value()) return Parts::Broken();
  const std::optional<std::vector<uint64_t>> metadata = MetadataItems(reader, *found.items);
  if (!metadata.has_value()) return Parts::NotUnderstood();
  Parts parts = Places(reader, *found.places, found.data).Read(*metadata);
  // The movie of a motion photo counts as it does behind a JPEG.
  if (parts.understood) {
    for (const Box& movie : movies) parts.Add(movie.payload, movie.end);
  }
  return parts;
}

}  // namespace syncline::images
