// Two-way items of pictures: edits, moves and deletes on both sides, and conflicts that a person
// decides by looking at them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/images_sync/photos.h"

namespace syncline::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class ImageConflict : public ::testing::Test {
 protected:
  // A unit and another picture in step.
  void Start(const Words& more = {}) {
    card_.Write("day/IMG_1.JPG", Jpeg(1));
    card_.Write("day/IMG_1.DNG", RawBytes(RawKind::kDng, 1));
    card_.Write("day/IMG_2.JPG", Jpeg(2));
    photos_.Add(more);
    photos_.Sync();
  }
  int Resolve(const std::string& keep) {
    const ProgramResult result =
        photos_.stage.Run({"resolve", photos_.OnlyConflict(), "--keep", keep});
    EXPECT_EQ(result.exit_code, 0) << result;
    EXPECT_TRUE(photos_.stage.Conflicts().empty());
    return result.exit_code;
  }

  Photos photos_;
  Tree& card_ = photos_.card;
  Tree& library_ = photos_.library;
};

TEST_F(ImageConflict, ShowsWhatAPersonNeedsToDecide) {
  TempDir temp;
  RunTool("imagemagick", {"convert", "-size", "32x24", "xc:red", "-strip", temp / "small.jpg"});
  Start();
  card_.Write("day/IMG_2.JPG",
              Tagged(Jpeg(21), "jpg",
                     {"-DateTimeOriginal=2020:01:02 03:04:05", "-OffsetTimeOriginal=+02:00",
                      "-Make=Canon", "-Model=Canon EOS R5", "-XMP-dc:Title=Sunset", "-Rating=4",
                      "-ThumbnailImage<=" + temp / "small.jpg"}));
  library_.Write("day/IMG_2.JPG", Jpeg(22));
  EXPECT_EQ(photos_.Sync(3)["conflicts"], 1);
  const nlohmann::json shown = photos_.stage.Conflicts()[0];
  EXPECT_EQ(shown["kind"], "edit-edit");
  EXPECT_EQ(shown["record"], "day/IMG_2.JPG");
  EXPECT_EQ(shown["a"]["title"], "Sunset");
  const nlohmann::json& fields = shown["a"]["fields"];
  EXPECT_EQ(fields["taken"], "2020-01-02 03:04:05 +02:00") << fields.dump(2);
  EXPECT_EQ(fields["date from"], "Exif DateTimeOriginal");
  EXPECT_EQ(fields["camera"], "Canon EOS R5");
  EXPECT_EQ(fields["pixels"], "64 x 48");
  EXPECT_EQ(fields["rating"], "4");
  EXPECT_EQ(fields["files"], "IMG_2.JPG");
  EXPECT_THAT(fields["thumbnail"].get<std::string>(), StartsWith("data:image/jpeg;base64,/9j/"));
  EXPECT_EQ(shown["b"]["title"], "day/IMG_2.JPG");
  EXPECT_EQ(shown["b"]["fields"]["date from"], "file time");
  EXPECT_FALSE(shown["b"]["fields"].contains("thumbnail"));
  const std::string table = photos_.stage.Run({"conflicts"}).out;
  EXPECT_THAT(table, HasSubstr("Canon EOS R5"));
  EXPECT_EQ(table.find("base64"), std::string::npos) << "nobody reads that:\n" << table;
}

class DecidedConflict : public ImageConflict, public ::testing::WithParamInterface<const char*> {};
INSTANTIATE_TEST_SUITE_P(Keep, DecidedConflict, ::testing::Values("a", "b", "both"),
                         [](const auto& one) { return std::string(one.param); });

