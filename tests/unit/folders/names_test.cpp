// Names: free ones beside others, hard links, and what a place cannot hold or tell apart.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/folders/pair.h"

namespace syncline::folders_test {
namespace {

TEST(Beside, TakesAFreeNameMadeFromTheLabel) {
  Pair p;
  Put(p.top_a / "report.txt", "theirs");
  Put(p.top_b / "report.txt", "mine");
  std::string from = p.a.Now("report.txt").version;
  ASSERT_EQ(
      p.b.Copy(&p.a, "report.txt", from, "report.txt", "", SYNCLINE_BESIDE, "from A/B").status,
      SYNCLINE_STAGED);
  ASSERT_EQ(
      p.b.Copy(&p.a, "report.txt", from, "report.txt", "", SYNCLINE_BESIDE, "from A/B").status,
      SYNCLINE_STAGED);
  Answer stored = p.b.Settled();
  EXPECT_EQ(stored.record.id, "report (from A-B 2).txt");
  EXPECT_EQ(
      AllNames(p.top_b.path()),
      (std::vector<std::string>{"report (from A-B 2).txt", "report (from A-B).txt", "report.txt"}));
  EXPECT_EQ(Get(p.top_b / "report.txt"), "mine");
}

TEST(Beside, CutsANameThatWouldBecomeTooLong) {
  Pair p;
  std::string name = std::string(250, 'n') + ".txt";
  Put(p.top_a / name, "x");
  Put(p.top_b / name, "y");
  ASSERT_EQ(p.b.Copy(&p.a, name, p.a.Now(name).version, name, "", SYNCLINE_BESIDE, "B").status,
            SYNCLINE_STAGED);
  Answer stored = p.b.Settled();
  EXPECT_EQ(stored.record.id.size(), 255u);
  EXPECT_EQ(stored.record.id.substr(247), " (B).txt");
}

TEST(HardLinks, AreSeparateFilesUnlessKept) {
  for (bool keep : {false, true}) {
    Pair p(keep ? With("hardlinks", "keep") : Side::Settings{});
    Put(p.top_a / "one", "x");
    MakeFolder(p.top_a / "d");
    ASSERT_EQ(link((p.top_a / "one").c_str(), (p.top_a / "d/two").c_str()), 0);
    ASSERT_EQ(link((p.top_a / "one").c_str(), (p.top_a / "three").c_str()), 0);
    CopyAll(&p.a, &p.b);
    EXPECT_EQ(InodeOf(p.top_b / "one") == InodeOf(p.top_b / "d/two"), keep);
    EXPECT_EQ(InodeOf(p.top_b / "one") == InodeOf(p.top_b / "three"), keep);
    ASSERT_EQ(p.b.Enumerate().status, SYNCLINE_OK);
    for (const auto& [ticket, result] : p.b.results()) {
      EXPECT_EQ(result.record.version, p.b.Find(result.record.id)->version) << result.record.id;
    }
  }
}

TEST(HardLinks, KeptOnesStayLinkedWhenTheFileChanges) {
  Pair p(With("hardlinks", "keep"));
  Put(p.top_a / "one", "x");
  ASSERT_EQ(link((p.top_a / "one").c_str(), (p.top_a / "two").c_str()), 0);
  CopyAll(&p.a, &p.b);
  Put(p.top_a / "one", "changed");
  std::string one = p.a.Now("one").version;
  std::string two = p.a.Now("two").version;
  std::string old_one = p.b.Now("one").version;
  std::string old_two = p.b.Now("two").version;
  ASSERT_EQ(p.b.Copy(&p.a, "one", one, "one", old_one).status, SYNCLINE_STAGED);
  ASSERT_EQ(p.b.Copy(&p.a, "two", two, "two", old_two).status, SYNCLINE_STAGED);
  ASSERT_EQ(p.b.Settled().status, SYNCLINE_OK);
  EXPECT_EQ(Get(p.top_b / "two"), "changed");
  EXPECT_EQ(InodeOf(p.top_b / "one"), InodeOf(p.top_b / "two"));
  EXPECT_EQ(AllNames(p.top_b.path()).size(), 2u);
}

TEST(Portable, RefusesNamesThatDifferOnlyInCaseOrNormalisation) {
  Pair p(With("names", "portable"));
  Put(p.top_b / "Report.txt", "there");
  Put(p.top_b / "caf\xc3\xa9", "there");
  Answer answer = p.b.Write(Wanted("report.TXT"), "x", "");
  EXPECT_EQ(answer.status, SYNCLINE_CLASH);
  EXPECT_NE(answer.summary.find("\"Report.txt\""), std::string::npos) << answer.summary;
  EXPECT_EQ(p.b.Write(Wanted("cafe\xcc\x81"), "x", "").status, SYNCLINE_CLASH);
  EXPECT_EQ(p.b.Write(Wanted("CAF\xc3\x89"), "x", "").status, SYNCLINE_CLASH);
  EXPECT_EQ(p.b.Write(Wanted("new"), "x", "").status, SYNCLINE_STAGED);
  EXPECT_EQ(p.b.Write(Wanted("NEW"), "x", "").status, SYNCLINE_CLASH) << "staged ones count";
  EXPECT_EQ(p.b.Settle().status, SYNCLINE_OK);
  EXPECT_EQ(AllNames(p.top_b.path()).size(), 3u);
  std::string version = p.b.Now("new").version;
  EXPECT_EQ(p.b.Move("new", version, "REPORT.txt").status, SYNCLINE_CLASH);
  EXPECT_EQ(p.b.Move("new", version, "New").status, SYNCLINE_OK) << "itself is no clash";
  EXPECT_TRUE(Exists(p.top_b / "New"));
}

TEST(Portable, RefusesNamesThatWindowsCannotHold) {
  Pair p(With("names", "portable"));
  std::string long_name;
  for (int i = 0; i < 64; ++i) long_name += "\xf0\x9f\x98\x80";
  for (std::string name :
       {"a:b", "a?b", "a\x01", "dot.", "space ", "CON", "nul.txt", "com1.log", "a|b", "a\\b"}) {
    Answer answer = p.b.Write(Wanted(name), "x", "");
    EXPECT_EQ(answer.status, SYNCLINE_CLASH) << name;
    EXPECT_NE(answer.summary.find("on Windows"), std::string::npos) << answer.summary;
  }
  for (const std::string& name :
       std::vector<std::string>{"console", "com", "a.b", ".dot", long_name.substr(0, 252)}) {
    EXPECT_EQ(p.b.Write(Wanted(name), "x", "").status, SYNCLINE_STAGED) << name;
  }
}

TEST(Exact, HoldsNamesThatDifferOnlyInCase) {
  Pair p(With("names", "exact"));
  ASSERT_EQ(p.b.Write(Wanted("a"), "1", "").status, SYNCLINE_STAGED);
  ASSERT_EQ(p.b.Write(Wanted("A"), "2", "").status, SYNCLINE_STAGED);
  ASSERT_EQ(p.b.Write(Wanted("con."), "3", "").status, SYNCLINE_STAGED);
  ASSERT_EQ(p.b.Settled().status, SYNCLINE_OK);
  EXPECT_EQ(AllNames(p.top_b.path()).size(), 3u);
}

TEST(Write, CallsANameThatIsTooLongForTheDiskAClash) {
  Pair p;
  EXPECT_EQ(p.a.Write(Wanted(std::string(300, 'n')), "x", "").status, SYNCLINE_CLASH);
  EXPECT_TRUE(AllNames(p.top_a.path()).empty());
}

TEST(Write, CallsAPipeInTheWayAClash) {
  Pair p;
  ASSERT_EQ(mkfifo((p.top_a / "f").c_str(), 0600), 0);
  EXPECT_EQ(p.a.Write(Wanted("f"), "x", "").status, SYNCLINE_CLASH);
}

}  // namespace
}  // namespace syncline::folders_test
