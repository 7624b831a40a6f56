// The one place where the command line prints. Text from outside is made safe here once: no control
// character and no broken UTF-8 reaches a terminal, whatever a provider or a file's name holds.
#ifndef SYNCLINE_HOST_CLI_OUTPUT_H_
#define SYNCLINE_HOST_CLI_OUTPUT_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/cli/cli.h"
#include "nlohmann/json.hpp"

namespace syncline::cli {

enum class Style : uint8_t { kPlain, kBold, kDim, kGood, kWarn, kBad };

// A piece of a line in one style. Implicit from text, so that lines read as lists.
struct Span {
  Span(std::string t) : text(std::move(t)) {}  // NOLINT
  Span(std::string_view t) : text(t) {}        // NOLINT
  Span(const char* t) : text(t) {}             // NOLINT
  Span(std::string t, Style s) : text(std::move(t)), style(s) {}
  std::string text;
  Style style = Style::kPlain;
};
using Line = std::vector<Span>;

class Output {
 public:
  // console outlives the object.
  explicit Output(const Console* console);

  // Lines for people, each followed by a line break. One thread at a time.
  void Print(const Line& line);
  void PrintError(const Line& line);
  // "syncline: message." on stderr.
  void Fail(std::string_view message);
  // Text of our own that has line breaks (help, scripts); not made safe.
  void PrintOwn(std::string_view text);
  // False: something of what was printed on stdout did not arrive.
  bool Flush();
  // A document (indented) or one line of a stream; always valid UTF-8.
  void PrintJson(const nlohmann::ordered_json& document);

  bool out_is_terminal() const { return console_->out_is_terminal; }
  // Columns of the terminal, at least 20; 0: no terminal, nothing is cut.
  int out_width() const;

  // A line with its colours, made safe.
  std::string Render(const Line& line, bool colour) const;
  bool out_colour() const { return out_colour_; }
  bool err_colour() const { return err_colour_; }

 private:
  const Console* console_;
  bool out_colour_ = false;
  bool err_colour_ = false;
};

std::string ToJsonLine(const nlohmann::ordered_json& value);

// Rows whose columns align. On a terminal the columns marked with may_cut give way until a row
// fits.
class Table {
 public:
  struct Column {
    std::string title;
    bool may_cut = false;
    bool right = false;  // numbers
  };
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  void Add(std::vector<Span> cells) { rows_.push_back(std::move(cells)); }
  // width 0: as wide as it takes.
  std::vector<Line> Lines(int width) const;
  void PrintTo(Output& output) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<Span>> rows_;
};

}  // namespace syncline::cli

#endif  // SYNCLINE_HOST_CLI_OUTPUT_H_
