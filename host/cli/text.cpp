// Words, sizes and times for people.
#include "host/cli/text.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace syncline::cli {

std::string HumanCount(uint64_t n) {
  std::string text = absl::StrCat(n);
  for (size_t i = text.size(); i > 3;) {
    i -= 3;
    text.insert(i, 1, ',');
  }
  return text;
}

std::string HumanBytes(double bytes) {
  static constexpr std::array<const char*, 6> kUnits = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  size_t unit = 0;
  // 1023.95 would be printed as "1024.0".
  while (bytes >= 1023.95 && unit + 1 < kUnits.size()) {
    bytes /= 1024;
    ++unit;
  }
  if (unit == 0) return absl::StrFormat("%.0f B", bytes);
  return absl::StrFormat("%.1f %s", bytes, kUnits[unit]);
}

std::string HumanDuration(double seconds) {
  if (!(seconds > 0)) seconds = 0;
  if (seconds < 0.0995) return absl::StrFormat("%.0f ms", seconds * 1000);
  if (seconds < 9.95) return absl::StrFormat("%.1f s", seconds);
  // A year is long enough to stand for "very long" and keeps the conversion defined.
  const auto whole = static_cast<int64_t>(std::llround(std::min(seconds, 3.2e7)));
  if (whole < 60) return absl::StrCat(whole, " s");
  if (whole < 3600) return absl::StrFormat("%d min %02d s", whole / 60, whole % 60);
  return absl::StrFormat("%d h %02d min", whole / 3600, whole / 60 % 60);
}

std::string IsoTime(absl::Time time) {
  if (time == absl::InfinitePast() || time == absl::InfiniteFuture()) return "";
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

std::string LocalTime(absl::Time time) {
  if (time == absl::InfinitePast() || time == absl::InfiniteFuture()) return "";
  return absl::FormatTime("%Y-%m-%d %H:%M:%S", time, absl::LocalTimeZone());
}

std::string Plural(uint64_t n, std::string_view noun) {
  return absl::StrCat(HumanCount(n), " ", std::string(noun), n == 1 ? "" : "s");
}

std::string FieldInWords(std::string_view value) {
  static constexpr std::string_view kScheme = "data:", kBase64 = ";base64";
  const size_t comma = value.find(',');
  if (!value.starts_with(kScheme) || comma == std::string_view::npos) return std::string(value);
  std::string_view type = value.substr(kScheme.size(), comma - kScheme.size());
  std::string_view data = value.substr(comma + 1);
  size_t bytes = data.size();
  if (type.ends_with(kBase64)) {
    while (data.ends_with('=')) data.remove_suffix(1);
    bytes = data.size() * 3 / 4;
  } else {
    bytes -= 2 * static_cast<size_t>(std::count(data.begin(), data.end(), '%'));
  }
  type = type.substr(0, type.find(';'));
  return absl::StrCat("(", type.empty() ? "text/plain" : CutEnd(type, 40), ", ",
                      HumanBytes(static_cast<double>(bytes)), "; --json has it)");
}

std::string WithFullStop(std::string_view text) {
  std::string sentence(absl::StripAsciiWhitespace(absl::string_view(text.data(), text.size())));
  if (sentence.empty()) return sentence;
  const char last = sentence.back();
  const size_t colon = sentence.rfind(": syncline ");
  if (colon != std::string::npos && sentence.find(". ", colon) == std::string::npos)
    return sentence;
  if (last != '.' && last != '!' && last != '?' && last != ':') sentence += '.';
  return sentence;
}

std::string ShellWord(std::string_view word) {
  const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || static_cast<signed char>(c) < 0 ||
           std::string_view("_-./:@%+,").find(c) != std::string_view::npos;
  });
  if (plain) return std::string(word);
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

std::string ItemWord(std::string_view name, std::string_view id) {
  return ShellWord(absl::StartsWith(absl::string_view(name.data(), name.size()), "-") ? id : name);
}

namespace {

// Edit distance with swaps of neighbours (the commonest slip of typing) counted as one.
size_t Distance(const std::string& a, const std::string& b) {
  std::vector<size_t> before(b.size() + 1);
  std::vector<size_t> last(b.size() + 1);
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      row[j] =
          std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

}  // namespace

std::optional<std::string> Nearest(std::string_view word,
                                   const std::vector<std::string>& candidates) {
  const std::string lower = absl::AsciiStrToLower(absl::string_view(word.data(), word.size()));
  std::optional<std::string> nearest;
  size_t least = std::max<size_t>(1, lower.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::string other = absl::AsciiStrToLower(candidate);
    size_t distance = Distance(lower, other);
    // The start of a long name is a near miss, too.
    if (lower.size() >= 2 && other.rfind(lower, 0) == 0) distance = std::min<size_t>(distance, 1);
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace syncline::cli
