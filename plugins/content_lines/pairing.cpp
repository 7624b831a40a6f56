// Who is who among the members of base, left and right.
#include "plugins/content_lines/pairing.h"

#include <algorithm>
#include <map>

namespace syncline::content_lines {
namespace {

using Lists = std::array<std::vector<Identity>, 3>;

std::vector<Triple> PairEqual(const Lists& lists) {
  std::map<std::string, std::array<std::vector<size_t>, 3>> by_key;
  for (const Side side : kAllSides) {
    for (size_t i = 0; i < lists[side].size(); ++i) by_key[lists[side][i].key][side].push_back(i);
  }
  std::vector<Triple> triples;
  for (const auto& [key, places] : by_key) {
    const size_t most = std::max({places[0].size(), places[1].size(), places[2].size()});
    for (size_t n = 0; n < most; ++n) {
      Triple triple = {kNowhere, kNowhere, kNowhere};
      for (const Side side : kAllSides) {
        if (n < places[side].size()) triple[side] = places[side][n];
      }
      triples.push_back(triple);
    }
  }
  return triples;
}

struct Loose {
  std::vector<size_t> into;  // triples that lack the side
  std::vector<size_t> from;  // triples that have nothing else
};

// Joins triples of side alone into triples that have anchor and not side. round: which id; by the
// first one all are paired in order, by others only where there is no choice.
void PairById(const Lists& lists, Side anchor, Side side, size_t round,
              std::vector<Triple>* triples) {
  std::map<std::string, Loose> by_id;
  for (size_t i = 0; i < triples->size(); ++i) {
    const Triple& triple = (*triples)[i];
    const auto id_of = [&](Side one) -> const std::string* {
      const std::vector<std::string>& ids = lists[one][triple[one]].ids;
      return round < ids.size() ? &ids[round] : nullptr;
    };
    if (triple[side] == kNowhere && triple[anchor] != kNowhere) {
      // Two new ones pair with each other only when neither has a base.
      if (anchor != kBase && triple[kBase] != kNowhere) continue;
      if (const std::string* id = id_of(anchor)) by_id[*id].into.push_back(i);
    } else if (triple[side] != kNowhere && triple[kBase] == kNowhere &&
               triple[Other(side)] == kNowhere) {
      if (const std::string* id = id_of(side)) by_id[*id].from.push_back(i);
    }
  }
  const auto by_place = [&](Side one) {
    return [triples, one](size_t a, size_t b) { return (*triples)[a][one] < (*triples)[b][one]; };
  };
  for (auto& [id, loose] : by_id) {
    if (round > 0 && (loose.into.size() != 1 || loose.from.size() != 1)) continue;
    std::sort(loose.into.begin(), loose.into.end(), by_place(anchor));
    std::sort(loose.from.begin(), loose.from.end(), by_place(side));
    for (size_t n = 0; n < std::min(loose.into.size(), loose.from.size()); ++n) {
      (*triples)[loose.into[n]][side] = (*triples)[loose.from[n]][side];
      (*triples)[loose.from[n]][side] = kNowhere;
    }
  }
  std::erase_if(*triples, [](const Triple& triple) {
    return std::all_of(triple.begin(), triple.end(),
                       [](size_t place) { return place == kNowhere; });
  });
}

}  // namespace

std::vector<Triple> PairUp(const Lists& lists) {
  std::vector<Triple> triples = PairEqual(lists);
  size_t rounds = 0;
  for (const std::vector<Identity>& list : lists) {
    for (const Identity& one : list) rounds = std::max(rounds, one.ids.size());
  }
  for (size_t round = 0; round < rounds; ++round) {
    PairById(lists, kBase, kLeft, round, &triples);
    PairById(lists, kBase, kRight, round, &triples);
  }
  PairById(lists, kLeft, kRight, 0, &triples);
  // In the order of the sides, which the fields of differences and new places follow.
  const auto order = [](const Triple& triple) {
    return std::array<size_t, 3>{triple[kLeft], triple[kRight], triple[kBase]};
  };
  std::sort(triples.begin(), triples.end(),
            [&](const Triple& a, const Triple& b) { return order(a) < order(b); });
  return triples;
}

}  // namespace syncline::content_lines
