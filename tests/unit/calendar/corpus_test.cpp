// The corpus: every record as a content, put into one file and taken out of it again, judged by
// libical.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "tests/calendar_judge/judge.h"
#include "tests/unit/calendar/texts.h"

namespace syncline::calendar {
namespace {

using syncline::testing::Faults;
using syncline::testing::Meaning;

// Faults of text that are not among those of the original.
std::vector<std::string> NewFaults(const std::string& text, const std::string& original) {
  std::vector<std::string> faults;
  const std::vector<std::string> old = Faults(original);
  for (const std::string& fault : Faults(text)) {
    if (std::find(old.begin(), old.end(), fault) == old.end()) faults.push_back(fault);
  }
  return faults;
}

TEST(CalendarCorpus, IsSoundAndKeptByteForByte) {
  const auto corpus = Corpus();
  ASSERT_GE(corpus.size(), 12u);
  for (const auto& [name, text] : corpus) {
    const auto book = BookOf(text);
    EXPECT_EQ(book->Text(), text) << name;
    EXPECT_FALSE(book->entries().empty()) << name;
    for (const auto& entry : book->entries()) EXPECT_EQ(entry.problem, "") << name << entry.key;
  }
}

TEST(CalendarCorpus, EveryRecordIsAValidCalendarThatMeansTheSame) {
  for (const auto& [name, text] : Corpus()) {
    const auto book = BookOf(text);
    std::map<std::string, std::string> meaning;
    for (size_t i = 0; i < book->entries().size(); ++i) {
      const std::string content = book->Content(i);
      EXPECT_EQ(VersionOf(content), book->entries()[i].version) << name << "\n" << content;
      EXPECT_EQ(NewFaults(content, text), std::vector<std::string>()) << name << "\n" << content;
      meaning.merge(Meaning(content));
    }
    EXPECT_EQ(meaning, Meaning(text)) << name;
  }
}

TEST(CalendarCorpus, AllOfItInOneFileMeansTheSame) {
  const auto all = BookOf("");
  std::map<std::string, std::string> versions;
  std::map<std::string, std::string> meaning;
  std::string originals;
  for (const auto& [name, text] : Corpus()) {
    const auto book = BookOf(text);
    for (size_t i = 0; i < book->entries().size(); ++i) {
      all->Put(book->entries()[i].key, book->Content(i));
      versions[book->entries()[i].key] = book->entries()[i].version;
    }
    meaning.merge(Meaning(text));
    for (const std::string& fault : Faults(text)) originals += fault + "\n";
  }
  EXPECT_EQ(all->entries().size(), versions.size());
  for (size_t i = 0; i < all->entries().size(); ++i) {
    const auto& entry = all->entries()[i];
    EXPECT_EQ(entry.version, versions[entry.key]) << entry.key;
    EXPECT_EQ(VersionOf(all->Content(i)), entry.version) << all->Content(i);
  }
  EXPECT_EQ(Meaning(all->Text()), meaning);
  for (const std::string& fault : Faults(all->Text())) {
    EXPECT_NE(originals.find(fault), std::string::npos) << fault;
  }
}

}  // namespace
}  // namespace syncline::calendar
