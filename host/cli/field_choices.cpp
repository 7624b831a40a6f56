// Whose value a field takes that both sides changed differently: said with --take, or asked for.
#include <algorithm>
#include <cctype>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "host/cli/commands.h"
#include "host/cli/text.h"

namespace syncline::cli {
namespace {

using Values = std::map<std::string, std::string>;

std::string ValueOf(const Values& values, const std::string& field) {
  const auto found = values.find(field);
  return found == values.end() || found->second.empty() ? "(none)" : FieldInWords(found->second);
}

// Asks until the answer is one; nullopt: no more input.
std::optional<char> Ask(const Command& command, const ConflictInfo& conflict,
                        const std::string& field) {
  command.output.Print({Span(absl::StrCat(conflict.record, ": ", field), Style::kBold)});
  command.output.Print({"  A: ", ValueOf(conflict.a.differing, field)});
  command.output.Print({"  B: ", ValueOf(conflict.b.differing, field)});
  for (;;) {
    *command.console.out << "  Take a or b? " << std::flush;
    std::string answer;
    if (!std::getline(*command.console.in, answer)) return std::nullopt;
    if (answer.size() != 1) continue;
    const auto side = static_cast<char>(std::tolower(static_cast<unsigned char>(answer[0])));
    if (side == 'a' || side == 'b') return side;
  }
}

}  // namespace

std::set<std::string> OpenFields(const ConflictInfo& conflict) {
  std::set<std::string> fields;
  for (const Values* values : {&conflict.a.differing, &conflict.b.differing}) {
    for (const auto& [field, value] : *values) fields.insert(field);
  }
  return fields;
}

absl::StatusOr<std::map<std::string, char>> FieldChoices(const Command& command,
                                                         const std::vector<int64_t>& conflicts) {
  std::map<std::string, char> choices;
  for (const std::string& choice : command.arguments.take) {
    choices[choice.substr(0, choice.rfind('='))] = choice.back();
  }
  std::set<std::string> open;
  std::vector<ConflictInfo> infos;
  for (const int64_t id : conflicts) {
    absl::StatusOr<ConflictInfo> info = command.handler.Conflict(id);
    if (!info.ok()) return info.status();
    open.merge(OpenFields(*info));
    infos.push_back(*std::move(info));
  }
  for (const auto& [field, side] : choices) {
    if (open.contains(field)) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "There is no field \"", field, "\" to decide. ",
        open.empty() ? std::string("All of them can be merged, or none.")
                     : absl::StrCat("Those that differ: ", absl::StrJoin(open, ", "), ".")));
  }
  const Arguments& arguments = command.arguments;
  const bool somebody = command.console.in != nullptr && command.console.in_is_terminal &&
                        command.console.out_is_terminal && !arguments.json && !arguments.quiet &&
                        arguments.progress != "json";
  if (!somebody || infos.size() != 1) return choices;
  for (const std::string& field : OpenFields(infos.front())) {
    if (choices.contains(field)) continue;
    const std::optional<char> side = Ask(command, infos.front(), field);
    if (!side) break;
    choices[field] = *side;
  }
  return choices;
}

}  // namespace syncline::cli
