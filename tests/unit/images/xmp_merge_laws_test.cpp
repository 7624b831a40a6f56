// The laws of xmp_merge.h, for packets made at random: identity, symmetry, idempotence, and nothing
// invented or lost.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "plugins/images/xmp.h"
#include "plugins/images/xmp_merge.h"
#include "plugins/images/xmp_merge_rules.h"
#include "tests/unit/images/xmp_merged.h"
#include "tests/unit/images/xmp_packets.h"

namespace syncline::images {
namespace {

std::string TextOf(const XmpPacket& packet) { return XmpText(packet); }

std::function<Favour(std::string_view)> Always(Favour favour) {
  return [favour](std::string_view) { return favour; };
}
Favour Opposite(Favour favour) {
  if (favour == Favour::kNone) return favour;
  return favour == Favour::kMine ? Favour::kTheirs : Favour::kMine;
}

// Sometimes there is no ancestor.
std::optional<std::string> TextOf(const rc::Maybe<XmpPacket>& packet) {
  return packet ? std::optional<std::string>(TextOf(*packet)) : std::nullopt;
}

RC_GTEST_PROP(XmpMergeLaws, WhatIsParsedIsWhatWasWritten, ()) {
  const XmpPacket packet = *Packets();
  RC_ASSERT(ParseXmp(TextOf(packet)).value() == packet);
}

RC_GTEST_PROP(XmpMergeLaws, OneSideAloneIsTheResult, ()) {
  const std::string base = TextOf(*Packets());
  const std::string x = TextOf(*Packets());
  RC_ASSERT(XmpDigest(Merged(base, x, x)) == XmpDigest(x));
  RC_ASSERT(XmpDigest(Merged(std::nullopt, x, x)) == XmpDigest(x));
  RC_ASSERT(XmpDigest(Merged(base, x, base)) == XmpDigest(x));
  RC_ASSERT(XmpDigest(Merged(base, base, x)) == XmpDigest(x));
}

RC_GTEST_PROP(XmpMergeLaws, SwappingTheSidesGivesTheSameBytes, ()) {
  const std::optional<std::string> base = TextOf(*rc::gen::maybe(Packets()));
  const std::string mine = TextOf(*Packets());
  const std::string theirs = TextOf(*Packets());
  const Favour favour = *rc::gen::element(Favour::kNone, Favour::kMine, Favour::kTheirs);
  std::vector<Disagreement> one;
  std::vector<Disagreement> other;
  const auto merged = MergeXmp(base, mine, theirs, Always(favour), &one);
  const auto swapped = MergeXmp(base, theirs, mine, Always(Opposite(favour)), &other);
  RC_ASSERT(merged.ok() && swapped.ok());
  RC_ASSERT(*merged == *swapped);
  for (Disagreement& difference : other) std::swap(difference.mine, difference.theirs);
  RC_ASSERT(one == other);
}

RC_GTEST_PROP(XmpMergeLaws, MergingTheResultAgainChangesNothing, ()) {
  const std::string base = TextOf(*Packets());
  const std::string mine = TextOf(*Packets());
  const std::string theirs = TextOf(*Packets());
  const Favour favour = *rc::gen::element(Favour::kMine, Favour::kTheirs);
  const std::string merged = Merged(base, mine, theirs, Always(favour));
  RC_ASSERT(XmpDigest(Merged(mine, merged, mine)) == XmpDigest(merged));
  RC_ASSERT(XmpDigest(Merged(theirs, merged, theirs)) == XmpDigest(merged));
  RC_ASSERT(XmpDigest(Merged(merged, merged, merged)) == XmpDigest(merged));
}

// Every single value and every item of a packet, in words.
std::vector<std::string> Values(const std::string& packet) {
  std::vector<std::string> values;
  const XmpPacket parsed = ParseXmp(packet).value();
  for (const auto& [name, property] : parsed) {
    const XmpRuleRow* row = RowFor(name);
    if (row != nullptr && row->rule == XmpRule::kIgnored) continue;
    const XmpNode& node = property.nodes.front();
    for (const std::string& item : node.items) values.push_back(name.name + "=" + item);
    for (const auto& [language, text] : node.languages) {
      values.push_back(name.name + "." + language + "=" + text);
    }
  }
  return values;
}
bool Has(const std::vector<std::string>& values, const std::string& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

// Of each property, one of them may have edited it, or both in the same way.
struct Edits {
  XmpPacket base = *Packets();
  XmpPacket mine = base;
  XmpPacket theirs = base;

  Edits() {
    const XmpPacket wanted = *Packets();
    std::set<XmpName> names;
    for (const XmpPacket& packet : {base, wanted}) {
      for (const auto& [name, property] : packet) names.insert(name);
    }
    for (const XmpName& name : names) {
      const int who = *rc::gen::inRange(0, 4);
      if ((who & 1) != 0) Put(wanted, name, &mine);
      if ((who & 2) != 0) Put(wanted, name, &theirs);
    }
  }
  static void Put(const XmpPacket& from, const XmpName& name, XmpPacket* into) {
    const auto found = from.find(name);
    if (found == from.end()) {
      into->erase(name);
    } else {
      (*into)[name] = found->second;
    }
  }
};

RC_GTEST_PROP(XmpMergeLaws, NothingIsInventedOrLost, ()) {
  const Edits edits;
  const std::optional<std::string> base =
      *rc::gen::arbitrary<bool>() ? std::optional<std::string>(TextOf(edits.base)) : std::nullopt;
  const std::string mine = TextOf(edits.mine);
  const std::string theirs = TextOf(edits.theirs);
  std::vector<Disagreement> differing;
  const auto merged = MergeXmp(base, mine, theirs, Nobody, &differing);
  RC_ASSERT(merged.ok());
  RC_CLASSIFY(merged->has_value(), "merged");
  if (!*merged) return;
  const std::vector<std::string> of_base = base ? Values(*base) : std::vector<std::string>();
  const std::vector<std::string> of_mine = Values(mine);
  const std::vector<std::string> of_theirs = Values(theirs);
  const std::vector<std::string> result = Values(**merged);
  for (const std::string& value : result) RC_ASSERT(Has(of_mine, value) || Has(of_theirs, value));
  // What is on both sides, and what is new on one of them, is in the result.
  for (const std::string& value : of_mine) {
    if (value == "Rating=0") continue;  // says nothing
    RC_ASSERT(Has(result, value) || (!Has(of_theirs, value) && Has(of_base, value)));
  }
  for (const std::string& value : of_theirs) {
    if (value == "Rating=0") continue;
    RC_ASSERT(Has(result, value) || (!Has(of_mine, value) && Has(of_base, value)));
  }
}

}  // namespace
}  // namespace syncline::images
