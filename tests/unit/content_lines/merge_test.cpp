// The merge rule by rule, with edits as people make them. The laws are in laws_test.cpp.
#include "plugins/content_lines/merge.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "plugins/content_lines/digest.h"
#include "tests/unit/content_lines/plain_vocabulary.h"

namespace syncline::content_lines {
namespace {

Component Card(const std::string& lines, const std::string& version = "3.0") {
  const std::string text = "BEGIN:VCARD\nVERSION:" + version + "\n" + lines + "END:VCARD\n";
  return std::move(*Parse(text).pieces.front().component);
}

// The lines of the merged card between VERSION and END, then "! field: mine | theirs".
std::string Merged(const std::optional<std::string>& base, const std::string& mine,
                   const std::string& theirs, Winner winner = Winner::kNobody) {
  const std::optional<Component> ancestor =
      base ? std::optional<Component>(Card(*base)) : std::nullopt;
  const MergeResult result = Merge(ancestor ? &*ancestor : nullptr, Card(mine), Card(theirs),
                                   PlainVocabulary(), [&](std::string_view) { return winner; });
  std::string text = result.merged.Text();
  text = text.substr(24, text.size() - 24 - 10);
  if (!result.differing.empty()) text.clear();  // it does not count
  for (const Difference& one : result.differing) {
    text += "! " + one.field + ": " + one.mine + " | " + one.theirs + "\n";
  }
  return text;
}

TEST(Merge, EditsOfDifferentPropertiesMeet) {
  EXPECT_EQ(Merged("FN:a\nNOTE:b\n", "FN:A\nNOTE:b\n", "FN:a\nNOTE:B\nBDAY:1\n"),
            "FN:A\nNOTE:B\nBDAY:1\n");
}

TEST(Merge, ASingleChangedDifferentlyIsAConflict) {
  EXPECT_EQ(Merged("FN:a\n", "FN:b\n", "FN:c\n"), "! name: b | c\n");
  EXPECT_EQ(Merged("FN:a\n", "FN:b\n", "FN:c\n", Winner::kTheirs), "FN:c\n");
  EXPECT_EQ(Merged("NOTE:a\n", "", "NOTE:c\n"), "! note:  | c\n");
  EXPECT_EQ(Merged("NOTE:a\nFN:x\n", "FN:x\n", "NOTE:a\nFN:y\n"), "FN:y\n") << "removed";
  EXPECT_EQ(Merged(std::nullopt, "FN:b\n", "NOTE:x\n"), "FN:b\nNOTE:x\n") << "the union";
  EXPECT_EQ(Merged(std::nullopt, "FN:b\n", "FN:c\n"), "! name: b | c\n");
}

TEST(Merge, VariantsOfASingleAreOneValue) {
  EXPECT_EQ(Merged("FN:a\n", "FN;ALTID=1:a\nFN;ALTID=1;LANGUAGE=de:b\n", "FN:a\nBDAY:1\n"),
            "FN;ALTID=1:a\nBDAY:1\nFN;ALTID=1;LANGUAGE=de:b\n");
  EXPECT_EQ(Merged(std::nullopt, "FN:a\nFN;LANGUAGE=de:b\n", "FN:a\nBDAY:1\n"),
            "FN:a\nBDAY:1\nFN;LANGUAGE=de:b\n");
}

TEST(Merge, AMemberOfASetIsChangedNotRemovedAndAdded) {
  EXPECT_EQ(
      Merged("TEL;HOME:1\nTEL;WORK:2\n", "TEL;HOME:9\nTEL;WORK:2\n", "TEL;HOME:1\nTEL;WORK:8\n"),
      "TEL;HOME:9\nTEL;WORK:8\n");
  EXPECT_EQ(Merged("TEL;TYPE=home:1\n", "TEL;TYPE=home:2\n", "TEL;TYPE=home:3\n"),
            "! phone (home): 2 | 3\n");
  EXPECT_EQ(Merged("TEL;TYPE=home:1\n", "TEL;TYPE=home:2\n", "TEL;TYPE=work:1\n"),
            "! phone (home): 2 | 1\n");
}

TEST(Merge, BothAddedMembersStay) {
  EXPECT_EQ(Merged("TEL:1\n", "TEL:1\nTEL;HOME:2\nTEL;CELL:4\n", "TEL:1\nTEL;WORK:3\nTEL;CELL:4\n"),
            "TEL:1\nTEL;HOME:2\nTEL;WORK:3\nTEL;CELL:4\n");
  EXPECT_EQ(Merged(std::nullopt, "TEL;HOME:1\n", "TEL;HOME:2\n"), "TEL;HOME:1\nTEL;HOME:2\n");
  EXPECT_EQ(Merged(std::nullopt, "TEL;TYPE=home;PREF=1:1\n", "TEL;TYPE=home:1\nFN:x\n"),
            "TEL;TYPE=home;PREF=1:1\nFN:x\n");
}

TEST(Merge, ARemovedMemberIsGoneUnlessTheOtherEditedIt) {
  EXPECT_EQ(Merged("TEL;HOME:1\nTEL;WORK:2\n", "TEL;WORK:2\n", "TEL;HOME:1\nTEL;WORK:2\nFN:x\n"),
            "TEL;WORK:2\nFN:x\n");
  EXPECT_EQ(Merged("TEL;HOME:1\nTEL;WORK:2\n", "TEL;WORK:2\n", "TEL;HOME:9\nTEL;WORK:2\n"),
            "TEL;HOME:9\nTEL;WORK:2\n");
}

TEST(Merge, ListsAreSetsOfValues) {
  EXPECT_EQ(Merged("CATEGORIES:a,b\n", "CATEGORIES:a,b,c\n", "CATEGORIES:b,d\n"),
            "CATEGORIES:b,c,d\n");
  EXPECT_EQ(
      Merged("EXDATE;TZID=A:1\n", "EXDATE;TZID=A:1,2\n", "EXDATE;TZID=A:1\nEXDATE;TZID=B:2\n"),
      "EXDATE;TZID=A:1,2\nEXDATE;TZID=B:2\n");
}

TEST(Merge, ALabelStaysWithItsProperty) {
  EXPECT_EQ(Merged("item1.TEL:1\nitem1.X-ABLABEL:Boat\n", "item1.TEL:1\nitem1.X-ABLABEL:Ship\n",
                   "item1.TEL:2\nitem1.X-ABLABEL:Boat\n"),
            "item1.TEL:2\nitem1.X-ABLABEL:Ship\n");
  EXPECT_EQ(Merged("FN:x\n", "FN:x\nitem1.TEL:1\nitem1.X-ABLABEL:Boat\n",
                   "FN:x\nitem1.TEL:2\nitem1.X-ABLABEL:Car\n"),
            "FN:x\nitem1.TEL:1\nitem1.X-ABLABEL:Boat\nitem2.TEL:2\nitem2.X-ABLABEL:Car\n");
  EXPECT_EQ(Merged("item1.TEL:1\nitem1.X-ABLABEL:Boat\nFN:x\n", "FN:x\n",
                   "item1.TEL:1\nitem1.X-ABLABEL:Boat\nFN:y\n"),
            "FN:y\n");
}

TEST(Merge, TheLargerNumberWins) {
  EXPECT_EQ(Merged("SEQUENCE:1\nFN:a\n", "SEQUENCE:10\nFN:a\n", "SEQUENCE:9\nFN:b\n"),
            "SEQUENCE:10\nFN:b\n");
}

TEST(Merge, WhatIsIgnoredMakesNoDifference) {
  EXPECT_EQ(Digest(Card("REV:1\n"), PlainVocabulary()), Digest(Card("REV:2\n"), PlainVocabulary()));
  EXPECT_EQ(Merged("REV:1\nFN:a\nNOTE:x\n", "REV:3\nFN:b\nNOTE:x\n", "REV:2\nFN:a\nNOTE:y\n"),
            "REV:3\nFN:b\nNOTE:y\n");
}

std::string Alarm(const std::string& action, const std::string& trigger) {
  return "BEGIN:VALARM\nACTION:" + action + "\nTRIGGER:" + trigger + "\nEND:VALARM\n";
}

TEST(Merge, ChildComponentsAreMembersWithPropertiesOfTheirOwn) {
  EXPECT_EQ(Merged(Alarm("A", "1"), Alarm("A", "2"), Alarm("A", "1") + Alarm("B", "3")),
            Alarm("A", "2") + Alarm("B", "3"));
  EXPECT_EQ(Merged(Alarm("A", "1"), Alarm("A", "2"), Alarm("A", "3")), "! alarm: trigger: 2 | 3\n");
  EXPECT_EQ(Merged(Alarm("A", "1"), "", Alarm("A", "3")), Alarm("A", "3")) << "edited: it stays";
  EXPECT_EQ(Merged("FN:x\n" + Alarm("A", "1"), "FN:x\n", "FN:y\n" + Alarm("A", "1")), "FN:y\n");
}

TEST(Merge, TwoConflictsOfOneLabelHaveNamesOfTheirOwn) {
  EXPECT_EQ(Merged(Alarm("A", "1") + Alarm("B", "1"), Alarm("A", "2") + Alarm("B", "2"),
                   Alarm("A", "3") + Alarm("B", "3")),
            "! alarm: trigger: 2 | 3\n! alarm: trigger 2: 2 | 3\n");
}

TEST(Merge, TheHigherVersionWinsAndTheLowerIsConverted) {
  const Component base = Card("FN:a\nTEL;HOME:1\n", "2.1");
  const Component mine = Card("FN:a\nTEL;TYPE=HOME:1\nTEL;TYPE=WORK:2\n", "3.0");
  const Component theirs = Card("FN;ENCODING=QUOTED-PRINTABLE:=C3=A4\nTEL;HOME:1\n", "2.1");
  const MergeResult result = Merge(&base, mine, theirs, PlainVocabulary(),
                                   [](std::string_view) { return Winner::kNobody; });
  EXPECT_EQ(result.merged.Text(),
            "BEGIN:VCARD\nVERSION:3.0\nFN:\xC3\xA4\nTEL;TYPE=HOME:1\nTEL;TYPE=WORK:2\n"
            "END:VCARD\n");
}

TEST(Merge, AllLinesEndAlike) {
  Component mine =
      std::move(*Parse("BEGIN:VCARD\r\nFN:a\r\nNOTE:x\r\nEND:VCARD\r\n").pieces[0].component);
  Component theirs = std::move(*Parse("BEGIN:VCARD\nFN:a\nTEL:1\nEND:VCARD").pieces[0].component);
  const MergeResult result = Merge(nullptr, mine, theirs, PlainVocabulary(),
                                   [](std::string_view) { return Winner::kNobody; });
  const std::string text = result.merged.Text();
  const std::string end = text.substr(11, text[11] == '\r' ? 2 : 1);
  EXPECT_EQ(text, "BEGIN:VCARD" + end + "FN:a" + end + "TEL:1" + end + "NOTE:x" + end +
                      "END:VCARD" + end);
}

TEST(Merge, TheFirstPhoneIsTheOneThatSomebodyPutFirst) {
  EXPECT_EQ(Merged("TEL:1\nTEL:2\nFN:a\n", "TEL:2\nTEL:1\nFN:a\n", "TEL:1\nTEL:2\nFN:b\n"),
            "TEL:2\nTEL:1\nFN:b\n");
}

}  // namespace
}  // namespace syncline::content_lines
