#include "plugins/images/preview.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/support/pictures.h"
#include "tests/support/raw_pictures.h"
#include "tests/support/scratch.h"

namespace syncline::images {
namespace {

using syncline::testing::ExtensionOf;
using syncline::testing::MakePicture;
using syncline::testing::PictureBytes;
using syncline::testing::PictureKind;
using syncline::testing::RawKind;
using syncline::testing::Tag;
using syncline::testing::TempDir;

std::string ReadFile(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// A picture of that kind with a JPEG of this seed as Exif thumbnail.
std::string WithThumbnail(PictureKind kind, int seed) {
  TempDir temp;
  const std::string path = temp / ("a." + ExtensionOf(kind));
  const std::string thumbnail = temp / "thumbnail.jpg";
  MakePicture(kind, 1, path);
  MakePicture(PictureKind::kJpeg, seed, thumbnail);
  Tag(path, {"-ThumbnailImage<=" + thumbnail});
  return ReadFile(path);
}

std::string Thumbnail(Format format, std::string bytes) {
  MemoryBytes file(std::move(bytes));
  return EmbeddedThumbnail(format, file);
}

TEST(Preview, TheExifThumbnailIsFound) {
  const std::string& expected = PictureBytes(PictureKind::kJpeg, 7);
  EXPECT_EQ(Thumbnail(Format::kJpeg, WithThumbnail(PictureKind::kJpeg, 7)), expected);
  EXPECT_EQ(Thumbnail(Format::kPng, WithThumbnail(PictureKind::kPng, 7)), expected);
  EXPECT_EQ(Thumbnail(Format::kWebp, WithThumbnail(PictureKind::kWebp, 7)), expected);
  EXPECT_EQ(Thumbnail(Format::kHeic, WithThumbnail(PictureKind::kHeic, 7)), expected);
}

TEST(Preview, ThePreviewOfARawIsFound) {
  const struct {
    RawKind kind;
    Format format;
  } kRaws[] = {{RawKind::kDng, Format::kDng}, {RawKind::kCr2, Format::kCr2},
               {RawKind::kNef, Format::kNef}, {RawKind::kArw, Format::kArw},
               {RawKind::kOrf, Format::kOrf}, {RawKind::kRaf, Format::kRaf},
               {RawKind::kPef, Format::kPef}};
  for (const auto& [kind, format] : kRaws) {
    EXPECT_EQ(Thumbnail(format, RawBytes(kind, 1)).substr(0, 3), "\xFF\xD8\xFF") << NameOf(kind);
  }
}

TEST(Preview, CanonAndPanasonicHaveTheirOwnPlaces) {
  const std::string& jpeg = PictureBytes(PictureKind::kJpeg, 7);
  const std::string uuid("\x85\xC0\xB6\x87\x82\x0F\x11\xE0\x81\x11\xF4\xCE\x46\x2B\x6A\x48", 16);
  const std::string thumbnail = syncline::testing::BoxBytes("THMB", std::string(16, '\0') + jpeg);
  EXPECT_EQ(
      Thumbnail(Format::kCr3, syncline::testing::BoxBytes(
                                  "moov", syncline::testing::BoxBytes("uuid", uuid + thumbnail))),
      jpeg);
  syncline::testing::TiffField field{0x002E, 1, {}, ""};
  for (const char c : jpeg) field.numbers.push_back(static_cast<uint8_t>(c));
  const syncline::testing::TiffStyle panasonic{false, 0x55, ""};
  EXPECT_EQ(Thumbnail(Format::kRw2, TiffBytes(panasonic, {{{field}, "", "", {}}})), jpeg);
}

TEST(Preview, APictureWithoutOneHasNone) {
  EXPECT_EQ(Thumbnail(Format::kJpeg, PictureBytes(PictureKind::kJpeg, 1)), "");
  EXPECT_EQ(Thumbnail(Format::kTiff, PictureBytes(PictureKind::kTiff, 1)), "");
  EXPECT_EQ(Thumbnail(Format::kMov, PictureBytes(PictureKind::kMov, 1)), "");
  EXPECT_EQ(Thumbnail(Format::kNone, "text"), "");
}

TEST(Preview, WhatIsNoJpegIsNotGivenOut) {
  std::string picture = WithThumbnail(PictureKind::kJpeg, 7);
  const size_t at = picture.find(PictureBytes(PictureKind::kJpeg, 7));
  ASSERT_NE(at, std::string::npos);
  picture.replace(at, 2, "MZ");
  EXPECT_EQ(Thumbnail(Format::kJpeg, picture), "");
}

// A file as Fuji's RAF: a JPEG in it, whose place stands in the head.
std::string Raf(const std::string& jpeg) {
  const auto number = [](size_t value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xFF);
    return bytes;
  };
  std::string raf = "FUJIFILMCCD-RAW ";
  raf.resize(84, '\0');
  raf += number(100) + number(jpeg.size());
  raf.resize(100, '\0');
  return raf + jpeg;
}

TEST(Preview, TheThumbnailInsideOfALargePreviewIsFound) {
  const std::string jpeg =
      WithThumbnail(PictureKind::kJpeg, 7) + std::string(kThumbnailLimit, '\0');
  EXPECT_EQ(Thumbnail(Format::kRaf, Raf(jpeg)), PictureBytes(PictureKind::kJpeg, 7));
}

TEST(Preview, OnlyOneOfAtMost64KiBIsGivenOut) {
  std::string jpeg = PictureBytes(PictureKind::kJpeg, 1);
  jpeg.resize(kThumbnailLimit, '\0');
  EXPECT_EQ(Thumbnail(Format::kRaf, Raf(jpeg)), jpeg);
  jpeg += '\0';
  EXPECT_EQ(Thumbnail(Format::kRaf, Raf(jpeg)), "");
}

}  // namespace
}  // namespace syncline::images
