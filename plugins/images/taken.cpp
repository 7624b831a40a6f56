#include "plugins/images/taken.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "plugins/images/name_dates.h"

namespace syncline::images {
namespace {

// Niepce's view from a window, the oldest photograph there is.
constexpr int kFirstPhotograph = 1826;
constexpr int64_t kDaySeconds = 24 * 60 * 60;

// Why a date cannot be the one, as the end of a sentence; empty when it can.
std::string Objection(const FoundDate& date, absl::CivilSecond now) {
  if (date.local.year() < kFirstPhotograph) return "which is before the first photograph";
  if (date.local > now + kDaySeconds) return "which has not come yet";
  return {};
}

// The offset of the place, from another date that can mean the same moment: an edit years later
// may have been made in another zone.
std::optional<int> OffsetFor(const FoundDate& utc, const std::vector<FoundDate>& dates) {
  if (utc.utc_offset_minutes) return utc.utc_offset_minutes;
  for (const FoundDate& other : dates) {
    if (!other.utc_offset_minutes) continue;
    const int64_t apart =
        other.local - utc.local - (other.utc ? 0 : int64_t{60} * *other.utc_offset_minutes);
    if (std::abs(apart) <= kDaySeconds) return other.utc_offset_minutes;
  }
  return std::nullopt;
}

FoundDate FileTime(int64_t mtime_ns) {
  FoundDate date;
  const absl::Time time = absl::FromUnixNanos(mtime_ns);
  date.local = absl::ToCivilSecond(time, absl::UTCTimeZone());
  date.nanos = static_cast<int32_t>((time - absl::FromCivil(date.local, absl::UTCTimeZone())) /
                                    absl::Nanoseconds(1));
  date.utc = true;
  return date;
}

}  // namespace

std::string_view SourceName(DateSource source) {
  switch (source) {
    case DateSource::kExifOriginal:
      return "Exif DateTimeOriginal";
    case DateSource::kGps:
      return "GPS date";
    case DateSource::kExifCreate:
      return "Exif CreateDate";
    case DateSource::kXmp:
      return "XMP date";
    case DateSource::kQuickTime:
      return "QuickTime date";
    case DateSource::kFileName:
      return "file name";
    case DateSource::kFileTime:
      return "file time";
  }
  return "file time";
}

Taken ChooseTaken(const std::vector<FoundDate>& found, std::vector<std::string> rejected,
                  std::string_view file_name, int64_t mtime_ns, absl::Time now) {
  std::vector<FoundDate> dates = found;
  if (const auto named = DateInName(file_name)) dates.push_back(*named);
  std::stable_sort(dates.begin(), dates.end(),
                   [](const FoundDate& a, const FoundDate& b) { return a.source < b.source; });

  Taken taken;
  taken.rejected = std::move(rejected);
  const absl::CivilSecond civil_now = absl::ToCivilSecond(now, absl::UTCTimeZone());
  std::optional<FoundDate> best;
  for (const FoundDate& date : dates) {
    const std::string objection = Objection(date, civil_now);
    if (objection.empty()) {
      best = date;
      break;
    }
    taken.rejected.push_back(
        absl::StrCat(std::string(SourceName(date.source)), " says ",
                     absl::StrFormat("%04d-%02d-%02d %02d:%02d:%02d", date.local.year(),
                                     date.local.month(), date.local.day(), date.local.hour(),
                                     date.local.minute(), date.local.second()),
                     ", ", objection));
  }
  if (!best) best = FileTime(mtime_ns);
  taken.source = best->source;
  taken.local = best->local;
  taken.nanos = best->nanos;
  taken.day_only = best->day_only;
  taken.utc_offset_minutes = best->utc_offset_minutes;
  if (best->utc) {
    taken.utc_offset_minutes = OffsetFor(*best, dates).value_or(0);
    taken.local += int64_t{60} * *taken.utc_offset_minutes;
  }
  return taken;
}

}  // namespace syncline::images
