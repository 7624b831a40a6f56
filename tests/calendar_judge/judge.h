// libical as an independent judge of what the calendar provider writes: whether it is valid, and
// what it means.
#ifndef SYNCLINE_TESTS_CALENDAR_JUDGE_JUDGE_H_
#define SYNCLINE_TESTS_CALENDAR_JUDGE_JUDGE_H_

#include <map>
#include <string>
#include <vector>

namespace syncline::testing {

// What libical finds wrong with the text: what it cannot parse and what breaks the restrictions of
// RFC 5545. Empty: valid.
std::vector<std::string> Faults(const std::string& text);

// What each component says, by UID, RECURRENCE-ID and kind: its properties and those of its alarms
// in one order, without stamps and white space, and the moments (UTC) at which it occurs up to the
// end of 2027. Time zones count only by the moments that they lead to.
std::map<std::string, std::string> Meaning(const std::string& text);

}  // namespace syncline::testing

#endif  // SYNCLINE_TESTS_CALENDAR_JUDGE_JUDGE_H_
