// Two address books in step through the command line: each a folder of .vcf files or one .vcf file.
// Tests write cards by UID and do not see which of the two it is.
#ifndef SYNCLINE_TESTS_INTEGRATION_CONTACTS_SYNC_ADDRESS_BOOK_H_
#define SYNCLINE_TESTS_INTEGRATION_CONTACTS_SYNC_ADDRESS_BOOK_H_

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tests/support/stage.h"

namespace syncline::testing {

// A card as people write it, with \n.
inline std::string CardOf(const std::string& uid, const std::vector<std::string>& lines,
                          const std::string& version = "3.0") {
  std::string card = "BEGIN:VCARD\nVERSION:" + version + "\n";
  if (!uid.empty()) card += "UID:" + uid + "\n";
  for (const std::string& line : lines) card += line + "\n";
  return card + "END:VCARD\n";
}

// The cards of a text, each as its lines without line ends, however they are written.
inline std::vector<std::string> SplitCards(const std::string& text) {
  std::vector<std::string> cards;
  std::string line;
  std::string card;
  bool inside = false;
  const auto take = [&] {
    std::string upper = line;
    std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) {
      return static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    });
    if (!inside && upper.ends_with("BEGIN:VCARD")) {  // behind a byte order mark, too
      inside = true;
      line = line.substr(line.size() - 11);
    }
    if (inside) card += line + "\n";
    if (inside && upper == "END:VCARD") {
      cards.push_back(card);
      card.clear();
      inside = false;
    }
    line.clear();
  };
  for (size_t i = 0; i < text.size(); ++i) {
    const bool ends = text[i] == '\n' || text[i] == '\r';
    if (!ends) line.push_back(text[i]);
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
    if (ends) take();
  }
  take();
  return cards;
}

inline std::string UidOf(const std::string& card) {
  const size_t at = card.find("\nUID:");
  if (at == std::string::npos) return {};
  return card.substr(at + 5, card.find('\n', at + 1) - at - 5);
}

class AddressBook {
 public:
  AddressBook(Tree* tree, bool single) : tree_(tree), single_(single) {
    if (single_) tree_->Write("book.vcf", "");
  }

  std::string location() const { return single_ ? tree_->Path("book.vcf") : tree_->root(); }
  // The file in which a card that this test wrote stands.
  std::string file(const std::string& uid) const { return single_ ? "book.vcf" : uid + ".vcf"; }
  Tree& tree() { return *tree_; }

  // Adds a card, or replaces the one with its UID.
  void Put(const std::string& card) {
    const std::string uid = UidOf(card);
    if (!single_) {
      tree_->Write(NameOf(uid), card);
      return;
    }
    std::string text;
    bool replaced = false;
    for (const std::string& old : SplitCards(tree_->Read("book.vcf"))) {
      const bool this_one = UidOf(old) == uid;
      text += this_one ? card : old;
      replaced = replaced || this_one;
    }
    tree_->Write("book.vcf", replaced ? text : text + card);
  }
  // Adds a text: as the file of this name, or at the end of the single one.
  void PutInFile(const std::string& name, const std::string& text) {
    if (single_) {
      tree_->Append("book.vcf", text);
    } else {
      tree_->Write(name, text);
    }
  }
  void Remove(const std::string& uid) {
    if (!single_) {
      tree_->Remove(NameOf(uid));
      return;
    }
    std::string text;
    for (const std::string& old : SplitCards(tree_->Read("book.vcf"))) {
      if (UidOf(old) != uid) text += old;
    }
    tree_->Write("book.vcf", text);
  }
  // UID -> card.
  std::map<std::string, std::string> Cards() const {
    std::map<std::string, std::string> cards;
    for (const std::string& card : All()) {
      EXPECT_TRUE(cards.emplace(UidOf(card), card).second) << "twice: " << card;
    }
    return cards;
  }
  // All cards, sorted.
  std::vector<std::string> All() const {
    std::vector<std::string> cards;
    for (const auto& entry : std::filesystem::directory_iterator(tree_->root())) {
      if (entry.path().extension() != ".vcf") continue;
      const std::vector<std::string> some =
          SplitCards(tree_->Read(entry.path().filename().string()));
      cards.insert(cards.end(), some.begin(), some.end());
    }
    std::sort(cards.begin(), cards.end());
    return cards;
  }
  std::string Card(const std::string& uid) const {
    const auto cards = Cards();
    const auto found = cards.find(uid);
    return found == cards.end() ? "" : found->second;
  }

 private:
  // Whoever wrote the card chose the name of its file.
  std::string NameOf(const std::string& uid) const {
    for (const auto& entry : std::filesystem::directory_iterator(tree_->root())) {
      const std::string name = entry.path().filename().string();
      if (name.ends_with(".vcf") && UidOf(tree_->Read(name)) == uid) return name;
    }
    return uid + ".vcf";
  }

  Tree* tree_;
  bool single_;
};

enum class Shape { kFolders, kFolderAndFile, kFiles };

inline std::string ShapeName(Shape shape) {
  if (shape == Shape::kFolders) return "folders";
  return shape == Shape::kFiles ? "files" : "folder_and_file";
}

// The item Work of two address books.
class Books {
 public:
  explicit Books(Shape shape)
      : a(&stage.a, shape == Shape::kFiles), b(&stage.b, shape != Shape::kFolders) {}

  void Add(const Words& more = {}) {
    Words words = {"add", "contacts", "--name", "Work", a.location(), b.location()};
    words.insert(words.end(), more.begin(), more.end());
    const ProgramResult added = stage.Run(words);
    ASSERT_EQ(added.exit_code, 0) << added;
  }
  // Syncs, expects both sides equal, and a further sync that does nothing.
  nlohmann::json SyncToTheEnd() {
    nlohmann::json item = stage.Sync();
    EXPECT_EQ(a.All(), b.All()) << item.dump(2);
    const auto before_a = Snapshot(stage.a.root());
    const auto before_b = Snapshot(stage.b.root());
    ExpectNothingDone(stage.Sync());
    EXPECT_EQ(Snapshot(stage.a.root()), before_a);
    EXPECT_EQ(Snapshot(stage.b.root()), before_b);
    return item;
  }
  std::string OnlyConflict() {
    const nlohmann::json conflicts = stage.Conflicts();
    EXPECT_EQ(conflicts.size(), 1u) << conflicts.dump(2);
    return conflicts.empty() ? "0" : std::to_string(conflicts[0]["id"].get<int>());
  }
  // The texts of all events, one a line.
  std::string EventTexts() {
    std::string texts;
    for (const auto& event : stage.Events()) texts += event["text"].get<std::string>() + "\n";
    return texts;
  }

  Stage stage;
  AddressBook a;
  AddressBook b;
};

}  // namespace syncline::testing

#endif  // SYNCLINE_TESTS_INTEGRATION_CONTACTS_SYNC_ADDRESS_BOOK_H_