TEST_P(DecidedConflict, OfTwoEditsOfAUnit) {
  const std::string keep = GetParam();
  Start();
  card_.Write("day/IMG_1.JPG", Jpeg(11));
  library_.Write("day/IMG_1.JPG", Jpeg(12));
  library_.Write("day/IMG_1.xmp", Xmp({"-XMP-xmp:Rating=5"}));
  EXPECT_EQ(photos_.Sync(3)["conflicts"], 1);
  EXPECT_EQ(card_.Read("day/IMG_1.JPG"), Jpeg(11)) << "a conflict was not left alone";
  EXPECT_EQ(library_.Read("day/IMG_1.JPG"), Jpeg(12));
  Resolve(keep);
  ExpectSameFiles(card_, library_);
  std::set<std::string> contents;
  for (const auto& [path, content] : FilesOf(card_)) contents.insert(content);
  EXPECT_EQ(contents.contains(Jpeg(11)), keep != "b");
  EXPECT_EQ(contents.contains(Jpeg(12)), keep != "a");
  // Both: a unit of two files and one of three beside it, each with its raw.
  EXPECT_EQ(NamesOf(card_).size(), keep == "a" ? 3u : keep == "b" ? 4u : 6u);
  photos_.ExpectStill();
}

TEST_P(DecidedConflict, OfTwoEditsWhereEachSideHasItsOwnPlaces) {
  const std::string keep = GetParam();
  Start({"--set", "layout=sorted/{name}"});
  card_.Write("day/IMG_1.JPG", Jpeg(11));
  library_.Write("sorted/IMG_1.JPG", Jpeg(12));
  EXPECT_EQ(photos_.Sync(3)["conflicts"], 1);
  Resolve(keep);
  for (const Tree* side : {&card_, &library_}) {
    std::set<std::string> contents;
    for (const auto& [path, content] : FilesOf(*side)) contents.insert(content);
    EXPECT_EQ(contents.contains(Jpeg(11)), keep != "b");
    EXPECT_EQ(contents.contains(Jpeg(12)), keep != "a");
    EXPECT_EQ(NamesOf(*side).size(), keep == "both" ? 5u : 3u);
  }
  photos_.ExpectStill();
}

TEST_P(DecidedConflict, OfAnEditAgainstADelete) {
  const std::string keep = GetParam();
  if (keep == "both") GTEST_SKIP() << "one of the two is nothing";
  Start();
  card_.Write("day/IMG_1.JPG", Jpeg(11));
  library_.Remove("day/IMG_1.JPG");
  library_.Remove("day/IMG_1.DNG");
  EXPECT_EQ(photos_.Sync(3)["conflicts"], 1);
  EXPECT_EQ(card_.Read("day/IMG_1.JPG"), Jpeg(11));
  Resolve(keep);
  ExpectSameFiles(card_, library_);
  EXPECT_EQ(NamesOf(card_).size(), keep == "a" ? 3u : 1u);
  photos_.ExpectStill();
}

TEST_P(DecidedConflict, OfTwoNewUnitsUnderOneName) {
  const std::string keep = GetParam();
  Start();
  card_.Write("new/IMG_3.JPG", Jpeg(31));
  library_.Write("new/IMG_3.JPG", Jpeg(32));
  library_.Write("new/IMG_3.AAE", Aae(1));
  EXPECT_EQ(photos_.Sync(3)["conflicts"], 1);
  Resolve(keep);
  ExpectSameFiles(card_, library_);
  EXPECT_EQ(NamesOf(card_).size(), keep == "a" ? 4u : keep == "b" ? 5u : 6u);
  photos_.ExpectStill();
}

class PolicyOfConflict : public ImageConflict, public ::testing::WithParamInterface<const char*> {};
INSTANTIATE_TEST_SUITE_P(Of, PolicyOfConflict, ::testing::Values("a", "b", "newer", "both"),
                         [](const auto& one) { return std::string(one.param); });

