// What people may choose for contacts: a category, a direction.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/contacts_sync/address_book.h"

namespace syncline::testing {
namespace {

using ::testing::HasSubstr;

class ContactChoices : public ::testing::TestWithParam<Shape> {
 protected:
  ContactChoices() : books_(GetParam()) {}

  Books books_;
  Stage& stage_ = books_.stage;
  AddressBook& a_ = books_.a;
  AddressBook& b_ = books_.b;
};
INSTANTIATE_TEST_SUITE_P(Of, ContactChoices,
                         ::testing::Values(Shape::kFolders, Shape::kFolderAndFile, Shape::kFiles),
                         [](const auto& one) { return ShapeName(one.param); });

TEST_P(ContactChoices, OnlyContactsOfTheCategoryAreSynced) {
  a_.Put(CardOf("friend", {"FN:Friend", "CATEGORIES:Chess,Friends"}));
  a_.Put(CardOf("boss", {"FN:Boss", "CATEGORIES:Work"}));
  b_.Put(CardOf("club", {"FN:Club", "CATEGORIES:chess"}));
  b_.Put(CardOf("nobody", {"FN:Nobody"}));
  books_.Add({"--set", "category=friends, CHESS"});
  EXPECT_EQ(stage_.Sync()["created"], 2);
  EXPECT_NE(b_.Card("friend"), "");
  EXPECT_NE(a_.Card("club"), "");
  EXPECT_EQ(b_.Card("boss"), "");
  EXPECT_EQ(a_.Card("nobody"), "");
  ExpectNothingDone(stage_.Sync());
}

TEST_P(ContactChoices, AContactThatLeavesTheCategoryIsDeletedNowhere) {
  a_.Put(CardOf("ada", {"FN:Ada", "CATEGORIES:Friends"}));
  a_.Put(CardOf("bob", {"FN:Bob", "CATEGORIES:Friends"}));
  books_.Add({"--set", "category=Friends"});
  books_.SyncToTheEnd();
  a_.Put(CardOf("ada", {"FN:Ada", "CATEGORIES:Work"}));
  ExpectNothingDone(stage_.Sync());
  EXPECT_THAT(a_.Card("ada"), HasSubstr("Work"));
  EXPECT_THAT(b_.Card("ada"), HasSubstr("Friends"));
  // Nor does an edit of the other side reach what is left out here.
  b_.Put(CardOf("ada", {"FN:Ada of B", "CATEGORIES:Friends"}));
  EXPECT_EQ(stage_.Sync()["removed"], 0);
  EXPECT_EQ(a_.Card("ada"), CardOf("ada", {"FN:Ada", "CATEGORIES:Work"}));
  EXPECT_THAT(b_.Card("ada"), HasSubstr("Ada of B"));
  // Back in the category, both edits meet.
  a_.Put(CardOf("ada", {"FN:Ada", "CATEGORIES:Friends", "NOTE:back"}));
  books_.SyncToTheEnd();
  EXPECT_THAT(a_.Card("ada"), HasSubstr("Ada of B"));
  EXPECT_THAT(b_.Card("ada"), HasSubstr("NOTE:back"));
}

TEST_P(ContactChoices, AMirrorMakesBLikeA) {
  for (const char* uid : {"ada", "bob", "eve", "joe"}) {
    a_.Put(CardOf(uid, {"FN:" + std::string(uid)}));
  }
  books_.Add({"--direction", "mirror"});
  books_.SyncToTheEnd();
  b_.Put(CardOf("ada", {"FN:edited on B"}));
  b_.Put(CardOf("only-b", {"FN:Only B"}));
  b_.Remove("bob");
  a_.Put(CardOf("eve", {"FN:eve", "NOTE:edited on A"}));
  const std::vector<std::string> before = a_.All();
  stage_.Sync();
  EXPECT_EQ(a_.All(), before);
  EXPECT_EQ(b_.All(), before);
  ExpectNothingDone(stage_.Sync());
}

TEST_P(ContactChoices, AddCopiesWhatIsNewAndRemovesNothing) {
  a_.Put(CardOf("ada", {"FN:Ada"}));
  b_.Put(CardOf("bob", {"FN:Bob"}));
  books_.Add({"--direction", "add"});
  stage_.Sync();
  a_.Remove("ada");
  a_.Put(CardOf("eve", {"FN:Eve"}));
  stage_.Sync();
  EXPECT_EQ(b_.All().size(), 3u);
  EXPECT_EQ(a_.All().size(), 1u);
  ExpectNothingDone(stage_.Sync());
}

TEST_P(ContactChoices, ADryRunChangesNothing) {
  a_.Put(CardOf("ada", {"FN:Ada"}));
  books_.Add();
  const auto before = Snapshot(stage_.b.root());
  const nlohmann::json item = stage_.Sync(0, {"--dry-run"});
  EXPECT_EQ(item["plan"].size(), 1u) << item.dump(2);
  EXPECT_EQ(Snapshot(stage_.b.root()), before);
}

}  // namespace
}  // namespace syncline::testing
