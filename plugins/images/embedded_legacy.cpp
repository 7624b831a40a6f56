#include "plugins/images/embedded_legacy.h"

#include <algorithm>
#include <charconv>

#include "absl/status/status.h"
#include "plugins/images/xmp_merge_values.h"

namespace syncline::images {
namespace {

constexpr std::string_view kUtf8Mark("\x1C\x01\x5A\x00\x03\x1B%G", 8);  // IIM 1:90, ESC % G

uint16_t Big16(std::string_view bytes, size_t at) {
  return static_cast<uint16_t>(static_cast<unsigned char>(bytes[at]) << 8 |
                               static_cast<unsigned char>(bytes[at + 1]));
}

void AppendBig(uint32_t number, size_t width, std::string* out) {
  while (width-- > 0) out->push_back(static_cast<char>(number >> (8 * width) & 0xFF));
}

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool Has(const std::vector<std::string>& keywords, std::string_view keyword) {
  return std::find(keywords.begin(), keywords.end(), keyword) != keywords.end();
}

// IPTC has room for 64 bytes of a keyword (IIM 2:25), and many programs cut longer ones off.
bool IsRemoved(std::string_view value, const std::vector<std::string>& removed) {
  constexpr size_t kLongestKeyword = 64;
  return std::any_of(removed.begin(), removed.end(), [&](const std::string& keyword) {
    return keyword == value || (value.size() == kLongestKeyword && keyword.starts_with(value));
  });
}

uint16_t RatingOf(const XmpPacket& packet) {
  const auto rating = packet.find({"http://ns.adobe.com/xap/1.0/", "Rating"});
  if (rating == packet.end() || rating->second.nodes.front().items.empty()) return 0;
  const std::string_view text = Trimmed(rating->second.nodes.front().items.front());
  unsigned number = 0;
  // "-1" is rejected in XMP, for which Exif has no number; "4.0" is 4.
  std::from_chars(text.data(), text.data() + text.size(), number);
  return static_cast<uint16_t>(number <= 5 ? number : 0);
}

std::vector<std::string> KeywordsOf(const XmpPacket& packet) {
  const auto subject = packet.find({"http://purl.org/dc/elements/1.1/", "subject"});
  if (subject == packet.end()) return {};
  return ItemsOf(subject->second).value_or(std::vector<std::string>());
}

}  // namespace

LegacyChange LegacyChangeOf(const XmpPacket& before, const XmpPacket& after) {
  LegacyChange change;
  if (RatingOf(before) != RatingOf(after)) change.rating = RatingOf(after);
  const std::vector<std::string> old_keywords = KeywordsOf(before);
  const std::vector<std::string> new_keywords = KeywordsOf(after);
  for (const std::string& keyword : new_keywords) {
    if (!Has(old_keywords, keyword)) change.added.push_back(keyword);
  }
  for (const std::string& keyword : old_keywords) {
    if (!Has(new_keywords, keyword)) change.removed.push_back(keyword);
  }
  return change;
}

std::optional<TiffInMemory> TiffInMemory::Open(std::string_view bytes) {
  TiffInMemory tiff;
  tiff.bytes_ = bytes;
  if (!tiff.ReadEntries(0, bytes.size())) return std::nullopt;
  return tiff;
}

std::optional<TiffInMemory> TiffInMemory::Open(std::string* bytes, size_t begin, size_t size) {
  TiffInMemory tiff;
  tiff.changed_ = bytes;
  if (!tiff.ReadEntries(begin, size)) return std::nullopt;
  return tiff;
}

bool TiffInMemory::ReadEntries(size_t begin, size_t size) {
  if (size < 8 || begin > bytes().size() || size > bytes().size() - begin) return false;
  const std::string_view mark = bytes().substr(begin, 2);
  little_ = mark == "II";
  if (!little_ && mark != "MM") return false;
  const size_t directory = U32(begin + 4);
  if (U16(begin + 2) != 42 || directory < 8 || directory > size - 2) return false;
  directory_ = begin + directory;
  const size_t count = U16(directory_);
  if (count * 12 > size - directory - 2) return false;
  for (size_t i = 0; i < count; ++i) {
    const size_t at = directory_ + 2 + i * 12;
    entries_.push_back({at, U16(at), U16(at + 2), U32(at + 4), U32(at + 8)});
  }
  return true;
}

const TiffInMemory::Entry* TiffInMemory::Find(uint16_t tag) const {
  for (const Entry& entry : entries_) {
    if (entry.tag == tag) return &entry;
  }
  return nullptr;
}

uint16_t TiffInMemory::U16(size_t at) const {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(bytes()[at + i]); };
  return static_cast<uint16_t>(little_ ? byte(1) << 8 | byte(0) : byte(0) << 8 | byte(1));
}

uint32_t TiffInMemory::U32(size_t at) const {
  const uint32_t first = U16(at);
  const uint32_t second = U16(at + 2);
  return little_ ? second << 16 | first : first << 16 | second;
}

void TiffInMemory::SetU16(size_t at, uint16_t value) {
  const auto low = static_cast<char>(value & 0xFF);
  const auto high = static_cast<char>(value >> 8);
  (*changed_)[at] = little_ ? low : high;
  (*changed_)[at + 1] = little_ ? high : low;
}

