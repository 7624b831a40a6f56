// Showing providers.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "host/cli/commands.h"
#include "host/cli/exit_code.h"
#include "host/cli/json.h"
#include "host/cli/text.h"

namespace syncline::cli {
namespace {

Span StateSpan(const std::string& state) {
  return Span(state, state == "ready"      ? Style::kGood
                     : state == "arriving" ? Style::kWarn
                                           : Style::kBad);
}

void PrintSettings(Output& output, const ProviderInfo& provider) {
  if (!provider.description.empty()) output.Print({WithFullStop(provider.description)});
  if (provider.settings.empty()) {
    output.Print({"It has no settings."});
    return;
  }
  output.Print({"Settings (--set KEY=VALUE):"});
  for (const ProviderInfo::Setting& setting : provider.settings) {
    std::string notes = setting.type;
    if (!setting.choices.empty()) notes = absl::StrJoin(setting.choices, "|");
    if (setting.required) absl::StrAppend(&notes, ", required");
    if (!setting.default_value.empty()) {
      absl::StrAppend(&notes, ", default ", setting.default_value);
    }
    output.Print({"  ", Span(setting.key, Style::kBold), absl::StrCat(" (", notes, "): "),
                  WithFullStop(setting.help.empty() ? setting.label : setting.help)});
  }
}

absl::Status UnknownProvider(const std::string& id, const std::vector<ProviderInfo>& providers) {
  std::vector<std::string> ids;
  ids.reserve(providers.size());
  for (const ProviderInfo& provider : providers) ids.push_back(provider.id);
  const std::optional<std::string> nearest = Nearest(id, ids);
  return absl::NotFoundError(absl::StrCat("There is no provider \"", id, "\".",
                                          nearest ? " Did you mean " + *nearest + "?" : "",
                                          " All providers: syncline providers"));
}

}  // namespace

absl::StatusOr<int> RunProviders(const Command& command) {
  const Arguments& arguments = command.arguments;
  Output& output = command.output;
  absl::Status retried;
  if (!arguments.retry.empty()) retried = command.handler.RetryProvider(arguments.retry);
  absl::StatusOr<std::vector<ProviderInfo>> providers = command.handler.Providers();
  if (!providers.ok()) return providers.status();
  if (absl::IsNotFound(retried)) return UnknownProvider(arguments.retry, *providers);
  if (!retried.ok()) return retried;
  if (!arguments.provider.empty()) {
    std::vector<ProviderInfo> chosen;
    for (const ProviderInfo& provider : *providers) {
      if (provider.id == arguments.provider) chosen.push_back(provider);
    }
    if (chosen.empty()) return UnknownProvider(arguments.provider, *providers);
    *providers = std::move(chosen);
  }
  if (arguments.json) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const ProviderInfo& provider : *providers) list.push_back(ToJson(provider));
    output.PrintJson({{"providers", list}});
    return kExitDone;
  }
  if (providers->empty()) {
    output.Print({absl::StrCat("No providers were found. Put a provider's library into ",
                               command.handler.home(),
                               "/plugins, or name its folder in SYNCLINE_PLUGIN_PATH.")});
    return kExitDone;
  }
  Table table({{"ID"}, {"NAME"}, {"VERSION"}, {"STATE"}, {"FILE", true}});
  for (const ProviderInfo& provider : *providers) {
    table.Add({provider.id.empty() ? "-" : provider.id, provider.name, provider.version,
               StateSpan(provider.state), provider.file});
  }
  table.PrintTo(output);
  for (const ProviderInfo& provider : *providers) {
    const std::string id = provider.id.empty() ? provider.file : provider.id;
    if (provider.reason.empty()) continue;
    std::string next;
    if (provider.state == "quarantined" && provider.reason.find("--retry") == std::string::npos) {
      next = absl::StrCat(" Try again: syncline providers --retry ", ShellWord(id));
    }
    output.Print({Span(id + ": ", Style::kBad), WithFullStop(provider.reason) + next});
  }
  if (!arguments.provider.empty()) PrintSettings(output, providers->front());
  return kExitDone;
}

}  // namespace syncline::cli
