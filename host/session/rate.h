// How fast a counter grows, smoothed: the weight of the past halves every two seconds.
#ifndef SYNCLINE_HOST_SESSION_RATE_H_
#define SYNCLINE_HOST_SESSION_RATE_H_

#include <cmath>
#include <cstdint>

#include "absl/time/time.h"

namespace syncline::session {

class Rate {
 public:
  // The counter's value at a time of a monotonic clock. A counter that goes back starts anew.
  void Add(uint64_t value, absl::Duration now) {
    if (started_ && value >= value_) {
      const double seconds = absl::ToDoubleSeconds(now - at_);
      if (seconds <= 0) return;
      // Amounts and times decay alike, so that the first seconds are an honest mean and not a
      // slow rise from zero.
      const double keep = std::exp2(-seconds / kHalfLifeSeconds);
      amount_ = amount_ * keep + static_cast<double>(value - value_);
      seconds_ = seconds_ * keep + seconds;
    }
    started_ = true;
    value_ = value;
    at_ = now;
  }
  double PerSecond() const { return seconds_ > 0 ? amount_ / seconds_ : 0; }
  // Infinite when not known.
  absl::Duration TimeLeft(uint64_t done, uint64_t total) const {
    if (total == 0) return absl::InfiniteDuration();
    if (done >= total) return absl::ZeroDuration();
    const double rate = PerSecond();
    return rate > 0 ? absl::Seconds(static_cast<double>(total - done) / rate)
                    : absl::InfiniteDuration();
  }

 private:
  static constexpr double kHalfLifeSeconds = 2;
  bool started_ = false;
  uint64_t value_ = 0;
  absl::Duration at_;
  double amount_ = 0, seconds_ = 0;
};

}  // namespace syncline::session

#endif  // SYNCLINE_HOST_SESSION_RATE_H_
