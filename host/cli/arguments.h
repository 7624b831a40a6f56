// What a person asked for: the words of the command line after parsing, and the parser.
#ifndef SYNCLINE_HOST_CLI_ARGUMENTS_H_
#define SYNCLINE_HOST_CLI_ARGUMENTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"

namespace syncline::cli {

// One field for each option or place; which of them a command looks at stands in parser.cpp.
struct Arguments {
  std::string command;
  bool json = false;

  std::string provider;
  std::string retry;

  std::string item;                // where exactly one stands
  std::vector<std::string> items;  // where several may stand
  std::optional<std::string> name, location_a, location_b, direction, conflict_policy;
  std::vector<std::string> set, unset, exclude, include;
  std::vector<std::string> filters;  // exclude and include in the order given, as filter lines
  bool no_filters = false;

  bool dry_run = false;
  bool quiet = false;
  bool allow_deletes = false;
  bool accept_root = false;
  bool relayout = false;
  std::string progress = "auto";

  std::optional<int64_t> session;
  std::string level = "information";
  int limit = 100;
  int64_t before = 0;

  std::vector<int64_t> conflicts;
  std::string keep;
  std::vector<std::string> take;  // FIELD=a or FIELD=b
  bool all = false;

  std::string shell;
};

class Parser {
 public:
  Parser();
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  // InvalidArgument: the message says what is wrong and where help is. With OK, help() or
  // arguments() is set.
  absl::Status Parse(int argc, const char* const* argv);
  const Arguments& arguments() const { return arguments_; }
  // Text to print instead of running a command (--help, --version); empty: run it.
  const std::string& help() const { return help_; }

  // The tree of commands, for completion and for tests.
  CLI::App& app() { return app_; }

 private:
  void AddItemCommands();
  void AddSyncCommands();
  void AddStoreCommands();
  CLI::App* Command(const std::string& name, const std::string& description,
                    const std::string& examples);
  void AddItemOptions(CLI::App* command, bool edit);
  void Json(CLI::App* command, const std::string& what);
  absl::Status Explain(const CLI::ParseError& error, const std::vector<std::string>& words) const;
  absl::Status Check();

  CLI::App app_;
  Arguments arguments_;
  std::string help_;
};

// The words an option or place takes, if they are a fixed few; else empty. name is without dashes.
std::vector<std::string> Choices(std::string_view name);

// CLI11 takes a word such as "[a,b]" apart where several words may stand, but a name or a pattern
// can look like that. Guarded makes another word of it before parsing, Unguarded the first one
// again.
std::string Guarded(std::string word);
std::string Unguarded(std::string word);

}  // namespace syncline::cli

#endif  // SYNCLINE_HOST_CLI_ARGUMENTS_H_
