#include "host/session/progress_hub.h"

#include <algorithm>
#include <utility>

#include "host/protocol/text.h"

namespace syncline::session {
namespace {

// 25 a second: with a final snapshot right behind the last tick it still stays below 30.
constexpr absl::Duration kTick = absl::Milliseconds(40);

void Add(const protocol::Counts& from, protocol::Counts* to) {
  to->unchanged += from.unchanged;
  to->created += from.created;
  to->updated += from.updated;
  to->removed += from.removed;
  to->moved += from.moved;
  to->merged += from.merged;
  to->conflicts += from.conflicts;
  to->failed += from.failed;
  to->adopted += from.adopted;
  to->skipped += from.skipped;
  to->bytes += from.bytes;
}

uint64_t Records(const protocol::Counts& c) {
  return c.unchanged + c.created + c.updated + c.removed + c.moved + c.merged + c.conflicts +
         c.failed + c.adopted + c.skipped;
}

void Estimate(const Rate& records, const Rate& bytes, ProgressSnapshot* snapshot) {
  snapshot->records_per_second = records.PerSecond();
  snapshot->bytes_per_second = bytes.PerSecond();
  const absl::Duration by_records =
      records.TimeLeft(snapshot->records_done, snapshot->records_total);
  // Many small records wait for the one, few large ones for the other: the slower counts.
  snapshot->time_left =
      snapshot->bytes_total == 0
          ? by_records
          : std::max(by_records, bytes.TimeLeft(snapshot->bytes_done, snapshot->bytes_total));
}

bool IsEnded(const ProgressSnapshot& snapshot) {
  return snapshot.state == ProgressSnapshot::State::kEnded;
}

}  // namespace

ProgressHub::ProgressHub(ProgressSink* sink, CancelToken* cancel, platform::Clock* clock)
    : sink_(sink), cancel_(cancel), clock_(clock) {
  if (sink_ != nullptr) thread_ = std::thread([this] { Run(); });
}

ProgressHub::~ProgressHub() {
  {
    absl::MutexLock lock(&mutex_);
    stop_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void ProgressHub::AddItem(const std::string& id, const std::string& name) {
  absl::MutexLock lock(&mutex_);
  index_[id] = items_.size();
  Item& item = items_.emplace_back();
  item.snapshot.item = id;
  item.snapshot.name = name;
}

void ProgressHub::Update(const std::string& id, const protocol::Progress& progress) {
  absl::MutexLock lock(&mutex_);
  const auto found = index_.find(id);
  if (found == index_.end()) return;
  Item& item = items_[found->second];
  ProgressSnapshot& snapshot = item.snapshot;
  if (IsEnded(snapshot)) return;
  snapshot.state = ProgressSnapshot::State::kRunning;
  snapshot.phase = progress.phase;
  snapshot.records_scanned = progress.records_scanned;
  snapshot.records_done = progress.records_done;
  snapshot.records_total = progress.records_total;
  snapshot.bytes_done = progress.bytes_done;
  snapshot.bytes_total = progress.bytes_total;
  snapshot.current = std::string(CutText(progress.current, kMaxProgressText));
  item.dirty = true;
}

void ProgressHub::Ended(const ItemReport& report) {
  absl::MutexLock lock(&mutex_);
  const auto found = index_.find(report.item);
  if (found == index_.end()) return;
  Item& item = items_[found->second];
  ProgressSnapshot& snapshot = item.snapshot;
  if (IsEnded(snapshot)) return;
  snapshot.state = ProgressSnapshot::State::kEnded;
  snapshot.phase = protocol::Phase::kFinishing;
  snapshot.result = report.result;
  snapshot.message = report.message;
  snapshot.counts = report.counts;
  snapshot.current.clear();
  if (report.result <= protocol::Result::kPartial) {
    // A short turn may have ended before it reported anything.
    snapshot.records_done = snapshot.records_total =
        std::max({snapshot.records_done, snapshot.records_total, Records(report.counts)});
    snapshot.bytes_done = snapshot.bytes_total =
        std::max({snapshot.bytes_done, snapshot.bytes_total, report.counts.bytes});
  }
  item.dirty = true;
}

bool ProgressHub::IsCancelled(const std::string& id) const {
  return asked_by_sink_.IsCancelled(id) || (cancel_ != nullptr && cancel_->IsCancelled(id));
}

bool ProgressHub::IsAllCancelled() const {
  return asked_by_sink_.IsAllCancelled() || (cancel_ != nullptr && cancel_->IsAllCancelled());
}

void ProgressHub::Tell(const std::function<void(ProgressSink*)>& call) {
  if (sink_ == nullptr) return;
  absl::MutexLock lock(&sink_mutex_);
  call(sink_);
}

void ProgressHub::Send(const ProgressSnapshot& snapshot) {
  CancelRequest request = CancelRequest::kNone;
  Tell([&](ProgressSink* sink) { request = sink->OnProgress(snapshot); });
  if (request == CancelRequest::kAll ||
      (request == CancelRequest::kItem && snapshot.item.empty())) {
    asked_by_sink_.CancelAll();
  } else if (request == CancelRequest::kItem) {
    asked_by_sink_.CancelItem(snapshot.item);
  }
}

ProgressSnapshot ProgressHub::Whole(absl::Duration now) {
  ProgressSnapshot whole;
  whole.state = ProgressSnapshot::State::kRunning;
  whole.items_total = static_cast<int>(items_.size());
  bool records_known = true, bytes_known = true;
  for (const Item& item : items_) {
    const ProgressSnapshot& one = item.snapshot;
    whole.records_scanned += one.records_scanned;
    whole.records_done += one.records_done;
    whole.records_total += one.records_total;
    whole.bytes_done += one.bytes_done;
    whole.bytes_total += one.bytes_total;
    if (IsEnded(one)) {
      ++whole.items_done;
      Add(one.counts, &whole.counts);
      continue;
    }
    records_known = records_known && one.records_total > 0;
    bytes_known = bytes_known && one.records_total > 0;
    whole.phase = std::max(whole.phase, one.phase);
    if (whole.current.empty()) whole.current = one.current;
  }
  if (whole.items_done == whole.items_total) whole.phase = protocol::Phase::kFinishing;
  if (!records_known) whole.records_total = 0;
  if (!bytes_known) whole.bytes_total = 0;
  records_.Add(whole.records_done, now);
  bytes_.Add(whole.bytes_done, now);
  Estimate(records_, bytes_, &whole);
  return whole;
}

void ProgressHub::Announce() { Tick(/*last=*/false); }

void ProgressHub::Tick(bool last) {
  if (sink_ == nullptr) return;
  absl::MutexLock tick(&tick_mutex_);
  std::vector<ProgressSnapshot> snapshots;
  {
    absl::MutexLock lock(&mutex_);
    const absl::Duration now = clock_->Monotonic();
    for (Item& item : items_) {
      if (!item.dirty || item.final_sent) continue;
      item.dirty = false;
      item.final_sent = IsEnded(item.snapshot);
      item.records.Add(item.snapshot.records_done, now);
      item.bytes.Add(item.snapshot.bytes_done, now);
      Estimate(item.records, item.bytes, &item.snapshot);
      snapshots.push_back(item.snapshot);
    }
    if (!snapshots.empty() && !last) snapshots.push_back(Whole(now));
    const int total = static_cast<int>(items_.size());
    const auto done = std::count_if(items_.begin(), items_.end(),
                                    [](const Item& item) { return IsEnded(item.snapshot); });
    for (ProgressSnapshot& snapshot : snapshots) {
      snapshot.items_done = static_cast<int>(done);
      snapshot.items_total = total;
    }
  }
  for (const ProgressSnapshot& snapshot : snapshots) Send(snapshot);
}

void ProgressHub::Run() {
  for (;;) {
    Tick(/*last=*/false);
    absl::MutexLock lock(&mutex_);
    if (mutex_.AwaitWithTimeout(absl::Condition(&stop_), kTick)) return;
  }
}

void ProgressHub::Finish(protocol::Result result) {
  if (sink_ == nullptr) return;
  {
    absl::MutexLock lock(&mutex_);
    stop_ = true;
  }
  thread_.join();
  Tick(/*last=*/true);
  ProgressSnapshot whole;
  {
    absl::MutexLock lock(&mutex_);
    whole = Whole(clock_->Monotonic());
  }
  whole.state = ProgressSnapshot::State::kEnded;
  whole.phase = protocol::Phase::kFinishing;
  whole.result = result;
  Send(whole);
}

}  // namespace syncline::session
