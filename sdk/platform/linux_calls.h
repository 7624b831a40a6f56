// What the Linux half of the platform door shares: errno as a Status, retrying after a signal, and
// the check of names. Included by *_linux.cpp only.
#ifndef SYNCLINE_SDK_PLATFORM_LINUX_CALLS_H_
#define SYNCLINE_SDK_PLATFORM_LINUX_CALLS_H_

#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "sdk/platform/fault.h"
#include "sdk/platform/file_system.h"

namespace syncline::platform {

// Abseil's own string_view, which Debian builds as a type apart from std::string_view: these texts
// go to absl::StrCat.

// error (an errno value) as file_system.h documents it; "cannot OPERATION 'NAME': REASON".
absl::Status ErrnoStatus(absl::string_view operation, absl::string_view name, int error);
// The same, with a code and a reason of the caller's choice.
absl::Status Refusal(absl::StatusCode code, absl::string_view operation, absl::string_view name,
                     absl::string_view reason);
absl::Status PlayedFault(absl::string_view operation, absl::string_view name);

// Repeats call while a signal interrupts it.
template <typename Call>
auto Uninterrupted(Call call) -> decltype(call()) {
  while (true) {
    auto result = call();
    if (result != -1 || errno != EINTR) return result;
  }
}

inline int Fd(const Handle& handle) { return static_cast<int>(handle.native()); }

// A '/' would lead the kernel through links that nobody looked at; a NUL would cut the name.
inline bool IsPlainName(std::string_view name) {
  return !name.empty() && std::memchr(name.data(), '/', name.size()) == nullptr &&
         std::memchr(name.data(), '\0', name.size()) == nullptr;
}
absl::Status BadName(absl::string_view operation, absl::string_view name);

inline bool HasNul(std::string_view path) { return path.find('\0') != std::string_view::npos; }

}  // namespace syncline::platform

#endif  // SYNCLINE_SDK_PLATFORM_LINUX_CALLS_H_
