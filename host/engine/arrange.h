// Which records are to be moved because the layout of their place wants them elsewhere (the ability
// "syncline.arrange"): what the providers ask for, less what is not to be touched now.
#ifndef SYNCLINE_HOST_ENGINE_ARRANGE_H_
#define SYNCLINE_HOST_ENGINE_ARRANGE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "host/engine/changes.h"
#include "host/engine/filter.h"
#include "host/engine/replica.h"
#include "storage/baseline.h"

namespace syncline::engine {

// A move on one side.
struct ArrangeStep {
  Side side = Side::kA;
  Wanted wanted;
  std::string record;   // the same on both sides of a pair: it is counted once
  std::string problem;  // why it is not to be done now, for a person; empty: it is
};

// Whether the records of a side may be moved by its layout. Where an item only adds, A is read and
// never written.
inline bool MayArrange(Side side, Direction direction) {
  return side == Side::kB || direction != Direction::kAdd;
}

// The steps for what one side's provider asks for, in its order. Left out is what the plan, whose
// verdicts stand in set, removes or leaves to a person; and what the item does not look at.
absl::StatusOr<std::vector<ArrangeStep>> PlanArrangement(Side side, std::vector<Wanted> wanted,
                                                         const ChangeSet& set,
                                                         const storage::Baseline& baseline,
                                                         const Filter& filter);

}  // namespace syncline::engine

#endif  // SYNCLINE_HOST_ENGINE_ARRANGE_H_
