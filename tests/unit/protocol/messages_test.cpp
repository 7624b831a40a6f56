// Messages survive the way through a frame, and damaged frames are refused.
#include "host/protocol/messages.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <string>
#include <utility>

#include "host/protocol/cbor_check.h"

namespace syncline::protocol {
namespace {

std::string Body(const std::string& frame) { return frame.substr(4); }

template <typename T>
T RoundTrip(const T& message) {
  absl::StatusOr<Message> back = Decode(Body(Encode(message)));
  EXPECT_TRUE(back.ok()) << back.status();
  return std::get<T>(*back);
}

Conflict SomeConflict() {
  return {.kind = "edit-edit",
          .key = std::string("\xff\0k", 3),
          .record = "k",
          .reason = "both",
          .side_a_json = "{}",
          .side_b_json = "{\"id\":1}",
          .decision = "merge"};
}

TEST(Messages, StartKeepsEveryField) {
  Start start;
  start.item_id = "notes-1a2b";
  start.item_name = "Notes";
  start.provider = "folders";
  start.library = "/cache/1.so";
  start.folder = "/home/items/notes-1a2b";
  start.location_a = "/a\xff";
  start.location_b = "/b";
  start.settings = {{"k", "v"}, {"", "empty key"}};
  start.direction = "mirror";
  start.conflict_policy = "newer";
  start.filters = {"*.tmp", "!keep.tmp"};
  start.dry_run = start.allow_deletes = start.accept_root = true;
  start.only_decided = start.check_only = start.relayout = start.tell_safe = true;
  start.decided = {SomeConflict()};
  start.avoid = {std::string("a:\n\0x", 5)};
  const Start back = RoundTrip(start);
  EXPECT_EQ(back.item_id, start.item_id);
  EXPECT_EQ(back.item_name, start.item_name);
  EXPECT_EQ(back.provider, start.provider);
  EXPECT_EQ(back.library, start.library);
  EXPECT_EQ(back.folder, start.folder);
  EXPECT_EQ(back.location_a, start.location_a);
  EXPECT_EQ(back.location_b, start.location_b);
  EXPECT_EQ(back.settings, start.settings);
  EXPECT_EQ(back.direction, start.direction);
  EXPECT_EQ(back.conflict_policy, start.conflict_policy);
  EXPECT_EQ(back.filters, start.filters);
  EXPECT_TRUE(back.dry_run && back.allow_deletes && back.accept_root);
  EXPECT_TRUE(back.only_decided && back.check_only && back.relayout && back.tell_safe);
  ASSERT_EQ(back.decided.size(), 1U);
  EXPECT_EQ(back.decided[0].key, start.decided[0].key);
  EXPECT_EQ(back.decided[0].side_b_json, start.decided[0].side_b_json);
  EXPECT_EQ(back.decided[0].decision, "merge");
  EXPECT_EQ(back.avoid, start.avoid);
}

TEST(Messages, EveryKindComesBackAsItself) {
  Done done;
  done.result = Result::kStopped;
  done.counts.bytes = std::numeric_limits<uint64_t>::max();
  const Message all[] = {Start{},
                         Cancel{},
                         Progress{},
                         Events{{Event{}, Event{}}},
                         SomeConflict(),
                         Plan{{PlanEntry{}}},
                         done,
                         ProbeAnswer{},
                         SafeRecords{{SafeRecord{"x", true, ""}, SafeRecord{"y", false, "no"}}}};
  for (const Message& message : all) {
    absl::StatusOr<Message> back = Decode(Body(Encode(message)));
    ASSERT_TRUE(back.ok()) << back.status();
    EXPECT_EQ(back->index(), message.index());
    EXPECT_EQ(Encode(*back), Encode(message));
  }
}

RC_GTEST_PROP(Messages, ProgressKeepsAnyNumbersAndBytes, (const std::string& current)) {
  Progress progress;
  progress.phase = static_cast<Phase>(*rc::gen::inRange(0, 5));
  progress.records_scanned = *rc::gen::arbitrary<uint64_t>();
  progress.records_done = *rc::gen::arbitrary<uint64_t>();
  progress.bytes_total = *rc::gen::arbitrary<uint64_t>();
  progress.activity = *rc::gen::arbitrary<uint64_t>();
  progress.flushing = *rc::gen::arbitrary<bool>();
  progress.current = current;
  const Progress back = RoundTrip(progress);
  RC_ASSERT(back.phase == progress.phase);
  RC_ASSERT(back.records_scanned == progress.records_scanned);
  RC_ASSERT(back.records_done == progress.records_done);
  RC_ASSERT(back.bytes_total == progress.bytes_total);
  RC_ASSERT(back.activity == progress.activity);
  RC_ASSERT(back.flushing == progress.flushing);
  RC_ASSERT(back.current == progress.current);
}

RC_GTEST_PROP(Messages, EventsKeepAnyBytesAndTimes, ()) {
  Events events;
  for (int i = *rc::gen::inRange(0, 5); i > 0; --i) {
    events.events.push_back({*rc::gen::arbitrary<int64_t>(), *rc::gen::arbitrary<int>(),
                             *rc::gen::arbitrary<std::string>(), "name",
                             *rc::gen::arbitrary<std::string>()});
  }
  const Events back = RoundTrip(events);
  RC_ASSERT(back.events.size() == events.events.size());
  for (size_t i = 0; i < events.events.size(); ++i) {
    RC_ASSERT(back.events[i].time_ns == events.events[i].time_ns);
    RC_ASSERT(back.events[i].level == events.events[i].level);
    RC_ASSERT(back.events[i].record == events.events[i].record);
    RC_ASSERT(back.events[i].text == events.events[i].text);
  }
}

RC_GTEST_PROP(Messages, DamageIsRefusedOrReadsAsAWholeMessage, ()) {
  Start start;
  start.filters = {"a", "b"};
  start.settings = {{"k", "v"}};
  start.decided = {SomeConflict()};
  std::string body = Body(Encode(start));
  for (int i = *rc::gen::inRange(1, 6); i > 0; --i) {
    const auto at = *rc::gen::inRange<size_t>(0, body.size());
    switch (*rc::gen::inRange(0, 3)) {
      case 0:
        body[at] = *rc::gen::arbitrary<char>();
        break;
      case 1:
        body.resize(at + 1);
        break;
      default:
        body.insert(at, *rc::gen::arbitrary<std::string>());
    }
  }
  const absl::StatusOr<Message> back = Decode(body);
  if (!back.ok()) RC_ASSERT(absl::IsInvalidArgument(back.status()));
}

RC_GTEST_PROP(Messages, RandomBytesAreRefused, (const std::string& bytes)) {
  RC_ASSERT(absl::IsInvalidArgument(Decode(bytes).status()));
}

TEST(Messages, EveryTruncationIsRefused) {
  const std::string body = Body(Encode(SomeConflict()));
  for (size_t length = 0; length < body.size(); ++length) {
    EXPECT_TRUE(absl::IsInvalidArgument(Decode(body.substr(0, length)).status())) << length;
  }
  EXPECT_FALSE(Decode(body + "x").ok());
}

TEST(Messages, DeepNestingDoesNotReachTheRecursiveParser) {
  EXPECT_FALSE(Decode(std::string(4 << 20, '\x81')).ok());  // a list in a list in a list ...
  EXPECT_FALSE(
      Decode(std::string(4 << 20, '\x7f')).ok());  // open-ended text in open-ended text ...
  EXPECT_FALSE(Decode(std::string(4 << 20, '\xa1')).ok());
  EXPECT_FALSE(Decode(std::string(4 << 20, '\xc0')).ok());  // tags
}

TEST(CborCheck, RefusesCountsBeyondTheEnd) {
  EXPECT_TRUE(IsFlatCbor("\x82\x01\x02", 4));
  EXPECT_FALSE(IsFlatCbor("\x83\x01\x02", 4));
  EXPECT_FALSE(IsFlatCbor(std::string("\x9b\xff\xff\xff\xff\xff\xff\xff\xff", 9), 4));
  EXPECT_FALSE(IsFlatCbor(std::string("\xbb\x80\0\0\0\0\0\0\0", 9), 4));
  EXPECT_FALSE(IsFlatCbor("", 4));
}

TEST(Messages, ValuesOutOfRangeAreRefused) {
  std::string body = Body(Encode(Progress{}));
  const size_t at = body.find("phase");
  ASSERT_NE(at, std::string::npos);
  body[at + 5] = 5;  // one past the last phase
  EXPECT_TRUE(absl::IsInvalidArgument(Decode(body).status()));
  body[at + 5] = 4;
  EXPECT_TRUE(Decode(body).ok());
}

TEST(Messages, NamesOfResultsAndPhases) {
  EXPECT_EQ(ResultName(Result::kDone), "done");
  EXPECT_EQ(ResultName(Result::kBusy), "busy");
  EXPECT_EQ(ResultName(Result::kCancelled), "cancelled");
  EXPECT_EQ(PhaseName(Phase::kStarting), "starting");
  EXPECT_EQ(PhaseName(Phase::kFinishing), "finishing");
}

TEST(DisplayText, LeavesPlainTextAlone) {
  EXPECT_EQ(DisplayText("notes/x.txt"), "notes/x.txt");
  EXPECT_EQ(DisplayText("a\\b"), "a\\b");
  EXPECT_EQ(DisplayText("Grüße 日本 😀"), "Grüße 日本 😀");
  EXPECT_EQ(DisplayText(""), "");
}

TEST(DisplayText, EscapesWhatCannotBeShown) {
  EXPECT_EQ(DisplayText("a\nb"), "a\\nb");
  EXPECT_EQ(DisplayText("a\tb\x7f"), "a\\x09b\\x7F");
  EXPECT_EQ(DisplayText("bad\xff"), "bad\\xFF");
  EXPECT_EQ(DisplayText("a\\b\n"), "a\\\\b\\n");
  EXPECT_EQ(DisplayText(std::string("nul\0", 4)), "nul\\x00");
  EXPECT_EQ(DisplayText("\xc3"), "\\xC3");                    // cut off
  EXPECT_EQ(DisplayText("\xed\xa0\x80"), "\\xED\\xA0\\x80");  // a surrogate
  EXPECT_EQ(DisplayText("\xc0\xaf"), "\\xC0\\xAF");           // overlong
  EXPECT_EQ(DisplayText("\xc2\x85"), "\\xC2\\x85");           // next line, a control character
  EXPECT_EQ(DisplayText("x\u202egnp.exe"), "x\\xE2\\x80\\xAEgnp.exe");
}

RC_GTEST_PROP(DisplayText, TellsDifferentBytesApart, (const std::string& a, const std::string& b)) {
  // Escaped text can look like another plain text, but two texts that need escaping never meet.
  const std::string x = "\n" + a, y = "\n" + b;
  RC_ASSERT((DisplayText(x) == DisplayText(y)) == (x == y));
}

}  // namespace
}  // namespace syncline::protocol
