// Writing raws as their makers do.
#include "tests/support/raw_pictures.h"

#include <algorithm>
#include <random>
#include <utility>

#include "tests/support/pictures.h"
#include "tests/support/scratch.h"

namespace syncline::testing {
namespace {

constexpr uint32_t kWidth = 64;
constexpr uint32_t kHeight = 48;

// TIFF 6.0 and TIFF/EP (ISO 12234-2).
constexpr uint16_t kNewSubfileType = 254;
constexpr uint16_t kCompression = 259;
constexpr uint16_t kPhotometric = 262;
constexpr uint16_t kMake = 271;
constexpr uint16_t kModel = 272;
constexpr uint16_t kStripOffsets = 273;
constexpr uint16_t kStripByteCounts = 279;
constexpr uint16_t kSubDirectories = 330;
constexpr uint16_t kJpegPlace = 513;
constexpr uint16_t kJpegLength = 514;
constexpr uint16_t kDngVersion = 0xC612;

constexpr uint16_t kByte = 1;
constexpr uint16_t kAscii = 2;
constexpr uint16_t kShort = 3;
constexpr uint16_t kLong = 4;

class TiffWriter {
 public:
  explicit TiffWriter(const TiffStyle& style) : style_(style) {
    bytes_ = style.big_endian ? "MM" : "II";
    bytes_ += Number(style.magic, 2) + Number(8 + style.after_head.size(), 4) + style.after_head;
  }

  std::string Write(const std::vector<TiffPage>& pages) {
    for (size_t i = 0; i < pages.size(); ++i) {
      const size_t next = WritePage(pages[i]);
      if (i + 1 < pages.size()) Patch(next, bytes_.size());
    }
    return std::move(bytes_);
  }

 private:
  std::string Number(uint64_t number, int width) const {
    return style_.big_endian ? Big(number, width) : Little(number, width);
  }

  void Patch(size_t at, uint64_t number) { bytes_.replace(at, 4, Number(number, 4)); }

  // Appends what a directory points to, at an even place; gives that place.
  uint32_t Append(std::string_view data) {
    if (bytes_.size() % 2 != 0) bytes_.push_back('\0');
    const size_t at = bytes_.size();
    bytes_ += data;
    return static_cast<uint32_t>(at);
  }

  // Gives the place of the pointer to the next directory. The page's own data follows it, then the
  // inner directories.
  size_t WritePage(const TiffPage& page) {
    std::vector<TiffField> fields = page.fields;
    const auto number = [](uint32_t value) { return std::vector<uint32_t>{value}; };
    if (!page.pixels.empty()) {
      fields.push_back({kStripOffsets, kLong, number(0), ""});
      fields.push_back(
          {kStripByteCounts, kLong, number(static_cast<uint32_t>(page.pixels.size())), ""});
    }
    if (!page.preview.empty()) {
      fields.push_back({kJpegPlace, kLong, number(0), ""});
      fields.push_back(
          {kJpegLength, kLong, number(static_cast<uint32_t>(page.preview.size())), ""});
    }
    if (!page.inner.empty()) {
      fields.push_back({kSubDirectories, kLong, std::vector<uint32_t>(page.inner.size()), ""});
    }
    std::sort(fields.begin(), fields.end(),
              [](const TiffField& a, const TiffField& b) { return a.tag < b.tag; });

    const size_t start = bytes_.size();
    const size_t next = start + 2 + 12 * fields.size();
    bytes_ += Number(fields.size(), 2) + std::string(next + 4 - bytes_.size() - 2, '\0');
    for (size_t i = 0; i < fields.size(); ++i) WriteField(page, fields[i], start + 2 + 12 * i);
    return next;
  }

  void WriteField(const TiffPage& page, const TiffField& field, size_t at) {
    const bool text = !field.text.empty();
    const uint16_t type = text ? kAscii : field.type;
    const int width = type == kByte ? 1 : type == kShort ? 2 : 4;
    std::string values = text ? field.text + '\0' : "";
    for (const uint32_t value : field.numbers) values += Number(value, width);
    const size_t count = text ? values.size() : field.numbers.size();
    bytes_.replace(at, 8, Number(field.tag, 2) + Number(type, 2) + Number(count, 4));
    size_t values_at = at + 8;
    if (values.size() > 4) {
      values_at = Append(values);
      Patch(at + 8, values_at);
    } else {
      bytes_.replace(at + 8, values.size(), values);
    }
    if (field.tag == kStripOffsets && !page.pixels.empty()) Patch(values_at, Append(page.pixels));
    if (field.tag == kJpegPlace && !page.preview.empty()) Patch(values_at, Append(page.preview));
    if (field.tag != kSubDirectories || page.inner.empty()) return;
    for (size_t i = 0; i < page.inner.size(); ++i) {
      Patch(values_at + 4 * i, Append(""));
      WritePage(page.inner[i]);
    }
  }

