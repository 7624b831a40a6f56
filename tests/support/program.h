// Runs real programs, for all tests.
//
//   ProgramResult r = RunProgram({bin + "/syncline", "sync"}, {{"SYNCLINE_HOME", home}});
//   EXPECT_EQ(r.exit_code, 0) << r;
//   nlohmann::json items = RunJson({bin + "/syncline", "items", "--json"}, {{"SYNCLINE_HOME",
//   home}});
//
//   RunningProgram sync({bin + "/syncline", "sync"}, env);   // for tests that kill it
//   sync.Signal(SIGKILL);
//   sync.Finish();
//
// The program gets this process's environment without any SYNCLINE_ variable, so that nobody's own
// data folder is touched, and env on top.
#ifndef SYNCLINE_TESTS_SUPPORT_PROGRAM_H_
#define SYNCLINE_TESTS_SUPPORT_PROGRAM_H_

#include <sys/types.h>

#include <chrono>
#include <iosfwd>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace syncline::testing {

using Environment = std::map<std::string, std::string>;

struct RunOptions {
  std::chrono::milliseconds timeout{60'000};  // then it is killed with all it started
  std::string input;                          // its stdin
  std::string folder;                         // its current folder; empty: this process's
};

struct ProgramResult {
  int exit_code = -1;      // -1 when a signal ended it
  int signal = 0;          // 0 when it exited
  bool timed_out = false;  // killed after options.timeout; signal is SIGKILL then
  std::string out;
  std::string err;
  // The most memory it, or a child it waited for, held; never less than what the test itself held
  // when it started it, which the kernel counts in (exec after vfork).
  long peak_kib = 0;
};
std::ostream& operator<<(std::ostream& stream, const ProgramResult& result);

// A program that runs. Killed, with all it started, on destruction. Throws std::runtime_error when
// it cannot be started.
class RunningProgram {
 public:
  explicit RunningProgram(const std::vector<std::string>& argv, const Environment& env = {},
                          const RunOptions& options = {});
  RunningProgram(const RunningProgram&) = delete;
  RunningProgram& operator=(const RunningProgram&) = delete;
  ~RunningProgram();

  pid_t pid() const { return pid_; }
  void Signal(int number);     // to the program alone
  void SignalAll(int number);  // to all that it started and that did not leave its process group
  std::string Out() const;     // what it wrote so far
  std::string Err() const;
  // Waits for the end, at most options.timeout. Once.
  ProgramResult Finish();

 private:
  RunOptions options_;
  pid_t pid_ = -1;
  int out_ = -1;  // files in memory: a program that prints much never waits for its reader
  int err_ = -1;
  bool finished_ = false;
};

ProgramResult RunProgram(const std::vector<std::string>& argv, const Environment& env = {},
                         const RunOptions& options = {});

// Its stdout as JSON. exit_code null: any code but 0 throws, as does output that is no JSON.
nlohmann::json RunJson(const std::vector<std::string>& argv, const Environment& env = {},
                       const RunOptions& options = {}, int* exit_code = nullptr);

}  // namespace syncline::testing

#endif  // SYNCLINE_TESTS_SUPPORT_PROGRAM_H_
