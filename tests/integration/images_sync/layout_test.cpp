// Where an import files its pictures: by the date that exiftool reads as well, whatever it is found
// in, with numbers where names clash.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/images_sync/photos.h"

namespace syncline::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kByDate[] = "layout={year}/{month}/{date}_{time}_{name}";

class LayoutOfImport : public ::testing::Test {
 protected:
  nlohmann::json Import(const std::string& layout) {
    photos_.Import({"--set", layout});
    nlohmann::json item = photos_.Sync();
    photos_.ExpectAllInLibrary();
    return item;
  }

  Photos photos_;
  Tree& card_ = photos_.card;
  Tree& library_ = photos_.library;
};

TEST_F(LayoutOfImport, FilesByTheDateThatExiftoolReadsToo) {
  card_.Write("DCIM/IMG_1.JPG", JpegTaken(1, "2019:12:31 23:59:58"));
  card_.Write("DCIM/IMG_2.HEIC", Tagged(PictureBytes(PictureKind::kHeic, 2), "heic",
                                        {"-DateTimeOriginal=2020:02:29 00:00:01"}));
  card_.Write("DCIM/IMG_3.DNG",
              Tagged(RawBytes(RawKind::kDng, 3), "dng", {"-DateTimeOriginal=2021:06:07 08:09:10"}));
  card_.Write("DCIM/IMG_4.PNG", Tagged(PictureBytes(PictureKind::kPng, 4), "png",
                                       {"-DateTimeOriginal=2022:01:01 00:00:00"}));
  card_.Write("DCIM/IMG_5.WEBP", Tagged(PictureBytes(PictureKind::kWebp, 5), "webp",
                                        {"-DateTimeOriginal=1999:01:02 03:04:05"}));
  EXPECT_EQ(Import(kByDate)["created"], 5);
  const auto dates = TagsIn(library_, "EXIF:DateTimeOriginal");
  ASSERT_EQ(dates.size(), 5u);
  for (const auto& [path, date] : dates) {
    // "2019:12:31 23:59:58" is in 2019/12/20191231_235958_...
    std::string digits;
    for (const char c : date) digits += c >= '0' && c <= '9' ? std::string(1, c) : "";
    EXPECT_THAT(path, ::testing::StartsWith(digits.substr(0, 4) + "/" + digits.substr(4, 2) + "/" +
                                            digits.substr(0, 8) + "_" + digits.substr(8)))
        << date;
  }
  EXPECT_TRUE(library_.Exists("2019/12/20191231_235958_IMG_1.JPG"));
  EXPECT_TRUE(library_.Exists("1999/01/19990102_030405_IMG_5.WEBP"));
  photos_.ExpectStill();
}

