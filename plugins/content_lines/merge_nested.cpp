// Merging child components: alarms, locations, the card of an agent.
#include <utility>

#include "plugins/content_lines/merge_state.h"
#include "plugins/content_lines/pairing.h"
#include "plugins/content_lines/words.h"

namespace syncline::content_lines {
namespace {

// "alarm" for VALARM.
std::string KindWords(std::string_view name) {
  std::string words = Lower(name);
  if (words.size() > 1 && words.front() == 'v') words.erase(0, 1);
  return words;
}

void KeepNested(State* state, Side side, const Nested& nested, const Places& places,
                Component component) {
  Piece piece;
  piece.places = places;
  piece.from = side;
  piece.source = nested.component;
  piece.component = std::make_unique<Component>(std::move(component));
  state->pieces.push_back(std::move(piece));
}

void MergeTrio(State* state, const std::array<const Nested*, 3>& of, const Places& places) {
  const auto keep = [&](Side side) {
    KeepNested(state, side, *of[side], places, of[side]->component->Clone());
  };
  const Nested* base = of[kBase];
  // Nobody has it any more.
  if (of[kLeft] == nullptr && of[kRight] == nullptr) return;
  // One side has it: added, or edited where the other removed it, which stays. As it was: removed.
  if (of[kLeft] == nullptr || of[kRight] == nullptr) {
    const Side side = of[kLeft] == nullptr ? kRight : kLeft;
    if (base == nullptr || base->digest != of[side]->digest) keep(side);
    return;
  }
  // Both mean the same.
  if (of[kLeft]->digest == of[kRight]->digest) {
    if (base == nullptr) return keep(kLeft);
    return keep(base->component->Text() == of[kLeft]->component->Text() ? kRight : kLeft);
  }
  // One of them is as it was.
  if (base != nullptr && base->digest == of[kLeft]->digest) return keep(kRight);
  if (base != nullptr && base->digest == of[kRight]->digest) return keep(kLeft);
  // Both edited it, or both made it: property by property.
  const Component& left = *of[kLeft]->component;
  KeepNested(
      state, kLeft, *of[kLeft], places,
      MergeComponent(base == nullptr ? nullptr : base->component, left, *of[kRight]->component,
                     *state->vocabulary, state->prefix + KindWords(left.name) + ": ",
                     state->line_end, state->questions));
}

}  // namespace

void MergeNested(State* state) {
  std::array<std::vector<Identity>, 3> lists;
  for (const Side side : kAllSides) {
    for (const Nested& nested : state->sides[side].nested) {
      const std::string& name = nested.component->name;
      // The name last: of one alarm with a new trigger on each side nothing else is equal.
      lists[side].push_back(
          {nested.digest, {name + "\n" + state->vocabulary->ComponentId(*nested.component), name}});
    }
  }
  for (const Triple& triple : PairUp(lists)) {
    std::array<const Nested*, 3> of = {nullptr, nullptr, nullptr};
    Places places = {kNowhere, kNowhere, kNowhere};
    for (const Side side : kAllSides) {
      if (triple[side] == kNowhere) continue;
      of[side] = &state->sides[side].nested[triple[side]];
      places[side] = of[side]->place;
    }
    MergeTrio(state, of, places);
  }
}

}  // namespace syncline::content_lines
