#include "plugins/images/xmp_merge.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "plugins/images/xmp.h"
#include "plugins/images/xmp_merge_rules.h"
#include "plugins/images/xmp_merge_values.h"

namespace syncline::images {
namespace {

enum Side : size_t { kBase, kLeft, kRight };

struct Packets {
  std::array<XmpPacket, 3> of;
  const XmpProperty* Find(Side side, const XmpName& name) const {
    const auto found = of[side].find(name);
    return found == of[side].end() ? nullptr : &found->second;
  }
};

// The properties that are one value together.
struct Field {
  std::string label;
  std::vector<XmpName> names;
};

// Three-way choice between values, where an empty one is no value; nullopt: both changed it
// differently. Without an ancestor the base is empty, and so what only one side has is new there.
template <typename Value>
std::optional<Side> Choose(const Value& base, const Value& left, const Value& right) {
  if (left == right || right == base) return kLeft;
  if (left == base) return kRight;
  return std::nullopt;
}

class Merging {
 public:
  // Left and right stand in an order that does not depend on who is mine.
  Merging(const Packets& packets, bool left_is_mine,
          const std::function<Favour(std::string_view field)>& choose)
      : packets_(packets), left_is_mine_(left_is_mine), choose_(choose) {}

  void Run() {
    std::map<std::string, Field> fields;
    std::set<XmpName> names;
    for (const XmpPacket& packet : packets_.of) {
      for (const auto& [name, property] : packet) names.insert(name);
      result_.prefixes.insert(packet.prefixes.begin(), packet.prefixes.end());
    }
    for (const XmpName& name : names) {
      const XmpRuleRow* row = RowFor(name);
      if (row != nullptr && row->rule == XmpRule::kIgnored) {
        MergeIgnored(name);
      } else if (row != nullptr && row->rule == XmpRule::kSet && AllAre(name, &IsSet)) {
        MergeSet(name);
      } else if (AllAre(name, &IsLanguages)) {
        MergeLanguages(name, LabelOf(row, name));
      } else {
        Field& field = fields[LabelOf(row, name)];
        field.names.push_back(name);
      }
    }
    for (auto& [label, field] : fields) {
      field.label = label;
      MergeField(field);
    }
  }

  const XmpPacket& result() const { return result_; }
  std::vector<Disagreement>& differing() { return differing_; }

 private:
  static bool IsSet(const XmpProperty& property) { return ItemsOf(property).has_value(); }

  // A set of a strange shape is merged as a value of its own.
  std::string LabelOf(const XmpRuleRow* row, const XmpName& name) const {
    const bool labelled = row != nullptr && row->rule == XmpRule::kSingle && !row->label.empty();
    return labelled ? std::string(row->label) : ShortName(result_, name);
  }

  bool AllAre(const XmpName& name, bool (*is)(const XmpProperty&)) const {
    for (const Side side : {kBase, kLeft, kRight}) {
      const XmpProperty* property = packets_.Find(side, name);
      if (property != nullptr && !is(*property)) return false;
    }
    return true;
  }

  Side Decide(const std::string& field, std::string left, std::string right) {
    const Favour favour = choose_(field);
    if (favour == Favour::kNone) {
      if (!left_is_mine_) std::swap(left, right);
      differing_.push_back({field, std::move(left), std::move(right)});
      return kLeft;
    }
    return (favour == Favour::kMine) == left_is_mine_ ? kLeft : kRight;
  }

  void Keep(Side side, const XmpName& name) {
    if (const XmpProperty* property = packets_.Find(side, name)) result_[name] = *property;
  }

  void MergeIgnored(const XmpName& name) {
    const XmpProperty* base = packets_.Find(kBase, name);
    const XmpProperty* left = packets_.Find(kLeft, name);
    const XmpProperty* right = packets_.Find(kRight, name);
    if (left == nullptr || right == nullptr) return Keep(left == nullptr ? kRight : kLeft, name);
    if (base != nullptr && *left == *base) return Keep(kRight, name);
    if (base != nullptr && *right == *base) return Keep(kLeft, name);
    Keep(IsLater(WordsOf(*right), WordsOf(*left)) ? kRight : kLeft, name);
  }

