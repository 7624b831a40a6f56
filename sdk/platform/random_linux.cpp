// Randomness of the system.
#include <sys/random.h>

#include <algorithm>
#include <cstdlib>

#include "absl/strings/escaping.h"
#include "sdk/platform/clock.h"
#include "sdk/platform/linux_calls.h"

namespace syncline::platform {

std::string RandomHex(int bytes) {
  std::string random(static_cast<size_t>(std::max(bytes, 0)), '\0');
  size_t done = 0;
  while (done < random.size()) {
    const ssize_t n =
        Uninterrupted([&] { return getrandom(&random[done], random.size() - done, 0); });
    // getrandom(2) without flags fails only for a bad address or a kernel before 3.17. Going on
    // with names that are not random would be worse than ending.
    if (n < 0) std::abort();
    done += static_cast<size_t>(n);
  }
  return absl::BytesToHexString(random);
}

}  // namespace syncline::platform
