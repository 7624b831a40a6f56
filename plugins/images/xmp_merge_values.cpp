#include "plugins/images/xmp_merge_values.h"

#include <algorithm>

#include "plugins/images/hash.h"
#include "plugins/images/xmp_merge.h"
#include "plugins/images/xmp_merge_rules.h"

namespace syncline::images {
namespace {

constexpr size_t kLongestWords = 200;  // bytes

void AppendSized(std::string_view part, std::string* text) {
  text->append(std::to_string(part.size())).append(":").append(part);
}

// Languages that say something.
std::string CanonicalLanguages(const XmpNode& node) {
  std::string text;
  for (const auto& [language, value] : node.languages) {
    if (Trimmed(value).empty()) continue;
    AppendSized(language, &text);
    AppendSized(Trimmed(value), &text);
  }
  return text;
}

std::string CanonicalNode(const XmpNode& node) {
  std::string text;
  AppendSized(node.path, &text);
  text += std::to_string(static_cast<int>(node.shape));
  if (node.shape == XmpNode::Shape::kLanguages) return text + CanonicalLanguages(node);
  for (const std::string& item : node.items) AppendSized(Trimmed(item), &text);
  return text;
}

// "4" of "4" and "4.0"; nothing for 0, which is what programs write for "not rated".
std::string CanonicalRating(std::string_view text) {
  text = Trimmed(text);
  if (text.find('.') != std::string_view::npos) {
    while (text.ends_with('0')) text.remove_suffix(1);
    if (text.ends_with('.')) text.remove_suffix(1);
  }
  return text == "0" ? std::string() : "v" + std::string(text);
}

std::string CanonicalTree(const XmpProperty& property) {
  std::vector<std::string> nodes;
  nodes.reserve(property.nodes.size());
  for (const XmpNode& node : property.nodes) nodes.push_back(CanonicalNode(node));
  // The fields of a structure have no order; the index of an item is in its path.
  std::sort(nodes.begin(), nodes.end());
  std::string text;
  for (const std::string& node : nodes) AppendSized(node, &text);
  return "t" + text;
}

bool SaysNothing(const XmpProperty& property) {
  return std::all_of(property.nodes.begin(), property.nodes.end(), [](const XmpNode& node) {
    return std::all_of(node.items.begin(), node.items.end(),
                       [](const std::string& item) { return Trimmed(item).empty(); }) &&
           CanonicalLanguages(node).empty();
  });
}

// At most kLongestWords bytes, not cut inside a character.
std::string Short(std::string text) {
  if (text.size() <= kLongestWords) return text;
  size_t end = kLongestWords - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "...";
}

}  // namespace

std::string_view Trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

bool IsLanguages(const XmpProperty& property) {
  return property.Plain() && property.nodes.front().shape == XmpNode::Shape::kLanguages;
}

std::optional<std::vector<std::string>> ItemsOf(const XmpProperty& property) {
  if (!property.Plain() || IsLanguages(property)) return std::nullopt;
  if (property.nodes.front().shape == XmpNode::Shape::kStruct) return std::nullopt;
  std::vector<std::string> items;
  for (const std::string& item : property.nodes.front().items) {
    const std::string_view text = Trimmed(item);
    if (!text.empty() && std::find(items.begin(), items.end(), text) == items.end()) {
      items.emplace_back(text);
    }
  }
  return items;
}

std::string CanonicalOf(const XmpName& name, const XmpProperty& property) {
  if (SaysNothing(property)) return {};
  const XmpRuleRow* row = RowFor(name);
  if (row != nullptr && row->rule == XmpRule::kSet) {
    if (std::optional<std::vector<std::string>> items = ItemsOf(property)) {
      std::sort(items->begin(), items->end());
      std::string text = "s";
      for (const std::string& item : *items) AppendSized(item, &text);
      return text;
    }
  }
  const XmpNode& node = property.nodes.front();
  if (IsLanguages(property)) return "l" + CanonicalLanguages(node);
  if (!property.Plain() || node.shape != XmpNode::Shape::kText) return CanonicalTree(property);
  if (IsRating(name)) return CanonicalRating(node.items.front());
  return "v" + std::string(Trimmed(node.items.front()));
}

std::string WordsOf(const XmpProperty& property) {
  std::string text;
  for (const XmpNode& node : property.nodes) {
    const auto add = [&](std::string_view value) {
      if (Trimmed(value).empty() || text.size() > kLongestWords) return;
      if (!text.empty()) text += ", ";
      text += Trimmed(value);
    };
    for (const std::string& item : node.items) add(item);
    for (const auto& [language, value] : node.languages) add(value);
  }
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  return Short(std::move(text));
}

std::string DigestOf(const XmpPacket& packet) {
  std::string text = "xmp";
  for (const auto& [name, property] : packet) {
    const XmpRuleRow* row = RowFor(name);
    if (row != nullptr && row->rule == XmpRule::kIgnored) continue;
    const std::string canonical = CanonicalOf(name, property);
    if (canonical.empty()) continue;
    AppendSized(name.space, &text);
    AppendSized(name.name, &text);
    AppendSized(canonical, &text);
  }
  return HashOf(text);
}

std::string XmpDigest(std::string_view packet) {
  const absl::StatusOr<XmpPacket> parsed = ParseXmp(packet);
  return parsed.ok() ? DigestOf(*parsed) : HashOf("raw" + std::string(packet));
}

}  // namespace syncline::images
