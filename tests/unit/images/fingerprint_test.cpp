// The two hashes by which a picture is known again.
#include "plugins/images/fingerprint.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "tests/unit/images/pieces.h"

namespace syncline::images {
namespace {

// Counts what is read, and can end early.
class Watched : public Bytes {
 public:
  explicit Watched(std::string bytes) : bytes_(std::move(bytes)) {}
  uint64_t size() const override { return bytes_.size(); }
  absl::StatusOr<size_t> ReadAt(uint64_t offset, char* buffer, size_t capacity) override {
    if (offset >= shrunk_to) return size_t{0};
    const size_t got = bytes_.copy(buffer, capacity, offset);
    read += got;
    return got;
  }
  uint64_t read = 0;
  uint64_t shrunk_to = ~uint64_t{0};

 private:
  const std::string bytes_;
};

PictureData Whole(uint64_t size) {
  PictureData data;
  data.extents = {{0, size, 0}};
  return data;
}

// Both are kept in the memory of a sync for years.
TEST(Fingerprint, HashesNeverChangeFromOneVersionToTheNext) {
  Watched file(testing::Noise(1, 300'000));
  PictureData data;
  data.extents = {{1000, 150'000, 0}, {200'000, 50, 0}, {250'000, 20'000, 0}};
  EXPECT_EQ(Fingerprint(Format::kHeic, file, data).value(),
            "heif-29842-e593701db7f315ef03e2e2ac4d040cf1");
  EXPECT_EQ(Digest(file, data, nullptr).value(), "2e113d773d51d21f8b8260a9caf5c35c");
  data.extents[1].part = 1;
  EXPECT_EQ(Fingerprint(Format::kHeic, file, data).value(),
            "heif-29842-f707649bdf8b7bd253220a1a22c8952a");
  EXPECT_EQ(Digest(file, data, nullptr).value(), "b9586ea7d1a21c3f51dfef9ce5ec721a");
  Watched nothing("");
  EXPECT_EQ(Digest(nothing, PictureData(), nullptr).value(), "99aa06d3014798d86001c324468d497f");
}

TEST(Fingerprint, OnlyTheTwoEndsAreRead) {
  Watched file(testing::Noise(1, 1'000'000));
  ASSERT_TRUE(Fingerprint(Format::kJpeg, file, Whole(1'000'000)).ok());
  EXPECT_EQ(file.read, 2u * 64 * 1024);
}

TEST(Fingerprint, ItTellsFamilyLengthAndEndsAndNotTheMiddle) {
  const std::string bytes = testing::Noise(1, 1'000'000);
  const auto of = [](Format format, const std::string& text) {
    Watched file(text);
    return Fingerprint(format, file, Whole(text.size())).value();
  };
  const auto changed_at = [&](size_t at) {
    std::string other = bytes;
    other[at] = static_cast<char>(other[at] ^ 1);
    return other;
  };
  const std::string usual = of(Format::kNef, bytes);
  EXPECT_EQ(usual, of(Format::kTiff, bytes));  // the maker's name is metadata
  EXPECT_NE(usual, of(Format::kJpeg, bytes));
  EXPECT_NE(usual, of(Format::kNef, bytes + "x"));
  EXPECT_NE(usual, of(Format::kNef, changed_at(65'535)));
  EXPECT_NE(usual, of(Format::kNef, changed_at(1'000'000 - 65'536)));
  EXPECT_EQ(usual, of(Format::kNef, changed_at(500'000)));
  Watched here(bytes);
  Watched there(changed_at(500'000));
  EXPECT_NE(Digest(here, Whole(bytes.size()), nullptr).value(),
            Digest(there, Whole(bytes.size()), nullptr).value());
}

TEST(Digest, WhereTheBytesAreDoesNotCount) {
  PictureData here;
  here.extents = {{2, 3, 0}};
  PictureData there;
  there.extents = {{0, 1, 0}, {4, 2, 0}};
  Watched a("..abc.");
  Watched b("a...bc");
  EXPECT_EQ(Digest(a, here, nullptr).value(), Digest(b, there, nullptr).value());
  EXPECT_EQ(Fingerprint(Format::kJpeg, a, here).value(),
            Fingerprint(Format::kJpeg, b, there).value());
}

TEST(Digest, AFileThatBecameShorterIsTold) {
  Watched file(testing::Noise(1, 3'000'000));
  file.shrunk_to = 1;
  EXPECT_TRUE(absl::IsAborted(Digest(file, Whole(3'000'000), nullptr).status()));
  EXPECT_TRUE(absl::IsAborted(Fingerprint(Format::kJpeg, file, Whole(3'000'000)).status()));
}

TEST(Digest, ProgressIsToldAndMayStopIt) {
  Watched file(testing::Noise(1, 3'000'000));
  uint64_t last = 0;
  ASSERT_TRUE(Digest(file, Whole(3'000'000), [&](uint64_t done) {
                EXPECT_GT(done, last);
                last = done;
                return absl::OkStatus();
              }).ok());
  EXPECT_EQ(last, 3'000'000u);
  file.read = 0;
  const absl::StatusOr<std::string> stopped =
      Digest(file, Whole(3'000'000), [](uint64_t) { return absl::CancelledError("stopped"); });
  EXPECT_TRUE(absl::IsCancelled(stopped.status()));
  EXPECT_LT(file.read, 3'000'000u);
}

RC_GTEST_PROP(Digest, AStreamInAnyPiecesGivesTheSame, ()) {
  const auto size = *rc::gen::inRange<size_t>(1, 400);
  const std::string bytes = testing::Noise(*rc::gen::inRange(0, 100), size);
  PictureData data;
  for (uint64_t at = 0; at < size;) {
    at += *rc::gen::inRange<uint64_t>(0, 40);
    if (at >= size) break;
    const auto length = *rc::gen::inRange<uint64_t>(1, 40);
    const auto part = *rc::gen::inRange<uint32_t>(0, 3);
    data.extents.push_back({at, std::min<uint64_t>(length, size - at), part});
    at += length;
  }
  DigestOfStream stream(data);
  for (size_t at = 0; at < size;) {
    const auto piece = *rc::gen::inRange<size_t>(1, 90);
    stream.Feed(std::string_view(bytes).substr(at, piece));
    at += piece;
  }
  Watched file(bytes);
  RC_ASSERT(stream.Finish() == Digest(file, data, nullptr).value());
}

}  // namespace
}  // namespace syncline::images
