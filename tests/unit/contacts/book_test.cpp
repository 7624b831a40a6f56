// A .vcf file as a set of contacts: what it holds, and changing it without touching the rest.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "syncline/provider.hpp"
#include "tests/unit/contacts/cards.h"

namespace syncline::contacts {
namespace {

using record_files::Entry;
using ::testing::HasSubstr;

const char kAda[] = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada\r\nUID:ada\r\nEND:VCARD\r\n";
const char kBob[] = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Bob\r\nUID:bob\r\nEND:VCARD\r\n";
const char kEve[] = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Eve\r\nUID:eve\r\nEND:VCARD\r\n";

std::unique_ptr<record_files::Book> Parse(const std::string& file) {
  return ContactFormat("").Parse(file);
}

TEST(ContactBook, EveryFileOfTheCorpusIsKeptByteForByte) {
  const auto corpus = Corpus();
  ASSERT_GT(corpus.size(), 25u);
  for (const auto& [name, bytes] : corpus) {
    const auto book = Parse(bytes);
    EXPECT_EQ(book->Text(), bytes) << name;
    EXPECT_FALSE(book->entries().empty()) << name;
    for (const Entry& entry : book->entries()) {
      EXPECT_EQ(entry.problem, "") << name;
      EXPECT_NE(entry.key, "") << name;
      EXPECT_NE(entry.name, "a contact without a name") << name;
    }
  }
}

TEST(ContactBook, EveryCardOfTheCorpusIsTheSameAsAFileOfItsOwn) {
  for (const auto& [name, bytes] : Corpus()) {
    const auto book = Parse(bytes);
    for (size_t i = 0; i < book->entries().size(); ++i) {
      const auto alone = Parse(book->Content(i));
      ASSERT_EQ(alone->entries().size(), 1u) << name;
      EXPECT_EQ(alone->entries()[0].key, book->entries()[i].key) << name;
      EXPECT_EQ(alone->entries()[0].version, book->entries()[i].version) << name;
      EXPECT_EQ(book->Content(i).size(), book->entries()[i].size) << name;
    }
  }
}

TEST(ContactBook, NamesOfTheCorpusAreReadInTheirCharsets) {
  const auto corpus = Corpus();
  const auto name = [&corpus](const std::string& file) {
    return EntriesOf(corpus.at(file)).at(0).name;
  };
  EXPECT_EQ(name("android_21.vcf"), "Jürgen Müller");
  EXPECT_EQ(name("outlook_21.vcf"), "René Gröber");
  EXPECT_EQ(name("outlook_21_raw_1252.vcf"), "Noël Lefèvre");
  EXPECT_EQ(name("lotus_notes.vcf"), "Iván García");
  EXPECT_EQ(name("nokia.vcf"), "Päivi Virtanen");
  EXPECT_EQ(name("nokia_lower.vcf"), "Matti Korhonen");
  EXPECT_EQ(name("siemens_sjis.vcf"), "太郎 山田");
  EXPECT_EQ(name("tab_folds.vcf"), "Tab Folded");
  EXPECT_EQ(name("unknown_only.vcf"), "no-name@example.org");
}

TEST(ContactBook, EntriesTellWhereTheyStand) {
  const auto entries = EntriesOf(std::string("\r\n") + kAda + "between\r\n" + kBob);
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].line, 2u);
  EXPECT_EQ(entries[1].line, 8u);
  EXPECT_EQ(entries[1].key, "bob");
  EXPECT_EQ(entries[1].media_type, "text/vcard");
}

TEST(ContactBook, PutReplacesOneCardAndLeavesTheRest) {
  const auto book = Parse(std::string("\xef\xbb\xbf") + kAda + "kept\r\n" + kBob + kEve);
  book->Put("bob", "BEGIN:VCARD\nVERSION:3.0\nFN:Robert\nUID:bob\nEND:VCARD");
  EXPECT_EQ(book->Text(),
            std::string("\xef\xbb\xbf") + kAda +
                "kept\r\nBEGIN:VCARD\r\nVERSION:3.0\r\nFN:Robert\r\nUID:bob\r\nEND:VCARD\r\n" +
                kEve);
  EXPECT_EQ(book->entries()[1].name, "Robert");
}

TEST(ContactBook, PutAddsWhatIsNewAtTheEnd) {
  std::string without_last_line_end = kAda;
  without_last_line_end.resize(without_last_line_end.size() - 2);
  const auto book = Parse(without_last_line_end);
  book->Put("bob", kBob);
  book->Remove("bob");
  book->Put("eve", kEve);
  EXPECT_EQ(book->Text(), std::string(kAda) + kEve);
  const auto empty = Parse("");
  EXPECT_TRUE(empty->entries().empty());
  empty->Put("bob", "BEGIN:VCARD\nVERSION:3.0\nFN:Bob\nUID:bob\nEND:VCARD\n");
  EXPECT_EQ(empty->Text(), "BEGIN:VCARD\nVERSION:3.0\nFN:Bob\nUID:bob\nEND:VCARD\n");
}

