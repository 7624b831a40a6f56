// XMP inside of pictures: exiftool reads what is written, a decoder sees the same pixels, and every
// byte that is no metadata is as it was.
#include "plugins/images/embedded_xmp.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "plugins/images/xmp_merge.h"
#include "tests/support/pictures.h"
#include "tests/support/program.h"
#include "tests/support/scratch.h"

namespace syncline::images {
namespace {

using testing::PictureKind;
using testing::TempDir;
using testing::Tree;

std::string Packet(const std::string& title, int rating, const std::vector<std::string>& keywords) {
  std::string items;
  for (const std::string& keyword : keywords) items += "<rdf:li>" + keyword + "</rdf:li>";
  return "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>"
         "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description "
         "rdf:about='' xmlns:xmp='http://ns.adobe.com/xap/1.0/' "
         "xmlns:dc='http://purl.org/dc/elements/1.1/'><xmp:Rating>" +
         std::to_string(rating) + "</xmp:Rating><dc:title><rdf:Alt><rdf:li xml:lang='x-default'>" +
         title + "</rdf:li></rdf:Alt></dc:title><dc:subject><rdf:Bag>" + items +
         "</rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>";
}

// What exiftool reads of these tags, one after the other, and a warning if it has one. One call,
// since each takes half a second.
std::string TagsOf(const std::string& picture, const std::vector<std::string>& tags) {
  TempDir temp;
  Tree(temp.path()).Write("a.x", picture);
  std::vector<std::string> argv = {"exiftool", "-j", "-G0", "-Warning", "-Error"};
  for (const std::string& tag : tags) argv.push_back("-" + tag);
  argv.push_back(temp / "a.x");
  const nlohmann::json read = testing::RunJson(argv)[0];
  std::string text;
  for (const std::string& tag : tags) {
    const auto found = read.find(tag);
    const std::string value = found == read.end()  ? ""
                              : found->is_string() ? found->get<std::string>()
                                                   : found->dump();
    text += (text.empty() ? "" : " | ") + tag.substr(tag.find(':') + 1) + " " + value;
  }
  for (const char* tag : {"ExifTool:Warning", "ExifTool:Error"}) {
    if (read.contains(tag)) text += " | " + read[tag].get<std::string>();
  }
  return text;
}

struct Kind {
  PictureKind kind;
  Format format;
};
const std::vector<Kind> kKinds = {
    {PictureKind::kJpeg, Format::kJpeg},
    {PictureKind::kProgressiveJpeg, Format::kJpeg},
    {PictureKind::kPng, Format::kPng},
    {PictureKind::kPalettePng, Format::kPng},
    {PictureKind::kWebp, Format::kWebp},
    {PictureKind::kLosslessWebp, Format::kWebp},
    {PictureKind::kTiff, Format::kTiff},
    {PictureKind::kTiledTiff, Format::kTiff},
    {PictureKind::kBigEndianTiff, Format::kTiff},
};

class EmbeddedXmp : public ::testing::TestWithParam<Kind> {
 protected:
  std::string Name() const { return "a." + testing::ExtensionOf(GetParam().kind); }
  std::string Write(const std::string& bytes) {
    tree_.Write(Name(), bytes);
    return tree_.Path(Name());
  }
  // The hash of the decoded pixels.
  std::string Pixels(const std::string& bytes) {
    return testing::RunTool("imagemagick", {"identify", "-quiet", "-format", "%#", Write(bytes)});
  }
  std::string With(const std::string& picture, const std::string& packet) {
    const absl::StatusOr<std::string> with = WithXmp(GetParam().format, picture, packet);
    EXPECT_TRUE(with.ok()) << with.status();
    return with.ok() ? *with : picture;
  }

