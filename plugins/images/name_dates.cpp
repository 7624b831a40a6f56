#include "plugins/images/name_dates.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/time/time.h"
#include "plugins/images/date_text.h"

namespace syncline::images {
namespace {

// How names begin. A letter in <> is a number: Y year, M month, D day, h hour, m minute, s second,
// each as often as it has digits; H an hour of one or two digits; P "AM" or "PM"; f a fraction of
// the second, of as many digits as there are, or none; U milliseconds since 1970. All else stands
// for itself, whatever its letter case. Anything may follow, but no digit behind a number.
struct Pattern {
  std::string_view form;
  bool utc;
};

constexpr bool kUtc = true;
constexpr bool kLocal = false;
constexpr auto kPatterns = std::to_array<Pattern>({
    // Google Pixel names by UTC.
    {"PXL_<YYYYMMDD>_<hhmmss><f>", kUtc},
    // Android's camera, Google, Huawei, Xiaomi, OnePlus, Insta360
    {"IMG_<YYYYMMDD>_<hhmmss><f>", kLocal},
    {"VID_<YYYYMMDD>_<hhmmss><f>", kLocal},
    {"MVIMG_<YYYYMMDD>_<hhmmss><f>", kLocal},
    {"PANO_<YYYYMMDD>_<hhmmss><f>", kLocal},
    {"BURST<YYYYMMDD><hhmmss><f>", kLocal},
    // Samsung, LG, Motorola, and what many programs copy
    {"<YYYYMMDD>_<hhmmss><f>", kLocal},
    {"<YYYYMMDD>-<hhmmss><f>", kLocal},
    // WhatsApp
    {"IMG-<YYYYMMDD>-WA", kLocal},
    {"VID-<YYYYMMDD>-WA", kLocal},
    {"WhatsApp Image <YYYY>-<MM>-<DD> at <H>.<mm>.<ss> <P>", kLocal},
    {"WhatsApp Video <YYYY>-<MM>-<DD> at <H>.<mm>.<ss> <P>", kLocal},
    {"WhatsApp Image <YYYY>-<MM>-<DD> at <hh>.<mm>.<ss>", kLocal},
    {"WhatsApp Video <YYYY>-<MM>-<DD> at <hh>.<mm>.<ss>", kLocal},
    // DJI, GoPro's and others' numbers hold no date
    {"DJI_<YYYYMMDD><hhmmss>_", kLocal},
    {"DJI_<YYYYMMDD>_<hhmmss>_", kLocal},
    // Windows Phone, Windows
    {"WP_<YYYYMMDD>_<hh>_<mm>_<ss>", kLocal},
    {"WIN_<YYYYMMDD>_<hh>_<mm>_<ss>", kLocal},
    // Pictures of the screen: Android, Samsung, Xiaomi, macOS, GNOME
    {"Screenshot_<YYYYMMDD>-<hhmmss><f>", kLocal},
    {"Screenshot_<YYYYMMDD>_<hhmmss><f>", kLocal},
    {"Screenshot_<YYYY>-<MM>-<DD>-<hh>-<mm>-<ss>", kLocal},
    {"Screenshot <YYYY>-<MM>-<DD> at <H>.<mm>.<ss> <P>", kLocal},
    {"Screenshot <YYYY>-<MM>-<DD> at <hh>.<mm>.<ss>", kLocal},
    {"Screen Shot <YYYY>-<MM>-<DD> at <H>.<mm>.<ss> <P>", kLocal},
    {"Screen Shot <YYYY>-<MM>-<DD> at <hh>.<mm>.<ss>", kLocal},
    {"Screenshot from <YYYY>-<MM>-<DD> <hh>-<mm>-<ss>", kLocal},
    // Signal, Telegram, WeChat, Facebook, Camera360
    {"signal-<YYYY>-<MM>-<DD>-<hhmmss><f>", kLocal},
    {"signal-<YYYY>-<MM>-<DD>-<hh>-<mm>-<ss>-<f>", kLocal},
    {"photo_<YYYY>-<MM>-<DD>_<hh>-<mm>-<ss>", kLocal},
    {"video_<YYYY>-<MM>-<DD>_<hh>-<mm>-<ss>", kLocal},
    {"mmexport<U>", kUtc},
    {"FB_IMG_<U>", kUtc},
    {"C360_<YYYY>-<MM>-<DD>-<hh>-<mm>-<ss>-<f>", kLocal},
    // Dash cameras
    {"<YYYY>_<MMDD>_<hhmmss>", kLocal},
    // Dropbox and other programs, and people
    {"<YYYY>-<MM>-<DD> <hh>.<mm>.<ss>", kLocal},
    {"<YYYY>-<MM>-<DD> <hh>-<mm>-<ss>", kLocal},
    {"<YYYY>-<MM>-<DD>_<hh>-<mm>-<ss>", kLocal},
    {"<YYYY>-<MM>-<DD>-<hh>-<mm>-<ss>", kLocal},
    {"<YYYY>-<MM>-<DD>_<hhmmss>", kLocal},
    {"<YYYY>-<MM>-<DD>", kLocal},
});

// What a name has in the places of a form.
struct Numbers {
  int64_t year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  int64_t unix_millis = -1;
  int32_t nanos = 0;
  bool has_hour = false;
  bool afternoon = false;
  bool twelve_hours = false;
};

class Matcher {
 public:
  explicit Matcher(std::string_view name) : name_(name) {}

