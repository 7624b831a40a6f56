// What counts as the content of a contact: which cards are equal, and which are not.
#include <gtest/gtest.h>

#include "tests/unit/contacts/cards.h"

namespace syncline::contacts {
namespace {

void ExpectEqual(const std::string& a, const std::string& b) {
  EXPECT_EQ(VersionOfCard(a), VersionOfCard(b)) << a << b;
}
void ExpectDifferent(const std::string& a, const std::string& b) {
  EXPECT_NE(VersionOfCard(a), VersionOfCard(b)) << a << b;
}
std::string Of(const std::string& line) { return Card("3.0", {"FN:Ada", line}); }
std::string Of21(const std::string& line) { return Card("2.1", {"FN:Ada", line}); }
std::string Of40(const std::string& line) { return Card("4.0", {"FN:Ada", line}); }

TEST(ContactVersion, FormMakesNoDifference) {
  const std::string card = Card("3.0", {"FN:Ada", "NOTE:a longer note"});
  ExpectEqual(card, Card("3.0", {"FN:Ada", "NOTE:a long", " er note"}));
  ExpectEqual(card, Card("3.0", {"fn:Ada", "note:a longer note", "REV:20260101T000000Z"}));
  ExpectEqual(card, Card("3.0", {"PRODID:x", "NOTE:a longer note", "FN:Ada"}));
  ExpectEqual(card, Card("4.0", {"FN:Ada", "NOTE:a longer note"}));
  std::string lf;
  for (const char c : card) {
    if (c != '\r') lf.push_back(c);
  }
  ExpectEqual(card, lf);
}

TEST(ContactVersion, EveryValueCounts) {
  ExpectDifferent(Of("NOTE:a"), Of("NOTE:b"));
  ExpectDifferent(Of("NOTE:a"), Of("X-NOTE:a"));
  ExpectDifferent(Of("TEL:1"), Of("TEL:2"));
  ExpectDifferent(Of("TEL;TYPE=home:1"), Of("TEL;TYPE=work:1"));
  ExpectDifferent(Of("X-UNKNOWN:a"), Of("X-UNKNOWN:A"));
  ExpectDifferent(Of("X-UNKNOWN;X-P=a:v"), Of("X-UNKNOWN;X-P=b:v"));
  ExpectDifferent(Of("ADR:;;A;B;;;"), Of("ADR:;;B;A;;;"));
  ExpectDifferent(Of("ADR:;;A;B;;;"), Of("ADR:;;A;;B;;"));
  ExpectDifferent(Card("3.0", {"FN:Ada"}), Card("3.0", {"FN:Ada", "FN:Ada L"}));
  ExpectDifferent(Card("3.0", {"TEL:1", "TEL:2"}), Card("3.0", {"TEL:1"}));
}

TEST(ContactVersion, ALabelOfAGroupCountsAndItsNumberDoesNot) {
  const auto labelled = [](const std::string& group, const std::string& label) {
    return Card("3.0", {"FN:Ada", group + ".TEL:1", group + ".X-ABLabel:" + label});
  };
  ExpectEqual(labelled("item1", "boat"), labelled("item7", "boat"));
  ExpectDifferent(labelled("item1", "boat"), labelled("item1", "car"));
}

TEST(ContactVersion, PhonesAreEqualByTheirDigits) {
  ExpectEqual(Of("TEL:+49 30 1234"), Of("TEL:+49-30/12.34"));
  ExpectEqual(Of("TEL:+49 30 1234"), Of40("TEL;VALUE=uri:tel:+49-30-1234"));
  ExpectDifferent(Of("TEL:+49 30 1234"), Of("TEL:49 30 1234"));
  ExpectDifferent(Of("TEL:030 1234"), Of("TEL:030 1234;ext=5"));
  ExpectDifferent(Of("TEL:030 1234p5"), Of("TEL:030 12345"));
}

TEST(ContactVersion, DomainsHaveNoLetterCase) {
  ExpectEqual(Of("EMAIL:ada@Example.ORG"), Of("EMAIL:ada@example.org"));
  ExpectDifferent(Of("EMAIL:Ada@example.org"), Of("EMAIL:ada@example.org"));
}

TEST(ContactVersion, TrailingEmptyPartsDoNotCount) {
  ExpectEqual(Of("N:Lovelace;Ada;;;"), Of("N:Lovelace;Ada"));
  ExpectEqual(Of("ORG:Engines;"), Of("ORG:Engines"));
  ExpectDifferent(Of("ORG:Engines;Notes"), Of("ORG:Engines"));
}

TEST(ContactVersion, BothFormsOfADateAreEqual) {
  ExpectEqual(Of("BDAY:1815-12-10"), Of("BDAY;VALUE=date:18151210"));
  ExpectEqual(Of("BDAY:1815-12-10T00:00:00Z"), Of("BDAY:18151210T000000Z"));
  ExpectDifferent(Of("BDAY:1815-12-10"), Of("BDAY:1815-10-12"));
  ExpectDifferent(Of40("BDAY:--1210"), Of40("BDAY:1210"));
}

TEST(ContactVersion, TheVersionsOfVcardSayTheSame) {
  ExpectEqual(Of21("TEL;HOME;CELL:1"), Of("TEL;TYPE=CELL,HOME:1"));
  ExpectEqual(Of21("TEL;HOME;PREF:1"), Of40("TEL;TYPE=home;PREF=1:1"));
  ExpectEqual(Of("TEL;TYPE=home;TYPE=pref:1"), Of40("TEL;TYPE=home;PREF=1:1"));
  ExpectEqual(Of21("EMAIL;INTERNET:a@b"), Of40("EMAIL:a@b"));
  ExpectEqual(Of21("NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=A4;=0D=0Ab"),
              Of("NOTE:\xc3\xa4\\;\\nb"));
  ExpectEqual(Of21("NOTE;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:=E4"), Of40("NOTE:\xc3\xa4"));
  ExpectEqual(Of21("NOTE;QUOTED-PRINTABLE:a=\r\nb"), Of("NOTE:ab"));
  // A backslash before an n is no line end there.
  ExpectEqual(Of21("NOTE;ENCODING=QUOTED-PRINTABLE:C:\\new=41"), Of("NOTE:C:\\\\newA"));
  ExpectEqual(Of21("ADR;HOME:;;1 Way, Flat 2;Town"), Of("ADR;TYPE=HOME:;;1 Way\\, Flat 2;Town;;;"));
  ExpectEqual(Of("GEO:37.38;-122.08"), Of40("GEO:geo:37.38,-122.08"));
}

TEST(ContactVersion, APhotoIsItsBytesInEveryEncoding) {
  const std::string in21 = Of21("PHOTO;JPEG;ENCODING=BASE64:\r\n /9j/\r\n 4AAQ\r\n");
  ExpectEqual(in21, Of("PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ"));
  ExpectEqual(in21, Of40("PHOTO:data:image/jpeg;base64,/9j/4AAQ"));
  ExpectEqual(in21, Of40("PHOTO:data:image/jpeg;base64\\,/9j/4AAQ"));
  ExpectDifferent(in21, Of("PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAR"));
  ExpectDifferent(Of("PHOTO;VALUE=uri:http://a/b"), Of("PHOTO;VALUE=uri:http://a/c"));
}

}  // namespace
}  // namespace syncline::contacts
