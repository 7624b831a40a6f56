// The provider's merge(), as the host calls it.
#include "plugins/images/merge_units.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plugins/images/essence.h"
#include "tests/unit/images/packet_text.h"

namespace syncline::images {
namespace {

const std::string kRest(32, 'a');

class Source {
 public:
  explicit Source(std::string text) : text_(std::move(text)) {}
  ByteSource source() const { return ByteSource(&raw_); }

 private:
  static int64_t Read(void* ctx, void* buffer, size_t capacity) {
    auto* self = static_cast<Source*>(ctx);
    const size_t count = self->text_.copy(static_cast<char*>(buffer), capacity, self->at_);
    self->at_ += count;
    return static_cast<int64_t>(count);
  }

  const std::string text_;
  size_t at_ = 0;
  const syncline_byte_source raw_ = {sizeof(raw_), this, text_.size(), &Read};
};

struct Outcome {
  bool merged = false;
  std::string bytes;
  std::string fields;
  std::string error;  // "STATUS: sentence"
};

Outcome Called(const std::optional<std::string>& base, const std::string& mine,
               const std::string& theirs, const std::vector<syncline_choice>& choices = {}) {
  Outcome outcome;
  const syncline_byte_sink sink = {sizeof(sink), &outcome.bytes, &internal::AppendTo};
  const syncline_field_sink fields = {
      sizeof(fields), &outcome.fields,
      [](void* ctx, syncline_str name, syncline_str one, syncline_str other) {
        static_cast<std::string*>(ctx)
            ->append(View(name))
            .append(": ")
            .append(View(one))
            .append(" / ")
            .append(View(other));
      }};
  const Source of_base(base.value_or(""));
  const Source of_mine(mine);
  const Source of_theirs(theirs);
  const MergeInput input = {base ? std::optional(of_base.source()) : std::nullopt, of_mine.source(),
                            of_theirs.source(), syncline::Favour::kNone, choices};
  try {
    outcome.merged = MergeUnits(input, ByteSink(&sink), Fields(&fields));
  } catch (const Error& error) {
    outcome.error = std::to_string(error.status()) + ": " + error.summary();
  }
  return outcome;
}

std::string Encoded(const std::string& packet, const std::string& rest = kRest) {
  return EncodeEssence({rest, {{".JPG", Role::kPicture, packet}}});
}

TEST(MergeUnits, TheMergedEssenceIsWritten) {
  const Outcome outcome = Called(Encoded(PacketText("t", 1), ""), Encoded(PacketText("t", 2)),
                                 Encoded(PacketText("u", 1)));
  EXPECT_TRUE(outcome.merged);
  EXPECT_EQ(outcome.bytes, Encoded(PacketText("u", 2)));
  EXPECT_EQ(outcome.fields + outcome.error, "");
}

TEST(MergeUnits, FieldsThatDifferAreToldUntilSomebodyDecides) {
  const std::string mine = Encoded(PacketText("t", 2));
  const std::string theirs = Encoded(PacketText("t", 3));
  const Outcome open = Called(std::nullopt, mine, theirs);
  EXPECT_FALSE(open.merged);
  EXPECT_EQ(open.fields, "rating: 2 / 3");
  EXPECT_EQ(open.bytes, "");
  const Outcome decided =
      Called(std::nullopt, mine, theirs,
             {{sizeof(syncline_choice), SYNCLINE_FAVOUR_THEIRS, Str("rating")}});
  EXPECT_TRUE(decided.merged);
  EXPECT_EQ(decided.bytes, theirs);
}

TEST(MergeUnits, WhatCannotBeMergedIsRefusedWithASentence) {
  const std::string mine = Encoded(PacketText("t", 2));
  EXPECT_EQ(Called(mine, mine, Encoded("", std::string(32, 'b'))).error.substr(0, 36),
            std::to_string(SYNCLINE_UNSUPPORTED) + ": Both sides changed this picture,");
  EXPECT_EQ(Called(mine, mine, "x").error,
            std::to_string(SYNCLINE_INVALID) +
                ": What is to be merged of a picture is not readable: it does not begin as it "
                "should, or another version wrote it.");
}

// As without one: nothing counts as removed.
TEST(MergeUnits, AnAncestorThatIsNotReadableIsNone) {
  const std::string mine = Encoded(PacketText("t", 2));
  const std::string theirs = Encoded(PacketText("", 2, {"k"}));
  EXPECT_EQ(Called("damaged", mine, theirs).bytes, Encoded(PacketText("t", 2, {"k"})));
}

}  // namespace
}  // namespace syncline::images
