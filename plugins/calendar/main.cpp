// The calendar provider: events, to-dos and journal entries of .ics files.
#include <memory>

#include "plugins/calendar/calendar_format.h"
#include "plugins/record_files/record_files.h"
#include "syncline/provider.hpp"

namespace syncline::calendar {
namespace {

class Calendar : public record_files::RecordFiles {
 public:
  explicit Calendar(Host host)
      : RecordFiles(host, std::make_unique<CalendarFormat>(
                              MakeFilter(host.Setting("category"), host.Setting("component")))) {}
};

}  // namespace
}  // namespace syncline::calendar

SYNCLINE_PROVIDER(syncline::calendar::Calendar, R"({
  "id": "calendar",
  "name": "Calendar",
  "version": "0.1.0",
  "description": "Keeps events, to-dos and journal entries of .ics files in step and merges them property by property.",
  "settings": [
    {"key": "category", "type": "text", "default": "", "label": "Categories",
     "help": "Only records of one of these categories, separated by commas; empty: all."},
    {"key": "component", "type": "choice", "default": "all", "label": "Kind",
     "choices": ["all", "event", "todo", "journal"],
     "help": "Only records of this kind."}
  ]
})");
