// A small format for the tests of the content lines: some of vCard and of iCalendar, each rule once
// and more, values compared as unescaped text.
#ifndef SYNCLINE_TESTS_UNIT_CONTENT_LINES_PLAIN_VOCABULARY_H_
#define SYNCLINE_TESTS_UNIT_CONTENT_LINES_PLAIN_VOCABULARY_H_

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/content_lines/value.h"
#include "plugins/content_lines/vocabulary.h"

namespace syncline::content_lines {

class PlainVocabulary : public Vocabulary {
 public:
  PropertyRule RuleOf(std::string_view, std::string_view property) const override {
    static constexpr std::array<PropertyRule, 14> kRules = {{
        {"VERSION", Rule::kIgnored, "version"},
        {"REV", Rule::kIgnored, "revision"},
        {"DTSTAMP", Rule::kIgnored, "stamp"},
        {"FN", Rule::kSingle, "name"},
        {"NOTE", Rule::kSingle, "note"},
        {"BDAY", Rule::kSingle, "birthday"},
        {"SUMMARY", Rule::kSingle, "summary"},
        {"DTSTART", Rule::kSingle, "start"},
        {"ACTION", Rule::kSingle, "action"},
        {"TRIGGER", Rule::kSingle, "trigger"},
        {"TEL", Rule::kSet, "phone"},
        {"CATEGORIES", Rule::kList, "categories"},
        {"EXDATE", Rule::kList, "left out"},
        {"SEQUENCE", Rule::kLargest, "sequence"},
    }};
    for (const PropertyRule& rule : kRules) {
      if (rule.name == property) return rule;
    }
    return {property, Rule::kSet, property};
  }

  std::string Canonical(std::string_view, const Property& property) const override {
    return Unescape(Decoded(property));
  }

  std::vector<std::string> MemberIds(std::string_view component,
                                     const Property& property) const override {
    std::string types;
    for (const std::string& type : property.Values("TYPE")) types += type + ",";
    return {Canonical(component, property) + "\n" + types, Canonical(component, property), types};
  }

  std::string ComponentId(const Component& component) const override {
    const Property* action = component.Find("ACTION");
    return action == nullptr ? std::string() : action->value;
  }

  std::string Shown(std::string_view component, const Property& property) const override {
    return Canonical(component, property);
  }

  // As a version above 2 wants it: decoded, without the parameters of encodings.
  Property Converted(const Property& property, const Component&, const Component&) const override {
    if (property.Values("ENCODING").empty() && property.Values("CHARSET").empty()) return property;
    Property converted = property;
    converted.parameters.clear();
    for (const std::string& type : property.Values("TYPE")) {
      converted.parameters.push_back({"TYPE", {type}});
    }
    converted.value = Escape(Canonical("", property));
    converted.Rewrite("\r\n");
    return converted;
  }
};

}  // namespace syncline::content_lines

#endif  // SYNCLINE_TESTS_UNIT_CONTENT_LINES_PLAIN_VOCABULARY_H_
