// iCalendar (RFC 5545) as a format of record files.
#ifndef SYNCLINE_PLUGINS_CALENDAR_CALENDAR_FORMAT_H_
#define SYNCLINE_PLUGINS_CALENDAR_CALENDAR_FORMAT_H_

#include <memory>
#include <string>
#include <string_view>

#include "plugins/calendar/book.h"
#include "plugins/record_files/format.h"

namespace syncline::calendar {

// The settings as the manifest has them: categories separated by commas; all, event, todo or
// journal. Empty texts leave nothing out.
Filter MakeFilter(std::string_view categories, std::string_view component);

// Pure, any thread.
class CalendarFormat : public record_files::Format {
 public:
  explicit CalendarFormat(Filter filter) : filter_(std::move(filter)) {}

  std::string_view extension() const override { return ".ics"; }
  std::string_view beginning() const override { return "BEGIN:VCALENDAR"; }
  std::string_view one() const override { return "calendar entry"; }
  std::string_view many() const override { return "calendar entries"; }
  std::unique_ptr<record_files::Book> Parse(std::string bytes) const override;
  std::string Renamed(std::string_view content, std::string_view label) const override;
  bool Merge(const std::string* base, const std::string& mine, const std::string& theirs,
             const MergeInput& choices, std::string* merged, Fields differing) const override;
  void Describe(std::string_view content, Fields fields) const override;

 private:
  Filter filter_;
};

// A copy of the record with another UID, made from the old one, the label and the content, and
// " (label)" behind its summary. Content that is no single record is returned as it is.
std::string RenamedRecord(std::string_view content, std::string_view label);

}  // namespace syncline::calendar

#endif  // SYNCLINE_PLUGINS_CALENDAR_CALENDAR_FORMAT_H_
