// The command line of Syncline as a function, so that tests run it in their own process: everything
// it touches outside (streams, terminal, environment, Ctrl-C, the handler) is passed in.
#ifndef SYNCLINE_HOST_CLI_CLI_H_
#define SYNCLINE_HOST_CLI_CLI_H_

#include <functional>
#include <istream>
#include <memory>
#include <ostream>
#include <string>

#include "absl/status/statusor.h"
#include "host/handler/handler.h"
#include "sdk/platform/clock.h"
#include "sdk/platform/process.h"

namespace syncline::cli {

struct TerminalSize {
  int columns = 80;
  int rows = 24;
};

// What the command line sees of the world. Streams and clock are not owned and never null.
struct Console {
  std::ostream* out = nullptr;
  std::ostream* err = nullptr;
  std::istream* in = nullptr;  // asked only where in and out are a terminal; may be null
  bool in_is_terminal = false;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  std::function<TerminalSize()> terminal_size;  // asked again now and then: windows change
  std::function<std::string(const char* name)> environment;
  platform::Clock* clock = nullptr;
  // Calls back once for each Ctrl-C, on any thread, while the result lives.
  std::function<std::unique_ptr<platform::InterruptWatch>(std::function<void()>)> watch_interrupts;
  std::function<void(int exit_code)> exit_now;  // ends the process on the second Ctrl-C
};

using HandlerFactory = std::function<absl::StatusOr<std::unique_ptr<Handler>>()>;

// Runs one command and returns the exit code (host/cli/exit_code.h). open_handler is called at most
// once and only by commands that need it: help and completion scripts work without a data folder.
int Main(int argc, const char* const* argv, const Console& console,
         const HandlerFactory& open_handler);

}  // namespace syncline::cli

#endif  // SYNCLINE_HOST_CLI_CLI_H_
