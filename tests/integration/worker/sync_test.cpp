// Sessions of real workers that go well: results, events, conflicts, progress.
#include <filesystem>

#include "sdk/platform/process.h"
#include "storage/main_store.h"
#include "tests/integration/worker/stage.h"

namespace syncline::testing {
namespace {

class Session : public Stage {
 protected:
  Session() {
    Install("unruly");
    Open();
  }
};

TEST_F(Session, OneItemIsBroughtIntoStep) {
  const SyncItem item = Add("Notes");
  EXPECT_TRUE(item.id.starts_with("notes-")) << item.id;
  Side("Notes", 'a').Write("x.txt", "from a");
  Side("Notes", 'b').Write("y.txt", "from b");
  Watcher watcher;
  const SessionReport report = Sync({}, &watcher);
  ASSERT_EQ(report.items.size(), 1U);
  EXPECT_EQ(Name(report.result), "done") << report.items[0].message;
  EXPECT_EQ(report.items[0].counts.created, 2U);
  EXPECT_EQ(Side("Notes", 'b').Read("x.txt"), "from a");
  EXPECT_EQ(Side("Notes", 'a').Read("y.txt"), "from b");
  auto stored = handler_->Item("NOTES");
  ASSERT_TRUE(stored.ok()) << stored.status();
  EXPECT_EQ(stored->last_result, "done");
  EXPECT_GT(stored->last_sync, absl::Now() - absl::Minutes(1));
  EXPECT_EQ(stored->provider_problem, "");

  ASSERT_EQ(watcher.finals[item.id].size(), 1U);
  const ProgressSnapshot& last = watcher.finals[item.id][0];
  EXPECT_EQ(last.counts.created, 2U);
  EXPECT_EQ(last.records_done, last.records_total);
  EXPECT_EQ(last.records_total, 2U);
  ASSERT_EQ(watcher.finals[""].size(), 1U);
  EXPECT_EQ(watcher.finals[""][0].counts.created, 2U);
}

TEST_F(Session, EventsReachSinkAndHistoryAlike) {
  Add("Notes");
  Side("Notes", 'a').Write("x.txt", "from a");
  Side("Notes", 'a').Write("fail.txt", "never");
  Watcher watcher;
  const SessionReport report = Sync({}, &watcher);
  EXPECT_EQ(Name(report.result), "partial");
  auto stored = handler_->Events({.session = report.session});
  ASSERT_TRUE(stored.ok()) << stored.status();
  ASSERT_EQ(stored->size(), watcher.events.size());
  ASSERT_FALSE(stored->empty());
  for (size_t i = 0; i < stored->size(); ++i) {
    const EventInfo& told = watcher.events[stored->size() - 1 - i];
    EXPECT_EQ((*stored)[i].id, told.id);
    EXPECT_EQ((*stored)[i].guid, told.guid);
    EXPECT_EQ((*stored)[i].text, told.text);
    EXPECT_EQ(told.session, report.session);
  }
  EXPECT_EQ(*handler_->CountEvents({.item = "Notes", .min_level = "error"}), 1);
  ASSERT_TRUE(handler_->RemoveEvents({stored->front().id}).ok());
  EXPECT_TRUE(absl::IsNotFound(handler_->Event(stored->front().guid).status()));
  EXPECT_FALSE(handler_->Events({.min_level = "loud"}).ok());
}

TEST_F(Session, AConflictIsShownAndResolvedAlone) {
  Add("Notes");
  Side("Notes", 'a').Write("x.txt", "mine");
  Side("Notes", 'b').Write("x.txt", "yours");
  Side("Notes", 'a').Write("y.txt", "mine");
  Side("Notes", 'b').Write("y.txt", "yours");
  Watcher watcher;
  EXPECT_EQ(Name(Sync({}, &watcher).result), "conflicts");
  ASSERT_EQ(watcher.conflicts.size(), 2U);
  auto waiting = handler_->Conflicts("Notes");
  ASSERT_TRUE(waiting.ok());
  ASSERT_EQ(waiting->size(), 2U);
  const ConflictInfo& x = waiting->at(0).record == "x.txt" ? waiting->at(0) : waiting->at(1);
  EXPECT_EQ(x.item_name, "Notes");
  EXPECT_EQ(x.kind, "create-create");
  EXPECT_TRUE(x.a.exists);
  EXPECT_EQ(x.a.size, 4U);
  EXPECT_EQ(x.b.size, 5U);
  EXPECT_EQ(handler_->Item("Notes")->conflicts, 2);

  Side("Notes", 'a').Write("new.txt", "is not touched by a resolution");
  auto report = handler_->Resolve({x.id}, Keep::kB, {}, nullptr);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(Side("Notes", 'a').Read("x.txt"), "yours");
  EXPECT_EQ(Side("Notes", 'a').Read("y.txt"), "mine");
  EXPECT_FALSE(Side("Notes", 'b').Exists("new.txt"));
  EXPECT_TRUE(absl::IsNotFound(handler_->Conflict(x.id).status()));
  EXPECT_EQ(handler_->Conflicts(std::nullopt)->size(), 1U);
  EXPECT_TRUE(absl::IsNotFound(handler_->Resolve({x.id}, Keep::kA, {}, nullptr).status()));

  // One that no longer exists goes away with the next sync.
  Side("Notes", 'b').Write("y.txt", "mine");
  EXPECT_EQ(Name(Sync().result), "done");
  EXPECT_TRUE(handler_->Conflicts(std::nullopt)->empty());
}

TEST_F(Session, AConflictThatChangedSinceItWasShownStaysOpen) {
  Add("Notes");
  Side("Notes", 'a').Write("x.txt", "mine");
  Side("Notes", 'b').Write("x.txt", "yours");
  Sync();
  const int64_t id = handler_->Conflicts("Notes")->at(0).id;
  Side("Notes", 'b').Write("x.txt", "edited since");
  auto report = handler_->Resolve({id}, Keep::kA, {}, nullptr);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(Side("Notes", 'b').Read("x.txt"), "edited since");
  auto conflict = handler_->Conflict(id);
  ASSERT_TRUE(conflict.ok()) << conflict.status();
  EXPECT_EQ(conflict->decision, "");
  EXPECT_EQ(conflict->b.size, 12U);
}

TEST_F(Session, ADryRunTellsThePlanAndChangesNothing) {
  Add("Notes");
  Side("Notes", 'a').Write("x.txt", "from a");
  Watcher watcher;
  SyncOptions options;
  options.dry_run = true;
  const SessionReport report = Sync({}, &watcher, options);
  EXPECT_EQ(report.session, 0);
  ASSERT_EQ(watcher.plan.size(), 1U);
  EXPECT_EQ(watcher.plan[0].second.action, "create");
  EXPECT_EQ(watcher.plan[0].second.record, "x.txt");
  EXPECT_FALSE(Side("Notes", 'b').Exists("x.txt"));
  EXPECT_EQ(handler_->Item("Notes")->last_result, "");
  EXPECT_EQ(*handler_->CountEvents({}), 0);
}

TEST_F(Session, ItemsAddedMeanwhileAreDiscovered) {
  Add("First");
  Side("First", 'a').Write("slow.txt", "long enough for another item to be added");
  Watcher watcher;
  bool added = false;
  watcher.answer = [&](const ProgressSnapshot& s) {
    if (s.name != "First") return CancelRequest::kNone;
    if (!added) AddUnchecked(1);
    added = true;
    return CancelRequest::kItem;
  };
  const SessionReport report = Sync({}, &watcher);
  ASSERT_EQ(report.items.size(), 2U);
  EXPECT_EQ(report.items[1].name, "Item 1");
  ASSERT_EQ(watcher.discovered.size(), 1U);
  EXPECT_EQ(watcher.discovered[0].name, "Item 1");
  EXPECT_EQ(watcher.finals.size(), 3U);
  EXPECT_EQ(watcher.finals[""].at(0).items_total, 2);
}

TEST_F(Session, DisabledItemsAreLeftOutAndRefusedByName) {
  Add("Notes");
  ASSERT_TRUE(handler_->EnableItem("Notes", false).ok());
  EXPECT_TRUE(Sync().items.empty());
  auto named = handler_->Synchronize({"Notes"}, {}, nullptr);
  EXPECT_TRUE(absl::IsFailedPrecondition(named.status()));
  EXPECT_NE(named.status().message().find("syncline enable"), std::string::npos);
  EXPECT_TRUE(absl::IsNotFound(handler_->Synchronize({"Nobody"}, {}, nullptr).status()));
}

TEST_F(Session, AnItemThatIsSyncedElsewhereIsBusyAndStays) {
  const SyncItem item = Add("Notes");
  Sync();
  auto lock = platform::LockFile::Acquire(home_ + "/items/" + item.id + "/lock", "another program");
  ASSERT_TRUE(lock.ok()) << lock.status();
  EXPECT_EQ(Name(Sync().result), "busy");
  const absl::Status removed = handler_->RemoveItem("Notes");
  EXPECT_TRUE(absl::IsFailedPrecondition(removed)) << removed;
  EXPECT_NE(removed.message().find("another program"), std::string::npos);
}

TEST_F(Session, RemovingAnItemForgetsItsStateAndLeavesItsData) {
  const SyncItem item = Add("Notes");
  Side("Notes", 'a').Write("x.txt", "data");
  Sync();
  EXPECT_TRUE(std::filesystem::exists(home_ + "/items/" + item.id));
  ASSERT_TRUE(handler_->RemoveItem("notes").ok());
  EXPECT_FALSE(std::filesystem::exists(home_ + "/items/" + item.id));
  EXPECT_EQ(Side("Notes", 'b').Read("x.txt"), "data");
  EXPECT_TRUE(absl::IsNotFound(handler_->Item("Notes").status()));
}

TEST_F(Session, TwoHundredItemsEndExactlyOnceAndSnapshotsAreFew) {
  constexpr int kItems = 200;
  AddUnchecked(kItems);
  Watcher watcher;
  const SessionReport report = Sync({}, &watcher);
  EXPECT_EQ(Name(report.result), "done");
  EXPECT_EQ(report.items.size(), size_t{kItems});
  EXPECT_EQ(watcher.finals.size(), size_t{kItems} + 1);
  for (const auto& [item, finals] : watcher.finals) EXPECT_EQ(finals.size(), 1U) << item;
  for (const auto& [item, times] : watcher.times) EXPECT_LE(watcher.MostInASecond(item), 30);
  const ProgressSnapshot& whole = watcher.finals[""].at(0);
  EXPECT_EQ(whole.items_done, kItems);
  EXPECT_EQ(whole.items_total, kItems);
}

TEST_F(Session, ProgressOfALongTurnIsSmoothAndEndsInTotals) {
  Add("Slow");
  Side("Slow", 'a').Write("slow.txt", "0123456789");
  Watcher watcher;
  bool saw_record = false;
  watcher.answer = [&](const ProgressSnapshot& s) {
    saw_record = saw_record || (s.state == ProgressSnapshot::State::kRunning &&
                                s.current.find("slow.txt") != std::string::npos);
    return CancelRequest::kNone;
  };
  const SessionReport report = Sync({}, &watcher);
  EXPECT_EQ(Name(report.result), "done");
  EXPECT_TRUE(saw_record);
  EXPECT_LE(watcher.MostInASecond(report.items[0].item), 30);
  EXPECT_LE(watcher.MostInASecond(""), 30);
}

}  // namespace
}  // namespace syncline::testing
