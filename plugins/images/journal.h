// Changes of several files that belong together, noted before the first and finished by the next
// sync when this one is killed in between: a unit is never left in part.
#ifndef SYNCLINE_PLUGINS_IMAGES_JOURNAL_H_
#define SYNCLINE_PLUGINS_IMAGES_JOURNAL_H_

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sdk/platform/file_system.h"

namespace syncline::images {

// A file gets another place, takes the place of another one, or goes. Paths are relative to the
// side. Stamps are those of StampOf(): a file with another one is somebody's edit and is left
// alone.
struct Step {
  std::string from;
  std::string to;        // empty: from is removed
  std::string stamp;     // of from
  std::string replaces;  // of what stands at `to`; empty: nothing does
};
// What a rename leaves as it is.
std::string StampOf(const platform::FileInfo& info);

// Does one step; what was replaced stands at `from` then, until EndStep(). Makes the folders of
// `to`. AlreadyExists: `to` is taken. NotFound: `from` is gone. Aborted: one of the files is not
// the one that the stamp says. In each case nothing was done. DataLoss: what came out of an
// exchange could not be put back; it stands at `from`.
absl::Status DoStep(const platform::Dir& root, const Step& step);
// Takes back a step that was done, but for a removal.
absl::Status UndoStep(const platform::Dir& root, const Step& step);
// Removes what was replaced.
void EndStep(const platform::Dir& root, const Step& step);

// Does all steps or, as long as nothing is removed by them, none. DataLoss: neither could be done;
// the files stay where they are, and the journal that notes the steps, for the next sync to finish.
absl::Status DoSteps(const platform::Dir& root, std::span<const Step> steps);

class Journal {
 public:
  // dir: of the side; outlives this. name: of the note, in dir.
  Journal(const platform::Dir* dir, std::string name) : dir_(dir), name_(std::move(name)) {}

  // Notes the steps, durable when this returns. Done() forgets them again.
  absl::Status Write(std::span<const Step> steps);
  absl::Status Done();
  // Does the steps of a note that a killed sync left, as far as they are not done, and forgets it.
  // Gives the number of steps that were still to be done. After an error the note stays, and all
  // files that it names are still needed.
  absl::StatusOr<int> Finish();

 private:
  const platform::Dir* const dir_;
  const std::string name_;
};

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_JOURNAL_H_
