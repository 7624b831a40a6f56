// Time zones: names that everybody knows, and what definitions mean.
#include "plugins/calendar/zones.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/calendar/texts.h"

namespace syncline::calendar {
namespace {

TEST(CalendarZones, KnowNamesOfTheDatabase) {
  EXPECT_EQ(OlsonName("Europe/Berlin"), "Europe/Berlin");
  EXPECT_EQ(OlsonName("America/Argentina/Buenos_Aires"), "America/Argentina/Buenos_Aires");
  EXPECT_EQ(OlsonName("/freeassociation.sourceforge.net/Europe/Vienna"), "Europe/Vienna");
  EXPECT_EQ(OlsonName("/mozilla.org/20050126_1/Europe/Berlin"), "Europe/Berlin");
  EXPECT_EQ(OlsonName("UTC"), "UTC");
  for (const char* other :
       {"Customized Time Zone", "W. Europe Standard Time", "Europe", "Western/Central Europe",
        "(UTC+01:00) Amsterdam, Berlin", "", "My/Europe/Berlin", "Europe/Berlin of mine"}) {
    EXPECT_EQ(OlsonName(other), "") << other;
  }
}

std::string EventIn(const std::string& zones, const std::string& tzid) {
  return InCalendar(zones + "BEGIN:VEVENT\nUID:e\nDTSTART;TZID=" + tzid +
                    ":20260305T100000\nSUMMARY:x\nEND:VEVENT\n");
}

TEST(CalendarZones, OnesOwnCountByMeaningAndNotByName) {
  const std::string office = VersionOf(EventIn(Zone("Office", "+0100"), "Office"));
  EXPECT_EQ(office, VersionOf(EventIn(Zone("Desk", "+0100"), "Desk")));
  EXPECT_EQ(office, VersionOf(EventIn(Zone("Office", "+010000"), "Office")));
  EXPECT_NE(office, VersionOf(EventIn(Zone("Office", "+0200"), "Office")));
}

TEST(CalendarZones, KnownNamesCountWhateverTheirDefinitionSays) {
  const std::string berlin = VersionOf(EventIn(Zone("Europe/Berlin", "+0100"), "Europe/Berlin"));
  EXPECT_EQ(berlin, VersionOf(EventIn("", "Europe/Berlin")));
  EXPECT_EQ(berlin, VersionOf(EventIn(Zone("Europe/Berlin", "+0500"), "Europe/Berlin")));
  EXPECT_EQ(berlin, VersionOf(EventIn("", "/freeassociation.sourceforge.net/Europe/Berlin")));
  EXPECT_NE(berlin, VersionOf(EventIn("", "Europe/Paris")));
}

TEST(CalendarZones, TheYearInWhichAnEndlessRuleBeganDoesNotCount) {
  const auto zone = [](const std::string& year, const std::string& rule) {
    return "BEGIN:VTIMEZONE\nTZID:Mine\nBEGIN:STANDARD\nDTSTART:" + year +
           "1028T030000\nRRULE:" + rule +
           "\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\n";
  };
  const std::string rule = "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10";
  const std::string version = VersionOf(EventIn(zone("1601", rule), "Mine"));
  EXPECT_EQ(version, VersionOf(EventIn(zone("1970", rule), "Mine")));
  EXPECT_EQ(version, VersionOf(EventIn(zone("1967", "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;INTERVAL=1"),
                                       "Mine")));
  EXPECT_NE(version, VersionOf(EventIn(zone("2007", rule), "Mine")));
  EXPECT_NE(VersionOf(EventIn(zone("1967", rule + ";UNTIL=20061029T010000Z"), "Mine")),
            VersionOf(EventIn(zone("1601", rule + ";UNTIL=20061029T010000Z"), "Mine")));
}

TEST(CalendarZones, MakeRoomForEachOther) {
  content_lines::Document here =
      content_lines::Parse(InCalendar(Zone("Zone", "+0100") + Zone("Zone-3", "+0300")));
  content_lines::Document there =
      content_lines::Parse(InCalendar(Zone("Zone", "+0500") + Zone("Zone-2", "+0600")));
  const Zones present(*here.pieces.front().component);
  const Zones source(*there.pieces.front().component);
  const ZonePlan plan = PlanZones({"Zone", "Zone-2", "unknown"}, source, present);
  ASSERT_EQ(plan.missing.size(), 2u);
  EXPECT_EQ(plan.missing[0].second, "Zone-2");
  EXPECT_EQ(plan.missing[1].second, "Zone-2-2");
  // Applied in this order no name is changed twice.
  ASSERT_EQ(plan.renamed.size(), 2u);
  EXPECT_EQ(plan.renamed[0].first, "Zone-2");
  EXPECT_EQ(plan.renamed[1].first, "Zone");
}

}  // namespace
}  // namespace syncline::calendar
