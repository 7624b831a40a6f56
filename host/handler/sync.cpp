// The handler's sessions: Synchronize and Resolve.
#include <algorithm>
#include <set>
#include <utility>

#include "host/handler/handler_impl.h"
#include "host/handler/item_rules.h"
#include "host/protocol/text.h"
#include "nlohmann/json.hpp"
#include "sdk/platform/process.h"

namespace syncline::handler {
namespace {

using storage::ConflictRow;
using storage::ItemRow;

constexpr absl::Duration kEventsAreKept = absl::Hours(24 * 90);
constexpr absl::Duration kPruneEvery = absl::Hours(24);

std::string_view DecisionName(Keep keep) {
  switch (keep) {
    case Keep::kA:
      return "a";
    case Keep::kB:
      return "b";
    case Keep::kBoth:
      return "both";
    case Keep::kMerge:
      break;
  }
  return "merge";
}

}  // namespace

absl::StatusOr<std::vector<ItemRow>> HandlerImpl::RowsToSync(
    const std::vector<std::string>& names) {
  if (names.empty()) {
    absl::StatusOr<std::vector<ItemRow>> rows = AllRows();
    if (rows.ok()) std::erase_if(*rows, [](const ItemRow& row) { return !row.enabled; });
    return rows;
  }
  std::vector<ItemRow> rows;
  std::set<std::string> ids;
  for (const std::string& name : names) {
    absl::StatusOr<ItemRow> row = FindRow(name);
    if (!row.ok()) return row.status();
    if (!row->enabled) {
      return absl::FailedPreconditionError(
          Cat(row->name, " is disabled. Enable it with: syncline enable ", row->id));
    }
    if (ids.insert(row->id).second) rows.push_back(*std::move(row));
  }
  return rows;
}

absl::StatusOr<std::vector<ConflictRow>> HandlerImpl::DecidedConflicts() {
  absl::MutexLock lock(&mutex_);
  auto rows = storage::ConflictTable(&database_).Find(std::nullopt);
  if (rows.ok()) std::erase_if(*rows, [](const ConflictRow& row) { return row.decision.empty(); });
  return rows;
}

std::vector<session::Turn> HandlerImpl::TurnsOf(const std::vector<ItemRow>& rows,
                                                const std::vector<ConflictRow>& decided) {
  std::vector<session::Turn> turns;
  for (const ItemRow& row : rows) {
    session::Turn turn{row, catalog_.Find(row.provider), {}};
    for (const ConflictRow& conflict : decided) {
      if (conflict.item == row.id) turn.decided.push_back(conflict);
    }
    turns.push_back(std::move(turn));
  }
  return turns;
}

absl::StatusOr<SessionReport> HandlerImpl::Synchronize(const std::vector<std::string>& items,
                                                       const SyncOptions& options,
                                                       ProgressSink* sink) {
  absl::StatusOr<std::vector<ItemRow>> rows = RowsToSync(items);
  if (!rows.ok()) return rows.status();
  absl::StatusOr<std::vector<ConflictRow>> decided = DecidedConflicts();
  if (!decided.ok()) return decided.status();
  return RunSession(*rows, *std::move(decided), /*all=*/items.empty(), /*only_decided=*/false,
                    options, sink);
}

absl::StatusOr<SessionReport> HandlerImpl::RunSession(const std::vector<ItemRow>& rows,
                                                      std::vector<ConflictRow> decided, bool all,
                                                      bool only_decided, const SyncOptions& options,
                                                      ProgressSink* sink) {
  absl::Status status = catalog_.Refresh();
  if (!status.ok()) return status;
  session::Session::Options session_options;
  session_options.home = home_;
  session_options.database = database_path_;
  session_options.database_uuid = database_uuid_;
  session_options.worker = worker_;
  session_options.parallel = parallel_;
  session_options.limits = limits_;
  session_options.sync = options;
  session_options.only_decided = only_decided;
  if (!options.dry_run) {
    absl::MutexLock lock(&mutex_);
    absl::StatusOr<int64_t> id =
        storage::SessionTable(&database_)
            .Begin(absl::ToUnixNanos(clock_->Now()), platform::ProcessId());
    if (!id.ok()) return id.status();
    session_options.id = *id;
  }
  absl::StatusOr<std::unique_ptr<session::Session>> session =
      session::Session::Begin(session_options, sink, clock_);
  if (!session.ok()) return session.status();

  std::set<std::string> seen;
  std::vector<ItemRow> next = rows;
  bool first = true;
  while (first || !next.empty()) {
    for (const ItemRow& row : next) {
      seen.insert(row.id);
      if (first) continue;
      const SyncItem item = Complete({row}).front();
      (*session)->hub().Tell([&](ProgressSink* s) { s->OnItemDiscovered(item); });
    }
    (*session)->Run(TurnsOf(next, decided));
    first = false;
    next.clear();
    if (!all || (*session)->hub().IsAllCancelled()) break;
    absl::StatusOr<std::vector<ItemRow>> now = RowsToSync({});
    if (!now.ok()) break;  // the items of the session are done; the next session finds the others
    for (ItemRow& row : *now) {
      if (!seen.contains(row.id)) next.push_back(std::move(row));
    }
  }
  SessionReport report = (*session)->Finish();
  if (!options.dry_run) {
    absl::MutexLock lock(&mutex_);
    status = storage::SessionTable(&database_)
                 .End(report.session, protocol::ResultName(report.result),
                      absl::ToUnixNanos(clock_->Now()));
    if (!status.ok() && report.problem.empty()) report.problem = Sentence(status);
  }
  PruneEvents();
  return report;
}

void HandlerImpl::PruneEvents() {
  absl::MutexLock lock(&mutex_);
  const absl::Time now = clock_->Now();
  if (now - pruned_ < kPruneEvery) return;
  pruned_ = now;
  // Without anything old this reads one page of rows. What fails now is done next time.
  storage::EventTable(&database_).Prune(absl::ToUnixNanos(now - kEventsAreKept)).IgnoreError();
}

absl::StatusOr<SessionReport> HandlerImpl::Resolve(const std::vector<int64_t>& conflicts,
                                                   const Resolution& resolution,
                                                   const SyncOptions& options, ProgressSink* sink) {
  const Keep keep = resolution.keep;
  const std::string decision(DecisionName(keep));
  nlohmann::json choices = nlohmann::json::object();
  for (const auto& [field, side] : resolution.choices) choices[field] = std::string(1, side);
  const std::string choices_json =
      choices.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  std::vector<ItemRow> rows;
  {
    absl::MutexLock lock(&mutex_);
    storage::ConflictTable table(&database_);
    std::set<std::string> items;
    for (const int64_t id : conflicts) {
      absl::StatusOr<std::optional<ConflictRow>> row = table.Get(id);
      if (!row.ok()) return row.status();
      if (!row->has_value()) {
        return absl::NotFoundError(Cat("There is no conflict ", id,
                                       "; it may have been resolved meanwhile. See those that "
                                       "wait with: syncline conflicts"));
      }
      if ((*row)->kind == "type" && (keep == Keep::kBoth || keep == Keep::kMerge)) {
        return absl::InvalidArgumentError(
            Cat("Conflict ", id, " (", protocol::DisplayText((*row)->key),
                ") is of another kind on each side, and one name cannot hold both. Rename one of "
                "the two and sync again, or decide with --keep a or --keep b."));
      }
      items.insert((*row)->item);
    }
    for (const std::string& item : items) {
      absl::StatusOr<ItemRow> row = storage::ItemTable(&database_).Find(item);
      if (!row.ok()) return row.status();
      rows.push_back(*std::move(row));
    }
    for (const int64_t id : conflicts) {
      if (options.dry_run) break;
      absl::Status status = table.Decide(id, decision, choices_json);
      if (!status.ok()) return status;
    }
  }
  absl::StatusOr<std::vector<ConflictRow>> decided = DecidedConflicts();
  if (!decided.ok()) return decided.status();
  if (options.dry_run) {
    absl::MutexLock lock(&mutex_);
    for (const int64_t id : conflicts) {
      absl::StatusOr<std::optional<ConflictRow>> row = storage::ConflictTable(&database_).Get(id);
      if (!row.ok() || !row->has_value()) continue;
      std::erase_if(*decided, [id](const ConflictRow& other) { return other.id == id; });
      (*row)->decision = decision;
      (*row)->choices_json = choices_json;
      decided->push_back(**std::move(row));
    }
  }
  return RunSession(rows, *std::move(decided), /*all=*/false, /*only_decided=*/true, options, sink);
}

}  // namespace syncline::handler