TEST(ContactBook, PutMakesOneKindOfLineEndsOfTwo) {
  const auto book = Parse(kAda);
  book->Put("bob", "BEGIN:VCARD\nVERSION:3.0\r\nFN:Bob\nUID:bob\r\nEND:VCARD\n");
  EXPECT_EQ(book->Text(), std::string(kAda) + kBob);
}

TEST(ContactBook, RemoveTakesOneCardOut) {
  const auto book = Parse(std::string(kAda) + "kept\r\n" + kBob + kEve);
  book->Remove("bob");
  EXPECT_EQ(book->Text(), std::string(kAda) + "kept\r\n" + kEve);
  ASSERT_EQ(book->entries().size(), 2u);
  EXPECT_EQ(book->entries()[1].key, "eve");
}

TEST(ContactBook, PutTakesOnlyOneCard) {
  const auto book = Parse(kAda);
  for (const std::string& content : {std::string(), std::string(kAda) + kBob, std::string("x")}) {
    EXPECT_THROW(book->Put("ada", content), Error) << content;
  }
  EXPECT_EQ(book->Text(), kAda);
}

TEST(ContactBook, AUidOfAnyFormIsOneKey) {
  const auto key = [](const std::string& uid) { return KeyOfCard(Card("4.0", {"FN:A", uid})); };
  const std::string plain = "4fbe8971-0bc3-424c-9c26-36c3e1eff6b1";
  EXPECT_EQ(key("UID:" + plain), plain);
  EXPECT_EQ(key("UID:urn:uuid:" + plain), plain);
  EXPECT_EQ(key("UID: URN:UUID:4FBE8971-0BC3-424C-9C26-36C3E1EFF6B1 "), plain);
  EXPECT_EQ(key("UID:Some-Thing"), "Some-Thing");
  EXPECT_NE(key("UID:some-thing"), key("UID:Some-Thing"));
}

TEST(ContactBook, WithoutUidTwoPeopleOfOneNameAreTwo) {
  const auto key = [](const Lines& lines) { return KeyOfCard(Card("3.0", lines)); };
  const std::string one = key({"FN:John Smith", "TEL:1", "EMAIL:j@a.org"});
  EXPECT_EQ(one, key({"EMAIL:j@A.org", "NOTE:new", "TEL;TYPE=home:(1)", "FN:john smith"}));
  EXPECT_NE(one, key({"FN:John Smith", "TEL:2", "EMAIL:j@a.org"}));
  EXPECT_NE(one, key({"FN:Jane Smith", "TEL:1", "EMAIL:j@a.org"}));
  EXPECT_EQ(one.substr(0, 9), "fallback:");
  // The name alone is not enough.
  EXPECT_NE(key({"FN:John Smith", "ADR:;;Elm Street;;;;"}),
            key({"FN:John Smith", "ADR:;;Oak Street;;;;"}));
  EXPECT_EQ(key({"FN:John Smith", "UID:"}), key({"FN:John Smith"}));
}

TEST(ContactBook, ACardThatStandsTwiceIsListedTwice) {
  const auto entries = EntriesOf(std::string(kAda) + kBob + kAda);
  ASSERT_EQ(entries.size(), 3u);
  EXPECT_EQ(entries[0].key, entries[2].key);
  EXPECT_EQ(entries[2].line, 11u);
  const auto book = Parse(std::string(kAda) + kAda);
  EXPECT_THROW(book->Put("ada", kAda), Error);
  EXPECT_THROW(book->Remove("ada"), Error);
}

TEST(ContactBook, BrokenCardsAreToldAndTheRestIsRead) {
  const auto entries = EntriesOf(
      "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Cut Off\r\nUID:cut\r\n" + std::string(kAda) +
      "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:empty\r\nREV:20260101T000000Z\r\nN:;;;;\r\nEND:VCARD\r\n" +
      "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n" + kBob);
  ASSERT_EQ(entries.size(), 5u);
  EXPECT_EQ(entries[0].problem, "it has no END:VCARD; complete or remove it");
  EXPECT_EQ(entries[0].key, "cut");
  EXPECT_EQ(entries[0].line, 1u);
  EXPECT_EQ(entries[1].problem, "");
  EXPECT_EQ(entries[2].problem, "it has no name and nothing else in it; complete or remove it");
  EXPECT_EQ(entries[3].problem, "it is a VCALENDAR, not a contact; move it out of this file");
  EXPECT_EQ(entries[3].line, 16u);
  EXPECT_EQ(entries[4].problem, "");
  EXPECT_EQ(entries[4].key, "bob");
}

TEST(ContactBook, NothingIsAddedBehindWhatDoesNotEnd) {
  const std::string file = std::string(kAda) + "BEGIN:VCALENDAR\r\nX-A:b\r\n";
  const auto book = Parse(file);
  EXPECT_THROW(book->Put("bob", kBob), Error);
  EXPECT_EQ(book->Text(), file);
  // A card that does not end does end where the next one begins.
  const auto cut = Parse("BEGIN:VCARD\r\nFN:Cut Off\r\nUID:cut");
  cut->Put("bob", kBob);
  ASSERT_EQ(EntriesOf(cut->Text()).size(), 2u) << cut->Text();
  EXPECT_EQ(EntriesOf(cut->Text())[1].key, "bob");
}

