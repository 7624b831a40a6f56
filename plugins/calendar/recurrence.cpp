// Recurrence rules: canonical form and words.
#include "plugins/calendar/recurrence.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "plugins/calendar/text.h"
#include "plugins/calendar/time_value.h"

namespace syncline::calendar {
namespace {

using RuleParts = std::map<std::string, std::string>;

RuleParts PartsOf(std::string_view rule) {
  RuleParts parts;
  for (const std::string_view part : Parts(Trimmed(rule), ';')) {
    const size_t equals = part.find('=');
    if (equals == std::string_view::npos) {
      if (!Trimmed(part).empty()) parts.emplace(Upper(Trimmed(part)), "");
      continue;
    }
    parts.emplace(Upper(Trimmed(part.substr(0, equals))), Upper(Trimmed(part.substr(equals + 1))));
  }
  return parts;
}

std::optional<int> Integer(std::string_view text) {
  if (!text.empty() && text[0] == '+') text.remove_prefix(1);
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// "MO", "-1FR": place 0 means every one.
struct RuleDay {
  int place = 0;
  int weekday = 0;  // 0 is Monday
};

constexpr std::array<std::string_view, 7> kDayCodes = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
constexpr std::array<std::string_view, 7> kDayNames = {
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
constexpr std::array<std::string_view, 12> kMonthNames = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

std::optional<RuleDay> DayOf(std::string_view text) {
  if (text.size() < 2) return std::nullopt;
  const auto code = std::find(kDayCodes.begin(), kDayCodes.end(), text.substr(text.size() - 2));
  if (code == kDayCodes.end()) return std::nullopt;
  RuleDay day;
  day.weekday = static_cast<int>(code - kDayCodes.begin());
  if (text.size() > 2) {
    const std::optional<int> place = Integer(text.substr(0, text.size() - 2));
    if (!place || *place == 0) return std::nullopt;
    day.place = *place;
  }
  return day;
}

std::string Ordinal(int number) {
  if (number == -1) return "last";
  if (number < 0) return Ordinal(-number) + " to last";
  const int tens = number % 100;
  const int ones = number % 10;
  std::string_view ending = "th";
  if (tens < 11 || tens > 13) {
    if (ones == 1) ending = "st";
    if (ones == 2) ending = "nd";
    if (ones == 3) ending = "rd";
  }
  return std::to_string(number) + std::string(ending);
}

// "first" to "fourth" and "fifth" read better than digits before a weekday.
std::string Place(int number) {
  constexpr std::array<std::string_view, 5> kPlaces = {"first", "second", "third", "fourth",
                                                       "fifth"};
  if (number >= 1 && number <= 5) return std::string(kPlaces.at(static_cast<size_t>(number - 1)));
  return Ordinal(number);
}

std::string DayName(int weekday) { return std::string(kDayNames.at(static_cast<size_t>(weekday))); }

// A rule as far as there are words for it.
struct Rule {
  std::string frequency;
  int interval = 1;
  std::vector<RuleDay> days;
  std::vector<int> month_days;
  std::vector<int> months;
  std::vector<int> positions;
  std::string end;  // " until 30 Jun 2026", ", 10 times"
};

bool ReadNumbers(const std::string& list, int low, int high, std::vector<int>* numbers) {
  for (const std::string_view item : Parts(list, ',')) {
    const std::optional<int> number = Integer(item);
    if (!number || *number < low || *number > high || *number == 0) return false;
    numbers->push_back(*number);
  }
  return true;
}

std::optional<Rule> Understood(const RuleParts& parts) {
  Rule rule;
  for (const auto& [name, value] : parts) {
    if (name == "FREQ") {
      rule.frequency = value;
    } else if (name == "INTERVAL") {
      const std::optional<int> interval = Integer(value);
      if (!interval || *interval < 1) return std::nullopt;
      rule.interval = *interval;
    } else if (name == "COUNT") {
      const std::optional<int> count = Integer(value);
      if (!count || *count < 1) return std::nullopt;
      rule.end += *count == 1 ? ", once" : ", " + std::to_string(*count) + " times";
    } else if (name == "UNTIL") {
      const std::optional<TimeValue> until = ParseTime(value);
      if (!until) return std::nullopt;
      rule.end += " until " + ShowDay(*until).substr(4);
    } else if (name == "BYDAY") {
      for (const std::string_view item : Parts(value, ',')) {
        const std::optional<RuleDay> day = DayOf(item);
        if (!day) return std::nullopt;
        rule.days.push_back(*day);
      }
    } else if (name == "BYMONTHDAY") {
      if (!ReadNumbers(value, -31, 31, &rule.month_days)) return std::nullopt;
    } else if (name == "BYMONTH") {
      if (!ReadNumbers(value, 1, 12, &rule.months)) return std::nullopt;
    } else if (name == "BYSETPOS") {
      if (!ReadNumbers(value, -366, 366, &rule.positions)) return std::nullopt;
    } else if (name != "WKST") {
      return std::nullopt;
    }
  }
  std::stable_sort(rule.days.begin(), rule.days.end(),
                   [](const RuleDay& x, const RuleDay& y) { return x.weekday < y.weekday; });
  std::sort(rule.months.begin(), rule.months.end());
  return rule;
}

std::string Every(const Rule& rule, std::string_view unit) {
  if (rule.interval == 1) return "every " + std::string(unit);
  return "every " + std::to_string(rule.interval) + " " + std::string(unit) + "s";
}

std::string MonthWords(const Rule& rule) {
  std::vector<std::string> words;
  for (const int month : rule.months) {
    words.emplace_back(kMonthNames.at(static_cast<size_t>(month - 1)));
  }
  return Listed(words);
}

// The kind of day that a set of weekdays makes: "weekday", "weekend day", "day", "Monday or
// Friday".
std::string KindOfDay(const std::vector<RuleDay>& days) {
  std::set<int> set;
  for (const RuleDay& day : days) set.insert(day.weekday);
  if (set == std::set<int>{0, 1, 2, 3, 4}) return "weekday";
  if (set == std::set<int>{5, 6}) return "weekend day";
  if (set.size() == 7) return "day";
  std::string text;
  for (const int day : set) text += (text.empty() ? "" : " or ") + DayName(day);
  return text;
}

// "the last Friday", "the first and third Monday", "day 15 and the last day"; nullopt: no words.
std::optional<std::string> DaysInMonth(const Rule& rule) {
  if (!rule.days.empty() && !rule.month_days.empty()) return std::nullopt;
  std::vector<std::string> words;
  if (!rule.positions.empty()) {
    if (rule.days.empty()) return std::nullopt;
    for (const RuleDay& day : rule.days) {
      if (day.place != 0) return std::nullopt;
    }
    for (const int position : rule.positions) words.push_back(Place(position));
    return "the " + Listed(words) + " " + KindOfDay(rule.days);
  }
  for (const RuleDay& day : rule.days) {
    words.push_back(day.place == 0 ? "each " + DayName(day.weekday)
                                   : "the " + Place(day.place) + " " + DayName(day.weekday));
  }
  for (const int day : rule.month_days) {
    words.push_back(day > 0 ? "day " + std::to_string(day) : "the " + Ordinal(day) + " day");
  }
  return Listed(words);
}

std::optional<std::string> Weekly(const Rule& rule) {
  if (!rule.month_days.empty() || !rule.positions.empty()) return std::nullopt;
  std::vector<std::string> words;
  for (const RuleDay& day : rule.days) {
    if (day.place != 0) return std::nullopt;
    words.push_back(DayName(day.weekday));
  }
  const bool daily = rule.frequency == "DAILY";
  std::string text;
  if (rule.interval == 1 && words.size() == 5 && KindOfDay(rule.days) == "weekday") {
    text = "every weekday";
  } else {
    text = Every(rule, daily ? "day" : "week");
    if (!words.empty()) text += " on " + Listed(words);
  }
  if (!rule.months.empty()) text += " in " + MonthWords(rule);
  return text;
}

std::optional<std::string> Monthly(const Rule& rule) {
  const std::optional<std::string> days = DaysInMonth(rule);
  if (!days) return std::nullopt;
  std::string text = Every(rule, "month");
  if (!days->empty()) {
    text = rule.interval == 1 ? "on " + *days + " of " + text : text + " on " + *days;
  }
  if (!rule.months.empty()) text += " in " + MonthWords(rule);
  return text;
}

std::optional<std::string> Yearly(const Rule& rule) {
  const std::string text = Every(rule, "year");
  if (rule.days.empty() && rule.month_days.empty()) {
    if (!rule.positions.empty()) return std::nullopt;
    return rule.months.empty() ? text : text + " in " + MonthWords(rule);
  }
  // Without a month BYDAY and BYMONTHDAY count within the year: that has no short words.
  if (rule.months.empty()) return std::nullopt;
  const std::optional<std::string> days = DaysInMonth(rule);
  if (!days) return std::nullopt;
  if (rule.days.empty() && rule.month_days.size() == 1 && rule.month_days.front() > 0 &&
      rule.months.size() == 1) {
    return text + " on " + std::to_string(rule.month_days.front()) + " " + MonthWords(rule);
  }
  return text + " on " + *days + " of " + MonthWords(rule);
}

std::optional<std::string> Words(const Rule& rule) {
  if (rule.frequency == "DAILY" || rule.frequency == "WEEKLY") return Weekly(rule);
  if (rule.frequency == "MONTHLY") return Monthly(rule);
  if (rule.frequency == "YEARLY") return Yearly(rule);
  if (rule.frequency == "HOURLY" && rule.days.empty() && rule.month_days.empty() &&
      rule.months.empty() && rule.positions.empty()) {
    return Every(rule, "hour");
  }
  return std::nullopt;
}

}  // namespace

std::string CanonicalRule(std::string_view rule) {
  std::string canonical;
  for (const auto& [name, value] : PartsOf(rule)) {
    if ((name == "INTERVAL" && value == "1") || (name == "WKST" && value == "MO")) continue;
    std::set<std::string> items;
    for (std::string_view item : Parts(value, ',')) {
      item = Trimmed(item);
      if (!item.empty() && item[0] == '+') item.remove_prefix(1);
      items.insert(std::string(item));
    }
    std::string list;
    for (const std::string& item : items) list.append(list.empty() ? "" : ",").append(item);
    canonical.append(canonical.empty() ? "" : ";").append(name).append("=").append(list);
  }
  return canonical;
}

std::string RuleWords(std::string_view rule) {
  const std::optional<Rule> understood = Understood(PartsOf(rule));
  const std::optional<std::string> words = understood ? Words(*understood) : std::nullopt;
  return words ? *words + understood->end : std::string(Trimmed(rule));
}

}  // namespace syncline::calendar
