// Units of real pictures, edited on two sides by exiftool, and merged: exiftool reads the edits of
// both in both, and the picture is what it was.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plugins/images/essence_members.h"
#include "plugins/images/essence_merge.h"
#include "plugins/images/sniff.h"
#include "tests/support/pictures.h"
#include "tests/support/program.h"
#include "tests/support/raw_pictures.h"
#include "tests/support/scratch.h"
#include "tests/unit/images/packet_text.h"

namespace syncline::images {
namespace {

using testing::PictureKind;
using testing::RawKind;
using testing::TempDir;
using testing::Tree;

// The files of a unit by tail.
using Files = std::map<std::string, std::string>;

Format FormatOf(const std::string& bytes) {
  MemoryBytes file(bytes);
  return Sniff(file).value();
}

Role RoleOf(const std::string& bytes) {
  const FormatInfo& info = InfoOf(FormatOf(bytes));
  if (info.format == Format::kNone) return Role::kSidecar;
  return info.raw ? Role::kRaw : info.movie ? Role::kMovie : Role::kPicture;
}

Essence EssenceOfFiles(const Files& files) {
  std::vector<MemberEssence> members;
  for (const auto& [tail, bytes] : files) {
    MemoryBytes file(bytes);
    members.push_back(ReadMember(RoleOf(bytes), tail, FormatOf(bytes), file).value());
  }
  std::reverse(members.begin(), members.end());  // their order makes no difference
  return EssenceOf(members).value();
}

// The unit with the merged parts in it, as the provider writes them.
Files Changed(Files files, const Essence& merged) {
  const std::vector<PartChange> changes = ChangesTo(EssenceOfFiles(files), merged).value();
  for (const PartChange& change : changes) {
    std::string& file = files[change.part.tail];
    switch (change.kind) {
      case PartChange::Kind::kRemove:
        files.erase(change.part.tail);
        break;
      case PartChange::Kind::kAdd:
        file = change.part.packet;
        break;
      case PartChange::Kind::kWrite:
        file = WithPacket(FormatOf(file), file, change.part).value().value();
    }
  }
  return files;
}

// exiftool with these arguments on a file of the unit, which it makes when it is a sidecar.
void Edit(Files* files, const std::string& tail, const std::vector<std::string>& arguments) {
  TempDir temp;
  Tree tree(temp.path());
  if (files->contains(tail)) {
    tree.Write("a" + tail, (*files)[tail]);
    testing::Tag(tree.Path("a" + tail), arguments);
  } else {
    std::vector<std::string> argv = {"exiftool", "-q"};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    argv.push_back(tree.Path("a" + tail));
    testing::RunTool("libimage-exiftool-perl", argv);
  }
  (*files)[tail] = tree.Read("a" + tail);
}

// What exiftool reads of these tags in a file, and a warning if it has one.
std::string TagsOf(const std::string& bytes, const std::string& tail,
                   const std::vector<std::string>& tags) {
  TempDir temp;
  Tree tree(temp.path());
  tree.Write("a" + tail, bytes);
  std::vector<std::string> argv = {"exiftool", "-j", "-G0", "-a", "-Warning", "-Error"};
  for (const std::string& tag : tags) argv.push_back("-" + tag);
  argv.push_back(tree.Path("a" + tail));
  nlohmann::json read = testing::RunJson(argv)[0];
  read.erase("SourceFile");
  // Of the preview in our DNG, which is none.
  const std::string of_preview = "RawConv ThumbnailTIFF: Use of uninitialized value";
  if (read.value("ExifTool:Warning", "").starts_with(of_preview)) read.erase("ExifTool:Warning");
  return read.dump();
}

std::string Pixels(const std::string& bytes, const std::string& tail) {
  TempDir temp;
  Tree tree(temp.path());
  tree.Write("a" + tail, bytes);
  return testing::RunTool("imagemagick",
                          {"identify", "-quiet", "-format", "%#", tree.Path("a" + tail)});
}

struct Merge {
  std::optional<Essence> merged;
  std::string error;
  std::string fields;
  // Both sides afterwards.
  Files mine;
  Files theirs;
};

Merge Merged(const Files& base, const Files& mine, const Files& theirs) {
  Merge merge;
  Essence ancestor = EssenceOfFiles(base);
  ancestor.rest.clear();
  std::vector<Disagreement> differing;
  const auto nobody = [](std::string_view) { return Favour::kNone; };
  const auto merged =
      MergeEssences(ancestor, EssenceOfFiles(mine), EssenceOfFiles(theirs), nobody, &differing);
  if (!merged.ok()) {
    merge.error = std::string(merged.status().message());
    return merge;
  }
  for (const Disagreement& one : differing) merge.fields += one.field + ";";
  merge.merged = *merged;
  if (!merge.merged) return merge;
  merge.mine = Changed(mine, *merge.merged);
  merge.theirs = Changed(theirs, *merge.merged);
  // The host finds both sides in step then.
  for (const Files* side : {&merge.mine, &merge.theirs}) {
    EXPECT_TRUE(ChangesTo(EssenceOfFiles(*side), *merge.merged).value().empty());
  }
  return merge;
}

struct Kind {
  std::string tail;
  std::string bytes;
  bool decoded = true;  // by ImageMagick
};

std::vector<Kind> Kinds() {
  return {{".jpg", testing::PictureBytes(PictureKind::kJpeg, 1)},
          {".png", testing::PictureBytes(PictureKind::kPng, 1)},
          {".webp", testing::PictureBytes(PictureKind::kWebp, 1)},
          {".tif", testing::PictureBytes(PictureKind::kTiff, 1)},
          {".dng", testing::RawBytes(RawKind::kDng, 1), false}};
}

TEST(EssenceOfPictures, EditsOfBothSidesAreInBoth) {
  for (const Kind& kind : Kinds()) {
    Files base = {{kind.tail, kind.bytes}};
    Edit(&base, kind.tail, {"-XMP:Rating=1", "-XMP:Subject=old", "-EXIF:Orientation#=1"});
    Files mine = base;
    Edit(&mine, kind.tail, {"-XMP:Rating=5"});
    Files theirs = base;
    Edit(&theirs, kind.tail, {"-XMP:Subject=old", "-XMP:Subject=new", "-XMP:Title=Sea"});
    const Merge merge = Merged(base, mine, theirs);
    ASSERT_TRUE(merge.merged.has_value()) << kind.tail << merge.error << merge.fields;
    for (const Files* side : {&merge.mine, &merge.theirs}) {
      const std::string& bytes = side->at(kind.tail);
      EXPECT_EQ(TagsOf(bytes, kind.tail, {"XMP:Rating", "XMP:Subject", "XMP:Title"}),
                R"({"XMP:Rating":5,"XMP:Subject":["old","new"],"XMP:Title":"Sea"})")
          << kind.tail;
      if (kind.decoded) {
        EXPECT_EQ(Pixels(bytes, kind.tail), Pixels(kind.bytes, kind.tail));
      } else {
        EXPECT_NE(bytes.find(testing::Noise(1, 64 * 48)), std::string::npos);  // its sensor data
      }
    }
  }
}

TEST(EssenceOfPictures, OneEditReachesTheOtherSideByteForByte) {
  Files base = {{".jpg", testing::PictureBytes(PictureKind::kJpeg, 1)}};
  Files mine = base;
  Edit(&mine, ".jpg", {"-XMP:Rating=5"});
  const Merge merge = Merged(base, mine, base);
  ASSERT_TRUE(merge.merged.has_value()) << merge.error;
  EXPECT_EQ(EncodeEssence(*merge.merged), EncodeEssence(EssenceOfFiles(mine)));
  EXPECT_EQ(merge.mine, mine);
}

// As digiKam writes them: the rating in XMP and Exif, keywords in XMP and IPTC.
TEST(EssenceOfPictures, WhatIsSaidTwiceStaysInStep) {
  for (const Kind& kind : {Kinds()[0], Kinds()[3]}) {
    Files base = {{kind.tail, kind.bytes}};
    Edit(&base, kind.tail,
         {"-XMP:Rating=2", "-EXIF:Rating=2", "-EXIF:RatingPercent=25", "-XMP:Subject=a",
          "-IPTC:Keywords=a", "-IPTC:City=Kiel", "-EXIF:Model=X100"});
    Files mine = base;
    Edit(&mine, kind.tail, {"-XMP:Rating=4", "-EXIF:Rating=4", "-EXIF:RatingPercent=75"});
    Files theirs = base;
    Edit(&theirs, kind.tail,
         {"-XMP:Subject=a", "-XMP:Subject=b", "-IPTC:Keywords=a", "-IPTC:Keywords=b"});
    const Merge merge = Merged(base, mine, theirs);
    ASSERT_TRUE(merge.merged.has_value()) << kind.tail << merge.error << merge.fields;
    for (const Files* side : {&merge.mine, &merge.theirs}) {
      EXPECT_EQ(TagsOf(side->at(kind.tail), kind.tail,
                       {"XMP:Rating", "EXIF:Rating", "EXIF:RatingPercent", "XMP:Subject",
                        "IPTC:Keywords", "IPTC:City", "EXIF:Model"}),
                R"({"EXIF:Model":"X100","EXIF:Rating":4,"EXIF:RatingPercent":75,)"
                R"("IPTC:City":"Kiel","IPTC:Keywords":["a","b"],)"
                R"("XMP:Rating":4,"XMP:Subject":["a","b"]})")
          << kind.tail;
    }
  }
}

TEST(EssenceOfPictures, WhatChangedBesidesXmpIsAConflict) {
  for (const Kind& kind : Kinds()) {
    const Files base = {{kind.tail, kind.bytes}};
    Files mine = base;
    Edit(&mine, kind.tail, {"-XMP:Rating=5"});
    Files theirs = base;
    Edit(&theirs, kind.tail, {"-EXIF:DateTimeOriginal=2024:05:06 07:08:09"});
    const std::string error = Merged(base, mine, theirs).error;
    EXPECT_EQ(error.substr(0, 33), "Both sides changed this picture, ") << kind.tail << error;
  }
}

TEST(EssenceOfPictures, WhereXmpIsNotWrittenTheSidecarsAreMerged) {
  const std::vector<Kind> kinds = {{".nef", testing::RawBytes(RawKind::kNef, 1)},
                                   {".heic", testing::PictureBytes(PictureKind::kHeic, 1)}};
  for (const Kind& kind : kinds) {
    const Files base = {{kind.tail, kind.bytes}, {".xmp", PacketText("", 1, {"old"})}};
    EXPECT_EQ(EssenceOfFiles(base).parts.size(), 1U);
    Files mine = base;
    Edit(&mine, ".xmp", {"-XMP:Rating=5"});
    Files theirs = base;
    Edit(&theirs, ".xmp", {"-XMP:Title=Sea", "-XMP:Subject+=new"});
    const Merge merge = Merged(base, mine, theirs);
    ASSERT_TRUE(merge.merged.has_value()) << kind.tail << merge.error << merge.fields;
    EXPECT_EQ(merge.mine.at(kind.tail), kind.bytes);
    EXPECT_EQ(merge.mine, merge.theirs);
    EXPECT_EQ(TagsOf(merge.mine.at(".xmp"), ".xmp", {"XMP:Rating", "XMP:Subject", "XMP:Title"}),
              R"({"XMP:Rating":5,"XMP:Subject":["old","new"],"XMP:Title":"Sea"})");
    // The picture itself.
    Files edited = theirs;
    Edit(&edited, kind.tail, {"-XMP:Rating=3"});
    EXPECT_NE(Merged(base, mine, edited).error, "") << kind.tail;
  }
}

TEST(EssenceOfPictures, AUnitOfManyFilesIsMergedFileByFile) {
  Files base = {{".JPG", testing::PictureBytes(PictureKind::kJpeg, 1)},
                {".DNG", testing::RawBytes(RawKind::kDng, 1)},
                {".MOV", testing::PictureBytes(PictureKind::kMov, 1)},
                {".AAE", "<plist/>"},
                {".DNG.xmp", PacketText("", 1)}};
  Files mine = base;
  Edit(&mine, ".JPG", {"-XMP:Rating=5"});
  Edit(&mine, ".JPG.xmp", {"-XMP:Title=New"});
  Files theirs = base;
  Edit(&theirs, ".DNG", {"-XMP:Rating=2"});
  theirs.erase(".DNG.xmp");
  const Merge merge = Merged(base, mine, theirs);
  ASSERT_TRUE(merge.merged.has_value()) << merge.error << merge.fields;
  for (const Files* side : {&merge.mine, &merge.theirs}) {
    EXPECT_EQ(TagsOf(side->at(".JPG"), ".JPG", {"XMP:Rating"}), R"({"XMP:Rating":5})");
    EXPECT_EQ(TagsOf(side->at(".DNG"), ".DNG", {"XMP:Rating"}), R"({"XMP:Rating":2})");
    EXPECT_EQ(TagsOf(side->at(".JPG.xmp"), ".xmp", {"XMP:Title"}), R"({"XMP:Title":"New"})");
    EXPECT_FALSE(side->contains(".DNG.xmp"));
    EXPECT_EQ(side->at(".MOV"), base.at(".MOV"));
  }
  // A movie or a file of edits that differs is no XMP; nor is one that came.
  for (const char* tail : {".MOV", ".AAE"}) {
    Files edited = theirs;
    edited[tail] += "x";
    EXPECT_NE(Merged(base, mine, edited).error, "");
    edited.erase(tail);
    EXPECT_NE(Merged(base, mine, edited).error, "");
  }
}

TEST(EssenceOfPictures, AUnitThatIsNotTheOneThatWasMergedIsLeftAlone) {
  const Files files = {{".jpg", testing::PictureBytes(PictureKind::kJpeg, 1)}};
  const Files others = {{".jpg", testing::PictureBytes(PictureKind::kJpeg, 2)}};
  EXPECT_EQ(ChangesTo(EssenceOfFiles(files), EssenceOfFiles(others)).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(EssenceOfPictures, AMemberThatSaysItAlreadyIsNotWritten) {
  const std::string& jpeg = testing::PictureBytes(PictureKind::kJpeg, 1);
  const EssencePart part = {".jpg", Role::kPicture, PacketText("t", 3)};
  const auto with = WithPacket(Format::kJpeg, jpeg, part).value();
  ASSERT_TRUE(with.has_value());
  EXPECT_EQ(WithPacket(Format::kJpeg, *with, part).value(), std::nullopt);
  EXPECT_EQ(WithPacket(Format::kJpeg, jpeg, {".jpg", Role::kPicture, ""}).value(), std::nullopt);
  EXPECT_EQ(WithPacket(Format::kHeic, "x", part).status().message(),
            "The XMP inside of this HEIC is not changed.");
  const EssencePart sidecar = {".xmp", Role::kSidecar, PacketText("t", 3)};
  EXPECT_EQ(WithPacket(Format::kNone, PacketText("u", 3), sidecar).value(), sidecar.packet);
  EXPECT_EQ(WithPacket(Format::kNone, sidecar.packet + "\n", sidecar).value(), std::nullopt);
}

}  // namespace
}  // namespace syncline::images
