// Dates, times and durations of RFC 5545 (3.3.4 to 3.3.6) and how people read them. Pure, any
// thread. No time zone is calculated with: a local time stays one.
#ifndef SYNCLINE_PLUGINS_CALENDAR_TIME_VALUE_H_
#define SYNCLINE_PLUGINS_CALENDAR_TIME_VALUE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace syncline::calendar {

struct TimeValue {
  int year = 0;
  int month = 0;  // 1 to 12
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  bool date_only = false;
  bool utc = false;
};

// "20260305", "20260305T100000" or "20260305T100000Z"; nullopt for anything else.
std::optional<TimeValue> ParseTime(std::string_view value);
// Days since 1970-01-01 in the Gregorian calendar.
int64_t DayNumber(const TimeValue& time);
// Seconds since 1970 as if it were UTC.
int64_t Seconds(const TimeValue& time);
TimeValue FromSeconds(int64_t seconds, bool date_only, bool utc);

// "P1DT2H": whole days and a rest, which a change to summer time tells apart.
struct Duration {
  int64_t days = 0;
  int64_t seconds = 0;
};
std::optional<Duration> ParseDuration(std::string_view value);

std::string ShowDay(const TimeValue& time);          // "Thu 5 Mar 2026"
std::string ShowClock(const TimeValue& time);        // "10:00", with seconds where there are any
std::string ShowTime(const TimeValue& time);         // "Thu 5 Mar 2026, 10:00", or the day alone
std::string ShowSorted(const TimeValue& time);       // "2026-03-05 10:00", or "2026-03-05"
std::string ShowDuration(const Duration& duration);  // "1 hour 30 minutes", without its sign

}  // namespace syncline::calendar

#endif  // SYNCLINE_PLUGINS_CALENDAR_TIME_VALUE_H_
