#include "host/protocol/text.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_join.h"
#include "host/protocol/messages.h"

namespace syncline {

std::string LastLines(std::string_view output, size_t max_lines, size_t max_bytes) {
  std::vector<std::string> lines;  // last one first
  size_t bytes = 0;
  while (!output.empty() && lines.size() < max_lines) {
    const size_t newline = output.rfind('\n');
    const std::string_view line =
        newline == std::string_view::npos ? output : output.substr(newline + 1);
    output = newline == std::string_view::npos ? "" : output.substr(0, newline);
    if (line.empty()) continue;
    std::string shown = protocol::DisplayText(line);
    bytes += shown.size() + 3;
    if (bytes > max_bytes) {
      if (lines.empty()) lines.emplace_back(CutText(shown, max_bytes));
      break;
    }
    lines.push_back(std::move(shown));
  }
  std::reverse(lines.begin(), lines.end());
  return absl::StrJoin(lines, " / ");
}

std::string_view CutText(std::string_view text, size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  while (max_bytes > 0 && (static_cast<unsigned char>(text[max_bytes]) & 0xc0) == 0x80) --max_bytes;
  return text.substr(0, max_bytes);
}

}  // namespace syncline
