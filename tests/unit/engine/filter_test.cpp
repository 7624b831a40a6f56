// Filters in gitignore syntax: the rules of gitignore(5) one by one, then git itself as the judge
// of random patterns.
#include "host/engine/filter.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/program.h"
#include "tests/support/scratch.h"

namespace syncline::engine {
namespace {

constexpr bool kFile = false, kFolder = true;

TEST(Filter, WithoutPatternsNothingIsExcluded) {
  const Filter filter({"", "# a comment", "   "});
  EXPECT_TRUE(filter.empty());
  EXPECT_FALSE(filter.Excludes("x", kFile));
}

TEST(Filter, ANameMatchesAtEveryLevel) {
  const Filter filter({"x"});
  EXPECT_TRUE(filter.Excludes("x", kFile));
  EXPECT_TRUE(filter.Excludes("a/b/x", kFolder));
  EXPECT_TRUE(filter.Excludes("a/x/b", kFile)) << "what is inside goes with it";
  EXPECT_FALSE(filter.Excludes("xx", kFile));
}

TEST(Filter, ASlashInsideOrInFrontAnchorsAtTheTop) {
  EXPECT_TRUE(Filter({"/x"}).Excludes("x", kFile));
  EXPECT_FALSE(Filter({"/x"}).Excludes("a/x", kFile));
  EXPECT_TRUE(Filter({"a/x"}).Excludes("a/x", kFile));
  EXPECT_FALSE(Filter({"a/x"}).Excludes("b/a/x", kFile));
}

TEST(Filter, ASlashAtTheEndMeansFoldersOnlyAndDoesNotAnchor) {
  const Filter filter({"x/"});
  EXPECT_FALSE(filter.Excludes("x", kFile));
  EXPECT_TRUE(filter.Excludes("x", kFolder));
  EXPECT_TRUE(filter.Excludes("a/x", kFolder));
  EXPECT_TRUE(filter.Excludes("a/x/inside", kFile));
}

TEST(Filter, StarAndQuestionMarkStopAtASlash) {
  EXPECT_TRUE(Filter({"*.tmp"}).Excludes("a/b.tmp", kFile));
  EXPECT_TRUE(Filter({"a/*/c"}).Excludes("a/b/c", kFile));
  EXPECT_FALSE(Filter({"a/*/c"}).Excludes("a/b/b/c", kFile));
  EXPECT_FALSE(Filter({"a*c"}).Excludes("a/c", kFile));
  EXPECT_TRUE(Filter({"a?c"}).Excludes("abc", kFile));
  EXPECT_FALSE(Filter({"/a?c"}).Excludes("a/c", kFile));
  EXPECT_TRUE(Filter({"*"}).Excludes(".hidden", kFile)) << "a leading dot is nothing special";
}

TEST(Filter, TwoStarsCrossLevels) {
  EXPECT_TRUE(Filter({"**/x"}).Excludes("x", kFile));
  EXPECT_TRUE(Filter({"**/x"}).Excludes("a/b/x", kFile));
  EXPECT_TRUE(Filter({"a/**"}).Excludes("a/b/c", kFile));
  EXPECT_FALSE(Filter({"a/**"}).Excludes("a", kFolder)) << "only what is inside";
  EXPECT_TRUE(Filter({"a/**/c"}).Excludes("a/c", kFile));
  EXPECT_TRUE(Filter({"a/**/c"}).Excludes("a/b/b/c", kFile));
  EXPECT_FALSE(Filter({"a/b**c"}).Excludes("a/b/c", kFile)) << "within a name they are one star";
}

TEST(Filter, Brackets) {
  EXPECT_TRUE(Filter({"[ab]x"}).Excludes("bx", kFile));
  EXPECT_FALSE(Filter({"[!ab]x"}).Excludes("bx", kFile));
  EXPECT_TRUE(Filter({"[^ab]x"}).Excludes("cx", kFile));
  EXPECT_TRUE(Filter({"[a-c]x"}).Excludes("bx", kFile));
  EXPECT_TRUE(Filter({"[]]x"}).Excludes("]x", kFile)) << "the first ] is a member";
  EXPECT_TRUE(Filter({"[a-]x"}).Excludes("-x", kFile)) << "the last - is a member";
  EXPECT_FALSE(Filter({"a[/]b"}).Excludes("a/b", kFile)) << "never a slash";
  EXPECT_TRUE(Filter({"[[:digit:]]x"}).Excludes("7x", kFile));
  EXPECT_FALSE(Filter({"[[:digit:]]x"}).Excludes("dx", kFile));
}

TEST(Filter, TheLastPatternThatMatchesDecides) {
  const Filter filter({"*.tmp", "!keep.tmp", "old/keep.tmp"});
  EXPECT_TRUE(filter.Excludes("x.tmp", kFile));
  EXPECT_FALSE(filter.Excludes("keep.tmp", kFile));
  EXPECT_TRUE(filter.Excludes("old/keep.tmp", kFile));
}

TEST(Filter, NothingInsideAnExcludedFolderComesBack) {
  const Filter filter({"x/", "!x/keep"});
  EXPECT_TRUE(filter.Excludes("x/keep", kFile));
  EXPECT_FALSE(Filter({"x/*", "!x/keep"}).Excludes("x/keep", kFile));
}

TEST(Filter, BackslashesQuote) {
  EXPECT_TRUE(Filter({"\\#x"}).Excludes("#x", kFile));
  EXPECT_TRUE(Filter({"\\!x"}).Excludes("!x", kFile));
  EXPECT_TRUE(Filter({"a\\*b"}).Excludes("a*b", kFile));
  EXPECT_FALSE(Filter({"a\\*b"}).Excludes("axb", kFile));
  EXPECT_TRUE(Filter({"a\\\\b"}).Excludes("a\\b", kFile));
}

TEST(Filter, TrailingSpacesCountOnlyWhenQuoted) {
  EXPECT_TRUE(Filter({"x  "}).Excludes("x", kFile));
  EXPECT_TRUE(Filter({"x\\ "}).Excludes("x ", kFile));
  EXPECT_FALSE(Filter({"x\\ "}).Excludes("x", kFile));
  EXPECT_TRUE(Filter({"x\\\\ "}).Excludes("x\\", kFile)) << "the backslash itself is quoted";
}

TEST(Filter, NamesAreBytes) {
  const std::string name = "caf\xe9";  // no UTF-8
  EXPECT_TRUE(Filter({name}).Excludes(name, kFile));
  EXPECT_TRUE(Filter({"caf?"}).Excludes(name, kFile));
  EXPECT_TRUE(Filter({"caf[\xe0-\xef]"}).Excludes(name, kFile));
  EXPECT_FALSE(Filter({"CAF*"}).Excludes(name, kFile)) << "case matters";
}

TEST(Filter, ManyStarsTakeNoExponentialTime) {
  std::string pattern, name;
  for (int i = 0; i < 30; ++i) pattern += "a*";
  name.assign(3000, 'a');
  EXPECT_FALSE(Filter({pattern + "b"}).Excludes(name, kFile));
  std::string deep_pattern, deep;
  for (int i = 0; i < 12; ++i) deep_pattern += "**/a/";
  for (int i = 0; i < 60; ++i) deep += "a/";
  EXPECT_FALSE(Filter({deep_pattern + "b"}).Excludes(deep + "c", kFile));
}

TEST(Filter, ExcludesItselfLooksAtNoContainerAbove) {
  const Filter filter({"x"});
  EXPECT_FALSE(filter.ExcludesItself("x/y", kFile));
  EXPECT_TRUE(filter.ExcludesItself("x", kFolder));
}

// ---- git as the judge ---------------------------------------------------------------------------

class Judge {
 public:
  Judge() : tree_(temp_ / "repository") {
    for (const char* path : {"a",        "b",     "ab",     "abc",   "a b",     "a ",  "c/a",
                             "c/b",      "c/ab",  "c/d/a",  "c/d/b", "c/d/e/a", "d/a", "d/c",
                             "d/c-",     "d/[a]", "a*b",    "!a",    "#a",      "a\\", "e/d/c/b/a",
                             "e/d/c/ab", ".a",    "e/.b/a", "ba/a",  "ba/b/ab", "-",   "]"}) {
      tree_.Write(path, "");
    }
    tree_.Mkdir("e/a");
    tree_.Mkdir("c/d/ab");
    folders_ = Collect();
    available_ = Git({"init", "-q"}).exit_code == 0;
  }
  bool available() const { return available_; }
  const std::map<std::string, bool>& folders() const { return folders_; }  // path: is a folder

