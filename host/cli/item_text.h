// How an item, a result and a conflict look in the human output of several commands.
#ifndef SYNCLINE_HOST_CLI_ITEM_TEXT_H_
#define SYNCLINE_HOST_CLI_ITEM_TEXT_H_

#include <string>
#include <string_view>

#include "host/cli/output.h"
#include "host/handler/handler.h"

namespace syncline::cli {

// result as protocol::ResultName() gives it; empty: "never synced".
Span ResultSpan(std::string_view result);
// See text.h.
std::string ItemWord(const SyncItem& item);
// What was set up, one line each; not how the last sync went.
void PrintItem(Output& output, const SyncItem& item);

// Why it is a conflict: what the handler says, else what its kind means.
std::string ConflictInWords(const ConflictInfo& conflict);
// Its record, and in front of a key that says nothing to a person the title of what it holds.
std::string RecordInWords(const ConflictInfo& conflict);
// What an event tells, with the record's name in front unless the text quotes it.
std::string EventInWords(const EventInfo& event);

}  // namespace syncline::cli

#endif  // SYNCLINE_HOST_CLI_ITEM_TEXT_H_
