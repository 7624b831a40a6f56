// Random histories over two real folders, by direction and policy; world.h tells what must hold.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "tests/model/property.h"
#include "tests/model/world.h"

namespace syncline::model {
namespace {

using engine::Direction;
using engine::Policy;

template <typename Play>
void Check(int histories, Kinds kinds, const Play& play) {
  CheckHistories(histories, [&] {
    const std::vector<Step> history = *Histories(kinds);
    play(history);
  });
}

void Play(Direction direction, Policy policy, const std::vector<Step>& history) {
  World world(direction, policy);
  for (size_t i = 0; i < history.size(); ++i) world.Play(history[i], i);
  world.Settle();
}

void CheckAll(int histories, Direction direction, Policy policy, Kinds kinds = {}) {
  Check(histories, kinds,
        [&](const std::vector<Step>& history) { Play(direction, policy, history); });
}

TEST(TwoWay, Ask) { CheckAll(500, Direction::kTwoWay, Policy::kAsk); }
TEST(TwoWay, AskOnceMore) { CheckAll(500, Direction::kTwoWay, Policy::kAsk); }
TEST(TwoWay, Newer) { CheckAll(200, Direction::kTwoWay, Policy::kNewer); }
TEST(TwoWay, A) { CheckAll(150, Direction::kTwoWay, Policy::kA); }
TEST(TwoWay, B) { CheckAll(150, Direction::kTwoWay, Policy::kB); }
TEST(TwoWay, Both) { CheckAll(250, Direction::kTwoWay, Policy::kBoth); }
TEST(TwoWay, Decisions) { CheckAll(250, Direction::kTwoWay, Policy::kAsk, {.decisions = true}); }
TEST(TwoWay, Filters) { CheckAll(250, Direction::kTwoWay, Policy::kAsk, {.filters = true}); }
TEST(TwoWay, Cancels) { CheckAll(250, Direction::kTwoWay, Policy::kAsk, {.cancels = true}); }
TEST(TwoWay, Everything) {
  CheckAll(250, Direction::kTwoWay, Policy::kBoth,
           {.cancels = true, .decisions = true, .filters = true});
}
TEST(Mirror, Plain) { CheckAll(200, Direction::kMirror, Policy::kAsk); }
TEST(Mirror, CancelsAndFilters) {
  CheckAll(150, Direction::kMirror, Policy::kAsk, {.cancels = true, .filters = true});
}
TEST(Add, Plain) { CheckAll(200, Direction::kAdd, Policy::kAsk, {.cancels = true}); }
TEST(Add, PolicyA) { CheckAll(100, Direction::kAdd, Policy::kA); }

// Cancelling and syncing again ends where an undisturbed sync ends.
void PlayTwins(Policy policy, const std::vector<Step>& history) {
  World disturbed(Direction::kTwoWay, policy), calm(Direction::kTwoWay, policy);
  const auto compare = [&](const std::string& when) {
    for (int side : {0, 1}) {
      if (disturbed.Look(side) == calm.Look(side)) continue;
      try {
        calm.Fail("undisturbed");
      } catch (const Violation& v) {
        disturbed.Fail(when + ": side " + (side == 0 ? "A" : "B") +
                       " is another than without the cancel\n" + v.what());
      }
    }
  };
  for (size_t i = 0; i < history.size(); ++i) {
    if (history[i].op == Op::kSync || history[i].op == Op::kCancel) {
      disturbed.SyncCancelled(history[i].n);
      disturbed.Sync();
      calm.Sync();
      compare("after step " + std::to_string(i));
      continue;
    }
    disturbed.Play(history[i], i);
    calm.Play(history[i], i);
  }
  disturbed.Settle();
  calm.Settle();
  compare("at the end");
}

TEST(CancelledAndSyncedAgain, Ask) {
  Check(250, {.cancels = true},
        [](const std::vector<Step>& history) { PlayTwins(Policy::kAsk, history); });
}
TEST(CancelledAndSyncedAgain, PolicyB) {
  Check(150, {.cancels = true},
        [](const std::vector<Step>& history) { PlayTwins(Policy::kB, history); });
}
TEST(CancelledAndSyncedAgain, Newer) {
  Check(150, {.cancels = true},
        [](const std::vector<Step>& history) { PlayTwins(Policy::kNewer, history); });
}

}  // namespace
}  // namespace syncline::model
