// What counts as a picture, and what is left alone; pictures that are broken come as they are.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/images_sync/photos.h"

namespace syncline::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// One for each way to hold a picture; those that take long to encode are in one test only.
constexpr PictureKind kKinds[] = {PictureKind::kJpeg, PictureKind::kPng,  PictureKind::kGif,
                                  PictureKind::kWebp, PictureKind::kTiff, PictureKind::kBmp,
                                  PictureKind::kHeic, PictureKind::kJxl,  PictureKind::kMov};

class PicturesOnCard : public ::testing::Test {
 protected:
  Photos photos_;
  Tree& card_ = photos_.card;
  Tree& library_ = photos_.library;
};

// Names that say nothing, so that only the content can tell.
class FormatsOnCard : public PicturesOnCard, public ::testing::WithParamInterface<int> {};
INSTANTIATE_TEST_SUITE_P(Part, FormatsOnCard, ::testing::Range(0, 3));

TEST_P(FormatsOnCard, AreTakenByTheirContent) {
  int number = 0;
  for (const PictureKind kind : AllPictureKinds()) {
    if (static_cast<int>(kind) % 3 != GetParam()) continue;
    // The same pixels in another container would be the same picture.
    card_.Write("encoded/" + std::to_string(number), PictureBytes(kind, number));
    ++number;
  }
  for (const RawKind kind : AllRawKinds()) {
    if (static_cast<int>(kind) % 3 != GetParam()) continue;
    card_.Write("raw/" + std::to_string(number), RawBytes(kind, number));
    ++number;
  }
  EXPECT_EQ(number, 9) << "of the 27 kinds";
  photos_.Import();
  EXPECT_EQ(photos_.Sync()["created"], number);
  ExpectSameFiles(card_, library_);
  photos_.ExpectStill();
}

TEST_F(PicturesOnCard, AreReportedWhenTheirNamesSayAnotherFormat) {
  card_.Write("photo.jpg", PictureBytes(PictureKind::kPng, 1));
  card_.Write("clip.heic", PictureBytes(PictureKind::kMp4, 1));
  card_.Write("good.JPG", Jpeg(1));
  photos_.Import();
  EXPECT_EQ(photos_.Sync()["created"], 3);
  const std::string events = photos_.EventTexts();
  EXPECT_THAT(events, HasSubstr("\"photo.jpg\" is PNG, which its name does not say"));
  EXPECT_THAT(events, HasSubstr("\"clip.heic\" is MP4"));
  EXPECT_EQ(events.find("\"good.JPG\" is"), std::string::npos) << events;
  photos_.Sync();
  EXPECT_EQ(photos_.EventTexts(), events) << "told again";
  ExpectSameFiles(card_, library_);
}

TEST_F(PicturesOnCard, AreAllThatIsTakenAndTheRestIsCounted) {
  card_.Write("IMG_1.JPG", Jpeg(1));
  card_.Write("readme.txt", "no picture");
  card_.Write("lonely.xmp", Xmp({"-XMP-xmp:Rating=1"}));
  card_.Write("archive.jpg", "no picture either, whatever its name says");
  card_.Write("empty.jpg", "");
  card_.Write(".trashed-IMG_2.JPG", Jpeg(2));
  card_.Write(".thumbnails/IMG_3.JPG", Jpeg(3));
  card_.Write("@eaDir/IMG_4.JPG", Jpeg(4));
  card_.Link("link.jpg", "IMG_1.JPG");
  photos_.Import();
  EXPECT_EQ(photos_.Sync()["created"], 1);
  EXPECT_THAT(NamesOf(library_), ElementsAre("IMG_1.JPG"));
  EXPECT_THAT(photos_.EventTexts(), HasSubstr("6 files are no pictures and are left alone."));
  photos_.ExpectStill();
}

TEST_F(PicturesOnCard, InAMirrorLeaveOtherFilesOfTheTargetAlone) {
  card_.Write("IMG_1.JPG", Jpeg(1));
  library_.Write("notes.txt", "mine");
  photos_.Add({"--direction", "mirror"});
  photos_.Sync();
  EXPECT_THAT(NamesOf(library_), ElementsAre("IMG_1.JPG", "notes.txt"));
  card_.Write("IMG_2.JPG", Jpeg(2));
  card_.Write("notes.txt", "another one");
  photos_.Sync();
  EXPECT_EQ(library_.Read("notes.txt"), "mine");
  photos_.ExpectStill();
}

