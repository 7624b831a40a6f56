// The records and edits of the fault tests; see the header.
#include "tests/faults/scenario.h"

#include <algorithm>
#include <filesystem>

namespace syncline::testing {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kThen = 1'700'000'000 * kSecond;  // so that every run writes the same times

void Put(Tree* tree, const std::string& path, const std::string& text, int seconds) {
  tree->Write(path, text);
  tree->SetMtime(path, kThen + seconds * kSecond);
}

void PutLink(Tree* tree, const std::string& path, const std::string& target) {
  tree->Link(path, target);
  tree->SetMtime(path, kThen);
}

void Compare(const char* what, const std::map<std::string, std::string>& expected,
             const std::map<std::string, std::string>& found, std::string* text) {
  for (const auto& [path, line] : expected) {
    const auto other = found.find(path);
    if (other != found.end() && other->second == line) continue;
    *text += std::string(what) + ": " + path + ": expected " + line + ", found " +
             (other == found.end() ? "nothing" : other->second) + "\n";
  }
  for (const auto& [path, line] : found) {
    if (expected.count(path) == 0) *text += std::string(what) + ": unexpected " + path + "\n";
  }
}

void Compare(const char* what, const std::vector<std::string>& expected,
             const std::vector<std::string>& found, std::string* text) {
  if (expected == found) return;
  *text += std::string(what) + ": expected";
  for (const std::string& each : expected) *text += " [" + each + "]";
  *text += ", found";
  for (const std::string& each : found) *text += " [" + each + "]";
  *text += "\n";
}

}  // namespace

void MakeRecords(Tree* a) {
  for (const char* path :
       {"edit/a",           "edit/b",         "edit/both",        "edit/same", "delete/a",
        "delete/b",         "delete/both",    "delete/edited",    "move/a",    "move/b",
        "move/edited",      "tree/1",         "tree/sub/2",       "wood/1",    "change/permissions",
        "change/attribute", "change/to link", "change/to folder", "quiet/1",   "quiet/2"}) {
    Put(a, path, std::string("what ") + path + " held first", 0);
  }
  Put(a, "edit/large", std::string(300'000, 'l'), 0);
  PutLink(a, "change/link", "quiet/1");
  a->Mkdir("delete/folder");
}

void EditBoth(Tree* a, Tree* b) {
  Put(a, "edit/a", "edited on A", 1);
  Put(b, "edit/b", "edited on B", 2);
  Put(a, "edit/both", "edited on A too", 3);
  Put(b, "edit/both", "edited on B as well", 4);
  Put(a, "edit/same", "the same edit", 5);
  Put(b, "edit/same", "the same edit", 5);
  Put(b, "edit/large", std::string(200'000, 'm'), 6);
  a->Remove("delete/a");
  b->Remove("delete/b");
  a->Remove("delete/both");
  b->Remove("delete/both");
  a->Remove("delete/edited");
  Put(b, "delete/edited", "edited where it was not deleted", 7);
  b->Remove("delete/folder");
  a->Move("move/a", "move/a renamed");
  b->Move("move/b", "moved to/b");
  a->Move("move/edited", "move/edited and moved");
  Put(a, "move/edited and moved", "edited after its move", 8);
  a->Move("tree", "forest");
  b->Move("wood", "park/wood");
  a->Chmod("change/permissions", 0600);
  b->SetAttribute("change/attribute", "user.note", "on B");
  a->Remove("change/to link");
  PutLink(a, "change/to link", "quiet/2");
  b->Remove("change/to folder");
  Put(b, "change/to folder/inside", "in the folder", 9);
  b->Remove("change/link");
  PutLink(b, "change/link", "quiet/2");
  Put(a, "new/on A", "new on A", 10);
  Put(b, "new/on B", "new on B", 11);
  Put(a, "new/on both", "new on A", 12);
  Put(b, "new/on both", "another one on B", 13);
  PutLink(a, "new/link", "on B");
  a->Mkdir("new/empty");
}

EndState LookAt(const Stage& stage) {
  EndState state;
  state.a = All(stage.a);
  state.b = All(stage.b);
  for (const auto& conflict : stage.Conflicts()) {
    state.conflicts.push_back(conflict["record"].get<std::string>() + " " +
                              conflict["kind"].get<std::string>());
  }
  std::sort(state.conflicts.begin(), state.conflicts.end());
  for (const auto& entry : std::filesystem::recursive_directory_iterator(stage.home() + "/items")) {
    if (!entry.is_directory()) state.item_files.push_back(entry.path().filename());
  }
  std::sort(state.item_files.begin(), state.item_files.end());
  return state;
}

std::string Difference(const EndState& expected, const EndState& found) {
  std::string text;
  Compare("A", expected.a, found.a, &text);
  Compare("B", expected.b, found.b, &text);
  Compare("conflicts", expected.conflicts, found.conflicts, &text);
  Compare("files of the item", expected.item_files, found.item_files, &text);
  return text;
}

}  // namespace syncline::testing
