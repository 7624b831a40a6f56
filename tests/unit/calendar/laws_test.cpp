// The laws of the merge over random records, and what holds for any bytes at all.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "plugins/calendar/describe.h"
#include "plugins/calendar/merge.h"
#include "tests/calendar_judge/judge.h"
#include "tests/unit/calendar/texts.h"

namespace syncline::calendar {
namespace {

using content_lines::Winner;

// A random record as lines by property, so that edits of it are edits that people make.
class RandomRecord {
 public:
  explicit RandomRecord(uint32_t seed) : random_(seed) {
    series_ = Part("");
    if (Chance(60)) series_.repeats = Rule();
    if (series_.repeats.empty()) return;
    for (int i = Below(3); i > 0; --i) Occur();
    for (int i = Below(3); i > 0; --i) left_out_.insert(Day());
  }

  void Edit(uint32_t seed) {
    random_.seed(seed);
    for (int i = 1 + Below(3); i > 0; --i) {
      switch (Below(7)) {
        case 0:
          series_.start = Below(24);
          break;
        case 1:
          if (!series_.repeats.empty()) series_.repeats = Rule();
          break;
        case 2:
          if (!series_.repeats.empty()) left_out_.insert(Day());
          break;
        case 3:
          if (!series_.repeats.empty()) Occur();
          break;
        case 4:
          if (!occurrences_.empty()) occurrences_.erase(occurrences_.begin());
          break;
        default:
          EditPart(occurrences_.empty() || Chance(60) ? &series_ : &occurrences_.begin()->second);
      }
    }
  }

  std::string Text() const {
    std::string body = Zone("Own", "+0200") + TextOf(series_, 0);
    for (const auto& [day, part] : occurrences_) body += TextOf(part, day);
    return InCalendar(body);
  }

 private:
  struct OnePart {
    int start = 0;
    bool own_zone = false;
    std::string repeats;
    std::map<std::string, std::string> singles;
    std::set<std::string> categories;
    std::map<std::string, std::string> attendees;
    std::set<int> alarms;
    int sequence = 0;
  };

  int Below(int limit) { return static_cast<int>(random_() % static_cast<uint32_t>(limit)); }
  bool Chance(int percent) { return Below(100) < percent; }
  int Day() { return 2 + Below(5); }
  std::string Rule() { return "FREQ=DAILY;COUNT=" + std::to_string(10 + Below(3)); }
  std::string Word() {
    static const char* const words[] = {"a",   "b",     "\\, c",
                                        "Zoë", "d\\ne", "long long long long long"};
    return words[Below(6)];
  }

  OnePart Part(const std::string& summary) {
    OnePart part;
    part.start = Below(24);
    part.own_zone = Chance(30);
    part.singles["SUMMARY"] = summary.empty() ? Word() : summary;
    for (int i = Below(4); i > 0; --i) EditPart(&part);
    return part;
  }
  void Occur() { occurrences_[Day()] = Part("once"); }
  void EditPart(OnePart* part) {
    static const char* const singles[] = {"SUMMARY", "LOCATION", "DESCRIPTION", "STATUS", "X-MINE"};
    static const char* const answers[] = {"", ";PARTSTAT=ACCEPTED", ";PARTSTAT=DECLINED",
                                          ";PARTSTAT=ACCEPTED;CN=Ada", ";CN=Ada;ROLE=CHAIR"};
    switch (Below(6)) {
      case 0:
        part->categories.insert(std::string(1, static_cast<char>('p' + Below(4))));
        break;
      case 1:
        if (!part->categories.empty()) part->categories.erase(part->categories.begin());
        break;
      case 2:
        part->attendees["mailto:p" + std::to_string(Below(3)) + "@example.org"] = answers[Below(5)];
        break;
      case 3:
        part->alarms.insert(5 * (1 + Below(4)));
        break;
      case 4:
        part->sequence += Below(3);
        break;
      default: {
        const std::string name = singles[Below(5)];
        part->singles[name] = name == "STATUS" ? "CONFIRMED" : Word();
      }
    }
  }

