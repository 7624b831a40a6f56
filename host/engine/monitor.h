// What the engine and the provider's calls tell while they work, and how they learn that they
// should stop. The worker implements it over its channel; tests implement it over vectors.
#ifndef SYNCLINE_HOST_ENGINE_MONITOR_H_
#define SYNCLINE_HOST_ENGINE_MONITOR_H_

#include <algorithm>
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

  // Counters that a reporter thread samples: storing them costs a few ns, so every record can. All
  // but records_scanned only grow, over all rounds of a turn, and no more is done than is in all at
  // any moment: Sample() relies on both.
  std::atomic<Phase> phase{Phase::kStarting};
  std::atomic<uint64_t> records_scanned{0};  // listed in this round, of both sides
  std::atomic<uint64_t> records_done{0}, records_total{0};
  std::atomic<uint64_t> bytes_done{0}, bytes_total{0};
  std::atomic<uint64_t> activity{0};
  std::atomic<bool> flushing{false};

  // One thread at a time.
  void StartPhase(Phase next) { phase.store(next, std::memory_order_release); }
  void StartScan() {
    records_scanned.store(0, std::memory_order_relaxed);
    StartPhase(Phase::kScanning);
  }
  // A further round adds its records to those of the rounds before.
  void StartApplying(uint64_t records, uint64_t bytes) {
    records_total.fetch_add(records, std::memory_order_release);
    bytes_total.fetch_add(bytes, std::memory_order_release);
    bytes_before_record_ = bytes_done.load(std::memory_order_relaxed);
    StartPhase(Phase::kApplying);
  }
  // done: bytes of the record at work that are written. The applying thread.
  void WithinRecord(uint64_t done) {
    if (phase.load(std::memory_order_relaxed) == Phase::kApplying) {
      RaiseBytes(bytes_before_record_ + done);
    }
  }
  // A record's order was given; bytes: what it counted for in bytes_total. The applying thread.
  void RecordDone(uint64_t bytes) {
    bytes_before_record_ += bytes;
    RaiseBytes(bytes_before_record_);
    records_done.fetch_add(1, std::memory_order_release);
  }

  struct Progress {
    Phase phase;
    uint64_t records_scanned, records_done, records_total, bytes_done, bytes_total;
  };
  // Any thread. What is done is read before what there is in all, which may only have grown since.
  Progress Sample() const {
    Progress now;
    now.phase = phase.load(std::memory_order_acquire);
    now.records_scanned = records_scanned.load(std::memory_order_relaxed);
    now.records_done = records_done.load(std::memory_order_acquire);
    now.bytes_done = bytes_done.load(std::memory_order_acquire);
    now.records_total = records_total.load(std::memory_order_acquire);
    now.bytes_total = bytes_total.load(std::memory_order_acquire);
    return now;
  }

  void Touch() { activity.fetch_add(1, std::memory_order_relaxed); }

  // The record at work, for progress (name, or the id when it has none) and for the note that
  // outlives a crash. One thread at a time.
  virtual void AtWork(std::string_view operation, Side side, std::string_view id,
                      std::string_view name = {}) = 0;
  // Level is SYNCLINE_INFO and up; key may be empty. Any thread.
  virtual void Event(int level, std::string_view key, std::string_view name,
                     std::string_view text) = 0;
  virtual void Log(int level, std::string_view text) = 0;
  virtual void Conflict(const ConflictReport& conflict) = 0;
  virtual void Plan(const PlanLine& line) = 0;
  // Whether a record of side A can be removed there, since B has it for sure: yes when why_not is
  // empty. record is its place.
  virtual void Safe(std::string_view record, std::string_view why_not) {
    (void)record, (void)why_not;
  }

 private:
  // A record that failed half written, or grew, must not take back or exceed what was told.
  void RaiseBytes(uint64_t bytes) {
    bytes = std::min(bytes, bytes_total.load(std::memory_order_relaxed));
    if (bytes > bytes_done.load(std::memory_order_relaxed)) {
      bytes_done.store(bytes, std::memory_order_release);
    }
  }

  uint64_t bytes_before_record_ = 0;  // of the applying thread
  std::atomic<bool> cancelled_{false};
};

}  // namespace syncline::engine

#endif  // SYNCLINE_HOST_ENGINE_MONITOR_H_
