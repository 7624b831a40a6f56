// Sessions of many items with a fake worker, and what they leave in the database.
#include "host/session/session.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <thread>

#include "host/session/rows.h"
#include "tests/support/scratch.h"
#include "tests/unit/session/fake_worker.h"

namespace syncline::session {
namespace {

using protocol::Result;

class Counting : public ProgressSink {
 public:
  CancelRequest OnProgress(const ProgressSnapshot& snapshot) override {
    if (snapshot.state == ProgressSnapshot::State::kEnded) ++finals[snapshot.item];
    if (snapshot.item.empty()) last = snapshot;
    return CancelRequest::kNone;
  }
  void OnEvent(const EventInfo& event) override { events.push_back(event); }
  void OnConflict(const ConflictInfo& conflict) override { conflicts.push_back(conflict); }
  std::map<std::string, int> finals;
  ProgressSnapshot last;
  std::vector<EventInfo> events;
  std::vector<ConflictInfo> conflicts;
};

class SessionTest : public ::testing::Test {
 protected:
  SessionTest() : path_(temp_ / "syncline.db") {
    database_ = *storage::Database::Open(path_, {.kind = "syncline"});
  }
  Turn TurnOf(const std::string& id, const std::string& what) {
    Turn turn;
    turn.item.id = turn.item.name = id;
    turn.item.provider = "notes";
    turn.item.location_a = what;
    const absl::Status stored = storage::ItemTable(&database_).Insert(turn.item);
    EXPECT_TRUE(stored.ok() || absl::IsAlreadyExists(stored)) << stored;
    catalog::Provider provider;
    provider.manifest.id = "notes";
    provider.hash = "hash";
    turn.provider = provider;
    return turn;
  }
  SessionReport Run(std::vector<Turn> turns, ProgressSink* sink = nullptr,
                    const SyncOptions& sync = {}, bool only_decided = false) {
    Session::Options options;
    options.home = temp_.path();
    options.database = path_;
    options.database_uuid = std::string(32, 'a');
    options.worker = worker_.path();
    options.limits.hang = absl::Milliseconds(500);
    options.limits.hang_grace = absl::Milliseconds(100);
    options.sync = sync;
    options.only_decided = only_decided;
    if (!sync.dry_run) options.id = *storage::SessionTable(&database_).Begin(1, 1);
    auto session = Session::Begin(options, sink, platform::Clock::Real());
    EXPECT_TRUE(session.ok()) << session.status();
    (*session)->Run(std::move(turns));
    SessionReport report = (*session)->Finish();
    EXPECT_EQ(report.problem, "");
    return report;
  }
  std::vector<storage::ConflictRow> Conflicts() {
    return *storage::ConflictTable(&database_).Find(std::nullopt);
  }