  static std::string Clock(int day, int hour) {
    const auto two = [](int number) { return (number < 10 ? "0" : "") + std::to_string(number); };
    return "202603" + two(day) + "T" + two(hour) + "0000";
  }
  std::string At(const std::string& name, const OnePart& part, int day, int hour) const {
    return name + (part.own_zone ? ";TZID=Own:" : ":") + Clock(day, hour) +
           (part.own_zone ? "\n" : "Z\n");
  }
  std::string TextOf(const OnePart& part, int day) const {
    std::string text = "BEGIN:VEVENT\nUID:r\nDTSTAMP:20260101T000000Z\n";
    if (day != 0) text += "RECURRENCE-ID:" + Clock(day, 10) + "Z\n";
    text += At("DTSTART", part, day == 0 ? 1 : day, part.start) + "DURATION:PT1H\n";
    if (!part.repeats.empty()) text += "RRULE:" + part.repeats + "\n";
    if (day == 0) {
      for (const int one : left_out_) text += "EXDATE:" + Clock(one, 10) + "Z\n";
    }
    for (const auto& [name, value] : part.singles) text += name + ":" + value + "\n";
    std::string list;
    for (const std::string& one : part.categories) list += (list.empty() ? "" : ",") + one;
    if (!list.empty()) text += "CATEGORIES:" + list + "\n";
    for (const auto& [address, answer] : part.attendees)
      text += "ATTENDEE" + answer + ":" + address + "\n";
    text += "SEQUENCE:" + std::to_string(part.sequence) + "\n";
    for (const int minutes : part.alarms) {
      text += "BEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:x\nTRIGGER:-PT" + std::to_string(minutes) +
              "M\nEND:VALARM\n";
    }
    return text + "END:VEVENT\n";
  }

