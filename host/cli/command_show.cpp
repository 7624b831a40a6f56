// Showing one sync item, and which records may be removed on its side A.
#include <optional>

#include "absl/strings/str_cat.h"
#include "host/cli/commands.h"
#include "host/cli/exit_code.h"
#include "host/cli/item_text.h"
#include "host/cli/json.h"
#include "host/cli/progress.h"
#include "host/cli/text.h"

namespace syncline::cli {
namespace {

using Safe = absl::StatusOr<std::optional<SafeReport>>;

constexpr int kLabelWidth = 13;
constexpr size_t kShownNotSafe = 10;

// Looks at both sides with bars on a terminal; Ctrl-C ends the look.
Safe AskSafe(const Command& command, const SyncItem& item) {
  const Console& console = command.console;
  ProgressOptions options;
  options.to_stderr = command.arguments.json;
  options.quiet = true;
  const bool terminal = options.to_stderr ? console.err_is_terminal : console.out_is_terminal;
  options.kind =
      terminal && console.environment("TERM") != "dumb" ? ProgressKind::kBar : ProgressKind::kNone;
  const std::unique_ptr<ProgressDisplay> display =
      MakeProgressDisplay(&command.output, &console, options);
  CancelToken cancel;
  const std::unique_ptr<platform::InterruptWatch> watch =
      console.watch_interrupts([&cancel] { cancel.CancelAll(); });
  Safe safe = command.handler.Safe(item.id, &cancel, display.get());
  display->Finish();
  return safe;
}

nlohmann::ordered_json ToJson(const Safe& safe) {
  if (!safe.ok()) return {{"problem", std::string(safe.status().message())}};
  nlohmann::ordered_json records = nlohmann::ordered_json::array();
  for (const protocol::SafeRecord& record : (*safe)->records) {
    records.push_back(
        {{"record", record.record}, {"safe", record.safe}, {"reason", record.reason}});
  }
  return {{"records", records}, {"safe", (*safe)->safe}, {"not_safe", (*safe)->not_safe}};
}

void PrintSafe(Output& output, const SyncItem& item, const Safe& safe) {
  const std::string label = Fit("  safe on B", kLabelWidth);
  if (!safe.ok()) {
    output.Print({label, Span("not known: ", Style::kWarn),
                  WithFullStop(std::string(safe.status().message()))});
    return;
  }
  const SafeReport& report = **safe;
  const uint64_t all = report.safe + report.not_safe;
  output.Print({label,
                Span(absl::StrCat(HumanCount(report.safe), " of ", Plural(all, "record")),
                     report.not_safe == 0 ? Style::kGood : Style::kWarn),
                absl::StrCat(" of A ", all == 1 ? "is" : "are", " stored and verified on B")});
  size_t shown = 0;
  for (const protocol::SafeRecord& record : report.records) {
    if (record.safe) continue;
    if (shown++ == kShownNotSafe) break;
    output.Print({Fit("", kLabelWidth), record.record, ": ", record.reason});
  }
  if (report.not_safe > kShownNotSafe) {
    output.Print({Fit("", kLabelWidth),
                  absl::StrCat("... and ", HumanCount(report.not_safe - kShownNotSafe),
                               " more: syncline show ", ItemWord(item), " --json lists all")});
  }
}

}  // namespace

absl::StatusOr<int> RunShow(const Command& command) {
  const absl::StatusOr<SyncItem> item = FindItem(command.handler, command.arguments.item);
  if (!item.ok()) return item.status();
  const Safe safe = AskSafe(command, *item);
  if (absl::IsCancelled(safe.status())) return safe.status();
  const bool tell_safe = !safe.ok() || safe->has_value();
  Output& output = command.output;
  if (command.arguments.json) {
    nlohmann::ordered_json document = {{"item", ToJson(*item)}};
    if (tell_safe) document["safe"] = ToJson(safe);
    output.PrintJson(document);
    return kExitDone;
  }
  PrintItem(output, *item);
  output.Print({Fit("  last sync", kLabelWidth), ResultSpan(item->last_result),
                item->last_result.empty() ? "" : absl::StrCat(", ", LocalTime(item->last_sync))});
  if (item->conflicts > 0) {
    output.Print({Fit("  conflicts", kLabelWidth),
                  absl::StrCat(item->conflicts, ": syncline conflicts ", ItemWord(*item))});
  }
  if (tell_safe) PrintSafe(output, *item, safe);
  return kExitDone;
}

}  // namespace syncline::cli
