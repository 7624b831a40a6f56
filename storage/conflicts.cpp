// The conflicts that wait for a decision or for the sync that carries it out.
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "storage/main_store.h"

namespace syncline::storage {
namespace {

constexpr char kColumns[] =
    "id, item, kind, key, record, reason, side_a, side_b, since_ns, decision, choices";

ConflictRow ReadConflict(const Statement& s) {
  ConflictRow row;
  row.id = s.Int(0);
  row.item = s.Text(1);
  row.kind = s.Text(2);
  row.key = s.Blob(3);
  row.record = s.Text(4);
  row.reason = s.Text(5);
  row.side_a_json = s.Text(6);
  row.side_b_json = s.Text(7);
  row.since_ns = s.Int(8);
  row.decision = s.Text(9);
  row.choices_json = s.Text(10);
  return row;
}

absl::Status RanOnConflict(const Database& db, const absl::Status& ran, int64_t id) {
  if (!ran.ok() || db.Changes() > 0) return ran;
  return absl::NotFoundError(
      absl::StrCat("There is no conflict ", id, "; it may have been resolved meanwhile."));
}

}  // namespace

absl::StatusOr<int64_t> ConflictTable::Put(const ConflictRow& row) {
  absl::StatusOr<Transaction> transaction = Transaction::Begin(*db_);
  if (!transaction.ok()) return transaction.status();
  absl::StatusOr<Statement> item = db_->Query("SELECT 1 FROM items WHERE id = ?1", row.item);
  if (!item.ok()) return item.status();
  if (!item->Step()) {
    if (!item->status().ok()) return item->status();
    return absl::NotFoundError(absl::StrCat("There is no sync item ", row.item, "."));
  }
  item->Reset();
  absl::StatusOr<Statement> s = db_->Query(
      "INSERT INTO conflicts (item, kind, key, record, reason, side_a, side_b, since_ns, decision) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) "
      "ON CONFLICT (item, key) DO UPDATE SET kind = excluded.kind, record = excluded.record, "
      "reason = excluded.reason, side_a = excluded.side_a, side_b = excluded.side_b, "
      "decision = CASE WHEN excluded.decision = '' AND side_a = excluded.side_a "
      "AND side_b = excluded.side_b THEN decision ELSE excluded.decision END "
      "RETURNING id",
      row.item, row.kind, AsBlob{row.key}, row.record, row.reason, row.side_a_json, row.side_b_json,
      row.since_ns, row.decision);
  if (!s.ok()) return s.status();
  int64_t id = 0;
  while (s->Step()) id = s->Int(0);
  if (!s->status().ok()) return s->status();
  absl::Status status = transaction->Commit();
  if (!status.ok()) return status;
  return id;
}

absl::Status ConflictTable::Decide(int64_t id, std::string_view decision,
                                   std::string_view choices_json) {
  return RanOnConflict(*db_,
                       db_->Run("UPDATE conflicts SET decision = ?2, choices = ?3 WHERE id = ?1",
                                id, decision, choices_json),
                       id);
}

absl::Status ConflictTable::Remove(int64_t id) {
  return RanOnConflict(*db_, db_->Run("DELETE FROM conflicts WHERE id = ?1", id), id);
}

absl::Status ConflictTable::RemoveOthers(std::string_view item, const std::vector<int64_t>& keep) {
  const absl::flat_hash_set<int64_t> kept(keep.begin(), keep.end());
  absl::StatusOr<Transaction> transaction = Transaction::Begin(*db_);
  if (!transaction.ok()) return transaction.status();
  absl::StatusOr<Statement> s = db_->Query("SELECT id FROM conflicts WHERE item = ?1", item);
  if (!s.ok()) return s.status();
  std::vector<int64_t> gone;
  while (s->Step()) {
    if (!kept.contains(s->Int(0))) gone.push_back(s->Int(0));
  }
  if (!s->status().ok()) return s->status();
  for (int64_t id : gone) {
    absl::Status status = Remove(id);
    if (!status.ok()) return status;
  }
  return transaction->Commit();
}

absl::StatusOr<std::optional<ConflictRow>> ConflictTable::Get(int64_t id) const {
  absl::StatusOr<Statement> s =
      db_->Query(absl::StrCat("SELECT ", kColumns, " FROM conflicts WHERE id = ?1"), id);
  if (!s.ok()) return s.status();
  if (s->Step()) return ReadConflict(*s);
  if (!s->status().ok()) return s->status();
  return std::optional<ConflictRow>();
}

absl::StatusOr<std::vector<ConflictRow>> ConflictTable::Find(
    std::optional<std::string> item) const {
  absl::StatusOr<Statement> s =
      db_->Prepare(absl::StrCat("SELECT ", kColumns, " FROM conflicts ",
                                item.has_value() ? "WHERE item = ?1 " : "", "ORDER BY id"));
  if (!s.ok()) return s.status();
  if (item.has_value()) s->Bind(1, *item);
  std::vector<ConflictRow> rows;
  while (s->Step()) rows.push_back(ReadConflict(*s));
  if (!s->status().ok()) return s->status();
  return rows;
}

absl::StatusOr<std::map<std::string, int64_t>> ConflictTable::CountByItem() const {
  absl::StatusOr<Statement> s =
      db_->Prepare("SELECT item, count(*) FROM conflicts WHERE decision = '' GROUP BY item");
  if (!s.ok()) return s.status();
  std::map<std::string, int64_t> counts;
  while (s->Step()) counts.emplace(s->Text(0), s->Int(1));
  if (!s->status().ok()) return s->status();
  return counts;
}

}  // namespace syncline::storage
