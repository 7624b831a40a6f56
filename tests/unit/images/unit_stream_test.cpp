// A unit as one stream: what goes in comes out, in pieces of any size, and a header that comes from
// elsewhere is not trusted.
#include "plugins/images/unit_stream.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

namespace syncline::images {
namespace {

// Keeps what a reader tells it, as text.
class Notes final : public UnitSink {
 public:
  absl::Status Unit(const StreamUnit& unit) override {
    unit_ = unit;
    return absl::OkStatus();
  }
  absl::Status Begin(size_t member) override {
    EXPECT_EQ(member, contents_.size());
    contents_.emplace_back();
    return absl::OkStatus();
  }
  absl::Status Bytes(std::string_view piece) override {
    EXPECT_FALSE(piece.empty());
    contents_.back() += piece;
    return refuse_ ? absl::ResourceExhaustedError("full") : absl::OkStatus();
  }
  absl::Status End(size_t member) override {
    EXPECT_EQ(member + 1, contents_.size());
    ++ended_;
    return absl::OkStatus();
  }

  StreamUnit unit_;
  std::vector<std::string> contents_;
  size_t ended_ = 0;
  bool refuse_ = false;
};

const StreamMember kJpg{Role::kPicture, ".JPG", 5, 1'700'000'000'123'456'789, "mode 644"};
const StreamMember kNef{Role::kRaw, ".NEF", 0, -1, ""};
const StreamMember kXmp{Role::kSidecar, ".JPG.xmp", 3, 0, std::string("a\0b", 3)};

std::string Header(std::vector<StreamMember> members = {kJpg, kNef, kXmp}) {
  return UnitHeader("DSC_0001", members).value();
}

std::string Message(const absl::Status& status) { return std::string(status.message()); }

// What a reader says of a stream in one piece.
std::string ErrorOf(const std::string& stream, uint64_t total = kUnknownTotal) {
  Notes notes;
  UnitReader reader(&notes, total);
  const absl::Status fed = reader.Feed(stream);
  const absl::Status end = reader.Finish();
  EXPECT_TRUE(fed.ok() || fed == end) << end;
  return Message(end);
}

TEST(UnitStream, WhatGoesInComesOut) {
  const std::string stream = Header() + "helloxmp";
  for (size_t size = 1; size <= stream.size(); ++size) {
    Notes notes;
    UnitReader reader(&notes, stream.size());
    for (size_t at = 0; at < stream.size(); at += size) {
      ASSERT_TRUE(reader.Feed(std::string_view(stream).substr(at, size)).ok());
    }
    ASSERT_TRUE(reader.Finish().ok()) << size;
    EXPECT_EQ(notes.unit_.stem, "DSC_0001");
    EXPECT_EQ(notes.unit_.members, (std::vector<StreamMember>{kJpg, kNef, kXmp}));
    EXPECT_EQ(notes.contents_, (std::vector<std::string>{"hello", "", "xmp"}));
    EXPECT_EQ(notes.ended_, 3u);
  }
}

TEST(UnitStream, AUnitOfEmptyFilesEndsWithItsHeader) {
  Notes notes;
  UnitReader reader(&notes);
  ASSERT_TRUE(reader.Feed(Header({kNef})).ok());
  EXPECT_TRUE(reader.Finish().ok());
  EXPECT_EQ(notes.ended_, 1u);
}

TEST(UnitStream, AStreamThatEndsTooEarlyIsTold) {
  const std::string stream = Header() + "helloxmp";
  for (size_t size = 0; size < stream.size(); ++size) {
    Notes notes;
    UnitReader reader(&notes);
    ASSERT_TRUE(reader.Feed(stream.substr(0, size)).ok());
    const absl::Status end = reader.Finish();
    EXPECT_EQ(end.code(), absl::StatusCode::kDataLoss);
    EXPECT_EQ(Message(end), "The content of the unit ended too early.");
  }
}

TEST(UnitStream, AStreamThatGoesOnIsTold) {
  EXPECT_EQ(ErrorOf(Header() + "helloxmp!"),
            "The unit is not readable: more follows after its last member.");
}

TEST(UnitStream, MembersOverTheStatedTotalAreRefusedBeforeTheyAreRead) {
  Notes notes;
  UnitReader reader(&notes, Header().size() + 7);
  EXPECT_EQ(Message(reader.Feed(Header())),
            "The unit is not readable: its members are not as large together as was told.");
  EXPECT_TRUE(notes.contents_.empty());
}

TEST(UnitStream, AnErrorOfTheSinkEndsTheReading) {
  Notes notes;
  notes.refuse_ = true;
  UnitReader reader(&notes);
  EXPECT_EQ(Message(reader.Feed(Header() + "hel")), "full");
  EXPECT_EQ(Message(reader.Feed("lo")), "full");
  EXPECT_EQ(notes.contents_, std::vector<std::string>{"hel"});
}

TEST(UnitStream, AnotherVersionIsRefused) {
  std::string stream = Header() + "helloxmp";
  stream[6] = '2';
  EXPECT_EQ(ErrorOf(stream),
            "The unit is not readable: it does not begin as one, or another version wrote it.");
  EXPECT_EQ(ErrorOf("hello"),
            "The unit is not readable: it does not begin as one, or another version wrote it.");
}

TEST(UnitStream, AHeaderThatWouldFillTheMemoryIsRefused) {
  EXPECT_EQ(ErrorOf("SLUNIT1\n\xFF\xFF\xFF\xFF"),
            "The unit is not readable: its header is too large.");
}

// The messages for units that a writer refuses; a reader refuses the same.
TEST(UnitStream, UnitsThatAreNoneAreRefusedWithAReason) {
  const auto error = [](std::vector<StreamMember> members, std::string_view stem = "a") {
    return Message(UnitHeader(stem, members).status());
  };
  const std::string begin = "The unit is not readable: ";
  EXPECT_EQ(error({}), begin + "it has no members.");
  EXPECT_EQ(error({kJpg}, ""), begin + "its name is no file name.");
  EXPECT_EQ(error({kJpg}, "../a"), begin + "its name is no file name.");
  EXPECT_EQ(error({kJpg}, std::string_view("a\0", 2)), begin + "its name is no file name.");
  EXPECT_EQ(error({{Role::kPicture, "/x.jpg", 0, 0, ""}}),
            begin + "the name of a member has a '/' or a NUL in it.");
  EXPECT_EQ(error({{Role::kPicture, "", 0, 0, ""}}, ".."),
            begin + "the name of a member is that of a folder.");
  EXPECT_EQ(error({{Role::kPicture, std::string(255, 'x'), 0, 0, ""}}),
            begin + "the name of a member is longer than 255 bytes.");
  EXPECT_EQ(error({kJpg, {Role::kSidecar, ".sh", 0, 0, ""}}),
            begin + "its members are not files that belong together.");
  EXPECT_EQ(error({kXmp, kJpg}), begin + "its members are not files that belong together.");
  EXPECT_EQ(error({kJpg, kJpg}), begin + "its members are not files that belong together.");
  EXPECT_EQ(error({{Role::kPicture, ".jpg", kUnknownTotal, 0, ""}}),
            begin + "its members are larger than any file can be.");
  EXPECT_EQ(error({{static_cast<Role>(7), ".jpg", 0, 0, ""}}),
            begin + "a member has a role that is not known.");
  EXPECT_EQ(error(std::vector<StreamMember>(65, kJpg)), begin + "it has more than 64 members.");
  EXPECT_EQ(error({{Role::kPicture, ".jpg", 0, 0, std::string(kLargestAttributes + 1, 'x')}}),
            begin + "the attributes of a member are larger than 64 KiB.");
}

// One byte changed anywhere: an error or another unit, never a crash, and never a name with '/'.
RC_GTEST_PROP(UnitStreamLaws, AChangedHeaderIsReadOrRefused, ()) {
  std::string stream = Header() + "helloxmp";
  const size_t count = *rc::gen::inRange<size_t>(1, 4);
  for (size_t i = 0; i < count; ++i) {
    stream[*rc::gen::inRange<size_t>(0, stream.size())] = *rc::gen::arbitrary<char>();
  }
  Notes notes;
  UnitReader reader(&notes, stream.size());
  const bool fed = reader.Feed(stream).ok();
  const bool whole = reader.Finish().ok();
  RC_ASSERT(fed || !whole);
  RC_ASSERT(!whole || notes.ended_ == notes.unit_.members.size());
  for (const StreamMember& member : notes.unit_.members) {
    RC_ASSERT((notes.unit_.stem + member.tail).find('/') == std::string::npos);
  }
}

}  // namespace
}  // namespace syncline::images
