// A flat folder of records that are far larger than what a merge needs. A file is a head of lines
// "key: value", an empty line and a body, which may end with marks ("~" and a word, each on a line
// of its own). The head is the essence, the marks are metadata, and nobody merges bodies. The id is
// the file's name, the key the value of the line "uid: ...", or the file's name without one. What
// costs something is told in an event: "read", "copied", "essence", "merged".
//
// A line "sealed: yes" in the head says that the record cannot be merged, "torn: yes" that telling
// its essence fails; "copies" = "no" in the settings that this side takes no direct copies.
#include "tests/providers/line_set.h"
#include "tests/providers/simple_folder.h"

namespace {

namespace sl = syncline;
using sl::testing::LineSet;

struct Parts {
  std::string head, body;
  std::set<std::string> marks;

  static Parts Of(const std::string& text) {
    Parts parts;
    size_t end = text.find("\n\n");
    end = end == std::string::npos ? text.size() : end + 1;
    parts.head = sl::testing::FormatLines(sl::testing::ParseLines(text.substr(0, end)));
    parts.body = text.substr(std::min(end + 1, text.size()));
    for (size_t at; (at = parts.body.rfind("\n~")) != std::string::npos;) {
      parts.marks.insert(parts.body.substr(at + 1, parts.body.find('\n', at + 1) - at - 1));
      parts.body.resize(at);
    }
    return parts;
  }
  std::string Text() const {
    std::string text = head + "\n" + body;
    for (const std::string& mark : marks) text += "\n" + mark;
    return text;
  }
};

// With the proof that a merge asks for; "~" keeps it apart from every line of a head.
std::string WithProof(const Parts& parts) {
  return parts.head + "~body: " + sl::testing::HashOf(parts.body) + "\n";
}
std::string WithoutProof(const std::string& essence) {
  return essence.substr(0, essence.find("~body: "));
}
std::string ProofIn(const std::string& essence) {
  return essence.substr(WithoutProof(essence).size());
}

sl::testing::Side SideOf(sl::Favour favour) {
  if (favour == sl::Favour::kMine) return sl::testing::Side::kMine;
  if (favour == sl::Favour::kTheirs) return sl::testing::Side::kTheirs;
  return sl::testing::Side::kNone;
}

class Portraits : public sl::testing::SimpleFolder {
 public:
  explicit Portraits(sl::Host host) : SimpleFolder(host) {}

  void enumerate(const sl::Call& call, sl::Records records) {
    for (sl::Record& record : List(call)) records.Push(WithKey(std::move(record)));
  }

  sl::Record read(const sl::Call& call, std::string_view id, sl::ByteSink content) {
    Tell(id, "read");
    return WithKey(SimpleFolder::read(call, id, content));
  }

  sl::Record write(const sl::Call&, const sl::WriteOrder& order, sl::ByteSource content) {
    std::string text = content.ReadAll();
    const std::filesystem::path place = PlaceOf(order);
    if (order.essence) {
      Tell(order.wanted.id, "merged");
      Parts parts = Parts::Of(ContentOf(place));
      parts.head = WithoutProof(text);
      text = parts.Text();
    }
    return Store(place, order, text);
  }

  sl::Record copy(const sl::Call&, Portraits& from, std::string_view from_id,
                  std::string_view from_version, const sl::WriteOrder& order) {
    if (host().Setting("copies") == "no") throw sl::Error(SYNCLINE_UNSUPPORTED);
    const std::filesystem::path source = from.Place(from_id), place = PlaceOf(order);
    if (!order.combine) Expect(source, from_version);
    std::string text = ContentOf(source);
    if (order.metadata_only) {
      Parts parts = Parts::Of(ContentOf(place));
      if (!order.combine) parts.marks.clear();
      parts.marks.merge(Parts::Of(text).marks);
      text = parts.Text();
    }
    Tell(from_id, "copied");
    return Store(place, order, text);
  }

  sl::Verdict compare(const sl::Call&, std::string_view id, std::string_view version,
                      Portraits& other, std::string_view other_id, std::string_view other_version) {
    Expect(Place(id), version);
    Expect(other.Place(other_id), other_version);
    if (version == other_version) return sl::Verdict::kSame;
    const Parts mine = Parts::Of(ContentOf(Place(id)));
    const Parts theirs = Parts::Of(ContentOf(other.Place(other_id)));
    const bool same = mine.head == theirs.head && mine.body == theirs.body;
    return same ? sl::Verdict::kSameContent : sl::Verdict::kDifferent;
  }

  sl::Record essence(const sl::Call& call, std::string_view id, sl::Purpose purpose,
                     sl::ByteSink content) {
    call.ThrowIfCancelled();
    const bool merge = purpose == sl::Purpose::kMerge;
    Tell(id, merge ? "essence for a merge" : "essence");
    const Parts parts = Parts::Of(ContentOf(Place(id)));
    const LineSet head = sl::testing::ParseLines(parts.head);
    if (head.contains("sealed")) throw sl::Error(SYNCLINE_UNSUPPORTED, "It is sealed.");
    if (head.contains("torn")) throw sl::Error(SYNCLINE_FAILED, "It is torn.");
    content.Write(merge ? WithProof(parts) : parts.head);
    return WithKey(Look(id));
  }

  bool merge(const sl::Call&, const sl::MergeInput& input, sl::ByteSink merged,
             sl::Fields differing) const {
    const std::string base = WithoutProof(input.base ? input.base->ReadAll() : std::string());
    const std::string mine = input.mine.ReadAll();
    const std::string theirs = input.theirs.ReadAll();
    if (ProofIn(mine) != ProofIn(theirs)) {
      throw sl::Error(SYNCLINE_CONFLICT, "The bodies differ, and those cannot be merged.");
    }
    const std::string left = WithoutProof(mine), right = WithoutProof(theirs);
    const sl::testing::LineMerge result = sl::testing::MergeLines(
        base, left, right, [&](const std::string& key) { return SideOf(input.For(key)); });
    for (const std::string& key : result.differing) {
      differing.Push(key, sl::testing::JoinLines(sl::testing::ParseLines(left)[key], ""),
                     sl::testing::JoinLines(sl::testing::ParseLines(right)[key], ""));
    }
    if (result.differing.empty()) merged.Write(result.text + ProofIn(mine));
    return result.differing.empty();
  }

 private:
  void Tell(std::string_view id, std::string_view what) const {
    host().Event(SYNCLINE_INFO, id, what);
  }

  sl::Record WithKey(sl::Record record) const {
    const LineSet head = sl::testing::ParseLines(Parts::Of(ContentOf(Place(record.id))).head);
    const auto uid = head.find("uid");
    if (uid != head.end()) record.key = uid->second.begin()->substr(5);
    record.flags |= SYNCLINE_MERGEABLE;
    return record;
  }

  sl::Record Store(const std::filesystem::path& place, const sl::WriteOrder& order,
                   const std::string& text) {
    sl::AtomicFile file(host(), place);
    file.Write(text);
    Expect(place, order.expected_version);
    file.Commit();
    return WithKey(Look(sl::TextOf(place.filename())));
  }
};

}  // namespace

SYNCLINE_PROVIDER(Portraits, R"({"id": "portraits", "name": "Portraits", "version": "1.0.0"})");
