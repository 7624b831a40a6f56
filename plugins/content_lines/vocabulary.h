// What a format says about its properties, as a table: how each is compared and merged. The merge
// (merge.h) and the digest (digest.h) read nothing else, so neither knows vCard or iCalendar.
#ifndef SYNCLINE_PLUGINS_CONTENT_LINES_VOCABULARY_H_
#define SYNCLINE_PLUGINS_CONTENT_LINES_VOCABULARY_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/content_lines/component.h"

namespace syncline::content_lines {

enum class Rule : uint8_t {
  kIgnored,  // never a difference; the merged text keeps one of the two (REV, PRODID, DTSTAMP)
  kSingle,   // one value: both changing it differently is a conflict
  kSet,      // each property is a member of a set (TEL, EMAIL, ATTENDEE)
  kList,  // comma-separated values of all properties of the name are one set (CATEGORIES, EXDATE)
  kLargest,  // a number: the larger one wins (SEQUENCE)
};

struct PropertyRule {
  std::string_view name;  // upper case
  Rule rule;
  std::string_view label;  // for people, lower case: "birthday"
};

// The rest of a format's knowledge. Pure, any thread.
class Vocabulary {
 public:
  virtual ~Vocabulary() = default;
  // The rule for a property of this component; unknown ones: kSet.
  virtual PropertyRule RuleOf(std::string_view component, std::string_view property) const = 0;
  // The value in the form in which two equal ones are equal byte for byte: decoded, unescaped,
  // UTF-8, "+49 30 1234" and "+49301234" as they count for this property.
  virtual std::string Canonical(std::string_view component, const Property& property) const = 0;
  // The parameters that count beside Canonical(), equal byte for byte where they mean the same.
  // The default: all but ENCODING and CHARSET (the value is compared decoded), names sorted, bare
  // ones as TYPE, the values of TYPE in lower case and sorted; each parameter is one line. A format
  // whose Canonical() tells the parameters already returns nothing here.
  virtual std::string CanonicalParameters(std::string_view component,
                                          const Property& property) const;
  // What makes a member of a set the same member after an edit, strongest first: for TEL its
  // value, then its type; for ATTENDEE the address. Two members with an equal first entry are the
  // same one; later entries pair what is left over, where exactly one fits on each side.
  virtual std::vector<std::string> MemberIds(std::string_view component,
                                             const Property& property) const = 0;
  // What identifies a child component among its siblings (VALARM: its action and trigger; an
  // override: its RECURRENCE-ID); the merge pairs them by it.
  virtual std::string ComponentId(const Component& component) const = 0;
  // The value as a person reads it, for conflicts.
  virtual std::string Shown(std::string_view component, const Property& property) const = 0;
  // Makes the property fit a component whose VERSION is this (vCard 2.1 into 3.0): its encoding,
  // charset and parameters. The default leaves it.
  virtual Property Converted(const Property& property, const Component& from,
                             const Component& into) const;
};

}  // namespace syncline::content_lines

#endif  // SYNCLINE_PLUGINS_CONTENT_LINES_VOCABULARY_H_
