// Scanning one side. See scan.h.
#include "host/engine/scan.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace syncline::engine {

bool UnknownSet::Covers(std::string_view id) const {
  if (ids_.empty()) return false;
  for (size_t slash = id.find('/'); slash != std::string_view::npos;
       slash = id.find('/', slash + 1)) {
    if (ids_.contains(id.substr(0, slash))) return true;
  }
  return ids_.contains(id);
}

namespace {

// Whether people know it by something else than its key. Who writes a filter knows names, too.
bool HasOwnName(const syncline_record& raw) {
  const std::string_view key = View(raw.key.len == 0 ? raw.id : raw.key);
  return raw.name.len != 0 && View(raw.name) != key;
}

// The walk through listing and baseline together.
class Join {
 public:
  Join(storage::BaselineCursor& cursor, const ScanOptions& options, ScanResult* result)
      : cursor_(cursor), options_(options), result_(result) {}

  void Start() { Advance(); }

  // Takes the next record, whose id is larger than that of the one before.
  syncline_status Take(const syncline_record& raw) {
    const std::string_view id = View(raw.id);
    if (!options_.filter->empty() && !HasOwnName(raw)) {
      const bool container = (raw.flags & SYNCLINE_CONTAINER) != 0;
      const std::string_view key = raw.key.len == 0 ? id : View(raw.key);
      if (options_.filter->ExcludesItself(key, container)) {
        if (!options_.filter->ExcludesItself(key, !container)) result_->hidden.Add(std::string(id));
        return SYNCLINE_PRUNE;
      }
    }
    while (here_ && cursor_.id() < id) {
      Missing();
      Advance();
    }
    if (!result_->baseline.ok()) return SYNCLINE_FAILED;
    ++result_->records;
    if (here_ && cursor_.id() == id) {
      ++result_->pairs;
      if (Avoided(id, View(raw.key))) {
        result_->unknown.Add(std::string(id));
      } else if (cursor_.version() != View(raw.version)) {
        Keep(State::kChanged, std::make_unique<Pair>(cursor_.Get()), &raw);
      }
      Advance();
      return SYNCLINE_OK;
    }
    if (Avoided(id, View(raw.key))) {
      result_->unknown.Add(std::string(id));
    } else {
      Keep(State::kPresent, nullptr, &raw);
    }
    return SYNCLINE_OK;
  }

  void Finish() {
    while (here_) {
      Missing();
      Advance();
    }
  }

 private:
  void Advance() {
    here_ = cursor_.Next();
    if (!here_) result_->baseline = cursor_.status();
  }

  bool Avoided(std::string_view id, std::string_view key) const {
    return options_.avoid->contains(id) || (!key.empty() && options_.avoid->contains(key));
  }

  // The baseline has a record that was not listed.
  void Missing() {
    auto pair = std::make_unique<Pair>(cursor_.Get());
    if (options_.filter->Excludes(pair->key, (pair->flags & SYNCLINE_CONTAINER) != 0)) return;
    ++result_->pairs;
    Keep(State::kGone, std::move(pair), nullptr);
  }

  void Keep(State state, std::unique_ptr<Pair> base, const syncline_record* raw) {
    Change change;
    change.state = state;
    change.base = std::move(base);
    if (raw != nullptr) change.record = std::make_unique<Record>(Record::From(*raw));
    result_->changes.push_back(std::move(change));
  }

  storage::BaselineCursor& cursor_;
  const ScanOptions& options_;
  ScanResult* const result_;
  bool here_ = false;
};

// Checks what a provider must keep to before the walk sees it.
class Listing {
 public:
  Listing(const Replica& replica, const Filter& filter, Join* join, Monitor* monitor,
          ScanResult* result)
      : ordered_(replica.ordered()),
        side_(replica.side()),
        filter_(filter),
        join_(join),
        monitor_(monitor),
        result_(result) {}

