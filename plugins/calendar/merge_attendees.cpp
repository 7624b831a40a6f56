// An attendee is one member of a set with values of its own: the answer (PARTSTAT), the name, the
// role ... merge singly, so that an answer from one side and a name from the other both survive.
#include <algorithm>
#include <map>
#include <utility>
#include <variant>

#include "plugins/calendar/merge_sides.h"
#include "plugins/calendar/text.h"

namespace syncline::calendar {

using content_lines::Component;
using content_lines::Parameter;
using content_lines::Property;

namespace {

// By address; null for an address that stands twice, which is left to the merge of sets.
std::map<std::string, Property*> AttendeesOf(Component* component) {
  std::map<std::string, Property*> attendees;
  for (Component::Child& child : component->children) {
    auto* property = std::get_if<Property>(&child);
    if (property == nullptr || property->name != "ATTENDEE") continue;
    const auto [found, is_new] = attendees.emplace(Address(*property), property);
    if (!is_new) found->second = nullptr;
  }
  return attendees;
}

std::string FieldOf(const std::string& address, const std::string& parameter) {
  if (parameter == "PARTSTAT") return "answer of " + address;
  if (parameter == "CN") return "name of " + address;
  return Lower(parameter) + " of " + address;
}

void TakeParameter(const Property& from, const std::string& name, Property* into) {
  auto& parameters = into->parameters;
  parameters.erase(std::remove_if(parameters.begin(), parameters.end(),
                                  [&](const Parameter& one) { return one.name == name; }),
                   parameters.end());
  for (const Parameter& parameter : from.parameters) {
    if (parameter.name == name) parameters.push_back(parameter);
  }
}

void SettleOne(Sides* sides, const std::string& prefix, const Property* base, Property* left,
               Property* right) {
  using Values = std::map<std::string, std::string>;
  const Values of_base = base == nullptr ? Values() : CountingParameters(*base);
  const Values of_left = CountingParameters(*left);
  const Values of_right = CountingParameters(*right);
  const auto value = [](const Values& values, const std::string& name) {
    const auto found = values.find(name);
    return found == values.end() ? std::string() : found->second;
  };
  std::map<std::string, Side> winners;
  for (const Values* values : {&of_left, &of_right}) {
    for (const auto& [name, text] : *values) {
      const std::string on_left = value(of_left, name);
      const std::string on_right = value(of_right, name);
      if (on_left == on_right || winners.count(name) > 0) continue;
      const std::string before = value(of_base, name);
      if (base != nullptr && before == on_left) {
        winners[name] = Side::kRight;
      } else if (base != nullptr && before == on_right) {
        winners[name] = Side::kLeft;
      } else if (base == nullptr && (on_left.empty() || on_right.empty())) {
        winners[name] = on_left.empty() ? Side::kRight : Side::kLeft;  // the union
      } else {
        winners[name] =
            sides->Decide(prefix + FieldOf(Address(*left), name), Lower(on_left), Lower(on_right));
      }
    }
  }
  if (winners.empty()) return;
  bool all_right = true;
  bool all_left = true;
  Property merged = *left;
  for (const auto& [name, winner] : winners) {
    if (winner == Side::kRight) TakeParameter(*right, name, &merged);
    (winner == Side::kRight ? all_left : all_right) = false;
  }
  if (all_left) {
    merged = *left;
  } else if (all_right) {
    merged = *right;
  } else {
    merged.Rewrite(sides->line_end);
  }
  *left = merged;
  *right = std::move(merged);
}

}  // namespace

void SettleAttendees(Sides* sides) {
  for (auto& [occurrence, left] : sides->left) {
    Component* right = At(&sides->right, occurrence);
    if (right == nullptr) continue;
    Component* base = At(&sides->base, occurrence);
    const auto of_left = AttendeesOf(&left);
    const auto of_right = AttendeesOf(right);
    const auto of_base = base == nullptr ? std::map<std::string, Property*>() : AttendeesOf(base);
    for (const auto& [address, attendee] : of_left) {
      const auto other = of_right.find(address);
      if (attendee == nullptr || other == of_right.end() || other->second == nullptr) continue;
      const auto before = of_base.find(address);
      SettleOne(sides, PrefixOf(left), before == of_base.end() ? nullptr : before->second, attendee,
                other->second);
    }
  }
}

}  // namespace syncline::calendar
