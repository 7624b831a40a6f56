// What a person does with a library later: another layout for the old pictures, and a look at what
// may go from the card.
#include <gtest/gtest.h>

#include "tests/integration/images_sync/photos.h"

namespace syncline::testing {
namespace {

constexpr char kByDay[] = "layout={year}/{month}/{date}_{name}";

nlohmann::json SafeOf(const Photos& photos) { return photos.stage.Json({"show", "Work"})["safe"]; }

TEST(Relayout, MovesWhatWasImportedAndNothingElse) {
  Photos photos;
  photos.Import({"--set", kByDay});
  photos.card.Write("DCIM/IMG_0001.JPG", JpegTaken(1, "2026:05:04 10:00:00"));
  photos.card.Write("DCIM/IMG_0001.xmp", Xmp({"-XMP-xmp:Rating=3"}));
  photos.card.Write("DCIM/IMG_0002.JPG", JpegTaken(2, "2026:06:05 10:00:00"));
  photos.library.Write("Mine/dog.jpg", JpegTaken(3, "2020:01:01 10:00:00"));
  EXPECT_EQ(photos.Sync()["created"], 2);
  photos.stage.Json({"edit", "Work", "--set", "layout={year}/{name}"});
  photos.ExpectStill();  // a layout is for new pictures

  const auto dry = photos.Sync(0, {"--relayout", "--dry-run"});
  EXPECT_EQ(dry["moved"], 2) << dry.dump(2);
  EXPECT_TRUE(photos.library.Exists("2026/05/20260504_IMG_0001.JPG"));

  const auto item = photos.Sync(0, {"--relayout"});
  EXPECT_EQ(item["moved"], 2) << item.dump(2);
  EXPECT_EQ(item["created"], 0);
  EXPECT_EQ(item["bytes"], 0);
  EXPECT_EQ(NamesOf(photos.library),
            (Words{"2026/IMG_0001.JPG", "2026/IMG_0001.xmp", "2026/IMG_0002.JPG", "Mine/dog.jpg"}));
  EXPECT_FALSE(photos.library.Exists("2026/05"));  // nothing is left in it
  photos.ExpectAllInLibrary();
  EXPECT_NE(photos.EventTexts().find(
                "moved from \"2026/05/20260504_IMG_0001.JPG\" to \"2026/IMG_0001.JPG\" on side B"),
            std::string::npos)
      << photos.EventTexts();
  EXPECT_EQ(photos.Sync(0, {"--relayout"})["moved"], 0);
  photos.ExpectStill();
}

TEST(Relayout, GivesAClashANumberAndKeepsIt) {
  Photos photos;
  photos.Import({"--set", "layout={date}_{time}_{name}"});
  photos.card.Write("a/IMG.JPG", JpegTaken(1, "2026:05:04 10:00:00"));
  photos.card.Write("b/IMG.JPG", JpegTaken(2, "2026:05:04 11:00:00"));
  EXPECT_EQ(photos.Sync()["created"], 2);
  photos.stage.Json({"edit", "Work", "--set", "layout={year}/{name}"});
  EXPECT_EQ(photos.Sync(0, {"--relayout"})["moved"], 2);
  EXPECT_EQ(NamesOf(photos.library), (Words{"2026/IMG-2.JPG", "2026/IMG.JPG"}));
  EXPECT_EQ(photos.Sync(0, {"--relayout"})["moved"], 0);
  photos.ExpectAllInLibrary();
}

TEST(Relayout, WithoutALayoutMovesNothing) {
  Photos photos;
  photos.Import();
  photos.card.Write("DCIM/IMG_0001.JPG", Jpeg(1));
  photos.Sync();
  EXPECT_EQ(photos.Sync(0, {"--relayout"})["moved"], 0);
  EXPECT_EQ(NamesOf(photos.library), Words{"DCIM/IMG_0001.JPG"});
}

TEST(Relayout, InTwoWayTheOtherSideKeepsItsPlaces) {
  Photos photos;
  photos.Add({"--direction", "two-way", "--set", kByDay});
  photos.card.Write("x/one.jpg", JpegTaken(1, "2026:05:04 10:00:00"));
  photos.Sync();
  photos.stage.Json({"edit", "Work", "--set", "layout={year}/{name}"});
  const auto item = photos.Sync(0, {"--relayout"});
  EXPECT_EQ(item["moved"], 1) << item.dump(2);
  EXPECT_EQ(NamesOf(photos.card), Words{"x/one.jpg"});
  EXPECT_EQ(NamesOf(photos.library), Words{"2026/one.jpg"});
  photos.ExpectStill();
}

TEST(SafeOnB, OnlyWhatWasReadBackAndIsStillThere) {
  Photos photos;
  photos.Import({"--set", kByDay, "--set", "verify=yes"});
  for (int i = 1; i <= 4; ++i) {
    photos.card.Write("DCIM/IMG_000" + std::to_string(i) + ".JPG",
                      JpegTaken(i, "2026:05:0" + std::to_string(i) + " 10:00:00"));
  }
  photos.Sync();
  EXPECT_EQ(SafeOf(photos)["safe"], 4);
  EXPECT_EQ(SafeOf(photos)["not_safe"], 0);

  photos.library.Remove("2026/05/20260501_IMG_0001.JPG");
  photos.library.Move("2026/05/20260502_IMG_0002.JPG", "Best/sunset.jpg");  // is still there
  Tag(photos.card.Path("DCIM/IMG_0003.JPG"), {"-XMP-xmp:Rating=5"});        // only on the card
  photos.card.Write("DCIM/IMG_0005.JPG", Jpeg(5));                          // not imported yet
  const auto safe = SafeOf(photos);
  std::map<std::string, bool> found;
  for (const auto& record : safe["records"]) found[record["record"]] = record["safe"];
  EXPECT_EQ(found, (std::map<std::string, bool>{{"DCIM/IMG_0001.JPG", false},
                                                {"DCIM/IMG_0002.JPG", true},
                                                {"DCIM/IMG_0003.JPG", false},
                                                {"DCIM/IMG_0004.JPG", true},
                                                {"DCIM/IMG_0005.JPG", false}}))
      << safe.dump(2);
  const ProgramResult shown = photos.stage.Run({"show", "Work"});
  EXPECT_NE(shown.out.find("2 of 5 records of A are stored and verified on B"), std::string::npos)
      << shown;
}

TEST(SafeOnB, NothingIsWithoutVerify) {
  Photos photos;
  photos.Import();
  photos.card.Write("DCIM/IMG_0001.JPG", Jpeg(1));
  photos.Sync();
  EXPECT_FALSE(photos.stage.Json({"show", "Work"}).contains("safe"));
  photos.stage.Json({"edit", "Work", "--set", "verify=yes"});
  EXPECT_EQ(SafeOf(photos)["safe"], 0);  // it was not read back when it was stored
}

TEST(SafeOnB, AllFilesOfAUnitAreNamed) {
  Photos photos;
  photos.Import({"--set", "verify=yes"});
  photos.card.Write("DCIM/IMG_0001.JPG", Jpeg(1));
  photos.card.Write("DCIM/IMG_0001.AAE", Aae(1));
  photos.Sync();
  EXPECT_EQ(SafeOf(photos)["records"].size(), 2u);
  photos.card.Write("DCIM/IMG_0001.AAE", Aae(2));
  EXPECT_EQ(SafeOf(photos)["not_safe"], 2) << "its sidecar would be lost";
}

TEST(SafeOnB, ASecondCopyIsWhereItIsTheSameToTheLastByte) {
  Photos photos;
  photos.Import({"--set", "verify=yes"});
  photos.card.Write("1.JPG", JpegTaken(1, "2026:05:04 10:00:00"));
  photos.card.Write("2.JPG", photos.card.Read("1.JPG"));
  photos.card.Write("3.JPG", photos.card.Read("1.JPG"));
  Tag(photos.card.Path("3.JPG"), {"-XMP-xmp:Rating=5"});
  EXPECT_EQ(photos.Sync()["created"], 1);
  const auto safe = SafeOf(photos);
  std::map<std::string, bool> found;
  for (const auto& record : safe["records"]) found[record["record"]] = record["safe"];
  EXPECT_EQ(found,
            (std::map<std::string, bool>{{"1.JPG", true}, {"2.JPG", true}, {"3.JPG", false}}));
}

TEST(AddingALayout, ShowsAnExampleOnce) {
  Photos photos;
  const ProgramResult added = photos.TryAdd({"--set", kByDay});
  EXPECT_NE(added.out.find("Note: With this layout a new picture becomes, for example, "
                           "\"2026/05/20260504_IMG_1234.JPG\"."),
            std::string::npos)
      << added;
  photos.card.Write("DCIM/IMG_0001.JPG", Jpeg(1));
  photos.Sync();
  EXPECT_EQ(photos.EventTexts().find("for example"), std::string::npos) << photos.EventTexts();
}

TEST(AnImport, IsTheUsualDirection) {
  Photos photos;
  EXPECT_EQ(photos.TryAdd().exit_code, 0);
  EXPECT_EQ(photos.stage.Json({"show", "Work"})["item"]["direction"], "add");
}

// Through the door that counts every operation on files: one look at each picture on each side.
TEST(AnImport, AsksOnceForEachUnchangedPictureAndOpensNone) {
  Photos photos;
  photos.Import();
  const auto operations = [&] {
    const std::string path = photos.stage.temp / "count";
    std::filesystem::remove(path);
    EXPECT_EQ(photos.stage.Run({"sync"}, {{"SYNCLINE_FAULT", "images:count:" + path}}).exit_code,
              0);
    int count = -1;
    std::ifstream(path) >> count;
    return count;
  };
  const auto settled = [&] {
    photos.Sync();
    photos.Sync();  // what came in is noted now where it belongs
    return operations();
  };
  for (int i = 0; i < 10; ++i) photos.card.Write("1/" + std::to_string(i) + ".JPG", Jpeg(i));
  const int of_ten = settled();
  if (of_ten < 0) GTEST_SKIP() << "built without SYNCLINE_FAULTS";
  for (int i = 10; i < 30; ++i) photos.card.Write("1/" + std::to_string(i) + ".JPG", Jpeg(i));
  EXPECT_EQ(settled() - of_ten, 20 * 2);
}

TEST(AnImport, SaysNothingOfWhatIsLongDone) {
  Photos photos;
  photos.Import();
  for (int i = 1; i <= 3; ++i) photos.card.Write("IMG_" + std::to_string(i) + ".JPG", Jpeg(i));
  photos.Sync();
  photos.card.Remove("IMG_1.JPG");     // wiped
  photos.library.Remove("IMG_2.JPG");  // not wanted
  photos.library.Move("IMG_3.JPG", "x.jpg");
  const auto item = photos.Sync();
  EXPECT_EQ(item["skipped"], 0) << item.dump(2);
  EXPECT_EQ(item["unchanged"], 2) << item.dump(2);
  ExpectNothingDone(item);
}

}  // namespace
}  // namespace syncline::testing
