// The one door to terminals: whether a stream is one, and how large it is.
#ifndef SYNCLINE_SDK_PLATFORM_TERMINAL_H_
#define SYNCLINE_SDK_PLATFORM_TERMINAL_H_

namespace syncline::platform {

enum class Stream : int { kIn = 0, kOut = 1, kError = 2 };

bool IsTerminal(Stream stream);

struct TerminalSize {
  int columns = 0;  // 0: not known
  int rows = 0;
};
// Costs one system call, so it may be asked each time something is drawn. Any thread.
TerminalSize SizeOfTerminal(Stream stream);

}  // namespace syncline::platform

#endif  // SYNCLINE_SDK_PLATFORM_TERMINAL_H_
