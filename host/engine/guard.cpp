// Guards. See guard.h.
#include "host/engine/guard.h"

#include "absl/strings/str_cat.h"

namespace syncline::engine {
namespace {

std::string Name(Side side) { return side == Side::kA ? "A" : "B"; }

}  // namespace

std::optional<std::string> GuardEmptied(Side emptied, const std::string& location, uint64_t records,
                                        uint64_t pairs) {
  if (records != 0 || pairs == 0) return std::nullopt;
  return absl::StrCat("side ", Name(emptied), " (", location, ") is empty, but held ", pairs,
                      pairs == 1 ? " record" : " records",
                      " at the last sync. Nothing was changed. If you emptied it on purpose, "
                      "sync again with --allow-deletes");
}

std::optional<std::string> GuardRemovals(Side side, const std::string& location, uint64_t removals,
                                         uint64_t records) {
  if (removals <= kGuardRecords || removals * 2 <= records) return std::nullopt;
  return absl::StrCat(
      "this sync would remove ", removals, " of ", records, " records on side ", Name(side), " (",
      location,
      "). Nothing was changed. Look with --dry-run; if it is right, sync again with "
      "--allow-deletes");
}

std::optional<std::string> GuardFirstMirror(const std::string& location, uint64_t removals,
                                            uint64_t pairs) {
  if (removals == 0 || pairs != 0) return std::nullopt;
  return absl::StrCat("side B (", location, ") holds ", removals,
                      removals == 1 ? " record" : " records",
                      " that side A does not have, and the two were never in step: a mirror would "
                      "remove them. Nothing was changed. Look with --dry-run; if it is right, sync "
                      "again with --allow-deletes");
}

std::optional<std::string> GuardReplaced(Side side, const std::string& location,
                                         const std::string& known_identity,
                                         const std::string& identity) {
  if (known_identity.empty() || identity.empty() || known_identity == identity) return std::nullopt;
  return absl::StrCat(
      "side ", Name(side), " (", location,
      ") is not the place that was synced last time: a disk may not be mounted, or it "
      "was made anew. Nothing was changed. If it is right, sync again with "
      "--accept-root: both sides are then compared anew and nothing is removed");
}

}  // namespace syncline::engine