  std::mt19937 random_;
  OnePart series_;
  std::map<int, OnePart> occurrences_;
  std::set<int> left_out_;
};

Winner Turned(Winner winner) {
  if (winner == Winner::kNobody) return winner;
  return winner == Winner::kMine ? Winner::kTheirs : Winner::kMine;
}

Merged MergeThem(const std::string* base, const std::string& mine, const std::string& theirs,
                 Winner winner) {
  return MergeRecords(base, mine, theirs, [winner](std::string_view) { return winner; });
}

struct Three {
  std::string base;
  std::string mine;
  std::string theirs;
};

Three RandomThree() {
  const RandomRecord base(*rc::gen::arbitrary<uint32_t>());
  RandomRecord mine = base;
  mine.Edit(*rc::gen::arbitrary<uint32_t>());
  RandomRecord theirs = base;
  theirs.Edit(*rc::gen::arbitrary<uint32_t>());
  return {base.Text(), mine.Text(), theirs.Text()};
}

RC_GTEST_PROP(CalendarMergeLaws, AThingWithItselfIsItself, ()) {
  const Three one = RandomThree();
  for (const std::string* base : {&one.base, static_cast<const std::string*>(nullptr)}) {
    const Merged merged = MergeThem(base, one.mine, one.mine, Winner::kNobody);
    RC_ASSERT(merged.differing.empty());
    RC_ASSERT(merged.text == one.mine);
  }
}

RC_GTEST_PROP(CalendarMergeLaws, AnEditAgainstNothingIsTheEdit, ()) {
  const Three one = RandomThree();
  const Merged merged = MergeThem(&one.base, one.mine, one.base, Winner::kNobody);
  RC_ASSERT(merged.differing.empty());
  RC_ASSERT(VersionOf(merged.text) == VersionOf(one.mine));
  if (VersionOf(one.mine) != VersionOf(one.base)) RC_ASSERT(merged.text == one.mine);
}

RC_GTEST_PROP(CalendarMergeLaws, SwappingTheSidesChangesNoByte, ()) {
  const Three one = RandomThree();
  const auto winner = *rc::gen::element(Winner::kNobody, Winner::kMine, Winner::kTheirs);
  const std::string* base = *rc::gen::arbitrary<bool>() ? &one.base : nullptr;
  const Merged merged = MergeThem(base, one.mine, one.theirs, winner);
  const Merged swapped = MergeThem(base, one.theirs, one.mine, Turned(winner));
  RC_ASSERT(merged.text == swapped.text);
  RC_ASSERT(merged.differing.size() == swapped.differing.size());
  for (size_t i = 0; i < merged.differing.size(); ++i) {
    RC_ASSERT(merged.differing[i].field == swapped.differing[i].field);
    RC_ASSERT(merged.differing[i].mine == swapped.differing[i].theirs);
  }
}

// Where somebody had to decide, what was decided against stands on a side still, and may come back.
RC_GTEST_PROP(CalendarMergeLaws, MergingTheResultAgainGivesTheResult, ()) {
  const Three one = RandomThree();
  const Merged merged = MergeThem(&one.base, one.mine, one.theirs, Winner::kNobody);
  RC_PRE(merged.differing.empty());
  for (const std::string& side : {one.mine, one.theirs}) {
    const Merged again = MergeThem(&one.base, merged.text, side, Winner::kNobody);
    RC_ASSERT(again.differing.empty());
    RC_ASSERT(VersionOf(again.text) == VersionOf(merged.text));
  }
}

RC_GTEST_PROP(CalendarMergeLaws, DifferingFieldsHaveNamesOfTheirOwn, ()) {
  const Three one = RandomThree();
  const Merged merged = MergeThem(&one.base, one.mine, one.theirs, Winner::kNobody);
  std::set<std::string> names;
  for (const auto& differing : merged.differing) {
    RC_ASSERT(names.insert(differing.field).second);
    RC_ASSERT(differing.mine != differing.theirs);
  }
  // Decided one by one they are decided.
  const Merged decided =
      MergeRecords(&one.base, one.mine, one.theirs, [&names](std::string_view field) {
        return names.count(std::string(field)) > 0 ? Winner::kTheirs : Winner::kNobody;
      });
  RC_ASSERT(decided.differing.empty());
}

std::multiset<std::string> LinesOf(const std::string& text) {
  std::multiset<std::string> lines;
  for (const auto& [key, meaning] : syncline::testing::Meaning(text)) {
    size_t begin = 0;
    while (begin < meaning.size()) {
      const size_t end = meaning.find('\n', begin);
      const std::string line = meaning.substr(begin, end - begin);
      if (!line.starts_with("occurs")) lines.insert(key + "|" + line);
      begin = end + 1;
    }
  }
  return lines;
}

RC_GTEST_PROP(CalendarMergeLaws, WhatIsWrittenIsValidAndNothingIsInvented, ()) {
  const Three one = RandomThree();
  const auto winner = *rc::gen::element(Winner::kMine, Winner::kTheirs);
  const std::string* base = *rc::gen::arbitrary<bool>() ? &one.base : nullptr;
  const Merged merged = MergeThem(base, one.mine, one.theirs, winner);
  RC_ASSERT(merged.differing.empty());
  RC_ASSERT(syncline::testing::Faults(merged.text).empty());
  const auto mine = LinesOf(one.mine);
  const auto theirs = LinesOf(one.theirs);
  const auto result = LinesOf(merged.text);
  for (const std::string& line : result) {
    // Parameters of an attendee come from both.
    if (line.find("|ATTENDEE") != std::string::npos) continue;
    RC_ASSERT(mine.count(line) + theirs.count(line) > 0);
  }
  for (const std::string& line : mine) {
    if (theirs.count(line) > 0) RC_ASSERT(result.count(line) > 0);
  }
}

RC_GTEST_PROP(CalendarAnyBytes, AreKeptAndNeverFail, ()) {
  // A record with lines and bytes taken out, doubled and changed.
  std::string text = RandomRecord(*rc::gen::arbitrary<uint32_t>()).Text();
  const int changes = *rc::gen::inRange(1, 8);
  for (int i = 0; i < changes && !text.empty(); ++i) {
    const size_t at = *rc::gen::inRange<size_t>(0, text.size());
    const size_t length = *rc::gen::inRange<size_t>(1, 60);
    switch (*rc::gen::inRange(0, 4)) {
      case 0:
        text.erase(at, length);
        break;
      case 1:
        text.insert(at, text.substr(text.size() - std::min(length, text.size())));
        break;
      case 2:
        text[at] = *rc::gen::element('\n', '\r', ':', ';', '"', ',', '\\', '\xC3', '\0', ' ');
        break;
      default:
        text.resize(at);
    }
  }
  const auto book = BookOf(text);
  RC_ASSERT(book->Text() == text);
  for (size_t i = 0; i < book->entries().size(); ++i) {
    const auto& entry = book->entries()[i];
    if (!entry.problem.empty()) continue;
    const std::string content = book->Content(i);
    RC_ASSERT(content.size() == entry.size);
    if (book->entries().size() == 1 ||
        std::count_if(book->entries().begin(), book->entries().end(),
                      [&](const auto& other) { return other.key == entry.key; }) == 1) {
      RC_ASSERT(VersionOf(content) == entry.version);
    }
    Describe(content, [](std::string_view, std::string_view) {});
    const std::string sound = RandomRecord(1).Text();
    const Merged merged = MergeThem(nullptr, content, sound, Winner::kMine);
    RC_ASSERT(merged.differing.empty());
  }
}

}  // namespace
}  // namespace syncline::calendar
