// What the segments of a JPEG and the chunks of PNG and WebP say besides the picture. What is not
// known is told by its bytes.
#include <algorithm>
#include <array>
#include <utility>

#include "plugins/images/embedded_legacy.h"
#include "plugins/images/rest_facts.h"

namespace syncline::images {
namespace {

constexpr std::string_view kExifHead("Exif\0\0", 6);

uint32_t Number(std::string_view bytes, size_t at, size_t width, bool big) {
  uint32_t number = 0;
  for (size_t i = 0; i < width; ++i) {
    number = number << 8 | static_cast<unsigned char>(bytes[at + (big ? i : width - 1 - i)]);
  }
  return number;
}

void AddExifBlock(ExifIn where, std::string_view block, RestFacts* facts) {
  std::string copy(block);
  if (!AddExif(where, &copy, facts)) facts->Add("broken exif", "", block);
}

// What is left of a gap where it is not made of chunks or segments.
void AddUnknown(std::string_view bytes, RestFacts* facts) {
  if (!bytes.empty()) facts->Add("unknown", "", bytes);
}

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// What is not told of a JPEG before all of its segments are known.
struct Jpeg {
  bool jfif = false;
  std::vector<std::string_view> exif;
  std::vector<std::string_view> photoshop;
};

void AddSegment(unsigned char marker, std::string_view content, Jpeg* jpeg, RestFacts* facts) {
  constexpr std::string_view kXmpHead("http://ns.adobe.com/xap/1.0/\0", 29);
  constexpr std::string_view kJfifHead("JFIF\0", 5);
  constexpr std::string_view kPhotoshopHead("Photoshop 3.0\0", 14);
  constexpr std::string_view kMultiPictureHead("MPF\0", 4);
  if (marker == 0xE1 && content.starts_with(kXmpHead)) return;
  // Where the further pictures stand and how long they are (CIPA DC-007). They themselves are
  // behind the first one, and so picture data.
  if (marker == 0xE2 && content.starts_with(kMultiPictureHead)) return;
  if (marker == 0xE1 && content.starts_with(kExifHead)) {
    jpeg->exif.push_back(content.substr(kExifHead.size()));
  } else if (marker == 0xED && content.starts_with(kPhotoshopHead)) {
    jpeg->photoshop.push_back(content.substr(kPhotoshopHead.size()));
  } else {
    if (marker == 0xE0 && content.starts_with(kJfifHead)) jpeg->jfif = true;
    facts->Add("segment", std::string(1, static_cast<char>(marker)), content);
  }
}

}  // namespace

void AddJpegGaps(std::span<const Gap> gaps, RestFacts* facts) {
  Jpeg jpeg;
  for (const Gap& gap : gaps) {
    std::string_view rest = gap.bytes;
    while (rest.size() >= 4 && rest[0] == '\xFF') {
      if (rest[1] == '\xFF') {  // fills up
        rest.remove_prefix(1);
        continue;
      }
      const size_t length = Number(rest, 2, 2, true);
      if (length < 2 || length > rest.size() - 2) break;
      AddSegment(static_cast<unsigned char>(rest[1]), rest.substr(4, length - 2), &jpeg, facts);
      rest.remove_prefix(2 + length);
    }
    AddUnknown(rest, facts);
  }
  const ExifIn where = jpeg.jfif ? ExifIn::kBesideJfif : ExifIn::kOther;
  for (const std::string_view block : jpeg.exif) AddExifBlock(where, block, facts);
  // One block in several segments is not changed with the packet.
  if (jpeg.photoshop.size() == 1) {
    AddPhotoshop(jpeg.photoshop.front(), true, facts);
  } else {
    for (const std::string_view part : jpeg.photoshop) facts->Add("photoshop", "", part);
  }
}

void AddPngGaps(std::span<const Gap> gaps, RestFacts* facts) {
  constexpr std::string_view kXmpKeyword("XML:com.adobe.xmp\0", 18);
  for (const Gap& gap : gaps) {
    std::string_view rest = gap.bytes;
    while (rest.size() >= 12) {
      const size_t length = Number(rest, 0, 4, true);
      if (length > rest.size() - 12) break;
      const std::string_view type = rest.substr(4, 4);
      const std::string_view data = rest.substr(8, length);
      if (type == "eXIf") {
        AddExifBlock(ExifIn::kOther, data, facts);
      } else if (type != "iTXt" || !data.starts_with(kXmpKeyword)) {
        facts->Add("chunk", type, data);
      }
      rest.remove_prefix(12 + length);
    }
    AddUnknown(rest, facts);
  }
}

void AddWebpGaps(std::span<const Gap> gaps, RestFacts* facts) {
  constexpr size_t kHead = 12;
  constexpr unsigned char kAnimated = 0x02;
  for (const Gap& gap : gaps) {
    std::string_view rest = gap.bytes;
    if (gap.at == 0) rest.remove_prefix(std::min(kHead, rest.size()));
    // Chunks begin at even places: this byte fills the one before it up.
    if (gap.at % 2 != 0) rest.remove_prefix(1);
    while (rest.size() >= 8) {
      const size_t length = Number(rest, 4, 4, false);
      if (length > rest.size() - 8) break;
      const std::string_view type = rest.substr(0, 4);
      const std::string_view data = rest.substr(8, length);
      if (type == "EXIF") {
        // Some writers put the head of a JPEG segment in front.
        AddExifBlock(ExifIn::kOther,
                     data.starts_with(kExifHead) ? data.substr(kExifHead.size()) : data, facts);
      } else if (type == "VP8X") {
        // Of a still picture it says nothing that the picture itself does not; the other flags say
        // which metadata there is.
        const bool animated = data.size() == 10 && (data[0] & kAnimated) != 0;
        if (animated || data.size() != 10) facts->Add("canvas", "", data.substr(4));
      } else if (type != "XMP ") {
        facts->Add("chunk", type, data);
      }
      rest.remove_prefix(std::min(8 + (length + 1) / 2 * 2, rest.size()));
    }
    AddUnknown(rest, facts);
  }
}

void AddIptc(std::string_view iptc, RestFacts* facts) {
  const std::optional<std::vector<IptcDataSet>> sets = IptcDataSetsOf(iptc);
  if (!sets) return facts->Add("broken iptc", "", iptc);
  // Record and number (IIM) of what programs that write a keyword add of themselves: versions of
  // the two records, and the name and version of the program.
  constexpr std::array<std::pair<uint8_t, uint8_t>, 4> kOfPrograms = {
      {{1, 0}, {2, 0}, {2, 65}, {2, 70}}};
  bool ascii = true;
  std::string_view character_set;
  for (const IptcDataSet& set : *sets) {
    const std::pair<uint8_t, uint8_t> id = {set.record, set.number};
    if (set.IsKeyword()) continue;
    if (std::find(kOfPrograms.begin(), kOfPrograms.end(), id) != kOfPrograms.end()) continue;
    if (set.record == 1 && set.number == 90) {
      character_set = set.value;
      continue;
    }
    ascii = ascii && IsAscii(set.value);
    facts->Add("iptc", set.all.substr(1, 2), set.value);
  }
  // For keywords alone it is put in with them.
  if (!ascii) facts->Add("iptc", "character set", character_set);
}

void AddPhotoshop(std::string_view resources, bool in_step, RestFacts* facts) {
  constexpr uint32_t kIptc = 0x0404;
  constexpr uint32_t kIptcDigest = 0x0425;
  while (resources.starts_with("8BIM") && resources.size() >= 12) {
    const uint32_t id = Number(resources, 4, 2, true);
    const size_t name = (static_cast<unsigned char>(resources[6]) + 2u) / 2 * 2;
    const size_t begin = 6 + name + 4;
    if (resources.size() < begin) break;
    const size_t size = Number(resources, 6 + name, 4, true);
    if (size > resources.size() - begin) break;
    const std::string_view data = resources.substr(begin, size);
    if (id == kIptc && in_step) {
      AddIptc(data, facts);
    } else if (id != kIptcDigest) {
      facts->Add("photoshop", resources.substr(4, 2 + name), data);
    }
    resources.remove_prefix(std::min(begin + (size + 1) / 2 * 2, resources.size()));
  }
  if (resources.find_first_not_of('\0') != std::string_view::npos) {
    facts->Add("photoshop", "", resources);
  }
}

}  // namespace syncline::images
