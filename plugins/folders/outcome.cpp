// Refusals and their words.
#include "plugins/folders/outcome.h"

#include <utf8proc.h>

#include <utility>

#include "sdk/platform/file_system.h"

namespace syncline::folders {

Outcome Refuse(syncline_status status, std::string summary, std::string detail,
               std::string setting) {
  return Outcome{status, std::move(summary), std::move(detail), std::move(setting)};
}

std::string Join(std::initializer_list<std::string_view> parts) {
  size_t size = 0;
  for (std::string_view part : parts) size += part.size();
  std::string out;
  out.reserve(size);
  for (std::string_view part : parts) out += part;
  return out;
}

Outcome FromSystem(const absl::Status& status, std::string_view doing) {
  std::string detail(Words(status));
  if (platform::IsReadOnlyError(status)) {
    return Refuse(
        SYNCLINE_UNWRITABLE,
        Join({doing, ": the disk is mounted read-only. Mount it writable, then sync again."}),
        detail);
  }
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return Outcome{};
    case absl::StatusCode::kCancelled:
      return Refuse(SYNCLINE_CANCELLED, "Stopped.", detail);
    case absl::StatusCode::kNotFound:
      return Refuse(SYNCLINE_NOT_FOUND, Join({doing, ": it is not there any more."}), detail);
    case absl::StatusCode::kPermissionDenied:
      return Refuse(SYNCLINE_FAILED,
                    Join({doing, ": permission denied. Change its permissions, then sync again."}),
                    detail);
    case absl::StatusCode::kResourceExhausted:
      return Refuse(
          SYNCLINE_UNWRITABLE,
          Join({doing,
                ": the disk is full or the quota is used up. Free some space, then sync again."}),
          detail);
    case absl::StatusCode::kInvalidArgument:
      return Refuse(
          SYNCLINE_CLASH,
          Join({doing,
                ": the disk cannot hold this name. Rename it on the other side, then sync again."}),
          detail);
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kAlreadyExists:
      return Refuse(SYNCLINE_CONFLICT,
                    Join({doing, ": something else is there now. Sync again to look at it anew."}),
                    detail);
    default:
      return Refuse(SYNCLINE_FAILED,
                    Join({doing, ". Sync again; if it happens again, check the disk."}), detail);
  }
}

std::string Quoted(std::string_view id) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out = "\"";
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(id.data());
  for (size_t i = 0; i < id.size();) {
    utf8proc_int32_t point = -1;
    utf8proc_ssize_t length =
        utf8proc_iterate(bytes + i, static_cast<utf8proc_ssize_t>(id.size() - i), &point);
    if (length <= 0 || point < 0x20 || (point >= 0x7f && point < 0xa0)) {
      size_t raw = length <= 0 ? 1 : static_cast<size_t>(length);
      for (size_t k = 0; k < raw; ++k) {
        if (bytes[i + k] == '\n') {
          out += "\\n";
        } else {
          out += {'\\', 'x', kHex[bytes[i + k] >> 4], kHex[bytes[i + k] & 15]};
        }
      }
      i += raw;
      continue;
    }
    if (point == '"' || point == '\\') out += '\\';
    out.append(id, i, static_cast<size_t>(length));
    i += static_cast<size_t>(length);
  }
  return out + '"';
}

}  // namespace syncline::folders
