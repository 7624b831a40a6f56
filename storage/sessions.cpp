// The sessions and what each did with its items.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "storage/main_store.h"

namespace syncline::storage {

absl::StatusOr<int64_t> SessionTable::Begin(int64_t now_ns, int64_t process) {
  absl::Status status =
      db_->Run("INSERT INTO sessions (started_ns, process) VALUES (?1, ?2)", now_ns, process);
  if (!status.ok()) return status;
  return db_->LastInsertId();
}

absl::Status SessionTable::PutItem(int64_t session, const SessionItemRow& row) {
  absl::StatusOr<Statement> known = db_->Query("SELECT 1 FROM sessions WHERE id = ?1", session);
  if (!known.ok()) return known.status();
  if (!known->Step()) {
    if (!known->status().ok()) return known->status();
    return absl::NotFoundError(absl::StrCat("There is no session ", session, "."));
  }
  known->Reset();
  return db_->Run(
      "INSERT OR REPLACE INTO session_items (session, item, result, counts, seconds) "
      "VALUES (?1, ?2, ?3, ?4, ?5)",
      session, row.item, row.result, row.counts_json, row.seconds);
}

absl::Status SessionTable::End(int64_t session, std::string_view result, int64_t now_ns) {
  absl::Status status = db_->Run("UPDATE sessions SET result = ?2, ended_ns = ?3 WHERE id = ?1",
                                 session, result, now_ns);
  if (!status.ok()) return status;
  if (db_->Changes() == 0) {
    return absl::NotFoundError(absl::StrCat("There is no session ", session, "."));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<SessionRow>> SessionTable::Latest(int limit) const {
  absl::StatusOr<Statement> s = db_->Query(
      "SELECT id, started_ns, ended_ns, process, result FROM sessions ORDER BY id DESC LIMIT ?1",
      std::max(limit, 0));
  if (!s.ok()) return s.status();
  absl::StatusOr<Statement> items = db_->Prepare(
      "SELECT item, result, counts, seconds FROM session_items WHERE session = ?1 ORDER BY item");
  if (!items.ok()) return items.status();
  std::vector<SessionRow> sessions;
  while (s->Step()) {
    SessionRow& session = sessions.emplace_back();
    session.id = s->Int(0);
    session.started_ns = s->Int(1);
    session.ended_ns = s->Int(2);
    session.process = s->Int(3);
    session.result = s->Text(4);
    items->Bind(1, session.id);
    while (items->Step()) {
      SessionItemRow& item = session.items.emplace_back();
      item.item = items->Text(0);
      item.result = items->Text(1);
      item.counts_json = items->Text(2);
      item.seconds = items->Real(3);
    }
    if (!items->status().ok()) return items->status();
  }
  if (!s->status().ok()) return s->status();
  return sessions;
}

}  // namespace syncline::storage
