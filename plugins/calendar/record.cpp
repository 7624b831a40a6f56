// A record of a calendar: key, version, title, and its text as a calendar of its own.
#include "plugins/calendar/record.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <variant>

#include "plugins/calendar/text.h"
#include "plugins/calendar/time_value.h"
#include "plugins/calendar/vocabulary.h"
#include "plugins/content_lines/digest.h"
#include "plugins/content_lines/value.h"
#include "syncline/provider.h"

namespace syncline::calendar {

using content_lines::Component;
using content_lines::Property;

bool IsRecordKind(std::string_view component) {
  return component == "VEVENT" || component == "VTODO" || component == "VJOURNAL";
}

std::string_view KindWord(std::string_view component) {
  if (component == "VTODO") return "to-do";
  if (component == "VJOURNAL") return "journal entry";
  return "event";
}

std::string KeyOf(const Component& component, const Zones& zones) {
  if (const Property* uid = component.Find("UID")) {
    std::string key(Trimmed(content_lines::Unescape(uid->value)));
    if (!key.empty()) return key;
  }
  const Property* start = component.Find("DTSTART");
  if (component.name != "VEVENT" || start == nullptr || Trimmed(start->value).empty()) return {};
  const Property* summary = component.Find("SUMMARY");
  const CalendarVocabulary vocabulary(&zones);
  return "no-uid-" +
         Hash(component.name + "\n" + vocabulary.Whole(component.name, *start) + "\n" +
              (summary == nullptr ? std::string() : content_lines::Unescape(summary->value)));
}

std::string OccurrenceOf(const Component& component, const Zones& zones) {
  const Property* id = component.Find("RECURRENCE-ID");
  if (id == nullptr) return {};
  return CalendarVocabulary(&zones).Whole(component.name, *id);
}

std::string VersionOf(const std::vector<Part>& parts) {
  std::vector<std::string> digests;
  digests.reserve(parts.size());
  for (const Part& part : parts) {
    digests.push_back(content_lines::Digest(*part.component, CalendarVocabulary(part.zones)));
  }
  if (digests.size() == 1) return digests.front();
  std::sort(digests.begin(), digests.end());
  std::string all;
  for (const std::string& digest : digests) all += digest;
  return Hash(all);
}

int64_t EditedNs(const std::vector<Part>& parts) {
  int64_t latest = SYNCLINE_UNKNOWN_TIME;
  for (const Part& part : parts) {
    const Property* stamp = part.component->Find("LAST-MODIFIED");
    if (stamp == nullptr) stamp = part.component->Find("DTSTAMP");
    if (stamp == nullptr) continue;
    const std::optional<TimeValue> time = ParseTime(stamp->value);
    // Years that nanoseconds can hold.
    if (time && time->year >= 1700 && time->year <= 2200) {
      latest = std::max(latest, Seconds(*time) * 1'000'000'000);
    }
  }
  return latest;
}

const Component& Leading(const std::vector<Part>& parts) {
  for (const Part& part : parts) {
    if (part.component->Find("RECURRENCE-ID") == nullptr) return *part.component;
  }
  return *parts.front().component;
}

std::string TitleOf(const std::vector<Part>& parts) {
  const Component& leading = Leading(parts);
  if (const Property* summary = leading.Find("SUMMARY")) {
    std::string title = OneLine(summary->value);
    if (!title.empty()) return title;
  }
  const std::string kind(KindWord(leading.name));
  const Property* start = leading.Find("DTSTART");
  if (start == nullptr) return kind + " without a title";
  return kind + " on " + ShownTime(*start, start->value);
}

namespace {

// The line of a property of the calendar, with this line end; or what to write without one.
std::string CalendarLine(const Component& calendar, std::string_view name,
                         std::string_view otherwise, std::string_view line_end) {
  const Property* property = calendar.Find(name);
  if (property == nullptr || property->raw.empty()) {
    return otherwise.empty() ? std::string() : std::string(otherwise) + std::string(line_end);
  }
  return property->raw;
}

// Name, colour, description and what programs add to them, in the order of the file.
std::string LinesOfItsOwn(const Component& calendar, std::string_view line_end) {
  // Written elsewhere, or of this file alone; an IMAGE may be as large as all records together.
  constexpr const char* kNot[] = {"VERSION", "PRODID", "CALSCALE",      "METHOD",
                                  "UID",     "IMAGE",  "LAST-MODIFIED", "SOURCE"};
  std::string lines;
  for (const Component::Child& child : calendar.children) {
    const auto* property = std::get_if<Property>(&child);
    // A line without an end is what is left of one, in a file that was cut off.
    if (property == nullptr || property->name.empty() || !property->raw.ends_with(line_end)) {
      continue;
    }
    const bool left_out = std::any_of(std::begin(kNot), std::end(kNot),
                                      [&](const char* name) { return property->name == name; });
    if (!left_out) lines += property->raw;
  }
  return lines;
}

}  // namespace

std::string FrameOf(const Component& calendar, std::string_view line_end) {
  return "BEGIN:VCALENDAR" + std::string(line_end) +
         CalendarLine(calendar, "VERSION", "VERSION:2.0", line_end) +
         CalendarLine(calendar, "PRODID", "PRODID:-//Syncline//Calendar//EN", line_end) +
         CalendarLine(calendar, "CALSCALE", "", line_end) + LinesOfItsOwn(calendar, line_end);
}

std::string Compose(const std::vector<Part>& parts, std::string frame, std::string_view line_end) {
  std::string text = std::move(frame);
  Zones present;
  std::vector<std::unique_ptr<Component>> renamed_zones;
  std::string body;
  const auto append = [&body, line_end](const Component& component) {
    body += component.Text();
    // The last line of a file that was cut off may have none.
    if (!body.ends_with('\n') && !body.ends_with('\r')) body += line_end;
  };
  for (const Part& part : parts) {
    std::set<std::string> names;
    CollectZoneNames(*part.component, &names);
    const ZonePlan plan = PlanZones(names, *part.zones, present);
    for (const auto& [zone, name] : plan.missing) {
      const Component* placed = zone;
      const Property* tzid = zone->Find("TZID");
      if (Trimmed(tzid->value) != name) {
        renamed_zones.push_back(std::make_unique<Component>(zone->Clone()));
        RenameZone(renamed_zones.back().get(), tzid->value, name, line_end);
        placed = renamed_zones.back().get();
      }
      present.Add(placed);
      text += placed->Text();
    }
    if (plan.renamed.empty()) {
      append(*part.component);
      continue;
    }
    Component copy = part.component->Clone();
    for (const auto& [from, to] : plan.renamed) RenameZone(&copy, from, to, line_end);
    append(copy);
  }
  return text + body + "END:VCALENDAR" + std::string(line_end);
}

}  // namespace syncline::calendar
