// Looking into pictures: whether two units are the same, and what one is for people.
#ifndef SYNCLINE_PLUGINS_IMAGES_DETAILS_H_
#define SYNCLINE_PLUGINS_IMAGES_DETAILS_H_

#include "plugins/images/placed.h"
#include "sdk/platform/file_system.h"
#include "syncline/provider.hpp"

namespace syncline::images {

// Whether both show the same pictures, whatever their metadata and their sidecars say. Throws
// Error.
bool SamePictures(const Call& call, const platform::Dir& dir, Placed* mine,
                  const platform::Dir& other_dir, Placed* theirs);
// Whether both have the same files, byte for byte, under whatever stem. Throws Error.
bool SameFiles(const Call& call, const platform::Dir& dir, const Placed& mine,
               const platform::Dir& other_dir, const Placed& theirs);
// Title, date and its source, camera, size in pixels, a thumbnail, for the conflict view.
void Describe(const platform::Dir& dir, const Placed& placed, const Fields& fields);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_DETAILS_H_
