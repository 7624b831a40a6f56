// Cards written in one line each, and what the contacts format says of them, for its tests.
#ifndef SYNCLINE_TESTS_UNIT_CONTACTS_CARDS_H_
#define SYNCLINE_TESTS_UNIT_CONTACTS_CARDS_H_

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "plugins/contacts/book.h"
#include "plugins/contacts/contact_format.h"

namespace syncline::contacts {

using Lines = std::vector<std::string>;

// A card of these lines, with \r\n.
inline std::string Card(const std::string& version, const Lines& lines) {
  std::string card = "BEGIN:VCARD\r\nVERSION:" + version + "\r\n";
  for (const std::string& line : lines) card += line + "\r\n";
  return card + "END:VCARD\r\n";
}

inline std::vector<record_files::Entry> EntriesOf(const std::string& file,
                                                  const std::string& category = {}) {
  return ContactFormat(category).Parse(file)->entries();
}
// The version of the one contact of a file.
inline std::string VersionOfCard(const std::string& card) { return EntriesOf(card).at(0).version; }
inline std::string KeyOfCard(const std::string& card) { return EntriesOf(card).at(0).key; }

// What a field sink got: name -> value, other.
struct Told {
  std::map<std::string, std::pair<std::string, std::string>> fields;
  std::vector<std::string> names;  // in order
  syncline_field_sink raw = {sizeof(syncline_field_sink), this, &Told::Take};

  static void Take(void* ctx, syncline_str name, syncline_str value, syncline_str other) {
    auto* told = static_cast<Told*>(ctx);
    told->fields[std::string(View(name))] = {std::string(View(value)), std::string(View(other))};
    told->names.emplace_back(View(name));
  }
};

struct Merged {
  bool done = false;
  std::string text;
  std::map<std::string, std::pair<std::string, std::string>> differing;
};

// base empty: none.
inline Merged MergeCards(const std::string& base, const std::string& mine,
                         const std::string& theirs, Favour favour = Favour::kNone,
                         const std::vector<std::pair<std::string, Favour>>& fields = {}) {
  std::vector<syncline_choice> choices;
  for (const auto& [field, choice] : fields) {
    choices.push_back({sizeof(syncline_choice), static_cast<int32_t>(choice), Str(field)});
  }
  const MergeInput input = {std::nullopt, ByteSource(nullptr), ByteSource(nullptr), favour,
                            choices};
  Told told;
  Merged merged;
  merged.done = ContactFormat("").Merge(base.empty() ? nullptr : &base, mine, theirs, input,
                                        &merged.text, Fields(&told.raw));
  merged.differing = told.fields;
  return merged;
}

inline std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// The files of the corpus: name -> bytes.
inline std::map<std::string, std::string> Corpus() {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(SYNCLINE_TEST_DATA "/contacts")) {
    files[entry.path().filename().string()] = ReadFile(entry.path());
  }
  return files;
}

}  // namespace syncline::contacts

#endif  // SYNCLINE_TESTS_UNIT_CONTACTS_CARDS_H_
