// Contacts brought in step through the command line, folder or file on either side: first sync,
// edits, merges, deletes, and what is broken or stands twice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/integration/contacts_sync/address_book.h"

namespace syncline::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ContactsSync : public ::testing::TestWithParam<Shape> {
 protected:
  ContactsSync() : books_(GetParam()) {}

  Books books_;
  Stage& stage_ = books_.stage;
  AddressBook& a_ = books_.a;
  AddressBook& b_ = books_.b;
};
INSTANTIATE_TEST_SUITE_P(Of, ContactsSync,
                         ::testing::Values(Shape::kFolders, Shape::kFolderAndFile, Shape::kFiles),
                         [](const auto& one) { return ShapeName(one.param); });

TEST_P(ContactsSync, TheFirstSyncCopiesBothWaysAndPairsWhatIsEqual) {
  a_.Put(CardOf("only-a", {"FN:Only A"}));
  b_.Put(CardOf("only-b", {"FN:Only B"}));
  // Equal, but for its form.
  a_.Put(CardOf("same", {"FN:Same", "TEL;TYPE=home:+49 30 1", "REV:20260101T000000Z"}));
  b_.Put(CardOf("same", {"TEL;TYPE=HOME:+49-30-1", "FN:Same", "PRODID:x"}));
  books_.Add();
  const nlohmann::json item = stage_.Sync();
  EXPECT_EQ(item["created"], 2) << item.dump(2);
  EXPECT_EQ(item["adopted"], 1) << item.dump(2);
  EXPECT_EQ(a_.Card("only-b"), b_.Card("only-b"));
  EXPECT_EQ(a_.Card("only-a"), b_.Card("only-a"));
  EXPECT_THAT(a_.Card("same"), HasSubstr("+49 30 1\n"));
  EXPECT_THAT(b_.Card("same"), HasSubstr("+49-30-1\n")) << "nobody edited it";
  ExpectNothingDone(stage_.Sync());
}

TEST_P(ContactsSync, EditsOfEitherSideReachTheOther) {
  for (const char* uid : {"one", "two", "three"}) a_.Put(CardOf(uid, {"FN:" + std::string(uid)}));
  books_.Add();
  books_.SyncToTheEnd();
  a_.Put(CardOf("one", {"FN:one", "NOTE:edited on A"}));
  b_.Put(CardOf("two", {"FN:two", "NOTE:edited on B"}));
  const std::string untouched = b_.Card("three");
  EXPECT_EQ(books_.SyncToTheEnd()["updated"], 2);
  EXPECT_THAT(b_.Card("one"), HasSubstr("edited on A"));
  EXPECT_THAT(a_.Card("two"), HasSubstr("edited on B"));
  EXPECT_EQ(b_.Card("three"), untouched);
}

TEST_P(ContactsSync, AnEditThatMakesNoDifferenceIsNotCopied) {
  a_.Put(CardOf("one", {"FN:One", "TEL:1"}));
  books_.Add();
  books_.SyncToTheEnd();
  a_.Put(CardOf("one", {"TEL:1", "FN:O\n ne", "REV:20260101T000000Z"}));
  ExpectNothingDone(stage_.Sync());
  EXPECT_THAT(b_.Card("one"), HasSubstr("FN:One\nTEL:1\n"));
}

TEST_P(ContactsSync, TwoPeopleEditOneContactAndBothEditsSurvive) {
  a_.Put(CardOf("ada", {"FN:Ada", "TEL;TYPE=home:1", "CATEGORIES:x", "NOTE:old"}));
  books_.Add();
  books_.SyncToTheEnd();
  a_.Put(CardOf("ada", {"FN:Ada Lovelace", "TEL;TYPE=home:11", "CATEGORIES:x,y", "NOTE:old"}));
  b_.Put(CardOf("ada", {"FN:Ada", "TEL;TYPE=home:1", "TEL;TYPE=work:2", "CATEGORIES:x,z",
                        "NOTE:new", "EMAIL:ada@example.org"}));
  EXPECT_EQ(books_.SyncToTheEnd()["merged"], 1);
  const std::string card = b_.Card("ada");
  for (const char* kept : {"FN:Ada Lovelace\n", "TEL;TYPE=home:11\n", "TEL;TYPE=work:2\n",
                           "NOTE:new\n", "EMAIL:ada@example.org\n"}) {
    EXPECT_THAT(card, HasSubstr(kept));
  }
  EXPECT_THAT(card, Not(HasSubstr("TEL;TYPE=home:1\n")));
  const size_t categories = card.find("CATEGORIES:");
  for (const char* kept : {"x", "y", "z"}) {
    EXPECT_THAT(card.substr(categories, card.find('\n', categories) - categories), HasSubstr(kept));
  }
}

