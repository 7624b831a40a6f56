// Random histories: what people do on both sides, mixed with syncs. A history is a list of steps
// that RapidCheck makes, shrinks and prints; what a step means depends on what is there when it
// comes (world.h), so any part of a history is a history too.
#ifndef SYNCLINE_TESTS_MODEL_HISTORY_H_
#define SYNCLINE_TESTS_MODEL_HISTORY_H_

#include <rapidcheck.h>

#include <ostream>
#include <string>
#include <vector>

namespace syncline::model {

enum class Op {
  kWrite,
  kAppend,
  kTruncate,
  kSameEdit,  // the same content on both sides
  kRemove,
  kMkdir,
  kMove,
  kSwap,
  kToFolder,  // a file gives way to a folder with a file in it
  kToFile,    // a folder gives way to a file
  kTouch,
  kChmod,
  kLink,
  kSync,
  kSettle,  // until nothing changes any more
  kCancel,  // a sync that is cancelled at its n-th piece of work
  kDecide,  // about an open conflict
  kFilter,  // other filters from now on
};

struct Step {
  Op op = Op::kWrite;
  int side = 0;         // 0: A
  int place = 0;        // into Places()
  int other_place = 0;  // of a move or a swap
  int n = 0;            // which of several ways
};
std::ostream& operator<<(std::ostream& out, const Step& step);

// All places: three names, three levels deep, so that steps meet each other often.
const std::vector<std::string>& Places();

struct Kinds {
  bool cancels = false;
  bool decisions = false;
  bool filters = false;
};
rc::Gen<std::vector<Step>> Histories(Kinds kinds);

}  // namespace syncline::model

#endif  // SYNCLINE_TESTS_MODEL_HISTORY_H_
