// Small raws of every maker for tests, for which there is no encoder: the structure that the maker
// gives them, around noise instead of sensor data. exiftool takes them for what they are, and
// writes metadata into them.
//
//   std::string bytes = RawBytes(RawKind::kNef, 1);
#ifndef SYNCLINE_TESTS_SUPPORT_RAW_PICTURES_H_
#define SYNCLINE_TESTS_SUPPORT_RAW_PICTURES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace syncline::testing {

enum class RawKind { kDng, kCr2, kCr3, kNef, kArw, kOrf, kRw2, kRaf, kPef };
const std::vector<RawKind>& AllRawKinds();
std::string NameOf(RawKind kind);       // "DNG"; what exiftool calls it
std::string ExtensionOf(RawKind kind);  // without the dot, in lower case

// Another seed gives other sensor data. Needs the encoder of PictureKind::kJpeg for the preview.
std::string RawBytes(RawKind kind, int seed);
// The same, written to path, whose folder exists.
void MakeRaw(RawKind kind, int seed, const std::string& path);

// length bytes without any pattern, by the seed.
std::string Noise(int seed, size_t length);

// ---- TIFF, piece by piece
// ---------------------------------------------------------------------------

struct TiffField {
  uint16_t tag = 0;
  uint16_t type = 4;              // 1: BYTE, 3: SHORT, 4: LONG; of a text it is ASCII
  std::vector<uint32_t> numbers;  // or a text
  std::string text;
};

// A directory. Its entries are sorted by their tags when it is written.
struct TiffPage {
  std::vector<TiffField> fields;
  std::string pixels;   // one strip; empty: none
  std::string preview;  // a JPEG, by JPEGInterchangeFormat; empty: none
  std::vector<TiffPage> inner;
};

struct TiffStyle {
  bool big_endian = false;
  uint16_t magic = 42;
  std::string after_head;  // between the 8 bytes of the head and the first directory
};

// Directories one after the other, each followed by what it points to.
std::string TiffBytes(const TiffStyle& style, const std::vector<TiffPage>& pages);

// The box with its length and four letters.
std::string BoxBytes(std::string_view type, std::string_view payload);
// A number of that many bytes.
std::string Big(uint64_t number, int width);
std::string Little(uint64_t number, int width);

}  // namespace syncline::testing

#endif  // SYNCLINE_TESTS_SUPPORT_RAW_PICTURES_H_
