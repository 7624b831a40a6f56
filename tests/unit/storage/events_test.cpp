// The event history: filters, pages, the indexes behind them, pruning.
#include <optional>
#include <set>
#include <string>

#include "storage/event_sql.h"
#include "tests/unit/storage/scratch.h"

namespace syncline::storage {
namespace {

class Events : public StorageTest {
 protected:
  Database db_ = OpenMain();
  EventTable events_{&db_};
};

EventRow Event(Level level, int64_t session, const std::string& item, int64_t time_ns) {
  EventRow event;
  event.level = level;
  event.session = session;
  event.item = item;
  event.time_ns = time_ns;
  event.provider = "folders";
  event.record = "some/folder/record.txt";
  event.name = "updated";
  event.text = "Side B was brought in step.";
  return event;
}

std::string Describe(const EventQuery& q) {
  return std::string(q.item ? "item " : "") + (q.session ? "session " : "") + "level " +
         std::to_string(static_cast<int>(q.min_level)) + " before " + std::to_string(q.before_id);
}

// Every combination of filters; with the values that are given.
std::vector<EventQuery> AllFilters(const std::string& item, int64_t session) {
  std::vector<EventQuery> queries;
  for (const bool by_item : {false, true}) {
    for (const bool by_session : {false, true}) {
      for (const Level level : {Level::kInformation, Level::kWarning, Level::kError}) {
        EventQuery query;
        if (by_item) query.item = item;
        if (by_session) query.session = session;
        query.min_level = level;
        queries.push_back(query);
      }
    }
  }
  return queries;
}

TEST_F(Events, AreReadAsTheyWereWritten) {
  EventRow event = Event(Level::kError, 7, "notes", 123);
  ASSERT_TRUE(events_.Append({event, Event(Level::kInformation, 0, "", 124)}).ok());
  absl::StatusOr<std::optional<EventRow>> read = events_.Get(1);
  ASSERT_TRUE(read.ok() && read->has_value()) << read.status();
  EXPECT_EQ((*read)->id, 1);
  EXPECT_EQ((*read)->time_ns, 123);
  EXPECT_EQ((*read)->level, Level::kError);
  EXPECT_EQ((*read)->session, 7);
  EXPECT_EQ((*read)->item, "notes");
  EXPECT_EQ((*read)->provider, event.provider);
  EXPECT_EQ((*read)->record, event.record);
  EXPECT_EQ((*read)->name, event.name);
  EXPECT_EQ((*read)->text, event.text);
  EXPECT_FALSE(events_.Get(3)->has_value());
  EXPECT_TRUE(events_.Append({}).ok());
}

TEST_F(Events, OfABatchAreStoredAllOrNone) {
  EventRow wrong = Event(static_cast<Level>(9), 1, "a", 1);
  EXPECT_TRUE(absl::IsInvalidArgument(events_.Append({Event(Level::kError, 1, "a", 1), wrong})));
  EXPECT_EQ(*events_.Count({}), 0);
  EXPECT_TRUE(events_.Append({Event(Level::kError, 1, "a", 1)}).ok());
}

TEST_F(Events, AreRemovedByIdAndTheirIdsNotUsedAgain) {
  ASSERT_TRUE(events_.Append(std::vector<EventRow>(3)).ok());
  ASSERT_TRUE(events_.Remove({1, 3, 99}).ok());
  ASSERT_TRUE(events_.Remove({}).ok());
  ASSERT_TRUE(events_.Append(std::vector<EventRow>(1)).ok());
  absl::StatusOr<std::vector<EventRow>> left = events_.Find({});
  ASSERT_EQ(left->size(), 2u);
  EXPECT_EQ(left->at(0).id, 4);
  EXPECT_EQ(left->at(1).id, 2);
}

TEST_F(Events, AreReadThroughAnIndexForEveryFilter) {
  for (EventQuery query : AllFilters("notes", 3)) {
    for (const int64_t before : {0, 1000}) {
      query.before_id = before;
      for (const std::string& sql : {EventFindSql(query), EventCountSql(query)}) {
        std::string plan;
        absl::StatusOr<Statement> s = db_.Prepare("EXPLAIN QUERY PLAN " + sql);
        ASSERT_TRUE(s.ok()) << s.status();
        while (s->Step()) plan += std::string(s->Text(3)) + "\n";
        ASSERT_FALSE(plan.empty());
        EXPECT_EQ(plan.find("TEMP B-TREE"), std::string::npos) << Describe(query) << "\n" << plan;
        const bool filtered = query.item || query.session || query.min_level != Level::kInformation;
        if (filtered) {
          EXPECT_EQ(plan.find("SCAN events"), std::string::npos) << Describe(query) << "\n" << plan;
        }
        // The index must serve all that the query names, so that a rare match is not looked for row
        // by row: only a session's own rows may be filtered.
        const bool level = query.min_level != Level::kInformation;
        const char* index = query.item && level ? "events_by_item_level (item=? AND level=?"
                            : query.item        ? "events_by_item (item=?"
                            : level             ? "events_by_level (level=?"
                            : query.session     ? "events_by_session (session=?"
                                                : "events";
        EXPECT_NE(plan.find(index), std::string::npos) << Describe(query) << "\n" << plan;
        if (query.session && (query.item || level)) {
          EXPECT_NE(plan.find("id>? AND id<?"), std::string::npos) << Describe(query) << "\n"
                                                                   << plan;
        }
      }
    }
  }
}

TEST_F(Events, ArePagedCompletelyAmong200000) {
  constexpr int kRows = 200'000;
  constexpr int kBatch = 5'000;
  // 40 sessions, two at a time, over 10 items; every 50th row a warning, every 500th an error.
  std::vector<EventRow> all;
  all.reserve(kRows);
  for (int i = 0; i < kRows; ++i) {
    const Level level = i % 500 == 0  ? Level::kError
                        : i % 50 == 0 ? Level::kWarning
                                      : Level::kInformation;
    const int64_t session = i / 10'000 * 2 + (i / 7) % 2;
    all.push_back(Event(level, session, "item" + std::to_string((i / 3) % 10), i));
    all.back().text = std::to_string(i);
  }
  for (int i = 0; i < kRows; i += kBatch) {
    ASSERT_TRUE(events_.Append({all.begin() + i, all.begin() + i + kBatch}).ok());
  }
  for (EventQuery query : AllFilters("ITEM7", 21)) {
    std::vector<std::string> expected;
    for (int i = kRows - 1; i >= 0; --i) {
      const EventRow& e = all[static_cast<size_t>(i)];
      if (query.item && e.item != "item7") continue;
      if (query.session && e.session != *query.session) continue;
      if (e.level < query.min_level) continue;
      expected.push_back(e.text);
    }
    EXPECT_EQ(*events_.Count(query), static_cast<int64_t>(expected.size())) << Describe(query);
    std::vector<std::string> found;
    query.limit = static_cast<int>(expected.size() / 4 + 1);
    while (found.size() <= expected.size()) {
      absl::StatusOr<std::vector<EventRow>> page = events_.Find(query);
      ASSERT_TRUE(page.ok()) << page.status();
      for (const EventRow& e : *page) found.push_back(e.text);
      if (page->empty()) break;
      query.before_id = page->back().id;
    }
    EXPECT_TRUE(found == expected)
        << Describe(query) << ": " << found.size() << " instead of " << expected.size();
  }
}

TEST_F(Events, OfAnUnknownSessionOrItemAreNone) {
  ASSERT_TRUE(events_.Append({Event(Level::kError, 1, "a", 1)}).ok());
  for (const EventQuery& query : AllFilters("b", 9)) {
    if (!query.item && !query.session) continue;
    EXPECT_EQ(events_.Find(query)->size(), 0u) << Describe(query);
    EXPECT_EQ(*events_.Count(query), 0) << Describe(query);
  }
  EXPECT_EQ(events_.Find({.limit = 0})->size(), 0u);
  EXPECT_EQ(events_.Find({.limit = -1})->size(), 0u);
}

TEST_F(Events, ThatAreOldArePrunedAlsoWhenTheClockWasSetBack) {
  std::vector<EventRow> rows;
  for (int i = 0; i < 5000; ++i) rows.push_back(Event(Level::kInformation, 1, "a", i));
  rows[10].time_ns = 9'000'000;  // written while the clock was ahead
  rows[4500].time_ns = 100;      // written after it was set back
  ASSERT_TRUE(events_.Append(rows).ok());
  ASSERT_TRUE(events_.Prune(4000).ok());
  EXPECT_EQ(*events_.Count({}), 1000);
  EXPECT_TRUE(events_.Get(11)->has_value());
  EXPECT_FALSE(events_.Get(4501)->has_value());
  EXPECT_FALSE(events_.Get(4000)->has_value());
  EXPECT_TRUE(events_.Get(4001)->has_value());
  ASSERT_TRUE(events_.Prune(INT64_MAX).ok());
  EXPECT_EQ(*events_.Count({}), 0);
  EXPECT_TRUE(events_.Prune(INT64_MAX).ok());
}

}  // namespace
}  // namespace syncline::storage
