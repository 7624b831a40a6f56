// Metadata written into real pictures by exiftool, and read by us.
#include "plugins/images/metadata.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "plugins/images/metadata_text.h"
#include "tests/support/pictures.h"
#include "tests/support/raw_pictures.h"
#include "tests/support/scratch.h"

namespace syncline::images {
namespace {

using syncline::testing::ExtensionOf;
using syncline::testing::MakePicture;
using syncline::testing::MakeRaw;
using syncline::testing::NameOf;
using syncline::testing::PictureBytes;
using syncline::testing::PictureKind;
using syncline::testing::RawKind;
using syncline::testing::ReadTag;
using syncline::testing::Tag;
using syncline::testing::TempDir;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kNow = absl::FromCivil(absl::CivilSecond(2026, 5, 4, 12), absl::UTCTimeZone());

Format FormatOf(PictureKind kind) {
  switch (kind) {
    case PictureKind::kJpeg:
    case PictureKind::kProgressiveJpeg:
      return Format::kJpeg;
    case PictureKind::kPng:
    case PictureKind::kPalettePng:
      return Format::kPng;
    case PictureKind::kGif:
    case PictureKind::kAnimatedGif:
      return Format::kGif;
    case PictureKind::kWebp:
    case PictureKind::kLosslessWebp:
      return Format::kWebp;
    case PictureKind::kTiff:
    case PictureKind::kTiledTiff:
    case PictureKind::kBigEndianTiff:
      return Format::kTiff;
    case PictureKind::kBmp:
      return Format::kBmp;
    case PictureKind::kHeic:
      return Format::kHeic;
    case PictureKind::kAvif:
      return Format::kAvif;
    case PictureKind::kJxl:
    case PictureKind::kJxlContainer:
      return Format::kJxl;
    case PictureKind::kMp4:
      return Format::kMp4;
    case PictureKind::kMov:
      return Format::kMov;
  }
  return Format::kNone;
}

std::string ReadFile(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string Tagged(PictureKind kind, const std::vector<std::string>& arguments) {
  TempDir temp;
  const std::string path = temp / ("picture." + ExtensionOf(kind));
  MakePicture(kind, 1, path);
  if (!arguments.empty()) Tag(path, arguments);
  return ReadFile(path);
}

Metadata Read(Format format, std::string bytes, std::string_view sidecar = {}) {
  MemoryBytes file(std::move(bytes));
  return ReadMetadata(format, file, sidecar);
}

Taken Chosen(const Metadata& metadata) {
  return ChooseTaken(metadata.dates, metadata.rejected, "IMG_1234.JPG", 0, kNow);
}

// The formats into which exiftool writes Exif and XMP.
class EachFormat : public ::testing::TestWithParam<PictureKind> {};

TEST_P(EachFormat, ExifAndXmpAreRead) {
  const std::string bytes =
      Tagged(GetParam(),
             {"-Exif:DateTimeOriginal=2023:01:02 03:04:05", "-OffsetTimeOriginal=+02:00",
              "-SubSecTimeOriginal=25", "-Make=Canon", "-Model=Canon EOS R5", "-Orientation#=6",
              "-XMP:Title=A title", "-XMP:Description=Größe", "-XMP:Rating=4", "-XMP:Label=Red",
              "-XMP:Subject=one", "-XMP:Subject=two", "-XMP:CreateDate=2020:01:01 00:00:00"});
  const Metadata metadata = Read(FormatOf(GetParam()), bytes);
  EXPECT_EQ(metadata.problem, "");
  EXPECT_THAT(metadata.rejected, IsEmpty());
  const Taken taken = Chosen(metadata);
  EXPECT_EQ(taken.source, DateSource::kExifOriginal);
  EXPECT_EQ(taken.local, absl::CivilSecond(2023, 1, 2, 3, 4, 5));
  EXPECT_EQ(taken.nanos, 250'000'000);
  EXPECT_EQ(taken.utc_offset_minutes, 120);
  EXPECT_EQ(metadata.maker, "Canon");
  EXPECT_EQ(metadata.camera, "EOS R5");
  EXPECT_EQ(metadata.orientation, 6);
  EXPECT_EQ(metadata.title, "A title");
  EXPECT_EQ(metadata.caption, "Größe");
  EXPECT_EQ(metadata.rating, "4");
  EXPECT_EQ(metadata.label, "Red");
  EXPECT_THAT(metadata.keywords, ElementsAre("one", "two"));
  EXPECT_EQ(metadata.width, 64u);
  EXPECT_EQ(metadata.height, 48u);
}

INSTANTIATE_TEST_SUITE_P(
    Metadata, EachFormat,
    ::testing::Values(PictureKind::kJpeg, PictureKind::kProgressiveJpeg, PictureKind::kPng,
                      PictureKind::kWebp, PictureKind::kLosslessWebp, PictureKind::kTiff,
                      PictureKind::kTiledTiff, PictureKind::kBigEndianTiff, PictureKind::kHeic,
                      PictureKind::kAvif, PictureKind::kJxlContainer),
    [](const auto& kind) {
      std::string name = NameOf(kind.param);
      name.erase(std::remove_if(name.begin(), name.end(), [](char c) { return !isalnum(c); }),
                 name.end());
      return name;
    });

TEST(Metadata, EveryPictureHasItsSizeAndNoProblem) {
  for (const PictureKind kind : syncline::testing::AllPictureKinds()) {
    const Metadata metadata = Read(FormatOf(kind), PictureBytes(kind, 1));
    EXPECT_EQ(metadata.width, 64u) << NameOf(kind);
    EXPECT_EQ(metadata.height, 48u) << NameOf(kind);
    EXPECT_EQ(metadata.problem, "") << NameOf(kind);
  }
}

struct Raw {
  RawKind kind;
  Format format;
};

class EachRaw : public ::testing::TestWithParam<Raw> {};

TEST_P(EachRaw, ExifAndXmpAreRead) {
  TempDir temp;
  const std::string path = temp / ("a." + ExtensionOf(GetParam().kind));
  MakeRaw(GetParam().kind, 1, path);
  Tag(path, {"-Exif:DateTimeOriginal=2023:01:02 03:04:05", "-OffsetTimeOriginal=+02:00",
             "-SubSecTimeOriginal=25", "-XMP:Rating=4", "-XMP:CreateDate=2020:01:01 00:00:00"});
  const Metadata metadata = Read(GetParam().format, ReadFile(path));
  EXPECT_EQ(metadata.problem, "");
  const Taken taken = Chosen(metadata);
  EXPECT_EQ(taken.source, DateSource::kExifOriginal);
  EXPECT_EQ(taken.local, absl::CivilSecond(2023, 1, 2, 3, 4, 5));
  EXPECT_EQ(taken.nanos, 250'000'000);
  EXPECT_EQ(taken.utc_offset_minutes, 120);
  EXPECT_EQ(metadata.rating, "4");
  EXPECT_EQ(metadata.maker, ReadTag(path, "Make")) << "the judge";
  // The RAF of the tests has no Exif of its own.
  if (GetParam().kind != RawKind::kRaf) {
    EXPECT_NE(metadata.camera, "");
  }
}

INSTANTIATE_TEST_SUITE_P(
    Metadata, EachRaw,
    ::testing::Values(Raw{RawKind::kDng, Format::kDng}, Raw{RawKind::kCr2, Format::kCr2},
                      Raw{RawKind::kCr3, Format::kCr3}, Raw{RawKind::kNef, Format::kNef},
                      Raw{RawKind::kArw, Format::kArw}, Raw{RawKind::kOrf, Format::kOrf},
                      Raw{RawKind::kRw2, Format::kRw2}, Raw{RawKind::kRaf, Format::kRaf},
                      Raw{RawKind::kPef, Format::kPef}),
    [](const auto& raw) { return NameOf(raw.param.kind); });

TEST(Metadata, AGifHasXmp) {
  const Metadata metadata =
      Read(Format::kGif, Tagged(PictureKind::kAnimatedGif,
                                {"-XMP:CreateDate=2023:01:02 03:04:05+01:00", "-XMP:Rating=3"}));
  EXPECT_EQ(metadata.rating, "3");
  EXPECT_EQ(Chosen(metadata).source, DateSource::kXmp);
  EXPECT_EQ(Chosen(metadata).utc_offset_minutes, 60);
}

TEST(Metadata, TheGpsDateIsUtcAndBecomesLocalByTheOffsetOfExif) {
  const Metadata metadata =
      Read(Format::kJpeg,
           Tagged(PictureKind::kJpeg,
                  {"-GPSDateStamp=2023:01:02", "-GPSTimeStamp=23:04:05.5", "-OffsetTime=+02:00"}));
  const Taken taken = Chosen(metadata);
  EXPECT_EQ(taken.source, DateSource::kGps);
  EXPECT_EQ(taken.local, absl::CivilSecond(2023, 1, 3, 1, 4, 5));
  EXPECT_EQ(taken.nanos, 500'000'000);
  EXPECT_EQ(taken.utc_offset_minutes, 120);
}

TEST(Metadata, CreateDateComesAfterGpsAndBeforeXmp) {
  const std::vector<std::string> xmp = {"-XMP:DateTimeOriginal=2019:01:01 00:00:00"};
  std::vector<std::string> create = xmp;
  create.push_back("-Exif:CreateDate=2020:01:02 03:04:05");
  create.push_back("-OffsetTimeDigitized=-05:00");
  create.push_back("-SubSecTimeDigitized=7");
  Taken taken = Chosen(Read(Format::kJpeg, Tagged(PictureKind::kJpeg, create)));
  EXPECT_EQ(taken.source, DateSource::kExifCreate);
  EXPECT_EQ(taken.utc_offset_minutes, -300);
  EXPECT_EQ(taken.nanos, 700'000'000);
  create.push_back("-GPSDateStamp=2021:01:02");
  create.push_back("-GPSTimeStamp=00:00:00");
  EXPECT_EQ(Chosen(Read(Format::kJpeg, Tagged(PictureKind::kJpeg, create))).source,
            DateSource::kGps);
  EXPECT_EQ(Chosen(Read(Format::kJpeg, Tagged(PictureKind::kJpeg, xmp))).source, DateSource::kXmp);
}

TEST(Metadata, XmpHasThreeDatesInTheirOrder) {
  const Metadata metadata =
      Read(Format::kJpeg,
           Tagged(PictureKind::kJpeg,
                  {"-XMP:CreateDate=2021:01:01 00:00:00", "-XMP-photoshop:DateCreated=2020:01:01",
                   "-XMP-exif:DateTimeOriginal=2019:01:01 00:00:00"}));
  ASSERT_EQ(metadata.dates.size(), 3u);
  EXPECT_EQ(metadata.dates[0].local.year(), 2019);
  EXPECT_EQ(metadata.dates[1].local.year(), 2020);
  EXPECT_TRUE(metadata.dates[1].day_only);
  EXPECT_EQ(metadata.dates[2].local.year(), 2021);
}

// exiftool writes such values only when it is told to pass them on as they are.
TEST(Metadata, AnAbsurdDateIsToldAndTheNextBestIsTaken) {
  const auto with = [](const std::string& original) {
    return Read(Format::kJpeg,
                Tagged(PictureKind::kJpeg, {"-Exif:DateTimeOriginal#=" + original,
                                            "-Exif:CreateDate=2022:02:02 02:02:02"}));
  };
  const struct {
    const char* written;
    const char* told;
  } kCases[] = {
      {"0000:00:00 00:00:00", "says \"0000:00:00 00:00:00\", which is no date"},
      {"2023:13:01 00:00:00", "says \"2023:13:01 00:00:00\", which is no date"},
      {"2023:02:30 00:00:00", "says \"2023:02:30 00:00:00\", which is no date"},
      {"    :  :     :  :  ", "says \": : : :\", which is no date"},
      {"                   ", "is empty"},
      {"garbage", "says \"garbage\", which is no date"},
      {"0001:01:01 00:00:00", "says 0001-01-01 00:00:00, which is before the first photograph"},
      {"2099:01:01 00:00:00", "says 2099-01-01 00:00:00, which has not come yet"},
  };
  for (const auto& [written, told] : kCases) {
    const Taken taken = Chosen(with(written));
    EXPECT_EQ(taken.source, DateSource::kExifCreate) << written;
    EXPECT_EQ(taken.local, absl::CivilSecond(2022, 2, 2, 2, 2, 2)) << written;
    EXPECT_THAT(taken.rejected, ElementsAre(std::string("Exif DateTimeOriginal ") + told))
        << written;
  }
}

TEST(Metadata, ASidecarGoesBeforeThePicture) {
  TempDir temp;
  const std::string sidecar = temp / "a.xmp";
  std::ofstream(sidecar) << "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF "
                            "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>"
                            "</x:xmpmeta>";
  Tag(sidecar, {"-XMP:Rating=5", "-XMP:Title=Of the sidecar", "-XMP:Subject=three",
                "-XMP:CreateDate=2018:01:01 00:00:00"});
  const std::string picture =
      Tagged(PictureKind::kJpeg, {"-XMP:Rating=1", "-XMP:Title=Embedded", "-XMP:Label=Blue",
                                  "-XMP:Subject=one", "-XMP:CreateDate=2017:01:01 00:00:00"});
  const Metadata metadata = Read(Format::kJpeg, picture, ReadFile(sidecar));
  EXPECT_EQ(metadata.rating, "5");
  EXPECT_EQ(metadata.title, "Of the sidecar");
  EXPECT_EQ(metadata.label, "Blue");
  EXPECT_THAT(metadata.keywords, ElementsAre("three", "one"));
  EXPECT_EQ(Chosen(metadata).local.year(), 2018);
}

TEST(Metadata, ABrokenSidecarIsToldAndThePictureIsRead) {
  const std::string picture = Tagged(PictureKind::kJpeg, {"-XMP:Rating=1"});
  for (const std::string& sidecar :
       {std::string("<x:xmpmeta"), std::string("no XML"), std::string(5 << 20, ' ')}) {
    const Metadata metadata = Read(Format::kJpeg, picture, sidecar);
    EXPECT_EQ(metadata.problem.substr(0, 28), "its sidecar cannot be read: ");
    EXPECT_EQ(metadata.rating, "1");
  }
}

TEST(Metadata, ExifHasRatingAndDescriptionToo) {
  const Metadata metadata = Read(
      Format::kJpeg, Tagged(PictureKind::kJpeg, {"-IFD0:Rating=2", "-ImageDescription=Here",
                                                 "-Make=NIKON CORPORATION", "-Model=NIKON Z 6"}));
  EXPECT_EQ(metadata.rating, "2");
  EXPECT_EQ(metadata.caption, "Here");
  EXPECT_EQ(metadata.maker, "NIKON CORPORATION");
  EXPECT_EQ(metadata.camera, "Z 6");
}

TEST(Metadata, ReadingFetchesLittleOfALargePicture) {
  // Counts what is read.
  class Counting final : public Bytes {
   public:
    explicit Counting(std::string bytes) : bytes_(std::move(bytes)) {}
    uint64_t size() const override { return bytes_.size(); }
    absl::StatusOr<size_t> ReadAt(uint64_t offset, char* buffer, size_t capacity) override {
      const absl::StatusOr<size_t> got = bytes_.ReadAt(offset, buffer, capacity);
      read += got.ok() ? *got : 0;
      return got;
    }
    uint64_t read = 0;

   private:
    MemoryBytes bytes_;
  };
  for (const PictureKind kind : {PictureKind::kJpeg, PictureKind::kTiff}) {
    // What follows a JPEG's scan, and what no directory of a TIFF points to, is not looked at.
    Counting file(Tagged(kind, {"-Exif:DateTimeOriginal=2023:01:02 03:04:05"}) +
                  std::string(50 << 20, 'x'));
    const Metadata metadata = ReadMetadata(FormatOf(kind), file, {});
    EXPECT_EQ(metadata.dates.size(), 1u);
    EXPECT_LT(file.read, 100'000u) << NameOf(kind);
  }
}

TEST(Metadata, AppleSaysWhichMovieBelongsToAPhoto) {
  // A block of Exif as iPhones write it: notes of Apple with one entry.
  const auto number = [](uint32_t value, int width) {
    std::string bytes;
    for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
      bytes += static_cast<char>(value >> shift & 0xFF);
    }
    return bytes;
  };
  const std::string id = "12345678-1234-1234-1234-123456789ABC";
  const std::string notes = std::string("Apple iOS\0\0\1MM", 14) + number(1, 2) + number(0x11, 2) +
                            number(2, 2) + number(37, 4) + number(32, 4) + number(0, 4) + id +
                            std::string(1, '\0');
  const std::string tiff = "MM" + number(42, 2) + number(8, 4) +                             //
                           number(1, 2) + number(0x8769, 2) + number(4, 2) + number(1, 4) +  //
                           number(26, 4) + number(0, 4) +                                    //
                           number(1, 2) + number(0x927C, 2) + number(7, 2) +
                           number(static_cast<uint32_t>(notes.size()), 4) + number(44, 4) +
                           number(0, 4) + notes;
  const std::string exif = std::string("Exif\0\0", 6) + tiff;
  std::string jpeg = PictureBytes(PictureKind::kJpeg, 1);
  jpeg.insert(2, "\xFF\xE1" + number(static_cast<uint32_t>(exif.size() + 2), 2) + exif);
  const Metadata metadata = Read(Format::kJpeg, jpeg);
  EXPECT_EQ(metadata.content_id, id);
  TempDir temp;
  std::ofstream(temp / "a.jpg", std::ios::binary) << jpeg;
  EXPECT_EQ(ReadTag(temp / "a.jpg", "Apple:all"), id) << "the judge";
}

TEST(Metadata, TextsAreOneLineOfUtf8) {
  EXPECT_EQ(CleanText(std::string_view("Canon\0junk", 10), 100), "Canon");
  EXPECT_EQ(CleanText("  a \n\t b\x7f ", 100), "a b");
  EXPECT_EQ(CleanText("gr\xFC\xDF", 100), "grüß") << "Latin-1";
  EXPECT_EQ(CleanText("grüß", 100), "grüß");
  EXPECT_EQ(CleanText("grüß", 3), "gr...");
  EXPECT_EQ(CleanText("a\xC2\x85"
                      "b",
                      100),
            "a b")
      << "a control of two bytes";
  std::string umlauts;
  for (int i = 0; i < 1000; ++i) umlauts += "ü";
  EXPECT_EQ(CleanText(umlauts, 5), "üü...");
}

}  // namespace
}  // namespace syncline::images
