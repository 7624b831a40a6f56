// Three-way merge: which component is left, what needs no merge at all, and one property name after
// the other. The rules are in merge_single.cpp, merge_set.cpp, merge_list.cpp, merge_nested.cpp.
#include "plugins/content_lines/merge.h"

#include <utility>

#include "plugins/content_lines/digest.h"
#include "plugins/content_lines/merge_state.h"
#include "plugins/content_lines/words.h"

namespace syncline::content_lines {
namespace {

// "3.0" as a number to compare by; 0 without one.
uint64_t VersionNumber(const Component& component) {
  const Property* version = component.Find("VERSION");
  if (version == nullptr) return 0;
  std::array<uint64_t, 2> parts = {0, 0};
  size_t part = 0;
  for (const char c : Trimmed(version->value)) {
    if (c == '.' && part == 0) {
      part = 1;
    } else if (c >= '0' && c <= '9' && parts[part] < 1'000'000) {
      parts[part] = parts[part] * 10 + static_cast<uint64_t>(c - '0');
    } else {
      return 0;
    }
  }
  return parts[0] * 10'000'000 + parts[1];
}

// low as a component of high's version.
Component Raised(const Component& low, const Component& high, const Vocabulary& vocabulary) {
  Component raised = low.Clone();
  const Property* version = high.Find("VERSION");
  for (Component::Child& child : raised.children) {
    auto* property = std::get_if<Property>(&child);
    if (property == nullptr || IsBlank(*property)) continue;
    *property = property->name == "VERSION" ? *version : vocabulary.Converted(*property, low, high);
  }
  return raised;
}

std::string LineEndOf(const Component& component) {
  const std::string text = component.begin_raw;
  const size_t at = text.find_first_of("\r\n");
  return at == std::string::npos ? "\r\n" : std::string(LineEndAt(text, at));
}

// Which of two that mean the same is the result; nothing: they do not.
std::optional<Side> WithoutMerge(const Component* base, const Component& left,
                                 const Component& right, const Vocabulary& vocabulary) {
  const std::string of_left = Digest(left, vocabulary);
  const std::string of_right = Digest(right, vocabulary);
  // Both mean the same, and what is ignored or how it is written may differ.
  if (of_left == of_right) {
    if (base == nullptr) return kLeft;
    return base->Text() == left.Text() ? kRight : kLeft;
  }
  if (base == nullptr) return std::nullopt;
  const std::string of_base = Digest(*base, vocabulary);
  // Only one side says anything new.
  if (of_left == of_base) return kRight;
  if (of_right == of_base) return kLeft;
  return std::nullopt;
}

MergeResult MergeSides(const Component* base, const Component& left, const Component& right,
                       const Vocabulary& vocabulary, Questions* questions) {
  MergeResult result;
  if (const std::optional<Side> side = WithoutMerge(base, left, right, vocabulary)) {
    result.merged = (*side == kLeft ? left : right).Clone();
    return result;
  }
  const std::string of_left = LineEndOf(left);
  const bool right_changed_ends = base != nullptr && LineEndOf(*base) == of_left;
  const std::string line_end = right_changed_ends ? LineEndOf(right) : of_left;
  // Left is the higher version, if they differ.
  const uint64_t highest = VersionNumber(left);
  const auto is_lower = [&](const Component& one) {
    const uint64_t version = VersionNumber(one);
    return version != 0 && version < highest;
  };
  std::optional<Component> raised_right;
  std::optional<Component> raised_base;
  if (is_lower(right)) raised_right = Raised(right, left, vocabulary);
  if (base != nullptr && is_lower(*base)) raised_base = Raised(*base, left, vocabulary);
  result.merged =
      MergeComponent(raised_base ? &*raised_base : base, left, raised_right ? *raised_right : right,
                     vocabulary, "", line_end, questions);
  return result;
}

}  // namespace

Side Questions::Decide(std::string field, std::string left, std::string right) {
  const std::string wanted = field;
  for (int number = 2; !asked.insert(field).second; ++number) {
    field = wanted + " " + std::to_string(number);
  }
  if (const std::optional<Side> side = winner(field)) return *side;
  differing.push_back({std::move(field), std::move(left), std::move(right)});
  return kLeft;
}

const Members& State::Of(Side side, std::string_view name) const {
  static const Members kNone;
  const auto found = sides[side].members.find(name);
  return found == sides[side].members.end() ? kNone : found->second;
}

std::string State::Shown(const Property& property) const {
  if (property.name.empty()) return property.value;
  return vocabulary->Shown(component(), property);
}

void State::Keep(Side from, const Member& member, const Places& places) {
  Piece piece;
  piece.places = places;
  piece.places[from] = member.place;
  piece.from = from;
  piece.source = member.unit.lead;
  piece.lead = *member.unit.lead;
  piece.companions = member.unit.companions;
  piece.companions_from = from;
  piece.groups[from] = member.unit.lead->group;
  pieces.push_back(std::move(piece));
}

void State::KeepAll(Side from, std::string_view name) {
  const Members& members = Of(from, name);
  for (size_t i = 0; i < members.size(); ++i) {
    // The n-th of a name is taken for the n-th elsewhere; only the order depends on it.
    Places places = {kNowhere, kNowhere, kNowhere};
    for (const Side side : kAllSides) {
      if (i < Of(side, name).size()) places[side] = Of(side, name)[i].place;
    }
    Keep(from, members[i], places);
  }
}

Inventory TakeInventory(const Component* component, const Vocabulary& vocabulary) {
  Inventory inventory;
  inventory.component = component;
  if (component == nullptr) return inventory;
  std::map<const void*, size_t> place_of;
  const void* before = component;
  for (size_t i = 0; i < component->children.size(); ++i) {
    const Component::Child& child = component->children[i];
    if (const auto* property = std::get_if<Property>(&child)) {
      if (IsBlank(*property)) {
        inventory.blank_after[before] = property;
        continue;
      }
      before = property;
    } else {
      const Component* nested = std::get<std::unique_ptr<Component>>(child).get();
      inventory.nested.push_back({nested, i, Digest(*nested, vocabulary)});
      before = nested;
    }
    place_of[before] = i;
  }
  for (Unit& unit : UnitsOf(*component)) {
    Member member;
    member.place = place_of[unit.lead];
    member.key = CanonicalUnit(vocabulary, component->name, unit);
    member.unit = std::move(unit);
    inventory.members[member.unit.lead->name].push_back(std::move(member));
  }
  return inventory;
}

Component MergeComponent(const Component* base, const Component& left, const Component& right,
                         const Vocabulary& vocabulary, const std::string& prefix,
                         const std::string& line_end, Questions* questions) {
  State state{&vocabulary,
              questions,
              prefix,
              {TakeInventory(base, vocabulary), TakeInventory(&left, vocabulary),
               TakeInventory(&right, vocabulary)},
              line_end,
              {}};
  std::set<std::string_view> names;
  for (const Side side : {kLeft, kRight}) {
    for (const auto& [name, members] : state.sides[side].members) names.insert(name);
  }
  for (const std::string_view name : names) {
    PropertyRule rule = RuleFor(vocabulary, left.name, name);
    rule.name = name;
    switch (rule.rule) {
      case Rule::kIgnored:
        MergeIgnored(&state, rule);
        break;
      case Rule::kSingle:
        MergeSingle(&state, rule);
        break;
      case Rule::kSet:
        MergeSet(&state, rule);
        break;
      case Rule::kList:
        MergeList(&state, rule);
        break;
      case Rule::kLargest:
        MergeLargest(&state, rule);
        break;
    }
  }
  MergeNested(&state);
  return LaidOut(&state);
}

MergeResult Merge(const Component* base, const Component& mine, const Component& theirs,
                  const Vocabulary& vocabulary,
                  const std::function<Winner(std::string_view field)>& winner) {
  const uint64_t my_version = VersionNumber(mine);
  const uint64_t their_version = VersionNumber(theirs);
  const bool mine_is_left =
      my_version != their_version ? my_version > their_version : mine.Text() <= theirs.Text();
  Questions questions;
  questions.winner = [&](std::string_view field) -> std::optional<Side> {
    const Winner one = winner(field);
    if (one == Winner::kNobody) return std::nullopt;
    return (one == Winner::kMine) == mine_is_left ? kLeft : kRight;
  };
  MergeResult result = MergeSides(base, mine_is_left ? mine : theirs, mine_is_left ? theirs : mine,
                                  vocabulary, &questions);
  for (LeftRight& one : questions.differing) {
    if (!mine_is_left) std::swap(one.left, one.right);
    result.differing.push_back({std::move(one.field), std::move(one.left), std::move(one.right)});
  }
  return result;
}

}  // namespace syncline::content_lines
