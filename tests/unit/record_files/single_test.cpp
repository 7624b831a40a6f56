// One file with many records.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/scratch.h"
#include "tests/unit/record_files/toy.h"

namespace syncline::record_files_test {
namespace {

namespace fs = std::filesystem;
using syncline::testing::TempDir;
using ::testing::Test;
using Strings = std::vector<std::string>;

class Single : public Test {
 protected:
  Single() : path_(dir_ / "all.toy"), side_(path_) {
    Put(path_, "");
    EXPECT_EQ(side_.Open().status, SYNCLINE_OK);
  }
  void List() { ASSERT_EQ(side_.Enumerate().status, SYNCLINE_OK); }
  Seen Now(std::string_view key) {
    List();
    const Seen* found = side_.Find(key);
    EXPECT_NE(found, nullptr) << key;
    return found == nullptr ? Seen() : *found;
  }

  TempDir dir_;
  std::string path_;
  Side side_;
};

TEST_F(Single, AnEmptyFileIsAnEmptyReplica) {
  List();
  EXPECT_TRUE(side_.records.empty());
  EXPECT_TRUE(side_.aside.empty());
  EXPECT_EQ(side_.flags, static_cast<uint32_t>(SYNCLINE_ORDERED | SYNCLINE_LARGE_BATCHES));
}

TEST_F(Single, ListsItsRecordsInOrderOfTheirIds) {
  Put(path_, "head\n" + Toy("b/c", "1") + "between\n" + Toy("a%", "2") + "BEGIN b\nAT 7\nEND\n");
  List();
  ASSERT_EQ(side_.records.size(), 3u);
  EXPECT_EQ(side_.records[0].id, "a%25");
  EXPECT_EQ(side_.records[1].id, "b");
  EXPECT_EQ(side_.records[2].id, "b%2Fc") << "no container";
  EXPECT_EQ(side_.records[2].key, "b/c");
  EXPECT_EQ(side_.records[1].mtime_ns, 7);
  EXPECT_EQ(side_.records[0].mtime_ns, SYNCLINE_UNKNOWN_TIME) << "the file's says nothing of it";
  EXPECT_EQ(side_.records[0].media_type, "text/toy");
  std::string content;
  EXPECT_EQ(side_.Read("b%2Fc", &content).record.version, side_.records[2].version);
  EXPECT_EQ(content, Toy("b/c", "1"));
  EXPECT_EQ(side_.Title("a%25"), "Name of a%");
}

TEST_F(Single, AKeyThatStandsTwiceIsSetAsideOnceWithBothLines) {
  Put(path_, Toy("ada", "1") + Toy("bob", "1") + Toy("ada", "2"));
  List();
  EXPECT_EQ(side_.records.size(), 1u);
  ASSERT_EQ(side_.aside.size(), 1u);
  EXPECT_EQ(side_.aside[0].why, SYNCLINE_CLASH);
  EXPECT_EQ(side_.aside[0].record.key, "ada");
  EXPECT_NE(side_.aside[0].reason.find("line 1 and in line 7"), std::string::npos)
      << side_.aside[0].reason;
}

TEST_F(Single, BrokenAndHiddenRecordsAreSetAside) {
  Put(path_, "BEGIN shy\nHIDE\nEND\nBEGIN bad\nBAD it is odd\nEND\n" + Toy("ada", "1"));
  List();
  EXPECT_EQ(side_.records.size(), 1u);
  ASSERT_EQ(side_.aside.size(), 2u);
  EXPECT_EQ(side_.FindAside("bad")->reason, "\"all.toy\" line 4: it is odd");
  EXPECT_EQ(side_.FindAside("bad")->why, SYNCLINE_INVALID);
  EXPECT_EQ(side_.FindAside("shy")->why, SYNCLINE_OK);
}

TEST_F(Single, ARecordWithoutAKeyMeansThatNothingIsCalledGone) {
  Put(path_, Toy("ada", "1") + "BEGIN\nEND\n");
  EXPECT_EQ(side_.Enumerate().status, SYNCLINE_OK);
  ASSERT_EQ(side_.events.size(), 1u);
  EXPECT_NE(side_.events[0].find("line 4"), std::string::npos) << side_.events[0];
  ASSERT_EQ(side_.records.size(), 2u) << "the one that is known, and that there are others";
  EXPECT_EQ(side_.records[1].id, "");
  EXPECT_EQ(side_.records[1].flags, uint32_t{SYNCLINE_UNKNOWN});
}

TEST_F(Single, AFileThatIsCutShortMeansThatNothingIsCalledGone) {
  const std::string whole = Toy("ada", "1") + Toy("bob", "1") + Toy("cid", "1");
  Put(path_, whole.substr(0, whole.find("BEGIN bob") + 12));
  EXPECT_EQ(side_.Enumerate().status, SYNCLINE_OK);
  ASSERT_EQ(side_.events.size(), 1u);
  EXPECT_NE(side_.events[0].find("cut short"), std::string::npos) << side_.events[0];
  EXPECT_NE(side_.events[0].find("line 4"), std::string::npos) << side_.events[0];
  ASSERT_EQ(side_.records.size(), 2u);
  EXPECT_EQ(side_.records[1].id, "");
  Put(path_, "BEGIN bad\n" + whole);
  EXPECT_EQ(side_.Enumerate().status, SYNCLINE_OK) << "one without an end, and all the others";
  EXPECT_EQ(side_.records.size(), 3u);
  EXPECT_EQ(side_.aside.size(), 1u);
}

TEST_F(Single, AllChangesAreWrittenAtOnceAndTheRestStaysAsItIs) {
  Put(path_, "head\n" + Toy("ada", "1") + "between\r\n" + Toy("bob", "1") +
                 "BEGIN cid\nREV 4\nEND\n" + Toy("twin", "1") + Toy("twin", "2"));
  fs::permissions(path_, fs::perms(0640));
  List();
  const Seen ada = *side_.Find("ada");
  const Seen bob = *side_.Find("bob");
  EXPECT_EQ(side_.Replace(ada, Toy("ada", "2")).status, SYNCLINE_STAGED);
  EXPECT_EQ(side_.Remove(bob).status, SYNCLINE_STAGED);
  const Answer staged = side_.Create("e/f", Toy("e/f", "1"));
  std::string content;
  EXPECT_EQ(side_.Read("ada", &content).record.version, ada.version) << "as it is on the disk";
  const Answer stored = side_.Settled(staged);
  ASSERT_EQ(stored.status, SYNCLINE_OK) << stored.summary;
  EXPECT_EQ(stored.record.id, "e%2Ff");
  EXPECT_TRUE(side_.Result(2).removed);
  EXPECT_EQ(Get(path_), "head\n" + Toy("ada", "2") + "between\r\nBEGIN cid\nREV 4\nEND\n" +
                            Toy("twin", "1") + Toy("twin", "2") + Toy("e/f", "1"));
  EXPECT_EQ(fs::status(path_).permissions(), fs::perms(0640));
  EXPECT_EQ(Names(dir_.path()), Strings{"all.toy"});
  EXPECT_EQ(Now("ada").version, side_.Result(1).record.version);
  EXPECT_EQ(Now("e/f").version, stored.record.version);
}

TEST_F(Single, OnlyRecordsThatChangedMeanwhileConflict) {
  Put(path_, Toy("ada", "1") + Toy("bob", "1") + Toy("cid", "1"));
  List();
  const Seen ada = *side_.Find("ada");
  const Seen bob = *side_.Find("bob");
  const Seen cid = *side_.Find("cid");
  ASSERT_EQ(side_.Replace(ada, Toy("ada", "2")).status, SYNCLINE_STAGED);
  ASSERT_EQ(side_.Replace(bob, Toy("bob", "2")).status, SYNCLINE_STAGED);
  ASSERT_EQ(side_.Remove(cid).status, SYNCLINE_STAGED);
  ASSERT_EQ(side_.Create("eve", Toy("eve", "1")).status, SYNCLINE_STAGED);
  ASSERT_EQ(side_.Create("fay", Toy("fay", "1")).status, SYNCLINE_STAGED);
  // An editor saves: bob and cid changed, eve is new.
  Put(path_, Toy("eve", "mine") + Toy("ada", "1") + Toy("bob", "mine") + Toy("cid", "mine"));
  ASSERT_EQ(side_.Settle().status, SYNCLINE_OK);
  EXPECT_EQ(side_.Result(1).status, SYNCLINE_OK);
  EXPECT_EQ(side_.Result(2).status, SYNCLINE_CONFLICT);
  EXPECT_EQ(side_.Result(3).status, SYNCLINE_CONFLICT);
  EXPECT_EQ(side_.Result(4).status, SYNCLINE_CONFLICT);
  EXPECT_EQ(side_.Result(5).status, SYNCLINE_OK);
  EXPECT_EQ(Get(path_), Toy("eve", "mine") + Toy("ada", "2") + Toy("bob", "mine") +
                            Toy("cid", "mine") + Toy("fay", "1"));
  // And right when staged.
  EXPECT_EQ(side_.Replace(bob, Toy("bob", "3")).status, SYNCLINE_CONFLICT);
  EXPECT_EQ(side_.Remove(bob).status, SYNCLINE_CONFLICT);
}

TEST_F(Single, AnEditWhileItIsWrittenIsTakenIn) {
  Put(path_, Toy("ada", "1") + Toy("bob", "1"));
  List();
  const Seen ada = *side_.Find("ada");
  const Seen bob = *side_.Find("bob");
  int edits = 0;
  BeforeToyText([&] {
    if (edits++ < 2) {
      Put(path_, Toy("ada", "1") + Toy("bob", "edit " + std::to_string(edits)) + Toy("cid", "1"));
    }
  });
  ASSERT_EQ(side_.Replace(bob, Toy("bob", "2")).status, SYNCLINE_STAGED);
  const Answer stored = side_.Settled(side_.Replace(ada, Toy("ada", "2")));
  EXPECT_EQ(stored.status, SYNCLINE_OK) << stored.summary;
  EXPECT_EQ(side_.Result(1).status, SYNCLINE_CONFLICT);
  EXPECT_EQ(edits, 3);
  EXPECT_EQ(Get(path_), Toy("ada", "2") + Toy("bob", "edit 2") + Toy("cid", "1"));
  EXPECT_EQ(Names(dir_.path()), Strings{"all.toy"});
  BeforeToyText(nullptr);
}

TEST_F(Single, AFileThatIsWrittenToAllTheTimeIsLeftAlone) {
  Put(path_, Toy("ada", "1"));
  const Seen ada = Now("ada");
  std::string last;
  int edits = 0;
  BeforeToyText([&] {
    last = Toy("ada", "1") + "edit " + std::to_string(++edits) + "\n";
    Put(path_, last);
  });
  const Answer answer = side_.Settled(side_.Replace(ada, Toy("ada", "2")));
  BeforeToyText(nullptr);
  EXPECT_EQ(answer.status, SYNCLINE_CONFLICT);
  EXPECT_NE(answer.summary.find("another program"), std::string::npos) << answer.summary;
  EXPECT_EQ(Get(path_), last);
  EXPECT_EQ(Names(dir_.path()), Strings{"all.toy"});
}

TEST_F(Single, AnEditWithinTheSameTickIsSeen) {
  for (int i = 0; i < 5; ++i) {
    Put(path_, Toy("ada", "1"));
    const Seen ada = Now("ada");
    Put(path_, Toy("ada", "2"));
    EXPECT_EQ(side_.Replace(ada, Toy("ada", "3")).status, SYNCLINE_CONFLICT);
    EXPECT_NE(Now("ada").version, ada.version);
  }
}

TEST_F(Single, NothingIsWrittenWhenNothingChanges) {
  Put(path_, Toy("ada", "1"));
  const Seen ada = Now("ada");
  const fs::file_time_type before = fs::last_write_time(path_);
  Seen gone = ada;
  gone.id = "nobody";
  EXPECT_TRUE(side_.Settled(side_.Remove(gone)).removed);
  EXPECT_EQ(fs::last_write_time(path_), before);
}

TEST_F(Single, ACopyIsKeptBesideUnderAFreeKey) {
  Put(path_, Toy("ada", "1") + Toy("ada-B", "1"));
  List();
  ASSERT_EQ(side_.Beside("ada", Toy("ada", "2"), "B").status, SYNCLINE_STAGED);
  const Answer second = side_.Settled(side_.Beside("ada", Toy("ada", "3"), "B"));
  EXPECT_EQ(side_.Result(1).record.key, "ada-B 2");
  EXPECT_EQ(second.record.id, "ada-B 3");
  EXPECT_EQ(Get(path_),
            Toy("ada", "1") + Toy("ada-B", "1") + Toy("ada-B 2", "2") + Toy("ada-B 3", "3"));
}

TEST_F(Single, AChangeOfKeyMustNotMakeATwin) {
  Put(path_, Toy("ada", "1") + Toy("bob", "1"));
  const Seen ada = Now("ada");
  EXPECT_EQ(side_.Settled(side_.Replace(ada, Toy("bob", "2"))).status, SYNCLINE_CLASH);
  EXPECT_EQ(side_.Settled(side_.Replace(ada, Toy("eve", "2"))).status, SYNCLINE_OK);
  EXPECT_EQ(Get(path_), Toy("bob", "1") + Toy("eve", "2"));
}

TEST_F(Single, ARecordThatTheBookRefusesLeavesTheOldOneAndTheOthersGoOn) {
  Put(path_, Toy("ada", "1") + Toy("bob", "1"));
  List();
  const Seen ada = *side_.Find("ada");
  const Seen bob = *side_.Find("bob");
  EXPECT_EQ(side_.Replace(ada, Toy("eve", "REFUSE")).status, SYNCLINE_STAGED);
  EXPECT_EQ(side_.Settled(side_.Replace(bob, Toy("bob", "2"))).status, SYNCLINE_OK);
  EXPECT_EQ(side_.Result(1).status, SYNCLINE_INVALID);
  EXPECT_EQ(Get(path_), Toy("ada", "1") + Toy("bob", "2"));
}

TEST_F(Single, RefusesContentThatIsNotOneGoodRecord) {
  EXPECT_EQ(side_.Create("a", "").status, SYNCLINE_INVALID);
  EXPECT_EQ(side_.Create("a", Toy("a", "1") + Toy("b", "1")).status, SYNCLINE_INVALID);
  EXPECT_EQ(side_.Create("a", "BEGIN a\n").status, SYNCLINE_INVALID);
  EXPECT_EQ(side_.Settle().status, SYNCLINE_OK);
  EXPECT_EQ(Get(path_), "");
}

TEST_F(Single, AWriteProtectedFileTakesNoChanges) {
  Put(path_, Toy("ada", "1"));
  fs::permissions(path_, fs::perms(0444));
  const Seen ada = Now("ada");
  const Answer staged = side_.Replace(ada, Toy("ada", "2"));
  ASSERT_EQ(staged.status, SYNCLINE_STAGED);
  const Answer settled = side_.Settle();
  EXPECT_EQ(settled.status, SYNCLINE_UNWRITABLE);
  EXPECT_NE(settled.summary.find("write-protected"), std::string::npos);
  EXPECT_EQ(side_.Result(side_.last_ticket()).status, SYNCLINE_UNWRITABLE);
  EXPECT_EQ(Get(path_), Toy("ada", "1"));
  EXPECT_EQ(Names(dir_.path()), Strings{"all.toy"});
}

TEST_F(Single, AFileThatVanishesMeanwhileIsNotMadeAgain) {
  Put(path_, Toy("ada", "1"));
  const Seen ada = Now("ada");
  ASSERT_EQ(side_.Replace(ada, Toy("ada", "2")).status, SYNCLINE_STAGED);
  fs::remove(path_);
  EXPECT_EQ(side_.Settle().status, SYNCLINE_NOT_FOUND);
  EXPECT_EQ(side_.Result(side_.last_ticket()).status, SYNCLINE_NOT_FOUND);
  EXPECT_TRUE(Names(dir_.path()).empty());
  EXPECT_EQ(side_.Enumerate().status, SYNCLINE_NOT_FOUND);
}

TEST_F(Single, LeftoversBesideTheFileGo) {
  Put(path_, Toy("ada", "1"));
  // The prefix of this item and side, as a folder there would use it.
  {
    Side folder(dir_.path());
    ASSERT_EQ(folder.Open().status, SYNCLINE_OK);
    ASSERT_EQ(folder.Create("x", Toy("x", "1")).status, SYNCLINE_STAGED);
    std::string name;
    for (const std::string& each : Names(dir_.path())) {
      if (each.starts_with(".")) name = each;
    }
    fs::copy_file(dir_ / name, dir_ / (name + "9"));
  }
  Put(dir_ / ".syncline-part-0123456789abcdef-1", "of another item");
  EXPECT_EQ(Names(dir_.path()).size(), 3u);
  List();
  EXPECT_EQ(Names(dir_.path()), (Strings{".syncline-part-0123456789abcdef-1", "all.toy"}));
}

TEST_F(Single, ALinkToTheFileStaysALink) {
  TempDir elsewhere;
  Put(path_, Toy("ada", "1"));
  fs::create_symlink(path_, elsewhere / "link.toy");
  Side side(elsewhere / "link.toy");
  ASSERT_EQ(side.Open().status, SYNCLINE_OK);
  EXPECT_EQ(side.identity, side_.identity);
  ASSERT_EQ(side.Enumerate().status, SYNCLINE_OK);
  EXPECT_EQ(side.Settled(side.Replace(*side.Find("ada"), Toy("ada", "2"))).status, SYNCLINE_OK);
  EXPECT_EQ(Get(path_), Toy("ada", "2"));
  EXPECT_TRUE(fs::is_symlink(elsewhere / "link.toy"));
  EXPECT_EQ(Names(elsewhere.path()), Strings{"link.toy"});
}

TEST_F(Single, AnEditorThatPutsANewFileThereIsTheSamePlace) {
  Put(dir_ / "new", Toy("ada", "1"));
  fs::rename(dir_ / "new", path_);
  Side again(path_);
  ASSERT_EQ(again.Open().status, SYNCLINE_OK);
  EXPECT_EQ(again.identity, side_.identity);
  Put(dir_ / "other.toy", "");
  Side other(dir_ / "other.toy");
  ASSERT_EQ(other.Open().status, SYNCLINE_OK);
  EXPECT_NE(other.identity, side_.identity);
}

TEST_F(Single, TwentyThousandRecordsAreParsedTwiceForAWholeTurn) {
  constexpr int kRecords = 20'000;
  std::string text;
  for (int i = 0; i < kRecords; ++i) text += Toy("k" + std::to_string(i), "1");
  Put(path_, text);
  List();
  ASSERT_EQ(side_.records.size(), size_t{kRecords});
  const uint64_t before = ToyParses();
  std::string content;
  for (const Seen& record : side_.records) {
    ASSERT_EQ(side_.Read(record.id, &content).status, SYNCLINE_OK);
  }
  EXPECT_EQ(ToyParses(), before) << "reading a record must not parse the file";
  for (int i = 0; i < kRecords; i += 2) {
    const std::string key = "k" + std::to_string(i);
    const auto at = static_cast<size_t>(i);
    if (i % 4 == 0) {
      side_.Remove(side_.records[at]);
    } else {
      side_.Replace(side_.records[at], Toy(side_.records[at].key, "2"));
    }
    side_.Create("n" + key, Toy("n" + key, "1"));
  }
  ASSERT_EQ(side_.Settle().status, SYNCLINE_OK);
  for (uint64_t ticket = 1; ticket <= side_.last_ticket(); ++ticket) {
    ASSERT_EQ(side_.Result(ticket).status, SYNCLINE_OK);
  }
  // Each content is parsed when it is staged and when it is put into the book; the file not again.
  EXPECT_LE(ToyParses(), before + kRecords);
  List();
  EXPECT_EQ(side_.records.size(), size_t{kRecords} + kRecords / 4);
}

TEST_F(Single, KeepsNoDescriptorOpen) {
  Put(path_, Toy("ada", "1"));
  List();
  const size_t before = OpenDescriptors();
  for (int round = 0; round < 3; ++round) {
    List();
    ASSERT_EQ(
        side_.Settled(side_.Replace(side_.records[0], Toy("ada", std::to_string(round)))).status,
        SYNCLINE_OK);
  }
  EXPECT_EQ(OpenDescriptors(), before);
}

}  // namespace
}  // namespace syncline::record_files_test
