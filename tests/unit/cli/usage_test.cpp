// Help, and what a person is told who used the command line wrongly.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>

#include "host/cli/arguments.h"
#include "tests/unit/cli/fake_handler.h"

namespace syncline::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

struct Misuse {
  std::vector<std::string> words;
  std::string message;
};

TEST(Usage, EveryMistakeIsExitCodeTwoWithOneMessageAndNothingOnStdout) {
  const std::vector<Misuse> mistakes = {
      {{}, "Say what to do"},
      {{"snyc"}, "There is no command \"snyc\". Did you mean sync?"},
      {{"--jsn"}, "There is no option --jsn"},
      {{"sync", "--dry-rnu"}, "syncline: sync has no option --dry-rnu. Did you mean --dry-run?"},
      {{"sync", "--progress=loud"}, "\"loud\" is none of auto, bar, plain, json, none"},
      {{"sync", "--progress"}, "--progress"},
      {{"items", "Notes"}, "syncline: items cannot use the word \"Notes\""},
      {{"add", "folders", "--name", "X", "/a"}, "B is required"},
      {{"add", "folders", "/a", "/b"},
       "syncline: add: --name is required. Help: syncline add --help"},
      {{"add", "folders", "/a", "/b", "--name", "X", "--set", "novalue"}, "--set takes KEY=VALUE"},
      {{"add", "folders", "/a", "/b", "--name", "X", "--set", "=v"}, "--set takes KEY=VALUE"},
      {{"add", "folders", "/a", "/b", "--name", "X", "--direction", "up"}, "\"up\" is none of"},
      {{"edit", "Notes"}, "Say what to change"},
      {{"events", "--limit", "0"}, "--limit"},
      {{"events", "--limit", "many"}, "--limit"},
      {{"events", "--before", "-1"}, "--before: \"-1\" is no id of an event; those are 1, 2, 3"},
      {{"events", "--before", "last"}, "--before"},
      {{"resolve", "--keep", "a"}, "Name the conflicts to resolve, or --all"},
      {{"resolve", "1", "--all", "--keep", "a"}, "but not both"},
      {{"resolve", "1", "--keep", "a", "--item", "Notes"}, "--item goes with --all"},
      {{"resolve", "one", "--keep", "a"}, "one"},
      {{"resolve", "1", "--keep", "a", "--take", "name=a"}, "--take goes with --keep merge"},
      {{"resolve", "1", "--keep", "merge", "--take", "name=c"}, "not \"name=c\""},
      {{"resolve", "1", "--keep", "merge", "--take", "=a"}, "not \"=a\""},
      {{"resolve", "1"}, "--keep is required"},
      {{"resolve", "1", "--keep", "c"}, "\"c\" is none of"},
      {{"completion", "tcsh"}, "\"tcsh\" is none of bash, zsh, fish"},
      {{"show", "Nots"}, "There is no item \"Nots\". Did you mean Notes?"},
      {{"sync", "Nots"}, "All items: syncline items"},
      {{"resolve", "99", "--keep", "a"}, "There is no conflict 99"},
      {{"providers", "--retry", "foldrs"},
       "There is no provider \"foldrs\". Did you mean folders?"},
      {{"edit", "Notes", "--unset", "nothing"}, "has no setting \"nothing\""},
  };
  for (const Misuse& mistake : mistakes) {
    Shell shell;
    shell.world.items = {NotesItem()};
    shell.world.providers = {FoldersProvider()};
    const Answer answer = shell.Run(mistake.words);
    EXPECT_EQ(answer.code, 2) << mistake.message;
    EXPECT_EQ(answer.out, "") << mistake.message;
    EXPECT_THAT(answer.err, StartsWith("syncline: "));
    EXPECT_THAT(answer.err, HasSubstr(mistake.message));
    EXPECT_EQ(std::count(answer.err.begin(), answer.err.end(), '\n'), 1) << answer.err;
  }
}

TEST(Usage, AnAnswerThatCannotBeWrittenIsAFailure) {
  Shell shell;
  shell.world.items = {NotesItem()};
  shell.world.report = Session(7, protocol::Result::kDone, {Report(protocol::Result::kDone)});
  shell.disk_is_full = true;
  for (const std::vector<std::string>& words : {std::vector<std::string>{"events", "--json"},
                                                {"items"},
                                                {"sync"},
                                                {"sync", "--json"},
                                                {"sync", "--progress=json"},
                                                {"--help"},
                                                {"completion", "bash"}}) {
    const Answer answer = shell.Run(words);
    EXPECT_EQ(answer.code, 1) << words[0];
    EXPECT_THAT(answer.err, HasSubstr("The answer could not be written")) << words[0];
  }
  EXPECT_EQ(shell.Run({"show", "Nobody"}).code, 2) << "what went wrong first";
  shell.world.report.result = protocol::Result::kStopped;
  EXPECT_EQ(shell.Run({"sync"}).code, 4);
}

