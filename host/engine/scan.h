// Scanning one side: its listing and the baseline, both in order of id, are walked together, and
// only what differs is kept. So memory grows with the number of changes, not of records.
#ifndef SYNCLINE_HOST_ENGINE_SCAN_H_
#define SYNCLINE_HOST_ENGINE_SCAN_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/status/status.h"
#include "host/engine/filter.h"
#include "host/engine/replica.h"
#include "host/engine/types.h"
#include "storage/baseline.h"

namespace syncline::engine {

// What one side did to one record since the baseline.
struct Change {
  State state = State::kPresent;   // kPresent (no baseline), kChanged or kGone
  std::unique_ptr<Pair> base;      // with kChanged and kGone
  std::unique_ptr<Record> record;  // with kPresent and kChanged
};

using IdSet = absl::btree_set<std::string, std::less<>>;

// Ids about which, with all that is inside them, nothing may be concluded.
class UnknownSet {
 public:
  void Add(std::string id) { ids_.insert(std::move(id)); }
  // All that was not listed.
  void AddRest() { rest_ = true; }
  bool rest() const { return rest_; }
  bool Covers(std::string_view id) const;
  bool empty() const { return ids_.empty() && !rest_; }

 private:
  IdSet ids_;
  bool rest_ = false;
};

// A record that its provider leaves alone, with the reason; a setting that leaves it out gives
// none.
struct SetAside {
  std::string id, key, version, reason;
  bool parked() const { return !reason.empty(); }
};

struct ScanResult {
  Outcome outcome;              // of the listing; when not OK nothing below counts
  absl::Status baseline;        // of reading the baseline
  std::vector<Change> changes;  // in order of id
  UnknownSet unknown;
  std::vector<SetAside> aside;  // in the order listed; their ids are in unknown as well
  // Filtered records whose places a record of the other kind could claim without being filtered
  // itself: a file "x" where this side has a folder "x" and the filter is "x/".
  UnknownSet hidden;
  uint64_t records = 0;     // listed and not filtered
  uint64_t unreadable = 0;  // listed and not filtered, but nothing is known of them
  uint64_t pairs = 0;       // of the baseline and not filtered
};

struct ScanOptions {
  const Filter* filter = nullptr;
  // Ids or keys of records that crashed the provider twice: left alone.
  const IdSet* avoid = nullptr;
};

// Runs on the calling thread; two sides may be scanned at once by two threads.
void Scan(Replica& replica, storage::BaselineCursor& cursor, const ScanOptions& options,
          Monitor* monitor, ScanResult* result);

}  // namespace syncline::engine

#endif  // SYNCLINE_HOST_ENGINE_SCAN_H_
