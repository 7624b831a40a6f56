// The one table from errors and results to exit codes.
#include "host/cli/exit_code.h"

namespace syncline::cli {

int ExitCode(const absl::Status& status, During during) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return kExitDone;
    case absl::StatusCode::kCancelled:
      return kExitCancelled;
    case absl::StatusCode::kInvalidArgument:  // a setting, location or name that cannot be used
    case absl::StatusCode::kNotFound:         // no such item, provider, conflict
    case absl::StatusCode::kAlreadyExists:    // a name in use
      // While opening, no word of the command line is at fault: the data folder is.
      return during == During::kOpening ? kExitFailed : kExitUsage;
    case absl::StatusCode::kFailedPrecondition:
      return during == During::kCommand ? kExitBusy : kExitFailed;
    default:
      return kExitFailed;
  }
}

int ExitCode(protocol::Result result) {
  switch (result) {
    case protocol::Result::kDone:
      return kExitDone;
    case protocol::Result::kConflicts:
      return kExitConflicts;
    case protocol::Result::kPartial:
    case protocol::Result::kFailed:
      return kExitFailed;
    case protocol::Result::kBusy:
      return kExitBusy;
    case protocol::Result::kStopped:
      return kExitStopped;
    case protocol::Result::kCancelled:
      return kExitCancelled;
  }
  return kExitFailed;
}

}  // namespace syncline::cli
