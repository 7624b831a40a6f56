// Carrying out a plan: orders to both replicas, in batches that are made durable together, and the
// baseline that follows them. A kill at any point leaves a baseline that is older than the
// replicas, never newer, and the next sync goes on from there.
#ifndef SYNCLINE_HOST_ENGINE_APPLY_H_
#define SYNCLINE_HOST_ENGINE_APPLY_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "host/engine/arrange.h"
#include "host/engine/plan.h"
#include "host/engine/replica.h"
#include "sdk/platform/clock.h"
#include "storage/baseline.h"

namespace syncline::engine {

// What was done. Each record is counted in one of these.
struct Tally {
  uint64_t unchanged = 0, created = 0, updated = 0, removed = 0, moved = 0, merged = 0;
  uint64_t conflicts = 0, failed = 0, adopted = 0, skipped = 0;
  uint64_t bytes = 0;
};

class Applier : public Results {
 public:
  struct Options {
    std::string folder;  // of the item, for spooled content
    platform::Clock* clock = nullptr;
  };
  Applier(Options options, storage::Baseline* baseline, Monitor* monitor);
  ~Applier() override;

  // Both before Run; the replicas must have this object as their Results.
  void SetReplicas(Replica* a, Replica* b) {
    replicas_[0] = a;
    replicas_[1] = b;
  }

  // OK also when records failed: the tally tells. Cancelled; or why the whole item cannot go on
  // (FailedPrecondition with the provider's words, or an error of the baseline).
  absl::Status Run(const Plan& plan);

  const Tally& tally() const { return tally_; }
  Tally& tally() { return tally_; }
  bool look_again() const { return look_again_; }
  // Why the side takes no more writes; empty while it does.
  const std::string& unwritable(Side side) const { return unwritable_[Index(side)]; }
  // Before each round: its entries are others than those of the round before.
  void StartRound();
  // Moves records to where their layout wants them, and makes that durable; the baseline follows in
  // the round after it. OK also when some were refused. Other errors as from Run().
  absl::Status Arrange(const std::vector<ArrangeStep>& steps);
  // The same in a dry run: moves nothing.
  void ShowArrange(const std::vector<ArrangeStep>& steps);
  // Whether Arrange() brought the record to this place of the side; in a dry run: would move it
  // from there.
  bool Arranged(Side side, const std::string& id) const {
    return arranged_[Index(side)].contains(id);
  }
  // What it brought there.
  const ArrangedMap& arranged(Side side) const { return arranged_[Index(side)]; }
  // How many of the moves were refused.
  uint64_t arrange_failed() const { return arrange_failed_; }

  // A move that the provider does not offer after all: the next round copies instead.
  bool moves_unsupported() const { return moves_unsupported_; }
  // Keys of the records that were stored beside another one, to keep both.
  const IdSet& beside() const { return beside_; }
  // Records that changed while they were synced; failures if no further round follows.
  const std::vector<std::string>& changed_meanwhile() const { return changed_meanwhile_; }

  void Stored(uint64_t ticket, const Record* record) override;
  void Failed(uint64_t ticket, const Outcome& outcome) override;

  // Before the first Park() of a round.
  absl::Status LoadParked();
  // Tells of a conflict with both sides described.
  void ReportConflict(const Entry& entry);
  // Keeps the reason of a record that could not be brought in step.
  void Park(const Entry& entry, std::string_view reason, bool final, bool quiet);
  // The same for a record that its provider set aside.
  void ParkAside(Side side, const SetAside& aside);
  // After the last round of a turn that ended: forgets the records that were parked once and are
  // not any more.
  absl::Status ForgetUnparked();

 private:
  struct Job;
  absl::Status ArrangeOne(const ArrangeStep& step);
  void ArrangeFailed(const ArrangeStep& step, std::string_view why);
  absl::Status DoMoves(const Plan& plan);
  absl::Status DoMove(const MoveStep& step);
  absl::Status Do(Entry* entry);
  void DoCopy(Job* job, Side to, uint32_t flags);
  void DoMetadata(Job* job);
  void DoMerge(Job* job);
  void DoRemove(Job* job, Side from);
  void DoKeepBoth(Job* job);
  bool MergesEssences() const;
  bool MayCopy(const Record& record) const;
  void KeepAncestor(Job* job);
  Outcome KeepEssence(Job* job, Side from);
  Outcome SendContent(Job* job, Side to, syncline_write* order, Record* wanted);
  Record SourceRecord(const Entry& entry, Side s) const;
  void Ordered(Job* job, Side side, uint64_t ticket, const Outcome& outcome);
  void ShowDone(Job* job);
  void Finish(Job* job);
  void FinishFailed(Job* job);
  void FinishMove(Job* job);
  absl::Status WritePair(Job* job);
  absl::Status SettleBatch();
  absl::Status MaybeSettle();
  void KeepParked(storage::ParkedRow row, std::string_view shown, int level, std::string_view name);
  void Count(const Job& job);
  bool Blocked(const Entry& entry) const;
  std::string SideName(Side s) const;
  void KeepStatus(absl::Status status);

  const Options options_;
  storage::Baseline* const baseline_;
  Monitor* const monitor_;
  Replica* replicas_[2] = {nullptr, nullptr};
  Tally tally_;
  uint64_t next_ticket_ = 1;
  absl::flat_hash_map<uint64_t, std::pair<Job*, Side>> tickets_;
  std::vector<std::unique_ptr<Job>> open_;  // ordered in this batch
  absl::flat_hash_set<const Entry*> done_early_;
  std::vector<std::string> blocked_;  // places inside which nothing can be done this time
  std::map<std::string, storage::ParkedRow> parked_;
  IdSet parked_now_;           // keys that this turn parked
  std::string unwritable_[2];  // why a side takes no more writes
  uint64_t batch_bytes_ = 0;
  absl::Duration batch_started_;
  bool large_batches_ = false;  // a side says that each settle costs as much as the whole place
  std::optional<Outcome> keep_both_failed_;
  IdSet beside_;
  IdSet told_;  // keys of conflicts
  bool look_again_ = false;
  bool moves_done_ = false;  // of this round
  bool moves_unsupported_ = false;
  std::vector<std::string> changed_meanwhile_;
  ArrangedMap arranged_[2];
  IdSet arranged_records_;  // ArrangeStep::record of those that are counted
  uint64_t arrange_failed_ = 0;
  absl::Status status_;  // the first error that ends the item
};

}  // namespace syncline::engine

#endif  // SYNCLINE_HOST_ENGINE_APPLY_H_