  std::set<std::string> Ignored(const std::vector<std::string>& lines) {
    std::string file, paths;
    for (const std::string& line : lines) file += line + "\n";
    tree_.Write(".git/info/exclude", file);
    for (const auto& [path, folder] : folders_) paths += path + std::string(1, '\0');
    const testing::ProgramResult result =
        Git({"check-ignore", "--no-index", "--stdin", "-z"}, paths);
    std::set<std::string> ignored;
    std::istringstream out(result.out);
    for (std::string path; std::getline(out, path, '\0');) ignored.insert(path);
    return ignored;
  }

 private:
  std::map<std::string, bool> Collect() const {
    std::map<std::string, bool> folders;
    for (const auto& [path, line] : testing::Snapshot(tree_.root())) {
      folders[path] = line.rfind("folder", 0) == 0;
    }
    return folders;
  }
  testing::ProgramResult Git(std::vector<std::string> arguments, const std::string& input = "") {
    arguments.insert(arguments.begin(),
                     {"/usr/bin/env", "git", "-c", "core.excludesFile=/dev/null", "-c",
                      "core.ignoreCase=false", "-c", "core.hooksPath=/dev/null"});
    testing::RunOptions options;
    options.input = input;
    options.folder = tree_.root();
    return testing::RunProgram(
        arguments, {{"GIT_CONFIG_NOSYSTEM", "1"}, {"HOME", temp_.path()}, {"LC_ALL", "C"}},
        options);
  }

