// An item Work with edits that wait, for tests of what may be wrong around it.
#ifndef SYNCLINE_TESTS_INTEGRATION_COMMANDS_BAD_INPUT_H_
#define SYNCLINE_TESTS_INTEGRATION_COMMANDS_BAD_INPUT_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/stage.h"

namespace syncline::testing {

using ::testing::HasSubstr;

class BadInput : public ::testing::Test {
 protected:
  void SetUp() override {
    stage_.a.Write("notes/one", "1");
    stage_.a.Write("two", "2");
    stage_.a.Link("link", "two");
    id_ = stage_.Add();
    stage_.Sync();
    stage_.a.Write("two", "edited on A");
    stage_.b.Write("three", "new on B");
    Remember();
  }

  void Remember() {
    before_a_ = All(stage_.a);
    before_b_ = All(stage_.b);
  }
  void ExpectNothingLost() const {
    EXPECT_EQ(All(stage_.a), before_a_);
    EXPECT_EQ(All(stage_.b), before_b_);
  }
  // The item goes on where it was.
  void ExpectSyncGoesOn() const {
    EXPECT_EQ(stage_.Sync()["result"], "done");
    EXPECT_EQ(stage_.b.Read("two"), "edited on A");
    EXPECT_EQ(stage_.a.Read("three"), "new on B");
    EXPECT_EQ(All(stage_.a), All(stage_.b));
  }

  // One message on stderr, which says all these words, and the exit code.
  static void ExpectRefused(const ProgramResult& result, int exit_code, const Words& says) {
    EXPECT_EQ(result.exit_code, exit_code) << result;
    EXPECT_TRUE(result.err.starts_with("syncline: ")) << result;
    EXPECT_EQ(result.err.find("\nsyncline: "), std::string::npos) << "two messages: " << result;
    for (const std::string& words : says) EXPECT_THAT(result.err, HasSubstr(words)) << result;
  }

  Words AddWords(const std::string& a, const std::string& b, const Words& more = {}) const {
    Words words = {"add", "folders", "--name", "Other", a, b};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  Stage stage_;
  std::string id_;
  std::map<std::string, std::string> before_a_, before_b_;
};

}  // namespace syncline::testing

#endif  // SYNCLINE_TESTS_INTEGRATION_COMMANDS_BAD_INPUT_H_
