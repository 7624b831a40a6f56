// Where Syncline's own data and programs are.
#ifndef SYNCLINE_HOST_HANDLER_DATA_FOLDER_H_
#define SYNCLINE_HOST_HANDLER_DATA_FOLDER_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace syncline::handler {

// The data folder: given, else SYNCLINE_HOME, else $XDG_DATA_HOME/syncline or
// ~/.local/share/syncline. Created, for this user only, when it is missing; absolute.
absl::StatusOr<std::string> DataFolder(const std::string& given);

// syncline-worker beside the program or in ../libexec/syncline; the first of these when none is
// there.
std::string FindWorker(const std::string& program_folder);

// Removes a folder with all that is in it; one that is not there is fine. Follows no link.
absl::Status RemoveFolder(const std::string& path);

}  // namespace syncline::handler

#endif  // SYNCLINE_HOST_HANDLER_DATA_FOLDER_H_