TEST(Usage, ErrorsLeaveStdoutEmptyWithJsonToo) {
  Shell shell;
  const Answer answer = shell.Run({"show", "Nots", "--json"});
  EXPECT_EQ(answer.code, 2);
  EXPECT_EQ(answer.out, "");
  EXPECT_THAT(answer.err, HasSubstr("Make one first: syncline add --help"));
}

TEST(Usage, AnItemMayBeNamedLikeACommandOrInBrackets) {
  Shell shell;
  SyncItem item = NotesItem();
  item.name = "items";
  SyncItem other = NotesItem();
  other.id = "i-2";
  other.name = "[a,b]";
  shell.world.items = {item, other};
  EXPECT_EQ(shell.Run({"sync", "items", "[a,b]", "--quiet"}).code, 0);
  EXPECT_EQ(shell.world.calls, std::vector<std::string>{"sync i-1 i-2"});
}

TEST(Usage, HelpAndVersionNeedNoDataFolder) {
  Shell shell;
  const Answer version = shell.Run({"--version"});
  EXPECT_EQ(version.code, 0);
  EXPECT_EQ(version.out, "syncline " SYNCLINE_VERSION "\n");
  const Answer help = shell.Run({"--help"});
  EXPECT_EQ(help.code, 0);
  for (const char* word : {"SYNCLINE_HOME", "SYNCLINE_PLUGIN_PATH", "Exit codes", "130", "sync"}) {
    EXPECT_THAT(help.out, HasSubstr(word));
  }
  EXPECT_EQ(shell.Run({"sync", "--help"}).code, 0);
  EXPECT_EQ(shell.Run({"help"}).out, help.out);
  EXPECT_EQ(shell.Run({"help", "sync"}).out, shell.Run({"sync", "--help"}).out);
  EXPECT_EQ(shell.world.opened, 0);
}

// Every option that a text mentions, as "--name".
std::set<std::string> Mentioned(const std::string& text) {
  static const std::regex kOption("--[a-z][a-z-]*");
  std::set<std::string> found;
  for (std::sregex_iterator it(text.begin(), text.end(), kOption), end; it != end; ++it) {
    found.insert(it->str());
  }
  return found;
}

TEST(Usage, HelpMentionsEveryOptionThatExistsAndNoneThatDoesNot) {
  Parser parser;
  std::set<std::string> all;
  for (const CLI::App* command : parser.app().get_subcommands({})) {
    for (const CLI::Option* option : command->get_options()) {
      for (const std::string& name : option->get_lnames()) all.insert("--" + name);
    }
  }
  for (const CLI::App* command : parser.app().get_subcommands({})) {
    SCOPED_TRACE(command->get_name());
    Shell shell;
    const Answer help = shell.Run({command->get_name(), "--help"});
    EXPECT_EQ(help.code, 0);
    EXPECT_THAT(help.out, HasSubstr("Examples:\n  "));
    const std::set<std::string> mentioned = Mentioned(help.out);
    std::set<std::string> own;
    for (const CLI::Option* option : command->get_options()) {
      EXPECT_FALSE(option->get_description().empty()) << option->get_name();
      if (option->get_positional()) {
        EXPECT_THAT(help.out, HasSubstr(option->get_name()));
      }
      for (const std::string& name : option->get_lnames()) own.insert("--" + name);
    }
    for (const std::string& option : own) EXPECT_EQ(mentioned.count(option), 1u) << option;
    for (const std::string& option : mentioned) EXPECT_EQ(own.count(option), 1u) << option;
  }
  Shell shell;
  const std::string main_help = shell.Run({"--help"}).out;
  for (const std::string& option : Mentioned(main_help)) {
    EXPECT_TRUE(all.count(option) == 1 || option == "--version") << option;
  }
  for (const CLI::App* command : parser.app().get_subcommands({})) {
    EXPECT_THAT(main_help, HasSubstr("\n  " + command->get_name() + " "));
  }
}

