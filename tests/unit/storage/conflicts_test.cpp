// Conflicts and decisions.
#include <string>

#include "tests/unit/storage/scratch.h"

namespace syncline::storage {
namespace {

class Conflicts : public StorageTest {
 protected:
  void SetUp() override {
    ASSERT_TRUE(ItemTable(&db_).Insert(MakeItem("one", "First")).ok());
    ASSERT_TRUE(ItemTable(&db_).Insert(MakeItem("two", "Second")).ok());
  }
  static ConflictRow Row(const std::string& item, const std::string& key) {
    ConflictRow row;
    row.item = item;
    row.kind = "edit-edit";
    row.key = key;
    row.record = "shown";
    row.reason = "Both sides changed it.";
    row.side_a_json = "{\"version\":\"a1\"}";
    row.side_b_json = "{\"version\":\"b1\"}";
    row.since_ns = 100;
    return row;
  }
  Database db_ = OpenMain();
  ConflictTable conflicts_{&db_};
};

TEST_F(Conflicts, AreReadAsTheyWereWritten) {
  const std::string key("k\0\xff", 3);
  const int64_t id = *conflicts_.Put(Row("one", key));
  absl::StatusOr<std::optional<ConflictRow>> read = conflicts_.Get(id);
  ASSERT_TRUE(read.ok() && read->has_value()) << read.status();
  EXPECT_EQ((*read)->id, id);
  EXPECT_EQ((*read)->item, "one");
  EXPECT_EQ((*read)->kind, "edit-edit");
  EXPECT_EQ((*read)->key, key);
  EXPECT_EQ((*read)->record, "shown");
  EXPECT_EQ((*read)->reason, "Both sides changed it.");
  EXPECT_EQ((*read)->side_a_json, "{\"version\":\"a1\"}");
  EXPECT_EQ((*read)->side_b_json, "{\"version\":\"b1\"}");
  EXPECT_EQ((*read)->since_ns, 100);
  EXPECT_EQ((*read)->decision, "");
  EXPECT_FALSE(conflicts_.Get(id + 1)->has_value());
}

TEST_F(Conflicts, KeepIdTimeAndDecisionWhileBothSidesAreTheSame) {
  ConflictRow row = Row("one", "k");
  const int64_t id = *conflicts_.Put(row);
  ASSERT_TRUE(conflicts_.Decide(id, "a").ok());
  row.since_ns = 200;
  row.reason = "Said otherwise.";
  EXPECT_EQ(*conflicts_.Put(row), id);
  ConflictRow read = **conflicts_.Get(id);
  EXPECT_EQ(read.since_ns, 100);
  EXPECT_EQ(read.decision, "a");
  EXPECT_EQ(read.reason, "Said otherwise.");
}

TEST_F(Conflicts, LoseTheDecisionWhenASideChanged) {
  for (const bool side_a : {true, false}) {
    ConflictRow row = Row("one", side_a ? "ka" : "kb");
    const int64_t id = *conflicts_.Put(row);
    ASSERT_TRUE(conflicts_.Decide(id, "b").ok());
    (side_a ? row.side_a_json : row.side_b_json) = "{\"version\":\"2\"}";
    row.since_ns = 200;
    EXPECT_EQ(*conflicts_.Put(row), id);
    ConflictRow read = **conflicts_.Get(id);
    EXPECT_EQ(read.decision, "");
    EXPECT_EQ(read.since_ns, 100);
    EXPECT_EQ(side_a ? read.side_a_json : read.side_b_json, "{\"version\":\"2\"}");
  }
}

TEST_F(Conflicts, TakeKnownDecisionsOnlyAndOnlyForWhatIsThere) {
  const int64_t id = *conflicts_.Put(Row("one", "k"));
  for (const char* decision : {"a", "b", "both", "merge", ""}) {
    EXPECT_TRUE(conflicts_.Decide(id, decision).ok()) << decision;
    EXPECT_EQ((*conflicts_.Get(id))->decision, decision);
  }
  EXPECT_TRUE(absl::IsInvalidArgument(conflicts_.Decide(id, "dice")));
  absl::Status missing = conflicts_.Decide(id + 1, "a");
  EXPECT_TRUE(absl::IsNotFound(missing));
  EXPECT_TRUE(Mentions(missing, "may have been resolved")) << missing;
}

TEST_F(Conflicts, OfAnUnknownItemAreRefused) {
  absl::Status status = conflicts_.Put(Row("three", "k")).status();
  EXPECT_TRUE(absl::IsNotFound(status)) << status;
  EXPECT_TRUE(Mentions(status, "three"));
}

TEST_F(Conflicts, AreFoundCountedAndRemoved) {
  const int64_t a = *conflicts_.Put(Row("one", "a"));
  const int64_t b = *conflicts_.Put(Row("two", "a"));
  const int64_t c = *conflicts_.Put(Row("ONE", "c"));
  EXPECT_EQ(conflicts_.Find(std::nullopt)->size(), 3u);
  absl::StatusOr<std::vector<ConflictRow>> one = conflicts_.Find("One");
  ASSERT_EQ(one->size(), 2u);
  EXPECT_EQ(one->at(0).id, a);
  EXPECT_EQ(one->at(1).id, c);
  EXPECT_EQ(conflicts_.CountByItem()->at("two"), 1);
  ASSERT_TRUE(conflicts_.Decide(b, "a").ok());
  EXPECT_EQ(conflicts_.CountByItem()->count("two"), 0u);
  EXPECT_TRUE(conflicts_.Remove(b).ok());
  EXPECT_TRUE(absl::IsNotFound(conflicts_.Remove(b)));
  EXPECT_GT(*conflicts_.Put(Row("two", "a")), c) << "an id is not used twice";
}

TEST_F(Conflicts, ThatNoLongerExistAreRemovedTogether) {
  const int64_t a = *conflicts_.Put(Row("one", "a"));
  conflicts_.Put(Row("one", "b")).IgnoreError();
  const int64_t other = *conflicts_.Put(Row("two", "b"));
  ASSERT_TRUE(conflicts_.RemoveOthers("One", {a, other, 99}).ok());
  EXPECT_EQ(conflicts_.Find("one")->size(), 1u);
  EXPECT_EQ(conflicts_.Find("two")->size(), 1u);
  ASSERT_TRUE(conflicts_.RemoveOthers("one", {}).ok());
  EXPECT_TRUE(conflicts_.Find("one")->empty());
}

}  // namespace
}  // namespace syncline::storage