  // Of dates the later, else the larger text.
  static bool IsLater(const std::string& one, const std::string& other) {
    absl::Time of_one;
    absl::Time of_other;
    if (absl::ParseTime(absl::RFC3339_full, one, &of_one, nullptr) &&
        absl::ParseTime(absl::RFC3339_full, other, &of_other, nullptr) && of_one != of_other) {
      return of_one > of_other;
    }
    return one > other;
  }

  // Never a disagreement: who added an item wants it, and who removed one does not.
  void MergeSet(const XmpName& name) {
    std::array<std::vector<std::string>, 3> items;
    for (const Side side : {kBase, kLeft, kRight}) {
      const XmpProperty* property = packets_.Find(side, name);
      if (property != nullptr) items[side] = *ItemsOf(*property);
    }
    const auto has = [&](Side side, const std::string& item) {
      return std::find(items[side].begin(), items[side].end(), item) != items[side].end();
    };
    const XmpProperty* model = packets_.Find(kLeft, name);
    if (model == nullptr) model = packets_.Find(kRight, name);
    if (model == nullptr) return;
    XmpNode node;
    node.shape = model->nodes.front().shape;
    if (node.shape == XmpNode::Shape::kText) node.shape = XmpNode::Shape::kBag;
    for (const Side side : {kLeft, kRight}) {
      const Side other = side == kLeft ? kRight : kLeft;
      for (const std::string& item : items[side]) {
        if (has(other, item) ? side == kLeft : !has(kBase, item)) node.items.push_back(item);
      }
    }
    if (!node.items.empty()) result_[name].nodes = {std::move(node)};
  }

  void MergeLanguages(const XmpName& name, const std::string& label) {
    std::set<std::string> languages;
    std::array<std::map<std::string, std::string>, 3> texts;
    for (const Side side : {kBase, kLeft, kRight}) {
      const XmpProperty* property = packets_.Find(side, name);
      if (property == nullptr) continue;
      for (const auto& [language, text] : property->nodes.front().languages) {
        if (Trimmed(text).empty()) continue;
        texts[side][language] = std::string(Trimmed(text));
        if (side != kBase) languages.insert(language);
      }
    }
    XmpNode node;
    node.shape = XmpNode::Shape::kLanguages;
    for (const std::string& language : languages) {
      std::string field = label;
      if (language != "x-default") field.append(" (").append(language).append(")");
      const auto of = [&](Side side) {
        const auto found = texts[side].find(language);
        return found == texts[side].end() ? std::string() : found->second;
      };
      std::optional<Side> side = Choose(of(kBase), of(kLeft), of(kRight));
      if (!side) side = Decide(field, of(kLeft), of(kRight));
      if (std::string text = of(*side); !text.empty()) node.languages[language] = std::move(text);
    }
    if (!node.languages.empty()) result_[name].nodes = {std::move(node)};
  }

  using Values = std::map<XmpName, std::string>;

  Values ValuesOf(Side side, const Field& field) const {
    Values values;
    for (const XmpName& name : field.names) {
      const XmpProperty* property = packets_.Find(side, name);
      if (property == nullptr) continue;
      std::string value = CanonicalOf(name, *property);
      if (!value.empty()) values[name] = std::move(value);
    }
    return values;
  }

  // Whether larger is smaller and more, and nothing of what is more is a leftover of the base.
  static bool OnlyAdds(const Values& larger, const Values& smaller, const Values& base) {
    if (smaller.empty()) return false;
    if (!std::includes(larger.begin(), larger.end(), smaller.begin(), smaller.end())) return false;
    return std::none_of(larger.begin(), larger.end(), [&](const auto& value) {
      return !smaller.contains(value.first) && base.contains(value.first);
    });
  }

  void MergeField(const Field& field) {
    const Values base = ValuesOf(kBase, field);
    const Values left = ValuesOf(kLeft, field);
    const Values right = ValuesOf(kRight, field);
    std::optional<Side> side = Choose(base, left, right);
    if (!side && OnlyAdds(left, right, base)) side = kLeft;
    if (!side && OnlyAdds(right, left, base)) side = kRight;
    if (!side) {
      std::string of_left = Words(kLeft, field, left, right);
      std::string of_right = Words(kRight, field, right, left);
      if (of_left == of_right) {
        // What differs cannot be shown in few words: at least that it differs.
        of_left += " (" + DigestOf(packets_.of[kLeft]).substr(0, 8) + ")";
        of_right += " (" + DigestOf(packets_.of[kRight]).substr(0, 8) + ")";
      }
      side = Decide(field.label, std::move(of_left), std::move(of_right));
    }
    for (const XmpName& name : field.names) Keep(*side, name);
  }

