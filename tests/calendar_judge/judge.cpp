// libical as an independent judge.
#include "tests/calendar_judge/judge.h"

#include <libical/ical.h>

#include <algorithm>
#include <memory>
#include <set>

namespace syncline::testing {
namespace {

struct FreeComponent {
  void operator()(icalcomponent* component) const { icalcomponent_free(component); }
};
using Owned = std::unique_ptr<icalcomponent, FreeComponent>;

Owned Parsed(const std::string& text) {
  // Errors become X-LIC-ERROR properties instead of ending the program.
  icalerror_set_errors_are_fatal(false);
  ical_set_unknown_token_handling_setting(ICAL_DISCARD_TOKEN);
  std::string bytes = text;
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.erase(0, 3);
  return Owned(icalparser_parse_string(bytes.c_str()));
}

void CollectFaults(icalcomponent* component, std::vector<std::string>* faults) {
  for (icalproperty* property =
           icalcomponent_get_first_property(component, ICAL_XLICERROR_PROPERTY);
       property != nullptr;
       property = icalcomponent_get_next_property(component, ICAL_XLICERROR_PROPERTY)) {
    const char* text = icalproperty_get_xlicerror(property);
    faults->push_back(text == nullptr ? "an error" : text);
  }
  for (icalcomponent* inside = icalcomponent_get_first_component(component, ICAL_ANY_COMPONENT);
       inside != nullptr;
       inside = icalcomponent_get_next_component(component, ICAL_ANY_COMPONENT)) {
    CollectFaults(inside, faults);
  }
}

std::string Line(icalproperty* property) {
  char* raw = icalproperty_as_ical_string_r(property);
  std::string line = raw == nullptr ? "" : raw;
  icalmemory_free_buffer(raw);
  // Unfolded; libical orders no parameters, so they are sorted here.
  std::string unfolded;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\r') continue;
    if (line[i] == '\n') {
      if (i + 1 < line.size()) ++i;
      continue;
    }
    unfolded += line[i];
  }
  return unfolded;
}

void CollectLines(icalcomponent* component, const std::string& prefix,
                  std::multiset<std::string>* lines) {
  static const std::set<icalproperty_kind> stamps = {
      ICAL_DTSTAMP_PROPERTY, ICAL_LASTMODIFIED_PROPERTY, ICAL_CREATED_PROPERTY,
      ICAL_SEQUENCE_PROPERTY, ICAL_XLICERROR_PROPERTY};
  for (icalproperty* property = icalcomponent_get_first_property(component, ICAL_ANY_PROPERTY);
       property != nullptr;
       property = icalcomponent_get_next_property(component, ICAL_ANY_PROPERTY)) {
    if (stamps.count(icalproperty_isa(property)) > 0) continue;
    // The zone counts by its moments; its name may change on the way.
    icalproperty_remove_parameter_by_kind(property, ICAL_TZID_PARAMETER);
    lines->insert(prefix + Line(property));
  }
  for (icalcomponent* inside = icalcomponent_get_first_component(component, ICAL_ANY_COMPONENT);
       inside != nullptr;
       inside = icalcomponent_get_next_component(component, ICAL_ANY_COMPONENT)) {
    std::multiset<std::string> of_inside;
    CollectLines(inside, "  ", &of_inside);
    std::string all = prefix + icalcomponent_kind_to_string(icalcomponent_isa(inside));
    for (const std::string& line : of_inside) all += "\n" + line;
    lines->insert(all);
  }
}

void AddOccurrence(icalcomponent*, icaltime_span* span, void* data) {
  auto* moments = static_cast<std::set<std::string>*>(data);
  moments->insert(std::to_string(span->start) + "-" + std::to_string(span->end));
}

std::string MomentsOf(icalcomponent* component) {
  std::set<std::string> moments;
  const icaltimetype start = icaltime_from_string("20200101T000000Z");
  const icaltimetype end = icaltime_from_string("20271231T235959Z");
  icalcomponent_foreach_recurrence(component, start, end, AddOccurrence, &moments);
  std::string all;
  for (const std::string& moment : moments) all += " " + moment;
  return all;
}

std::string TextOf(icalcomponent* component, icalproperty_kind kind) {
  icalproperty* property = icalcomponent_get_first_property(component, kind);
  if (property == nullptr) return {};
  char* raw = icalproperty_get_value_as_string_r(property);
  std::string text = raw == nullptr ? "" : raw;
  icalmemory_free_buffer(raw);
  return text;
}

void CollectMeaning(icalcomponent* component, std::map<std::string, std::string>* meaning) {
  const icalcomponent_kind kind = icalcomponent_isa(component);
  if (kind == ICAL_VEVENT_COMPONENT || kind == ICAL_VTODO_COMPONENT ||
      kind == ICAL_VJOURNAL_COMPONENT) {
    const std::string key = std::string(icalcomponent_kind_to_string(kind)) + " " +
                            TextOf(component, ICAL_UID_PROPERTY) + " " +
                            TextOf(component, ICAL_RECURRENCEID_PROPERTY);
    // Before the zones are taken off the properties.
    const std::string moments = MomentsOf(component);
    std::multiset<std::string> lines;
    CollectLines(component, "", &lines);
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    (*meaning)[key] += text + "occurs" + moments + "\n";
    return;
  }
  for (icalcomponent* inside = icalcomponent_get_first_component(component, ICAL_ANY_COMPONENT);
       inside != nullptr;
       inside = icalcomponent_get_next_component(component, ICAL_ANY_COMPONENT)) {
    CollectMeaning(inside, meaning);
  }
}

}  // namespace

std::vector<std::string> Faults(const std::string& text) {
  const Owned root = Parsed(text);
  if (root == nullptr) return {"no calendar"};
  std::vector<std::string> faults;
  CollectFaults(root.get(), &faults);
  icalrestriction_check(root.get());
  if (icalcomponent_isa(root.get()) == ICAL_XROOT_COMPONENT) {
    for (icalcomponent* inside = icalcomponent_get_first_component(root.get(), ICAL_ANY_COMPONENT);
         inside != nullptr;
         inside = icalcomponent_get_next_component(root.get(), ICAL_ANY_COMPONENT)) {
      icalrestriction_check(inside);
    }
  }
  CollectFaults(root.get(), &faults);
  std::sort(faults.begin(), faults.end());
  faults.erase(std::unique(faults.begin(), faults.end()), faults.end());
  return faults;
}

std::map<std::string, std::string> Meaning(const std::string& text) {
  std::map<std::string, std::string> meaning;
  const Owned root = Parsed(text);
  if (root != nullptr) CollectMeaning(root.get(), &meaning);
  return meaning;
}

}  // namespace syncline::testing
