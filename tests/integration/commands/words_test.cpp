// What people may type wrong: each is refused with one message that names it, and changes nothing.
#include "tests/integration/commands/bad_input.h"

namespace syncline::testing {
namespace {

class Typed : public BadInput {
 protected:
  // No data, no item and no word about it is changed by what is refused.
  void SetUp() override {
    BadInput::SetUp();
    items_ = stage_.Json({"items"});
  }
  void TearDown() override {
    ExpectNothingLost();
    EXPECT_EQ(stage_.Json({"items"}), items_);
    ExpectSyncGoesOn();
  }
  nlohmann::json items_;
};

TEST_F(Typed, APathThatIsNotThere) {
  const std::string path = stage_.temp / "nowhere";
  ExpectRefused(stage_.Run(AddWords(path, stage_.b.root())), 2, {path, "does not exist", "Create"});
  ExpectRefused(stage_.Run(AddWords(stage_.a.root(), path)), 2, {path, "does not exist", "side B"});
  ExpectRefused(stage_.Run({"edit", "Work", "--location-b", path}), 2, {path, "does not exist"});
}

TEST_F(Typed, TheSameFolderTwice) {
  const std::string a = stage_.a.root();
  const std::string link = stage_.temp / "link";
  std::filesystem::create_symlink(a, link);
  for (const std::string& again :
       {a, a + "/", a + "/../a", a + "/./", link, link + "/", "file://" + a}) {
    ExpectRefused(stage_.Run(AddWords(a, again)), 2, {"same folder", "two different folders"});
  }
}

TEST_F(Typed, OneSideInsideTheOther) {
  const std::string a = stage_.a.root();
  const std::string link = stage_.temp / "link";
  std::filesystem::create_symlink(a + "/notes", link);
  for (const std::string& inside : {a + "/notes", a + "/notes/", link}) {
    ExpectRefused(stage_.Run(AddWords(a, inside)), 2, {"inside"});
    ExpectRefused(stage_.Run(AddWords(inside, a)), 2, {"inside"});
  }
}

TEST_F(Typed, APathThatIsAFile) {
  ExpectRefused(stage_.Run(AddWords(stage_.a.Path("two"), stage_.b.root())), 2,
                {stage_.a.Path("two"), "is a file"});
}

TEST_F(Typed, AUrlOfAnotherKind) {
  ExpectRefused(stage_.Run(AddWords("https://example.org/x", stage_.b.root())), 2,
                {"https://example.org/x", "not the path of a folder"});
}

TEST_F(Typed, ANameInUse) {
  Tree c(stage_.temp / "c");
  for (const char* name : {"Work", "work", id_.c_str()}) {
    ExpectRefused(stage_.Run({"add", "folders", "--name", name, stage_.a.root(), c.root()}), 2,
                  {"already", "another name"});
  }
  for (const char* name : {"", " x", "a\nb", "\xff"}) {
    EXPECT_EQ(stage_.Run({"add", "folders", "--name", name, stage_.a.root(), c.root()}).exit_code,
              2)
        << name;
  }
  ExpectRefused(
      stage_.Run({"add", "folders", "--name", std::string(128, 'x'), stage_.a.root(), c.root()}), 2,
      {"127"});
}

TEST_F(Typed, AnUnknownProvider) {
  ExpectRefused(stage_.Run({"add", "foldrs", "--name", "N", stage_.a.root(), stage_.b.root()}), 2,
                {"foldrs", "syncline providers"});
}

TEST_F(Typed, AnUnknownSettingOrValue) {
  ExpectRefused(stage_.Run(AddWords(stage_.a.root(), stage_.b.root(), {"--set", "colour=red"})), 2,
                {"colour", "hardlinks"});
  ExpectRefused(
      stage_.Run(AddWords(stage_.a.root(), stage_.b.root(), {"--set", "hardlinks=maybe"})), 2,
      {"hardlinks", "maybe", "report", "keep"});
  ExpectRefused(stage_.Run(AddWords(stage_.a.root(), stage_.b.root(), {"--set", "hardlinks"})), 2,
                {"hardlinks"});
  ExpectRefused(stage_.Run({"edit", "Work", "--set", "colour=red"}), 2, {"colour"});
}

TEST_F(Typed, AnUnknownItem) {
  for (const Words& words : {Words{"show", "Wrk"},
                             {"edit", "Wrk", "--name", "x"},
                             {"enable", "Wrk"},
                             {"disable", "Wrk"},
                             {"remove", "Wrk"},
                             {"sync", "Wrk"},
                             {"sync", "Work", "Wrk"},
                             {"events", "--item", "Wrk"},
                             {"conflicts", "Wrk"},
                             {"remove", "Work", "Wrk"},
                             {"disable", "Work", "Wrk"}}) {
    const ProgramResult result = stage_.Run(words);
    ExpectRefused(result, 2, {"Wrk"});
    EXPECT_EQ(result.out, "");
  }
}

TEST_F(Typed, AnUnknownConflict) {
  ExpectRefused(stage_.Run({"resolve", "77", "--keep", "a"}), 2, {"77", "syncline conflicts"});
  ExpectRefused(stage_.Run({"resolve", "x", "--keep", "a"}), 2, {"x"});
}

TEST_F(Typed, ADisabledItemToSync) {
  ASSERT_EQ(stage_.Run({"disable", "Work"}).exit_code, 0);
  ExpectRefused(stage_.Run({"sync", "Work"}), 2, {"Work", "disabled", "syncline enable"});
  ASSERT_EQ(stage_.Run({"enable", "Work"}).exit_code, 0);
}

TEST_F(Typed, BadOptionsAndValues) {
  const std::string a = stage_.a.root(), b = stage_.b.root();
  for (const auto& [words, says] : std::vector<std::pair<Words, std::string>>{
           {{}, "syncline --help"},
           {{"frob"}, "frob"},
           {{"sync", "--frob"}, "frob"},
           {{"sync", "--progress", "loud"}, "loud"},
           {{"add", "folders", a, b}, "--name"},
           {{"add", "folders", "--name", "N", a}, "B"},
           {AddWords(a, b, {"--direction", "up"}), "up"},
           {AddWords(a, b, {"--conflict", "me"}), "me"},
           {AddWords(a, b, {"--exclude", ""}), "pattern"},
           {{"edit", "Work", "--direction", "down"}, "down"},
           {{"edit", "Work"}, "edit"},
           {{"events", "--limit", "-1"}, "limit"},
           {{"events", "--limit", "many"}, "many"},
           {{"events", "--level", "loud"}, "loud"},
           {{"events", "--session", "x"}, "session"},
           {{"resolve", "1"}, "--keep"},
           {{"resolve", "1", "--keep", "c"}, "c"},
           {{"resolve", "--keep", "a"}, "conflicts"},
           {{"providers", "nosuch"}, "nosuch"},
           {{"providers", "--retry", "nosuch"}, "nosuch"},
           {{"completion", "tcsh"}, "tcsh"},
       }) {
    const ProgramResult result = stage_.Run(words);
    ExpectRefused(result, 2, {says});
    EXPECT_EQ(result.out, "");
  }
}

}  // namespace
}  // namespace syncline::testing
