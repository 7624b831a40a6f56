#include "plugins/images/metadata_dates.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "plugins/images/date_text.h"
#include "plugins/images/metadata_text.h"

namespace syncline::images {

FoundDate* AddDate(DateSource source, std::string_view text, Metadata* metadata) {
  constexpr size_t kShown = 40;  // bytes
  const std::optional<WrittenDate> written = ParseDateText(text);
  if (!written) {
    const std::string shown = CleanText(text, kShown);
    RejectDate(source,
               shown.empty() ? std::string("is empty")
                             : absl::StrCat("says \"", shown, "\", which is no date"),
               metadata);
    return nullptr;
  }
  FoundDate date;
  date.source = source;
  date.local = written->local;
  date.nanos = written->nanos;
  date.utc_offset_minutes = written->utc_offset_minutes;
  date.day_only = written->day_only;
  metadata->dates.push_back(date);
  return &metadata->dates.back();
}

void RejectDate(DateSource source, std::string_view reason, Metadata* metadata) {
  metadata->rejected.push_back(
      absl::StrCat(std::string(SourceName(source)), " ", std::string(reason)));
}

}  // namespace syncline::images
