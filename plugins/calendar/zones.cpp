// Time zones: names, meanings, and changing their names.
#include "plugins/calendar/zones.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "plugins/calendar/recurrence.h"
#include "plugins/calendar/text.h"
#include "plugins/calendar/time_value.h"

namespace syncline::calendar {

using content_lines::Component;
using content_lines::Property;

namespace {

// The first part of every area of the IANA database, and its names without one.
constexpr std::array<std::string_view, 18> kAreas = {
    "Africa",    "America", "Antarctica", "Arctic",  "Asia", "Atlantic",
    "Australia", "Brazil",  "Canada",     "Chile",   "Etc",  "Europe",
    "Indian",    "Mexico",  "Pacific",    "SystemV", "US",   "Mideast"};
constexpr std::array<std::string_view, 46> kPlain = {
    "CET",       "CST6CDT",  "Cuba",    "EET",    "EST",       "EST5EDT",  "Egypt",     "Eire",
    "GB",        "GB-Eire",  "GMT",     "GMT+0",  "GMT-0",     "GMT0",     "Greenwich", "HST",
    "Hongkong",  "Iceland",  "Iran",    "Israel", "Jamaica",   "Japan",    "Kwajalein", "Libya",
    "MET",       "MST",      "MST7MDT", "NZ",     "NZ-CHAT",   "Navajo",   "PRC",       "PST8PDT",
    "Poland",    "Portugal", "ROC",     "ROK",    "Singapore", "Turkey",   "UCT",       "UTC",
    "Universal", "W-SU",     "WET",     "Zulu",   "Factory",   "localtime"};

// A place: letters, digits and the few signs that names of the database have.
bool IsPlace(std::string_view part) {
  return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '+';
  });
}

}  // namespace

std::string OlsonName(std::string_view tzid) {
  tzid = Trimmed(tzid);
  if (std::find(kPlain.begin(), kPlain.end(), tzid) != kPlain.end()) return std::string(tzid);
  const std::vector<std::string_view> parts = Parts(tzid, '/');
  // "/mozilla.org/20050126_1/Europe/Berlin": the area is where the name begins.
  for (size_t i = 0; i + 1 < parts.size(); ++i) {
    if (std::find(kAreas.begin(), kAreas.end(), parts[i]) == kAreas.end()) continue;
    if (i > 0 && !parts.front().empty()) return {};
    if (parts.size() - i > 3) return {};
    if (!std::all_of(parts.begin() + static_cast<std::ptrdiff_t>(i), parts.end(), IsPlace)) {
      return {};
    }
    return std::string(tzid.substr(static_cast<size_t>(parts[i].data() - tzid.data())));
  }
  return {};
}

namespace {

// Offsets: "+0100" and "+010000" are one.
std::string CanonicalOffset(std::string_view value) {
  value = Trimmed(value);
  if (value.size() == 7 && value.substr(5) == "00") value.remove_suffix(2);
  if (value == "-0000") return "+0000";
  return std::string(value);
}

std::string RuleMeaning(const Component& rule) {
  std::string meaning = rule.name;
  bool ends = false;
  const Property* repeats = rule.Find("RRULE");
  if (repeats != nullptr) {
    const std::string canonical = CanonicalRule(repeats->value);
    ends = canonical.find("UNTIL=") != std::string::npos ||
           canonical.find("COUNT=") != std::string::npos;
    meaning += "|" + canonical;
  }
  const Property* start = rule.Find("DTSTART");
  if (start != nullptr) {
    const std::optional<TimeValue> time = ParseTime(start->value);
    if (time && repeats != nullptr && !ends && time->year <= 1970) {
      meaning += "|always " + ShowClock(*time);
    } else {
      meaning += "|" + std::string(Trimmed(start->value));
    }
  }
  for (const char* name : {"TZOFFSETFROM", "TZOFFSETTO"}) {
    const Property* offset = rule.Find(name);
    meaning += "|" + (offset == nullptr ? std::string() : CanonicalOffset(offset->value));
  }
  std::set<std::string> dates;
  for (const Property* more : rule.All("RDATE")) {
    for (const std::string_view date : Parts(more->value, ',')) {
      dates.insert(std::string(Trimmed(date)));
    }
  }
  for (const std::string& date : dates) meaning += "|" + date;
  return meaning;
}

}  // namespace

