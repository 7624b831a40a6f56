// Components and properties: looking into them and writing them again.
#include "plugins/content_lines/component.h"

#include <algorithm>
#include <array>

#include "plugins/content_lines/words.h"

namespace syncline::content_lines {
namespace {

constexpr size_t kWidth = 75;  // bytes in a physical line, without its line end (RFC 6350, 3.2)

// The parameter that a bare word of vCard 2.1 is a value of (vCard 2.1, 3: grammar of "param").
std::string_view ParameterOfBare(std::string_view word) {
  static constexpr std::array<std::string_view, 5> kEncodings = {"QUOTED-PRINTABLE", "BASE64",
                                                                 "8BIT", "7BIT", "B"};
  static constexpr std::array<std::string_view, 4> kValues = {"INLINE", "URL", "CONTENT-ID", "CID"};
  const auto is_word = [&](std::string_view one) { return EqualWords(one, word); };
  if (std::any_of(kEncodings.begin(), kEncodings.end(), is_word)) return "ENCODING";
  if (std::any_of(kValues.begin(), kValues.end(), is_word)) return "VALUE";
  return "TYPE";
}

void AppendParameterValue(std::string_view value, std::string* line) {
  const bool quote = value.find_first_of(",;:") != std::string_view::npos;
  if (quote) line->push_back('"');
  for (size_t i = 0; i < value.size(); ++i) {
    // RFC 6868, 3.
    if (const std::string_view end = LineEndAt(value, i); !end.empty()) {
      line->append("^n");
      i += end.size() - 1;
    } else if (value[i] == '"') {
      line->append("^'");
    } else if (value[i] == '^') {
      line->append("^^");
    } else {
      line->push_back(value[i]);
    }
  }
  if (quote) line->push_back('"');
}

// Where a line of at most width bytes that begins at start may be cut: not inside a character.
size_t CutAt(std::string_view line, size_t start, size_t width) {
  if (line.size() - start <= width) return line.size();
  size_t cut = start + width;
  for (int back = 0; back < 3 && (static_cast<unsigned char>(line[cut]) & 0xC0) == 0x80; ++back) {
    --cut;
  }
  // Four continuation bytes in a row are no UTF-8.
  return (static_cast<unsigned char>(line[cut]) & 0xC0) == 0x80 ? start + width : cut;
}

std::string Folded(std::string_view line, std::string_view line_end) {
  std::string raw;
  raw.reserve(line.size() + line.size() / 32 + 4);
  size_t cut = CutAt(line, 0, kWidth);
  raw.append(line.substr(0, cut));
  while (cut < line.size()) {
    const size_t start = cut;
    cut = CutAt(line, start, kWidth - 1);
    raw.append(line_end).append(" ").append(line.substr(start, cut - start));
  }
  return raw.append(line_end);
}

// A soft line break is "=" at the end of the line, never inside "=XX" (RFC 2045, 6.7) and only in
// the value, which begins at value_start.
std::string SoftlyBroken(std::string_view line, size_t value_start, std::string_view line_end) {
  std::string raw;
  raw.reserve(line.size() + line.size() / 32 + 4);
  size_t width = value_start;
  raw.append(line.substr(0, value_start));
  for (size_t i = value_start; i < line.size();) {
    const size_t length = line[i] == '=' ? std::min<size_t>(3, line.size() - i) : 1;
    // Not in front of what looks like the end of the card: readers guard against a value cut short.
    const bool looks_like_end = EqualWords(Trimmed(line.substr(i, 16)).substr(0, 4), "END:");
    if (width + length > kWidth - 2 && i > value_start && !looks_like_end) {
      raw.append("=").append(line_end);
      width = 0;
    }
    raw.append(line.substr(i, length));
    width += length;
    i += length;
  }
  return raw.append(line_end);
}

void AppendText(const Component& component, std::string* text) {
  text->append(component.begin_raw);
  for (const Component::Child& child : component.children) {
    if (const auto* property = std::get_if<Property>(&child)) {
      text->append(property->raw);
    } else {
      AppendText(*std::get<std::unique_ptr<Component>>(child), text);
    }
  }
  text->append(component.end_raw);
}

}  // namespace

std::vector<std::string> Property::Values(std::string_view parameter) const {
  std::vector<std::string> values;
  for (const Parameter& one : parameters) {
    if (one.name == parameter) {
      values.insert(values.end(), one.values.begin(), one.values.end());
    } else if (one.name.empty()) {
      for (const std::string& word : one.values) {
        if (ParameterOfBare(word) == parameter) values.push_back(word);
      }
    }
  }
  return values;
}

void Property::Rewrite(std::string_view line_end) {
  std::string text;
  if (!group.empty()) text.append(group).append(".");
  text.append(name);
  bool bare_base64 = false;
  for (const Parameter& parameter : parameters) {
    text.push_back(';');
    if (!parameter.name.empty()) text.append(parameter.name).append("=");
    for (size_t i = 0; i < parameter.values.size(); ++i) {
      if (i > 0) text.push_back(',');
      AppendParameterValue(parameter.values[i], &text);
      bare_base64 =
          bare_base64 || (parameter.name.empty() && EqualWords(parameter.values[i], "BASE64"));
    }
  }
  if (!name.empty()) text.push_back(':');
  const size_t value_start = text.size();
  for (size_t i = 0; i < value.size(); ++i) {
    if (const std::string_view end = LineEndAt(value, i); !end.empty()) {
      text.append("\\n");
      i += end.size() - 1;
    } else {
      text.push_back(value[i]);
    }
  }
  const std::vector<std::string> encodings = Values("ENCODING");
  const bool quoted_printable = !encodings.empty() && EqualWords(encodings[0], "QUOTED-PRINTABLE");
  raw = quoted_printable ? SoftlyBroken(text, value_start, line_end) : Folded(text, line_end);
  // A blank line ends base64 in vCard 2.1 (2.4.1), whose way of writing the word is the bare one.
  if (bare_base64) raw.append(line_end);
}

const Property* Component::Find(std::string_view property) const {
  for (const Child& child : children) {
    const auto* one = std::get_if<Property>(&child);
    if (one != nullptr && one->name == property) return one;
  }
  return nullptr;
}

std::vector<const Property*> Component::All(std::string_view property) const {
  std::vector<const Property*> all;
  for (const Child& child : children) {
    const auto* one = std::get_if<Property>(&child);
    if (one != nullptr && one->name == property) all.push_back(one);
  }
  return all;
}

std::vector<const Component*> Component::Components(std::string_view component) const {
  std::vector<const Component*> all;
  for (const Child& child : children) {
    const auto* one = std::get_if<std::unique_ptr<Component>>(&child);
    if (one != nullptr && (*one)->name == component) all.push_back(one->get());
  }
  return all;
}

std::string Component::Text() const {
  std::string text;
  AppendText(*this, &text);
  return text;
}

Component Component::Clone() const {
  Component copy;
  copy.name = name;
  copy.begin_raw = begin_raw;
  copy.end_raw = end_raw;
  copy.line = line;
  copy.children.reserve(children.size());
  for (const Child& child : children) {
    if (const auto* property = std::get_if<Property>(&child)) {
      copy.children.emplace_back(*property);
    } else {
      copy.children.emplace_back(
          std::make_unique<Component>(std::get<std::unique_ptr<Component>>(child)->Clone()));
    }
  }
  return copy;
}

std::string Document::Text() const {
  std::string text;
  for (const Piece& piece : pieces) {
    if (piece.component == nullptr) {
      text.append(piece.between);
    } else {
      AppendText(*piece.component, &text);
    }
  }
  return text;
}

}  // namespace syncline::content_lines
