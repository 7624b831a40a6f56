// Random cards in random styles of writing, and files that are nearly valid: nothing is lost, and
// nothing that is added disappears in what is broken. RC_PARAMS repeats a failure.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "plugins/contacts/convert.h"
#include "syncline/provider.hpp"
#include "tests/support/content_line_generator.h"
#include "tests/unit/contacts/cards.h"

namespace syncline::contacts {
namespace {

using testing::LineKind;

const std::vector<LineKind>& Kinds() {
  static const std::vector<LineKind> kKinds = {
      {"N", {""}, {"Lovelace;Ada;;;", "M\xc3\xbcller;J\xc3\xb6rg"}, true},
      {"NOTE", {"", ";LANGUAGE=en"}, {"one\\ntwo", "a\\;b\\,c", "\xe5\x90\x8d\xe7\x89\x87"}, true},
      {"BDAY", {"", ";VALUE=date"}, {"1815-12-10", "18151211"}, true},
      {"TEL", {"", ";TYPE=home", ";TYPE=work,pref"}, {"+49 30 1", "030-2"}, false, {"", "item1"}},
      {"EMAIL", {"", ";TYPE=INTERNET"}, {"a@b", "c@D.org"}, false, {"", "item2"}},
      {"X-ABLabel", {""}, {"boat", "_$!<Home>!$_"}, false, {"item1", "item2"}},
      {"CATEGORIES", {""}, {"x,y", "y,z"}},
      {"PHOTO", {";ENCODING=b;TYPE=JPEG"}, {"/9j/", "/9j/4AAQ"}, true},
      {"X-ODD", {"", ";X-P=\"a;b:c\""}, {"", "v;w,\\x", "\xff\xfe"}},
  };
  return kKinds;
}

// Folds no shorter than a name: behind a photo, a piece of a name alone in a line looks like more
// of its base64, which some programs write without the space in front.
testing::Style AnyRealStyle() {
  testing::Style style = *testing::AnyStyle();
  if (style.fold_at != 0) style.fold_at = std::max<size_t>(style.fold_at, 20);
  return style;
}

TEST(GeneratedContacts, TheStyleOfWritingMakesNoDifference) {
  EXPECT_TRUE(rc::check([] {
    const testing::Lines lines = *testing::AnyLines(Kinds());
    const std::vector<std::string> first = {"VERSION:3.0", "FN:Somebody"};
    const std::string one = testing::Written("VCARD", lines, AnyRealStyle(), first);
    const std::string other = testing::Written("VCARD", lines, AnyRealStyle(), first);
    RC_ASSERT(ContactFormat("").Parse(one)->Text() == one);
    RC_ASSERT(VersionOfCard(one) == VersionOfCard(other));
    RC_ASSERT(KeyOfCard(one) == KeyOfCard(other));
    const std::string raised = Raised(OnlyCard(one), Version::k40, "\r\n").Text();
    RC_ASSERT(VersionOfCard(raised) == VersionOfCard(one));
  }));
}

TEST(GeneratedContacts, WhatIsAddedToANearlyValidFileIsThereAndAllElseStays) {
  EXPECT_TRUE(rc::check([] {
    const std::string bytes = *testing::NearlyValid();
    const auto book = ContactFormat("").Parse(bytes);
    RC_ASSERT(book->Text() == bytes);
    const std::vector<record_files::Entry> before = book->entries();
    for (size_t i = 0; i < before.size(); ++i) book->Content(i);
    if (book->unended_line() != 0) return;
    const std::string added = Card("3.0", {"UID:added", "FN:Added"});
    try {
      book->Put("added", added);
    } catch (const Error& error) {
      RC_ASSERT(book->Text() == bytes);
      return;
    }
    const auto again = ContactFormat("").Parse(book->Text());
    const std::vector<record_files::Entry>& after = again->entries();
    RC_ASSERT(after.size() == before.size() + 1);
    RC_ASSERT(after.back().key == "added");
    for (size_t i = 0; i < before.size(); ++i) {
      RC_ASSERT(after[i].key == before[i].key);
      RC_ASSERT(after[i].version == before[i].version);
    }
  }));
}

}  // namespace
}  // namespace syncline::contacts
