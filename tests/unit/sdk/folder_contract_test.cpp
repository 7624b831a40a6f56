// What provider.h asks of every provider, for each of ours that keeps records as files in a folder:
// the sample and those that the tests load elsewhere in their good moods.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/support/scratch.h"
#include "tests/unit/sdk/fake_host.h"

namespace syncline::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class FolderContract : public ::testing::TestWithParam<std::string> {
 protected:
  FolderContract() : library_(GetParam()), folder_(temp_ / "place") {}

  Settings At(const std::string& location) const { return {{"location", location}}; }
  Settings Here() const { return At(folder_.root()); }
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& [name, what] : Snapshot(folder_.root())) {
      if (name != "." && !name.empty()) names.push_back(name);
    }
    return names;
  }

  Library library_;
  TempDir temp_;
  Tree folder_;
};

TEST_P(FolderContract, OpeningAMissingFolderIsNotFoundAndMakesNothing) {
  Instance instance(library_, At(temp_ / "missing"));
  const Ended end = instance.Open();
  EXPECT_EQ(end.status, SYNCLINE_NOT_FOUND);
  EXPECT_THAT(end.summary, HasSubstr("missing"));
  EXPECT_FALSE(Tree(temp_.path()).Exists("missing"));
}

TEST_P(FolderContract, WritesListsReadsAndRemovesARecord) {
  Instance instance(library_, Here());
  ASSERT_EQ(instance.Open().status, SYNCLINE_OK);
  Order order{.id = "", .key = "todo.txt", .expected_version = ""};
  order.ticket = 77;
  const Ended written = instance.Write(order, {"buy milk and bread\n"});
  ASSERT_EQ(written.status, SYNCLINE_OK) << written.summary;
  ASSERT_EQ(written.records.size(), 1u);
  EXPECT_EQ(written.ticket, 77u);
  const Seen stored = written.records[0];
  EXPECT_EQ(stored.id, "todo.txt");
  EXPECT_EQ(stored.size, 19u);
  EXPECT_EQ(folder_.Read("todo.txt"), "buy milk and bread\n");

  const Ended listed = instance.Enumerate();
  ASSERT_EQ(listed.status, SYNCLINE_OK);
  ASSERT_EQ(listed.records.size(), 1u);
  EXPECT_EQ(listed.records[0].id, stored.id);
  EXPECT_EQ(listed.records[0].version, stored.version);

  const Ended read = instance.Read("todo.txt");
  EXPECT_EQ(read.status, SYNCLINE_OK);
  EXPECT_EQ(read.bytes, "buy milk and bread\n");
  ASSERT_EQ(read.records.size(), 1u);
  EXPECT_EQ(read.records[0].version, stored.version);

  const Ended removed = instance.Remove("todo.txt", stored.version);
  EXPECT_EQ(removed.status, SYNCLINE_OK);
  EXPECT_TRUE(removed.removed);
  EXPECT_EQ(removed.ticket, 9u);
  EXPECT_THAT(Names(), IsEmpty());
}

TEST_P(FolderContract, AnEmptyRecordIsARecord) {
  Instance instance(library_, Here());
  ASSERT_EQ(instance.Open().status, SYNCLINE_OK);
  const Ended written = instance.Write({"", "empty.txt", ""}, {""});
  ASSERT_EQ(written.status, SYNCLINE_OK);
  EXPECT_EQ(written.records.at(0).size, 0u);
  EXPECT_EQ(instance.Read("empty.txt").bytes, "");
}

TEST_P(FolderContract, RefusesAStaleWriteAndAltersNothing) {
  Instance instance(library_, Here());
  ASSERT_EQ(instance.Open().status, SYNCLINE_OK);
  folder_.Write("todo.txt", "theirs\n");
  const std::string version = instance.Enumerate().records.at(0).version;
  folder_.Write("todo.txt", "edited\n");
  const auto before = Snapshot(folder_.root());
  for (const std::string& expected : {version, std::string(), std::string("nonsense")}) {
    const Ended end = instance.Write({"todo.txt", "todo.txt", expected}, {"mine\n"});
    EXPECT_EQ(end.status, SYNCLINE_CONFLICT);
    EXPECT_THAT(end.summary, HasSubstr("todo.txt"));
    EXPECT_FALSE(end.ticket.has_value());
  }
  EXPECT_EQ(instance.Remove("todo.txt", version).status, SYNCLINE_CONFLICT);
  EXPECT_EQ(Snapshot(folder_.root()), before);
}

TEST_P(FolderContract, RefusesToReplaceWhatIsGone) {
  Instance instance(library_, Here());
  ASSERT_EQ(instance.Open().status, SYNCLINE_OK);
  folder_.Write("todo.txt", "theirs\n");
  const std::string version = instance.Enumerate().records.at(0).version;
  folder_.Remove("todo.txt");
  EXPECT_EQ(instance.Write({"todo.txt", "todo.txt", version}, {"mine\n"}).status,
            SYNCLINE_CONFLICT);
  EXPECT_THAT(Names(), IsEmpty());
}

