// Listing, switching and forgetting sync items.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "host/cli/commands.h"
#include "host/cli/exit_code.h"
#include "host/cli/item_text.h"
#include "host/cli/json.h"
#include "host/cli/text.h"

namespace syncline::cli {

Span ResultSpan(std::string_view result) {
  if (result.empty()) return Span("never synced", Style::kDim);
  if (result == "done") return Span("done", Style::kGood);
  if (result == "conflicts" || result == "cancelled")
    return Span(std::string(result), Style::kWarn);
  return Span(std::string(result), Style::kBad);
}

std::string ItemWord(const SyncItem& item) { return ItemWord(item.name, item.id); }

void PrintItem(Output& output, const SyncItem& item) {
  const auto line = [&](std::string_view label, Span value) {
    if (!value.text.empty()) output.Print({Fit(label, 13), std::move(value)});
  };
  output.Print({Span(item.name, Style::kBold)});
  line("  id", item.id);
  line("  provider", item.provider);
  if (!item.provider_problem.empty()) line("  problem", Span(item.provider_problem, Style::kBad));
  line("  A", item.location_a);
  line("  B", item.location_b);
  line("  enabled", item.enabled ? "yes" : "no: left out of syncs of all items");
  line("  direction", item.direction);
  line("  conflict", item.conflict_policy);
  for (const auto& [key, value] : item.settings) line("  setting", absl::StrCat(key, "=", value));
  for (const std::string& filter : item.filters) {
    line("  filter", filter[0] == '!' ? absl::StrCat("include ", filter.substr(1))
                                      : absl::StrCat("exclude ", filter));
  }
}

absl::StatusOr<int> RunItems(const Command& command) {
  const absl::StatusOr<std::vector<SyncItem>> items = command.handler.Items();
  if (!items.ok()) return items.status();
  Output& output = command.output;
  if (command.arguments.json) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const SyncItem& item : *items) list.push_back(ToJson(item));
    output.PrintJson({{"items", list}});
    return kExitDone;
  }
  if (items->empty()) {
    output.Print({"There are no sync items yet. Make one: syncline add PROVIDER --name NAME A B"});
    return kExitDone;
  }
  Table table(
      {{"NAME", true}, {"ID"}, {"PROVIDER"}, {"DIRECTION"}, {"ENABLED"}, {"A", true}, {"B", true}});
  for (const SyncItem& item : *items) {
    table.Add({item.name, item.id, item.provider, item.direction, item.enabled ? "yes" : "no",
               item.location_a, item.location_b});
  }
  table.PrintTo(output);
  return kExitDone;
}

namespace {

// The items that were named, each once. All are looked up before the first one is changed.
absl::StatusOr<std::vector<SyncItem>> NamedItems(const Command& command) {
  std::vector<SyncItem> items;
  for (const std::string& name : command.arguments.items) {
    absl::StatusOr<SyncItem> item = FindItem(command.handler, name);
    if (!item.ok()) return item.status();
    const bool again = std::any_of(items.begin(), items.end(),
                                   [&](const SyncItem& each) { return each.id == item->id; });
    if (!again) items.push_back(*std::move(item));
  }
  return items;
}

}  // namespace

absl::StatusOr<int> RunEnable(const Command& command, bool enable) {
  const absl::StatusOr<std::vector<SyncItem>> items = NamedItems(command);
  if (!items.ok()) return items.status();
  for (const SyncItem& item : *items) {
    if (const absl::Status status = command.handler.EnableItem(item.id, enable); !status.ok()) {
      return status;
    }
    command.output.Print({absl::StrCat(item.name, enable ? " takes part in syncs of all items."
                                                         : " is left out of syncs of all items.")});
  }
  return kExitDone;
}

absl::StatusOr<int> RunRemove(const Command& command) {
  const absl::StatusOr<std::vector<SyncItem>> items = NamedItems(command);
  if (!items.ok()) return items.status();
  for (const SyncItem& item : *items) {
    if (const absl::Status status = command.handler.RemoveItem(item.id); !status.ok()) {
      return status;
    }
    command.output.Print(
        {absl::StrCat("Removed the item ", item.name, ". The data in ", item.location_a, " and ",
                      item.location_b, " stays as it is.")});
  }
  return kExitDone;
}

absl::StatusOr<int> RunStatus(const Command& command) {
  const absl::StatusOr<std::vector<SyncItem>> items = command.handler.Items();
  if (!items.ok()) return items.status();
  Output& output = command.output;
  int64_t conflicts = 0;
  for (const SyncItem& item : *items) conflicts += item.conflicts;
  if (command.arguments.json) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const SyncItem& item : *items) list.push_back(ToJson(item));
    output.PrintJson({{"items", list}, {"conflicts", conflicts}});
    return kExitDone;
  }
  if (items->empty()) {
    output.Print({"There are no sync items yet. Make one: syncline add PROVIDER --name NAME A B"});
    return kExitDone;
  }
  Table table({{"NAME", true}, {"LAST RESULT"}, {"LAST SYNC"}, {"CONFLICTS", false, true}});
  for (const SyncItem& item : *items) {
    Span result = ResultSpan(item.last_result);
    if (!item.enabled) result.text += " (disabled)";
    table.Add({item.name, std::move(result), LocalTime(item.last_sync),
               item.conflicts == 0 ? Span("-", Style::kDim)
                                   : Span(absl::StrCat(item.conflicts), Style::kWarn)});
  }
  table.PrintTo(output);
  for (const SyncItem& item : *items) {
    const std::string word = ItemWord(item);
    if (!item.provider_problem.empty()) {
      output.Print(
          {Span(absl::StrCat(item.name, ": "), Style::kBad), WithFullStop(item.provider_problem)});
    }
    if (item.conflicts > 0) {
      output.Print({absl::StrCat(item.name, ": ", Plural(item.conflicts, "conflict"), " wait",
                                 item.conflicts == 1 ? "s" : "", ": syncline conflicts ", word)});
    }
    if (item.last_result == "failed" || item.last_result == "partial" ||
        item.last_result == "stopped") {
      output.Print(
          {absl::StrCat(item.name, ": why: syncline events --level warning --item ", word)});
    }
  }
  return kExitDone;
}

}  // namespace syncline::cli
