// The handler on this machine: its database, its catalog, its sessions. Internal to host/handler;
// the methods stand by subject in handler.cpp, items.cpp, sync.cpp, safe.cpp and stores.cpp.
#ifndef SYNCLINE_HOST_HANDLER_HANDLER_IMPL_H_
#define SYNCLINE_HOST_HANDLER_HANDLER_IMPL_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "host/catalog/catalog.h"
#include "host/handler/handler.h"
#include "host/session/session.h"
#include "sdk/platform/clock.h"
#include "storage/main_store.h"

namespace syncline::handler {

class HandlerImpl : public Handler {
 public:
  struct Parts {
    std::string home, database_path, database_uuid, worker;
    storage::Database database;          // for the stores, under mutex_
    storage::Database catalog_database;  // the catalog's own
    catalog::Catalog::Options catalog;
    session::WorkerLimits limits;
    int parallel = 0;
    platform::Clock* clock = nullptr;
  };
  explicit HandlerImpl(Parts parts);

  const std::string& home() const override { return home_; }

  absl::StatusOr<std::vector<ProviderInfo>> Providers() override;
  absl::Status RetryProvider(std::string_view id_or_file) override;

  absl::StatusOr<std::vector<SyncItem>> Items() override;
  absl::StatusOr<SyncItem> Item(std::string_view id_or_name) override;
  absl::StatusOr<SyncItem> AddItem(const SyncItem& item) override;
  absl::StatusOr<SyncItem> EditItem(const SyncItem& item) override;
  absl::Status EnableItem(std::string_view id_or_name, bool enabled) override;
  absl::Status RemoveItem(std::string_view id_or_name) override;

  absl::StatusOr<SessionReport> Synchronize(const std::vector<std::string>& items,
                                            const SyncOptions& options,
                                            ProgressSink* sink) override;

  absl::StatusOr<std::optional<SafeReport>> Safe(std::string_view id_or_name, CancelToken* cancel,
                                                 ProgressSink* sink) override;

  absl::StatusOr<std::vector<EventInfo>> Events(const EventFilter& filter) override;
  absl::StatusOr<int64_t> CountEvents(const EventFilter& filter) override;
  absl::StatusOr<EventInfo> Event(std::string_view guid) override;
  absl::Status RemoveEvents(const std::vector<int64_t>& ids) override;

  absl::StatusOr<std::vector<ConflictInfo>> Conflicts(
      std::optional<std::string> item_id_or_name) override;
  absl::StatusOr<ConflictInfo> Conflict(int64_t id) override;
  absl::StatusOr<SessionReport> Resolve(const std::vector<int64_t>& conflicts,
                                        const Resolution& resolution, const SyncOptions& options,
                                        ProgressSink* sink) override;

 private:
  std::string ItemFolder(const std::string& id) const;
  absl::StatusOr<storage::ItemRow> FindRow(std::string_view id_or_name);
  absl::StatusOr<std::vector<storage::ItemRow>> AllRows();
  // Fills in what is not stored with the item.
  std::vector<SyncItem> Complete(const std::vector<storage::ItemRow>& rows);
  absl::Status CheckNameIsFree(const storage::ItemRow& row);
  // The provider of a checked item; its locations are made absolute.
  absl::StatusOr<catalog::Provider> CheckItem(SyncItem* item);
  // Opens both sides in a worker. What the provider tells meanwhile is added to notes.
  absl::Status CheckForReal(const storage::ItemRow& row, const catalog::Provider& provider,
                            std::vector<std::string>* notes);

  absl::StatusOr<std::vector<storage::ItemRow>> RowsToSync(const std::vector<std::string>& names);
  // A session over the rows; decided is carried out. all: items added meanwhile are taken in.
  absl::StatusOr<SessionReport> RunSession(const std::vector<storage::ItemRow>& rows,
                                           std::vector<storage::ConflictRow> decided, bool all,
                                           bool only_decided, const SyncOptions& options,
                                           ProgressSink* sink);
  std::vector<session::Turn> TurnsOf(const std::vector<storage::ItemRow>& rows,
                                     const std::vector<storage::ConflictRow>& decided);
  absl::StatusOr<std::vector<storage::ConflictRow>> DecidedConflicts();
  absl::StatusOr<storage::EventQuery> QueryOf(const EventFilter& filter);
  void PruneEvents();

  const std::string home_, database_path_, database_uuid_, worker_;
  const session::WorkerLimits limits_;
  const int parallel_;
  platform::Clock* const clock_;
  absl::Mutex mutex_;
  const storage::Database database_ ABSL_GUARDED_BY(mutex_);
  const storage::Database catalog_database_;
  catalog::Catalog catalog_;
  absl::Time pruned_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace syncline::handler

#endif  // SYNCLINE_HOST_HANDLER_HANDLER_IMPL_H_
