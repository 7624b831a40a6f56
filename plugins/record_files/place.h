// What the location of a replica is: the folder or the file that stands there now.
#ifndef SYNCLINE_PLUGINS_RECORD_FILES_PLACE_H_
#define SYNCLINE_PLUGINS_RECORD_FILES_PLACE_H_

#include <string>

#include "plugins/record_files/format.h"
#include "sdk/platform/file_system.h"

namespace syncline::record_files {

struct Place {
  std::string location;  // as the person gave it
  std::string path;      // without links
  platform::Dir dir;     // the folder, or the one that holds the file
  platform::FileInfo dir_info;
  std::string name;      // of the file; empty: the records are the files of dir
  std::string identity;  // of the place, for the replica

  bool single() const { return !name.empty(); }
};

// Looks at the location and opens it. Throws Error with the setting "location" when it cannot be
// used.
Place OpenPlace(std::string_view location, const Format& format);

// Whether a file of this name in a folder of records is one of them.
bool IsRecordName(std::string_view name, const Format& format);

// Throws INVALID when changes to one place would be changes to the other.
void CheckApart(const Place& mine, const Place& theirs, const Format& format);

}  // namespace syncline::record_files

#endif  // SYNCLINE_PLUGINS_RECORD_FILES_PLACE_H_
