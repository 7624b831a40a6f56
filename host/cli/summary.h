// What a session did, in words.
#ifndef SYNCLINE_HOST_CLI_SUMMARY_H_
#define SYNCLINE_HOST_CLI_SUMMARY_H_

#include "host/cli/output.h"
#include "host/handler/handler.h"

namespace syncline::cli {

// Prints a line for each item: what was done, what waits, and for what went wrong the reason and
// the command to go on with. What went wrong goes to stderr; with quiet nothing else is printed.
void PrintSummary(Output& output, const SessionReport& report, bool dry_run, bool quiet);

}  // namespace syncline::cli

#endif  // SYNCLINE_HOST_CLI_SUMMARY_H_
