// Commands on sync items and providers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/cli/fake_handler.h"

namespace syncline::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Add, PassesEverythingOnAndTellsTheNextStep) {
  Shell shell;
  const Answer answer =
      shell.Run({"add", "folders", "--name", "My notes", "/a", "https://b/c", "--set", "x=1=2",
                 "--set", "y=", "--direction", "mirror", "--conflict=newer", "--exclude", "*.tmp",
                 "--include", "keep.tmp", "--exclude", "[ab]*"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  const SyncItem& item = shell.world.stored;
  EXPECT_EQ(item.provider, "folders");
  EXPECT_EQ(item.name, "My notes");
  EXPECT_EQ(item.location_a, "/a");
  EXPECT_EQ(item.location_b, "https://b/c");
  EXPECT_EQ(item.direction, "mirror");
  EXPECT_EQ(item.conflict_policy, "newer");
  EXPECT_EQ(item.settings, (std::map<std::string, std::string>{{"x", "1=2"}, {"y", ""}}));
  EXPECT_THAT(item.filters, ElementsAre("*.tmp", "!keep.tmp", "[ab]*"));
  EXPECT_THAT(answer.out, HasSubstr("Next: syncline sync 'My notes'"));
  EXPECT_THAT(answer.out, HasSubstr("exclude *.tmp"));
  EXPECT_THAT(answer.out, HasSubstr("include keep.tmp"));
}

TEST(Add, MakesPathsAbsoluteAndTakesOptionsAnywhere) {
  Shell shell;
  const Answer answer =
      shell.Run({"add", "--exclude", "*.o", "folders", "notes", "--name", "N", "/b", "--json"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  EXPECT_EQ(shell.world.stored.location_a.front(), '/');
  EXPECT_THAT(shell.world.stored.location_a, HasSubstr("/notes"));
  EXPECT_EQ(answer.Json()["item"]["id"], "i-new");
  EXPECT_EQ(answer.Json()["item"]["conflict_policy"], "ask");
}

TEST(Add, NamesTheNearestProvider) {
  Shell shell;
  shell.world.providers = {FoldersProvider()};
  shell.world.error = absl::NotFoundError("no provider foldres");
  const Answer answer = shell.Run({"add", "foldres", "--name", "N", "/a", "/b"});
  EXPECT_EQ(answer.code, 2);
  EXPECT_THAT(answer.err, HasSubstr("Did you mean folders? All providers: syncline providers"));
}

TEST(Edit, ChangesOnlyWhatIsNamed) {
  Shell shell;
  shell.world.items = {NotesItem()};
  const Answer answer = shell.Run({"edit", "Notes", "--name", "Papers", "--location-b", "/new",
                                   "--unset", "hard_links", "--set", "k=v", "--exclude", "x"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  const SyncItem& item = shell.world.stored;
  EXPECT_EQ(item.id, "i-1");
  EXPECT_EQ(item.name, "Papers");
  EXPECT_EQ(item.location_a, "/home/ada/notes");
  EXPECT_EQ(item.location_b, "/new");
  EXPECT_EQ(item.settings, (std::map<std::string, std::string>{{"k", "v"}}));
  EXPECT_THAT(item.filters, ElementsAre("*.tmp", "!keep.tmp", "x"));
  EXPECT_THAT(answer.out, HasSubstr("Papers"));
}

TEST(Edit, NoFiltersMakesPlaceForNewOnes) {
  Shell shell;
  shell.world.items = {NotesItem()};
  ASSERT_EQ(shell.Run({"edit", "i-1", "--no-filters", "--exclude", "x"}).code, 0);
  EXPECT_THAT(shell.world.stored.filters, ElementsAre("x"));
  ASSERT_EQ(shell.Run({"edit", "i-1", "--no-filters"}).code, 0);
  EXPECT_TRUE(shell.world.stored.filters.empty());
}

TEST(Items, TableAndDocument) {
  Shell shell;
  EXPECT_THAT(shell.Run({"items"}).out, HasSubstr("syncline add"));
  EXPECT_EQ(shell.Run({"items", "--json"}).Json(), nlohmann::json::parse(R"({"items":[]})"));
  SyncItem fresh;
  fresh.id = "i-2";
  fresh.name = "写真";
  fresh.provider = "images";
  shell.world.items = {NotesItem(), fresh};
  const Answer table = shell.Run({"items"});
  EXPECT_EQ(table.code, 0);
  EXPECT_THAT(table.out, HasSubstr("Notes  i-1  folders   two-way    yes      /home/ada/notes"));
  EXPECT_THAT(table.out, HasSubstr("写真   i-2  images "));
  const nlohmann::json items = shell.Run({"items", "--json"}).Json()["items"];
  EXPECT_EQ(items[0], nlohmann::json::parse(R"({
    "id": "i-1", "name": "Notes", "provider": "folders", "a": "/home/ada/notes",
    "b": "/media/stick/notes", "enabled": true, "direction": "two-way", "conflict_policy": "ask",
    "settings": {"hard_links": "keep"}, "filters": ["*.tmp", "!keep.tmp"],
    "last_result": "conflicts", "last_sync": "2023-11-14T22:13:20Z", "conflicts": 2,
    "provider_problem": ""})"));
  EXPECT_TRUE(items[1]["last_result"].is_null());
  EXPECT_TRUE(items[1]["last_sync"].is_null());
}

TEST(Items, LongPathsAreCutOnATerminalOnly) {
  Shell shell;
  SyncItem item = NotesItem();
  item.location_a = "/home/ada/" + std::string(200, 'x') + "/notes";
  shell.world.items = {item};
  EXPECT_THAT(shell.Run({"items"}).out, HasSubstr(item.location_a));
  shell.out_is_terminal = true;
  shell.environment = {{"NO_COLOR", "1"}};
  const std::string out = shell.Run({"items"}).out;
  EXPECT_THAT(out, Not(HasSubstr(item.location_a)));
  EXPECT_THAT(out, HasSubstr("…"));
  EXPECT_THAT(out, HasSubstr("/notes"));
}

TEST(Show, OneItem) {
  Shell shell;
  shell.world.items = {NotesItem()};
  const Answer answer = shell.Run({"show", "i-1"});
  EXPECT_EQ(answer.code, 0);
  EXPECT_THAT(answer.out, HasSubstr("hard_links=keep"));
  EXPECT_THAT(answer.out, HasSubstr("2: syncline conflicts Notes"));
  EXPECT_EQ(shell.Run({"show", "Notes", "--json"}).Json()["item"]["id"], "i-1");
}

TEST(Show, ToldNothingOfSafetyItSaysNothing) {
  Shell shell;
  shell.world.items = {NotesItem()};
  EXPECT_THAT(shell.Run({"show", "Notes"}).out, Not(HasSubstr("safe")));
  EXPECT_FALSE(shell.Run({"show", "Notes", "--json"}).Json().contains("safe"));
}

TEST(Show, WhatIsSafeOnB) {
  Shell shell;
  shell.world.items = {NotesItem()};
  SafeReport report;
  report.safe = 1204;
  report.records = {{"IMG_0.JPG", true, ""}};
  for (int i = 1; i <= 12; ++i) {
    report.records.push_back({"IMG_" + std::to_string(i) + ".JPG", false, "not imported yet"});
  }
  report.not_safe = 12;
  shell.world.safe = std::optional(report);
  const Answer answer = shell.Run({"show", "Notes"});
  EXPECT_EQ(answer.code, 0);
  EXPECT_THAT(answer.out, HasSubstr("  safe on B  1,204 of 1,216 records of A are stored and "
                                    "verified on B\n"
                                    "             IMG_1.JPG: not imported yet\n"));
  EXPECT_THAT(answer.out, HasSubstr("IMG_10.JPG"));
  EXPECT_THAT(answer.out, Not(HasSubstr("IMG_11.JPG")));
  EXPECT_THAT(answer.out, Not(HasSubstr("IMG_0.JPG")));
  EXPECT_THAT(answer.out,
              HasSubstr("             ... and 2 more: syncline show Notes --json lists all\n"));
  const nlohmann::json safe = shell.Run({"show", "Notes", "--json"}).Json()["safe"];
  EXPECT_EQ(safe["safe"], 1204);
  EXPECT_EQ(safe["not_safe"], 12);
  ASSERT_EQ(safe["records"].size(), 13u);
  EXPECT_EQ(safe["records"][0],
            nlohmann::json::parse(R"({"record": "IMG_0.JPG", "safe": true, "reason": ""})"));
  EXPECT_EQ(safe["records"][1]["reason"], "not imported yet");
  EXPECT_THAT(shell.world.calls, ElementsAre("safe i-1", "safe i-1"));
}

TEST(Show, OneRecordThatIsSafe) {
  Shell shell;
  shell.world.items = {NotesItem()};
  SafeReport report;
  report.safe = 1;
  report.records = {{"x", true, ""}};
  shell.world.safe = std::optional(report);
  EXPECT_THAT(shell.Run({"show", "Notes"}).out,
              HasSubstr("  safe on B  1 of 1 record of A is stored and verified on B\n"));
}

TEST(Show, WhyNothingIsKnownToBeSafe) {
  Shell shell;
  shell.world.items = {NotesItem()};
  shell.world.safe = absl::UnavailableError("side A (/card): the folder is missing");
  const Answer answer = shell.Run({"show", "Notes"});
  EXPECT_EQ(answer.code, 0);
  EXPECT_THAT(answer.out, HasSubstr("conflicts"));
  EXPECT_THAT(answer.out,
              HasSubstr("  safe on B  not known: side A (/card): the folder is missing.\n"));
  EXPECT_EQ(shell.Run({"show", "Notes", "--json"}).Json()["safe"],
            nlohmann::json({{"problem", "side A (/card): the folder is missing"}}));
}

TEST(Show, CtrlCEndsTheLook) {
  Shell shell;
  shell.world.items = {NotesItem()};
  shell.world.safe = absl::CancelledError("cancelled");
  bool cancelled = false;
  shell.world.during = [&](const SyncOptions& options, ProgressSink*) {
    shell.interrupt();
    cancelled = options.cancel->IsAllCancelled();
  };
  EXPECT_EQ(shell.Run({"show", "Notes"}).code, 130);
  EXPECT_TRUE(cancelled);
}

TEST(Notes, OfTheProviderAreShownToWhoMakesOrEditsAnItem) {
  Shell shell;
  shell.world.items = {NotesItem()};
  shell.world.notes = {"IMG_1.JPG goes to 2024/05.", "two\nlines"};
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"add", "folders", "--name", "N", "/a", "/b"},
        {"edit", "Notes", "--set", "k=v"}}) {
    EXPECT_THAT(shell.Run(words).out,
                HasSubstr("Note: IMG_1.JPG goes to 2024/05.\nNote: two\\nlines\n"));
    std::vector<std::string> json = words;
    json.emplace_back("--json");
    EXPECT_EQ(shell.Run(json).Json()["notes"],
              nlohmann::json::parse(R"(["IMG_1.JPG goes to 2024/05.", "two\nlines"])"));
    shell.world.items = {NotesItem()};
  }
  shell.world.notes.clear();
  EXPECT_THAT(shell.Run({"edit", "Notes", "--set", "k=v"}).out, Not(HasSubstr("Note:")));
  EXPECT_EQ(shell.Run({"edit", "Notes", "--set", "k=v", "--json"}).Json()["notes"],
            nlohmann::json::array());
}

TEST(Items, EnableDisableRemove) {
  Shell shell;
  SyncItem other = NotesItem();
  other.id = "i-2";
  other.name = "Other";
  shell.world.items = {NotesItem(), other};
  EXPECT_EQ(shell.Run({"enable", "Notes"}).code, 0);
  EXPECT_EQ(shell.Run({"disable", "Notes", "i-2"}).code, 0);
  const Answer removed = shell.Run({"remove", "Notes"});
  EXPECT_EQ(removed.code, 0);
  EXPECT_THAT(removed.out, HasSubstr("stays as it is"));
  EXPECT_THAT(shell.world.calls,
              ElementsAre("enable i-1", "disable i-1", "disable i-2", "remove i-1"));
  // An unknown name among several: nothing is done.
  EXPECT_EQ(shell.Run({"remove", "Other", "Nobody"}).code, 2);
  EXPECT_EQ(shell.world.calls.size(), 4u);
  // One item named twice, by its name and its id, is one item.
  EXPECT_EQ(shell.Run({"remove", "Other", "i-2", "Other"}).code, 0);
  EXPECT_THAT(shell.world.calls.back(), "remove i-2");
  EXPECT_EQ(shell.world.calls.size(), 5u);
}

TEST(Status, TellsWhatWaitsAndTheCommands) {
  Shell shell;
  EXPECT_THAT(shell.Run({"status"}).out, HasSubstr("no sync items yet"));
  SyncItem failed = NotesItem();
  failed.id = "i-2";
  failed.name = "My photos";
  failed.last_result = "failed";
  failed.conflicts = 0;
  failed.provider_problem = "the provider images is quarantined";
  shell.world.items = {NotesItem(), failed};
  const Answer answer = shell.Run({"status"});
  EXPECT_EQ(answer.code, 0);
  EXPECT_THAT(answer.out, HasSubstr("Notes: 2 conflicts wait: syncline conflicts Notes"));
  EXPECT_THAT(answer.out, HasSubstr("syncline events --level warning --item 'My photos'"));
  EXPECT_THAT(answer.out, HasSubstr("the provider images is quarantined."));
  const nlohmann::json document = shell.Run({"status", "--json"}).Json();
  EXPECT_EQ(document["conflicts"], 2);
  EXPECT_EQ(document["items"][1]["last_result"], "failed");
}

TEST(Providers, TableReasonsSettingsAndDocument) {
  Shell shell;
  EXPECT_THAT(shell.Run({"providers"}).out, HasSubstr("SYNCLINE_PLUGIN_PATH"));
  ProviderInfo bad = FoldersProvider();
  bad.id = "contacts";
  bad.state = "quarantined";
  bad.reason = "It crashed three times";
  shell.world.providers = {FoldersProvider(), bad};
  const Answer table = shell.Run({"providers"});
  EXPECT_EQ(table.code, 0);
  EXPECT_THAT(table.out, HasSubstr("folders   Folders  1.0      ready"));
  EXPECT_THAT(table.out,
              HasSubstr("It crashed three times. Try again: syncline providers --retry contacts"));
  EXPECT_THAT(shell.Run({"providers", "folders"}).out,
              HasSubstr("hard_links (report|keep, default report): What to do with hard links."));
  const nlohmann::json list = shell.Run({"providers", "--json"}).Json()["providers"];
  ASSERT_EQ(list.size(), 2u);
  for (const char* field : {"id", "name", "version", "state", "reason", "file"}) {
    EXPECT_TRUE(list[1][field].is_string()) << field;
  }
  EXPECT_EQ(list[0]["settings"][0]["default"], "report");
  EXPECT_EQ(shell.Run({"providers", "--retry", "contacts"}).code, 0);
  EXPECT_THAT(shell.world.calls, ElementsAre("retry contacts"));
}

TEST(Output, NothingFromOutsideReachesTheTerminalAsAControlCharacter) {
  Shell shell;
  SyncItem item = NotesItem();
  item.name = "evil\x1b[2Jname";
  item.location_a = "/a\nb\xff";
  shell.world.items = {item};
  for (const char* command : {"items", "status"}) {
    const std::string out = shell.Run({command}).out;
    EXPECT_THAT(out, Not(HasSubstr("\x1b")));
    EXPECT_THAT(out, Not(HasSubstr("\xff")));
    EXPECT_THAT(out, HasSubstr("evil\\x1B[2Jname"));
  }
  const Answer json = shell.Run({"items", "--json"});
  EXPECT_THAT(json.out, Not(HasSubstr("\xff")));
  EXPECT_EQ(json.Json()["items"][0]["name"], "evil\x1b[2Jname");
  // A word of the command line itself comes back in an error.
  EXPECT_THAT(shell.Run({"show", "x\x1b[2J"}).err, Not(HasSubstr("\x1b")));
}

TEST(Output, ColourOnlyOnATerminalThatWantsIt) {
  Shell shell;
  shell.world.items = {NotesItem()};
  EXPECT_THAT(shell.Run({"status"}).out, Not(HasSubstr("\x1b")));
  shell.out_is_terminal = true;
  EXPECT_THAT(shell.Run({"status"}).out, HasSubstr("\x1b[33mconflicts\x1b[0m"));
  shell.environment = {{"NO_COLOR", "1"}};
  EXPECT_THAT(shell.Run({"status"}).out, Not(HasSubstr("\x1b")));
  shell.environment = {{"TERM", "dumb"}};
  EXPECT_THAT(shell.Run({"status"}).out, Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace syncline::cli
