// The dates of movies, written by exiftool and by hand.
#include "plugins/images/quicktime.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/support/pictures.h"
#include "tests/support/scratch.h"
#include "tests/unit/images/pieces.h"

namespace syncline::images {
namespace {

using syncline::testing::MakePicture;
using syncline::testing::PictureBytes;
using syncline::testing::PictureKind;
using syncline::testing::ReadTag;
using syncline::testing::RunTool;
using syncline::testing::Tag;
using syncline::testing::TempDir;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kNow = absl::FromCivil(absl::CivilSecond(2026, 5, 4, 12), absl::UTCTimeZone());

std::string ReadFile(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string Tagged(PictureKind kind, const std::vector<std::string>& arguments) {
  TempDir temp;
  const std::string path = temp / (kind == PictureKind::kMp4 ? "a.mp4" : "a.mov");
  MakePicture(kind, 1, path);
  Tag(path, arguments);
  return ReadFile(path);
}

Metadata Read(std::string bytes, Format format = Format::kMov) {
  MemoryBytes file(std::move(bytes));
  return ReadMetadata(format, file, {});
}

Taken Chosen(const Metadata& metadata) {
  return ChooseTaken(metadata.dates, metadata.rejected, "C0001.MP4", 0, kNow);
}

// A movie with nothing but a time in its header.
std::string Movie(uint64_t created, int version) {
  const std::string times = Number(created, version == 1 ? 8 : 4);
  return BoxOf("ftyp", "isom" + Number(0, 4)) +
         BoxOf("moov", BoxOf("mvhd", Number(version, 1) + Number(0, 3) + times + times +
                                         std::string(90, '\0')));
}

constexpr uint64_t kMoment = 2'082'844'800ull + 1'672'628'645;  // 2023-01-02 03:04:05

TEST(QuickTime, TheCreationTimeIsUtc) {
  for (const PictureKind kind : {PictureKind::kMp4, PictureKind::kMov}) {
    const Metadata metadata = Read(Tagged(kind, {"-QuickTime:CreateDate=2023:01:02 03:04:05"}));
    ASSERT_EQ(metadata.dates.size(), 1u);
    EXPECT_TRUE(metadata.dates[0].utc);
    const Taken taken = Chosen(metadata);
    EXPECT_EQ(taken.source, DateSource::kQuickTime);
    EXPECT_EQ(taken.local, absl::CivilSecond(2023, 1, 2, 3, 4, 5));
    EXPECT_EQ(taken.utc_offset_minutes, 0);
  }
}

TEST(QuickTime, ApplesCreationDateHasTheZoneAndGoesFirst) {
  const Metadata metadata = Read(Tagged(
      PictureKind::kMov,
      {"-QuickTime:CreateDate=2023:01:02 03:04:05", "-Keys:CreationDate=2023:01:02 05:04:05+02:00",
       "-Keys:Make=Apple", "-Keys:Model=iPhone 14", "-Keys:Title=Waves"}));
  const Taken taken = Chosen(metadata);
  EXPECT_EQ(taken.local, absl::CivilSecond(2023, 1, 2, 5, 4, 5));
  EXPECT_EQ(taken.utc_offset_minutes, 120);
  EXPECT_EQ(metadata.maker, "Apple");
  EXPECT_EQ(metadata.camera, "iPhone 14");
  EXPECT_EQ(metadata.title, "Waves");
  EXPECT_EQ(metadata.width, 64u);
  EXPECT_EQ(metadata.height, 48u);
}

// exiftool cannot write this key, and reads it as judge.
TEST(QuickTime, AppleSaysWhichPhotoBelongsToAMovie) {
  TempDir temp;
  MakePicture(PictureKind::kMov, 1, temp / "a.mov");
  RunTool("ffmpeg", {"ffmpeg", "-loglevel", "error", "-i", temp / "a.mov", "-c", "copy",
                     "-movflags", "use_metadata_tags", "-metadata",
                     "com.apple.quicktime.content.identifier=1234-ABCD", temp / "b.mov"});
  EXPECT_EQ(Read(ReadFile(temp / "b.mov")).content_id, "1234-ABCD");
  EXPECT_EQ(ReadTag(temp / "b.mov", "ContentIdentifier"), "1234-ABCD") << "the judge";
}

TEST(QuickTime, TextsOfTheUserDataAreRead) {
  const Metadata metadata =
      Read(Tagged(PictureKind::kMov, {"-UserData:ContentCreateDate=2023:01:02 03:04:05+01:00",
                                      "-UserData:Make=Canon", "-UserData:Model=Canon EOS R5"}));
  const Taken taken = Chosen(metadata);
  EXPECT_EQ(taken.local, absl::CivilSecond(2023, 1, 2, 3, 4, 5));
  EXPECT_EQ(taken.utc_offset_minutes, 60);
  EXPECT_EQ(metadata.camera, "EOS R5");
}

TEST(QuickTime, XmpInAMovieIsRead) {
  for (const PictureKind kind : {PictureKind::kMp4, PictureKind::kMov}) {
    const Metadata metadata = Read(Tagged(kind, {"-XMP:Rating=5", "-XMP:Title=Waves"}));
    EXPECT_EQ(metadata.rating, "5");
    EXPECT_EQ(metadata.title, "Waves");
  }
}

TEST(QuickTime, ATurnedMovieSaysSo) {
  const Metadata metadata = Read(Tagged(PictureKind::kMov, {"-Rotation=90"}));
  EXPECT_EQ(metadata.orientation, 6);
  EXPECT_EQ(metadata.width, 64u) << "as it is stored";
}

TEST(QuickTime, ZeroIsNoTime) {
  EXPECT_THAT(Read(PictureBytes(PictureKind::kMov, 1)).dates, IsEmpty());
  const Metadata metadata = Read(Movie(0, 0));
  EXPECT_THAT(metadata.dates, IsEmpty());
  EXPECT_THAT(metadata.rejected, IsEmpty());
}

TEST(QuickTime, LongTimesAndTimesSince1970AreUnderstood) {
  for (const auto& [created, version] : std::vector<std::pair<uint64_t, int>>{
           {kMoment, 0}, {kMoment, 1}, {kMoment - 2'082'844'800ull, 0}}) {
    const Metadata metadata = Read(Movie(created, version));
    ASSERT_EQ(metadata.dates.size(), 1u) << created;
    EXPECT_EQ(metadata.dates[0].local, absl::CivilSecond(2023, 1, 2, 3, 4, 5)) << created;
  }
}

TEST(QuickTime, AbsurdTimesAreTold) {
  EXPECT_THAT(Read(Movie(~uint64_t{0}, 1)).rejected,
              ElementsAre("QuickTime date says a second that no calendar has"));
  const Taken taken = Chosen(Read(Movie(4'200'000'000, 0)));
  EXPECT_EQ(taken.source, DateSource::kFileTime);
  EXPECT_THAT(taken.rejected,
              ElementsAre("QuickTime date says 2037-02-02 02:40:00, which has not come yet"));
}

TEST(QuickTime, ACr3HasTheExifOfItsBoxes) {
  TempDir temp;
  // exiftool writes a block of TIFF; Canon's boxes hold one for each directory.
  const auto tiff = [&](const std::vector<std::string>& arguments) {
    const std::string path = temp / "a.exif";
    std::vector<std::string> argv = {"exiftool", "-q"};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    argv.push_back(path);
    RunTool("libimage-exiftool-perl", argv);
    return ReadFile(path);
  };
  const auto one = [](uint16_t tag, uint16_t type, const std::string& value) {
    std::string block = "MM" + Number(42, 2) + Number(8, 4) + Number(1, 2) + Number(tag, 2) +
                        Number(type, 2) + Number(value.size(), 4) + Number(26, 4) + Number(0, 4);
    return block + value;
  };
  const std::string uuid("\x85\xC0\xB6\x87\x82\x0F\x11\xE0\x81\x11\xF4\xCE\x46\x2B\x6A\x48", 16);
  const std::string file =
      BoxOf("ftyp", "crx " + Number(1, 4) + "crx isom") +
      BoxOf("moov",
            BoxOf("uuid",
                  uuid + BoxOf("CMT1", tiff({"-Make=Canon", "-Model=Canon EOS R5"})) +
                      BoxOf("CMT2", one(0x9003, 2, std::string("2023:01:02 03:04:05\0", 20))) +
                      BoxOf("CMT4", one(0x001D, 2, std::string("2023:01:02\0", 11)))));
  const Metadata metadata = Read(file, Format::kCr3);
  EXPECT_EQ(metadata.problem, "");
  EXPECT_EQ(metadata.camera, "EOS R5");
  ASSERT_EQ(metadata.dates.size(), 2u);
  EXPECT_EQ(metadata.dates[0].source, DateSource::kExifOriginal);
  EXPECT_EQ(metadata.dates[0].local, absl::CivilSecond(2023, 1, 2, 3, 4, 5));
  EXPECT_EQ(metadata.dates[1].source, DateSource::kGps);
  std::ofstream(temp / "a.cr3", std::ios::binary) << file;
  EXPECT_EQ(ReadTag(temp / "a.cr3", "DateTimeOriginal"), "2023:01:02 03:04:05") << "the judge";
}

}  // namespace
}  // namespace syncline::images
