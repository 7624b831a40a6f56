// The digest of a component.
#include "plugins/content_lines/digest.h"

#include <xxhash.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "plugins/content_lines/canonical.h"

namespace syncline::content_lines {
namespace {

struct Entry {
  std::string_view name;
  std::string key;
  bool ordered;
};

void AppendSized(std::string_view part, std::string* text) {
  text->append(std::to_string(part.size())).append(":").append(part);
}

std::string Hash(std::string_view bytes) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes.data(), bytes.size()));
  std::string hex;
  hex.reserve(32);
  for (const unsigned char byte : canonical.digest) {
    constexpr char kDigits[] = "0123456789abcdef";
    hex.push_back(kDigits[byte >> 4]);
    hex.push_back(kDigits[byte & 15]);
  }
  return hex;
}

std::vector<Entry> EntriesOf(const Component& component, const Vocabulary& vocabulary) {
  std::vector<Entry> entries;
  entries.reserve(component.children.size());
  for (const Unit& unit : UnitsOf(component)) {
    const std::string_view name = unit.lead->name;
    const Rule rule = RuleFor(vocabulary, component.name, name).rule;
    if (rule == Rule::kIgnored) continue;
    if (rule != Rule::kList) {
      entries.push_back(
          {name, CanonicalUnit(vocabulary, component.name, unit), rule == Rule::kSet});
      continue;
    }
    const std::string companions = CanonicalCompanions(vocabulary, component.name, unit);
    for (ListValue& value : ListValuesOf(vocabulary, component.name, *unit.lead)) {
      entries.push_back({name, std::move(value.key), false});
    }
    // A label of a list belongs to no single value.
    if (!companions.empty()) entries.push_back({name, "label " + companions, false});
  }
  return entries;
}

}  // namespace

std::string Digest(const Component& component, const Vocabulary& vocabulary) {
  std::vector<Entry> entries = EntriesOf(component, vocabulary);
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    if (a.name != b.name) return a.name < b.name;
    return !a.ordered && a.key < b.key;
  });
  std::string text;
  AppendSized(component.name, &text);
  for (size_t i = 0; i < entries.size(); ++i) {
    const Entry& entry = entries[i];
    // The same value twice in a list is once in a set.
    const bool again = i > 0 && !entry.ordered && entries[i - 1].name == entry.name &&
                       entries[i - 1].key == entry.key;
    if (again) continue;
    AppendSized(entry.name, &text);
    AppendSized(entry.key, &text);
  }
  std::vector<std::string> children;
  for (const Component::Child& child : component.children) {
    const auto* one = std::get_if<std::unique_ptr<Component>>(&child);
    if (one != nullptr) children.push_back(Digest(**one, vocabulary));
  }
  std::sort(children.begin(), children.end());
  for (const std::string& child : children) text += child;
  return Hash(text);
}

}  // namespace syncline::content_lines
