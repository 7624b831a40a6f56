// Reading TIFF directories.
#include "plugins/images/tiff.h"

#include <algorithm>
#include <string_view>

namespace syncline::images {
namespace {

// A directory of a camera has some dozens of entries, one of a scientific TIFF some hundreds. What
// says more is no directory.
constexpr uint64_t kMostEntries = 4096;
constexpr uint64_t kMostSubDirectories = 64;

// TIFF 6.0, section 2, and the supplements for directories and BigTIFF. 0: no such type.
unsigned SizeOf(uint16_t type) {
  switch (type) {
    case 1:  // BYTE
    case 2:  // ASCII
    case 6:
    case 7:
      return 1;
    case 3:  // SHORT
    case 8:
      return 2;
    case 4:  // LONG
    case 9:
    case 11:
    case 13:  // IFD
      return 4;
    case 5:
    case 10:
    case 12:
    case 16:  // LONG8
    case 17:
    case 18:  // IFD8
      return 8;
    default:
      return 0;
  }
}

bool IsWholeNumber(uint16_t type) {
  return type == 1 || type == 3 || type == 4 || type == 13 || type == 16 || type == 18;
}

}  // namespace

const TiffEntry* TiffDirectory::Find(TiffTag tag) const {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const TiffEntry& entry) {
    return entry.tag == static_cast<uint16_t>(tag);
  });
  return found == entries.end() ? nullptr : &*found;
}

std::optional<TiffReader> TiffReader::Open(NumberReader* reader) {
  const std::optional<std::string_view> head = reader->Text(0, 2);
  if (head == "II") {
    reader->set_order(NumberReader::Order::kLittle);
  } else if (head == "MM") {
    reader->set_order(NumberReader::Order::kBig);
  } else {
    return std::nullopt;
  }
  const std::optional<uint16_t> magic = reader->U16(2);
  if (!magic.has_value()) return std::nullopt;
  constexpr uint16_t kKnown[] = {kMagic, kBigMagic, kPanasonicMagic, kOlympusMagic,
                                 kOlympusOtherMagic};
  if (std::find(std::begin(kKnown), std::end(kKnown), *magic) == std::end(kKnown)) {
    return std::nullopt;
  }
  TiffReader tiff(reader, *magic);
  // A BigTIFF says first how long its places are: 8 bytes, then 0.
  if (*magic == kBigMagic && (reader->U16(4) != 8 || reader->U16(6) != 0)) return std::nullopt;
  tiff.first_ = reader->Number(*magic == kBigMagic ? 8 : 4, tiff.PlaceSize()).value_or(0);
  return tiff;
}

std::optional<TiffDirectory> TiffReader::Read(uint64_t place) const {
  const unsigned count_size = magic_ == kBigMagic ? 8 : 2;
  const uint64_t entry_size = 4 + 2 * PlaceSize();
  const std::optional<uint64_t> count = reader_->Number(place, count_size);
  if (!count.has_value() || *count == 0 || *count > kMostEntries) return std::nullopt;
  TiffDirectory directory;
  uint64_t at = place + count_size;
  for (uint64_t i = 0; i < *count; ++i, at += entry_size) {
    const std::optional<TiffEntry> entry = ReadEntry(at);
    if (!entry.has_value()) return std::nullopt;
    directory.entries.push_back(*entry);
  }
  const std::optional<uint64_t> next = reader_->Number(at, PlaceSize());
  if (!next.has_value()) return std::nullopt;
  directory.next = *next;
  return directory;
}

std::optional<TiffEntry> TiffReader::ReadEntry(uint64_t place) const {
  const std::optional<uint16_t> tag = reader_->U16(place);
  const std::optional<uint16_t> type = reader_->U16(place + 2);
  const std::optional<uint64_t> count = reader_->Number(place + 4, PlaceSize());
  const uint64_t values = place + 4 + PlaceSize();
  const std::optional<uint64_t> pointer = reader_->Number(values, PlaceSize());
  if (!tag.has_value() || !type.has_value() || !count.has_value() || !pointer.has_value()) {
    return std::nullopt;
  }
  TiffEntry entry{*tag, *type, *count, values};
  const unsigned size = SizeOf(*type);
  const bool inside = size == 0 || *count <= PlaceSize() / size;
  if (!inside) entry.values = *pointer;
  return entry;
}

std::optional<uint64_t> TiffReader::Number(const TiffEntry& entry, uint64_t index) const {
  if (!IsWholeNumber(entry.type) || index >= entry.count) return std::nullopt;
  const unsigned size = SizeOf(entry.type);
  if (entry.values > reader_->size() || index > reader_->size() / size) return std::nullopt;
  return reader_->Number(entry.values + index * size, size);
}

std::optional<uint64_t> TiffReader::Number(const TiffDirectory& directory, TiffTag tag) const {
  const TiffEntry* entry = directory.Find(tag);
  return entry == nullptr ? std::nullopt : Number(*entry, 0);
}

std::string TiffReader::Text(const TiffDirectory& directory, TiffTag tag) const {
  const TiffEntry* entry = directory.Find(tag);
  if (entry == nullptr || SizeOf(entry->type) != 1) return "";
  const size_t length = std::min<uint64_t>(entry->count, NumberReader::kLongestText);
  return std::string(reader_->Text(entry->values, length).value_or(""));
}

std::optional<std::vector<uint64_t>> TiffReader::SubDirectories(
    const TiffDirectory& directory) const {
  std::vector<uint64_t> places;
  const TiffEntry* entry = directory.Find(TiffTag::kSubDirectories);
  if (entry == nullptr) return places;
  if (entry->count > kMostSubDirectories) return std::nullopt;
  for (uint64_t i = 0; i < entry->count; ++i) {
    const std::optional<uint64_t> place = Number(*entry, i);
    if (!place.has_value()) return std::nullopt;
    places.push_back(*place);
  }
  return places;
}

}  // namespace syncline::images
