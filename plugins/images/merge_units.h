// The merge() of the images provider.
#ifndef SYNCLINE_PLUGINS_IMAGES_MERGE_UNITS_H_
#define SYNCLINE_PLUGINS_IMAGES_MERGE_UNITS_H_

#include "syncline/provider.hpp"

namespace syncline::images {

// Merges the essences that the input holds. True: the merged one was written. False: each field
// that both changed differently was pushed. Throws Error: UNSUPPORTED when they cannot be merged,
// INVALID when mine or theirs is no essence or has no readable XMP.
bool MergeUnits(const MergeInput& input, ByteSink merged, Fields differing);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_MERGE_UNITS_H_