TEST_P(PolicyOfConflict, DecidesAboutWholeUnits) {
  const std::string policy = GetParam();
  Start({"--conflict", policy});
  card_.Write("day/IMG_1.JPG", Jpeg(11));
  library_.Write("day/IMG_1.JPG", Jpeg(12));
  library_.Write("day/IMG_1.DNG", RawBytes(RawKind::kDng, 12));
  library_.SetMtime("day/IMG_1.JPG", card_.Mtime("day/IMG_1.JPG") + 10'000'000'000);
  photos_.SyncAlike();
  if (policy == "both") {
    EXPECT_EQ(NamesOf(card_).size(), 5u);
    return;
  }
  const int kept = policy == "a" ? 11 : 12;
  EXPECT_EQ(card_.Read("day/IMG_1.JPG"), Jpeg(kept));
  EXPECT_EQ(card_.Read("day/IMG_1.DNG"), RawBytes(RawKind::kDng, policy == "a" ? 1 : 12));
}

TEST_F(ImageConflict, OfTheSameNewPictureIsNone) {
  Start();
  card_.Write("new/IMG_3.JPG", Jpeg(31));
  library_.Write("new/IMG_3.JPG", Jpeg(31));
  EXPECT_EQ(photos_.Sync()["adopted"], 1);
  photos_.ExpectStill();
}

TEST_F(ImageConflict, OfARenameAndAnEditIsNone) {
  Start();
  card_.Move("day/IMG_1.JPG", "best/Sunset.JPG");
  card_.Move("day/IMG_1.DNG", "best/Sunset.DNG");
  library_.Write("day/IMG_1.JPG", Jpeg(11));
  photos_.SyncAlike();
  EXPECT_EQ(card_.Read("best/Sunset.JPG"), Jpeg(11));
  EXPECT_EQ(NamesOf(card_).size(), 3u);
}

// Each side has places of its own: what is renamed on one is not on the other.
TEST_F(ImageConflict, WithALayoutEachSideKeepsItsPlaces) {
  Start({"--set", "layout=sorted/{name}"});
  EXPECT_THAT(NamesOf(library_),
              ElementsAre("sorted/IMG_1.DNG", "sorted/IMG_1.JPG", "sorted/IMG_2.JPG"));
  photos_.ExpectStill();
  library_.Move("sorted", "album");
  photos_.ExpectStill();
  EXPECT_TRUE(card_.Exists("day/IMG_1.DNG"));
  // Edits find their way, also those that make another picture of it.
  card_.Write("day/IMG_2.JPG", Jpeg(22));
  EXPECT_EQ(photos_.Sync()["updated"], 1);
  EXPECT_EQ(library_.Read("album/IMG_2.JPG"), Jpeg(22));
  library_.Write("album/IMG_1.JPG", Jpeg(11));
  EXPECT_EQ(photos_.Sync()["updated"], 1);
  EXPECT_EQ(card_.Read("day/IMG_1.JPG"), Jpeg(11));
  photos_.ExpectStill();
  // Renamed and edited at once.
  card_.Move("day/IMG_2.JPG", "day/Lake.JPG");
  card_.Write("day/Lake.JPG", Jpeg(23));
  photos_.Sync();
  std::set<std::string> contents;
  for (const auto& [path, content] : FilesOf(library_)) contents.insert(content);
  EXPECT_TRUE(contents.contains(Jpeg(23)));
  EXPECT_EQ(contents.size(), 3u) << ::testing::PrintToString(NamesOf(library_));
  for (const std::string& name : NamesOf(library_)) {
    EXPECT_EQ(name.find("jpeg-"), std::string::npos) << name;
  }
  photos_.ExpectStill();
  // New on the other side, and deleted there.
  library_.Write("album/IMG_4.JPG", Jpeg(4));
  EXPECT_EQ(photos_.Sync()["created"], 1);
  EXPECT_TRUE(card_.Exists("album/IMG_4.JPG"));
  library_.Remove("album/IMG_4.JPG");
  EXPECT_EQ(photos_.Sync()["removed"], 1);
  EXPECT_FALSE(card_.Exists("album/IMG_4.JPG"));
  photos_.ExpectStill();
}

TEST_F(ImageConflict, InAMirrorIsDecidedByTheFirstSide) {
  Start({"--direction", "mirror"});
  card_.Write("day/IMG_1.JPG", Jpeg(11));
  library_.Write("day/IMG_1.JPG", Jpeg(12));
  library_.Write("day/IMG_5.JPG", Jpeg(5));
  library_.Remove("day/IMG_2.JPG");
  photos_.Sync();
  EXPECT_EQ(library_.Read("day/IMG_1.JPG"), Jpeg(11));
  EXPECT_TRUE(library_.Exists("day/IMG_2.JPG"));
  photos_.ExpectNothingLeftOver();
}

}  // namespace
}  // namespace syncline::testing
