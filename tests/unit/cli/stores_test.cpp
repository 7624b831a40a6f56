// Events and conflicts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/cli/fake_handler.h"

namespace syncline::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Events, OptionsBecomeTheFilter) {
  Shell shell;
  shell.world.items = {NotesItem()};
  EXPECT_THAT(shell.Run({"events"}).out, HasSubstr("No events."));
  EXPECT_EQ(shell.world.filter.limit, 100);
  EXPECT_EQ(shell.world.filter.min_level, "information");
  ASSERT_EQ(shell
                .Run({"events", "--item", "Notes", "--session", "7", "--level", "error", "--limit",
                      "5", "--before", "40"})
                .code,
            0);
  const EventFilter& filter = shell.world.filter;
  EXPECT_EQ(filter.item, "i-1");
  EXPECT_EQ(filter.session, 7);
  EXPECT_EQ(filter.min_level, "error");
  EXPECT_EQ(filter.limit, 5);
  EXPECT_EQ(filter.before_id, 40);
}

TEST(Events, NewestLastForPeopleNewestFirstInTheDocument) {
  Shell shell;
  shell.world.items = {NotesItem()};
  shell.world.events = {SomeEvent(3), SomeEvent(2), SomeEvent(1)};
  const std::string table = shell.Run({"events"}).out;
  EXPECT_LT(table.find(" 1  20"), table.find(" 3  20")) << table;
  EXPECT_THAT(table, HasSubstr("warning  Notes  todo.txt: a socket cannot be synced"));
  const nlohmann::json events = shell.Run({"events", "--json"}).Json()["events"];
  EXPECT_EQ(events[0], nlohmann::json::parse(R"({
    "id": 3, "guid": "guid-3", "time": "2023-11-14T22:13:23Z", "level": "warning", "session": 7,
    "item": "i-1", "provider": "folders", "record": "todo.txt", "name": "skipped",
    "text": "a socket cannot be synced"})"));
  EXPECT_EQ(events[2]["id"], 1);
  shell.out_is_terminal = true;
  EXPECT_THAT(shell.Run({"events", "--limit", "3"}).out, HasSubstr("--before 1"));
}

