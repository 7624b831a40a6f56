// Finding what may have moved. See move_candidates.h.
#include "host/engine/move_candidates.h"

#include <map>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"

namespace syncline::engine {
namespace {

std::string_view Leaf(std::string_view id) {
  const size_t slash = id.rfind('/');
  return slash == std::string_view::npos ? id : id.substr(slash + 1);
}

void Find(const ChangeSet& set, Side s, bool by_identity, std::vector<MoveCandidate>* found) {
  absl::flat_hash_map<std::string_view, Entry*> gone, gone_by_key;  // what the bases hold
  for (const auto& e : set.entries) {
    if (!IsGone(*e, s)) continue;
    const std::string& identity = e->base->identity[Index(s)];
    if (by_identity && !identity.empty()) gone.emplace(identity, e.get());
    gone_by_key.emplace(e->base->key, e.get());
  }
  if (gone_by_key.empty()) return;
  absl::flat_hash_set<Entry*> taken;
  for (const auto& e : set.entries) {
    if (!IsNew(*e, s)) continue;
    const Record& record = *e->record[Index(s)];
    Entry* match = nullptr;
    const auto it = gone_by_key.find(record.key);
    if (it != gone_by_key.end()) match = it->second;
    if (match == nullptr && !record.identity.empty()) {
      const auto same = gone.find(record.identity);
      if (same != gone.end()) match = same->second;
    }
    if (match == nullptr || BaseContainer(*match) != record.container()) continue;
    if (!taken.insert(match).second) continue;
    found->push_back({s, match, e.get(), record.container()});
  }
}

}  // namespace

bool IsGone(const Entry& e, Side s) {
  return e.base != nullptr && e.state[Index(s)] == State::kGone && !e.later;
}

bool IsNew(const Entry& e, Side s) {
  return e.base == nullptr && e.state[Index(s)] == State::kPresent && !e.later;
}

bool BaseContainer(const Entry& e) { return (e.base->flags & SYNCLINE_CONTAINER) != 0; }

void FindByKey(const ChangeSet& set, Side s, std::vector<MoveCandidate>* found) {
  Find(set, s, /*by_identity=*/false, found);
}

void FindByIdentity(const ChangeSet& set, Side s, std::vector<MoveCandidate>* found) {
  Find(set, s, /*by_identity=*/true, found);
}

void FindByContent(const ChangeSet& set, Replica* const (&replicas)[2],
                   const absl::flat_hash_set<const Entry*>& dead, Side s, Monitor* monitor,
                   std::vector<MoveCandidate>* found) {
  const Side o = Other(s);
  if (!replicas[Index(o)]->can_move()) return;
  std::multimap<uint64_t, Entry*> gone;
  for (const auto& e : set.entries) {
    if (dead.contains(e.get()) || !IsGone(*e, s) || BaseContainer(*e)) continue;
    if (e->state[Index(o)] != State::kUnchanged || e->base->size <= 0) continue;
    gone.emplace(static_cast<uint64_t>(e->base->size), e.get());
  }
  if (gone.empty()) return;
  absl::flat_hash_set<Entry*> taken;
  for (const auto& e : set.entries) {
    if (dead.contains(e.get()) || !IsNew(*e, s) || e->state[Index(o)] != State::kAbsent) continue;
    const Record& record = *e->record[Index(s)];
    if (record.container()) continue;
    const auto [begin, end] = gone.equal_range(record.size);
    for (auto it = begin; it != end; ++it) {
      Entry* g = it->second;
      if (taken.contains(g) || monitor->cancelled()) continue;
      const std::string& old_id = g->base->id[Index(s)];
      const bool same_leaf = Leaf(old_id) == Leaf(record.id);
      if (!same_leaf &&
          !replicas[Index(s)]->SameContent(g->base->version[Index(s)], record.version)) {
        continue;
      }
      Equality equality = Equality::kDifferent;
      const Outcome outcome =
          replicas[Index(s)]->Compare(record.id, record.version, *replicas[Index(o)],
                                      g->base->id[Index(o)], g->base->version[Index(o)], &equality);
      if (!outcome.ok() || equality == Equality::kDifferent) continue;
      taken.insert(g);
      found->push_back({s, g, e.get(), false});
      break;
    }
  }
}

}  // namespace syncline::engine
