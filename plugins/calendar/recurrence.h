// Recurrence rules (RFC 5545, 3.3.10): the form in which two equal ones are equal, and their words.
// Pure, any thread.
#ifndef SYNCLINE_PLUGINS_CALENDAR_RECURRENCE_H_
#define SYNCLINE_PLUGINS_CALENDAR_RECURRENCE_H_

#include <string>
#include <string_view>

namespace syncline::calendar {

// Upper case, parts and lists in one order, without what is the default (INTERVAL=1, WKST=MO).
std::string CanonicalRule(std::string_view rule);

// "every 2 weeks on Monday and Wednesday until 30 Jun 2026". Rules for which there are no words
// here are told as they stand.
std::string RuleWords(std::string_view rule);

}  // namespace syncline::calendar

#endif  // SYNCLINE_PLUGINS_CALENDAR_RECURRENCE_H_
