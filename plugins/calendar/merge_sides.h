// The working copies of a merge: two sides and their ancestor, in one set of time zones. Inside the
// merge they are "left" and "right", whichever is mine: so swapping them cannot change a byte.
#ifndef SYNCLINE_PLUGINS_CALENDAR_MERGE_SIDES_H_
#define SYNCLINE_PLUGINS_CALENDAR_MERGE_SIDES_H_

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/calendar/vocabulary.h"
#include "plugins/calendar/zones.h"
#include "plugins/content_lines/component.h"
#include "plugins/content_lines/merge.h"

namespace syncline::calendar {

enum class Side : uint8_t { kNobody, kLeft, kRight };

struct LeftRight {
  std::string field;
  std::string left;
  std::string right;
};

// Components by occurrence (Canonical of the RECURRENCE-ID); the series itself is under "".
using Components = std::map<std::string, content_lines::Component>;

struct Sides {
  Components base;
  Components left;
  Components right;
  bool has_base = false;
  Zones zones;  // of all three
  std::string line_end;
  std::function<Side(std::string_view field)> winner;
  std::vector<LeftRight> differing;

  CalendarVocabulary vocabulary() const { return CalendarVocabulary(&zones); }
  // Who wins a field that both changed differently. Nobody: it is noted as differing.
  Side Decide(const std::string& field, const std::string& left_value,
              const std::string& right_value);
};

// "" or "occurrence 2026-03-05 10:00: ", in front of the fields of an occurrence.
std::string PrefixOf(const content_lines::Component& component);
// The component of this occurrence, or null.
content_lines::Component* At(Components* components, const std::string& occurrence);
const content_lines::Component* At(const Components& components, const std::string& occurrence);

// Each settles what its name says by making both sides agree on it (with the winner's value, or
// left's where nobody wins), so that the merge by properties finds nothing left to decide.
void SettleOccurrences(Sides* sides);
void SettleTimes(Sides* sides);
void SettleAttendees(Sides* sides);

}  // namespace syncline::calendar

#endif  // SYNCLINE_PLUGINS_CALENDAR_MERGE_SIDES_H_
