// What must hold after each sync, whatever people did before it. See world.h.
#include "host/engine/replica.h"
#include "storage/baseline.h"
#include "tests/model/world.h"

namespace syncline::model {
namespace {

using engine::Direction;
using engine::Policy;
using engine::SyncResult;
using storage::Side;

class NoResults : public engine::Results {
 public:
  void Stored(uint64_t, const engine::Record*) override {}
  void Failed(uint64_t, const engine::Outcome&) override {}
};

}  // namespace

bool World::complete() const { return !cancelled_ && !only_decided_; }

bool World::Filtered(const std::string& path, const Item& item) const {
  return filter_.Excludes(path, item.type == 'd');
}

void World::CheckRun(const View (&before)[2], const View (&after)[2]) {
  const SyncResult result = rig_.report.result;
  if (!cancelled_ && result != SyncResult::kDone && result != SyncResult::kConflicts) {
    Fail("a sync of two healthy folders must not fail");
  }
  for (int side : {0, 1}) {
    for (const auto& [path, item] : after[side]) {
      if (path.find(".~syncline-") != std::string::npos) Fail("left behind: " + path);
    }
  }
  CheckNothingLost(before, after);
  CheckUntouchedStays(before, after);
  CheckFilteredStays(before, after);
  CheckOneSided(before, after);
  CheckBaseline(after);
  if (complete()) CheckTally(after);
}

// A version that is on a side goes only when a person overwrote or removed it somewhere, or chose
// another one.
void World::CheckNothingLost(const View (&before)[2], const View (&after)[2]) {
  const Policy policy = rig_.request.policy;
  const bool two_way = rig_.request.direction == Direction::kTwoWay;
  std::set<std::string> left = Contents(after[0]);
  left.merge(Contents(after[1]));
  for (int side : {0, 1}) {
    // What only B has does not count in a mirror; what loses against the policy may go.
    if (!two_way && side == 1) continue;
    if (two_way && policy != Policy::kAsk && policy != Policy::kBoth) continue;
    for (const std::string& content : Contents(before[side])) {
      if (left.count(content) == 0 && dropped_.count(content) == 0) {
        Fail("lost: '" + content + "', which side " + (side == 0 ? "A" : "B") + " had");
      }
    }
  }
  for (const auto& [key, conflict] : rig_.monitor->conflicts) {
    for (int side : {0, 1}) {
      const engine::ConflictReport::View& view = conflict.side[side];
      if (view.there && after[side].count(view.id) == 0) {
        Fail("a version in conflict is gone: " + key);
      }
    }
  }
}

void World::CheckUntouchedStays(const View (&before)[2], const View (&after)[2]) {
  for (const auto& [path, item] : before[0]) {
    const auto other = before[1].find(path);
    if (other == before[1].end() || other->second != item) continue;
    if (AtOrInside(path, touched_[0]) || AtOrInside(path, touched_[1])) continue;
    for (int side : {0, 1}) {
      const auto now = after[side].find(path);
      if (now == after[side].end()) Fail("removed, and nobody had: " + path);
      if (now->second != item) Fail("changed, and nobody had: " + path);
    }
  }
}

// Where they are, or where they went with the folder around them.
void World::CheckFilteredStays(const View (&before)[2], const View (&after)[2]) {
  if (filter_.empty()) return;
  for (int side : {0, 1}) {
    for (const auto& [path, item] : before[side]) {
      if (!Filtered(path, item) || item.type == 'd') continue;
      const auto now = after[side].find(path);
      if (now != after[side].end() && now->second == item) continue;
      // A person may have removed it on the other side, where its place is not filtered.
      if (dropped_.count(item.content) != 0) continue;
      bool moved = false;
      for (const auto& [place, there] : after[side]) moved = moved || there == item;
      if (!moved) Fail("a filtered record was touched: " + path);
    }
  }
}

void World::CheckOneSided(const View (&before)[2], const View (&after)[2]) {
  const Direction direction = rig_.request.direction;
  if (direction == Direction::kTwoWay) return;
  if (before[0] != after[0]) Fail("A was written to");
  if (direction == Direction::kMirror || rig_.request.policy == Policy::kA) return;
  for (const auto& [path, item] : before[1]) {
    const auto now = after[1].find(path);
    if (now == after[1].end() || now->second != item) Fail("more than added: " + path);
  }
}

// Remembers what was held in each version, so that the baseline can be asked.
void World::LearnVersions(const View (&now)[2]) {
  NoResults results;
  engine::TestMonitor monitor;
  for (const Side side : {Side::kA, Side::kB}) {
    const int i = storage::Index(side);
    engine::Outcome why;
    auto replica = engine::Replica::Create(rig_.request.entry, side, rig_.request.settings[i],
                                           &monitor, &results, &why);
    if (replica == nullptr || !replica->Open().ok()) Fail("a side cannot be opened");
    replica->Enumerate(
        [&](const syncline_record& raw) {
          const std::string id(engine::View(raw.id));
          const auto item = now[i].find(id);
          if (item != now[i].end()) held_[i][std::string(engine::View(raw.version))] = item->second;
          return SYNCLINE_OK;
        },
        [](const syncline_record&, syncline_status, std::string_view) { return SYNCLINE_OK; });
  }
}

// A row of the baseline says only what both sides really held.
void World::CheckBaseline(const View (&after)[2]) {
  auto baseline = storage::Baseline::Open(rig_.home.Path("baseline.db"));
  if (!baseline.ok())
    Fail("the baseline cannot be opened: " + std::string(baseline.status().message()));
  auto cursor = baseline->Scan(Side::kA);
  if (!cursor.ok()) Fail("the baseline cannot be read");
  std::set<std::string> rows;
  while ((*cursor)->Next()) {
    const engine::Pair pair = (*cursor)->Get();
    if (pair.id[0] != pair.id[1] || pair.key != pair.id[0]) {
      Fail("a row pairs " + pair.id[0] + " with " + pair.id[1] + " as " + pair.key);
    }
    rows.insert(pair.key);
    const Item* held[2];
    for (int side : {0, 1}) {
      const auto it = held_[side].find(pair.version[side]);
      if (it == held_[side].end()) Fail("the baseline has a version that no side had: " + pair.key);
      held[side] = &it->second;
    }
    const bool container = (pair.flags & SYNCLINE_CONTAINER) != 0;
    if (held[0]->type != held[1]->type || container != (held[0]->type == 'd')) {
      Fail("the baseline says that both sides held it, but of different types: " + pair.key);
    }
    if (held[0]->content != held[1]->content) {
      Fail("the baseline says that both sides held '" + held[0]->content + "' and '" +
           held[1]->content + "': " + pair.key);
    }
    const bool metadata_too = rig_.request.direction != Direction::kAdd;
    if (metadata_too && !container && *held[0] != *held[1]) {
      Fail("the baseline says that both sides held the same, but their metadata differed: " +
           pair.key);
    }
  }
  if (!(*cursor)->status().ok()) Fail("the baseline cannot be read to its end");
  if (!complete() || rig_.request.direction != Direction::kTwoWay ||
      rig_.report.result != SyncResult::kDone) {
    return;
  }
  for (const auto& [path, item] : after[0]) {
    const auto other = after[1].find(path);
    if (other == after[1].end() || Filtered(path, item) || Filtered(path, other->second)) continue;
    if (rows.count(path) == 0) {
      Fail("both sides have it, but the baseline does not: " + path);
    }
  }
}

// Each record has exactly one outcome: what is there afterwards on either side, and what was
// removed.
void World::CheckTally(const View (&after)[2]) {
  if (rig_.request.direction != Direction::kTwoWay) return;
  const engine::Tally& t = rig_.report.tally;
  std::set<std::string> places;
  for (int side : {0, 1}) {
    for (const auto& [path, item] : after[side]) {
      if (!Filtered(path, item)) places.insert(path);
    }
  }
  const uint64_t counted = t.unchanged + t.created + t.updated + t.moved + t.merged + t.conflicts +
                           t.failed + t.adopted + t.skipped;
  if (counted != places.size()) {
    Fail("counted " + std::to_string(counted) + " records, but there are " +
         std::to_string(places.size()) + " (unchanged " + std::to_string(t.unchanged) +
         " created " + std::to_string(t.created) + " updated " + std::to_string(t.updated) +
         " moved " + std::to_string(t.moved) + " conflicts " + std::to_string(t.conflicts) +
         " adopted " + std::to_string(t.adopted) + " skipped " + std::to_string(t.skipped) + ")");
  }
}

void World::CheckInStep() {
  const engine::Tally& t = rig_.report.tally;
  if (t.created + t.updated + t.removed + t.moved + t.merged + t.adopted + t.failed != 0) {
    Fail("a further sync found something to do");
  }
  if (rig_.request.direction == Direction::kAdd) return;
  std::set<std::string> open;
  for (const auto& [key, conflict] : rig_.monitor->conflicts) open.insert(key);
  const View sides[2] = {Look(0), Look(1)};
  // A place whose record is filtered on one side is left alone on both.
  for (int side : {0, 1}) {
    for (const auto& [path, item] : sides[side]) {
      if (Filtered(path, item)) open.insert(path);
    }
  }
  for (int side : {0, 1}) {
    for (const auto& [path, item] : sides[side]) {
      if (AtOrInside(path, open) || Holds(path, open) || Filtered(path, item)) continue;
      const auto other = sides[1 - side].find(path);
      if (other == sides[1 - side].end()) {
        // A folder stays for what is filtered inside it.
        bool needed = false;
        for (const auto& [inside, there] : sides[side]) {
          needed = needed || (engine::IsInside(inside, path) && Filtered(inside, there));
        }
        if (!needed)
          Fail("not in step: only side " + std::string(side == 0 ? "A" : "B") + " has " + path);
        continue;
      }
      if (other->second != item) Fail("not in step: " + path);
    }
  }
}

}  // namespace syncline::model
