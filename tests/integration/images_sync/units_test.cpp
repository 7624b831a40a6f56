// A photo with its raw, its sidecars and its movie is one record: it comes, changes, moves and goes
// as a whole.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/images_sync/photos.h"

namespace syncline::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string Rated(int rating) {
  return "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF "
         "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' "
         "xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmp:Rating='" +
         std::to_string(rating) + "'/></rdf:RDF></x:xmpmeta>\n";
}

// A unit of five files and a live photo.
void PutUnits(Tree* tree, const std::string& folder) {
  tree->Write(folder + "/IMG_1.JPG", Jpeg(1));
  tree->Write(folder + "/IMG_1.DNG", RawBytes(RawKind::kDng, 1));
  tree->Write(folder + "/IMG_1.xmp", Xmp({"-XMP-xmp:Rating=4"}));
  tree->Write(folder + "/IMG_1.JPG.xmp", Xmp({"-XMP-xmp:Rating=3"}));
  tree->Write(folder + "/IMG_1.AAE", Aae(1));
  tree->Write(folder + "/IMG_2.HEIC", PictureBytes(PictureKind::kHeic, 2));
  tree->Write(folder + "/IMG_2.MOV", PictureBytes(PictureKind::kMov, 2));
}

Words UnitNames(const std::string& folder, const std::string& stem1, const std::string& stem2) {
  return {folder + "/" + stem1 + ".AAE", folder + "/" + stem1 + ".DNG",
          folder + "/" + stem1 + ".JPG", folder + "/" + stem1 + ".JPG.xmp",
          folder + "/" + stem1 + ".xmp", folder + "/" + stem2 + ".HEIC",
          folder + "/" + stem2 + ".MOV"};
}

class Units : public ::testing::Test {
 protected:
  // A unit of five files and one of two in step, two-way unless other options are given.
  void Start(const Words& more = {}) {
    card_.Write("day/IMG_1.JPG", Jpeg(1));
    card_.Write("day/IMG_1.DNG", RawBytes(RawKind::kDng, 1));
    card_.Write("day/IMG_1.xmp", Rated(4));
    card_.Write("day/IMG_1.JPG.xmp", Rated(3));
    card_.Write("day/IMG_1.AAE", Aae(1));
    card_.Write("day/IMG_2.JPG", Jpeg(2));
    card_.Write("day/IMG_2.DNG", RawBytes(RawKind::kDng, 2));
    photos_.Add(more);
    EXPECT_EQ(photos_.Sync()["created"], 2);
    ExpectSameFiles(card_, library_);
    photos_.ExpectStill();
  }

  Photos photos_;
  Tree& card_ = photos_.card;
  Tree& library_ = photos_.library;
};

TEST_F(Units, AreImportedAsOneAndFiledUnderOneName) {
  PutUnits(&card_, "DCIM/100");
  card_.Write("DCIM/100/IMG_1.JPG", JpegTaken(1, "2021:02:03 04:05:06"));
  card_.Write("DCIM/100/IMG_2.HEIC", Tagged(PictureBytes(PictureKind::kHeic, 2), "heic",
                                            {"-DateTimeOriginal=2022:07:08 09:10:11"}));
  photos_.Import({"--set", "layout={year}/{date}_{time}"});
  EXPECT_EQ(photos_.Sync()["created"], 2);
  Words names = UnitNames("2021", "20210203_040506", "x");
  names.resize(5);
  names.insert(names.end(), {"2022/20220708_091011.HEIC", "2022/20220708_091011.MOV"});
  EXPECT_EQ(NamesOf(library_), names);
  photos_.ExpectAllInLibrary();
  photos_.ExpectStill();
}

