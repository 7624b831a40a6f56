// The handler: the one class that every face (command line, Sync Center, web page) talks to. It
// mirrors what Windows' ISyncMgrHandler and its stores ask for, in portable words; a face
// translates and decides nothing.
//
//   auto handler = Handler::Open({});
//   handler->AddItem({.name = "Notes", .provider = "folders", .location_a = "/a", .location_b =
//   "/b"}); SessionReport report = *handler->Synchronize({}, {}, &sink);
//
// Thread rule: every method may be called from any thread. Synchronize blocks its caller until the
// session is over; other methods may be called meanwhile; several sessions may run at once (an item
// is in one of them at a time, the other gets kBusy).
//
// Errors: NotFound, AlreadyExists, InvalidArgument (a setting or location; the message says which),
// FailedPrecondition (newer data folder, busy item), DataLoss (damaged database), and those of the
// disk.
#ifndef SYNCLINE_HOST_HANDLER_HANDLER_H_
#define SYNCLINE_HOST_HANDLER_HANDLER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "host/session/types.h"

namespace syncline {

struct ProviderInfo {
  std::string id, name, version, description;
  std::string state;   // arriving, ready, incompatible, quarantined
  std::string reason;  // what is wrong and what to do; empty when ready
  std::string file;
  std::string direction;  // of an item for which nobody says
  struct Setting {
    std::string key, type, default_value, label, help;
    bool required = false;
    std::vector<std::string> choices;
  };
  std::vector<Setting> settings;
};

struct EventFilter {
  std::optional<std::string> item = std::nullopt;  // id or name
  std::optional<int64_t> session = std::nullopt;
  std::string min_level = "information";
  int64_t before_id = 0;  // page on: the id of the last one seen
  int limit = 100;
};

enum class Keep : uint8_t { kA, kB, kBoth, kMerge };
// What a person decides about conflicts.
struct Resolution {
  // NOLINTNEXTLINE(google-explicit-constructor): most decisions are just one word.
  Resolution(Keep k) : keep(k) {}
  Keep keep;
  // With kMerge: the side, 'a' or 'b', whose value a field takes that both sides changed
  // differently, by the names in ConflictSide::differing. Fields of none of them stay open, and so
  // the conflict.
  std::map<std::string, char> choices;
};

class Handler {
 public:
  struct Options {
    std::string home;                         // data folder; empty: SYNCLINE_HOME or the platform's
    std::vector<std::string> plugin_folders;  // added to those of SYNCLINE_PLUGIN_PATH
    std::string worker;      // path of syncline-worker; empty: found beside the program
    int parallel_items = 0;  // 0: from the number of processors
    absl::Duration hang_limit = absl::ZeroDuration();  // zero: SYNCLINE_HANG_SECONDS or 60 s
  };
  static absl::StatusOr<std::unique_ptr<Handler>> Open(const Options& options);
  virtual ~Handler() = default;

  static std::string_view Name() { return "Syncline"; }
  virtual const std::string& home() const = 0;

  // Providers. Looks at the plug-in folders each time; unchanged files cost a stat.
  virtual absl::StatusOr<std::vector<ProviderInfo>> Providers() = 0;
  // Lifts a quarantine: provider id or file.
  virtual absl::Status RetryProvider(std::string_view id_or_file) = 0;

  // Items.
  virtual absl::StatusOr<std::vector<SyncItem>> Items() = 0;
  virtual absl::StatusOr<SyncItem> Item(std::string_view id_or_name) = 0;
  // Checks provider, settings and both locations for real (in a worker) before storing it. The item
  // that comes back has the provider's notes on its settings.
  virtual absl::StatusOr<SyncItem> AddItem(const SyncItem& item) = 0;
  // By id; checked like AddItem. Without notes where nothing changed that concerns the provider.
  virtual absl::StatusOr<SyncItem> EditItem(const SyncItem& item) = 0;
  virtual absl::Status EnableItem(std::string_view id_or_name, bool enabled) = 0;
  // Forgets the item, its baseline and conflicts. The synced data is not touched.
  virtual absl::Status RemoveItem(std::string_view id_or_name) = 0;

  // Synchronizes the named items (ids or names), or all enabled ones when none is named; then items
  // added meanwhile are taken in as well. sink may be null.
  virtual absl::StatusOr<SessionReport> Synchronize(const std::vector<std::string>& items,
                                                    const SyncOptions& options,
                                                    ProgressSink* sink) = 0;

  // Which records of side A a person may remove there, since side B has them, read back from its
  // disk: lists both sides as a dry run does, in a worker, and changes nothing. Blocks its caller
  // until that is over, like Synchronize; sink (may be null) and cancel (may be null) are as there,
  // and not owned. nullopt: the item does not verify what is stored (its provider has no setting
  // "verify", or it is not "yes"), so that nothing can be said. Errors are those of a sync:
  // FailedPrecondition when the item is busy, Unavailable when a side cannot be reached or listed,
  // Aborted when the provider crashed, Cancelled.
  virtual absl::StatusOr<std::optional<SafeReport>> Safe(std::string_view id_or_name,
                                                         CancelToken* cancel,
                                                         ProgressSink* sink) = 0;

  // Event store.
  virtual absl::StatusOr<std::vector<EventInfo>> Events(const EventFilter& filter) = 0;
  virtual absl::StatusOr<int64_t> CountEvents(const EventFilter& filter) = 0;
  virtual absl::StatusOr<EventInfo> Event(std::string_view guid) = 0;
  virtual absl::Status RemoveEvents(const std::vector<int64_t>& ids) = 0;

  // Conflict store.
  virtual absl::StatusOr<std::vector<ConflictInfo>> Conflicts(
      std::optional<std::string> item_id_or_name) = 0;
  virtual absl::StatusOr<ConflictInfo> Conflict(int64_t id) = 0;
  // Decides the conflicts and carries the decisions out at once, touching nothing else. The report
  // says what became of each item concerned; a conflict whose sides changed since it was shown is
  // refreshed instead and stays open.
  virtual absl::StatusOr<SessionReport> Resolve(const std::vector<int64_t>& conflicts,
                                                const Resolution& resolution,
                                                const SyncOptions& options, ProgressSink* sink) = 0;
};

}  // namespace syncline

#endif  // SYNCLINE_HOST_HANDLER_HANDLER_H_
