// Sync items, their settings and filters.
#include <string>

#include "tests/unit/storage/scratch.h"

namespace syncline::storage {
namespace {

class Items : public StorageTest {
 protected:
  Database db_ = OpenMain();
  ItemTable items_{&db_};
};

TEST_F(Items, AreReadAsTheyWereWritten) {
  ItemRow item = MakeItem("notes", "My notes");
  item.enabled = false;
  item.direction = "add";
  item.conflict_policy = "both";
  item.created_ns = 1234567890123456789;
  item.settings = {{"a", "1"}, {"b", ""}};
  item.filters = {"*.o", "!keep.o", "*.o"};
  ASSERT_TRUE(items_.Insert(item).ok());
  absl::StatusOr<ItemRow> read = items_.Find("notes");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->name, item.name);
  EXPECT_EQ(read->provider, item.provider);
  EXPECT_EQ(read->location_a, item.location_a);
  EXPECT_EQ(read->location_b, item.location_b);
  EXPECT_EQ(read->enabled, item.enabled);
  EXPECT_EQ(read->direction, item.direction);
  EXPECT_EQ(read->conflict_policy, item.conflict_policy);
  EXPECT_EQ(read->created_ns, item.created_ns);
  EXPECT_EQ(read->last_result, "");
  EXPECT_EQ(read->last_sync_ns, 0);
  EXPECT_EQ(read->settings, item.settings);
  EXPECT_EQ(read->filters, item.filters);
}

TEST_F(Items, AreFoundByIdBeforeNameWithoutLetterCase) {
  ASSERT_TRUE(items_.Insert(MakeItem("one", "Two")).ok());
  ASSERT_TRUE(items_.Insert(MakeItem("two", "Other")).ok());
  EXPECT_EQ(items_.Find("ONE")->id, "one");
  EXPECT_EQ(items_.Find("tWo")->id, "two");
  EXPECT_EQ(items_.Find("other")->id, "two");
  absl::Status missing = items_.Find("three").status();
  EXPECT_TRUE(absl::IsNotFound(missing));
  EXPECT_TRUE(Mentions(missing, "three"));
}

TEST_F(Items, AreRefusedWhenIdOrNameIsInUse) {
  ASSERT_TRUE(items_.Insert(MakeItem("one", "First")).ok());
  absl::Status id = items_.Insert(MakeItem("ONE", "Second"));
  EXPECT_TRUE(absl::IsAlreadyExists(id)) << id;
  absl::Status name = items_.Insert(MakeItem("two", "FIRST"));
  EXPECT_TRUE(absl::IsAlreadyExists(name)) << name;
  EXPECT_TRUE(Mentions(name, "\"FIRST\"")) << name;
  EXPECT_EQ(items_.All()->size(), 1u);
}

TEST_F(Items, AreRefusedBeyondTheLimitsOfSyncCenterOrWithUnknownWords) {
  EXPECT_TRUE(absl::IsInvalidArgument(items_.Insert(MakeItem(std::string(64, 'i'), "A"))));
  EXPECT_TRUE(absl::IsInvalidArgument(items_.Insert(MakeItem("a", std::string(128, 'n')))));
  EXPECT_TRUE(absl::IsInvalidArgument(items_.Insert(MakeItem("", "A"))));
  ItemRow item = MakeItem("a", "A");
  item.direction = "sideways";
  EXPECT_TRUE(absl::IsInvalidArgument(items_.Insert(item)));
  item = MakeItem("a", "A");
  item.conflict_policy = "dice";
  EXPECT_TRUE(absl::IsInvalidArgument(items_.Insert(item)));
  EXPECT_TRUE(items_.All()->empty());
  EXPECT_TRUE(items_.Insert(MakeItem(std::string(63, 'i'), std::string(127, 'n'))).ok());
}

TEST_F(Items, AreListedByName) {
  for (const char* name : {"b", "C", "a"}) {
    ASSERT_TRUE(items_.Insert(MakeItem(std::string("id_") + name, name)).ok());
  }
  absl::StatusOr<std::vector<ItemRow>> all = items_.All();
  ASSERT_EQ(all->size(), 3u);
  EXPECT_EQ(all->at(0).name, "a");
  EXPECT_EQ(all->at(1).name, "b");
  EXPECT_EQ(all->at(2).name, "C");
}

TEST_F(Items, ChangeAllButIdAndHistory) {
  ItemRow item = MakeItem("one", "First");
  item.settings = {{"old", "1"}};
  item.filters = {"x", "y"};
  ASSERT_TRUE(items_.Insert(item).ok());
  ASSERT_TRUE(items_.SetLastResult("one", "done", 77).ok());
  ItemRow changed = MakeItem("ONE", "first");
  changed.created_ns = 999;
  changed.last_result = "ignored";
  changed.settings = {{"new", "2"}};
  changed.filters = {"z"};
  changed.direction = "mirror";
  ASSERT_TRUE(items_.Update(changed).ok());
  absl::StatusOr<ItemRow> read = items_.Find("one");
  EXPECT_EQ(read->id, "one");
  EXPECT_EQ(read->name, "first");
  EXPECT_EQ(read->created_ns, 1);
  EXPECT_EQ(read->last_result, "done");
  EXPECT_EQ(read->last_sync_ns, 77);
  EXPECT_EQ(read->settings, changed.settings);
  EXPECT_EQ(read->filters, changed.filters);
  EXPECT_EQ(read->direction, "mirror");
}

TEST_F(Items, StayAsTheyAreWhenAChangeIsRefused) {
  ItemRow item = MakeItem("one", "First");
  item.filters = {"x"};
  ASSERT_TRUE(items_.Insert(item).ok());
  ASSERT_TRUE(items_.Insert(MakeItem("two", "Second")).ok());
  item.filters = {};
  item.name = "second";
  EXPECT_TRUE(absl::IsAlreadyExists(items_.Update(item)));
  item.name = "First";
  item.conflict_policy = "dice";
  EXPECT_TRUE(absl::IsInvalidArgument(items_.Update(item)));
  EXPECT_EQ(items_.Find("one")->filters, std::vector<std::string>{"x"});
  EXPECT_TRUE(absl::IsNotFound(items_.Update(MakeItem("three", "Third"))));
}

TEST_F(Items, AreEnabledAndDisabled) {
  ASSERT_TRUE(items_.Insert(MakeItem("one", "First")).ok());
  ASSERT_TRUE(items_.SetEnabled("One", false).ok());
  EXPECT_FALSE(items_.Find("one")->enabled);
  ASSERT_TRUE(items_.SetEnabled("one", false).ok());
  ASSERT_TRUE(items_.SetEnabled("one", true).ok());
  EXPECT_TRUE(items_.Find("one")->enabled);
  EXPECT_TRUE(absl::IsNotFound(items_.SetEnabled("two", true)));
  EXPECT_TRUE(absl::IsNotFound(items_.SetLastResult("two", "done", 1)));
}

TEST_F(Items, TakeTheirDetailsAlongWhenRemovedAndLeaveTheHistory) {
  ItemRow item = MakeItem("one", "First");
  item.settings = {{"k", "v"}};
  item.filters = {"x"};
  ASSERT_TRUE(items_.Insert(item).ok());
  ASSERT_TRUE(LibraryTable(&db_).AddRecordCrash("one", "a:r", 1).ok());
  ASSERT_TRUE(ConflictTable(&db_).Put({.item = "one", .key = "r"}).ok());
  const int64_t session = *SessionTable(&db_).Begin(1, 1);
  ASSERT_TRUE(SessionTable(&db_).PutItem(session, {.item = "one", .result = "done"}).ok());
  ASSERT_TRUE(EventTable(&db_).Append({{.session = session, .item = "one", .name = "n"}}).ok());
  ASSERT_TRUE(items_.Remove("ONE").ok());
  for (const char* table :
       {"items", "item_settings", "item_filters", "record_crashes", "conflicts"}) {
    EXPECT_EQ(Number(db_, std::string("SELECT count(*) FROM ") + table), 0) << table;
  }
  EXPECT_EQ(*EventTable(&db_).Count({.item = "one"}), 1);
  EXPECT_EQ(SessionTable(&db_).Latest(1)->at(0).items.size(), 1u);
  EXPECT_TRUE(absl::IsNotFound(items_.Remove("one")));
}

TEST(Info, IsMadeOnceAndStays) {
  Scratch scratch;
  absl::StatusOr<Database> db = Database::Open(scratch.File("a.db"), {.kind = "syncline"});
  absl::StatusOr<InfoRow> first = InfoTable(&*db).Get("0.1.0", 5);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->uuid.size(), 32u);
  EXPECT_EQ(first->created_ns, 5);
  EXPECT_EQ(first->created_by, "0.1.0");
  absl::StatusOr<InfoRow> second = InfoTable(&*db).Get("0.2.0", 6);
  EXPECT_EQ(second->uuid, first->uuid);
  EXPECT_EQ(second->created_by, "0.1.0");
  absl::StatusOr<Database> other = Database::Open(scratch.File("b.db"), {.kind = "syncline"});
  EXPECT_NE(InfoTable(&*other).Get("0.1.0", 5)->uuid, first->uuid);
}

}  // namespace
}  // namespace syncline::storage
