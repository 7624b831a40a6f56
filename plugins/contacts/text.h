// Small helpers for the text of contacts. Pure, any thread.
#ifndef SYNCLINE_PLUGINS_CONTACTS_TEXT_H_
#define SYNCLINE_PLUGINS_CONTACTS_TEXT_H_

#include <string>
#include <string_view>
#include <vector>

#include "plugins/content_lines/component.h"

namespace syncline::contacts {

// ASCII letters only: the words of vCard are ASCII (RFC 6350, 3.3).
std::string Upper(std::string_view text);
std::string Lower(std::string_view text);
// Without white space, also a no-break space, at both ends.
std::string_view Trimmed(std::string_view text);
bool StartsWithWord(std::string_view text, std::string_view lower_case_prefix);
// 32 hex digits (XXH3, 128 bits).
std::string Hash(std::string_view bytes);
std::string Joined(const std::vector<std::string>& parts, std::string_view between);
// One line for people: line ends become ", ".
std::string OneLine(std::string_view text);
// Every line end becomes this one; a "\r" alone only where own, the text's first one, is that.
std::string WithLineEnds(std::string_view text, std::string_view own, std::string_view to);
// Every "\r\n" and "\r" becomes "\n".
std::string WithPlainLineEnds(std::string_view text);

// UTF-16 with its byte order mark to UTF-8 without one; broken pairs become U+FFFD.
bool IsUtf16(std::string_view bytes);
std::string FromUtf16(std::string_view bytes);

// All values of TYPE in lower case, sorted, each once; the bare ones of vCard 2.1 and pref too.
std::vector<std::string> TypesOf(const content_lines::Property& property);
// The first value of a parameter, or empty.
std::string ParameterOf(const content_lines::Property& property, std::string_view name);

}  // namespace syncline::contacts

#endif  // SYNCLINE_PLUGINS_CONTACTS_TEXT_H_
