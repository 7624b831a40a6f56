// Showing conflicts, both sides beside each other.
#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "host/cli/commands.h"
#include "host/cli/exit_code.h"
#include "host/cli/item_text.h"
#include "host/cli/json.h"
#include "host/cli/text.h"

namespace syncline::cli {

std::string ConflictInWords(const ConflictInfo& conflict) {
  if (!conflict.reason.empty()) return conflict.reason;
  if (conflict.kind == "edit-edit") return "both sides changed it";
  if (conflict.kind == "edit-delete") return "A changed it, B deleted it";
  if (conflict.kind == "delete-edit") return "A deleted it, B changed it";
  if (conflict.kind == "create-create") return "both sides have it, with different content";
  if (conflict.kind == "name") return "its name cannot be used on the other side";
  if (conflict.kind == "type") return "it is of another kind on each side";
  return conflict.kind;
}

std::string RecordInWords(const ConflictInfo& conflict) {
  const std::string title = TitleOf(conflict);
  return title.empty() ? conflict.record : absl::StrCat(title, " (", conflict.record, ")");
}

namespace {

// What differs is more exact than what is described.
std::string FieldOf(const ConflictSide& side, const std::string& name) {
  for (const auto* fields : {&side.differing, &side.fields}) {
    const auto found = fields->find(name);
    if (found != fields->end()) return found->second;
  }
  return "";
}

bool CanBeDecided(const ConflictInfo& conflict) {
  // No decision lets a place hold a name that it cannot hold.
  return conflict.decision.empty() && conflict.kind != "name";
}

void PrintConflict(Output& output, const ConflictInfo& conflict) {
  const std::string title = TitleOf(conflict);
  const bool named = !title.empty();
  output.Print({Span(absl::StrCat("Conflict ", conflict.id), Style::kBold), " in ",
                conflict.item_name, ": ", Span(named ? title : conflict.record, Style::kBold),
                Span(named ? absl::StrCat("  ", conflict.record) : std::string(), Style::kDim)});
  output.Print({"  ", WithFullStop(ConflictInWords(conflict)),
                Span(absl::StrCat(" Since ", LocalTime(conflict.since)), Style::kDim)});
  const ConflictSide& a = conflict.a;
  const ConflictSide& b = conflict.b;
  Table table({{"  "}, {"A", true}, {"B", true}});
  // A record whose name cannot be used on a side was never there.
  const char* const gone = conflict.kind == "name" ? "(not there)" : "(deleted)";
  const auto row = [&](const std::string& label, const std::string& of_a, const std::string& of_b) {
    if (of_a.empty() && of_b.empty()) return;
    table.Add({absl::StrCat("  ", label), a.exists ? of_a : gone, b.exists ? of_b : gone});
  };
  const auto newer = [](const ConflictSide& side, const ConflictSide& other) {
    std::string text = LocalTime(side.modified);
    if (side.exists && other.exists && !text.empty() && side.modified > other.modified) {
      text += " (newer)";
    }
    return text;
  };
  if (a.exists && b.exists && a.title != b.title) row("title", a.title, b.title);
  row("size", HumanBytes(static_cast<double>(a.size)), HumanBytes(static_cast<double>(b.size)));
  row("changed", newer(a, b), newer(b, a));
  std::set<std::string> names;
  // Where a merge was tried, what it could settle is no longer in question.
  const bool merge_tried = !a.differing.empty() || !b.differing.empty();
  for (const ConflictSide* side : {&a, &b}) {
    for (const auto& [name, value] : merge_tried ? side->differing : side->fields) {
      names.insert(name);
    }
  }
  for (const std::string& name : names) {
    const std::string value_a = FieldOf(a, name);
    const std::string value_b = FieldOf(b, name);
    // Beside a deleted side every field would differ and say nothing.
    if (a.exists && b.exists && value_a != value_b) {
      row(name, FieldInWords(value_a), FieldInWords(value_b));
    }
  }
  table.PrintTo(output);
  if (!conflict.decision.empty()) {
    output.Print(
        {absl::StrCat("  Decided: ", conflict.decision, "; carried out by the next sync.")});
    return;
  }
  if (conflict.kind == "name") {
    output.Print({absl::StrCat("  Rename it, then: syncline sync ",
                               ItemWord(conflict.item_name, conflict.item))});
    return;
  }
  const std::string resolve = absl::StrCat("syncline resolve ", conflict.id, " --keep ");
  output.Print(
      {absl::StrCat("  Keep A:    ", resolve, "a", a.exists ? "" : "     (deletes it on B, too)")});
  output.Print(
      {absl::StrCat("  Keep B:    ", resolve, "b", b.exists ? "" : "     (deletes it on A, too)")});
  // One name cannot hold both a record and a container of records.
  if (a.exists && b.exists && conflict.kind != "type") {
    output.Print({absl::StrCat("  Keep both: ", resolve, "both")});
  }
  if (merge_tried) {
    std::string line = absl::StrCat("  Merge:     ", resolve, "merge");
    for (const std::string& name : names) {
      absl::StrAppend(&line, " --take ", ShellWord(name), "=a");
    }
    output.Print({line, Span("  (all that agrees is merged; a or b for each)", Style::kDim)});
  }
}

}  // namespace

absl::StatusOr<int> RunConflicts(const Command& command) {
  std::optional<std::string> id;
  if (!command.arguments.item.empty()) {
    const absl::StatusOr<SyncItem> item = FindItem(command.handler, command.arguments.item);
    if (!item.ok()) return item.status();
    id = item->id;
  }
  const absl::StatusOr<std::vector<ConflictInfo>> conflicts = command.handler.Conflicts(id);
  if (!conflicts.ok()) return conflicts.status();
  Output& output = command.output;
  if (command.arguments.json) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const ConflictInfo& conflict : *conflicts) list.push_back(ToJson(conflict));
    output.PrintJson({{"conflicts", list}});
    return kExitDone;
  }
  if (conflicts->empty()) {
    output.Print({"No conflicts wait."});
    return kExitDone;
  }
  bool first = true;
  for (const ConflictInfo& conflict : *conflicts) {
    if (!first) output.Print({});
    first = false;
    PrintConflict(output, conflict);
  }
  const auto open = std::count_if(conflicts->begin(), conflicts->end(), CanBeDecided);
  if (open > 1) {
    output.Print({});
    output.Print({"All at once: syncline resolve --all --keep a|b|both|merge"});
  }
  return kExitDone;
}

}  // namespace syncline::cli
