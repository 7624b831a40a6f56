// Merging two edits of one record, property by property.
#include "plugins/calendar/merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "tests/unit/calendar/texts.h"

namespace syncline::calendar {
namespace {

using content_lines::Difference;
using content_lines::Winner;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Merged MergeTexts(const std::string& base, const std::string& mine, const std::string& theirs,
                  Winner winner = Winner::kNobody) {
  return MergeRecords(base.empty() ? nullptr : &base, mine, theirs,
                      [winner](std::string_view) { return winner; });
}

std::vector<std::string> FieldsOf(const Merged& merged) {
  std::vector<std::string> fields;
  for (const Difference& one : merged.differing) fields.push_back(one.field);
  return fields;
}

// The merged text without folds; a conflict is told instead.
std::string TextOf(const Merged& merged) {
  if (!merged.differing.empty()) {
    std::string text = "conflict:";
    for (const Difference& one : merged.differing) {
      text += " [" + one.field + ": " + one.mine + " | " + one.theirs + "]";
    }
    return text;
  }
  std::string text = merged.text;
  for (size_t at = text.find("\r\n "); at != std::string::npos; at = text.find("\r\n ")) {
    text.erase(at, 3);
  }
  return text;
}

constexpr char kMeeting[] = "DTSTART:20260305T100000Z\nDTEND:20260305T110000Z\nSUMMARY:Plan\n";
const std::string kBase = Event(kMeeting);

std::string With(const std::string& more) { return Event(kMeeting + more); }

TEST(CalendarMerge, EditsOfDifferentPropertiesBothSurvive) {
  const std::string mine =
      Event("DTSTART:20260305T120000Z\nDTEND:20260305T130000Z\nSUMMARY:Plan\n");
  const std::string theirs =
      Event("DTSTART:20260305T100000Z\nDTEND:20260305T110000Z\nSUMMARY:The plan\nLOCATION:Room\n");
  const std::string text = TextOf(MergeTexts(kBase, mine, theirs));
  EXPECT_THAT(text, HasSubstr("DTSTART:20260305T120000Z\r\n"));
  EXPECT_THAT(text, HasSubstr("DTEND:20260305T130000Z\r\n"));
  EXPECT_THAT(text, HasSubstr("SUMMARY:The plan\r\n"));
  EXPECT_THAT(text, HasSubstr("LOCATION:Room\r\n"));
}

TEST(CalendarMerge, ASingleValueThatBothChangedIsAConflictThatNamesBothValues) {
  const Merged merged =
      MergeTexts(With("LOCATION:a\n"), With("LOCATION:b\\, 1\n"), With("LOCATION:c\n"));
  ASSERT_EQ(merged.differing.size(), 1u);
  EXPECT_EQ(merged.differing[0].field, "where");
  EXPECT_EQ(merged.differing[0].mine, "b, 1");
  EXPECT_EQ(merged.differing[0].theirs, "c");
}

TEST(CalendarMerge, AStartFromOneAndAnEndFromTheOtherIsAConflict) {
  const std::string mine =
      Event("DTSTART:20260305T090000Z\nDTEND:20260305T110000Z\nSUMMARY:Plan\n");
  const std::string theirs =
      Event("DTSTART:20260305T100000Z\nDTEND:20260305T120000Z\nSUMMARY:Plan\n");
  const Merged merged = MergeTexts(kBase, mine, theirs);
  ASSERT_THAT(FieldsOf(merged), ElementsAre("when"));
  EXPECT_EQ(merged.differing[0].mine, "Thu 5 Mar 2026, 09:00-11:00 (UTC)");
  EXPECT_EQ(merged.differing[0].theirs, "Thu 5 Mar 2026, 10:00-12:00 (UTC)");
  const std::string text = TextOf(MergeTexts(kBase, mine, theirs, Winner::kTheirs));
  EXPECT_THAT(text, HasSubstr("DTSTART:20260305T100000Z"));
  EXPECT_THAT(text, HasSubstr("DTEND:20260305T120000Z"));
}

TEST(CalendarMerge, AnEndAndADurationNeverStandTogether) {
  const std::string mine = Event("DTSTART:20260305T100000Z\nDURATION:PT2H\nSUMMARY:Plan\n");
  const std::string text = TextOf(MergeTexts(kBase, mine, With("LOCATION:x\n")));
  EXPECT_THAT(text, HasSubstr("DURATION:PT2H"));
  EXPECT_THAT(text, HasSubstr("LOCATION:x"));
  EXPECT_THAT(text, Not(HasSubstr("DTEND")));
}

TEST(CalendarMerge, ListsAndSetsTakeWhatBothAddedAndRemoved) {
  const std::string base = With("CATEGORIES:a,b\nRRULE:FREQ=DAILY\nEXDATE:20260306T100000Z\n");
  const std::string mine = With(
      "CATEGORIES:b,c\nRRULE:FREQ=DAILY\nEXDATE:20260306T100000Z,20260307T100000Z\n"
      "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT5M\nDESCRIPTION:x\nEND:VALARM\n");
  const std::string theirs = With(
      "CATEGORIES:a,b,d\nRRULE:FREQ=DAILY\nEXDATE:20260306T100000Z\nEXDATE:20260308T100000Z\n"
      "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT10M\nDESCRIPTION:x\nEND:VALARM\n");
  const std::string text = TextOf(MergeTexts(base, mine, theirs));
  const auto book = BookOf(text, MakeFilter("a", ""));
  EXPECT_TRUE(book->entries().at(0).filtered) << "category a was removed: " << text;
  for (const char* kept : {"b", "c", "d"}) {
    EXPECT_FALSE(BookOf(text, MakeFilter(kept, ""))->entries().at(0).filtered) << kept << text;
  }
  for (const char* date : {"20260306T100000Z", "20260307T100000Z", "20260308T100000Z"}) {
    EXPECT_THAT(text, HasSubstr(date));
  }
  EXPECT_EQ(Count(text, "BEGIN:VALARM"), 2u);
}

TEST(CalendarMerge, AnAnswerAndANameOfOneAttendeeBothSurvive) {
  const auto ada = [](const std::string& parameters) {
    return With("ATTENDEE" + parameters + ":mailto:ada@example.org\n");
  };
  const std::string base = ada(";PARTSTAT=NEEDS-ACTION;CN=ada");
  const std::string text =
      TextOf(MergeTexts(base, ada(";PARTSTAT=ACCEPTED;CN=ada"), ada(";CN=Ada Lovelace")));
  EXPECT_THAT(text, HasSubstr("PARTSTAT=ACCEPTED"));
  EXPECT_THAT(text, HasSubstr("CN=Ada Lovelace"));
  EXPECT_EQ(Count(text, "ATTENDEE"), 1u);
  const Merged merged =
      MergeTexts(base, ada(";PARTSTAT=ACCEPTED;CN=ada"), ada(";PARTSTAT=DECLINED;CN=ada"));
  ASSERT_THAT(FieldsOf(merged), ElementsAre("answer of ada@example.org"));
  EXPECT_EQ(merged.differing[0].mine, "accepted");
  EXPECT_EQ(merged.differing[0].theirs, "declined");
}

TEST(CalendarMerge, AttendeesAreKnownByTheirAddress) {
  const std::string text = TextOf(MergeTexts(
      With("ATTENDEE:mailto:ada@example.org\n"),
      With("ATTENDEE:mailto:ada@example.org\nATTENDEE:mailto:bob@example.org\n"),
      With(
          "ATTENDEE;PARTSTAT=ACCEPTED:MAILTO:Ada@Example.org\nATTENDEE:mailto:eve@example.org\n")));
  EXPECT_EQ(Count(text, "ATTENDEE"), 3u) << text;
  EXPECT_THAT(text, HasSubstr("ATTENDEE;PARTSTAT=ACCEPTED:MAILTO:Ada@Example.org"));
}

TEST(CalendarMerge, TheLargerSequenceWinsAndStampsNeverConflict) {
  const std::string text =
      TextOf(MergeTexts(With("SEQUENCE:1\nLAST-MODIFIED:20260101T000000Z\n"),
                        With("SEQUENCE:9\nLAST-MODIFIED:20260102T000000Z\nLOCATION:x\n"),
                        With("SEQUENCE:10\nLAST-MODIFIED:20260103T000000Z\nCLASS:PRIVATE\n")));
  EXPECT_THAT(text, HasSubstr("SEQUENCE:10\r\n"));
  EXPECT_EQ(Count(text, "LAST-MODIFIED"), 1u);
}

// ---- Occurrences --------------------------------------------------------------------------------

const char kSeries[] =
    "BEGIN:VEVENT\nUID:s\nDTSTART;TZID=Europe/Berlin:20260305T100000\nDURATION:PT1H\n"
    "RRULE:FREQ=WEEKLY\nSUMMARY:Series\nEND:VEVENT\n";
const char kMoved[] =
    "BEGIN:VEVENT\nUID:s\nDTSTART;TZID=Europe/Berlin:20260305T140000\nDURATION:PT1H\n"
    "RRULE:FREQ=WEEKLY\nSUMMARY:Series\nEND:VEVENT\n";
const char kLeftOut[] =
    "BEGIN:VEVENT\nUID:s\nDTSTART;TZID=Europe/Berlin:20260305T100000\nDURATION:PT1H\n"
    "RRULE:FREQ=WEEKLY\nEXDATE;TZID=Europe/Berlin:20260312T100000\nSUMMARY:Series\nEND:VEVENT\n";

std::string Occurrence(const std::string& day, const std::string& lines) {
  return "BEGIN:VEVENT\nUID:s\nRECURRENCE-ID;TZID=Europe/Berlin:" + day + "T100000\n" + lines +
         "END:VEVENT\n";
}
const std::string kEdited = Occurrence(
    "20260312", "DTSTART;TZID=Europe/Berlin:20260312T110000\nDURATION:PT1H\nSUMMARY:Later\n");

TEST(CalendarMerge, OccurrencesMergeOneByOne) {
  const std::string other = Occurrence(
      "20260319", "DTSTART;TZID=Europe/Berlin:20260319T100000\nDURATION:PT1H\nSUMMARY:Other\n");
  const std::string text = TextOf(
      MergeTexts(InCalendar(kSeries), InCalendar(kSeries + kEdited), InCalendar(kSeries + other)));
  EXPECT_EQ(Count(text, "BEGIN:VEVENT"), 3u) << text;
  // Of one occurrence its properties.
  std::string placed = kEdited;
  placed.replace(placed.find("SUMMARY:Later"), 13, "SUMMARY:Later\nLOCATION:Room");
  std::string renamed = kEdited;
  renamed.replace(renamed.find("SUMMARY:Later"), 13, "SUMMARY:At eleven");
  const std::string both = TextOf(MergeTexts(
      InCalendar(kSeries + kEdited), InCalendar(kSeries + placed), InCalendar(kSeries + renamed)));
  EXPECT_THAT(both, HasSubstr("SUMMARY:At eleven"));
  EXPECT_THAT(both, HasSubstr("LOCATION:Room"));
  // What one removed and the other left alone is gone.
  const std::string gone = TextOf(MergeTexts(InCalendar(kSeries + kEdited), InCalendar(kSeries),
                                             InCalendar(std::string(kSeries) + kEdited + other)));
  EXPECT_THAT(gone, Not(HasSubstr("Later")));
  EXPECT_THAT(gone, HasSubstr("Other"));
}

TEST(CalendarMerge, AnEditedOccurrenceOfAMovedSeriesIsAConflictOfThatOccurrence) {
  const std::string base = InCalendar(kSeries);
  const std::string moved = InCalendar(kMoved);
  const std::string edited = InCalendar(kSeries + kEdited);
  const Merged merged = MergeTexts(base, moved, edited);
  ASSERT_THAT(FieldsOf(merged), ElementsAre("occurrence 2026-03-12 10:00"));
  EXPECT_EQ(merged.differing[0].mine,
            "as the series: Thu 5 Mar 2026, 14:00-15:00 (Europe/Berlin), every week");
  EXPECT_EQ(merged.differing[0].theirs, "Thu 12 Mar 2026, 11:00-12:00 (Europe/Berlin): Later");
  const std::string without = TextOf(MergeTexts(base, moved, edited, Winner::kMine));
  EXPECT_THAT(without, HasSubstr("20260305T140000"));
  EXPECT_THAT(without, Not(HasSubstr("RECURRENCE-ID")));
  const std::string with = TextOf(MergeTexts(base, moved, edited, Winner::kTheirs));
  EXPECT_THAT(with, HasSubstr("20260305T140000"));
  EXPECT_THAT(with, HasSubstr("RECURRENCE-ID"));
}

TEST(CalendarMerge, ALeftOutOccurrenceOfAMovedSeriesIsAConflictOfThatOccurrence) {
  const std::string base = InCalendar(kSeries);
  const Merged merged = MergeTexts(base, InCalendar(kLeftOut), InCalendar(kMoved));
  ASSERT_THAT(FieldsOf(merged), ElementsAre("occurrence 2026-03-12 10:00"));
  EXPECT_EQ(merged.differing[0].mine, "left out");
  EXPECT_THAT(TextOf(MergeTexts(base, InCalendar(kLeftOut), InCalendar(kMoved), Winner::kMine)),
              HasSubstr("EXDATE;TZID=Europe/Berlin:20260312T100000"));
  EXPECT_THAT(TextOf(MergeTexts(base, InCalendar(kLeftOut), InCalendar(kMoved), Winner::kTheirs)),
              Not(HasSubstr("EXDATE")));
}

TEST(CalendarMerge, AnOccurrenceEditedHereAndTakenAwayThereIsAConflict) {
  const std::string base = InCalendar(kSeries + kEdited);
  std::string edited_again = kEdited;
  edited_again.replace(edited_again.find("Later"), 5, "Twice");
  for (const std::string& removed : {InCalendar(kSeries), InCalendar(kLeftOut)}) {
    const Merged merged = MergeTexts(base, InCalendar(kSeries + edited_again), removed);
    EXPECT_THAT(FieldsOf(merged), ElementsAre("occurrence 2026-03-12 10:00"));
    EXPECT_THAT(
        TextOf(MergeTexts(base, InCalendar(kSeries + edited_again), removed, Winner::kMine)),
        HasSubstr("SUMMARY:Twice"));
    EXPECT_THAT(
        TextOf(MergeTexts(base, InCalendar(kSeries + edited_again), removed, Winner::kTheirs)),
        Not(HasSubstr("RECURRENCE-ID")));
  }
  // Left out here, changed there, for the first time on both sides.
  EXPECT_THAT(FieldsOf(MergeTexts(InCalendar(kSeries), InCalendar(kLeftOut),
                                  InCalendar(kSeries + kEdited))),
              ElementsAre("occurrence 2026-03-12 10:00"));
}

TEST(CalendarMerge, WhatDoesNotMoveTheSeriesLeavesItsOccurrencesAlone) {
  std::string renamed = kSeries;
  renamed.replace(renamed.find("SUMMARY:Series"), 14, "SUMMARY:New name");
  const std::string text =
      TextOf(MergeTexts(InCalendar(kSeries), InCalendar(renamed), InCalendar(kSeries + kEdited)));
  EXPECT_THAT(text, HasSubstr("SUMMARY:New name"));
  EXPECT_THAT(text, HasSubstr("SUMMARY:Later"));
}

TEST(CalendarMerge, FieldsOfAnOccurrenceAreNamedAfterIt) {
  std::string one = kEdited;
  one.replace(one.find("Later"), 5, "One");
  std::string two = kEdited;
  two.replace(two.find("Later"), 5, "Two");
  EXPECT_THAT(FieldsOf(MergeTexts(InCalendar(kSeries + kEdited), InCalendar(kSeries + one),
                                  InCalendar(kSeries + two))),
              ElementsAre("occurrence 2026-03-12 10:00: summary"));
}

// ---- The whole
// ------------------------------------------------------------------------------------

TEST(CalendarMerge, WithoutAnAncestorBothAreJoinedAndSingleValuesDiffer) {
  const std::string text =
      TextOf(MergeTexts("", With("CATEGORIES:a\nLOCATION:x\n"), With("CATEGORIES:b\n")));
  EXPECT_THAT(text, HasSubstr("LOCATION:x"));
  EXPECT_FALSE(BookOf(text, MakeFilter("a", ""))->entries().at(0).filtered);
  EXPECT_FALSE(BookOf(text, MakeFilter("b", ""))->entries().at(0).filtered);
  EXPECT_THAT(FieldsOf(MergeTexts("", With("LOCATION:x\n"), With("LOCATION:y\n"))),
              ElementsAre("where"));
}

TEST(CalendarMerge, AnotherKindUnderTheSameUidIsAConflictOfTheKind) {
  const std::string todo = InCalendar("BEGIN:VTODO\nUID:e\nSUMMARY:Plan\nEND:VTODO\n");
  EXPECT_THAT(FieldsOf(MergeTexts(kBase, kBase + "", todo)), ElementsAre("kind"));
  EXPECT_EQ(MergeTexts(kBase, With("LOCATION:x\n"), todo, Winner::kTheirs).text, todo);
}

TEST(CalendarMerge, ZonesOfOneNameAndTwoMeaningsStayApart) {
  const auto in = [](const std::string& offset, const std::string& lines) {
    return InCalendar(
        Zone("Office", offset) +
        "BEGIN:VEVENT\nUID:e\nDTSTART;TZID=Office:20260305T100000\nRRULE:FREQ=DAILY\n" + lines +
        "END:VEVENT\n");
  };
  // Mine moved to another zone of the same name, theirs left out a day by the old one.
  const std::string base = in("+0100", "SUMMARY:a\n");
  const std::string mine = in("+0900", "SUMMARY:a\n");
  const std::string theirs = in("+0100", "SUMMARY:b\n");
  const std::string text = TextOf(MergeTexts(base, mine, theirs));
  EXPECT_THAT(text, HasSubstr("SUMMARY:b"));
  EXPECT_EQ(VersionOf(text), VersionOf(in("+0900", "SUMMARY:b\n")));
}

TEST(CalendarMerge, TheResultHasOneKindOfLineEndAndTheCalendarsProperties) {
  std::string lf = InCalendar("X-WR-CALNAME:Mine\nBEGIN:VEVENT\nUID:e\n" + std::string(kMeeting) +
                              "LOCATION:x\nEND:VEVENT\n");
  lf.erase(std::remove(lf.begin(), lf.end(), '\r'), lf.end());
  const std::string text = MergeTexts(kBase, lf, With("CLASS:PRIVATE\n")).text;
  EXPECT_THAT(text, HasSubstr("X-WR-CALNAME:Mine"));
  const size_t crlf = Count(text, "\r\n");
  EXPECT_TRUE(crlf == 0 || crlf == Count(text, "\n")) << text;
}

}  // namespace
}  // namespace syncline::calendar
