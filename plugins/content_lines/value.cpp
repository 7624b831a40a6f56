// Escapes, lists, encodings and character sets of values.
#include "plugins/content_lines/value.h"

#include <array>
#include <cstdint>

#include "plugins/content_lines/words.h"
#include "sdk/platform/charset.h"

namespace syncline::content_lines {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// RFC 2045, 6.7. "=" before anything but two hex digits stays; at the very end it is a soft line
// break with nothing behind it.
std::string FromQuotedPrintable(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') {
      bytes.push_back(text[i]);
      continue;
    }
    const int high = i + 2 < text.size() ? HexDigit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? HexDigit(text[i + 2]) : -1;
    if (high >= 0 && low >= 0) {
      bytes.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    } else if (i + 1 < text.size()) {
      bytes.push_back('=');
    }
  }
  return bytes;
}

int Base64Digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+' || c == '-') return 62;  // "-" and "_": the alphabet for URLs (RFC 4648, 5)
  if (c == '/' || c == '_') return 63;
  return -1;
}

// RFC 4648, 4; white space does not count. False: it is no base64.
bool FromBase64(std::string_view text, std::string* bytes) {
  uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    if (IsSpace(c) || IsLineEnd(c)) continue;
    if (c == '=') break;
    const int digit = Base64Digit(c);
    if (digit < 0) return false;
    bits = (bits << 6) | static_cast<uint32_t>(digit);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes->push_back(static_cast<char>((bits >> count) & 0xFF));
    }
  }
  return true;
}

// Text whose character set nobody said, or said wrongly.
std::string Guessed(std::string bytes) {
  if (IsUtf8(bytes)) return bytes;
  std::string utf8;
  if (ToUtf8(bytes, "WINDOWS-1252", &utf8)) return utf8;
  // Five bytes mean nothing in Windows-1252; Latin 1 knows every byte.
  return platform::ConvertToUtf8(bytes, "ISO-8859-1", &utf8) ? utf8 : bytes;
}

struct CharsetName {
  std::string_view said;
  std::string_view meant;
};

// Names as exporters write them, and sets for which they write the name of a smaller one: what
// calls itself GB2312, Shift_JIS or ISO-8859-1 is in practice a code page of Windows (WHATWG
// Encoding, 4.2 has the same table).
constexpr std::array<CharsetName, 26> kCharsets = {{{"UTF8", "UTF-8"},
                                                    {"ANSI", "WINDOWS-1252"},
                                                    {"ISO-8859-1", "WINDOWS-1252"},
                                                    {"ISO8859-1", "WINDOWS-1252"},
                                                    {"ISO_8859-1", "WINDOWS-1252"},
                                                    {"LATIN1", "WINDOWS-1252"},
                                                    {"LATIN-1", "WINDOWS-1252"},
                                                    {"CP1252", "WINDOWS-1252"},
                                                    {"ISO-8859-9", "WINDOWS-1254"},
                                                    {"SHIFT_JIS", "CP932"},
                                                    {"SHIFT-JIS", "CP932"},
                                                    {"SHIFTJIS", "CP932"},
                                                    {"SJIS", "CP932"},
                                                    {"X-SJIS", "CP932"},
                                                    {"MS932", "CP932"},
                                                    {"WINDOWS-31J", "CP932"},
                                                    {"GB2312", "GB18030"},
                                                    {"X-GBK", "GB18030"},
                                                    {"GBK", "GB18030"},
                                                    {"HZ-GB-2312", "HZ"},
                                                    {"BIG5", "CP950"},
                                                    {"BIG-5", "CP950"},
                                                    {"X-BIG5", "CP950"},
                                                    {"EUC-KR", "CP949"},
                                                    {"KS_C_5601-1987", "CP949"},
                                                    {"KS_C_5601", "CP949"}}};

}  // namespace

std::string Unescape(std::string_view value) {
  std::string text;
  text.reserve(value.size());
  for (size_t i = 0; i < value.size(); ++i) {
    const char next = value[i] == '\\' && i + 1 < value.size() ? value[i + 1] : '\0';
    if (next == 'n' || next == 'N') {
      text.push_back('\n');
    } else if (next == ',' || next == ';' || next == ':' || next == '\\') {
      text.push_back(next);
    } else {
      text.push_back(value[i]);
      continue;
    }
    ++i;
  }
  return text;
}

std::string Escape(std::string_view text) {
  std::string value;
  value.reserve(text.size() + 8);
  for (size_t i = 0; i < text.size(); ++i) {
    if (const std::string_view end = LineEndAt(text, i); !end.empty()) {
      value.append("\\n");
      i += end.size() - 1;
      continue;
    }
    if (text[i] == '\\' || text[i] == ',' || text[i] == ';') value.push_back('\\');
    value.push_back(text[i]);
  }
  return value;
}

std::vector<std::string> Split(std::string_view value, char separator) {
  std::vector<std::string> parts;
  size_t start = 0;
  for (size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '\\') {
      ++i;
    } else if (value[i] == separator) {
      parts.emplace_back(value.substr(start, i - start));
      start = i + 1;
    }
  }
  parts.emplace_back(value.substr(start));
  return parts;
}

std::string Decoded(const Property& property) {
  std::string bytes = property.value;
  // Most properties have no parameters, and most calls are for those.
  if (property.parameters.empty()) return Guessed(std::move(bytes));
  const std::vector<std::string> encodings = property.Values("ENCODING");
  if (!encodings.empty()) {
    const std::string_view encoding = Trimmed(encodings.front());
    if (EqualWords(encoding, "QUOTED-PRINTABLE")) {
      bytes = FromQuotedPrintable(bytes);
    } else if (EqualWords(encoding, "B") || EqualWords(encoding, "BASE64")) {
      std::string plain;
      return FromBase64(bytes, &plain) ? plain : bytes;
    }
  }
  const std::vector<std::string> charsets = property.Values("CHARSET");
  std::string utf8;
  if (!charsets.empty() && ToUtf8(bytes, charsets.front(), &utf8)) return utf8;
  return Guessed(std::move(bytes));
}

bool ToUtf8(std::string_view bytes, std::string_view charset, std::string* utf8) {
  std::string name = Upper(Trimmed(charset));
  for (const CharsetName& one : kCharsets) {
    if (one.said == name) {
      name = std::string(one.meant);
      break;
    }
  }
  if (name == "UTF-8") {
    if (!IsUtf8(bytes)) return false;
    *utf8 = std::string(bytes);
    return true;
  }
  if (platform::ConvertToUtf8(bytes, name, utf8)) return true;
  // The Windows page leaves out some bytes that the set said has.
  return name != Upper(Trimmed(charset)) &&
         platform::ConvertToUtf8(bytes, Upper(Trimmed(charset)), utf8);
}

bool IsUtf8(std::string_view bytes) {
  for (size_t i = 0; i < bytes.size();) {
    const auto lead = static_cast<unsigned char>(bytes[i]);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || bytes.size() - i < length) return false;
    for (size_t k = 1; k < length; ++k) {
      if ((static_cast<unsigned char>(bytes[i + k]) & 0xC0) != 0x80) return false;
    }
    // Table 3-7 of the Unicode standard: no overlong forms, no surrogates, nothing above 10FFFF.
    const auto second = static_cast<unsigned char>(bytes[i + 1]);
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
        (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) {
      return false;
    }
    i += length;
  }
  return true;
}

}  // namespace syncline::content_lines
