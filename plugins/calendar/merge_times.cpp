// Start, end, due and duration are one field: a start of one side with the end of the other would
// make a length that nobody wanted.
#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "plugins/calendar/describe.h"
#include "plugins/calendar/merge_sides.h"
#include "plugins/calendar/text.h"

namespace syncline::calendar {

using content_lines::Component;
using content_lines::Property;

namespace {

constexpr std::array<std::string_view, 4> kTimes = {"DTSTART", "DTEND", "DUE", "DURATION"};

bool IsTime(const Component::Child& child) {
  const auto* property = std::get_if<Property>(&child);
  return property != nullptr &&
         std::find(kTimes.begin(), kTimes.end(), property->name) != kTimes.end();
}

std::string TimesOf(const Component& component, const CalendarVocabulary& vocabulary) {
  std::string times;
  for (const std::string_view name : kTimes) {
    for (const Property* property : component.All(name)) {
      times += std::string(name) + ":" + vocabulary.Whole(component.name, *property) + "\n";
    }
  }
  return times;
}

std::string Listed(std::string times) {
  std::replace(times.begin(), times.end(), '\n', ' ');
  return std::string(Trimmed(times));
}

// The times of from take the place of those of into.
void CopyTimes(const Component& from, Component* into) {
  std::vector<Component::Child> children;
  bool placed = false;
  const auto place = [&] {
    if (std::exchange(placed, true)) return;
    for (const Component::Child& child : from.children) {
      if (IsTime(child)) children.emplace_back(std::get<Property>(child));
    }
  };
  for (Component::Child& child : into->children) {
    if (IsTime(child)) {
      place();
    } else {
      children.push_back(std::move(child));
    }
  }
  place();
  into->children = std::move(children);
}

}  // namespace

void SettleTimes(Sides* sides) {
  const CalendarVocabulary vocabulary = sides->vocabulary();
  for (auto& [occurrence, left] : sides->left) {
    Component* right = At(&sides->right, occurrence);
    if (right == nullptr) continue;
    const std::string of_left = TimesOf(left, vocabulary);
    const std::string of_right = TimesOf(*right, vocabulary);
    if (of_left == of_right) continue;
    Component* base = At(&sides->base, occurrence);
    Side winner = Side::kNobody;
    if (base != nullptr && TimesOf(*base, vocabulary) == of_left) {
      winner = Side::kRight;
    } else if (base != nullptr && TimesOf(*base, vocabulary) == of_right) {
      winner = Side::kLeft;
    } else {
      const std::string left_words = WhenWords(left);
      const std::string right_words = WhenWords(*right);
      // Two ways to write one length (an end, a duration), or zones that share a name.
      const bool same = left_words == right_words;
      winner = sides->Decide(PrefixOf(left) + "when", same ? Listed(of_left) : left_words,
                             same ? Listed(of_right) : right_words);
    }
    const Component& from = winner == Side::kRight ? *right : left;
    if (base != nullptr) CopyTimes(from, base);
    CopyTimes(from, winner == Side::kRight ? &left : right);
  }
}

}  // namespace syncline::calendar
