// What the engine and the provider's calls tell while they work, and how they learn that they
// should stop. The worker implements it over its channel; tests implement it over vectors.
#ifndef SYNCLINE_HOST_ENGINE_MONITOR_H_
#define SYNCLINE_HOST_ENGINE_MONITOR_H_

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "host/engine/decide.h"
#include "host/engine/types.h"

namespace syncline::engine {

enum class Phase : uint8_t { kStarting, kScanning, kPlanning, kApplying, kFinishing };

// A conflict for a person to decide, with what each side holds.
struct ConflictReport {
  ConflictKind kind = ConflictKind::kEditEdit;
  std::string key;
  std::string reason;
  struct View {
    bool there = false;
    std::string id, version, title;
    uint64_t size = SYNCLINE_UNKNOWN_SIZE;
    int64_t mtime_ns = SYNCLINE_UNKNOWN_TIME;
    std::map<std::string, std::string> fields;     // as described
    std::map<std::string, std::string> differing;  // values that no merge could settle
  };
  View side[2];
};

// One line of a dry run.
struct PlanLine {
  std::string action;  // create, update, remove, move, merge, conflict, adopt
  std::string side;    // the side that is written: a, b or both
  std::string key;
  std::string from;
  uint64_t bytes = 0;
};

class Monitor {
 public:
  virtual ~Monitor() = default;

  // Costs a relaxed load. Any thread.
  bool cancelled() const { return cancelled_.load(std::memory_order_relaxed); }
  void Cancel() { cancelled_.store(true, std::memory_order_relaxed); }

  // The phase and its totals change together, as Sample() sees it. One thread at a time.
  void StartPhase(Phase next) {
    const PhaseChange change(&changes_);
    phase.store(next, std::memory_order_release);
  }
  void StartScan() {
    const PhaseChange change(&changes_);
    phase.store(Phase::kScanning, std::memory_order_release);
    records_done.store(0, std::memory_order_release);
    records_total.store(0, std::memory_order_release);
  }
  void StartPhase(Phase next, uint64_t records, uint64_t bytes) {
    const PhaseChange change(&changes_);
    phase.store(next, std::memory_order_release);
    records_done.store(0, std::memory_order_release);
    records_total.store(records, std::memory_order_release);
    bytes_done.store(0, std::memory_order_release);
    bytes_total.store(bytes, std::memory_order_release);
  }
  // Of one moment: counters of one phase never show with the name of another. Any thread; waits
  // only while a phase starts.
  struct Progress {
    Phase phase;
    uint64_t records_done, records_total, bytes_done, bytes_total;
  };
  Progress Sample() const {
    for (;;) {
      const uint32_t before = changes_.load(std::memory_order_acquire);
      const Progress now = {phase.load(std::memory_order_acquire),
                            records_done.load(std::memory_order_acquire),
                            records_total.load(std::memory_order_acquire),
                            bytes_done.load(std::memory_order_acquire) +
                                bytes_in_record.load(std::memory_order_acquire),
                            bytes_total.load(std::memory_order_acquire)};
      if (before % 2 == 0 && changes_.load(std::memory_order_acquire) == before) return now;
    }
  }

  // Counters that a reporter thread samples: storing them costs a few ns, so every record can.
  std::atomic<Phase> phase{Phase::kStarting};
  std::atomic<uint64_t> records_done{0}, records_total{0};
  std::atomic<uint64_t> bytes_done{0}, bytes_total{0};
  std::atomic<uint64_t> bytes_in_record{0};  // of the record at work, not in bytes_done yet
  std::atomic<uint64_t> activity{0};
  std::atomic<bool> flushing{false};
  void Touch() { activity.fetch_add(1, std::memory_order_relaxed); }

  // The record at work, for progress and for the note that outlives a crash. side 0: both. One
  // thread at a time.
  virtual void AtWork(std::string_view operation, Side side, std::string_view id) = 0;
  // Level is SYNCLINE_INFO and up; key may be empty. Any thread.
  virtual void Event(int level, std::string_view key, std::string_view name,
                     std::string_view text) = 0;
  virtual void Log(int level, std::string_view text) = 0;
  virtual void Conflict(const ConflictReport& conflict) = 0;
  virtual void Plan(const PlanLine& line) = 0;

 private:
  // A seqlock: odd while a phase starts.
  class PhaseChange {
   public:
    explicit PhaseChange(std::atomic<uint32_t>* changes) : changes_(changes) {
      changes_->fetch_add(1, std::memory_order_acq_rel);
    }
    PhaseChange(const PhaseChange&) = delete;
    PhaseChange& operator=(const PhaseChange&) = delete;
    ~PhaseChange() { changes_->fetch_add(1, std::memory_order_acq_rel); }

   private:
    std::atomic<uint32_t>* const changes_;
  };

  std::atomic<uint32_t> changes_{0};
  std::atomic<bool> cancelled_{false};
};

}  // namespace syncline::engine

#endif  // SYNCLINE_HOST_ENGINE_MONITOR_H_
