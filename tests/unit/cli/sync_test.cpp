// The sync command: results in words, in JSON and as exit codes, and Ctrl-C.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_split.h"
#include "tests/unit/cli/fake_handler.h"

namespace syncline::cli {
namespace {

using protocol::Result;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

Shell ShellWith(Result result, const std::string& message = "") {
  Shell shell;
  shell.world.items = {NotesItem()};
  ItemReport item = Report(result);
  item.message = message;
  item.reasons_told = 1;
  shell.world.report = Session(7, result, {item});
  return shell;
}

TEST(Sync, EveryResultHasItsExitCode) {
  const std::vector<std::pair<Result, int>> codes = {
      {Result::kDone, 0},    {Result::kConflicts, 3}, {Result::kPartial, 1},    {Result::kBusy, 5},
      {Result::kStopped, 4}, {Result::kFailed, 1},    {Result::kCancelled, 130}};
  for (const auto& [result, code] : codes) {
    Shell shell = ShellWith(result);
    EXPECT_EQ(shell.Run({"sync"}).code, code);
    EXPECT_EQ(shell.Run({"sync", "--json"}).code, code);
    EXPECT_EQ(shell.Run({"sync", "--quiet"}).code, code);
    EXPECT_EQ(shell.Run({"sync", "--progress=json"}).code, code);
  }
}

TEST(Sync, SaysInWordsWhatItDid) {
  Shell shell = ShellWith(Result::kConflicts);
  protocol::Counts& counts = shell.world.report.items[0].counts;
  counts.created = 3;
  counts.updated = 1;
  counts.conflicts = 2;
  counts.bytes = 2048;
  const Answer answer = shell.Run({"sync", "Notes"});
  EXPECT_EQ(answer.out,
            "Notes: done in 0.5 s: 3 created, 1 updated, 2.0 KiB\n"
            "  2 conflicts wait: syncline conflicts Notes\n");
  EXPECT_EQ(answer.err, "");
  EXPECT_THAT(shell.world.calls, ElementsAre("sync i-1"));
  EXPECT_EQ(ShellWith(Result::kDone).Run({"sync"}).out,
            "Notes: done in 0.5 s: nothing to do, 10 records in step\n");
}

TEST(Sync, TellsReasonAndTheCommandToGoOnOnStderr) {
  const std::vector<std::tuple<Result, std::string, std::string>> cases = {
      {Result::kStopped, "50 of 60 records would go. If it is right, --allow-deletes",
       "syncline: Notes was stopped: 50 of 60 records would go. If it is right, --allow-deletes. "
       "To go on: syncline sync Notes --allow-deletes\n"},
      {Result::kStopped, "another place; --accept-root", "syncline sync Notes --accept-root"},
      {Result::kFailed, "side A is gone",
       "syncline: Notes failed: side A is gone. More: syncline events --item Notes --level warning "
       "--session 7. To try again: syncline sync Notes\n"},
      {Result::kBusy, "another program syncs it", "When that is over: syncline sync Notes"},
  };
  for (const auto& [result, message, expected] : cases) {
    Shell shell = ShellWith(result, message);
    const Answer answer = shell.Run({"sync"});
    EXPECT_THAT(answer.err, HasSubstr(expected));
    EXPECT_EQ(answer.out, "");
    const Answer quiet = shell.Run({"sync", "--quiet"});
    EXPECT_EQ(quiet.err, answer.err);
    EXPECT_EQ(quiet.out, "");
  }
  Shell partial = ShellWith(Result::kPartial);
  partial.world.report.items[0].counts.failed = 2;
  partial.world.report.items[0].counts.created = 1;
  const Answer answer = partial.Run({"sync"});
  EXPECT_THAT(answer.out, StartsWith("Notes: done in part in 0.5 s: 1 created"));
  EXPECT_THAT(answer.err, HasSubstr("Notes was done in part: 2 records could not be synced. They "
                                    "are tried again by the next sync."));
}

TEST(Sync, TheHintLeadsToTheEventsThatTellTheReasons) {
  Shell shell = ShellWith(Result::kPartial);
  ItemReport& item = shell.world.report.items[0];
  item.counts.failed = 2;
  item.reasons_told = 2;
  EXPECT_THAT(shell.Run({"sync"}).err,
              HasSubstr("Reasons: syncline events --item Notes --level warning --session 7\n"));
  // One of them failed in an older session already, and only that one's events tell why.
  item.reasons_told = 1;
  EXPECT_THAT(shell.Run({"sync"}).err,
              HasSubstr("Reasons: syncline events --item Notes --level warning\n"));
  // A dry run told both on the screen and stores nothing.
  shell.world.report.session = 0;
  item.reasons_told = 2;
  EXPECT_THAT(shell.Run({"sync", "-n"}).err, Not(HasSubstr("syncline events")));
}

TEST(Sync, HintsOfAnItemThatIsNamedLikeAnOptionTakeItsId) {
  Shell shell = ShellWith(Result::kCancelled);
  shell.world.items[0].name = shell.world.report.items[0].name = "-x";
  EXPECT_THAT(shell.Run({"sync"}).out, HasSubstr("To go on: syncline sync i-1"));
  EXPECT_THAT(shell.Run({"status"}).out, HasSubstr("syncline conflicts i-1"));
}

TEST(Sync, AConflictIsToldOnceWithTheTitleOfItsRecord) {
  Shell shell = ShellWith(Result::kConflicts);
  shell.world.during = [](const SyncOptions&, ProgressSink* sink) {
    ProgressSnapshot first;
    first.item = "i-1";
    first.name = "Notes";
    sink->OnProgress(first);
    for (int64_t i = 1; i <= 15; ++i) {
      ConflictInfo conflict = SomeConflict(i);
      conflict.record = "uid-" + std::to_string(i);
      conflict.a.title = conflict.b.title = "Ada Lovelace";
      EventInfo event = SomeEvent(i);
      event.name = kConflictEvent;
      event.record = conflict.record;
      sink->OnEvent(event);
      sink->OnConflict(conflict);
    }
  };
  const Answer answer = shell.Run({"sync", "--progress=none"});
  for (int i = 1; i <= 15; ++i) {
    EXPECT_THAT(answer.out, HasSubstr("Notes: conflict: Ada Lovelace (uid-" + std::to_string(i) +
                                      "): both sides changed it\n"));
  }
  EXPECT_THAT(answer.out, Not(HasSubstr("warning")));
  EXPECT_THAT(answer.out, Not(HasSubstr("there is more")));
}

TEST(Sync, QuietPrintsNothingWhenAllIsWell) {
  Shell shell = ShellWith(Result::kConflicts);
  shell.out_is_terminal = shell.err_is_terminal = true;
  shell.world.during = [](const SyncOptions&, ProgressSink* sink) {
    ProgressSnapshot snapshot;
    snapshot.item = "i-1";
    snapshot.state = ProgressSnapshot::State::kRunning;
    sink->OnProgress(snapshot);
    sink->OnEvent(SomeEvent(1));
    sink->OnConflict(SomeConflict(1));
  };
  const Answer answer = shell.Run({"sync", "-q"});
  EXPECT_EQ(answer.out + answer.err, "");
}

TEST(Sync, QuietStillTellsErrorsOfRecords) {
  Shell shell = ShellWith(Result::kPartial);
  shell.world.during = [](const SyncOptions&, ProgressSink* sink) {
    EventInfo event = SomeEvent(1);
    event.level = "error";
    sink->OnEvent(event);
  };
  EXPECT_THAT(shell.Run({"sync", "-q"}).err,
              StartsWith("syncline: i-1: error: todo.txt: a socket cannot be synced\n"));
}

TEST(Sync, WhatWentWrongBesideTheItemsIsAFailure) {
  Shell shell = ShellWith(Result::kDone);
  shell.world.report.problem = "the history could not be stored: disk full";
  const Answer answer = shell.Run({"sync", "--quiet"});
  EXPECT_EQ(answer.code, 1);
  EXPECT_EQ(answer.err, "syncline: the history could not be stored: disk full.\n");
  EXPECT_EQ(shell.Run({"sync", "--json"}).Json()["problem"], shell.world.report.problem);
}

TEST(Sync, DocumentHasTheFieldsOfTheDesign) {
  Shell shell = ShellWith(Result::kDone);
  const Answer answer = shell.Run({"sync", "--json"});
  EXPECT_EQ(answer.Json(), nlohmann::json::parse(R"({
    "session": 7, "result": "done", "dry_run": false, "problem": "", "items": [{
      "item": "i-1", "name": "Notes", "result": "done", "message": "", "unchanged": 10,
      "created": 0, "updated": 0, "removed": 0, "moved": 0, "merged": 0, "conflicts": 0,
      "failed": 0, "adopted": 0, "skipped": 0, "bytes": 0, "seconds": 0.5}]})"));
  EXPECT_EQ(answer.err, "");
}

TEST(Sync, OptionsArePassedOn) {
  Shell shell = ShellWith(Result::kDone);
  ASSERT_EQ(shell.Run({"sync"}).code, 0);
  EXPECT_FALSE(shell.world.options.dry_run || shell.world.options.allow_deletes ||
               shell.world.options.accept_root);
  EXPECT_FALSE(shell.world.options.relayout);
  ASSERT_EQ(shell.Run({"sync", "--dry-run", "--allow-deletes", "--accept-root", "--relayout"}).code,
            0);
  EXPECT_TRUE(shell.world.options.relayout);
  EXPECT_TRUE(shell.world.options.dry_run && shell.world.options.allow_deletes &&
              shell.world.options.accept_root);
}

TEST(Sync, TheWarningThatEndedAnItemIsToldOnceOthersAreNotLost) {
  Shell shell = ShellWith(Result::kBusy, "it is being synced already");
  shell.world.during = [](const SyncOptions&, ProgressSink* sink) {
    EventInfo event = SomeEvent(1);
    event.record = "";
    event.text = "it is being synced already";
    sink->OnEvent(event);
    event.text = "the provider printed something";
    sink->OnEvent(event);
    ProgressSnapshot end;
    end.item = "i-1";
    end.name = "Notes";
    end.state = ProgressSnapshot::State::kEnded;
    end.result = Result::kBusy;
    end.message = "it is being synced already";
    sink->OnProgress(end);
  };
  const Answer answer = shell.Run({"sync"});
  EXPECT_EQ(answer.out, "Notes: warning: the provider printed something\n");
  EXPECT_THAT(answer.err, HasSubstr("it is being synced already"));
}

TEST(Sync, DryRunShowsThePlan) {
  Shell shell = ShellWith(Result::kDone);
  shell.world.report.session = 0;
  shell.world.report.items[0].counts.created = 1;
  shell.world.during = [](const SyncOptions&, ProgressSink* sink) {
    sink->OnPlan("i-1", {"create", "b", "todo.txt", "", 2048});
    sink->OnPlan("i-1", {"move", "a", "new/x", "old/x", 0});
  };
  const Answer answer = shell.Run({"sync", "-n", "--progress=none"});
  EXPECT_EQ(answer.out,
            "i-1: create   on B     todo.txt (2.0 KiB)\n"
            "i-1: move     on A     old/x -> new/x\n"
            "Notes: 1 to create\n"
            "Nothing was changed: this was a dry run.\n");
  const nlohmann::json document = shell.Run({"sync", "-n", "--json"}).Json();
  EXPECT_EQ(document["items"][0]["plan"][1],
            nlohmann::json::parse(
                R"({"action":"move","side":"a","record":"new/x","from":"old/x","bytes":0})"));
  EXPECT_EQ(document["dry_run"], true);
}

TEST(Sync, NothingToSyncIsSaid) {
  Shell shell;
  EXPECT_THAT(shell.Run({"sync"}).out, HasSubstr("There are no sync items yet"));
  SyncItem item = NotesItem();
  item.enabled = false;
  shell.world.items = {item};
  EXPECT_THAT(shell.Run({"sync"}).out, HasSubstr("No item is enabled"));
  const Answer named = shell.Run({"sync", "Notes"});
  EXPECT_EQ(named.code, 2);
  EXPECT_THAT(named.err, HasSubstr("is disabled. To enable it: syncline enable Notes"));
  EXPECT_TRUE(shell.Run({"sync", "--json"}).Json()["items"].empty());
}

TEST(Sync, ManyItemsWithNothingToTellBecomeOneLine) {
  Shell shell = ShellWith(Result::kDone);
  shell.world.report.items.assign(50, Report(Result::kDone));
  shell.world.report.items[3].counts.created = 1;
  const Answer answer = shell.Run({"sync"});
  EXPECT_EQ(answer.out,
            "Notes: done in 0.5 s: 1 created\n49 items: nothing to do\n"
            "In all: 50 of 50 items done: 1 created\n");
}

TEST(Sync, FirstInterruptCancelsSecondEndsAtOnce) {
  Shell shell = ShellWith(Result::kCancelled);
  bool cancelled = false;
  shell.world.during = [&](const SyncOptions& options, ProgressSink*) {
    shell.interrupt();
    cancelled = options.cancel->IsAllCancelled();
    EXPECT_TRUE(shell.exits.empty());
    shell.interrupt();
  };
  const Answer answer = shell.Run({"sync"});
  EXPECT_TRUE(cancelled);
  EXPECT_THAT(answer.out, StartsWith("Cancelling: "));
  EXPECT_THAT(answer.out, HasSubstr("To go on: syncline sync Notes"));
  EXPECT_THAT(shell.exits, ElementsAre(130));
  EXPECT_EQ(answer.code, 130);
  EXPECT_FALSE(shell.interrupt);  // nobody listens any more
}

}  // namespace
}  // namespace syncline::cli