TEST(ContactBook, Utf16IsToldAndItsContactsAreKnown) {
  for (const bool little : {true, false}) {
    std::string utf16 = little ? "\xff\xfe" : "\xfe\xff";
    for (const char c : std::string(kAda) + kBob) {
      utf16 += little ? std::string{c, '\0'} : std::string{'\0', c};
    }
    const auto book = Parse(utf16);
    ASSERT_EQ(book->entries().size(), 2u);
    EXPECT_EQ(book->entries()[1].key, "bob");
    EXPECT_EQ(book->entries()[1].problem, "the file is UTF-16; save it as UTF-8");
    EXPECT_THROW(book->Put("eve", kEve), Error);
    EXPECT_THROW(book->Remove("ada"), Error);
    EXPECT_EQ(book->Text(), utf16);
  }
  EXPECT_EQ(EntriesOf(std::string("\xff\xfe\0\0", 4)).at(0).problem,
            "the file is UTF-16; save it as UTF-8");
}

TEST(ContactBook, WhatIsNoAddressBookIsToldAndNothingIsWrittenIntoIt) {
  const std::string calendar = "\nBEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n";
  for (const std::string& text : {std::string("\xff\xd8\xff\xe0 photo"), std::string("a,b\n1,2\n"),
                                  std::string("FN:Ada\nEND:VCARD\n"), calendar}) {
    const auto book = Parse(text);
    ASSERT_EQ(book->entries().size(), 1u) << text;
    const Entry& entry = book->entries()[0];
    EXPECT_EQ(entry.key, "") << "it may hold any contact";
    EXPECT_EQ(entry.line, text == calendar ? 2u : 1u);
    EXPECT_EQ(entry.problem,
              text == calendar
                  ? "it is a VCALENDAR, not a contact; move it out of this file"
                  : "it is no address book: it has no BEGIN:VCARD; replace it by one, or empty it");
    EXPECT_THROW(book->Put("eve", kEve), Error);
    EXPECT_EQ(book->Text(), text);
    EXPECT_EQ(book->Content(0), text);
  }
  for (const std::string blank : {"", "\xEF\xBB\xBF", "\r\n \n"}) {
    const auto book = Parse(blank);
    EXPECT_TRUE(book->entries().empty());
    book->Put("eve", kEve);
    EXPECT_EQ(book->entries().size(), 1u);
  }
}

TEST(ContactBook, ACategoryLeavesOutTheRest) {
  const std::string file = Card("3.0", {"FN:A", "CATEGORIES:Friends,Chess"}) +
                           Card("3.0", {"FN:B", "CATEGORIES:Work", "CATEGORIES:friends"}) +
                           Card("3.0", {"FN:C", "CATEGORIES:Work\\, hard"}) + Card("3.0", {"FN:D"});
  const auto left_out = [&file](const std::string& category) {
    std::string names;
    for (const Entry& entry : EntriesOf(file, category)) {
      if (entry.filtered) names += entry.name;
    }
    return names;
  };
  EXPECT_EQ(left_out(""), "");
  EXPECT_EQ(left_out("FRIENDS"), "CD");
  EXPECT_EQ(left_out("chess, work"), "CD");
  EXPECT_EQ(left_out("work\\, hard"), "ABD");
  EXPECT_EQ(left_out("nobody"), "ABCD");
}

TEST(ContactBook, RevTellsWhenItWasEdited) {
  const auto edited = [](const std::string& rev) {
    return EntriesOf(Card("3.0", {"FN:A", rev})).at(0).edited_ns;
  };
  constexpr int64_t kSecond = 1'000'000'000;
  EXPECT_EQ(edited("REV:20260102T030405Z"), 1767323045 * kSecond);
  EXPECT_EQ(edited("REV:2026-01-02T03:04:05Z"), 1767323045 * kSecond);
  EXPECT_EQ(edited("REV:2026-01-02T03:04:05.678Z"), 1767323045 * kSecond);
  EXPECT_EQ(edited("REV:2026-01-02T04:04:05+01:00"), 1767323045 * kSecond);
  EXPECT_EQ(edited("REV:20260102T020405-0100"), 1767323045 * kSecond);
  EXPECT_EQ(edited("REV:2026-01-02"), 1767312000 * kSecond);
  EXPECT_EQ(edited("REV:soon"), SYNCLINE_UNKNOWN_TIME);
  EXPECT_EQ(edited("REV:99999999T999999Z"), SYNCLINE_UNKNOWN_TIME);
  EXPECT_EQ(edited("NOTE:x"), SYNCLINE_UNKNOWN_TIME);
}

}  // namespace
}  // namespace syncline::contacts