  // What differs: the value itself, or "crs:Contrast2012 = +10" of up to three of several.
  std::string Words(Side side, const Field& field, const Values& mine, const Values& theirs) const {
    std::vector<XmpName> names;
    for (const XmpName& name : field.names) {
      const auto one = mine.find(name);
      const auto other = theirs.find(name);
      const bool differs = (one == mine.end()) != (other == theirs.end()) ||
                           (one != mine.end() && one->second != other->second);
      if (differs) names.push_back(name);
    }
    // xmp:Rating before what other programs call it.
    std::stable_sort(names.begin(), names.end(), [](const XmpName& one, const XmpName& other) {
      return RowFor(one) < RowFor(other);
    });
    const XmpRuleRow* row = names.empty() ? nullptr : RowFor(names.front());
    if (row == nullptr || !row->name.ends_with('*')) {
      const XmpProperty* first = names.empty() ? nullptr : packets_.Find(side, names.front());
      return first == nullptr ? std::string() : WordsOf(*first);
    }
    constexpr size_t kShown = 3;
    std::string words;
    for (size_t i = 0; i < std::min(names.size(), kShown); ++i) {
      const XmpProperty* property = packets_.Find(side, names[i]);
      if (property == nullptr) continue;
      if (!words.empty()) words += "; ";
      words += ShortName(result_, names[i]) + " = " + WordsOf(*property);
    }
    return names.size() > kShown && !words.empty() ? words + "; ..." : words;
  }

  const Packets& packets_;
  const bool left_is_mine_;
  const std::function<Favour(std::string_view field)>& choose_;
  XmpPacket result_;
  std::vector<Disagreement> differing_;
};

absl::Status Named(const absl::Status& status, std::string_view whose) {
  return absl::InvalidArgumentError("The metadata of " + std::string(whose) +
                                    " cannot be merged. " + std::string(status.message()));
}

// Which of two packets that say the same is kept: the one that was written anew.
const std::string& Fresher(const std::optional<std::string>& base, const std::string& left,
                           const std::string& right) {
  return base && *base == right ? left : right;
}

}  // namespace

absl::StatusOr<std::optional<std::string>> MergeXmp(
    const std::optional<std::string>& base, const std::string& mine, const std::string& theirs,
    const std::function<Favour(std::string_view field)>& choose,
    std::vector<Disagreement>* differing) {
  differing->clear();
  absl::StatusOr<XmpPacket> of_mine = ParseXmp(mine);
  if (!of_mine.ok()) return Named(of_mine.status(), "the one side");
  absl::StatusOr<XmpPacket> of_theirs = ParseXmp(theirs);
  if (!of_theirs.ok()) return Named(of_theirs.status(), "the other side");
  Packets packets;
  if (absl::StatusOr<XmpPacket> of_base = base ? ParseXmp(*base) : XmpPacket(); of_base.ok()) {
    packets.of[kBase] = *std::move(of_base);
  }
  const bool left_is_mine = mine <= theirs;
  const std::string& left = left_is_mine ? mine : theirs;
  const std::string& right = left_is_mine ? theirs : mine;
  packets.of[kLeft] = *std::move(left_is_mine ? of_mine : of_theirs);
  packets.of[kRight] = *std::move(left_is_mine ? of_theirs : of_mine);

  Merging merging(packets, left_is_mine, choose);
  merging.Run();
  if (!merging.differing().empty()) {
    *differing = std::move(merging.differing());
    std::sort(differing->begin(), differing->end(),
              [](const Disagreement& a, const Disagreement& b) { return a.field < b.field; });
    return std::nullopt;
  }
  const std::string merged = DigestOf(merging.result());
  const bool is_left = merged == DigestOf(packets.of[kLeft]);
  const bool is_right = merged == DigestOf(packets.of[kRight]);
  if (is_left && is_right) return Fresher(base, left, right);
  if (is_left) return left;
  if (is_right) return right;
  return XmpText(merging.result());
}

}  // namespace syncline::images