TEST_P(ContactsSync, ContactsThatMeetForTheFirstTimeAreUnited) {
  a_.Put(CardOf("ada", {"FN:Ada", "TEL:1"}));
  b_.Put(CardOf("ada", {"FN:Ada", "EMAIL:ada@example.org"}));
  a_.PutInFile("john.vcf", CardOf("", {"FN:John Smith", "TEL:5"}));
  b_.PutInFile("john.vcf", CardOf("", {"FN:John Smith", "TEL:6"}));
  books_.Add();
  stage_.Sync();
  EXPECT_EQ(a_.All(), b_.All());
  ASSERT_EQ(a_.All().size(), 3u) << "two people of one name are two";
  std::string all;
  for (const std::string& card : a_.All()) all += card;
  EXPECT_THAT(all, HasSubstr("TEL:1\n"));
  EXPECT_THAT(all, HasSubstr("EMAIL:ada@example.org\n"));
  ExpectNothingDone(stage_.Sync());
}

TEST_P(ContactsSync, DeletesReachTheOtherSide) {
  for (const char* uid : {"one", "two", "three", "four", "five", "six"}) {
    a_.Put(CardOf(uid, {"FN:" + std::string(uid)}));
  }
  books_.Add();
  books_.SyncToTheEnd();
  a_.Remove("one");
  b_.Remove("two");
  EXPECT_EQ(books_.SyncToTheEnd()["removed"], 2);
  EXPECT_EQ(a_.All().size(), 4u);
}

TEST_P(ContactsSync, OneContactTwiceOnASideIsLeftAloneAndTheRestGoesOn) {
  const bool single = GetParam() == Shape::kFiles;
  a_.Put(CardOf("ada", {"FN:Ada"}));
  books_.Add();
  books_.SyncToTheEnd();
  a_.PutInFile("copy.vcf", CardOf("ada", {"FN:Ada Again"}));
  a_.PutInFile("bob.vcf", CardOf("bob", {"FN:Bob"}));
  b_.Put(CardOf("ada", {"FN:Ada of B"}));
  const nlohmann::json item = stage_.Sync(1);
  EXPECT_EQ(item["failed"], 1) << item.dump(2) << "one contact, told once";
  EXPECT_EQ(b_.Card("bob"), CardOf("bob", {"FN:Bob"}));
  EXPECT_EQ(b_.Card("ada"), CardOf("ada", {"FN:Ada of B"}));
  EXPECT_EQ(a_.All().size(), 3u);
  const std::string events = books_.EventTexts();
  if (single) {
    EXPECT_THAT(events, HasSubstr("\"ada\" stands twice in \"book.vcf\", in line 1 and in line 6"));
  } else {
    EXPECT_THAT(events, HasSubstr("ada.vcf"));
    EXPECT_THAT(events, HasSubstr("copy.vcf"));
  }
  // Put right, it is synced again.
  if (single) {
    a_.tree().Write("book.vcf", CardOf("ada", {"FN:Ada"}) + CardOf("bob", {"FN:Bob"}));
  } else {
    stage_.a.Remove("copy.vcf");
  }
  stage_.Sync();
  EXPECT_EQ(a_.Card("ada"), CardOf("ada", {"FN:Ada of B"}));
}

