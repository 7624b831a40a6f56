// The handler's items.
#include <algorithm>
#include <utility>

#include "host/handler/data_folder.h"
#include "host/handler/handler_impl.h"
#include "host/handler/item_rules.h"
#include "host/protocol/text.h"
#include "sdk/platform/file_system.h"
#include "sdk/platform/process.h"

namespace syncline::handler {
namespace {

using storage::ItemRow;

absl::Status ForItem(const std::string& name, const absl::Status& status) {
  if (status.ok()) return status;
  return absl::Status(status.code(), Cat(name, ": ", Sentence(status)));
}

// Keeps what a provider tells, each sentence once.
class Notes : public session::WorkerListener {
 public:
  explicit Notes(std::vector<std::string>* notes) : notes_(notes) {}
  void OnEvents(protocol::Events events) override {
    for (protocol::Event& event : events.events) {
      std::string note =
          event.record.empty() ? std::move(event.text) : Cat(event.record, ": ", event.text);
      if (std::find(notes_->begin(), notes_->end(), note) == notes_->end()) {
        notes_->push_back(std::move(note));
      }
    }
  }

 private:
  std::vector<std::string>* const notes_;
};

}  // namespace

std::string HandlerImpl::ItemFolder(const std::string& id) const {
  return platform::JoinPath(platform::JoinPath(home_, "items"), id);
}

absl::StatusOr<ItemRow> HandlerImpl::FindRow(std::string_view id_or_name) {
  absl::MutexLock lock(&mutex_);
  return storage::ItemTable(&database_).Find(id_or_name);
}

absl::StatusOr<std::vector<ItemRow>> HandlerImpl::AllRows() {
  absl::MutexLock lock(&mutex_);
  return storage::ItemTable(&database_).All();
}

std::vector<SyncItem> HandlerImpl::Complete(const std::vector<ItemRow>& rows) {
  const absl::Status refreshed = catalog_.Refresh();
  std::map<std::string, int64_t> conflicts;
  {
    absl::MutexLock lock(&mutex_);
    auto counted = storage::ConflictTable(&database_).CountByItem();
    if (counted.ok()) conflicts = *std::move(counted);
  }
  std::vector<SyncItem> items;
  for (const ItemRow& row : rows) {
    SyncItem& item = items.emplace_back(ItemOf(row));
    if (const auto found = conflicts.find(row.id); found != conflicts.end()) {
      item.conflicts = found->second;
    }
    const absl::StatusOr<catalog::Provider> provider =
        refreshed.ok() ? catalog_.Find(row.provider) : refreshed;
    if (!provider.ok()) item.provider_problem = Sentence(provider.status());
  }
  return items;
}

absl::StatusOr<std::vector<SyncItem>> HandlerImpl::Items() {
  absl::StatusOr<std::vector<ItemRow>> rows = AllRows();
  if (!rows.ok()) return rows.status();
  return Complete(*rows);
}

absl::StatusOr<SyncItem> HandlerImpl::Item(std::string_view id_or_name) {
  absl::StatusOr<ItemRow> row = FindRow(id_or_name);
  if (!row.ok()) return row.status();
  return Complete({*row}).front();
}

absl::Status HandlerImpl::CheckNameIsFree(const ItemRow& row) {
  // Also when the name is another item's id: what a person types must mean one of them.
  const absl::StatusOr<ItemRow> other = FindRow(row.name);
  if (absl::IsNotFound(other.status()) || (other.ok() && other->id == row.id)) {
    return absl::OkStatus();
  }
  if (!other.ok()) return other.status();
  return absl::AlreadyExistsError(
      Cat("There is a sync item ", other->name, " already. Take another name."));
}

absl::StatusOr<catalog::Provider> HandlerImpl::CheckItem(SyncItem* item) {
  absl::Status status = catalog_.Refresh();
  if (!status.ok()) return status;
  absl::StatusOr<catalog::Provider> provider = catalog_.Find(item->provider);
  if (absl::IsNotFound(provider.status())) {
    return absl::NotFoundError(Cat("There is no provider ", protocol::DisplayText(item->provider),
                                   ". See those that are there with: syncline providers"));
  }
  if (!provider.ok()) return provider.status();
  item->provider = provider->manifest.id;
  status = catalog::CheckSettings(provider->manifest, item->settings);
  if (!status.ok()) return status;
  for (auto [side, location] : {std::pair("A", &item->location_a), {"B", &item->location_b}}) {
    absl::StatusOr<std::string> stored = StoredLocation(side, *location);
    if (!stored.ok()) return stored.status();
    *location = *std::move(stored);
  }
  return provider;
}

absl::Status HandlerImpl::CheckForReal(const ItemRow& row, const catalog::Provider& provider,
                                       std::vector<std::string>* notes) {
  protocol::Start start = session::StartOf(row, provider, home_);
  start.check_only = true;
  Notes listener(notes);
  const session::WorkerOutcome outcome =
      session::RunWorker(worker_, start, limits_, &listener, clock_);
  const std::string message = session::Describe(outcome, start);
  if (outcome.end == session::WorkerOutcome::End::kDone) {
    if (outcome.done.result == protocol::Result::kDone) return absl::OkStatus();
    return absl::InvalidArgumentError(message);
  }
  if (outcome.Misbehaved()) return absl::AbortedError(message);
  return absl::UnavailableError(message);
}

absl::StatusOr<SyncItem> HandlerImpl::AddItem(const SyncItem& given) {
  SyncItem item = given;
  const bool usual_direction = item.direction.empty();
  if (usual_direction) item.direction = catalog::Manifest().direction;
  absl::Status status = CheckWords(item);
  if (!status.ok()) return status;
  const bool make_id = item.id.empty();
  if (make_id) item.id = MakeItemId(item.name);
  ItemRow row = RowOf(item);
  status = CheckNameIsFree(row);
  if (!status.ok()) return status;
  absl::StatusOr<catalog::Provider> provider = CheckItem(&item);
  if (!provider.ok()) return ForItem(item.name, provider.status());
  if (usual_direction) item.direction = provider->manifest.direction;
  row = RowOf(item);
  row.created_ns = absl::ToUnixNanos(clock_->Now());
  std::vector<std::string> notes;
  status = CheckForReal(row, *provider, &notes);
  if (!status.ok()) return ForItem(item.name, status);
  {
    absl::MutexLock lock(&mutex_);
    status = storage::ItemTable(&database_).Insert(row);
  }
  if (!status.ok()) return status;
  SyncItem added = ItemOf(row);
  added.notes = std::move(notes);
  return added;
}

absl::StatusOr<SyncItem> HandlerImpl::EditItem(const SyncItem& given) {
  SyncItem item = given;
  absl::Status status = CheckWords(item);
  if (!status.ok()) return status;
  const absl::StatusOr<ItemRow> old = FindRow(item.id);
  if (!old.ok()) return old.status();
  item.id = old->id;
  status = CheckNameIsFree(RowOf(item));
  if (!status.ok()) return status;
  const ItemRow wanted = RowOf(item);
  std::vector<std::string> notes;
  // What does not concern the provider can be edited also while it is missing.
  if (wanted.provider != old->provider || wanted.location_a != old->location_a ||
      wanted.location_b != old->location_b || wanted.settings != old->settings) {
    absl::StatusOr<catalog::Provider> provider = CheckItem(&item);
    if (!provider.ok()) return ForItem(item.name, provider.status());
    if (item.provider != old->provider) {
      return absl::InvalidArgumentError(
          Cat(item.name, " is an item of the provider ", old->provider,
              " and stays one. Add another item for the provider ", item.provider, "."));
    }
    status = CheckForReal(RowOf(item), *provider, &notes);
    if (!status.ok()) return ForItem(item.name, status);
  }
  {
    absl::MutexLock lock(&mutex_);
    status = storage::ItemTable(&database_).Update(RowOf(item));
  }
  if (!status.ok()) return status;
  absl::StatusOr<SyncItem> edited = Item(item.id);
  if (edited.ok()) edited->notes = std::move(notes);
  return edited;
}

absl::Status HandlerImpl::EnableItem(std::string_view id_or_name, bool enabled) {
  absl::MutexLock lock(&mutex_);
  storage::ItemTable table(&database_);
  const absl::StatusOr<ItemRow> row = table.Find(id_or_name);
  return row.ok() ? table.SetEnabled(row->id, enabled) : row.status();
}

absl::Status HandlerImpl::RemoveItem(std::string_view id_or_name) {
  const absl::StatusOr<ItemRow> row = FindRow(id_or_name);
  if (!row.ok()) return row.status();
  const std::string folder = ItemFolder(row->id);
  std::optional<platform::LockFile> lock_file;
  if (platform::StatPath(folder).ok()) {
    absl::StatusOr<platform::LockFile> lock = platform::LockFile::Acquire(
        platform::JoinPath(folder, "lock"), Cat("process ", platform::ProcessId(), " removes it"));
    if (absl::IsFailedPrecondition(lock.status())) {
      return absl::FailedPreconditionError(
          Cat(row->name, " is being synced now (", Sentence(lock.status()),
              "). Cancel that or wait until it is done, then remove it."));
    }
    if (!lock.ok()) return lock.status();
    lock_file = *std::move(lock);
  }
  absl::Status status;
  {
    absl::MutexLock lock(&mutex_);
    status = storage::ItemTable(&database_).Remove(row->id);
  }
  return status.ok() ? RemoveFolder(folder) : status;
}

}  // namespace syncline::handler
