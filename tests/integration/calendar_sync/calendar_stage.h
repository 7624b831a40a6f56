// Two sides of calendars with the real programs: a folder of .ics files or one .ics file each, and
// edits by plain text, as another program would make them.
#ifndef SYNCLINE_TESTS_INTEGRATION_CALENDAR_SYNC_CALENDAR_STAGE_H_
#define SYNCLINE_TESTS_INTEGRATION_CALENDAR_SYNC_CALENDAR_STAGE_H_

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/calendar_judge/judge.h"
#include "tests/support/stage.h"

namespace syncline::testing {

enum class Shape { kFolder, kFile };

inline std::string InCalendar(std::string_view lines) {
  std::string text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\n";
  for (const char c : lines) {
    if (c == '\n') text += '\r';
    text += c;
  }
  return text + "END:VCALENDAR\r\n";
}

// A meeting on 5 March 2026 with these further lines.
inline std::string Meeting(const std::string& uid, const std::string& summary,
                           const std::string& more = "") {
  return "BEGIN:VEVENT\nUID:" + uid +
         "\nDTSTAMP:20260101T000000Z\nDTSTART:20260305T100000Z\nDTEND:20260305T110000Z\nSUMMARY:" +
         summary + "\n" + more + "END:VEVENT\n";
}

class CalendarSide {
 public:
  CalendarSide(Tree* tree, Shape shape) : tree_(tree), shape_(shape) {
    if (shape_ == Shape::kFile) tree_->Write(kFile, "");
  }

  std::string location() const {
    return shape_ == Shape::kFile ? tree_->Path(kFile) : tree_->root();
  }
  bool single() const { return shape_ == Shape::kFile; }

  // lines: components of one record, with "\n".
  void Add(const std::string& uid, const std::string& lines) {
    if (!single()) {
      tree_->Write("by hand " + uid + ".ics", InCalendar(lines));
      return;
    }
    std::string text = tree_->Read(kFile);
    if (text.empty()) text = InCalendar("");
    const std::string body = InCalendar(lines);
    const size_t from = body.find("PRODID:-//Test//EN\r\n") + 20;
    text.insert(text.rfind("END:VCALENDAR"), body.substr(from, body.rfind("END:VCALENDAR") - from));
    tree_->Write(kFile, text);
  }

  // Replaces the one place where from stands inside the record.
  void Edit(const std::string& uid, const std::string& from, const std::string& to) {
    const std::string name = FileOf(uid);
    std::string text = tree_->Read(name);
    const size_t begin = text.rfind("BEGIN:V", text.find("UID:" + uid + "\r\n"));
    const size_t at = text.find(from, begin);
    ASSERT_NE(at, std::string::npos) << from << " is not in " << text;
    text.replace(at, from.size(), to);
    tree_->Write(name, text);
  }

  void Remove(const std::string& uid) {
    const std::string name = FileOf(uid);
    if (!single()) {
      tree_->Remove(name);
      return;
    }
    std::string text = tree_->Read(name);
    for (size_t at = text.find("UID:" + uid + "\r\n"); at != std::string::npos;
         at = text.find("UID:" + uid + "\r\n")) {
      const size_t begin = text.rfind("BEGIN:VEVENT", at);
      text.erase(begin, text.find("END:VEVENT\r\n", at) + 12 - begin);
    }
    tree_->Write(name, text);
  }

  bool Has(const std::string& uid) const { return !FileOf(uid, false).empty(); }
  // All files one after another.
  std::string Text() const {
    std::string text;
    for (const auto& [path, line] : Snapshot(tree_->root())) {
      if (path.ends_with(".ics")) text += tree_->Read(path);
    }
    return text;
  }
  // What libical understands of all files.
  std::map<std::string, std::string> Means() const {
    std::map<std::string, std::string> meaning;
    for (const auto& [path, line] : Snapshot(tree_->root())) {
      if (path.ends_with(".ics")) meaning.merge(Meaning(tree_->Read(path)));
    }
    return meaning;
  }
  // The file of the record, relative to the tree.
  std::string FileOf(const std::string& uid, bool must = true) const {
    for (const auto& [path, line] : Snapshot(tree_->root())) {
      if (path.ends_with(".ics") &&
          tree_->Read(path).find("UID:" + uid + "\r\n") != std::string::npos) {
        return path;
      }
    }
    EXPECT_FALSE(must) << uid << " is nowhere in " << tree_->root();
    return {};
  }
  Tree& tree() { return *tree_; }

 private:
  static constexpr char kFile[] = "all.ics";
  Tree* tree_;
  Shape shape_;
};

struct Shapes {
  Shape a;
  Shape b;
};

inline std::string NameOf(const Shapes& shapes) {
  const auto word = [](Shape shape) { return shape == Shape::kFile ? "File" : "Folder"; };
  return std::string(word(shapes.a)) + "And" + word(shapes.b);
}

class CalendarStage {
 public:
  explicit CalendarStage(const Shapes& shapes) : a(&stage.a, shapes.a), b(&stage.b, shapes.b) {}

  void Add(const Words& more = {}) const {
    Words words = {"add", "calendar", "--name", "Work", a.location(), b.location()};
    words.insert(words.end(), more.begin(), more.end());
    const ProgramResult result = stage.Run(words);
    ASSERT_EQ(result.exit_code, 0) << result;
  }
  nlohmann::json Sync(int exit_code = 0, const Words& more = {}) const {
    return stage.Sync(exit_code, more);
  }
  // Both sides mean the same, are valid, and a further sync has nothing to do and writes nothing.
  void ExpectInStep() {
    EXPECT_EQ(a.Means(), b.Means());
    const auto before_a = All(stage.a);
    const auto before_b = All(stage.b);
    ExpectNothingDone(Sync());
    EXPECT_EQ(All(stage.a), before_a);
    EXPECT_EQ(All(stage.b), before_b);
    for (CalendarSide* side : {&a, &b}) {
      for (const auto& [path, line] : Snapshot(side->tree().root())) {
        EXPECT_EQ(Faults(side->tree().Read(path)), std::vector<std::string>()) << path;
      }
    }
  }
  // The texts of all events, joined.
  std::string EventTexts() const {
    std::string all;
    for (const auto& event : stage.Events()) {
      all += event["record"].get<std::string>() + ": " + event["text"].get<std::string>() + "\n";
    }
    return all;
  }

  Stage stage;
  CalendarSide a;
  CalendarSide b;
};

class CalendarSync : public ::testing::TestWithParam<Shapes> {
 protected:
  CalendarSync() : stage_(GetParam()), a_(stage_.a), b_(stage_.b) {}
  // So many records that one removal is no flood of them.
  void AddOthers() {
    for (int i = 0; i < 8; ++i) {
      a_.Add("other" + std::to_string(i), Meeting("other" + std::to_string(i), "Other"));
    }
  }
  CalendarStage stage_;
  CalendarSide& a_;
  CalendarSide& b_;
};

}  // namespace syncline::testing

#endif  // SYNCLINE_TESTS_INTEGRATION_CALENDAR_SYNC_CALENDAR_STAGE_H_
