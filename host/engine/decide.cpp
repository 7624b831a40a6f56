// The decision. See decide.h. Above each branch stands what is known to hold there.
#include "host/engine/decide.h"

namespace syncline::engine {
namespace {

constexpr Verdict Do(Action action) { return {action, ConflictKind::kEditEdit}; }
constexpr Verdict Disagree(ConflictKind kind) { return {Action::kConflict, kind}; }

bool IsThere(State s) {
  return s == State::kPresent || s == State::kUnchanged || s == State::kChanged;
}

// The winner that a person's decision or the item's policy names: 'a', 'b', '2' for both, or 0.
char Winner(const Situation& s) {
  switch (s.decision) {
    case Decision::kA:
      return 'a';
    case Decision::kB:
      return 'b';
    case Decision::kBoth:
      return '2';
    case Decision::kMerge:
      return 0;  // a merge was asked for; where it fails the person is asked again
    case Decision::kNone:
      break;
  }
  switch (s.policy) {
    case Policy::kA:
      return 'a';
    case Policy::kB:
      return 'b';
    case Policy::kBoth:
      return '2';
    case Policy::kNewer:
      return s.newer < 0 ? 'a' : s.newer > 0 ? 'b' : 0;
    case Policy::kAsk:
      return 0;
  }
  return 0;
}

// Both sides hold the record, and at least one of them in a version that the baseline does not
// know.
Verdict BothThere(const Situation& s, ConflictKind kind) {
  // One is a container, the other is not: contents cannot be compared, and replacing a container
  // would take everything inside with it. Only a person can say.
  if (s.container_a != s.container_b) {
    const char winner = s.decision == Decision::kNone ? 0 : Winner(s);
    if (winner == 'a') return Do(Action::kCopyToB);
    if (winner == 'b') return Do(Action::kCopyToA);
    return Disagree(ConflictKind::kType);
  }
  if (s.equality == Equality::kNotCompared) return Do(Action::kCompare);
  if (s.equality == Equality::kSame) return Do(Action::kAdopt);
  // The contents are equal; of the metadata nobody knows who set what. Unless somebody chose a
  // side, neither loses any: the provider combines them.
  if (s.equality == Equality::kSameContent) {
    const bool by_policy = s.decision == Decision::kNone;
    if (s.decision == Decision::kB || (by_policy && s.policy == Policy::kB)) {
      return Do(Action::kMetadataToA);
    }
    if (s.decision == Decision::kA || (by_policy && s.policy == Policy::kA)) {
      return Do(Action::kMetadataToB);
    }
    return Do(Action::kMetadataBoth);
  }
  // The contents differ. A merge comes first, unless a person chose otherwise.
  const bool may_merge = s.decision == Decision::kNone || s.decision == Decision::kMerge;
  if (s.mergeable && !s.merge_failed && may_merge) return Do(Action::kMerge);
  switch (Winner(s)) {
    case 'a':
      return Do(Action::kCopyToB);
    case 'b':
      return Do(Action::kCopyToA);
    case '2':
      return Do(Action::kKeepBoth);
    default:
      return Disagree(kind);
  }
}

// One side edited the record, the other removed it. edited is the side that still has it.
Verdict EditAgainstDelete(const Situation& s, Side edited) {
  const bool a_has_it = edited == Side::kA;
  const Verdict keep = Do(a_has_it ? Action::kCopyToB : Action::kCopyToA);
  const Verdict remove = Do(a_has_it ? Action::kRemoveA : Action::kRemoveB);
  // A container's attributes are no reason to keep it against its removal; what was edited inside
  // it is, and stands up for itself.
  if ((a_has_it ? s.container_a : s.container_b) && s.decision == Decision::kNone) return remove;
  switch (Winner(s)) {
    case 'a':
      return a_has_it ? keep : remove;
    case 'b':
      return a_has_it ? remove : keep;
    case '2':
      return keep;
    default:
      break;
  }
  // Of an edit and a deletion the edit is the one with a time; "newer" can only mean to keep it.
  if (s.decision == Decision::kNone && s.policy == Policy::kNewer) return keep;
  return Disagree(a_has_it ? ConflictKind::kEditDelete : ConflictKind::kDeleteEdit);
}

// One side changed the record, the other still has what both had.
Verdict OneChanged(const Situation& s, Side changed) {
  const bool to_b = changed == Side::kA;
  if (s.container_a == s.container_b && (s.content_kept || (s.container_a && s.container_b))) {
    if (s.equality == Equality::kNotCompared) return Do(Action::kCompare);
    if (s.equality == Equality::kSame) return Do(Action::kAdopt);
    if (s.equality == Equality::kSameContent) {
      return Do(to_b ? Action::kMetadataToB : Action::kMetadataToA);
    }
  }
  return Do(to_b ? Action::kCopyToB : Action::kCopyToA);
}

Verdict TwoWay(const Situation& s) {
  // No baseline: each side has it or not.
  if (s.a == State::kAbsent && s.b == State::kAbsent) return Do(Action::kNone);
  if (s.a == State::kPresent && s.b == State::kAbsent) return Do(Action::kCopyToB);
  if (s.a == State::kAbsent && s.b == State::kPresent) return Do(Action::kCopyToA);
  if (s.a == State::kPresent && s.b == State::kPresent) {
    return BothThere(s, ConflictKind::kCreateCreate);
  }
  // With a baseline, both sides held the same once.
  if (s.a == State::kUnchanged && s.b == State::kUnchanged) return Do(Action::kNone);
  if (s.a == State::kChanged && s.b == State::kUnchanged) return OneChanged(s, Side::kA);
  if (s.a == State::kUnchanged && s.b == State::kChanged) return OneChanged(s, Side::kB);
  if (s.a == State::kGone && s.b == State::kGone) return Do(Action::kForget);
  if (s.a == State::kGone && s.b == State::kUnchanged) return Do(Action::kRemoveB);
  if (s.a == State::kUnchanged && s.b == State::kGone) return Do(Action::kRemoveA);
  if (s.a == State::kChanged && s.b == State::kGone) return EditAgainstDelete(s, Side::kA);
  if (s.a == State::kGone && s.b == State::kChanged) return EditAgainstDelete(s, Side::kB);
  return BothThere(s, ConflictKind::kEditEdit);
}

// What the two sides disagree about.
ConflictKind KindOf(const Situation& s) {
  if (IsThere(s.a) && IsThere(s.b)) {
    if (s.container_a != s.container_b) return ConflictKind::kType;
    const bool met = s.a == State::kPresent && s.b == State::kPresent;
    return met ? ConflictKind::kCreateCreate : ConflictKind::kEditEdit;
  }
  return IsThere(s.a) ? ConflictKind::kEditDelete : ConflictKind::kDeleteEdit;
}

// B is to be as A is, whatever happened to B.
Verdict Mirror(const Situation& s) {
  // A person decided for what B has, when the item was no mirror yet or not knowing that it is one.
  // A mirror cannot carry that out, and to do the opposite would be the worst answer.
  const bool for_b =
      s.decision == Decision::kB || s.decision == Decision::kBoth || s.decision == Decision::kMerge;
  if (for_b && IsThere(s.b)) {
    const bool alike = IsThere(s.a) && s.container_a == s.container_b;
    if (alike && s.equality == Equality::kNotCompared) return Do(Action::kCompare);
    if (!alike || s.equality != Equality::kSame) return Disagree(KindOf(s));
    return Do(Action::kAdopt);
  }
  if (IsThere(s.a)) {
    if (s.b == State::kAbsent || s.b == State::kGone) return Do(Action::kCopyToB);
    if (s.a == State::kUnchanged && s.b == State::kUnchanged) return Do(Action::kNone);
    if (s.container_a != s.container_b) return Do(Action::kCopyToB);
    // B may hold the same already; then nothing is to be written.
    if (s.a == State::kChanged && s.b == State::kUnchanged) return OneChanged(s, Side::kA);
    if (s.equality == Equality::kNotCompared) return Do(Action::kCompare);
    if (s.equality == Equality::kSame) return Do(Action::kAdopt);
    if (s.equality == Equality::kSameContent) return Do(Action::kMetadataToB);
    return Do(Action::kCopyToB);
  }
  if (IsThere(s.b)) return Do(Action::kRemoveB);
  return Do(s.a == State::kGone || s.b == State::kGone ? Action::kForget : Action::kNone);
}

// What is new on A comes to B once; nothing else is ever done.
Verdict Add(const Situation& s) {
  // A conflict that a person decided. Only what adds to B or leaves it as it is can be carried out.
  if (s.decision != Decision::kNone && IsThere(s.a)) {
    const bool alike = IsThere(s.b) && s.container_a == s.container_b;
    if (s.decision == Decision::kA && s.a != State::kUnchanged) return Do(Action::kCopyToB);
    if (s.decision == Decision::kB && alike) return Do(Action::kAdopt);
    if (s.a != State::kUnchanged) return Disagree(KindOf(s));
  }
  if (s.a != State::kPresent) return Do(Action::kNone);
  if (s.b == State::kAbsent) return Do(Action::kCopyToB);
  if (s.b != State::kPresent || s.container_a != s.container_b) return Do(Action::kNone);
  if (s.equality == Equality::kNotCompared) return Do(Action::kCompare);
  if (s.equality != Equality::kDifferent) return Do(Action::kAdopt);
  // B has another thing of that name already. To overwrite it would be no addition.
  switch (Winner(s)) {
    case 'a':
      return Do(Action::kCopyToB);
    case 'b':
      return Do(Action::kNone);
    default:
      return Disagree(ConflictKind::kCreateCreate);
  }
}

}  // namespace

Verdict Decide(const Situation& s) {
  // Nothing is concluded from what cannot be seen.
  if (s.a == State::kUnknown || s.b == State::kUnknown) return Do(Action::kNone);
  switch (s.direction) {
    case Direction::kMirror:
      return Mirror(s);
    case Direction::kAdd:
      return Add(s);
    case Direction::kTwoWay:
      break;
  }
  return TwoWay(s);
}

std::string_view ActionName(Action action) {
  switch (action) {
    case Action::kNone:
      return "none";
    case Action::kCompare:
      return "compare";
    case Action::kMerge:
      return "merge";
    case Action::kCopyToA:
      return "copy to a";
    case Action::kCopyToB:
      return "copy to b";
    case Action::kMetadataToA:
      return "metadata to a";
    case Action::kMetadataToB:
      return "metadata to b";
    case Action::kMetadataBoth:
      return "metadata to both";
    case Action::kRemoveA:
      return "remove a";
    case Action::kRemoveB:
      return "remove b";
    case Action::kAdopt:
      return "adopt";
    case Action::kForget:
      return "forget";
    case Action::kKeepBoth:
      return "keep both";
    case Action::kConflict:
      return "conflict";
  }
  return "";
}

std::string_view ConflictKindName(ConflictKind kind) {
  switch (kind) {
    case ConflictKind::kEditEdit:
      return "edit-edit";
    case ConflictKind::kEditDelete:
      return "edit-delete";
    case ConflictKind::kDeleteEdit:
      return "delete-edit";
    case ConflictKind::kCreateCreate:
      return "create-create";
    case ConflictKind::kType:
      return "type";
    case ConflictKind::kName:
      return "name";
  }
  return "";
}

}  // namespace syncline::engine
