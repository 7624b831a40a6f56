// Occurrences hang on their series: an occurrence that one side edited or left out while the other
// moved the series, edited it otherwise or took it away is a conflict of that occurrence.
#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <variant>
#include <vector>

#include "plugins/calendar/describe.h"
#include "plugins/calendar/merge_sides.h"
#include "plugins/calendar/text.h"
#include "plugins/calendar/time_value.h"
#include "plugins/content_lines/digest.h"
#include "plugins/content_lines/value.h"

namespace syncline::calendar {

using content_lines::Component;
using content_lines::Property;

namespace {

// Takes out the numbers of which the larger wins (SEQUENCE): programs raise them in all occurrences
// when they move a series, which is no edit of one.
std::vector<Property> TakeNumbers(const CalendarVocabulary& vocabulary, Component* component) {
  std::vector<Property> numbers;
  std::erase_if(component->children, [&](Component::Child& child) {
    auto* property = std::get_if<Property>(&child);
    if (property == nullptr ||
        vocabulary.RuleOf(component->name, property->name).rule != content_lines::Rule::kLargest) {
      return false;
    }
    numbers.push_back(std::move(*property));
    return true;
  });
  return numbers;
}

// What a side says of one occurrence. Of the series itself left_out is never set.
struct State {
  std::string digest;  // of its component; empty: none
  bool left_out = false;

  bool operator==(const State& other) const {
    return digest == other.digest && left_out == other.left_out;
  }
};

// An EXDATE value as a property of its own.
struct LeftOut {
  Property property;
};

struct Version {
  const Components* components;
  std::map<std::string, LeftOut> left_out;  // by canonical time
  std::string series;                       // when it is and how it repeats; empty: no series

