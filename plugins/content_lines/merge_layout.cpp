// The last step of a merge: the pieces in an order, groups with names that do not collide, and one
// line end.
#include <algorithm>
#include <map>
#include <utility>

#include "plugins/content_lines/merge_state.h"
#include "plugins/content_lines/words.h"

namespace syncline::content_lines {
namespace {

// Every line end as it should be, also behind a last line that had none.
void SetLineEnds(std::string_view line_end, std::string* raw) {
  std::string text;
  text.reserve(raw->size() + 2);
  for (size_t i = 0; i < raw->size(); ++i) {
    const std::string_view found = LineEndAt(*raw, i);
    if (found.empty()) {
      text.push_back((*raw)[i]);
    } else {
      text.append(line_end);
      i += found.size() - 1;
    }
  }
  if (!text.empty() && !text.ends_with(line_end)) text.append(line_end);
  *raw = std::move(text);
}

void SetLineEnds(std::string_view line_end, Component* component) {
  SetLineEnds(line_end, &component->begin_raw);
  SetLineEnds(line_end, &component->end_raw);
  for (Component::Child& child : component->children) {
    if (auto* property = std::get_if<Property>(&child)) {
      SetLineEnds(line_end, &property->raw);
    } else {
      SetLineEnds(line_end, std::get<std::unique_ptr<Component>>(child).get());
    }
  }
}

// Pieces that both sides have, in the order of one side.
std::vector<size_t> OrderOf(const std::vector<Piece>& pieces, Side by, bool with_base) {
  std::vector<size_t> order;
  for (size_t i = 0; i < pieces.size(); ++i) {
    const Places& places = pieces[i].places;
    if (places[kLeft] == kNowhere || places[kRight] == kNowhere) continue;
    if (!with_base || places[kBase] != kNowhere) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return pieces[a].places[by] < pieces[b].places[by]; });
  return order;
}

// The side whose order the result has: the one that changed it, else left.
Side Skeleton(const std::vector<Piece>& pieces) {
  const std::vector<size_t> base = OrderOf(pieces, kBase, true);
  const bool left_changed = OrderOf(pieces, kLeft, true) != base;
  const bool right_changed = OrderOf(pieces, kRight, true) != base;
  return !left_changed && right_changed ? kRight : kLeft;
}

// The skeleton's pieces in its order; each one of the other side behind the piece that it stands
// behind there, and behind what the skeleton added at that place.
std::vector<size_t> Order(const std::vector<Piece>& pieces, Side skeleton) {
  const auto places_in = [&](Side side) {
    std::vector<size_t> order;
    for (size_t i = 0; i < pieces.size(); ++i) {
      if (pieces[i].places[side] != kNowhere) order.push_back(i);
    }
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
      return pieces[a].places[side] < pieces[b].places[side];
    });
    return order;
  };
  const std::vector<size_t> frame = places_in(skeleton);
  std::vector<size_t> in_front;
  std::vector<std::vector<size_t>> behind(pieces.size());
  std::vector<size_t>* at = &in_front;
  for (const size_t i : places_in(Other(skeleton))) {
    if (pieces[i].places[skeleton] == kNowhere) {
      at->push_back(i);
    } else {
      at = &behind[i];
    }
  }
  std::vector<size_t> order;
  // What waits for the end of the skeleton's own additions, so that these come first.
  std::vector<size_t> waiting = std::move(in_front);
  const auto flush = [&] {
    order.insert(order.end(), waiting.begin(), waiting.end());
    waiting.clear();
  };
  for (size_t n = 0; n < frame.size(); ++n) {
    const Piece& piece = pieces[frame[n]];
    // VERSION comes first in vCard 4 (RFC 6350, 6.7.9).
    const bool version_first = n == 0 && piece.component == nullptr && piece.lead.name == "VERSION";
    const bool common = piece.places[Other(skeleton)] != kNowhere;
    if (common && !version_first) flush();
    order.push_back(frame[n]);
    if (common) {
      waiting.insert(waiting.end(), behind[frame[n]].begin(), behind[frame[n]].end());
    }
  }
  flush();
  return order;
}

// Names of groups: left's stay. Right's become left's where the same property has both, and get a
// new number where left means something else by them. What shares a name shares all companions.
class GroupNames {
 public:
  explicit GroupNames(const State& state) {
    for (const Side side : {kLeft, kRight}) {
      for (const Component::Child& child : state.sides[side].component->children) {
        const auto* property = std::get_if<Property>(&child);
        if (property == nullptr || property->group.empty()) continue;
        const std::string group = Upper(property->group);
        used_.insert(group);
        if (side == kLeft) of_left_.insert(group);
      }
    }
    std::set<std::string> taken;
    for (const Piece& piece : state.pieces) {
      const std::string& left = piece.groups[kLeft];
      const std::string& right = piece.groups[kRight];
      if (left.empty() || right.empty() || names_.count(Upper(right)) > 0) continue;
      if (taken.insert(Upper(left)).second) names_[Upper(right)] = left;
    }
  }

