// Widths, sizes, times and quoting.
#include "host/cli/text.h"

#include <gtest/gtest.h>

namespace syncline::cli {
namespace {

TEST(Width, CountsColumnsOfTheTerminal) {
  EXPECT_EQ(DisplayWidth("abc"), 3);
  EXPECT_EQ(DisplayWidth("é"), 1);
  EXPECT_EQ(DisplayWidth("e\u0301"), 1);  // a combining accent
  EXPECT_EQ(DisplayWidth("写真"), 4);
  EXPECT_EQ(DisplayWidth("한국"), 4);
  EXPECT_EQ(DisplayWidth("🙂"), 2);
  EXPECT_EQ(DisplayWidth("\xff\xe5"), 2);  // no UTF-8
}

TEST(Width, CutsFitExactly) {
  EXPECT_EQ(CutMiddle("short", 10), "short");
  EXPECT_EQ(CutMiddle("/home/ada/letters/todo.txt", 13), "/hom…todo.txt");
  EXPECT_EQ(CutEnd("abcdef", 4), "abc…");
  EXPECT_EQ(Fit("ab", 4), "ab  ");
  const std::string wide = "写真と動画のフォルダー/abc/とても長い名前.jpg";
  for (int width = 0; width < 50; ++width) {
    EXPECT_LE(DisplayWidth(CutMiddle(wide, width)), width);
    EXPECT_LE(DisplayWidth(CutEnd(wide, width)), width);
    EXPECT_EQ(DisplayWidth(Fit(wide, width)), width);
  }
}

TEST(Text, NumbersForPeople) {
  EXPECT_EQ(HumanCount(0), "0");
  EXPECT_EQ(HumanCount(999), "999");
  EXPECT_EQ(HumanCount(1234567), "1,234,567");
  EXPECT_EQ(HumanBytes(999), "999 B");
  EXPECT_EQ(HumanBytes(1024), "1.0 KiB");
  EXPECT_EQ(HumanBytes(1024.0 * 1024 - 1), "1.0 MiB");
  EXPECT_EQ(HumanDuration(0.44), "0.4 s");
  EXPECT_EQ(HumanDuration(9.97), "10 s");
  EXPECT_EQ(HumanDuration(59.6), "1 min 00 s");
  EXPECT_EQ(HumanDuration(200), "3 min 20 s");
  EXPECT_EQ(HumanDuration(7500), "2 h 05 min");
  EXPECT_EQ(HumanDuration(-1), "0 ms");
  EXPECT_EQ(HumanDuration(0.0064), "6 ms");
  EXPECT_EQ(HumanDuration(1e300), "8888 h 53 min");
}

TEST(Text, ASentenceEndsWithAFullStopButACommandDoesNot) {
  EXPECT_EQ(WithFullStop("it failed"), "it failed.");
  EXPECT_EQ(WithFullStop("it failed. "), "it failed.");
  EXPECT_EQ(WithFullStop("Look: syncline items"), "Look: syncline items");
  EXPECT_EQ(WithFullStop("Look: syncline items. Then go on"), "Look: syncline items. Then go on.");
  EXPECT_EQ(WithFullStop(""), "");
}

TEST(Text, TimesThatAreNotKnownAreEmpty) {
  EXPECT_EQ(IsoTime(absl::InfinitePast()), "");
  EXPECT_EQ(LocalTime(absl::InfinitePast()), "");
  EXPECT_EQ(IsoTime(absl::FromUnixSeconds(1'700'000'000)), "2023-11-14T22:13:20Z");
}

TEST(Text, TellsAPictureByItsTypeAndSize) {
  EXPECT_EQ(FieldInWords("rw-r--r--"), "rw-r--r--");
  EXPECT_EQ(FieldInWords("data: none"), "data: none");
  EXPECT_EQ(FieldInWords("data:image/jpeg;base64," + std::string(16796, 'A')),
            "(image/jpeg, 12.3 KiB; --json has it)");
  EXPECT_EQ(FieldInWords("data:image/png;x=y;base64,QUJDRA=="), "(image/png, 4 B; --json has it)");
  EXPECT_EQ(FieldInWords("data:,a%20b"), "(text/plain, 3 B; --json has it)");
  EXPECT_LT(FieldInWords("data:" + std::string(1000, 'x') + ",").size(), 100u);
}

TEST(Text, QuotesOnlyWhatAShellWouldTakeApart) {
  EXPECT_EQ(ShellWord("Notes"), "Notes");
  EXPECT_EQ(ShellWord("My notes"), "'My notes'");
  EXPECT_EQ(ShellWord("it's"), "'it'\\''s'");
  EXPECT_EQ(ShellWord(""), "''");
  EXPECT_EQ(ShellWord("写真"), "写真");
  EXPECT_EQ(ShellWord("a;b"), "'a;b'");
}

TEST(Text, NearestFindsSlipsAndNothingFar) {
  const std::vector<std::string> words = {"sync", "status", "show", "events"};
  EXPECT_EQ(Nearest("snyc", words), "sync");
  EXPECT_EQ(Nearest("SYNC", words), "sync");
  EXPECT_EQ(Nearest("statsu", words), "status");
  EXPECT_EQ(Nearest("ev", words), "events");
  EXPECT_EQ(Nearest("zzzz", words), std::nullopt);
  EXPECT_EQ(Nearest("x", {}), std::nullopt);
}

}  // namespace
}  // namespace syncline::cli
