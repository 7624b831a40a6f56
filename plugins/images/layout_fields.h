// The fields of layouts by name. Inside of layout*.cpp.
#ifndef SYNCLINE_PLUGINS_IMAGES_LAYOUT_FIELDS_H_
#define SYNCLINE_PLUGINS_IMAGES_LAYOUT_FIELDS_H_

#include <string_view>

#include "plugins/images/layout.h"

namespace syncline::images {

struct LayoutField {
  std::string_view name;
  Layout::Field field;
};

inline constexpr LayoutField kLayoutFields[] = {
    {"year", Layout::Field::kYear},
    {"month", Layout::Field::kMonth},
    {"day", Layout::Field::kDay},
    {"hour", Layout::Field::kHour},
    {"minute", Layout::Field::kMinute},
    {"second", Layout::Field::kSecond},
    {"subsecond", Layout::Field::kSubsecond},
    {"date", Layout::Field::kDate},
    {"time", Layout::Field::kTime},
    {"name", Layout::Field::kName},
    {"folder", Layout::Field::kFolder},
    {"maker", Layout::Field::kMaker},
    {"camera", Layout::Field::kCamera},
    {"counter", Layout::Field::kCounter},
};

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_LAYOUT_FIELDS_H_
