// Merging properties that have one value: singles, numbers, and what never counts. A name that
// stands several times (LANGUAGE and ALTID variants of vCard 4, or by mistake) is one value made of
// all of them, so none of them gets lost or is mixed.
#include <algorithm>
#include <utility>

#include "plugins/content_lines/merge_state.h"
#include "plugins/content_lines/words.h"

namespace syncline::content_lines {
namespace {

// The keys in an order that does not depend on the file's.
std::vector<std::string> KeysOf(const Members& members) {
  std::vector<std::string> keys;
  keys.reserve(members.size());
  for (const Member& member : members) keys.push_back(member.key);
  std::sort(keys.begin(), keys.end());
  return keys;
}

std::string RawOf(const Members& members) {
  std::string raw;
  for (const Member& member : members) {
    raw += member.unit.lead->raw;
    for (const Property* companion : member.unit.companions) raw += companion->raw;
  }
  return raw;
}

// Both sides mean the same.
void KeepFresher(State* state, std::string_view name) {
  const std::string base = RawOf(state->Of(kBase, name));
  state->KeepAll(FresherText(&base, RawOf(state->Of(kLeft, name))), name);
}

std::string ShownAll(const State& state, const Members& members) {
  std::string text;
  for (const Member& member : members) {
    if (!text.empty()) text += "; ";
    text += state.Shown(*member.unit.lead);
  }
  return text;
}

// What a difference has to tell when both sides look alike to a person: the parameters.
std::string ParametersOf(const State& state, const Members& members) {
  std::string text;
  for (const Member& member : members) {
    std::string parameters =
        state.vocabulary->CanonicalParameters(state.component(), *member.unit.lead);
    std::replace(parameters.begin(), parameters.end(), '\n', ' ');
    text += parameters;
  }
  return text;
}

bool SaysNothing(const State& state, const Members& members) {
  return std::all_of(members.begin(), members.end(), [&](const Member& member) {
    return state.vocabulary->Canonical(state.component(), *member.unit.lead).empty();
  });
}

// Whether larger is smaller and more, and all that is more is no leftover of the base.
bool OnlyAdds(const std::vector<std::string>& larger, const std::vector<std::string>& smaller,
              const std::vector<std::string>& base) {
  if (!std::includes(larger.begin(), larger.end(), smaller.begin(), smaller.end())) return false;
  std::vector<std::string> more;
  std::set_difference(larger.begin(), larger.end(), smaller.begin(), smaller.end(),
                      std::back_inserter(more));
  return std::none_of(more.begin(), more.end(), [&](const std::string& key) {
    return std::binary_search(base.begin(), base.end(), key);
  });
}

// Digits without zeros in front; nothing: no number.
std::optional<std::string> Number(std::string_view text) {
  text = Trimmed(text);
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) {
    return std::nullopt;
  }
  while (text.size() > 1 && text.front() == '0') text.remove_prefix(1);
  return std::string(text);
}

std::optional<std::string> LargestOf(const State& state, const Members& members) {
  std::optional<std::string> largest;
  for (const Member& member : members) {
    const std::optional<std::string> number =
        Number(state.vocabulary->Canonical(state.component(), *member.unit.lead));
    if (!number) continue;
    const auto order = [](const std::string& one) { return std::make_pair(one.size(), one); };
    if (!largest || order(*largest) < order(*number)) largest = number;
  }
  return largest;
}

}  // namespace

void MergeSingle(State* state, const PropertyRule& rule) {
  const Members& of_left = state->Of(kLeft, rule.name);
  const Members& of_right = state->Of(kRight, rule.name);
  const std::vector<std::string> base = KeysOf(state->Of(kBase, rule.name));
  const std::vector<std::string> left = KeysOf(of_left);
  const std::vector<std::string> right = KeysOf(of_right);
  // Both say the same, whatever the base said.
  if (left == right) return KeepFresher(state, rule.name);
  // One says what it always said; the other changed, added or removed it. Without a base, having
  // nothing is saying nothing: the union.
  if (left == base) return state->KeepAll(kRight, rule.name);
  if (right == base) return state->KeepAll(kLeft, rule.name);
  // Both changed it. Neither is empty without a base, and an empty one removed what the other
  // edited: a person has to say. A side that has all of the other's and more that is new (a variant
  // in another language) takes nothing away.
  if (!left.empty() && OnlyAdds(right, left, base)) return state->KeepAll(kRight, rule.name);
  if (!right.empty() && OnlyAdds(left, right, base)) return state->KeepAll(kLeft, rule.name);
  // Removed here and emptied there: both took the value away, and the empty line stays.
  if (left.empty() && SaysNothing(*state, of_right)) return state->KeepAll(kRight, rule.name);
  if (right.empty() && SaysNothing(*state, of_left)) return state->KeepAll(kLeft, rule.name);
  std::string left_words = ShownAll(*state, of_left);
  std::string right_words = ShownAll(*state, of_right);
  if (left_words == right_words) {
    left_words += ParametersOf(*state, of_left);
    right_words += ParametersOf(*state, of_right);
  }
  const Side winner = state->questions->Decide(state->prefix + std::string(rule.label),
                                               std::move(left_words), std::move(right_words));
  state->KeepAll(winner, rule.name);
}

void MergeIgnored(State* state, const PropertyRule& rule) {
  const std::vector<std::string> base = KeysOf(state->Of(kBase, rule.name));
  const std::vector<std::string> left = KeysOf(state->Of(kLeft, rule.name));
  const std::vector<std::string> right = KeysOf(state->Of(kRight, rule.name));
  if (left == right) return KeepFresher(state, rule.name);
  // Of two that nobody decides about, the one that changed; of two that changed, the one that is
  // there and larger, since these are mostly times.
  if (left == base && !right.empty()) return state->KeepAll(kRight, rule.name);
  if (right == base && !left.empty()) return state->KeepAll(kLeft, rule.name);
  const auto largest = [&](Side side) {
    std::string text;
    for (const Member& member : state->Of(side, rule.name)) {
      text = std::max(text, state->vocabulary->Canonical(state->component(), *member.unit.lead));
    }
    return std::make_pair(!state->Of(side, rule.name).empty(), text);
  };
  state->KeepAll(largest(kLeft) < largest(kRight) ? kRight : kLeft, rule.name);
}

void MergeLargest(State* state, const PropertyRule& rule) {
  const Members& of_left = state->Of(kLeft, rule.name);
  const Members& of_right = state->Of(kRight, rule.name);
  if (KeysOf(of_left) == KeysOf(of_right)) return KeepFresher(state, rule.name);
  const std::optional<std::string> left = LargestOf(*state, of_left);
  const std::optional<std::string> right = LargestOf(*state, of_right);
  // A number is more than none, and having something that is no number more than having nothing.
  const auto order = [](const std::optional<std::string>& number, const Members& members) {
    return std::make_tuple(number.has_value(), number ? number->size() : 0,
                           number.value_or(std::string()), members.size());
  };
  const bool right_is_larger = order(left, of_left) < order(right, of_right);
  state->KeepAll(right_is_larger ? kRight : kLeft, rule.name);
}

}  // namespace syncline::content_lines
