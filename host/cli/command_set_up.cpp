// Adding and editing sync items.
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "host/cli/commands.h"
#include "host/cli/exit_code.h"
#include "host/cli/item_text.h"
#include "host/cli/json.h"
#include "host/cli/text.h"
#include "sdk/platform/file_system.h"

namespace syncline::cli {
namespace {

// A path typed at a prompt means a place seen from the current folder, which only the command line
// knows; a URL is left as it is.
std::string Location(const std::string& typed) {
  if (typed.empty() || absl::StrContains(typed, "://")) return typed;
  return platform::AbsolutePath(typed);
}

void Apply(const Arguments& arguments, SyncItem* item) {
  if (arguments.name) item->name = *arguments.name;
  if (arguments.location_a) item->location_a = Location(*arguments.location_a);
  if (arguments.location_b) item->location_b = Location(*arguments.location_b);
  if (arguments.direction) item->direction = *arguments.direction;
  if (arguments.conflict_policy) item->conflict_policy = *arguments.conflict_policy;
  if (arguments.no_filters) item->filters.clear();
  for (const std::string& filter : arguments.filters) item->filters.push_back(filter);
  for (const std::string& key : arguments.unset) item->settings.erase(key);
  for (const std::string& setting : arguments.set) {
    const size_t equals = setting.find('=');
    item->settings[setting.substr(0, equals)] = setting.substr(equals + 1);
  }
}

// NotFound can mean the provider; then the nearest one is named.
absl::Status Explain(Handler& handler, const std::string& provider, const absl::Status& status) {
  if (!absl::IsNotFound(status)) return status;
  const absl::StatusOr<std::vector<ProviderInfo>> providers = handler.Providers();
  if (!providers.ok()) return status;
  std::vector<std::string> ids;
  for (const ProviderInfo& each : *providers) {
    if (each.id == provider) return status;
    ids.push_back(each.id);
  }
  const std::optional<std::string> nearest = Nearest(provider, ids);
  return absl::NotFoundError(absl::StrCat("There is no provider \"", provider, "\".",
                                          nearest ? " Did you mean " + *nearest + "?" : "",
                                          " All providers: syncline providers"));
}

void PrintNotes(Output& output, const SyncItem& item) {
  for (const std::string& note : item.notes) output.Print({absl::StrCat("Note: ", note)});
}

}  // namespace

absl::StatusOr<int> RunAdd(const Command& command) {
  SyncItem wanted;
  wanted.provider = command.arguments.provider;
  wanted.direction.clear();  // the provider's usual one, unless the arguments say
  Apply(command.arguments, &wanted);
  const absl::StatusOr<SyncItem> item = command.handler.AddItem(wanted);
  if (!item.ok()) return Explain(command.handler, wanted.provider, item.status());
  Output& output = command.output;
  if (command.arguments.json) {
    output.PrintJson({{"item", ToJson(*item)}, {"notes", item->notes}});
    return kExitDone;
  }
  output.Print({"Added a sync item:"});
  PrintItem(output, *item);
  PrintNotes(output, *item);
  const std::string name = ItemWord(*item);
  output.Print({absl::StrCat("Next: syncline sync ", name, "    (only look: syncline sync ", name,
                             " --dry-run)")});
  return kExitDone;
}

absl::StatusOr<int> RunEdit(const Command& command) {
  absl::StatusOr<SyncItem> item = FindItem(command.handler, command.arguments.item);
  if (!item.ok()) return item.status();
  for (const std::string& key : command.arguments.unset) {
    if (item->settings.count(key) == 0) {
      return absl::InvalidArgumentError(absl::StrCat("The item ", item->name, " has no setting \"",
                                                     key, "\". Its settings: syncline show ",
                                                     ItemWord(*item)));
    }
  }
  Apply(command.arguments, &*item);
  item = command.handler.EditItem(*item);
  if (!item.ok()) return item.status();
  if (command.arguments.json) {
    command.output.PrintJson({{"item", ToJson(*item)}, {"notes", item->notes}});
    return kExitDone;
  }
  command.output.Print({"Changed:"});
  PrintItem(command.output, *item);
  PrintNotes(command.output, *item);
  return kExitDone;
}

}  // namespace syncline::cli
