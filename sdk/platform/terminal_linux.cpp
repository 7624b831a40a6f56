// Terminals on Linux. See terminal.h.
#include "sdk/platform/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

namespace syncline::platform {

bool IsTerminal(Stream stream) { return isatty(static_cast<int>(stream)) == 1; }

TerminalSize SizeOfTerminal(Stream stream) {
  winsize size = {};  // ioctl_tty(2), TIOCGWINSZ
  if (ioctl(static_cast<int>(stream), TIOCGWINSZ, &size) != 0) return {};
  return {size.ws_col, size.ws_row};
}

}  // namespace syncline::platform
