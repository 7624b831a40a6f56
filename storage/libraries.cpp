// What is known about provider libraries: their state, their failures, and records that crashed
// them.
#include "absl/strings/str_cat.h"
#include "storage/main_store.h"

namespace syncline::storage {
namespace {

constexpr char kColumns[] =
    "path, device, file_id, size, modified_ns, changed_ns, hash, state, reason, provider, "
    "manifest, "
    "looked_by, looked_ns";

}  // namespace

absl::Status LibraryTable::Put(const LibraryRow& row) {
  return db_->Run(absl::StrCat("INSERT OR REPLACE INTO libraries (", kColumns,
                               ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"),
                  row.path, row.device, row.file_id, row.size, row.modified_ns, row.changed_ns,
                  row.hash, row.state, row.reason, row.provider, row.manifest, row.looked_by,
                  row.looked_ns);
}

absl::Status LibraryTable::Remove(std::string_view path) {
  absl::Status status = db_->Run("DELETE FROM libraries WHERE path = ?1", path);
  if (!status.ok()) return status;
  if (db_->Changes() == 0) {
    return absl::NotFoundError(
        absl::StrCat("Nothing is known about the library ", std::string(path), "."));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<LibraryRow>> LibraryTable::All() const {
  absl::StatusOr<Statement> s =
      db_->Prepare(absl::StrCat("SELECT ", kColumns, " FROM libraries ORDER BY path"));
  if (!s.ok()) return s.status();
  std::vector<LibraryRow> rows;
  while (s->Step()) {
    LibraryRow& row = rows.emplace_back();
    row.path = s->Text(0);
    row.device = static_cast<uint64_t>(s->Int(1));
    row.file_id = static_cast<uint64_t>(s->Int(2));
    row.size = static_cast<uint64_t>(s->Int(3));
    row.modified_ns = s->Int(4);
    row.changed_ns = s->Int(5);
    row.hash = s->Text(6);
    row.state = s->Text(7);
    row.reason = s->Text(8);
    row.provider = s->Text(9);
    row.manifest = s->Text(10);
    row.looked_by = s->Text(11);
    row.looked_ns = s->Int(12);
  }
  if (!s->status().ok()) return s->status();
  return rows;
}

absl::StatusOr<int> LibraryTable::AddFailure(std::string_view hash, std::string_view reason,
                                             int64_t now_ns) {
  absl::StatusOr<Statement> s = db_->Query(
      "INSERT INTO library_failures (hash, failures, last_reason, last_ns) VALUES (?1, 1, ?2, ?3) "
      "ON CONFLICT (hash) DO UPDATE SET failures = failures + 1, "
      "last_reason = excluded.last_reason, last_ns = excluded.last_ns RETURNING failures",
      hash, reason, now_ns);
  if (!s.ok()) return s.status();
  int failures = 0;
  while (s->Step()) failures = static_cast<int>(s->Int(0));
  if (!s->status().ok()) return s->status();
  return failures;
}

absl::Status LibraryTable::ClearFailures(std::string_view hash) {
  return db_->Run("DELETE FROM library_failures WHERE hash = ?1", hash);
}

absl::StatusOr<LibraryTable::Failures> LibraryTable::FailuresOf(std::string_view hash) const {
  absl::StatusOr<Statement> s =
      db_->Query("SELECT failures, last_reason FROM library_failures WHERE hash = ?1", hash);
  if (!s.ok()) return s.status();
  Failures failures;
  if (s->Step()) {
    failures.count = static_cast<int>(s->Int(0));
    failures.last_reason = s->Text(1);
  }
  if (!s->status().ok()) return s->status();
  return failures;
}

absl::Status LibraryTable::AddRecordCrash(std::string_view item, std::string_view record,
                                          int64_t now_ns) {
  return db_->Run(
      "INSERT INTO record_crashes (item, record, crashes, last_ns) VALUES (?1, ?2, 1, ?3) "
      "ON CONFLICT (item, record) DO UPDATE SET crashes = crashes + 1, last_ns = excluded.last_ns",
      item, AsBlob{record}, now_ns);
}

absl::Status LibraryTable::ClearRecordCrashes(std::string_view item) {
  return db_->Run("DELETE FROM record_crashes WHERE item = ?1", item);
}

absl::StatusOr<std::map<std::string, int>> LibraryTable::RecordCrashes(
    std::string_view item) const {
  absl::StatusOr<Statement> s =
      db_->Query("SELECT record, crashes FROM record_crashes WHERE item = ?1", item);
  if (!s.ok()) return s.status();
  std::map<std::string, int> crashes;
  while (s->Step()) crashes.emplace(s->Blob(0), static_cast<int>(s->Int(1)));
  if (!s->status().ok()) return s->status();
  return crashes;
}

}  // namespace syncline::storage
