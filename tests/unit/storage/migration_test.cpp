// Migrations: with made-up versions, and from the stored files of versions that people have.
#include <sqlite3.h>

#include <map>
#include <string>
#include <thread>

#include "storage/schema.h"
#include "tests/unit/storage/scratch.h"

namespace syncline::storage {
namespace {

constexpr char kOne[] =
    "CREATE TABLE owners (name TEXT PRIMARY KEY) STRICT;"
    "CREATE TABLE cats (id INTEGER PRIMARY KEY, owner TEXT NOT NULL REFERENCES owners (name) "
    "ON DELETE CASCADE) STRICT;";
constexpr char kTwo[] = "ALTER TABLE cats ADD COLUMN colour TEXT NOT NULL DEFAULT 'grey';";
// Rebuilds a table that others refer to; with enforced references it would empty cats.
constexpr char kThree[] =
    "CREATE TABLE new_owners (name TEXT PRIMARY KEY COLLATE NOCASE) STRICT;"
    "INSERT INTO new_owners SELECT name FROM owners; DROP TABLE owners;"
    "ALTER TABLE new_owners RENAME TO owners;";
constexpr char kThreeFailing[] =
    "CREATE TABLE half_done (a INTEGER) STRICT; INSERT INTO cats VALUES (1, 'ada', 'black');";
constexpr char kThreeBreaking[] = "DELETE FROM owners;";

constexpr SchemaFile kUpTo1[] = {
    {"other_007", "SELECT no_such_function()"}, {"zoo_001", kOne}, {nullptr, nullptr}};
constexpr SchemaFile kUpTo2[] = {{"zoo_001", kOne}, {"zoo_002", kTwo}, {nullptr, nullptr}};
constexpr SchemaFile kUpTo3[] = {
    {"zoo_001", kOne}, {"zoo_002", kTwo}, {"zoo_003", kThree}, {nullptr, nullptr}};
constexpr SchemaFile kFailing3[] = {
    {"zoo_001", kOne}, {"zoo_002", kTwo}, {"zoo_003", kThreeFailing}, {nullptr, nullptr}};
constexpr SchemaFile kBreaking3[] = {
    {"zoo_001", kOne}, {"zoo_002", kTwo}, {"zoo_003", kThreeBreaking}, {nullptr, nullptr}};

absl::StatusOr<Database> OpenZoo(const std::string& path, const SchemaFile* schema) {
  return Database::Open(path, {.kind = "zoo", .schema = schema});
}

class Migration : public StorageTest {
 protected:
  void SetUp() override {
    absl::StatusOr<Database> db = OpenZoo(path_, kUpTo1);
    ASSERT_TRUE(db.ok()) << db.status();
    ASSERT_TRUE(
        db->Execute("INSERT INTO owners VALUES ('ada'); INSERT INTO cats VALUES (1, 'ada')").ok());
  }
  std::string path_ = scratch_.File("zoo.db");
};

TEST_F(Migration, RunsOnlyTheStepsThatAreMissing) {
  {
    absl::StatusOr<Database> db = OpenZoo(path_, kUpTo2);
    ASSERT_TRUE(db.ok()) << db.status();
    EXPECT_EQ(Number(*db, "PRAGMA user_version"), 2);
    EXPECT_EQ(Column(*db, "SELECT colour FROM cats"), std::vector<std::string>{"grey"});
  }
  ASSERT_TRUE(OpenZoo(path_, kUpTo2).ok());
}

TEST_F(Migration, MayRebuildATableThatOthersReferTo) {
  absl::StatusOr<Database> db = OpenZoo(path_, kUpTo3);
  ASSERT_TRUE(db.ok()) << db.status();
  EXPECT_EQ(Number(*db, "SELECT count(*) FROM cats"), 1);
  EXPECT_EQ(Number(*db, "PRAGMA foreign_keys"), 1);
  ASSERT_TRUE(db->Execute("DELETE FROM owners").ok());
  EXPECT_EQ(Number(*db, "SELECT count(*) FROM cats"), 0);
}

TEST_F(Migration, ThatFailsLeavesTheOldVersion) {
  for (const SchemaFile* schema : {kFailing3, kBreaking3}) {
    absl::Status status = OpenZoo(path_, schema).status();
    EXPECT_FALSE(status.ok());
    EXPECT_TRUE(Mentions(status, path_)) << status;
    absl::StatusOr<Database> db = OpenZoo(path_, kUpTo1);
    ASSERT_TRUE(db.ok()) << db.status();
    EXPECT_EQ(Number(*db, "PRAGMA user_version"), 1);
    EXPECT_EQ(Column(*db, "SELECT name FROM sqlite_schema WHERE type = 'table'"),
              (std::vector<std::string>{"owners", "cats"}));
    EXPECT_EQ(Number(*db, "SELECT count(*) FROM pragma_table_info('cats')"), 2);
    EXPECT_EQ(Column(*db, "SELECT owner FROM cats"), std::vector<std::string>{"ada"});
  }
  EXPECT_TRUE(OpenZoo(path_, kUpTo3).ok());
}

TEST_F(Migration, SaysThatAFailedStepWasTakenBack) {
  absl::Status status = OpenZoo(path_, kFailing3).status();
  EXPECT_TRUE(absl::IsInternal(status)) << status;
  EXPECT_TRUE(Mentions(status, "from schema 1 to 3")) << status;
  EXPECT_TRUE(Mentions(status, "the file is as it was")) << status;
}

TEST_F(Migration, IsNeverBackwards) {
  ASSERT_TRUE(OpenZoo(path_, kUpTo3).ok());
  const std::string before = ReadFile(path_);
  absl::Status status = OpenZoo(path_, kUpTo2).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_EQ(std::string(status.message()),
            "This data folder was written by a newer Syncline (schema 3; this one knows 2). "
            "Install the newer version; nothing was changed.");
  EXPECT_EQ(ReadFile(path_), before);
}

TEST_F(Migration, RunsOnceWhenSeveralOpenAtOnce) {
  std::vector<std::thread> threads;
  std::vector<absl::Status> results(6);
  for (absl::Status& result : results) {
    threads.emplace_back([&result, this] { result = OpenZoo(path_, kUpTo3).status(); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const absl::Status& result : results) EXPECT_TRUE(result.ok()) << result;
}

// ---- Stored files -------------------------------------------------------------------------------

class StoredVersion1 : public StorageTest {
 protected:
  void SetUp() override {
    const std::string dump = ReadFile(std::string(SYNCLINE_TEST_DATA) + "/syncline_v1.sql");
    ASSERT_FALSE(dump.empty());
    sqlite3* raw = nullptr;
    ASSERT_EQ(sqlite3_open(MainPath().c_str(), &raw), SQLITE_OK);
    char* error = nullptr;
    ASSERT_EQ(sqlite3_exec(raw, dump.c_str(), nullptr, nullptr, &error), SQLITE_OK) << error;
    sqlite3_stmt* tables = nullptr;
    sqlite3_prepare_v2(raw, "SELECT name FROM sqlite_schema WHERE type = 'table'", -1, &tables,
                       nullptr);
    while (sqlite3_step(tables) == SQLITE_ROW) {
      const std::string name = reinterpret_cast<const char*>(sqlite3_column_text(tables, 0));
      sqlite3_stmt* count = nullptr;
      sqlite3_prepare_v2(raw, ("SELECT count(*) FROM " + name).c_str(), -1, &count, nullptr);
      sqlite3_step(count);
      rows_[name] = sqlite3_column_int64(count, 0);
      sqlite3_finalize(count);
    }
    sqlite3_finalize(tables);
    sqlite3_close(raw);
  }
  std::map<std::string, int64_t> rows_;
};

TEST_F(StoredVersion1, KeepsEveryRow) {
  Database db = OpenMain();
  ASSERT_GE(rows_.size(), 12u);
  for (const auto& [table, rows] : rows_) {
    EXPECT_GT(rows, 0) << table << " is empty in the stored file";
    EXPECT_EQ(Number(db, "SELECT count(*) FROM " + table), rows) << table;
  }
  EXPECT_EQ(Column(db, "PRAGMA integrity_check"), std::vector<std::string>{"ok"});
}

TEST_F(StoredVersion1, IsReadAsItWasWritten) {
  Database db = OpenMain();
  EXPECT_EQ(InfoTable(&db).Get("9.9", 9)->uuid, "00112233445566778899aabbccddeeff");
  absl::StatusOr<ItemRow> item = ItemTable(&db).Find("photos");
  ASSERT_TRUE(item.ok()) << item.status();
  EXPECT_EQ(item->name, "F\xc3\xbcr Oma");
  EXPECT_EQ(item->direction, "mirror");
  EXPECT_EQ(item->conflict_policy, "newer");
  EXPECT_FALSE(item->enabled);
  EXPECT_EQ(item->filters, (std::vector<std::string>{"*.tmp", "!keep.tmp"}));
  EXPECT_EQ(item->settings, (std::map<std::string, std::string>{{"hard_links", "keep"}}));
  EXPECT_EQ(LibraryTable(&db).All()->at(1).manifest, "{\"id\":\"folders\"}");
  EXPECT_EQ(LibraryTable(&db).FailuresOf("ffee")->count, 2);
  EXPECT_EQ(LibraryTable(&db).RecordCrashes("photos")->at(std::string("a:\xff\n", 4)), 1);
  EXPECT_EQ(SessionTable(&db).Latest(9)->at(0).items.size(), 2u);
  absl::StatusOr<std::vector<ConflictRow>> conflicts = ConflictTable(&db).Find(std::nullopt);
  ASSERT_EQ(conflicts->size(), 2u);
  EXPECT_EQ(conflicts->at(0).key, std::string("todo\0\xff", 6));
  EXPECT_EQ(conflicts->at(1).decision, "b");
  absl::StatusOr<std::vector<EventRow>> events =
      EventTable(&db).Find({.min_level = Level::kWarning});
  ASSERT_EQ(events->size(), 2u);
  EXPECT_EQ(events->at(0).text, "It's full; 'quoted' \xe2\x80\x93 and\ntwo lines");
}

TEST_F(StoredVersion1, IsWhatTheFirstSchemaFileMakes) {
  // A schema file never changes once people have databases made by it: a change is a new file.
  std::vector<SchemaFile> first;
  for (const SchemaFile* file = kSchemaFiles; file->name != nullptr; ++file) {
    if (std::string(file->name) == "syncline_001") first.push_back(*file);
  }
  ASSERT_EQ(first.size(), 1u);
  first.push_back({nullptr, nullptr});
  absl::StatusOr<Database> fresh =
      Database::Open(scratch_.File("fresh.db"), {.kind = "syncline", .schema = first.data()});
  ASSERT_TRUE(fresh.ok());
  absl::StatusOr<Database> stored =
      Database::Open(MainPath(), {.kind = "syncline", .schema = first.data()});
  ASSERT_TRUE(stored.ok());
  constexpr char kTables[] = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name";
  EXPECT_EQ(Column(*stored, kTables), Column(*fresh, kTables));
}

}  // namespace
}  // namespace syncline::storage
