// What must hold for any content at all: reading loses no byte, equal meaning has an equal digest,
// and the laws of the merge (plugins/content_lines/merge.h).
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "plugins/content_lines/canonical.h"
#include "plugins/content_lines/digest.h"
#include "plugins/content_lines/merge.h"
#include "tests/support/content_line_generator.h"
#include "tests/unit/content_lines/plain_vocabulary.h"

namespace syncline::content_lines {
namespace {

using ::syncline::testing::AnyLines;
using ::syncline::testing::AnyStyle;
using ::syncline::testing::Edited;
using ::syncline::testing::LineKind;
using ::syncline::testing::Lines;
using ::syncline::testing::NearlyValid;
using ::syncline::testing::Style;
using ::syncline::testing::Written;

const std::vector<LineKind>& Kinds() {
  static const std::vector<LineKind> kKinds = {
      {"FN", {}, {"Ada", "Ada Lovelace", "Zo\xC3\xAB", "a name that is long enough to fold"}, true},
      {"NOTE", {"", ";LANGUAGE=de"}, {"one\\, two", "a\\nb", ""}, true},
      {"BDAY", {}, {"1815-12-10", "1815-12-11"}, true},
      {"REV", {}, {"20260101T000000Z", "20260102T000000Z"}, true},
      {"SEQUENCE", {}, {"1", "2", "10"}, true},
      {"TEL", {"", ";TYPE=home", ";WORK", ";TYPE=home;PREF=1"}, {"1", "2", "3"}, false},
      {"X-MINE", {"", ";X-A=\"b:c\""}, {"p", "q"}, false},
      {"CATEGORIES", {}, {"a", "a,b", "b,c", "d"}, false},
      {"EMAIL", {}, {"a@b", "c@d"}, false, {"item1", "item2", "ITEM1"}},
      {"X-ABLABEL", {}, {"Boat", "Car"}, false, {"item1", "item2", "item3"}},
      {"",
       {},
       {"BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:1\nEND:VALARM\n",
        "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:2\nX-MINE:a\nEND:VALARM\n",
        "BEGIN:VALARM\nACTION:AUDIO\nTRIGGER:2\nEND:VALARM\n"},
       false},
  };
  return kKinds;
}

Component One(const std::string& text) {
  Document document = Parse(text);
  for (Document::Piece& piece : document.pieces) {
    if (piece.component != nullptr) return std::move(*piece.component);
  }
  RC_FAIL("the text has no component");
  return {};
}

Component Card(const Lines& lines, const Style& style) {
  return One(Written("VCARD", lines, style, {"VERSION:3.0"}));
}

Winner Nobody(std::string_view) { return Winner::kNobody; }

std::string DigestOf(const Component& component) { return Digest(component, PlainVocabulary()); }

// A base, maybe, and two edits of it.
struct Case {
  std::optional<Component> base;
  Component mine;
  Component theirs;