TEST_P(ContactsSync, ABrokenContactIsToldWithItsPlaceAndTheRestGoesOn) {
  const bool single = GetParam() == Shape::kFiles;
  a_.Put(CardOf("ada", {"FN:Ada", "TEL:1"}));
  a_.Put(CardOf("bob", {"FN:Bob"}));
  books_.Add();
  books_.SyncToTheEnd();
  const std::string cut_off = "BEGIN:VCARD\nVERSION:3.0\nUID:ada\nFN:Ada\n";
  if (single) {
    a_.tree().Write("book.vcf", "\n\n" + cut_off + CardOf("bob", {"FN:Bob", "NOTE:new"}));
  } else {
    a_.tree().Write("ada.vcf", cut_off);
    a_.Put(CardOf("bob", {"FN:Bob", "NOTE:new"}));
  }
  const nlohmann::json item = stage_.Sync(1);
  EXPECT_EQ(item["failed"], 1) << item.dump(2);
  EXPECT_EQ(b_.Card("bob"), CardOf("bob", {"FN:Bob", "NOTE:new"}));
  EXPECT_EQ(b_.Card("ada"), CardOf("ada", {"FN:Ada", "TEL:1"})) << "nobody removed it";
  const std::string events = books_.EventTexts();
  EXPECT_THAT(events, HasSubstr("it has no END:VCARD; complete or remove it"));
  EXPECT_THAT(events, HasSubstr(single ? "\"book.vcf\" line 3" : "\"ada.vcf\" line 1"));
  // Put right, it is in step again.
  a_.tree().Write(a_.file("ada"), CardOf("ada", {"FN:Ada", "TEL:2"}) +
                                      (single ? CardOf("bob", {"FN:Bob", "NOTE:new"}) : ""));
  books_.SyncToTheEnd();
  EXPECT_EQ(b_.Card("ada"), CardOf("ada", {"FN:Ada", "TEL:2"}));
}

TEST_P(ContactsSync, OtherKindsOfBadInputAreTold) {
  a_.Put(CardOf("bob", {"FN:Bob"}));
  books_.Add();
  books_.SyncToTheEnd();
  const std::string calendar = "BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n";
  const std::string empty = "BEGIN:VCARD\nVERSION:3.0\nUID:empty\nN:;;;;\nEND:VCARD\n";
  a_.PutInFile("calendar.vcf", calendar);
  a_.PutInFile("empty.vcf", empty);
  a_.PutInFile("eve.vcf", CardOf("eve", {"FN:Eve"}));
  EXPECT_EQ(stage_.Sync(1)["failed"], 2);
  EXPECT_EQ(b_.Card("eve"), CardOf("eve", {"FN:Eve"}));
  EXPECT_EQ(b_.All().size(), 2u);
  const std::string events = books_.EventTexts();
  EXPECT_THAT(events, HasSubstr("it is a VCALENDAR, not a contact; move it out of this file"));
  EXPECT_THAT(events, HasSubstr("it has no name and nothing else in it; complete or remove it"));
}

TEST_P(ContactsSync, AFileInUtf16IsToldAndNothingCountsAsRemoved) {
  const bool single = GetParam() == Shape::kFiles;
  a_.Put(CardOf("ada", {"FN:Ada"}));
  a_.Put(CardOf("bob", {"FN:Bob"}));
  books_.Add();
  books_.SyncToTheEnd();
  const std::string name = a_.file("ada");
  std::string utf16 = "\xff\xfe";
  for (const char c : a_.tree().Read(name)) utf16 += {c, '\0'};
  a_.tree().Write(name, utf16);
  b_.Put(CardOf("ada", {"FN:Ada of B"}));
  b_.Put(CardOf("eve", {"FN:Eve"}));
  const nlohmann::json item = stage_.Sync(1);
  EXPECT_EQ(item["removed"], 0) << item.dump(2);
  EXPECT_EQ(item["failed"], single ? 3 : 1) << item.dump(2);
  EXPECT_EQ(a_.tree().Read(name), utf16);
  EXPECT_EQ(b_.All().size(), 3u);
  EXPECT_EQ(books_.EventTexts().find("Nothing can be stored here") != std::string::npos, single);
  EXPECT_THAT(books_.EventTexts(), HasSubstr("the file is UTF-16; save it as UTF-8"));
}

TEST(ContactsInOneFile, AFileOfAnotherKindIsRefusedWhenItIsAdded) {
  Books books(Shape::kFolders);
  books.a.Put(CardOf("ada", {"FN:Ada"}));
  const std::string photo = "\xff\xd8\xff\xe0 photo";
  books.stage.b.Write("photo.jpg", photo);
  const ProgramResult added = books.stage.Run(
      {"add", "contacts", "--name", "Work", books.a.location(), books.stage.b.Path("photo.jpg")});
  EXPECT_EQ(added.exit_code, 2) << added;
  EXPECT_THAT(added.err, HasSubstr("does not begin with BEGIN:VCARD"));
  EXPECT_THAT(added.err, HasSubstr("Give a .vcf file, an empty file, or a folder."));
  EXPECT_EQ(books.stage.b.Read("photo.jpg"), photo);
}

