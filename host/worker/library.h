// Loading a provider's library, in a worker only: loading runs the library's own code.
#ifndef SYNCLINE_HOST_WORKER_LIBRARY_H_
#define SYNCLINE_HOST_WORKER_LIBRARY_H_

#include <syncline/provider.h>

#include <string>

#include "absl/status/statusor.h"

namespace syncline::worker {

// The entry of the library in file (UTF-8 path). It stays loaded until the process ends: code of a
// library may run for as long as its process. Errors: FailedPrecondition with the loader's words.
absl::StatusOr<const syncline_entry*> LoadProvider(const std::string& file);

}  // namespace syncline::worker

#endif  // SYNCLINE_HOST_WORKER_LIBRARY_H_
