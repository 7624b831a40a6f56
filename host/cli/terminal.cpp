// The real console, through the platform door.
#include "host/cli/terminal.h"

#include <cstdlib>
#include <iostream>

#include "sdk/platform/process.h"
#include "sdk/platform/terminal.h"

namespace syncline::cli {

Console ProcessConsole() {
  Console console;
  console.out = &std::cout;
  console.err = &std::cerr;
  console.in = &std::cin;
  console.in_is_terminal = platform::IsTerminal(platform::Stream::kIn);
  console.out_is_terminal = platform::IsTerminal(platform::Stream::kOut);
  console.err_is_terminal = platform::IsTerminal(platform::Stream::kError);
  const platform::Stream shown =
      console.out_is_terminal ? platform::Stream::kOut : platform::Stream::kError;
  console.terminal_size = [shown] {
    const platform::TerminalSize now = platform::SizeOfTerminal(shown);
    TerminalSize size;
    // A terminal that does not know its size says 0 0.
    if (now.columns > 0 && now.rows > 0) {
      size.columns = now.columns;
      size.rows = now.rows;
    }
    return size;
  };
  console.environment = [](const char* name) { return platform::Environment(name); };
  console.clock = platform::Clock::Real();
  console.watch_interrupts = [](std::function<void()> on_interrupt) {
    return platform::InterruptWatch::Start(std::move(on_interrupt));
  };
  console.exit_now = [](int exit_code) { std::_Exit(exit_code); };
  return console;
}

}  // namespace syncline::cli
