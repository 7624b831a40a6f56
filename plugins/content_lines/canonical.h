// What of a component counts, and in which form two equal things are equal byte for byte. Digest
// and merge share it, so that they never disagree about a difference.
#ifndef SYNCLINE_PLUGINS_CONTENT_LINES_CANONICAL_H_
#define SYNCLINE_PLUGINS_CONTENT_LINES_CANONICAL_H_

#include <string>
#include <string_view>
#include <vector>

#include "plugins/content_lines/component.h"
#include "plugins/content_lines/vocabulary.h"

namespace syncline::content_lines {

// A property and what says more about it: item1.X-ABLABEL of item1.TEL. Pointers into the
// component.
struct Unit {
  const Property* lead = nullptr;
  std::vector<const Property*> companions;  // of the lead's group; several leads share them
};

// All of a component in its order, without blank lines and child components.
std::vector<Unit> UnitsOf(const Component& component);
// Whether a property only says more about the others of its group.
bool IsCompanion(const Property& property);
// A line without anything in it.
bool IsBlank(const Property& property);
// The rule of the vocabulary; lines that are no properties are a set.
PropertyRule RuleFor(const Vocabulary& vocabulary, std::string_view component,
                     std::string_view property);

// The value with its parameters.
std::string CanonicalOf(const Vocabulary& vocabulary, std::string_view component,
                        const Property& property);
// The companions, in no order; empty without any.
std::string CanonicalCompanions(const Vocabulary& vocabulary, std::string_view component,
                                const Unit& unit);
// Both of them.
std::string CanonicalUnit(const Vocabulary& vocabulary, std::string_view component,
                          const Unit& unit);

// One value of a kList property.
struct ListValue {
  std::string key;   // canonical, with the parameters
  std::string text;  // still escaped, of WithoutEncoding()
};
std::vector<ListValue> ListValuesOf(const Vocabulary& vocabulary, std::string_view component,
                                    const Property& property);
// The property with its encoding and character set taken off, as UTF-8; raw is left as it was.
Property WithoutEncoding(const Property& property);

}  // namespace syncline::content_lines

#endif  // SYNCLINE_PLUGINS_CONTENT_LINES_CANONICAL_H_
