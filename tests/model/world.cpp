// Playing a history. See world.h; what must hold after each sync is in check.cpp.
#include "tests/model/world.h"

#include <sstream>

namespace syncline::model {
namespace {

using engine::Decision;
using engine::SyncResult;

constexpr int64_t kStart = 1'700'000'000'000'000'000;
constexpr int64_t kSecond = 1'000'000'000;

bool Inside(const std::string& path, const std::string& folder) {
  return path.compare(0, folder.size() + 1, folder + "/") == 0;
}

// Contents that one step makes: told apart by their number, often of equal size.
std::string Fresh(size_t index, int n) {
  return std::to_string(100 + index) + std::string(static_cast<size_t>(n % 3), '+');
}

}  // namespace

World::World(engine::Direction direction, engine::Policy policy) {
  rig_.request.direction = direction;
  rig_.request.policy = policy;
  rig_.request.allow_deletes = true;
}

void World::Fail(const std::string& what) const {
  std::ostringstream text;
  text << what << "\n";
  for (const std::string& line : trace_) text << "  " << line << "\n";
  if (rig_.monitor != nullptr) {
    for (const std::string& event : rig_.monitor->events) text << "    event: " << event << "\n";
    for (const auto& [key, c] : rig_.monitor->conflicts) {
      text << "    conflict: " << key << " " << engine::ConflictKindName(c.kind) << "\n";
    }
    text << "    message: " << rig_.report.message << "\n";
  }
  text << "  A:\n" << Text(Look(0)) << "  B:\n" << Text(Look(1));
  throw Violation(text.str());
}

void World::Play(const Step& step, size_t index) {
  switch (step.op) {
    case Op::kSync:
      Sync();
      break;
    case Op::kSettle:
      Settle();
      break;
    case Op::kCancel:
      SyncCancelled(step.n);
      break;
    case Op::kDecide:
      DecideOne(step.n);
      break;
    case Op::kFilter: {
      static const std::vector<std::vector<std::string>> kFilters = {
          {}, {"c"}, {"/a/b/"}, {"b/", "!/a/b/"}, {"a/**/c"}, {"*", "!a", "!b"}};
      rig_.request.filters = kFilters[static_cast<size_t>(step.n) % kFilters.size()];
      filter_ = engine::Filter(rig_.request.filters);
      std::string all;
      for (const std::string& line : rig_.request.filters) all += " " + line;
      trace_.push_back("filter" + all);
      // What becomes visible was touched, for all that is known.
      for (int side : {0, 1}) {
        for (const auto& [path, item] : Look(side)) touched_[side].insert(path);
      }
      break;
    }
    case Op::kSameEdit:
      for (int side : {0, 1}) Edit(step, side, index);
      break;
    default:
      Edit(step, step.side, index);
  }
}

// An edit, and what it did to versions and places.
void World::Edit(const Step& step, int side, size_t index) {
  const View before = Look(side);
  EditOnce(step, side, index);
  const View after = Look(side);
  for (const auto& [path, item] : before) {
    const auto it = after.find(path);
    if (it == after.end() || it->second != item) touched_[side].insert(path);
  }
  for (const auto& [path, item] : after) {
    if (before.count(path) == 0) touched_[side].insert(path);
  }
  const std::set<std::string> left = Contents(after);
  for (const std::string& content : Contents(before)) {
    if (left.count(content) == 0) dropped_.insert(content);
  }
}

// The step's place when something of that type is there, else some place where there is.
std::string World::Existing(const Step& step, const View& view, char type) const {
  const auto fits = [&](const Item& item) { return type == 0 || item.type == type; };
  const std::string& place = Places()[static_cast<size_t>(step.place)];
  const auto it = view.find(place);
  if (it != view.end() && fits(it->second)) return place;
  std::vector<std::string> all;
  for (const auto& [path, item] : view) {
    if (fits(item)) all.push_back(path);
  }
  if (all.empty()) return "";
  return all[static_cast<size_t>(step.place) % all.size()];
}

// Whether all that is above path is a folder or can be made one.
bool World::CanHold(const std::string& path, const View& view) const {
  for (size_t slash = path.find('/'); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    const auto it = view.find(path.substr(0, slash));
    if (it != view.end() && it->second.type != 'd') return false;
  }
  return true;
}

void World::WriteAt(int side, const std::string& path, const std::string& text, size_t index) {
  tree(side).Write(path, text);
  tree(side).SetMtime(path, kStart + static_cast<int64_t>(index) * kSecond);
}

void World::EditOnce(const Step& step, int side, size_t index) {
  const View view = Look(side);
  Tree& on = tree(side);
  const std::string place = Places()[static_cast<size_t>(step.place)];
  const std::string other = Places()[static_cast<size_t>(step.other_place)];
  const std::string fresh = Fresh(index, step.n);
  const auto tell = [&](const std::string& what) {
    trace_.push_back((side == 0 ? "A: " : "B: ") + what);
  };
  const auto there = view.find(place);
  switch (step.op) {
    case Op::kWrite:
    case Op::kSameEdit:
      if (!CanHold(place, view) || (there != view.end() && there->second.type != 'f')) return;
      tell("write " + place + " '" + fresh + "'");
      WriteAt(side, place, fresh, index);
      return;
    case Op::kAppend:
    case Op::kTruncate: {
      const std::string path = Existing(step, view, 'f');
      if (path.empty()) return;
      std::string text = view.at(path).content;
      text = step.op == Op::kAppend ? text + "," + fresh : text.substr(0, text.size() - 1);
      if (text.size() < 3) return;
      tell(std::string(step.op == Op::kAppend ? "append " : "truncate ") + path + " to '" + text +
           "'");
      WriteAt(side, path, text, index);
      return;
    }
    case Op::kRemove: {
      const std::string path = Existing(step, view);
      if (path.empty()) return;
      tell("remove " + path);
      on.Remove(path);
      return;
    }
    case Op::kMkdir:
      if (!CanHold(place, view) || there != view.end()) return;
      tell("mkdir " + place);
      on.Mkdir(place);
      return;
    case Op::kMove: {
      const std::string from = Existing(step, view);
      if (from.empty() || from == other || Inside(other, from) || Inside(from, other)) return;
      if (!CanHold(other, view)) return;
      const auto taken = view.find(other);
      if (taken != view.end() && (taken->second.type == 'd' || view.at(from).type == 'd')) return;
      tell("move " + from + " -> " + other);
      on.Move(from, other);
      return;
    }
    case Op::kSwap: {
      const std::string from = Existing(step, view);
      if (from.empty() || view.count(other) == 0 || from == other) return;
      if (Inside(other, from) || Inside(from, other)) return;
      tell("swap " + from + " <-> " + other);
      on.Move(from, "between");
      on.Move(other, from);
      on.Move("between", other);
      return;
    }
    case Op::kToFolder: {
      const std::string path = Existing(step, view, 'f');
      if (path.empty()) return;
      const std::string inside = path + (step.n % 2 == 0 ? "/a" : "/b");
      tell("to folder " + path + " with " + inside + " '" + fresh + "'");
      on.Remove(path);
      WriteAt(side, inside, fresh, index);
      return;
    }
    case Op::kToFile: {
      const std::string path = Existing(step, view, 'd');
      if (path.empty()) return;
      tell("to file " + path + " '" + fresh + "'");
      on.Remove(path);
      WriteAt(side, path, fresh, index);
      return;
    }
    case Op::kTouch: {
      const std::string path = Existing(step, view, 'f');
      if (path.empty()) return;
      tell("touch " + path);
      on.SetMtime(path, kStart + static_cast<int64_t>(index) * kSecond);
      return;
    }
    case Op::kChmod: {
      const std::string path = Existing(step, view);
      if (path.empty() || view.at(path).type == 'l') return;
      const bool folder = view.at(path).type == 'd';
      const unsigned mode =
          folder ? (step.n % 2 == 0 ? 0700 : 0750) : (step.n % 2 == 0 ? 0600 : 0755);
      tell("chmod " + path);
      on.Chmod(path, mode);
      return;
    }
    case Op::kLink:
      if (!CanHold(place, view) || there != view.end()) return;
      tell("link " + place + " -> " + fresh);
      on.Link(place, fresh);
      on.SetMtime(place, kStart + static_cast<int64_t>(index) * kSecond);
      return;
    default:
      return;
  }
}

void World::DecideOne(int n) {
  if (rig_.monitor == nullptr || rig_.monitor->conflicts.empty()) return;
  auto it = rig_.monitor->conflicts.begin();
  std::advance(it, n % static_cast<int>(rig_.monitor->conflicts.size()));
  static const Decision kDecisions[] = {Decision::kA, Decision::kB, Decision::kBoth};
  const Decision decision = kDecisions[n % 3];
  const engine::ConflictReport& c = it->second;
  rig_.request.decided = {{c.key, {decision, {c.side[0].version, c.side[1].version}}}};
  only_decided_ = n < 6;
  trace_.push_back("decide " + c.key + " " + std::to_string(static_cast<int>(decision)));
  // The version that was decided against may go.
  for (int side : {0, 1}) {
    const View view = Look(side);
    const auto item = view.find(c.side[side].id);
    if (item == view.end()) continue;
    touched_[side].insert(item->first);
    const Decision keeps = side == 0 ? Decision::kA : Decision::kB;
    if (decision == Decision::kBoth || decision == keeps) continue;
    for (const auto& [path, there] : view) {
      if (path == item->first || Inside(path, item->first)) dropped_.insert(there.content);
    }
  }
  rig_.request.only_decided = only_decided_;
  Run(-1);
  rig_.request.only_decided = only_decided_ = false;
  rig_.request.decided.clear();
}

void World::Sync() { Run(-1); }

bool World::SyncCancelled(int n) {
  Run(n);
  return cancelled_;
}

void World::Run(int cancel_at) {
  const View before[2] = {Look(0), Look(1)};
  LearnVersions(before);
  rig_.monitor = std::make_unique<engine::TestMonitor>();
  if (cancel_at >= 0) {
    rig_.monitor->on_work = [this, cancel_at](const std::string& work) mutable {
      // Opening and listing come first, always alike.
      if (work.rfind("open", 0) == 0 || work.rfind("check", 0) == 0) return;
      if (cancel_at-- == 0) rig_.monitor->Cancel();
    };
  }
  rig_.report = RunSync(rig_.request, rig_.monitor.get());
  cancelled_ = rig_.report.result == SyncResult::kCancelled;
  trace_.push_back(std::string("sync") + (only_decided_ ? " (decided only)" : "") +
                   (cancelled_ ? " (cancelled)" : "") + " result " +
                   std::to_string(static_cast<int>(rig_.report.result)) + " conflicts " +
                   std::to_string(rig_.report.tally.conflicts));
  const View after[2] = {Look(0), Look(1)};
  LearnVersions(after);
  CheckRun(before, after);
  if (complete()) {
    for (int side : {0, 1}) touched_[side].clear();
    for (const auto& [key, conflict] : rig_.monitor->conflicts) {
      for (int side : {0, 1}) touched_[side].insert(key);
    }
  }
}

void World::Settle() {
  Sync();
  Sync();
  const View before[2] = {Look(0), Look(1)};
  Sync();
  CheckInStep();
  if (before[0] != Look(0) || before[1] != Look(1)) Fail("a further sync changed something");
}

}  // namespace syncline::model
