// Lists, puts and removes the records of one .ics file.
#include "plugins/calendar/book.h"

#include <algorithm>
#include <map>
#include <variant>

#include "plugins/calendar/text.h"
#include "plugins/content_lines/value.h"
#include "syncline/provider.hpp"

namespace syncline::calendar {

using content_lines::Component;
using content_lines::Property;
using record_files::Entry;

namespace {

std::string ComposeAlone(const std::vector<Part>& parts, const Index& index) {
  const std::string& line_end = index.document.line_end;
  return Compose(parts, *parts.front().frame, line_end);
}

}  // namespace

bool Filter::LeavesOut(std::string_view component_kind, const std::vector<Part>& parts) const {
  if (!kind.empty() && !component_kind.empty() && kind != component_kind) return true;
  if (categories.empty() || parts.empty()) return false;
  for (const Part& part : parts) {
    for (const Property* property : part.component->All("CATEGORIES")) {
      for (const std::string& word : content_lines::Split(property->value, ',')) {
        if (categories.count(Lower(OneLine(word))) > 0) return false;
      }
    }
  }
  return true;
}

CalendarBook::CalendarBook(std::string bytes, const Filter& filter)
    : filter_(filter), state_(std::make_unique<State>(std::move(bytes))) {}

const std::vector<Entry>& CalendarBook::entries() const {
  List();
  return state_->entries;
}

void CalendarBook::List() const {
  if (state_->changed) *state_ = State(Text());
  if (state_->listed) return;
  state_->listed = true;
  const Index& index = state_->index;
  const bool single = index.Single() != nullptr;
  for (const Group& group : index.groups) {
    // A broken one is told once, whatever else is wrong with it.
    const size_t listed = group.problem.empty() ? std::max<size_t>(group.series, 1) : 1;
    for (size_t series = 0; series < listed; ++series) {
      std::vector<Part> parts = index.Parts(group, series);
      Entry entry;
      entry.key = group.key;
      entry.media_type = "text/calendar";
      entry.name = TitleOf(parts);
      entry.version = VersionOf(parts);
      entry.edited_ns = EditedNs(parts);
      entry.line = group.problem.empty() ? parts.front().component->line : group.problem_line;
      entry.problem = group.problem;
      entry.filtered = filter_.LeavesOut(group.kind, parts);
      entry.size = single ? state_->bytes.size() : ComposeAlone(parts, index).size();
      state_->entries.push_back(std::move(entry));
      state_->parts.push_back(std::move(parts));
    }
  }
  for (const Misfit& misfit : index.misfits) {
    Entry entry;
    entry.key = misfit.key;
    entry.name = misfit.name;
    entry.line = misfit.line;
    entry.problem = misfit.problem;
    entry.filtered = filter_.LeavesOut(misfit.kind, {});
    state_->entries.push_back(std::move(entry));
    state_->parts.emplace_back();
  }
}

std::string CalendarBook::Content(size_t entry) const {
  List();
  if (state_->index.Single() != nullptr) return state_->bytes;
  return ComposeAlone(state_->parts.at(entry), state_->index);
}

void CalendarBook::ExpectWritable() const {
  const Index& index = state_->index;
  if (index.calendars.empty()) {
    throw Error(SYNCLINE_INVALID,
                "The file is no calendar (it has no BEGIN:VCALENDAR), so nothing is written into "
                "it. Choose another file or correct this one.");
  }
  if (index.cut_off) {
    throw Error(SYNCLINE_INVALID,
                "The calendar has no END:VCALENDAR. The file may have been cut off, so nothing is "
                "written into it; restore or correct it.");
  }
}

void CalendarBook::Put(std::string_view key, std::string_view content) {
  const Index incoming(content);
  const Group* record = incoming.Single();
  if (record == nullptr) {
    throw Error(SYNCLINE_INVALID, "The content is not exactly one event, to-do or journal entry.");
  }
  if (state_->index.blank) {
    state_ = std::make_unique<State>(std::string(content));
    return;
  }
  ExpectWritable();
  Index& index = state_->index;
  const auto [found, is_new] = index.by_key.emplace(std::string(key), index.groups.size());
  if (is_new) index.groups.emplace_back();
  Group& group = index.groups[found->second];
  group.key = std::string(key);
  std::multimap<std::string, Slot> old;  // by occurrence
  for (const Slot& slot : group.slots) {
    const Part part = index.At(slot);
    old.emplace(OccurrenceOf(*part.component, *part.zones), slot);
  }
  const size_t home = group.slots.empty() ? index.calendars.size() - 1 : group.slots[0].calendar;
  std::vector<Slot> slots;
  const std::string line_end =
      incoming.document.line_end == index.document.line_end ? "" : index.document.line_end;
  for (const Part& part : incoming.Parts(*record)) {
    const auto place = old.find(OccurrenceOf(*part.component, *part.zones));
    if (place == old.end()) {
      slots.push_back(Place(home, nullptr, part, line_end));
    } else {
      slots.push_back(Place(place->second.calendar, &place->second, part, line_end));
      old.erase(place);
    }
  }
  for (const auto& [occurrence, slot] : old) {
    index.calendars[slot.calendar]->component->children[slot.child] = Property();
  }
  group.slots = std::move(slots);
  state_->changed = true;
}

// Puts a copy of the part where the old one stood, or at the end of the calendar, behind the time
// zones that it brings. line_end: empty when its line ends are right.
Slot CalendarBook::Place(size_t calendar, const Slot* old, const Part& part,
                         std::string_view line_end) {
  Index::Calendar& home = *state_->index.calendars[calendar];
  const std::string& end = state_->index.document.line_end;
  const auto fit = [&](const Component& component) {
    auto copy = std::make_unique<Component>(component.Clone());
    if (!line_end.empty()) SetLineEnds(copy.get(), line_end);
    return copy;
  };
  std::set<std::string> names;
  CollectZoneNames(*part.component, &names);
  const ZonePlan plan = PlanZones(names, *part.zones, home.zones);
  for (const auto& [zone, name] : plan.missing) {
    std::unique_ptr<Component> copy = fit(*zone);
    const std::string own(Trimmed(zone->Find("TZID")->value));
    if (own != name) RenameZone(copy.get(), own, name, end);
    home.zones.Add(copy.get());
    home.component->children.emplace_back(std::move(copy));
  }
  std::unique_ptr<Component> copy = fit(*part.component);
  for (const auto& [from, to] : plan.renamed) RenameZone(copy.get(), from, to, end);
  if (old != nullptr) {
    home.component->children[old->child] = std::move(copy);
    return {calendar, old->child, 0};
  }
  home.component->children.emplace_back(std::move(copy));
  return {calendar, home.component->children.size() - 1, 0};
}

void CalendarBook::Remove(std::string_view key) {
  Index& index = state_->index;
  const auto found = index.by_key.find(std::string(key));
  if (found == index.by_key.end()) return;
  ExpectWritable();
  for (const Slot& slot : index.groups[found->second].slots) {
    index.calendars[slot.calendar]->component->children[slot.child] = Property();
  }
  index.groups[found->second].slots.clear();
  index.by_key.erase(found);
  state_->changed = true;
}

std::string CalendarBook::Text() const {
  return state_->changed ? state_->index.document.Text() : state_->bytes;
}

}  // namespace syncline::calendar
