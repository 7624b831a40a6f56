// Loading a provider's library, in a worker only: loading runs the library's own code, which may
// crash, hang or print.
#ifndef SYNCLINE_HOST_WORKER_LIBRARY_H_
#define SYNCLINE_HOST_WORKER_LIBRARY_H_

#include <syncline/provider.h>

#include <string>

#include "absl/status/statusor.h"

namespace boost::dll {
class shared_library;
}  // namespace boost::dll

namespace syncline::worker {

// The name of the entry that a library for a major version of the plug-in interface has.
std::string EntryName(int major);

// A loaded library. It stays loaded until the process ends, after this object too: code of a
// library may run for as long as its process. One thread.
class Library {
 public:
  // Loads file (UTF-8 path) with all its symbols at once: what is missing shows now, not in the
  // middle of a sync. Errors: FailedPrecondition with what the loader said.
  static absl::StatusOr<Library> Load(const std::string& file);

  bool HasEntry(int major) const;
  // The entry for SYNCLINE_ABI_MAJOR, which the library must have. Lives as long as the process.
  const syncline_entry& entry() const;

 private:
  explicit Library(const boost::dll::shared_library& loaded) : loaded_(&loaded) {}

  const boost::dll::shared_library* loaded_;  // never deleted
};

// The entry of the library in file (UTF-8 path); lives as long as the process. Errors:
// FailedPrecondition with the loader's words.
absl::StatusOr<const syncline_entry*> LoadProvider(const std::string& file);

}  // namespace syncline::worker

#endif  // SYNCLINE_HOST_WORKER_LIBRARY_H_
