// Conflicts of contacts: shown field by field, and decided in every way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/contacts_sync/address_book.h"

namespace syncline::testing {
namespace {

using ::testing::HasSubstr;

const Shape kShapes[] = {Shape::kFolders, Shape::kFolderAndFile, Shape::kFiles};

using Param = std::tuple<Shape, std::string>;

std::string KeepName(const ::testing::TestParamInfo<Param>& info) {
  return ShapeName(std::get<0>(info.param)) + "_keep_" + std::get<1>(info.param);
}
std::string PolicyName(const ::testing::TestParamInfo<Param>& info) {
  return ShapeName(std::get<0>(info.param)) + "_" + std::get<1>(info.param);
}

class ContactConflict : public ::testing::TestWithParam<Param> {
 protected:
  ContactConflict() : books_(std::get<0>(GetParam())) {}
  // Both edit the birthday, and each something of their own.
  void MakeConflict() {
    a_.Put(CardOf("ada", {"FN:Ada", "BDAY:1815-12-01", "NOTE:old"}));
    a_.Put(CardOf("bob", {"FN:Bob"}));
    books_.Add();
    books_.SyncToTheEnd();
    a_.Put(CardOf("ada", {"FN:Ada", "BDAY:1815-12-10", "NOTE:old", "TEL:1"}));
    b_.Put(CardOf("ada", {"FN:Ada", "BDAY:1815-12-11", "NOTE:new"}));
  }
  Books books_;
  Stage& stage_ = books_.stage;
  AddressBook& a_ = books_.a;
  AddressBook& b_ = books_.b;
};

TEST_P(ContactConflict, IsShownByFieldAndDecided) {
  const std::string keep = std::get<1>(GetParam());
  MakeConflict();
  const std::string on_a = a_.Card("ada");
  const std::string on_b = b_.Card("ada");
  EXPECT_EQ(stage_.Sync(3)["conflicts"], 1);
  EXPECT_EQ(a_.Card("ada"), on_a);
  EXPECT_EQ(b_.Card("ada"), on_b);
  const std::string id = books_.OnlyConflict();
  const nlohmann::json shown = stage_.Conflicts()[0];
  EXPECT_EQ(shown["a"]["differing"], nlohmann::json({{"birthday", "1815-12-10"}}));
  EXPECT_EQ(shown["b"]["differing"], nlohmann::json({{"birthday", "1815-12-11"}}));
  EXPECT_EQ(shown["a"]["title"], "Ada");
  EXPECT_EQ(shown["a"]["fields"]["phone"], "1") << shown.dump(2);
  EXPECT_EQ(shown["b"]["fields"]["note"], "new") << shown.dump(2);
  Words words = {"resolve", id, "--keep", keep};
  if (keep == "merge") words.insert(words.end(), {"--take", "birthday=b"});
  const ProgramResult resolved = stage_.Run(words);
  EXPECT_EQ(resolved.exit_code, 0) << resolved;
  EXPECT_TRUE(stage_.Conflicts().empty());
  EXPECT_EQ(a_.All(), b_.All());
  if (keep == "a") {
    EXPECT_EQ(b_.Card("ada"), on_a);
  }
  if (keep == "b") {
    EXPECT_EQ(a_.Card("ada"), on_b);
  }
  if (keep == "merge") {
    for (const char* kept : {"BDAY:1815-12-11\n", "NOTE:new\n", "TEL:1\n"}) {
      EXPECT_THAT(a_.Card("ada"), HasSubstr(kept));
    }
  }
  if (keep == "both") {
    const std::vector<std::string> all = a_.All();
    ASSERT_EQ(all.size(), 3u);
    int with_label = 0;
    std::string texts;
    for (const std::string& card : all) {
      texts += card;
      with_label += card.find("FN:Ada (") != std::string::npos ? 1 : 0;
    }
    EXPECT_EQ(with_label, 1) << texts;
    EXPECT_THAT(texts, HasSubstr("BDAY:1815-12-10\n"));
    EXPECT_THAT(texts, HasSubstr("BDAY:1815-12-11\n"));
  }
  ExpectNothingDone(stage_.Sync());
}

INSTANTIATE_TEST_SUITE_P(Of, ContactConflict,
                         ::testing::Combine(::testing::ValuesIn(kShapes),
                                            ::testing::Values("a", "b", "both", "merge")),
                         KeepName);

class ContactPolicy : public ContactConflict {};

TEST_P(ContactPolicy, DecidesWhatTheMergeCannot) {
  const std::string policy = std::get<1>(GetParam());
  a_.Put(CardOf("ada", {"FN:Ada", "BDAY:1815-12-01"}));
  books_.Add({"--conflict", policy});
  books_.SyncToTheEnd();
  a_.Put(CardOf("ada", {"FN:Ada", "BDAY:1815-12-10", "REV:20260105T000000Z"}));
  b_.Put(CardOf("ada", {"FN:Ada", "BDAY:1815-12-11", "REV:20260104T000000Z"}));
  stage_.Sync();
  EXPECT_THAT(a_.Card("ada"), HasSubstr(policy == "b" ? "1815-12-11" : "1815-12-10"));
  EXPECT_EQ(a_.Card("ada"), b_.Card("ada"));
  ExpectNothingDone(stage_.Sync());
}

INSTANTIATE_TEST_SUITE_P(Of, ContactPolicy,
                         ::testing::Combine(::testing::ValuesIn(kShapes),
                                            ::testing::Values("a", "b", "newer")),
                         PolicyName);

class ContactEditAgainstDelete : public ContactConflict {};

TEST_P(ContactEditAgainstDelete, IsAConflict) {
  const std::string keep = std::get<1>(GetParam());
  for (const char* uid : {"ada", "bob", "eve", "joe"}) {
    a_.Put(CardOf(uid, {"FN:" + std::string(uid)}));
  }
  books_.Add();
  books_.SyncToTheEnd();
  a_.Put(CardOf("ada", {"FN:ada", "NOTE:edited"}));
  b_.Remove("ada");
  EXPECT_EQ(stage_.Sync(3)["conflicts"], 1);
  EXPECT_THAT(a_.Card("ada"), HasSubstr("NOTE:edited"));
  const ProgramResult resolved = stage_.Run({"resolve", books_.OnlyConflict(), "--keep", keep});
  EXPECT_EQ(resolved.exit_code, 0) << resolved;
  EXPECT_EQ(a_.All(), b_.All());
  EXPECT_EQ(a_.Card("ada").empty(), keep == "b");
  ExpectNothingDone(stage_.Sync());
}

INSTANTIATE_TEST_SUITE_P(Of, ContactEditAgainstDelete,
                         ::testing::Combine(::testing::ValuesIn(kShapes),
                                            ::testing::Values("a", "b")),
                         KeepName);

TEST(ContactPhotos, AConflictNamesThemWithWhatTellsThemApart) {
  Books books(Shape::kFolderAndFile);
  const auto with = [](const std::string& photo) {
    return CardOf("ada", {"FN:Ada", "PHOTO;ENCODING=b;TYPE=JPEG:" + photo});
  };
  books.a.Put(with("/9j/"));
  books.Add();
  books.SyncToTheEnd();
  books.a.Put(with("/9j+"));
  books.b.Put(with("/9j9"));
  EXPECT_EQ(books.stage.Sync(3)["conflicts"], 1);
  const nlohmann::json shown = books.stage.Conflicts()[0];
  const std::string of_a = shown["a"]["differing"]["photo"];
  EXPECT_THAT(of_a, ::testing::StartsWith("JPEG, 3 bytes ("));
  EXPECT_NE(shown["b"]["differing"]["photo"], of_a);
  EXPECT_EQ(shown["a"]["fields"]["photo"], of_a);
  const std::string table = books.stage.Run({"conflicts"}).out;
  EXPECT_THAT(table, HasSubstr(of_a)) << "what is equal on both sides is not shown";
}

}  // namespace
}  // namespace syncline::testing
