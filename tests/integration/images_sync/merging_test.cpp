// Metadata that is edited on both sides of two picture folders: merged property by property, in the
// sidecar and in the picture, with exiftool as the program of both people and as judge.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/support/pictures.h"
#include "tests/support/stage.h"

namespace syncline::testing {
namespace {

class MergedMetadata : public ::testing::Test {
 protected:
  MergedMetadata() {
    stage_.Json({"add", "images", "--name", "Work", stage_.a.root(), stage_.b.root(), "--direction",
                 "two-way"});
  }

  // On A; both sides have it after the next sync.
  void Make(PictureKind kind, const std::string& name, const Words& tags = {}) {
    MakePicture(kind, ++seed_, stage_.a.Path(name));
    if (!tags.empty()) Tag(stage_.a.Path(name), tags);
  }
  std::string TagOfA(const std::string& name, const std::string& tag) const {
    return ReadTag(stage_.a.Path(name), tag);
  }
  std::string TagOfB(const std::string& name, const std::string& tag) const {
    return ReadTag(stage_.b.Path(name), tag);
  }
  // Their order says nothing.
  static Words Keywords(const std::string& path) {
    Words words = {""};
    for (const char c : ReadTag(path, "XMP-dc:Subject")) {
      if (c == ',') words.emplace_back();
      if (c != ',' && c != ' ') words.back() += c;
    }
    std::sort(words.begin(), words.end());
    return words;
  }
  static std::string Pixels(const std::string& path) {
    return RunTool("imagemagick", {"identify", "-quiet", "-format", "%#", path});
  }

