// The real programs with a data folder and two sides of their own, for tests through the command
// line. Include it only from tests: SYNCLINE_BIN is theirs.
//
//   Stage stage;
//   stage.a.Write("todo.txt", "buy milk");
//   stage.Add();                              // the item Work of the two folders
//   EXPECT_EQ(stage.Sync()["created"], 1);
//   stage.Run({"sync", "Work", "--dry-run"}); // anything else
#ifndef SYNCLINE_TESTS_SUPPORT_STAGE_H_
#define SYNCLINE_TESTS_SUPPORT_STAGE_H_

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/program.h"
#include "tests/support/scratch.h"

namespace syncline::testing {

using Words = std::vector<std::string>;

class Stage {
 public:
  Stage() : a(temp / "a"), b(temp / "b"), env{{"SYNCLINE_HOME", temp / "home"}} {}

  std::string home() const { return env.at("SYNCLINE_HOME"); }

  Words Command(const Words& words) const {
    Words argv = {SYNCLINE_BIN "/syncline"};
    argv.insert(argv.end(), words.begin(), words.end());
    return argv;
  }

  ProgramResult Run(const Words& words, const Environment& more = {}) const {
    Environment all = more;
    all.insert(env.begin(), env.end());
    return RunProgram(Command(words), all);
  }

  // As a user to whom permissions apply: root runs it as nobody, who is given all of temp before
  // the first time.
  ProgramResult RunAsUser(const Words& words) {
    Words argv = Command(words);
    if (geteuid() == 0) {
      const Words drop = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
      argv.insert(argv.begin(), drop.begin(), drop.end());
    }
    if (geteuid() == 0 && !given_away_) {
      given_away_ = true;
      EXPECT_EQ(lchown(temp.path().c_str(), 65534, 65534), 0);
      for (const auto& entry : std::filesystem::recursive_directory_iterator(temp.path())) {
        EXPECT_EQ(lchown(entry.path().c_str(), 65534, 65534), 0) << entry.path();
      }
    }
    return RunProgram(argv, env);
  }

  // The document of a command that ends with this exit code.
  nlohmann::json Json(Words words, int exit_code = 0) const {
    words.push_back("--json");
    const ProgramResult result = Run(words);
    EXPECT_EQ(result.exit_code, exit_code) << words[0] << " " << result;
    const nlohmann::json document = nlohmann::json::parse(result.out, nullptr, false);
    EXPECT_FALSE(document.is_discarded()) << result;
    return document.is_discarded() ? nlohmann::json::object() : document;
  }

  // Adds the item Work of the sides a and b; returns its id.
  std::string Add(const Words& more = {}) const {
    Words words = {"add", "folders", "--name", "Work", a.root(), b.root()};
    words.insert(words.end(), more.begin(), more.end());
    return Json(words)["item"]["id"];
  }

  // Syncs Work and returns what the document says of it.
  nlohmann::json Sync(int exit_code = 0, const Words& more = {}) const {
    Words words = {"sync", "Work"};
    words.insert(words.end(), more.begin(), more.end());
    return Json(words, exit_code)["items"][0];
  }

  nlohmann::json Conflicts() const { return Json({"conflicts"})["conflicts"]; }
  nlohmann::json Events() const { return Json({"events", "--limit", "100000"})["events"]; }

  TempDir temp;
  Tree a;
  Tree b;
  Environment env;

 private:
  bool given_away_ = false;
};

// The processes that a program started and that still run.
inline std::vector<pid_t> ChildrenOf(pid_t pid) {
  std::vector<pid_t> children;
  // Listed by the thread that started them (proc(5)).
  for (const auto& thread : std::filesystem::directory_iterator(
           "/proc/" + std::to_string(pid) + "/task",
           std::filesystem::directory_options::skip_permission_denied)) {
    std::ifstream file(thread.path() / "children");
    for (pid_t child = 0; file >> child;) children.push_back(child);
  }
  return children;
}

// Both sides hold the same: names, contents, permissions, times of files and links, attributes.
inline std::map<std::string, std::string> All(const Tree& tree) {
  return Snapshot(tree.root(), {.attributes = true});
}

// A sync that found nothing to do.
inline void ExpectNothingDone(const nlohmann::json& item) {
  for (const char* count :
       {"created", "updated", "removed", "moved", "merged", "failed", "adopted"}) {
    EXPECT_EQ(item.value(count, -1), 0) << count << " in " << item.dump(2);
  }
  EXPECT_EQ(item.value("bytes", -1), 0) << item.dump(2);
}

}  // namespace syncline::testing

#endif  // SYNCLINE_TESTS_SUPPORT_STAGE_H_