TEST_F(PicturesOnCard, ThatAreCutShortComeAsTheyAreAndAreReported) {
  int number = 0;
  for (const PictureKind kind : kKinds) {
    const std::string& whole = PictureBytes(kind, 1);
    const std::string name = std::to_string(++number) + "." + ExtensionOf(kind);
    card_.Write("half/" + name, whole.substr(0, whole.size() / 2));
    card_.Write("head/" + name, whole.substr(0, 40));
  }
  for (const RawKind kind : AllRawKinds()) {
    const std::string whole = RawBytes(kind, 1);
    card_.Write("half/" + std::to_string(++number) + "." + ExtensionOf(kind),
                whole.substr(0, whole.size() / 2));
  }
  card_.Write("good.jpg", Jpeg(1));
  photos_.Import({"--set", "layout={year}/{folder}/{name}"});
  const nlohmann::json item = photos_.Sync();
  EXPECT_EQ(item["failed"], 0);
  // What has less than a format's mark is no picture, and no harm.
  EXPECT_GT(item["created"], 2 * number / 3);
  EXPECT_THAT(photos_.EventTexts(), HasSubstr("it is taken as it is"));
  const auto there = FilesOf(library_);
  for (const char* name : {"half/1.jpg", "half/2.png", "half/3.gif"}) {
    EXPECT_EQ(std::count_if(there.begin(), there.end(),
                            [&](const auto& file) { return file.second == card_.Read(name); }),
              1)
        << name;
  }
  photos_.ExpectStill();
}

TEST_F(PicturesOnCard, WithDamagedBytesNeverStopTheOthers) {
  int number = 0;
  for (const PictureKind kind : kKinds) {
    for (int part = 1; part <= 3; ++part) {
      std::string bytes = PictureBytes(kind, 1);
      const std::string noise = Noise(++number, 24);
      bytes.replace(bytes.size() * static_cast<size_t>(part) / 5, noise.size(), noise);
      card_.Write(std::to_string(number) + "." + ExtensionOf(kind), bytes);
    }
  }
  photos_.Import({"--set", "layout={year}/{name}"});
  EXPECT_EQ(photos_.Sync()["failed"], 0);
  std::set<std::string> there;
  for (const auto& [path, content] : FilesOf(library_)) there.insert(content);
  EXPECT_GT(there.size(), static_cast<size_t>(number * 9 / 10));
  photos_.ExpectStill();
}

TEST_F(PicturesOnCard, WithAbsurdMetadataAreFiledByTheNextBestDate) {
  std::string jpeg = JpegTaken(1, "2020:01:02 03:04:05");
  const std::string date = "2020:01:02 03:04:05";
  jpeg.replace(jpeg.find(date), date.size(), "\xFF\xD9 \n\t../../etc\x01\x02\x03\x04\x05\x06");
  card_.Write("IMG_20210203_040506.jpg", jpeg);
  // The offset of the Exif directory points behind the end of the file.
  std::string loop = JpegTaken(2, date);
  loop.replace(loop.find("Exif") + 10, 4, "\xFF\xFF\xFF\x7F");
  card_.Write("IMG_20210203_040507.jpg", loop);
  card_.Write("IMG_20210203_040508.jpg", Jpeg(3));
  card_.Write("IMG_20210203_040508.xmp",
              "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='nonsense'><a><b><c>");
  card_.Write("IMG_20210203_040509.jpg",
              Tagged(Jpeg(4), "jpg", {"-XMP-dc:Description=" + std::string(50'000, 'x')}));
  photos_.Import({"--set", "layout={date}_{time}"});
  EXPECT_EQ(photos_.Sync()["created"], 4);
  EXPECT_THAT(NamesOf(library_),
              ElementsAre("20210203_040506.jpg", "20210203_040507.jpg", "20210203_040508.jpg",
                          "20210203_040508.xmp", "20210203_040509.jpg"));
  photos_.ExpectAllInLibrary();
  EXPECT_THAT(photos_.EventTexts(), HasSubstr("which is no date"));
  photos_.ExpectStill();
}

TEST_F(PicturesOnCard, WithNamesOfAnyBytesComeAsTheyAre) {
  card_.Write("Fotos & Bilder/Ärger \"1\" 'x'.JPG", Jpeg(1));
  card_.Write("caf\xE9.jpg", Jpeg(2));
  card_.Write("line\nbreak.jpg", Jpeg(3));
  card_.Write("no extension", Jpeg(4));
  card_.Write("two.dots.in.it.jpg", Jpeg(5));
  card_.Write("two.dots.in.it.xmp", Xmp({"-XMP-xmp:Rating=1"}));
  card_.Write(std::string(240, 'n') + ".jpg", Jpeg(6));
  photos_.Import();
  EXPECT_EQ(photos_.Sync()["created"], 6);
  ExpectSameFiles(card_, library_);
  photos_.ExpectStill();
}

}  // namespace
}  // namespace syncline::testing