  testing::TempDir temp_;
  testing::Tree tree_;
  std::map<std::string, bool> folders_;
  bool available_ = false;
};

TEST(FilterLikeGit, OnRandomPatterns) {
  Judge judge;
  if (!judge.available()) GTEST_SKIP() << "git is not installed";
  const rc::Gen<std::string> token = rc::gen::elementOf(std::vector<std::string>{
      "a", "a", "b",   "c",   "d",    "e",    "*",    "*",     "**",   "?",    "/",
      "/", "/", "**/", "/**", "[ab]", "[!a]", "[^b]", "[a-c]", "[]a]", "[a-]", "[[:alpha:]]",
      "[", "]", "-",   ".",   "\\*",  "\\\\", "\\a",  " ",     "\\ ",  "#",    "!"});
  const rc::Gen<std::string> line = rc::gen::map(
      rc::gen::pair(rc::gen::weightedElement<std::string>({{6, ""}, {2, "!"}, {1, "/"}}),
                    rc::gen::resize(6, rc::gen::container<std::vector<std::string>>(token))),
      [](const std::pair<std::string, std::vector<std::string>>& parts) {
        std::string text = parts.first;
        for (const std::string& part : parts.second) text += part;
        // Of "a**/" git compares the "a" by itself and then takes "**/" for a component of its own,
        // which its documentation does not mean.
        for (size_t i = 1; i + 1 < text.size();) {
          const bool inner = text[i] == '*' && text[i + 1] == '*' && text[i - 1] != '/' &&
                             !(i == 1 && (text[0] == '!' || text[0] == '*'));
          if (inner) {
            text.erase(i, 1);
          } else {
            ++i;
          }
        }
        return text;
      });
  const bool passed = rc::check("filters exclude what git ignores", [&] {
    const auto lines =
        *rc::gen::resize(4, rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(line)));
    const std::set<std::string> ignored = judge.Ignored(lines);
    const Filter filter(lines);
    for (const auto& [path, folder] : judge.folders()) {
      if (filter.Excludes(path, folder) != (ignored.count(path) != 0)) {
        RC_FAIL((ignored.count(path) != 0 ? "git ignores '" : "git does not ignore '") + path +
                "'");
      }
    }
  });
  EXPECT_TRUE(passed);
}

TEST(FilterByName, TheLastPatternThatMatchesKeyOrNameDecides) {
  const std::string key = "jpeg-2f31a0";
  EXPECT_TRUE(Filter({"*.mov"}).Excludes(key, "DCIM/100/a.mov", false));
  EXPECT_TRUE(Filter({"THUMBS/"}).Excludes(key, "DCIM/THUMBS/a.jpg", false));
  EXPECT_TRUE(Filter({"jpeg-*"}).Excludes(key, "a.jpg", false));
  EXPECT_FALSE(Filter({"*", "!*.jpg"}).Excludes(key, "a.jpg", false));
  EXPECT_TRUE(Filter({"!*.jpg", "*"}).Excludes(key, "a.jpg", false));
  EXPECT_FALSE(Filter({"!jpeg-*"}).Excludes(key, "a.jpg", false));
  EXPECT_FALSE(Filter().Excludes(key, "a.jpg", false));
}

}  // namespace
}  // namespace syncline::engine
