// What scripts rely on: the field names of each document; and an installed tree that runs.
#include <set>

#include "tests/integration/commands/bad_input.h"

namespace syncline::testing {
namespace {

using Names = std::set<std::string>;

Names NamesOf(const nlohmann::json& object) {
  Names names;
  for (const auto& [name, value] : object.items()) names.insert(name);
  return names;
}

const Names kItem = {"id",          "name",
                     "provider",    "a",
                     "b",           "enabled",
                     "direction",   "conflict_policy",
                     "settings",    "filters",
                     "last_result", "last_sync",
                     "conflicts",   "provider_problem"};
const Names kResult = {"item",    "name",    "result", "message", "unchanged", "created",
                       "updated", "removed", "moved",  "merged",  "conflicts", "failed",
                       "adopted", "skipped", "bytes",  "seconds"};

using Shapes = BadInput;

TEST_F(Shapes, OfEachDocumentStay) {
  stage_.b.Write("two", "edited on B");
  const nlohmann::json dry = stage_.Json({"sync", "--dry-run"}, 3);
  EXPECT_EQ(NamesOf(dry), (Names{"session", "result", "dry_run", "problem", "items"}));
  Names planned = kResult;
  planned.insert("plan");
  EXPECT_EQ(NamesOf(dry["items"][0]), planned);
  EXPECT_EQ(NamesOf(dry["items"][0]["plan"][0]), (Names{"action", "side", "record", "bytes"}));

  const nlohmann::json sync = stage_.Json({"sync"}, 3);
  EXPECT_EQ(NamesOf(sync), (Names{"session", "result", "dry_run", "problem", "items"}));
  EXPECT_EQ(NamesOf(sync["items"][0]), kResult);

  const nlohmann::json providers = stage_.Json({"providers"});
  EXPECT_EQ(NamesOf(providers), Names{"providers"});
  EXPECT_EQ(NamesOf(providers["providers"][0]),
            (Names{"id", "name", "version", "description", "state", "reason", "file", "direction",
                   "settings"}));
  EXPECT_EQ(NamesOf(providers["providers"][0]["settings"][0]),
            (Names{"key", "type", "default", "required", "choices", "label", "help"}));

  EXPECT_EQ(NamesOf(stage_.Json({"items"})), Names{"items"});
  EXPECT_EQ(NamesOf(stage_.Json({"items"})["items"][0]), kItem);
  EXPECT_EQ(NamesOf(stage_.Json({"show", "Work"})), Names{"item"});
  EXPECT_EQ(NamesOf(stage_.Json({"show", "Work"})["item"]), kItem);
  EXPECT_EQ(NamesOf(stage_.Json({"status"})), (Names{"items", "conflicts"}));
  EXPECT_EQ(NamesOf(stage_.Json({"status"})["items"][0]), kItem);

  EXPECT_EQ(NamesOf(stage_.Json({"events"})), Names{"events"});
  EXPECT_EQ(NamesOf(stage_.Events()[0]), (Names{"id", "guid", "time", "level", "session", "item",
                                                "provider", "record", "name", "text"}));

  EXPECT_EQ(NamesOf(stage_.Json({"conflicts"})), Names{"conflicts"});
  const nlohmann::json conflict = stage_.Conflicts()[0];
  EXPECT_EQ(NamesOf(conflict), (Names{"id", "item", "item_name", "kind", "record", "reason", "a",
                                      "b", "since", "decision"}));
  for (const char* side : {"a", "b"}) {
    EXPECT_EQ(NamesOf(conflict[side]),
              (Names{"exists", "title", "size", "modified", "fields", "differing"}));
  }
}

TEST_F(Shapes, AreDocumentsAlsoWhenThereIsNothing) {
  Environment env = {{"SYNCLINE_HOME", stage_.temp / "new home"}};
  for (const char* command : {"items", "events", "conflicts"}) {
    const nlohmann::json document = RunJson(stage_.Command({command, "--json"}), env);
    EXPECT_EQ(document, (nlohmann::json{{command, nlohmann::json::array()}}));
  }
  EXPECT_EQ(RunJson(stage_.Command({"status", "--json"}), env)["items"].size(), 0u);
}

TEST(Installed, TheTreeRuns) {
  Stage stage;
  const std::string prefix = stage.temp / "installed";
  const ProgramResult installed =
      RunProgram({"cmake", "--install", SYNCLINE_BUILD, "--prefix", prefix});
  ASSERT_EQ(installed.exit_code, 0) << installed;
  stage.a.Write("x", "1");
  const std::string program = prefix + "/bin/syncline";
  const nlohmann::json providers = RunJson({program, "providers", "--json"}, stage.env);
  std::vector<std::string> ids;
  for (const nlohmann::json& provider : providers["providers"]) {
    ids.push_back(provider["id"]);
    EXPECT_EQ(provider["state"], "ready") << provider;
    EXPECT_TRUE(provider["file"].get<std::string>().starts_with(prefix)) << provider;
  }
  EXPECT_EQ(ids, (std::vector<std::string>{"calendar", "contacts", "folders", "images"}));
  const ProgramResult added = RunProgram(
      {program, "add", "folders", "--name", "Work", stage.a.root(), stage.b.root()}, stage.env);
  EXPECT_EQ(added.exit_code, 0) << added;
  const ProgramResult synced = RunProgram({program, "sync"}, stage.env);
  EXPECT_EQ(synced.exit_code, 0) << synced;
  EXPECT_EQ(All(stage.a), All(stage.b));
}

}  // namespace
}  // namespace syncline::testing
