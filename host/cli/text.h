// Text as a person reads it in a terminal: widths in columns, sizes, times, names quoted for a
// shell, and the nearest of several words. Pure functions; any thread.
#ifndef SYNCLINE_HOST_CLI_TEXT_H_
#define SYNCLINE_HOST_CLI_TEXT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

namespace syncline::cli {

// Columns that UTF-8 text takes in a terminal: 2 for wide East Asian characters and emoji, 0 for
// combining marks, 1 for everything else.
int DisplayWidth(std::string_view text);
// text in at most width columns; what does not fit is left out of the middle ("/home/…/todo.txt").
std::string CutMiddle(std::string_view text, int width);
// text in at most width columns; what does not fit is left out at its end.
std::string CutEnd(std::string_view text, int width);
// text in exactly width columns: cut in the middle or filled with spaces.
std::string Fit(std::string_view text, int width);

std::string HumanCount(uint64_t n);         // 1,234,567
std::string HumanBytes(double bytes);       // 999 B, 1.2 KiB
std::string HumanDuration(double seconds);  // 6 ms, 0.4 s, 12 s, 3 min 20 s, 2 h 05 min
std::string IsoTime(absl::Time time);       // 2026-11-21T07:32:36Z; empty for InfinitePast
std::string LocalTime(absl::Time time);     // 2026-11-21 08:32:36; empty for InfinitePast
std::string Plural(uint64_t n, std::string_view noun);  // "1 record", "2 records"
// A field of a record: a picture in the form of a data: URI (RFC 2397) is told by its type and
// size.
std::string FieldInWords(std::string_view value);
// text as a sentence; one that ends with a command of ours is left alone, to be copied.
std::string WithFullStop(std::string_view text);

// word as one word of a POSIX shell, quoted only where it must be.
std::string ShellWord(std::string_view word);

// An item as a command takes it: its name, or its id where the name would be taken for an option.
std::string ItemWord(std::string_view name, std::string_view id);

// The candidate that word is most likely a slip of, letter case aside; nothing when none is near.
std::optional<std::string> Nearest(std::string_view word,
                                   const std::vector<std::string>& candidates);

}  // namespace syncline::cli

#endif  // SYNCLINE_HOST_CLI_TEXT_H_
