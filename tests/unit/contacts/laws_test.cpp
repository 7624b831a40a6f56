// The laws of the merge and of the versions of vCard, for random cards. A failure prints the card
// and a seed that repeats it (RC_PARAMS).
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "plugins/contacts/convert.h"
#include "tests/unit/contacts/cards.h"

namespace syncline::contacts {
namespace {

// Lines that fit into any card; few different ones, so that cards of two sides often meet.
Lines AnyLines() {
  const std::vector<std::string> kinds = {"FN:",
                                          "N:",
                                          "NOTE:",
                                          "BDAY:1990-01-0",
                                          "TEL;TYPE=home:",
                                          "TEL:",
                                          "EMAIL:a@b",
                                          "ORG:x;",
                                          "CATEGORIES:a,b",
                                          "NICKNAME:n,",
                                          "X-UNKNOWN:",
                                          "ADR:;;Way ",
                                          "item1.TEL:",
                                          "item1.X-ABLabel:",
                                          "item2.EMAIL:c@d",
                                          "TITLE:",
                                          "URL:http://",
                                          "X-ANDROID-CUSTOM:vnd.x/",
                                          "REV:2026010",
                                          "item2.X-ABLabel:"};
  Lines lines = {"FN:Somebody"};
  const auto count = *rc::gen::inRange(0, 8);
  for (int i = 0; i < count; ++i) {
    lines.push_back(*rc::gen::elementOf(kinds) + std::to_string(*rc::gen::inRange(1, 4)));
  }
  return lines;
}

std::string AnyCard() {
  return Card(*rc::gen::elementOf(std::vector<std::string>{"3.0", "3.0", "4.0"}), AnyLines());
}

// What a person may do to a card.
std::string Edited(const std::string& version, Lines lines) {
  const auto edits = *rc::gen::inRange(0, 4);
  for (int i = 0; i < edits; ++i) {
    const Lines more = AnyLines();
    if (*rc::gen::arbitrary<bool>() && !lines.empty()) {
      lines.erase(lines.begin() + *rc::gen::inRange(0, static_cast<int>(lines.size())));
    }
    lines.push_back(more.back());
  }
  lines.push_back("NOTE:edit " + std::to_string(*rc::gen::inRange(0, 2)));
  return Card(version, lines);
}

TEST(ContactLaws, MergingWithNothingNewGivesWhatIsThere) {
  EXPECT_TRUE(rc::check([] {
    const std::string base = AnyCard();
    const std::string edited = AnyCard();
    RC_ASSERT(MergeCards(base, edited, edited).text == edited);
    RC_ASSERT(MergeCards(base, edited, base).text == edited);
    RC_ASSERT(MergeCards(base, base, edited).text == edited);
    RC_ASSERT(MergeCards("", edited, edited).text == edited);
  }));
}

TEST(ContactLaws, NobodyIsFirst) {
  EXPECT_TRUE(rc::check([] {
    const Lines lines = AnyLines();
    const std::string base = *rc::gen::arbitrary<bool>() ? Card("3.0", lines) : "";
    const std::string mine = Edited("3.0", lines);
    const std::string theirs =
        Edited(*rc::gen::elementOf(std::vector<std::string>{"3.0", "4.0"}), lines);
    const Merged one = MergeCards(base, mine, theirs);
    const Merged other = MergeCards(base, theirs, mine);
    RC_ASSERT(one.done == other.done);
    RC_ASSERT(one.text == other.text);
    RC_ASSERT(one.differing.size() == other.differing.size());
    for (const auto& [field, values] : one.differing) {
      RC_ASSERT(other.differing.count(field) == 1u);
      RC_ASSERT(other.differing.at(field).first == values.second);
    }
    RC_ASSERT(MergeCards(base, mine, theirs, Favour::kMine).text ==
              MergeCards(base, theirs, mine, Favour::kTheirs).text);
  }));
}

TEST(ContactLaws, AMergeIsACardAndMergingItAgainAddsNothing) {
  EXPECT_TRUE(rc::check([] {
    const Lines lines = AnyLines();
    const std::string base = Card("3.0", lines);
    const std::string mine = Edited("3.0", lines);
    const std::string theirs = Edited("3.0", lines);
    const Merged merged = MergeCards(base, mine, theirs, Favour::kMine);
    RC_ASSERT(merged.done);
    const auto entries = EntriesOf(merged.text);
    RC_ASSERT(entries.size() == 1u);
    RC_ASSERT(entries[0].problem == "");
    const Merged again = MergeCards(theirs, merged.text, theirs);
    RC_ASSERT(again.text == merged.text);
  }));
}

TEST(ContactLaws, ANewerVersionSaysTheSame) {
  EXPECT_TRUE(rc::check([] {
    const Lines lines = AnyLines();
    const std::string card = Card("3.0", lines);
    const content_lines::Component raised = Raised(OnlyCard(card), Version::k40, "\r\n");
    RC_ASSERT(VersionOfCard(raised.Text()) == VersionOfCard(card));
  }));
}

TEST(ContactLaws, EveryCardOfTheCorpusSaysTheSameInANewerVersion) {
  for (const auto& [name, bytes] : Corpus()) {
    const auto book = ContactFormat("").Parse(bytes);
    for (size_t i = 0; i < book->entries().size(); ++i) {
      const content_lines::Component card = OnlyCard(book->Content(i));
      for (const Version version : {Version::k30, Version::k40}) {
        const std::string raised = Raised(card, version, "\r\n").Text();
        EXPECT_EQ(VersionOfCard(raised), book->entries()[i].version) << name << "\n" << raised;
      }
    }
  }
}

}  // namespace
}  // namespace syncline::contacts
