#include "plugins/images/name_dates.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "absl/strings/str_format.h"

namespace syncline::images {
namespace {

const absl::CivilSecond kMoment(2023, 1, 2, 3, 4, 5);

struct Named {
  const char* name;
  bool utc = false;
  int millis = 0;
};

class MakersName : public testing::TestWithParam<Named> {};

TEST_P(MakersName, HasTheSecond) {
  const auto date = DateInName(GetParam().name);
  ASSERT_TRUE(date.has_value()) << GetParam().name;
  EXPECT_EQ(date->source, DateSource::kFileName);
  EXPECT_EQ(date->local, kMoment);
  EXPECT_EQ(date->utc, GetParam().utc);
  EXPECT_EQ(date->nanos, GetParam().millis * 1'000'000);
  EXPECT_FALSE(date->day_only);
}

INSTANTIATE_TEST_SUITE_P(
    NameDates, MakersName,
    testing::Values(
        Named{"PXL_20230102_030405123.jpg", true, 123},
        Named{"PXL_20230102_030405123.PORTRAIT-01.COVER.jpg", true, 123},
        Named{"PXL_20230102_030405123~2.jpg", true, 123},
        Named{"IMG_20230102_030405123.jpg", false, 123}, Named{"IMG_20230102_030405.jpg"},
        Named{"IMG_20230102_030405_HDR.jpg"}, Named{"img_20230102_030405.JPG"},
        Named{"IMG_20230102_030405_00_007.insp"}, Named{"VID_20230102_030405.mp4"},
        Named{"MVIMG_20230102_030405.jpg"}, Named{"PANO_20230102_030405.vr.jpg"},
        Named{"BURST20230102030405.jpg"}, Named{"20230102_030405.jpg"},
        Named{"20230102_030405(0).jpg"}, Named{"20230102-030405"},
        Named{"WhatsApp Image 2023-01-02 at 03.04.05.jpeg"},
        Named{"WhatsApp Image 2023-01-02 at 3.04.05 AM (1).jpeg"},
        Named{"DJI_20230102030405_0001_D.JPG"}, Named{"DJI_20230102_030405_12_photo.JPG"},
        Named{"WP_20230102_03_04_05_Pro.jpg"}, Named{"WIN_20230102_03_04_05_Pro.mp4"},
        Named{"Screenshot_20230102-030405.png"}, Named{"Screenshot_20230102_030405_Chrome.jpg"},
        Named{"Screenshot_2023-01-02-03-04-05-678_com.app.png"},
        Named{"Screenshot 2023-01-02 at 03.04.05.png"},
        Named{"Screen Shot 2023-01-02 at 3.04.05 AM.png"},
        Named{"Screenshot from 2023-01-02 03-04-05.png"}, Named{"signal-2023-01-02-030405.jpeg"},
        Named{"signal-2023-01-02-030405_002.jpeg"},
        Named{"signal-2023-01-02-03-04-05-123.jpg", false, 123},
        Named{"photo_2023-01-02_03-04-05.jpg"}, Named{"video_2023-01-02_03-04-05.mp4"},
        Named{"mmexport1672628645123.jpg", true, 123}, Named{"FB_IMG_1672628645000.jpg", true},
        Named{"C360_2023-01-02-03-04-05-123.jpg", false, 123}, Named{"2023_0102_030405_001.MP4"},
        Named{"2023-01-02 03.04.05.jpg"}, Named{"2023-01-02 03.04.05"},
        Named{"2023-01-02 03.04.05-1.jpg"}, Named{"2023-01-02_03-04-05.jpg"},
        Named{"2023-01-02-03-04-05.jpg"}, Named{"2023-01-02 03-04-05.jpg"},
        Named{"2023-01-02_030405.jpg"}));

TEST(NameDates, TheAfternoonIsTwelveHoursLater) {
  EXPECT_EQ(DateInName("WhatsApp Image 2023-01-02 at 3.04.05 PM.jpeg")->local, kMoment + 12 * 3600);
  EXPECT_EQ(DateInName("Screen Shot 2023-01-02 at 12.04.05 AM.png")->local.hour(), 0);
  EXPECT_EQ(DateInName("Screen Shot 2023-01-02 at 12.04.05 PM.png")->local.hour(), 12);
}

TEST(NameDates, ANameWithADayOnlySaysSo) {
  for (const char* name : {"IMG-20230102-WA0001.jpg", "VID-20230102-WA0012.mp4", "2023-01-02.jpg",
                           "2023-01-02 Birthday.jpg"}) {
    const auto date = DateInName(name);
    ASSERT_TRUE(date.has_value()) << name;
    EXPECT_EQ(date->local, absl::CivilSecond(2023, 1, 2)) << name;
    EXPECT_TRUE(date->day_only) << name;
  }
}

TEST(NameDates, ANumberIsNoDate) {
  for (const char* name :
       {"", "IMG_1234.JPG", "IMG_E1234.HEIC", "DSC00001.ARW", "DSC_0001.NEF", "_MG_1234.CR2",
        "GOPR0123.MP4", "GX010123.MP4", "DJI_0001.JPG", "P1000123.RW2", "C0001.MP4", "100_0001.jpg",
        "20230102.jpg", "12345678901234.jpg", "holiday.jpg", "mmexport167262.jpg",
        "IMG_20230102.jpg", "2023-01-021.jpg", "mmexport16726286451234.jpg"}) {
    EXPECT_FALSE(DateInName(name).has_value()) << name;
  }
}

TEST(NameDates, ADayThatTheCalendarDoesNotHaveIsNoDate) {
  for (const char* name :
       {"IMG_20231345_030405.jpg", "IMG_20230230_030405.jpg", "IMG_00000000_000000.jpg",
        "20230102_240000.jpg", "20230102_036005.jpg", "2023-02-29.jpg", "IMG-20230100-WA0001.jpg",
        "WhatsApp Image 2023-01-02 at 13.04.05 PM.jpeg"}) {
    const auto date = DateInName(name);
    // A good day with a bad time is still no date: the digits are something else then.
    EXPECT_FALSE(date.has_value() && !date->day_only && date->local == kMoment) << name;
    EXPECT_FALSE(date.has_value() && date->local.year() == 0) << name;
  }
  EXPECT_FALSE(DateInName("IMG_20231345_030405.jpg").has_value());
  EXPECT_FALSE(DateInName("20230102_240000.jpg").has_value());
}

RC_GTEST_PROP(NameDates, AnySecondIsReadAsItWasWritten, ()) {
  const absl::CivilSecond second =
      absl::CivilSecond(1900, 1, 1) + *rc::gen::inRange<int64_t>(0, 10'000'000'000);
  const std::string name =
      absl::StrFormat("IMG_%04d%02d%02d_%02d%02d%02d.jpg", second.year(), second.month(),
                      second.day(), second.hour(), second.minute(), second.second());
  RC_ASSERT(DateInName(name).has_value());
  RC_ASSERT(DateInName(name)->local == second);
}

RC_GTEST_PROP(NameDates, AnyNameIsTaken, (const std::string& name)) {
  const auto date = DateInName(name);
  RC_ASSERT(!date || date->source == DateSource::kFileName);
}

}  // namespace
}  // namespace syncline::images
