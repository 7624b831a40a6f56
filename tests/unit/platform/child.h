// The test program as a child of itself: started with SYNCLINE_TEST_CHILD=ROLE it plays that role
// and ends before any test runs. The roles are in child.cpp.
#ifndef SYNCLINE_TESTS_UNIT_PLATFORM_CHILD_H_
#define SYNCLINE_TESTS_UNIT_PLATFORM_CHILD_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "sdk/platform/process.h"
#include "tests/support/program.h"

namespace syncline::platform {

// Started through the door, with a channel.
inline std::unique_ptr<Process> StartChild(const std::string& role, const std::string& path = "") {
  Process::Options options;
  options.program = ProgramPath().value();
  options.environment = {{"SYNCLINE_TEST_CHILD", role}, {"SYNCLINE_TEST_PATH", path}};
  auto process = Process::Start(options);
  EXPECT_TRUE(process.ok()) << process.status();
  return *std::move(process);
}

// Started without the door and run to its end.
inline testing::ProgramResult RunChild(const std::string& role, const std::string& path = "",
                                       testing::Environment env = {}) {
  env["SYNCLINE_TEST_CHILD"] = role;
  env["SYNCLINE_TEST_PATH"] = path;
  return testing::RunProgram({ProgramPath().value()}, env);
}

// Waits for one message of the child.
inline std::string Hear(const Process& process) {
  char text[256];
  const auto n = process.channel().Read(text, sizeof(text), absl::Seconds(20));
  EXPECT_TRUE(n.ok()) << n.status();
  return std::string(text, n.value_or(0));
}

// True when condition() becomes true within some seconds.
template <typename Condition>
bool Soon(Condition condition) {
  for (int i = 0; i < 1000; ++i) {
    if (condition()) return true;
    absl::SleepFor(absl::Milliseconds(10));
  }
  return false;
}

}  // namespace syncline::platform

#endif  // SYNCLINE_TESTS_UNIT_PLATFORM_CHILD_H_