TEST(Events, OfARemovedItemAreFoundByItsId) {
  Shell shell;
  shell.world.items = {NotesItem()};
  shell.world.history_of = {"old-1"};
  shell.world.events = {SomeEvent(1)};
  const Answer answer = shell.Run({"events", "--item", "old-1"});
  EXPECT_EQ(answer.code, 0) << answer.err;
  EXPECT_EQ(shell.world.filter.item, "old-1");
  EXPECT_THAT(answer.out, HasSubstr("a socket cannot be synced"));
  const Answer unknown = shell.Run({"events", "--item", "old-2"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("A removed one is found by its id only."));
}

TEST(Conflicts, ASideThatNeverHadTheRecordIsNotCalledDeleted) {
  Shell shell;
  ConflictInfo name = SomeConflict(1);
  name.kind = "name";
  name.b = {};
  shell.world.conflicts = {name, name};
  const std::string out = shell.Run({"conflicts"}).out;
  EXPECT_THAT(out, HasSubstr("(not there)"));
  EXPECT_THAT(out, Not(HasSubstr("deleted")));
  EXPECT_THAT(out, Not(HasSubstr("All at once")));
  shell.world.conflicts = {name, SomeConflict(2)};
  EXPECT_THAT(shell.Run({"conflicts"}).out, Not(HasSubstr("All at once")));
  shell.world.conflicts = {name, SomeConflict(2), SomeConflict(3)};
  EXPECT_THAT(shell.Run({"conflicts"}).out, HasSubstr("All at once"));
}

TEST(Conflicts, ShowBothSidesWhatDiffersAndTheCommands) {
  Shell shell;
  shell.world.items = {NotesItem()};
  EXPECT_THAT(shell.Run({"conflicts"}).out, HasSubstr("No conflicts wait."));
  ConflictInfo deleted = SomeConflict(13);
  deleted.kind = "edit-delete";
  deleted.b = {};
  shell.world.conflicts = {SomeConflict(12), deleted};
  const Answer answer = shell.Run({"conflicts", "Notes"});
  EXPECT_EQ(answer.code, 0);
  EXPECT_THAT(answer.out, HasSubstr("Conflict 12 in Notes: todo.txt"));
  EXPECT_THAT(answer.out, HasSubstr("both sides changed it"));
  EXPECT_THAT(answer.out, HasSubstr("1.2 KiB"));
  EXPECT_THAT(answer.out, HasSubstr("1.3 KiB"));
  EXPECT_THAT(answer.out, HasSubstr("(newer)"));
  EXPECT_THAT(answer.out, HasSubstr("permissions  rw-r--r--"));
  EXPECT_THAT(answer.out, Not(HasSubstr("type")));  // the same on both sides
  EXPECT_THAT(answer.out, HasSubstr("syncline resolve 12 --keep both"));
  EXPECT_THAT(answer.out, Not(HasSubstr("syncline resolve 13 --keep both")));
  EXPECT_THAT(answer.out, HasSubstr("(deleted)"));
  const nlohmann::json conflict = shell.Run({"conflicts", "--json"}).Json()["conflicts"][0];
  EXPECT_EQ(conflict, nlohmann::json::parse(R"({
    "id": 12, "item": "i-1", "item_name": "Notes", "kind": "edit-edit", "record": "todo.txt",
    "reason": "", "since": "2023-11-14T22:13:50Z", "decision": null,
    "a": {"exists": true, "title": "todo.txt", "size": 1200, "modified": "2023-11-14T22:13:30Z",
          "fields": {"permissions": "rw-r--r--", "type": "file"}, "differing": {}},
    "b": {"exists": true, "title": "todo.txt", "size": 1300, "modified": "2023-11-14T22:13:40Z",
          "fields": {"permissions": "rw-------", "type": "file"}, "differing": {}}})"));
  EXPECT_EQ(shell.Run({"conflicts", "--json"}).Json()["conflicts"][1]["b"]["modified"], nullptr);
}

TEST(Conflicts, APictureIsShownByItsSizeAndWholeInTheDocument) {
  Shell shell;
  shell.world.items = {NotesItem()};
  ConflictInfo conflict = SomeConflict(12);
  const std::string picture = "data:image/jpeg;base64," + std::string(90'000, 'A');
  conflict.a.fields["picture"] = picture;
  shell.world.conflicts = {conflict};
  const Answer answer = shell.Run({"conflicts"});
  EXPECT_THAT(answer.out, HasSubstr("picture      (image/jpeg, 65.9 KiB; --json has it)"));
  EXPECT_THAT(answer.out, Not(HasSubstr("AAAA")));
  EXPECT_EQ(shell.Run({"conflicts", "--json"}).Json()["conflicts"][0]["a"]["fields"]["picture"],
            picture);
}

TEST(Resolve, PassesTheDecisionOn) {
  Shell shell;
  shell.world.items = {NotesItem()};
  shell.world.conflicts = {SomeConflict(12), SomeConflict(13)};
  shell.world.report = Session(8, protocol::Result::kDone, {Report(protocol::Result::kDone)});
  EXPECT_EQ(shell.Run({"resolve", "12", "13", "--keep", "a"}).code, 0);
  EXPECT_EQ(shell.Run({"resolve", "--keep=both", "13"}).code, 0);
  EXPECT_EQ(shell.Run({"resolve", "--all", "--item", "Notes", "--keep", "merge"}).code, 0);
  EXPECT_THAT(shell.world.calls,
              ElementsAre("resolve 12 13 keep 0", "resolve 13 keep 2", "resolve 12 13 keep 3"));
  const Answer json = shell.Run({"resolve", "12", "--keep", "b", "--json"});
  EXPECT_EQ(json.Json()["items"][0]["item"], "i-1");
}

TEST(Resolve, AMergeSaysWhichFieldsNobodyDecided) {
  Shell shell;
  shell.world.items = {NotesItem()};
  ConflictInfo open = SomeConflict(12);
  open.a.differing = {{"mail", "x"}, {"full name", "Ada"}, {"note", "1"}};
  open.b.differing = {{"mail", "y"}, {"full name", "Ada L."}, {"note", "2"}};
  shell.world.conflicts = {open};
  shell.world.report =
      Session(8, protocol::Result::kConflicts, {Report(protocol::Result::kConflicts)});
  for (const char* how : {"--progress=none", "--quiet", "--json"}) {
    const Answer answer = shell.Run({"resolve", "12", "--keep", "merge", "--take", "note=b", how});
    EXPECT_EQ(answer.code, 3);
    EXPECT_EQ(answer.err,
              "syncline: Conflict 12 in Notes, todo.txt, stays open, and neither side was touched: "
              "nobody decided full name, mail. Decide with a or b for each: syncline resolve 12 "
              "--keep merge --take 'full name'=a --take mail=a --take note=b\n");
  }
}

TEST(Resolve, AllOfNothingIsDone) {
  Shell shell;
  const Answer answer = shell.Run({"resolve", "--all", "--keep", "a"});
  EXPECT_EQ(answer.code, 0);
  EXPECT_EQ(answer.out, "No conflicts wait.\n");
  EXPECT_TRUE(shell.world.calls.empty());
  EXPECT_EQ(shell.Run({"resolve", "--all", "--keep", "a", "--json"}).Json(),
            nlohmann::json::parse(R"({"session": 0, "result": "done", "dry_run": false,
                                      "problem": "", "items": []})"));
  EXPECT_EQ(shell.Run({"resolve", "--all", "--keep", "a", "--progress=json"}).out,
            "{\"type\":\"session_done\",\"session\":0,\"result\":\"done\",\"problem\":\"\","
            "\"items\":0}\n");
  EXPECT_EQ(shell.Run({"resolve", "--all", "--keep", "a", "--quiet"}).out, "");
}

}  // namespace
}  // namespace syncline::cli