  const Component* ancestor() const { return base ? &*base : nullptr; }
  MergeResult Merged() const { return Merge(ancestor(), mine, theirs, PlainVocabulary(), Nobody); }
};

Case AnyCase() {
  Case one;
  const Lines lines = *AnyLines(Kinds());
  one.mine = Card(*Edited(lines, Kinds()), *AnyStyle());
  one.theirs = Card(*Edited(lines, Kinds()), *AnyStyle());
  if (*rc::gen::weightedElement<bool>({{3, true}, {1, false}})) {
    one.base = Card(lines, *AnyStyle());
  }
  return one;
}

// What counts: members of sets and singles by name and key, values of lists one by one.
std::multiset<std::string> Facts(const Component& component) {
  const PlainVocabulary vocabulary;
  std::multiset<std::string> facts;
  for (const Unit& unit : UnitsOf(component)) {
    const std::string& name = unit.lead->name;
    const Rule rule = vocabulary.RuleOf(component.name, name).rule;
    if (rule == Rule::kIgnored) continue;
    if (rule == Rule::kList) {
      for (const ListValue& value : ListValuesOf(vocabulary, component.name, *unit.lead)) {
        if (facts.count(name + " " + value.key) == 0) facts.insert(name + " " + value.key);
      }
      continue;
    }
    facts.insert(name + " " + CanonicalUnit(vocabulary, component.name, unit));
  }
  return facts;
}

// The same without parameters and companions.
std::set<std::string> Values(const Component& component) {
  std::set<std::string> values;
  for (const Unit& unit : UnitsOf(component)) {
    const Property& lead = *unit.lead;
    if (PlainVocabulary().RuleOf(component.name, lead.name).rule == Rule::kIgnored) continue;
    for (const ListValue& value : ListValuesOf(PlainVocabulary(), component.name, lead)) {
      values.insert(lead.name + ":" + value.text);
    }
  }
  return values;
}

bool HasTwins(const Component& component) {
  const std::multiset<std::string> facts = Facts(component);
  return std::adjacent_find(facts.begin(), facts.end()) != facts.end();
}

RC_GTEST_PROP(ContentLines, AnyBytesAreWrittenAsTheyWereRead, ()) {
  const std::string text = *NearlyValid();
  RC_ASSERT(Parse(text).Text() == text);
}

RC_GTEST_PROP(ContentLines, AValidCardIsWrittenAsItWasRead, ()) {
  const std::string text = Written("VCARD", *AnyLines(Kinds()), *AnyStyle());
  RC_ASSERT(Parse(text).Text() == text);
}

RC_GTEST_PROP(ContentLines, RewrittenPropertiesAreReadAgainTheSame, ()) {
  Component card = Card(*AnyLines(Kinds()), *AnyStyle());
  const std::string digest = DigestOf(card);
  for (Component::Child& child : card.children) {
    if (auto* property = std::get_if<Property>(&child)) property->Rewrite("\r\n");
  }
  card.begin_raw = "BEGIN:VCARD\r\n";
  card.end_raw = "END:VCARD\r\n";
  RC_ASSERT(DigestOf(One(card.Text())) == digest);
}

RC_GTEST_PROP(ContentLines, HowLinesAreWrittenDoesNotChangeTheDigest, ()) {
  const Lines lines = *AnyLines(Kinds());
  RC_ASSERT(DigestOf(Card(lines, *AnyStyle())) == DigestOf(Card(lines, *AnyStyle())));
}

RC_GTEST_PROP(ContentLines, TheOrderOfDifferentNamesDoesNotChangeTheDigest, ()) {
  const Lines lines = *AnyLines(Kinds());
  Lines sorted = lines;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.name < b.name; });
  RC_ASSERT(DigestOf(Card(lines, Style())) == DigestOf(Card(sorted, Style())));
}

RC_GTEST_PROP(ContentLines, TheDigestTellsOneFactFromAnother, ()) {
  const Lines lines = *AnyLines(Kinds());
  const Component one = Card(lines, Style());
  const Component other = Card(*Edited(lines, Kinds()), Style());
  if (Facts(one) != Facts(other)) RC_ASSERT(DigestOf(one) != DigestOf(other));
}

RC_GTEST_PROP(MergeLaws, AThingMergedWithItselfIsItself, ()) {
  const Case one = AnyCase();
  const MergeResult result = Merge(one.ancestor(), one.mine, one.mine, PlainVocabulary(), Nobody);
  RC_ASSERT(result.differing.empty());
  RC_ASSERT(result.merged.Text() == one.mine.Text());
}

RC_GTEST_PROP(MergeLaws, AThingMergedWithItsAncestorIsItself, ()) {
  const Case one = AnyCase();
  RC_PRE(one.base.has_value());
  const MergeResult result = Merge(one.ancestor(), one.mine, *one.base, PlainVocabulary(), Nobody);
  RC_ASSERT(result.differing.empty());
  RC_ASSERT(result.merged.Text() == one.mine.Text());
}

RC_GTEST_PROP(MergeLaws, WhoseIsWhoseDoesNotMatter, ()) {
  const Case one = AnyCase();
  const bool mine_wins = *rc::gen::arbitrary<bool>();
  const auto winner = [&](std::string_view field) {
    if (field.size() % 3 == 0) return Winner::kNobody;
    return mine_wins ? Winner::kMine : Winner::kTheirs;
  };
  const auto other_way = [&](std::string_view field) {
    const Winner wins = winner(field);
    if (wins == Winner::kNobody) return wins;
    return wins == Winner::kMine ? Winner::kTheirs : Winner::kMine;
  };
  const PlainVocabulary vocabulary;
  const MergeResult there = Merge(one.ancestor(), one.mine, one.theirs, vocabulary, winner);
  const MergeResult back = Merge(one.ancestor(), one.theirs, one.mine, vocabulary, other_way);
  RC_ASSERT(there.merged.Text() == back.merged.Text());
  RC_ASSERT(there.differing.size() == back.differing.size());
  for (size_t i = 0; i < there.differing.size(); ++i) {
    RC_ASSERT(there.differing[i].field == back.differing[i].field);
    RC_ASSERT(there.differing[i].mine == back.differing[i].theirs);
    RC_ASSERT(there.differing[i].theirs == back.differing[i].mine);
  }
}