TEST_P(FolderContract, TheVersionDiffersAfterEveryEdit) {
  Instance instance(library_, Here());
  ASSERT_EQ(instance.Open().status, SYNCLINE_OK);
  folder_.Write("todo.txt", "one\n");
  const std::string first = instance.Enumerate().records.at(0).version;
  folder_.Write("todo.txt", "two\n");
  EXPECT_NE(instance.Enumerate().records.at(0).version, first);
}

TEST_P(FolderContract, RemovingWhatIsAlreadyGoneIsOk) {
  Instance instance(library_, Here());
  ASSERT_EQ(instance.Open().status, SYNCLINE_OK);
  EXPECT_EQ(instance.Remove("gone.txt", "any").status, SYNCLINE_OK);
}

TEST_P(FolderContract, ReadingAnUnknownIdIsNotFound) {
  Instance instance(library_, Here());
  ASSERT_EQ(instance.Open().status, SYNCLINE_OK);
  const Ended end = instance.Read("unknown.txt");
  EXPECT_EQ(end.status, SYNCLINE_NOT_FOUND);
  EXPECT_THAT(end.summary, HasSubstr("unknown.txt"));
}

TEST_P(FolderContract, ASourceThatBreaksOffLeavesTheOldRecordAndNothingElse) {
  Instance instance(library_, Here());
  ASSERT_EQ(instance.Open().status, SYNCLINE_OK);
  folder_.Write("todo.txt", "theirs\n");
  const std::string version = instance.Enumerate().records.at(0).version;
  const auto before = Snapshot(folder_.root());
  Content content{std::string(100, 'x')};
  content.fails_after = 50;
  for (const syncline_status status : {SYNCLINE_FAILED, SYNCLINE_CANCELLED, SYNCLINE_OFFLINE}) {
    content.source_status = status;
    EXPECT_EQ(instance.Write({"todo.txt", "todo.txt", version}, content).status, status);
    EXPECT_EQ(instance.Write({"", "new.txt", ""}, content).status, status);
  }
  EXPECT_EQ(Snapshot(folder_.root()), before);
}

TEST_P(FolderContract, ACancelledCallSaysSo) {
  Instance instance(library_, Here());
  ASSERT_EQ(instance.Open().status, SYNCLINE_OK);
  folder_.Write("a.txt", "a\n");
  folder_.Write("b.txt", "b\n");
  instance.Cancel(true);
  EXPECT_EQ(instance.Enumerate().status, SYNCLINE_CANCELLED);
}

TEST_P(FolderContract, StopsListingWhenTheHostRefusesARecord) {
  Instance instance(library_, Here());
  ASSERT_EQ(instance.Open().status, SYNCLINE_OK);
  for (const char* name : {"a.txt", "b.txt", "c.txt"}) folder_.Write(name, "text\n");
  instance.RefuseRecord(2, SYNCLINE_OFFLINE);
  const Ended end = instance.Enumerate();
  EXPECT_EQ(end.status, SYNCLINE_OFFLINE);
  EXPECT_EQ(end.records.size(), 1u);
}

TEST_P(FolderContract, OnlyKnowsAbilitiesByTheirWholeName) {
  Instance instance(library_, Here());
  EXPECT_EQ(instance.Ability("syncline.unheard-of/1"), nullptr);
  for (const std::string name :
       {SYNCLINE_ABILITY_SETTLE, SYNCLINE_ABILITY_MOVE, SYNCLINE_ABILITY_COPY,
        SYNCLINE_ABILITY_COMPARE, SYNCLINE_ABILITY_MERGE, SYNCLINE_ABILITY_CHANGES,
        SYNCLINE_ABILITY_DESCRIBE, SYNCLINE_ABILITY_CHECK, SYNCLINE_ABILITY_WATCH,
        SYNCLINE_ABILITY_COLLECTIONS}) {
    EXPECT_EQ(instance.Ability((name + "0").c_str()), nullptr) << name;
    EXPECT_EQ(instance.Ability(name.substr(0, name.size() - 1).c_str()), nullptr) << name;
    EXPECT_EQ(instance.Ability(name.c_str()), instance.Ability(name.c_str())) << name;
  }
}

