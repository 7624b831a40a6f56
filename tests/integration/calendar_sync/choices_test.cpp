// Filters, directions and policies of calendars, and guards that hold for a single file too.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include "tests/integration/calendar_sync/calendar_stage.h"

namespace syncline::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class CalendarChoices : public CalendarSync {};
INSTANTIATE_TEST_SUITE_P(Of, CalendarChoices,
                         ::testing::Values(Shapes{Shape::kFolder, Shape::kFile},
                                           Shapes{Shape::kFile, Shape::kFolder}),
                         [](const auto& one) { return NameOf(one.param); });

TEST_P(CalendarChoices, ARecordThatLeavesTheCategoryIsDeletedNowhere) {
  AddOthers();
  a_.Add("w", Meeting("w", "W", "CATEGORIES:Work,Team\n"));
  a_.Add("v", Meeting("v", "V", "CATEGORIES:work\n"));
  a_.Add("h", Meeting("h", "H", "CATEGORIES:Home\n"));
  stage_.Add({"--set", "category=Work"});
  EXPECT_EQ(stage_.Sync()["created"], 2);
  EXPECT_TRUE(b_.Has("w"));
  EXPECT_FALSE(b_.Has("h"));
  EXPECT_FALSE(b_.Has("other0"));
  a_.Edit("w", "CATEGORIES:Work,Team", "CATEGORIES:Team");
  ExpectNothingDone(stage_.Sync());
  EXPECT_TRUE(b_.Has("w"));
  EXPECT_THAT(b_.Text(), HasSubstr("CATEGORIES:Work"));
  // Back in it, its edits go on.
  a_.Edit("w", "CATEGORIES:Team", "CATEGORIES:Team,WORK");
  a_.Edit("w", "SUMMARY:W", "SUMMARY:Back");
  EXPECT_EQ(stage_.Sync()["updated"], 1);
  EXPECT_THAT(b_.Text(), HasSubstr("SUMMARY:Back"));
  ExpectNothingDone(stage_.Sync());
}

TEST_P(CalendarChoices, OnlyTheKindThatIsWantedIsSynced) {
  a_.Add("e", Meeting("e", "E"));
  a_.Add("t", "BEGIN:VTODO\nUID:t\nDTSTAMP:20260101T000000Z\nSUMMARY:T\nEND:VTODO\n");
  b_.Add("j", "BEGIN:VJOURNAL\nUID:j\nDTSTAMP:20260101T000000Z\nSUMMARY:J\nEND:VJOURNAL\n");
  stage_.Add({"--set", "component=todo"});
  EXPECT_EQ(stage_.Sync()["created"], 1);
  EXPECT_TRUE(b_.Has("t"));
  EXPECT_FALSE(b_.Has("e"));
  EXPECT_FALSE(a_.Has("j"));
  EXPECT_EQ(stage_.stage.Run({"edit", "Work", "--set", "component=all"}).exit_code, 0);
  EXPECT_EQ(stage_.Sync()["created"], 2);
  stage_.ExpectInStep();
  EXPECT_EQ(stage_.stage.Run({"edit", "Work", "--set", "component=event"}).exit_code, 0);
  ExpectNothingDone(stage_.Sync());
  EXPECT_TRUE(a_.Has("j"));
  EXPECT_TRUE(b_.Has("t"));
  EXPECT_EQ(stage_.stage.Run({"edit", "Work", "--set", "component=party"}).exit_code, 2);
}

TEST_P(CalendarChoices, AMirrorMakesBLikeAAndAddRemovesNothing) {
  for (const std::string direction : {"mirror", "add"}) {
    CalendarStage stage(GetParam());
    for (const char* uid : {"x", "y", "z", "u", "v"}) stage.a.Add(uid, Meeting(uid, uid));
    stage.Add({"--direction", direction});
    stage.Sync();
    stage.b.Edit("x", "SUMMARY:x", "SUMMARY:of B");
    stage.b.Add("own", Meeting("own", "own"));
    stage.a.Remove("y");
    stage.Sync();
    EXPECT_FALSE(stage.a.Has("own"));
    EXPECT_THAT(stage.a.Text(), Not(HasSubstr("of B")));
    EXPECT_EQ(stage.b.Has("own"), direction == "add");
    EXPECT_EQ(stage.b.Has("y"), direction == "add");
    EXPECT_EQ(stage.b.Text().find("of B") != std::string::npos, direction == "add");
    ExpectNothingDone(stage.Sync());
  }
}

TEST_P(CalendarChoices, PoliciesDecideWhatMergingCannot) {
  for (const auto& [policy, kept] : {std::tuple("a", "of A"), {"b", "of B"}, {"newer", "of A"}}) {
    CalendarStage stage(GetParam());
    stage.a.Add("o", Meeting("o", "Other"));
    stage.a.Add("x", Meeting("x", "X"));
    stage.Add({"--conflict", policy});
    stage.Sync();
    stage.a.Edit("x", "SUMMARY:X", "SUMMARY:of A\r\nLAST-MODIFIED:20260303T000000Z");
    stage.b.Edit("x", "SUMMARY:X", "SUMMARY:of B\r\nLAST-MODIFIED:20260202T000000Z");
    stage.Sync();
    EXPECT_THAT(stage.a.Text(), HasSubstr(kept)) << policy;
    EXPECT_THAT(stage.b.Text(), HasSubstr(kept)) << policy;
    stage.ExpectInStep();
  }
}

