// Letter case and white space of ASCII, which is all that the grammar's own words know (RFC 6350,
// 3.3; RFC 5545, 2). Inside content_lines only.
#ifndef SYNCLINE_PLUGINS_CONTENT_LINES_WORDS_H_
#define SYNCLINE_PLUGINS_CONTENT_LINES_WORDS_H_

#include <string>
#include <string_view>

namespace syncline::content_lines {

inline char Upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }
inline char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

inline std::string Upper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) c = Upper(c);
  return upper;
}

inline std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = Lower(c);
  return lower;
}

inline bool EqualWords(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (Upper(a[i]) != Upper(b[i])) return false;
  }
  return true;
}

inline bool IsSpace(char c) { return c == ' ' || c == '\t'; }
inline bool IsLineEnd(char c) { return c == '\r' || c == '\n'; }

inline std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && (IsSpace(text.front()) || IsLineEnd(text.front()))) text.remove_prefix(1);
  while (!text.empty() && (IsSpace(text.back()) || IsLineEnd(text.back()))) text.remove_suffix(1);
  return text;
}

// Whether the word stands anywhere in text, in any letter case. word: upper case.
inline bool HasWord(std::string_view text, std::string_view word) {
  for (size_t i = 0; i + word.size() <= text.size(); ++i) {
    if (EqualWords(text.substr(i, word.size()), word)) return true;
  }
  return false;
}

// The line end that text begins with at this place, or nothing.
inline std::string_view LineEndAt(std::string_view text, size_t at) {
  if (at >= text.size() || !IsLineEnd(text[at])) return {};
  const bool pair = text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n';
  return text.substr(at, pair ? 2 : 1);
}

}  // namespace syncline::content_lines

#endif  // SYNCLINE_PLUGINS_CONTENT_LINES_WORDS_H_
