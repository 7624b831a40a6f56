// Bytes as text for people.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/strings/str_format.h"
#include "host/protocol/messages.h"

namespace syncline::protocol {
namespace {

// Length of the well-formed UTF-8 sequence at the start of bytes (Unicode 15, table 3-7), or 0.
size_t SequenceLength(std::string_view bytes) {
  const auto at = [bytes](size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned char first = at(0);
  if (first < 0x80) return 1;
  const size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || bytes.size() < length) return 0;
  const unsigned char low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  const unsigned char high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  if (at(1) < low || at(1) > high) return 0;
  for (size_t i = 2; i < length; ++i) {
    if (at(i) < 0x80 || at(i) > 0xbf) return 0;
  }
  return length;
}

// Control characters, and those that break a line or turn its direction: a file's name could
// otherwise make a terminal show another line than the one printed.
bool IsUnsafe(std::string_view sequence) {
  const auto first = static_cast<unsigned char>(sequence[0]);
  if (sequence.size() == 1) return first < 0x20 || first == 0x7f;
  if (sequence.size() == 2) {  // U+0080..U+009F
    return first == 0xc2 && static_cast<unsigned char>(sequence[1]) < 0xa0;
  }
  return (sequence >= "\u2028" && sequence <= "\u202e") ||
         (sequence >= "\u2066" && sequence <= "\u2069");
}

}  // namespace

bool IsUtf8(std::string_view bytes) {
  while (!bytes.empty()) {
    const size_t length = SequenceLength(bytes);
    if (length == 0) return false;
    bytes.remove_prefix(length);
  }
  return true;
}

std::string DisplayText(std::string_view bytes) {
  std::string plain;  // as it is
  std::string escaped;
  bool must_escape = false;
  while (!bytes.empty()) {
    const size_t length = SequenceLength(bytes);
    const std::string_view sequence = bytes.substr(0, length == 0 ? 1 : length);
    bytes.remove_prefix(sequence.size());
    plain += sequence;
    if (length == 0 || IsUnsafe(sequence)) {
      must_escape = true;
      if (sequence == "\n") {
        escaped += "\\n";
        continue;
      }
      for (const char c : sequence) {
        absl::StrAppendFormat(&escaped, "\\x%02X", static_cast<unsigned char>(c));
      }
    } else {
      escaped += sequence;
      if (sequence == "\\") escaped += '\\';
    }
  }
  return must_escape ? escaped : plain;
}

}  // namespace syncline::protocol
