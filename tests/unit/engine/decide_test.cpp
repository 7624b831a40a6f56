// The truth table of Decide(), and what holds in every situation that there is.
#include "host/engine/decide.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace syncline::engine {
namespace {

constexpr State kStates[] = {State::kAbsent,  State::kPresent, State::kUnchanged,
                             State::kChanged, State::kGone,    State::kUnknown};
constexpr Equality kEqualities[] = {Equality::kNotCompared, Equality::kSame, Equality::kSameContent,
                                    Equality::kDifferent};
constexpr Direction kDirections[] = {Direction::kTwoWay, Direction::kMirror, Direction::kAdd};
constexpr Policy kPolicies[] = {Policy::kAsk, Policy::kNewer, Policy::kA, Policy::kB,
                                Policy::kBoth};
constexpr Decision kDecisions[] = {Decision::kNone, Decision::kA, Decision::kB, Decision::kBoth,
                                   Decision::kMerge};

const char* Name(State s) {
  static const char* const kNames[] = {"absent",  "present", "unchanged",
                                       "changed", "gone",    "unknown"};
  return kNames[static_cast<int>(s)];
}

std::string Text(const Verdict& v) {
  std::string text(ActionName(v.action));
  if (v.action == Action::kConflict) text += " " + std::string(ConflictKindName(v.conflict));
  return text;
}

std::string Text(const Situation& s) {
  std::ostringstream text;
  text << "A " << Name(s.a) << (s.container_a ? " container" : "") << ", B " << Name(s.b)
       << (s.container_b ? " container" : "") << ", equality " << static_cast<int>(s.equality)
       << ", content kept " << s.content_kept << ", mergeable " << s.mergeable << ", merge failed "
       << s.merge_failed << ", newer " << s.newer << ", direction " << static_cast<int>(s.direction)
       << ", policy " << static_cast<int>(s.policy) << ", decision " << static_cast<int>(s.decision)
       << ": " << Text(Decide(s));
  return text.str();
}

bool IsThere(State s) {
  return s == State::kPresent || s == State::kUnchanged || s == State::kChanged;
}
// A side knows of a baseline when the other does: nothing else comes out of two scans.
bool CanBe(State a, State b) {
  const auto without = [](State s) { return s == State::kAbsent || s == State::kPresent; };
  const auto with = [](State s) {
    return s == State::kUnchanged || s == State::kChanged || s == State::kGone;
  };
  return !(without(a) && with(b)) && !(with(a) && without(b));
}

// ---- the tables: a row for each state of A, a column for each of B
// -------------------------------

using Table = std::vector<std::vector<std::string>>;

void ExpectTable(const Table& table, const Situation& usual) {
  for (size_t i = 0; i < 6; ++i) {
    for (size_t j = 0; j < 6; ++j) {
      Situation s = usual;
      s.a = kStates[i];
      s.b = kStates[j];
      if (table[i][j] == "-") {
        EXPECT_FALSE(CanBe(s.a, s.b));
        continue;
      }
      EXPECT_EQ(Text(Decide(s)), table[i][j]) << Text(s);
    }
  }
}

TEST(DecideTable, TwoWayBeforeAnythingIsCompared) {
  ExpectTable(
      {
          // absent      present      unchanged     changed                 gone         unknown
          {"none", "copy to a", "-", "-", "-", "none"},                        // absent
          {"copy to b", "compare", "-", "-", "-", "none"},                     // present
          {"-", "-", "none", "copy to a", "remove a", "none"},                 // unchanged
          {"-", "-", "copy to b", "compare", "conflict edit-delete", "none"},  // changed
          {"-", "-", "remove b", "conflict delete-edit", "forget", "none"},    // gone
          {"none", "none", "none", "none", "none", "none"},                    // unknown
      },
      {});
}

TEST(DecideTable, TwoWayWhenContentsDiffer) {
  Situation s;
  s.equality = Equality::kDifferent;
  ExpectTable(
      {
          {"none", "copy to a", "-", "-", "-", "none"},
          {"copy to b", "conflict create-create", "-", "-", "-", "none"},
          {"-", "-", "none", "copy to a", "remove a", "none"},
          {"-", "-", "copy to b", "conflict edit-edit", "conflict edit-delete", "none"},
          {"-", "-", "remove b", "conflict delete-edit", "forget", "none"},
          {"none", "none", "none", "none", "none", "none"},
      },
      s);
}

TEST(DecideTable, Mirror) {
  Situation s;
  s.direction = Direction::kMirror;
  ExpectTable(
      {
          {"none", "remove b", "-", "-", "-", "none"},
          {"copy to b", "compare", "-", "-", "-", "none"},
          {"-", "-", "none", "compare", "copy to b", "none"},
          {"-", "-", "copy to b", "compare", "copy to b", "none"},
          {"-", "-", "remove b", "remove b", "forget", "none"},
          {"none", "none", "none", "none", "none", "none"},
      },
      s);
}

TEST(DecideTable, Additions) {
  Situation s;
  s.direction = Direction::kAdd;
  ExpectTable(
      {
          {"none", "none", "-", "-", "-", "none"},
          {"copy to b", "compare", "-", "-", "-", "none"},
          {"-", "-", "none", "none", "none", "none"},
          {"-", "-", "none", "none", "none", "none"},
          {"-", "-", "none", "none", "none", "none"},
          {"none", "none", "none", "none", "none", "none"},
      },
      s);
}

// ---- single rules -------------------------------------------------------------------------------

struct Rule {
  const char* name;
  std::function<void(Situation*)> change;  // of: both changed, contents differ, ask
  const char* verdict;
};
const Rule kRules[] = {
    {"equal contents and metadata", [](Situation* s) { s->equality = Equality::kSame; }, "adopt"},
    {"equal contents, A older",
     [](Situation* s) { s->equality = Equality::kSameContent, s->newer = 1; }, "metadata to both"},
    {"equal contents, times unknown", [](Situation* s) { s->equality = Equality::kSameContent; },
     "metadata to both"},
    {"equal contents of containers",
     [](Situation* s) {
       s->equality = Equality::kSameContent, s->container_a = s->container_b = true;
     },
     "metadata to both"},
    {"equal contents, policy B",
     [](Situation* s) { s->equality = Equality::kSameContent, s->policy = Policy::kB; },
     "metadata to a"},
    {"equal contents, decided for B against policy A",
     [](Situation* s) {
       s->equality = Equality::kSameContent, s->policy = Policy::kA, s->decision = Decision::kB;
     },
     "metadata to a"},
    {"equal contents, decided for A against policy B",
     [](Situation* s) {
       s->equality = Equality::kSameContent, s->policy = Policy::kB, s->decision = Decision::kA,
       s->newer = -1;
     },
     "metadata to b"},
    {"mergeable", [](Situation* s) { s->mergeable = true; }, "merge"},
    {"mergeable, policy A: still merged first",
     [](Situation* s) { s->mergeable = true, s->policy = Policy::kA; }, "merge"},
    {"mergeable, but decided for A",
     [](Situation* s) { s->mergeable = true, s->decision = Decision::kA; }, "copy to b"},
    {"merge failed, ask", [](Situation* s) { s->mergeable = s->merge_failed = true; },
     "conflict edit-edit"},
    {"merge failed, policy B",
     [](Situation* s) { s->mergeable = s->merge_failed = true, s->policy = Policy::kB; },
     "copy to a"},
    {"decided to merge, and it failed again",
     [](Situation* s) {
       s->mergeable = s->merge_failed = true, s->decision = Decision::kMerge,
       s->policy = Policy::kA;
     },
     "conflict edit-edit"},
    {"policy newer, A newer", [](Situation* s) { s->policy = Policy::kNewer, s->newer = -1; },
     "copy to b"},
    {"policy newer, B newer", [](Situation* s) { s->policy = Policy::kNewer, s->newer = 1; },
     "copy to a"},
    {"policy newer, nobody knows", [](Situation* s) { s->policy = Policy::kNewer; },
     "conflict edit-edit"},
    {"policy both", [](Situation* s) { s->policy = Policy::kBoth; }, "keep both"},
    {"decided for both against policy A",
     [](Situation* s) { s->policy = Policy::kA, s->decision = Decision::kBoth; }, "keep both"},
    {"a container against a plain record", [](Situation* s) { s->container_a = true; },
     "conflict type"},
    {"a container against a plain record, policy A: a policy does not empty a container",
     [](Situation* s) { s->container_b = true, s->policy = Policy::kA; }, "conflict type"},
    {"a container against a plain record, decided for B",
     [](Situation* s) { s->container_a = true, s->decision = Decision::kB; }, "copy to a"},
    {"edited on A, removed on B, policy newer: the edit is kept",
     [](Situation* s) { s->b = State::kGone, s->policy = Policy::kNewer; }, "copy to b"},
    {"edited on A, removed on B, policy both: the edit is kept",
     [](Situation* s) { s->b = State::kGone, s->policy = Policy::kBoth; }, "copy to b"},
    {"edited on A, removed on B, policy B",
     [](Situation* s) { s->b = State::kGone, s->policy = Policy::kB; }, "remove a"},
    {"removed on A, edited on B, decided for A",
     [](Situation* s) { s->a = State::kGone, s->decision = Decision::kA; }, "remove b"},
    {"a container's attributes changed on A, removed on B",
     [](Situation* s) { s->b = State::kGone, s->container_a = true; }, "remove a"},
    {"one changed, contents kept: looked at first",
     [](Situation* s) {
       s->b = State::kUnchanged, s->content_kept = true, s->equality = Equality::kNotCompared;
     },
     "compare"},
    {"one changed, contents kept: metadata only",
     [](Situation* s) {
       s->a = State::kUnchanged, s->content_kept = true, s->equality = Equality::kSameContent;
     },
     "metadata to a"},
    {"one changed, and was a plain record",
     [](Situation* s) { s->b = State::kUnchanged, s->container_a = true; }, "copy to b"},
};

TEST(DecideRules, WhenBothChangedAndContentsDiffer) {
  for (const Rule& rule : kRules) {
    Situation s;
    s.a = s.b = State::kChanged;
    s.equality = Equality::kDifferent;
    rule.change(&s);
    EXPECT_EQ(Text(Decide(s)), rule.verdict) << rule.name << "\n" << Text(s);
  }
}

// ---- what holds always --------------------------------------------------------------------------

void ForAll(const std::function<void(const Situation&)>& check) {
  Situation s;
  for (const Direction direction : kDirections) {
    for (const State a : kStates) {
      for (const State b : kStates) {
        if (!CanBe(a, b)) continue;
        for (const Equality equality : kEqualities) {
          for (const Policy policy : kPolicies) {
            for (const Decision decision : kDecisions) {
              for (int newer = -1; newer <= 1; ++newer) {
                for (unsigned bits = 0; bits < 32; ++bits) {
                  s.direction = direction;
                  s.a = a;
                  s.b = b;
                  s.equality = equality;
                  s.policy = policy;
                  s.decision = decision;
                  s.newer = newer;
                  s.container_a = (bits & 1) != 0;
                  s.container_b = (bits & 2) != 0;
                  s.content_kept = (bits & 4) != 0;
                  s.mergeable = (bits & 8) != 0;
                  s.merge_failed = (bits & 16) != 0;
                  check(s);
                  if (::testing::Test::HasFailure()) return;
                }
              }
            }
          }
        }
      }
    }
  }
}

bool WritesA(Action a) {
  return a == Action::kCopyToA || a == Action::kMetadataToA || a == Action::kRemoveA ||
         a == Action::kMetadataBoth || a == Action::kMerge || a == Action::kKeepBoth;
}
bool WritesB(Action a) {
  return a == Action::kCopyToB || a == Action::kMetadataToB || a == Action::kRemoveB ||
         a == Action::kMetadataBoth || a == Action::kMerge || a == Action::kKeepBoth;
}

TEST(DecideAlways, NothingIsDoneAboutWhatCannotBeSeen) {
  ForAll([](const Situation& s) {
    if (s.a != State::kUnknown && s.b != State::kUnknown) return;
    EXPECT_EQ(Decide(s).action, Action::kNone) << Text(s);
  });
}

TEST(DecideAlways, OneDirectionNeverWritesToA) {
  ForAll([](const Situation& s) {
    if (s.direction == Direction::kTwoWay) return;
    EXPECT_FALSE(WritesA(Decide(s).action)) << Text(s);
  });
}

TEST(DecideAlways, AdditionsRemoveNothingAndOverwriteOnlyByPolicyOrDecision) {
  ForAll([](const Situation& s) {
    if (s.direction != Direction::kAdd) return;
    const Action action = Decide(s).action;
    EXPECT_NE(action, Action::kRemoveB) << Text(s);
    const bool chosen = s.policy != Policy::kAsk || s.decision != Decision::kNone;
    if (action == Action::kCopyToB && !chosen) {
      EXPECT_EQ(s.b, State::kAbsent) << Text(s);
    }
  });
}

TEST(DecideAlways, AMirrorHasNoConflictsButThoseThatWereDecidedAgainstIt) {
  ForAll([](const Situation& s) {
    if (s.direction != Direction::kMirror) return;
    const bool for_a = s.decision == Decision::kNone || s.decision == Decision::kA;
    if (!for_a) return;
    EXPECT_NE(Decide(s).action, Action::kConflict) << Text(s);
  });
}

// Whoever decided to keep what B has does not lose it because the item became a mirror or an
// import.
TEST(DecideAlways, ADecisionForBIsNeverTurnedAgainstB) {
  ForAll([](const Situation& s) {
    if (s.decision == Decision::kNone || s.decision == Decision::kA) return;
    if (s.direction == Direction::kTwoWay || !IsThere(s.b)) return;
    const Action action = Decide(s).action;
    EXPECT_NE(action, Action::kCopyToB) << Text(s);
    EXPECT_NE(action, Action::kRemoveB) << Text(s);
  });
}

TEST(DecideAlways, ADecisionInAnImportIsCarriedOutOrAskedAgain) {
  ForAll([](const Situation& s) {
    if (s.decision == Decision::kNone || s.direction != Direction::kAdd) return;
    if (!IsThere(s.a) || s.a == State::kUnchanged || s.b == State::kUnknown) return;
    EXPECT_NE(Decide(s).action, Action::kNone) << Text(s);
  });
}

// Whoever asks to be asked loses no version that was not on both sides.
TEST(DecideAlways, AskingOverwritesAndRemovesOnlyWhatTheOtherSideHadToo) {
  ForAll([](const Situation& s) {
    if (s.direction != Direction::kTwoWay || s.policy != Policy::kAsk) return;
    if (s.decision != Decision::kNone && s.decision != Decision::kMerge) return;
    switch (Decide(s).action) {
      case Action::kCopyToA:
        EXPECT_FALSE(s.a == State::kPresent || s.a == State::kChanged) << Text(s);
        break;
      case Action::kCopyToB:
        EXPECT_FALSE(s.b == State::kPresent || s.b == State::kChanged) << Text(s);
        break;
      case Action::kRemoveA:
        EXPECT_TRUE(s.a == State::kUnchanged || s.container_a) << Text(s);
        break;
      case Action::kRemoveB:
        EXPECT_TRUE(s.b == State::kUnchanged || s.container_b) << Text(s);
        break;
      default:
        break;
    }
  });
}

TEST(DecideAlways, MetadataIsTakenOverOnlyBetweenEqualContents) {
  ForAll([](const Situation& s) {
    const Action action = Decide(s).action;
    if (action == Action::kMetadataToA || action == Action::kMetadataToB ||
        action == Action::kMetadataBoth) {
      EXPECT_EQ(s.equality, Equality::kSameContent) << Text(s);
    }
    if (action == Action::kAdopt) {
      EXPECT_TRUE(s.equality == Equality::kSame ||
                  (s.direction == Direction::kAdd && s.equality == Equality::kSameContent) ||
                  (s.direction == Direction::kAdd && s.decision == Decision::kB))
          << Text(s);
    }
  });
}

TEST(DecideAlways, ActionsFitWhatIsThere) {
  ForAll([](const Situation& s) {
    const Action action = Decide(s).action;
    const bool a = IsThere(s.a), b = IsThere(s.b);
    switch (action) {
      case Action::kCompare:
      case Action::kMerge:
      case Action::kMetadataToA:
      case Action::kMetadataToB:
      case Action::kMetadataBoth:
      case Action::kAdopt:
      case Action::kKeepBoth:
        EXPECT_TRUE(a && b) << Text(s);
        break;
      case Action::kCopyToA:
      case Action::kRemoveB:
        EXPECT_TRUE(b) << Text(s);
        break;
      case Action::kCopyToB:
      case Action::kRemoveA:
        EXPECT_TRUE(a) << Text(s);
        break;
      case Action::kForget:
        EXPECT_FALSE(a || b) << Text(s);
        break;
      default:
        break;
    }
  });
}

TEST(DecideAlways, ADecisionForASideIsCarriedOutWhereTheTwoAreApart) {
  ForAll([](const Situation& s) {
    if (s.direction != Direction::kTwoWay || s.equality != Equality::kDifferent) return;
    const bool apart = (s.a == State::kChanged || s.a == State::kPresent || s.a == State::kGone) &&
                       (s.b == State::kChanged || s.b == State::kPresent || s.b == State::kGone) &&
                       !(s.a == State::kGone && s.b == State::kGone);
    if (!apart) return;
    const Action action = Decide(s).action;
    if (s.decision == Decision::kA) {
      EXPECT_TRUE(WritesB(action) && !WritesA(action)) << Text(s);
    }
    if (s.decision == Decision::kB) {
      EXPECT_TRUE(WritesA(action) && !WritesB(action)) << Text(s);
    }
  });
}

// Comparing and merging find out something, after which they are not asked for again.
TEST(DecideAlways, ItEnds) {
  ForAll([](const Situation& s) {
    const Action action = Decide(s).action;
    if (action == Action::kCompare) {
      EXPECT_EQ(s.equality, Equality::kNotCompared) << Text(s);
    }
    if (action == Action::kMerge) {
      EXPECT_TRUE(s.mergeable && !s.merge_failed && s.equality == Equality::kDifferent) << Text(s);
    }
  });
}

// Of two containers with other attributes A's are taken, and of two plain records where nobody
// knows the older one; all else is the same from both sides.
TEST(DecideAlways, TwoWayIsTheSameFromBothSides) {
  ForAll([](const Situation& s) {
    if (s.direction != Direction::kTwoWay) return;
    Situation t = s;
    std::swap(t.a, t.b);
    std::swap(t.container_a, t.container_b);
    t.newer = -s.newer;
    if (s.policy == Policy::kA || s.policy == Policy::kB) {
      t.policy = s.policy == Policy::kA ? Policy::kB : Policy::kA;
    }
    if (s.decision == Decision::kA || s.decision == Decision::kB) {
      t.decision = s.decision == Decision::kA ? Decision::kB : Decision::kA;
    }
    const auto other_way = [](Verdict v) {
      static const std::pair<Action, Action> kPairs[] = {
          {Action::kCopyToA, Action::kCopyToB},
          {Action::kMetadataToA, Action::kMetadataToB},
          {Action::kRemoveA, Action::kRemoveB}};
      for (const auto& [x, y] : kPairs) {
        if (v.action == x || v.action == y) {
          v.action = v.action == x ? y : x;
          return v;
        }
      }
      if (v.conflict == ConflictKind::kEditDelete || v.conflict == ConflictKind::kDeleteEdit) {
        v.conflict = v.conflict == ConflictKind::kEditDelete ? ConflictKind::kDeleteEdit
                                                             : ConflictKind::kEditDelete;
      }
      return v;
    };
    EXPECT_EQ(Text(Decide(t)), Text(other_way(Decide(s)))) << Text(s) << "\n" << Text(t);
  });
}

}  // namespace
}  // namespace syncline::engine
