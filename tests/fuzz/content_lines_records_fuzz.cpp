// Any bytes as files of contacts and of calendars, and as sides of their merges. Aborts when what
// must hold does not. The input is up to three texts, separated by 0xFF: mine, theirs and base.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/calendar/calendar_format.h"
#include "plugins/contacts/contact_format.h"
#include "syncline/provider.hpp"

namespace syncline {
namespace {

using record_files::Book;
using record_files::Entry;
using record_files::Format;

void Require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

void Ignore(void* /*ctx*/, syncline_str /*name*/, syncline_str /*mine*/, syncline_str /*theirs*/) {}

// The merged text; nullopt: both changed one field.
std::optional<std::string> Merge(const Format& format, const std::string* base,
                                 const std::string& mine, const std::string& theirs,
                                 Favour favour) {
  const syncline_field_sink raw = {sizeof(raw), nullptr, &Ignore};
  const std::vector<syncline_choice> none;
  const MergeInput input = {std::nullopt, ByteSource(nullptr), ByteSource(nullptr), favour, none};
  std::string merged;
  if (!format.Merge(base, mine, theirs, input, &merged, Fields(&raw))) return std::nullopt;
  return merged;
}

// The one sound record of a text, or nullopt.
std::optional<Entry> Only(const Format& format, const std::string& text) {
  const std::unique_ptr<Book> book = format.Parse(text);
  const std::vector<Entry>& entries = book->entries();
  if (entries.size() != 1 || !entries[0].problem.empty() || entries[0].key.empty()) {
    return std::nullopt;
  }
  return entries[0];
}

void CheckBook(const Format& format, const std::string& text) {
  const std::unique_ptr<Book> book = format.Parse(text);
  Require(book->Text() == text, "no byte is lost");
  const std::vector<Entry> entries = book->entries();
  const bool sound = std::all_of(entries.begin(), entries.end(),
                                 [](const Entry& entry) { return entry.problem.empty(); });
  for (size_t i = 0; sound && i < entries.size(); ++i) {
    const std::optional<Entry> alone = Only(format, book->Content(i));
    // One that brings a broken time zone is refused by the other side.
    if (!alone) continue;
    Require(alone->key == entries[i].key, "a record alone has the key that it had");
    Require(alone->version == entries[i].version, "a record alone is what it was");
  }
}

void CheckMerge(const Format& format, const std::string* base, const std::string& mine,
                const std::string& theirs) {
  const auto there = Merge(format, base, mine, theirs, Favour::kNone);
  const auto back = Merge(format, base, theirs, mine, Favour::kNone);
  Require(there.has_value() == back.has_value(), "both ways differ alike");
  for (const Favour favour : {Favour::kMine, Favour::kTheirs}) {
    const auto decided = Merge(format, base, mine, theirs, favour);
    Require(decided.has_value(), "a side that wins leaves nothing open");
    Require(Only(format, *decided).has_value(), "what is merged is one record");
  }
  if (!there) return;
  const std::optional<Entry> one = Only(format, *there);
  const std::optional<Entry> other = Only(format, *back);
  Require(one && other, "what is merged is one record");
  Require(one->version == other->version, "whose is whose does not matter");
}

void Check(const Format& format, const std::vector<std::string>& texts) {
  for (const std::string& text : texts) CheckBook(format, text);
  if (texts.size() < 2) return;
  const std::optional<Entry> mine = Only(format, texts[0]);
  const std::optional<Entry> theirs = Only(format, texts[1]);
  if (!mine || !theirs || mine->key != theirs->key) return;
  const std::string* base = nullptr;
  if (texts.size() == 3) {
    const std::optional<Entry> before = Only(format, texts[2]);
    if (before && before->key == mine->key) base = &texts[2];
  }
  CheckMerge(format, base, texts[0], texts[1]);
}

}  // namespace
}  // namespace syncline

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  std::vector<std::string> texts;
  size_t start = 0;
  for (int i = 0; i < 3 && start <= bytes.size(); ++i) {
    const size_t end = i == 2 ? bytes.size() : std::min(bytes.find('\xFF', start), bytes.size());
    texts.emplace_back(bytes.substr(start, end - start));
    start = end + 1;
  }
  syncline::Check(syncline::contacts::ContactFormat(""), texts);
  syncline::Check(syncline::calendar::CalendarFormat({}), texts);
  return 0;
}
