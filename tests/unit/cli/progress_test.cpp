// Progress: bars, plain lines, JSON lines.
#include "host/cli/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "host/cli/text.h"
#include "tests/unit/cli/fake_handler.h"

namespace syncline::cli {
namespace {

using State = ProgressSnapshot::State;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

ProgressSnapshot Running(const std::string& id, const std::string& name, uint64_t done,
                         uint64_t total) {
  ProgressSnapshot s;
  s.item = id;
  s.name = name;
  s.state = State::kRunning;
  s.phase = protocol::Phase::kApplying;
  s.records_done = done;
  s.records_total = total;
  s.items_total = 1;
  return s;
}

ProgressSnapshot Ended(const std::string& id, const std::string& name) {
  ProgressSnapshot s = Running(id, name, 10, 10);
  s.state = State::kEnded;
  s.counts.created = 10;
  return s;
}

std::string Text(const Line& line) {
  std::string text;
  for (const Span& span : line) text += span.text;
  return text;
}

TEST(Bars, ShowNameShareCountsRateTimeAndRecord) {
  ProgressSnapshot s = Running("i-1", "Notes", 1250, 5000);
  s.bytes_per_second = 2.5 * 1024 * 1024;
  s.time_left = absl::Seconds(75);
  s.current = "letters/2026/to ada.txt";
  const std::vector<Line> lines = RenderBars({s}, {}, {120, 24});
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(Text(lines[0]),
            "Notes                [======>                 ]  25 %  1,250/5,000  2.5 MiB/s  "
            "1 min 15 s left  letters/2026/to ada.txt");
}

TEST(Bars, NoLineIsWiderThanTheTerminalAndNoPictureHigher) {
  std::vector<ProgressSnapshot> running;
  for (int i = 0; i < 30; ++i) {
    ProgressSnapshot s = Running(absl::StrCat("i-", i), i % 2 == 0 ? "写真と動画のフォルダー" : "é",
                                 123456789, i % 3 == 0 ? 0 : 999999999);
    s.bytes_per_second = 1e9;
    s.time_left = absl::Hours(20);
    s.current = "とても長い名前/" + std::string(300, 'x') + "\n\x1b[2J";
    running.push_back(s);
  }
  ProgressSnapshot all;
  all.items_total = 40;
  all.items_done = 5;
  for (const int columns : {20, 30, 45, 61, 80, 101, 250}) {
    for (const int rows : {2, 3, 10, 24, 100}) {
      const std::vector<Line> lines = RenderBars(running, all, {columns, rows});
      EXPECT_LE(static_cast<int>(lines.size()), std::max(2, rows - 1));
      for (const Line& line : lines) EXPECT_LE(DisplayWidth(Text(line)), columns - 1) << Text(line);
    }
  }
  const std::vector<Line> lines = RenderBars(running, all, {80, 10});
  EXPECT_EQ(Text(lines[7]), "… and 23 more at work");
  EXPECT_THAT(Text(lines[8]), StartsWith("All: 5 of 40"));
}

TEST(Bars, AreDrawnAtMostThirtyTimesASecondAndAreGoneAtTheEnd) {
  Shell shell;
  shell.out_is_terminal = true;
  shell.environment = {{"TERM", "xterm"}, {"NO_COLOR", "1"}};
  shell.world.items = {NotesItem()};
  shell.world.report = Session(1, protocol::Result::kDone, {Report(protocol::Result::kDone)});
  shell.world.during = [&](const SyncOptions&, ProgressSink* sink) {
    for (uint64_t i = 0; i < 10000; ++i) {  // a second
      sink->OnProgress(Running("i-1", "Notes", i, 10000));
      shell.clock.now += absl::Microseconds(100);
    }
    sink->OnEvent(SomeEvent(1));
    sink->OnProgress(Ended("i-1", "Notes"));
  };
  const Answer answer = shell.Run({"sync"});
  int drawings = 0;
  for (size_t at = 0; (at = answer.out.find("\x1b[K\n", at)) != std::string::npos; ++at) ++drawings;
  EXPECT_GE(drawings, 25);
  EXPECT_LE(drawings, 31);
  // The warning stands on a line of its own where the bar was, then comes the summary.
  EXPECT_THAT(answer.out, HasSubstr("\x1b[1A\r\x1b[JNotes: warning: todo.txt: a socket"));
  const std::vector<std::string> parts = absl::StrSplit(answer.out, "\x1b[J");
  EXPECT_EQ(parts.back().find('\x1b'), std::string::npos);
  EXPECT_THAT(parts.back(), HasSubstr("Notes: done in 0.5 s: nothing to do"));
}

TEST(Bars, NeedATerminalThatIsNotDumbOrAWord) {
  Shell shell;
  shell.world.items = {NotesItem()};
  shell.world.report = Session(1, protocol::Result::kDone, {});
  shell.world.during = [](const SyncOptions&, ProgressSink* sink) {
    sink->OnProgress(Running("i-1", "Notes", 1, 10));
  };
  EXPECT_THAT(shell.Run({"sync"}).out, Not(HasSubstr("\x1b")));
  EXPECT_THAT(shell.Run({"sync", "--progress=bar"}).out, HasSubstr("\x1b[K"));
  shell.out_is_terminal = true;
  EXPECT_THAT(shell.Run({"sync"}).out, HasSubstr("\x1b[K"));
  EXPECT_THAT(shell.Run({"sync", "--progress=plain"}).out, Not(HasSubstr("\x1b[K")));
  shell.environment = {{"TERM", "dumb"}};
  EXPECT_THAT(shell.Run({"sync"}).out, Not(HasSubstr("\x1b")));
}

TEST(Progress, WithJsonItGoesToStderr) {
  Shell shell;
  shell.err_is_terminal = true;
  shell.world.items = {NotesItem()};
  shell.world.report = Session(1, protocol::Result::kDone, {});
  shell.world.during = [](const SyncOptions&, ProgressSink* sink) {
    sink->OnProgress(Running("i-1", "Notes", 1, 10));
  };
  Answer answer = shell.Run({"sync", "--json"});
  EXPECT_THAT(answer.err, HasSubstr("\x1b[K"));
  EXPECT_EQ(answer.Json()["session"], 1);
  answer = shell.Run({"sync", "--json", "--progress=json"});
  EXPECT_THAT(answer.err, StartsWith(R"({"type":"progress","item":"i-1")"));
  EXPECT_EQ(answer.Json()["session"], 1);
  shell.err_is_terminal = false;
  EXPECT_EQ(shell.Run({"sync", "--json"}).err, "");
}

TEST(Plain, StartEndAndALineEveryFewSeconds) {
  Shell shell;
  shell.world.items = {NotesItem()};
  shell.world.report = Session(1, protocol::Result::kDone, {Report(protocol::Result::kDone)});
  shell.world.during = [&](const SyncOptions&, ProgressSink* sink) {
    for (uint64_t i = 0; i < 120; ++i) {  // 12 seconds
      ProgressSnapshot s = Running("i-1", "Notes", i * 10, 5000);
      s.bytes_per_second = 1024;
      s.time_left = absl::Seconds(30);
      sink->OnProgress(s);
      shell.clock.now += absl::Milliseconds(100);
    }
    sink->OnConflict(SomeConflict(1));
    sink->OnConflict(SomeConflict(1));  // told once
    sink->OnProgress(Ended("i-1", "Notes"));
  };
  const std::vector<std::string> lines = absl::StrSplit(shell.Run({"sync"}).out, '\n');
  EXPECT_THAT(
      lines,
      ElementsAre("Notes: started",
                  "Notes: syncing, 500 of 5,000 records (10 %), 1.0 KiB/s, about 30 s left",
                  "Notes: syncing, 1,000 of 5,000 records (20 %), 1.0 KiB/s, about 30 s left",
                  "Notes: conflict: todo.txt: both sides changed it",
                  "Notes: done in 0.5 s: nothing to do, 10 records in step", ""));
}

TEST(Plain, AFloodOfWarningsIsCutShort) {
  Shell shell;
  shell.world.items = {NotesItem()};
  shell.world.report = Session(1, protocol::Result::kDone, {});
  shell.world.during = [&](const SyncOptions&, ProgressSink* sink) {
    sink->OnProgress(Running("i-1", "Notes", 1, 10));
    for (int i = 1; i < 1000; ++i) sink->OnEvent(SomeEvent(i));
  };
  const std::string out = shell.Run({"sync"}).out;
  EXPECT_LT(std::count(out.begin(), out.end(), '\n'), 25);
  EXPECT_THAT(out, HasSubstr("Notes: there is more: syncline events --item Notes"));
}

TEST(JsonLines, EachLineIsAnObjectWithAType) {
  Shell shell;
  shell.world.items = {NotesItem()};
  shell.world.report =
      Session(9, protocol::Result::kConflicts, {Report(protocol::Result::kConflicts)});
  shell.world.during = [](const SyncOptions&, ProgressSink* sink) {
    ProgressSnapshot all;
    all.state = State::kRunning;
    all.items_total = 1;
    sink->OnProgress(all);
    ProgressSnapshot s = Running("i-1", "Notes", 1, 0);
    s.current = "bad \xff name";
    sink->OnProgress(s);
    sink->OnEvent(SomeEvent(1));
    sink->OnConflict(SomeConflict(1));
    sink->OnPlan("i-1", {"create", "b", "x", "", 1});
    sink->OnItemDiscovered(NotesItem());
    sink->OnProgress(Ended("i-1", "Notes"));
    all.state = State::kEnded;
    sink->OnProgress(all);
  };
  const Answer answer = shell.Run({"sync", "--progress=json"});
  EXPECT_EQ(answer.code, 3);
  std::vector<nlohmann::json> lines;
  for (const auto line : absl::StrSplit(answer.out, '\n', absl::SkipEmpty())) {
    lines.push_back(nlohmann::json::parse(std::string(line)));
  }
  std::vector<std::string> types;
  for (const nlohmann::json& line : lines) types.push_back(line["type"]);
  EXPECT_THAT(types, ElementsAre("progress", "progress", "event", "conflict", "plan", "item_added",
                                 "item_done", "progress", "session_done"));
  EXPECT_TRUE(lines[0]["item"].is_null());
  EXPECT_EQ(lines[1]["phase"], "applying");
  EXPECT_TRUE(lines[1]["records_total"].is_null());
  EXPECT_TRUE(lines[1]["seconds_left"].is_null());
  EXPECT_EQ(lines[2]["text"], "a socket cannot be synced");
  EXPECT_EQ(lines[6]["created"], 10);
  EXPECT_EQ(lines[6]["result"], "done");
  EXPECT_EQ(lines[8]["session"], 9);
  EXPECT_EQ(lines[8]["result"], "conflicts");
}

}  // namespace
}  // namespace syncline::cli
