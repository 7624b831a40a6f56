// Reading content lines: what becomes of the lines of real exporters.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "plugins/content_lines/component.h"
#include "plugins/content_lines/value.h"

namespace syncline::content_lines {
namespace {

// The first component of a text that is written again as it is.
Component Read(const std::string& text) {
  Document document = Parse(text);
  EXPECT_EQ(document.Text(), text);
  for (Document::Piece& piece : document.pieces) {
    if (piece.component != nullptr) return std::move(*piece.component);
  }
  ADD_FAILURE() << "no component in " << text;
  return {};
}

Component Card(const std::string& lines) { return Read("BEGIN:VCARD\n" + lines + "END:VCARD\n"); }

Property Only(const std::string& lines) {
  const Component card = Card(lines);
  const Property* found = nullptr;
  for (const Component::Child& child : card.children) {
    const auto* property = std::get_if<Property>(&child);
    if (property == nullptr || property->name.empty()) continue;
    EXPECT_EQ(found, nullptr) << "more than one property in " << lines;
    found = property;
  }
  return found == nullptr ? Property() : *found;
}

TEST(Parse, APropertyHasGroupNameParametersAndValue) {
  const Property tel = Only("item1.tel;type=HOME,\"a;b:c\";X-N=^'x^^y^n:+49;30\n");
  EXPECT_EQ(tel.group, "item1");
  EXPECT_EQ(tel.name, "TEL");
  EXPECT_EQ(tel.value, "+49;30");
  EXPECT_EQ(tel.Values("TYPE"), (std::vector<std::string>{"HOME", "a;b:c"}));
  EXPECT_EQ(tel.Values("X-N"), std::vector<std::string>{"\"x^y\n"});
  EXPECT_EQ(tel.line, 2u);
}

TEST(Parse, BareParametersAreTypesEncodingsAndKindsOfValue) {
  const Property photo = Only("PHOTO;JPEG;BASE64;INLINE:AAAA\n");
  EXPECT_EQ(photo.Values("TYPE"), std::vector<std::string>{"JPEG"});
  EXPECT_EQ(photo.Values("ENCODING"), std::vector<std::string>{"BASE64"});
  EXPECT_EQ(photo.Values("VALUE"), std::vector<std::string>{"INLINE"});
}

TEST(Parse, FoldsAreTakenOut) {
  EXPECT_EQ(Only("NOTE:one\n  two\n\tthree\n").value, "one twothree");
  EXPECT_EQ(Only("NOTE:\xC3\r\n \xA4\r\n").value, "\xC3\xA4") << "a fold inside a character";
  EXPECT_EQ(Only("NO\n TE:x\n").name, "NOTE");
  EXPECT_EQ(Only("NOTE:one\n\n two\n").value, "onetwo") << "a blank line inside a folded line";
}

TEST(Parse, SoftLineBreaksOfQuotedPrintableNeedNoIndent) {
  const Property note = Only("NOTE;ENCODING=QUOTED-PRINTABLE:one=\n two=0D=0A=\nthree=3D\n");
  EXPECT_EQ(note.value, "one two=0D=0Athree=3D");
  EXPECT_EQ(Decoded(note), "one two\r\nthree=");
  EXPECT_EQ(Only("NOTE:a=\n").value, "a=") << "only in quoted-printable";
  EXPECT_EQ(Only("NOTE;QUOTED-PRINTABLE:a=\n").value, "a=") << "the END is not swallowed";
}

TEST(Parse, Base64NeedsNoIndentAndEndsWithABlankLine) {
  const Component card = Card("PHOTO;BASE64:\nAAAA\nBBBB\n\nTEL:1\n");
  ASSERT_EQ(card.children.size(), 2u);
  EXPECT_EQ(card.Find("PHOTO")->value, "AAAABBBB");
  EXPECT_EQ(card.Find("PHOTO")->raw, "PHOTO;BASE64:\nAAAA\nBBBB\n\n");
}

TEST(Parse, LineEndsOfAnyKindAreReadAndCounted) {
  const Component card = Read("BEGIN:VCARD\r\nA:1\rB:2\nC:3\r\n\r\nD:4\rEND:VCARD");
  EXPECT_EQ(card.Find("B")->line, 3u);
  EXPECT_EQ(card.Find("D")->line, 6u);
  EXPECT_EQ(card.Find("C")->raw, "C:3\r\n");
  EXPECT_EQ(card.end_raw, "END:VCARD");
  EXPECT_EQ(Parse("a\rb\n").line_end, "\r");
  EXPECT_EQ(Parse("a\r\nb\n").line_end, "\r\n");
  EXPECT_EQ(Parse("").line_end, "\r\n");
}

TEST(Parse, WhatStandsBetweenComponentsIsKept) {
  const Document document = Parse("\xEF\xBB\xBF\nhello\nbegin:vcard \nend:vcard\n\nBEGIN:VCARD\n");
  ASSERT_EQ(document.pieces.size(), 4u);
  EXPECT_EQ(document.pieces[0].between, "\xEF\xBB\xBF\nhello\n");
  EXPECT_EQ(document.pieces[1].component->name, "VCARD");
  EXPECT_EQ(document.pieces[1].component->line, 3u);
  EXPECT_EQ(document.pieces[2].between, "\n");
  EXPECT_EQ(document.pieces[3].component->end_raw, "");
}

TEST(Parse, AMarkInFrontOfTheFirstBeginDoesNotHideIt) {
  EXPECT_EQ(Read("\xEF\xBB\xBF"
                 "BEGIN:VCARD\nEND:VCARD\n")
                .begin_raw,
            "BEGIN:VCARD\n");
}

TEST(Parse, LinesThatAreNoPropertiesAreKeptWithoutAName) {
  const Component card = Card("nonsense\n\n\n:x\nTEL :1\n");
  ASSERT_EQ(card.children.size(), 4u);
  EXPECT_EQ(std::get<Property>(card.children[0]).value, "nonsense");
  EXPECT_EQ(std::get<Property>(card.children[1]).raw, "\n\n");
  EXPECT_EQ(std::get<Property>(card.children[2]).value, ":x");
  EXPECT_EQ(card.Find("TEL")->value, "1") << "a space behind the name";
}

TEST(Parse, AComponentWithoutEndReachesToTheNextOfItsKind) {
  const Document cards = Parse("BEGIN:VCARD\nFN:a\nBEGIN:VCARD\nFN:b\nEND:VCARD\n");
  ASSERT_EQ(cards.pieces.size(), 2u);
  EXPECT_EQ(cards.pieces[0].component->end_raw, "");
  EXPECT_EQ(cards.pieces[1].component->Find("FN")->value, "b");

  const Component calendar = Read(
      "BEGIN:VCALENDAR\nBEGIN:VEVENT\nBEGIN:VALARM\nBEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR\n");
  ASSERT_EQ(calendar.Components("VEVENT").size(), 2u);
  EXPECT_EQ(calendar.Components("VEVENT")[0]->end_raw, "");
  EXPECT_EQ(calendar.Components("VEVENT")[1]->end_raw, "END:VEVENT\n");
}

TEST(Parse, AnEndThatEndsNothingIsAProperty) {
  const Component card = Card("END:VEVENT\nFN:a\n");
  EXPECT_EQ(card.Find("END")->value, "VEVENT");
  EXPECT_EQ(card.Find("FN")->value, "a");
}

TEST(Parse, TheCardInsideAnAgentIsAComponent) {
  for (const std::string agent :
       {"AGENT:\n\nBEGIN:VCARD\n", "AGENT:\nBEGIN:VCARD\n", "AGENT:BEGIN:VCARD\n"}) {
    const Component card = Card(agent + "FN:b\nEND:VCARD\nFN:a\n");
    ASSERT_EQ(card.Components("VCARD").size(), 1u) << agent;
    EXPECT_EQ(card.Components("VCARD")[0]->begin_raw, agent);
    EXPECT_EQ(card.Find("FN")->value, "a");
  }
  EXPECT_NE(Only("AGENT:BEGIN:VCARD\\nFN:b\\nEND:VCARD\n").value, "") << "escaped, as in 3.0";
}

TEST(Parse, DeepNestingIsCutOff) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "BEGIN:A" + std::to_string(i) + "\n";
  const Document document = Parse(text);
  EXPECT_TRUE(document.Text() == text);
  size_t depth = 0;
  for (const Component* at = document.pieces[0].component.get(); at != nullptr; ++depth) {
    const Component* next = nullptr;
    for (const Component::Child& child : at->children) {
      if (const auto* nested = std::get_if<std::unique_ptr<Component>>(&child))
        next = nested->get();
    }
    at = next;
  }
  EXPECT_EQ(depth, 32u);
}

// Each would take minutes if a line cost more with each line before it.
TEST(Parse, LongAndOddFilesTakeLinearTime) {
  for (const std::string piece : {"A:1\r", "\n", " x=\n", "BEGIN:A\n", "NOTE;X=\":\"=\n =\n"}) {
    std::string text = "BEGIN:VCARD\nNOTE;X=\":\"=\n";
    while (text.size() < 4'000'000) text += piece;
    EXPECT_TRUE(Parse(text).Text() == text) << piece;
  }
}

TEST(Rewrite, LinesAreFoldedButNotInsideACharacter) {
  Property note;
  note.name = "NOTE";
  for (int i = 0; i < 60; ++i) note.value += "\xC3\xA4";
  note.Rewrite("\r\n");
  EXPECT_EQ(Only(note.raw).value, note.value);
  size_t start = 0;
  while (start < note.raw.size()) {
    const size_t end = note.raw.find("\r\n", start);
    EXPECT_LE(end - start, 75u);
    EXPECT_TRUE(IsUtf8(note.raw.substr(start, end - start)));
    start = end + 2;
  }
}

TEST(Rewrite, ParametersAreQuotedAndEscaped) {
  Property tel;
  tel.group = "item1";
  tel.name = "TEL";
  tel.parameters = {{"TYPE", {"a,b", "plain"}}, {"X-N", {"say \"^\"\nnow"}}, {"", {"HOME"}}};
  tel.value = "1";
  tel.Rewrite("\n");
  EXPECT_EQ(tel.raw, "item1.TEL;TYPE=\"a,b\",plain;X-N=say ^'^^^'^nnow;HOME:1\n");
  EXPECT_EQ(Only(tel.raw).Values("X-N"), tel.Values("X-N"));
}

TEST(Rewrite, QuotedPrintableIsBrokenSoftly) {
  Property note;
  note.name = "NOTE";
  note.parameters = {{"", {"QUOTED-PRINTABLE"}}};
  for (int i = 0; i < 60; ++i) note.value += "=C3=A4";
  note.Rewrite("\n");
  EXPECT_NE(note.raw.find("=\n="), std::string::npos);
  EXPECT_EQ(Only(note.raw).value, note.value);
}

TEST(Rewrite, ALineEndInAValueCannotMakeALine) {
  Property note;
  note.name = "NOTE";
  note.value = "a\r\nEND:VCARD";
  note.Rewrite("\n");
  EXPECT_EQ(note.raw, "NOTE:a\\nEND:VCARD\n");
}

}  // namespace
}  // namespace syncline::content_lines
