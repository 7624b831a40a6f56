#include "plugins/images/metadata_text.h"

#include <cstdint>

namespace syncline::images {
namespace {

// U+0080 to U+009F are controls too, in two bytes of UTF-8.
bool IsControl(std::string_view letter) {
  const auto first = static_cast<unsigned char>(letter[0]);
  if (letter.size() == 1) return first < 0x20 || first == 0x7F;
  return letter.size() == 2 && first == 0xC2 && static_cast<unsigned char>(letter[1]) < 0xA0;
}

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const size_t length = LetterLength(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string FromLatin1(std::string_view text) {
  std::string utf8;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      utf8 += c;
    } else {
      utf8 += static_cast<char>(0xC0 | (byte >> 6));
      utf8 += static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
  return utf8;
}

}  // namespace

size_t LetterLength(std::string_view text) {
  if (text.empty()) return 0;
  const auto at = [&](size_t i) { return static_cast<uint32_t>(static_cast<uint8_t>(text[i])); };
  const uint32_t first = at(0);
  if (first < 0x80) return 1;
  const size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  uint32_t letter = first & (0x7FU >> length);
  for (size_t i = 1; i < length; ++i) {
    if ((at(i) & 0xC0) != 0x80) return 0;
    letter = letter << 6 | (at(i) & 0x3F);
  }
  if (length == 3 && (letter < 0x800 || (letter >= 0xD800 && letter < 0xE000))) return 0;
  if (length == 4 && (letter < 0x10000 || letter > 0x10FFFF)) return 0;
  return length;
}

std::string CleanText(std::string_view text, size_t limit) {
  text = text.substr(0, text.find('\0'));
  // Latin-1 at most doubles it, so nothing is lost that could be shown.
  const bool shortened = text.size() > 4 * limit;
  if (shortened) {
    text = text.substr(0, 4 * limit);
    // The cut must not make of good UTF-8 what is none.
    for (size_t back = 1; back < 4 && back < text.size(); ++back) {
      const auto byte = static_cast<unsigned char>(text[text.size() - back]);
      if (byte < 0x80) break;
      if (byte >= 0xC0) {
        if (LetterLength(text.substr(text.size() - back)) == 0) text.remove_suffix(back);
        break;
      }
    }
  }
  const std::string utf8 = IsUtf8(text) ? std::string(text) : FromLatin1(text);
  std::string clean;
  bool blank = false;
  bool cut = shortened;
  std::string_view rest = utf8;
  while (!rest.empty()) {
    const std::string_view letter = rest.substr(0, LetterLength(rest));
    rest.remove_prefix(letter.size());
    if (letter == " " || IsControl(letter)) {
      blank = true;
      continue;
    }
    const size_t space = blank && !clean.empty() ? 1 : 0;
    if (clean.size() + space + letter.size() > limit) {
      cut = true;
      break;
    }
    if (space == 1) clean += ' ';
    clean += letter;
    blank = false;
  }
  if (cut) clean += "...";
  return clean;
}

}  // namespace syncline::images
