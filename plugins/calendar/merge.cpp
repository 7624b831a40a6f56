// Three-way merge of two records of a calendar.
#include "plugins/calendar/merge.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <variant>

#include "plugins/calendar/describe.h"
#include "plugins/calendar/index.h"
#include "plugins/calendar/merge_sides.h"
#include "plugins/calendar/record.h"
#include "plugins/calendar/text.h"
#include "plugins/content_lines/digest.h"

namespace syncline::calendar {

using content_lines::Component;
using content_lines::Difference;
using content_lines::Property;
using content_lines::Winner;

Side Sides::Decide(const std::string& field, const std::string& left_value,
                   const std::string& right_value) {
  const Side side = winner(field);
  if (side == Side::kNobody) differing.push_back({field, left_value, right_value});
  return side;
}

std::string PrefixOf(const Component& component) {
  const std::string occurrence = OccurrenceWords(component);
  return occurrence.empty() ? occurrence : occurrence + ": ";
}

Component* At(Components* components, const std::string& occurrence) {
  const auto found = components->find(occurrence);
  return found == components->end() ? nullptr : &found->second;
}

const Component* At(const Components& components, const std::string& occurrence) {
  const auto found = components.find(occurrence);
  return found == components.end() ? nullptr : &found->second;
}

namespace {

// A content with its one record; record is null when it holds anything else.
struct Input {
  explicit Input(const std::string& text) : bytes(&text), index(text), record(index.Single()) {}
  std::vector<Part> parts() const { return index.Parts(*record); }
  const std::string* bytes;
  Index index;
  const Group* record;
};

// The time zones of all inputs under names that mean one thing; the definitions live in here.
class ZoneRoom {
 public:
  // Takes the record's components, with TZIDs that fit the room.
  Components Take(const Input& input, const std::string& line_end) {
    Components components;
    const bool other_ends = input.index.document.line_end != line_end;
    for (const Part& part : input.parts()) {
      std::set<std::string> names;
      CollectZoneNames(*part.component, &names);
      const ZonePlan plan = PlanZones(names, *part.zones, zones);
      for (const auto& [zone, name] : plan.missing) {
        definitions_.push_back(std::make_unique<Component>(zone->Clone()));
        Component* copy = definitions_.back().get();
        if (other_ends) SetLineEnds(copy, line_end);
        const std::string own(Trimmed(zone->Find("TZID")->value));
        if (own != name) RenameZone(copy, own, name, line_end);
        zones.Add(copy);
      }
      Component copy = part.component->Clone();
      if (other_ends) SetLineEnds(&copy, line_end);
      for (const auto& [from, to] : plan.renamed) RenameZone(&copy, from, to, line_end);
      std::string occurrence = OccurrenceOf(copy, zones);
      // The same occurrence twice: each is kept, in the order in which they stand.
      while (components.count(occurrence) > 0) occurrence += "\nagain";
      components.emplace(std::move(occurrence), std::move(copy));
    }
    return components;
  }

  Zones zones;

