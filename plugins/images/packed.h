// Numbers and texts one after the other in one text, for the provider's memory and its journal.
#ifndef SYNCLINE_PLUGINS_IMAGES_PACKED_H_
#define SYNCLINE_PLUGINS_IMAGES_PACKED_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace syncline::images {

// Eight bytes, little-endian.
inline void AppendNumber(uint64_t value, std::string* out) {
  for (int i = 0; i < 8; ++i) out->push_back(static_cast<char>(value >> (8 * i)));
}

// Behind its length, which takes one byte for each seven bits (LEB128).
inline void AppendText(std::string_view text, std::string* out) {
  uint64_t size = text.size();
  for (; size >= 0x80; size >>= 7) out->push_back(static_cast<char>(size | 0x80));
  out->push_back(static_cast<char>(size));
  out->append(text);
}

// Reads it back; from the first damage on everything is empty.
class Unpacker {
 public:
  explicit Unpacker(std::string_view packed) : rest_(packed) {}

  uint64_t Number() {
    if (rest_.size() < 8) return Fail();
    uint64_t value = 0;
    for (int i = 0; i < 8; ++i) {
      value |= static_cast<uint64_t>(static_cast<unsigned char>(rest_[i])) << (8 * i);
    }
    rest_.remove_prefix(8);
    return value;
  }
  std::string_view Text() {
    uint64_t size = 0;
    for (int shift = 0;; shift += 7) {
      if (rest_.empty() || shift > 56) return Failed();
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      size |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) break;
    }
    if (size > rest_.size()) return Failed();
    const std::string_view text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return text;
  }
  bool empty() const { return rest_.empty(); }
  bool good() const { return good_; }
  // All of it was read.
  bool done() const { return good_ && rest_.empty(); }

 private:
  uint64_t Fail() {
    good_ = false;
    rest_ = {};
    return 0;
  }
  std::string_view Failed() {
    Fail();
    return {};
  }

  std::string_view rest_;
  bool good_ = true;
};

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_PACKED_H_