TEST_F(Units, GetOneNumberWhenAnyOfTheirNamesIsTaken) {
  PutUnits(&card_, "DCIM");
  library_.Write("DCIM/IMG_1.jpg.XMP", "a sidecar without a picture");
  library_.Write("DCIM/img_2.png", PictureBytes(PictureKind::kPng, 9));
  photos_.Import();
  EXPECT_EQ(photos_.Sync()["created"], 2);
  Words names = UnitNames("DCIM", "IMG_1-2", "IMG_2-2");
  names.insert(names.end(), {"DCIM/IMG_1.jpg.XMP", "DCIM/img_2.png"});
  EXPECT_THAT(NamesOf(library_), ::testing::UnorderedElementsAreArray(names));
  photos_.ExpectAllInLibrary();
  photos_.ExpectStill();
}

// Two cameras, or one whose raw and JPEG were not taken together.
TEST_F(Units, AreNotJoinedByTheNamesThatTheyGet) {
  card_.Write("Canon/A.JPG", JpegTaken(1, "2021:02:03 04:05:06"));
  card_.Write("Nikon/B.DNG",
              Tagged(RawBytes(RawKind::kDng, 1), "dng", {"-DateTimeOriginal=2021:02:03 04:05:06"}));
  card_.Write("phone/C.MOV", Tagged(PictureBytes(PictureKind::kMov, 2), "mov",
                                    {"-QuickTime:CreateDate=2021:02:03 04:05:06"}));
  photos_.Add({"--direction", "two-way", "--set", "layout={date}_{time}"});
  EXPECT_EQ(photos_.Sync()["created"], 3);
  std::set<std::string> stems;
  for (const std::string& name : NamesOf(library_)) stems.insert(name.substr(0, name.find('.')));
  EXPECT_EQ(stems.size(), 3u) << ::testing::PrintToString(NamesOf(library_));
  photos_.ExpectStill();
  EXPECT_EQ(NamesOf(card_).size(), 3u);
  photos_.ExpectAllInLibrary();
}

class EditOfUnit : public Units, public ::testing::WithParamInterface<const char*> {};
INSTANTIATE_TEST_SUITE_P(Of, EditOfUnit, ::testing::Values("two-way", "mirror"),
                         [](const auto& one) {
                           return std::string(one.param) == "mirror" ? "mirror" : "two_way";
                         });

TEST_P(EditOfUnit, OfASidecarAloneIsOneUpdate) {
  Start({"--direction", GetParam()});
  card_.Write("day/IMG_1.xmp", Rated(5));
  EXPECT_EQ(photos_.SyncAlike()["updated"], 1);
  card_.Write("day/IMG_1.AAE", Aae(2));
  EXPECT_EQ(photos_.SyncAlike()["updated"], 1);
}

TEST_P(EditOfUnit, BringsASidecarThatIsNewAndTakesOneThatIsGone) {
  Start({"--direction", GetParam()});
  card_.Write("day/IMG_2.AAE", Aae(1));
  card_.Remove("day/IMG_1.xmp");
  EXPECT_EQ(photos_.SyncAlike()["updated"], 2);
  EXPECT_TRUE(library_.Exists("day/IMG_2.AAE"));
  EXPECT_FALSE(library_.Exists("day/IMG_1.xmp"));
}

TEST_P(EditOfUnit, OfPixelsAndSidecarTogetherIsOneUpdate) {
  Start({"--direction", GetParam()});
  card_.Write("day/IMG_1.JPG", Jpeg(11));
  card_.Write("day/IMG_1.xmp", Rated(1));
  EXPECT_EQ(photos_.SyncAlike()["updated"], 1);
}

TEST_P(EditOfUnit, ThatRenamesItMovesAllOfItsFiles) {
  Start({"--direction", GetParam()});
  for (const char* tail : {".JPG", ".DNG", ".xmp", ".JPG.xmp", ".AAE"}) {
    card_.Move(std::string("day/IMG_1") + tail, std::string("best/Sunset") + tail);
  }
  const nlohmann::json item = photos_.SyncAlike();
  EXPECT_EQ(item["moved"], 1);
  EXPECT_EQ(item["bytes"], 0) << "a move copies nothing";
  EXPECT_EQ(NamesOf(library_).size(), 7u);
}

