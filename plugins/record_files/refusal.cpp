// Refusals and their words.
#include "plugins/record_files/refusal.h"

#include "sdk/platform/file_system.h"

namespace syncline::record_files {

std::string Join(std::initializer_list<std::string_view> parts) {
  size_t size = 0;
  for (const std::string_view part : parts) size += part.size();
  std::string out;
  out.reserve(size);
  for (const std::string_view part : parts) out += part;
  return out;
}

std::string Quoted(std::string_view name) {
  return Join({"\"", platform::PrintableName(name), "\""});
}

Error FromSystem(const absl::Status& status, std::string_view doing) {
  const std::string detail(Words(status));
  if (platform::IsReadOnlyError(status)) {
    return Error(
        SYNCLINE_UNWRITABLE,
        Join({doing, ": the disk is mounted read-only. Mount it writable, then sync again."}),
        detail);
  }
  switch (status.code()) {
    case absl::StatusCode::kNotFound:
      return Error(SYNCLINE_NOT_FOUND, Join({doing, ": it is not there any more."}), detail);
    case absl::StatusCode::kPermissionDenied:
      return Error(SYNCLINE_FAILED,
                   Join({doing, ": permission denied. Change its permissions, then sync again."}),
                   detail);
    case absl::StatusCode::kResourceExhausted:
      return Error(
          SYNCLINE_UNWRITABLE,
          Join({doing,
                ": the disk is full or the quota is used up. Free some space, then sync again."}),
          detail);
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kAlreadyExists:
      return Error(SYNCLINE_CONFLICT,
                   Join({doing, ": something else is there now. Sync again to look at it anew."}),
                   detail);
    default:
      return Error(SYNCLINE_FAILED,
                   Join({doing, ". Sync again; if it happens again, check the disk."}), detail);
  }
}

Error FromWriting(const absl::Status& status, std::string_view doing) {
  if (absl::IsPermissionDenied(status)) {
    return Error(SYNCLINE_UNWRITABLE,
                 Join({doing,
                       ": permission denied. Give this user the right to write there, then sync "
                       "again."}),
                 std::string(Words(status)));
  }
  return FromSystem(status, doing);
}

}  // namespace syncline::record_files
