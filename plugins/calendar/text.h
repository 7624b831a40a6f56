// Small helpers for the text of content lines. Pure, any thread.
#ifndef SYNCLINE_PLUGINS_CALENDAR_TEXT_H_
#define SYNCLINE_PLUGINS_CALENDAR_TEXT_H_

#include <string>
#include <string_view>
#include <vector>

#include "plugins/content_lines/component.h"

namespace syncline::calendar {

// ASCII letters only: names of iCalendar are ASCII (RFC 5545, 3.1).
std::string Upper(std::string_view text);
std::string Lower(std::string_view text);
std::string_view Trimmed(std::string_view text);
std::vector<std::string_view> Parts(std::string_view text, char separator);
// "a", "a and b", "a, b and c".
std::string Listed(const std::vector<std::string>& words);
// One line for people: unescaped, line ends as spaces.
std::string OneLine(std::string_view escaped_value);
// 32 hex digits (XXH3, 128 bits).
std::string Hash(std::string_view bytes);

// The first value of a parameter, or empty.
std::string ParameterOf(const content_lines::Property& property, std::string_view name);
// A property that is written as this line.
content_lines::Property MakeProperty(std::string_view name, std::string_view value,
                                     std::string_view line_end);
// Every line end of the component becomes this one; folds stay where they are.
void SetLineEnds(content_lines::Component* component, std::string_view line_end);

}  // namespace syncline::calendar

#endif  // SYNCLINE_PLUGINS_CALENDAR_TEXT_H_
