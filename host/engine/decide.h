// The decision: what to do about one record, given what each side did to it. A pure function that
// knows no I/O, no provider and no data type; tests/unit/engine/decide_test.cpp is its truth table.
//
//                 B unchanged    B changed                  B gone
//   A unchanged   nothing        A := B                     remove A
//   A changed     B := A         equal: adopt; merge;       conflict edit-delete
//                                else conflict edit-edit
//   A gone        remove B       conflict delete-edit       forget
//
//   no baseline   one side only: copy; both: equal: adopt; merge with an empty base; else conflict
#ifndef SYNCLINE_HOST_ENGINE_DECIDE_H_
#define SYNCLINE_HOST_ENGINE_DECIDE_H_

#include "host/engine/types.h"

namespace syncline::engine {

// What is known about one record. Any thread; a plain value.
struct Situation {
  State a = State::kAbsent;
  State b = State::kAbsent;
  Equality equality = Equality::kNotCompared;  // of the two sides as they are now
  bool container_a = false;
  bool container_b = false;
  // The changed side's provider says that its version is another but the content is as before (a
  // chmod, a restored backup): worth a look before everything is sent.
  bool content_kept = false;
  bool mergeable = false;     // the provider can merge this record, and has not failed to yet
  bool merge_failed = false;  // it was tried: fields differ that no merge can settle
  int newer = 0;              // -1: A was edited later; 1: B was; 0: cannot tell
  Direction direction = Direction::kTwoWay;
  Policy policy = Policy::kAsk;
  Decision decision = Decision::kNone;
};

enum class Action : uint8_t {
  kNone,         // in step, or nothing may be done
  kCompare,      // find out the equality, then decide again
  kMerge,        // let the provider merge, then decide again if it cannot
  kCopyToA,      // A := B
  kCopyToB,      // B := A
  kMetadataToA,  // contents are equal; A takes over B's metadata
  kMetadataToB,
  kMetadataBoth,  // contents are equal; both take what neither loses by
  kRemoveA,
  kRemoveB,
  kAdopt,   // both hold the same: only the baseline is to be written
  kForget,  // neither holds it: only the baseline is to be erased
  kKeepBoth,
  kConflict,
};
std::string_view ActionName(Action action);

struct Verdict {
  Action action = Action::kNone;
  ConflictKind conflict = ConflictKind::kEditEdit;  // with kConflict

  friend bool operator==(const Verdict& x, const Verdict& y) {
    return x.action == y.action && (x.action != Action::kConflict || x.conflict == y.conflict);
  }
};

Verdict Decide(const Situation& s);

}  // namespace syncline::engine

#endif  // SYNCLINE_HOST_ENGINE_DECIDE_H_
