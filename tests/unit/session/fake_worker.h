// A worker that does what the test says. The test program starts itself again as the worker; what
// it then does stands in the start message, where a provider would stand.
#ifndef SYNCLINE_TESTS_UNIT_SESSION_FAKE_WORKER_H_
#define SYNCLINE_TESTS_UNIT_SESSION_FAKE_WORKER_H_

#include <string>

namespace syncline::session {

// Makes processes started from now on fake workers, for the life of the object.
class FakeWorker {
 public:
  FakeWorker();
  ~FakeWorker();
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// What location_a may hold:
//   done        three progress messages, an event, done
//   quick       done at once
//   conflicts   a conflict with key "k", done
//   crash       notes "write b:x" as the record at work and crashes
//   exit        ends without a word
//   nonsense    sends a damaged frame and waits
//   silent      says nothing until cancelled, then done as cancelled
//   deaf        says nothing, also not when cancelled
//   flush       is silent for 600 ms while it flushes, then done
//   late-crash  done, then a crash
//   print       prints lines and crashes

}  // namespace syncline::session

#endif  // SYNCLINE_TESTS_UNIT_SESSION_FAKE_WORKER_H_
