// Printing lines and tables.
#include "host/cli/output.h"

#include <algorithm>

#include "host/cli/text.h"
#include "host/protocol/messages.h"

namespace syncline::cli {
namespace {

// ECMA-48 SGR codes of the eight colours every terminal has; the theme decides how they look.
const char* Code(Style style) {
  switch (style) {
    case Style::kPlain:
      return "";
    case Style::kBold:
      return "\x1b[1m";
    case Style::kDim:
      return "\x1b[2m";
    case Style::kGood:
      return "\x1b[32m";
    case Style::kWarn:
      return "\x1b[33m";
    case Style::kBad:
      return "\x1b[31m";
  }
  return "";
}

bool WantsColour(const Console& console, bool is_terminal) {
  // no-color.org: set and not empty, whatever the value.
  return is_terminal && console.environment("NO_COLOR").empty() &&
         console.environment("TERM") != "dumb";
}

}  // namespace

Output::Output(const Console* console)
    : console_(console),
      out_colour_(WantsColour(*console, console->out_is_terminal)),
      err_colour_(WantsColour(*console, console->err_is_terminal)) {}

std::string Output::Render(const Line& line, bool colour) const {
  std::string text;
  for (const Span& span : line) {
    if (span.text.empty()) continue;
    const bool styled = colour && span.style != Style::kPlain;
    if (styled) text += Code(span.style);
    text += protocol::DisplayText(span.text);
    if (styled) text += "\x1b[0m";
  }
  return text;
}

void Output::Print(const Line& line) {
  *console_->out << Render(line, out_colour_) << '\n';
  console_->out->flush();
}

void Output::PrintError(const Line& line) {
  *console_->err << Render(line, err_colour_) << '\n';
  console_->err->flush();
}

void Output::Fail(std::string_view message) {
  PrintError({Span("syncline: ", Style::kBold), WithFullStop(message)});
}

void Output::PrintOwn(std::string_view text) { *console_->out << text << std::flush; }

bool Output::Flush() {
  console_->out->flush();
  return console_->out->good();
}

std::string ToJsonLine(const nlohmann::ordered_json& value) {
  return value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

void Output::PrintJson(const nlohmann::ordered_json& document) {
  *console_->out << document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace)
                 << '\n'
                 << std::flush;
}

int Output::out_width() const {
  return console_->out_is_terminal ? std::max(20, console_->terminal_size().columns) : 0;
}

std::vector<Line> Table::Lines(int width) const {
  std::vector<int> widths;
  for (const Column& column : columns_) widths.push_back(DisplayWidth(column.title));
  std::vector<std::vector<Span>> rows;
  for (const std::vector<Span>& cells : rows_) {
    std::vector<Span>& row = rows.emplace_back();
    for (size_t i = 0; i < cells.size(); ++i) {
      // What is printed is what must be measured.
      row.emplace_back(protocol::DisplayText(cells[i].text), cells[i].style);
      widths[i] = std::max(widths[i], DisplayWidth(row[i].text));
    }
  }
  if (width > 0) {
    int total = 2 * (static_cast<int>(widths.size()) - 1);
    for (const int w : widths) total += w;
    while (total > width) {
      // The widest column that may be cut gives way first; none becomes unreadable.
      int widest = -1;
      for (size_t i = 0; i < widths.size(); ++i) {
        if (columns_[i].may_cut && widths[i] > 8 &&
            (widest < 0 || widths[i] > widths[static_cast<size_t>(widest)])) {
          widest = static_cast<int>(i);
        }
      }
      if (widest < 0) break;
      --widths[static_cast<size_t>(widest)];
      --total;
    }
  }
  std::vector<Line> lines;
  const auto add = [&](const std::vector<Span>& cells) {
    Line line;
    for (size_t i = 0; i < cells.size(); ++i) {
      const bool last = i + 1 == cells.size();
      std::string text = CutMiddle(cells[i].text, widths[i]);
      const auto missing = static_cast<size_t>(std::max(0, widths[i] - DisplayWidth(text)));
      const std::string fill(missing, ' ');
      if (columns_[i].right) line.emplace_back(fill);
      line.emplace_back(std::move(text), cells[i].style);
      if (!last) line.emplace_back((columns_[i].right ? "" : fill) + "  ");
    }
    lines.push_back(std::move(line));
  };
  std::vector<Span> titles;
  for (const Column& column : columns_) titles.emplace_back(column.title, Style::kBold);
  add(titles);
  for (const std::vector<Span>& row : rows) add(row);
  return lines;
}

void Table::PrintTo(Output& output) const {
  for (const Line& line : Lines(output.out_width())) output.Print(line);
}

}  // namespace syncline::cli