TEST(Usage, TheCommandReferenceMentionsEveryCommandAndOptionAndNoOther) {
  std::ifstream file(SYNCLINE_SOURCE "/docs/commands.md");
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const std::set<std::string> mentioned = Mentioned(text);
  std::set<std::string> all = {"--version", "--name"};
  Parser parser;
  for (const CLI::App* command : parser.app().get_subcommands({})) {
    EXPECT_THAT(text, HasSubstr("syncline " + command->get_name()));
    for (const CLI::Option* option : command->get_options()) {
      for (const std::string& name : option->get_lnames()) {
        all.insert("--" + name);
        EXPECT_EQ(mentioned.count("--" + name), 1u) << name;
      }
    }
  }
  for (const std::string& option : mentioned) EXPECT_EQ(all.count(option), 1u) << option;
}

TEST(Usage, HelpFitsATerminalOf80Columns) {
  Parser parser;
  for (const CLI::App* command : parser.app().get_subcommands({})) {
    Shell shell;
    std::istringstream lines(shell.Run({command->get_name(), "--help"}).out);
    std::string line;
    bool examples = false;
    while (std::getline(lines, line)) {
      examples = examples || line == "Examples:";
      if (!examples) {
        EXPECT_LE(line.size(), 80u) << line;
      }
    }
  }
}

TEST(Usage, TheExamplesOfTheHelpParse) {
  Parser tree;
  for (const CLI::App* command : tree.app().get_subcommands({})) {
    std::istringstream lines(command->get_footer());
    std::string line;
    while (std::getline(lines, line)) {
      const std::string start = "  syncline ";
      if (line.rfind(start, 0) != 0) continue;
      line = line.substr(start.size());
      // What follows several blanks or a pipe is an explanation.
      line = line.substr(0, std::min(line.find("   "), line.find(" |")));
      std::vector<std::string> words = {"syncline"};
      bool quoted = false;
      bool open = false;
      for (const char c : line) {
        if (c == '\'') {
          quoted = !quoted;
        } else if (c == ' ' && !quoted) {
          open = false;
        } else {
          if (!open) words.emplace_back();
          open = true;
          words.back() += c;
        }
      }
      std::vector<const char*> argv;
      for (const std::string& word : words) argv.push_back(word.c_str());
      Parser parser;
      const absl::Status status = parser.Parse(static_cast<int>(argv.size()), argv.data());
      EXPECT_TRUE(status.ok()) << line << ": " << status;
      EXPECT_EQ(parser.arguments().command, command->get_name()) << line;
    }
  }
}

TEST(Usage, ADataFolderThatCannotBeOpenedIsAFailureAndNoWrongUsage) {
  for (const absl::Status& error :
       {absl::FailedPreconditionError("the data folder was made by a newer Syncline"),
        absl::DataLossError("the database is damaged"), absl::NotFoundError("no home")}) {
    Shell shell;
    shell.world.open_error = error;
    const Answer answer = shell.Run({"items"});
    EXPECT_EQ(answer.code, 1);
    EXPECT_EQ(answer.err, "syncline: " + std::string(error.message()) + ".\n");
  }
}

TEST(Usage, ErrorsOfTheHandlerHaveTheirExitCodes) {
  const std::vector<std::pair<absl::Status, int>> errors = {
      {absl::InvalidArgumentError("A and B are the same folder"), 2},
      {absl::AlreadyExistsError("the name is in use"), 2},
      {absl::FailedPreconditionError("busy, or the provider is not ready"), 5},
      {absl::CancelledError("cancelled"), 130},
      {absl::ResourceExhaustedError("disk full"), 1},
      {absl::InternalError("broken"), 1},
      {absl::DataLossError("damaged"), 1},
  };
  for (const auto& [error, code] : errors) {
    Shell shell;
    shell.world.items = {NotesItem()};
    shell.world.error = error;
    const int set_up = code == 5 ? 1 : code;
    EXPECT_EQ(shell.Run({"add", "folders", "--name", "X", "/a", "/b"}).code, set_up) << error;
    EXPECT_EQ(shell.Run({"edit", "Notes", "--name", "X"}).code, set_up) << error;
    EXPECT_EQ(shell.Run({"enable", "Notes"}).code, code) << error;
    EXPECT_EQ(shell.Run({"remove", "Notes"}).code, code) << error;
    EXPECT_EQ(shell.Run({"sync", "Notes"}).code, code) << error;
  }
}

}  // namespace
}  // namespace syncline::cli
