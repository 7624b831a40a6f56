#include "plugins/images/date_text.h"

#include <cstddef>

#include "absl/strings/ascii.h"

namespace syncline::images {
namespace {

constexpr int kMaxEast = 14 * 60;  // Line Islands
constexpr int kMaxWest = 12 * 60;  // Baker Island

std::string_view Trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == '\0' || absl::ascii_isspace(c); };
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  return text;
}

// Takes what it reads from the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool done() const { return text_.empty(); }
  std::string_view rest() const { return text_; }

  // Exactly this many digits, or -1.
  int Number(size_t digits) {
    if (text_.size() < digits) return -1;
    int number = 0;
    for (size_t i = 0; i < digits; ++i) {
      if (!absl::ascii_isdigit(text_[i])) return -1;
      number = number * 10 + (text_[i] - '0');
    }
    text_.remove_prefix(digits);
    return number;
  }

  bool AnyOf(std::string_view characters) {
    if (text_.empty() || characters.find(text_.front()) == std::string_view::npos) return false;
    text_.remove_prefix(1);
    return true;
  }

  std::string_view Digits() {
    size_t length = 0;
    while (length < text_.size() && absl::ascii_isdigit(text_[length])) ++length;
    const std::string_view digits = text_.substr(0, length);
    text_.remove_prefix(length);
    return digits;
  }

 private:
  std::string_view text_;
};

}  // namespace

std::optional<absl::CivilSecond> ToCivil(int64_t year, int64_t month, int64_t day, int64_t hour,
                                         int64_t minute, int64_t second) {
  if (year < 1 || year > 9999 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
      second > 60) {
    return std::nullopt;
  }
  const absl::CivilSecond civil(year, month, day, hour, minute, second == 60 ? 59 : second);
  // CivilSecond takes 30 February and makes it 2 March: the calendar has it when nothing moved.
  if (civil.month() != month || civil.day() != day) return std::nullopt;
  return civil;
}

std::optional<int> ParseOffset(std::string_view text) {
  text = Trimmed(text);
  if (text == "Z" || text == "z") return 0;
  Scanner scan(text);
  const bool west = text.starts_with('-');
  if (!scan.AnyOf("+-")) return std::nullopt;
  const int hours = scan.Number(2);
  int minutes = 0;
  if (!scan.done()) {
    scan.AnyOf(":");
    minutes = scan.Number(2);
  }
  if (hours < 0 || minutes < 0 || minutes > 59 || !scan.done()) return std::nullopt;
  const int offset = hours * 60 + minutes;
  if (offset > (west ? kMaxWest : kMaxEast)) return std::nullopt;
  return west ? -offset : offset;
}

int32_t ParseSubSeconds(std::string_view text) {
  text = Trimmed(text);
  int32_t nanos = 0;
  int32_t unit = 100'000'000;
  for (const char c : text) {
    if (!absl::ascii_isdigit(c)) return 0;
    nanos += (c - '0') * unit;
    unit /= 10;
  }
  return nanos;
}

std::optional<WrittenDate> ParseDateText(std::string_view text) {
  Scanner scan(Trimmed(text));
  const int year = scan.Number(4);
  if (year < 0 || !scan.AnyOf(":-/.")) return std::nullopt;
  const int month = scan.Number(2);
  if (month < 0 || !scan.AnyOf(":-/.")) return std::nullopt;
  const int day = scan.Number(2);
  WrittenDate date;
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (scan.done()) {
    date.day_only = true;
  } else {
    if (!scan.AnyOf(" Tt")) return std::nullopt;
    hour = scan.Number(2);
    if (hour < 0 || !scan.AnyOf(":")) return std::nullopt;
    minute = scan.Number(2);
    if (scan.AnyOf(":")) second = scan.Number(2);
    if (scan.AnyOf(".,")) date.nanos = ParseSubSeconds(scan.Digits());
    while (scan.AnyOf(" ")) continue;
    if (!scan.done()) {
      date.utc_offset_minutes = ParseOffset(scan.rest());
      if (!date.utc_offset_minutes) return std::nullopt;
    }
  }
  const auto civil = ToCivil(year, month, day, hour, minute, second);
  if (!civil) return std::nullopt;
  date.local = *civil;
  return date;
}

}  // namespace syncline::images
