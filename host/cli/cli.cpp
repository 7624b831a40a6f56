// Main: from words to a command, from errors to one message and an exit code.
#include "host/cli/cli.h"

#include "host/cli/arguments.h"
#include "host/cli/commands.h"
#include "host/cli/exit_code.h"
#include "host/cli/output.h"

namespace syncline::cli {
namespace {

absl::StatusOr<int> Run(const Command& command) {
  const std::string& name = command.arguments.command;
  if (name == "providers") return RunProviders(command);
  if (name == "add") return RunAdd(command);
  if (name == "items") return RunItems(command);
  if (name == "show") return RunShow(command);
  if (name == "edit") return RunEdit(command);
  if (name == "enable") return RunEnable(command, true);
  if (name == "disable") return RunEnable(command, false);
  if (name == "remove") return RunRemove(command);
  if (name == "sync") return RunSync(command);
  if (name == "status") return RunStatus(command);
  if (name == "events") return RunEvents(command);
  if (name == "conflicts") return RunConflicts(command);
  if (name == "resolve") return RunResolve(command);
  return absl::InternalError("the command " + name + " is not connected");
}

int RunWords(int argc, const char* const* argv, const Console& console,
             const HandlerFactory& open_handler, Output& output) {
  // For the scripts of `syncline completion`, not for people: no part of the help.
  const std::string_view first = argc > 2 ? argv[1] : "";
  if (first == "__complete" || first == "__complete_quoted") {
    for (const std::string& word : CompleteWords(std::vector<std::string>(argv + 2, argv + argc),
                                                 first == "__complete_quoted", open_handler)) {
      output.PrintOwn(word + "\n");
    }
    return kExitDone;
  }
  Parser parser;
  if (const absl::Status status = parser.Parse(argc, argv); !status.ok()) {
    output.Fail(std::string(status.message()));
    return kExitUsage;
  }
  if (!parser.help().empty()) {
    output.PrintOwn(parser.help());
    return kExitDone;
  }
  const Arguments& arguments = parser.arguments();
  if (arguments.command == "completion") {
    output.PrintOwn(CompletionScript(arguments.shell));
    return kExitDone;
  }
  absl::StatusOr<std::unique_ptr<Handler>> handler = open_handler();
  if (!handler.ok()) {
    output.Fail(std::string(handler.status().message()));
    return ExitCode(handler.status(), During::kOpening);
  }
  const absl::StatusOr<int> code = Run({**handler, output, console, arguments});
  if (!code.ok()) {
    output.Fail(std::string(code.status().message()));
    const bool setting_up = arguments.command == "add" || arguments.command == "edit";
    return ExitCode(code.status(), setting_up ? During::kSettingUp : During::kCommand);
  }
  return *code;
}

}  // namespace

int Main(int argc, const char* const* argv, const Console& console,
         const HandlerFactory& open_handler) {
  Output output(&console);
  const int code = RunWords(argc, argv, console, open_handler, output);
  if (output.Flush()) return code;
  // Whoever reads the answer must not take half of one for all of it.
  output.Fail(
      "The answer could not be written to the standard output: its disk is full, or nobody reads "
      "it any more. What the command did stays done");
  return code == kExitDone || code == kExitConflicts ? kExitFailed : code;
}

}  // namespace syncline::cli
