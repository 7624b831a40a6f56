// Every bad input that docs/provider-calendar.md names: its message is printed, and is the page's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "tests/integration/calendar_sync/calendar_stage.h"

namespace syncline::testing {
namespace {

using ::testing::HasSubstr;

struct Bad {
  std::string text;     // of a file
  std::string message;  // as the page has it; the file and the line are put in front
  int line;
  bool writable = true;  // else nothing is put into a file that has it
};

std::vector<Bad> BadInputs() {
  const std::string good = Meeting("good", "Good");  // lines 4 to 10
  return {
      {InCalendar(good + "BEGIN:VEVENT\nUID:b\nDTSTART:20260305T100000Z\n"),
       "it has no END:VEVENT; complete or remove it", 11},
      {InCalendar(good + "BEGIN:VEVENT\nUID:b\nBEGIN:VALARM\nEND:VEVENT\n"),
       "it has no END:VALARM; complete or remove it", 11},
      {InCalendar(good + "BEGIN:VEVENT\nSUMMARY:b\nEND:VEVENT\n"),
       "it has neither a UID nor a start (DTSTART); give it one of them or remove it", 11},
      {InCalendar(good + "BEGIN:VTODO\nSUMMARY:b\nEND:VTODO\n"),
       "it has no UID; give it one or remove it", 11},
      {InCalendar(good + Meeting("b", "B") + "BEGIN:VTODO\nUID:b\nEND:VTODO\n"),
       "its UID stands in a second component of another kind (VEVENT and VTODO); give one of the "
       "two another UID",
       18},
      {InCalendar(good + "BEGIN:VEVENT\nUID:b\nBEGIN:VTODO\nUID:c\nEND:VTODO\nEND:VEVENT\n"),
       "it stands inside the VEVENT of line 11, which has no END:VEVENT; complete or remove that "
       "one",
       13},
      {InCalendar(good) + "BEGIN:VTODO\r\nUID:b\r\nEND:VTODO\r\n",
       "it stands outside of a VCALENDAR; move it into one or remove it", 12},
      {InCalendar(good).substr(0, InCalendar(good).find("END:VCALENDAR")),
       "it has no END:VCALENDAR, so the file may have been cut off; complete it or restore it from "
       "a backup",
       1, false},
      {"Dear diary\n",
       "it is no calendar: it has no BEGIN:VCALENDAR; replace it by one, or empty it", 1, false},
  };
}

std::string Page() {
  std::ifstream stream(SYNCLINE_SOURCE "/docs/provider-calendar.md");
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

// What a sync prints and notes.
std::string Told(const CalendarStage& stage, int* exit_code) {
  const ProgramResult result = stage.stage.Run({"sync", "Work"});
  *exit_code = result.exit_code;
  return result.out + result.err + stage.EventTexts();
}

TEST(CalendarBadInput, OfASingleFileIsToldAsThePageSays) {
  const std::string page = Page();
  for (const Bad& bad : BadInputs()) {
    CalendarStage stage({Shape::kFile, Shape::kFolder});
    stage.b.Add("theirs", Meeting("theirs", "Theirs"));
    stage.Add();
    stage.a.tree().Write("all.ics", bad.text);
    int exit_code = 0;
    const std::string told = Told(stage, &exit_code);
    EXPECT_EQ(exit_code, 1) << bad.message;
    EXPECT_THAT(told,
                HasSubstr("\"all.ics\" line " + std::to_string(bad.line) + ": " + bad.message));
    EXPECT_EQ(stage.b.Has("good"), bad.text.find("UID:good") != std::string::npos) << bad.message;
    EXPECT_EQ(stage.a.Has("theirs"), bad.writable) << bad.message;
    if (!bad.writable) {
      EXPECT_EQ(stage.a.tree().Read("all.ics"), bad.text);
    }
    EXPECT_TRUE(stage.b.Has("theirs"));
    // The page has other numbers of lines.
    const std::string words = bad.message.substr(0, bad.message.find(" of line "));
    EXPECT_NE(page.find(": " + words), std::string::npos) << words << " is not on the page";
  }
}

TEST(CalendarBadInput, OfAFileInAFolderIsToldAsThePageSays) {
  for (const Bad& bad : BadInputs()) {
    CalendarStage stage({Shape::kFolder, Shape::kFolder});
    stage.a.Add("fine", Meeting("fine", "Fine"));
    // Only the broken record, in a file of its own.
    std::string text = bad.text;
    const std::string good = InCalendar(Meeting("good", "Good"));
    const size_t begin = text.find("BEGIN:VEVENT\r\nUID:good");
    if (begin != std::string::npos && bad.writable) {
      text.erase(begin, text.find("END:VEVENT\r\n", begin) + 12 - begin);
    }
    stage.a.tree().Write("bad.ics", text);
    stage.Add();
    int exit_code = 0;
    const std::string told = Told(stage, &exit_code);
    EXPECT_EQ(exit_code, 1) << bad.message;
    const std::string words = bad.message.substr(0, bad.message.find(" of line "));
    EXPECT_THAT(told, HasSubstr("\"bad.ics\" line ")) << bad.message;
    EXPECT_THAT(told, HasSubstr(": " + words));
    EXPECT_TRUE(stage.b.Has("fine"));
    EXPECT_EQ(stage.a.tree().Read("bad.ics"), text);
  }
}

TEST(CalendarBadInput, AFileOfAFolderThatWasCutOffIsToldAsSuch) {
  CalendarStage stage({Shape::kFolder, Shape::kFolder});
  const std::string whole = InCalendar(Meeting("x", "X"));
  stage.a.tree().Write("cut.ics", whole.substr(0, whole.find("END:VCALENDAR")));
  stage.Add();
  int exit_code = 0;
  EXPECT_THAT(Told(stage, &exit_code), HasSubstr("\"cut.ics\" line 1: it has no END:VCALENDAR"));
  EXPECT_EQ(exit_code, 1);
}

}  // namespace
}  // namespace syncline::testing