  testing::TempDir temp_;
  FakeWorker worker_;
  std::string path_;
  storage::Database database_;
};

TEST_F(SessionTest, AThousandItemsEndOnceEachInTheirOrder) {
  constexpr int kItems = 1000;
  std::vector<Turn> turns;
  for (int i = 0; i < kItems; ++i) turns.push_back(TurnOf("item-" + std::to_string(i), "quick"));
  Counting sink;
  const SessionReport report = Run(std::move(turns), &sink);
  EXPECT_EQ(report.result, Result::kDone);
  ASSERT_EQ(report.items.size(), size_t{kItems});
  for (int i = 0; i < kItems; ++i) {
    EXPECT_EQ(report.items[static_cast<size_t>(i)].item, "item-" + std::to_string(i));
  }
  EXPECT_EQ(sink.finals.size(), size_t{kItems} + 1);
  for (const auto& [item, count] : sink.finals) EXPECT_EQ(count, 1) << item;
  EXPECT_EQ(sink.last.items_done, kItems);
  EXPECT_EQ(sink.last.counts.created, 2U * kItems);
  EXPECT_EQ(sink.last.records_done, sink.last.records_total);
  const auto stored = storage::SessionTable(&database_).Latest(1);
  EXPECT_EQ(stored->at(0).items.size(), size_t{kItems});
  EXPECT_EQ(storage::ItemTable(&database_).Find("item-7")->last_result, "done");
}

TEST_F(SessionTest, OneCrashFailsItsItemOnly) {
  Counting sink;
  const SessionReport report =
      Run({TurnOf("good", "done"), TurnOf("bad", "crash"), TurnOf("other", "done")}, &sink);
  EXPECT_EQ(report.result, Result::kFailed);
  EXPECT_EQ(report.items[0].result, Result::kDone);
  EXPECT_EQ(report.items[1].result, Result::kFailed);
  EXPECT_EQ(report.items[2].result, Result::kDone);
  const auto crashes = storage::LibraryTable(&database_).RecordCrashes("bad");
  EXPECT_EQ(crashes->at("b:x"), 1);
}

TEST_F(SessionTest, EventsAreStoredWithTheNumbersThatTheSinkHears) {
  Counting sink;
  const SessionReport report = Run({TurnOf("one", "done"), TurnOf("two", "done")}, &sink);
  ASSERT_EQ(sink.events.size(), 2U);
  for (const EventInfo& event : sink.events) {
    auto row = storage::EventTable(&database_).Get(event.id);
    ASSERT_TRUE(row.ok() && row->has_value()) << event.id;
    EXPECT_EQ((*row)->item, event.item);
    EXPECT_EQ((*row)->text, "x was created");
    EXPECT_EQ((*row)->session, report.session);
    EXPECT_EQ(EventOfGuid(std::string(32, 'a'), event.guid), event.id);
  }
}

TEST_F(SessionTest, ADryRunLeavesNoTrace) {
  Counting sink;
  SyncOptions options;
  options.dry_run = true;
  Run({TurnOf("one", "done"), TurnOf("two", "conflicts")}, &sink, options);
  EXPECT_EQ(sink.events.size(), 1U);
  EXPECT_EQ(sink.conflicts.size(), 1U);
  EXPECT_EQ(*storage::EventTable(&database_).Count({}), 0);
  EXPECT_TRUE(Conflicts().empty());
  EXPECT_EQ(storage::ItemTable(&database_).Find("one")->last_result, "");
}

TEST_F(SessionTest, ConflictsStayUntilACompletedSyncDoesNotFindThem) {
  Counting sink;
  Run({TurnOf("one", "conflicts")}, &sink);
  ASSERT_EQ(Conflicts().size(), 1U);
  const int64_t id = Conflicts()[0].id;
  EXPECT_EQ(sink.conflicts.at(0).id, id);
  Run({TurnOf("one", "crash")});
  Run({TurnOf("one", "conflicts")});
  ASSERT_EQ(Conflicts().size(), 1U);
  EXPECT_EQ(Conflicts()[0].id, id);
  Run({TurnOf("one", "done")});
  EXPECT_TRUE(Conflicts().empty());
}

// Hears of an item by its first snapshot, which has its name.
class Names : public ProgressSink {
 public:
  CancelRequest OnProgress(const ProgressSnapshot& snapshot) override {
    if (known_.empty()) first_in = std::this_thread::get_id();
    known_.insert(snapshot.item);
    return CancelRequest::kNone;
  }
  void OnEvent(const EventInfo& event) override { Hear(event.item); }
  void OnConflict(const ConflictInfo& conflict) override { Hear(conflict.item); }
  void OnPlan(const std::string& item, const protocol::PlanEntry&) override { Hear(item); }
  int heard = 0, unknown = 0;
  std::thread::id first_in;