 private:
  std::vector<std::unique_ptr<Component>> definitions_;
};

Side Opposite(Side side) {
  if (side == Side::kNobody) return side;
  return side == Side::kLeft ? Side::kRight : Side::kLeft;
}

// Merges what both have by properties; keeps what one side added, drops what it took away.
Components MergeComponents(Sides* sides) {
  const CalendarVocabulary vocabulary = sides->vocabulary();
  std::set<std::string> occurrences;
  for (const Components* components : {&sides->left, &sides->right}) {
    for (const auto& [name, component] : *components) occurrences.insert(name);
  }
  Components merged;
  for (const std::string& occurrence : occurrences) {
    const Component* left = At(sides->left, occurrence);
    const Component* right = At(sides->right, occurrence);
    const Component* base = At(sides->base, occurrence);
    if (left == nullptr || right == nullptr) {
      // What the other changed as well has been settled, so one of the two is as it was.
      const Component* only = left == nullptr ? right : left;
      if (base == nullptr) merged.emplace(occurrence, only->Clone());
      continue;
    }
    const std::string prefix = PrefixOf(*left);
    const auto winner = [&](std::string_view field) {
      const Side side = sides->winner(prefix + std::string(field));
      if (side == Side::kNobody) return Winner::kNobody;
      return side == Side::kLeft ? Winner::kMine : Winner::kTheirs;
    };
    content_lines::MergeResult result =
        content_lines::Merge(base, *left, *right, vocabulary, winner);
    for (Difference& differing : result.differing) {
      sides->differing.push_back(
          {prefix + differing.field, std::move(differing.mine), std::move(differing.theirs)});
    }
    merged.emplace(occurrence, std::move(result.merged));
  }
  return merged;
}

// The whole record of one side: where there is nothing to merge property by property.
std::string TakeWhole(const Input& left, const Input& right, const std::string& field,
                      const std::string& left_words, const std::string& right_words, Sides* sides) {
  const Side side = sides->Decide(field, left_words, right_words);
  return side == Side::kRight ? *right.bytes : *left.bytes;
}

std::string Title(const Input& input) {
  return input.record == nullptr ? "not exactly one record" : TitleOf(input.parts());
}

// The calendar properties of both: those of left, and of right what left has none of.
std::string MergedFrame(const Input& left, const Input& right, const std::string& line_end) {
  Component frame;
  std::set<std::string> of_left;
  for (const Input* input : {&left, &right}) {
    for (const Component::Child& child : input->index.calendars.front()->component->children) {
      const auto* property = std::get_if<Property>(&child);
      if (property == nullptr || property->raw.empty()) continue;
      if (input == &left) {
        of_left.insert(property->name);
      } else if (of_left.count(property->name) > 0) {
        continue;
      }
      frame.children.emplace_back(*property);
    }
  }
  SetLineEnds(&frame, line_end);
  std::string text = "BEGIN:VCALENDAR" + line_end;
  if (frame.Find("VERSION") == nullptr) {
    text += "VERSION:2.0" + line_end;
  }
  if (frame.Find("PRODID") == nullptr) {
    text += "PRODID:-//Syncline//Calendar//EN" + line_end;
  }
  for (const Component::Child& child : frame.children) text += std::get<Property>(child).raw;
  return text;
}

std::string MergeInputs(const Input* base, const Input& left, const Input& right, Sides* sides) {
  if (left.record == nullptr || right.record == nullptr) {
    return TakeWhole(left, right, "content", Title(left), Title(right), sides);
  }
  const std::string left_version = VersionOf(left.parts());
  const std::string right_version = VersionOf(right.parts());
  if (left_version == right_version) return *left.bytes;
  if (left.record->kind != right.record->kind) {
    return TakeWhole(left, right, "kind", std::string(KindWord(left.record->kind)),
                     std::string(KindWord(right.record->kind)), sides);
  }
  if (base != nullptr && (base->record == nullptr || base->record->kind != left.record->kind)) {
    base = nullptr;
  }
  if (base != nullptr) {
    const std::string base_version = VersionOf(base->parts());
    if (base_version == left_version) return *right.bytes;
    if (base_version == right_version) return *left.bytes;
  }
  sides->line_end = left.index.document.line_end;
  ZoneRoom room;
  sides->left = room.Take(left, sides->line_end);
  sides->right = room.Take(right, sides->line_end);
  if (base != nullptr) sides->base = room.Take(*base, sides->line_end);
  sides->has_base = base != nullptr;
  sides->zones = room.zones;
  SettleOccurrences(sides);
  SettleTimes(sides);
  SettleAttendees(sides);
  const Components merged = MergeComponents(sides);
  if (merged.empty()) {
    return TakeWhole(left, right, "content", Title(left), Title(right), sides);
  }
  std::vector<Part> parts;
  for (const auto& [occurrence, component] : merged) {
    parts.push_back({&component, nullptr, &sides->zones});
  }
  const std::string version = VersionOf(parts);
  if (version == left_version) return *left.bytes;
  if (version == right_version) return *right.bytes;
  return Compose(parts, MergedFrame(left, right, sides->line_end), sides->line_end);
}

}  // namespace

Merged MergeRecords(const std::string* base, const std::string& mine, const std::string& theirs,
                    const std::function<Winner(std::string_view field)>& winner) {
  // The smaller text is the left one, so the result cannot depend on which side is mine.
  const bool swapped = theirs < mine;
  const auto turned = [swapped](Side side) { return swapped ? Opposite(side) : side; };
  Sides sides;
  sides.winner = [&](std::string_view field) {
    const Winner one = winner(field);
    if (one == Winner::kNobody) return Side::kNobody;
    return turned(one == Winner::kMine ? Side::kLeft : Side::kRight);
  };
  const Input left(swapped ? theirs : mine);
  const Input right(swapped ? mine : theirs);
  std::unique_ptr<Input> before;
  if (base != nullptr) before = std::make_unique<Input>(*base);
  Merged merged;
  merged.text = MergeInputs(before.get(), left, right, &sides);
  for (LeftRight& differing : sides.differing) {
    Difference difference{std::move(differing.field), std::move(differing.left),
                          std::move(differing.right)};
    if (swapped) std::swap(difference.mine, difference.theirs);
    merged.differing.push_back(std::move(difference));
  }
  return merged;
}

}  // namespace syncline::calendar
