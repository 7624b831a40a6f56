// Which files are one unit: the makers' names, the rules for several of one stem, and the law that
// a unit under another stem is the same unit.
#include "plugins/images/units.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "plugins/images/name_patterns.h"

namespace syncline::images {
namespace {

// The format that a file of this name has when it is what its extension says.
Format FormatOf(const std::string& name) {
  static const std::map<std::string, Format> kByExtension = {
      {".jpg", Format::kJpeg}, {".heic", Format::kHeic}, {".png", Format::kPng},
      {".tif", Format::kTiff}, {".gif", Format::kGif},   {".dng", Format::kDng},
      {".nef", Format::kNef},  {".arw", Format::kArw},   {".gpr", Format::kDng},
      {".mov", Format::kMov},  {".mp4", Format::kMp4},   {".mp", Format::kMp4},
      {".lrv", Format::kMp4},  {".lrf", Format::kMp4},   {".thm", Format::kJpeg},
      {".orf", Format::kOrf},  {".ori", Format::kOrf},   {".jxl", Format::kJxl}};
  const size_t dot = name.rfind('.');
  if (dot == std::string::npos) return Format::kNone;
  const auto found = kByExtension.find(LowerCase(name.substr(dot)));
  return found == kByExtension.end() ? Format::kNone : found->second;
}

std::vector<FileInFolder> Files(const std::vector<std::string>& names) {
  std::vector<FileInFolder> files;
  for (const std::string& name : names) files.push_back({name, FormatOf(name)});
  return files;
}

// "A.JPG + A.NEF | B.JPG / notes.txt": members of each unit, then the others.
std::string Text(const Grouped& grouped) {
  std::string text;
  for (const Unit& unit : grouped.units) {
    if (!text.empty()) text += " | ";
    for (size_t i = 0; i < unit.members.size(); ++i) {
      text += (i == 0 ? "" : " + ") + unit.members[i].name;
    }
  }
  for (const std::string& other : grouped.others) text += " / " + other;
  return text;
}

std::string Of(const std::vector<std::string>& names) { return Text(GroupUnits(Files(names))); }

// "stem: tail tail": of the only unit.
std::string Tails(const std::vector<std::string>& names) {
  const Grouped grouped = GroupUnits(Files(names));
  if (grouped.units.size() != 1 || !grouped.others.empty()) return "several: " + Text(grouped);
  std::string text = grouped.units[0].stem + ":";
  for (const Member& member : grouped.units[0].members) text += " " + member.tail;
  return text;
}

TEST(Units, APhotoAndItsRawTwinAreOne) {
  EXPECT_EQ(Of({"DSC_0001.JPG", "DSC_0001.NEF", "DSC_0002.NEF"}),
            "DSC_0001.JPG + DSC_0001.NEF | DSC_0002.NEF");
  EXPECT_EQ(Of({"IMG_0001.HEIC", "IMG_0001.DNG"}), "IMG_0001.HEIC + IMG_0001.DNG");
  EXPECT_EQ(Of({"DSC00001.JPG", "DSC00001.ARW"}), "DSC00001.JPG + DSC00001.ARW");
  EXPECT_EQ(Of({"GOPR0001.JPG", "GOPR0001.GPR"}), "GOPR0001.JPG + GOPR0001.GPR");
}

TEST(Units, TwoPicturesOfOneStemAreTwoUnits) {
  EXPECT_EQ(Of({"IMG_1.JPG", "IMG_1.PNG"}), "IMG_1.JPG | IMG_1.PNG");
  // The sidecar of the stem goes with the raw, one of the whole name with that file.
  EXPECT_EQ(Of({"IMG_1.PNG", "IMG_1.NEF", "IMG_1.xmp", "IMG_1.PNG.xmp"}),
            "IMG_1.NEF + IMG_1.xmp | IMG_1.PNG + IMG_1.PNG.xmp");
  EXPECT_EQ(Of({"IMG_1.PNG", "IMG_1.JPG", "IMG_1.xmp"}), "IMG_1.JPG + IMG_1.xmp | IMG_1.PNG");
  EXPECT_EQ(Of({"IMG_1.PNG", "IMG_1.TIF", "IMG_1.xmp"}), "IMG_1.PNG | IMG_1.TIF + IMG_1.xmp");
  EXPECT_EQ(Of({"A.JPG", "A.HEIC", "A.MOV", "A.MP4"}), "A.HEIC + A.MOV | A.JPG | A.MP4");
  EXPECT_EQ(Of({"A.JPG", "A.DNG", "A.NEF", "A.dng.xmp"}), "A.DNG + A.dng.xmp | A.JPG + A.NEF");
}

TEST(Units, SidecarsGoWithTheirPicture) {
  EXPECT_EQ(Of({"a.jpg", "a.xmp", "a.jpg.xmp", "a.JPG.pp3", "a.aae", "b.jpg"}),
            "a.jpg + a.JPG.pp3 + a.aae + a.jpg.xmp + a.xmp | b.jpg");
  EXPECT_EQ(Of({"a.nef", "a.nef.xmp", "a_01.nef.xmp", "a_1.nef.xmp"}),
            "a.nef + a.nef.xmp + a_01.nef.xmp / a_1.nef.xmp");
  EXPECT_EQ(Of({"a.jpg", "a.jpg.json", "a.jpg.supplemental-metadata.json", "a.json"}),
            "a.jpg + a.jpg.json + a.jpg.supplemental-metadata.json / a.json");
}

TEST(Units, ASidecarWithoutAPictureIsLeftAlone) {
  EXPECT_EQ(Of({"b.xmp", "notes.txt", "a.jpg", "IMG_0001.AAE"}),
            "a.jpg / IMG_0001.AAE / b.xmp / notes.txt");
}

TEST(Units, NamesWithDotsStayApart) {
  EXPECT_EQ(Of({"photo.2023.01.jpg", "photo.2023.02.jpg", "photo.2023.02.xmp"}),
            "photo.2023.01.jpg | photo.2023.02.jpg + photo.2023.02.xmp");
  EXPECT_EQ(Of({".jpg", ".xmp", "a", "."}), ".jpg / . / .xmp / a");
}

TEST(Units, TheCaseOfExtensionsNeverCounts) {
  EXPECT_EQ(Of({"A.jpg", "A.NEF", "A.XMP", "A.JPG.xmp"}), "A.jpg + A.JPG.xmp + A.NEF + A.XMP");
}

TEST(Units, TheCaseOfStemsCountsUnlessOnlyOneFits) {
  EXPECT_EQ(Of({"img_1.xmp", "IMG_1.JPG", "img_1.nef"}), "IMG_1.JPG + img_1.nef + img_1.xmp");
  EXPECT_EQ(Of({"img_1.xmp", "IMG_1.JPG", "Img_1.JPG"}), "IMG_1.JPG | Img_1.JPG / img_1.xmp");
  EXPECT_EQ(Of({"IMG_1.JPG", "img_1.nef", "Img_1.mov"}), "IMG_1.JPG | Img_1.mov | img_1.nef");
  EXPECT_EQ(Of({"IMG_1.JPG", "img_1.jpg", "img_1.xmp"}), "IMG_1.JPG | img_1.jpg + img_1.xmp");
}

TEST(Units, TwoMembersNeverDifferInCaseAlone) {
  EXPECT_EQ(Of({"a.jpg", "a.XMP", "a.xmp"}), "a.jpg + a.XMP / a.xmp");
}

TEST(Units, AppleLivePhotosAndEdits) {
  EXPECT_EQ(Of({"IMG_0001.HEIC", "IMG_0001.MOV", "IMG_0001.AAE", "IMG_O0001.AAE", "IMG_E0001.HEIC",
                "IMG_E0001.MOV", "IMG_0002.MOV"}),
            "IMG_0001.HEIC + IMG_0001.AAE + IMG_0001.MOV + IMG_O0001.AAE | "
            "IMG_0002.MOV | IMG_E0001.HEIC + IMG_E0001.MOV");
  EXPECT_EQ(Tails({"IMG_0001.HEIC", "IMG_0001.AAE", "IMG_O0001.aae"}),
            "IMG_0001: .HEIC .AAE .O.aae");
  EXPECT_EQ(Tails({"S.HEIC", "S.AAE", "S.O.aae"}), "S: .HEIC .AAE .O.aae");
}

TEST(Units, GooglePixelRawsAndMotion) {
  EXPECT_EQ(Tails({"PXL_1.RAW-01.COVER.jpg", "PXL_1.RAW-02.ORIGINAL.dng", "PXL_1.xmp",
                   "PXL_1.RAW-01.COVER.jpg.xmp"}),
            "PXL_1: .RAW-01.COVER.jpg .RAW-01.COVER.jpg.xmp .RAW-02.ORIGINAL.dng .xmp");
  EXPECT_EQ(Tails({"PXL_1.RAW-01.MP.COVER.jpg", "PXL_1.RAW-02.ORIGINAL.dng"}),
            "PXL_1: .RAW-01.MP.COVER.jpg .RAW-02.ORIGINAL.dng");
  EXPECT_EQ(Tails({"PXL_1.MP.jpg"}), "PXL_1: .MP.jpg");
  EXPECT_EQ(Tails({"PXL_1.MP.jpg", "PXL_1.MP"}), "PXL_1: .MP.jpg .MP");
  EXPECT_EQ(Tails({"PXL_1.jpg", "PXL_1.MP.mp4"}), "PXL_1: .jpg .MP.mp4");
  EXPECT_EQ(Tails({"PXL_1.MP.jpg", "PXL_1.MP.mp4"}), "PXL_1.MP: .jpg .mp4");
  EXPECT_EQ(Of({"PXL_1.jpg", "PXL_1~2.jpg", "PXL_1.PORTRAIT-01.COVER.jpg",
                "PXL_1.PORTRAIT-02.ORIGINAL.jpg", "MVIMG_1.jpg"}),
            "MVIMG_1.jpg | PXL_1.PORTRAIT-01.COVER.jpg | PXL_1.PORTRAIT-02.ORIGINAL.jpg | "
            "PXL_1.jpg | PXL_1~2.jpg");
}

TEST(Units, BurstsAndMessengersPicturesStaySingle) {
  EXPECT_EQ(Of({"00000IMG_00000_BURST20230102030405_COVER.jpg",
                "00001IMG_00001_BURST20230102030405.jpg", "IMG_1_BURST001_COVER.jpg",
                "IMG_1_BURST002.jpg", "IMG-20230102-WA0001.jpg", "IMG-20230102-WA0002.jpg"}),
            "00000IMG_00000_BURST20230102030405_COVER.jpg | "
            "00001IMG_00001_BURST20230102030405.jpg | IMG-20230102-WA0001.jpg | "
            "IMG-20230102-WA0002.jpg | IMG_1_BURST001_COVER.jpg | IMG_1_BURST002.jpg");
}

TEST(Units, GoProDjiAndSonyMovies) {
  EXPECT_EQ(Of({"GX010001.MP4", "GL010001.LRV", "GX010001.THM", "GX020001.MP4"}),
            "GX010001.MP4 + GL010001.LRV + GX010001.THM | GX020001.MP4");
  EXPECT_EQ(Tails({"GH010001.MP4", "GL010001.LRV"}), "GH010001: .MP4 .LRV");
  EXPECT_EQ(Of({"DJI_0001.MP4", "DJI_0001.SRT", "DJI_0001.LRF", "DJI_0002.JPG", "DJI_0002.DNG"}),
            "DJI_0001.MP4 + DJI_0001.LRF + DJI_0001.SRT | DJI_0002.JPG + DJI_0002.DNG");
  EXPECT_EQ(Tails({"C0001.MP4", "C0001M01.XML"}), "C0001: .MP4 M01.XML");
}

TEST(Units, AThumbnailWithoutItsMovieIsAPicture) {
  EXPECT_EQ(Of({"GX010001.THM", "GL010002.LRV"}), "GL010002.LRV | GX010001.THM");
  const Grouped grouped = GroupUnits(Files({"P1.ORF", "P1.ORI"}));
  ASSERT_EQ(grouped.units.size(), 1u);
  EXPECT_EQ(grouped.units[0].members[1].role, Role::kSidecar);
}

TEST(Units, AMovieOfAnExportIsNotALivePhoto) {
  EXPECT_EQ(Of({"a.png", "a.mov", "a.xmp"}), "a.mov | a.png + a.xmp");
}

// ---- laws ---------------------------------------------------------------------------------------

// Names as folders of cameras have them, with much that is close to each other.
rc::Gen<std::vector<std::string>> Names() {
  const auto stem = rc::gen::element<std::string>(
      "IMG_0001", "img_0001", "IMG_E0001", "IMG_O0001", "PXL_1", "PXL_1.MP", "GX010001", "GL010001",
      "a", "a_01", "a.b", "a.b_01.x", "C0001M01", "x.O", "x");
  const auto tail = rc::gen::element<std::string>(
      ".jpg", ".JPG", ".HEIC", ".PNG", ".tif", ".NEF", ".dng", ".MOV", ".mp4", ".MP", ".MP.jpg",
      ".MP.mp4", ".RAW-01.COVER.jpg", ".RAW-02.ORIGINAL.dng", ".xmp", ".XMP", ".jpg.xmp",
      ".NEF.xmp", "_01.NEF.xmp", ".AAE", ".O.AAE", ".LRV", ".THM", "M01.XML", ".RAW-01.COVER.xmp",
      ".jpg.json", "__highres.dng", ".ORI", ".txt");
  return rc::gen::container<std::vector<std::string>>(rc::gen::map(
      rc::gen::pair(stem, tail), [](const auto& parts) { return parts.first + parts.second; }));
}

RC_GTEST_PROP(UnitLaws, EveryFileIsInOnePlace, ()) {
  std::vector<std::string> names = *Names();
  const Grouped grouped = GroupUnits(Files(names));
  std::vector<std::string> found = grouped.others;
  for (const Unit& unit : grouped.units) {
    for (const Member& member : unit.members) found.push_back(member.name);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::sort(found.begin(), found.end());
  RC_ASSERT(found == names);
}

RC_GTEST_PROP(UnitLaws, TheOrderOfFilesMakesNoDifference, ()) {
  std::vector<std::string> names = *Names();
  const Grouped grouped = GroupUnits(Files(names));
  std::mt19937 random(*rc::gen::arbitrary<unsigned>());
  std::shuffle(names.begin(), names.end(), random);
  const Grouped again = GroupUnits(Files(names));
  RC_ASSERT(Text(again) == Text(grouped));
}

RC_GTEST_PROP(UnitLaws, AUnitUnderAnotherStemIsTheSameUnit, ()) {
  const std::vector<std::string> names = *Names();
  const std::string plain = *rc::gen::element<std::string>(
      "2023-01-02_030405", "IMG_E0001", "IMG_O0001", "b_01", "GL010001", "C0001M01", "S");
  const std::string dotted = *rc::gen::element<std::string>(
      "a.MP", "x.O", "y.RAW-01.COVER", "z__highres", "p.2023.01", "q.jpg", "v_11.k", "b.xmp");
  for (const Unit& unit : GroupUnits(Files(names)).units) {
    std::map<std::string, Role> roles;
    for (const std::string& stem : {plain, dotted}) {
      std::vector<FileInFolder> files;
      const std::vector<std::string> renamed = NamesUnder(unit, stem);
      for (size_t i = 0; i < renamed.size(); ++i) {
        files.push_back({renamed[i], FormatOf(unit.members[i].name)});
      }
      const Grouped grouped = GroupUnits(files);
      RC_LOG() << Text(Grouped{{unit}, {}}) << " as " << stem << ": " << Text(grouped) << "\n";
      RC_ASSERT(grouped.units.size() == 1u);
      RC_ASSERT(grouped.others.empty());
      const Unit& again = grouped.units.front();
      RC_ASSERT(again.members.size() == unit.members.size());
      RC_ASSERT(again.members.front().name == renamed.front());
      for (const Member& member : again.members) {
        const auto at = std::find(renamed.begin(), renamed.end(), member.name);
        RC_ASSERT(at != renamed.end());
        const Member& before = unit.members[static_cast<size_t>(at - renamed.begin())];
        RC_ASSERT(member.role == before.role);
        if (stem == plain) RC_ASSERT(member.tail == before.tail);
      }
      if (stem == plain) RC_ASSERT(again.stem == stem);
    }
    RC_ASSERT(BelongTogether(unit.members));
  }
}

TEST(Units, WhatDoesNotBelongTogetherIsTold) {
  const auto member = [](Role role, const char* tail) { return Member{"", role, tail}; };
  EXPECT_TRUE(BelongTogether(std::vector<Member>{member(Role::kPicture, ".png")}));
  EXPECT_FALSE(BelongTogether({}));
  EXPECT_FALSE(BelongTogether(std::vector<Member>{member(Role::kSidecar, ".xmp")}));
  EXPECT_FALSE(BelongTogether(
      std::vector<Member>{member(Role::kPicture, ".jpg"), member(Role::kPicture, ".heic")}));
  EXPECT_FALSE(BelongTogether(
      std::vector<Member>{member(Role::kPicture, ".jpg"), member(Role::kSidecar, ".sh")}));
  EXPECT_FALSE(BelongTogether(
      std::vector<Member>{member(Role::kSidecar, ".xmp"), member(Role::kPicture, ".jpg")}));
}

TEST(Units, AFolderOfManyFilesIsGroupedQuickly) {
  std::vector<FileInFolder> files;
  for (int i = 0; i < 20'000; ++i) {
    const std::string stem = "IMG_" + std::to_string(100'000 + i);
    files.push_back({stem + ".JPG", Format::kJpeg});
    files.push_back({stem + (i % 2 == 0 ? ".jpg.xmp" : "_.xmp"), Format::kNone});
  }
  const auto start = std::chrono::steady_clock::now();
  const Grouped grouped = GroupUnits(files);
  EXPECT_EQ(grouped.units.size(), 20'000u);
  EXPECT_EQ(grouped.others.size(), 10'000u);
  // Milliseconds where it is indexed, minutes where each sidecar looks at each picture.
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

}  // namespace
}  // namespace syncline::images
