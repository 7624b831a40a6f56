// The ways in which a provider can take its process down or keep it.
#ifndef SYNCLINE_TESTS_PROVIDERS_HARM_H_
#define SYNCLINE_TESTS_PROVIDERS_HARM_H_

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <thread>

namespace syncline::testing {

// A write through a bad pointer, not raise(): what a real defect does.
[[noreturn]] inline void Crash() {
  volatile uintptr_t address = 64;
  *reinterpret_cast<volatile int*>(address) = 1;
  std::abort();
}

[[noreturn]] inline void HangForEver() {
  for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
}

}  // namespace syncline::testing

#endif  // SYNCLINE_TESTS_PROVIDERS_HARM_H_
