// The toy format.
#include "tests/unit/record_files/toy.h"

#include <functional>
#include <map>
#include <utility>

namespace syncline::record_files_test {
namespace {

using record_files::Book;
using record_files::Entry;
using record_files::Format;

uint64_t parses = 0;
std::function<void()> before_text;

struct Part {
  bool record = false;
  std::string text;
  Entry entry;
};

class ToyBook : public Book {
 public:
  explicit ToyBook(const std::string& bytes) {
    uint64_t line_number = 0;
    size_t at = 0;
    Part part;
    std::string counted;
    while (at < bytes.size()) {
      const size_t end = std::min(bytes.find('\n', at), bytes.size() - 1) + 1;
      const std::string line = bytes.substr(at, end - at);
      std::string words = line;
      if (words.ends_with('\n')) words.pop_back();
      at = end;
      ++line_number;
      if (words.starts_with("BEGIN")) {
        Finish(&part, "it has no END", counted);
        part.record = true;
        part.entry.line = line_number;
        part.entry.key = words.size() > 6 ? words.substr(6) : "";
        part.entry.name = "Name of " + part.entry.key;
        part.entry.media_type = "text/toy";
        counted.clear();
      } else if (words.starts_with("BAD ")) {
        part.entry.problem = words.substr(4);
      } else if (words == "HIDE") {
        part.entry.filtered = true;
      } else if (words.starts_with("AT ")) {
        part.entry.edited_ns = std::stoll(words.substr(3));
      } else if (part.record && !words.starts_with("REV") && words != "END") {
        counted += line;
      }
      part.text += line;
      if (words == "END" && part.record) Finish(&part, "", counted);
    }
    if (part.record) unended_line_ = part.entry.line;
    Finish(&part, "it has no END", counted);
  }

  const std::vector<Entry>& entries() const override {
    if (!listed_) {
      entries_.clear();
      places_.clear();
      for (size_t i = 0; i < parts_.size(); ++i) {
        if (!parts_[i].record) continue;
        entries_.push_back(parts_[i].entry);
        places_.push_back(i);
      }
      listed_ = true;
    }
    return entries_;
  }
  uint64_t unended_line() const override { return unended_line_; }
  std::string Content(size_t entry) const override {
    entries();
    return parts_[places_[entry]].text;
  }
  void Put(std::string_view key, std::string_view content) override {
    if (content.find("REFUSE") != std::string_view::npos) throw Error(SYNCLINE_INVALID, "refused");
    listed_ = false;
    ToyBook one{std::string(content)};
    Part part;
    for (Part& each : one.parts_) {
      if (each.record) part = std::move(each);
    }
    const auto at = by_key_.find(std::string(key));
    if (at != by_key_.end()) {
      parts_[at->second] = std::move(part);
      return;
    }
    by_key_[std::string(key)] = parts_.size();
    parts_.push_back(std::move(part));
  }
  void Remove(std::string_view key) override {
    listed_ = false;
    const auto at = by_key_.find(std::string(key));
    if (at == by_key_.end()) return;
    parts_[at->second] = Part();
    by_key_.erase(at);
  }
  std::string Text() const override {
    if (before_text) before_text();
    std::string text;
    for (const Part& part : parts_) text += part.text;
    return text;
  }

 private:
  void Finish(Part* part, std::string_view problem, const std::string& counted) {
    if (part->record) {
      if (part->entry.problem.empty()) part->entry.problem = problem;
      part->entry.size = part->text.size();
      part->entry.version =
          "v" + std::to_string(std::hash<std::string>()(part->entry.key + "\n" + counted));
      by_key_.try_emplace(part->entry.key, parts_.size());
    }
    if (!part->text.empty()) parts_.push_back(std::move(*part));
    *part = Part();
  }

  std::vector<Part> parts_;
  uint64_t unended_line_ = 0;
  std::map<std::string, size_t> by_key_;
  mutable std::vector<Entry> entries_;
  mutable std::vector<size_t> places_;
  mutable bool listed_ = false;
};

class ToyFormat : public Format {
 public:
  std::string_view extension() const override { return ".toy"; }
  std::string_view beginning() const override { return "BEGIN"; }
  std::string_view one() const override { return "toy"; }
  std::string_view many() const override { return "toys"; }
  std::unique_ptr<Book> Parse(std::string bytes) const override {
    ++parses;
    return std::make_unique<ToyBook>(bytes);
  }
  std::string Renamed(std::string_view content, std::string_view label) const override {
    const size_t line = content.find("BEGIN ");
    const size_t end = content.find('\n', line);
    std::string renamed(content);
    return renamed.insert(end, "-" + std::string(label));
  }
  bool Merge(const std::string* base, const std::string& mine, const std::string& theirs,
             const MergeInput& choices, std::string* merged, Fields differing) const override {
    if (base != nullptr && *base == theirs) {
      *merged = mine;
    } else if (mine == theirs || (base != nullptr && *base == mine) ||
               choices.For("line") == Favour::kTheirs) {
      *merged = theirs;
    } else if (choices.For("line") == Favour::kMine) {
      *merged = mine;
    } else {
      differing.Push("line", mine, theirs);
      return false;
    }
    return true;
  }
  void Describe(std::string_view content, Fields fields) const override {
    const std::unique_ptr<Book> book = Parse(std::string(content));
    fields.Push("title", book->entries().at(0).name);
  }
};

}  // namespace

std::unique_ptr<Format> MakeToyFormat() { return std::make_unique<ToyFormat>(); }
uint64_t ToyParses() { return parses; }
void BeforeToyText(std::function<void()> call) { before_text = std::move(call); }

std::string Toy(std::string_view key, std::string_view line) {
  return "BEGIN " + std::string(key) + "\n" + std::string(line) + "\nEND\n";
}

}  // namespace syncline::record_files_test
