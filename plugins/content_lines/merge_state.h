// What the parts of the merge share. Inside content_lines only.
//
// The two sides are "left" and "right" here, told apart by their text and not by whose they are: so
// nothing below can depend on which one is mine, and where two are equally good left may be taken.
#ifndef SYNCLINE_PLUGINS_CONTENT_LINES_MERGE_STATE_H_
#define SYNCLINE_PLUGINS_CONTENT_LINES_MERGE_STATE_H_

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/content_lines/canonical.h"
#include "plugins/content_lines/component.h"
#include "plugins/content_lines/merge.h"
#include "plugins/content_lines/vocabulary.h"

namespace syncline::content_lines {

enum Side : uint8_t { kBase, kLeft, kRight };
constexpr std::array<Side, 3> kAllSides = {kBase, kLeft, kRight};
constexpr Side Other(Side side) { return side == kLeft ? kRight : kLeft; }

// Places of one thing in the three components; kNowhere where it is not.
constexpr size_t kNowhere = static_cast<size_t>(-1);
using Places = std::array<size_t, 3>;

// A property of one component, with its companions.
struct Member {
  Unit unit;
  size_t place = 0;  // among the children
  std::string key;   // CanonicalUnit()
};
using Members = std::vector<Member>;

struct Nested {
  const Component* component = nullptr;
  size_t place = 0;
  std::string digest;
};

// One of the three components, sorted out. An absent base has nothing.
struct Inventory {
  const Component* component = nullptr;
  std::map<std::string_view, Members> members;  // by name
  std::vector<Nested> nested;
  // Blank lines, by the property or component that they stand behind (the component itself: behind
  // its BEGIN).
  std::map<const void*, const Property*> blank_after;
};
Inventory TakeInventory(const Component* component, const Vocabulary& vocabulary);

// A part of the result.
struct Piece {
  Places places = {kNowhere, kNowhere, kNowhere};
  Side from = kLeft;
  const void* source = nullptr;  // the property or component of from that it was taken from
  Property lead;                 // unless component is set
  std::vector<const Property*> companions;
  Side companions_from = kLeft;
  std::array<std::string, 3> groups;  // of the lead on each side, as far as it is there
  std::unique_ptr<Component> component;
};

struct LeftRight {
  std::string field;
  std::string left;
  std::string right;
};

// What lasts over nested components.
struct Questions {
  // Left, right, or nothing when nobody decides.
  std::function<std::optional<Side>(std::string_view field)> winner;
  std::vector<LeftRight> differing;
  std::set<std::string> asked;

  // Who wins a field that both changed differently. Nobody: it is noted, and left stands in.
  Side Decide(std::string field, std::string left, std::string right);
};

// The merge of one component.
struct State {
  const Vocabulary* vocabulary;
  Questions* questions;
  std::string prefix;  // of fields: "alarm: "
  std::array<Inventory, 3> sides;
  std::string line_end;
  std::vector<Piece> pieces;

  bool has_base() const { return sides[kBase].component != nullptr; }
  std::string_view component() const { return sides[kLeft].component->name; }
  const Members& Of(Side side, std::string_view name) const;
  std::string Shown(const Property& property) const;
  // The member as it stands on this side; places: of the same one everywhere.
  void Keep(Side from, const Member& member, const Places& places);
  // All members of a name as they stand on this side.
  void KeepAll(Side from, std::string_view name);
};

// Each settles one property name by its rule.
void MergeSingle(State* state, const PropertyRule& rule);
void MergeIgnored(State* state, const PropertyRule& rule);
void MergeLargest(State* state, const PropertyRule& rule);
void MergeSet(State* state, const PropertyRule& rule);
void MergeList(State* state, const PropertyRule& rule);
// Child components.
void MergeNested(State* state);

// Of one component; base may be null.
Component MergeComponent(const Component* base, const Component& left, const Component& right,
                         const Vocabulary& vocabulary, const std::string& prefix,
                         const std::string& line_end, Questions* questions);
// The pieces in their order, as a component.
Component LaidOut(State* state);

// Where both have a thing in equal meaning: the text that somebody changed, else left's.
template <typename T>
Side FresherText(const T* base, const T& left) {
  return base != nullptr && *base == left ? kRight : kLeft;
}

}  // namespace syncline::content_lines

#endif  // SYNCLINE_PLUGINS_CONTENT_LINES_MERGE_STATE_H_
