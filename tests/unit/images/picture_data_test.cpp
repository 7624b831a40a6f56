// The picture apart from its metadata.
#include "plugins/images/picture_data.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>

#include "plugins/images/boxes.h"
#include "tests/support/scratch.h"
#include "tests/unit/images/pieces.h"

namespace syncline::images {
namespace {

using namespace std::string_literals;
using testing::Big;
using testing::BoxBytes;
using testing::Little;
using testing::PictureKind;
using testing::RawKind;
using testing::TempDir;
using testing::TiffPage;
using testing::Tree;

// A picture of an encoder or of a maker.
struct Sample {
  std::string name;
  std::string extension;
  std::string (*make)(size_t index, int seed);
  size_t index;
  std::string Bytes(int seed) const { return make(index, seed); }
};

std::vector<Sample> AllSamples() {
  std::vector<Sample> samples;
  for (const PictureKind kind : testing::AllPictureKinds()) {
    samples.push_back({TestName(testing::NameOf(kind)), testing::ExtensionOf(kind),
                       [](size_t index, int seed) {
                         return testing::PictureBytes(testing::AllPictureKinds()[index], seed);
                       },
                       static_cast<size_t>(kind)});
  }
  for (const RawKind kind : testing::AllRawKinds()) {
    samples.push_back({testing::NameOf(kind), testing::ExtensionOf(kind),
                       [](size_t index, int seed) {
                         return testing::RawBytes(testing::AllRawKinds()[index], seed);
                       },
                       static_cast<size_t>(kind)});
  }
  return samples;
}

// What holds of any bytes that are taken for a format.
void ExpectLaws(Format format, const std::string& bytes, const PictureData& data) {
  uint64_t end = 0;
  for (const Extent& extent : data.extents) {
    ASSERT_GT(extent.length, 0u);
    ASSERT_GE(extent.offset, end) << InfoOf(format).name;
    ASSERT_LE(extent.offset, bytes.size());
    ASSERT_LE(extent.length, bytes.size() - extent.offset);
    end = extent.offset + extent.length;
  }
  if (!data.apart && bytes.empty()) {
    ASSERT_TRUE(data.extents.empty());
  }
  if (!data.apart && !bytes.empty()) {
    ASSERT_EQ(data.extents, (std::vector<Extent>{{0, bytes.size(), 0}}));
  }
  if (data.truncated) {
    ASSERT_FALSE(data.apart);
    ASSERT_FALSE(data.problem.empty());
  }
  MemoryBytes file(bytes);
  DigestOfStream stream(data);
  for (size_t at = 0; at < bytes.size(); at += 100) stream.Feed(bytes.substr(at, 100));
  ASSERT_EQ(stream.Finish(), Digest(file, data, nullptr).value());
}

void ExpectLaws(const std::string& bytes) {
  const Format sniffed = SniffText(bytes);
  ExpectLaws(sniffed, bytes, DataOf(sniffed, bytes));
}

class EverySample : public ::testing::TestWithParam<Sample> {};

TEST_P(EverySample, ChangedMetadataLeavesThePictureAndOtherPixelsDoNot) {
  const std::string plain = GetParam().Bytes(1);
  ExpectLaws(plain);
  EXPECT_NE(DigestOf(plain), DigestOf(GetParam().Bytes(2)));
  EXPECT_NE(FingerprintOf(plain), FingerprintOf(GetParam().Bytes(2)));
  EXPECT_EQ(DataOf(plain).problem, "");
  if (GetParam().extension == "bmp") return;  // has no metadata
  if (plain.starts_with("\xFF\x0A")) return;  // exiftool makes a container of it and warns
  ASSERT_TRUE(DataOf(plain).apart);

  TempDir temp;
  Tree tree(temp.path());
  const std::string name = "picture." + GetParam().extension;
  tree.Write(name, plain);
  const auto expect_the_same = [&](const std::string& what) {
    const std::string now = tree.Read(name);
    EXPECT_TRUE(DataOf(now).apart) << what;
    EXPECT_EQ(DataOf(now).problem, "") << what;
    EXPECT_EQ(DigestOf(now), DigestOf(plain)) << what;
    EXPECT_EQ(FingerprintOf(now), FingerprintOf(plain)) << what;
  };
  testing::Tag(tree.Path(name), {"-XMP:Rating=3", "-XMP:Subject=sea", "-XMP:Subject=sun"});
  expect_the_same("rating and keywords");
  testing::Tag(tree.Path(name),
               {"-XMP:Description=A longer text, in which more is told of it", "-XMP:Rating=5"});
  expect_the_same("a caption");
  const bool no_exif = GetParam().extension == "gif" || GetParam().extension == "cr3";
  if (!no_exif && !InfoOf(SniffText(plain)).movie) {
    testing::Tag(tree.Path(name), {"-EXIF:DateTimeOriginal=2024:05:06 07:08:09", "-EXIF:Artist=Ada",
                                   "-EXIF:Orientation#=6"});
    expect_the_same("Exif");
  }
  testing::Tag(tree.Path(name), {"-XMP:all="});
  expect_the_same("XMP removed");
}

// A cut file is told by all of its bytes, unless what is missing is not the picture.
TEST_P(EverySample, CutAtAnyLengthItIsNotTakenForAnother) {
  const std::string whole = GetParam().Bytes(1);
  const Format format = SniffText(whole);
  const std::string digest = DigestOf(whole);
  int said = 0;
  const size_t step = 1 + whole.size() / 3000;
  for (size_t length = 0; length < whole.size(); length += step) {
    const std::string cut = whole.substr(0, length);
    const PictureData data = DataOf(format, cut);
    ASSERT_NO_FATAL_FAILURE(ExpectLaws(format, cut, data)) << length;
    ASSERT_NO_FATAL_FAILURE(ExpectLaws(cut)) << length;
    MemoryBytes file(cut);
    const bool bare_codestream = whole.starts_with("\xFF\x0A");  // has no length inside
    if (data.apart && !bare_codestream) {
      EXPECT_EQ(Digest(file, data, nullptr).value(), digest) << length;
    }
    if (data.truncated) ++said;
  }
  if (!whole.starts_with("\xFF\x0A")) {
    EXPECT_GT(said, 100);
  }
}

TEST_P(EverySample, ChangedBytesNeverLeadOutOfTheFile) {
  const std::string whole = GetParam().Bytes(1);
  const Format format = SniffText(whole);
  const bool held = rc::check("changed bytes", [&] {
    std::string bytes = whole;
    // Most structure is at the beginning.
    const auto changes = *rc::gen::container<std::vector<std::pair<size_t, uint8_t>>>(rc::gen::pair(
        rc::gen::oneOf(rc::gen::inRange<size_t>(0, whole.size()),
                       rc::gen::inRange<size_t>(0, std::min<size_t>(whole.size(), 300))),
        rc::gen::arbitrary<uint8_t>()));
    for (const auto& [at, byte] : changes) bytes[at] = static_cast<char>(byte);
    bytes.resize(
        *rc::gen::oneOf(rc::gen::just(bytes.size()), rc::gen::inRange<size_t>(0, bytes.size())));
    ExpectLaws(bytes);
    ExpectLaws(format, bytes, DataOf(format, bytes));
    RC_ASSERT(!::testing::Test::HasFatalFailure());
  });
  EXPECT_TRUE(held);
}

INSTANTIATE_TEST_SUITE_P(Samples, EverySample, ::testing::ValuesIn(AllSamples()),
                         [](const auto& sample) { return sample.param.name; });

// ---- JPEG ---------------------------------------------------------------------------------------

TEST(JpegData, WhatFollowsThePictureIsAPartOfIt) {
  const std::string jpeg = testing::PictureBytes(PictureKind::kJpeg, 1);
  const std::string movie = BoxBytes("ftyp", "mp42") + std::string(200'000, 'm');
  EXPECT_NE(DigestOf(jpeg), DigestOf(jpeg + movie));
  EXPECT_TRUE(DataOf(jpeg + movie).apart);  // its end is far from the end of the file
}

TEST(JpegData, ACameraMayFillTheFileUp) {
  const std::string jpeg = testing::PictureBytes(PictureKind::kJpeg, 1);
  EXPECT_FALSE(DataOf(jpeg + std::string(1000, '\0')).truncated);
}

TEST(JpegData, AFileWithoutItsEndIsTold) {
  std::string jpeg = testing::PictureBytes(PictureKind::kJpeg, 1);
  jpeg.resize(jpeg.size() - 2);
  const PictureData data = DataOf(jpeg);
  EXPECT_TRUE(data.truncated);
  EXPECT_EQ(data.problem, "it ends in the middle of the picture");
}

TEST(JpegData, AdobesColoursAreAPartOfThePicture) {
  const std::string jpeg = testing::PictureBytes(PictureKind::kJpeg, 1);
  const auto with_segment = [&](uint8_t marker, const std::string& payload) {
    return jpeg.substr(0, 2) + "\xFF" + static_cast<char>(marker) + Big(payload.size() + 2, 2) +
           payload + jpeg.substr(2);
  };
  EXPECT_EQ(DigestOf(jpeg), DigestOf(with_segment(0xE1, "Exif\0\0"s)));
  EXPECT_EQ(DigestOf(jpeg), DigestOf(with_segment(0xFE, "a comment")));
  EXPECT_EQ(DigestOf(jpeg), DigestOf(with_segment(0xEE, "Other")));
  EXPECT_NE(DigestOf(jpeg), DigestOf(with_segment(0xEE, "Adobe\0d\0\0\0\0\2"s)));
}

// ---- Boxes --------------------------------------------------------------------------------------

std::string Movie(const std::string& more) {
  return BoxBytes("ftyp", "mp42\0\0\0\0"s) + BoxBytes("moov", "index") + more;
}

TEST(BoxData, LengthsOfZeroOneAndTooMuchAreUnderstood) {
  // 0: to the end of the file.
  EXPECT_EQ(DataOf(Movie("\0\0\0\0mdatpixels"s)).extents, (std::vector<Extent>{{37, 6, 0}}));
  // 1: eight bytes more tell it.
  const std::string long_box = "\0\0\0\1mdat"s + Big(16 + 6, 8) + "pixels";
  EXPECT_EQ(DataOf(Movie(long_box)).extents, (std::vector<Extent>{{45, 6, 0}}));
  EXPECT_TRUE(DataOf(Movie("\0\0\0\1mdat"s + Big(~uint64_t{0}, 8) + "pixels")).truncated);
  EXPECT_TRUE(DataOf(Movie("\xFF\xFF\xFF\xFFmdatpixels"s)).truncated);
  EXPECT_FALSE(DataOf(Movie("\0\0\0\4mdatpixels"s)).apart);  // shorter than its own head
  EXPECT_FALSE(DataOf(Movie("\0\0\0\1mdat"s + Big(8, 8) + "pixels")).apart);
}

TEST(BoxData, ABoxShorterThanItsHeadEndsTheWalk) {
  MemoryBytes file("\0\0\0\4mdat"s + BoxBytes("moov", ""));
  NumberReader reader(file);
  BoxWalker boxes(&reader, 0, reader.size());
  EXPECT_FALSE(boxes.Next().has_value());
  EXPECT_FALSE(boxes.AtEnd());
}

TEST(BoxData, ARecordingWithoutItsIndexIsTold) {
  const PictureData data = DataOf(BoxBytes("ftyp", "mp42\0\0\0\0"s) + BoxBytes("mdat", "pixels"));
  EXPECT_TRUE(data.truncated);
  EXPECT_EQ(data.problem, "it has no index: the recording was not finished");
}

TEST(BoxData, NotesBehindTheLastBoxDoNoHarm) {
  EXPECT_TRUE(DataOf(Movie(BoxBytes("mdat", "pixels") + "\x7F\0\0\0\0\0\0\1"s)).apart);
  EXPECT_TRUE(DataOf(Movie(BoxBytes("mdat", "pixels") + "end")).apart);
}

TEST(BoxData, JpegXlIsTheSameWithAndWithoutAContainer) {
  const std::string bare = testing::PictureBytes(PictureKind::kJxl, 1);
  const std::string head = "\0\0\0\x0CJXL \r\n\x87\n"s + BoxBytes("ftyp", "jxl \0\0\0\0jxl "s);
  const std::string in_parts = head + BoxBytes("jxlp", Big(0, 4) + bare.substr(0, 100)) +
                               BoxBytes("jxlp", Big(0x80000001, 4) + bare.substr(100));
  EXPECT_EQ(DigestOf(bare), DigestOf(head + BoxBytes("jxlc", bare)));
  EXPECT_EQ(DigestOf(bare), DigestOf(in_parts));
  const std::string without_last = head + BoxBytes("jxlp", Big(0, 4) + bare.substr(0, 100));
  EXPECT_TRUE(DataOf(without_last).truncated);
}

// A HEIC with one picture in the file and one item of metadata behind it.
std::string Heic(int method, const std::string& type, const std::string& place) {
  const std::string entry = BoxBytes("infe", Big(0x02000000, 4) + Big(1, 2) + Big(0, 2) + type);
  const std::string more = BoxBytes("infe", Big(0x02000000, 4) + Big(2, 2) + Big(0, 2) + "Exif");
  const std::string items = BoxBytes("iinf", Big(0, 4) + Big(2, 2) + entry + more);
  const std::string one =
      Big(1, 2) + Big(static_cast<uint64_t>(method), 2) + Big(0, 2) + Big(1, 2) + place;
  const std::string two = Big(2, 2) + Big(0, 2) + Big(0, 2) + Big(1, 2) + Big(8, 4) + Big(4, 4);
  const std::string places =
      BoxBytes("iloc", Big(0x01000000, 4) + Big(0x4400, 2) + Big(2, 2) + one + two);
  const std::string meta =
      BoxBytes("meta", Big(0, 4) + items + places + BoxBytes("idat", "inside"));
  return BoxBytes("ftyp", "heic\0\0\0\0"s) + meta + BoxBytes("mdat", "pixels");
}

TEST(HeifData, ItemsOfPicturesAreThePicture) {
  EXPECT_EQ(DataOf(Heic(0, "hvc1", Big(8, 4) + Big(6, 4))).extents,
            (std::vector<Extent>{{8, 6, 0}}));
  const std::string inside = Heic(1, "grid", Big(2, 4) + Big(4, 4));
  EXPECT_EQ(DataOf(inside).extents, (std::vector<Extent>{{inside.find("side"), 4, 0}}));
}

TEST(HeifData, WhatIsNotUnderstoodIsTheWholeFile) {
  EXPECT_FALSE(DataOf(Heic(2, "hvc1", Big(0, 4) + Big(6, 4))).apart);  // in another item
  EXPECT_FALSE(DataOf(Heic(0, "hvc1", Big(8, 4) + Big(0, 4))).apart);  // without a length
  EXPECT_TRUE(DataOf(Heic(0, "hvc1", Big(8, 4) + Big(999, 4))).truncated);
  EXPECT_TRUE(DataOf(Heic(1, "hvc1", Big(4, 4) + Big(3, 4))).truncated);  // past the end of idat
  EXPECT_EQ(DataOf(Heic(0, "mime", Big(8, 4) + Big(6, 4))).problem, "it holds no picture");
}

TEST(HeifData, ASequenceIsAllOfItsPictures) {
  TempDir temp;
  testing::MakePicture(PictureKind::kAnimatedGif, 1, temp / "a.gif");
  testing::RunTool("ffmpeg", {"ffmpeg", "-loglevel", "error", "-i", temp / "a.gif", "-pix_fmt",
                              "yuv420p", "-cpu-used", "8", temp / "a.avif"});
  const std::string plain = Tree(temp.path()).Read("a.avif");
  EXPECT_EQ(SniffText(plain), Format::kAvif);
  EXPECT_TRUE(DataOf(plain).apart);
  std::string last = plain;
  last.back() = static_cast<char>(last.back() ^ 1);
  EXPECT_NE(DigestOf(plain), DigestOf(last));
  testing::Tag(temp / "a.avif", {"-XMP:Rating=3"});
  const std::string tagged = Tree(temp.path()).Read("a.avif");
  EXPECT_TRUE(DataOf(tagged).apart);
  EXPECT_EQ(DigestOf(plain), DigestOf(tagged));
}

// ---- TIFF ---------------------------------------------------------------------------------------

TEST(TiffData, PagesCountWhereverTheirPixelsAre) {
  TempDir temp;
  testing::MakePicture(PictureKind::kPng, 1, temp / "1.png");
  testing::MakePicture(PictureKind::kPng, 2, temp / "2.png");
  const auto pages = [&](const std::string& first, const std::string& second) {
    testing::RunTool("imagemagick",
                     {"convert", temp / first, temp / second, "-compress", "LZW", temp / "a.tif"});
    return Tree(temp.path()).Read("a.tif");
  };
  const std::string swapped = pages("2.png", "1.png");
  const std::string plain = pages("1.png", "2.png");
  testing::Tag(temp / "a.tif", {"-XMP:Rating=3"});
  const std::string tagged = Tree(temp.path()).Read("a.tif");
  // exiftool writes the last page's pixels first.
  ASSERT_GT(DataOf(tagged).extents.front().part, DataOf(tagged).extents.back().part);
  EXPECT_EQ(DigestOf(plain), DigestOf(tagged));
  EXPECT_EQ(FingerprintOf(plain), FingerprintOf(tagged));
  EXPECT_NE(DigestOf(plain), DigestOf(swapped));
}

TEST(TiffData, PreviewsAreNotThePicture) {
  const auto with_preview = [](const std::string& preview) {
    const TiffPage small{{{254, 4, {1}, ""}}, preview, "", {}};
    return testing::TiffBytes({}, {TiffPage{{}, "pixels", preview, {small}}});
  };
  EXPECT_EQ(DigestOf(with_preview("before")), DigestOf(with_preview("behind!")));
  // Where there is nothing else, it is.
  const TiffPage only{{{254, 4, {1}, ""}}, "pixels", "", {}};
  EXPECT_TRUE(DataOf(testing::TiffBytes({}, {only})).apart);
}

TEST(TiffData, BigTiffIsUnderstood) {
  const auto entry = [](uint16_t tag, uint64_t value) {
    return Little(tag, 2) + Little(16, 2) + Little(1, 8) + Little(value, 8);
  };
  const std::string bytes = "II\x2B\0\x08\0\0\0"s + Little(16, 8) + Little(2, 8) + entry(273, 72) +
                            entry(279, 6) + Little(0, 8) + "pixels";
  EXPECT_EQ(DataOf(bytes).extents, (std::vector<Extent>{{72, 6, 0}}));
}

TEST(TiffData, DirectoriesInACircleAreReadOnce) {
  std::string bytes = testing::TiffBytes({}, {TiffPage{{}, "pixels", "", {}}});
  bytes.replace(8 + 2 + 2 * 12, 4, Little(8, 4));  // the next one is the first one
  EXPECT_TRUE(DataOf(bytes).apart);
  const testing::TiffField inner{330, 4, std::vector<uint32_t>(64, 8), ""};
  EXPECT_TRUE(DataOf(testing::TiffBytes({}, {TiffPage{{inner}, "pixels", "", {}}})).apart);
}

TEST(TiffData, WhatIsNotUnderstoodIsTheWholeFile) {
  const auto with = [](const std::vector<testing::TiffField>& fields) {
    return DataOf(testing::TiffBytes({}, {TiffPage{fields, "", "", {}}}));
  };
  EXPECT_FALSE(with({{273, 4, {8}, ""}}).apart);                           // without lengths
  EXPECT_FALSE(with({{273, 4, {8, 8}, ""}, {279, 4, {4}, ""}}).apart);     // without some
  EXPECT_FALSE(with({{256, 4, {8}, ""}}).apart);                           // without pixels
  EXPECT_TRUE(with({{273, 4, {8}, ""}, {279, 4, {4000}, ""}}).truncated);  // past the end
  const PictureData shared = DataOf(
      testing::TiffBytes({}, {TiffPage{{{273, 4, {8}, ""}, {279, 4, {20}, ""}}, "", "", {}},
                              TiffPage{{{273, 4, {10}, ""}, {279, 4, {20}, ""}}, "", "", {}}}));
  EXPECT_FALSE(shared.apart);  // two pictures in the same place
}

// ---- Others -------------------------------------------------------------------------------------

TEST(ChunkData, UnknownChunksOfAPngAreAPartOfThePicture) {
  const std::string png = testing::PictureBytes(PictureKind::kPng, 1);
  const auto with_chunk = [&](const std::string& type) {
    return png.substr(0, 33) + Big(4, 4) + type + "data" + "crc!" + png.substr(33);
  };
  EXPECT_EQ(DigestOf(png), DigestOf(with_chunk("tEXt")));
  EXPECT_EQ(DigestOf(png), DigestOf(with_chunk("tIME")));
  EXPECT_NE(DigestOf(png), DigestOf(with_chunk("gAMA")));
  EXPECT_NE(DigestOf(png), DigestOf(with_chunk("prVW")));
  EXPECT_EQ(DataOf(with_chunk("12\0\0"s)).problem, "its structure is broken");
  EXPECT_EQ(DataOf(png.substr(0, 33) + Big(0, 4) + "IENDcrc!").problem, "it holds no picture");
}

// Bytes that never end being chunks, as a hostile file of a terabyte.
class Endless : public Bytes {
 public:
  Endless(std::string head, std::string pattern)
      : head_(std::move(head)), pattern_(std::move(pattern)) {}
  uint64_t size() const override { return uint64_t{1} << 40; }
  absl::StatusOr<size_t> ReadAt(uint64_t offset, char* buffer, size_t capacity) override {
    ++reads;
    for (size_t i = 0; i < capacity; ++i) {
      const uint64_t at = offset + i;
      buffer[i] = at < head_.size() ? head_[at] : pattern_[(at - head_.size()) % pattern_.size()];
    }
    return capacity;
  }
  int reads = 0;

 private:
  const std::string head_;
  const std::string pattern_;
};

TEST(PictureDataWork, AFileOfEndlessPiecesEndsSoon) {
  const std::string jpeg_head = "\xFF\xD8"s;
  struct Case {
    Format format;
    std::string head;
    std::string pattern;
  };
  const Case cases[] = {
      {Format::kPng, "\x89PNG\r\n\x1A\n"s, Big(0, 4) + "tEXtcrc!"},
      {Format::kGif, "GIF89a\1\0\1\0\0\0\0!\xFE"s, "\1a"},
      {Format::kJpeg, jpeg_head, "\xFF\xFE\0\2"s},
      {Format::kJpeg, jpeg_head, "\xFF"},
      {Format::kMp4, BoxBytes("ftyp", "mp42\0\0\0\0"s), BoxBytes("free", "")},
      {Format::kHeic, BoxBytes("ftyp", "heic\0\0\0\0"s), BoxBytes("free", "")},
      {Format::kJxl, "\0\0\0\x0CJXL \r\n\x87\n"s, BoxBytes("free", "")},
      {Format::kWebp, "RIFF\xFF\xFF\xFF\xFFWEBP", "EXIF\0\0\0\0"s},
      // Each directory says that the next one is a bit further.
      {Format::kTiff, "II\x2A\0\x08\0\0\0"s, "\1\0\1\0"s},
  };
  for (const Case& one : cases) {
    Endless file(one.head, one.pattern);
    ASSERT_EQ(Sniff(file).value(), one.format);
    const PictureData data = FindPictureData(one.format, file).value();
    EXPECT_FALSE(data.apart) << InfoOf(one.format).name;
    EXPECT_LT(file.reads, 1 << 20);
  }
}

}  // namespace
}  // namespace syncline::images
