// Drawing bars. The cursor rests below them; each drawing goes up over the last one and overwrites
// it.
#include "host/cli/progress_bars.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "host/cli/text.h"

namespace syncline::cli {
namespace {

constexpr absl::Duration kBetweenDrawings = absl::Milliseconds(34);
constexpr absl::Duration kBetweenSizes = absl::Seconds(2);
constexpr int kNameWidth = 20;

double Share(uint64_t done, uint64_t total) {
  return std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
}

// Done so far, 0 to 1; negative: not known. The mean of records and bytes: bytes alone stand still
// for thousands of small records, records alone for one big one.
double Fraction(const ProgressSnapshot& s) {
  if (s.records_total == 0) return -1;
  const double records = Share(s.records_done, s.records_total);
  return s.bytes_total == 0 ? records : (records + Share(s.bytes_done, s.bytes_total)) / 2;
}

std::string Bar(double fraction, int width) {
  const int full = static_cast<int>(fraction * width);
  std::string bar = "[";
  for (int i = 0; i < width; ++i) bar += i < full ? '=' : i == full ? '>' : ' ';
  return bar + "]";
}

Line BarLine(const std::string& label, const ProgressSnapshot& s, bool whole, int columns) {
  const int limit = columns - 1;
  const int name_width = std::min(kNameWidth, std::max(6, limit / 4));
  const std::string name = Fit(label, name_width);
  const double fraction = Fraction(s);
  std::string middle = " ";
  const int bar_width = limit >= 100 ? 24 : limit >= 60 ? 12 : 0;
  if (fraction >= 0) {
    if (bar_width > 0) absl::StrAppend(&middle, Bar(fraction, bar_width), " ");
    // 100 % is said when it is over and not before.
    absl::StrAppendFormat(&middle, "%3d %%", std::min(99, static_cast<int>(fraction * 100)));
  } else {
    absl::StrAppend(
        &middle, Fit(whole ? "" : PhaseInWords(s.phase, true), bar_width > 0 ? bar_width + 8 : 9));
  }
  std::string numbers = "  ";
  if (s.records_total > 0) {
    absl::StrAppend(&numbers, HumanCount(s.records_done), "/", HumanCount(s.records_total));
  } else {
    absl::StrAppend(&numbers, HumanCount(s.records_scanned));
  }
  if (s.bytes_per_second >= 1)
    absl::StrAppend(&numbers, "  ", HumanBytes(s.bytes_per_second), "/s");
  if (s.time_left != absl::InfiniteDuration()) {
    absl::StrAppend(&numbers, "  ", HumanDuration(absl::ToDoubleSeconds(s.time_left)), " left");
  }
  std::string rest = CutEnd(middle + numbers, limit - name_width);
  const int room = limit - name_width - DisplayWidth(rest) - 2;
  if (room >= 12 && !s.current.empty()) {
    absl::StrAppend(&rest, "  ", CutMiddle(protocol::DisplayText(s.current), room));
  }
  return {Span(name, whole ? Style::kBold : Style::kPlain), rest};
}

}  // namespace

std::vector<Line> RenderBars(const std::vector<ProgressSnapshot>& running,
                             const ProgressSnapshot& all, TerminalSize size) {
  const int columns = std::max(20, size.columns);
  const bool total = all.items_total > 1;
  const auto rows = static_cast<size_t>(std::max(1, size.rows - 1 - (total ? 1 : 0)));
  const bool too_many = running.size() > rows;
  const size_t shown = too_many ? rows - 1 : running.size();
  std::vector<Line> lines;
  for (size_t i = 0; i < shown; ++i) {
    lines.push_back(BarLine(protocol::DisplayText(running[i].name), running[i], false, columns));
  }
  if (too_many) {
    lines.push_back(
        {Span(CutEnd(absl::StrCat("… and ", running.size() - shown, " more at work"), columns - 1),
              Style::kDim)});
  }
  if (total) {
    lines.push_back(BarLine(absl::StrCat("All: ", all.items_done, " of ", all.items_total), all,
                            true, columns));
  }
  return lines;
}

BarDisplay::BarDisplay(Output* output, const Console* console, const ProgressOptions& options)
    : ProgressDisplay(output, console, options),
      size_(console->terminal_size()),
      size_asked_(console->clock->Monotonic()),
      drawn_at_(size_asked_ - kBetweenDrawings) {}

void BarDisplay::Show(const ProgressSnapshot& s) {
  if (s.item.empty()) {
    all_ = s;
  } else {
    const auto found = std::find_if(running_.begin(), running_.end(),
                                    [&](const auto& each) { return each.item == s.item; });
    if (s.state == ProgressSnapshot::State::kEnded) {
      if (found != running_.end()) running_.erase(found);
    } else if (s.state == ProgressSnapshot::State::kRunning) {
      if (found == running_.end()) {
        running_.push_back(s);
      } else {
        *found = s;
      }
    }
  }
  const absl::Duration now = console().clock->Monotonic();
  if (now - drawn_at_ < kBetweenDrawings) return;
  drawn_at_ = now;
  if (now - size_asked_ >= kBetweenSizes) {
    size_ = console().terminal_size();
    size_asked_ = now;
  }
  Draw();
}

void BarDisplay::Draw() {
  // CUU, EL, ED of ECMA-48. One write for a whole picture, or it would flicker.
  std::string picture;
  if (drawn_lines_ > 0) absl::StrAppend(&picture, "\x1b[", drawn_lines_, "A\r");
  const std::vector<Line> lines = RenderBars(running_, all_, size_);
  for (const Line& line : lines) {
    absl::StrAppend(&picture, output().Render(line, colour()), "\x1b[K\n");
  }
  picture += "\x1b[J";
  drawn_lines_ = static_cast<int>(lines.size());
  Write(picture);
}

void BarDisplay::Clear() {
  if (drawn_lines_ == 0) return;
  Write(absl::StrCat("\x1b[", drawn_lines_, "A\r\x1b[J"));
  drawn_lines_ = 0;
}

}  // namespace syncline::cli
