// Opens a database file: settings, the check of whose it is, and migrations.
#include <sqlite3.h>

#include <charconv>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "sdk/platform/file_system.h"
#include "storage/database.h"
#include "storage/errors.h"
#include "storage/fault_vfs.h"
#include "storage/schema.h"

namespace syncline::storage {
namespace {

constexpr int64_t kApplicationId =
    0x53594E43;  // "SYNC"; file(1) and Open tell by it whose file it is
constexpr int kRetryMs = 10;

struct Migration {
  int64_t version;
  const char* sql;
};

// In order of version; the list is sorted by name.
std::vector<Migration> MigrationsOf(const std::string& kind, const SchemaFile* files) {
  std::vector<Migration> migrations;
  const std::string prefix = kind + "_";
  for (; files->name != nullptr; ++files) {
    std::string_view name = files->name;
    if (name.substr(0, prefix.size()) != prefix) continue;
    name.remove_prefix(prefix.size());
    int64_t version = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), version);
    if (error == std::errc() && end == name.data() + name.size()) {
      migrations.push_back({version, files->sql});
    }
  }
  return migrations;
}

// A connection while it is being opened. Calls return SQLite's result codes.
class Opening {
 public:
  Opening(sqlite3* db, int busy_ms) : db_(db), busy_ms_(busy_ms) {}

  // Some steps report SQLITE_BUSY without asking the busy handler (the change to WAL, and the first
  // look while another process recovers or closes: sqlite.org/wal.html, section 8).
  int Execute(const std::string& sql) const {
    int code = SQLITE_OK;
    for (int waited = 0;; waited += kRetryMs) {
      code = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
      if ((code & 0xff) != SQLITE_BUSY || waited >= busy_ms_) return code;
      sqlite3_sleep(kRetryMs);
    }
  }

  int Int(const char* sql, int64_t* value) const {
    sqlite3_stmt* stmt = nullptr;
    int code = SQLITE_OK;
    for (int waited = 0;; waited += kRetryMs) {
      code = sqlite3_prepare_v2(db_, sql, -1, &stmt, nullptr);
      if (code == SQLITE_OK) {
        code = sqlite3_step(stmt);
        if (code == SQLITE_ROW) *value = sqlite3_column_int64(stmt, 0);
        sqlite3_finalize(stmt);
      }
      if ((code & 0xff) != SQLITE_BUSY || waited >= busy_ms_) break;
      sqlite3_sleep(kRetryMs);
    }
    return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
  }

  // Whose the file is and in which version, read as of one moment.
  struct Identity {
    int64_t application = 0, version = 0, tables = 0;
  };
  int Look(Identity* identity) const {
    int code = Execute("BEGIN");
    if (code == SQLITE_OK) code = Int("SELECT count(*) FROM sqlite_schema", &identity->tables);
    if (code == SQLITE_OK) code = Int("PRAGMA application_id", &identity->application);
    if (code == SQLITE_OK) code = Int("PRAGMA user_version", &identity->version);
    return code == SQLITE_OK ? Execute("COMMIT") : code;
  }

 private:
  sqlite3* db_;
  int busy_ms_;
};

// Why SQLite could not open a path: it says only "unable to open database file".
absl::Status WhyNotOpened(const std::string& path, bool create) {
  absl::StatusOr<platform::FileInfo> info = platform::StatPath(path);
  if (info.ok()) {
    if (info->type == platform::FileType::kFolder) {
      return absl::FailedPreconditionError(
          absl::StrCat(path, " is a folder, not a database file."));
    }
    return absl::PermissionDeniedError(absl::StrCat(
        path,
        " cannot be opened. Check the owner and the permissions of the file and its folder."));
  }
  if (!absl::IsNotFound(info.status())) return info.status();
  const std::string folder = platform::ParentPath(path);
  absl::StatusOr<platform::FileInfo> parent = platform::StatPath(folder);
  if (!parent.ok()) {
    if (!absl::IsNotFound(parent.status())) return parent.status();
    return absl::NotFoundError(absl::StrCat("There is no folder ", folder, "."));
  }
  if (!create) return absl::NotFoundError(absl::StrCat("There is no file ", path, "."));
  return absl::PermissionDeniedError(absl::StrCat(
      "In the folder ", folder, " no file can be created. Check its owner and permissions."));
}

absl::Status NewerSchema(int64_t found, int64_t known) {
  return absl::FailedPreconditionError(absl::StrCat(
      "This data folder was written by a newer Syncline (schema ", found, "; this one knows ",
      known, "). Install the newer version; nothing was changed."));
}

