// One logical line to the fields of a property: [group.]name *(;parameter) : value (RFC 6350, 3.3).
#include "plugins/content_lines/read_property.h"

#include <utility>

#include "plugins/content_lines/words.h"

namespace syncline::content_lines {
namespace {

// RFC 6868, 3.
std::string WithoutCarets(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const char next = text[i] == '^' && i + 1 < text.size() ? text[i + 1] : '\0';
    if (next == 'n' || next == '\'' || next == '^') {
      plain.push_back(next == 'n' ? '\n' : next == '\'' ? '"' : '^');
      ++i;
    } else {
      plain.push_back(text[i]);
    }
  }
  return plain;
}

std::string ParameterValue(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    text = text.substr(1, text.size() - 2);
  }
  return text.find('^') == std::string_view::npos ? std::string(text) : WithoutCarets(text);
}

// The end of the piece that begins at start: the separator, outside of quotes, or the end.
size_t PieceEnd(std::string_view text, size_t start, char separator) {
  bool quoted = false;
  for (size_t i = start; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (text[i] == separator && !quoted) return i;
  }
  // A quote that nobody closes is an ordinary character.
  if (!quoted) return text.size();
  const size_t found = text.find(separator, start);
  return found == std::string_view::npos ? text.size() : found;
}

Parameter ReadParameter(std::string_view text) {
  Parameter parameter;
  // vCard 2.1 has values without names; a quote in front of "=" is no name either.
  const size_t equals = text.find('=');
  if (equals == std::string_view::npos || text.find('"') < equals) {
    parameter.values.push_back(ParameterValue(Trimmed(text)));
    return parameter;
  }
  parameter.name = Upper(Trimmed(text.substr(0, equals)));
  text.remove_prefix(equals + 1);
  for (size_t start = 0; start <= text.size();) {
    const size_t end = PieceEnd(text, start, ',');
    parameter.values.push_back(ParameterValue(text.substr(start, end - start)));
    start = end + 1;
  }
  return parameter;
}

}  // namespace

LineParts PartsOf(std::string_view line) {
  const size_t name_end = line.find_first_of(";:");
  if (name_end == std::string_view::npos || Trimmed(line.substr(0, name_end)).empty()) {
    return {{}, {}, line};
  }
  if (line[name_end] == ':') return {line.substr(0, name_end), {}, line.substr(name_end + 1)};
  const size_t colon = PieceEnd(line, name_end, ':');
  if (colon == line.size()) return {{}, {}, line};
  return {line.substr(0, name_end), line.substr(name_end, colon - name_end),
          line.substr(colon + 1)};
}

void ReadLine(std::string_view line, Property* property) {
  const LineParts parts = PartsOf(line);
  property->value = std::string(parts.value);
  std::string_view name = Trimmed(parts.name);
  const size_t dot = name.rfind('.');
  if (dot != std::string_view::npos && dot + 1 < name.size()) {
    property->group = std::string(name.substr(0, dot));
    name.remove_prefix(dot + 1);
  }
  property->name = Upper(name);
  const std::string_view parameters = parts.parameters;
  for (size_t start = 1; start < parameters.size();) {
    const size_t end = PieceEnd(parameters, start, ';');
    const std::string_view text = parameters.substr(start, end - start);
    if (!Trimmed(text).empty()) property->parameters.push_back(ReadParameter(text));
    start = end + 1;
  }
}

bool SaysQuotedPrintable(std::string_view parameters) {
  return HasWord(parameters, "QUOTED-PRINTABLE");
}

bool SaysBase64(std::string_view parameters) {
  return HasWord(parameters, "BASE64") || HasWord(parameters, "ENCODING=B");
}

}  // namespace syncline::content_lines
