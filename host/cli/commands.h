// One function for each command. Each prints its answer and returns the exit code, or the error
// that Main prints and turns into one.
#ifndef SYNCLINE_HOST_CLI_COMMANDS_H_
#define SYNCLINE_HOST_CLI_COMMANDS_H_

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "host/cli/arguments.h"
#include "host/cli/cli.h"
#include "host/cli/output.h"
#include "host/handler/handler.h"

namespace syncline::cli {

struct Command {
  Handler& handler;
  Output& output;
  const Console& console;
  const Arguments& arguments;
};

absl::StatusOr<int> RunProviders(const Command& command);
absl::StatusOr<int> RunAdd(const Command& command);
absl::StatusOr<int> RunItems(const Command& command);
absl::StatusOr<int> RunShow(const Command& command);
absl::StatusOr<int> RunEdit(const Command& command);
absl::StatusOr<int> RunEnable(const Command& command, bool enable);
absl::StatusOr<int> RunRemove(const Command& command);
absl::StatusOr<int> RunSync(const Command& command);
absl::StatusOr<int> RunStatus(const Command& command);
absl::StatusOr<int> RunEvents(const Command& command);
absl::StatusOr<int> RunConflicts(const Command& command);
absl::StatusOr<int> RunResolve(const Command& command);

// The item of that name or id. NotFound names the nearest one, says the hint, and where to look.
absl::StatusOr<SyncItem> FindItem(Handler& handler, const std::string& id_or_name,
                                  std::string_view hint = "");

// The fields that both sides changed differently and no merge can settle.
std::set<std::string> OpenFields(const ConflictInfo& conflict);

// Which side each field takes that no merge can settle: as --take says and, where a person sits at
// a terminal and one conflict is named, as they answer for the rest. InvalidArgument: no such
// field.
absl::StatusOr<std::map<std::string, char>> FieldChoices(const Command& command,
                                                         const std::vector<int64_t>& conflicts);

// Completion scripts, and the words they ask for. words are those after "syncline"; the last one is
// the one being typed; quoted: they are as typed, with quotes and backslashes. open_handler is
// called only when items, providers or conflicts are to be named.
std::string CompletionScript(const std::string& shell);
std::vector<std::string> CompleteWords(std::vector<std::string> words, bool quoted,
                                       const HandlerFactory& open_handler);

}  // namespace syncline::cli

#endif  // SYNCLINE_HOST_CLI_COMMANDS_H_
