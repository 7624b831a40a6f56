// Guards: what stops a sync before anything is lost. Pure functions; the sentences are for a
// person.
#ifndef SYNCLINE_HOST_ENGINE_GUARD_H_
#define SYNCLINE_HOST_ENGINE_GUARD_H_

#include <cstdint>
#include <optional>
#include <string>

#include "host/engine/types.h"

namespace syncline::engine {

// More removals than this, and more than half of a side, need a person's word.
inline constexpr uint64_t kGuardRecords = 10;

// A side lists nothing although the baseline knows pairs records.
std::optional<std::string> GuardEmptied(Side emptied, const std::string& location, uint64_t records,
                                        uint64_t pairs);
// The plan removes so many of the records that a side has. Moves are no removals.
std::optional<std::string> GuardRemovals(Side side, const std::string& location, uint64_t removals,
                                         uint64_t records);
// A mirror would remove records of B although nothing was ever in step: a first sync, another
// place, a record of the last sync that was lost.
std::optional<std::string> GuardFirstMirror(const std::string& location, uint64_t removals,
                                            uint64_t pairs);
// Another place stands under the location.
std::optional<std::string> GuardReplaced(Side side, const std::string& location,
                                         const std::string& known_identity,
                                         const std::string& identity);

}  // namespace syncline::engine

#endif  // SYNCLINE_HOST_ENGINE_GUARD_H_
