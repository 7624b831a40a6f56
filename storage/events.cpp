// The event history.
#include <algorithm>

#include "storage/event_sql.h"
#include "storage/main_store.h"

namespace syncline::storage {
namespace {

// Few enough rows that another process waits for the lock some milliseconds only.
constexpr int kPruneRows = 2000;

EventRow ReadEvent(const Statement& s) {
  EventRow event;
  event.id = s.Int(0);
  event.time_ns = s.Int(1);
  event.level = static_cast<Level>(s.Int(2));
  event.session = s.Int(3);
  event.item = s.Text(4);
  event.provider = s.Text(5);
  event.record = s.Text(6);
  event.name = s.Text(7);
  event.text = s.Text(8);
  return event;
}

void BindFilter(const EventQuery& query, Statement* s) {
  if (query.item.has_value()) s->Bind(1, *query.item);
  if (query.session.has_value()) s->Bind(2, *query.session);
}

}  // namespace

absl::Status EventTable::Append(const std::vector<EventRow>& events) {
  if (events.empty()) return absl::OkStatus();
  absl::StatusOr<Transaction> transaction = Transaction::Begin(*db_);
  if (!transaction.ok()) return transaction.status();
  absl::StatusOr<Statement> s = db_->Prepare(
      "INSERT INTO events (time_ns, level, session, item, provider, record, name, text) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
  if (!s.ok()) return s.status();
  for (const EventRow& event : events) {
    s->Bind(1, event.time_ns);
    s->Bind(2, static_cast<int>(event.level));
    s->Bind(3, event.session);
    s->Bind(4, event.item);
    s->Bind(5, event.provider);
    s->Bind(6, event.record);
    s->Bind(7, event.name);
    s->Bind(8, event.text);
    absl::Status status = s->Run();
    if (!status.ok()) return status;
  }
  return transaction->Commit();
}

absl::StatusOr<std::vector<EventRow>> EventTable::Find(const EventQuery& query) const {
  absl::StatusOr<Statement> s = db_->Prepare(EventFindSql(query));
  if (!s.ok()) return s.status();
  BindFilter(query, &*s);
  if (query.before_id > 0) s->Bind(3, query.before_id);
  s->Bind(4, std::max(query.limit, 0));
  std::vector<EventRow> events;
  while (s->Step()) events.push_back(ReadEvent(*s));
  if (!s->status().ok()) return s->status();
  return events;
}

absl::StatusOr<std::optional<EventRow>> EventTable::Get(int64_t id) const {
  absl::StatusOr<Statement> s = db_->Query(
      "SELECT id, time_ns, level, session, item, provider, record, name, text FROM events "
      "WHERE id = ?1",
      id);
  if (!s.ok()) return s.status();
  if (s->Step()) return ReadEvent(*s);
  if (!s->status().ok()) return s->status();
  return std::optional<EventRow>();
}

absl::StatusOr<int64_t> EventTable::Count(const EventQuery& query) const {
  absl::StatusOr<Statement> s = db_->Prepare(EventCountSql(query));
  if (!s.ok()) return s.status();
  BindFilter(query, &*s);
  if (s->Step()) return s->Int(0);
  return s->status();
}

absl::Status EventTable::Remove(const std::vector<int64_t>& ids) {
  if (ids.empty()) return absl::OkStatus();
  absl::StatusOr<Transaction> transaction = Transaction::Begin(*db_);
  if (!transaction.ok()) return transaction.status();
  absl::StatusOr<Statement> s = db_->Prepare("DELETE FROM events WHERE id = ?1");
  if (!s.ok()) return s.status();
  for (int64_t id : ids) {
    s->Bind(1, id);
    absl::Status status = s->Run();
    if (!status.ok()) return status;
  }
  return transaction->Commit();
}

absl::Status EventTable::Prune(int64_t older_than_ns) {
  // Without an index by time, which every insert would pay for: ids follow time, so the old ones
  // are at the start. A clock set back mixes them a little; therefore a whole batch without an old
  // row ends the work, not the first young row.
  int64_t after = 0;
  for (;;) {
    absl::StatusOr<Statement> s = db_->Query(
        "SELECT max(id), coalesce(sum(time_ns < ?2), 0) FROM (SELECT id, time_ns FROM events "
        "WHERE id > ?1 ORDER BY id LIMIT ?3)",
        after, older_than_ns, kPruneRows);
    if (!s.ok()) return s.status();
    if (!s->Step()) return s->status();
    const int64_t last = s->Int(0);
    const bool any = s->Int(1) > 0;
    s->Reset();
    if (!any) return absl::OkStatus();
    absl::Status status = db_->Run("DELETE FROM events WHERE id > ?1 AND id <= ?2 AND time_ns < ?3",
                                   after, last, older_than_ns);
    if (!status.ok()) return status;
    after = last;
  }
}

}  // namespace syncline::storage
