// The baseline of one item: pairs, ancestors, parked records and the identity of both sides.
//
// A Baseline is used by one thread at a time. A BaselineCursor has a connection of its own, so that
// both sides can be scanned at once by two threads while nothing is written. Errors: see
// database.h. DataLoss means: set the file aside (SetAside) and compare contents anew.
#ifndef SYNCLINE_STORAGE_BASELINE_H_
#define SYNCLINE_STORAGE_BASELINE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/database.h"

namespace syncline::storage {

enum class Side : uint8_t { kA = 0, kB = 1 };
constexpr Side Other(Side s) { return s == Side::kA ? Side::kB : Side::kA; }
constexpr char SideLetter(Side s) { return s == Side::kA ? 'a' : 'b'; }
constexpr int Index(Side s) { return static_cast<int>(s); }

// One row of pairs. Arrays are indexed by Side.
struct Pair {
  std::string id[2];
  std::string version[2];
  std::string identity[2];
  std::string key;
  uint32_t flags = 0;
  int64_t size = -1;  // bytes
};

// Reads the pairs in the order in which one side lists its records.
class BaselineCursor {
 public:
  // Moves to the next pair; false at the end or on an error, see status().
  bool Next();
  // The place and version on the cursor's side; valid until Next.
  std::string_view id() const { return id_; }
  std::string_view version() const { return version_; }
  // The whole row, copied.
  Pair Get() const;
  const absl::Status& status() const { return status_; }

 private:
  friend class Baseline;
  enum class From : uint8_t { kNone, kShared, kOwn };
  void Load(const Statement& row);

  Database db_;
  Side side_ = Side::kA;
  // Side B reads two streams: rows with one place for both, by id_a, and rows with a place of their
  // own, by id_b; it merges them.
  Statement shared_, own_;
  bool shared_here_ = false, own_here_ = false, started_ = false;
  From from_ = From::kNone;
  std::string_view id_, version_;
  absl::Status status_;
};

// Looks up what a provider remembers of one side, on a connection of its own, so that a scan on
// another thread may use it. Sees what was committed.
class MemoryReader {
 public:
  // NotFound: nothing is remembered under this name.
  absl::StatusOr<std::string> Find(std::string_view name);

 private:
  friend class Baseline;
  Database db_;
  Statement find_;
  std::string side_;
};

struct ParkedRow {
  std::string key, version_a, version_b, reason;
  bool final = false;
  int tries = 0;
  int64_t since_ns = 0;
};
struct ReplicaRow {
  std::string location, identity, token;
};

class Baseline {
 public:
  static absl::StatusOr<Baseline> Open(const std::string& path);
  // Renames a damaged file (and its journal) to a name that tells so; returns that name.
  static absl::StatusOr<std::string> SetAside(const std::string& path);

  absl::StatusOr<std::unique_ptr<BaselineCursor>> Scan(Side side) const;
  absl::StatusOr<std::unique_ptr<MemoryReader>> Memory(Side side) const;
  absl::StatusOr<int64_t> Count() const;
  absl::StatusOr<std::optional<Pair>> FindByKey(std::string_view key) const;
  absl::StatusOr<std::optional<Pair>> FindById(Side side, std::string_view id) const;
  absl::StatusOr<std::string> Ancestor(std::string_view id_a) const;  // NotFound: none is kept

  // Changes are collected in one transaction from the first one until Commit().
  absl::Status Put(const Pair& pair, const std::string* ancestor);  // ancestor may be null
  absl::Status Remove(std::string_view id_a);
  // Gives every pair inside the container a new place: both sides' prefixes are replaced, ancestors
  // move along. The container's own pair is not touched.
  absl::Status Rebase(const std::string (&old_id)[2], const std::string (&new_id)[2]);
  absl::Status Park(const ParkedRow& row);  // counts tries up
  absl::Status Unpark(std::string_view key);
  absl::StatusOr<std::map<std::string, ParkedRow>> Parked() const;
  absl::Status SetReplica(Side side, const ReplicaRow& row);
  absl::StatusOr<std::optional<ReplicaRow>> Replica(Side side) const;
  absl::Status Remember(Side side, std::string_view name, std::string_view value);  // empty: forget
  absl::Status Clear();  // forgets all of it
  absl::Status Commit();

 private:
  absl::Status Begin();
  Database db_;
  Statement put_, remove_, put_ancestor_, remove_ancestor_, remember_;
};

}  // namespace syncline::storage

#endif  // SYNCLINE_STORAGE_BASELINE_H_
