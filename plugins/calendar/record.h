// A record of a calendar: all components of one UID, the series and its changed occurrences, with
// the calendar they stand in.
#ifndef SYNCLINE_PLUGINS_CALENDAR_RECORD_H_
#define SYNCLINE_PLUGINS_CALENDAR_RECORD_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/calendar/zones.h"
#include "plugins/content_lines/component.h"

namespace syncline::calendar {

// VEVENT, VTODO or VJOURNAL: what is a record. Everything else of a calendar stays with its file.
bool IsRecordKind(std::string_view component);
// "event", "to-do" or "journal entry".
std::string_view KindWord(std::string_view component);

// One component of a record. All of it is borrowed from an Index.
struct Part {
  const content_lines::Component* component = nullptr;
  const std::string* frame = nullptr;  // FrameOf() its calendar
  const Zones* zones = nullptr;
};

// The UID, or for an event without one a name made of its kind, summary and start. Empty: neither.
std::string KeyOf(const content_lines::Component& component, const Zones& zones);
// The RECURRENCE-ID as it counts, empty for the series itself.
std::string OccurrenceOf(const content_lines::Component& component, const Zones& zones);

// A digest of what counts, whatever the order of the parts.
std::string VersionOf(const std::vector<Part>& parts);
// LAST-MODIFIED, else DTSTAMP: the latest of the parts; ns since 1970 or SYNCLINE_UNKNOWN_TIME.
int64_t EditedNs(const std::vector<Part>& parts);
// The part that names the record: the series itself, else the first. parts is not empty.
const content_lines::Component& Leading(const std::vector<Part>& parts);
// For people: its summary, or kind and start.
std::string TitleOf(const std::vector<Part>& parts);

// What stands around a record that is a calendar of its own: BEGIN, properties, up to the zones.
// Name, colour and the like of the calendar are in it, so that a file that begins with this record
// has them too; what is said of one file or one message only (METHOD, UID, ...) is not.
std::string FrameOf(const content_lines::Component& calendar, std::string_view line_end);
// A calendar of its own: the frame, the time zones that these parts name, and the parts in this
// order.
std::string Compose(const std::vector<Part>& parts, std::string frame, std::string_view line_end);

}  // namespace syncline::calendar

#endif  // SYNCLINE_PLUGINS_CALENDAR_RECORD_H_
