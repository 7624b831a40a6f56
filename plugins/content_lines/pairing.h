// Who is who among the members of base, left and right: shared by sets and nested components.
// Inside content_lines only.
#ifndef SYNCLINE_PLUGINS_CONTENT_LINES_PAIRING_H_
#define SYNCLINE_PLUGINS_CONTENT_LINES_PAIRING_H_

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "plugins/content_lines/merge_state.h"

namespace syncline::content_lines {

// One member as the pairing sees it.
struct Identity {
  std::string key;               // equal: the same in every respect
  std::vector<std::string> ids;  // strongest first
};

// The places of one member in the three lists (indices into them), kNowhere where it is missing.
using Triple = std::array<size_t, 3>;

// Equal ones are paired first, the n-th of a key with the n-th. Then what is left over is paired
// with the base by the strongest id, in order, and by each later id where exactly one fits on each
// side: so a changed member is a change. At last, new ones of both sides with the same strongest
// id. Deterministic; n log n.
std::vector<Triple> PairUp(const std::array<std::vector<Identity>, 3>& lists);

}  // namespace syncline::content_lines

#endif  // SYNCLINE_PLUGINS_CONTENT_LINES_PAIRING_H_