RC_GTEST_PROP(MergeLaws, MergingTheResultAgainGivesTheResult, ()) {
  const Case one = AnyCase();
  // Of two equal lines nobody can tell which one was removed.
  RC_PRE(!HasTwins(one.mine) && !HasTwins(one.theirs));
  const MergeResult result = one.Merged();
  RC_PRE(result.differing.empty());
  for (const Component* side : {&one.mine, &one.theirs}) {
    const MergeResult again =
        Merge(one.ancestor(), result.merged, *side, PlainVocabulary(), Nobody);
    RC_ASSERT(again.differing.empty());
    RC_ASSERT(Facts(again.merged) == Facts(result.merged));
  }
}

RC_GTEST_PROP(MergeLaws, NothingIsInvented, ()) {
  const Case one = AnyCase();
  const MergeResult result = one.Merged();
  const std::multiset<std::string> mine = Facts(one.mine);
  const std::multiset<std::string> theirs = Facts(one.theirs);
  for (const std::string& fact : Facts(result.merged)) {
    RC_ASSERT(mine.count(fact) + theirs.count(fact) > 0);
  }
}

// A value that both have stays, and so does one that a side added or changed to. (Its parameters
// may be the other side's: MergesTest has those.)
RC_GTEST_PROP(MergeLaws, NothingIsLost, ()) {
  const Case one = AnyCase();
  const MergeResult result = one.Merged();
  RC_PRE(result.differing.empty());
  const std::set<std::string> merged = Values(result.merged);
  const std::set<std::string> base = one.base ? Values(*one.base) : std::set<std::string>();
  for (const Component* side : {&one.mine, &one.theirs}) {
    for (const std::string& value : Values(*side)) {
      if (value.starts_with("SEQUENCE:")) continue;  // the larger one wins
      if (base.count(value) == 0) RC_ASSERT(merged.count(value) > 0);
    }
  }
  const std::multiset<std::string> facts = Facts(result.merged);
  const std::multiset<std::string> theirs = Facts(one.theirs);
  for (const std::string& fact : Facts(one.mine)) {
    if (theirs.count(fact) > 0) RC_ASSERT(facts.count(fact) > 0);
  }
}

// What one side removed and the other left alone is gone.
RC_GTEST_PROP(MergeLaws, WhatWasRemovedStaysAway, ()) {
  const Case one = AnyCase();
  RC_PRE(one.base.has_value());
  const MergeResult result = one.Merged();
  RC_PRE(result.differing.empty());
  const std::multiset<std::string> merged = Facts(result.merged);
  const std::multiset<std::string> mine = Facts(one.mine);
  const std::multiset<std::string> theirs = Facts(one.theirs);
  for (const std::string& fact : Facts(*one.base)) {
    if (fact.starts_with("SEQUENCE ")) continue;
    const size_t before = Facts(*one.base).count(fact);
    if (mine.count(fact) < before && theirs.count(fact) == before) {
      RC_ASSERT(merged.count(fact) < before);
    }
  }
}

RC_GTEST_PROP(MergeLaws, AResultIsReadAgainAsItIs, ()) {
  const MergeResult result = AnyCase().Merged();
  RC_ASSERT(DigestOf(One(result.merged.Text())) == DigestOf(result.merged));
}

// A person may decide every field, and then nothing is open.
RC_GTEST_PROP(MergeLaws, DecidedFieldsAreNotAskedAgain, ()) {
  const Case one = AnyCase();
  std::map<std::string, int> asked;
  const MergeResult open = one.Merged();
  const MergeResult result =
      Merge(one.ancestor(), one.mine, one.theirs, PlainVocabulary(), [&](std::string_view field) {
        ++asked[std::string(field)];
        return Winner::kTheirs;
      });
  RC_ASSERT(result.differing.empty());
  RC_ASSERT(asked.size() == open.differing.size());
  for (const Difference& difference : open.differing) {
    RC_ASSERT(asked[difference.field] == 1);
    RC_ASSERT(difference.mine != difference.theirs);
  }
}

RC_GTEST_PROP(MergeLaws, AnyBytesCanBeMerged, ()) {
  const Document base = Parse("BEGIN:VCARD\n" + *NearlyValid());
  const Document mine = Parse("BEGIN:VCARD\n" + *NearlyValid());
  const Document theirs = Parse("BEGIN:VCARD\n" + *NearlyValid());
  const PlainVocabulary vocabulary;
  const MergeResult there = Merge(base.pieces[0].component.get(), *mine.pieces[0].component,
                                  *theirs.pieces[0].component, vocabulary, Nobody);
  const MergeResult back = Merge(base.pieces[0].component.get(), *theirs.pieces[0].component,
                                 *mine.pieces[0].component, vocabulary, Nobody);
  RC_ASSERT(there.merged.Text() == back.merged.Text());
}

}  // namespace
}  // namespace syncline::content_lines
