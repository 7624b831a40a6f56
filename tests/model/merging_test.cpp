// Random histories of records that can be merged, over two folders of the lines provider, against a
// model that knows what a three-way merge of fields comes to. Files have another name on each side.
// The portraits provider merges the same by essences: there one field is the body, which none
// merges.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <array>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/model/property.h"
#include "tests/unit/engine/rig.h"

namespace syncline::model {
namespace {

using Fields = std::map<std::string, std::string>;
using Records = std::map<std::string, Fields>;  // by uid

enum class Op { kSet, kDrop, kRemove, kRename, kSync, kCancelledSync };
struct Step {
  Op op = Op::kSet;
  int side = 0, uid = 0, field = 0;
};
std::ostream& operator<<(std::ostream& out, const Step& step) {
  static const std::array<const char*, 6> kNames = {"set",    "drop", "remove",
                                                    "rename", "sync", "cancelled sync"};
  out << kNames[static_cast<size_t>(step.op)];
  if (step.op >= Op::kSync) return out;
  return out << (step.side == 0 ? " on A " : " on B ") << step.uid << " " << step.field;
}

rc::Gen<std::vector<Step>> Histories() {
  const rc::Gen<Op> op = rc::gen::weightedElement<Op>({{10, Op::kSet},
                                                       {2, Op::kDrop},
                                                       {2, Op::kRemove},
                                                       {2, Op::kRename},
                                                       {5, Op::kSync},
                                                       {3, Op::kCancelledSync}});
  return rc::gen::container<std::vector<Step>>(rc::gen::build<Step>(
      rc::gen::set(&Step::op, op), rc::gen::set(&Step::side, rc::gen::inRange(0, 2)),
      rc::gen::set(&Step::uid, rc::gen::inRange(0, 3)),
      rc::gen::set(&Step::field, rc::gen::inRange(0, 3))));
}

std::string Value(const Fields& fields, const std::string& name) {
  const auto it = fields.find(name);
  return it == fields.end() ? "" : it->second;
}

// nullopt: both changed a field differently.
std::optional<Fields> Merged(const Fields& base, const Fields& a, const Fields& b) {
  std::set<std::string> names;
  for (const Fields* fields : {&a, &b}) {
    for (const auto& [name, value] : *fields) names.insert(name);
  }
  Fields merged;
  for (const std::string& name : names) {
    const std::string old = Value(base, name), x = Value(a, name), y = Value(b, name);
    if (x != y && x != old && y != old) return std::nullopt;
    const std::string& value = x == old ? y : x;
    if (!value.empty()) merged[name] = value;
  }
  return merged;
}

class World {
 public:
  explicit World(const std::string& provider) : bodies_(provider == "portraits"), rig_(provider) {
    rig_.request.allow_deletes = true;
  }

  void Play(const Step& step, int index) {
    std::ostringstream line;
    line << step;
    trace_ += "  " + line.str() + "\n";
    const std::string uid = std::to_string(step.uid), field = "f" + std::to_string(step.field);
    Records& records = side_[step.side];
    switch (step.op) {
      case Op::kSet:
        records[uid][field] = std::to_string(index);
        Write(step.side, uid, index);
        return;
      case Op::kDrop:
        if (records.count(uid) == 0) return;
        records[uid].erase(field);
        Write(step.side, uid, index);
        return;
      case Op::kRemove:
        if (records.erase(uid) == 0) return;
        tree(step.side).Remove(Files(step.side).at(uid));
        return;
      case Op::kRename:
        if (records.count(uid) == 0) return;
        tree(step.side).Move(Files(step.side).at(uid), "r" + std::to_string(index) + ".txt");
        return;
      case Op::kCancelledSync: {
        int left = index % 7;
        rig_.on_work = [this, left](const std::string&) mutable {
          if (left-- == 0) rig_.monitor->Cancel();
        };
        rig_.Sync();
        rig_.on_work = nullptr;
        Sync();
        return;
      }
      case Op::kSync:
        Sync();
        return;
    }
  }