  Stage stage_;
  int seed_ = 400;
};

TEST_F(MergedMetadata, AnEditOnEachSideIsOnBothAndThePixelsAreUntouched) {
  const struct {
    PictureKind kind;
    const char* name;
  } kinds[] = {{PictureKind::kJpeg, "a.jpg"}, {PictureKind::kTiff, "d.tif"}};
  for (const auto& [kind, name] : kinds)
    Make(kind, name, {"-XMP-dc:Subject=sea", "-XMP-xmp:Rating=1"});
  EXPECT_EQ(stage_.Sync()["created"], 2);
  Words pixels, valid;
  for (const auto& [kind, name] : kinds) {
    pixels.push_back(Pixels(stage_.a.Path(name)));
    valid.push_back(ReadTag(stage_.a.Path(name), "Validate"));
    Tag(stage_.a.Path(name), {"-XMP-xmp:Rating=4", "-XMP-dc:Subject+=ada"});
    Tag(stage_.b.Path(name),
        {"-XMP-dc:Title=The sea", "-XMP-dc:Subject-=sea", "-XMP-dc:Subject+=bob"});
  }
  const auto item = stage_.Sync();
  EXPECT_EQ(item["merged"], 2) << item.dump(2);
  for (size_t i = 0; i < std::size(kinds); ++i) {
    const char* const name = kinds[i].name;
    for (const Tree* side : {&stage_.a, &stage_.b}) {
      const std::string path = side->Path(name);
      EXPECT_EQ(ReadTag(path, "XMP-xmp:Rating"), "4") << path;
      EXPECT_EQ(Keywords(path), (Words{"ada", "bob"})) << path;
      EXPECT_EQ(ReadTag(path, "XMP-dc:Title"), "The sea") << path;
      EXPECT_EQ(ReadTag(path, "Validate"), valid[i]) << path;
      EXPECT_EQ(Pixels(path), pixels[i]) << path;
    }
  }
  ExpectNothingDone(stage_.Sync());
}

TEST_F(MergedMetadata, WhatBothChangedDifferentlyIsAskedFieldByField) {
  Make(PictureKind::kJpeg, "a.jpg", {"-XMP-xmp:Rating=1"});
  stage_.Sync();
  Tag(stage_.a.Path("a.jpg"), {"-XMP-xmp:Rating=2", "-XMP-dc:Title=Ours"});
  Tag(stage_.b.Path("a.jpg"), {"-XMP-xmp:Rating=5", "-XMP-xmp:Label=Red"});
  EXPECT_EQ(stage_.Sync(3)["conflicts"], 1);
  const auto conflict = stage_.Conflicts()[0];
  EXPECT_EQ(conflict["a"]["differing"]["rating"], "2") << conflict.dump(2);
  EXPECT_EQ(conflict["b"]["differing"]["rating"], "5");
  EXPECT_EQ(conflict["a"]["differing"].size(), 1u);
  stage_.Json({"resolve", std::to_string(conflict["id"].get<int>()), "--keep", "merge", "--take",
               "rating=b"});
  for (const Tree* side : {&stage_.a, &stage_.b}) {
    EXPECT_EQ(ReadTag(side->Path("a.jpg"), "XMP-xmp:Rating"), "5");
    EXPECT_EQ(ReadTag(side->Path("a.jpg"), "XMP-dc:Title"), "Ours");
    EXPECT_EQ(ReadTag(side->Path("a.jpg"), "XMP-xmp:Label"), "Red");
  }
  ExpectNothingDone(stage_.Sync());
}

TEST_F(MergedMetadata, OfARawOnlyTheSidecarIsWritten) {
  // A format whose inside is not written: HEIC stands for them.
  Make(PictureKind::kHeic, "a.heic");
  const std::string sidecar = stage_.a.Path("a.xmp");
  RunTool("libimage-exiftool-perl",
          {"exiftool", "-q", "-XMP-xmp:Rating=1", "-XMP-dc:Subject=sea", sidecar});
  EXPECT_EQ(stage_.Sync()["created"], 1);
  const std::string bytes = stage_.a.Read("a.heic");
  Tag(stage_.a.Path("a.xmp"), {"-XMP-xmp:Rating=3"});
  Tag(stage_.b.Path("a.xmp"), {"-XMP-dc:Subject+=ada"});
  EXPECT_EQ(stage_.Sync()["merged"], 1);
  for (const Tree* side : {&stage_.a, &stage_.b}) {
    EXPECT_EQ(ReadTag(side->Path("a.xmp"), "XMP-xmp:Rating"), "3");
    EXPECT_EQ(Keywords(side->Path("a.xmp")), (Words{"ada", "sea"}));
    EXPECT_EQ(side->Read("a.heic"), bytes);
  }
}

TEST_F(MergedMetadata, ASidecarThatOneSideAddsIsThereBesideTheOthersEdit) {
  Make(PictureKind::kJpeg, "a.jpg");
  stage_.Sync();
  Tag(stage_.a.Path("a.jpg"), {"-XMP-dc:Title=Inside"});
  RunTool("libimage-exiftool-perl",
          {"exiftool", "-q", "-XMP-xmp:Rating=2", stage_.b.Path("a.xmp")});
  EXPECT_EQ(stage_.Sync()["merged"], 1);
  for (const Tree* side : {&stage_.a, &stage_.b}) {
    EXPECT_EQ(ReadTag(side->Path("a.jpg"), "XMP-dc:Title"), "Inside");
    EXPECT_EQ(ReadTag(side->Path("a.xmp"), "XMP-xmp:Rating"), "2");
  }
}

TEST_F(MergedMetadata, ADifferenceInThePictureItselfIsAConflict) {
  Make(PictureKind::kJpeg, "a.jpg");
  stage_.Sync();
  Tag(stage_.a.Path("a.jpg"), {"-XMP-dc:Title=Ours"});
  MakePicture(PictureKind::kJpeg, 399, stage_.b.Path("a.jpg"));
  const std::string ours = stage_.a.Read("a.jpg"), theirs = stage_.b.Read("a.jpg");
  EXPECT_EQ(stage_.Sync(3)["conflicts"], 1);
  EXPECT_EQ(stage_.a.Read("a.jpg"), ours);
  EXPECT_EQ(stage_.b.Read("a.jpg"), theirs);
  EXPECT_NE(stage_.Conflicts()[0]["reason"].get<std::string>(), "");
}

TEST_F(MergedMetadata, TheRawTwinAndTheMovieStayAsTheyAre) {
  Make(PictureKind::kJpeg, "a.jpg", {"-XMP-dc:Subject=sea"});
  MakePicture(PictureKind::kMov, 1, stage_.a.Path("a.mov"));
  stage_.Sync();
  const int64_t time = stage_.b.Mtime("a.mov");
  Tag(stage_.a.Path("a.jpg"), {"-XMP-dc:Subject+=ada"});
  Tag(stage_.b.Path("a.jpg"), {"-XMP-dc:Subject+=bob"});
  EXPECT_EQ(stage_.Sync()["merged"], 1);
  EXPECT_EQ(TagOfA("a.jpg", "XMP-dc:Subject"), TagOfB("a.jpg", "XMP-dc:Subject"));
  EXPECT_EQ(stage_.b.Read("a.mov"), PictureBytes(PictureKind::kMov, 1));
  EXPECT_EQ(stage_.b.Mtime("a.mov"), time);
}

}  // namespace
}  // namespace syncline::testing
