// Where the records of one calendar text stand: its components, grouped by UID, and what is wrong
// with some of them.
#ifndef SYNCLINE_PLUGINS_CALENDAR_INDEX_H_
#define SYNCLINE_PLUGINS_CALENDAR_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "plugins/calendar/record.h"
#include "plugins/calendar/zones.h"
#include "plugins/content_lines/component.h"

namespace syncline::calendar {

// A component of a record: a slot among the children of its calendar.
struct Slot {
  size_t calendar = 0;
  size_t child = 0;
  size_t series = 0;  // which of several with this key it belongs to
};

struct Group {
  std::string key;
  std::string kind;
  std::vector<Slot> slots;
  size_t series = 0;    // components without RECURRENCE-ID; more than one: the key stands twice
  std::string problem;  // empty: sound
  uint64_t problem_line = 0;
};

// Something that is no record and ought to be one.
struct Misfit {
  std::string key;  // may be empty
  std::string kind;
  std::string name;
  uint64_t line = 0;
  std::string problem;
};

struct Index {
  struct Calendar {
    content_lines::Component* component;
    Zones zones;
    std::string frame;  // FrameOf(), made once: a calendar can have 20,000 children to look through
  };

  explicit Index(std::string_view bytes);

  content_lines::Document document;
  std::vector<std::unique_ptr<Calendar>> calendars;
  std::vector<Group> groups;  // in the order in which they begin
  std::unordered_map<std::string, size_t> by_key;
  std::vector<Misfit> misfits;
  bool cut_off = false;  // a calendar has no END
  bool blank = true;     // nothing but white space and a byte order mark

  Part At(const Slot& slot) const;
  // Of one series of the group, in the order of the file.
  std::vector<Part> Parts(const Group& group, size_t series = 0) const;
  // Null unless the text holds exactly one record and nothing that ought to be one.
  const Group* Single() const;

 private:
  void ReadCalendar(content_lines::Component* component);
  void AddComponent(size_t calendar, size_t child, const content_lines::Component& component);
  void FindHidden(const content_lines::Component& inside, const content_lines::Component& outer,
                  const Zones& zones);
};

}  // namespace syncline::calendar

#endif  // SYNCLINE_PLUGINS_CALENDAR_INDEX_H_
