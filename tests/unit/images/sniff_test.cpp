// Formats, told by content.
#include "plugins/images/sniff.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "sdk/platform/file_system.h"
#include "tests/support/scratch.h"
#include "tests/unit/images/pieces.h"

namespace syncline::images {
namespace {

using namespace std::string_literals;
using testing::BoxBytes;
using testing::PictureKind;
using testing::RawKind;
using testing::TiffPage;

Format ExpectedFormat(PictureKind kind) {
  static const std::map<PictureKind, Format> formats = {
      {PictureKind::kJpeg, Format::kJpeg},
      {PictureKind::kProgressiveJpeg, Format::kJpeg},
      {PictureKind::kPng, Format::kPng},
      {PictureKind::kPalettePng, Format::kPng},
      {PictureKind::kGif, Format::kGif},
      {PictureKind::kAnimatedGif, Format::kGif},
      {PictureKind::kWebp, Format::kWebp},
      {PictureKind::kLosslessWebp, Format::kWebp},
      {PictureKind::kTiff, Format::kTiff},
      {PictureKind::kTiledTiff, Format::kTiff},
      {PictureKind::kBigEndianTiff, Format::kTiff},
      {PictureKind::kBmp, Format::kBmp},
      {PictureKind::kHeic, Format::kHeic},
      {PictureKind::kAvif, Format::kAvif},
      {PictureKind::kJxl, Format::kJxl},
      {PictureKind::kJxlContainer, Format::kJxl},
      {PictureKind::kMp4, Format::kMp4},
      {PictureKind::kMov, Format::kMov},
  };
  return formats.at(kind);
}

class SniffEncoded : public ::testing::TestWithParam<PictureKind> {};

TEST_P(SniffEncoded, WhatAnEncoderWroteIsToldByItsContent) {
  const std::string& bytes = testing::PictureBytes(GetParam(), 1);
  EXPECT_EQ(SniffText(bytes), ExpectedFormat(GetParam()));
  EXPECT_TRUE(ExtensionFits(SniffText(bytes), "x." + testing::ExtensionOf(GetParam())));
}

INSTANTIATE_TEST_SUITE_P(Kinds, SniffEncoded, ::testing::ValuesIn(testing::AllPictureKinds()),
                         [](const auto& kind) { return TestName(testing::NameOf(kind.param)); });

class SniffRaw : public ::testing::TestWithParam<RawKind> {};

TEST_P(SniffRaw, AMakersRawIsToldByItsContent) {
  const std::string bytes = testing::RawBytes(GetParam(), 1);
  const FormatInfo& info = InfoOf(SniffText(bytes));
  EXPECT_EQ(info.name, testing::NameOf(GetParam()));
  EXPECT_TRUE(info.raw);
  EXPECT_TRUE(ExtensionFits(info.format, "X." + testing::ExtensionOf(GetParam())));
}

INSTANTIATE_TEST_SUITE_P(Kinds, SniffRaw, ::testing::ValuesIn(testing::AllRawKinds()),
                         [](const auto& kind) { return testing::NameOf(kind.param); });

TEST(Sniff, WhatIsNoPictureIsNone) {
  const std::string texts[] = {
      "",
      "\xFF",
      "Dear diary, these are no pixels.",
      "BM is how this text begins, and it is far longer than the header of a bitmap would be.",
      "GIF is a format",
      "II",
      "MM\0"s,
      "RIFF\x10\0\0\0WAVEfmt "s,
      "\x89PNG\r\n",
      "%PDF-1.7",
      std::string(5000, '\0'),
  };
  for (const std::string& text : texts) EXPECT_EQ(SniffText(text), Format::kNone) << text;
}

TEST(Sniff, AnErrorOfTheFileIsGivenOn) {
  class Failing : public Bytes {
   public:
    uint64_t size() const override { return 1000; }
    absl::StatusOr<size_t> ReadAt(uint64_t, char*, size_t) override {
      return absl::UnavailableError("the card was pulled");
    }
  } failing;
  EXPECT_EQ(Sniff(failing).status().message(), "the card was pulled");
  EXPECT_EQ(Identify(Format::kJpeg, failing).status().message(), "the card was pulled");
}

TEST(Sniff, AFileOnDiskIsReadThroughTheDoor) {
  testing::TempDir temp;
  testing::MakeRaw(RawKind::kNef, 1, temp / "a.jpg");
  const platform::Dir dir = platform::OpenDir(temp.path()).value();
  const platform::File file = platform::OpenFile(dir, "a.jpg").value();
  platform::FileInfo info;
  ASSERT_TRUE(platform::StatHandle(file, &info).ok());
  FileBytes bytes(file, info.size);
  EXPECT_EQ(Sniff(bytes).value(), Format::kNef);
  EXPECT_EQ(Identify(Format::kNef, bytes).value().fingerprint,
            FingerprintOf(testing::RawBytes(RawKind::kNef, 1)));
}

TEST(Sniff, ATiffMadeOfARawIsATiff) {
  // Photoshop keeps the maker's name when it develops a raw.
  const TiffPage page{{{271, 2, {}, "NIKON CORPORATION"}, {262, 3, {2}, ""}}, "pixels", "", {}};
  EXPECT_EQ(SniffText(testing::TiffBytes({}, {page})), Format::kTiff);
}

TEST(Sniff, ADngIsOneWhoeverMadeTheCamera) {
  const TiffPage page{
      {{271, 2, {}, "PENTAX"}, {262, 3, {32803}, ""}, {0xC612, 1, {1, 4, 0, 0}, ""}},
      "pixels",
      "",
      {}};
  EXPECT_EQ(SniffText(testing::TiffBytes({}, {page})), Format::kDng);
}

TEST(Sniff, BigTiffIsATiff) {
  const std::string head = "II\x2B\0\x08\0\0\0"s;
  EXPECT_EQ(SniffText(head + testing::Little(16, 8) + testing::Little(0, 8)), Format::kTiff);
  EXPECT_EQ(SniffText("II\x2B\0\x07\0\0\0"s + std::string(20, '\0')), Format::kNone);
}

TEST(Sniff, BrandsTellIsoMediaApart) {
  const auto with_brands = [](const std::string& brands) {
    return SniffText(BoxBytes("ftyp", brands.substr(0, 4) + "\0\0\0\0"s + brands.substr(4)));
  };
  EXPECT_EQ(with_brands("heic"), Format::kHeic);
  EXPECT_EQ(with_brands("mif1heic"), Format::kHeic);
  EXPECT_EQ(with_brands("mif1avif"), Format::kAvif);
  EXPECT_EQ(with_brands("msf1isomhevc"), Format::kHeic);  // also a movie, but first a picture
  EXPECT_EQ(with_brands("mif1miaf"), Format::kHeic);
  EXPECT_EQ(with_brands("avis"), Format::kAvif);
  EXPECT_EQ(with_brands("crx isom"), Format::kCr3);
  EXPECT_EQ(with_brands("qt  "), Format::kMov);
  EXPECT_EQ(with_brands("isommp42"), Format::kMp4);
  EXPECT_EQ(with_brands("3gp5"), Format::kMp4);
  EXPECT_EQ(with_brands("XAVC"), Format::kMp4);
  EXPECT_EQ(with_brands("unknmp42"), Format::kMp4);
  EXPECT_EQ(with_brands("M4A mp42"), Format::kNone);  // music
  EXPECT_EQ(with_brands("jp2 "), Format::kNone);
}

TEST(Sniff, QuickTimeBeforeItHadBrandsIsKnown) {
  EXPECT_EQ(SniffText(BoxBytes("wide", "") + BoxBytes("mdat", "pixels")), Format::kMov);
  EXPECT_EQ(SniffText(BoxBytes("moov", "")), Format::kMov);
  EXPECT_EQ(SniffText(BoxBytes("free", "") + BoxBytes("what", "")), Format::kNone);
}

TEST(Sniff, DirectoriesThatLeadAstrayAreLookedAtOnce) {
  // 64 directories inside, which are the first one again, each with as many.
  testing::TiffField inner{330, 4, std::vector<uint32_t>(64, 8), ""};
  const TiffPage page{{{271, 2, {}, "SONY"}, inner}, "", "", {}};
  EXPECT_EQ(SniffText(testing::TiffBytes({}, {page})), Format::kTiff);
}

// ---- The table ----------------------------------------------------------------------------------

TEST(Formats, EveryFormatIsInTheTable) {
  EXPECT_EQ(AllFormats().size(), 20u);
  std::set<std::string_view> names;
  std::set<std::string_view> extensions;
  for (const FormatInfo& info : AllFormats()) {
    EXPECT_EQ(&InfoOf(info.format), &info);
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_NE(info.media_type.find(info.movie ? "video/" : "image/"), std::string_view::npos);
    ASSERT_FALSE(info.extensions.empty());
    for (const std::string_view extension : info.extensions) {
      EXPECT_TRUE(extensions.insert(extension).second) << extension;
      EXPECT_TRUE(ExtensionFits(info.format, "a." + std::string(extension)));
    }
  }
  EXPECT_TRUE(InfoOf(Format::kNone).extensions.empty());
}

TEST(Formats, AnExtensionFitsWithoutRegardToCase) {
  EXPECT_TRUE(ExtensionFits(Format::kJpeg, "IMG_0001.JPG"));
  EXPECT_TRUE(ExtensionFits(Format::kJpeg, "a.b.JpEg"));
  EXPECT_FALSE(ExtensionFits(Format::kJpeg, "IMG_0001.PNG"));
  EXPECT_FALSE(ExtensionFits(Format::kPng, "IMG_0001.JPG"));
  EXPECT_FALSE(ExtensionFits(Format::kJpeg, "jpg"));
  EXPECT_FALSE(ExtensionFits(Format::kJpeg, "photo.jpg.txt"));
  EXPECT_FALSE(ExtensionFits(Format::kJpeg, "photo."));
  EXPECT_FALSE(ExtensionFits(Format::kNone, "photo.jpg"));
}

TEST(Formats, ARawThatIsATiffInsideMayBeNamedSo) {
  EXPECT_TRUE(ExtensionFits(Format::kDng, "scan.TIF"));
  EXPECT_TRUE(ExtensionFits(Format::kNef, "a.tiff"));
  EXPECT_FALSE(ExtensionFits(Format::kRaf, "a.tif"));  // this one is none
  EXPECT_FALSE(ExtensionFits(Format::kNef, "a.arw"));
  EXPECT_TRUE(ExtensionFits(Format::kTiff, "a.nef"));  // without the maker's name inside
  EXPECT_TRUE(ExtensionFits(Format::kTiff, "a.3FR"));
  EXPECT_FALSE(ExtensionFits(Format::kTiff, "a.cr3"));
}

}  // namespace
}  // namespace syncline::images
