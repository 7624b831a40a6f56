// Times, rules and whole records as people read them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "plugins/calendar/describe.h"
#include "plugins/calendar/recurrence.h"
#include "plugins/calendar/time_value.h"
#include "tests/unit/calendar/texts.h"

namespace syncline::calendar {
namespace {

using ::testing::Contains;
using ::testing::Pair;

TEST(CalendarTimes, OnlyRealDatesAndTimesAreTaken) {
  EXPECT_TRUE(ParseTime("20240229"));
  EXPECT_TRUE(ParseTime("20260305T100000Z")->utc);
  EXPECT_TRUE(ParseTime(" 20260305T100000 "));
  for (const char* bad : {"20230229", "20261301", "2026030", "20260305T", "20260305T250000",
                          "20260305T1000", "20260305T100000X", "2026-03-05", "", "x"}) {
    EXPECT_FALSE(ParseTime(bad)) << bad;
  }
}

TEST(CalendarTimes, DaysAreCountedThroughLeapYears) {
  for (const char* text : {"19700101", "20000229", "20260305", "16010101", "21001231"}) {
    const TimeValue time = *ParseTime(text);
    EXPECT_EQ(ShowSorted(FromSeconds(Seconds(time), true, false)), ShowSorted(time));
  }
  EXPECT_EQ(ShowDay(*ParseTime("20260305")), "Thu 5 Mar 2026");
  EXPECT_EQ(ShowDay(*ParseTime("16010101")), "Mon 1 Jan 1601");
}

TEST(CalendarTimes, DurationsHaveWords) {
  const std::vector<std::pair<const char*, const char*>> cases = {{"PT15M", "15 minutes"},
                                                                  {"-PT1H", "1 hour"},
                                                                  {"PT1H30M", "1 hour 30 minutes"},
                                                                  {"P1D", "1 day"},
                                                                  {"P2W", "2 weeks"},
                                                                  {"P7D", "1 week"},
                                                                  {"P1DT12H", "1 day 12 hours"},
                                                                  {"PT0S", "0 minutes"},
                                                                  {"-P0DT0H10M0S", "10 minutes"},
                                                                  {"PT36H", "1 day 12 hours"},
                                                                  {"PT45S", "45 seconds"}};
  for (const auto& [value, words] : cases) {
    ASSERT_TRUE(ParseDuration(value)) << value;
    EXPECT_EQ(ShowDuration(*ParseDuration(value)), words) << value;
  }
  for (const char* bad : {"P", "PT", "15M", "P1H", "PT1D", "P1", "P-1D"}) {
    EXPECT_FALSE(ParseDuration(bad)) << bad;
  }
}

TEST(CalendarRules, HaveWords) {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"FREQ=DAILY", "every day"},
      {"FREQ=DAILY;INTERVAL=3;COUNT=20", "every 3 days, 20 times"},
      {"FREQ=WEEKLY", "every week"},
      {"FREQ=WEEKLY;INTERVAL=2;BYDAY=WE,MO;UNTIL=20260630T215959Z",
       "every 2 weeks on Monday and Wednesday until 30 Jun 2026"},
      {"FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday"},
      {"FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "every weekday"},
      {"FREQ=MONTHLY", "every month"},
      {"FREQ=MONTHLY;BYDAY=-1FR", "on the last Friday of every month"},
      {"FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1", "on the last Friday of every month"},
      {"FREQ=MONTHLY;INTERVAL=3;BYDAY=1MO", "every 3 months on the first Monday"},
      {"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "on the last weekday of every month"},
      {"FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=2", "on the second weekend day of every month"},
      {"FREQ=MONTHLY;BYMONTHDAY=15,-1", "on day 15 and the last day of every month"},
      {"FREQ=MONTHLY;BYMONTHDAY=-2", "on the 2nd to last day of every month"},
      {"FREQ=YEARLY", "every year"},
      {"FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24", "every year on 24 December"},
      {"FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "every year on the last Sunday of March"},
      {"FREQ=WEEKLY;BYDAY=SA;BYMONTH=6,7", "every week on Saturday in June and July"},
      {"FREQ=HOURLY;INTERVAL=6", "every 6 hours"},
      {"FREQ=DAILY;COUNT=1", "every day, once"},
      // Where words do not reach, the rule itself.
      {"FREQ=YEARLY;BYWEEKNO=20", "FREQ=YEARLY;BYWEEKNO=20"},
      {"FREQ=DAILY;BYHOUR=9,10", "FREQ=DAILY;BYHOUR=9,10"},
      {"FREQ=YEARLY;BYDAY=20MO", "FREQ=YEARLY;BYDAY=20MO"},
      {"FREQ=MONTHLY;BYDAY=XX", "FREQ=MONTHLY;BYDAY=XX"},
      {"INTERVAL=2", "INTERVAL=2"},
      {"nonsense", "nonsense"}};
  for (const auto& [rule, words] : cases) EXPECT_EQ(RuleWords(rule), words) << rule;
}

TEST(CalendarRules, OrderAndDefaultsDoNotCount) {
  EXPECT_EQ(CanonicalRule("FREQ=WEEKLY;WKST=MO;INTERVAL=1;BYDAY=WE,MO"),
            CanonicalRule("BYDAY=MO,WE;freq=weekly"));
  EXPECT_EQ(CanonicalRule("FREQ=MONTHLY;BYDAY=+1MO"), CanonicalRule("FREQ=MONTHLY;BYDAY=1MO"));
  EXPECT_NE(CanonicalRule("FREQ=WEEKLY;INTERVAL=2"), CanonicalRule("FREQ=WEEKLY"));
  EXPECT_NE(CanonicalRule("FREQ=WEEKLY;WKST=SU"), CanonicalRule("FREQ=WEEKLY"));
}

using Fields = std::vector<std::pair<std::string, std::string>>;

Fields FieldsOf(const std::string& content) {
  Fields fields;
  Describe(content, [&fields](std::string_view name, std::string_view value) {
    fields.emplace_back(name, value);
  });
  return fields;
}

TEST(CalendarDescribe, WhenNamesItsTimeZone) {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"DTSTART;TZID=Europe/Berlin:20260305T100000\nDTEND;TZID=Europe/Berlin:20260305T110000\n",
       "Thu 5 Mar 2026, 10:00-11:00 (Europe/Berlin)"},
      {"DTSTART:20260305T100000Z\nDURATION:PT90M\n", "Thu 5 Mar 2026, 10:00-11:30 (UTC)"},
      {"DTSTART:20260305T220000\nDTEND:20260306T020000\n",
       "Thu 5 Mar 2026, 22:00 - Fri 6 Mar 2026, 02:00 (local time)"},
      {"DTSTART;TZID=Europe/Berlin:20260305T100000\nDTEND;TZID=America/New_York:20260305T120000\n",
       "Thu 5 Mar 2026, 10:00 (Europe/Berlin) - Thu 5 Mar 2026, 12:00 (America/New_York)"},
      {"DTSTART;VALUE=DATE:20260305\nDTEND;VALUE=DATE:20260306\n", "Thu 5 Mar 2026, all day"},
      {"DTSTART;VALUE=DATE:20260305\n", "Thu 5 Mar 2026, all day"},
      {"DTSTART;VALUE=DATE:20260305\nDTEND;VALUE=DATE:20260308\n",
       "Thu 5 Mar 2026 - Sat 7 Mar 2026, all day"},
      {"DTSTART;VALUE=DATE:20260305\nDURATION:P3D\n", "Thu 5 Mar 2026 - Sat 7 Mar 2026, all day"},
      {"DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Vienna:20260305T100000\n",
       "Thu 5 Mar 2026, 10:00 (Europe/Vienna)"},
      {"DTSTART:someday\n", "someday"}};
  for (const auto& [lines, when] : cases) {
    EXPECT_THAT(FieldsOf(Event(lines)), Contains(Pair("when", when))) << lines;
  }
}

TEST(CalendarDescribe, TellsWhatAMeetingIs) {
  const Fields fields = FieldsOf(
      InCalendar("BEGIN:VEVENT\nUID:m\nDTSTART:20260302T090000Z\nDTEND:20260302T100000Z\n"
                 "RRULE:FREQ=WEEKLY;BYDAY=MO\nSUMMARY:Plans\\, and more\nLOCATION:Room 1\n"
                 "ATTENDEE;CN=Ada;PARTSTAT=ACCEPTED:mailto:Ada@example.org\nCATEGORIES:Work,Team\n"
                 "DESCRIPTION:one\\ntwo\nBEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT15M\nEND:VALARM\n"
                 "BEGIN:VALARM\nACTION:EMAIL\nTRIGGER;RELATED=END:PT0S\nEND:VALARM\nEND:VEVENT\n"
                 "BEGIN:VEVENT\nUID:m\nRECURRENCE-ID:20260309T090000Z\nDTSTART:20260309T120000Z\n"
                 "DTEND:20260309T130000Z\nSUMMARY:Plans at noon\nEND:VEVENT\n"));
  EXPECT_EQ(fields.front(), (std::pair<std::string, std::string>("title", "Plans, and more")));
  EXPECT_THAT(fields, Contains(Pair("repeats", "every week on Monday")));
  EXPECT_THAT(fields, Contains(Pair("where", "Room 1")));
  EXPECT_THAT(fields,
              Contains(Pair("attendee ada@example.org", "Ada <ada@example.org>, accepted")));
  EXPECT_THAT(fields, Contains(Pair("categories", "Work, Team")));
  EXPECT_THAT(fields, Contains(Pair("description", "one\ntwo")));
  EXPECT_THAT(fields, Contains(Pair("alarm", "15 minutes before")));
  EXPECT_THAT(fields, Contains(Pair("alarm", "at the end (email)")));
  EXPECT_THAT(fields, Contains(Pair("occurrence 2026-03-09 09:00 UTC",
                                    "Mon 9 Mar 2026, 12:00-13:00 (UTC): Plans at noon")));
}

TEST(CalendarDescribe, TellsWhenAToDoIsDue) {
  const Fields fields =
      FieldsOf(InCalendar("BEGIN:VTODO\nUID:t\nSUMMARY:Paint\nDUE;VALUE=DATE:20260601\n"
                          "PERCENT-COMPLETE:40\nEND:VTODO\n"));
  EXPECT_THAT(fields, Contains(Pair("kind", "to-do")));
  EXPECT_THAT(fields, Contains(Pair("when", "due Mon 1 Jun 2026")));
  EXPECT_THAT(fields, Contains(Pair("percent done", "40")));
}

TEST(CalendarDescribe, TellsAnythingAsWhatItIs) {
  EXPECT_EQ(FieldsOf("no calendar").size(), 1u);
  EXPECT_EQ(FieldsOf(Event("DTSTART:20260305T100000Z\n")).front().second,
            "event on Thu 5 Mar 2026, 10:00 (UTC)");
}

}  // namespace
}  // namespace syncline::calendar
