// XMP in TIFF and DNG: tag 700 of the first directory (ISO 16684-3, 1.1.6). All that is in the file
// stays at its place, since strips, previews and maker notes are found by offsets: what has no room
// is put at the end. A directory that gets a new tag is written anew there, and the old one left
// behind.
#include <algorithm>

#include "absl/status/status.h"
#include "plugins/images/embedded_xmp_formats.h"

namespace syncline::images {
namespace {

constexpr uint16_t kXmpTag = 700;
constexpr uint16_t kIptcTag = 33'723;
constexpr uint16_t kByte = 1;
constexpr uint16_t kLong = 4;
constexpr uint16_t kUndefined = 7;

// The bytes that an entry points to; nullopt: not bytes, or outside the file.
std::optional<std::string_view> BytesOf(const TiffInMemory::Entry& entry,
                                        std::string_view picture) {
  uint64_t size = entry.count;
  if (entry.type == kLong) {
    size *= 4;  // as old programs write IPTC
  } else if (entry.type != kByte && entry.type != kUndefined) {
    return std::nullopt;
  }
  if (size <= 4 || entry.offset > picture.size() || size > picture.size() - entry.offset) {
    return std::nullopt;
  }
  return picture.substr(entry.offset, size);
}

// Appends bytes at an even place. Where they are.
uint32_t Append(std::string_view bytes, std::string* picture) {
  if (picture->size() % 2 != 0) picture->push_back('\0');
  const size_t at = picture->size();
  picture->append(bytes);
  return static_cast<uint32_t>(at);
}

// Puts bytes where an entry points to, or at the end when there is no room.
void Replace(const TiffInMemory::Entry& entry, std::string_view bytes, TiffInMemory* tiff,
             std::string* picture) {
  const std::optional<std::string_view> before = BytesOf(entry, *picture);
  if (before && bytes.size() <= before->size()) {
    picture->replace(entry.offset, bytes.size(), bytes);
  } else {
    tiff->SetU32(entry.at + 8, Append(bytes, picture));
  }
  tiff->SetU16(entry.at + 2, entry.type == kUndefined ? kUndefined : kByte);
  tiff->SetU32(entry.at + 4, static_cast<uint32_t>(bytes.size()));
}

// A copy of the directory at the end of the file, with this entry, or without when bytes is empty.
void RewriteDirectory(std::string_view bytes, TiffInMemory* tiff, std::string* picture) {
  const size_t count = tiff->entries().size();
  const size_t before = tiff->directory();
  const std::string old = picture->substr(before + 2, count * 12);
  const std::string next = picture->substr(before + 2 + count * 12, 4);
  const uint32_t content = bytes.empty() ? 0 : Append(bytes, picture);
  std::string entries;
  size_t place = 0;  // tags ascend
  size_t written = 0;
  for (size_t i = 0; i < count; ++i) {
    const uint16_t tag = tiff->entries()[i].tag;
    if (tag == kXmpTag) continue;
    entries += old.substr(i * 12, 12);
    ++written;
    if (tag < kXmpTag) place = written;
  }
  if (!bytes.empty()) {
    entries.insert(place * 12, std::string(12, '\0'));
    ++written;
  }
  const uint32_t at = Append(std::string(2, '\0') + entries + next, picture);
  tiff->SetU16(at, static_cast<uint16_t>(written));
  if (!bytes.empty()) {
    const size_t entry = at + 2 + place * 12;
    tiff->SetU16(entry, kXmpTag);
    tiff->SetU16(entry + 2, kByte);
    tiff->SetU32(entry + 4, static_cast<uint32_t>(bytes.size()));
    tiff->SetU32(entry + 8, content);
  }
  tiff->SetU32(4, at);
}

}  // namespace

absl::StatusOr<std::string> ReadTiffXmp(std::string_view picture) {
  const std::optional<TiffInMemory> tiff = TiffInMemory::Open(picture);
  if (!tiff) return BrokenPicture();
  const TiffInMemory::Entry* entry = tiff->Find(kXmpTag);
  if (entry == nullptr || entry->count <= 4) return std::string();
  const std::optional<std::string_view> packet = BytesOf(*entry, picture);
  if (!packet) return BrokenPicture();
  return std::string(*packet);
}

absl::StatusOr<std::string> WithTiffXmp(std::string picture, std::string_view packet,
                                        const LegacyChange* legacy) {
  constexpr size_t kRoom = 1 << 20;  // for the directory and for IPTC
  if (picture.size() > UINT32_MAX - packet.size() - kRoom) {
    return absl::FailedPreconditionError("The metadata does not fit: a TIFF has at most 4 GiB.");
  }
  std::optional<TiffInMemory> tiff = TiffInMemory::Open(&picture, 0, picture.size());
  if (!tiff || picture.size() < tiff->directory() + 6 + tiff->entries().size() * 12) {
    return BrokenPicture();
  }
  if (legacy != nullptr) {
    if (legacy->rating) SetExifRating(&*tiff, *legacy->rating);
    const TiffInMemory::Entry* iptc = tiff->Find(kIptcTag);
    const auto bytes = iptc == nullptr ? std::nullopt : BytesOf(*iptc, picture);
    if (bytes) {
      const auto with = WithIptcKeywords(*bytes, *legacy);
      if (!with.ok()) return with.status();
      if (*with && (*with)->size() <= kRoom / 2) Replace(*iptc, **with, &*tiff, &picture);
    }
  }
  const TiffInMemory::Entry* entry = tiff->Find(kXmpTag);
  if (entry != nullptr && entry->count > 4 && !packet.empty()) {
    const std::optional<std::string_view> before = BytesOf(*entry, picture);
    if (!before) return BrokenPicture();
    Replace(*entry, Padded(packet, before->size()), &*tiff, &picture);
  } else if (entry != nullptr || !packet.empty()) {
    RewriteDirectory(packet, &*tiff, &picture);
  }
  return picture;
}

}  // namespace syncline::images
