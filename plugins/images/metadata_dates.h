// From a written date to one that was found, or to a sentence on why it is none. Inside of
// metadata*.cpp and quicktime.cpp.
#ifndef SYNCLINE_PLUGINS_IMAGES_METADATA_DATES_H_
#define SYNCLINE_PLUGINS_IMAGES_METADATA_DATES_H_

#include <string_view>

#include "plugins/images/metadata.h"

namespace syncline::images {

// Adds to metadata->dates what text says, and gives it, valid until the next call; or adds to
// metadata->rejected that it is no date, and gives nullptr.
FoundDate* AddDate(DateSource source, std::string_view text, Metadata* metadata);
// Another reason why a source has no date: "is empty".
void RejectDate(DateSource source, std::string_view reason, Metadata* metadata);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_METADATA_DATES_H_
