// How many columns text takes in a terminal. wcwidth(3) would need the process's locale set, which
// is global, and differs between systems; this table is the part of Unicode 15 that matters for
// aligning: East Asian Width W and F, emoji, and marks that take no column of their own.
#include <array>
#include <cstdint>

#include "host/cli/text.h"

namespace syncline::cli {
namespace {

struct Range {
  uint32_t first, last;
};

constexpr std::array<Range, 37> kWide = {{
    {0x1100, 0x115f},   {0x231a, 0x231b},   {0x2329, 0x232a}, {0x23e9, 0x23ec}, {0x23f0, 0x23f0},
    {0x23f3, 0x23f3},   {0x25fd, 0x25fe},   {0x2614, 0x2615}, {0x2648, 0x2653}, {0x267f, 0x267f},
    {0x2693, 0x2693},   {0x26a1, 0x26a1},   {0x26aa, 0x26ab}, {0x26bd, 0x26be}, {0x26c4, 0x26c5},
    {0x26ce, 0x26ce},   {0x26d4, 0x26d4},   {0x26ea, 0x26ea}, {0x26f2, 0x26f5}, {0x26fa, 0x26fd},
    {0x2705, 0x2705},   {0x270a, 0x270b},   {0x2728, 0x2728}, {0x274c, 0x274e}, {0x2753, 0x2757},
    {0x2795, 0x2797},   {0x2b1b, 0x2b1c},   {0x2e80, 0x303e}, {0x3041, 0xa4cf}, {0xa960, 0xa97c},
    {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f}, {0xff00, 0xff60}, {0xffe0, 0xffe6},
    {0x1f300, 0x1faff}, {0x20000, 0x3fffd},
}};

constexpr std::array<Range, 20> kNoWidth = {{
    {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x0610, 0x061a}, {0x064b, 0x065f},
    {0x06d6, 0x06dc}, {0x0900, 0x0902}, {0x093c, 0x093c}, {0x0941, 0x0948}, {0x094d, 0x094d},
    {0x0e31, 0x0e31}, {0x0e34, 0x0e3a}, {0x0e47, 0x0e4e}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff},
    {0x200b, 0x200f}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xe0100, 0xe01ef},
}};

template <size_t n>
constexpr bool In(const std::array<Range, n>& ranges, uint32_t c) {
  for (const Range& range : ranges) {
    if (c >= range.first && c <= range.last) return true;
  }
  return false;
}

// Takes one character off the front of text and tells its columns. Text that is no UTF-8 counts a
// column for each byte, as terminals show it.
struct Character {
  std::string_view bytes;
  int width;
};
Character Next(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  uint32_t code = length == 4   ? lead & 7u
                  : length == 3 ? lead & 15u
                  : length == 2 ? lead & 31u
                                : lead;
  if (length > text.size()) return {text.substr(0, 1), 1};
  for (size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0) != 0x80) return {text.substr(0, 1), 1};
    code = code << 6 | (byte & 0x3f);
  }
  const int width = code < 0x300 ? 1 : In(kNoWidth, code) ? 0 : In(kWide, code) ? 2 : 1;
  return {text.substr(0, length), width};
}

}  // namespace

int DisplayWidth(std::string_view text) {
  int width = 0;
  while (!text.empty()) {
    const Character c = Next(text);
    width += c.width;
    text.remove_prefix(c.bytes.size());
  }
  return width;
}

std::string CutMiddle(std::string_view text, int width) {
  if (DisplayWidth(text) <= width) return std::string(text);
  if (width <= 0) return "";
  if (width == 1) return "…";
  // The end says more than the start: it holds the file's own name.
  const int head_width = (width - 1) / 3;
  const int tail_width = width - 1 - head_width;
  std::string head;
  std::vector<Character> characters;
  int used = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const Character c = Next(rest);
    rest.remove_prefix(c.bytes.size());
    characters.push_back(c);
  }
  for (const Character& c : characters) {
    if (used + c.width > head_width) break;
    head += c.bytes;
    used += c.width;
  }
  size_t tail_start = text.size();
  int tail_used = 0;
  for (size_t i = characters.size(); i-- > 0;) {
    if (tail_used + characters[i].width > tail_width) break;
    tail_used += characters[i].width;
    tail_start -= characters[i].bytes.size();
  }
  return head + "…" + std::string(text.substr(tail_start));
}

std::string CutEnd(std::string_view text, int width) {
  if (DisplayWidth(text) <= width) return std::string(text);
  std::string cut;
  int used = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const Character c = Next(rest);
    if (used + c.width > width - 1) break;
    cut += c.bytes;
    used += c.width;
    rest.remove_prefix(c.bytes.size());
  }
  return width > 0 ? cut + "…" : "";
}

std::string Fit(std::string_view text, int width) {
  std::string fitted = CutMiddle(text, width);
  const int missing = width - DisplayWidth(fitted);
  if (missing > 0) fitted.append(static_cast<size_t>(missing), ' ');
  return fitted;
}

}  // namespace syncline::cli
