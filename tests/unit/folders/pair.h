// Two open replicas for tests of what goes from one to the other.
#ifndef SYNCLINE_TESTS_UNIT_FOLDERS_PAIR_H_
#define SYNCLINE_TESTS_UNIT_FOLDERS_PAIR_H_

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/folders/side.h"

namespace syncline::folders_test {

inline Side::Settings With(const std::string& key, const std::string& value) {
  Side::Settings settings;
  settings[key] = value;
  return settings;
}

// Two open replicas, a to copy from and b to copy to.
struct Pair {
  explicit Pair(Side::Settings settings = {})
      : a(top_a.path(), settings), b(top_b.path(), settings) {
    EXPECT_EQ(a.Open().status, SYNCLINE_OK);
    EXPECT_EQ(b.Open().status, SYNCLINE_OK);
  }
  // Copies the record of the same id from a to b, as it is on both now, and settles.
  Answer Bring(const std::string& id, uint32_t flags = 0) {
    std::string from = a.Now(id).version;
    EXPECT_EQ(b.Enumerate().status, SYNCLINE_OK);
    const Record* there = b.Find(id);
    Answer answer = b.Copy(&a, id, from, id, there == nullptr ? "" : there->version, flags);
    if (answer.status != SYNCLINE_STAGED) return answer;
    return b.Settled();
  }
  TempFolder top_a, top_b;
  Side a, b;
};

inline Record Wanted(const std::string& key) {
  Record record;
  record.key = key;
  record.mtime_ns = SYNCLINE_UNKNOWN_TIME;
  return record;
}

}  // namespace syncline::folders_test

#endif  // SYNCLINE_TESTS_UNIT_FOLDERS_PAIR_H_
