// Folders that a user may not read or write. Root, whom no permission stops, plays another user.
#include "tests/integration/commands/bad_input.h"

namespace syncline::testing {
namespace {

class Permissions : public BadInput {
 protected:
  // As BadInput, but all of it belongs to that user, who runs the programs.
  void SetUp() override {
    if (stage_.RunAsUser({"--version"}).exit_code != 0) {
      GTEST_SKIP() << "another user cannot run the programs here";
    }
    ASSERT_EQ(
        stage_.RunAsUser({"add", "folders", "--name", "Work", stage_.a.root(), stage_.b.root()})
            .exit_code,
        0);
    stage_.a.Write("two", "2");
    ASSERT_EQ(stage_.RunAsUser({"sync"}).exit_code, 0);
    stage_.a.Write("two", "edited on A");
    stage_.b.Write("three", "new on B");
    Remember();
  }

  void ExpectSyncGoesOn() {
    const ProgramResult result = stage_.RunAsUser({"sync"});
    EXPECT_EQ(result.exit_code, 0) << result;
    EXPECT_EQ(stage_.b.Read("two"), "edited on A");
    EXPECT_EQ(stage_.a.Read("three"), "new on B");
  }
};

TEST_F(Permissions, ToReadAFolderAreMissingWhenItIsAdded) {
  Tree closed(stage_.temp / "closed");
  closed.Chmod("", 0);
  const ProgramResult result = stage_.RunAsUser(AddWords(stage_.a.root(), closed.root()));
  closed.Chmod("", 0700);
  ExpectRefused(result, 2, {closed.root(), "permission denied", "right to read"});
  ExpectNothingLost();
}

TEST_F(Permissions, ToReadAFolderAreGone) {
  stage_.b.Chmod("", 0);
  const ProgramResult result = stage_.RunAsUser({"sync"});
  stage_.b.Chmod("", 0755);
  ExpectRefused(result, 1, {"Work", stage_.b.root(), "permission denied", "right to read"});
  ExpectNothingLost();
  ExpectSyncGoesOn();
}

TEST_F(Permissions, ToWriteInTheSyncedFolderAreMissing) {
  stage_.b.Chmod("", 0555);
  const ProgramResult result = stage_.RunAsUser({"sync"});
  stage_.b.Chmod("", 0755);
  ExpectRefused(result, 1, {"Work", stage_.b.root(), "permission denied", "right to write"});
  EXPECT_EQ(All(stage_.b), before_b_);
  EXPECT_EQ(stage_.a.Read("two"), "edited on A");
  ExpectSyncGoesOn();
}

TEST_F(Permissions, ToWriteTheDataFolderAreMissing) {
  Tree home(stage_.home());
  home.Chmod("", 0555);
  home.Chmod("syncline.db", 0444);
  const ProgramResult result = stage_.RunAsUser({"sync"});
  home.Chmod("syncline.db", 0644);
  home.Chmod("", 0755);
  ExpectRefused(result, 1, {stage_.home(), "permissions"});
  ExpectNothingLost();
  ExpectSyncGoesOn();
}

}  // namespace
}  // namespace syncline::testing
