// Imports: each picture once, whatever became of its copy and of the card.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/images_sync/photos.h"

namespace syncline::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Another picture by the pixels and the same one by the metadata.
std::string WithTitle(const std::string& jpeg, const std::string& title) {
  return Tagged(jpeg, "jpg", {"-XMP-dc:Title=" + title, "-ImageDescription=" + title});
}

class Import : public ::testing::Test {
 protected:
  // Three pictures from the card, in the library.
  void ImportThree() {
    for (int i = 1; i <= 3; ++i) card_.Write("DCIM/IMG_" + std::to_string(i) + ".JPG", Jpeg(i));
    photos_.Import();
    EXPECT_EQ(photos_.Sync()["created"], 3);
    photos_.ExpectAllInLibrary();
  }

  Photos photos_;
  Tree& card_ = photos_.card;
  Tree& library_ = photos_.library;
};

TEST_F(Import, CopiesEachPictureByteForByteWithItsTime) {
  card_.Write("DCIM/100/IMG_1.JPG", Jpeg(1));
  card_.SetMtime("DCIM/100/IMG_1.JPG", int64_t{1'600'000'000} * 1'000'000'000);
  card_.Write("DCIM/101/IMG_1.JPG", Jpeg(2));
  photos_.Import();
  EXPECT_EQ(photos_.Sync()["created"], 2);
  ExpectSameFiles(card_, library_);
  EXPECT_EQ(library_.Mtime("DCIM/100/IMG_1.JPG"), card_.Mtime("DCIM/100/IMG_1.JPG"));
  photos_.ExpectStill();
}

TEST_F(Import, TakesAPictureThatStandsTwiceOnTheCardOnce) {
  card_.Write("DCIM/100/IMG_1.JPG", Jpeg(1));
  card_.Write("DCIM/100/IMG_1 copy.JPG", Jpeg(1));
  card_.Write("backup/holiday.jpg", WithTitle(Jpeg(1), "the same picture"));
  card_.Write("DCIM/100/IMG_2.JPG", Jpeg(2));
  photos_.Import();
  EXPECT_EQ(photos_.Sync()["created"], 2);
  EXPECT_EQ(NamesOf(library_).size(), 2u);
  EXPECT_THAT(photos_.EventTexts(), HasSubstr("2 pictures are here once more"));
  photos_.ExpectStill();
}

TEST_F(Import, DoesNotTakeAgainWhatWasRenamedOrMovedInTheLibrary) {
  ImportThree();
  library_.Move("DCIM/IMG_1.JPG", "best of/sunset.jpeg");
  library_.Move("DCIM", "2024");
  photos_.ExpectStill();
}

TEST_F(Import, DoesNotTakeAgainWhatWasEditedInTheLibrary) {
  ImportThree();
  Tag(library_.Path("DCIM/IMG_1.JPG"), {"-XMP-dc:Title=Sunset", "-Rating=5"});
  library_.Write("DCIM/IMG_2.JPG", Jpeg(22));
  // As most editors save: another file in the place of the old one.
  library_.Remove("DCIM/IMG_3.JPG");
  library_.Write("DCIM/IMG_3.JPG", Jpeg(33));
  photos_.ExpectStill();
  EXPECT_EQ(library_.Read("DCIM/IMG_2.JPG"), Jpeg(22));
  photos_.ExpectStill();
}

TEST_F(Import, DoesNotTakeAgainAUnitThatWasTakenApartInTheLibrary) {
  card_.Write("DCIM/IMG_1.JPG", Jpeg(1));
  card_.Write("DCIM/IMG_1.DNG", RawBytes(RawKind::kDng, 1));
  card_.Write("DCIM/IMG_2.JPG", Jpeg(2));
  card_.Write("DCIM/IMG_2.DNG", RawBytes(RawKind::kDng, 2));
  photos_.Import();
  EXPECT_EQ(photos_.Sync()["created"], 2);
  library_.Move("DCIM/IMG_1.DNG", "raw/IMG_1.DNG");
  library_.Remove("DCIM/IMG_2.DNG");
  photos_.ExpectStill();
  EXPECT_EQ(NamesOf(library_).size(), 3u);
}

TEST_F(Import, LeavesOutWhatAPatternNamesByItsPlaceOnTheCard) {
  card_.Write("DCIM/100/IMG_1.JPG", Jpeg(1));
  card_.Write("DCIM/100/CLIP_1.MOV", PictureBytes(PictureKind::kMov, 1));
  card_.Write("DCIM/private/IMG_2.JPG", Jpeg(2));
  card_.Write("IMG_3.JPG", Jpeg(3));
  photos_.Import({"--exclude", "*.MOV", "--exclude", "private/"});
  const nlohmann::json plan = photos_.Sync(0, {"--dry-run"})["plan"];
  std::set<std::string> planned;
  for (const auto& line : plan) planned.insert(line["record"].get<std::string>());
  EXPECT_THAT(planned, ElementsAre("DCIM/100/IMG_1.JPG", "IMG_3.JPG")) << plan.dump(2);
  EXPECT_TRUE(NamesOf(library_).empty()) << "a dry run";
  EXPECT_EQ(photos_.Sync()["created"], 2);
  EXPECT_THAT(NamesOf(library_), ElementsAre("DCIM/100/IMG_1.JPG", "IMG_3.JPG"));
  photos_.ExpectStill();
}

TEST_F(Import, DoesNotTakeAgainWhatWasDeletedInTheLibrary) {
  ImportThree();
  library_.Remove("DCIM/IMG_2.JPG");
  photos_.ExpectStill();
  EXPECT_FALSE(library_.Exists("DCIM/IMG_2.JPG"));
}

TEST_F(Import, DoesNotTakeAgainWhatWasRenamedOrRatedOnTheCard) {
  ImportThree();
  card_.Move("DCIM/IMG_1.JPG", "DCIM/renamed.JPG");
  Tag(card_.Path("DCIM/IMG_2.JPG"), {"-Rating=5"});
  const auto before = FilesOf(library_);
  EXPECT_EQ(photos_.Sync()["created"], 0);
  EXPECT_EQ(NamesOf(library_).size(), before.size());
}

TEST_F(Import, RemovesNothingWhenTheCardWasEmptied) {
  ImportThree();
  card_.Remove("DCIM");
  photos_.ExpectStill();
  EXPECT_EQ(NamesOf(library_).size(), 3u);
}

TEST_F(Import, TakesNewPicturesUnderTheNamesOfOldOnes) {
  ImportThree();
  card_.Remove("DCIM");
  for (int i = 1; i <= 3; ++i) {
    card_.Write("DCIM/IMG_" + std::to_string(i) + ".JPG", Jpeg(100 + i));
  }
  EXPECT_EQ(photos_.Sync()["created"], 3);
  EXPECT_THAT(NamesOf(library_),
              ElementsAre("DCIM/IMG_1-2.JPG", "DCIM/IMG_1.JPG", "DCIM/IMG_2-2.JPG",
                          "DCIM/IMG_2.JPG", "DCIM/IMG_3-2.JPG", "DCIM/IMG_3.JPG"));
  EXPECT_EQ(library_.Read("DCIM/IMG_1.JPG"), Jpeg(1));
  EXPECT_EQ(library_.Read("DCIM/IMG_1-2.JPG"), Jpeg(101));
  photos_.ExpectStill();
}

// The camera, or a program, wrote into the very same file.
TEST_F(Import, TakesAPictureThatWasWrittenOverAnOldOneAndKeepsTheOld) {
  ImportThree();
  card_.Write("DCIM/IMG_1.JPG", Jpeg(101));
  photos_.Sync();
  photos_.ExpectAllInLibrary();
  EXPECT_EQ(library_.Read("DCIM/IMG_1.JPG"), Jpeg(1)) << "the one imported before";
  EXPECT_EQ(library_.Read("DCIM/IMG_1-2.JPG"), Jpeg(101));
  EXPECT_EQ(NamesOf(library_).size(), 4u);
  photos_.ExpectStill();
}

TEST_F(Import, KnowsTheOldPicturesAgainThatComeBackOnTheCard) {
  ImportThree();
  card_.Remove("DCIM");
  photos_.Sync();
  library_.Move("DCIM", "sorted");
  for (int i = 1; i <= 4; ++i) card_.Write("OTHER/" + std::to_string(i) + ".JPG", Jpeg(i));
  EXPECT_EQ(photos_.Sync()["created"], 1);
  photos_.ExpectAllInLibrary();
  EXPECT_EQ(NamesOf(library_).size(), 4u);
}

TEST_F(Import, TakesAUnitThatGrewAndKeepsWhatItHas) {
  card_.Write("DCIM/IMG_1.JPG", Jpeg(1));
  photos_.Import();
  photos_.Sync();
  card_.Write("DCIM/IMG_1.DNG", RawBytes(RawKind::kDng, 1));
  photos_.Sync();
  photos_.ExpectAllInLibrary();
  // A whole unit beside the old picture, rather than one in part.
  EXPECT_THAT(NamesOf(library_),
              ElementsAre("DCIM/IMG_1-2.DNG", "DCIM/IMG_1-2.JPG", "DCIM/IMG_1.JPG"));
  photos_.ExpectStill();
}

TEST_F(Import, TakesNothingThatTheLibraryHeldBefore) {
  card_.Write("IMG_1.JPG", Jpeg(1));
  card_.Write("IMG_2.JPG", Jpeg(2));
  library_.Write("2020/old name.jpg", Jpeg(1));
  library_.Write("2020/titled.jpg", WithTitle(Jpeg(2), "already here"));
  library_.Write("2020/not on the card.jpg", Jpeg(3));
  const auto before = FilesOf(library_);
  photos_.Import();
  EXPECT_EQ(photos_.Sync()["adopted"], 2);
  EXPECT_EQ(NamesOf(library_), NamesOf(Tree(library_.root())));
  EXPECT_TRUE(FilesOf(library_) == before);
  photos_.ExpectStill();
}

TEST_F(Import, TellsPicturesApartThatAreEqualAtBothEnds) {
  // Only the middle differs: beyond what the quick look at both ends reads.
  std::string one = PictureBytes(PictureKind::kBmp, 1);
  const std::string pixels = Noise(7, 600'000);
  const auto write = [](std::string* text, size_t at, uint32_t value) {
    for (size_t i = 0; i < 4; ++i) (*text)[at + i] = static_cast<char>(value >> (8 * i));
  };
  const size_t start = static_cast<unsigned char>(one[10]);  // where its pixels begin
  one.resize(start);
  one += pixels;
  write(&one, 2, static_cast<uint32_t>(one.size()));
  write(&one, 18, 500);
  write(&one, 22, 400);
  write(&one, 34, static_cast<uint32_t>(pixels.size()));
  std::string two = one;
  two[300'000] = static_cast<char>(two[300'000] ^ 1);
  card_.Write("1.bmp", one);
  card_.Write("2.bmp", two);
  card_.Write("3.bmp", one);
  photos_.Import();
  EXPECT_EQ(photos_.Sync()["created"], 2);
  EXPECT_THAT(NamesOf(library_), ElementsAre("1.bmp", "2.bmp"));
  photos_.ExpectAllInLibrary();
  photos_.ExpectStill();
  // A third like them comes on a card that was wiped.
  std::string three = two;
  three[300'000] = static_cast<char>(three[300'000] ^ 2);
  for (const char* name : {"1.bmp", "2.bmp", "3.bmp"}) card_.Remove(name);
  card_.Write("1.bmp", three);
  card_.Write("2.bmp", two);
  EXPECT_EQ(photos_.Sync()["created"], 1);
  photos_.ExpectAllInLibrary();
  photos_.ExpectStill();
}

}  // namespace
}  // namespace syncline::testing
