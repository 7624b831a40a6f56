// Counts the operations of one copy of the platform door and plays the fault that SYNCLINE_FAULT
// asks for (fault.h). Compiled into each consumer of the door under that consumer's SYNCLINE_DOOR.
#include "sdk/platform/fault.h"

#ifdef SYNCLINE_FAULTS

#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>

#include "absl/synchronization/mutex.h"

#ifndef SYNCLINE_DOOR
#error "Whoever uses the platform door names its copy: syncline_door() in CMakeLists.txt"
#endif

namespace syncline::platform {
namespace {

class Player {
 public:
  Player() {
    const char* text = std::getenv("SYNCLINE_FAULT");
    std::string_view rest = text != nullptr ? text : "";
    const std::string_view door = Cut(&rest);
    const std::string_view action = Cut(&rest);
    if (door != SYNCLINE_DOOR) return;
    if (action == "count") {
      count_path_ = rest;
    } else {
      int64_t at = 0;
      std::from_chars(rest.data(), rest.data() + rest.size(), at);
      if (action == "fail") fail_at_ = at;
      if (action == "stop") stop_at_ = at;
    }
  }

  bool Count() {
    const int64_t n = done_.fetch_add(1, std::memory_order_relaxed) + 1;
    if (n == stop_at_) Stop();
    if (!count_path_.empty()) WriteCount(n);
    return n == fail_at_;
  }

 private:
  static std::string_view Cut(std::string_view* rest) {
    const size_t colon = rest->find(':');
    const std::string_view head = rest->substr(0, colon);
    rest->remove_prefix(colon == std::string_view::npos ? rest->size() : colon + 1);
    return head;
  }

  static void Stop() {
#ifndef _WIN32
    std::raise(SIGKILL);
#endif
    std::_Exit(137);
  }

  // At each operation and not at exit: the process may end without running destructors. The largest
  // count of several processes stays, so that a short-lived one (a probe) does not hide a long one.
  void WriteCount(int64_t n) {
    absl::MutexLock lock(&mutex_);
    int64_t before = 0;
    std::ifstream(count_path_) >> before;
    if (n > before) std::ofstream(count_path_) << n << '\n';
  }

  int64_t fail_at_ = 0;
  int64_t stop_at_ = 0;
  std::string count_path_;
  std::atomic<int64_t> done_{0};
  absl::Mutex mutex_;  // serialises WriteCount
};

}  // namespace

bool Fault() {
  static Player player;
  return player.Count();
}

}  // namespace syncline::platform

#endif  // SYNCLINE_FAULTS
