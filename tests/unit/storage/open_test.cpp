// Opening: settings, files that are missing, damaged, foreign, locked, full or write-protected.
#include <sqlite3.h>
#ifdef __linux__
#include <sys/fsuid.h>
#include <unistd.h>
#endif

#include <string>

#include "tests/unit/storage/scratch.h"

namespace syncline::storage {
namespace {

using Open = StorageTest;

absl::Status TryOpen(const std::string& path, bool create = true) {
  return Database::Open(path, {.kind = "syncline", .create = create}).status();
}

void Overwrite(const std::string& path, std::streamoff at, const std::string& bytes) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(at);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

TEST_F(Open, SetsWhatTheFileAndTheConnectionNeed) {
  Database db = OpenMain();
  EXPECT_EQ(Column(db, "PRAGMA journal_mode"), std::vector<std::string>{"wal"});
  EXPECT_EQ(Number(db, "PRAGMA application_id"), 0x53594E43);
  EXPECT_EQ(Number(db, "PRAGMA user_version"), 1);
  EXPECT_EQ(Number(db, "PRAGMA foreign_keys"), 1);
  EXPECT_EQ(Number(db, "PRAGMA synchronous"), 1);
  EXPECT_EQ(Number(db, "PRAGMA trusted_schema"), 0);
  EXPECT_EQ(Number(db, "PRAGMA busy_timeout"), 10000);
  EXPECT_EQ(Number(db, "PRAGMA cache_size"), -2048);
  EXPECT_EQ(db.path(), MainPath());
  absl::StatusOr<Database> durable =
      Database::Open(MainPath(), {.kind = "syncline", .durable = true, .cache_bytes = 8 << 20});
  ASSERT_TRUE(durable.ok());
  EXPECT_EQ(Number(*durable, "PRAGMA synchronous"), 2);
  EXPECT_EQ(Number(*durable, "PRAGMA cache_size"), -8192);
}

TEST_F(Open, SaysWhatIsMissing) {
  absl::Status status = TryOpen(MainPath(), false);
  EXPECT_TRUE(absl::IsNotFound(status)) << status;
  EXPECT_TRUE(Mentions(status, "There is no file " + MainPath())) << status;
  EXPECT_FALSE(std::filesystem::exists(MainPath()));

  status = TryOpen(scratch_.File("no/syncline.db"));
  EXPECT_TRUE(absl::IsNotFound(status)) << status;
  EXPECT_TRUE(Mentions(status, "There is no folder " + scratch_.File("no"))) << status;

  status = TryOpen(scratch_.path());
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_TRUE(Mentions(status, "is a folder")) << status;

  std::ofstream(MainPath()).close();
  EXPECT_TRUE(absl::IsNotFound(TryOpen(MainPath(), false)));
  EXPECT_TRUE(TryOpen(MainPath()).ok());
}

TEST_F(Open, RefusesPathsThatMeanSomethingElseToSqlite) {
  EXPECT_TRUE(absl::IsInvalidArgument(TryOpen("")));
  EXPECT_TRUE(absl::IsInvalidArgument(TryOpen(MainPath() + std::string(1, '\0') + "x")));
  EXPECT_TRUE(absl::IsInvalidArgument(Database::Open(MainPath(), {.kind = "unknown"}).status()));
  const std::string odd = scratch_.File("file:x?mode=memory");
  EXPECT_TRUE(TryOpen(odd).ok());
  EXPECT_TRUE(std::filesystem::exists(odd));
}

TEST_F(Open, RefusesADatabaseOfAnotherProgram) {
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open(MainPath().c_str(), &raw), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(raw, "CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)", nullptr,
                         nullptr, nullptr),
            SQLITE_OK);
  sqlite3_close(raw);
  const std::string before = ReadFile(MainPath());
  absl::Status status = TryOpen(MainPath());
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_TRUE(Mentions(status, "another program")) << status;
  EXPECT_EQ(ReadFile(MainPath()), before);
}

TEST_F(Open, TellsADamagedHeaderAndWhatToDo) {
  OpenMain();
  Overwrite(MainPath(), 0, std::string(100, 'x'));
  absl::Status status = TryOpen(MainPath());
  ASSERT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_TRUE(Mentions(status, MainPath())) << status;
  EXPECT_TRUE(Mentions(status, "sync items must then be added again")) << status;
  EXPECT_TRUE(Mentions(status, "the synced data is not touched")) << status;
}

TEST_F(Open, TellsATextFile) {
  std::ofstream(MainPath()) << std::string(3000, 'a');
  EXPECT_TRUE(absl::IsDataLoss(TryOpen(MainPath())));
}

TEST_F(Open, LeavesADamagedPageToTheReaderWhoGetsDataLoss) {
  {
    Database db = OpenMain();
    std::vector<EventRow> events(5000);
    for (EventRow& event : events) event.text = std::string(100, 't');
    ASSERT_TRUE(EventTable(&db).Append(events).ok());
  }
  // The log is gone after the last close, so the pages stand in the file itself.
  const auto size = static_cast<int64_t>(std::filesystem::file_size(MainPath()));
  Overwrite(MainPath(), size / 2 / 4096 * 4096, std::string(8192, '\xee'));
  absl::StatusOr<Database> db = Database::Open(MainPath(), {.kind = "syncline"});
  ASSERT_TRUE(db.ok()) << db.status();
  absl::StatusOr<std::vector<EventRow>> found = EventTable(&*db).Find({.limit = 10000});
  ASSERT_TRUE(absl::IsDataLoss(found.status())) << found.status();
  EXPECT_TRUE(Mentions(found.status(), MainPath()));
  EXPECT_TRUE(Mentions(found.status(), "sync items must then be added again")) << found.status();
}

TEST_F(Open, TellsATruncatedFile) {
  OpenMain();
  std::filesystem::resize_file(MainPath(), 4096 * 3);
  absl::StatusOr<Database> db = Database::Open(MainPath(), {.kind = "syncline"});
  absl::Status status = db.ok() ? EventTable(&*db).Find({}).status() : db.status();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
}

TEST_F(Open, GivesAnErrorThatANewTryMayCureWhenAnotherProcessKeepsTheLock) {
  Database holder = OpenMain();
  absl::StatusOr<Transaction> lock = Transaction::Begin(holder);
  ASSERT_TRUE(lock.ok());
  absl::StatusOr<Database> db = Database::Open(MainPath(), {.kind = "syncline", .busy_ms = 50});
  ASSERT_TRUE(db.ok()) << db.status();
  absl::Status status = ItemTable(&*db).Insert(MakeItem("a", "A"));
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_TRUE(Mentions(status, "in use by another program")) << status;
}

TEST_F(Open, KeepsAFullDiskFromLosingWhatIsThere) {
  Database db = OpenMain();
  EventTable events(&db);
  ASSERT_TRUE(events.Append(std::vector<EventRow>(10)).ok());
  const int64_t pages = Number(db, "PRAGMA page_count");
  ASSERT_TRUE(db.Execute("PRAGMA max_page_count = " + std::to_string(pages + 2)).ok());
  EventRow large;
  large.text = std::string(1000, 'x');
  absl::Status status = events.Append(std::vector<EventRow>(500, large));
  ASSERT_TRUE(absl::IsResourceExhausted(status)) << status;
  EXPECT_TRUE(Mentions(status, "Free some space")) << status;
  EXPECT_EQ(*events.Count({}), 10);
  ASSERT_TRUE(db.Execute("PRAGMA max_page_count = 100000").ok());
  EXPECT_TRUE(events.Append(std::vector<EventRow>(500, large)).ok());
  EXPECT_EQ(*events.Count({}), 510);
}

#ifdef __linux__
// Root may write anywhere; for file access alone this thread becomes another user meanwhile.
class AsNobody {
 public:
  AsNobody() { setfsuid(65534); }
  ~AsNobody() { setfsuid(geteuid()); }
};

TEST_F(Open, TellsAWriteProtectedFolderOrFile) {
  namespace fs = std::filesystem;
  OpenMain();
  fs::permissions(scratch_.path(), fs::perms(0555));
  fs::permissions(MainPath(), fs::perms(0444));
  absl::Status in_folder, file, hidden;
  {
    AsNobody nobody;
    in_folder = TryOpen(scratch_.File("new.db"));
    file = TryOpen(MainPath());
  }
  fs::permissions(MainPath(), fs::perms(0));
  {
    AsNobody nobody;
    hidden = TryOpen(MainPath());
  }
  fs::permissions(scratch_.path(), fs::perms(0755));
  EXPECT_TRUE(absl::IsPermissionDenied(in_folder)) << in_folder;
  EXPECT_TRUE(Mentions(in_folder, "no file can be created")) << in_folder;
  EXPECT_TRUE(absl::IsPermissionDenied(file)) << file;
  EXPECT_TRUE(Mentions(file, MainPath())) << file;
  EXPECT_TRUE(absl::IsPermissionDenied(hidden)) << hidden;
  EXPECT_TRUE(TryOpen(MainPath()).ok() || geteuid() != 0);
}

TEST_F(Open, TellsAWritableFileInAWriteProtectedFolder) {
  namespace fs = std::filesystem;
  OpenMain();
  fs::permissions(MainPath(), fs::perms(0666));
  fs::permissions(scratch_.path(), fs::perms(0555));
  absl::Status status;
  {
    AsNobody nobody;
    status = TryOpen(MainPath());
  }
  fs::permissions(scratch_.path(), fs::perms(0755));
  EXPECT_TRUE(absl::IsPermissionDenied(status)) << status;
}
#endif

}  // namespace
}  // namespace syncline::storage
