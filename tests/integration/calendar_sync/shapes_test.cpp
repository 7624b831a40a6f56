// Folder to folder, folder to file, file to file: first sync, edits, merges, conflicts, deletions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/integration/calendar_sync/calendar_stage.h"

namespace syncline::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

INSTANTIATE_TEST_SUITE_P(Of, CalendarSync,
                         ::testing::Values(Shapes{Shape::kFolder, Shape::kFolder},
                                           Shapes{Shape::kFolder, Shape::kFile},
                                           Shapes{Shape::kFile, Shape::kFile}),
                         [](const auto& one) { return NameOf(one.param); });

TEST_P(CalendarSync, TheFirstSyncBringsEverythingToBothSides) {
  a_.Add("plan", Meeting("plan", "Plan"));
  a_.Add("task", "BEGIN:VTODO\nUID:task\nDTSTAMP:20260101T000000Z\nSUMMARY:Paint\nEND:VTODO\n");
  b_.Add("note", "BEGIN:VJOURNAL\nUID:note\nDTSTAMP:20260101T000000Z\nSUMMARY:Day\nEND:VJOURNAL\n");
  a_.Add("same", Meeting("same", "Same"));
  b_.Add("same", Meeting("same", "Same", "LAST-MODIFIED:20260201T000000Z\n"));
  stage_.Add();
  EXPECT_EQ(stage_.Sync()["created"], 3);
  EXPECT_EQ(a_.Means().size(), 4u);
  stage_.ExpectInStep();
}

TEST_P(CalendarSync, EditsOfEitherSideReachTheOther) {
  AddOthers();
  a_.Add("x", Meeting("x", "X"));
  a_.Add("y", Meeting("y", "Y"));
  stage_.Add();
  stage_.Sync();
  a_.Edit("x", "SUMMARY:X", "SUMMARY:X of A");
  b_.Edit("y", "DTEND:20260305T110000Z", "DTEND:20260305T113000Z");
  b_.Add("z", Meeting("z", "Z"));
  const nlohmann::json item = stage_.Sync();
  EXPECT_EQ(item["updated"], 2);
  EXPECT_EQ(item["created"], 1);
  EXPECT_THAT(b_.Text(), HasSubstr("SUMMARY:X of A"));
  EXPECT_THAT(a_.Text(), HasSubstr("DTEND:20260305T113000Z"));
  stage_.ExpectInStep();
}

TEST_P(CalendarSync, TwoPeopleEditTheSameMeetingAndBothEditsSurvive) {
  AddOthers();
  a_.Add("x", Meeting("x", "X", "SEQUENCE:1\nATTENDEE:mailto:ada@example.org\nCATEGORIES:a\n"));
  stage_.Add();
  stage_.Sync();
  a_.Edit("x", "SUMMARY:X", "SUMMARY:New name\r\nLOCATION:Room 1");
  a_.Edit("x", "SEQUENCE:1", "SEQUENCE:2");
  b_.Edit("x", "ATTENDEE:", "ATTENDEE;PARTSTAT=ACCEPTED:");
  b_.Edit("x", "CATEGORIES:a", "CATEGORIES:a,b");
  b_.Edit("x", "SEQUENCE:1", "SEQUENCE:3");
  EXPECT_EQ(stage_.Sync()["merged"], 1);
  for (const CalendarSide* side : {&a_, &b_}) {
    const std::string text = side->Text();
    for (const char* survives :
         {"SUMMARY:New name", "LOCATION:Room 1", "PARTSTAT=ACCEPTED", "SEQUENCE:3"}) {
      EXPECT_THAT(text, HasSubstr(survives));
    }
  }
  stage_.ExpectInStep();
}