 private:
  void Hear(const std::string& item) {
    ++heard;
    if (!known_.contains(item)) ++unknown;
  }
  std::set<std::string> known_;
};

TEST_F(SessionTest, AnItemIsKnownBeforeAnythingIsToldOfIt) {
  SyncOptions options;
  options.dry_run = true;
  int before_workers = 0;
  for (int i = 0; i < 10; ++i) {
    Names sink;
    Run({TurnOf("one", "plan")}, &sink, options);
    EXPECT_EQ(sink.heard, 1);
    EXPECT_EQ(sink.unknown, 0);
    // The thread that runs the session tells, then starts workers; that the hub's own tick comes
    // first is rare, and as good.
    if (sink.first_in == std::this_thread::get_id()) ++before_workers;
  }
  EXPECT_GT(before_workers, 0);
}

TEST_F(SessionTest, TheEventOfAConflictNamesWhatTheRecordHolds) {
  Counting sink;
  Run({TurnOf("one", "conflicts")}, &sink);
  ASSERT_EQ(sink.events.size(), 1U);
  EXPECT_EQ(sink.events[0].name, kConflictEvent);
  EXPECT_EQ(sink.events[0].text, "a conflict (edit-edit) of \"Ada Lovelace\" waits for a decision");
}

TEST_F(SessionTest, AReportCountsTheReasonsThatItsEventsTell) {
  const SessionReport report =
      Run({TurnOf("one", "done"), TurnOf("two", "warn"), TurnOf("three", "crash")});
  EXPECT_EQ(report.items[0].reasons_told, 0U);
  EXPECT_EQ(report.items[1].reasons_told, 2U);
  EXPECT_EQ(report.items[2].reasons_told, 1U);
}

TEST_F(SessionTest, ALeftOutRecordIsNamedOnce) {
  Run({TurnOf("one", "crash")});
  Run({TurnOf("one", "crash")});
  Counting sink;
  Run({TurnOf("one", "done")}, &sink);
  int found = 0;
  for (const EventInfo& event : sink.events) {
    if (event.name != "left-out") continue;
    ++found;
    EXPECT_EQ(event.record, "x on side B");
    EXPECT_EQ(event.text.find("x on side B"), std::string::npos) << event.text;
  }
  EXPECT_EQ(found, 1);
}

TEST_F(SessionTest, ADecisionThatWasCarriedOutIsRemovedAloneAndOneThatWasNotStaysOpen) {
  Run({TurnOf("one", "conflicts")});
  storage::ConflictRow other;
  other.item = "one";
  other.kind = "edit-edit";
  other.key = other.record = "other";
  other.side_a_json = other.side_b_json = "{}";
  storage::ConflictTable table(&database_);
  ASSERT_TRUE(table.Put(other).ok());
  const int64_t id = Conflicts()[0].id;

  // The worker finds the conflict again: nothing was carried out.
  ASSERT_TRUE(table.Decide(id, "a").ok());
  Turn turn = TurnOf("one", "conflicts");
  turn.decided = {Conflicts()[0]};
  Run({turn}, nullptr, {}, /*only_decided=*/true);
  ASSERT_EQ(Conflicts().size(), 2U);
  EXPECT_EQ(Conflicts()[0].decision, "");

  ASSERT_TRUE(table.Decide(id, "b").ok());
  turn = TurnOf("one", "done");
  turn.decided = {Conflicts()[0]};
  Run({turn}, nullptr, {}, /*only_decided=*/true);
  ASSERT_EQ(Conflicts().size(), 1U);
  EXPECT_EQ(Conflicts()[0].key, "other");
}

TEST_F(SessionTest, ThreeCrashesInOneSessionKeepTheRestFromStarting) {
  std::vector<Turn> turns;
  for (int i = 0; i < 40; ++i) turns.push_back(TurnOf("item-" + std::to_string(i), "crash"));
  Counting sink;
  const SessionReport report = Run(std::move(turns), &sink);
  EXPECT_EQ(report.items.size(), 40U);
  int quarantined = 0;
  for (const ItemReport& item : report.items) {
    quarantined += item.message.find("quarantined") != std::string::npos ? 1 : 0;
  }
  EXPECT_GT(quarantined, 0);
  const auto told = std::count_if(sink.events.begin(), sink.events.end(), [](const EventInfo& e) {
    return e.name == "provider-quarantined";
  });
  EXPECT_EQ(told, 1);
}

TEST_F(SessionTest, AMissingProviderFailsItsItemWithTheReason) {
  Turn turn = TurnOf("one", "done");
  turn.provider = absl::NotFoundError("The provider notes is not installed.");
  const SessionReport report = Run({turn, TurnOf("two", "done")});
  EXPECT_EQ(report.items[0].result, Result::kFailed);
  EXPECT_EQ(report.items[0].message, "The provider notes is not installed.");
  EXPECT_EQ(report.items[1].result, Result::kDone);
}

TEST(WorstResult, FollowsTheOrderOfHarm) {
  const auto worst = [](std::vector<Result> results, bool cancelled = false) {
    std::vector<ItemReport> items;
    for (const Result result : results) items.emplace_back().result = result;
    return WorstResult(items, cancelled);
  };
  EXPECT_EQ(worst({}), Result::kDone);
  EXPECT_EQ(worst({Result::kDone, Result::kConflicts, Result::kPartial}), Result::kPartial);
  EXPECT_EQ(worst({Result::kBusy, Result::kPartial, Result::kCancelled}), Result::kBusy);
  EXPECT_EQ(worst({Result::kStopped, Result::kFailed, Result::kBusy}), Result::kFailed);
  EXPECT_EQ(worst({Result::kFailed, Result::kCancelled}, true), Result::kCancelled);
  EXPECT_EQ(worst({Result::kDone}, true), Result::kDone) << "all was through by then";
}

TEST(EventGuid, LeadsBackAndNeverToAnotherDatabase) {
  const std::string uuid = "0123456789abcdef0123456789abcdef";
  EXPECT_EQ(EventGuid(uuid, 0x2a), "01234567-89ab-cdef-0000-00000000002a");
  EXPECT_EQ(EventOfGuid(uuid, EventGuid(uuid, 1'000'000'007)), 1'000'000'007);
  EXPECT_EQ(EventOfGuid(uuid, "{01234567-89AB-CDEF-0000-00000000002A}"), 0x2a);
  EXPECT_FALSE(EventOfGuid(uuid, EventGuid(std::string(32, 'f'), 1)).has_value());
  EXPECT_FALSE(EventOfGuid(uuid, "not a guid").has_value());
  EXPECT_FALSE(EventOfGuid(uuid, "01234567-89ab-cdef-ffff-ffffffffffff").has_value());
}

TEST(Rows, ConflictSidesAreReadFromTheirJson) {
  storage::ConflictRow row;
  row.item = "one";
  row.side_a_json =
      R"({"id": "x", "title": "Title", "size": 7, "modified": 5000000000, "fields": {"k": "v"}})";
  row.side_b_json = "{}";
  const ConflictInfo info = InfoOf(row, "One");
  EXPECT_EQ(info.item_name, "One");
  EXPECT_TRUE(info.a.exists);
  EXPECT_EQ(info.a.title, "Title");
  EXPECT_EQ(info.a.size, 7U);
  EXPECT_EQ(info.a.modified, absl::FromUnixSeconds(5));
  EXPECT_EQ(info.a.fields.at("k"), "v");
  EXPECT_FALSE(info.b.exists);
  row.side_b_json = "damaged";
  EXPECT_FALSE(InfoOf(row, "One").b.exists);
}

TEST(Rows, CountsBecomeOneJsonObject) {
  protocol::Counts counts;
  counts.created = 3;
  counts.bytes = 1'000'000'000'000;
  const std::string json = CountsJson(counts);
  EXPECT_NE(json.find("\"created\":3"), std::string::npos) << json;
  EXPECT_NE(json.find("\"bytes\":1000000000000"), std::string::npos) << json;
}

TEST(Rows, OfADecidedConflictAWorkerGetsTheVersionAlone) {
  const std::string picture(90'000, 'A');
  EXPECT_EQ(
      OnlyVersion(R"({"id": "x", "version": "0aff", "fields": {"picture": ")" + picture + R"("}})"),
      R"({"version":"0aff"})");
  EXPECT_EQ(OnlyVersion("{}"), "{}");
  EXPECT_EQ(OnlyVersion("no json"), "{}");
}

}  // namespace
}  // namespace syncline::session
