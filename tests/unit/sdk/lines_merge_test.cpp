// The laws that provider.h asks of merge(), held by the provider "lines" that the engine's tests
// use.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <optional>
#include <string>

#include "tests/support/scratch.h"
#include "tests/unit/sdk/fake_host.h"

namespace syncline::testing {
namespace {

using ::testing::ElementsAre;

Library& Lines() {
  static Library library(SYNCLINE_TEST_PROVIDERS "/lines.so");
  return library;
}

struct Merger {
  Instance instance{Lines(), {{"location", "/"}}};

  Ended operator()(const std::optional<std::string>& base, const std::string& mine,
                   const std::string& theirs, int32_t favour = SYNCLINE_FAVOUR_NONE) {
    return instance.Merge(base, mine, theirs, favour);
  }
};

// A short text over few keys and values, so that clashes are common.
rc::Gen<std::string> AnyText() {
  const auto line = rc::gen::map(rc::gen::pair(rc::gen::inRange(0, 4), rc::gen::inRange(0, 3)),
                                 [](std::pair<int, int> pick) {
                                   return std::string(1, static_cast<char>('a' + pick.first)) +
                                          ": " + std::to_string(pick.second) + "\n";
                                 });
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(line),
                      [](const std::vector<std::string>& lines) {
                        std::string text;
                        for (const std::string& each : lines) text += each;
                        return text;
                      });
}
rc::Gen<std::optional<std::string>> AnyBase() {
  return rc::gen::oneOf(rc::gen::just(std::optional<std::string>()),
                        rc::gen::map(AnyText(), [](std::string text) {
                          return std::optional<std::string>(std::move(text));
                        }));
}

RC_GTEST_PROP(LinesMerge, AThingMergedWithItselfIsItself, ()) {
  Merger merge;
  const std::string text = *AnyText();
  const Ended end = merge(*AnyBase(), text, text);
  RC_ASSERT(end.status == SYNCLINE_OK);
  RC_ASSERT(end.bytes == text);
}

RC_GTEST_PROP(LinesMerge, WhatOnlyOneSideChangedIsTaken, ()) {
  Merger merge;
  const std::string base = *AnyText();
  const std::string changed = *AnyText();
  RC_ASSERT(merge(base, base, changed).bytes == changed);
  RC_ASSERT(merge(base, changed, base).bytes == changed);
}

RC_GTEST_PROP(LinesMerge, SwappingTheSidesGivesTheSame, ()) {
  Merger merge;
  const auto base = *AnyBase();
  const std::string mine = *AnyText();
  const std::string theirs = *AnyText();
  const Ended one = merge(base, mine, theirs);
  const Ended other = merge(base, theirs, mine);
  RC_ASSERT(one.status == other.status);
  RC_ASSERT(one.bytes == other.bytes);
  RC_ASSERT(one.fields.size() == other.fields.size());
  RC_ASSERT(merge(base, mine, theirs, SYNCLINE_FAVOUR_MINE).bytes ==
            merge(base, theirs, mine, SYNCLINE_FAVOUR_THEIRS).bytes);
}

RC_GTEST_PROP(LinesMerge, MergingTheResultAgainChangesNothing, ()) {
  Merger merge;
  const auto base = *AnyBase();
  const std::string mine = *AnyText();
  const std::string theirs = *AnyText();
  const Ended once = merge(base, mine, theirs, SYNCLINE_FAVOUR_MINE);
  RC_ASSERT(once.status == SYNCLINE_OK);
  RC_ASSERT(merge(mine, once.bytes, mine).bytes == once.bytes);
  RC_ASSERT(merge(once.bytes, once.bytes, once.bytes).bytes == once.bytes);
}

TEST(LinesMerge, KeepsBothSidesEditsOfDifferentFields) {
  Merger merge;
  const Ended end = merge("phone: 1\ntitle: Ada\n", "phone: 2\ntitle: Ada\n",
                          "mail: a@b\nphone: 1\ntitle: Ada\n");
  EXPECT_EQ(end.status, SYNCLINE_OK);
  EXPECT_EQ(end.bytes, "mail: a@b\nphone: 2\ntitle: Ada\n");
}

TEST(LinesMerge, ARemovedFieldStaysRemoved) {
  Merger merge;
  EXPECT_EQ(merge("a: 1\nb: 1\nc: 1\n", "b: 1\nc: 1\n", "a: 1\nb: 1\nc: 2\n").bytes,
            "b: 1\nc: 2\n");
}

TEST(LinesMerge, TellsTheFieldsThatBothChangedAndDecidesThemOnRequest) {
  Merger merge;
  const std::string base = "a: 1\nb: 1\n";
  const Ended end = merge(base, "a: 2\nb: 1\n", "a: 3\nb: 2\n");
  EXPECT_EQ(end.status, SYNCLINE_CONFLICT);
  EXPECT_EQ(end.bytes, "");
  EXPECT_THAT(end.fields, ElementsAre(Field{"a", "2", "3"}));
  EXPECT_EQ(merge(base, "a: 2\nb: 1\n", "a: 3\nb: 2\n", SYNCLINE_FAVOUR_MINE).bytes,
            "a: 2\nb: 2\n");
  EXPECT_EQ(merge(base, "a: 2\nb: 1\n", "a: 3\nb: 2\n", SYNCLINE_FAVOUR_THEIRS).bytes,
            "a: 3\nb: 2\n");
}

TEST(LinesProvider, KnowsARecordByItsUidAndStoresItUnderThatName) {
  TempDir temp;
  Tree folder(temp / "lines");
  folder.Write("whatever.txt", "title: Ada\nuid: 17\n");
  Instance lines(Lines(), {{"location", folder.root()}});
  ASSERT_EQ(lines.Open().status, SYNCLINE_OK);
  const Seen listed = lines.Enumerate().records.at(0);
  EXPECT_EQ(listed.id, "whatever.txt");
  EXPECT_EQ(listed.key, "17");
  EXPECT_TRUE(listed.flags & SYNCLINE_MERGEABLE);
  const Ended written = lines.Write({"", "18", ""}, {"uid: 18\n"});
  ASSERT_EQ(written.status, SYNCLINE_OK);
  EXPECT_EQ(written.records.at(0).id, "18.txt");
  EXPECT_EQ(written.records.at(0).key, "18");
  EXPECT_EQ(lines.Write({"", "17", ""}, {"uid: 17\n"}).status, SYNCLINE_CONFLICT);
}

TEST(LinesProvider, AddsTheMissingNewlineSoThatTheStoredVersionIsAnother) {
  TempDir temp;
  Tree folder(temp / "lines");
  Instance lines(Lines(), {{"location", folder.root()}});
  ASSERT_EQ(lines.Open().status, SYNCLINE_OK);
  const Ended written = lines.Write({"", "1", ""}, {"uid: 1\na: b"});
  EXPECT_EQ(folder.Read("1.txt"), "uid: 1\na: b\n");
  EXPECT_EQ(written.records.at(0).size, 12u);
  EXPECT_EQ(lines.Enumerate().records.at(0).version, written.records.at(0).version);
}

TEST(LinesProvider, GivesACopyBesideAUidOfItsOwn) {
  TempDir temp;
  Tree folder(temp / "lines");
  folder.Write("1.txt", "a: b\nuid: 1\n");
  Instance lines(Lines(), {{"location", folder.root()}});
  ASSERT_EQ(lines.Open().status, SYNCLINE_OK);
  Order order{.id = "", .key = "1", .expected_version = ""};
  order.label = "from B";
  order.flags = SYNCLINE_BESIDE;
  const Ended written = lines.Write(order, {"a: c\nuid: 1\n"});
  ASSERT_EQ(written.status, SYNCLINE_OK) << written.summary;
  EXPECT_EQ(written.records.at(0).key, "1 (from B)");
  EXPECT_EQ(folder.Read(written.records.at(0).id), "a: c\nuid: 1 (from B)\n");
}

TEST(LinesProvider, DescribesARecordByItsFields) {
  TempDir temp;
  Tree folder(temp / "lines");
  folder.Write("1.txt", "phone: 2\nphone: 1\ntitle: Ada\n");
  Instance lines(Lines(), {{"location", folder.root()}});
  ASSERT_EQ(lines.Open().status, SYNCLINE_OK);
  EXPECT_THAT(lines.Describe("1.txt").fields,
              ElementsAre(Field{"title", "Ada", ""}, Field{"phone", "1, 2", ""}));
  EXPECT_EQ(lines.Describe("2.txt").status, SYNCLINE_NOT_FOUND);
}

}  // namespace
}  // namespace syncline::testing
