// Values: escapes, lists and structures of RFC 6350 (3.4) and RFC 5545 (3.3.11), and the encodings
// of vCard 2.1 (quoted-printable, base64, charsets).
#ifndef SYNCLINE_PLUGINS_CONTENT_LINES_VALUE_H_
#define SYNCLINE_PLUGINS_CONTENT_LINES_VALUE_H_

#include <string>
#include <string_view>
#include <vector>

#include "plugins/content_lines/component.h"

namespace syncline::content_lines {

// Backslash escapes (\n \N \, \; \: \\) to plain text; anything else after a backslash stays as it
// is.
std::string Unescape(std::string_view value);
// Plain text to a text value.
std::string Escape(std::string_view text);
// Splits at separators that are not escaped; the parts are still escaped.
std::vector<std::string> Split(std::string_view value, char separator);

// The value with its ENCODING (quoted-printable, base64/b) and CHARSET taken off: UTF-8 for text,
// plain bytes for base64. Bytes that are not of the charset said: read as UTF-8 where they are
// valid UTF-8, else as Windows-1252, which is what exporters without a CHARSET write.
std::string Decoded(const Property& property);
// Any charset name that exporters use (UTF-8, ISO-8859-1 ... -15, Windows-125x, Shift_JIS, GB2312,
// Big5, EUC-KR, KOI8-R) to UTF-8; false: unknown name or not of that charset.
bool ToUtf8(std::string_view bytes, std::string_view charset, std::string* utf8);
bool IsUtf8(std::string_view bytes);

}  // namespace syncline::content_lines

#endif  // SYNCLINE_PLUGINS_CONTENT_LINES_VALUE_H_
