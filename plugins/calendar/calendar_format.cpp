// iCalendar as a format of record files.
#include "plugins/calendar/calendar_format.h"

#include <utility>
#include <variant>

#include "plugins/calendar/describe.h"
#include "plugins/calendar/index.h"
#include "plugins/calendar/merge.h"
#include "plugins/calendar/text.h"
#include "plugins/content_lines/value.h"

namespace syncline::calendar {

using content_lines::Component;
using content_lines::Property;
using content_lines::Winner;

Filter MakeFilter(std::string_view categories, std::string_view component) {
  Filter filter;
  if (component == "event") filter.kind = "VEVENT";
  if (component == "todo") filter.kind = "VTODO";
  if (component == "journal") filter.kind = "VJOURNAL";
  for (const std::string_view category : Parts(categories, ',')) {
    if (!Trimmed(category).empty()) filter.categories.insert(Lower(Trimmed(category)));
  }
  return filter;
}

std::unique_ptr<record_files::Book> CalendarFormat::Parse(std::string bytes) const {
  return std::make_unique<CalendarBook>(std::move(bytes), filter_);
}

std::string CalendarFormat::Renamed(std::string_view content, std::string_view label) const {
  return RenamedRecord(content, label);
}

bool CalendarFormat::Merge(const std::string* base, const std::string& mine,
                           const std::string& theirs, const MergeInput& choices,
                           std::string* merged, Fields differing) const {
  Merged result = MergeRecords(base, mine, theirs, [&choices](std::string_view field) {
    switch (choices.For(field)) {
      case Favour::kMine:
        return Winner::kMine;
      case Favour::kTheirs:
        return Winner::kTheirs;
      case Favour::kNone:
        break;
    }
    return Winner::kNobody;
  });
  for (const content_lines::Difference& field : result.differing) {
    differing.Push(field.field, field.mine, field.theirs);
  }
  if (!result.differing.empty()) return false;
  *merged = std::move(result.text);
  return true;
}

void CalendarFormat::Describe(std::string_view content, Fields fields) const {
  calendar::Describe(content, [&fields](std::string_view name, std::string_view value) {
    fields.Push(name, value);
  });
}

namespace {

Property* FindIn(Component* component, std::string_view name) {
  for (Component::Child& child : component->children) {
    auto* property = std::get_if<Property>(&child);
    if (property != nullptr && property->name == name) return property;
  }
  return nullptr;
}

}  // namespace

std::string RenamedRecord(std::string_view content, std::string_view label) {
  Index index(content);
  const Group* record = index.Single();
  if (record == nullptr) return std::string(content);
  const std::string hash =
      Hash(record->key + "\n" + std::string(label) + "\n" + std::string(content));
  // The form of a UUID, as RFC 7986 (5.3) wants it.
  const std::string uid = hash.substr(0, 8) + "-" + hash.substr(8, 4) + "-" + hash.substr(12, 4) +
                          "-" + hash.substr(16, 4) + "-" + hash.substr(20);
  const std::string& line_end = index.document.line_end;
  for (const Slot& slot : record->slots) {
    Component::Child& child = index.calendars[slot.calendar]->component->children[slot.child];
    Component* component = std::get<std::unique_ptr<Component>>(child).get();
    if (Property* old = FindIn(component, "UID")) {
      old->value = uid;
      old->Rewrite(line_end);
    } else {
      component->children.emplace(component->children.begin(), MakeProperty("UID", uid, line_end));
    }
    const std::string ending = " (" + content_lines::Escape(label) + ")";
    if (Property* summary = FindIn(component, "SUMMARY")) {
      summary->value += ending;
      summary->Rewrite(line_end);
    } else if (component->Find("RECURRENCE-ID") == nullptr) {
      component->children.emplace_back(MakeProperty("SUMMARY", "Copy" + ending, line_end));
    }
  }
  return index.document.Text();
}

}  // namespace syncline::calendar
