// An event, to-do or journal entry as a person reads it. Pure, any thread.
#ifndef SYNCLINE_PLUGINS_CALENDAR_DESCRIBE_H_
#define SYNCLINE_PLUGINS_CALENDAR_DESCRIBE_H_

#include <functional>
#include <string>
#include <string_view>

#include "plugins/content_lines/component.h"

namespace syncline::calendar {

// "Thu 5 Mar 2026, 10:00-11:00 (Europe/Berlin)"; of a to-do also "due ..."; empty without any time.
std::string WhenWords(const content_lines::Component& component);
// "every week on Monday, 10 times"; empty when it does not repeat.
std::string RepeatsWords(const content_lines::Component& component);
// "occurrence 2026-03-05 10:00", "occurrences from ..."; empty for the series itself.
std::string OccurrenceWords(const content_lines::Component& component);

// "15 minutes before", "2 hours before (audio)".
std::string AlarmWords(const content_lines::Component& alarm);

// Title and fields of the one record in content, named like the fields of a conflict.
void Describe(std::string_view content,
              const std::function<void(std::string_view name, std::string_view value)>& field);

}  // namespace syncline::calendar

#endif  // SYNCLINE_PLUGINS_CALENDAR_DESCRIBE_H_