absl::Status Migrate(sqlite3* db, const Opening& opening, const std::vector<Migration>& migrations,
                     const std::string& path, const char* advice) {
  int code = opening.Execute("BEGIN IMMEDIATE");
  if (code != SQLITE_OK) return StatusOf(db, code, path.c_str(), advice);
  // Another process may have migrated between the first look and the lock.
  int64_t version = 0;
  code = opening.Int("PRAGMA user_version", &version);
  absl::Status status =
      code == SQLITE_OK ? absl::OkStatus() : StatusOf(db, code, path.c_str(), advice);
  const int64_t before = version;
  if (status.ok() && version > migrations.back().version) {
    status = NewerSchema(version, migrations.back().version);
  }
  for (const Migration& migration : migrations) {
    if (!status.ok() || migration.version <= version) continue;
    code = sqlite3_exec(db, migration.sql, nullptr, nullptr, nullptr);
    version = migration.version;
    if (code == SQLITE_OK) {
      code = sqlite3_exec(db, absl::StrCat("PRAGMA user_version = ", version).c_str(), nullptr,
                          nullptr, nullptr);
    }
    if (code != SQLITE_OK) status = StatusOf(db, code, path.c_str(), advice);
  }
  if (status.ok()) {
    // References are not enforced while tables are rebuilt (sqlite.org/lang_altertable.html, 7), so
    // they are checked once at the end.
    int64_t broken = 0;
    code = opening.Int("SELECT count(*) FROM pragma_foreign_key_check", &broken);
    if (code == SQLITE_OK && broken > 0) {
      status = absl::DataLossError(
          absl::StrCat(path, " holds ", broken, " rows that refer to nothing. ", advice));
    }
    if (code == SQLITE_OK && status.ok()) {
      code = sqlite3_exec(
          db, absl::StrCat("PRAGMA application_id = ", kApplicationId, ";COMMIT").c_str(), nullptr,
          nullptr, nullptr);
    }
    if (code != SQLITE_OK) status = StatusOf(db, code, path.c_str(), advice);
  }
  if (status.ok()) return status;
  if (sqlite3_get_autocommit(db) == 0) sqlite3_exec(db, "ROLLBACK", nullptr, nullptr, nullptr);
  if (!absl::IsInternal(status) && !absl::IsInvalidArgument(status) &&
      !absl::IsAlreadyExists(status)) {
    return status;
  }
  return absl::InternalError(absl::StrCat("Bringing it from schema ", before, " to ", version,
                                          " failed and was taken back; the file is as it was. ",
                                          status.message()));
}

}  // namespace

absl::StatusOr<Database> Database::Open(const std::string& path, const Options& options) {
  if (path.empty() || path.find('\0') != std::string::npos) {
    return absl::InvalidArgumentError("A database needs a path without zero bytes.");
  }
  const std::vector<Migration> migrations =
      MigrationsOf(options.kind, options.schema != nullptr ? options.schema : kSchemaFiles);
  if (migrations.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("No schema is known for ", options.kind, "."));
  }
  const int64_t newest = migrations.back().version;

  Database database;
  // Absolute: SQLite gives relative names such as ":memory:" a meaning of their own.
  database.path_ = platform::AbsolutePath(path);
  database.advice_ = DamageAdvice(options.kind);
  const std::string& name = database.path_;

  sqlite3* db = nullptr;
  int code = sqlite3_open_v2(name.c_str(), &db,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                                 (options.create ? SQLITE_OPEN_CREATE : 0),
                             FaultVfs());
  database.db_.reset(db);
  const auto failed = [&](int c) {
    if ((c & 0xff) == SQLITE_CANTOPEN) return WhyNotOpened(name, options.create);
    return StatusOf(db, c, name.c_str(), database.advice_);
  };
  if (code != SQLITE_OK) return failed(code);
  if (sqlite3_db_readonly(db, "main") == 1) return failed(SQLITE_READONLY);

  sqlite3_busy_timeout(db, options.busy_ms);
  // What is inside the file may come from elsewhere (a copied data folder): it must not call
  // functions on its own, nor may a slip of ours write the schema table.
  sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FKEY, 0, nullptr);

  const Opening opening(db, options.busy_ms);
  // No mapping: a file cut short by a failing disk would end the process instead of giving an
  // error.
  code = opening.Execute(
      absl::StrCat("PRAGMA mmap_size = 0; PRAGMA cache_size = ", -(options.cache_bytes >> 10)));
  if (code != SQLITE_OK) return failed(code);

  Opening::Identity identity;
  code = opening.Look(&identity);
  if (code != SQLITE_OK) return failed(code);
  const bool fresh = identity.application == 0 && identity.version == 0 && identity.tables == 0;
  if (!fresh && identity.application != kApplicationId) {
    return absl::DataLossError(absl::StrCat(
        name, " is a database of another program, not Syncline's. ", database.advice_));
  }
  if (fresh && !options.create) {
    return absl::NotFoundError(absl::StrCat(name, " is empty."));
  }
  if (identity.version > newest) {
    return NewerSchema(identity.version, newest);
  }

  // Where the file system cannot share memory SQLite keeps a rollback journal, which needs FULL.
  int64_t wal = 0;
  code = opening.Execute("PRAGMA journal_mode = WAL");
  if (code == SQLITE_OK) {
    code = opening.Int("SELECT journal_mode = 'wal' FROM pragma_journal_mode", &wal);
  }
  // NORMAL in WAL mode: a power cut may undo the last commits but harms nothing
  // (sqlite.org/pragma.html). The limit cuts a log that one large transaction blew up.
  if (code == SQLITE_OK) {
    code = opening.Execute(
        absl::StrCat("PRAGMA synchronous = ", options.durable || wal == 0 ? "FULL" : "NORMAL",
                     "; PRAGMA journal_size_limit = 16777216"));
  }
  if (code != SQLITE_OK) return failed(code);
  if (identity.version < newest) {
    absl::Status status = Migrate(db, opening, migrations, name, database.advice_);
    if (!status.ok()) return status;
  }
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
  return database;
}

}  // namespace syncline::storage