  syncline_status Visit(const syncline_record& raw) {
    const std::string_view id = View(raw.id);
    if ((raw.flags & SYNCLINE_UNKNOWN) != 0) {
      if (id.empty()) {
        result_->unknown.AddRest();
        return SYNCLINE_OK;
      }
      result_->unknown.Add(std::string(id));
      if (filter_.Excludes(id, (raw.flags & SYNCLINE_CONTAINER) != 0)) return SYNCLINE_PRUNE;
      ++result_->unreadable;
      return SYNCLINE_OK;
    }
    if (id.empty() || raw.version.len == 0) {
      broken_ = "it listed a record without an id or a version";
      return SYNCLINE_BROKEN;
    }
    monitor_->records_scanned.fetch_add(1, std::memory_order_relaxed);
    if (HasOwnName(raw) && IsLeftOut(raw)) {
      return (raw.flags & SYNCLINE_CONTAINER) != 0 ? SYNCLINE_PRUNE : SYNCLINE_OK;
    }
    if (!ordered_) {
      unsorted_.push_back(Record::From(raw));
      return SYNCLINE_OK;
    }
    if (!last_.empty() && id <= last_) {
      if (id == last_) return Twice(id);
      broken_ = "it promised to list records in order and did not";
      return SYNCLINE_BROKEN;
    }
    last_.assign(id);
    return join_->Take(raw);
  }

  syncline_status SetAsideOne(const syncline_record& raw, syncline_status why,
                              std::string_view reason) {
    SetAside aside;
    aside.id = View(raw.id);
    if (aside.id.empty()) {
      broken_ = "it set a record without an id aside";
      return SYNCLINE_BROKEN;
    }
    aside.key = raw.key.len == 0 ? aside.id : std::string(View(raw.key));
    result_->unknown.Add(aside.id);
    if (filter_.Excludes(aside.key, false)) return SYNCLINE_OK;
    if (why != SYNCLINE_OK) {
      monitor_->records_scanned.fetch_add(1, std::memory_order_relaxed);
      ++result_->records;
      aside.version = View(raw.version);
      aside.reason = reason.empty() ? "the provider cannot use it and gave no reason" : reason;
    }
    result_->aside.push_back(std::move(aside));
    return SYNCLINE_OK;
  }

  // After the listing ended well.
  void Finish() {
    std::sort(unsorted_.begin(), unsorted_.end(),
              [](const Record& x, const Record& y) { return x.id < y.id; });
    for (const Record& record : unsorted_) {
      if (!last_.empty() && record.id == last_) {
        Twice(record.id);
        continue;
      }
      last_ = record.id;
      join_->Take(record.Raw());
    }
    join_->Finish();
  }

  const std::string& broken() const { return broken_; }

 private:
  // A record with a name of its own, by the filter: nothing is concluded about it on either side.
  bool IsLeftOut(const syncline_record& raw) {
    if (filter_.empty()) return false;
    SetAside aside;
    aside.id = View(raw.id);
    aside.key = raw.key.len == 0 ? aside.id : std::string(View(raw.key));
    if (!filter_.Excludes(aside.key, View(raw.name), (raw.flags & SYNCLINE_CONTAINER) != 0)) {
      return false;
    }
    result_->unknown.Add(aside.id);
    result_->aside.push_back(std::move(aside));
    return true;
  }

  syncline_status Twice(std::string_view id) {
    result_->unknown.Add(std::string(id));
    monitor_->Event(SYNCLINE_WARNING, id, "failed",
                    absl::StrCat("side ", side_ == Side::kA ? "A" : "B",
                                 " lists this record twice; it is left alone until it does not"));
    return SYNCLINE_OK;
  }

  const bool ordered_;
  const Side side_;
  const Filter& filter_;
  Join* const join_;
  Monitor* const monitor_;
  ScanResult* const result_;
  std::string last_;
  std::vector<Record> unsorted_;
  std::string broken_;
};

}  // namespace

void Scan(Replica& replica, storage::BaselineCursor& cursor, const ScanOptions& options,
          Monitor* monitor, ScanResult* result) {
  Join join(cursor, options, result);
  Listing listing(replica, *options.filter, &join, monitor, result);
  join.Start();
  if (!result->baseline.ok()) return;
  result->outcome = replica.Enumerate(
      [&](const syncline_record& raw) { return listing.Visit(raw); },
      [&](const syncline_record& raw, syncline_status why, std::string_view reason) {
        return listing.SetAsideOne(raw, why, reason);
      });
  if (!listing.broken().empty()) {
    result->outcome = Outcome::Error(
        SYNCLINE_BROKEN, absl::StrCat("the provider broke its contract: ", listing.broken()));
  }
  // Only a listing that came to its end says that something is gone.
  if (result->outcome.ok() && result->baseline.ok()) listing.Finish();
}

}  // namespace syncline::engine
