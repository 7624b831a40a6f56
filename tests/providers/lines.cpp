// A flat folder of texts that can be merged: each file (*.txt) is a set of lines "key: value". The
// record's id is the file name, its key the value of the line "uid: ...", or the file name without
// one. A new record is stored as "<key>.txt", or a free name near it. What is written gets a
// newline at its end when it has none: the stored version then differs from the one that was sent.
#include "tests/providers/line_set.h"
#include "tests/providers/simple_folder.h"

namespace {

namespace sl = syncline;
using sl::testing::LineSet;

std::string ValueOf(std::string_view line) {
  const size_t colon = line.find(": ");
  return std::string(colon == std::string_view::npos ? line : line.substr(colon + 2));
}

std::string Values(const LineSet& lines, const std::string& key) {
  std::string values;
  const auto field = lines.find(key);
  if (field == lines.end()) return values;
  for (const std::string& line : field->second) {
    values += (values.empty() ? "" : ", ") + ValueOf(line);
  }
  return values;
}

class Lines : public sl::testing::SimpleFolder {
 public:
  explicit Lines(sl::Host host) : SimpleFolder(host) {}

  void enumerate(const sl::Call& call, sl::Records records) {
    for (sl::Record& record : List(call)) {
      if (!record.id.ends_with(".txt")) continue;
      const LineSet lines = sl::testing::ParseLines(ContentOf(Place(record.id)));
      record = WithKey(std::move(record));
      // A line "cut: yes" says that there may be records that cannot be listed.
      if (lines.contains("cut")) {
        sl::RecordView rest;
        rest.flags = SYNCLINE_UNKNOWN;
        records.Push(rest);
      }
      // A line "broken: WHY" or "hidden: yes" sets the record aside.
      if (lines.contains("broken")) {
        records.Aside(record, SYNCLINE_INVALID, record.id + ": " + Values(lines, "broken"));
      } else if (lines.contains("hidden")) {
        records.Aside(record, SYNCLINE_OK, "");
      } else {
        records.Push(record);
      }
    }
  }

  sl::Record read(const sl::Call& call, std::string_view id, sl::ByteSink content) {
    return WithKey(SimpleFolder::read(call, id, content));
  }

  sl::Record write(const sl::Call& call, const sl::WriteOrder& order, sl::ByteSource content) {
    std::string text = content.ReadAll();
    if (!text.empty() && !text.ends_with('\n')) text += '\n';
    if (order.beside) text = WithOtherUid(text, order.label);
    const std::filesystem::path place =
        order.wanted.id.empty() ? NewPlace(call, order, KeyIn(text)) : Place(order.wanted.id);
    sl::AtomicFile file(host(), place);
    file.Write(text);
    Expect(place, order.expected_version);
    file.Commit();
    return WithKey(Look(sl::TextOf(place.filename())));
  }

  bool merge(const sl::Call&, const sl::MergeInput& input, sl::ByteSink merged,
             sl::Fields differing) const {
    const std::string base = input.base ? input.base->ReadAll() : std::string();
    const std::string mine = input.mine.ReadAll();
    const std::string theirs = input.theirs.ReadAll();
    const sl::testing::LineMerge result = sl::testing::MergeLines(
        base, mine, theirs, [&](const std::string& key) { return SideOf(input.For(key)); });
    for (const std::string& key : result.differing) {
      differing.Push(key, Values(sl::testing::ParseLines(mine), key),
                     Values(sl::testing::ParseLines(theirs), key));
    }
    if (result.differing.empty()) merged.Write(result.text);
    return result.differing.empty();
  }

  void describe(const sl::Call&, std::string_view id, sl::Fields fields) {
    Look(id);
    const LineSet lines = sl::testing::ParseLines(ContentOf(Place(id)));
    const std::string title = Values(lines, "title");
    fields.Push("title", title.empty() ? id : std::string_view(title));
    for (const auto& [key, ignored] : lines) {
      if (key != "title") fields.Push(key, Values(lines, key));
    }
  }

 private:
  static sl::testing::Side SideOf(sl::Favour favour) {
    if (favour == sl::Favour::kMine) return sl::testing::Side::kMine;
    if (favour == sl::Favour::kTheirs) return sl::testing::Side::kTheirs;
    return sl::testing::Side::kNone;
  }

  static std::string KeyIn(std::string_view text) {
    return Values(sl::testing::ParseLines(text), "uid");
  }

  sl::Record WithKey(sl::Record record) const {
    const std::string key = KeyIn(ContentOf(Place(record.id)));
    if (!key.empty()) record.key = key;
    record.flags |= SYNCLINE_MERGEABLE;
    return record;
  }

  // A record beside another is another thing, so it must not have the same uid.
  static std::string WithOtherUid(const std::string& text, std::string_view label) {
    LineSet lines = sl::testing::ParseLines(text);
    const std::string uid = Values(lines, "uid");
    if (uid.empty()) return text;
    lines["uid"] = {"uid: " + uid + " (" + std::string(label) + ")"};
    return sl::testing::FormatLines(lines);
  }

  std::filesystem::path NewPlace(const sl::Call& call, const sl::WriteOrder& order,
                                 const std::string& uid) const {
    const std::string key(uid.empty() ? order.wanted.key : std::string_view(uid));
    for (const sl::Record& record : List(call)) {
      if (!order.beside && WithKey(record).key == key) {
        throw sl::FileError(SYNCLINE_CONFLICT, Place(record.id), "has this uid already.");
      }
    }
    std::string name = key.ends_with(".txt") ? key : key + ".txt";
    std::replace(name.begin(), name.end(), '/', '-');
    return sl::FreeName(Place(name), order.beside ? order.label : "new");
  }
};

}  // namespace

SYNCLINE_PROVIDER(Lines, R"({"id": "lines", "name": "Lines", "version": "1.0.0"})");
