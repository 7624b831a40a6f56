// Random contents of content lines.
#include "tests/support/content_line_generator.h"

#include <algorithm>
#include <utility>

namespace syncline::testing {
namespace {

rc::Gen<std::string> OneOf(const std::vector<std::string>& choices) {
  return choices.empty() ? rc::gen::just(std::string()) : rc::gen::elementOf(choices);
}

rc::Gen<Line> AnyLine(const std::vector<LineKind>& kinds) {
  return rc::gen::mapcat(rc::gen::elementOf(kinds), [](const LineKind& kind) {
    return rc::gen::map(
        rc::gen::tuple(OneOf(kind.groups), OneOf(kind.parameters), OneOf(kind.values)),
        [kind](std::tuple<std::string, std::string, std::string> chosen) {
          return Line{std::move(std::get<0>(chosen)), kind.name, std::move(std::get<1>(chosen)),
                      std::move(std::get<2>(chosen))};
        });
  });
}

// Without the second of what may stand once.
Lines Valid(const Lines& lines, const std::vector<LineKind>& kinds) {
  Lines valid;
  for (const Line& line : lines) {
    const bool once = std::any_of(kinds.begin(), kinds.end(), [&](const LineKind& kind) {
      return kind.once && kind.name == line.name;
    });
    const bool again = std::any_of(valid.begin(), valid.end(),
                                   [&](const Line& other) { return other.name == line.name; });
    if (!once || !again) valid.push_back(line);
  }
  return valid;
}

// One edit: what to do, where, and with which line.
struct Edit {
  int what;
  size_t where;
  Line line;
};

Lines Applied(Lines lines, const std::vector<Edit>& edits) {
  for (const Edit& edit : edits) {
    const size_t at = lines.empty() ? 0 : edit.where % lines.size();
    const auto place = lines.begin() + static_cast<std::ptrdiff_t>(at);
    if (edit.what == 0 || lines.empty()) {
      lines.insert(place, edit.line);
    } else if (edit.what == 1) {
      lines.erase(place);
    } else {
      // A new value for the same name, if the line that was drawn has one for it.
      const auto same = std::find_if(lines.begin(), lines.end(),
                                     [&](const Line& line) { return line.name == edit.line.name; });
      if (same == lines.end()) continue;
      same->value = edit.line.value;
      if (edit.what == 3) same->parameters = edit.line.parameters;
    }
  }
  return lines;
}

std::string WithLineEnds(const std::string& component, const std::string& line_end) {
  std::string text;
  for (const char c : component) text += c == '\n' ? line_end : std::string(1, c);
  return text;
}

std::string Folded(const std::string& line, const Style& style) {
  std::string text;
  size_t width = 0;
  for (const char c : line) {
    if (style.fold_at > 0 && width >= style.fold_at) {
      text += style.line_end + style.fold_with;
      width = 1;
    }
    text += c;
    ++width;
  }
  return text + style.line_end;
}

}  // namespace

std::string Line::Text() const {
  if (name.empty()) return value;
  return (group.empty() ? "" : group + ".") + name + parameters + ":" + value;
}

std::ostream& operator<<(std::ostream& out, const Line& line) { return out << line.Text(); }

std::ostream& operator<<(std::ostream& out, const Style& style) {
  return out << "line end " << (style.line_end == "\r\n" ? "CRLF" : "other") << ", fold at "
             << style.fold_at << (style.lower_case_names ? ", lower case" : "")
             << (style.blank_lines ? ", blank lines" : "");
}

rc::Gen<Lines> AnyLines(const std::vector<LineKind>& kinds) {
  return rc::gen::map(rc::gen::container<Lines>(AnyLine(kinds)),
                      [kinds](const Lines& lines) { return Valid(lines, kinds); });
}

rc::Gen<Lines> Edited(const Lines& lines, const std::vector<LineKind>& kinds) {
  const rc::Gen<Edit> edit = rc::gen::map(
      rc::gen::tuple(rc::gen::inRange(0, 4), rc::gen::inRange<size_t>(0, 64), AnyLine(kinds)),
      [](std::tuple<int, size_t, Line> drawn) {
        return Edit{std::get<0>(drawn), std::get<1>(drawn), std::get<2>(drawn)};
      });
  return rc::gen::mapcat(rc::gen::inRange<size_t>(0, 5), [=](size_t count) {
    return rc::gen::map(rc::gen::container<std::vector<Edit>>(count, edit),
                        [lines, kinds](const std::vector<Edit>& edits) {
                          return Valid(Applied(lines, edits), kinds);
                        });
  });
}

rc::Gen<Style> AnyStyle() {
  return rc::gen::build<Style>(
      rc::gen::set(&Style::line_end, rc::gen::element<std::string>("\r\n", "\n", "\r")),
      rc::gen::set(&Style::fold_at, rc::gen::element<size_t>(75, 0, 20, 3)),
      rc::gen::set(&Style::fold_with, rc::gen::element(' ', '\t')),
      rc::gen::set(&Style::lower_case_names, rc::gen::arbitrary<bool>()),
      rc::gen::set(&Style::blank_lines, rc::gen::arbitrary<bool>()));
}

std::string Written(const std::string& component, const Lines& lines, const Style& style,
                    const std::vector<std::string>& first) {
  const auto named = [&](std::string name) {
    if (style.lower_case_names) {
      for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    return name;
  };
  std::string text = named("BEGIN:" + component) + style.line_end;
  for (const std::string& line : first) text += line + style.line_end;
  for (const Line& line : lines) {
    if (line.name.empty()) {
      text += WithLineEnds(line.value, style.line_end);
      continue;
    }
    Line written = line;
    written.name = named(line.name);
    text += Folded(written.Text(), style);
    if (style.blank_lines) text += style.line_end;
  }
  return text + named("END:" + component) + style.line_end;
}

rc::Gen<std::string> NearlyValid() {
  const rc::Gen<std::string> piece = rc::gen::weightedOneOf<std::string>(
      {{30, rc::gen::element<std::string>(
                "BEGIN:", "END:", "VCARD", "VEVENT", "begin:vcard", "\r\n", "\n", "\r", "\r\n ",
                "\n\t", "\n\n", ":", ";", "=", ",", "\"", "^n", "\\", "\\,", "TEL", "item1.",
                "TYPE=home", "AGENT:", "AGENT:\nBEGIN:VCARD\n", "BEGIN:VCARD\nVERSION:2.1\n",
                "END:VCARD\n", "NOTE;ENCODING=QUOTED-PRINTABLE:", "=\n", "=E4=", "CHARSET=UTF-8",
                "PHOTO;BASE64:", "AAAA", "\xEF\xBB\xBF", "\xC3", "\xA4", "X-ABLABEL:", "REV:1")},
       {10, rc::gen::map(rc::gen::arbitrary<char>(), [](char c) { return std::string(1, c); })}});
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece),
                      [](const std::vector<std::string>& pieces) {
                        std::string text;
                        for (const std::string& one : pieces) text += one;
                        return text;
                      });
}

}  // namespace syncline::testing
