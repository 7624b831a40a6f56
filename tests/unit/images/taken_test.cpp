#include "plugins/images/taken.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "plugins/images/date_text.h"

namespace syncline::images {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const absl::Time kNow = absl::FromCivil(absl::CivilSecond(2026, 5, 4, 12), absl::UTCTimeZone());
constexpr int64_t kFileTime = 1'700'000'000'123'000'000;  // 2023-11-14 22:13:20.123

FoundDate Found(DateSource source, absl::CivilSecond local) {
  FoundDate date;
  date.source = source;
  date.local = local;
  return date;
}

Taken Choose(const std::vector<FoundDate>& found, std::string_view name = "IMG_1234.JPG") {
  return ChooseTaken(found, {}, name, kFileTime, kNow);
}

TEST(Taken, TheSourcesGoInTheirOrder) {
  std::vector<FoundDate> found;
  std::vector<DateSource> chosen;
  const std::string name = "IMG_20200101_000000.jpg";
  for (const DateSource source : {DateSource::kQuickTime, DateSource::kXmp, DateSource::kExifCreate,
                                  DateSource::kGps, DateSource::kExifOriginal}) {
    chosen.push_back(Choose(found, name).source);
    found.push_back(Found(source, absl::CivilSecond(2021, 1, 1)));
  }
  chosen.push_back(Choose(found, name).source);
  EXPECT_THAT(chosen,
              ElementsAre(DateSource::kFileName, DateSource::kQuickTime, DateSource::kXmp,
                          DateSource::kExifCreate, DateSource::kGps, DateSource::kExifOriginal));
}

TEST(Taken, WithoutAnythingElseTheFileTimeCounts) {
  const Taken taken = Choose({});
  EXPECT_EQ(taken.source, DateSource::kFileTime);
  EXPECT_EQ(taken.local, absl::CivilSecond(2023, 11, 14, 22, 13, 20));
  EXPECT_EQ(taken.nanos, 123'000'000);
  EXPECT_EQ(taken.utc_offset_minutes, 0);
  EXPECT_THAT(taken.rejected, IsEmpty());
}

TEST(Taken, AFileTimeBefore1970HasItsFractionAfterTheSecond) {
  const Taken taken = ChooseTaken({}, {}, "a.jpg", -1, kNow);
  EXPECT_EQ(taken.local, absl::CivilSecond(1969, 12, 31, 23, 59, 59));
  EXPECT_EQ(taken.nanos, 999'999'999);
}

TEST(Taken, ADateBeforePhotographyOrAfterTomorrowIsPassedOverAndTold) {
  const Taken taken = Choose({Found(DateSource::kExifOriginal, absl::CivilSecond(1, 1, 1)),
                              Found(DateSource::kGps, absl::CivilSecond(1825, 12, 31, 23, 59, 59)),
                              Found(DateSource::kExifCreate, absl::CivilSecond(2099, 1, 1)),
                              Found(DateSource::kXmp, absl::CivilSecond(2026, 5, 5, 12, 0, 1)),
                              Found(DateSource::kQuickTime, absl::CivilSecond(1826, 1, 1))});
  EXPECT_EQ(taken.source, DateSource::kQuickTime);
  EXPECT_THAT(
      taken.rejected,
      ElementsAre("Exif DateTimeOriginal says 0001-01-01 00:00:00, which is before the first "
                  "photograph",
                  "GPS date says 1825-12-31 23:59:59, which is before the first photograph",
                  "Exif CreateDate says 2099-01-01 00:00:00, which has not come yet",
                  "XMP date says 2026-05-05 12:00:01, which has not come yet"));
  EXPECT_EQ(Choose({Found(DateSource::kXmp, absl::CivilSecond(2026, 5, 5, 12))}).source,
            DateSource::kXmp)
      << "a day after now is for clocks and zones";
}

TEST(Taken, WhatReadingRejectedStandsFirst) {
  const Taken taken = ChooseTaken({Found(DateSource::kGps, absl::CivilSecond(2099, 1, 1))},
                                  {"Exif DateTimeOriginal says nonsense"}, "", kFileTime, kNow);
  ASSERT_EQ(taken.rejected.size(), 2u);
  EXPECT_EQ(taken.rejected[0], "Exif DateTimeOriginal says nonsense");
}

TEST(Taken, AUtcTimeBecomesLocalByTheOffsetThatAnotherDateHas) {
  FoundDate gps = Found(DateSource::kGps, absl::CivilSecond(2023, 1, 2, 23, 30));
  gps.utc = true;
  FoundDate xmp = Found(DateSource::kXmp, absl::CivilSecond(2023, 1, 3, 1, 30));
  xmp.utc_offset_minutes = 120;
  const Taken taken = Choose({xmp, gps});
  EXPECT_EQ(taken.source, DateSource::kGps);
  EXPECT_EQ(taken.local, absl::CivilSecond(2023, 1, 3, 1, 30));
  EXPECT_EQ(taken.utc_offset_minutes, 120);
}

TEST(Taken, TheOffsetOfAnEditYearsLaterIsNotTheOneOfThePlace) {
  FoundDate gps = Found(DateSource::kGps, absl::CivilSecond(2023, 1, 2, 23, 30));
  gps.utc = true;
  FoundDate xmp = Found(DateSource::kXmp, absl::CivilSecond(2025, 1, 3, 1, 30));
  xmp.utc_offset_minutes = 120;
  const Taken taken = Choose({xmp, gps});
  EXPECT_EQ(taken.local, absl::CivilSecond(2023, 1, 2, 23, 30));
  EXPECT_EQ(taken.utc_offset_minutes, 0);
}

TEST(Taken, AUtcTimeStaysUtcWhenNobodyKnowsTheZone) {
  const Taken taken = Choose({}, "PXL_20230102_030405123.jpg");
  EXPECT_EQ(taken.source, DateSource::kFileName);
  EXPECT_EQ(taken.local, absl::CivilSecond(2023, 1, 2, 3, 4, 5));
  EXPECT_EQ(taken.nanos, 123'000'000);
  EXPECT_EQ(taken.utc_offset_minutes, 0);
}

TEST(Taken, ALocalTimeWithoutOffsetHasNone) {
  EXPECT_EQ(
      Choose({Found(DateSource::kExifOriginal, absl::CivilSecond(2023, 1, 2))}).utc_offset_minutes,
      std::nullopt);
}

TEST(Taken, AnAbsurdDateInTheNameGivesWayToTheFileTime) {
  const Taken taken = Choose({}, "IMG_20990102_030405.jpg");
  EXPECT_EQ(taken.source, DateSource::kFileTime);
  EXPECT_THAT(taken.rejected,
              ElementsAre("file name says 2099-01-02 03:04:05, which has not come yet"));
}

TEST(DateText, TheFormsOfWriters) {
  const auto is = [](std::string_view text, absl::CivilSecond local, std::optional<int> offset,
                     int32_t nanos = 0) {
    const auto date = ParseDateText(text);
    ASSERT_TRUE(date.has_value()) << text;
    EXPECT_EQ(date->local, local) << text;
    EXPECT_EQ(date->utc_offset_minutes, offset) << text;
    EXPECT_EQ(date->nanos, nanos) << text;
  };
  const absl::CivilSecond moment(2023, 1, 2, 3, 4, 5);
  is("2023:01:02 03:04:05", moment, std::nullopt);
  is(std::string_view("2023:01:02 03:04:05\0\0", 21), moment, std::nullopt);
  is("2023-01-02T03:04:05", moment, std::nullopt);
  is("2023-01-02T03:04:05Z", moment, 0);
  is("2023-01-02T03:04:05+0200", moment, 120);
  is("2023-01-02T03:04:05.25-05:30", moment, -330, 250'000'000);
  is("2023:01:02 03:04:05.123456789123", moment, std::nullopt, 123'456'789);
  is("2023-01-02T03:04", absl::CivilSecond(2023, 1, 2, 3, 4), std::nullopt);
  is("2023:06:30 23:59:60", absl::CivilSecond(2023, 6, 30, 23, 59, 59), std::nullopt);
  EXPECT_TRUE(ParseDateText("2023-01-02")->day_only);
}

TEST(DateText, WhatIsNoDate) {
  for (const char* text :
       {"", "    :  :     :  :  ", "0000:00:00 00:00:00", "2023:13:01 00:00:00",
        "2023:02:30 00:00:00", "2023:01:02 24:00:00", "2023:01:02 03:60:05", "2023", "2023-01",
        "yesterday", "2023:01:02 03:04:05 and more", "2023:01:02 03:04:05+25:00", "2023-1-2 3:4:5",
        "2023:01:02  3: 4: 5", "-023:01:02 03:04:05", "20230102"}) {
    EXPECT_FALSE(ParseDateText(text).has_value()) << text;
  }
}

TEST(DateText, OffsetsAreThoseOfPlacesOnEarth) {
  EXPECT_EQ(ParseOffset("+14:00"), 840);
  EXPECT_EQ(ParseOffset("-12:00"), -720);
  EXPECT_EQ(ParseOffset("+05:45"), 345);
  EXPECT_EQ(ParseOffset("+02"), 120);
  EXPECT_EQ(ParseOffset(std::string_view("+02:00\0", 7)), 120);
  for (const char* text : {"", "+14:15", "-12:30", "02:00", "+2:00", "+02:60", "+02:0", "   :  "}) {
    EXPECT_EQ(ParseOffset(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace syncline::images
