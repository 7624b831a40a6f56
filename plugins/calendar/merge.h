// Three-way merge of two records of a calendar. The properties of one component merge by
// content_lines::Merge; this adds what only a calendar knows: that start and end belong together,
// that an occurrence hangs on its series, and that an attendee has values of its own. Pure, any
// thread; the laws of plugins/content_lines/merge.h hold.
#ifndef SYNCLINE_PLUGINS_CALENDAR_MERGE_H_
#define SYNCLINE_PLUGINS_CALENDAR_MERGE_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/content_lines/merge.h"

namespace syncline::calendar {

struct Merged {
  std::string text;                                  // counts when differing is empty
  std::vector<content_lines::Difference> differing;  // what winner() left to nobody
};

// The texts are contents as they go through the contract; base is null without an ancestor.
Merged MergeRecords(const std::string* base, const std::string& mine, const std::string& theirs,
                    const std::function<content_lines::Winner(std::string_view field)>& winner);

}  // namespace syncline::calendar

#endif  // SYNCLINE_PLUGINS_CALENDAR_MERGE_H_
