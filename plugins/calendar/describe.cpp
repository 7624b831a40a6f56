// An event, to-do or journal entry as a person reads it.
#include "plugins/calendar/describe.h"

#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "plugins/calendar/index.h"
#include "plugins/calendar/record.h"
#include "plugins/calendar/recurrence.h"
#include "plugins/calendar/text.h"
#include "plugins/calendar/time_value.h"
#include "plugins/calendar/vocabulary.h"
#include "plugins/content_lines/value.h"

namespace syncline::calendar {

using content_lines::Component;
using content_lines::Property;

namespace {

std::string InZone(const std::string& zone) { return zone.empty() ? zone : " (" + zone + ")"; }

// Days alone; the end of an all-day event is the day after its last (RFC 5545, 3.6.1).
std::string DayRange(const TimeValue& start, const TimeValue& end, bool exclusive) {
  const int64_t last = Seconds(end) - (exclusive ? 86'400 : 0);
  if (last <= Seconds(start)) return ShowDay(start) + ", all day";
  return ShowDay(start) + " - " + ShowDay(FromSeconds(last, true, false)) + ", all day";
}

std::string TimeRange(const TimeValue& start, const std::string& zone, const TimeValue& end,
                      const std::string& end_zone) {
  if (zone != end_zone) {
    return ShowTime(start) + InZone(zone) + " - " + ShowTime(end) + InZone(end_zone);
  }
  if (DayNumber(start) == DayNumber(end)) {
    return ShowTime(start) + "-" + ShowClock(end) + InZone(zone);
  }
  return ShowTime(start) + " - " + ShowTime(end) + InZone(zone);
}

std::string Span(const Property& start_property, const Property* end_property,
                 const Property* duration_property) {
  const std::optional<TimeValue> start = ParseTime(start_property.value);
  if (!start) return std::string(Trimmed(start_property.value));
  const std::string zone = ShownZone(start_property, start_property.value);
  if (end_property != nullptr) {
    const std::optional<TimeValue> end = ParseTime(end_property->value);
    if (!end) return ShowTime(*start) + " - " + end_property->value + InZone(zone);
    if (start->date_only && end->date_only) return DayRange(*start, *end, true);
    return TimeRange(*start, zone, *end, ShownZone(*end_property, end_property->value));
  }
  if (duration_property != nullptr) {
    const std::optional<Duration> lasts = ParseDuration(duration_property->value);
    if (!lasts) return ShowTime(*start) + InZone(zone) + " for " + duration_property->value;
    const TimeValue end = FromSeconds(Seconds(*start) + lasts->days * 86'400 + lasts->seconds,
                                      start->date_only, start->utc);
    if (start->date_only) return DayRange(*start, end, true);
    return TimeRange(*start, zone, end, zone);
  }
  return start->date_only ? ShowDay(*start) + ", all day" : ShowTime(*start) + InZone(zone);
}

// The properties that describe() tells by a plain value, in this order.
constexpr std::array<std::string_view, 14> kPlain = {
    "LOCATION", "ORGANIZER", "STATUS",     "COMPLETED", "PERCENT-COMPLETE", "PRIORITY", "CLASS",
    "TRANSP",   "URL",       "CATEGORIES", "RESOURCES", "DESCRIPTION",      "EXDATE",   "RDATE"};

std::string PlainWords(const Component& component, std::string_view name,
                       const CalendarVocabulary& vocabulary) {
  std::vector<std::string> values;
  for (const Property* property : component.All(name)) {
    if (name == "CATEGORIES" || name == "RESOURCES") {
      for (const std::string& word : content_lines::Split(property->value, ',')) {
        values.push_back(OneLine(word));
      }
    } else {
      values.push_back(vocabulary.Shown(component.name, *property));
    }
  }
  std::string text;
  for (const std::string& value : values) text.append(text.empty() ? "" : ", ").append(value);
  return text;
}

}  // namespace

std::string AlarmWords(const Component& alarm) {
  const Property* trigger = alarm.Find("TRIGGER");
  std::string text = trigger == nullptr ? "without a time" : ShownTrigger(*trigger);
  const Property* action = alarm.Find("ACTION");
  const std::string kind = action == nullptr ? std::string() : Lower(Trimmed(action->value));
  if (!kind.empty() && kind != "display") text += " (" + kind + ")";
  return text;
}

std::string WhenWords(const Component& component) {
  const Property* start = component.Find("DTSTART");
  const Property* due = component.Find("DUE");
  const Property* duration = component.Find("DURATION");
  std::string text;
  if (start != nullptr) text = Span(*start, component.Find("DTEND"), duration);
  if (due != nullptr) {
    text += (text.empty() ? "due " : ", due ") + ShownTime(*due, due->value);
  }
  return text;
}

std::string RepeatsWords(const Component& component) {
  std::vector<std::string> rules;
  for (const Property* rule : component.All("RRULE")) rules.push_back(RuleWords(rule->value));
  return Listed(rules);
}

std::string OccurrenceWords(const Component& component) {
  const Property* id = component.Find("RECURRENCE-ID");
  if (id == nullptr) return {};
  const std::optional<TimeValue> time = ParseTime(id->value);
  const bool future = Upper(ParameterOf(*id, "RANGE")) == "THISANDFUTURE";
  std::string text = future ? "occurrences from " : "occurrence ";
  text += time ? ShowSorted(*time) : std::string(Trimmed(id->value));
  if (time && time->utc) text += " UTC";
  return text;
}

void Describe(std::string_view content,
              const std::function<void(std::string_view name, std::string_view value)>& field) {
  const Index index(content);
  const Group* group = index.Single();
  if (group == nullptr) {
    field("title", "A calendar file that is not exactly one record");
    return;
  }
  const std::vector<Part> parts = index.Parts(*group);
  const Component& leading = Leading(parts);
  const CalendarVocabulary vocabulary(parts.front().zones);
  const auto push = [&field](std::string_view name, const std::string& value) {
    if (!value.empty()) field(name, value);
  };
  push("title", TitleOf(parts));
  push("kind", std::string(KindWord(leading.name)));
  push("summary", PlainWords(leading, "SUMMARY", vocabulary));
  push("when", WhenWords(leading));
  push("repeats", RepeatsWords(leading));
  for (const std::string_view name : kPlain) {
    push(vocabulary.RuleOf(leading.name, name).label, PlainWords(leading, name, vocabulary));
  }
  for (const Property* attendee : leading.All("ATTENDEE")) {
    push("attendee " + Address(*attendee), ShownPerson(*attendee));
  }
  for (const Component* alarm : leading.Components("VALARM")) push("alarm", AlarmWords(*alarm));
  for (const Part& part : parts) {
    if (part.component == &leading) continue;
    std::string words = WhenWords(*part.component);
    const std::string summary = PlainWords(*part.component, "SUMMARY", vocabulary);
    if (!words.empty() && !summary.empty()) words += ": ";
    words += summary;
    push(OccurrenceWords(*part.component), words);
  }
}

}  // namespace syncline::calendar
