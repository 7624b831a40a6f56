// Dates, times and durations, and how people read them.
#include "plugins/calendar/time_value.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "plugins/calendar/text.h"

namespace syncline::calendar {
namespace {

constexpr int64_t kDay = 86'400;  // seconds

bool Number(std::string_view digits, int* number) {
  *number = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return false;
    *number = *number * 10 + (c - '0');
  }
  return true;
}

int DaysIn(int year, int month) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return kDays.at(static_cast<size_t>(month - 1)) + (month == 2 && leap ? 1 : 0);
}

std::string Padded(int number, size_t width) {
  const std::string digits = std::to_string(number);
  return std::string(width - std::min(width, digits.size()), '0') + digits;
}

void Append(std::string* text, int64_t count, std::string_view unit) {
  if (count == 0) return;
  if (!text->empty()) *text += ' ';
  *text += std::to_string(count) + " " + std::string(unit) + (count == 1 ? "" : "s");
}

}  // namespace

std::optional<TimeValue> ParseTime(std::string_view value) {
  value = Trimmed(value);
  TimeValue time;
  if (value.size() < 8 || !Number(value.substr(0, 4), &time.year) ||
      !Number(value.substr(4, 2), &time.month) || !Number(value.substr(6, 2), &time.day) ||
      time.month < 1 || time.month > 12 || time.day < 1 ||
      time.day > DaysIn(time.year, time.month)) {
    return std::nullopt;
  }
  if (value.size() == 8) {
    time.date_only = true;
    return time;
  }
  time.utc = value.size() == 16 && (value[15] == 'Z' || value[15] == 'z');
  if ((value.size() != 15 && !time.utc) || (value[8] != 'T' && value[8] != 't') ||
      !Number(value.substr(9, 2), &time.hour) || !Number(value.substr(11, 2), &time.minute) ||
      !Number(value.substr(13, 2), &time.second) || time.hour > 23 || time.minute > 59 ||
      time.second > 60) {
    return std::nullopt;
  }
  return time;
}

// Howard Hinnant's days_from_civil: the year begins in March, so that the leap day is its last.
int64_t DayNumber(const TimeValue& time) {
  const int64_t year = time.year - (time.month <= 2 ? 1 : 0);
  const int64_t era = (year >= 0 ? year : year - 399) / 400;
  const int64_t of_era = year - era * 400;
  const int64_t of_year = (153 * (time.month + (time.month > 2 ? -3 : 9)) + 2) / 5 + time.day - 1;
  return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
}

int64_t Seconds(const TimeValue& time) {
  return DayNumber(time) * kDay + time.hour * 3600 + time.minute * 60 + time.second;
}

TimeValue FromSeconds(int64_t seconds, bool date_only, bool utc) {
  int64_t days = seconds / kDay;
  int64_t rest = seconds % kDay;
  if (rest < 0) {
    rest += kDay;
    --days;
  }
  const int64_t z = days + 719'468;
  const int64_t era = (z >= 0 ? z : z - 146'096) / 146'097;
  const int64_t of_era = z - era * 146'097;
  const int64_t year = (of_era - of_era / 1460 + of_era / 36'524 - of_era / 146'096) / 365;
  const int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
  const int64_t month = (5 * of_year + 2) / 153;
  TimeValue time;
  time.day = static_cast<int>(of_year - (153 * month + 2) / 5 + 1);
  time.month = static_cast<int>(month < 10 ? month + 3 : month - 9);
  time.year = static_cast<int>(year + era * 400 + (time.month <= 2 ? 1 : 0));
  time.hour = static_cast<int>(rest / 3600);
  time.minute = static_cast<int>(rest / 60 % 60);
  time.second = static_cast<int>(rest % 60);
  time.date_only = date_only;
  time.utc = utc;
  return time;
}

std::optional<Duration> ParseDuration(std::string_view value) {
  value = Trimmed(value);
  int64_t sign = 1;
  if (!value.empty() && (value[0] == '-' || value[0] == '+')) {
    if (value[0] == '-') sign = -1;
    value.remove_prefix(1);
  }
  if (value.size() < 3 || (value[0] != 'P' && value[0] != 'p')) return std::nullopt;
  Duration duration;
  bool of_time = false;
  bool any = false;
  int64_t number = -1;
  for (const char c : Upper(value.substr(1))) {
    if (c >= '0' && c <= '9') {
      number = (number < 0 ? 0 : number) * 10 + (c - '0');
      if (number > 100'000'000) return std::nullopt;
      continue;
    }
    if (c == 'T') {
      if (of_time || number >= 0) return std::nullopt;
      of_time = true;
      continue;
    }
    if (number < 0) return std::nullopt;
    if (c == 'W' && !of_time) {
      duration.days += sign * number * 7;
    } else if (c == 'D' && !of_time) {
      duration.days += sign * number;
    } else if (c == 'H' && of_time) {
      duration.seconds += sign * number * 3600;
    } else if (c == 'M' && of_time) {
      duration.seconds += sign * number * 60;
    } else if (c == 'S' && of_time) {
      duration.seconds += sign * number;
    } else {
      return std::nullopt;
    }
    any = true;
    number = -1;
  }
  if (!any || number >= 0) return std::nullopt;
  return duration;
}

std::string ShowDay(const TimeValue& time) {
  constexpr std::array<const char*, 7> kDays = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
  constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const int64_t weekday = ((DayNumber(time) % 7) + 7) % 7;  // 1970-01-01 was a Thursday
  return std::string(kDays.at(static_cast<size_t>(weekday))) + " " + std::to_string(time.day) +
         " " + kMonths.at(static_cast<size_t>(time.month - 1)) + " " + std::to_string(time.year);
}

std::string ShowClock(const TimeValue& time) {
  const std::string clock = Padded(time.hour, 2) + ":" + Padded(time.minute, 2);
  return time.second == 0 ? clock : clock + ":" + Padded(time.second, 2);
}

std::string ShowTime(const TimeValue& time) {
  return time.date_only ? ShowDay(time) : ShowDay(time) + ", " + ShowClock(time);
}

std::string ShowSorted(const TimeValue& time) {
  const std::string day =
      Padded(time.year, 4) + "-" + Padded(time.month, 2) + "-" + Padded(time.day, 2);
  return time.date_only ? day : day + " " + ShowClock(time);
}

std::string ShowDuration(const Duration& duration) {
  const int64_t days = std::abs(duration.days);
  const int64_t seconds = std::abs(duration.seconds);
  std::string text;
  if (seconds == 0 && days > 0 && days % 7 == 0) {
    Append(&text, days / 7, "week");
    return text;
  }
  Append(&text, days + seconds / kDay, "day");
  Append(&text, seconds % kDay / 3600, "hour");
  Append(&text, seconds / 60 % 60, "minute");
  Append(&text, seconds % 60, "second");
  return text.empty() ? "0 minutes" : text;
}

}  // namespace syncline::calendar
