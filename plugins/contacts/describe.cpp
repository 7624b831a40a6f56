// A contact for people.
#include "plugins/contacts/describe.h"

#include <variant>

#include "plugins/contacts/card.h"
#include "plugins/contacts/text.h"
#include "plugins/contacts/vocabulary.h"

namespace syncline::contacts {
namespace {

using content_lines::Component;
using content_lines::Property;

// What people look for first; all else follows in the order of the card.
constexpr const char* kFirst[] = {"FN",   "N",          "NICKNAME", "ORG",  "TITLE",
                                  "ROLE", "TEL",        "EMAIL",    "ADR",  "URL",
                                  "BDAY", "CATEGORIES", "NOTE",     "PHOTO"};
// Of no use to a person.
constexpr const char* kNever[] = {"VERSION", "PRODID", "REV", "UID", "X-ABUID", "X-ABLABEL"};

template <size_t N>
bool IsOneOf(const std::string& name, const char* const (&names)[N]) {
  for (const char* one : names) {
    if (name == one) return true;
  }
  return false;
}

// "_$!<Mobile>!$_" is how Apple writes its own labels.
std::string LabelOfGroup(const Component& card, const Property& property) {
  if (property.group.empty()) return {};
  for (const Property* label : card.All("X-ABLABEL")) {
    if (Lower(label->group) != Lower(property.group)) continue;
    std::string text = PlainText(*label);
    if (text.starts_with("_$!<") && text.ends_with(">!$_")) text = text.substr(4, text.size() - 8);
    return Lower(OneLine(text));
  }
  return {};
}

std::string FieldName(const Component& card, const Property& property) {
  std::vector<std::string> words;
  const std::string own = LabelOfGroup(card, property);
  if (FactsOf(property.name).kind != ValueKind::kMedia) words = TypesOf(property);
  std::erase(words, "pref");
  if (!own.empty()) words = {own};
  std::string name(FactsOf(property.name).rule.label);
  if (!words.empty()) name += " (" + Joined(words, ", ") + ")";
  return name;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> DescribeCard(const Component& card) {
  const ContactVocabulary vocabulary;
  std::vector<std::pair<std::string, std::string>> fields = {{"title", NameOf(card)}};
  const auto push = [&](const Property& property) {
    const std::string value = vocabulary.Shown(card.name, property);
    if (!value.empty()) fields.emplace_back(FieldName(card, property), value);
  };
  for (const char* name : kFirst) {
    for (const Property* property : card.All(name)) push(*property);
  }
  for (const Component::Child& child : card.children) {
    const auto* property = std::get_if<Property>(&child);
    if (property == nullptr || property->name.empty()) continue;
    if (!IsOneOf(property->name, kFirst) && !IsOneOf(property->name, kNever)) push(*property);
  }
  return fields;
}

}  // namespace syncline::contacts
