// A SQLite database file with a schema version, and prepared statements on it.
//
//   absl::StatusOr<Database> db = Database::Open(path, {.kind = "syncline"});
//   absl::StatusOr<Statement> s = db->Prepare("SELECT name FROM items WHERE id = ?1");
//   s->Bind(1, "notes");
//   while (s->Step()) Use(s->Text(0));
//   if (!s->status().ok()) ...
//
// A Database and its statements are used by one thread at a time; several processes and threads may
// each have one on the same file (WAL, busy timeout 10 s).
//
// Errors: NotFound; FailedPrecondition with a sentence when the file has a newer schema; DataLoss
// when it is damaged or no database; ResourceExhausted on a full disk; Unavailable when another
// process keeps it locked or the disk fails; PermissionDenied; AlreadyExists when a UNIQUE column
// refuses; InvalidArgument when another constraint does. All messages name the file.
#ifndef SYNCLINE_STORAGE_DATABASE_H_
#define SYNCLINE_STORAGE_DATABASE_H_

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

struct sqlite3;
struct sqlite3_stmt;

namespace syncline::storage {

struct SchemaFile;

// Marks an argument of Database::Run or Query that goes into a BLOB column.
struct AsBlob {
  std::string_view bytes;
};

class Statement {
 public:
  Statement() = default;
  Statement(Statement&&) noexcept = default;
  Statement& operator=(Statement&&) noexcept = default;

  // Parameters count from 1. The bytes must live until the next Reset or Step to the end. Binding
  // while rows are left starts anew. An error shows at the next Step.
  void Bind(int index, int64_t value);
  template <std::integral T>
  void Bind(int index, T value) {
    Bind(index, static_cast<int64_t>(value));
  }
  void Bind(int index, double value);
  void Bind(int index, std::string_view text);
  void Bind(int index, AsBlob value) { BindBlob(index, value.bytes); }
  void BindBlob(int index, std::string_view bytes);
  void BindNull(int index);

  // True: a row is there. False: the end or an error, see status(). Resets at the end by itself.
  bool Step();
  // Steps to the end and resets; for statements without rows.
  absl::Status Run();
  void Reset();
  const absl::Status& status() const { return status_; }

  // Columns count from 0; valid until the next Step.
  int64_t Int(int column) const;
  double Real(int column) const;
  std::string_view Text(int column) const;
  std::string_view Blob(int column) const;
  bool IsNull(int column) const;

 private:
  friend class Database;
  void Bound(int code);
  bool Failed(int code);
  struct Finalizer {
    void operator()(sqlite3_stmt* s) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalizer> stmt_;
  const char* advice_ = "";
  absl::Status status_;
  bool bind_failed_ = false;
  bool at_row_ = false;
};

class Database {
 public:
  struct Options {
    std::string kind;      // schema files kind_001.sql, kind_002.sql, ... make and migrate it
    bool create = true;    // otherwise NotFound
    bool durable = false;  // synchronous=FULL: each commit survives a power cut
    int64_t cache_bytes = 2 << 20;
    int busy_ms = 10'000;                // how long to wait for another process's lock
    const SchemaFile* schema = nullptr;  // null: kSchemaFiles; a test may play others
  };
  // Opens, creates or migrates. Migrations run in one transaction; a kill leaves the old version.
  // The folder must exist. Several processes may do it at once on the same path.
  static absl::StatusOr<Database> Open(const std::string& path, const Options& options);

  Database() = default;
  Database(Database&&) noexcept = default;
  Database& operator=(Database&&) noexcept = default;

  absl::StatusOr<Statement> Prepare(std::string_view sql) const;
  // Prepares and binds the arguments in order. Text and bytes must outlive the statement's use.
  template <typename... Args>
  absl::StatusOr<Statement> Query(std::string_view sql, const Args&... args) const {
    absl::StatusOr<Statement> s = Prepare(sql);
    if (s.ok()) {
      int index = 0;
      (s->Bind(++index, args), ...);
    }
    return s;
  }
  // Prepares, binds and runs a statement without rows.
  template <typename... Args>
  absl::Status Run(std::string_view sql, const Args&... args) const {
    absl::StatusOr<Statement> s = Query(sql, args...);
    return s.ok() ? s->Run() : s.status();
  }
  // Runs statements without parameters.
  absl::Status Execute(const std::string& sql) const;
  int64_t LastInsertId() const;
  int64_t Changes() const;  // rows changed by the last statement
  // False also after SQLite took a transaction back by itself, as it does on a full disk.
  bool InTransaction() const;
  const std::string& path() const { return path_; }

 private:
  struct Closer {
    void operator()(sqlite3* db) const;
  };
  std::unique_ptr<sqlite3, Closer> db_;
  std::string path_;
  const char* advice_ = "";  // what to do about a damaged file of this kind
};

// BEGIN IMMEDIATE ... COMMIT; rolls back when destroyed before Commit().
class Transaction {
 public:
  static absl::StatusOr<Transaction> Begin(const Database& database);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  absl::Status Commit();

 private:
  explicit Transaction(const Database* database) : database_(database) {}
  const Database* database_;  // null once ended
};

}  // namespace syncline::storage

#endif  // SYNCLINE_STORAGE_DATABASE_H_
