// What of a component counts, and in which form.
#include "plugins/content_lines/canonical.h"

#include <algorithm>
#include <map>
#include <utility>

#include "plugins/content_lines/value.h"
#include "plugins/content_lines/words.h"

namespace syncline::content_lines {
namespace {

struct GroupMembers {
  std::vector<const Property*> companions;
  bool has_lead = false;
};

using Groups = std::map<std::string, GroupMembers>;

Groups GroupsOf(const Component& component) {
  Groups groups;
  for (const Component::Child& child : component.children) {
    const auto* property = std::get_if<Property>(&child);
    if (property == nullptr || property->group.empty()) continue;
    GroupMembers& group = groups[Upper(property->group)];
    if (IsCompanion(*property)) {
      group.companions.push_back(property);
    } else {
      group.has_lead = true;
    }
  }
  return groups;
}

// Lengths in front, so that no text can look like another one's parts.
void AppendSized(std::string_view part, std::string* text) {
  text->append(std::to_string(part.size())).append(":").append(part);
}

}  // namespace

// What Apple, and Google after it, write beside a property of the same group.
bool IsCompanion(const Property& property) {
  return !property.group.empty() && (property.name == "X-ABLABEL" || property.name == "X-ABADR");
}

bool IsBlank(const Property& property) {
  return property.name.empty() && Trimmed(property.value).empty();
}

std::vector<Unit> UnitsOf(const Component& component) {
  Groups groups = GroupsOf(component);
  std::vector<Unit> units;
  units.reserve(component.children.size());
  for (const Component::Child& child : component.children) {
    const auto* property = std::get_if<Property>(&child);
    if (property == nullptr || IsBlank(*property)) continue;
    Unit unit{property, {}};
    if (!property->group.empty()) {
      const GroupMembers& group = groups[Upper(property->group)];
      if (group.has_lead) {
        if (IsCompanion(*property)) continue;
        unit.companions = group.companions;
      }
    }
    units.push_back(std::move(unit));
  }
  return units;
}

PropertyRule RuleFor(const Vocabulary& vocabulary, std::string_view component,
                     std::string_view property) {
  if (property.empty()) return {property, Rule::kSet, "line"};
  return vocabulary.RuleOf(component, property);
}

std::string CanonicalOf(const Vocabulary& vocabulary, std::string_view component,
                        const Property& property) {
  if (property.name.empty()) return std::string(Trimmed(property.value));
  std::string text;
  AppendSized(vocabulary.CanonicalParameters(component, property), &text);
  return text.append(vocabulary.Canonical(component, property));
}

std::string CanonicalCompanions(const Vocabulary& vocabulary, std::string_view component,
                                const Unit& unit) {
  if (unit.companions.empty()) return {};
  std::vector<std::string> all;
  for (const Property* one : unit.companions) {
    std::string text;
    AppendSized(one->name, &text);
    AppendSized(CanonicalOf(vocabulary, component, *one), &text);
    all.push_back(std::move(text));
  }
  std::sort(all.begin(), all.end());
  std::string text;
  for (const std::string& one : all) text += one;
  return text;
}

std::string CanonicalUnit(const Vocabulary& vocabulary, std::string_view component,
                          const Unit& unit) {
  std::string text;
  AppendSized(CanonicalCompanions(vocabulary, component, unit), &text);
  return text.append(CanonicalOf(vocabulary, component, *unit.lead));
}

std::vector<ListValue> ListValuesOf(const Vocabulary& vocabulary, std::string_view component,
                                    const Property& property) {
  Property one = WithoutEncoding(property);
  const std::vector<std::string> texts = Split(one.value, ',');
  std::vector<ListValue> values;
  values.reserve(texts.size());
  for (const std::string& text : texts) {
    if (Trimmed(text).empty()) continue;
    one.value = std::string(Trimmed(text));
    values.push_back({CanonicalOf(vocabulary, component, one), text});
  }
  return values;
}

Property WithoutEncoding(const Property& property) {
  const auto says_encoding = [](const Parameter& parameter) {
    if (parameter.name == "ENCODING" || parameter.name == "CHARSET") return true;
    if (!parameter.name.empty()) return false;
    Property bare;
    bare.parameters.push_back(parameter);
    return !bare.Values("ENCODING").empty();
  };
  const auto& parameters = property.parameters;
  if (std::none_of(parameters.begin(), parameters.end(), says_encoding)) return property;
  Property plain = property;
  plain.value = Decoded(property);
  std::erase_if(plain.parameters, says_encoding);
  return plain;
}

}  // namespace syncline::content_lines
