// The sync items, their settings and filters.
#include <utility>

#include "absl/strings/str_cat.h"
#include "storage/main_store.h"

namespace syncline::storage {
namespace {

constexpr char kColumns[] =
    "id, name, provider, location_a, location_b, enabled, direction, conflict_policy, created_ns, "
    "last_result, last_sync_ns";

ItemRow ReadItem(const Statement& s) {
  ItemRow item;
  item.id = s.Text(0);
  item.name = s.Text(1);
  item.provider = s.Text(2);
  item.location_a = s.Text(3);
  item.location_b = s.Text(4);
  item.enabled = s.Int(5) != 0;
  item.direction = s.Text(6);
  item.conflict_policy = s.Text(7);
  item.created_ns = s.Int(8);
  item.last_result = s.Text(9);
  item.last_sync_ns = s.Int(10);
  return item;
}

absl::Status NoItem(std::string_view id) {
  return absl::NotFoundError(absl::StrCat("There is no sync item ", std::string(id), "."));
}

absl::Status CheckNameIsFree(const Database& db, const ItemRow& item) {
  absl::StatusOr<Statement> s =
      db.Query("SELECT 1 FROM items WHERE name = ?1 AND id <> ?2", item.name, item.id);
  if (!s.ok()) return s.status();
  if (!s->Step()) return s->status();
  return absl::AlreadyExistsError(
      absl::StrCat("A sync item named \"", item.name, "\" exists already. Choose another name."));
}

absl::Status CheckIdIsFree(const Database& db, const ItemRow& item) {
  absl::StatusOr<Statement> s = db.Query("SELECT 1 FROM items WHERE id = ?1", item.id);
  if (!s.ok()) return s.status();
  if (!s->Step()) return s->status();
  return absl::AlreadyExistsError(
      absl::StrCat("A sync item with the id ", item.id, " exists already."));
}

absl::Status PutDetails(const Database& db, const ItemRow& item) {
  for (const auto& [key, value] : item.settings) {
    absl::Status status = db.Run("INSERT INTO item_settings (item, key, value) VALUES (?1, ?2, ?3)",
                                 item.id, key, value);
    if (!status.ok()) return status;
  }
  int64_t position = 0;
  for (const std::string& pattern : item.filters) {
    absl::Status status =
        db.Run("INSERT INTO item_filters (item, position, pattern) VALUES (?1, ?2, ?3)", item.id,
               position++, pattern);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status ReadDetails(const Database& db, ItemRow* item) {
  absl::StatusOr<Statement> settings =
      db.Query("SELECT key, value FROM item_settings WHERE item = ?1", item->id);
  if (!settings.ok()) return settings.status();
  while (settings->Step()) item->settings.emplace(settings->Text(0), settings->Text(1));
  if (!settings->status().ok()) return settings->status();
  absl::StatusOr<Statement> filters =
      db.Query("SELECT pattern FROM item_filters WHERE item = ?1 ORDER BY position", item->id);
  if (!filters.ok()) return filters.status();
  while (filters->Step()) item->filters.emplace_back(filters->Text(0));
  return filters->status();
}

// For a statement that changes the one row of the item.
absl::Status RanOnItem(const Database& db, const absl::Status& ran, std::string_view id) {
  if (!ran.ok()) return ran;
  return db.Changes() == 0 ? NoItem(id) : absl::OkStatus();
}

}  // namespace

absl::Status ItemTable::Insert(const ItemRow& item) {
  absl::StatusOr<Transaction> transaction = Transaction::Begin(*db_);
  if (!transaction.ok()) return transaction.status();
  absl::Status status = CheckIdIsFree(*db_, item);
  if (status.ok()) status = CheckNameIsFree(*db_, item);
  if (status.ok()) {
    status = db_->Run(absl::StrCat("INSERT INTO items (", kColumns,
                                   ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"),
                      item.id, item.name, item.provider, item.location_a, item.location_b,
                      item.enabled, item.direction, item.conflict_policy, item.created_ns,
                      item.last_result, item.last_sync_ns);
  }
  if (status.ok()) status = PutDetails(*db_, item);
  return status.ok() ? transaction->Commit() : status;
}

absl::Status ItemTable::Update(const ItemRow& item) {
  absl::StatusOr<Transaction> transaction = Transaction::Begin(*db_);
  if (!transaction.ok()) return transaction.status();
  absl::Status status = CheckNameIsFree(*db_, item);
  if (status.ok()) {
    status = RanOnItem(
        *db_,
        db_->Run("UPDATE items SET name = ?2, provider = ?3, location_a = ?4, location_b = ?5, "
                 "enabled = ?6, direction = ?7, conflict_policy = ?8 WHERE id = ?1",
                 item.id, item.name, item.provider, item.location_a, item.location_b, item.enabled,
                 item.direction, item.conflict_policy),
        item.id);
  }
  if (status.ok()) status = db_->Run("DELETE FROM item_settings WHERE item = ?1", item.id);
  if (status.ok()) status = db_->Run("DELETE FROM item_filters WHERE item = ?1", item.id);
  if (status.ok()) status = PutDetails(*db_, item);
  return status.ok() ? transaction->Commit() : status;
}

absl::Status ItemTable::Remove(std::string_view id) {
  return RanOnItem(*db_, db_->Run("DELETE FROM items WHERE id = ?1", id), id);
}

absl::Status ItemTable::SetEnabled(std::string_view id, bool enabled) {
  return RanOnItem(*db_, db_->Run("UPDATE items SET enabled = ?2 WHERE id = ?1", id, enabled), id);
}

absl::Status ItemTable::SetLastResult(std::string_view id, std::string_view result,
                                      int64_t time_ns) {
  return RanOnItem(*db_,
                   db_->Run("UPDATE items SET last_result = ?2, last_sync_ns = ?3 WHERE id = ?1",
                            id, result, time_ns),
                   id);
}

absl::StatusOr<ItemRow> ItemTable::Find(std::string_view id_or_name) const {
  for (const char* column : {"id", "name"}) {
    absl::StatusOr<Statement> s = db_->Query(
        absl::StrCat("SELECT ", kColumns, " FROM items WHERE ", column, " = ?1"), id_or_name);
    if (!s.ok()) return s.status();
    if (s->Step()) {
      ItemRow item = ReadItem(*s);
      absl::Status status = ReadDetails(*db_, &item);
      if (!status.ok()) return status;
      return item;
    }
    if (!s->status().ok()) return s->status();
  }
  return NoItem(id_or_name);
}

absl::StatusOr<std::vector<ItemRow>> ItemTable::All() const {
  absl::StatusOr<Statement> s =
      db_->Prepare(absl::StrCat("SELECT ", kColumns, " FROM items ORDER BY name"));
  if (!s.ok()) return s.status();
  std::vector<ItemRow> items;
  while (s->Step()) {
    items.push_back(ReadItem(*s));
    absl::Status status = ReadDetails(*db_, &items.back());
    if (!status.ok()) return status;
  }
  if (!s->status().ok()) return s->status();
  return items;
}

}  // namespace syncline::storage
