// The one door to time and randomness. Code takes a Clock* so that a test can play another one.
#ifndef SYNCLINE_SDK_PLATFORM_CLOCK_H_
#define SYNCLINE_SDK_PLATFORM_CLOCK_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"

namespace syncline::platform {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() = 0;            // wall clock, for what people read
  virtual absl::Duration Monotonic() = 0;  // since an unknown start; never goes back
  virtual void Sleep(absl::Duration d) = 0;

  static Clock* Real();  // never null, lives for ever, any thread
};

// bytes random bytes of the system as lower-case hex.
std::string RandomHex(int bytes);

}  // namespace syncline::platform

#endif  // SYNCLINE_SDK_PLATFORM_CLOCK_H_
