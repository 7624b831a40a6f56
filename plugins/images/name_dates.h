// Dates in file names, by a table of the patterns that cameras, phones and programs use.
#ifndef SYNCLINE_PLUGINS_IMAGES_NAME_DATES_H_
#define SYNCLINE_PLUGINS_IMAGES_NAME_DATES_H_

#include <optional>
#include <string_view>

#include "plugins/images/taken.h"

namespace syncline::images {

// file_name: without folders, with or without extension. Nothing: no pattern fits, or what stands
// there is no date ("IMG_20231345_...").
std::optional<FoundDate> DateInName(std::string_view file_name);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_NAME_DATES_H_
