// SQLite's result codes as Status. Codes: sqlite.org/rescode.html.
#include "storage/errors.h"

#include <sqlite3.h>

#include "absl/strings/str_cat.h"

namespace syncline::storage {

const char* DamageAdvice(std::string_view kind) {
  if (kind == "syncline") {
    return "Put back a copy of the file, or move it away and start again: sync items must then be "
           "added again; the synced data is not touched.";
  }
  if (kind == "baseline") {
    return "Move it away: the next sync compares the contents of both sides anew; the synced data "
           "is not touched.";
  }
  return "Put back a copy of the file or move it away.";
}

absl::Status StatusOf(sqlite3* db, int code, const char* path, const char* advice) {
  // The connection's text belongs to its last call; a code from elsewhere has only the general one.
  const bool own = db != nullptr && (sqlite3_extended_errcode(db) & 0xff) == (code & 0xff);
  const char* reason = own ? sqlite3_errmsg(db) : sqlite3_errstr(code);
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return absl::AlreadyExistsError(absl::StrCat(path, ": ", reason));
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return absl::NotFoundError(
          absl::StrCat(path, ": what this belongs to is no longer there (", reason, ")"));
    case SQLITE_READONLY_DBMOVED:
      return absl::NotFoundError(absl::StrCat(
          path, " was moved or removed while it was in use. Start the command again."));
    case SQLITE_IOERR_CORRUPTFS:
      code = SQLITE_CORRUPT;
      break;
    case SQLITE_IOERR_SHMSIZE:  // "disk full" is the usual cause (sqlite.org/rescode.html)
      code = SQLITE_FULL;
      break;
    case SQLITE_IOERR_NOMEM:
      code = SQLITE_NOMEM;
      break;
    default:
      break;
  }
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_PROTOCOL:
      return absl::UnavailableError(absl::StrCat(
          path, " is in use by another program that did not let go in time. Try again."));
    case SQLITE_FULL:
      return absl::ResourceExhaustedError(
          absl::StrCat("The disk that holds ", path,
                       " is full. Free some space and try again; nothing was lost."));
    case SQLITE_NOMEM:
      return absl::ResourceExhaustedError(absl::StrCat(path, ": out of memory"));
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return absl::DataLossError(absl::StrCat(path, " is damaged (", reason, "). ", advice));
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN:
      return absl::PermissionDeniedError(
          absl::StrCat(path, " cannot be written (", reason,
                       "). Check the owner and the permissions of the file and its folder."));
    case SQLITE_IOERR:
      return absl::UnavailableError(absl::StrCat("The disk reported an error at ", path, " (",
                                                 reason, "). Check the disk and try again."));
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG:
    case SQLITE_RANGE:
    case SQLITE_MISMATCH:
      return absl::InvalidArgumentError(absl::StrCat(path, ": ", reason));
    case SQLITE_INTERRUPT:
      return absl::CancelledError(absl::StrCat(path, ": ", reason));
    default:
      return absl::InternalError(absl::StrCat(path, ": ", reason, " (SQLite code ", code, ")"));
  }
}

}  // namespace syncline::storage
