// What the exit code of `syncline` says. The mapping from errors and results stands in
// exit_code.cpp and nowhere else; docs/commands.md repeats the table for people.
#ifndef SYNCLINE_HOST_CLI_EXIT_CODE_H_
#define SYNCLINE_HOST_CLI_EXIT_CODE_H_

#include "absl/status/status.h"
#include "host/protocol/messages.h"

namespace syncline::cli {

inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;       // something failed; also when only some records did
inline constexpr int kExitUsage = 2;        // a word of the command line is wrong
inline constexpr int kExitConflicts = 3;    // done, but conflicts wait
inline constexpr int kExitStopped = 4;      // a guard stopped it
inline constexpr int kExitBusy = 5;         // the item is in use by another process
inline constexpr int kExitCancelled = 130;  // as shells report a program ended by SIGINT

// Where an error came from, which decides what FailedPrecondition means.
enum class During : uint8_t {
  kOpening,    // the data folder: a newer one
  kSettingUp,  // add and edit: the provider is not ready
  kCommand,    // everything else, which may meet an item that another process uses
};

int ExitCode(const absl::Status& status, During during);
int ExitCode(protocol::Result result);

}  // namespace syncline::cli

#endif  // SYNCLINE_HOST_CLI_EXIT_CODE_H_
