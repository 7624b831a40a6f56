// Three-way merge of two components, property by property, by the rules of a Vocabulary. Pure.
//
// Laws, each a property test: Merge(b, x, x) is x; Merge(b, x, b) is x; swapping mine and theirs
// (and who is favoured) gives the same bytes; merging the result again with either side gives the
// result; a property of the result stands on a side, and one that neither side removed stands in
// the result.
#ifndef SYNCLINE_PLUGINS_CONTENT_LINES_MERGE_H_
#define SYNCLINE_PLUGINS_CONTENT_LINES_MERGE_H_

#include <functional>
#include <string>
#include <vector>

#include "plugins/content_lines/component.h"
#include "plugins/content_lines/vocabulary.h"

namespace syncline::content_lines {

enum class Winner : uint8_t { kNobody, kMine, kTheirs };

// A field that both changed differently, as a person reads it; an absent value is empty.
struct Difference {
  std::string field;  // the rule's label, made unique in this record ("address (home)")
  std::string mine;
  std::string theirs;
};

struct MergeResult {
  Component merged;                   // counts when differing is empty
  std::vector<Difference> differing;  // that winner() left to nobody
};

// base: null when there is no ancestor: the union, where differing single values differ.
// winner: decides a differing field by its name.
MergeResult Merge(const Component* base, const Component& mine, const Component& theirs,
                  const Vocabulary& vocabulary,
                  const std::function<Winner(std::string_view field)>& winner);

}  // namespace syncline::content_lines

#endif  // SYNCLINE_PLUGINS_CONTENT_LINES_MERGE_H_
