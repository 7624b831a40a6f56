// The contacts of one .vcf file: what they are, and putting cards into the file or taking them out
// without touching the rest.
#ifndef SYNCLINE_PLUGINS_CONTACTS_BOOK_H_
#define SYNCLINE_PLUGINS_CONTACTS_BOOK_H_

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "plugins/contacts/card.h"
#include "plugins/content_lines/component.h"
#include "plugins/record_files/format.h"

namespace syncline::contacts {

// The categories that an item syncs, in lower case; empty: all contacts.
using Wanted = std::set<std::string>;

// [replica]. Put() and Remove() cost no pass over the file each.
class ContactBook : public record_files::Book {
 public:
  ContactBook(std::string bytes, const Wanted& wanted);

  const std::vector<record_files::Entry>& entries() const override;
  uint64_t unended_line() const override { return unended_line_; }
  std::string Content(size_t entry) const override;
  // Throws Error(INVALID): content is not one card, or the file cannot be written; CLASH: the key
  // stands here twice.
  void Put(std::string_view key, std::string_view content) override;
  void Remove(std::string_view key) override;
  std::string Text() const override;

 private:
  // A piece of the file: a card (or another component), or what stands between.
  struct Piece {
    std::string text;
    bool record = false;
    uint64_t line = 0;
    CardFacts facts;
    std::string key;  // of a record
  };

  void Read(content_lines::Document document);
  void SetKeys();
  // What takes the place of the entries of a foreign file.
  record_files::Entry Foreign() const;
  void ExpectWritable() const;
  const std::vector<size_t>* Find(std::string_view key) const;

  Wanted wanted_;
  std::string unreadable_;     // why the file as a whole cannot be read
  bool foreign_ = false;       // it is neither blank nor holds a card: something else
  std::string original_;       // its bytes then
  bool open_ = false;          // it ends inside a component of another kind
  uint64_t unended_line_ = 0;  // of the component inside which it ends
  std::string line_end_;
  std::vector<Piece> pieces_;  // removed ones are empty and no record
  std::unordered_map<std::string, std::vector<size_t>> by_key_;
  mutable bool listed_ = false;
  mutable std::vector<record_files::Entry> entries_;
  mutable std::vector<size_t> piece_of_entry_;
};

// The one card of a record's content. Throws Error(INVALID) when it is not one.
content_lines::Component OnlyCard(std::string_view content);

}  // namespace syncline::contacts

#endif  // SYNCLINE_PLUGINS_CONTACTS_BOOK_H_
