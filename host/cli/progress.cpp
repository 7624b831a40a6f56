// What all ways of showing progress share: notices, the lines of a dry run, JSON lines.
#include "host/cli/progress.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "host/cli/item_text.h"
#include "host/cli/json.h"
#include "host/cli/text.h"

namespace syncline::cli {
namespace {

using nlohmann::ordered_json;

// More would push everything else off the screen; all of them are in `syncline events`.
constexpr int kNoticesPerItem = 20;

}  // namespace

ProgressDisplay::ProgressDisplay(Output* output, const Console* console,
                                 const ProgressOptions& options)
    : output_(output), console_(console), options_(options) {}

void ProgressDisplay::Write(std::string_view bytes) {
  std::ostream& stream = options_.to_stderr ? *console_->err : *console_->out;
  stream << bytes << std::flush;
}

void ProgressDisplay::PrintLine(const Line& line) {
  Clear();
  Write(output_->Render(line, colour()) + "\n");
}

std::string ProgressDisplay::NameOf(const std::string& item) {
  const auto found = names_.find(item);
  return found == names_.end() || found->second.empty() ? item : found->second;
}

CancelRequest ProgressDisplay::OnProgress(const ProgressSnapshot& snapshot) {
  const bool ended = snapshot.state == ProgressSnapshot::State::kEnded;
  if (options_.kind == ProgressKind::kJson) {
    ordered_json fields = ToJson(snapshot);
    if (ended && !snapshot.item.empty()) {
      ItemReport report;
      report.item = snapshot.item;
      report.name = snapshot.name;
      report.result = snapshot.result;
      report.message = snapshot.message;
      report.counts = snapshot.counts;
      fields = ToJson(report);
      fields.erase("seconds");  // not known yet
      JsonLine("item_done", fields);
    } else {
      JsonLine("progress", fields);
    }
    return CancelRequest::kNone;
  }
  absl::MutexLock lock(&mutex_);
  if (!snapshot.item.empty()) names_[snapshot.item] = snapshot.name;
  if (ended) messages_[snapshot.item] = snapshot.message;
  Show(snapshot);
  return CancelRequest::kNone;
}

void ProgressDisplay::Show(const ProgressSnapshot& snapshot) { (void)snapshot; }

void ProgressDisplay::Notice(const std::string& item, const Line& line, bool error) {
  if (options_.quiet || (options_.to_stderr && options_.kind == ProgressKind::kNone)) {
    if (!error) return;
    Clear();
    Line with_name = {Span("syncline: ", Style::kBold)};
    with_name.insert(with_name.end(), line.begin(), line.end());
    output_->PrintError(with_name);
    return;
  }
  const int count = ++notices_[item];
  if (count < kNoticesPerItem) {
    PrintLine(line);
  } else if (count == kNoticesPerItem) {
    PrintLine({absl::StrCat(NameOf(item), ": there is more: syncline events --item ",
                            ItemWord(NameOf(item), item))});
  }
}

void ProgressDisplay::OnEvent(const EventInfo& event) {
  if (options_.kind == ProgressKind::kJson) return JsonLine("event", ToJson(event));
  // Errors without a record are the item's own end, which the summary tells.
  const bool error = event.level == "error";
  if (event.level == "information" || (error && event.record.empty())) return;
  // OnConflict follows and says more.
  if (event.name == kConflictEvent) return;
  absl::MutexLock lock(&mutex_);
  if (event.record.empty()) {
    held_.push_back(event);
  } else {
    TellEvent(event);
  }
}

void ProgressDisplay::TellEvent(const EventInfo& event) {
  const bool error = event.level == "error";
  Notice(event.item,
         {absl::StrCat(NameOf(event.item), ": "),
          Span(error ? "error: " : "warning: ", error ? Style::kBad : Style::kWarn),
          EventInWords(event)},
         error);
}

void ProgressDisplay::OnConflict(const ConflictInfo& conflict) {
  if (options_.kind == ProgressKind::kJson) return JsonLine("conflict", ToJson(conflict));
  absl::MutexLock lock(&mutex_);
  // A session can come back to a conflict that it told already.
  if (conflict.id != 0 && !conflicts_told_.insert(conflict.id).second) return;
  const std::string name = conflict.item_name.empty() ? NameOf(conflict.item) : conflict.item_name;
  Notice(conflict.item,
         {name + ": ", Span("conflict: ", Style::kWarn),
          absl::StrCat(RecordInWords(conflict), ": ", ConflictInWords(conflict))},
         false);
}

void ProgressDisplay::OnPlan(const std::string& item, const protocol::PlanEntry& entry) {
  if (options_.kind == ProgressKind::kJson) {
    ordered_json fields = {{"item", item}};
    fields.update(ToJson(entry));
    JsonLine("plan", fields);
  }
  absl::MutexLock lock(&mutex_);
  if (options_.collect_plan) {
    ordered_json& list = plans_.try_emplace(item, ordered_json::array()).first->second;
    list.push_back(ToJson(entry));
  }
  if (!options_.print_plan) return;
  const Style style = entry.action == "remove"     ? Style::kBad
                      : entry.action == "conflict" ? Style::kWarn
                                                   : Style::kPlain;
  const std::string side = entry.side == "a" ? "on A" : entry.side == "b" ? "on B" : "on both";
  std::string what =
      entry.from.empty() ? entry.record : absl::StrCat(entry.from, " -> ", entry.record);
  if (entry.bytes > 0) {
    absl::StrAppend(&what, " (", HumanBytes(static_cast<double>(entry.bytes)), ")");
  }
  PrintLine({absl::StrCat(NameOf(item), ": "), Span(Fit(entry.action, 8), style), " ",
             Fit(entry.action == "conflict" ? "" : side, 7), "  ", what});
}

void ProgressDisplay::OnItemDiscovered(const SyncItem& item) {
  if (options_.kind == ProgressKind::kJson) return JsonLine("item_added", ToJson(item));
  absl::MutexLock lock(&mutex_);
  names_[item.id] = item.name;
  if (!options_.quiet && options_.kind != ProgressKind::kNone) {
    PrintLine({absl::StrCat(item.name, ": was added meanwhile and is synced as well")});
  }
}

void ProgressDisplay::Note(const std::string& text) {
  if (options_.kind == ProgressKind::kJson) return JsonLine("note", {{"text", text}});
  absl::MutexLock lock(&mutex_);
  if (!options_.quiet) PrintLine({text});
}

void ProgressDisplay::Finish(bool try_only) {
  if (!try_only) {
    absl::MutexLock lock(&mutex_);
    Clear();
    for (const EventInfo& event : held_) {
      if (!absl::StrContains(messages_[event.item], event.text)) TellEvent(event);
    }
    held_.clear();
  } else if (mutex_.TryLock()) {
    Clear();
    mutex_.Unlock();
  }
}

void ProgressDisplay::JsonLine(const char* type, const ordered_json& fields) {
  if (options_.kind != ProgressKind::kJson) return;
  ordered_json line = {{"type", type}};
  line.update(fields);
  absl::MutexLock lock(&mutex_);
  Write(ToJsonLine(line) + "\n");
}

std::map<std::string, ordered_json> ProgressDisplay::TakePlans() {
  absl::MutexLock lock(&mutex_);
  return std::move(plans_);
}

}  // namespace syncline::cli
