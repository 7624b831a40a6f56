// The forms in which dates are written in Exif, XMP and QuickTime.
#ifndef SYNCLINE_PLUGINS_IMAGES_DATE_TEXT_H_
#define SYNCLINE_PLUGINS_IMAGES_DATE_TEXT_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/time/civil_time.h"

namespace syncline::images {

struct WrittenDate {
  absl::CivilSecond local;
  int32_t nanos = 0;
  std::optional<int> utc_offset_minutes;
  bool day_only = false;
};

// The second, or nothing when the calendar has no such one. 24:00:00 is none; a leap second is
// second 59.
std::optional<absl::CivilSecond> ToCivil(int64_t year, int64_t month, int64_t day, int64_t hour,
                                         int64_t minute, int64_t second);

// "2023:01:02 03:04:05" of Exif, "2023-01-02T03:04:05.25+02:00" of XMP and QuickTime (ISO 8601),
// and what lies between: writers mix them. Spaces and NULs at the end are left out. A year or a
// month alone is no date.
std::optional<WrittenDate> ParseDateText(std::string_view text);

// "+02:00", "-0530", "Z": minutes east of UTC, at most 14 hours east and 12 west.
std::optional<int> ParseOffset(std::string_view text);

// "25" of SubSecTime: the digits behind the point, in nanoseconds. 0 when it holds anything else.
int32_t ParseSubSeconds(std::string_view text);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_DATE_TEXT_H_
