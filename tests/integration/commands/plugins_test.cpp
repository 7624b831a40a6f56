// Providers that come and go while Syncline is in use, and what else may lie in their folder.
#include <chrono>
#include <fstream>
#include <thread>

#include "tests/integration/commands/bad_input.h"

namespace syncline::testing {
namespace {

namespace fs = std::filesystem;

class Plugins : public BadInput {
 protected:
  std::string Folder() const { return stage_.home() + "/plugins"; }

  nlohmann::json All() const { return stage_.Json({"providers"})["providers"]; }
  nlohmann::json Provider(const std::string& id) const {
    for (const auto& provider : All()) {
      if (provider["id"] == id) return provider;
    }
    return nullptr;
  }
};

TEST_F(Plugins, OneThatIsDroppedInIsUsableAtOnceAndItsItemsOutliveIt) {
  EXPECT_TRUE(Provider("notes").is_null());
  fs::copy_file(SYNCLINE_SAMPLE "/notes.so", Folder() + "/notes.so");
  nlohmann::json notes = Provider("notes");
  ASSERT_FALSE(notes.is_null());
  EXPECT_EQ(notes["state"], "ready") << notes;
  EXPECT_EQ(notes["file"], Folder() + "/notes.so");
  Tree c(stage_.temp / "c"), d(stage_.temp / "d");
  c.Write("todo.txt", "buy milk");
  d.Write("done.txt", "slept");
  const ProgramResult added = stage_.Run({"add", "notes", "--name", "Notes", c.root(), d.root()});
  ASSERT_EQ(added.exit_code, 0) << added;
  EXPECT_EQ(stage_.Json({"sync", "Notes"})["items"][0]["created"], 2);
  EXPECT_EQ(d.Read("todo.txt"), "buy milk");
  EXPECT_EQ(c.Read("done.txt"), "slept");

  // Without it the item says so and keeps all it knows; the others are synced.
  fs::rename(Folder() + "/notes.so", stage_.temp / "notes.so");
  EXPECT_TRUE(Provider("notes").is_null());
  EXPECT_THAT(stage_.Json({"show", "Notes"})["item"]["provider_problem"].get<std::string>(),
              HasSubstr("notes"));
  c.Remove("todo.txt");
  const ProgramResult without = stage_.Run({"sync"});
  ExpectRefused(without, 1, {"Notes", "provider notes"});
  EXPECT_TRUE(d.Exists("todo.txt"));
  EXPECT_EQ(testing::All(stage_.a), testing::All(stage_.b));

  // Back again it goes on: the deletion is one, so its baseline was kept.
  fs::rename(stage_.temp / "notes.so", Folder() + "/notes.so");
  const nlohmann::json again = stage_.Json({"sync", "Notes"})["items"][0];
  EXPECT_EQ(again["removed"], 1);
  EXPECT_FALSE(d.Exists("todo.txt"));
}

TEST_F(Plugins, StrayFilesHarmNothing) {
  std::ofstream(Folder() + "/README.txt") << "put providers here";
  std::ofstream(Folder() + "/empty.so");
  std::ofstream(Folder() + "/text.so") << "not a library\n";
  fs::create_directory(Folder() + "/folder.so");
  fs::copy_file(SYNCLINE_SAMPLE "/notes.so", Folder() + "/half.so");
  fs::resize_file(Folder() + "/half.so", fs::file_size(Folder() + "/half.so") / 2);
  const ProgramResult listed = stage_.Run({"providers"});
  EXPECT_EQ(listed.exit_code, 0) << listed;
  EXPECT_EQ(listed.out.find("README"), std::string::npos) << listed;
  int bad = 0;
  for (const auto& provider : All()) {
    // The product's own providers stand elsewhere.
    if (provider["file"].get<std::string>().find(Folder()) != 0) continue;
    ++bad;
    EXPECT_NE(provider["state"], "ready") << provider;
    EXPECT_NE(provider["reason"], "") << provider;
  }
  EXPECT_GE(bad, 2) << listed;
  ExpectNothingLost();
  ExpectSyncGoesOn();
}

TEST_F(Plugins, ALibraryThatOthersMayWriteIsRefusedWithTheReason) {
  fs::copy_file(SYNCLINE_SAMPLE "/notes.so", Folder() + "/notes.so");
  Tree(Folder()).Chmod("notes.so", 0666);
  bool found = false;
  for (const auto& provider : All()) {
    if (provider["file"] != Folder() + "/notes.so") continue;
    found = true;
    EXPECT_EQ(provider["state"], "incompatible");
    EXPECT_THAT(provider["reason"].get<std::string>(), HasSubstr("chmod go-w"));
  }
  EXPECT_TRUE(found);
}

}  // namespace
}  // namespace syncline::testing