  void Sync() {
    const engine::SyncResult result = rig_.Sync();
    const bool conflicts = Expect();
    const auto expected = conflicts ? engine::SyncResult::kConflicts : engine::SyncResult::kDone;
    if (result != expected) Fail("the sync came to another result");
    for (int side : {0, 1}) {
      Records now;
      for (const auto& [uid, file] : Files(side)) {
        now[uid] = Parsed(tree(side).Read(file));
      }
      if (now != side_[side]) Fail(std::string("not as expected: side ") + (side == 0 ? "A" : "B"));
    }
  }

 private:
  testing::Tree& tree(int side) { return side == 0 ? rig_.a : rig_.b; }

  std::map<std::string, std::string> Files(int side) {
    std::map<std::string, std::string> files;
    for (const auto& [path, line] : testing::Snapshot(tree(side).root())) {
      const std::string text = tree(side).Read(path);
      const size_t at = text.find("uid: ");
      if (at == std::string::npos) Fail("a record without its uid: " + path);
      if (!files.emplace(text.substr(at + 5, 1), path).second) Fail("a record twice: " + path);
    }
    return files;
  }

  void Write(int side, const std::string& uid, int index) {
    std::string text;
    for (const auto& [name, value] : side_[side][uid]) {
      if (!bodies_ || name != kBody) text += name + ": " + value + "\n";
    }
    text += "uid: " + uid + "\n";
    if (bodies_) text += "\n" + Value(side_[side][uid], kBody);
    const auto files = Files(side);
    const auto it = files.find(uid);
    const std::string fresh = "n" + std::to_string(index) + ".txt";
    tree(side).Write(it == files.end() ? fresh : it->second, text);
  }

  Fields Parsed(const std::string& content) const {
    Fields fields;
    std::istringstream text(content);
    for (std::string line; std::getline(text, line);) {
      if (bodies_ && line.empty()) {
        if (std::getline(text, line)) fields[kBody] = line;
      } else if (line.rfind("uid", 0) != 0) {
        fields[line.substr(0, 2)] = line.substr(4);
      }
    }
    return fields;
  }

  // What a sync that asks makes of it; true: conflicts are left.
  bool Expect() {
    bool conflicts = false;
    for (const std::string uid : {"0", "1", "2"}) {
      const auto get = [&](const Records& records) -> const Fields* {
        const auto it = records.find(uid);
        return it == records.end() ? nullptr : &it->second;
      };
      const auto same = [](const Fields* x, const Fields* y) {
        return (x == nullptr) == (y == nullptr) && (x == nullptr || *x == *y);
      };
      const Fields *a = get(side_[0]), *b = get(side_[1]), *base = get(base_);
      std::optional<Fields> result;
      if (same(a, base) || same(a, b)) {
        if (b != nullptr) result = *b;
      } else if (same(b, base)) {
        if (a != nullptr) result = *a;
      } else {
        const bool can_merge =
            a != nullptr && b != nullptr && (!bodies_ || Value(*a, kBody) == Value(*b, kBody));
        if (can_merge) result = Merged(base == nullptr ? Fields() : *base, *a, *b);
        if (!result.has_value()) {
          conflicts = true;
          continue;
        }
      }
      for (Records* records : {&side_[0], &side_[1], &base_}) {
        if (result.has_value()) {
          (*records)[uid] = *result;
        } else {
          records->erase(uid);
        }
      }
    }
    return conflicts;
  }

  [[noreturn]] void Fail(const std::string& what) {
    std::ostringstream text;
    text << what << "\n" << trace_;
    if (rig_.monitor != nullptr) text << rig_;
    throw std::runtime_error(text.str());
  }

  static constexpr const char* kBody = "f2";
  const bool bodies_;
  engine::Rig rig_;
  Records side_[2], base_;
  std::string trace_;
};

void CheckMerges(const std::string& provider) {
  CheckHistories(500, [&] {
    const std::vector<Step> history = *Histories();
    World world(provider);
    for (size_t i = 0; i < history.size(); ++i) world.Play(history[i], static_cast<int>(i) + 10);
    world.Sync();
    world.Sync();
  });
}

TEST(Merging, EndsAsAThreeWayMergeOfFieldsDoes) { CheckMerges("lines"); }

TEST(Merging, OfEssencesEndsAsThatOfFieldsUnlessBodiesDiffer) { CheckMerges("portraits"); }

}  // namespace
}  // namespace syncline::model
