// Random contents of content lines, vCard or iCalendar or whatever a test's kinds of lines say:
// valid ones, edits of them as people and programs make them, and texts that are nearly valid.
//
//   const std::vector<LineKind> kinds = {{"FN", {}, {"Ada", "Bob"}, true}, ...};
//   const Lines base = *AnyLines(kinds);
//   const Lines mine = *Edited(base, kinds);
//   const std::string text = Written("VCARD", mine, *AnyStyle());
#ifndef SYNCLINE_TESTS_SUPPORT_CONTENT_LINE_GENERATOR_H_
#define SYNCLINE_TESTS_SUPPORT_CONTENT_LINE_GENERATOR_H_

#include <rapidcheck.h>

#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

namespace syncline::testing {

// A name with what may stand around it. Few choices, so that clashes are common. Without a name the
// values are whole components, with "\n" at the end of each line.
struct LineKind {
  std::string name;
  std::vector<std::string> parameters;  // ";TYPE=home", one is chosen; empty: none
  std::vector<std::string> values;
  bool once = false;                     // at most one line of this name
  std::vector<std::string> groups = {};  // "item1", one is chosen; empty: none
};

// One logical line, without a line end; or a component.
struct Line {
  std::string group;
  std::string name;
  std::string parameters;
  std::string value;

  std::string Text() const;
  bool operator==(const Line& other) const { return Text() == other.Text(); }
};
using Lines = std::vector<Line>;
std::ostream& operator<<(std::ostream& out, const Line& line);

// How a program writes lines. None of it changes what they mean.
struct Style {
  std::string line_end = "\r\n";
  size_t fold_at = 75;  // bytes; 0: never; also inside characters
  char fold_with = ' ';
  bool lower_case_names = false;
  bool blank_lines = false;  // between lines
};
std::ostream& operator<<(std::ostream& out, const Style& style);

rc::Gen<Lines> AnyLines(const std::vector<LineKind>& kinds);
// Some lines changed, removed and added. The order of what stays is kept.
rc::Gen<Lines> Edited(const Lines& lines, const std::vector<LineKind>& kinds);
rc::Gen<Style> AnyStyle();

// first: lines that stand in front ("VERSION:3.0").
std::string Written(const std::string& component, const Lines& lines, const Style& style,
                    const std::vector<std::string>& first = {});

// Pieces of the grammar and plain bytes in any order.
rc::Gen<std::string> NearlyValid();

}  // namespace syncline::testing

#endif  // SYNCLINE_TESTS_SUPPORT_CONTENT_LINE_GENERATOR_H_
