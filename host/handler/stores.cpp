// The handler's event store and conflict store.
#include <utility>

#include "host/handler/handler_impl.h"
#include "host/protocol/text.h"
#include "host/session/rows.h"

namespace syncline::handler {

absl::StatusOr<storage::EventQuery> HandlerImpl::QueryOf(const EventFilter& filter) {
  storage::EventQuery query;
  const auto level = session::LevelOf(filter.min_level);
  if (!level) {
    return absl::InvalidArgumentError(Cat("The level must be information, warning or error, not \"",
                                          protocol::DisplayText(filter.min_level), "\"."));
  }
  query.min_level = *level;
  if (filter.item) {
    // The history outlives an item: then only its id is known.
    const absl::StatusOr<storage::ItemRow> row = FindRow(*filter.item);
    query.item = row.ok() ? row->id : *filter.item;
  }
  query.session = filter.session;
  query.before_id = filter.before_id;
  query.limit = filter.limit;
  return query;
}

absl::StatusOr<std::vector<EventInfo>> HandlerImpl::Events(const EventFilter& filter) {
  absl::StatusOr<storage::EventQuery> query = QueryOf(filter);
  if (!query.ok()) return query.status();
  absl::MutexLock lock(&mutex_);
  auto rows = storage::EventTable(&database_).Find(*query);
  if (!rows.ok()) return rows.status();
  std::vector<EventInfo> events;
  events.reserve(rows->size());
  for (const storage::EventRow& row : *rows) {
    events.push_back(session::InfoOf(row, database_uuid_));
  }
  return events;
}

absl::StatusOr<int64_t> HandlerImpl::CountEvents(const EventFilter& filter) {
  absl::StatusOr<storage::EventQuery> query = QueryOf(filter);
  if (!query.ok()) return query.status();
  absl::MutexLock lock(&mutex_);
  return storage::EventTable(&database_).Count(*query);
}

absl::StatusOr<EventInfo> HandlerImpl::Event(std::string_view guid) {
  const std::optional<int64_t> id = session::EventOfGuid(database_uuid_, guid);
  if (id) {
    absl::MutexLock lock(&mutex_);
    absl::StatusOr<std::optional<storage::EventRow>> row = storage::EventTable(&database_).Get(*id);
    if (!row.ok()) return row.status();
    if (row->has_value()) return session::InfoOf(**row, database_uuid_);
  }
  return absl::NotFoundError(Cat("There is no event ", protocol::DisplayText(guid), "."));
}

absl::Status HandlerImpl::RemoveEvents(const std::vector<int64_t>& ids) {
  absl::MutexLock lock(&mutex_);
  return storage::EventTable(&database_).Remove(ids);
}

absl::StatusOr<std::vector<ConflictInfo>> HandlerImpl::Conflicts(
    std::optional<std::string> item_id_or_name) {
  if (item_id_or_name) {
    const absl::StatusOr<storage::ItemRow> row = FindRow(*item_id_or_name);
    if (!row.ok()) return row.status();
    item_id_or_name = row->id;
  }
  absl::MutexLock lock(&mutex_);
  auto rows = storage::ConflictTable(&database_).Find(item_id_or_name);
  if (!rows.ok()) return rows.status();
  auto items = storage::ItemTable(&database_).All();
  if (!items.ok()) return items.status();
  std::map<std::string, std::string> names;
  for (const storage::ItemRow& item : *items) names[item.id] = item.name;
  std::vector<ConflictInfo> conflicts;
  for (const storage::ConflictRow& row : *rows) {
    conflicts.push_back(session::InfoOf(row, names[row.item]));
  }
  return conflicts;
}

absl::StatusOr<ConflictInfo> HandlerImpl::Conflict(int64_t id) {
  absl::MutexLock lock(&mutex_);
  absl::StatusOr<std::optional<storage::ConflictRow>> row =
      storage::ConflictTable(&database_).Get(id);
  if (!row.ok()) return row.status();
  if (!row->has_value()) {
    return absl::NotFoundError(
        Cat("There is no conflict ", id, "; it may have been resolved meanwhile."));
  }
  const absl::StatusOr<storage::ItemRow> item = storage::ItemTable(&database_).Find((*row)->item);
  return session::InfoOf(**row, item.ok() ? item->name : (*row)->item);
}

}  // namespace syncline::handler
