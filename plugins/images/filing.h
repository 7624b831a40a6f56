// Where a unit gets its place: by the layout of a dated library, and beside what is there already.
#ifndef SYNCLINE_PLUGINS_IMAGES_FILING_H_
#define SYNCLINE_PLUGINS_IMAGES_FILING_H_

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugins/images/known_file.h"
#include "plugins/images/layout.h"
#include "plugins/images/units.h"
#include "sdk/platform/file_system.h"

namespace syncline::images {

// The names in the folders of a side, in small letters: what differs only in case is one file on
// many disks.
class TakenNames {
 public:
  explicit TakenNames(const platform::Dir* root) : root_(root) {}
  // Whether a unit cannot stand there under that stem: a file has one of its names, or one that
  // would be taken for a part of it.
  bool Meets(const std::string& folder, const std::string& stem, const Unit& unit);
  // The first of names that is taken there; empty: none is.
  std::string Meets(const std::string& folder, const std::vector<std::string>& names);
  void Take(const std::string& folder, const std::vector<std::string>& names);
  void Release(const std::string& folder, const std::vector<std::string>& names);
  // What happened since is not known any more.
  void Forget() { folders_.clear(); }

 private:
  std::set<std::string>& In(const std::string& folder);

  const platform::Dir* const root_;
  std::map<std::string, std::set<std::string>> folders_;
};

// A file of a unit, where it can be read.
struct ReadableMember {
  std::string file;  // its name in the folder where it is now
  Member member;
  const KnownFile* known;
};

// What a layout can use of a unit. dir: where its files are now. stem and folder: as at the source.
// note, may be null: where the date came from, for the history.
PictureFacts FactsOf(const platform::Dir& dir, const std::vector<ReadableMember>& members,
                     std::string_view stem, std::string_view folder, std::string* note);

struct Filed {
  std::string folder, stem;
};
// The first free place for the unit: as the layout has it, else with the next counter or with a
// number behind it. Does not take it. Throws Error when all are taken. `own`: where it is now, in
// which case its own names are no obstacle; null: it is new.
Filed PlaceByLayout(const Layout& layout, PictureFacts facts, const Unit& unit, const Filed* own,
                    TakenNames* taken);
// The same beside what is in the folder.
Filed PlaceBeside(const std::string& folder, const std::string& stem, const Unit& unit,
                  TakenNames* taken);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_FILING_H_
