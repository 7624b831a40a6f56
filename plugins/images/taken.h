// When a picture was taken: a choice among the dates that were found in it and about it. Pure: the
// reading is metadata.h and name_dates.h.
#ifndef SYNCLINE_PLUGINS_IMAGES_TAKEN_H_
#define SYNCLINE_PLUGINS_IMAGES_TAKEN_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace syncline::images {

// In the order of preference.
enum class DateSource : uint8_t {
  kExifOriginal,  // DateTimeOriginal: the shutter
  kGps,           // GPSDateStamp and GPSTimeStamp, UTC
  kExifCreate,    // DateTimeDigitized, which other programs call CreateDate
  kXmp,           // photoshop:DateCreated, exif:DateTimeOriginal, xmp:CreateDate
  kQuickTime,     // of MP4, MOV and CR3
  kFileName,
  kFileTime,  // last change of the file
};

// For people: "Exif DateTimeOriginal", "GPS date", "file name".
std::string_view SourceName(DateSource source);

struct FoundDate {
  DateSource source = DateSource::kFileTime;
  absl::CivilSecond local;
  int32_t nanos = 0;
  std::optional<int> utc_offset_minutes;  // of local; nothing: the file does not say
  bool utc = false;                       // local is UTC; utc_offset_minutes is of the place then
  bool day_only = false;                  // the hour is not known, and local is at midnight
};

struct Taken {
  absl::CivilSecond local;  // the clock at the place where it was taken, or UTC (below)
  int32_t nanos = 0;
  std::optional<int> utc_offset_minutes;  // 0 also when only the UTC time is known
  DateSource source = DateSource::kFileTime;
  bool day_only = false;              // the hour is not known, and local is at midnight
  std::vector<std::string> rejected;  // for people: "Exif DateTimeOriginal says "0000:00:00
                                      // 00:00:00", which is no date"
};

// The best date: by the order of the enum, and as they stand in `found` within one source, the
// first from 1826 (the oldest photograph there is) until a day after now. What was passed over is
// added to `rejected`, which comes from reading. A UTC time becomes the local one by an offset that
// another date of the same picture has, when both can be one moment; otherwise it stays UTC with
// the offset 0. mtime_ns: of the file, since 1970; it is taken as it is, in UTC, when nothing else
// is good.
Taken ChooseTaken(const std::vector<FoundDate>& found, std::vector<std::string> rejected,
                  std::string_view file_name, int64_t mtime_ns, absl::Time now);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_TAKEN_H_
