// What a provider remembers from turn to turn.
#include "host/engine/memory.h"

#include <gtest/gtest.h>

#include "tests/support/scratch.h"

namespace syncline::engine {
namespace {

class Remembering : public ::testing::Test {
 protected:
  Remembering() : baseline_(*storage::Baseline::Open(temp_ / "baseline.db")) {}
  std::string Next(storage::Side side, std::string_view name) {
    Memory memory;  // of another turn
    memory.Attach(&baseline_, side);
    return memory.Recall(name).value_or("nothing");
  }
  testing::TempDir temp_;
  storage::Baseline baseline_;
};

TEST_F(Remembering, IsForTheSideAndTheNextTurn) {
  Memory memory;
  memory.Attach(&baseline_, storage::Side::kA);
  memory.Remember("name", "value");
  EXPECT_EQ(memory.Recall("name").value_or("nothing"), "value") << "in the same turn, too";
  EXPECT_EQ(Next(storage::Side::kA, "name"), "nothing") << "before it was saved";
  ASSERT_TRUE(memory.Save(&baseline_).ok());
  ASSERT_TRUE(baseline_.Commit().ok());
  EXPECT_EQ(Next(storage::Side::kA, "name"), "value");
  EXPECT_EQ(Next(storage::Side::kB, "name"), "nothing");
}

TEST_F(Remembering, AnEmptyValueForgets) {
  Memory memory;
  memory.Attach(&baseline_, storage::Side::kB);
  memory.Remember("name", "value");
  ASSERT_TRUE(memory.Save(&baseline_).ok());
  memory.Remember("name", "");
  EXPECT_TRUE(absl::IsNotFound(memory.Recall("name").status()));
  ASSERT_TRUE(memory.Save(&baseline_).ok());
  ASSERT_TRUE(baseline_.Commit().ok());
  EXPECT_EQ(Next(storage::Side::kB, "name"), "nothing");
}

TEST_F(Remembering, WithoutABaselineKnowsNothing) {
  Memory memory;
  EXPECT_TRUE(absl::IsNotFound(memory.Recall("name").status()));
}

TEST_F(Remembering, EndsWithTheBaselineThatIsCleared) {
  Memory memory;
  memory.Attach(&baseline_, storage::Side::kA);
  memory.Remember("name", "value");
  ASSERT_TRUE(memory.Save(&baseline_).ok());
  ASSERT_TRUE(baseline_.Clear().ok());
  ASSERT_TRUE(baseline_.Commit().ok());
  EXPECT_EQ(Next(storage::Side::kA, "name"), "nothing");
}

}  // namespace
}  // namespace syncline::engine
