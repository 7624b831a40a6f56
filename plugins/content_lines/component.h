// Content lines, the grammar that vCard (RFC 6350, 3.3; RFC 2425) and iCalendar (RFC 5545, 3.1)
// share, read without losing a byte: every property keeps the physical text it was read from, and
// writes it again unless it is changed.
#ifndef SYNCLINE_PLUGINS_CONTENT_LINES_COMPONENT_H_
#define SYNCLINE_PLUGINS_CONTENT_LINES_COMPONENT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace syncline::content_lines {

// One parameter. A bare one of vCard 2.1 (TEL;HOME:...) has no name and one value.
struct Parameter {
  std::string name;                 // upper case
  std::vector<std::string> values;  // without quotes, RFC 6868 (^n ^' ^^) decoded
};

// One logical line. Fields are the parsed form; raw is what stands in the file, with folds and line
// ends, and wins when writing. A line that is no property (blank, without a colon) has no name and
// the whole line as its value; blank lines in a row are one.
struct Property {
  std::string raw;
  std::string group;  // as written: item1
  std::string name;   // upper case
  std::vector<Parameter> parameters;
  std::string value;  // unfolded, still escaped and encoded
  uint64_t line = 0;  // in its file, from 1

  // All values of a parameter, from every place where it stands; bare ones count as TYPE (and, for
  // the words that vCard 2.1 allows there, as ENCODING and VALUE).
  std::vector<std::string> Values(std::string_view parameter) const;
  // After a change of the fields: makes raw from them, folded at 75 bytes but never inside a
  // character (RFC 6350, 3.2), with this line end; quoted-printable is broken softly. A line end
  // in value becomes "\\n".
  void Rewrite(std::string_view line_end);
};

// BEGIN:NAME ... END:NAME. Children stand in the order of the file: properties and components.
// The card inside an AGENT of vCard 2.1 is a component with the AGENT line in its begin_raw.
struct Component {
  using Child = std::variant<Property, std::unique_ptr<Component>>;
  std::string name;       // upper case
  std::string begin_raw;  // the BEGIN line as it stands
  std::string end_raw;    // the END line; empty where it is missing
  std::vector<Child> children;
  uint64_t line = 0;

  const Property* Find(std::string_view name) const;  // the first, or null
  std::vector<const Property*> All(std::string_view name) const;
  std::vector<const Component*> Components(std::string_view name) const;  // of this name
  std::string Text() const;
  Component Clone() const;
};

// A whole file: components and what stands between them (a BOM, blank lines, stray text), so that
// the pieces in order are the file.
struct Document {
  struct Piece {
    std::string between;                   // with component null
    std::unique_ptr<Component> component;  // with between empty
  };
  std::vector<Piece> pieces;
  std::string line_end;  // the one it uses first: "\r\n", "\n" or "\r"; "\r\n" when it has none

  std::string Text() const;
};

// Never fails and never loses a byte: Parse(x).Text() == x for any bytes. A component without END
// reaches to where its parent ends or the next one of its kind begins, and has an empty end_raw.
// Components stand at most 32 deep; a deeper BEGIN is a property like any other. Linear in time and
// memory.
Document Parse(std::string_view bytes);

}  // namespace syncline::content_lines

#endif  // SYNCLINE_PLUGINS_CONTENT_LINES_COMPONENT_H_