void TiffInMemory::SetU32(size_t at, uint32_t value) {
  const auto low = static_cast<uint16_t>(value & 0xFFFF);
  const auto high = static_cast<uint16_t>(value >> 16);
  SetU16(at, little_ ? low : high);
  SetU16(at + 2, little_ ? high : low);
}

void SetExifRating(TiffInMemory* tiff, uint16_t rating) {
  constexpr uint16_t kShort = 3;
  // The percents that Windows writes for one to five stars.
  constexpr uint16_t kPercents[] = {0, 1, 25, 50, 75, 99};
  for (const auto& [tag, value] : {std::pair<uint16_t, uint16_t>{0x4746, rating},
                                   std::pair<uint16_t, uint16_t>{0x4749, kPercents[rating]}}) {
    const TiffInMemory::Entry* entry = tiff->Find(tag);
    if (entry != nullptr && entry->type == kShort && entry->count == 1) {
      tiff->SetU16(entry->at + 8, value);
    }
  }
}

std::optional<std::vector<IptcDataSet>> IptcDataSetsOf(std::string_view iptc) {
  std::vector<IptcDataSet> sets;
  while (!iptc.empty() && iptc.front() == '\x1C') {
    if (iptc.size() < 5) return std::nullopt;
    const size_t size = Big16(iptc, 3);
    if (size >= 0x8000 || size > iptc.size() - 5) return std::nullopt;
    sets.push_back({iptc.substr(0, 5 + size), iptc.substr(5, size), static_cast<uint8_t>(iptc[1]),
                    static_cast<uint8_t>(iptc[2])});
    iptc.remove_prefix(5 + size);
  }
  if (iptc.find_first_not_of('\0') != std::string_view::npos) return std::nullopt;
  return sets;
}

absl::StatusOr<std::optional<std::string>> WithIptcKeywords(std::string_view iptc,
                                                            const LegacyChange& change) {
  const std::optional<std::vector<IptcDataSet>> sets = IptcDataSetsOf(iptc);
  if (!sets) return std::nullopt;
  std::vector<std::string> before;
  std::vector<std::string> keywords;
  std::string kept;  // values
  bool is_utf8 = false;
  for (const IptcDataSet& set : *sets) {
    if (set.IsKeyword()) before.emplace_back(set.value);
    if (!set.IsKeyword() || !IsRemoved(set.value, change.removed)) {
      if (set.IsKeyword()) keywords.emplace_back(set.value);
      kept += set.value;
    }
    is_utf8 = is_utf8 || set.all == kUtf8Mark;
  }
  bool ascii = true;
  for (const std::string& keyword : change.added) {
    if (Has(keywords, keyword) || keyword.size() >= 0x8000) continue;  // longer than a set can be
    keywords.push_back(keyword);
    ascii = ascii && IsAscii(keyword);
  }
  if (before.empty() || before == keywords) return std::nullopt;
  std::string out;
  if (!ascii && !is_utf8) {
    if (!IsAscii(kept)) {
      return absl::FailedPreconditionError(
          "The keywords in its IPTC are in a character set that does not have the new ones.");
    }
    out = kUtf8Mark;
  }
  bool written = false;
  for (const IptcDataSet& set : *sets) {
    if (!set.IsKeyword()) {
      out += set.all;
      continue;
    }
    if (std::exchange(written, true)) continue;
    for (const std::string& keyword : keywords) {
      out += "\x1C\x02\x19";
      AppendBig(static_cast<uint32_t>(keyword.size()), 2, &out);
      out += keyword;
    }
  }
  return out;
}

absl::StatusOr<std::optional<std::string>> WithPhotoshopKeywords(std::string_view resources,
                                                                 const LegacyChange& change) {
  constexpr uint16_t kIptc = 0x0404;
  constexpr uint16_t kIptcDigest = 0x0425;
  std::string out;
  bool changed = false;
  while (resources.starts_with("8BIM") && resources.size() >= 12) {
    const uint16_t id = Big16(resources, 4);
    const size_t name = (static_cast<unsigned char>(resources[6]) + 2u) / 2 * 2;
    if (resources.size() < 6 + name + 4) return std::nullopt;
    const size_t size =
        static_cast<size_t>(Big16(resources, 6 + name)) << 16 | Big16(resources, 6 + name + 2);
    const size_t begin = 6 + name + 4;
    if (size > resources.size() - begin) return std::nullopt;
    const size_t end = std::min(begin + (size + 1) / 2 * 2, resources.size());
    const std::string_view data = resources.substr(begin, size);
    std::optional<std::string> with;
    if (id == kIptc) {
      absl::StatusOr<std::optional<std::string>> made = WithIptcKeywords(data, change);
      if (!made.ok()) return made.status();
      with = *std::move(made);
    }
    if (with) {
      changed = true;
      out += resources.substr(0, 6 + name);
      AppendBig(static_cast<uint32_t>(with->size()), 4, &out);
      out += *with;
      if (with->size() % 2 != 0) out.push_back('\0');
    } else if (id != kIptcDigest) {
      out += resources.substr(0, end);
    }
    // The digest tells whether IPTC was changed behind the back of XMP, which would now be
    // believed.
    resources.remove_prefix(end);
  }
  if (!changed) return std::nullopt;
  return out + std::string(resources);
}

}  // namespace syncline::images
