// Completion: the scripts, and the words they get from the program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_split.h"
#include "tests/support/program.h"
#include "tests/support/scratch.h"
#include "tests/unit/cli/fake_handler.h"

namespace syncline::cli {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

std::vector<std::string> Complete(Shell& shell, std::vector<std::string> words) {
  words.insert(words.begin(), "__complete");
  const Answer answer = shell.Run(words);
  EXPECT_EQ(answer.code, 0);
  return absl::StrSplit(answer.out, '\n', absl::SkipEmpty());
}

Shell FullShell() {
  Shell shell;
  SyncItem other = NotesItem();
  other.id = "i-2";
  other.name = "My photos";
  SyncItem evil = NotesItem();
  evil.id = "i-3";
  evil.name = "two\nlines";
  shell.world.items = {NotesItem(), other, evil};
  shell.world.providers = {FoldersProvider()};
  shell.world.conflicts = {SomeConflict(12)};
  return shell;
}

TEST(Completion, Commands) {
  Shell shell = FullShell();
  EXPECT_THAT(Complete(shell, {"s"}), UnorderedElementsAre("show", "sync", "status"));
  EXPECT_THAT(Complete(shell, {""}), Contains("completion"));
  EXPECT_THAT(Complete(shell, {"--v"}), ElementsAre("--version"));
  EXPECT_EQ(shell.world.opened, 0);
}

TEST(Completion, OptionsAndTheirValues) {
  Shell shell = FullShell();
  EXPECT_THAT(Complete(shell, {"sync", "--a"}),
              UnorderedElementsAre("--allow-deletes", "--accept-root"));
  EXPECT_THAT(Complete(shell, {"sync", "--re"}), ElementsAre("--relayout"));
  EXPECT_THAT(Complete(shell, {"sync", "--progress", "b"}), ElementsAre("bar"));
  EXPECT_THAT(Complete(shell, {"sync", "--progress=b"}), ElementsAre("--progress=bar"));
  EXPECT_THAT(Complete(shell, {"sync", "--progress", "=", "b"}), ElementsAre("bar"));
  EXPECT_THAT(Complete(shell, {"sync", "--progress", "="}), Contains("json"));
  EXPECT_THAT(Complete(shell, {"resolve", "--keep", ""}), ElementsAre("a", "b", "both", "merge"));
  EXPECT_THAT(Complete(shell, {"events", "--item", "No"}), ElementsAre("Notes"));
  EXPECT_THAT(Complete(shell, {"add", "folders", "--set", ""}), ElementsAre("hard_links="));
  EXPECT_THAT(Complete(shell, {"add", "folders", "--exclude", ""}), IsEmpty());
  EXPECT_THAT(Complete(shell, {"nothing", ""}), IsEmpty());
}

TEST(Completion, ItemsProvidersAndConflicts) {
  Shell shell = FullShell();
  EXPECT_THAT(Complete(shell, {"show", ""}),
              ElementsAre("Notes", "My photos", "i-1", "i-2", "i-3"));
  EXPECT_THAT(Complete(shell, {"show", "Notes", ""}), IsEmpty());
  EXPECT_THAT(Complete(shell, {"sync", "--dry-run", "Notes", "my"}), ElementsAre("My photos"));
  EXPECT_THAT(Complete(shell, {"add", "f"}), ElementsAre("folders"));
  EXPECT_THAT(Complete(shell, {"add", "--name", "X", "f"}), ElementsAre("folders"));
  EXPECT_THAT(Complete(shell, {"add", "folders", "/t"}), IsEmpty());  // a path: the shell's own
  EXPECT_THAT(Complete(shell, {"resolve", ""}), ElementsAre("12"));
  EXPECT_THAT(Complete(shell, {"providers", "--retry", ""}), ElementsAre("folders"));
  EXPECT_THAT(Complete(shell, {"completion", "z"}), ElementsAre("zsh"));
  // bash hands over what stands on the line.
  EXPECT_THAT(shell.Run({"__complete_quoted", "show", "My\\ ph"}).out, "My photos\n");
  EXPECT_THAT(shell.Run({"__complete_quoted", "show", "\"My ph"}).out, "My photos\n");
}

TEST(Completion, ABrokenDataFolderGivesNoWordsAndNoNoise) {
  Shell shell;
  shell.world.open_error = absl::DataLossError("damaged");
  const Answer answer = shell.Run({"__complete", "show", ""});
  EXPECT_EQ(answer.code, 0);
  EXPECT_EQ(answer.out + answer.err, "");
}

TEST(Completion, ScriptsNeedNoDataFolderAndNameTheirShell) {
  Shell shell;
  for (const char* name : {"bash", "zsh", "fish"}) {
    const Answer answer = shell.Run({"completion", name});
    EXPECT_EQ(answer.code, 0);
    EXPECT_THAT(answer.out, HasSubstr(name));
    EXPECT_THAT(answer.out, HasSubstr("__complete"));
  }
  EXPECT_EQ(shell.world.opened, 0);
}

// A program named syncline that answers as the real one would.
constexpr char kDummy[] = R"sh(#!/bin/bash
shift
[[ "$*" == "show My\\ ph" ]] && echo "My photos"
[[ "$*" == "sy" ]] && echo sync
exit 0
)sh";

TEST(Completion, TheBashScriptRunsAndQuotesNames) {
  Shell shell;
  syncline::testing::TempDir temp;
  syncline::testing::Tree tree(temp.path());
  tree.Write("script", shell.Run({"completion", "bash"}).out);
  tree.Write("syncline", kDummy);
  const auto syntax = syncline::testing::RunProgram({"/bin/bash", "-n", temp / "script"});
  EXPECT_EQ(syntax.exit_code, 0) << syntax;
  const std::string try_out =
      "chmod +x " + temp.path() + "/syncline; source " + temp.path() + "/script; COMP_WORDS=(" +
      temp.path() +
      "/syncline sy); COMP_CWORD=1; _syncline; "
      "printf '<%s>' \"${COMPREPLY[@]}\"; COMP_WORDS=(" +
      temp.path() +
      "/syncline show 'My\\ ph'); COMP_CWORD=2; _syncline; printf '<%s>' \"${COMPREPLY[@]}\"";
  const auto run = syncline::testing::RunProgram({"/bin/bash", "-c", try_out});
  EXPECT_EQ(run.out, "<sync><My\\ photos>") << run;
}

}  // namespace
}  // namespace syncline::cli
