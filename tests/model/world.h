// A world to play a history in: an engine over two real folders, and what must hold whatever
// happened. A Violation tells which invariant is broken, with all that was done until then.
//
// Every content that a person writes is unique and told by its step, so that a version can be
// found again wherever syncs took it; times are set, so that two worlds that play the same history
// hold the same.
#ifndef SYNCLINE_TESTS_MODEL_WORLD_H_
#define SYNCLINE_TESTS_MODEL_WORLD_H_

#include <functional>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/model/history.h"
#include "tests/model/look.h"
#include "tests/unit/engine/rig.h"

namespace syncline::model {

class Violation : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class World {
 public:
  World(engine::Direction direction, engine::Policy policy);

  // Plays one step; index makes its content unique.
  void Play(const Step& step, size_t index);
  void Sync();
  // Cancels at the n-th piece of work. False: it came to its end before.
  bool SyncCancelled(int n);
  // Syncs without edits between: then both sides are in step and a further sync does nothing.
  void Settle();

  View Look(int side) const { return model::Look(tree(side).root()); }
  // Adds what was done so far.
  [[noreturn]] void Fail(const std::string& what) const;

 private:
  using Tree = testing::Tree;
  const Tree& tree(int side) const { return side == 0 ? rig_.a : rig_.b; }
  Tree& tree(int side) { return side == 0 ? rig_.a : rig_.b; }
  void Edit(const Step& step, int side, size_t index);
  void EditOnce(const Step& step, int side, size_t index);
  std::string Existing(const Step& step, const View& view, char type = 0) const;
  bool CanHold(const std::string& path, const View& view) const;
  void WriteAt(int side, const std::string& path, const std::string& text, size_t index);
  void DecideOne(int n);

  void Run(int cancel_at);
  void CheckRun(const View (&before)[2], const View (&after)[2]);
  void CheckNothingLost(const View (&before)[2], const View (&after)[2]);
  void CheckUntouchedStays(const View (&before)[2], const View (&after)[2]);
  void CheckFilteredStays(const View (&before)[2], const View (&after)[2]);
  void CheckOneSided(const View (&before)[2], const View (&after)[2]);
  void CheckBaseline(const View (&after)[2]);
  void CheckTally(const View (&after)[2]);
  void CheckInStep();
  void LearnVersions(const View (&now)[2]);
  bool Filtered(const std::string& path, const Item& item) const;
  bool complete() const;

  engine::Rig rig_;
  engine::Filter filter_;
  std::vector<std::string> trace_;
  bool cancelled_ = false;
  bool only_decided_ = false;
  std::set<std::string> touched_[2];     // places that a person changed since the last whole sync
  std::set<std::string> dropped_;        // contents that a person overwrote or removed somewhere
  std::map<std::string, Item> held_[2];  // what each side held in each version that it listed
};

}  // namespace syncline::model

#endif  // SYNCLINE_TESTS_MODEL_WORLD_H_
