// The laws of essence_merge.h, for units made at random.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plugins/images/essence.h"
#include "plugins/images/essence_members.h"
#include "plugins/images/essence_merge.h"
#include "plugins/images/xmp.h"
#include "plugins/images/xmp_merge.h"
#include "tests/unit/images/xmp_packets.h"

namespace syncline::images {
namespace {

using Choose = std::function<Favour(std::string_view)>;

Choose Always(Favour favour) {
  return [favour](std::string_view) { return favour; };
}
Favour Opposite(Favour favour) {
  if (favour == Favour::kNone) return favour;
  return favour == Favour::kMine ? Favour::kTheirs : Favour::kMine;
}

// A picture, sometimes with sidecars, of which three units often have the same ones.
Essence Unit() {
  Essence essence{std::string(32, 'a'), {}};
  const auto packet = [] {
    return *rc::gen::element(true, true, false) ? XmpText(*Packets()) : std::string();
  };
  essence.parts.push_back({".JPG", Role::kPicture, packet()});
  if (*rc::gen::arbitrary<bool>()) {
    essence.parts.push_back({".JPG.xmp", Role::kSidecar, packet()});
  }
  if (*rc::gen::arbitrary<bool>()) essence.parts.push_back({".xmp", Role::kSidecar, packet()});
  return essence;
}

// An ancestor and two edits of it, which often leave parts alone.
struct Units {
  Essence base = Unit();
  Essence mine = Edit();
  Essence theirs = Edit();

  Essence Edit() const {
    Essence edited = base;
    const Essence wanted = Unit();
    std::erase_if(edited.parts, [](const EssencePart& part) {
      return part.role == Role::kSidecar && *rc::gen::inRange(0, 4) == 0;
    });
    for (const EssencePart& part : wanted.parts) {
      if (*rc::gen::arbitrary<bool>()) continue;
      std::erase_if(edited.parts, [&](const auto& other) { return other.tail == part.tail; });
      edited.parts.push_back(part);
    }
    std::sort(edited.parts.begin(), edited.parts.end(),
              [](const EssencePart& a, const EssencePart& b) { return a.tail < b.tail; });
    return edited;
  }
  std::optional<Essence> MaybeBase() const {
    return *rc::gen::element(true, true, false) ? std::optional(base) : std::nullopt;
  }
};

std::optional<Essence> Merge(const std::optional<Essence>& base, const Essence& mine,
                             const Essence& theirs, const Choose& choose,
                             std::vector<Disagreement>* differing = nullptr) {
  std::vector<Disagreement> fields;
  const auto merged = MergeEssences(base, mine, theirs, choose, &fields);
  RC_ASSERT(merged.ok());
  RC_ASSERT(merged->has_value() == fields.empty());
  if (*merged) RC_ASSERT(DecodeEssence(EncodeEssence(**merged)).value() == **merged);
  if (differing != nullptr) *differing = std::move(fields);
  return *merged;
}

// What a unit says, by tail.
std::map<std::string, std::string> Says(const Essence& essence) {
  std::map<std::string, std::string> says;
  for (const EssencePart& part : essence.parts) says[part.tail] = XmpDigest(part.packet);
  return says;
}

RC_GTEST_PROP(EssenceLaws, OneSideAloneIsTheResult, ()) {
  const Units units;
  const std::optional<Essence> base = units.MaybeBase();
  const Choose nobody = Always(Favour::kNone);
  RC_ASSERT(Merge(base, units.mine, units.mine, nobody) == units.mine);
  RC_ASSERT(Merge(units.base, units.mine, units.base, nobody) == units.mine);
  RC_ASSERT(Merge(units.base, units.base, units.mine, nobody) == units.mine);
}

RC_GTEST_PROP(EssenceLaws, SwappingTheSidesGivesTheSameBytes, ()) {
  const Units units;
  const std::optional<Essence> base = units.MaybeBase();
  const Favour favour = *rc::gen::element(Favour::kNone, Favour::kMine, Favour::kTheirs);
  std::vector<Disagreement> one;
  std::vector<Disagreement> other;
  const auto there = Merge(base, units.mine, units.theirs, Always(favour), &one);
  const auto back = Merge(base, units.theirs, units.mine, Always(Opposite(favour)), &other);
  RC_CLASSIFY(there.has_value(), "merged");
  RC_ASSERT(there == back);
  for (Disagreement& difference : other) std::swap(difference.mine, difference.theirs);
  RC_ASSERT(one == other);
  for (size_t i = 1; i < one.size(); ++i) RC_ASSERT(one[i - 1].field < one[i].field);
}

RC_GTEST_PROP(EssenceLaws, MergingTheResultAgainChangesNothing, ()) {
  const Units units;
  const Favour favour = *rc::gen::element(Favour::kMine, Favour::kTheirs);
  const Essence merged = Merge(units.MaybeBase(), units.mine, units.theirs, Always(favour)).value();
  for (const Essence& side : {units.mine, units.theirs}) {
    RC_ASSERT(Says(Merge(side, merged, side, Always(Favour::kNone)).value()) == Says(merged));
    RC_ASSERT(Says(Merge(side, side, merged, Always(Favour::kNone)).value()) == Says(merged));
  }
  // Changing each side into it, and then again, is nothing.
  const std::vector<PartChange> changes = ChangesTo(units.mine, merged).value();
  for (const PartChange& change : changes) {
    RC_ASSERT(change.kind != PartChange::Kind::kRemove || change.part.role == Role::kSidecar);
  }
  RC_ASSERT(ChangesTo(merged, merged).value().empty());
}

// What is merged of one part does not depend on the others, but for sidecars that are not on both
// sides; of these nothing is lost that somebody wrote anew.
RC_GTEST_PROP(EssenceLaws, NothingIsInventedOrLost, ()) {
  const Units units;
  const std::optional<Essence> base = units.MaybeBase();
  const auto merged = Merge(base, units.mine, units.theirs, Always(Favour::kNone));
  RC_CLASSIFY(merged.has_value(), "merged");
  if (!merged) return;
  const auto before = base ? Says(*base) : std::map<std::string, std::string>();
  const auto mine = Says(units.mine);
  const auto theirs = Says(units.theirs);
  const auto result = Says(*merged);
  for (const auto& [tail, says] : result) RC_ASSERT(mine.contains(tail) || theirs.contains(tail));
  for (const auto& [one, other] : {std::pair(mine, theirs), std::pair(theirs, mine)}) {
    for (const auto& [tail, says] : one) {
      if (result.contains(tail)) continue;
      const auto old = before.find(tail);
      RC_ASSERT(!other.contains(tail) && old != before.end() && old->second == says);
    }
  }
  for (const EssencePart& part : merged->parts) {
    if (!mine.contains(part.tail) || !theirs.contains(part.tail)) continue;
    const auto packet = [&](const Essence& essence) {
      for (const EssencePart& one : essence.parts) {
        if (one.tail == part.tail) return std::optional(one.packet);
      }
      return std::optional<std::string>();
    };
    std::vector<Disagreement> differing;
    const auto alone = MergeXmp(base ? packet(*base) : std::nullopt, *packet(units.mine),
                                *packet(units.theirs), Always(Favour::kNone), &differing);
    RC_ASSERT(alone.ok() && alone->has_value());
    RC_ASSERT(XmpDigest(**alone) == XmpDigest(part.packet));
  }
}

}  // namespace
}  // namespace syncline::images
