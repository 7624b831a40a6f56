// The records of one .ics file: what they are, and putting records into the file or taking them out
// without touching the rest.
#ifndef SYNCLINE_PLUGINS_CALENDAR_BOOK_H_
#define SYNCLINE_PLUGINS_CALENDAR_BOOK_H_

#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugins/calendar/index.h"
#include "plugins/record_files/format.h"

namespace syncline::calendar {

// What of a calendar an item syncs.
struct Filter {
  std::string kind;                  // "VEVENT" ...; empty: all
  std::set<std::string> categories;  // lower case; empty: all

  bool LeavesOut(std::string_view component_kind, const std::vector<Part>& parts) const;
};

// [replica]. Any number of calls of Put() and Remove() cost one pass over the file in all.
class CalendarBook : public record_files::Book {
 public:
  CalendarBook(std::string bytes, const Filter& filter);

  const std::vector<record_files::Entry>& entries() const override;
  std::string Content(size_t entry) const override;
  // Throws Error(INVALID): content is not one record, or the file is no calendar or is cut off.
  void Put(std::string_view key, std::string_view content) override;
  void Remove(std::string_view key) override;
  std::string Text() const override;

 private:
  struct State {
    explicit State(std::string text) : bytes(std::move(text)), index(bytes) {}
    std::string bytes;  // the file as it was read
    Index index;
    bool changed = false;
    bool listed = false;
    std::vector<record_files::Entry> entries;
    std::vector<std::vector<Part>> parts;  // of entries, in the same order; empty: a misfit
  };

  void List() const;
  void ExpectWritable() const;
  Slot Place(size_t calendar, const Slot* old, const Part& part, std::string_view line_end);

  Filter filter_;
  std::unique_ptr<State> state_;
};

}  // namespace syncline::calendar

#endif  // SYNCLINE_PLUGINS_CALENDAR_BOOK_H_
