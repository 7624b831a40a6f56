// Merging two edits of a contact, property by property.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/contacts/cards.h"

namespace syncline::contacts {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

// Cards of version 3.0, merged both ways: swapping the sides must make no difference.
Merged MergeBoth(const Lines& base, const Lines& mine, const Lines& theirs) {
  const std::string old = base.empty() ? "" : Card("3.0", base);
  Merged merged = MergeCards(old, Card("3.0", mine), Card("3.0", theirs));
  const Merged swapped = MergeCards(old, Card("3.0", theirs), Card("3.0", mine));
  EXPECT_EQ(merged.done, swapped.done);
  EXPECT_EQ(merged.text, swapped.text);
  return merged;
}
void ExpectMerge(const Lines& base, const Lines& mine, const Lines& theirs, const Lines& merged) {
  const Merged result = MergeBoth(base, mine, theirs);
  EXPECT_TRUE(result.done) << ::testing::PrintToString(result.differing);
  EXPECT_EQ(VersionOfCard(result.text), VersionOfCard(Card("3.0", merged))) << result.text;
}

TEST(ContactMerge, DifferentFieldsOfTwoPeopleBothStay) {
  ExpectMerge({"FN:Ada", "TEL:1", "NOTE:old"}, {"FN:Ada L", "TEL:1", "NOTE:old"},
              {"FN:Ada", "TEL:1", "NOTE:new"}, {"FN:Ada L", "TEL:1", "NOTE:new"});
  ExpectMerge({"FN:Ada", "BDAY:1815-12-10"}, {"FN:Ada"}, {"FN:Ada", "BDAY:1815-12-10", "ROLE:x"},
              {"FN:Ada", "ROLE:x"});
}

TEST(ContactMerge, PhonesOfBothAreKeptAndRemovedOnesGo) {
  ExpectMerge({"FN:A", "TEL:1", "TEL:2"}, {"FN:A", "TEL:1", "TEL:2", "TEL:3"},
              {"FN:A", "TEL:2", "TEL:4"}, {"FN:A", "TEL:2", "TEL:3", "TEL:4"});
}

TEST(ContactMerge, AChangedPhoneIsOneChange) {
  ExpectMerge({"FN:A", "TEL;TYPE=home:1", "TEL;TYPE=work:2"},
              {"FN:A", "TEL;TYPE=home:11", "TEL;TYPE=work:2"},
              {"FN:A", "TEL;TYPE=home:1", "TEL;TYPE=work:22"},
              {"FN:A", "TEL;TYPE=home:11", "TEL;TYPE=work:22"});
  // Both the same phone, differently: a conflict of that phone.
  const Merged merged = MergeBoth({"FN:A", "TEL;TYPE=home:1"}, {"FN:A", "TEL;TYPE=home:11"},
                                  {"FN:A", "TEL;TYPE=home:12"});
  EXPECT_FALSE(merged.done);
  EXPECT_THAT(merged.differing, UnorderedElementsAre(Pair("phone (home)", Pair("11", "12"))));
}

TEST(ContactMerge, AChangedValueAndAChangedTypeOfOnePhoneMeet) {
  ExpectMerge({"FN:A", "EMAIL;TYPE=home:a@b"}, {"FN:A", "EMAIL;TYPE=work:a@b"},
              {"FN:A", "EMAIL;TYPE=home:a@b", "EMAIL:c@d"},
              {"FN:A", "EMAIL;TYPE=work:a@b", "EMAIL:c@d"});
}

TEST(ContactMerge, ListsMergeByValue) {
  ExpectMerge({"FN:A", "CATEGORIES:x,y"}, {"FN:A", "CATEGORIES:x,y,z"}, {"FN:A", "CATEGORIES:y,w"},
              {"FN:A", "CATEGORIES:y,z,w"});
  ExpectMerge({"FN:A", "NICKNAME:a"}, {"FN:A", "NICKNAME:a,b"}, {"FN:A", "NICKNAME:a,c"},
              {"FN:A", "NICKNAME:a,b,c"});
}

TEST(ContactMerge, ALabelMovesWithItsProperty) {
  const Merged merged = MergeBoth({"FN:A"}, {"FN:A", "item1.TEL:1", "item1.X-ABLabel:boat"},
                                  {"FN:A", "item1.EMAIL:a@b", "item1.X-ABLabel:club"});
  ASSERT_TRUE(merged.done);
  EXPECT_EQ(VersionOfCard(merged.text),
            VersionOfCard(Card("3.0", {"FN:A", "item1.TEL:1", "item1.X-ABLabel:boat",
                                       "item2.EMAIL:a@b", "item2.X-ABLabel:club"})))
      << merged.text;
}

TEST(ContactMerge, SingleValuesChangedDifferentlyAreAConflictOfThatField) {
  const Merged merged =
      MergeBoth({"FN:A", "BDAY:19000101", "NOTE:x"}, {"FN:A", "BDAY:19010101", "NOTE:x", "TEL:1"},
                {"FN:A", "BDAY:19020202", "NOTE:y"});
  EXPECT_FALSE(merged.done);
  EXPECT_THAT(merged.differing,
              UnorderedElementsAre(Pair("birthday", Pair("1901-01-01", "1902-02-02"))));
}

TEST(ContactMerge, APersonDecidesFieldByField) {
  const std::string base = Card("3.0", {"FN:A", "NOTE:x", "TITLE:x"});
  const std::string mine = Card("3.0", {"FN:A", "NOTE:m", "TITLE:m", "TEL:1"});
  const std::string theirs = Card("3.0", {"FN:A", "NOTE:t", "TITLE:t", "TEL:2"});
  const Merged open = MergeCards(base, mine, theirs, Favour::kNone, {{"note", Favour::kMine}});
  EXPECT_FALSE(open.done);
  EXPECT_THAT(open.differing, UnorderedElementsAre(Key("job title")));
  const Merged done = MergeCards(base, mine, theirs, Favour::kNone,
                                 {{"note", Favour::kMine}, {"job title", Favour::kTheirs}});
  ASSERT_TRUE(done.done);
  EXPECT_EQ(VersionOfCard(done.text),
            VersionOfCard(Card("3.0", {"FN:A", "NOTE:m", "TITLE:t", "TEL:1", "TEL:2"})));
}

TEST(ContactMerge, WithoutAncestorTheUnionIsTaken) {
  ExpectMerge({}, {"FN:A", "TEL:1", "ROLE:r"}, {"FN:A", "TEL:2", "NOTE:n"},
              {"FN:A", "TEL:1", "TEL:2", "ROLE:r", "NOTE:n"});
  const Merged merged = MergeBoth({}, {"FN:A", "NOTE:1"}, {"FN:A", "NOTE:2"});
  EXPECT_FALSE(merged.done);
  EXPECT_THAT(merged.differing, UnorderedElementsAre(Key("note")));
}

TEST(ContactMerge, WhatOnlyTheFormDistinguishesIsNoEdit) {
  const std::string base = Card("3.0", {"FN:A", "TEL:1"});
  const std::string mine = Card("3.0", {"FN:A", "TEL:1", "REV:20260101T000000Z", "PRODID:x"});
  const std::string theirs = Card("3.0", {"FN:A", "TEL:2", "REV:20250101T000000Z"});
  EXPECT_EQ(MergeCards(base, mine, theirs).text, theirs);
  EXPECT_EQ(MergeCards(base, theirs, mine).text, theirs);
  EXPECT_EQ(MergeCards(base, theirs, base).text, theirs);
}

TEST(ContactMerge, CardsOfTwoVersionsMeetInTheNewerOne) {
  const std::string base = Card("2.1", {"N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BC;J",
                                        "TEL;HOME;PREF:1", "NOTE:old"});
  const std::string mine =
      Card("2.1", {"N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BC;J", "TEL;HOME;PREF:1",
                   "NOTE;ENCODING=QUOTED-PRINTABLE:a;=0D=0Ab",
                   "PHOTO;JPEG;ENCODING=BASE64:\r\n /9j/\r\n"});
  const std::string theirs =
      Card("4.0", {"N:M\xc3\xbc;J;;;", "TEL;TYPE=home;PREF=1:1", "NOTE:old", "EMAIL:a@b"});
  const Merged merged = MergeCards(base, mine, theirs);
  ASSERT_TRUE(merged.done) << ::testing::PrintToString(merged.differing);
  EXPECT_EQ(merged.text, MergeCards(base, theirs, mine).text);
  EXPECT_THAT(merged.text, HasSubstr("VERSION:4.0\r\n"));
  EXPECT_THAT(merged.text, HasSubstr("NOTE:a\\;\\nb\r\n"));
  EXPECT_THAT(merged.text, HasSubstr("EMAIL:a@b\r\n"));
  EXPECT_THAT(merged.text, HasSubstr("PHOTO:data:image/jpeg;base64,/9j/\r\n"));
  EXPECT_THAT(merged.text, HasSubstr("TEL;TYPE=home;PREF=1:1\r\n"));
  EXPECT_THAT(merged.text, Not(HasSubstr("QUOTED-PRINTABLE")));
}

TEST(ContactMerge, OfTwoEqualCardsOneStaysByteForByte) {
  const std::string base = Card("3.0", {"FN:A", "TEL:0"});
  const std::string mine = Card("3.0", {"TEL;TYPE=pref:+1 2", "FN:A", "REV:20260101T000000Z"});
  const std::string theirs = Card("4.0", {"FN:A", "TEL;PREF=1;VALUE=uri:tel:+1-2", "PRODID:x"});
  EXPECT_EQ(MergeCards(base, mine, theirs).text, theirs);
  EXPECT_EQ(MergeCards(base, theirs, mine).text, theirs);
  // Also when neither is more than another form of what was there.
  const std::string same = Card("3.0", {"FN:A", "TEL;TYPE=pref:+12"});
  EXPECT_EQ(MergeCards(same, mine, theirs).text, MergeCards(same, theirs, mine).text);
}

TEST(ContactMerge, APhotoOf21BecomesOneOf30) {
  const Merged merged =
      MergeCards("", Card("2.1", {"FN:A", "PHOTO;JPEG;ENCODING=BASE64:\r\n /9j/\r\n 4AAQ\r\n"}),
                 Card("3.0", {"FN:A", "TEL:1"}));
  EXPECT_THAT(merged.text, HasSubstr("PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ\r\n"));
}

TEST(ContactMerge, TheBytesOfWhatNobodyEditedStay) {
  const std::string odd = "X-ODD;X-P=\"a;b\";Z=1:va\r\n lue\\;;\\,,  ";
  const Merged merged =
      MergeBoth({"FN:A", odd, "TEL:1"}, {"FN:A", odd, "TEL:1", "NOTE:m"}, {"FN:A", odd, "TEL:2"});
  ASSERT_TRUE(merged.done);
  EXPECT_THAT(merged.text, HasSubstr(odd));
}

TEST(ContactMerge, CardsOfTwoKindsOfLineEndsGetOne) {
  const auto with_lf = [](std::string card) {
    std::erase(card, '\r');
    return card;
  };
  const std::string base = Card("3.0", {"FN:A", "NOTE:x"});
  const std::string mine = with_lf(Card("3.0", {"FN:A", "NOTE:x", "TEL:1"}));
  const std::string theirs = Card("3.0", {"FN:A", "NOTE:y"});
  const Merged merged = MergeCards(base, mine, theirs);
  ASSERT_TRUE(merged.done);
  EXPECT_EQ(merged.text, MergeCards(base, theirs, mine).text);
  EXPECT_EQ(merged.text, Card("3.0", {"FN:A", "NOTE:y", "TEL:1"}));
  EXPECT_EQ(MergeCards(with_lf(base), mine, with_lf(theirs)).text,
            with_lf(Card("3.0", {"FN:A", "NOTE:y", "TEL:1"})));
}

TEST(ContactFormat, ACopyGetsAnotherKeyAndAName) {
  const ContactFormat format("");
  const std::string card = Card("3.0", {"FN:Ada, Countess", "N:Countess;Ada", "UID:ada", "TEL:1"});
  const std::string copy = format.Renamed(card, "from B");
  EXPECT_NE(KeyOfCard(copy), "ada");
  EXPECT_EQ(copy, format.Renamed(card, "from B")) << "made twice it is one copy";
  EXPECT_NE(KeyOfCard(copy), KeyOfCard(format.Renamed(card, "from A")));
  EXPECT_THAT(copy, HasSubstr("FN:Ada\\, Countess (from B)\r\n"));
  EXPECT_THAT(copy, HasSubstr("TEL:1\r\n"));
  const std::string urn =
      Card("4.0", {"FN:A", "UID:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1"});
  EXPECT_THAT(format.Renamed(urn, "x"), HasSubstr("UID:urn:uuid:"));
  const std::string old = format.Renamed(Card("2.1", {"N:Ada", "TEL;HOME:1"}), "von Jürgen");
  EXPECT_THAT(old, HasSubstr("FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Ada (von J=C3=BCrgen)"));
  EXPECT_EQ(EntriesOf(old).at(0).name, "Ada (von Jürgen)");
}

TEST(ContactFormat, DescribeTellsWhatAPersonReads) {
  const auto describe = [](const std::string& card) {
    Told told;
    ContactFormat("").Describe(card, Fields(&told.raw));
    EXPECT_EQ(told.names.at(0), "title");
    std::map<std::string, std::string> fields;
    for (const auto& [name, values] : told.fields) fields[name] = values.first;
    return fields;
  };
  const auto corpus = Corpus();
  auto outlook = describe(corpus.at("outlook_21.vcf"));
  EXPECT_EQ(outlook["title"], "René Gröber");
  EXPECT_EQ(outlook["name in parts"], "Herr René Gröber");
  EXPECT_EQ(outlook["organisation"], "Möbel & Söhne – Handel, Einkauf");
  EXPECT_EQ(outlook["address (work)"], "Schöne Straße 4, München, 80331, Deutschland");
  EXPECT_EQ(outlook["phone (fax, work)"], "+49 (89) 5550112");
  EXPECT_THAT(outlook["photo"], ::testing::MatchesRegex("JPEG, 313 bytes \\([0-9a-f]{8}\\)"));
  auto iphone = describe(corpus.at("iphone.vcf"));
  EXPECT_EQ(iphone["email (säsong)"], "asa@fjallsjo.example");
  EXPECT_EQ(iphone["phone (other)"], "063-555 01 07");
  auto full = describe(corpus.at("vcard4_full.vcf"));
  EXPECT_EQ(full["name in parts"], "Ms. Ada Augusta Example, PhD");
  EXPECT_EQ(full["categories"], "science, work,hard");
  EXPECT_EQ(full["phone (home)"], "+44-20-5555-0128");
  EXPECT_THAT(full, Not(::testing::Contains(Key("revision"))));
}

// All that a person sees of two pictures is their field: it differs where they do.
TEST(ContactFormat, TwoPicturesOfOneKindAndSizeReadDifferently) {
  const auto photo = [](const std::string& line) {
    Told told;
    ContactFormat("").Describe(Card("3.0", {"FN:Ada", line}), Fields(&told.raw));
    return told.fields.at("photo").first;
  };
  const std::string one = photo("PHOTO;ENCODING=b;TYPE=JPEG:/9j/");
  EXPECT_THAT(one, ::testing::StartsWith("JPEG, 3 bytes ("));
  EXPECT_NE(photo("PHOTO;ENCODING=b;TYPE=JPEG:/9j+"), one);
  EXPECT_EQ(photo("PHOTO:data:image/jpeg;base64,/9j/"), one) << "however it is written";
  EXPECT_EQ(photo("PHOTO;VALUE=uri:https://example.org/a.jpg"), "https://example.org/a.jpg");
}

}  // namespace
}  // namespace syncline::contacts
