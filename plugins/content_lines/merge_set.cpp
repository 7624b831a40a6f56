// Merging properties that are members of a set, each with its companions (item1.X-ABLABEL).
#include <algorithm>
#include <utility>

#include "plugins/content_lines/merge_state.h"
#include "plugins/content_lines/pairing.h"
#include "plugins/content_lines/words.h"

namespace syncline::content_lines {
namespace {

// One member on the three sides; null where it is missing.
struct Trio {
  std::array<const Member*, 3> of;
  Places places = {kNowhere, kNowhere, kNowhere};
};

std::string TypesOf(const Property& property) {
  std::vector<std::string> types;
  for (const std::string& value : property.Values("TYPE")) {
    std::string type = Lower(Trimmed(value));
    // Which one is preferred is no name for it, and is what people change.
    if (!type.empty() && type != "pref") types.push_back(std::move(type));
  }
  std::sort(types.begin(), types.end());
  types.erase(std::unique(types.begin(), types.end()), types.end());
  std::string text;
  for (const std::string& type : types) text += (text.empty() ? "" : ", ") + type;
  return text;
}

// "phone (home)": by the types that it had, else by the value.
std::string FieldOf(const State& state, const PropertyRule& rule, const Trio& trio) {
  const Member* named = trio.of[kBase] != nullptr ? trio.of[kBase] : trio.of[kLeft];
  std::string which = TypesOf(*named->unit.lead);
  if (which.empty()) which = state.Shown(*named->unit.lead);
  std::string field = state.prefix + std::string(rule.label);
  return which.empty() ? field : field + " (" + which + ")";
}

// The value with its parameters, where the value alone would look alike on both sides.
std::string Words(const State& state, const Member& member, bool with_parameters) {
  std::string text = state.Shown(*member.unit.lead);
  if (!with_parameters) return text;
  std::string parameters =
      state.vocabulary->CanonicalParameters(state.component(), *member.unit.lead);
  std::replace(parameters.begin(), parameters.end(), '\n', ' ');
  return text + parameters;
}

std::string CompanionWords(const State& state, const Member& member) {
  std::string text;
  for (const Property* companion : member.unit.companions) {
    text += (text.empty() ? "" : "; ") + state.Shown(*companion);
  }
  return text;
}

// Who of two that were both new has all that the other has; nothing: neither.
std::optional<Side> Richer(const State& state, const Member& left, const Member& right) {
  const auto value = [&](const Member& member) {
    return state.vocabulary->Canonical(state.component(), *member.unit.lead);
  };
  if (value(left) != value(right)) return std::nullopt;
  const auto parameters = [&](const Member& member) {
    Property plain = WithoutEncoding(*member.unit.lead);
    std::vector<std::string> all;
    for (const Parameter& parameter : plain.parameters) {
      for (const std::string& one : parameter.values) {
        all.push_back((parameter.name.empty() ? "TYPE" : parameter.name) + "=" + Lower(one));
      }
    }
    std::sort(all.begin(), all.end());
    return all;
  };
  const std::vector<std::string> of_left = parameters(left);
  const std::vector<std::string> of_right = parameters(right);
  if (std::includes(of_left.begin(), of_left.end(), of_right.begin(), of_right.end())) return kLeft;
  if (std::includes(of_right.begin(), of_right.end(), of_left.begin(), of_left.end())) {
    return kRight;
  }
  return std::nullopt;
}

// Three-way choice between texts; nothing: both changed it differently.
std::optional<Side> Choose(const std::string* base, const std::string& left,
                           const std::string& right) {
  if (base != nullptr && *base == left) return kRight;
  if (left == right || (base != nullptr && *base == right)) return kLeft;
  return std::nullopt;
}

// Both edited the member: the property and its companions are decided one by one, so that a new
// number and a new label meet no conflict.
void MergeEdited(State* state, const PropertyRule& rule, const Trio& trio) {
  const Member& left = *trio.of[kLeft];
  const Member& right = *trio.of[kRight];
  const Member* base = trio.of[kBase];
  const std::string field = FieldOf(*state, rule, trio);
  const auto lead_of = [&](const Member& member) {
    return CanonicalOf(*state->vocabulary, state->component(), *member.unit.lead);
  };
  const auto companions_of = [&](const Member& member) {
    return CanonicalCompanions(*state->vocabulary, state->component(), member.unit);
  };
  const std::string base_lead = base == nullptr ? std::string() : lead_of(*base);
  std::optional<Side> lead =
      Choose(base == nullptr ? nullptr : &base_lead, lead_of(left), lead_of(right));
  if (!lead && base == nullptr) lead = Richer(*state, left, right);
  if (!lead) {
    const bool alike = state->Shown(*left.unit.lead) == state->Shown(*right.unit.lead);
    lead = state->questions->Decide(field, Words(*state, left, alike), Words(*state, right, alike));
  }
  // Without a base, no companion is what both began with: a label that one side has stays.
  const std::string base_companions = base == nullptr ? std::string() : companions_of(*base);
  std::optional<Side> companions =
      Choose(&base_companions, companions_of(left), companions_of(right));
  if (!companions) {
    companions = state->questions->Decide(field + ", label", CompanionWords(*state, left),
                                          CompanionWords(*state, right));
  }
  state->Keep(*lead, *trio.of[*lead], trio.places);
  state->pieces.back().companions = trio.of[*companions]->unit.companions;
  state->pieces.back().companions_from = *companions;
}

void MergeTrio(State* state, const PropertyRule& rule, const Trio& trio) {
  const Member* base = trio.of[kBase];
  const Member* left = trio.of[kLeft];
  const Member* right = trio.of[kRight];
  const auto keep = [&](Side side) {
    state->Keep(side, *trio.of[side], trio.places);
    Piece& piece = state->pieces.back();
    for (const Side one : {kLeft, kRight}) {
      if (trio.of[one] != nullptr) piece.groups[one] = trio.of[one]->unit.lead->group;
    }
  };
  // Nobody has it any more.
  if (left == nullptr && right == nullptr) return;
  // One side has it. New there: added. As it was: the other removed it. Edited: the other removed
  // what somebody still works on, and the edit stays, since it can be removed again.
  if (left == nullptr || right == nullptr) {
    const Side side = left == nullptr ? kRight : kLeft;
    if (base != nullptr && base->key == trio.of[side]->key) return;
    return keep(side);
  }
  // Both have it and mean the same.
  if (left->key == right->key) {
    return keep(
        FresherText(base == nullptr ? nullptr : &base->unit.lead->raw, left->unit.lead->raw));
  }
  // One of them is as it was.
  if (base != nullptr && base->key == left->key) return keep(kRight);
  if (base != nullptr && base->key == right->key) return keep(kLeft);
  MergeEdited(state, rule, trio);
  Piece& piece = state->pieces.back();
  piece.groups[kLeft] = left->unit.lead->group;
  piece.groups[kRight] = right->unit.lead->group;
}

}  // namespace

void MergeSet(State* state, const PropertyRule& rule) {
  std::array<std::vector<Identity>, 3> lists;
  for (const Side side : kAllSides) {
    for (const Member& member : state->Of(side, rule.name)) {
      Identity identity;
      identity.key = member.key;
      // A line that is no property is only itself.
      if (!rule.name.empty()) {
        identity.ids = state->vocabulary->MemberIds(state->component(), *member.unit.lead);
      }
      lists[side].push_back(std::move(identity));
    }
  }
  for (const Triple& triple : PairUp(lists)) {
    Trio trio{{nullptr, nullptr, nullptr}, {kNowhere, kNowhere, kNowhere}};
    for (const Side side : kAllSides) {
      if (triple[side] == kNowhere) continue;
      trio.of[side] = &state->Of(side, rule.name)[triple[side]];
      trio.places[side] = trio.of[side]->place;
    }
    MergeTrio(state, rule, trio);
  }
}

}  // namespace syncline::content_lines
