// A card and a library through the command line, with pictures that tests make in one line each.
//
//   Photos photos;
//   photos.card.Write("DCIM/IMG_0001.JPG", Jpeg(1));
//   photos.Import({"--set", "layout={year}/{name}"});    // the item Work, card to library
//   EXPECT_EQ(photos.Sync()["created"], 1);
//   photos.ExpectAllInLibrary();
#ifndef SYNCLINE_TESTS_INTEGRATION_IMAGES_SYNC_PHOTOS_H_
#define SYNCLINE_TESTS_INTEGRATION_IMAGES_SYNC_PHOTOS_H_

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/support/pictures.h"
#include "tests/support/raw_pictures.h"
#include "tests/support/stage.h"

namespace syncline::testing {

// JPEGs without metadata. Another number gives other pixels: some bytes of what the encoder wrote
// for the picture are others, so that a thousand cost nothing.
inline std::string Jpeg(int number) {
  std::string bytes = PictureBytes(PictureKind::kJpeg, 1);
  // Far behind the head and before the end; without the byte that begins a marker.
  size_t at = bytes.size() * 3 / 4;
  for (unsigned rest = static_cast<unsigned>(number); rest != 0; rest /= 100) {
    bytes[at] = bytes[at - 1] = '\0';  // behind an 0xFF a 0 belongs to the data
    bytes[at + 1] = static_cast<char>(1 + rest % 100);
    at += 3;
  }
  bytes[at] = '\0';
  return bytes;
}

// The bytes with what exiftool writes into a file of that extension.
inline std::string Tagged(const std::string& bytes, const std::string& extension,
                          const Words& tags) {
  TempDir temp;
  const std::string name = "picture." + extension;
  Tree(temp.path()).Write(name, bytes);
  Tag(temp / name, tags);
  return Tree(temp.path()).Read(name);
}
inline std::string JpegTaken(int number, const std::string& date) {
  return Tagged(Jpeg(number), "jpg", {"-DateTimeOriginal=" + date});
}

// A sidecar as exiftool writes it.
inline std::string Xmp(const Words& tags) {
  TempDir temp;
  Words argv = {"exiftool"};
  argv.insert(argv.end(), tags.begin(), tags.end());
  argv.push_back(temp / "sidecar.xmp");
  RunTool("libimage-exiftool-perl", argv);
  return Tree(temp.path()).Read("sidecar.xmp");
}

// What iOS writes beside a picture that was edited.
inline std::string Aae(int number) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<plist version=\"1.0\"><dict>"
         "<key>adjustmentBaseVersion</key><integer>" +
         std::to_string(number) + "</integer></dict></plist>\n";
}

inline std::vector<std::string> NamesOf(const Tree& tree) {
  std::vector<std::string> names;
  for (const auto& [path, line] : Snapshot(tree.root(), {.content = false})) {
    if (line.starts_with("file")) names.push_back(path);
  }
  return names;
}
// Path -> content, of the files of a side.
inline std::map<std::string, std::string> FilesOf(const Tree& tree) {
  std::map<std::string, std::string> files;
  for (const std::string& name : NamesOf(tree)) files[name] = tree.Read(name);
  return files;
}
// Paths and contents as the tests compare both sides. Folders have no part in it.
inline void ExpectSameFiles(const Tree& a, const Tree& b) {
  EXPECT_EQ(NamesOf(a), NamesOf(b));
  EXPECT_TRUE(FilesOf(a) == FilesOf(b)) << "contents differ";
}

class Photos {
 public:
  Photos() : card(stage.a), library(stage.b) {}

  ProgramResult TryAdd(const Words& more = {}) const {
    Words words = {"add", "images", "--name", "Work", card.root(), library.root()};
    words.insert(words.end(), more.begin(), more.end());
    return stage.Run(words);
  }
  // Two folders alike, unless more says otherwise.
  void Add(Words more = {}) const {
    if (std::find(more.begin(), more.end(), "--direction") == more.end()) {
      more.insert(more.end(), {"--direction", "two-way"});
    }
    const ProgramResult added = TryAdd(more);
    ASSERT_EQ(added.exit_code, 0) << added;
  }
  // Card to library.
  void Import(Words more = {}) const {
    more.insert(more.begin(), {"--direction", "add"});
    Add(more);
  }
  nlohmann::json Sync(int exit_code = 0, const Words& more = {}) const {
    nlohmann::json item = stage.Sync(exit_code, more);
    if (::testing::Test::HasFailure()) std::cerr << item.dump() << "\n" << EventTexts();
    return item;
  }
  // Syncs, expects both sides equal, and a further sync that does nothing.
  nlohmann::json SyncAlike() const {
    nlohmann::json item = Sync();
    ExpectSameFiles(card, library);
    ExpectStill();
    return item;
  }
  // A sync changes nothing on either side.
  void ExpectStill(int exit_code = 0) const {
    const auto before_a = Snapshot(card.root());
    const auto before_b = Snapshot(library.root());
    ExpectNothingDone(Sync(exit_code));
    EXPECT_EQ(Snapshot(card.root()), before_a);
    EXPECT_EQ(Snapshot(library.root()), before_b);
  }
  // Every file of the card stands in the library, byte for byte, but for those named.
  void ExpectAllInLibrary(const std::set<std::string>& without = {}) const {
    std::set<std::string> there;
    for (const auto& [path, content] : FilesOf(library)) there.insert(content);
    for (const auto& [path, content] : FilesOf(card)) {
      EXPECT_EQ(there.contains(content), !without.contains(path)) << path;
    }
  }
  // What a sync works with is gone again, whatever ended it.
  void ExpectNothingLeftOver() const {
    for (const Tree* tree : {&card, &library}) {
      for (const std::string& name : NamesOf(*tree)) {
        EXPECT_EQ(name.find(".syncline"), std::string::npos) << name;
        EXPECT_EQ(name.find("recovered"), std::string::npos) << name;
      }
    }
  }
  // The texts of all events, one a line, oldest first.
  std::string EventTexts() const {
    std::string texts;
    for (const auto& event : stage.Events()) {
      texts = event["record"].get<std::string>() + ": " + event["text"].get<std::string>() + "\n" +
              texts;
    }
    return texts;
  }
  std::string OnlyConflict() const {
    const nlohmann::json conflicts = stage.Conflicts();
    EXPECT_EQ(conflicts.size(), 1u) << conflicts.dump(2);
    return conflicts.empty() ? "0" : std::to_string(conflicts[0]["id"].get<int>());
  }

  Stage stage;
  Tree& card;
  Tree& library;
};

// Path -> what exiftool reads of the tag, of all files of a side that have it.
inline std::map<std::string, std::string> TagsIn(const Tree& tree, const std::string& tag) {
  const nlohmann::json read = nlohmann::json::parse(
      RunTool("libimage-exiftool-perl", {"exiftool", "-q", "-r", "-json", "-" + tag, tree.root()}));
  const std::string name = tag.substr(tag.find(':') == std::string::npos ? 0 : tag.find(':') + 1);
  std::map<std::string, std::string> values;
  for (const auto& file : read) {
    if (!file.contains(name)) continue;
    values[file["SourceFile"].get<std::string>().substr(tree.root().size() + 1)] = file[name];
  }
  return values;
}

}  // namespace syncline::testing

#endif  // SYNCLINE_TESTS_INTEGRATION_IMAGES_SYNC_PHOTOS_H_
