// What the tests of pictures share.
#ifndef SYNCLINE_TESTS_UNIT_IMAGES_PIECES_H_
#define SYNCLINE_TESTS_UNIT_IMAGES_PIECES_H_

#include <string>

#include "plugins/images/bytes.h"
#include "plugins/images/fingerprint.h"
#include "plugins/images/formats.h"
#include "plugins/images/picture_data.h"
#include "plugins/images/sniff.h"
#include "tests/support/pictures.h"
#include "tests/support/raw_pictures.h"

namespace syncline::images {

inline Format SniffText(const std::string& bytes) {
  MemoryBytes file(bytes);
  return Sniff(file).value();
}

inline PictureData DataOf(Format format, const std::string& bytes) {
  MemoryBytes file(bytes);
  return FindPictureData(format, file).value();
}

inline PictureData DataOf(const std::string& bytes) { return DataOf(SniffText(bytes), bytes); }

// The digest of the picture that the bytes are.
inline std::string DigestOf(const std::string& bytes) {
  MemoryBytes file(bytes);
  return Digest(file, DataOf(bytes), nullptr).value();
}

inline std::string FingerprintOf(const std::string& bytes) {
  MemoryBytes file(bytes);
  return Identify(SniffText(bytes), file).value().fingerprint;
}

// A big-endian number of width bytes.
inline std::string Number(uint64_t value, int width) {
  std::string bytes;
  for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
    bytes += static_cast<char>(value >> shift & 0xFF);
  }
  return bytes;
}

// An ISO base media box (ISO 14496-12, 4.2).
inline std::string BoxOf(const std::string& type, const std::string& payload) {
  return Number(payload.size() + 8, 4) + type + payload;
}

// A name that GoogleTest takes for a test.
inline std::string TestName(const std::string& name) {
  std::string plain;
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter) plain.push_back(c);
  }
  return plain;
}

}  // namespace syncline::images

#endif  // SYNCLINE_TESTS_UNIT_IMAGES_PIECES_H_
