// How each XMP property is merged: one table (xmp_merge_rules.cpp). What stands in no row is a
// single value of its own, named for people by its short name ("plus:ImageSupplierName").
#ifndef SYNCLINE_PLUGINS_IMAGES_XMP_MERGE_RULES_H_
#define SYNCLINE_PLUGINS_IMAGES_XMP_MERGE_RULES_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "plugins/images/xmp.h"

namespace syncline::images {

enum class XmpRule : uint8_t {
  kSingle,  // one value; all properties with the same label are one value together, since they tell
            // one thing twice (ratings) or make sense only together (a latitude and a longitude).
            // Language alternatives are one value for each language
  kSet,     // its items are added and removed one by one
  kIgnored,  // what programs note for themselves: makes no difference, the later one is kept
};

struct XmpRuleRow {
  std::string_view space;  // the URI of the namespace, without '/' at its end
  std::string_view name;   // "GPS*": all that begin so
  XmpRule rule;
  std::string_view label;  // for people; empty: the short name of the property
};

// Lives as long as the program.
std::span<const XmpRuleRow> AllXmpRules();

// The first row that fits; null: it is a single value of its own.
const XmpRuleRow* RowFor(const XmpName& name);

// xmp:Rating, where 0 is what not having one says, or the same in another program's words.
bool IsRating(const XmpName& name);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_XMP_MERGE_RULES_H_