TEST_P(EditOfUnit, ThatMovesItsFolderMovesAllOfThem) {
  Start({"--direction", GetParam()});
  card_.Move("day", "2024/holiday");
  EXPECT_EQ(photos_.SyncAlike()["moved"], 2);
  EXPECT_FALSE(library_.Exists("day")) << "an empty folder is left behind";
}

TEST_P(EditOfUnit, ThatDeletesItRemovesAllOfThem) {
  Start({"--direction", GetParam()});
  card_.Write("day/other.jpg", Jpeg(7));
  photos_.SyncAlike();
  for (const char* tail : {".JPG", ".DNG", ".xmp", ".JPG.xmp", ".AAE"}) {
    card_.Remove(std::string("day/IMG_1") + tail);
  }
  EXPECT_EQ(photos_.SyncAlike()["removed"], 1);
  EXPECT_EQ(NamesOf(library_).size(), 3u);
}

// The files of a unit change, and with them the one by which it is called.
TEST_P(EditOfUnit, ThatAddsAPictureToARawEndsAlike) {
  card_.Write("IMG_1.DNG", RawBytes(RawKind::kDng, 1));
  card_.Write("IMG_9.JPG", Jpeg(9));
  photos_.Add({"--direction", GetParam()});
  photos_.SyncAlike();
  card_.Write("IMG_1.JPG", Jpeg(1));
  photos_.SyncAlike();
  EXPECT_EQ(NamesOf(card_).size(), 3u);
}

TEST_P(EditOfUnit, ThatTakesThePictureFromARawEndsAlike) {
  Start({"--direction", GetParam()});
  card_.Remove("day/IMG_1.JPG");
  card_.Remove("day/IMG_1.JPG.xmp");
  photos_.SyncAlike();
  EXPECT_EQ(NamesOf(card_).size(), 5u);
}

TEST_P(EditOfUnit, ThatChangesTheCaseOfAnExtensionIsARename) {
  Start({"--direction", GetParam()});
  card_.Move("day/IMG_2.JPG", "day/IMG_2.jpg");
  photos_.SyncAlike();
  card_.Write("IMG_3.JPEG", Jpeg(3));
  photos_.SyncAlike();
  card_.Move("IMG_3.JPEG", "IMG_3.jpg");
  photos_.SyncAlike();
  EXPECT_THAT(NamesOf(library_), ::testing::Contains("IMG_3.jpg"));
}

TEST_P(EditOfUnit, ThatRenamesAndChangesItAtOnceEndsAlike) {
  Start({"--direction", GetParam()});
  card_.Move("day/IMG_2.JPG", "day/Lake.JPG");
  card_.Move("day/IMG_2.DNG", "day/Lake.DNG");
  card_.Write("day/Lake.AAE", Aae(3));
  photos_.SyncAlike();
  EXPECT_EQ(NamesOf(library_).size(), 8u);
}

TEST_F(Units, OnTheOtherSideOfATwoWayItemAreAllTheSame) {
  Start();
  library_.Write("day/IMG_1.xmp", Rated(2));
  library_.Move("day/IMG_2.JPG", "lake/Lake.JPG");
  library_.Move("day/IMG_2.DNG", "lake/Lake.DNG");
  const nlohmann::json item = photos_.SyncAlike();
  EXPECT_EQ(item["updated"], 1);
  EXPECT_EQ(item["moved"], 1);
  EXPECT_TRUE(card_.Exists("lake/Lake.DNG"));
}

TEST_F(Units, KeepPermissionsAndNotesOfAFileThatIsReplaced) {
  Start();
  library_.Chmod("day/IMG_1.JPG", 0600);
  library_.SetAttribute("day/IMG_1.JPG", "user.note", "mine");
  photos_.Sync();
  card_.Write("day/IMG_1.JPG", Jpeg(11));
  photos_.SyncAlike();
  EXPECT_THAT(Snapshot(library_.root(), {.attributes = true}).at("day/IMG_1.JPG"),
              ::testing::AllOf(HasSubstr("600"), HasSubstr("mine")));
}

}  // namespace
}  // namespace syncline::testing
