// One .ics file as a set of records: grouping, keys, versions, broken ones, putting and removing.
#include "plugins/calendar/book.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "syncline/provider.hpp"
#include "tests/unit/calendar/texts.h"

namespace syncline::calendar {
namespace {

using record_files::Book;
using record_files::Entry;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> KeysOf(const Book& book) {
  std::vector<std::string> keys;
  for (const Entry& entry : book.entries()) keys.push_back(entry.key);
  return keys;
}

std::string Simple(const std::string& uid, const std::string& summary = "x",
                   const std::string& kind = "VEVENT") {
  return "BEGIN:" + kind + "\nUID:" + uid +
         "\nDTSTAMP:20260101T000000Z\nDTSTART:20260305T100000Z\n" + "SUMMARY:" + summary +
         "\nEND:" + kind + "\n";
}

const char kSeries[] =
    "BEGIN:VEVENT\nUID:s\nDTSTART:20260302T090000Z\nRRULE:FREQ=DAILY\nSUMMARY:series\nEND:VEVENT\n";
const char kOverride[] =
    "BEGIN:VEVENT\nUID:s\nRECURRENCE-ID:20260303T090000Z\nDTSTART:20260303T100000Z\nSUMMARY:later\n"
    "END:VEVENT\n";

TEST(CalendarBook, ASeriesAndItsChangedOccurrencesAreOneRecordWhereverTheyStand) {
  const auto book = BookOf(InCalendar(kOverride + Simple("other") + kSeries));
  ASSERT_THAT(KeysOf(*book), ElementsAre("s", "other"));
  EXPECT_EQ(book->entries()[0].name, "series");
  EXPECT_EQ(book->entries()[0].line, 4u);
  const std::string content = book->Content(0);
  EXPECT_EQ(Count(content, "BEGIN:VEVENT"), 2u);
  EXPECT_EQ(Count(content, "UID:other"), 0u);
  EXPECT_EQ(content.size(), book->entries()[0].size);
  EXPECT_EQ(VersionOf(content), book->entries()[0].version);
}

TEST(CalendarBook, TheOnlyRecordOfAFileIsTheFile) {
  const std::string text = InCalendar("X-WR-CALNAME:Mine\n" + Zone("Office", "+0100") + kSeries);
  EXPECT_EQ(BookOf(text)->Content(0), text);
}

TEST(CalendarBook, ARecordBringsTheTimeZonesThatItNames) {
  const auto book =
      BookOf(InCalendar(Zone("One", "+0100") + Zone("Two", "+0200") + Simple("plain") +
                        "BEGIN:VEVENT\nUID:z\nDTSTART;TZID=Two:20260305T100000\nEND:VEVENT\n"));
  EXPECT_EQ(Count(book->Content(0), "VTIMEZONE"), 0u);
  EXPECT_EQ(Count(book->Content(1), "TZID:Two"), 1u);
  EXPECT_EQ(Count(book->Content(1), "TZID:One"), 0u);
}

TEST(CalendarBook, StampsAndOrderDoNotCount) {
  const std::string version = VersionOf(InCalendar(std::string(kSeries) + kOverride));
  EXPECT_EQ(version, VersionOf(InCalendar(std::string(kOverride) + kSeries)));
  EXPECT_EQ(version, VersionOf("\xEF\xBB\xBF" +
                               InCalendar("X-WR-CALNAME:y\n" + std::string(kSeries) + kOverride)));
  const std::string stamped = VersionOf(Event("DTSTART:20260305T100000Z\nSUMMARY:a\n"));
  EXPECT_EQ(stamped,
            VersionOf(Event("LAST-MODIFIED:20260304T100000Z\nCREATED:20200101T000000Z\nSUMMARY:a\n"
                            "DTSTART;VALUE=DATE-TIME:20260305T100000Z\n")));
  for (const char* other :
       {"DTSTART:20260305T100000\nSUMMARY:a\n", "DTSTART;VALUE=DATE:20260305\nSUMMARY:a\n",
        "DTSTART:20260305T100000Z\nSUMMARY:b\n", "DTSTART:20260305T100000Z\n",
        "DTSTART:20260305T100000Z\nSUMMARY:a\nX-MINE:1\n",
        "DTSTART:20260305T100000Z\nSUMMARY:a\nBEGIN:VALARM\nACTION:AUDIO\nTRIGGER:PT0S\nEND:"
        "VALARM\n"}) {
    EXPECT_NE(stamped, VersionOf(Event(other))) << other;
  }
}

TEST(CalendarBook, AnEventWithoutUidIsKnownByKindTitleAndStart) {
  const auto without = [](const std::string& lines) {
    const auto book = BookOf(InCalendar("BEGIN:VEVENT\n" + lines + "END:VEVENT\n"));
    return book->entries().at(0).key;
  };
  const std::string key = without("DTSTART:20260305T100000Z\nSUMMARY:a\n");
  EXPECT_EQ(key, without("SUMMARY:a\nLOCATION:here\nDTSTART:20260305T100000Z\n"));
  EXPECT_NE(key, without("DTSTART:20260305T100000Z\nSUMMARY:b\n"));
  EXPECT_NE(key, without("DTSTART:20260306T100000Z\nSUMMARY:a\n"));
}

TEST(CalendarBook, TheLatestStampTellsWhenItWasEdited) {
  const auto book = BookOf(
      InCalendar("BEGIN:VEVENT\nUID:a\nDTSTART:20260305T100000Z\nDTSTAMP:20260101T000000Z\n"
                 "LAST-MODIFIED:19700101T000010Z\nEND:VEVENT\n" +
                 Simple("b") + "BEGIN:VEVENT\nUID:c\nDTSTART:20260305T100000Z\nEND:VEVENT\n"));
  EXPECT_EQ(book->entries()[0].edited_ns, 10'000'000'000);
  EXPECT_EQ(book->entries()[1].edited_ns, 1'767'225'600'000'000'000);
  EXPECT_EQ(book->entries()[2].edited_ns, SYNCLINE_UNKNOWN_TIME);
}

struct Bad {
  const char* body;
  uint64_t line;
  const char* problem;
};

TEST(CalendarBook, BrokenRecordsAreToldWithTheirLineAndTheRestGoesOn) {
  const Bad cases[] = {
      {"BEGIN:VEVENT\nUID:b\nDTSTART:20260305T100000Z\n", 10,
       "it has no END:VEVENT; complete or remove it"},
      {"BEGIN:VEVENT\nUID:b\nBEGIN:VALARM\nACTION:AUDIO\nEND:VEVENT\n", 10,
       "it has no END:VALARM; complete or remove it"},
      {"BEGIN:VEVENT\nSUMMARY:b\nEND:VEVENT\n", 10,
       "it has neither a UID nor a start (DTSTART); give it one of them or remove it"},
      {"BEGIN:VTODO\nSUMMARY:b\nDTSTART:20260305T100000Z\nEND:VTODO\n", 10,
       "it has no UID; give it one or remove it"},
      {"BEGIN:VJOURNAL\nUID:  \nEND:VJOURNAL\n", 10, "it has no UID; give it one or remove it"},
      {"BEGIN:VEVENT\nUID:b\nEND:VEVENT\nBEGIN:VTODO\nUID:b\nEND:VTODO\n", 13,
       "its UID stands in a second component of another kind (VEVENT and VTODO); give one of the "
       "two another UID"},
  };
  for (const Bad& bad : cases) {
    const auto book = BookOf(InCalendar(Simple("good") + bad.body));
    std::vector<std::string> sound;
    std::vector<std::string> problems;
    for (const Entry& entry : book->entries()) {
      if (entry.problem.empty()) {
        sound.push_back(entry.key);
        continue;
      }
      problems.push_back(std::to_string(entry.line) + " " + entry.problem);
    }
    EXPECT_THAT(sound, ElementsAre("good")) << bad.body;
    EXPECT_THAT(problems, ElementsAre(std::to_string(bad.line) + " " + bad.problem)) << bad.body;
  }
}

TEST(CalendarBook, WhatAnUnendedComponentSwallowsIsNotTakenForGone) {
  const auto book = BookOf(
      InCalendar("BEGIN:VEVENT\nUID:a\nDTSTART:20260305T100000Z\n" + Simple("t", "x", "VTODO")));
  std::set<std::string> keys;
  for (const Entry& entry : book->entries()) {
    keys.insert(entry.key);
    EXPECT_NE(entry.problem, "") << entry.key;
  }
  EXPECT_EQ(keys, (std::set<std::string>{"a", "t"}));
}

TEST(CalendarBook, ACutOffFileIsToldAndNotWrittenTo) {
  std::string text = InCalendar(Simple("a") + Simple("b"));
  text.resize(text.find("UID:b") + 5);
  const auto book = BookOf(text);
  size_t without_key = 0;
  for (const Entry& entry : book->entries()) {
    if (!entry.key.empty()) continue;
    ++without_key;
    EXPECT_THAT(entry.problem, HasSubstr("may have been cut off"));
    EXPECT_EQ(entry.line, 1u);
  }
  EXPECT_EQ(without_key, 1u);
  EXPECT_THROW(book->Put("c", InCalendar(Simple("c"))), Error);
  EXPECT_THROW(book->Remove("a"), Error);
  EXPECT_EQ(book->Text(), text);
}

TEST(CalendarBook, WhatIsNoCalendarIsToldAndNotWrittenTo) {
  const auto book = BookOf("Dear diary\n");
  ASSERT_EQ(book->entries().size(), 1u);
  EXPECT_THAT(book->entries()[0].problem, HasSubstr("no BEGIN:VCALENDAR"));
  EXPECT_THROW(book->Put("c", InCalendar(Simple("c"))), Error);
  EXPECT_EQ(book->Text(), "Dear diary\n");
}

TEST(CalendarBook, AKeyThatStandsTwiceIsListedTwice) {
  const auto book = BookOf(InCalendar(Simple("a", "one") + Simple("b") + Simple("a", "two")));
  ASSERT_THAT(KeysOf(*book), ElementsAre("a", "a", "b"));
  EXPECT_EQ(book->entries()[0].line, 4u);
  EXPECT_EQ(book->entries()[1].line, 16u);
  EXPECT_EQ(book->entries()[1].name, "two");
}

TEST(CalendarBook, FiltersLeaveOutByKindAndCategory) {
  const std::string text = InCalendar(
      Simple("e") + Simple("t", "x", "VTODO") +
      "BEGIN:VEVENT\nUID:w\nDTSTART:20260305T100000Z\nCATEGORIES:Home\\, sweet,WORK\nEND:VEVENT\n");
  const auto left = [&text](std::string_view categories, std::string_view component) {
    const auto book = BookOf(text, MakeFilter(categories, component));
    std::vector<std::string> keys;
    for (const Entry& entry : book->entries()) {
      if (!entry.filtered) keys.push_back(entry.key);
    }
    return keys;
  };
  EXPECT_THAT(left("", "all"), ElementsAre("e", "t", "w"));
  EXPECT_THAT(left("", "event"), ElementsAre("e", "w"));
  EXPECT_THAT(left("", "todo"), ElementsAre("t"));
  EXPECT_THAT(left("", "journal"), ElementsAre());
  EXPECT_THAT(left("play, work", ""), ElementsAre("w"));
  EXPECT_THAT(left("sweet", ""), ElementsAre());
}

TEST(CalendarBook, PuttingTouchesNothingElse) {
  const std::string before = InCalendar("X-WR-CALNAME:Mine\n" + Simple("a") + kSeries +
                                        "BEGIN:VFREEBUSY\nUID:f\nEND:VFREEBUSY\n" + Simple("b"));
  const auto book = BookOf(before);
  book->Put("a", InCalendar(Simple("a", "changed")));
  std::string expected = before;
  expected.replace(expected.find("SUMMARY:x"), 9, "SUMMARY:changed");
  EXPECT_EQ(book->Text(), expected);
  EXPECT_EQ(book->entries().size(), 3u);
  EXPECT_EQ(book->entries()[0].name, "changed");
  book->Put("s", InCalendar(std::string(kSeries) + kOverride));
  EXPECT_EQ(Count(book->Text(), "UID:s\r\n"), 2u);
  book->Put("s", InCalendar(kSeries));
  EXPECT_EQ(book->Text(), expected);
  book->Put("n", InCalendar(Simple("n", "new")));
  EXPECT_EQ(book->entries().size(), 4u);
  EXPECT_TRUE(book->Text().ends_with("SUMMARY:new\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"));
  book->Remove("n");
  EXPECT_EQ(book->Text(), expected);
}

TEST(CalendarBook, TheFirstRecordOfAnEmptyFileBringsItsCalendar) {
  const std::string content = InCalendar(Simple("a"));
  for (const char* empty : {"", "\r\n", "\xEF\xBB\xBF"}) {
    const auto book = BookOf(empty);
    EXPECT_TRUE(book->entries().empty());
    book->Put("a", content);
    EXPECT_EQ(book->Text(), content);
    book->Put("b", InCalendar(Simple("b")));
    EXPECT_THAT(KeysOf(*book), ElementsAre("a", "b"));
    book->Remove("a");
    book->Remove("b");
    EXPECT_EQ(book->Text(), InCalendar(""));
  }
}

TEST(CalendarBook, ARecordOfManyBringsNameAndColourOfItsCalendar) {
  const std::string said =
      "NAME:Family\r\nX-WR-CALNAME:Family\r\nX-APPLE-CALENDAR-COLOR:#ff0000\r\nCOLOR:red\r\n"
      "X-WR-CALDESC:Ours\r\n";
  const std::string file = InCalendar(
      "METHOD:PUBLISH\nNAME:Family\nX-WR-CALNAME:Family\nUID:cal\n"
      "X-APPLE-CALENDAR-COLOR:#ff0000\nCOLOR:red\nno property\n" +
      Simple("a") + "X-WR-CALDESC:Ours\n" + Simple("b"));
  const auto from = BookOf(file);
  ASSERT_EQ(from->entries().size(), 2u);
  const std::string alone =
      "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\n" + said + "BEGIN:VEVENT\r\nUID:";
  for (const size_t entry : {size_t{0}, size_t{1}}) {
    EXPECT_THAT(from->Content(entry), ::testing::StartsWith(alone));
    EXPECT_EQ(from->Content(entry).size(), from->entries()[entry].size);
  }
  // So a new file has them, once, and a file that is a calendar already keeps its own.
  const auto fresh = BookOf("");
  const auto other = BookOf(InCalendar("X-WR-CALNAME:Mine\n"));
  for (Book* to : {fresh.get(), other.get()}) {
    to->Put("a", from->Content(0));
    to->Put("b", from->Content(1));
  }
  EXPECT_EQ(Count(fresh->Text(), said), 1u) << fresh->Text();
  EXPECT_EQ(Count(fresh->Text(), "Family"), 2u);
  EXPECT_EQ(Count(other->Text(), "X-WR-CALNAME:Mine"), 1u);
  EXPECT_EQ(Count(other->Text(), "Family"), 0u);
}

TEST(CalendarBook, ARecordAtTheEndOfACutOffFileIsWhole) {
  std::string cut = InCalendar(Simple("a") + Simple("b"));
  cut.resize(cut.rfind("END:VEVENT") + 10);
  const auto book = BookOf(cut);
  EXPECT_EQ(book->entries()[1].key, "b");
  EXPECT_EQ(VersionOf(book->Content(1)), book->entries()[1].version);
}

TEST(CalendarBook, WhatIsLeftOfALineIsNoPropertyOfTheCalendar) {
  const std::string cut = "BEGIN:VCALENDAR\r\n" + Crlf(Simple("a") + Simple("b")) + "X-WR-CALN:F";
  EXPECT_EQ(Count(BookOf(cut)->Content(0), "X-WR-CALN"), 0u);
}

TEST(CalendarBook, ATimeZoneComesOnceAndNeverChangesAnothersMeaning) {
  const auto in = [](const std::string& uid, const std::string& tzid, const std::string& offset) {
    return InCalendar(Zone(tzid, offset) + "BEGIN:VEVENT\nUID:" + uid + "\nDTSTART;TZID=" + tzid +
                      ":20260305T100000\nEND:VEVENT\n");
  };
  const auto book = BookOf(in("a", "Office", "+0100"));
  book->Put("b", in("b", "Office", "+0100"));
  EXPECT_EQ(Count(book->Text(), "BEGIN:VTIMEZONE"), 1u);
  book->Put("c", in("c", "Office", "+0900"));
  EXPECT_EQ(Count(book->Text(), "BEGIN:VTIMEZONE"), 2u);
  EXPECT_EQ(Count(book->Text(), "TZID:Office-2\r\n"), 1u);
  EXPECT_EQ(Count(book->Text(), "DTSTART;TZID=Office-2:20260305T100000\r\n"), 1u);
  book->Put("d", in("d", "Office", "+0900"));
  EXPECT_EQ(Count(book->Text(), "BEGIN:VTIMEZONE"), 2u);
  // Under its new name it is the same record still.
  ASSERT_THAT(KeysOf(*book), ElementsAre("a", "b", "c", "d"));
  EXPECT_EQ(book->entries()[2].version, VersionOf(in("c", "Office", "+0900")));
  EXPECT_EQ(VersionOf(book->Content(2)), book->entries()[2].version);
  book->Put("k", in("k", "Europe/Berlin", "+0100"));
  book->Put("l", in("l", "Europe/Berlin", "+0200"));
  EXPECT_EQ(Count(book->Text(), "TZID:Europe/Berlin\r\n"), 1u);
}

TEST(CalendarBook, OneRecordOfTwoCalendarsKeepsBothMeaningsOfAName) {
  const std::string text = InCalendar(Zone("Z", "+0100") +
                                      "BEGIN:VEVENT\nUID:a\nDTSTART;TZID=Z:20260305T100000\n"
                                      "RRULE:FREQ=DAILY\nEND:VEVENT\n" +
                                      Simple("other")) +
                           InCalendar(Zone("Z", "+0900") +
                                      "BEGIN:VEVENT\nUID:a\nRECURRENCE-ID;TZID=Z:20260306T180000\n"
                                      "DTSTART;TZID=Z:20260306T100000\nEND:VEVENT\n");
  const auto book = BookOf(text);
  ASSERT_THAT(KeysOf(*book), ElementsAre("a", "other"));
  const std::string content = book->Content(0);
  EXPECT_EQ(Count(content, "TZID:Z\r\n"), 1u);
  EXPECT_EQ(Count(content, "TZID:Z-2\r\n"), 1u);
  EXPECT_EQ(VersionOf(content), book->entries()[0].version);
}

TEST(CalendarBook, TheFilesLineEndsHoldForWhatIsPutIntoIt) {
  std::string lf = InCalendar(Simple("a"));
  lf.erase(std::remove(lf.begin(), lf.end(), '\r'), lf.end());
  const auto book = BookOf(lf);
  book->Put("b", InCalendar(Zone("Z", "+0100") +
                            "BEGIN:VEVENT\nUID:b\nDTSTART;TZID=Z:20260305T100000\nDESCRIPTION:fol\n"
                            " ded\nEND:VEVENT\n"));
  EXPECT_EQ(Count(book->Text(), "\r"), 0u);
  EXPECT_EQ(Count(book->Text(), "DESCRIPTION:fol\n ded\n"), 1u);
}

TEST(CalendarBook, OnlyOneRecordCanBePut) {
  const auto book = BookOf(InCalendar(Simple("a")));
  for (const std::string& bad :
       {std::string(), std::string("x"), InCalendar(""), InCalendar(Simple("b") + Simple("c")),
        InCalendar("BEGIN:VEVENT\nUID:b\n")}) {
    EXPECT_THROW(book->Put("b", bad), Error) << bad;
  }
}

TEST(CalendarBook, ManyRecordsArePutAndRemovedInOnePass) {
  constexpr int kRecords = 20'000;
  std::string body;
  for (int i = 0; i < kRecords; ++i) body += Simple("u" + std::to_string(i));
  const auto book = BookOf(InCalendar(body));
  ASSERT_EQ(book->entries().size(), static_cast<size_t>(kRecords));
  for (int i = 0; i < kRecords; ++i) {
    const std::string uid = "u" + std::to_string(i);
    if (i % 2 == 0) {
      book->Remove(uid);
    } else {
      book->Put(uid, InCalendar(Simple(uid, "new")));
    }
    book->Put("n" + uid, InCalendar(Simple("n" + uid)));
  }
  EXPECT_EQ(book->entries().size(), static_cast<size_t>(kRecords / 2 * 3));
}

TEST(CalendarFormatTest, ACopyHasAnotherUidInAllItsPartsAndALabel) {
  const std::string content = InCalendar(std::string(kSeries) + kOverride);
  const std::string copy = RenamedRecord(content, "from B 2026-11-21");
  const auto book = BookOf(copy);
  ASSERT_EQ(book->entries().size(), 1u);
  EXPECT_NE(book->entries()[0].key, "s");
  EXPECT_EQ(book->entries()[0].name, "series (from B 2026-11-21)");
  EXPECT_EQ(Count(copy, "SUMMARY:later (from B 2026-11-21)"), 1u);
  EXPECT_EQ(copy, RenamedRecord(content, "from B 2026-11-21"));
  EXPECT_NE(BookOf(RenamedRecord(content, "x"))->entries()[0].key, book->entries()[0].key);
  const std::string nameless =
      RenamedRecord(InCalendar("BEGIN:VEVENT\nDTSTART:20260305T100000Z\nEND:VEVENT\n"), "x");
  EXPECT_EQ(Count(nameless, "\r\nUID:"), 1u);
  EXPECT_EQ(BookOf(nameless)->entries()[0].name, "Copy (x)");
}

}  // namespace
}  // namespace syncline::calendar
