// One logical line to the fields of a property. Inside content_lines only.
#ifndef SYNCLINE_PLUGINS_CONTENT_LINES_READ_PROPERTY_H_
#define SYNCLINE_PLUGINS_CONTENT_LINES_READ_PROPERTY_H_

#include <string_view>

#include "plugins/content_lines/component.h"

namespace syncline::content_lines {

// Where the parts of a line are: group and name, then parameters, then the value.
struct LineParts {
  std::string_view name;        // with its group; empty: this is no property
  std::string_view parameters;  // with the ";" in front; empty: none
  std::string_view value;
};
LineParts PartsOf(std::string_view line);

// line: unfolded, without its line end. Leaves raw and line alone.
void ReadLine(std::string_view line, Property* property);

// Whether the parameters of a line say this, by name or bare.
bool SaysQuotedPrintable(std::string_view parameters);
bool SaysBase64(std::string_view parameters);

}  // namespace syncline::content_lines

#endif  // SYNCLINE_PLUGINS_CONTENT_LINES_READ_PROPERTY_H_
