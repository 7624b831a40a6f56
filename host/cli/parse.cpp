// Parsing, and what a person is told when it fails.
#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "host/cli/arguments.h"
#include "host/cli/text.h"

namespace syncline::cli {
namespace {

std::vector<std::string> LongOptions(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::string DidYouMean(const std::string& word, const std::vector<std::string>& candidates) {
  const std::optional<std::string> nearest = Nearest(word, candidates);
  return nearest ? absl::StrCat(" Did you mean ", *nearest, "?") : "";
}

// Patterns in the order of the command line: in a list of filters the last one that matches counts.
std::vector<std::string> FilterLines(const CLI::App& command) {
  std::vector<std::string> lines;
  const CLI::Option* exclude = command.get_option("--exclude");
  const CLI::Option* include = command.get_option("--include");
  size_t excludes = 0;
  size_t includes = 0;
  for (const CLI::Option* option : command.parse_order()) {
    if (option == exclude) lines.push_back(exclude->results().at(excludes++));
    if (option == include) lines.push_back("!" + include->results().at(includes++));
  }
  return lines;
}

constexpr char kGuard = '\x1f';  // no word that a person types ends with it

absl::Status Wrong(const std::string& message) { return absl::InvalidArgumentError(message); }

}  // namespace

std::string Guarded(std::string word) {
  if (!word.empty() && word.front() == '[' && word.back() == ']') word += kGuard;
  return word;
}

std::string Unguarded(std::string word) {
  if (!word.empty() && word.front() == '[' && word.back() == kGuard) word.pop_back();
  return word;
}

absl::Status Parser::Parse(int argc, const char* const* argv) {
  std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  // What many people type first.
  if (!words.empty() && words.front() == "help") {
    words.erase(words.begin());
    words.push_back("--help");
  }
  try {
    // CLI11 takes the words from the end of the vector.
    std::vector<std::string> reversed;
    for (auto word = words.rbegin(); word != words.rend(); ++word)
      reversed.push_back(Guarded(*word));
    app_.parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    help_ = app_.help();
    return absl::OkStatus();
  } catch (const CLI::CallForVersion& version) {
    help_ = version.what();
    return absl::OkStatus();
  } catch (const CLI::ParseError& error) {
    return Explain(error, words);
  }
  return Check();
}

absl::Status Parser::Explain(const CLI::ParseError& error,
                             const std::vector<std::string>& words) const {
  const std::vector<CLI::App*> chosen = app_.get_subcommands();
  if (chosen.empty()) {
    const auto unknown = std::find_if(words.begin(), words.end(), [](const std::string& word) {
      return !absl::StartsWith(word, "-");
    });
    if (unknown == words.end() && words.empty()) {
      return Wrong("Say what to do. Commands and help: syncline --help");
    }
    const std::string& word = unknown == words.end() ? words.front() : *unknown;
    std::vector<std::string> commands;
    for (const CLI::App* command : app_.get_subcommands({}))
      commands.push_back(command->get_name());
    const bool option = absl::StartsWith(word, "-");
    return Wrong(absl::StrCat("There is no ", option ? "option " : "command \"", word,
                              option ? "." : "\".",
                              DidYouMean(word, option ? LongOptions(app_) : commands),
                              " Commands and help: syncline --help"));
  }
  const CLI::App& command = *chosen.front();
  const std::string& name = command.get_name();
  std::string message;
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    const std::vector<std::string> extra = app_.remaining(true);
    std::string word = extra.empty() ? std::string() : Unguarded(extra.front());
    const bool option = absl::StartsWith(word, "-") && word != "-" && word != "--";
    if (option) word = word.substr(0, word.find('='));
    message = option ? absl::StrCat(name, " has no option ", word, ".",
                                    DidYouMean(word, LongOptions(command)))
                     : absl::StrCat(name, " cannot use the word \"", word, "\".");
  } else {
    message = absl::StrCat(name, ": ", WithFullStop(error.what()));
  }
  return Wrong(absl::StrCat(message, " Help: syncline ", name, " --help"));
}

absl::Status Parser::Check() {
  const CLI::App& command = *app_.get_subcommands().front();
  Arguments& a = arguments_;
  a.command = command.get_name();
  const std::string help = absl::StrCat(" Help: syncline ", a.command, " --help");
  if (a.command == "add" || a.command == "edit") {
    a.filters = FilterLines(command);
    for (const std::string& setting : a.set) {
      if (setting.find('=') == std::string::npos || setting[0] == '=') {
        return Wrong(absl::StrCat("--set takes KEY=VALUE, not \"", setting, "\".", help));
      }
    }
  }
  if (a.command == "edit" && command.count_all() <= 2) {
    // The command itself and its ITEM.
    return Wrong(absl::StrCat("Say what to change, for example --name NAME.", help));
  }
  if (a.command == "resolve") {
    if (a.all == !a.conflicts.empty()) {
      return Wrong(absl::StrCat("Name the conflicts to resolve, or --all, but not both.", help));
    }
    for (const std::string& choice : a.take) {
      const size_t equals = choice.rfind('=');
      const std::string side = equals == std::string::npos ? "" : choice.substr(equals + 1);
      if (equals == 0 || (side != "a" && side != "b")) {
        return Wrong(absl::StrCat("--take takes FIELD=a or FIELD=b, not \"", choice, "\".", help));
      }
    }
    if (!a.take.empty() && a.keep != "merge") {
      return Wrong(absl::StrCat("--take goes with --keep merge.", help));
    }
    if (!a.item.empty() && !a.all) {
      return Wrong(absl::StrCat("--item goes with --all.", help));
    }
  }
  return absl::OkStatus();
}

}  // namespace syncline::cli