TEST_P(FolderContract, RefusesNamesThatLeadElsewhere) {
  Tree(temp_.path()).Write("outside.txt", "not yours\n");
  Instance instance(library_, Here());
  ASSERT_EQ(instance.Open().status, SYNCLINE_OK);
  EXPECT_EQ(instance.Read("../outside.txt").status, SYNCLINE_INVALID);
  EXPECT_EQ(instance.Remove("../outside.txt", "").status, SYNCLINE_INVALID);
  EXPECT_EQ(instance.Write({"../outside.txt", "../outside.txt", ""}, {"x"}).status,
            SYNCLINE_INVALID);
  EXPECT_EQ(instance.Write({"/etc/x.txt", "", ""}, {"x"}).status, SYNCLINE_INVALID);
  EXPECT_EQ(Tree(temp_.path()).Read("outside.txt"), "not yours\n");
}

TEST_P(FolderContract, StoresBesideWhatIsThere) {
  Instance instance(library_, Here());
  ASSERT_EQ(instance.Open().status, SYNCLINE_OK);
  folder_.Write("todo.txt", "theirs\n");
  Order order{.id = "", .key = "todo.txt", .expected_version = ""};
  order.label = "from B 2026/11/21";
  order.flags = SYNCLINE_BESIDE;
  for (int i = 0; i < 2; ++i) {
    const Ended end = instance.Write(order, {"mine\n"});
    ASSERT_EQ(end.status, SYNCLINE_OK) << end.summary;
    EXPECT_EQ(folder_.Read(end.records.at(0).id), "mine\n");
    EXPECT_EQ(end.records.at(0).key, end.records.at(0).id);
  }
  EXPECT_EQ(folder_.Read("todo.txt"), "theirs\n");
  EXPECT_THAT(Names(), ElementsAre("todo (from B 2026-11-21 2).txt", "todo (from B 2026-11-21).txt",
                                   "todo.txt"));
}

TEST_P(FolderContract, IgnoresTemporaryFilesAndRemovesItsOwnFromAKilledRun) {
  folder_.Write(".syncline-part-item-1-a.0123456789abcdef", "half a record");
  folder_.Write(".syncline-part-item-1-b.0123456789abcdef", "of the other side");
  folder_.Write(".syncline-part-item-2-a.0123456789abcdef", "of a running item");
  Instance instance(library_, Here());
  EXPECT_THAT(instance.Enumerate().records, IsEmpty());
  ASSERT_EQ(instance.Open().status, SYNCLINE_OK);
  EXPECT_THAT(Names(), ElementsAre(".syncline-part-item-1-b.0123456789abcdef",
                                   ".syncline-part-item-2-a.0123456789abcdef"));
}

TEST_P(FolderContract, TwoInstancesLiveSideBySide) {
  Tree other(temp_ / "other");
  other.Write("there.txt", "there\n");
  folder_.Write("here.txt", "here\n");
  Instance a(library_, Here());
  Instance b(library_, At(other.root()));
  ASSERT_EQ(a.Open().status, SYNCLINE_OK);
  ASSERT_EQ(b.Open().status, SYNCLINE_OK);
  EXPECT_EQ(a.Enumerate().records.at(0).id, "here.txt");
  EXPECT_EQ(b.Enumerate().records.at(0).id, "there.txt");
}

INSTANTIATE_TEST_SUITE_P(Providers, FolderContract,
                         ::testing::Values(SYNCLINE_SAMPLE "/notes.so",
                                           SYNCLINE_TEST_PROVIDERS "/print_on_load.so",
                                           SYNCLINE_TEST_PROVIDERS "/unruly.so",
                                           SYNCLINE_TEST_PROVIDERS "/lines.so"),
                         [](const ::testing::TestParamInfo<std::string>& test) {
                           const size_t slash = test.param.rfind('/');
                           return test.param.substr(slash + 1, test.param.size() - slash - 4);
                         });

TEST(Sample, IsShorterThan60Lines) {
  std::ifstream source(SYNCLINE_SOURCE "/sdk/sample/notes.cpp");
  const std::string text(std::istreambuf_iterator<char>(source), {});
  EXPECT_GT(text.size(), 0u);
  EXPECT_LT(std::count(text.begin(), text.end(), '\n'), 60);
}

TEST(Sample, OnlyTakesTextFilesForNotes) {
  TempDir temp;
  Tree folder(temp / "notes");
  folder.Write("note.txt", "a note\n");
  folder.Write("picture.png", "not a note");
  folder.Mkdir("folder.txt");
  Library library(SYNCLINE_SAMPLE "/notes.so");
  Instance notes(library, {{"location", folder.root()}});
  ASSERT_EQ(notes.Open().status, SYNCLINE_OK);
  const Ended listed = notes.Enumerate();
  ASSERT_EQ(listed.records.size(), 1u);
  EXPECT_EQ(listed.records[0].id, "note.txt");
  EXPECT_EQ(notes.Write({"", "picture.png", ""}, {"x"}).status, SYNCLINE_INVALID);
}

}  // namespace
}  // namespace syncline::testing
