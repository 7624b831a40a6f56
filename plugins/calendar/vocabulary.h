// What iCalendar (RFC 5545, 7986, 9073, 9074) says about its properties: how each is compared and
// merged. docs/provider-calendar.md has the same as a table.
#ifndef SYNCLINE_PLUGINS_CALENDAR_VOCABULARY_H_
#define SYNCLINE_PLUGINS_CALENDAR_VOCABULARY_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/calendar/zones.h"
#include "plugins/content_lines/vocabulary.h"

namespace syncline::calendar {

// Pure, any thread.
class CalendarVocabulary : public content_lines::Vocabulary {
 public:
  // zones: those of the calendar that the components stand in; borrowed.
  explicit CalendarVocabulary(const Zones* zones) : zones_(zones) {}

  content_lines::PropertyRule RuleOf(std::string_view component,
                                     std::string_view property) const override;
  std::string Canonical(std::string_view component,
                        const content_lines::Property& property) const override;
  std::string CanonicalParameters(std::string_view component,
                                  const content_lines::Property& property) const override;
  std::vector<std::string> MemberIds(std::string_view component,
                                     const content_lines::Property& property) const override;
  std::string ComponentId(const content_lines::Component& component) const override;
  std::string Shown(std::string_view component,
                    const content_lines::Property& property) const override;

  // Value and parameters: all that counts of the property.
  std::string Whole(std::string_view component, const content_lines::Property& property) const;
  // A time (or date, or period) with its zone: equal for two that mean the same.
  std::string CanonicalTime(const content_lines::Property& property, std::string_view value) const;

 private:
  const Zones* zones_;
};

// The parameters that count, in the form in which equal ones are equal: without those that say what
// is so anyway (PARTSTAT=NEEDS-ACTION) or what the value tells (TZID).
std::map<std::string, std::string> CountingParameters(const content_lines::Property& property);
// The address of an ATTENDEE or ORGANIZER: lower case, without "mailto:".
std::string Address(const content_lines::Property& property);
// "Ada Lovelace <ada@example.org>, accepted".
std::string ShownPerson(const content_lines::Property& property);
// "15 minutes before", "at the start", "Thu 5 Mar 2026, 09:00 (UTC)".
std::string ShownTrigger(const content_lines::Property& trigger);
// "Thu 5 Mar 2026, 10:00 (Europe/Berlin)".
std::string ShownTime(const content_lines::Property& property, std::string_view value);
// "Europe/Berlin", "UTC" or "local time".
std::string ShownZone(const content_lines::Property& property, std::string_view value);

}  // namespace syncline::calendar

#endif  // SYNCLINE_PLUGINS_CALENDAR_VOCABULARY_H_
