// Libraries and their failures, records that crashed them; sessions.
#include <string>

#include "tests/unit/storage/scratch.h"

namespace syncline::storage {
namespace {

class Libraries : public StorageTest {
 protected:
  Database db_ = OpenMain();
  LibraryTable libraries_{&db_};
};

TEST_F(Libraries, AreReadAsTheyWereWrittenAndReplaced) {
  LibraryRow row;
  row.path = "/p/b.so";
  row.device = UINT64_MAX;  // some file systems use all 64 bits
  row.file_id = 1ull << 63;
  row.size = 3;
  row.modified_ns = -4;
  row.changed_ns = 5;
  row.hash = "h";
  row.state = "ready";
  row.reason = "r";
  row.provider = "p";
  row.manifest = "{}";
  row.looked_by = "0.1";
  row.looked_ns = 6;
  ASSERT_TRUE(libraries_.Put(row).ok());
  LibraryRow first;
  first.path = "/p/a.so";
  first.state = "arriving";
  ASSERT_TRUE(libraries_.Put(first).ok());
  first.state = "ignored";
  ASSERT_TRUE(libraries_.Put(first).ok());
  absl::StatusOr<std::vector<LibraryRow>> all = libraries_.All();
  ASSERT_TRUE(all.ok()) << all.status();
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ(all->at(0).state, "ignored");
  const LibraryRow& read = all->at(1);
  EXPECT_EQ(read.device, row.device);
  EXPECT_EQ(read.file_id, row.file_id);
  EXPECT_EQ(read.size, row.size);
  EXPECT_EQ(read.modified_ns, row.modified_ns);
  EXPECT_EQ(read.changed_ns, row.changed_ns);
  EXPECT_EQ(read.hash, row.hash);
  EXPECT_EQ(read.state, row.state);
  EXPECT_EQ(read.reason, row.reason);
  EXPECT_EQ(read.provider, row.provider);
  EXPECT_EQ(read.manifest, row.manifest);
  EXPECT_EQ(read.looked_by, row.looked_by);
  EXPECT_EQ(read.looked_ns, row.looked_ns);
}

TEST_F(Libraries, AreForgottenOnce) {
  LibraryRow row;
  row.path = "/p/a.so";
  row.state = "ready";
  ASSERT_TRUE(libraries_.Put(row).ok());
  EXPECT_TRUE(libraries_.Remove("/p/a.so").ok());
  EXPECT_TRUE(absl::IsNotFound(libraries_.Remove("/p/a.so")));
  EXPECT_TRUE(libraries_.All()->empty());
}

TEST_F(Libraries, HaveNoUnknownState) {
  LibraryRow row;
  row.state = "confused";
  EXPECT_TRUE(absl::IsInvalidArgument(libraries_.Put(row)));
}

TEST_F(Libraries, CountFailuresInARow) {
  EXPECT_EQ(libraries_.FailuresOf("h")->count, 0);
  EXPECT_EQ(*libraries_.AddFailure("h", "crashed", 1), 1);
  EXPECT_EQ(*libraries_.AddFailure("h", "hung", 2), 2);
  EXPECT_EQ(*libraries_.AddFailure("other", "x", 2), 1);
  EXPECT_EQ(libraries_.FailuresOf("h")->count, 2);
  EXPECT_EQ(libraries_.FailuresOf("h")->last_reason, "hung");
  EXPECT_TRUE(libraries_.ClearFailures("h").ok());
  EXPECT_TRUE(libraries_.ClearFailures("h").ok());
  EXPECT_EQ(libraries_.FailuresOf("h")->count, 0);
  EXPECT_EQ(libraries_.FailuresOf("other")->count, 1);
}

TEST_F(Libraries, CountCrashesAtRecordsOfAnyBytes) {
  ASSERT_TRUE(ItemTable(&db_).Insert(MakeItem("one", "First")).ok());
  const std::string record("a:\xff\0\n", 5);
  ASSERT_TRUE(libraries_.AddRecordCrash("one", record, 1).ok());
  ASSERT_TRUE(libraries_.AddRecordCrash("ONE", record, 2).ok());
  ASSERT_TRUE(libraries_.AddRecordCrash("one", "b:x", 2).ok());
  EXPECT_EQ(*libraries_.RecordCrashes("one"),
            (std::map<std::string, int>{{record, 2}, {"b:x", 1}}));
  EXPECT_TRUE(absl::IsNotFound(libraries_.AddRecordCrash("gone", "b:x", 2)));
  EXPECT_TRUE(libraries_.ClearRecordCrashes("one").ok());
  EXPECT_TRUE(libraries_.RecordCrashes("one")->empty());
}

class Sessions : public StorageTest {
 protected:
  Database db_ = OpenMain();
  SessionTable sessions_{&db_};
};

TEST_F(Sessions, AreListedNewestFirstWithTheirItems) {
  const int64_t first = *sessions_.Begin(10, 111);
  const int64_t second = *sessions_.Begin(20, 222);
  ASSERT_LT(first, second);
  ASSERT_TRUE(sessions_.PutItem(second, {"b", "running", "{}", 0}).ok());
  ASSERT_TRUE(sessions_.PutItem(second, {"a", "done", "{}", 0.5}).ok());
  ASSERT_TRUE(sessions_.PutItem(second, {"b", "done", "{\"created\":1}", 1.5}).ok());
  ASSERT_TRUE(sessions_.End(second, "done", 30).ok());
  absl::StatusOr<std::vector<SessionRow>> latest = sessions_.Latest(10);
  ASSERT_TRUE(latest.ok()) << latest.status();
  ASSERT_EQ(latest->size(), 2u);
  const SessionRow& newest = latest->at(0);
  EXPECT_EQ(newest.id, second);
  EXPECT_EQ(newest.started_ns, 20);
  EXPECT_EQ(newest.ended_ns, 30);
  EXPECT_EQ(newest.process, 222);
  EXPECT_EQ(newest.result, "done");
  ASSERT_EQ(newest.items.size(), 2u);
  EXPECT_EQ(newest.items[0].item, "a");
  EXPECT_EQ(newest.items[1].counts_json, "{\"created\":1}");
  EXPECT_EQ(newest.items[1].seconds, 1.5);
  EXPECT_EQ(latest->at(1).ended_ns, 0);
  EXPECT_TRUE(latest->at(1).items.empty());
  EXPECT_EQ(sessions_.Latest(1)->size(), 1u);
  EXPECT_EQ(sessions_.Latest(0)->size(), 0u);
  EXPECT_EQ(sessions_.Latest(-1)->size(), 0u);
}

TEST_F(Sessions, ThatWereNeverBegunAreNotFound) {
  EXPECT_TRUE(absl::IsNotFound(sessions_.PutItem(7, {"a", "done", "{}", 0})));
  EXPECT_TRUE(absl::IsNotFound(sessions_.End(7, "done", 1)));
}

}  // namespace
}  // namespace syncline::storage
