// What of a picture is not XMP: exiftool's edits of XMP leave its hash as it is, all others do not.
#include "plugins/images/rest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <exiv2/image.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "plugins/images/embedded_xmp.h"
#include "tests/support/pictures.h"
#include "tests/support/raw_pictures.h"
#include "tests/support/scratch.h"

namespace syncline::images {
namespace {

using testing::PictureKind;
using testing::RawKind;
using testing::TempDir;
using testing::Tree;

std::string Rest(Format format, const std::string& picture) {
  const PictureRest rest = RestOf(format, picture).value();
  EXPECT_TRUE(rest.packet.has_value()) << "it is not told apart";
  return rest.rest;
}

struct Kind {
  std::string name;
  Format format;
  std::string bytes;
  std::string other;  // other pixels
};

Kind Of(PictureKind kind, Format format) {
  return {testing::NameOf(kind), format, testing::PictureBytes(kind, 1),
          testing::PictureBytes(kind, 2)};
}

const std::vector<Kind>& Kinds() {
  static const std::vector<Kind> kinds = {
      Of(PictureKind::kJpeg, Format::kJpeg),
      Of(PictureKind::kPng, Format::kPng),
      Of(PictureKind::kWebp, Format::kWebp),
      Of(PictureKind::kTiff, Format::kTiff),
      Of(PictureKind::kBigEndianTiff, Format::kTiff),
      {"DNG", Format::kDng, testing::RawBytes(RawKind::kDng, 1),
       testing::RawBytes(RawKind::kDng, 2)},
  };
  return kinds;
}

using Arguments = std::vector<std::string>;

// What exiftool makes of a picture, for each of these edits. One call, since starting it takes half
// a second.
std::vector<std::string> Edited(const Kind& kind, const std::string& bytes,
                                const std::vector<Arguments>& edits) {
  TempDir temp;
  Tree tree(temp.path());
  std::vector<std::string> argv = {"exiftool"};
  for (size_t i = 0; i < edits.size(); ++i) {
    const std::string name =
        std::to_string(i) + "." + std::string(InfoOf(kind.format).extensions.front());
    tree.Write(name, bytes);
    if (i > 0) argv.emplace_back("-execute");
    argv.insert(argv.end(), edits[i].begin(), edits[i].end());
    argv.push_back(tree.Path(name));
  }
  argv.insert(argv.end(), {"-common_args", "-overwrite_original"});
  testing::RunTool("libimage-exiftool-perl", argv);
  std::vector<std::string> edited;
  for (size_t i = 0; i < edits.size(); ++i) {
    edited.push_back(
        tree.Read(std::to_string(i) + "." + std::string(InfoOf(kind.format).extensions.front())));
    EXPECT_NE(edited.back(), bytes) << kind.name << edits[i].front();
  }
  return edited;
}

bool HasIptc(const Kind& kind) {
  return kind.format == Format::kJpeg || kind.format == Format::kTiff;
}

std::string WithMetadata(const Kind& kind, const std::string& bytes) {
  std::vector<std::string> arguments = {"-EXIF:DateTimeOriginal=2024:05:06 07:08:09",
                                        "-EXIF:GPSLatitude=54.3",
                                        "-EXIF:GPSLatitudeRef=N",
                                        "-EXIF:Orientation#=1",
                                        "-EXIF:Rating=1",
                                        "-EXIF:RatingPercent=1",
                                        "-XMP:Rating=1",
                                        "-XMP:Subject=old"};
  if (HasIptc(kind)) {
    arguments.insert(arguments.end(), {"-IPTC:Keywords=old", "-IPTC:City=Kiel"});
  }
  return Edited(kind, bytes, {arguments}).front();
}

TEST(Rest, EditsOfXmpAndOfWhatGoesInStepLeaveItAsItIs) {
  for (const Kind& kind : Kinds()) {
    const std::string picture = WithMetadata(kind, kind.bytes);
    const std::string rest = Rest(kind.format, picture);
    std::vector<Arguments> edits = {
        {"-XMP:Rating=5", "-XMP:Label=Red", "-XMP:Title=Sea", "-XMP:Description=Long ago"},
        {"-XMP:Subject=other", "-XMP:Creator=Somebody"},
        {"-EXIF:Rating=5", "-EXIF:RatingPercent=99"},
        {"-XMP:Description=" + std::string(9000, 'x')},
        {"-XMP:all="}};
    if (HasIptc(kind)) edits.push_back({"-IPTC:Keywords=other", "-IPTC:Keywords=words"});
    for (const std::string& edited : Edited(kind, picture, edits)) {
      EXPECT_EQ(Rest(kind.format, edited), rest) << kind.name;
    }
  }
}

TEST(Rest, WhatAProgramBeginsToWriteARatingLeavesItAsItIs) {
  for (const Kind& kind : Kinds()) {
    const std::string rest = Rest(kind.format, kind.bytes);
    std::vector<Arguments> edits = {{"-XMP:Rating=4"}, {"-XMP:Rating=4", "-EXIF:Rating=4"}};
    if (HasIptc(kind)) edits.push_back({"-IPTC:Keywords=k"});
    for (const std::string& edited : Edited(kind, kind.bytes, edits)) {
      EXPECT_EQ(Rest(kind.format, edited), rest) << kind.name;
    }
  }
}

// digiKam and others write with Exiv2, which writes all metadata anew.
TEST(Rest, WhatIsWrittenByExiv2LeavesItAsItIs) {
  for (const Kind& kind : Kinds()) {
    if (kind.format == Format::kPng) continue;  // it makes a text of Exif there
    const std::string picture = WithMetadata(kind, kind.bytes);
    const auto* bytes = reinterpret_cast<const Exiv2::byte*>(picture.data());
    auto image = Exiv2::ImageFactory::open(bytes, static_cast<long>(picture.size()));
    image->readMetadata();
    image->exifData()["Exif.Image.Rating"] = uint16_t{4};
    image->exifData()["Exif.Image.RatingPercent"] = uint16_t{75};
    image->exifData()["Exif.Image.ProcessingSoftware"] = "digiKam-7.9.0";
    image->xmpData()["Xmp.xmp.Rating"] = "4";
    image->xmpData()["Xmp.dc.subject"] = "Küste";
    image->writeMetadata();
    Exiv2::BasicIo& io = image->io();
    io.open();
    std::string written(io.size(), '\0');
    ASSERT_EQ(
        io.read(reinterpret_cast<Exiv2::byte*>(written.data()), static_cast<long>(written.size())),
        static_cast<long>(written.size()));
    EXPECT_NE(written, picture);
    EXPECT_EQ(Rest(kind.format, written), Rest(kind.format, picture)) << kind.name;
  }
}

TEST(Rest, EveryOtherEditMakesAnotherOne) {
  for (const Kind& kind : Kinds()) {
    const std::string picture = WithMetadata(kind, kind.bytes);
    std::vector<Arguments> edits = {{"-EXIF:DateTimeOriginal=2024:05:06 07:08:10"},
                                    {"-EXIF:ModifyDate=2024:05:06 07:08:10"},
                                    {"-EXIF:GPSLatitude=54.4"},
                                    {"-EXIF:Orientation#=6"},
                                    {"-EXIF:ImageDescription=Sea"},
                                    {"-EXIF:UserComment=Sea"}};
    if (HasIptc(kind)) {
      edits.insert(edits.end(), {{"-IPTC:City=Köln"}, {"-IPTC:Caption-Abstract=Sea"}});
    }
    if (kind.format == Format::kJpeg) edits.push_back({"-Comment=Sea"});
    if (kind.format == Format::kPng) edits.push_back({"-PNG:Comment=Sea"});
    std::vector<std::string> rests = {Rest(kind.format, picture),
                                      Rest(kind.format, WithMetadata(kind, kind.other))};
    for (const std::string& edited : Edited(kind, picture, edits)) {
      rests.push_back(Rest(kind.format, edited));
    }
    const size_t count = rests.size();
    EXPECT_EQ(std::set<std::string>(rests.begin(), rests.end()).size(), count) << kind.name;
  }
}

TEST(Rest, AColorProfileIsOfThePicture) {
  TempDir temp;
  std::string profile(128, '\0');
  profile.replace(0, 4, std::string("\0\0\0\x84", 4));
  profile.replace(12, 12, "mntrRGB XYZ ");
  profile.replace(36, 4, "acsp");
  Tree(temp.path()).Write("a.icc", profile + std::string(4, '\0'));
  for (const Kind& kind : Kinds()) {
    const auto with = Edited(kind, kind.bytes, {{"-icc_profile<=" + temp / "a.icc"}});
    EXPECT_NE(Rest(kind.format, with.front()), Rest(kind.format, kind.bytes)) << kind.name;
  }
}

TEST(Rest, AnotherPacketOfOursLeavesItAsItIs) {
  const std::string packet =
      "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF "
      "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description "
      "xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/' "
      "xmp:Rating='3'><dc:subject><rdf:Bag><rdf:li>Küste</rdf:li></rdf:Bag></dc:subject>"
      "</rdf:Description></rdf:RDF></x:xmpmeta>";
  for (const Kind& kind : Kinds()) {
    const std::string picture = WithMetadata(kind, kind.bytes);
    for (const std::string& before : {kind.bytes, picture}) {
      const std::string rest = Rest(kind.format, before);
      const std::string with = WithXmp(kind.format, before, packet).value();
      EXPECT_EQ(Rest(kind.format, with), rest) << kind.name;
      EXPECT_EQ(Rest(kind.format, WithXmp(kind.format, with, "").value()), rest) << kind.name;
    }
  }
}

TEST(Rest, WhereXmpIsNotWrittenEveryByteCounts) {
  const auto expect_whole = [](Format format, const std::string& bytes) {
    const PictureRest rest = RestOf(format, bytes).value();
    EXPECT_FALSE(rest.packet.has_value()) << InfoOf(format).name;
    EXPECT_NE(RestOf(format, bytes + "x")->rest, rest.rest);
    MemoryBytes file(bytes);
    EXPECT_EQ(RestOf(format, file)->rest, rest.rest);
    EXPECT_EQ(RestOfWhole(file).value(), rest.rest);
  };
  for (const auto& [kind, format] :
       std::vector<std::pair<PictureKind, Format>>{{PictureKind::kGif, Format::kGif},
                                                   {PictureKind::kBmp, Format::kBmp},
                                                   {PictureKind::kHeic, Format::kHeic},
                                                   {PictureKind::kJxl, Format::kJxl}}) {
    expect_whole(format, testing::PictureBytes(kind, 1));
  }
  expect_whole(Format::kNef, testing::RawBytes(RawKind::kNef, 1));
  expect_whole(Format::kCr3, testing::RawBytes(RawKind::kCr3, 1));
  // Broken, cut off, or with XMP in a form that is not understood.
  const std::string& jpeg = testing::PictureBytes(PictureKind::kJpeg, 1);
  expect_whole(Format::kJpeg, "");
  expect_whole(Format::kJpeg, "hello");
  expect_whole(Format::kJpeg, jpeg.substr(0, jpeg.size() - 100));
  const std::string more("\xFF\xE1\x00\x27http://ns.adobe.com/xmp/extension/\0xx", 41);
  expect_whole(Format::kJpeg, jpeg.substr(0, 2) + more + jpeg.substr(2));
}

// Exiv2 reads the first pages of a TIFF only.
TEST(Rest, ATiffOfManyPagesIsNotToldApart) {
  const testing::TiffPage page{{{256, 4, {8}, ""}, {257, 4, {8}, ""}}, "pixels", "", {}};
  const auto with = [&](size_t pages) {
    return testing::TiffBytes({}, std::vector<testing::TiffPage>(pages, page));
  };
  EXPECT_TRUE(RestOf(Format::kTiff, with(4))->packet.has_value());
  EXPECT_FALSE(RestOf(Format::kTiff, with(5))->packet.has_value());
}

// Exif with a maker's note in which Canon's text stands behind the note; its place counts from the
// start of the Exif.
std::string CanonExif(const std::string& text, size_t moved_by) {
  using testing::Little;
  const auto entry = [](uint16_t tag, uint16_t type, uint64_t count, const std::string& value) {
    return Little(tag, 2) + Little(type, 2) + Little(count, 4) + value;
  };
  const size_t exif = 8 + 2 + 2 * 12 + 4 + 6;
  const size_t note = exif + 2 + 12 + 4 + moved_by;
  const size_t words = note + 2 + 12 + 4;
  return "II*" + std::string(1, '\0') + Little(8, 4) + Little(2, 2) +
         entry(0x010F, 2, 6, Little(exif - 6, 4)) + entry(0x8769, 4, 1, Little(exif, 4)) +
         Little(0, 4) + std::string("Canon\0", 6) + Little(1, 2) +
         entry(0x927C, 7, 18 + text.size(), Little(note, 4)) + Little(0, 4) +
         std::string(moved_by, '\0') + Little(1, 2) +
         entry(0x0006, 2, text.size(), Little(words, 4)) + Little(0, 4) + text;
}

TEST(Rest, AMakersNoteMayMoveButNotChange) {
  const std::string& jpeg = testing::PictureBytes(PictureKind::kJpeg, 1);
  const auto with = [&](const std::string& text, size_t moved_by) {
    const std::string exif = std::string("Exif\0\0", 6) + CanonExif(text, moved_by);
    return jpeg.substr(0, 2) + "\xFF\xE1" + testing::Big(exif.size() + 2, 2) + exif +
           jpeg.substr(2);
  };
  const std::string rest = Rest(Format::kJpeg, with("IMG:EOS 5D JPEG", 0));
  EXPECT_EQ(Rest(Format::kJpeg, with("IMG:EOS 5D JPEG", 6)), rest);
  EXPECT_NE(Rest(Format::kJpeg, with("IMG:EOS 6D JPEG", 0)), rest);
}

TEST(Rest, ChangedBytesNeverCrash) {
  for (const Kind& kind : Kinds()) {
    const std::string whole = WithMetadata(kind, kind.bytes);
    const size_t metadata = std::min<size_t>(whole.size(), 8000);
    for (size_t at = 0; at < metadata; at += 3) {
      std::string bad = whole;
      bad[at] = static_cast<char>(at % 2 == 0 ? 0xFF : 0x00);
      ASSERT_EQ(RestOf(kind.format, bad)->rest.size(), 32U);
      if (at % 27 == 0) {
        ASSERT_EQ(RestOf(kind.format, whole.substr(0, at))->rest.size(), 32U);
      }
    }
  }
}

}  // namespace
}  // namespace syncline::images