TEST_P(CalendarSync, AnEditedOccurrenceOfAMovedSeriesIsAConflictOfThatOccurrence) {
  AddOthers();
  a_.Add("s", Meeting("s", "S", "RRULE:FREQ=WEEKLY;COUNT=10\n"));
  stage_.Add();
  stage_.Sync();
  a_.Edit("s", "DTSTART:20260305T100000Z\r\nDTEND:20260305T110000Z",
          "DTSTART:20260305T140000Z\r\nDTEND:20260305T150000Z");
  b_.Edit("s", "RRULE:FREQ=WEEKLY;COUNT=10\r\n",
          "RRULE:FREQ=WEEKLY;COUNT=10\r\nEXDATE:20260312T100000Z\r\n");
  stage_.Sync(3);
  const nlohmann::json conflicts = stage_.stage.Conflicts();
  ASSERT_EQ(conflicts.size(), 1u);
  const std::string field = "occurrence 2026-03-12 10:00 UTC";
  EXPECT_EQ(conflicts[0]["b"]["differing"][field], "left out") << conflicts.dump(2);
  EXPECT_EQ(conflicts[0]["a"]["title"], "S");
  const std::string id = std::to_string(conflicts[0]["id"].get<int>());
  const ProgramResult resolved =
      stage_.stage.Run({"resolve", id, "--keep", "merge", "--take", field + "=b"});
  EXPECT_EQ(resolved.exit_code, 0) << resolved;
  EXPECT_THAT(a_.Text(), HasSubstr("EXDATE:20260312T100000Z"));
  EXPECT_THAT(b_.Text(), HasSubstr("DTSTART:20260305T140000Z"));
  stage_.ExpectInStep();
}

TEST_P(CalendarSync, ConflictsNameTheFieldsAndAreDecided) {
  for (const std::string keep : {"a", "b", "both", "merge"}) {
    CalendarStage stage(GetParam());
    stage.a.Add("o", Meeting("o", "Other"));
    stage.a.Add("x", Meeting("x", "X"));
    stage.Add();
    stage.Sync();
    stage.a.Edit("x", "SUMMARY:X", "SUMMARY:of A\r\nLOCATION:Room");
    stage.b.Edit("x", "SUMMARY:X", "SUMMARY:of B\r\nCLASS:PRIVATE");
    EXPECT_EQ(stage.Sync(3)["conflicts"], 1);
    const nlohmann::json conflict = stage.stage.Conflicts().at(0);
    EXPECT_EQ(conflict["kind"], "edit-edit");
    EXPECT_EQ(conflict["a"]["differing"]["summary"], "of A") << conflict.dump(2);
    EXPECT_EQ(conflict["b"]["differing"]["summary"], "of B");
    EXPECT_EQ(conflict["a"]["differing"].size(), 1u);
    EXPECT_EQ(conflict["a"]["fields"]["when"], "Thu 5 Mar 2026, 10:00-11:00 (UTC)");
    const std::string id = std::to_string(conflict["id"].get<int>());
    Words words = {"resolve", id, "--keep", keep};
    if (keep == "merge") words.insert(words.end(), {"--take", "summary=b"});
    const ProgramResult resolved = stage.stage.Run(words);
    EXPECT_EQ(resolved.exit_code, 0) << resolved;
    EXPECT_TRUE(stage.stage.Conflicts().empty());
    const std::string text = stage.b.Text();
    const auto expect = [&text](const char* what, bool there) {
      EXPECT_EQ(text.find(what) != std::string::npos, there) << what << " in " << text;
    };
    expect("SUMMARY:of A", keep == "a" || keep == "both");
    expect("SUMMARY:of B", keep != "a");
    expect("LOCATION:Room", keep != "b");
    expect("CLASS:PRIVATE", keep != "a");
    EXPECT_EQ(stage.a.Means().size(), keep == "both" ? 3u : 2u);
    stage.ExpectInStep();
  }
}

TEST_P(CalendarSync, WhatIsRemovedOnOneSideIsRemovedOnTheOther) {
  AddOthers();
  a_.Add("x", Meeting("x", "X"));
  a_.Add("y", Meeting("y", "Y"));
  stage_.Add();
  stage_.Sync();
  a_.Remove("x");
  b_.Remove("y");
  EXPECT_EQ(stage_.Sync()["removed"], 2);
  EXPECT_FALSE(b_.Has("x"));
  EXPECT_FALSE(a_.Has("y"));
  EXPECT_TRUE(a_.Has("other0"));
  stage_.ExpectInStep();
}

TEST_P(CalendarSync, RemovedHereAndEditedThereIsAConflict) {
  AddOthers();
  a_.Add("x", Meeting("x", "X"));
  stage_.Add();
  stage_.Sync();
  a_.Remove("x");
  b_.Edit("x", "SUMMARY:X", "SUMMARY:Still needed");
  stage_.Sync(3);
  EXPECT_EQ(stage_.stage.Conflicts().at(0)["kind"], "delete-edit");
  EXPECT_EQ(stage_.stage.Run({"resolve", "--all", "--keep", "b"}).exit_code, 0);
  EXPECT_THAT(a_.Text(), HasSubstr("Still needed"));
  stage_.ExpectInStep();
}