  const TiffStyle style_;
  std::string bytes_;
};

TiffField Short(uint16_t tag, uint32_t value) { return {tag, kShort, {value}, ""}; }

TiffField Text(uint16_t tag, const std::string& text) { return {tag, kAscii, {}, text}; }

// What every picture in a TIFF says of itself.
std::vector<TiffField> Picture(uint32_t compression, uint32_t photometric, uint32_t kind) {
  return {{kNewSubfileType, kLong, {kind}, ""},
          {256, kLong, {kWidth}, ""},
          {257, kLong, {kHeight}, ""},
          Short(258, 8),
          Short(kCompression, compression),
          Short(kPhotometric, photometric),
          Short(277, 1),
          {278, kLong, {kHeight}, ""}};
}

std::vector<TiffField> With(std::vector<TiffField> fields, const std::vector<TiffField>& more) {
  fields.insert(fields.end(), more.begin(), more.end());
  return fields;
}

std::string SensorData(int seed) { return Noise(seed, size_t{kWidth} * kHeight); }

const std::string& Preview() { return PictureBytes(PictureKind::kJpeg, 1); }

// A preview in the first directory, the sensor data in one inside it: as Nikon, Sony and DNG do.
std::string Usual(const std::string& make, const std::string& model, uint32_t compression,
                  const std::vector<TiffField>& more, const TiffStyle& style, int seed) {
  constexpr uint32_t kReduced = 1;
  constexpr uint32_t kColorFilterArray = 32803;
  TiffPage raw{Picture(compression, kColorFilterArray, 0), SensorData(seed), "", {}};
  TiffPage small{{{kNewSubfileType, kLong, {kReduced}, ""}}, "", Preview(), {}};
  TiffPage first{
      With(Picture(1, 2, kReduced), With({Text(kMake, make), Text(kModel, model)}, more)),
      std::string(kWidth * kHeight, 'p'),
      "",
      {small, raw}};
  return TiffBytes(style, {first});
}

std::string Cr2(int seed) {
  // CR, version 2.0, and the place of the sensor data's directory, which is not looked at.
  TiffStyle style;
  style.after_head = std::string("CR\2\0", 4) + Little(0, 4);
  TiffPage first{{Short(kCompression, 6), Text(kMake, "Canon"), Text(kModel, "Canon EOS 5D")},
                 Preview(),
                 "",
                 {}};
  TiffPage thumbnail{{}, "", Preview(), {}};
  TiffPage raw{{Short(kCompression, 6)}, SensorData(seed), "", {}};
  return TiffBytes(style, {first, thumbnail, raw});
}

// The sensor data in the first directory itself, as Olympus and Pentax do.
std::string InFirst(const std::string& make, const std::string& model, uint32_t photometric,
                    const TiffStyle& style, int seed) {
  TiffPage first{With(Picture(1, photometric, 0), {Text(kMake, make), Text(kModel, model)}),
                 SensorData(seed),
                 "",
                 {}};
  TiffPage thumbnail{{}, "", Preview(), {}};
  return TiffBytes(style, {first, thumbnail});
}

std::string Rw2(int seed) {
  TiffStyle style;
  style.magic = 0x55;
  style.after_head = Noise(77, 16);  // an id of the format
  const auto with_place = [&](uint32_t place) {
    TiffPage first{{Short(2, kWidth),
                    Short(3, kHeight),
                    Text(kMake, "Panasonic"),
                    Text(kModel, "DMC-G1"),
                    {kStripOffsets, kLong, {0xFFFFFFFF}, ""},
                    {kStripByteCounts, kLong, {kWidth * kHeight}, ""},
                    {0x118, kLong, {place}, ""}},
                   "",
                   "",
                   {}};
    std::string bytes = TiffBytes(style, {first});
    bytes.resize(2048);
    return bytes;
  };
  return with_place(2048) + SensorData(seed);
}

std::string Raf(int seed) {
  const std::string tags = Big(0, 4);  // none
  const std::string& jpeg = Preview();
  constexpr size_t kJpegAt = 0x94;
  const size_t tags_at = kJpegAt + (jpeg.size() + 3) / 4 * 4;
  const size_t sensor_at = tags_at + 16;
  const std::string sensor = SensorData(seed);
  std::string bytes = "FUJIFILMCCD-RAW 0201FF383501FinePix X100";
  bytes.resize(60);
  bytes += "0100";
  bytes.resize(84);
  for (const uint64_t number :
       {kJpegAt, jpeg.size(), tags_at, tags.size(), sensor_at, sensor.size()}) {
    bytes += Big(number, 4);
  }
  bytes.resize(kJpegAt);
  bytes += jpeg;
  bytes.resize(tags_at);
  bytes += tags;
  bytes.resize(sensor_at);
  return bytes + sensor;
}

std::string Cr3(int seed) {
  const std::string first =
      TiffBytes({}, {TiffPage{{Text(kMake, "Canon"), Text(kModel, "Canon EOS R5")}, "", "", {}}});
  const std::string canon = std::string(
                                "\x85\xC0\xB6\x87\x82\x0F\x11\xE0\x81\x11\xF4\xCE\x46\x2B"
                                "\x6A\x48",
                                16) +
                            BoxBytes("CMT1", first);
  return BoxBytes("ftyp", "crx " + Big(1, 4) + "crx isom") +
         BoxBytes("moov", BoxBytes("uuid", canon)) + BoxBytes("mdat", SensorData(seed));
}

struct RawInfo {
  RawKind kind;
  const char* name;
  const char* extension;
};
constexpr RawInfo kRaws[] = {
    {RawKind::kDng, "DNG", "dng"}, {RawKind::kCr2, "CR2", "cr2"}, {RawKind::kCr3, "CR3", "cr3"},
    {RawKind::kNef, "NEF", "nef"}, {RawKind::kArw, "ARW", "arw"}, {RawKind::kOrf, "ORF", "orf"},
    {RawKind::kRw2, "RW2", "rw2"}, {RawKind::kRaf, "RAF", "raf"}, {RawKind::kPef, "PEF", "pef"}};

}  // namespace

const std::vector<RawKind>& AllRawKinds() {
  static const std::vector<RawKind> kinds = [] {
    std::vector<RawKind> all;
    for (const RawInfo& raw : kRaws) all.push_back(raw.kind);
    return all;
  }();
  return kinds;
}

std::string NameOf(RawKind kind) { return kRaws[static_cast<size_t>(kind)].name; }

std::string ExtensionOf(RawKind kind) { return kRaws[static_cast<size_t>(kind)].extension; }

std::string RawBytes(RawKind kind, int seed) {
  TiffStyle big;
  big.big_endian = true;
  TiffStyle olympus;
  olympus.magic = 0x4F52;
  switch (kind) {
    case RawKind::kDng:
      return Usual("Leica", "M10", 1, {{kDngVersion, kByte, {1, 4, 0, 0}, ""}}, {}, seed);
    case RawKind::kCr2:
      return Cr2(seed);
    case RawKind::kCr3:
      return Cr3(seed);
    case RawKind::kNef:
      return Usual("NIKON CORPORATION", "NIKON D70", 34713, {}, big, seed);
    case RawKind::kArw:
      return Usual("SONY", "ILCE-7", 32767, {}, {}, seed);
    case RawKind::kOrf:
      return InFirst("OLYMPUS CORPORATION", "E-1", 1, olympus, seed);
    case RawKind::kRw2:
      return Rw2(seed);
    case RawKind::kRaf:
      return Raf(seed);
    case RawKind::kPef:
      return InFirst("PENTAX Corporation", "PENTAX K10D", 32803, big, seed);
  }
  return "";
}

void MakeRaw(RawKind kind, int seed, const std::string& path) {
  Tree("/").Write(path.substr(1), RawBytes(kind, seed));
}

std::string Noise(int seed, size_t length) {
  std::mt19937 random(static_cast<uint32_t>(seed));
  std::string noise(length, '\0');
  for (char& byte : noise) byte = static_cast<char>(random());
  return noise;
}

std::string TiffBytes(const TiffStyle& style, const std::vector<TiffPage>& pages) {
  return TiffWriter(style).Write(pages);
}

std::string BoxBytes(std::string_view type, std::string_view payload) {
  return Big(8 + payload.size(), 4) + std::string(type) + std::string(payload);
}

std::string Big(uint64_t number, int width) {
  std::string bytes = Little(number, width);
  std::reverse(bytes.begin(), bytes.end());
  return bytes;
}

std::string Little(uint64_t number, int width) {
  std::string bytes;
  for (int i = 0; i < width; ++i) bytes.push_back(static_cast<char>(number >> (8 * i)));
  return bytes;
}

}  // namespace syncline::testing
