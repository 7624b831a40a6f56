// What a vocabulary does when its format says nothing else.
#include "plugins/content_lines/vocabulary.h"

#include <algorithm>
#include <map>

#include "plugins/content_lines/words.h"

namespace syncline::content_lines {
namespace {

// TYPE="home,work" as one quoted value is two types (RFC 6350, erratum 3845).
void AppendTypes(std::string_view value, std::vector<std::string>* types) {
  for (size_t start = 0; start <= value.size();) {
    const size_t comma = std::min(value.find(',', start), value.size());
    const std::string_view type = Trimmed(value.substr(start, comma - start));
    if (!type.empty()) types->push_back(Lower(type));
    start = comma + 1;
  }
}

}  // namespace

std::string Vocabulary::CanonicalParameters(std::string_view, const Property& property) const {
  if (property.parameters.empty()) return {};
  std::map<std::string, std::vector<std::string>> values;
  std::vector<std::string> types;
  for (const std::string& type : property.Values("TYPE")) AppendTypes(type, &types);
  for (const std::string& value : property.Values("VALUE")) values["VALUE"].push_back(Lower(value));
  for (const Parameter& parameter : property.parameters) {
    const std::string& name = parameter.name;
    if (name.empty() || name == "TYPE" || name == "VALUE" || name == "ENCODING" ||
        name == "CHARSET") {
      continue;
    }
    for (const std::string& value : parameter.values) {
      values[name].push_back(name == "LANGUAGE" ? Lower(value) : value);
    }
  }
  std::sort(types.begin(), types.end());
  types.erase(std::unique(types.begin(), types.end()), types.end());
  if (!types.empty()) values["TYPE"] = std::move(types);
  std::string text;
  for (const auto& [name, all] : values) {
    text += "\n;" + name + "=";
    for (size_t i = 0; i < all.size(); ++i) {
      if (i > 0) text += ',';
      text += all[i];
    }
  }
  return text;
}

Property Vocabulary::Converted(const Property& property, const Component&, const Component&) const {
  return property;
}

}  // namespace syncline::content_lines