TEST_P(CalendarSync, AUidThatStandsTwiceIsParkedWithBothPlaces) {
  AddOthers();
  stage_.Add();
  stage_.Sync();
  a_.Add("twice", Meeting("twice", "One"));
  if (a_.single()) {
    a_.Add("twice", Meeting("twice", "Two"));
  } else {
    a_.tree().Write("again.ics", InCalendar(Meeting("twice", "Two")));
  }
  a_.Add("new", Meeting("new", "New"));
  EXPECT_EQ(stage_.Sync(1)["created"], 1);
  EXPECT_TRUE(b_.Has("new"));
  EXPECT_FALSE(b_.Has("twice"));
  const std::string told = stage_.EventTexts();
  if (a_.single()) {
    EXPECT_THAT(told, HasSubstr("in line "));
  } else {
    EXPECT_THAT(told, HasSubstr("again.ics"));
    EXPECT_THAT(told, HasSubstr("by hand twice.ics"));
  }
  a_.Edit("twice", "UID:twice", "UID:once");
  EXPECT_EQ(stage_.Sync()["created"], 2);
  stage_.ExpectInStep();
}

TEST_P(CalendarSync, ABrokenRecordIsParkedWithFileAndLineAndTheRestGoesOn) {
  AddOthers();
  a_.Add("x", Meeting("x", "X"));
  stage_.Add();
  stage_.Sync();
  a_.Edit("x", "END:VEVENT\r\n", "BEGIN:VALARM\r\nACTION:DISPLAY\r\nEND:VEVENT\r\n");
  a_.Edit("other1", "SUMMARY:Other", "SUMMARY:Changed");
  a_.Add("nameless", "BEGIN:VTODO\nSUMMARY:Nameless\nEND:VTODO\n");
  EXPECT_EQ(stage_.Sync(1)["updated"], 1);
  EXPECT_THAT(b_.Text(), HasSubstr("SUMMARY:Changed"));
  // Broken is not gone: B keeps what it has.
  EXPECT_TRUE(b_.Has("x"));
  const std::string told = stage_.EventTexts();
  EXPECT_THAT(told, HasSubstr("it has no END:VALARM"));
  EXPECT_THAT(told, HasSubstr("it has no UID"));
  EXPECT_THAT(told, HasSubstr(a_.single() ? "all.ics" : "by hand x.ics"));
  EXPECT_THAT(told, HasSubstr("line "));
  a_.Edit("x", "BEGIN:VALARM\r\nACTION:DISPLAY\r\n", "");
  const std::string text = a_.Text();
  if (!a_.single()) {
    a_.tree().Remove("by hand nameless.ics");
  } else {
    std::string mended = a_.tree().Read("all.ics");
    mended.replace(mended.find("SUMMARY:Nameless"), 0, "UID:named\r\nDTSTAMP:20260101T000000Z\r\n");
    a_.tree().Write("all.ics", mended);
  }
  stage_.Sync();
  stage_.ExpectInStep();
}

TEST_P(CalendarSync, TimeZonesTravelWithTheirRecordsAndStandOnceInAFile) {
  AddOthers();
  const std::string zone =
      "BEGIN:VTIMEZONE\nTZID:Office\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
      "TZOFFSETFROM:+0300\nTZOFFSETTO:+0300\nEND:STANDARD\nEND:VTIMEZONE\n";
  const auto in_office = [](const std::string& uid) {
    return "BEGIN:VEVENT\nUID:" + uid +
           "\nDTSTAMP:20260101T000000Z\nDTSTART;TZID=Office:20260305T100000\nSUMMARY:x\nEND:"
           "VEVENT\n";
  };
  a_.Add("p", zone + in_office("p"));
  a_.Add("q", a_.single() ? in_office("q") : zone + in_office("q"));
  stage_.Add();
  stage_.Sync();
  const std::string text = b_.Text();
  const size_t first = text.find("TZID:Office");
  EXPECT_NE(first, std::string::npos);
  if (b_.single()) {
    EXPECT_EQ(text.find("TZID:Office", first + 1), std::string::npos);
  }
  EXPECT_THAT(b_.Means().at("VEVENT p "), HasSubstr("occurs 1772694000-"));
  stage_.ExpectInStep();
}

}  // namespace
}  // namespace syncline::testing