// Also under a name that promises contacts, and when it became something else later.
TEST(ContactsInOneFile, AFileWithoutACardIsNeverWrittenInto) {
  Books books(Shape::kFiles);
  for (const char* uid : {"ada", "bob", "eve"}) books.a.Put(CardOf(uid, {"FN:Somebody"}));
  books.Add();
  books.SyncToTheEnd();
  const std::string database = std::string("SQLite format 3\0\x10", 17);
  books.b.tree().Write("book.vcf", database);
  books.a.Put(CardOf("new", {"FN:New"}));
  const nlohmann::json item = books.stage.Sync(1);
  EXPECT_EQ(item["removed"], 0) << item.dump(2);
  EXPECT_EQ(item["created"], 0) << item.dump(2);
  EXPECT_EQ(books.b.tree().Read("book.vcf"), database);
  EXPECT_EQ(books.a.All().size(), 4u);
  EXPECT_THAT(books.EventTexts(), HasSubstr("\"book.vcf\" line 1: it is no address book"));
  books.b.tree().Write("book.vcf", CardOf("ada", {"FN:Somebody"}));
}

TEST(ContactsInAFolder, AFileThatCannotBeReadMayBeAnyContact) {
  Books books(Shape::kFolders);
  const Words sync = {"sync", "Work", "--json"};
  books.a.tree().Write("foo.vcf", CardOf("q", {"FN:Q"}));
  books.a.Put(CardOf("ada", {"FN:Ada"}));
  books.b.Put(CardOf("q", {"FN:Q"}));
  const Words add = {"add", "contacts", "--name", "Work", books.a.location(), books.b.location()};
  ASSERT_EQ(books.stage.RunAsUser(add).exit_code, 0);
  const std::string file = books.a.tree().Path("foo.vcf");
  std::filesystem::permissions(file, std::filesystem::perms(0));
  const ProgramResult first = books.stage.RunAsUser(sync);
  EXPECT_EQ(first.exit_code, 1) << first;
  const nlohmann::json item = nlohmann::json::parse(first.out)["items"][0];
  EXPECT_EQ(item["created"], 1) << "ada goes on" << item.dump(2);
  EXPECT_EQ(item["failed"], 1) << item.dump(2);
  EXPECT_FALSE(std::filesystem::exists(books.a.tree().Path("q.vcf"))) << "it would be a second one";
  EXPECT_EQ(books.b.Card("ada"), CardOf("ada", {"FN:Ada"}));
  EXPECT_THAT(books.EventTexts(), HasSubstr("\"foo.vcf\" cannot be read: permission denied."));
  std::filesystem::permissions(file, std::filesystem::perms(0644));
  const ProgramResult second = books.stage.RunAsUser(sync);
  EXPECT_EQ(second.exit_code, 0) << second;
  EXPECT_EQ(books.a.All(), books.b.All());
  EXPECT_EQ(books.a.All().size(), 2u);
}

TEST(ContactsInAFolder, APipeIsTold) {
  Books books(Shape::kFolders);
  books.Add();
  ASSERT_EQ(mkfifo(books.a.tree().Path("p.vcf").c_str(), 0600), 0);
  EXPECT_EQ(books.stage.Sync(1)["failed"], 1);
  EXPECT_THAT(books.EventTexts(), HasSubstr("\"p.vcf\" is a link or no plain file"));
}

TEST(ContactsInOneFile, AFileThatIsCutShortMakesNothingGone) {
  Books books(Shape::kFiles);
  for (int i = 0; i < 30; ++i) {
    books.a.Put(CardOf("uid-" + std::to_string(i), {"FN:Person " + std::to_string(i)}));
  }
  books.Add();
  books.SyncToTheEnd();
  const std::vector<std::string> before = books.b.All();
  const std::string whole = books.a.tree().Read("book.vcf");
  books.a.tree().Write("book.vcf", whole.substr(0, whole.size() - 100));
  const nlohmann::json item = books.stage.Sync(1);
  EXPECT_EQ(item["removed"], 0) << item.dump(2);
  EXPECT_EQ(books.b.All(), before);
  EXPECT_THAT(books.EventTexts(),
              HasSubstr("seems to be cut short: what begins in line 141 has no end"));
  books.a.tree().Write("book.vcf", whole);
  ExpectNothingDone(books.stage.Sync());
}

}  // namespace
}  // namespace syncline::testing