  bool Match(std::string_view form, Numbers* numbers) {
    bool field = false;
    for (size_t i = 0; i < form.size(); ++i) {
      const char c = form[i];
      if (c == '<' || c == '>') {
        field = c == '<';
      } else if (field) {
        if (!TakeField(c, numbers)) return false;
      } else if (name_.empty() || absl::ascii_tolower(name_[0]) != absl::ascii_tolower(c)) {
        return false;
      } else {
        name_.remove_prefix(1);
      }
    }
    // Digits behind a number would belong to it.
    return !form.ends_with('>') || name_.empty() || !absl::ascii_isdigit(name_[0]);
  }

 private:
  // The digits in front, at most this many.
  std::string_view Digits(size_t limit) {
    size_t length = 0;
    while (length < std::min(limit, name_.size()) && absl::ascii_isdigit(name_[length])) ++length;
    const std::string_view digits = name_.substr(0, length);
    name_.remove_prefix(length);
    return digits;
  }

  bool TakeField(char field, Numbers* numbers) {
    switch (field) {
      case 'Y':
        return OneDigit(&numbers->year);
      case 'M':
        return OneDigit(&numbers->month);
      case 'D':
        return OneDigit(&numbers->day);
      case 'h':
        numbers->has_hour = true;
        return OneDigit(&numbers->hour);
      case 'm':
        return OneDigit(&numbers->minute);
      case 's':
        return OneDigit(&numbers->second);
      case 'H': {
        numbers->has_hour = true;
        const std::string_view digits = Digits(2);
        for (const char c : digits) numbers->hour = numbers->hour * 10 + (c - '0');
        return !digits.empty();
      }
      case 'P':
        numbers->twelve_hours = true;
        if (name_.size() < 2 || absl::ascii_tolower(name_[1]) != 'm') return false;
        numbers->afternoon = absl::ascii_tolower(name_[0]) == 'p';
        if (!numbers->afternoon && absl::ascii_tolower(name_[0]) != 'a') return false;
        name_.remove_prefix(2);
        return true;
      case 'f':
        numbers->nanos = ParseSubSeconds(Digits(9));
        return true;
      case 'U': {
        const std::string_view digits = Digits(13);
        numbers->unix_millis = 0;
        for (const char c : digits) numbers->unix_millis = numbers->unix_millis * 10 + (c - '0');
        return digits.size() == 13;
      }
      default:
        return false;
    }
  }

  bool OneDigit(int64_t* number) {
    const std::string_view digit = Digits(1);
    if (digit.empty()) return false;
    *number = *number * 10 + (digit[0] - '0');
    return true;
  }

  std::string_view name_;
};

std::optional<FoundDate> ToDate(const Numbers& numbers, bool utc) {
  FoundDate date;
  date.source = DateSource::kFileName;
  date.utc = utc;
  if (numbers.unix_millis >= 0) {
    date.local =
        absl::ToCivilSecond(absl::FromUnixMillis(numbers.unix_millis), absl::UTCTimeZone());
    date.nanos = static_cast<int32_t>(numbers.unix_millis % 1000) * 1'000'000;
    return date;
  }
  int64_t hour = numbers.hour;
  if (numbers.twelve_hours) {
    if (hour < 1 || hour > 12) return std::nullopt;
    hour = hour % 12 + (numbers.afternoon ? 12 : 0);
  }
  const auto civil =
      ToCivil(numbers.year, numbers.month, numbers.day, hour, numbers.minute, numbers.second);
  if (!civil) return std::nullopt;
  date.local = *civil;
  date.nanos = numbers.nanos;
  date.day_only = !numbers.has_hour;
  return date;
}

}  // namespace

std::optional<FoundDate> DateInName(std::string_view file_name) {
  for (const Pattern& pattern : kPatterns) {
    Numbers numbers;
    if (!Matcher(file_name).Match(pattern.form, &numbers)) continue;
    if (const auto date = ToDate(numbers, pattern.utc)) return date;
  }
  return std::nullopt;
}

}  // namespace syncline::images
