// A folder with one file for each record.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "tests/support/scratch.h"
#include "tests/unit/record_files/toy.h"

namespace syncline::record_files_test {
namespace {

namespace fs = std::filesystem;
using syncline::testing::TempDir;
using ::testing::Test;
using Strings = std::vector<std::string>;

class Folder : public Test {
 protected:
  Folder() : side_(dir_.path()) { EXPECT_EQ(side_.Open().status, SYNCLINE_OK); }
  void PutToy(const std::string& name, std::string_view content) { Put(dir_ / name, content); }
  void List() { ASSERT_EQ(side_.Enumerate().status, SYNCLINE_OK); }
  Seen Now(std::string_view key) {
    List();
    const Seen* found = side_.Find(key);
    EXPECT_NE(found, nullptr) << key;
    return found == nullptr ? Seen() : *found;
  }
  // A rule for file times: what was written a tick ago needs no second read.
  static void Settled() { usleep(30'000); }

  TempDir dir_;
  Side side_;
};

TEST_F(Folder, ListsOneRecordForEachFileInOrderOfTheNames) {
  PutToy("b.toy", Toy("ada", "tel 1"));
  PutToy("a.toy", "BEGIN bob\nAT 77\nEND\n");
  PutToy("B.TOY", Toy("eve", "tel 3"));
  List();
  ASSERT_EQ(side_.records.size(), 3u);
  EXPECT_EQ(side_.flags & SYNCLINE_ORDERED, SYNCLINE_ORDERED);
  EXPECT_EQ(side_.flags & SYNCLINE_LARGE_BATCHES, 0u);
  EXPECT_EQ(side_.records[0].id, "B.TOY");
  EXPECT_EQ(side_.records[1].id, "a.toy");
  EXPECT_EQ(side_.records[2].id, "b.toy");
  const Seen& ada = side_.records[2];
  EXPECT_EQ(ada.key, "ada");
  EXPECT_EQ(ada.name, "Name of ada");
  EXPECT_EQ(ada.media_type, "text/toy");
  EXPECT_EQ(ada.size, Toy("ada", "tel 1").size());
  EXPECT_EQ(ada.flags, static_cast<uint32_t>(SYNCLINE_MERGEABLE));
  EXPECT_FALSE(ada.identity.empty());
  EXPECT_GT(ada.mtime_ns, 0) << "the file's time, for want of one in the record";
  EXPECT_EQ(side_.records[1].mtime_ns, 77);
}

TEST_F(Folder, OtherFilesHiddenFilesAndSubfoldersAreIgnored) {
  PutToy("notes.txt", Toy("n", "1"));
  PutToy(".hidden.toy", Toy("h", "1"));
  fs::create_directory(dir_ / "sub.toy");
  List();
  EXPECT_TRUE(side_.records.empty());
  EXPECT_TRUE(side_.aside.empty());
}

TEST_F(Folder, APipeIsSetAsideAndNotOpened) {
  ASSERT_EQ(mkfifo((dir_ / "ada.toy").c_str(), 0600), 0);
  // Whoever writes into it would lose that to the first reader.
  const int writer = open((dir_ / "ada.toy").c_str(), O_RDWR | O_NONBLOCK);
  ASSERT_GE(writer, 0);
  const auto before = fs::last_write_time(dir_ / "ada.toy");
  List();
  EXPECT_TRUE(side_.records.empty());
  ASSERT_EQ(side_.aside.size(), 1u);
  EXPECT_EQ(side_.aside[0].record.id, "ada.toy");
  EXPECT_EQ(side_.aside[0].why, SYNCLINE_INVALID);
  EXPECT_EQ(side_.aside[0].reason,
            "\"ada.toy\" is a link or no plain file, which is not followed. Put a copy of the file "
            "there.");
  EXPECT_EQ(fs::last_write_time(dir_ / "ada.toy"), before);
  close(writer);
  EXPECT_EQ(side_.Settled(side_.Create("ada", Toy("ada", "1"))).status, SYNCLINE_OK);
  EXPECT_EQ(Get(dir_ / "ada-2.toy"), Toy("ada", "1")) << "its name is taken";
}

TEST_F(Folder, ALinkIsSetAsideAndNotFollowed) {
  PutToy("real.txt", Toy("ada", "1"));
  fs::create_symlink(dir_ / "real.txt", dir_ / "link.toy");
  List();
  EXPECT_TRUE(side_.records.empty());
  ASSERT_EQ(side_.aside.size(), 1u);
  EXPECT_EQ(side_.aside[0].why, SYNCLINE_INVALID);
  EXPECT_NE(side_.aside[0].reason.find("link"), std::string::npos);
}

TEST_F(Folder, ATouchOrAnUncountedChangeIsNoChange) {
  PutToy("a.toy", Toy("ada", "tel 1"));
  const std::string before = Now("ada").version;
  fs::last_write_time(dir_ / "a.toy", fs::file_time_type::clock::now() - std::chrono::hours(1));
  EXPECT_EQ(Now("ada").version, before);
  PutToy("a.toy", "BEGIN ada\nREV 9\ntel 1\nEND\n");
  EXPECT_EQ(Now("ada").version, before);
  PutToy("a.toy", Toy("ada", "tel 2"));
  EXPECT_NE(Now("ada").version, before);
}

TEST_F(Folder, AFileThatDidNotChangeIsReadOnce) {
  for (int i = 0; i < 20; ++i) {
    PutToy(std::to_string(i) + ".toy", Toy("k" + std::to_string(i), "1"));
  }
  Settled();
  List();
  const uint64_t before = ToyParses();
  List();
  std::string content;
  EXPECT_EQ(side_.Read("7.toy", &content).status, SYNCLINE_OK);
  EXPECT_EQ(content, Toy("k7", "1"));
  EXPECT_EQ(ToyParses(), before);
  PutToy("7.toy", Toy("k7", "2"));
  List();
  EXPECT_EQ(ToyParses(), before + 1);
}

TEST_F(Folder, AnEditWithinTheSameTickIsSeen) {
  for (int i = 0; i < 20; ++i) {
    PutToy("a.toy", Toy("ada", "1"));
    const std::string before = Now("ada").version;
    PutToy("a.toy", Toy("ada", "2"));
    EXPECT_NE(Now("ada").version, before);
  }
}

TEST_F(Folder, FilesThatHoldNoOrManyOrBrokenRecordsAreSetAside) {
  PutToy("empty.toy", "");
  PutToy("many.toy", Toy("one", "1") + Toy("two", "2"));
  PutToy("broken.toy", "text\nBEGIN bad\ntel\n");
  PutToy("hidden.toy", "BEGIN shy\nHIDE\nEND\n");
  PutToy("nameless.toy", "BEGIN\ntel 1\nEND\n");
  PutToy("good.toy", Toy("ada", "1"));
  Put(dir_ / "big.toy", std::string((16 << 20) + 1, 'x'));
  List();
  ASSERT_EQ(side_.records.size(), 1u);
  std::map<std::string, SetAside> aside;
  for (const SetAside& one : side_.aside) aside[one.record.id + "|" + one.record.key] = one;
  ASSERT_EQ(aside.size(), 7u);
  EXPECT_EQ(aside.at("empty.toy|").reason, "\"empty.toy\" holds no toy. Remove or correct it.");
  EXPECT_EQ(aside.at("empty.toy|").why, SYNCLINE_INVALID);
  const SetAside& many = aside.at("many.toy|one");
  EXPECT_EQ(many.why, SYNCLINE_INVALID);
  EXPECT_NE(many.reason.find("holds 2 toys"), std::string::npos) << many.reason;
  EXPECT_EQ(aside.at("many.toy|two").why, SYNCLINE_OK) << "nor is anything concluded about it";
  EXPECT_EQ(aside.at("broken.toy|bad").reason, "\"broken.toy\" line 2: it has no END");
  EXPECT_EQ(aside.at("broken.toy|bad").why, SYNCLINE_INVALID);
  EXPECT_EQ(aside.at("hidden.toy|shy").why, SYNCLINE_OK);
  EXPECT_EQ(aside.at("nameless.toy|").why, SYNCLINE_INVALID);
  EXPECT_NE(aside.at("big.toy|").reason.find("16 MiB"), std::string::npos);
}

TEST_F(Folder, AKeyInSeveralFilesSetsAllAsideAndIsToldOnce) {
  PutToy("a.toy", "BEGIN ada\nBAD it is broken\nEND\n");
  PutToy("b.toy", Toy("ada", "1"));
  PutToy("c.toy", Toy("ada", "2"));
  PutToy("d.toy", Toy("bob", "1"));
  PutToy("e.toy", Toy("bob", "2"));
  PutToy("f.toy", Toy("eve", "1"));
  List();
  EXPECT_EQ(side_.records.size(), 1u);
  std::map<std::string, SetAside> aside;
  for (const SetAside& one : side_.aside) aside[one.record.id + "|" + one.record.key] = one;
  ASSERT_EQ(aside.size(), 5u);
  EXPECT_EQ(aside.at("a.toy|ada").why, SYNCLINE_INVALID) << "it has something of its own to tell";
  EXPECT_EQ(aside.at("b.toy|ada").why, SYNCLINE_CLASH);
  EXPECT_EQ(
      aside.at("b.toy|ada").reason,
      "The toy \"ada\" stands in \"b.toy\" and in \"a.toy\" and in 1 more. Keep one of them.");
  EXPECT_EQ(aside.at("c.toy|ada").why, SYNCLINE_OK);
  EXPECT_EQ(aside.at("d.toy|bob").reason,
            "The toy \"bob\" stands in \"d.toy\" and in \"e.toy\". Keep one of them.");
  EXPECT_EQ(aside.at("e.toy|bob").why, SYNCLINE_OK);
}

TEST_F(Folder, WhatIsWrongWithAFileSaysMoreThanHowManyPiecesItFellInto) {
  PutToy("cut.toy", Toy("ada", "1") + "BEGIN\nBAD it was cut off\nEND\n");
  PutToy("many.toy", Toy("bob", "1") + Toy("eve", "1") + "BEGIN\nBAD it was cut off\nEND\n");
  List();
  ASSERT_GE(side_.aside.size(), 2u);
  EXPECT_EQ(side_.FindAside("ada")->reason, "\"cut.toy\" line 4: it was cut off");
  EXPECT_EQ(side_.FindAside("bob")->reason,
            "\"many.toy\" holds 2 toys. Sync that file as a single file, or split it into one file "
            "for each.");
}

TEST_F(Folder, ANewRecordIsVisibleWhenSettledAndListedAsItWasReported) {
  const Answer staged = side_.Create("ada", Toy("ada", "1"));
  ASSERT_EQ(staged.status, SYNCLINE_STAGED) << staged.summary;
  EXPECT_EQ(Get(dir_ / "ada.toy"), "(none)");
  const Answer stored = side_.Settled(staged);
  ASSERT_EQ(stored.status, SYNCLINE_OK) << stored.summary;
  EXPECT_EQ(Get(dir_ / "ada.toy"), Toy("ada", "1"));
  const Seen listed = Now("ada");
  EXPECT_EQ(stored.record.id, "ada.toy");
  EXPECT_EQ(listed.version, stored.record.version);
  EXPECT_EQ(listed.identity, stored.record.identity);
  EXPECT_EQ(Names(dir_.path()), Strings{"ada.toy"});
}

TEST_F(Folder, FileNamesComeFromKeysThatEveryDiskCanHold) {
  PutToy("ada.toy", Toy("other", "1"));
  const std::string odd[] = {"a/b", ".dot", "sp ace", std::string(101, 'x'), "\xc3\xa4"};
  for (const std::string& key : odd) side_.Create(key, Toy(key, "1"));
  side_.Create("Ada", Toy("Ada", "1"));
  side_.Create("a-b_c.d@e", Toy("a-b_c.d@e", "1"));
  ASSERT_EQ(side_.Settle().status, SYNCLINE_OK);
  for (const std::string& key : odd) {
    const std::string id = Now(key).id;
    EXPECT_EQ(id.size(), 36u) << id;
    EXPECT_EQ(id.find_first_not_of("0123456789abcdef.toy"), std::string::npos) << id;
  }
  EXPECT_EQ(Now("Ada").id, "Ada-2.toy") << "a disk may ignore letter case";
  EXPECT_EQ(Now("a-b_c.d@e").id, "a-b_c.d@e.toy");
}

TEST_F(Folder, ReplacesWhatIsAsExpectedAndKeepsItsPermissions) {
  PutToy("a.toy", Toy("ada", "1"));
  fs::permissions(dir_ / "a.toy", fs::perms(0640));
  const Seen ada = Now("ada");
  const Answer stored = side_.Settled(side_.Replace(ada, Toy("ada", "2")));
  ASSERT_EQ(stored.status, SYNCLINE_OK) << stored.summary;
  EXPECT_EQ(Get(dir_ / "a.toy"), Toy("ada", "2"));
  EXPECT_EQ(fs::status(dir_ / "a.toy").permissions(), fs::perms(0640));
  EXPECT_EQ(Names(dir_.path()), Strings{"a.toy"});
  EXPECT_EQ(Now("ada").version, stored.record.version);
  // A second time in the same turn, now with the version that was reported.
  EXPECT_EQ(side_.Settled(side_.Replace(stored.record, Toy("ada", "3"))).status, SYNCLINE_OK);
  EXPECT_EQ(Get(dir_ / "a.toy"), Toy("ada", "3"));
}

TEST_F(Folder, WhatChangedIsNotReplacedOrRemoved) {
  PutToy("a.toy", Toy("ada", "1"));
  PutToy("b.toy", Toy("bob", "1"));
  PutToy("c.toy", Toy("cid", "1"));
  Settled();
  List();
  const Seen ada = *side_.Find("ada");
  const Seen bob = *side_.Find("bob");
  const Seen cid = *side_.Find("cid");
  PutToy("a.toy", Toy("ada", "mine"));
  EXPECT_EQ(side_.Replace(ada, Toy("ada", "2")).status, SYNCLINE_CONFLICT) << "when staged";
  EXPECT_EQ(side_.Remove(ada).status, SYNCLINE_CONFLICT);
  // Between staging and settling.
  ASSERT_EQ(side_.Replace(bob, Toy("bob", "2")).status, SYNCLINE_STAGED);
  const uint64_t replaced = side_.last_ticket();
  ASSERT_EQ(side_.Remove(cid).status, SYNCLINE_STAGED);
  const uint64_t removed = side_.last_ticket();
  PutToy("b.toy", Toy("bob", "mine"));
  PutToy("c.toy", Toy("cid", "mine"));
  EXPECT_EQ(side_.Settle().status, SYNCLINE_OK);
  EXPECT_EQ(side_.Result(replaced).status, SYNCLINE_CONFLICT);
  EXPECT_EQ(side_.Result(removed).status, SYNCLINE_CONFLICT);
  EXPECT_EQ(Get(dir_ / "a.toy"), Toy("ada", "mine"));
  EXPECT_EQ(Get(dir_ / "b.toy"), Toy("bob", "mine"));
  EXPECT_EQ(Get(dir_ / "c.toy"), Toy("cid", "mine"));
  EXPECT_EQ(Names(dir_.path()), (Strings{"a.toy", "b.toy", "c.toy"}));
}

TEST_F(Folder, AnUncountedChangeMeanwhileIsNoConflict) {
  PutToy("a.toy", Toy("ada", "1"));
  const Seen ada = Now("ada");
  const Answer staged = side_.Replace(ada, Toy("ada", "2"));
  PutToy("a.toy", "BEGIN ada\nREV 3\n1\nEND\n");
  EXPECT_EQ(side_.Settled(staged).status, SYNCLINE_OK);
  EXPECT_EQ(Get(dir_ / "a.toy"), Toy("ada", "2"));
}

TEST_F(Folder, ARecordMadeMeanwhileUnderAnyNameIsAConflict) {
  List();
  const Answer staged = side_.Create("ada", Toy("ada", "1"));
  PutToy("elsewhere.toy", Toy("ada", "mine"));
  EXPECT_EQ(side_.Settled(staged).status, SYNCLINE_CONFLICT);
  EXPECT_EQ(Names(dir_.path()), Strings{"elsewhere.toy"});
}

TEST_F(Folder, ANameTakenMeanwhileIsLeftAlone) {
  List();
  const Answer staged = side_.Create("ada", Toy("ada", "1"));
  fs::create_directory(dir_ / "ada.toy");
  const Answer stored = side_.Settled(staged);
  EXPECT_EQ(stored.status, SYNCLINE_OK);
  EXPECT_EQ(stored.record.id, "ada-2.toy");
}

TEST_F(Folder, RemovesWhatIsAsExpected) {
  PutToy("a.toy", Toy("ada", "1"));
  const Seen ada = Now("ada");
  const Answer removed = side_.Settled(side_.Remove(ada));
  EXPECT_EQ(removed.status, SYNCLINE_OK);
  EXPECT_TRUE(removed.removed);
  EXPECT_TRUE(Names(dir_.path()).empty());
  EXPECT_EQ(side_.Settled(side_.Remove(ada)).status, SYNCLINE_OK) << "already gone";
}

TEST_F(Folder, ACopyIsKeptBesideUnderAFreeKey) {
  PutToy("a.toy", Toy("ada", "1"));
  PutToy("b.toy", Toy("ada-B", "1"));
  List();
  ASSERT_EQ(side_.Beside("ada", Toy("ada", "2"), "B").status, SYNCLINE_STAGED);
  const uint64_t first = side_.last_ticket();
  const Answer second = side_.Settled(side_.Beside("ada", Toy("ada", "3"), "B"));
  EXPECT_EQ(side_.Result(first).record.key, "ada-B 2");
  EXPECT_EQ(second.record.key, "ada-B 3");
  EXPECT_EQ(Get(dir_ / second.record.id), Toy("ada-B 3", "3"));
  EXPECT_EQ(Get(dir_ / "a.toy"), Toy("ada", "1"));
}

TEST_F(Folder, RefusesContentThatIsNotOneGoodRecord) {
  for (const std::string& content :
       {std::string(), Toy("a", "1") + Toy("b", "1"), std::string("BEGIN a\nBAD broken\nEND\n")}) {
    const Answer refused = side_.Create("a", content);
    EXPECT_EQ(refused.status, SYNCLINE_INVALID);
    EXPECT_FALSE(refused.summary.empty());
  }
  EXPECT_TRUE(Names(dir_.path()).empty());
}

TEST_F(Folder, AChangeOfKeyMustNotMakeATwin) {
  PutToy("a.toy", Toy("ada", "1"));
  PutToy("b.toy", Toy("bob", "1"));
  const Seen ada = Now("ada");
  EXPECT_EQ(side_.Settled(side_.Replace(ada, Toy("bob", "2"))).status, SYNCLINE_CLASH);
  EXPECT_EQ(Get(dir_ / "a.toy"), Toy("ada", "1"));
  EXPECT_EQ(side_.Settled(side_.Replace(ada, Toy("eve", "2"))).status, SYNCLINE_OK);
  EXPECT_EQ(Now("eve").id, "a.toy");
}

TEST_F(Folder, ReadGivesTheContentAndTheVersionOfJustThat) {
  PutToy("a.toy", Toy("ada", "1"));
  const Seen ada = Now("ada");
  std::string content;
  EXPECT_EQ(side_.Read("a.toy", &content).record.version, ada.version);
  PutToy("a.toy", Toy("ada", "2"));
  const Answer read = side_.Read("a.toy", &content);
  EXPECT_EQ(content, Toy("ada", "2"));
  EXPECT_NE(read.record.version, ada.version);
  EXPECT_EQ(side_.Title("a.toy"), "Name of ada");
  fs::remove(dir_ / "a.toy");
  EXPECT_EQ(side_.Read("a.toy", &content).status, SYNCLINE_NOT_FOUND);
  EXPECT_EQ(side_.Read("../a.toy", &content).status, SYNCLINE_NOT_FOUND);
  EXPECT_EQ(side_.Read("x/../a.toy", &content).status, SYNCLINE_FAILED);
}

TEST_F(Folder, WhatWasNeverSettledIsRemoved) {
  {
    Side other(dir_.path(), "b");
    ASSERT_EQ(other.Open().status, SYNCLINE_OK);
    ASSERT_EQ(other.Create("ada", Toy("ada", "1")).status, SYNCLINE_STAGED);
    EXPECT_EQ(Names(dir_.path()).size(), 1u);
  }
  EXPECT_TRUE(Names(dir_.path()).empty());
}

// The name of a temporary file of this item and side, as it would be left behind.
std::string LeftOver(const std::string& folder) {
  std::string name;
  Side side(folder);
  EXPECT_EQ(side.Open().status, SYNCLINE_OK);
  EXPECT_EQ(side.Enumerate().status, SYNCLINE_OK);
  if (side.records.empty()) {
    EXPECT_EQ(side.Create("x", Toy("x", "1")).status, SYNCLINE_STAGED);
  } else {
    EXPECT_EQ(side.Replace(side.records[0], Toy(side.records[0].key, "new")).status,
              SYNCLINE_STAGED);
  }
  for (const std::string& each : Names(folder)) {
    if (each.starts_with(".syncline-part-")) name = each;
  }
  return name;
}

TEST_F(Folder, LeftoversGoButNotThoseOfOthers) {
  const std::string mine = LeftOver(dir_.path());
  ASSERT_FALSE(mine.empty());
  PutToy(mine, "half");
  PutToy(".syncline-part-0123456789abcdef-1", "of another item");
  List();
  EXPECT_EQ(Names(dir_.path()), Strings{".syncline-part-0123456789abcdef-1"});
}

TEST_F(Folder, AnEditThatAKilledSyncPushedAsideIsKept) {
  PutToy("a.toy", Toy("ada", "1"));
  const std::string name = LeftOver(dir_.path());
  // As if the exchange had just happened: the old inode under the temporary name, edited.
  fs::rename(dir_ / "a.toy", dir_ / name);
  PutToy(name, Toy("ada", "edited"));
  PutToy("a.toy", Toy("ada", "new"));
  List();
  EXPECT_EQ(Get(dir_ / "recovered by Syncline.toy"), Toy("ada", "edited"));
  EXPECT_EQ(side_.events.size(), 1u);
  EXPECT_EQ(side_.aside.size(), 2u) << "both have the same key";
}

TEST_F(Folder, EqualDigestsAreTheSame) {
  TempDir there;
  PutToy("a.toy", Toy("ada", "1"));
  Put(there / "x.toy", "BEGIN ada\nREV 5\n1\nEND\n");
  Side other(there.path(), "b");
  ASSERT_EQ(other.Open().status, SYNCLINE_OK);
  ASSERT_EQ(other.Enumerate().status, SYNCLINE_OK);
  const Seen ada = Now("ada");
  const Seen theirs = *other.Find("ada");
  int32_t verdict = 0;
  EXPECT_EQ(side_.Compare(ada.id, ada.version, &other, theirs.id, theirs.version, &verdict).status,
            SYNCLINE_OK);
  EXPECT_EQ(verdict, SYNCLINE_SAME);
  Put(there / "x.toy", Toy("ada", "2"));
  EXPECT_EQ(side_.Compare(ada.id, ada.version, &other, theirs.id, theirs.version, &verdict).status,
            SYNCLINE_CONFLICT);
  ASSERT_EQ(other.Enumerate().status, SYNCLINE_OK);
  const std::string now = other.Find("ada")->version;
  EXPECT_EQ(side_.Compare(ada.id, ada.version, &other, theirs.id, now, &verdict).status,
            SYNCLINE_OK);
  EXPECT_EQ(verdict, SYNCLINE_DIFFERENT);
}

TEST_F(Folder, MergesThroughTheFormat) {
  std::string merged;
  EXPECT_EQ(side_.Merge("1", "1", "2", &merged).status, SYNCLINE_OK);
  EXPECT_EQ(merged, "2");
  const Answer differs = side_.Merge("1", "2", "3", &merged);
  EXPECT_EQ(differs.status, SYNCLINE_CONFLICT);
  EXPECT_EQ(differs.setting, "line");
}

TEST_F(Folder, KeepsNoDescriptorOpen) {
  for (int i = 0; i < 10; ++i) {
    PutToy(std::to_string(i) + ".toy", Toy("k" + std::to_string(i), "1"));
  }
  List();
  const size_t before = OpenDescriptors();
  for (int round = 0; round < 3; ++round) {
    List();
    for (const Seen& record : std::vector<Seen>(side_.records)) {
      std::string content;
      side_.Read(record.id, &content);
      side_.Replace(record, Toy(record.key, std::to_string(round)));
    }
    ASSERT_EQ(side_.Settle().status, SYNCLINE_OK);
  }
  EXPECT_EQ(OpenDescriptors(), before);
}

}  // namespace
}  // namespace syncline::record_files_test
