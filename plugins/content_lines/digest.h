// The digest of a component: equal for two texts that a format calls the same record, different
// otherwise. The version of a record is made of it.
#ifndef SYNCLINE_PLUGINS_CONTENT_LINES_DIGEST_H_
#define SYNCLINE_PLUGINS_CONTENT_LINES_DIGEST_H_

#include <string>

#include "plugins/content_lines/component.h"
#include "plugins/content_lines/vocabulary.h"

namespace syncline::content_lines {

// 16 bytes as 32 hex digits (XXH3, 128 bits). Ignored properties, folding, letter case of names and
// the order of properties of different names do not count; the order within one name does for
// kSet properties that a person orders (the first TEL), and does not for kList.
std::string Digest(const Component& component, const Vocabulary& vocabulary);

}  // namespace syncline::content_lines

#endif  // SYNCLINE_PLUGINS_CONTENT_LINES_DIGEST_H_
