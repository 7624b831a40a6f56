// The real console of this process.
#ifndef SYNCLINE_HOST_CLI_TERMINAL_H_
#define SYNCLINE_HOST_CLI_TERMINAL_H_

#include "host/cli/cli.h"

namespace syncline::cli {

Console ProcessConsole();

}  // namespace syncline::cli

#endif  // SYNCLINE_HOST_CLI_TERMINAL_H_
