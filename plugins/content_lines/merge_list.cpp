// Merging properties whose comma-separated values are one set, however many lines they stand in.
#include <algorithm>
#include <utility>

#include "plugins/content_lines/merge_state.h"
#include "plugins/content_lines/words.h"

namespace syncline::content_lines {
namespace {

using Keys = std::set<std::string>;

struct Line {
  const Member* member;
  std::vector<ListValue> values;
};

std::vector<Line> LinesOf(const State& state, Side side, std::string_view name) {
  std::vector<Line> lines;
  for (const Member& member : state.Of(side, name)) {
    lines.push_back(
        {&member, ListValuesOf(*state.vocabulary, state.component(), *member.unit.lead)});
  }
  return lines;
}

Keys KeysOf(const std::vector<Line>& lines) {
  Keys keys;
  for (const Line& line : lines) {
    for (const ListValue& value : line.values) keys.insert(value.key);
  }
  return keys;
}

std::string RawOf(const Members& members) {
  std::string raw;
  for (const Member& member : members) raw += member.unit.lead->raw;
  return raw;
}

// What the values of a line depend on: all parameters (a time is read in its TZID).
std::vector<std::string> ParametersOf(const Property& property) {
  std::vector<std::string> all;
  for (const Parameter& parameter : WithoutEncoding(property).parameters) {
    std::string text = parameter.name + "=";
    for (const std::string& value : parameter.values) text += value + "\n";
    all.push_back(std::move(text));
  }
  std::sort(all.begin(), all.end());
  return all;
}

// Makes the values of the line these texts.
void SetValues(const std::vector<std::string>& texts, std::string_view line_end,
               Property* property) {
  const bool had_parameters = !property->parameters.empty();
  const size_t parameters = property->parameters.size();
  *property = WithoutEncoding(*property);
  property->value.clear();
  for (const std::string& text : texts) {
    if (!property->value.empty()) property->value.push_back(',');
    property->value.append(text);
  }
  // What was encoded is UTF-8 now, and vCard 2.1 wants to be told.
  const bool was_encoded = had_parameters && property->parameters.size() != parameters;
  const bool ascii = std::all_of(property->value.begin(), property->value.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (was_encoded && !ascii) property->parameters.push_back({"CHARSET", {"UTF-8"}});
  property->Rewrite(line_end);
}

std::vector<std::string> TextsIn(const Line& line, const Keys& wanted, Keys* taken) {
  std::vector<std::string> texts;
  for (const ListValue& value : line.values) {
    if (wanted.count(value.key) > 0 && taken->insert(value.key).second) {
      texts.push_back(value.text);
    }
  }
  return texts;
}

// Left's lines with what the set has of them, and right's values behind them: in a line of left's
// that reads them the same way, else in lines of their own.
void Compose(State* state, std::string_view name, const Keys& wanted,
             const std::vector<Line>& of_left, const std::vector<Line>& of_right) {
  Keys taken;
  struct Kept {
    size_t piece;
    std::vector<std::string> texts;
  };
  std::vector<Kept> kept;
  const auto keep = [&](Side side, const Line& line, std::vector<std::string> texts) {
    if (texts.empty()) return;
    state->Keep(side, *line.member, {kNowhere, kNowhere, kNowhere});
    Piece& piece = state->pieces.back();
    if (texts.size() != line.values.size()) SetValues(texts, state->line_end, &piece.lead);
    kept.push_back({state->pieces.size() - 1, std::move(texts)});
  };
  for (size_t i = 0; i < of_left.size(); ++i) {
    keep(kLeft, of_left[i], TextsIn(of_left[i], wanted, &taken));
    const Members& right = state->Of(kRight, name);
    // For the order only: the first line stands where it stands on both sides.
    if (i == 0 && !kept.empty() && !right.empty()) {
      state->pieces.back().places[kRight] = right.front().place;
    }
  }
  for (const Line& line : of_right) {
    std::vector<std::string> texts = TextsIn(line, wanted, &taken);
    if (texts.empty()) continue;
    const auto home = std::find_if(kept.begin(), kept.end(), [&](const Kept& one) {
      const Property& lead = state->pieces[one.piece].lead;
      return lead.group.empty() && line.member->unit.lead->group.empty() &&
             ParametersOf(lead) == ParametersOf(*line.member->unit.lead);
    });
    if (home == kept.end()) {
      keep(kRight, line, std::move(texts));
      continue;
    }
    home->texts.insert(home->texts.end(), texts.begin(), texts.end());
    SetValues(home->texts, state->line_end, &state->pieces[home->piece].lead);
  }
}

}  // namespace

void MergeList(State* state, const PropertyRule& rule) {
  const std::vector<Line> of_left = LinesOf(*state, kLeft, rule.name);
  const std::vector<Line> of_right = LinesOf(*state, kRight, rule.name);
  const Keys base = KeysOf(LinesOf(*state, kBase, rule.name));
  const Keys left = KeysOf(of_left);
  const Keys right = KeysOf(of_right);
  // In: what both have, and what one added. Out: what one removed. A value has nothing that could
  // be edited, so two sides cannot disagree.
  Keys wanted;
  for (const Keys* side : {&left, &right}) {
    for (const std::string& key : *side) {
      if (base.count(key) == 0 || (left.count(key) > 0 && right.count(key) > 0)) wanted.insert(key);
    }
  }
  if (wanted == left && wanted == right) {
    const std::string before = RawOf(state->Of(kBase, rule.name));
    const std::string now = RawOf(state->Of(kLeft, rule.name));
    return state->KeepAll(FresherText(&before, now), rule.name);
  }
  if (wanted == left) return state->KeepAll(kLeft, rule.name);
  if (wanted == right) return state->KeepAll(kRight, rule.name);
  Compose(state, rule.name, wanted, of_left, of_right);
}

}  // namespace syncline::content_lines