  TempDir temp_;
  Tree tree_{temp_ / "pictures"};
};

TEST_P(EmbeddedXmp, APictureWithoutAnyGetsIt) {
  const std::string& before = testing::PictureBytes(GetParam().kind, 1);
  EXPECT_EQ(ReadXmp(GetParam().format, before).value(), "");
  const std::string packet = Packet("Sea &amp; sun", 4, {"a", "Küste"});
  const std::string after = With(before, packet);
  EXPECT_EQ(ReadXmp(GetParam().format, after).value(), packet);
  const std::vector<std::string> tags = {"XMP:Title", "XMP:Rating", "XMP:Subject"};
  EXPECT_EQ(TagsOf(after, tags), "Title Sea & sun | Rating 4 | Subject [\"a\",\"Küste\"]");
  EXPECT_EQ(Pixels(after), Pixels(before));
  EXPECT_EQ(With(after, packet), after);
  // And is without it again.
  const std::string removed = With(after, "");
  EXPECT_EQ(ReadXmp(GetParam().format, removed).value(), "");
  EXPECT_EQ(TagsOf(removed, tags), "Title  | Rating  | Subject ");
  EXPECT_EQ(Pixels(removed), Pixels(before));
}

TEST_P(EmbeddedXmp, WhatExiftoolWroteIsReplaced) {
  const std::string path = Write(testing::PictureBytes(GetParam().kind, 2));
  testing::Tag(path, {"-XMP:Title=Before", "-XMP:Rating=1", "-EXIF:Model=X100", "-XMP:Label=Red"});
  const std::string before = tree_.Read(Name());
  const std::string pixels = Pixels(before);
  EXPECT_NE(ReadXmp(GetParam().format, before).value().find("Before"), std::string::npos);
  // Shorter, and longer than all padding.
  for (const std::string& title : {std::string("T"), std::string(5000, 'x')}) {
    const std::string packet = Packet(title, 5, {"k"});
    const std::string after = With(before, packet);
    EXPECT_EQ(XmpDigest(ReadXmp(GetParam().format, after).value()), XmpDigest(packet));
    EXPECT_EQ(TagsOf(after, {"XMP:Rating", "XMP:Title", "EXIF:Model", "XMP:Label"}),
              "Rating 5 | Title " + title + " | Model X100 | Label ");
    EXPECT_EQ(Pixels(after), pixels);
    // A shorter packet moves nothing.
    EXPECT_EQ(title == "T", after.size() == before.size()) << after.size();
  }
}

TEST_P(EmbeddedXmp, TheRatingInExifIsKeptInStep) {
  const std::string path = Write(testing::PictureBytes(GetParam().kind, 3));
  testing::Tag(path, {"-EXIF:Rating=2", "-EXIF:RatingPercent=25", "-EXIF:Make=M"});
  const std::string before = tree_.Read(Name());
  const std::vector<std::string> tags = {"EXIF:Rating", "EXIF:RatingPercent"};
  const std::string packet = Packet("t", 4, {});
  EXPECT_EQ(TagsOf(With(before, packet), tags), "Rating 4 | RatingPercent 75");
  // And is not invented.
  EXPECT_EQ(TagsOf(With(testing::PictureBytes(GetParam().kind, 3), packet), tags),
            "Rating  | RatingPercent ");
}

TEST_P(EmbeddedXmp, TruncatedAndChangedPicturesNeverCrash) {
  const std::string path = Write(testing::PictureBytes(GetParam().kind, 4));
  testing::Tag(path, {"-XMP:Title=Before", "-EXIF:Rating=2"});
  const std::string whole = tree_.Read(Name());
  const std::string packet = Packet("t", 4, {"k"});
  const size_t metadata = std::min<size_t>(whole.size(), 6000);
  for (size_t size = 0; size < metadata; size += 7) {
    (void)WithXmp(GetParam().format, whole.substr(0, size), packet);
  }
  for (size_t at = 0; at < whole.size(); at += 5) {
    std::string bad = whole;
    bad[at] = static_cast<char>(at % 2 == 0 ? 0xFF : 0x00);
    (void)WithXmp(GetParam().format, bad, packet);
    (void)WithXmp(GetParam().format, bad, "");
  }
  EXPECT_FALSE(WithXmp(GetParam().format, "", packet).ok());
  EXPECT_FALSE(WithXmp(GetParam().format, "hello", packet).ok());
}

INSTANTIATE_TEST_SUITE_P(Formats, EmbeddedXmp, ::testing::ValuesIn(kKinds), [](const auto& kind) {
  std::string name = testing::NameOf(kind.param.kind);
  std::erase_if(name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; });
  return name;
});

// A picture that exiftool has tagged.
std::string Tagged(PictureKind kind, const std::vector<std::string>& arguments, int seed = 5) {
  TempDir temp;
  const std::string path = temp / "a.x";
  testing::MakePicture(kind, seed, path);
  testing::Tag(path, arguments);
  return Tree(temp.path()).Read("a.x");
}
TEST(EmbeddedIptc, KeywordsAreKeptInStep) {
  const std::string packet = Packet("t", 0, {"new", "words"});
  for (const auto& [kind, format] : {Kind{PictureKind::kJpeg, Format::kJpeg},
                                     Kind{PictureKind::kBigEndianTiff, Format::kTiff}}) {
    const std::string before =
        Tagged(kind, {"-IPTC:Keywords=old", "-IPTC:City=Kiel", "-IPTC:Keywords=one more keyword",
                      "-XMP:Subject=old", "-XMP:Subject=one more keyword"});
    const std::string after = WithXmp(format, before, packet).value();
    EXPECT_EQ(TagsOf(after, {"IPTC:Keywords", "IPTC:City"}),
              "Keywords [\"new\",\"words\"] | City Kiel");
    // And are not invented.
    const std::string other = Tagged(kind, {"-IPTC:City=Kiel"});
    EXPECT_EQ(TagsOf(WithXmp(format, other, packet).value(), {"IPTC:Keywords"}), "Keywords ");
  }
}

TEST(EmbeddedIptc, WhatOnlyTheOlderStandardsSayStays) {
  for (const auto& [kind, format] : {Kind{PictureKind::kJpeg, Format::kJpeg},
                                     Kind{PictureKind::kBigEndianTiff, Format::kTiff}}) {
    const std::string archive =
        Tagged(kind, {"-IPTC:Keywords=harbour", "-IPTC:Keywords=gulls", "-EXIF:Rating=3"});
    const std::vector<std::string> tags = {"IPTC:Keywords", "EXIF:Rating"};
    // A packet that says nothing of either, and one that adds a keyword.
    EXPECT_EQ(TagsOf(WithXmp(format, archive, Packet("t", 0, {})).value(), tags),
              "Keywords [\"harbour\",\"gulls\"] | Rating 3");
    const std::string added = WithXmp(format, archive, Packet("t", 0, {"sea"})).value();
    EXPECT_EQ(TagsOf(added, tags), "Keywords [\"harbour\",\"gulls\",\"sea\"] | Rating 3");
    // What the packet takes back is taken back, and no more.
    EXPECT_EQ(TagsOf(WithXmp(format, added, Packet("t", 2, {})).value(), tags),
              "Keywords [\"harbour\",\"gulls\"] | Rating 2");
  }
}

TEST(EmbeddedIptc, KeywordsNeedACharacterSetThatHasThem) {
  const std::string packet = Packet("t", 0, {"Küste"});
  const std::string utf8 = Tagged(
      PictureKind::kJpeg,
      {"-codedcharacterset=UTF8", "-IPTC:Keywords=old", "-IPTC:City=Köln", "-XMP:Subject=old"});
  EXPECT_EQ(TagsOf(WithXmp(Format::kJpeg, utf8, packet).value(), {"IPTC:Keywords"}),
            "Keywords Küste");
  const std::string ascii =
      Tagged(PictureKind::kJpeg, {"-IPTC:Keywords=old", "-IPTC:City=Kiel", "-XMP:Subject=old"});
  EXPECT_EQ(TagsOf(WithXmp(Format::kJpeg, ascii, packet).value(), {"IPTC:Keywords"}),
            "Keywords Küste");
  const std::string latin = Tagged(PictureKind::kJpeg, {"-IPTC:Keywords=old", "-IPTC:City=Köln"});
  const absl::StatusOr<std::string> with = WithXmp(Format::kJpeg, latin, packet);
  EXPECT_EQ(with.status().message(),
            "The keywords in its IPTC are in a character set that does not have the new ones.");
}

TEST(EmbeddedXmpOf, ADngKeepsItsPictureAtItsPlace) {
  std::string dng = Tagged(PictureKind::kTiff, {"-EXIF:Make=M"});
  const std::string packet = Packet("Sea", 3, {"k"});
  const std::string after = WithXmp(Format::kDng, dng, packet).value();
  EXPECT_EQ(TagsOf(after, {"XMP:Title"}), "Title Sea");
  // All bytes but the offset of the directory are the first bytes of the new file.
  EXPECT_EQ(after.substr(8, dng.size() - 8), dng.substr(8));
}

TEST(EmbeddedXmpOf, AllThatIsNoXmpStaysByteForByteInAJpeg) {
  const std::string before = Tagged(PictureKind::kJpeg, {"-EXIF:Make=M", "-IPTC:City=Kiel"});
  const std::string after = WithXmp(Format::kJpeg, before, Packet("Sea", 3, {})).value();
  const size_t added = after.size() - before.size();
  const size_t at = after.find("http://ns.adobe.com/xap/1.0/") - 4;
  EXPECT_EQ(after.substr(0, at) + after.substr(at + added), before);
  EXPECT_EQ(WithXmp(Format::kJpeg, after, "").value(), before);
}

TEST(EmbeddedXmpOf, AJpegWhoseMetadataIsTooLargeIsRefused) {
  const absl::StatusOr<std::string> with =
      WithXmp(Format::kJpeg, testing::PictureBytes(PictureKind::kJpeg, 1),
              Packet(std::string(66'000, 'x'), 1, {}));
  EXPECT_EQ(with.status().message(), "The metadata is larger than a JPEG can hold.");
  EXPECT_EQ(with.status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(EmbeddedXmpOf, FormsThatAreNotUnderstoodAreNotTouched) {
  const std::string packet = Packet("t", 1, {});
  const auto error = [&](Format format, const std::string& picture) {
    return std::string(WithXmp(format, picture, packet).status().message());
  };
  const std::string jpeg = testing::PictureBytes(PictureKind::kJpeg, 1);
  const std::string more("\xFF\xE1\x00\x27http://ns.adobe.com/xmp/extension/\0xx", 41);
  EXPECT_EQ(error(Format::kJpeg, jpeg.substr(0, 2) + more + jpeg.substr(2)),
            "The XMP of the picture goes on in further segments, which is not changed.");
  const std::string twice = WithXmp(Format::kJpeg, jpeg, packet).value();
  const size_t at = twice.find("http://ns.adobe.com/xap/1.0/") - 4;
  const size_t size = twice.size() - jpeg.size();
  EXPECT_EQ(error(Format::kJpeg, twice.substr(0, at) + twice.substr(at, size) + twice.substr(at)),
            "The XMP of the picture stands in it twice, which is not changed.");
  // Offsets to further pictures count from the MPF segment on.
  const std::string mpf("\xFF\xE2\x00\x0AMPF\0II*\0", 12);
  std::string before = jpeg.substr(0, 2) + mpf + twice.substr(at, size) + jpeg.substr(2);
  EXPECT_EQ(error(Format::kJpeg, before), "");
  EXPECT_EQ(WithXmp(Format::kJpeg, before, Packet("longer", 1, {})).status().message(),
            "The picture holds further pictures, which more metadata would move.");
  EXPECT_EQ(error(Format::kHeic, "x"), "Metadata inside of HEIC is not changed.");
  EXPECT_EQ(WithXmp(Format::kJpeg, jpeg, "no XMP").status().message(),
            "It is not readable as XMP: it is not XML.");
}

}  // namespace
}  // namespace syncline::images
