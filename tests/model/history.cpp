// Making and printing histories. See history.h.
#include "tests/model/history.h"

#include <array>

namespace syncline::model {
namespace {

constexpr std::array<const char*, 18> kNames = {
    "write", "append", "truncate",  "same edit", "remove", "mkdir",
    "move",  "swap",   "to folder", "to file",   "touch",  "chmod",
    "link",  "sync",   "settle",    "cancel",    "decide", "filter"};
static_assert(kNames.size() == static_cast<size_t>(Op::kFilter) + 1);

}  // namespace

const std::vector<std::string>& Places() {
  static const std::vector<std::string>* const kPlaces = [] {
    auto* all = new std::vector<std::string>;
    const std::array<std::string, 3> names = {"a", "b", "c"};
    for (const std::string& x : names) all->push_back(x);
    for (const std::string& x : names) {
      for (const std::string& y : names) all->push_back(x + "/" + y);
    }
    for (const std::string& x : names) {
      for (const std::string& y : names) {
        for (const std::string& z : names) all->push_back(x + "/" + y + "/" + z);
      }
    }
    return all;
  }();
  return *kPlaces;
}

std::ostream& operator<<(std::ostream& out, const Step& step) {
  out << kNames[static_cast<size_t>(step.op)];
  switch (step.op) {
    case Op::kSync:
    case Op::kSettle:
      return out;
    case Op::kCancel:
    case Op::kDecide:
    case Op::kFilter:
      return out << " " << step.n;
    default:
      break;
  }
  if (step.op != Op::kSameEdit) out << " on " << (step.side == 0 ? "A" : "B");
  out << " " << Places()[static_cast<size_t>(step.place)];
  if (step.op == Op::kMove || step.op == Op::kSwap) {
    out << " -> " << Places()[static_cast<size_t>(step.other_place)];
  }
  return out << " (" << step.n << ")";
}

rc::Gen<std::vector<Step>> Histories(Kinds kinds) {
  const rc::Gen<Op> op = rc::gen::weightedElement<Op>({
      {8, Op::kWrite},
      {2, Op::kAppend},
      {2, Op::kTruncate},
      {2, Op::kSameEdit},
      {4, Op::kRemove},
      {4, Op::kMkdir},
      {12, Op::kMove},
      {3, Op::kSwap},
      {2, Op::kToFolder},
      {2, Op::kToFile},
      {2, Op::kTouch},
      {2, Op::kChmod},
      {2, Op::kLink},
      {6, Op::kSync},
      {1, Op::kSettle},
      {kinds.cancels ? size_t{6} : size_t{0}, Op::kCancel},
      {kinds.decisions ? size_t{5} : size_t{0}, Op::kDecide},
      {kinds.filters ? size_t{3} : size_t{0}, Op::kFilter},
  });
  const int places = static_cast<int>(Places().size());
  // The upper levels more often: what happens to a folder meets what happens inside it.
  const rc::Gen<int> place = rc::gen::weightedOneOf<int>({{2, rc::gen::inRange(0, 3)},
                                                          {2, rc::gen::inRange(3, 12)},
                                                          {1, rc::gen::inRange(0, places)}});
  return rc::gen::container<std::vector<Step>>(rc::gen::build<Step>(
      rc::gen::set(&Step::op, op), rc::gen::set(&Step::side, rc::gen::inRange(0, 2)),
      rc::gen::set(&Step::place, place), rc::gen::set(&Step::other_place, place),
      rc::gen::set(&Step::n, rc::gen::inRange(0, 12))));
}

}  // namespace syncline::model
