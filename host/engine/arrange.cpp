// What is moved by its layout. See arrange.h.
#include "host/engine/arrange.h"

#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

namespace syncline::engine {
namespace {

// Whether the plan leaves it where it is for a while, or takes it away.
bool IsLeftAlone(const Entry& entry, Side side) {
  const Action action = entry.verdict.action;
  return !entry.There(side) || entry.state[Index(Other(side))] == State::kUnknown ||
         action == Action::kConflict || action == Action::kRemoveA || action == Action::kRemoveB;
}

}  // namespace

absl::StatusOr<std::vector<ArrangeStep>> PlanArrangement(Side side, std::vector<Wanted> wanted,
                                                         const ChangeSet& set,
                                                         const storage::Baseline& baseline,
                                                         const Filter& filter) {
  absl::flat_hash_map<std::string_view, const Entry*> entries;
  for (const auto& entry : set.entries) {
    if (entry->HasId(side)) entries.emplace(entry->StandsAt(side), entry.get());
  }
  std::vector<ArrangeStep> steps;
  for (Wanted& one : wanted) {
    if (one.id.empty() || one.key.empty() || set.unknown[Index(side)].Covers(one.id)) continue;
    absl::StatusOr<std::optional<Pair>> pair = baseline.FindById(side, one.id);
    if (!pair.ok()) return pair.status();
    const auto found = entries.find(one.id);
    if (found != entries.end()) {
      if (IsLeftAlone(*found->second, side)) continue;
    } else if (!pair->has_value() ||
               filter.Excludes((*pair)->key, ((*pair)->flags & SYNCLINE_CONTAINER) != 0)) {
      continue;  // left out by a filter or by its provider
    }
    ArrangeStep step;
    step.side = side;
    step.record = pair->has_value() ? absl::StrCat("pair ", (*pair)->id[0])
                                    : absl::StrCat("new ", found->second->Key());
    // The next look tells a record by its place: at one that another record had at the last sync,
    // it would be taken for that one.
    absl::StatusOr<std::optional<Pair>> there = baseline.FindById(side, one.key);
    if (!there.ok()) return there.status();
    if (there->has_value() && (!pair->has_value() || (*there)->id[0] != (*pair)->id[0])) {
      step.problem = absl::StrCat(
          "\"", one.from, "\" is to move to \"", one.key,
          "\", where another record is or was at the last sync. Once that one has been moved, sync "
          "with --relayout again");
    }
    step.wanted = std::move(one);
    steps.push_back(std::move(step));
  }
  return steps;
}

}  // namespace syncline::engine
