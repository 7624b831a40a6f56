// Groups the components of a calendar text by UID and finds what is wrong with them.
#include "plugins/calendar/index.h"

#include <utility>
#include <variant>

#include "plugins/calendar/text.h"

namespace syncline::calendar {

using content_lines::Component;
using content_lines::Document;

namespace {

constexpr char kNoCalendar[] =
    "it is no calendar: it has no BEGIN:VCALENDAR; replace it by one, or empty it";
constexpr char kNeither[] =
    "it has neither a UID nor a start (DTSTART); give it one of them or remove it";
constexpr char kNoUid[] = "it has no UID; give it one or remove it";

const Component* ComponentOf(const Component::Child& child) {
  const auto* component = std::get_if<std::unique_ptr<Component>>(&child);
  return component == nullptr ? nullptr : component->get();
}

// The name of the first component in it (or itself) that has no END.
std::string Unended(const Component& component) {
  for (const Component::Child& child : component.children) {
    const Component* inside = ComponentOf(child);
    if (inside == nullptr) continue;
    std::string name = Unended(*inside);
    if (!name.empty()) return name;
  }
  return component.end_raw.empty() ? component.name : std::string();
}

std::string NoEnd(const std::string& component) {
  return "it has no END:" + component + "; complete or remove it";
}

bool IsBlank(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return Trimmed(text).empty();
}

std::string TitleOf(const Component& component) {
  const content_lines::Property* summary = component.Find("SUMMARY");
  std::string title = summary == nullptr ? std::string() : OneLine(summary->value);
  return title.empty() ? std::string(KindWord(component.name)) + " without a title" : title;
}

}  // namespace

Index::Index(std::string_view bytes) : document(content_lines::Parse(bytes)) {
  for (Document::Piece& piece : document.pieces) {
    if (piece.component == nullptr) {
      if (!IsBlank(piece.between)) blank = false;
      continue;
    }
    blank = false;
    if (piece.component->name == "VCALENDAR") {
      ReadCalendar(piece.component.get());
      continue;
    }
    const Zones none;
    if (IsRecordKind(piece.component->name)) {
      misfits.push_back({KeyOf(*piece.component, none), piece.component->name,
                         TitleOf(*piece.component), piece.component->line,
                         "it stands outside of a VCALENDAR; move it into one or remove it"});
    }
    FindHidden(*piece.component, *piece.component, none);
  }
  if (!blank && calendars.empty() && misfits.empty()) {
    misfits.push_back({"", "", "file", 1, kNoCalendar});
  }
}

void Index::ReadCalendar(Component* component) {
  const size_t number = calendars.size();
  calendars.push_back(std::make_unique<Calendar>(
      Calendar{component, Zones(*component), FrameOf(*component, document.line_end)}));
  if (component->end_raw.empty()) {
    cut_off = true;
    misfits.push_back({"", "", "calendar", component->line,
                       "it has no END:VCALENDAR, so the file may have been cut off; complete it or "
                       "restore it from a backup"});
  }
  for (size_t i = 0; i < component->children.size(); ++i) {
    const Component* child = ComponentOf(component->children[i]);
    if (child == nullptr) continue;
    if (IsRecordKind(child->name)) AddComponent(number, i, *child);
    FindHidden(*child, *child, calendars[number]->zones);
  }
}

void Index::AddComponent(size_t calendar, size_t child, const Component& component) {
  const std::string key = KeyOf(component, calendars[calendar]->zones);
  const std::string unended = Unended(component);
  if (key.empty()) {
    // One that ends is whole and never had a name. One that does not end may have lost it, and may
    // be any record: without a key nothing is concluded about the rest of its file.
    misfits.push_back({unended.empty() ? "no-name-" + Hash(component.Text()) : std::string(),
                       component.name, TitleOf(component), component.line,
                       !unended.empty()             ? NoEnd(unended)
                       : component.name == "VEVENT" ? kNeither
                                                    : kNoUid});
    return;
  }
  const auto [found, is_new] = by_key.emplace(key, groups.size());
  if (is_new) {
    groups.emplace_back();
    groups.back().key = key;
    groups.back().kind = component.name;
  }
  Group& group = groups[found->second];
  Slot slot{calendar, child, 0};
  if (component.Find("RECURRENCE-ID") == nullptr) slot.series = group.series++;
  group.slots.push_back(slot);
  if (!group.problem.empty()) return;
  if (!unended.empty()) {
    group.problem = NoEnd(unended);
    group.problem_line = component.line;
  } else if (component.name != group.kind) {
    group.problem = "its UID stands in a second component of another kind (" + group.kind +
                    " and " + component.name + "); give one of the two another UID";
    group.problem_line = component.line;
  }
}

// A component without END swallows what follows it up to the end of its parent: records in there
// must not be taken for gone.
void Index::FindHidden(const Component& inside, const Component& outer, const Zones& zones) {
  for (const Component::Child& child : inside.children) {
    const Component* component = ComponentOf(child);
    if (component == nullptr) continue;
    if (IsRecordKind(component->name)) {
      misfits.push_back(
          {KeyOf(*component, zones), component->name, TitleOf(*component), component->line,
           "it stands inside the " + outer.name + " of line " + std::to_string(outer.line) +
               ", which has no END:" + outer.name + "; complete or remove that one"});
    }
    FindHidden(*component, outer, zones);
  }
}

Part Index::At(const Slot& slot) const {
  const Calendar& calendar = *calendars[slot.calendar];
  return {ComponentOf(calendar.component->children[slot.child]), &calendar.frame, &calendar.zones};
}

std::vector<Part> Index::Parts(const Group& group, size_t series) const {
  std::vector<Part> parts;
  for (const Slot& slot : group.slots) {
    if (slot.series == series) parts.push_back(At(slot));
  }
  return parts;
}

const Group* Index::Single() const {
  if (groups.size() != 1 || !misfits.empty()) return nullptr;
  const Group& group = groups.front();
  return group.problem.empty() && group.series <= 1 ? &group : nullptr;
}

}  // namespace syncline::calendar
