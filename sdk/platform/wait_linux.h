// What the process files of the Linux door share.
#ifndef SYNCLINE_SDK_PLATFORM_WAIT_LINUX_H_
#define SYNCLINE_SDK_PLATFORM_WAIT_LINUX_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace syncline::platform {

inline constexpr int kChannelFd = 3;  // the channel's descriptor in a child

// Whether fd has something to read (or is at its end, or a pidfd whose process ended) within
// timeout.
absl::StatusOr<bool> WaitReadable(int fd, absl::Duration timeout);

}  // namespace syncline::platform

#endif  // SYNCLINE_SDK_PLATFORM_WAIT_LINUX_H_