std::string ZoneMeaning(const Component& timezone) {
  std::set<std::string> rules;
  for (const Component::Child& child : timezone.children) {
    if (const auto* rule = std::get_if<std::unique_ptr<Component>>(&child)) {
      rules.insert(RuleMeaning(**rule));
    }
  }
  std::string meaning;
  for (const std::string& rule : rules) meaning += rule + "\n";
  return meaning;
}

Zones::Zones(const Component& calendar) {
  for (const Component* timezone : calendar.Components("VTIMEZONE")) Add(timezone);
}

void Zones::Add(const Component* timezone) {
  const Property* name = timezone->Find("TZID");
  if (name == nullptr) return;
  const std::string tzid(Trimmed(name->value));
  std::string id = OlsonName(tzid);
  if (id.empty()) id = "zone " + Hash(ZoneMeaning(*timezone));
  zones_.emplace(tzid, Zone{timezone, std::move(id)});
}

const Component* Zones::Find(std::string_view tzid) const {
  const auto found = zones_.find(Trimmed(tzid));
  return found == zones_.end() ? nullptr : found->second.timezone;
}

std::string Zones::Id(std::string_view tzid) const {
  const auto found = zones_.find(Trimmed(tzid));
  if (found != zones_.end()) return found->second.id;
  std::string olson = OlsonName(tzid);
  return olson.empty() ? std::string(Trimmed(tzid)) : olson;
}

void CollectZoneNames(const Component& component, std::set<std::string>* names) {
  for (const Component::Child& child : component.children) {
    if (const auto* property = std::get_if<Property>(&child)) {
      std::string tzid = ParameterOf(*property, "TZID");
      if (tzid.empty()) continue;
      // Exchange writes TZID=tzone://Microsoft/Custom without the quotes that its colon needs.
      const size_t colon = property->value.rfind(':');
      if (colon != std::string::npos) names->insert(tzid + ":" + property->value.substr(0, colon));
      names->insert(std::move(tzid));
    } else {
      CollectZoneNames(*std::get<std::unique_ptr<Component>>(child), names);
    }
  }
}

void RenameZone(Component* component, std::string_view from, std::string_view to,
                std::string_view line_end) {
  for (Component::Child& child : component->children) {
    auto* property = std::get_if<Property>(&child);
    if (property == nullptr) {
      RenameZone(std::get<std::unique_ptr<Component>>(child).get(), from, to, line_end);
      continue;
    }
    bool renamed = false;
    if (component->name == "VTIMEZONE" && property->name == "TZID" &&
        Trimmed(property->value) == Trimmed(from)) {
      property->value = std::string(to);
      renamed = true;
    }
    for (content_lines::Parameter& parameter : property->parameters) {
      if (parameter.name != "TZID" || parameter.values.empty() ||
          Trimmed(parameter.values.front()) != Trimmed(from)) {
        continue;
      }
      parameter.values = {std::string(to)};
      renamed = true;
    }
    if (renamed) property->Rewrite(line_end);
  }
}

ZonePlan PlanZones(const std::set<std::string>& names, const Zones& source, const Zones& present) {
  ZonePlan plan;
  std::map<std::string, std::string> planned;  // TZID here -> what it means
  const auto taken = [&](const std::string& name, const std::string& id) {
    const auto found = planned.find(name);
    if (found != planned.end()) return found->second != id;
    return present.Find(name) != nullptr && present.Id(name) != id;
  };
  for (const std::string& name : names) {
    const Component* definition = source.Find(name);
    if (definition == nullptr) continue;
    const std::string id = source.Id(name);
    std::string here(Trimmed(name));
    for (int number = 2; taken(here, id); ++number) {
      here = std::string(Trimmed(name)) + "-" + std::to_string(number);
    }
    if (present.Find(here) == nullptr && planned.count(here) == 0) {
      plan.missing.emplace_back(definition, here);
    }
    planned.emplace(here, id);
    if (here != name) plan.renamed.emplace_back(name, here);
  }
  // Of "Zone" and "Zone-2" the second makes room first.
  std::reverse(plan.renamed.begin(), plan.renamed.end());
  return plan;
}

}  // namespace syncline::calendar
