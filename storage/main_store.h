// The main database: one small class for each group of tables, and the struct of a row of each.
// Every class works on a Database that it does not own; used by one thread at a time. Multi-row
// changes are transactions of their own. Errors: see database.h; NotFound where a row is missing,
// AlreadyExists where a name or id is taken; messages name the item. All members have initializers,
// so that a few can be set by name: Find({.item = "notes", .limit = 20}).
#ifndef SYNCLINE_STORAGE_MAIN_STORE_H_
#define SYNCLINE_STORAGE_MAIN_STORE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/database.h"

namespace syncline::storage {

struct InfoRow {
  std::string uuid{};  // 32 hex digits, random
  int64_t created_ns = 0;
  std::string created_by{};  // program version
};

class InfoTable {
 public:
  explicit InfoTable(const Database* db) : db_(db) {}
  // The database's identity; made with these values at the first call.
  absl::StatusOr<InfoRow> Get(std::string_view program_version, int64_t now_ns);

 private:
  const Database* db_;
};

struct ItemRow {
  std::string id{};
  std::string name{};
  std::string provider{};
  std::string location_a{};
  std::string location_b{};
  bool enabled = true;
  std::string direction = "two-way";
  std::string conflict_policy = "ask";
  int64_t created_ns = 0;
  std::string last_result{};
  int64_t last_sync_ns = 0;
  std::map<std::string, std::string> settings{};
  std::vector<std::string> filters{};
};

class ItemTable {
 public:
  explicit ItemTable(const Database* db) : db_(db) {}
  absl::Status Insert(const ItemRow& item);  // AlreadyExists: id or name is in use
  absl::Status Update(const ItemRow& item);  // all but id, created and last_*
  // Its settings, filters, conflicts and crash counts go with it; its events and sessions stay.
  absl::Status Remove(std::string_view id);
  absl::Status SetEnabled(std::string_view id, bool enabled);
  absl::Status SetLastResult(std::string_view id, std::string_view result, int64_t time_ns);
  // By id, else by name, without the case of the letters a to z.
  absl::StatusOr<ItemRow> Find(std::string_view id_or_name) const;
  absl::StatusOr<std::vector<ItemRow>> All() const;  // by name

 private:
  const Database* db_;
};

struct LibraryRow {
  std::string path{};
  uint64_t device = 0, file_id = 0, size = 0;
  int64_t modified_ns = 0, changed_ns = 0;
  std::string hash{}, state{}, reason{}, provider{}, manifest{}, looked_by{};
  int64_t looked_ns = 0;
};

class LibraryTable {
 public:
  explicit LibraryTable(const Database* db) : db_(db) {}
  absl::Status Put(const LibraryRow& row);  // inserts or replaces
  absl::Status Remove(std::string_view path);
  absl::StatusOr<std::vector<LibraryRow>> All() const;  // by path
  // Counts one more failure of the content and returns how many there are in a row.
  absl::StatusOr<int> AddFailure(std::string_view hash, std::string_view reason, int64_t now_ns);
  absl::Status ClearFailures(std::string_view hash);
  struct Failures {
    int count = 0;
    std::string last_reason;
  };
  absl::StatusOr<Failures> FailuresOf(std::string_view hash) const;

  // Crashed-at records of an item: record -> crashes running.
  absl::Status AddRecordCrash(std::string_view item, std::string_view record, int64_t now_ns);
  absl::Status ClearRecordCrashes(std::string_view item);
  absl::StatusOr<std::map<std::string, int>> RecordCrashes(std::string_view item) const;

 private:
  const Database* db_;
};

struct SessionItemRow {
  std::string item{};
  std::string result{};
  std::string counts_json{};
  double seconds = 0;
};
struct SessionRow {
  int64_t id = 0;
  int64_t started_ns = 0, ended_ns = 0, process = 0;
  std::string result{};
  std::vector<SessionItemRow> items{};
};

class SessionTable {
 public:
  explicit SessionTable(const Database* db) : db_(db) {}
  absl::StatusOr<int64_t> Begin(int64_t now_ns, int64_t process);
  absl::Status PutItem(int64_t session, const SessionItemRow& row);
  absl::Status End(int64_t session, std::string_view result, int64_t now_ns);
  absl::StatusOr<std::vector<SessionRow>> Latest(int limit) const;  // newest first, with items

 private:
  const Database* db_;
};

enum class Level : int { kInformation = 1, kWarning = 2, kError = 3 };

struct EventRow {
  int64_t id = 0;
  int64_t time_ns = 0;
  Level level = Level::kInformation;
  int64_t session = 0;
  std::string item{}, provider{}, record{}, name{}, text{};
};
struct EventQuery {
  std::optional<std::string> item{};  // id
  std::optional<int64_t> session{};
  Level min_level = Level::kInformation;
  int64_t before_id = 0;  // only older ones; 0: from the newest
  int limit = 100;
};

class EventTable {
 public:
  explicit EventTable(const Database* db) : db_(db) {}
  absl::Status Append(const std::vector<EventRow>& events);  // one transaction; ids are given out
  // Newest first. Page on with before_id = the last id. Uses an index for each filter: a page costs
  // the same at a million rows.
  absl::StatusOr<std::vector<EventRow>> Find(const EventQuery& query) const;
  absl::StatusOr<std::optional<EventRow>> Get(int64_t id) const;
  absl::StatusOr<int64_t> Count(const EventQuery& query) const;  // ignores before_id and limit
  absl::Status Remove(const std::vector<int64_t>& ids);
  // Removes what is older than the time, in small transactions. Relies on ids following time, so
  // old rows behind a long stretch of young ones (a clock set back) stay.
  absl::Status Prune(int64_t older_than_ns);

 private:
  const Database* db_;
};

struct ConflictRow {
  int64_t id = 0;
  std::string item{}, kind{}, key{}, record{}, reason{};
  std::string side_a_json{}, side_b_json{};
  int64_t since_ns = 0;
  std::string decision{};
  std::string choices_json = "{}";  // with the decision "merge": {"field": "a" or "b"}
};

class ConflictTable {
 public:
  explicit ConflictTable(const Database* db) : db_(db) {}
  // Inserts, or refreshes the row of the same item and key; a decision stands only while both sides
  // are as they were when it was made. Returns the id.
  absl::StatusOr<int64_t> Put(const ConflictRow& row);
  absl::Status Decide(int64_t id, std::string_view decision, std::string_view choices_json = "{}");
  absl::Status Remove(int64_t id);
  // Removes the item's conflicts whose ids are not in keep: they no longer exist.
  absl::Status RemoveOthers(std::string_view item, const std::vector<int64_t>& keep);
  absl::StatusOr<std::optional<ConflictRow>> Get(int64_t id) const;
  absl::StatusOr<std::vector<ConflictRow>> Find(std::optional<std::string> item) const;  // by id
  absl::StatusOr<std::map<std::string, int64_t>> CountByItem() const;  // undecided ones

 private:
  const Database* db_;
};

}  // namespace syncline::storage

#endif  // SYNCLINE_STORAGE_MAIN_STORE_H_
