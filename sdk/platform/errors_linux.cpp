// errno as absl::Status, the way file_system.h documents it, with a message for a person.
#include <string>
#include <system_error>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "sdk/platform/linux_calls.h"

namespace syncline::platform {
namespace {

constexpr char kReadOnlyUrl[] = "syncline/read-only";

absl::StatusCode CodeOf(int error) {
  switch (error) {
    case ENOENT:
      return absl::StatusCode::kNotFound;
    case EEXIST:
      return absl::StatusCode::kAlreadyExists;
    case EACCES:
    case EPERM:
      return absl::StatusCode::kPermissionDenied;
    case ENOSPC:
    case EDQUOT:
      return absl::StatusCode::kResourceExhausted;
    case ENOTEMPTY:
    case ENOTDIR:
    case EISDIR:
    case ELOOP:
    case EBUSY:
    case ETXTBSY:
      return absl::StatusCode::kFailedPrecondition;
    case ENAMETOOLONG:
    case EINVAL:
    case EILSEQ:
    case EFBIG:  // larger than this file system holds: no free space would help
      return absl::StatusCode::kInvalidArgument;
    case EXDEV:
    case EOPNOTSUPP:
    case ENOSYS:
    case ENOTTY:
    case EMLINK:
      return absl::StatusCode::kUnimplemented;
    default:
      return absl::StatusCode::kUnavailable;
  }
}

}  // namespace

absl::Status Refusal(absl::StatusCode code, absl::string_view operation, absl::string_view name,
                     absl::string_view reason) {
  return absl::Status(
      code, absl::StrCat("cannot ", operation, " '",
                         PrintableName(std::string_view(name.data(), name.size())), "': ", reason));
}

absl::Status ErrnoStatus(absl::string_view operation, absl::string_view name, int error) {
  // strerror() is not safe in threads and strerror_r has two shapes; this is neither.
  absl::Status status =
      Refusal(CodeOf(error), operation, name, std::generic_category().message(error));
  if (error == EROFS) status.SetPayload(kReadOnlyUrl, absl::Cord());
  return status;
}

absl::Status PlayedFault(absl::string_view operation, absl::string_view name) {
  return Refusal(absl::StatusCode::kUnavailable, operation, name, "played fault");
}

absl::Status BadName(absl::string_view operation, absl::string_view name) {
  return Refusal(absl::StatusCode::kInvalidArgument, operation, name,
                 name.empty() ? "the name is empty" : "a name cannot hold '/' or a NUL byte");
}

bool IsReadOnlyError(const absl::Status& status) {
  return status.GetPayload(kReadOnlyUrl).has_value();
}

}  // namespace syncline::platform
