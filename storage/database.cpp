// Statements and transactions on an open database. Opening and migrating are in open.cpp.
#include "storage/database.h"

#include <sqlite3.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "storage/errors.h"

namespace syncline::storage {

// ---- Statement ----------------------------------------------------------------------------------

void Statement::Finalizer::operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }

void Statement::Bound(int code) {
  if (code == SQLITE_OK) return;
  Failed(code);
  bind_failed_ = true;
}

bool Statement::Failed(int code) {
  sqlite3* db = sqlite3_db_handle(stmt_.get());
  const char* path = db != nullptr ? sqlite3_db_filename(db, "main") : nullptr;
  status_ = StatusOf(db, code, path != nullptr ? path : "database", advice_);
  return false;
}

void Statement::Bind(int index, int64_t value) {
  if (at_row_) Reset();
  Bound(sqlite3_bind_int64(stmt_.get(), index, value));
}

void Statement::Bind(int index, double value) {
  if (at_row_) Reset();
  Bound(sqlite3_bind_double(stmt_.get(), index, value));
}

// A null pointer would bind NULL, which an empty string_view does not mean.
void Statement::Bind(int index, std::string_view text) {
  if (at_row_) Reset();
  Bound(sqlite3_bind_text64(stmt_.get(), index, text.data() != nullptr ? text.data() : "",
                            text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::BindBlob(int index, std::string_view bytes) {
  if (at_row_) Reset();
  Bound(sqlite3_bind_blob64(stmt_.get(), index, bytes.data() != nullptr ? bytes.data() : "",
                            bytes.size(), SQLITE_STATIC));
}

void Statement::BindNull(int index) {
  if (at_row_) Reset();
  Bound(sqlite3_bind_null(stmt_.get(), index));
}

bool Statement::Step() {
  if (bind_failed_) {
    bind_failed_ = false;
    return false;
  }
  if (!status_.ok()) status_ = absl::OkStatus();
  const int code = sqlite3_step(stmt_.get());
  at_row_ = code == SQLITE_ROW;
  if (at_row_) return true;
  // The message must be taken before the reset clears it.
  if (code != SQLITE_DONE) Failed(code);
  sqlite3_reset(stmt_.get());
  return false;
}

absl::Status Statement::Run() {
  while (Step()) {
  }
  return status_;
}

void Statement::Reset() {
  sqlite3_reset(stmt_.get());
  at_row_ = false;
  bind_failed_ = false;
  status_ = absl::OkStatus();
}

int64_t Statement::Int(int column) const { return sqlite3_column_int64(stmt_.get(), column); }
double Statement::Real(int column) const { return sqlite3_column_double(stmt_.get(), column); }

std::string_view Statement::Text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(stmt_.get(), column));
  if (text == nullptr) return "";
  return {text, static_cast<size_t>(sqlite3_column_bytes(stmt_.get(), column))};
}

std::string_view Statement::Blob(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(stmt_.get(), column));
  if (bytes == nullptr) return "";
  return {bytes, static_cast<size_t>(sqlite3_column_bytes(stmt_.get(), column))};
}

bool Statement::IsNull(int column) const {
  return sqlite3_column_type(stmt_.get(), column) == SQLITE_NULL;
}

// ---- Database -----------------------------------------------------------------------------------

// _v2: a statement that outlives its database keeps the connection until it is finalized too.
void Database::Closer::operator()(sqlite3* db) const { sqlite3_close_v2(db); }

absl::StatusOr<Statement> Database::Prepare(std::string_view sql) const {
  if (db_ == nullptr) return absl::FailedPreconditionError("The database is not open.");
  sqlite3_stmt* stmt = nullptr;
  const int code =
      sqlite3_prepare_v2(db_.get(), sql.data(), static_cast<int>(sql.size()), &stmt, nullptr);
  if (code != SQLITE_OK) {
    absl::Status status = StatusOf(db_.get(), code, path_.c_str(), advice_);
    if (!absl::IsInternal(status)) return status;
    return absl::InternalError(absl::StrCat(status.message(), " in: ", std::string(sql)));
  }
  Statement statement;
  statement.stmt_.reset(stmt);
  statement.advice_ = advice_;
  return statement;
}

absl::Status Database::Execute(const std::string& sql) const {
  if (db_ == nullptr) return absl::FailedPreconditionError("The database is not open.");
  const int code = sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? absl::OkStatus() : StatusOf(db_.get(), code, path_.c_str(), advice_);
}

int64_t Database::LastInsertId() const { return sqlite3_last_insert_rowid(db_.get()); }
int64_t Database::Changes() const { return sqlite3_changes64(db_.get()); }
bool Database::InTransaction() const {
  return db_ != nullptr && sqlite3_get_autocommit(db_.get()) == 0;
}

// ---- Transaction --------------------------------------------------------------------------------

absl::StatusOr<Transaction> Transaction::Begin(const Database& database) {
  absl::Status status = database.Execute("BEGIN IMMEDIATE");
  if (!status.ok()) return status;
  return Transaction(&database);
}

Transaction::Transaction(Transaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}

Transaction::~Transaction() {
  // A full disk or an I/O error may have rolled back already; a second one would be an error.
  if (database_ != nullptr && database_->InTransaction()) {
    database_->Execute("ROLLBACK").IgnoreError();
  }
}

absl::Status Transaction::Commit() {
  if (database_ == nullptr) return absl::FailedPreconditionError("The transaction has ended.");
  absl::Status status = database_->Execute("COMMIT");
  if (status.ok()) database_ = nullptr;
  return status;
}

}  // namespace syncline::storage
