// What older standards say of a picture besides XMP: a rating in Exif, keywords in IPTC. Where they
// exist, what changes in the packet is changed in them too. They are never added, and what only
// they say stays: many archives have keywords in IPTC and no XMP.
#ifndef SYNCLINE_PLUGINS_IMAGES_EMBEDDED_LEGACY_H_
#define SYNCLINE_PLUGINS_IMAGES_EMBEDDED_LEGACY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "plugins/images/xmp.h"

namespace syncline::images {

struct LegacyChange {
  std::optional<uint16_t> rating;  // 0 to 5; nullopt: the same as before
  std::vector<std::string> added;  // keywords
  std::vector<std::string> removed;
};
// What one packet instead of another one says anew.
LegacyChange LegacyChangeOf(const XmpPacket& before, const XmpPacket& after);

// A directory of a TIFF in memory, or of the Exif in another format. Classic TIFF only.
class TiffInMemory {
 public:
  struct Entry {
    size_t at;  // of its 12 bytes
    uint16_t tag;
    uint16_t type;
    uint32_t count;
    uint32_t offset;  // or the value itself
  };

  // For reading; bytes outlive this. nullopt: it is no classic TIFF, or its first directory is not
  // all in it.
  static std::optional<TiffInMemory> Open(std::string_view bytes);
  // The same for `size` bytes at `begin` of what may be changed, and appended to.
  static std::optional<TiffInMemory> Open(std::string* bytes, size_t begin, size_t size);

  const std::vector<Entry>& entries() const { return entries_; }
  const Entry* Find(uint16_t tag) const;
  uint16_t U16(size_t at) const;
  uint32_t U32(size_t at) const;
  void SetU16(size_t at, uint16_t value);
  void SetU32(size_t at, uint32_t value);
  size_t directory() const { return directory_; }

 private:
  bool ReadEntries(size_t begin, size_t size);
  std::string_view bytes() const { return changed_ != nullptr ? *changed_ : bytes_; }

  std::string_view bytes_;
  std::string* changed_ = nullptr;  // instead of bytes_
  size_t directory_ = 0;
  bool little_ = false;
  std::vector<Entry> entries_;
};

// Sets Rating and RatingPercent of the first directory, where they are; nothing moves.
void SetExifRating(TiffInMemory* tiff, uint16_t rating);

// One data set of IPTC (IIM 1.5): marker, record, number, length, value.
struct IptcDataSet {
  std::string_view all;
  std::string_view value;
  uint8_t record;
  uint8_t number;
  bool IsKeyword() const { return record == 2 && number == 25; }
};
// nullopt: not IIM to its end (but for padding), or with lengths that nobody uses. They are parts
// of iptc.
std::optional<std::vector<IptcDataSet>> IptcDataSetsOf(std::string_view iptc);

// A block of IPTC (IIM) with its keywords changed; nullopt: nothing to change, or it has none.
// FailedPrecondition: they cannot be written in its character set.
absl::StatusOr<std::optional<std::string>> WithIptcKeywords(std::string_view iptc,
                                                            const LegacyChange& change);

// The same for a block of Photoshop's image resources.
absl::StatusOr<std::optional<std::string>> WithPhotoshopKeywords(std::string_view resources,
                                                                 const LegacyChange& change);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_EMBEDDED_LEGACY_H_
