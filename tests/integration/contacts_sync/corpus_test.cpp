// The whole corpus on a journey: from a folder into a single file, from there into another folder,
// and back. Every card comes back as it was.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/integration/contacts_sync/address_book.h"

namespace syncline::testing {
namespace {

class ContactCorpus : public ::testing::Test {
 protected:
  ContactCorpus()
      : start_(stage_.temp / "start"),
        file_(stage_.temp / "file"),
        second_(stage_.temp / "second"),
        end_(stage_.temp / "end") {
    file_.Write("book.vcf", "");
    for (const auto& entry : std::filesystem::directory_iterator(SYNCLINE_TEST_DATA "/contacts")) {
      const std::string name = entry.path().filename().string();
      const std::string bytes = Tree(entry.path().parent_path().string()).Read(name);
      const std::vector<std::string> cards = SplitCards(bytes);
      EXPECT_FALSE(cards.empty()) << name;
      if (cards.size() == 1) {
        start_.Write(name, bytes);
      } else {
        for (size_t i = 0; i < cards.size(); ++i) {
          start_.Write(std::to_string(i) + " " + name, cards[i]);
        }
      }
    }
  }

  void Add(const std::string& name, const std::string& a, const std::string& b) {
    const ProgramResult added = stage_.Run({"add", "contacts", "--name", name, a, b});
    ASSERT_EQ(added.exit_code, 0) << added;
  }
  nlohmann::json SyncOne(const std::string& name) {
    return stage_.Json({"sync", name})["items"][0];
  }
  static std::vector<std::string> CardsIn(Tree* tree) { return AddressBook(tree, false).All(); }

  Stage stage_;
  Tree start_, file_, second_, end_;
};

TEST_F(ContactCorpus, ComesBackAsItWasAndAFurtherSyncWritesNothing) {
  const std::vector<std::string> cards = CardsIn(&start_);
  ASSERT_GT(cards.size(), 40u);
  Add("One", start_.root(), file_.Path("book.vcf"));
  Add("Two", file_.Path("book.vcf"), second_.root());
  Add("Three", second_.root(), end_.root());
  const auto untouched = Snapshot(start_.root());
  for (const char* name : {"One", "Two", "Three"}) {
    EXPECT_EQ(SyncOne(name)["created"], cards.size()) << name;
  }
  // Line by line the same; only the kind of line end may be that of the file between.
  EXPECT_EQ(CardsIn(&file_), cards);
  EXPECT_EQ(CardsIn(&second_), cards);
  EXPECT_EQ(CardsIn(&end_), cards);
  Add("Round", end_.root(), start_.root());
  const nlohmann::json round = SyncOne("Round");
  EXPECT_EQ(round["adopted"], cards.size()) << round.dump(2);
  EXPECT_EQ(round["bytes"], 0);
  for (Tree* tree : {&start_, &file_, &second_, &end_}) {
    const auto before = Snapshot(tree->root());
    for (const char* name : {"One", "Two", "Three", "Round"}) ExpectNothingDone(SyncOne(name));
    EXPECT_EQ(Snapshot(tree->root()), before);
  }
  EXPECT_EQ(Snapshot(start_.root()), untouched) << "nobody edited these";
}

TEST_F(ContactCorpus, AnEditAtTheEndComesBackAlone) {
  Add("One", start_.root(), file_.Path("book.vcf"));
  Add("Two", file_.Path("book.vcf"), second_.root());
  SyncOne("One");
  SyncOne("Two");
  const auto before = Snapshot(start_.root());
  std::string text = start_.Read("outlook_30.vcf");
  const size_t at = text.find("TITLE:Dispatcher");
  ASSERT_NE(at, std::string::npos);
  for (const auto& entry : std::filesystem::directory_iterator(second_.root())) {
    const std::string name = entry.path().filename().string();
    std::string card = second_.Read(name);
    const size_t title = card.find("TITLE:Dispatcher");
    if (title != std::string::npos) second_.Write(name, card.replace(title, 16, "TITLE:Manager"));
  }
  EXPECT_EQ(SyncOne("Two")["updated"], 1);
  EXPECT_EQ(SyncOne("One")["updated"], 1);
  auto after = Snapshot(start_.root());
  EXPECT_NE(after["outlook_30.vcf"], before.at("outlook_30.vcf"));
  after["outlook_30.vcf"] = before.at("outlook_30.vcf");
  EXPECT_EQ(after, before);
  EXPECT_THAT(start_.Read("outlook_30.vcf"), ::testing::HasSubstr("TITLE:Manager"));
}

}  // namespace
}  // namespace syncline::testing