  State StateOf(const std::string& occurrence, const CalendarVocabulary& vocabulary) const {
    State state;
    const Component* component = At(*components, occurrence);
    if (component != nullptr) {
      Component edited = component->Clone();
      TakeNumbers(vocabulary, &edited);
      state.digest = content_lines::Digest(edited, vocabulary);
    }
    state.left_out = left_out.count(occurrence) > 0;
    return state;
  }
};

Version VersionFrom(const Components& components, const CalendarVocabulary& vocabulary) {
  Version version{&components, {}, {}};
  const Component* series = At(components, "");
  if (series == nullptr) return version;
  for (const Property* property : series->All("EXDATE")) {
    for (const std::string_view value : Parts(property->value, ',')) {
      if (Trimmed(value).empty()) continue;
      Property alone = *property;
      alone.value = std::string(Trimmed(value));
      version.left_out.emplace(vocabulary.CanonicalTime(*property, value),
                               LeftOut{std::move(alone)});
    }
  }
  for (const char* name : {"DTSTART", "DTEND", "DUE", "DURATION", "RRULE"}) {
    for (const Property* property : series->All(name)) {
      version.series += std::string(name) + ":" + vocabulary.Whole(series->name, *property) + "\n";
    }
  }
  return version;
}

void RemoveLeftOut(const std::string& occurrence, const CalendarVocabulary& vocabulary,
                   std::string_view line_end, Component* series) {
  for (size_t i = 0; i < series->children.size();) {
    auto* property = std::get_if<Property>(&series->children[i]);
    if (property == nullptr || property->name != "EXDATE") {
      ++i;
      continue;
    }
    std::string kept;
    bool found = false;
    for (const std::string_view value : Parts(property->value, ',')) {
      if (vocabulary.CanonicalTime(*property, value) == occurrence) {
        found = true;
      } else {
        kept += (kept.empty() ? "" : ",") + std::string(value);
      }
    }
    if (found && kept.empty()) {
      series->children.erase(series->children.begin() + static_cast<std::ptrdiff_t>(i));
      continue;
    }
    if (found) {
      property->value = kept;
      property->Rewrite(line_end);
    }
    ++i;
  }
}

// Makes what into says of the occurrence what from says.
void CopyState(const Version& from, const std::string& occurrence,
               const CalendarVocabulary& vocabulary, std::string_view line_end, Components* into) {
  const Component* component = At(*from.components, occurrence);
  Component* there = At(into, occurrence);
  if (component != nullptr && there != nullptr) {
    // The numbers of both sides still meet in the merge.
    std::vector<Property> numbers = TakeNumbers(vocabulary, there);
    *there = component->Clone();
    if (!numbers.empty()) {
      TakeNumbers(vocabulary, there);
      for (Property& number : numbers) there->children.emplace_back(std::move(number));
    }
  } else if (component != nullptr) {
    into->emplace(occurrence, component->Clone());
  } else if (there != nullptr) {
    into->erase(occurrence);
  }
  Component* series = At(into, "");
  if (series == nullptr || occurrence.empty()) return;
  const auto left_out = from.left_out.find(occurrence);
  if (left_out == from.left_out.end()) {
    RemoveLeftOut(occurrence, vocabulary, line_end, series);
    return;
  }
  for (const Property* property : series->All("EXDATE")) {
    for (const std::string_view value : Parts(property->value, ',')) {
      if (vocabulary.CanonicalTime(*property, value) == occurrence) return;
    }
  }
  Property property = left_out->second.property;
  property.Rewrite(line_end);
  series->children.emplace_back(std::move(property));
}

std::string SeriesWords(const Component* series) {
  if (series == nullptr) return "removed";
  const std::string repeats = RepeatsWords(*series);
  const std::string when = WhenWords(*series);
  return repeats.empty() ? when : when + ", " + repeats;
}

// What a side says of the occurrence, for people.
std::string Words(const Version& version, const std::string& occurrence) {
  if (occurrence.empty()) return SeriesWords(At(*version.components, ""));
  const Component* component = At(*version.components, occurrence);
  if (component != nullptr) {
    const Property* summary = component->Find("SUMMARY");
    std::string words = WhenWords(*component);
    if (summary != nullptr) words += ": " + OneLine(summary->value);
    // Some programs write both; which of them counts is up to the reader.
    return version.left_out.count(occurrence) > 0 ? words + " (and left out)" : words;
  }
  if (version.left_out.count(occurrence) > 0) return "left out";
  return "as the series: " + SeriesWords(At(*version.components, ""));
}

// What one component says that the other does not, for two that look the same at first sight.
std::string More(const Component& component, const Component& other,
                 const CalendarVocabulary& vocabulary) {
  const auto says = [&vocabulary](const Component& one) {
    std::map<std::string, std::string> shown;  // what counts -> how it is shown
    for (const Component::Child& child : one.children) {
      if (const auto* property = std::get_if<Property>(&child)) {
        const auto rule = vocabulary.RuleOf(one.name, property->name);
        if (rule.rule == content_lines::Rule::kIgnored) continue;
        shown.emplace(property->name + ":" + vocabulary.Whole(one.name, *property),
                      std::string(rule.label) + " " + vocabulary.Shown(one.name, *property));
      } else {
        const Component& inside = *std::get<std::unique_ptr<Component>>(child);
        shown.emplace(content_lines::Digest(inside, vocabulary), "alarm " + AlarmWords(inside));
      }
    }
    return shown;
  };
  const std::map<std::string, std::string> of_other = says(other);
  std::string text;
  for (const auto& [counts, shown] : says(component)) {
    if (of_other.count(counts) == 0) text += "; " + shown;
  }
  return text;
}

std::string FieldOf(const std::string& occurrence, const Sides& sides) {
  if (occurrence.empty()) return "series";
  for (const Components* components : {&sides.left, &sides.right, &sides.base}) {
    const Component* component = At(*components, occurrence);
    if (component != nullptr) return OccurrenceWords(*component);
  }
  const std::string value = occurrence.substr(0, occurrence.find(' '));
  const std::optional<TimeValue> time = ParseTime(value);
  if (!time) return "occurrence " + value;
  return "occurrence " + ShowSorted(*time) + (time->utc ? " UTC" : "");
}

}  // namespace

void SettleOccurrences(Sides* sides) {
  const CalendarVocabulary vocabulary = sides->vocabulary();
  const Components left_before = [&] {
    Components copy;
    for (const auto& [name, component] : sides->left) copy.emplace(name, component.Clone());
    return copy;
  }();
  const Components right_before = [&] {
    Components copy;
    for (const auto& [name, component] : sides->right) copy.emplace(name, component.Clone());
    return copy;
  }();
  const Version base = VersionFrom(sides->base, vocabulary);
  const Version left = VersionFrom(left_before, vocabulary);
  const Version right = VersionFrom(right_before, vocabulary);
  std::set<std::string> occurrences;
  for (const Version* version : {&base, &left, &right}) {
    for (const auto& [name, component] : *version->components) occurrences.insert(name);
    for (const auto& [name, property] : version->left_out) occurrences.insert(name);
  }
  const bool series_differ = left.series != right.series;
  const auto moved = [&](const Version& version) {
    return series_differ && !base.series.empty() && !version.series.empty() &&
           version.series != base.series;
  };
  for (const std::string& occurrence : occurrences) {
    const State of_base = base.StateOf(occurrence, vocabulary);
    const State of_left = left.StateOf(occurrence, vocabulary);
    const State of_right = right.StateOf(occurrence, vocabulary);
    if (of_left == of_right) continue;
    const bool left_changed = !(of_left == of_base);
    const bool right_changed = !(of_right == of_base);
    // Both have it and neither leaves it out: its properties merge singly.
    const bool mergeable = !of_left.digest.empty() && !of_right.digest.empty() &&
                           of_left.left_out == of_right.left_out;
    const bool against = left_changed && right_changed && !mergeable;
    const bool beside_move =
        !occurrence.empty() && ((left_changed && moved(right)) || (right_changed && moved(left)));
    if (!against && !beside_move) continue;
    std::string left_words = Words(left, occurrence);
    std::string right_words = Words(right, occurrence);
    const Component* left_one = At(left_before, occurrence);
    const Component* right_one = At(right_before, occurrence);
    if (left_words == right_words && left_one != nullptr && right_one != nullptr) {
      left_words += More(*left_one, *right_one, vocabulary);
      right_words += More(*right_one, *left_one, vocabulary);
    }
    const Side winner = sides->Decide(FieldOf(occurrence, *sides), left_words, right_words);
    if (winner == Side::kRight) {
      CopyState(right, occurrence, vocabulary, sides->line_end, &sides->left);
    } else {
      CopyState(left, occurrence, vocabulary, sides->line_end, &sides->right);
    }
    // Both agree now, and so must the ancestor: nothing is left to merge.
    if (sides->has_base) {
      CopyState(winner == Side::kRight ? right : left, occurrence, vocabulary, sides->line_end,
                &sides->base);
    }
  }
}

}  // namespace syncline::calendar
