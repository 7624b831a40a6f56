// The contacts of one .vcf file.
#include "plugins/contacts/book.h"

#include <algorithm>
#include <utility>

#include "plugins/contacts/text.h"
#include "syncline/provider.hpp"

namespace syncline::contacts {
namespace {

using content_lines::Component;
using content_lines::Document;
using record_files::Entry;

constexpr char kForeign[] =
    "it is no address book: it has no BEGIN:VCARD; replace it by one, or empty it";
constexpr char kUtf16[] = "the file is UTF-16; save it as UTF-8";

bool EndsWithLineEnd(std::string_view text) {
  return text.empty() || text.back() == '\n' || text.back() == '\r';
}

bool IsBlank(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return Trimmed(text).empty();
}

bool LeftOut(const CardFacts& facts, const Wanted& wanted) {
  if (wanted.empty()) return false;
  return std::none_of(facts.categories.begin(), facts.categories.end(),
                      [&wanted](const std::string& c) { return wanted.contains(c); });
}

}  // namespace

Component OnlyCard(std::string_view content) {
  Document document = content_lines::Parse(content);
  std::unique_ptr<Component> card;
  for (Document::Piece& piece : document.pieces) {
    if (piece.component == nullptr) continue;
    if (card != nullptr || piece.component->name != "VCARD") {
      throw Error(SYNCLINE_INVALID, "This is not one contact: it holds more than one BEGIN:VCARD.");
    }
    card = std::move(piece.component);
  }
  if (card == nullptr) {
    throw Error(SYNCLINE_INVALID, "This is not a contact: it holds no BEGIN:VCARD.");
  }
  return std::move(*card);
}

ContactBook::ContactBook(std::string bytes, const Wanted& wanted) : wanted_(wanted) {
  if (IsUtf16(bytes)) {
    // Read only to know which contacts it holds, so that none of them counts as removed.
    unreadable_ = kUtf16;
    original_ = std::move(bytes);
    Read(content_lines::Parse(FromUtf16(original_)));
  } else {
    Read(content_lines::Parse(bytes));
  }
  SetKeys();
}

void ContactBook::Read(Document document) {
  line_end_ = document.line_end;
  pieces_.reserve(document.pieces.size());
  for (Document::Piece& from : document.pieces) {
    Piece piece;
    if (from.component == nullptr) {
      piece.text = std::move(from.between);
    } else {
      piece.record = true;
      piece.text = from.component->Text();
      piece.line = from.component->line;
      piece.facts = FactsOfCard(*from.component);
      unended_line_ = from.component->end_raw.empty() ? piece.line : 0;
      open_ = from.component->name != "VCARD" && from.component->end_raw.empty();
      from.component.reset();
    }
    pieces_.push_back(std::move(piece));
  }
  const bool blank = std::all_of(pieces_.begin(), pieces_.end(), [](const Piece& piece) {
    return !piece.record && IsBlank(piece.text);
  });
  foreign_ = !blank && std::none_of(pieces_.begin(), pieces_.end(),
                                    [](const Piece& piece) { return piece.facts.card; });
}

// A key depends on nothing but its card, so that a card has the same one in every file. Cards of
// one key are two entries, which the store tells with both places.
void ContactBook::SetKeys() {
  for (size_t i = 0; i < pieces_.size(); ++i) {
    Piece& piece = pieces_[i];
    if (!piece.record) continue;
    const CardFacts& facts = piece.facts;
    if (!facts.uid.empty()) {
      piece.key = facts.uid;
    } else if (!facts.who.empty()) {
      piece.key = "fallback:" + facts.who;
    } else {
      piece.key = "other:" + Hash(piece.text);
    }
    by_key_[piece.key].push_back(i);
  }
}

// Without a key: whatever the file held before may be in there still.
Entry ContactBook::Foreign() const {
  Entry entry;
  entry.problem = kForeign;
  const auto other =
      std::find_if(pieces_.begin(), pieces_.end(), [](const Piece& piece) { return piece.record; });
  if (other != pieces_.end()) {
    entry.problem = other->facts.problem;
    entry.line = other->line;
  }
  return entry;
}

const std::vector<Entry>& ContactBook::entries() const {
  if (listed_) return entries_;
  entries_.clear();
  piece_of_entry_.clear();
  listed_ = true;
  if (foreign_ && unreadable_.empty()) {
    entries_.push_back(Foreign());
    piece_of_entry_.push_back(pieces_.size());
    return entries_;
  }
  for (size_t i = 0; i < pieces_.size(); ++i) {
    const Piece& piece = pieces_[i];
    if (!piece.record) continue;
    Entry entry;
    entry.key = piece.key;
    entry.version = piece.facts.digest;
    entry.name = piece.facts.name;
    entry.media_type = "text/vcard";
    entry.edited_ns = piece.facts.edited_ns;
    entry.size = piece.text.size();
    entry.line = piece.line;
    entry.problem = unreadable_.empty() ? piece.facts.problem : unreadable_;
    entry.filtered = entry.problem.empty() && LeftOut(piece.facts, wanted_);
    entries_.push_back(std::move(entry));
    piece_of_entry_.push_back(i);
  }
  if (!unreadable_.empty() && entries_.empty()) {
    Entry entry;
    entry.problem = unreadable_;
    entries_.push_back(std::move(entry));
    piece_of_entry_.push_back(pieces_.size());
  }
  return entries_;
}

std::string ContactBook::Content(size_t entry) const {
  entries();
  const size_t piece = piece_of_entry_.at(entry);
  return piece < pieces_.size() ? pieces_[piece].text : Text();
}

void ContactBook::ExpectWritable() const {
  // What is added behind a component that does not end would become a part of it.
  std::string why = open_ ? "the last component of the file has no END" : unreadable_;
  if (why.empty() && foreign_) why = kForeign;
  if (why.empty()) return;
  throw Error(SYNCLINE_INVALID, "Nothing can be stored here: " + why + ".");
}

const std::vector<size_t>* ContactBook::Find(std::string_view key) const {
  const auto found = by_key_.find(std::string(key));
  if (found == by_key_.end() || found->second.empty()) return nullptr;
  if (found->second.size() > 1) {
    throw Error(SYNCLINE_CLASH, "The contact \"" + std::string(key) +
                                    "\" stands twice in this file. Keep one of them.");
  }
  return &found->second;
}

void ContactBook::Put(std::string_view key, std::string_view content) {
  ExpectWritable();
  const Component card = OnlyCard(content);
  Piece piece;
  piece.record = true;
  piece.key = key;
  piece.facts = FactsOfCard(card);
  // The card takes the line ends of the file that it comes into.
  const std::string text = card.Text();
  const std::string own = content_lines::Parse(text).line_end;
  const bool empty = pieces_.empty();
  if (empty) line_end_ = own;
  piece.text = WithLineEnds(text, own, line_end_);
  if (!EndsWithLineEnd(piece.text)) piece.text += line_end_;
  if (const std::vector<size_t>* places = Find(key)) {
    piece.line = pieces_[places->front()].line;
    pieces_[places->front()] = std::move(piece);
  } else {
    const auto last = std::find_if(pieces_.rbegin(), pieces_.rend(),
                                   [](const Piece& p) { return !p.text.empty(); });
    if (last != pieces_.rend() && !EndsWithLineEnd(last->text)) last->text += line_end_;
    by_key_[std::string(key)].push_back(pieces_.size());
    pieces_.push_back(std::move(piece));
  }
  listed_ = false;
}

void ContactBook::Remove(std::string_view key) {
  ExpectWritable();
  const std::vector<size_t>* places = Find(key);
  if (places == nullptr) return;
  pieces_[places->front()] = Piece();
  by_key_.erase(std::string(key));
  listed_ = false;
}

std::string ContactBook::Text() const {
  if (!unreadable_.empty()) return original_;
  std::string text;
  size_t size = 0;
  for (const Piece& piece : pieces_) size += piece.text.size();
  text.reserve(size);
  for (const Piece& piece : pieces_) text += piece.text;
  return text;
}

}  // namespace syncline::contacts