TEST_F(LayoutOfImport, TellsWhereEachDateIsFrom) {
  const Words gps = {"-GPSDateStamp=2021:01:01", "-GPSTimeStamp=22:30:00"};
  card_.Write("exif.jpg", JpegTaken(1, "2020:01:01 01:01:01"));
  card_.Write("gps.jpg", Tagged(Jpeg(2), "jpg", gps));
  card_.Write("create.jpg", Tagged(Jpeg(3), "jpg", {"-EXIF:CreateDate=2022:01:01 01:01:01"}));
  card_.Write("xmp.jpg", Tagged(Jpeg(4), "jpg", {"-XMP-xmp:CreateDate=2023:01:01 01:01:01"}));
  card_.Write("sidecar.jpg", Jpeg(5));
  card_.Write("sidecar.xmp", Xmp({"-XMP-photoshop:DateCreated=2018:01:01 01:01:01"}));
  card_.Write("movie.mov", Tagged(PictureBytes(PictureKind::kMov, 6), "mov",
                                  {"-QuickTime:CreateDate=2017:01:01 01:01:01"}));
  card_.Write("IMG_20160101_010101.jpg", Jpeg(7));
  card_.Write("plain.jpg", Jpeg(8));
  card_.SetMtime("plain.jpg", int64_t{1'420'074'061} * 1'000'000'000);  // 2015-01-01 01:01:01 UTC
  EXPECT_EQ(Import("layout={date}_{time} {name}")["created"], 8);
  EXPECT_THAT(NamesOf(library_),
              ElementsAre("20150101_010101 plain.jpg", "20160101_010101 IMG_20160101_010101.jpg",
                          "20170101_010101 movie.mov", "20180101_010101 sidecar.jpg",
                          "20180101_010101 sidecar.xmp", "20200101_010101 exif.jpg",
                          "20210101_223000 gps.jpg", "20220101_010101 create.jpg",
                          "20230101_010101 xmp.jpg"));
  const std::string events = photos_.EventTexts();
  for (const char* text :
       {"\"exif.jpg\" is \"20200101_010101 exif.jpg\" here: taken 2020-01-01 01:01:01 (Exif "
        "DateTimeOriginal)",
        "2021-01-01 22:30:00 (GPS date)", "2022-01-01 01:01:01 (Exif CreateDate)",
        "2023-01-01 01:01:01 (XMP date)", "2018-01-01 01:01:01 (XMP date)",
        "2017-01-01 01:01:01 (QuickTime date)", "2016-01-01 01:01:01 (file name)",
        "2015-01-01 01:01:01 (file time)"}) {
    EXPECT_THAT(events, HasSubstr(text));
  }
}

TEST_F(LayoutOfImport, TakesTheClockOfThePlaceAndFractionsOfTheSecond) {
  card_.Write("1.jpg", Tagged(Jpeg(1), "jpg",
                              {"-DateTimeOriginal=2020:06:01 23:30:00", "-SubSecTimeOriginal=42",
                               "-OffsetTimeOriginal=+09:00", "-GPSDateStamp=2020:06:01",
                               "-GPSTimeStamp=14:30:00"}));
  // By GPS alone, with the zone of another date: the day begins in Tokyo before it does in
  // Greenwich.
  card_.Write("2.jpg", Tagged(Jpeg(2), "jpg",
                              {"-GPSDateStamp=2020:06:30", "-GPSTimeStamp=20:00:00",
                               "-OffsetTimeOriginal=+09:00"}));
  Import("layout={year}-{month}-{day} {hour}.{minute}.{second}.{subsecond}");
  EXPECT_THAT(NamesOf(library_),
              ElementsAre("2020-06-01 23.30.00.420.jpg", "2020-07-01 05.00.00.000.jpg"));
}

TEST_F(LayoutOfImport, FilesByMakerCameraAndFolder) {
  card_.Write("DCIM/100CANON/IMG_1.JPG",
              Tagged(Jpeg(1), "jpg", {"-Make=Canon", "-Model=Canon EOS R5"}));
  card_.Write("DCIM/a/b/IMG_2.JPG", Tagged(Jpeg(2), "jpg", {"-Make=A/B:C", "-Model=../../x"}));
  card_.Write("IMG_3.JPG", Jpeg(3));
  Import("layout={maker}/{camera}/{folder}/{name}");
  EXPECT_TRUE(library_.Exists("Canon/EOS R5/DCIM/100CANON/IMG_1.JPG"));
  EXPECT_THAT(NamesOf(library_), ::testing::Contains("unknown/unknown/IMG_3.JPG"));
  EXPECT_FALSE(library_.Exists("../x"));
  EXPECT_EQ(NamesOf(library_).size(), 3u);
}

TEST_F(LayoutOfImport, NumbersWhatWouldGetOneName) {
  for (int i = 1; i <= 4; ++i) {
    card_.Write("DCIM/10" + std::to_string(i) + "/IMG_1.JPG", JpegTaken(i, "2020:01:02 03:04:05"));
  }
  library_.Write("2020/20200102.jpg", Jpeg(9));
  EXPECT_EQ(Import("layout={year}/{date}")["created"], 4);
  EXPECT_THAT(NamesOf(library_),
              ElementsAre("2020/20200102-2.JPG", "2020/20200102-3.JPG", "2020/20200102-4.JPG",
                          "2020/20200102-5.JPG", "2020/20200102.jpg"));
  // Nobody else's result depends on chance: a second library gets the same names.
  const auto first = FilesOf(library_);
  Tree again(photos_.stage.temp / "again");
  again.Write("2020/20200102.jpg", Jpeg(9));
  ASSERT_EQ(photos_.stage
                .Run({"add", "images", "--name", "Again", card_.root(), again.root(), "--direction",
                      "add", "--set", "layout={year}/{date}"})
                .exit_code,
            0);
  ASSERT_EQ(photos_.stage.Run({"sync", "Again"}).exit_code, 0);
  EXPECT_TRUE(FilesOf(again) == first);
}

TEST_F(LayoutOfImport, CountsWhereTheLayoutHasACounter) {
  for (int i = 1; i <= 3; ++i) {
    card_.Write("IMG_" + std::to_string(i) + ".JPG", JpegTaken(i, "2020:01:02 03:04:05"));
  }
  card_.Write("IMG_4.JPG", JpegTaken(4, "2020:01:03 03:04:05"));
  EXPECT_EQ(Import("layout={date}/{counter:3}")["created"], 4);
  EXPECT_THAT(NamesOf(library_), ElementsAre("20200102/001.JPG", "20200102/002.JPG",
                                             "20200102/003.JPG", "20200103/001.JPG"));
  card_.Write("IMG_5.JPG", JpegTaken(5, "2020:01:02 10:00:00"));
  EXPECT_EQ(photos_.Sync()["created"], 1);
  EXPECT_TRUE(library_.Exists("20200102/004.JPG"));
}

TEST_F(LayoutOfImport, PassesOverDatesThatCannotBe) {
  // As it is, though exiftool knows better.
  const auto taken_raw = [](int number, const std::string& date) {
    return Tagged(Jpeg(number), "jpg", {"-DateTimeOriginal#=" + date});
  };
  card_.Write("IMG_20200203_040506.JPG", taken_raw(1, "0000:00:00 00:00:00"));
  card_.Write("IMG_20210203_040506.JPG", taken_raw(2, "9999:12:31 23:59:59"));
  card_.Write("IMG_20220203_040506.JPG", taken_raw(3, "1700:01:01 00:00:00"));
  card_.Write("IMG_20230203_040506.JPG", taken_raw(4, "2023:02:31 25:61:61"));
  Import("layout={date}_{time}");
  EXPECT_THAT(NamesOf(library_), ElementsAre("20200203_040506.JPG", "20210203_040506.JPG",
                                             "20220203_040506.JPG", "20230203_040506.JPG"));
  const std::string events = photos_.EventTexts();
  EXPECT_THAT(events, HasSubstr("which is no date"));
  EXPECT_THAT(events, HasSubstr("which has not come yet"));
  EXPECT_THAT(events, HasSubstr("which is before the first photograph"));
  EXPECT_THAT(events, HasSubstr("2020-02-03 04:05:06 (file name)"));
}

TEST_F(LayoutOfImport, ThatCannotBeIsRefusedWhenTheItemIsAdded) {
  const std::pair<const char*, const char*> kBad[] = {
      {"layout={yaer}/{name}", "{yaer}"},
      {"layout=../{name}", ".."},
      {"layout=/{name}", "\"/\""},
      {"layout={year}/photo", "one name"},
      {"layout={year}\\{name}", "parted by"},
      {"layout={name:3}", "only {counter}"},
  };
  for (const auto& [layout, said] : kBad) {
    const ProgramResult result = photos_.TryAdd({"--direction", "add", "--set", layout});
    EXPECT_EQ(result.exit_code, 2) << layout << result;
    EXPECT_THAT(result.err, HasSubstr(said)) << layout;
    EXPECT_THAT(result.err, HasSubstr("layout")) << layout;
  }
  EXPECT_TRUE(photos_.stage.Json({"items"})["items"].empty());
}

}  // namespace
}  // namespace syncline::testing
