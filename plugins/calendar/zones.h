// Time zones: which names everybody knows, what a VTIMEZONE means, and how the zones of one
// calendar are named. Pure, any thread.
#ifndef SYNCLINE_PLUGINS_CALENDAR_ZONES_H_
#define SYNCLINE_PLUGINS_CALENDAR_ZONES_H_

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugins/content_lines/component.h"

namespace syncline::calendar {

// The name of the IANA (Olson) database in a TZID: "Europe/Berlin", also behind the prefixes that
// Evolution, Mozilla and others write ("/freeassociation.sourceforge.net/Europe/Berlin"). Empty:
// the TZID is a name of somebody's own, and only its VTIMEZONE tells what it means.
std::string OlsonName(std::string_view tzid);

// What a VTIMEZONE says, in a form that is equal for two that mean the same. Names, comments and
// the order of its rules do not count, nor does the date of a rule that has held since 1970 or
// before (exporters write 1601, 1967 or 1970 for "always").
std::string ZoneMeaning(const content_lines::Component& timezone);

// The time zones that stand in one calendar.
class Zones {
 public:
  Zones() = default;
  explicit Zones(const content_lines::Component& calendar);

  // The first definition of a TZID counts.
  void Add(const content_lines::Component* timezone);
  const content_lines::Component* Find(std::string_view tzid) const;  // or null
  // The same for two TZIDs that mean the same zone: the Olson name, else what the definition means,
  // else the TZID itself.
  std::string Id(std::string_view tzid) const;

 private:
  struct Zone {
    const content_lines::Component* timezone;
    std::string id;
  };
  std::map<std::string, Zone, std::less<>> zones_;
};

// The TZIDs that the properties of a component, and of those inside it, name.
void CollectZoneNames(const content_lines::Component& component, std::set<std::string>* names);
// Changes the TZID of every property that names it; of a VTIMEZONE its own.
void RenameZone(content_lines::Component* component, std::string_view from, std::string_view to,
                std::string_view line_end);

// How components of one calendar fit into another that may define the same names otherwise.
struct ZonePlan {
  std::vector<std::pair<std::string, std::string>> renamed;  // TZID there -> TZID here
  // Definitions that are missing here, and under which name they go in.
  std::vector<std::pair<const content_lines::Component*, std::string>> missing;
};
// names: the TZIDs in use; source: what they mean there; present: what stands here already. A name
// that means something else here becomes "NAME-2" (or -3 ...), the same every time.
ZonePlan PlanZones(const std::set<std::string>& names, const Zones& source, const Zones& present);

}  // namespace syncline::calendar

#endif  // SYNCLINE_PLUGINS_CALENDAR_ZONES_H_
