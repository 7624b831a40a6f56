// The essence of a unit where it stands, and a merged essence put into one. Of the contract's merge
// the pure part is merge_units.h.
#ifndef SYNCLINE_PLUGINS_IMAGES_MERGING_H_
#define SYNCLINE_PLUGINS_IMAGES_MERGING_H_

#include "plugins/images/essence.h"
#include "plugins/images/incoming.h"
#include "plugins/images/placed.h"
#include "sdk/platform/file_system.h"
#include "syncline/provider.hpp"

namespace syncline::images {

// Throws Error; UNSUPPORTED: nothing of this unit can be merged. For an ancestor the XMP alone is
// read, and nothing of members that have none.
Essence EssenceOfUnit(const Call& call, const platform::Dir& root, const Placed& placed,
                      Purpose purpose);

// The unit with what was merged, on its way into the same side: members that stay as they are have
// no temporary file. Throws Error; CONFLICT: it is not the one that was merged.
Incoming WithEssence(const Call& call, const platform::Dir& root, const Placed& placed,
                     const Essence& merged, record_files::Temporaries* temporaries, bool hash);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_MERGING_H_
