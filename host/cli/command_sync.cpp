// Synchronizing, and resolving conflicts, which is a session of a few records.
#include <atomic>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "host/cli/commands.h"
#include "host/cli/exit_code.h"
#include "host/cli/item_text.h"
#include "host/cli/json.h"
#include "host/cli/progress.h"
#include "host/cli/summary.h"
#include "host/cli/text.h"

namespace syncline::cli {
namespace {

using nlohmann::ordered_json;

// Each is a message of several lines; `syncline conflicts` shows all.
constexpr int kUndecidedTold = 10;

ProgressOptions OptionsFor(const Command& command) {
  const Arguments& arguments = command.arguments;
  const Console& console = command.console;
  ProgressOptions options;
  options.to_stderr = arguments.json;
  options.quiet = arguments.quiet;
  const bool terminal = arguments.json ? console.err_is_terminal : console.out_is_terminal;
  const std::string& asked = arguments.progress;
  if (asked == "json") {
    options.kind = ProgressKind::kJson;
  } else if (arguments.quiet || asked == "none") {
    options.kind = ProgressKind::kNone;
  } else if (asked == "bar") {
    options.kind = ProgressKind::kBar;
  } else if (asked == "plain") {
    options.kind = ProgressKind::kPlain;
  } else if (terminal && console.environment("TERM") != "dumb") {
    options.kind = ProgressKind::kBar;
  } else {
    // A document was asked for and nobody watches: lines on stderr would only be in the way.
    options.kind = arguments.json ? ProgressKind::kNone : ProgressKind::kPlain;
  }
  const bool for_people =
      !arguments.json && !arguments.quiet && options.kind != ProgressKind::kJson;
  options.print_plan = arguments.dry_run && for_people;
  options.collect_plan = arguments.dry_run && arguments.json;
  return options;
}

// Prints what came of a session; returns the exit code.
int Conclude(const Command& command, const ProgressOptions& progress, ProgressDisplay* display,
             const SessionReport& report) {
  const Arguments& arguments = command.arguments;
  const ordered_json result = std::string(protocol::ResultName(report.result));
  if (progress.kind == ProgressKind::kJson) {
    display->JsonLine("session_done", {{"session", report.session},
                                       {"result", result},
                                       {"problem", report.problem},
                                       {"items", report.items.size()}});
  }
  if (arguments.json) {
    ordered_json items = ordered_json::array();
    std::map<std::string, ordered_json> plans = display->TakePlans();
    for (const ItemReport& item : report.items) {
      items.push_back(ToJson(item));
      if (!arguments.dry_run) continue;
      const auto plan = plans.find(item.item);
      items.back()["plan"] = plan == plans.end() ? ordered_json::array() : plan->second;
    }
    command.output.PrintJson({{"session", report.session},
                              {"result", result},
                              {"dry_run", arguments.dry_run},
                              {"problem", report.problem},
                              {"items", items}});
  } else if (progress.kind != ProgressKind::kJson) {
    PrintSummary(command.output, report, arguments.dry_run, arguments.quiet);
  }
  const int code = ExitCode(report.result);
  if (report.problem.empty()) return code;
  command.output.Fail(report.problem);
  return code == kExitDone || code == kExitConflicts ? kExitFailed : code;
}

// Runs a session with its display and Ctrl-C, and prints what came of it.
absl::StatusOr<int> RunSession(
    const Command& command,
    const std::function<absl::StatusOr<SessionReport>(const SyncOptions&, ProgressSink*)>& run) {
  const Arguments& arguments = command.arguments;
  const ProgressOptions progress = OptionsFor(command);
  const std::unique_ptr<ProgressDisplay> display =
      MakeProgressDisplay(&command.output, &command.console, progress);
  CancelToken cancel;
  std::atomic<int> interrupts{0};
  absl::StatusOr<SessionReport> report;
  {
    const std::unique_ptr<platform::InterruptWatch> watch =
        command.console.watch_interrupts([&command, &display, &cancel, &interrupts] {
          if (interrupts.fetch_add(1) > 0) {
            display->Finish(true);
            command.console.exit_now(kExitCancelled);
            return;
          }
          cancel.CancelAll();
          display->Note(
              "Cancelling: the records at work are finished first. Ctrl-C again ends at once; the "
              "next sync then goes on where this one ended.");
        });
    SyncOptions options;
    options.dry_run = arguments.dry_run;
    options.allow_deletes = arguments.allow_deletes;
    options.accept_root = arguments.accept_root;
    options.relayout = arguments.relayout;
    options.cancel = &cancel;
    report = run(options, display.get());
  }
  display->Finish();
  if (!report.ok()) return report.status();
  return Conclude(command, progress, display.get(), *report);
}

// After a merge: which conflicts stay open since nobody said whose value a field takes, and the
// command that says it.
void TellUndecided(const Command& command, const std::vector<int64_t>& conflicts,
                   const std::map<std::string, char>& choices) {
  int told = 0;
  for (const int64_t id : conflicts) {
    const absl::StatusOr<ConflictInfo> conflict = command.handler.Conflict(id);
    if (!conflict.ok()) continue;  // settled
    std::vector<std::string> undecided;
    // The next command replaces this one's choices, so it repeats them.
    std::map<std::string, char> all = choices;
    for (const std::string& field : OpenFields(*conflict)) {
      if (all.emplace(field, 'a').second) undecided.push_back(field);
    }
    if (undecided.empty()) continue;
    std::string take;
    for (const auto& [field, side] : all) {
      absl::StrAppend(&take, " --take ", ShellWord(field), "=", std::string(1, side));
    }
    if (++told > kUndecidedTold) {
      return command.output.Fail("More of them stay open. All: syncline conflicts");
    }
    command.output.Fail(absl::StrCat(
        "Conflict ", id, " in ", conflict->item_name, ", ", RecordInWords(*conflict),
        ", stays open, and neither side was touched: nobody decided ",
        absl::StrJoin(undecided, ", "), ". Decide with a or b for each: syncline resolve ", id,
        " --keep merge", take));
  }
}

}  // namespace

absl::StatusOr<int> RunSync(const Command& command) {
  const Arguments& arguments = command.arguments;
  std::vector<std::string> ids;
  for (const std::string& name : arguments.items) {
    const absl::StatusOr<SyncItem> item = FindItem(command.handler, name);
    if (!item.ok()) return item.status();
    if (!item->enabled) {
      return absl::InvalidArgumentError(absl::StrCat("The item ", item->name,
                                                     " is disabled. To enable it: syncline enable ",
                                                     ItemWord(*item)));
    }
    ids.push_back(item->id);
  }
  if (ids.empty() && !arguments.json && !arguments.quiet && arguments.progress != "json") {
    const absl::StatusOr<std::vector<SyncItem>> items = command.handler.Items();
    if (!items.ok()) return items.status();
    bool any = false;
    for (const SyncItem& item : *items) any = any || item.enabled;
    if (!any) {
      command.output.Print(
          {items->empty()
               ? "There are no sync items yet. Make one: syncline add PROVIDER --name NAME A B"
               : "No item is enabled. Enable one: syncline enable ITEM"});
      return kExitDone;
    }
  }
  return RunSession(command, [&](const SyncOptions& options, ProgressSink* sink) {
    return command.handler.Synchronize(ids, options, sink);
  });
}

absl::StatusOr<int> RunResolve(const Command& command) {
  const Arguments& arguments = command.arguments;
  std::vector<int64_t> conflicts = arguments.conflicts;
  if (arguments.all) {
    std::optional<std::string> id;
    if (!arguments.item.empty()) {
      const absl::StatusOr<SyncItem> item = FindItem(command.handler, arguments.item);
      if (!item.ok()) return item.status();
      id = item->id;
    }
    const absl::StatusOr<std::vector<ConflictInfo>> waiting = command.handler.Conflicts(id);
    if (!waiting.ok()) return waiting.status();
    for (const ConflictInfo& conflict : *waiting) conflicts.push_back(conflict.id);
    if (conflicts.empty()) {
      const ProgressOptions progress = OptionsFor(command);
      if (!arguments.json && !arguments.quiet && progress.kind != ProgressKind::kJson) {
        command.output.Print({"No conflicts wait."});
        return kExitDone;
      }
      const auto display = MakeProgressDisplay(&command.output, &command.console, progress);
      return Conclude(command, progress, display.get(), SessionReport());
    }
  }
  for (const int64_t conflict : arguments.conflicts) {
    const absl::Status known = command.handler.Conflict(conflict).status();
    if (absl::IsNotFound(known)) {
      return absl::NotFoundError(absl::StrCat("There is no conflict ", conflict,
                                              " that waits. Those that do: syncline conflicts"));
    }
    if (!known.ok()) return known;
  }
  const Keep keep = arguments.keep == "a"      ? Keep::kA
                    : arguments.keep == "b"    ? Keep::kB
                    : arguments.keep == "both" ? Keep::kBoth
                                               : Keep::kMerge;
  Resolution resolution(keep);
  if (keep == Keep::kMerge) {
    absl::StatusOr<std::map<std::string, char>> choices = FieldChoices(command, conflicts);
    if (!choices.ok()) return choices.status();
    resolution.choices = *std::move(choices);
  }
  absl::StatusOr<int> code =
      RunSession(command, [&](const SyncOptions& options, ProgressSink* sink) {
        return command.handler.Resolve(conflicts, resolution, options, sink);
      });
  if (code.ok() && keep == Keep::kMerge) TellUndecided(command, conflicts, resolution.choices);
  return code;
}

}  // namespace syncline::cli