  // companions: in canonical form. *is_new: the name has not been given for them before.
  std::string NameOf(Side side, const std::string& group, const std::string& companions,
                     bool* is_new) {
    const std::string resolved = Resolved(side, group);
    const auto [found, fresh] = given_.try_emplace({Upper(resolved), companions});
    *is_new = fresh;
    if (fresh) {
      found->second = taken_.insert(Upper(resolved)).second ? resolved : Numbered(resolved);
    }
    return EqualWords(found->second, group) ? group : found->second;
  }

 private:
  std::string Resolved(Side side, const std::string& group) {
    if (side == kLeft) return group;
    const auto [found, fresh] = names_.try_emplace(Upper(group), group);
    if (fresh && of_left_.count(Upper(group)) > 0) found->second = Numbered(group);
    return found->second;
  }

  // "item3" where "item1" and "item2" are used.
  std::string Numbered(const std::string& group) {
    const size_t digits = group.find_last_not_of("0123456789") + 1;
    const std::string stem = digits == 0 ? "item" : group.substr(0, digits);
    std::string name;
    do {
      name = stem + std::to_string(next_number_[Upper(stem)] += 1);
    } while (used_.count(Upper(name)) > 0);
    used_.insert(Upper(name));
    return name;
  }

  std::set<std::string> of_left_;
  std::set<std::string> used_;
  std::map<std::string, std::string> names_;  // of right's groups, by their upper case
  std::map<std::pair<std::string, std::string>, std::string> given_;
  std::set<std::string> taken_;  // upper case
  std::map<std::string, int> next_number_;
};

void SetGroup(const std::string& group, std::string_view line_end, Property* property) {
  if (property->group == group) return;
  const std::string before = property->group.empty() ? std::string() : property->group + ".";
  property->group = group;
  if (property->raw.compare(0, before.size(), before) == 0 && !group.empty()) {
    property->raw.replace(0, before.size(), group + ".");
  } else {
    property->Rewrite(line_end);
  }
}

// Takes the pieces into the component, one by one.
class Writer {
 public:
  Writer(State* state, Component* component)
      : state_(*state), component_(*component), groups_(*state) {}

  void Blank(Side side, const void* behind) {
    const auto found = state_.sides[side].blank_after.find(behind);
    if (found == state_.sides[side].blank_after.end()) return;
    component_.children.emplace_back(*found->second);
  }

  void Write(Piece* piece) {
    if (piece->component != nullptr) {
      component_.children.emplace_back(std::move(piece->component));
      return Blank(piece->from, piece->source);
    }
    // A label needs a group to hold on to.
    const bool from_lead = !piece->lead.group.empty() || piece->companions.empty();
    const Side side = from_lead ? piece->from : piece->companions_from;
    std::string group = from_lead ? piece->lead.group : piece->companions.front()->group;
    bool is_new = false;
    if (!group.empty()) {
      const Unit unit{&piece->lead, piece->companions};
      // A label without anything to label must not get anything.
      const std::string companions =
          IsCompanion(piece->lead)
              ? "alone"
              : CanonicalCompanions(*state_.vocabulary, state_.component(), unit);
      group = groups_.NameOf(side, group, companions, &is_new);
    }
    SetGroup(group, state_.line_end, &piece->lead);
    component_.children.emplace_back(std::move(piece->lead));
    Blank(piece->from, piece->source);
    if (!is_new) return;
    for (const Property* companion : piece->companions) {
      Property copy = *companion;
      SetGroup(group, state_.line_end, &copy);
      component_.children.emplace_back(std::move(copy));
      Blank(piece->companions_from, companion);
    }
  }

 private:
  State& state_;
  Component& component_;
  GroupNames groups_;
};

}  // namespace

Component LaidOut(State* state) {
  const Component& left = *state->sides[kLeft].component;
  const Component& right = *state->sides[kRight].component;
  const Component* base = state->sides[kBase].component;
  Component merged;
  merged.name = left.name;
  merged.line = left.line;
  const Side begin = FresherText(base == nullptr ? nullptr : &base->begin_raw, left.begin_raw);
  merged.begin_raw = (begin == kLeft ? left : right).begin_raw;
  Writer writer(state, &merged);
  writer.Blank(begin, begin == kLeft ? &left : &right);
  for (const size_t i : Order(state->pieces, Skeleton(state->pieces))) {
    writer.Write(&state->pieces[i]);
  }
  const Side end = FresherText(base == nullptr ? nullptr : &base->end_raw, left.end_raw);
  merged.end_raw = (end == kLeft ? left : right).end_raw;
  if (merged.end_raw.empty()) merged.end_raw = (end == kLeft ? right : left).end_raw;
  SetLineEnds(state->line_end, &merged);
  return merged;
}

}  // namespace syncline::content_lines
