// Small helpers for the text of content lines.
#include "plugins/calendar/text.h"

#include <xxhash.h>

#include <algorithm>
#include <memory>
#include <variant>

#include "plugins/content_lines/value.h"

namespace syncline::calendar {

using content_lines::Component;
using content_lines::Property;

std::string Upper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const size_t begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

std::vector<std::string_view> Parts(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  size_t begin = 0;
  while (begin <= text.size()) {
    const size_t end = std::min(text.find(separator, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

std::string Listed(const std::vector<std::string>& words) {
  std::string text;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " and " : ", ";
    text += words[i];
  }
  return text;
}

std::string OneLine(std::string_view escaped_value) {
  std::string text = content_lines::Unescape(escaped_value);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  return std::string(Trimmed(text));
}

std::string Hash(std::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, hash);
  std::string hex;
  for (const unsigned char byte : canonical.digest) {
    constexpr char kDigits[] = "0123456789abcdef";
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

std::string ParameterOf(const Property& property, std::string_view name) {
  for (const content_lines::Parameter& parameter : property.parameters) {
    if (parameter.name == name && !parameter.values.empty()) return parameter.values.front();
  }
  return {};
}

Property MakeProperty(std::string_view name, std::string_view value, std::string_view line_end) {
  Property property;
  property.name = std::string(name);
  property.value = std::string(value);
  property.Rewrite(line_end);
  return property;
}

namespace {

void SetLineEnds(std::string* raw, std::string_view line_end) {
  std::string text;
  text.reserve(raw->size() + 8);
  for (size_t i = 0; i < raw->size(); ++i) {
    const char c = (*raw)[i];
    if (c != '\r' && c != '\n') {
      text += c;
      continue;
    }
    if (c == '\r' && i + 1 < raw->size() && (*raw)[i + 1] == '\n') ++i;
    text += line_end;
  }
  *raw = std::move(text);
}

}  // namespace

void SetLineEnds(Component* component, std::string_view line_end) {
  SetLineEnds(&component->begin_raw, line_end);
  SetLineEnds(&component->end_raw, line_end);
  for (Component::Child& child : component->children) {
    if (auto* property = std::get_if<Property>(&child)) {
      SetLineEnds(&property->raw, line_end);
    } else {
      SetLineEnds(std::get<std::unique_ptr<Component>>(child).get(), line_end);
    }
  }
}

}  // namespace syncline::calendar