TEST_P(CalendarChoices, ThePolicyBothKeepsBothUnderUidsOfTheirOwn) {
  a_.Add("o", Meeting("o", "Other"));
  a_.Add("x", Meeting("x", "X"));
  stage_.Add({"--conflict", "both"});
  stage_.Sync();
  a_.Edit("x", "SUMMARY:X", "SUMMARY:of A");
  b_.Edit("x", "SUMMARY:X", "SUMMARY:of B");
  stage_.Sync();
  EXPECT_EQ(a_.Means().size(), 3u);
  EXPECT_THAT(a_.Text(), HasSubstr("SUMMARY:of A"));
  EXPECT_THAT(b_.Text(), HasSubstr("SUMMARY:of B"));
  stage_.ExpectInStep();
}

TEST_P(CalendarChoices, AnEmptiedSideStopsTheSync) {
  AddOthers();
  stage_.Add();
  stage_.Sync();
  for (int i = 0; i < 8; ++i) a_.Remove("other" + std::to_string(i));
  stage_.Sync(4);
  EXPECT_TRUE(b_.Has("other0"));
}

TEST(CalendarFile, ThatIsCutOffRemovesNothingOnTheOtherSide) {
  CalendarStage stage({Shape::kFile, Shape::kFolder});
  for (int i = 0; i < 10; ++i) {
    const std::string uid = "u" + std::to_string(i);
    stage.a.Add(uid, Meeting(uid, uid));
  }
  stage.Add();
  stage.Sync();
  const std::string text = stage.a.tree().Read("all.ics");
  for (const char* end : {"UID:u9", "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:u8", "END:VCALENDAR"}) {
    stage.a.tree().Write("all.ics", text.substr(0, text.find(end) + 8));
    stage.Sync(1);
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(stage.b.Has("u" + std::to_string(i))) << end;
  }
  EXPECT_THAT(stage.EventTexts(), HasSubstr("cannot be recognised"));
  stage.a.tree().Write("all.ics", text);
  stage.Sync();
  stage.ExpectInStep();
}

TEST(CalendarFile, ThatIsNoCalendarIsLeftAlone) {
  CalendarStage stage({Shape::kFile, Shape::kFolder});
  stage.a.tree().Write("all.ics", "Dear diary\n");
  stage.b.Add("x", Meeting("x", "X"));
  stage.stage.Run({"add", "calendar", "--name", "Work", stage.a.location(), stage.b.location()});
  EXPECT_EQ(stage.stage.Run({"sync", "Work"}).exit_code, 1);
  EXPECT_EQ(stage.a.tree().Read("all.ics"), "Dear diary\n");
}

TEST(CalendarFile, KeepsWhatIsNoRecord) {
  CalendarStage stage({Shape::kFile, Shape::kFile});
  stage.a.tree().Write(
      "all.ics", "\xEF\xBB\xBF" + InCalendar("X-WR-CALNAME:Of A\nX-APPLE-CALENDAR-COLOR:#112233\n" +
                                             Meeting("x", "X") + Meeting("y", "Y")));
  stage.b.tree().Write("all.ics", InCalendar("X-WR-CALNAME:Of B\n" + Meeting("z", "Z")));
  stage.Add();
  stage.Sync();
  stage.a.Edit("x", "SUMMARY:X", "SUMMARY:Changed");
  stage.Sync();
  const std::string a = stage.a.tree().Read("all.ics");
  const std::string b = stage.b.tree().Read("all.ics");
  EXPECT_TRUE(
      a.starts_with("\xEF\xBB\xBF"
                    "BEGIN:VCALENDAR"));
  EXPECT_THAT(a, HasSubstr("X-WR-CALNAME:Of A\r\nX-APPLE-CALENDAR-COLOR:#112233\r\n"));
  EXPECT_THAT(b, HasSubstr("X-WR-CALNAME:Of B\r\n"));
  EXPECT_THAT(b, Not(HasSubstr("Of A")));
  EXPECT_THAT(b, HasSubstr("SUMMARY:Changed"));
}

TEST(CalendarFile, GivesNameAndColourToANewOneAndToAFolder) {
  const std::string said = "X-WR-CALNAME:Family\r\nX-APPLE-CALENDAR-COLOR:#112233\r\n";
  for (const Shape shape : {Shape::kFile, Shape::kFolder}) {
    CalendarStage stage({Shape::kFile, shape});
    stage.a.tree().Write("all.ics",
                         InCalendar("X-WR-CALNAME:Family\nX-APPLE-CALENDAR-COLOR:#112233\n" +
                                    Meeting("x", "X") + Meeting("y", "Y")));
    if (shape == Shape::kFile) stage.b.tree().Write("all.ics", "");
    stage.Add();
    EXPECT_EQ(stage.Sync()["created"], 2);
    EXPECT_THAT(stage.b.tree().Read(stage.b.FileOf("x")), HasSubstr(said));
    EXPECT_THAT(stage.b.tree().Read(stage.b.FileOf("y")), HasSubstr(said));
    stage.ExpectInStep();
    if (shape == Shape::kFile) continue;
    // From the folder into a new file again.
    Tree third(stage.stage.temp / "third");
    third.Write("new.ics", "");
    ASSERT_EQ(
        stage.stage
            .Run({"add", "calendar", "--name", "Back", stage.b.location(), third.Path("new.ics")})
            .exit_code,
        0);
    EXPECT_EQ(stage.stage.Run({"sync", "Back"}).exit_code, 0);
    EXPECT_THAT(third.Read("new.ics"), HasSubstr(said));
  }
}

}  // namespace
}  // namespace syncline::testing
