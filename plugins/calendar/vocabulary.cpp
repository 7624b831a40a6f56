// The table of properties, and the form in which equal values are equal.
#include "plugins/calendar/vocabulary.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

#include "plugins/calendar/recurrence.h"
#include "plugins/calendar/text.h"
#include "plugins/calendar/time_value.h"
#include "plugins/content_lines/value.h"

namespace syncline::calendar {

using content_lines::Component;
using content_lines::Parameter;
using content_lines::Property;
using content_lines::PropertyRule;
using content_lines::Rule;

namespace {

constexpr std::array kRules = {
    // Stamps: who wrote the text last, not what it says.
    PropertyRule{"DTSTAMP", Rule::kIgnored, "stamp"},
    PropertyRule{"LAST-MODIFIED", Rule::kIgnored, "last edit"},
    PropertyRule{"CREATED", Rule::kIgnored, "created"},
    PropertyRule{"PRODID", Rule::kIgnored, "program"},
    PropertyRule{"X-LIC-ERROR", Rule::kIgnored, "remark of a program"},
    PropertyRule{"SEQUENCE", Rule::kLargest, "revision"},
    PropertyRule{"X-MOZ-GENERATION", Rule::kLargest, "revision of alarms"},
    // When.
    PropertyRule{"DTSTART", Rule::kSingle, "when"},
    PropertyRule{"DTEND", Rule::kSingle, "when"},
    PropertyRule{"DUE", Rule::kSingle, "when"},
    PropertyRule{"DURATION", Rule::kSingle, "when"},
    PropertyRule{"RRULE", Rule::kSingle, "repeats"},
    PropertyRule{"EXRULE", Rule::kSingle, "repeats except"},
    PropertyRule{"EXDATE", Rule::kList, "dates left out"},
    PropertyRule{"RDATE", Rule::kList, "more dates"},
    PropertyRule{"RECURRENCE-ID", Rule::kSingle, "occurrence"},
    // What.
    PropertyRule{"UID", Rule::kSingle, "identifier"},
    PropertyRule{"SUMMARY", Rule::kSingle, "summary"},
    PropertyRule{"LOCATION", Rule::kSingle, "where"},
    PropertyRule{"DESCRIPTION", Rule::kSingle, "description"},
    PropertyRule{"X-ALT-DESC", Rule::kSingle, "description (HTML)"},
    PropertyRule{"STATUS", Rule::kSingle, "status"},
    PropertyRule{"CLASS", Rule::kSingle, "privacy"},
    PropertyRule{"TRANSP", Rule::kSingle, "shown as"},
    PropertyRule{"PRIORITY", Rule::kSingle, "priority"},
    PropertyRule{"PERCENT-COMPLETE", Rule::kSingle, "percent done"},
    PropertyRule{"COMPLETED", Rule::kSingle, "completed"},
    PropertyRule{"URL", Rule::kSingle, "link"},
    PropertyRule{"GEO", Rule::kSingle, "position"},
    PropertyRule{"COLOR", Rule::kSingle, "color"},
    PropertyRule{"ORGANIZER", Rule::kSingle, "organizer"},
    PropertyRule{"CATEGORIES", Rule::kList, "categories"},
    PropertyRule{"RESOURCES", Rule::kList, "resources"},
    PropertyRule{"ATTENDEE", Rule::kSet, "attendee"},
    PropertyRule{"ATTACH", Rule::kSet, "attachment"},
    PropertyRule{"COMMENT", Rule::kSet, "comment"},
    PropertyRule{"CONTACT", Rule::kSet, "contact"},
    PropertyRule{"RELATED-TO", Rule::kSet, "related"},
    PropertyRule{"REQUEST-STATUS", Rule::kSet, "answer"},
    PropertyRule{"CONFERENCE", Rule::kSet, "conference"},
    PropertyRule{"IMAGE", Rule::kSet, "image"},
    PropertyRule{"STYLED-DESCRIPTION", Rule::kSet, "description (styled)"},
    PropertyRule{"STRUCTURED-DATA", Rule::kSet, "data"},
    PropertyRule{"LINK", Rule::kSet, "link"},
    PropertyRule{"CONCEPT", Rule::kSet, "concept"},
    PropertyRule{"REFID", Rule::kSet, "reference"},
    // Alarms.
    PropertyRule{"TRIGGER", Rule::kSingle, "alarm"},
    PropertyRule{"ACTION", Rule::kSingle, "kind of alarm"},
    PropertyRule{"REPEAT", Rule::kSingle, "alarm again"},
};

enum class ValueKind : uint8_t { kText, kTime, kRule, kDuration, kPerson, kWord, kRaw };

ValueKind KindOf(std::string_view property) {
  static constexpr std::array<std::string_view, 9> kTimes = {
      "DTSTART", "DTEND",     "DUE",          "RECURRENCE-ID", "EXDATE",
      "RDATE",   "COMPLETED", "ACKNOWLEDGED", "TRIGGER"};
  static constexpr std::array<std::string_view, 6> kWords = {"STATUS", "CLASS",    "TRANSP",
                                                             "ACTION", "PRIORITY", "SEQUENCE"};
  static constexpr std::array<std::string_view, 13> kTexts = {
      "SUMMARY", "LOCATION",   "DESCRIPTION", "CATEGORIES", "RESOURCES", "COMMENT",      "CONTACT",
      "UID",     "RELATED-TO", "NAME",        "COLOR",      "CONCEPT",   "X-WR-ALARMUID"};
  const auto in = [property](const auto& names) {
    return std::find(names.begin(), names.end(), property) != names.end();
  };
  if (property == "ATTENDEE" || property == "ORGANIZER") return ValueKind::kPerson;
  if (property == "RRULE" || property == "EXRULE") return ValueKind::kRule;
  if (property == "DURATION") return ValueKind::kDuration;
  if (in(kTimes)) return ValueKind::kTime;
  if (in(kWords)) return ValueKind::kWord;
  if (in(kTexts)) return ValueKind::kText;
  return ValueKind::kRaw;
}

std::string CanonicalDuration(std::string_view value) {
  const std::optional<Duration> duration = ParseDuration(value);
  if (!duration) return Upper(Trimmed(value));
  return "P" + std::to_string(duration->days) + "," + std::to_string(duration->seconds);
}

// Parameters whose default says nothing (RFC 5545, 3.2), and those that the value tells already.
bool SaysNothing(std::string_view property, const Parameter& parameter) {
  struct Default {
    std::string_view parameter;
    std::string_view value;
  };
  static constexpr std::array<Default, 8> kDefaults = {{{"CUTYPE", "INDIVIDUAL"},
                                                        {"ROLE", "REQ-PARTICIPANT"},
                                                        {"PARTSTAT", "NEEDS-ACTION"},
                                                        {"RSVP", "FALSE"},
                                                        {"RELATED", "START"},
                                                        {"RELTYPE", "PARENT"},
                                                        {"VALUE", "TEXT"},
                                                        {"VALUE", "DURATION"}}};
  const ValueKind kind = KindOf(property);
  // A date, a time and a period cannot be taken for each other; the zone is in the value.
  if (kind == ValueKind::kTime && (parameter.name == "VALUE" || parameter.name == "TZID")) {
    return true;
  }
  if (parameter.name == "VALUE" && kind != ValueKind::kRaw) return true;
  if (parameter.values.empty()) return true;
  if (parameter.values.size() != 1) return false;
  const std::string value = Upper(parameter.values.front());
  return std::any_of(kDefaults.begin(), kDefaults.end(), [&](const Default& one) {
    return one.parameter == parameter.name && one.value == value;
  });
}

std::string CanonicalValues(const Parameter& parameter) {
  static constexpr std::array<std::string_view, 11> kWords = {
      "CUTYPE", "ROLE",   "PARTSTAT", "RSVP",  "RELATED", "RELTYPE",
      "VALUE",  "FBTYPE", "ENCODING", "RANGE", "LANGUAGE"};
  const bool word = std::find(kWords.begin(), kWords.end(), parameter.name) != kWords.end();
  std::string text;
  for (size_t i = 0; i < parameter.values.size(); ++i) {
    if (i > 0) text += ',';
    text += word ? Upper(parameter.values[i]) : parameter.values[i];
  }
  return text;
}

}  // namespace

PropertyRule CalendarVocabulary::RuleOf(std::string_view, std::string_view property) const {
  for (const PropertyRule& rule : kRules) {
    if (rule.name == property) return rule;
  }
  // "Other properties singly": what programs add of their own (X-...) has one value.
  return {property, Rule::kSingle, property};
}

std::string CalendarVocabulary::CanonicalTime(const Property& property,
                                              std::string_view value) const {
  value = Trimmed(value);
  const size_t slash = value.find('/');
  if (slash != std::string_view::npos) {
    // A period (RFC 5545, 3.3.9) ends with a time or lasts a duration.
    const std::string_view second = value.substr(slash + 1);
    return CanonicalTime(property, value.substr(0, slash)) + "/" +
           (ParseDuration(second) ? CanonicalDuration(second) : CanonicalTime(property, second));
  }
  const std::optional<TimeValue> time = ParseTime(value);
  if (!time) return ParseDuration(value) ? CanonicalDuration(value) : std::string(value);
  if (time->date_only) return std::string(value);
  if (time->utc) return Upper(value);
  const std::string tzid = ParameterOf(property, "TZID");
  return tzid.empty() ? Upper(value) : Upper(value) + " " + zones_->Id(tzid);
}

std::string CalendarVocabulary::Canonical(std::string_view, const Property& property) const {
  std::string text;
  switch (KindOf(property.name)) {
    case ValueKind::kTime: {
      std::set<std::string> times;
      for (const std::string_view value : Parts(property.value, ',')) {
        times.insert(CanonicalTime(property, value));
      }
      for (const std::string& time : times) text += (text.empty() ? "" : ",") + time;
      break;
    }
    case ValueKind::kText:
      text = content_lines::Unescape(property.value);
      break;
    case ValueKind::kRule:
      text = CanonicalRule(property.value);
      break;
    case ValueKind::kDuration:
      text = CanonicalDuration(property.value);
      break;
    case ValueKind::kPerson:
      text = Address(property);
      break;
    case ValueKind::kWord:
      text = Upper(Trimmed(property.value));
      break;
    case ValueKind::kRaw:
      text = property.value;
      break;
  }
  return text;
}

std::string CalendarVocabulary::CanonicalParameters(std::string_view,
                                                    const Property& property) const {
  std::string text;
  for (const auto& [name, values] : CountingParameters(property)) {
    text.append("\n;").append(name).append("=").append(values);
  }
  return text;
}

std::string CalendarVocabulary::Whole(std::string_view component, const Property& property) const {
  return Canonical(component, property) + CanonicalParameters(component, property);
}

std::vector<std::string> CalendarVocabulary::MemberIds(std::string_view component,
                                                       const Property& property) const {
  if (property.name == "ATTENDEE") return {Address(property)};
  // The same text, link or data is the same member, whatever its parameters say of it.
  return {Canonical(component, property)};
}

std::string CalendarVocabulary::ComponentId(const Component& component) const {
  std::string id = component.name;
  if (component.name == "VALARM") {
    for (const char* name : {"ACTION", "TRIGGER"}) {
      const Property* property = component.Find(name);
      id += "\n" + (property == nullptr ? std::string() : Whole(component.name, *property));
    }
    return id;
  }
  const Property* occurrence = component.Find("RECURRENCE-ID");
  if (occurrence != nullptr) return id + "\n" + Whole(component.name, *occurrence);
  const Property* uid = component.Find("UID");
  return uid == nullptr ? id : id + "\n" + uid->value;
}

std::map<std::string, std::string> CountingParameters(const Property& property) {
  std::map<std::string, std::string> counting;
  for (const Parameter& parameter : property.parameters) {
    if (SaysNothing(property.name, parameter)) continue;
    std::string& values = counting[parameter.name];
    values += (values.empty() ? "" : ",") + CanonicalValues(parameter);
  }
  return counting;
}

std::string Address(const Property& property) {
  std::string address = Lower(Trimmed(property.value));
  if (address.starts_with("mailto:")) address.erase(0, 7);
  return address;
}

std::string ShownPerson(const Property& property) {
  const std::string name = ParameterOf(property, "CN");
  const std::string address = Address(property);
  std::string text = name.empty() || name == address ? address : name + " <" + address + ">";
  const std::string answer = Lower(ParameterOf(property, "PARTSTAT"));
  if (!answer.empty() && answer != "needs-action") text += ", " + answer;
  if (Upper(ParameterOf(property, "ROLE")) == "OPT-PARTICIPANT") text += ", optional";
  return text;
}

std::string ShownZone(const Property& property, std::string_view value) {
  const std::optional<TimeValue> time = ParseTime(value);
  if (!time || time->date_only) return {};
  if (time->utc) return "UTC";
  const std::string tzid = ParameterOf(property, "TZID");
  if (tzid.empty()) return "local time";
  const std::string olson = OlsonName(tzid);
  return olson.empty() ? tzid : olson;
}

std::string ShownTime(const Property& property, std::string_view value) {
  const size_t slash = value.find('/');
  if (slash != std::string_view::npos) {
    const std::string_view end = value.substr(slash + 1);
    const std::optional<Duration> lasts = ParseDuration(end);
    return ShownTime(property, value.substr(0, slash)) +
           (lasts ? " for " + ShowDuration(*lasts) : " - " + ShownTime(property, end));
  }
  const std::optional<TimeValue> time = ParseTime(value);
  if (!time) return std::string(Trimmed(value));
  const std::string zone = ShownZone(property, value);
  return zone.empty() ? ShowTime(*time) : ShowTime(*time) + " (" + zone + ")";
}

std::string ShownTrigger(const Property& trigger) {
  const std::optional<Duration> duration = ParseDuration(trigger.value);
  if (!duration) return ShownTime(trigger, trigger.value);
  const bool of_end = Upper(ParameterOf(trigger, "RELATED")) == "END";
  const std::string_view anchor = of_end ? "the end" : "the start";
  if (duration->days == 0 && duration->seconds == 0) return "at " + std::string(anchor);
  const bool before = duration->days < 0 || duration->seconds < 0;
  std::string text = ShowDuration(*duration) + (before ? " before" : " after");
  if (of_end || !before) text += " " + std::string(anchor);
  return text;
}

std::string CalendarVocabulary::Shown(std::string_view, const Property& property) const {
  switch (KindOf(property.name)) {
    case ValueKind::kTime: {
      if (property.name == "TRIGGER") return ShownTrigger(property);
      std::vector<std::string> times;
      for (const std::string_view value : Parts(property.value, ',')) {
        times.push_back(ShownTime(property, value));
      }
      return Listed(times);
    }
    case ValueKind::kRule:
      return RuleWords(property.value);
    case ValueKind::kDuration: {
      const std::optional<Duration> duration = ParseDuration(property.value);
      return duration ? ShowDuration(*duration) : property.value;
    }
    case ValueKind::kPerson:
      return ShownPerson(property);
    case ValueKind::kWord:
      return Lower(Trimmed(property.value));
    case ValueKind::kText:
    case ValueKind::kRaw:
      return content_lines::Unescape(property.value);
  }
  return property.value;
}

}  // namespace syncline::calendar
