// vCard as a format of record files.
#include "plugins/contacts/contact_format.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "plugins/contacts/convert.h"
#include "plugins/contacts/describe.h"
#include "plugins/contacts/text.h"
#include "plugins/contacts/vocabulary.h"
#include "plugins/content_lines/digest.h"
#include "plugins/content_lines/merge.h"
#include "plugins/content_lines/value.h"

namespace syncline::contacts {
namespace {

using content_lines::Component;
using content_lines::Difference;
using content_lines::MergeResult;
using content_lines::Property;
using content_lines::Winner;

Property* FindMutable(Component* card, std::string_view name) {
  for (Component::Child& child : card->children) {
    auto* property = std::get_if<Property>(&child);
    if (property != nullptr && property->name == name) return property;
  }
  return nullptr;
}

// Sets the text of a property, or adds it after the VERSION.
void SetProperty(Component* card, std::string_view name, std::string_view text,
                 std::string_view line_end) {
  const Version version = VersionOf(*card);
  if (Property* property = FindMutable(card, name)) {
    SetText(property, text, version);
    property->Rewrite(line_end);
    return;
  }
  Property property;
  property.name = name;
  SetText(&property, text, version);
  property.Rewrite(line_end);
  const auto after =
      std::find_if(card->children.begin(), card->children.end(), [](const Component::Child& child) {
        const auto* p = std::get_if<Property>(&child);
        return p != nullptr && p->name == "VERSION";
      });
  card->children.insert(after == card->children.end() ? card->children.begin() : after + 1,
                        std::move(property));
}

// 32 hex digits as a UUID.
std::string Uuid(const std::string& hash) {
  return hash.substr(0, 8) + "-" + hash.substr(8, 4) + "-8" + hash.substr(13, 3) + "-a" +
         hash.substr(17, 3) + "-" + hash.substr(20, 12);
}

std::string LineEndOf(std::string_view content) { return content_lines::Parse(content).line_end; }

std::string DigestOf(const Component& card) {
  return content_lines::Digest(card, ContactVocabulary());
}

}  // namespace

ContactFormat::ContactFormat(std::string_view category) {
  for (const std::string& name : content_lines::Split(category, ',')) {
    const std::string plain = content_lines::Unescape(Trimmed(name));
    if (!plain.empty()) wanted_.insert(Lower(plain));
  }
}

std::unique_ptr<record_files::Book> ContactFormat::Parse(std::string bytes) const {
  return std::make_unique<ContactBook>(std::move(bytes), wanted_);
}

std::string ContactFormat::Renamed(std::string_view content, std::string_view label) const {
  Component card = OnlyCard(content);
  const std::string line_end = LineEndOf(content);
  const CardFacts facts = FactsOfCard(card);
  const Property* uid = card.Find("UID");
  // The same copy made twice is one, so that a sync that was killed makes no second one.
  const std::string old_key = facts.uid.empty() ? facts.who : facts.uid;
  std::string fresh = Uuid(Hash(old_key + "\x1f" + std::string(label)));
  if (uid != nullptr && StartsWithWord(uid->value, "urn:uuid:")) fresh.insert(0, "urn:uuid:");
  const std::string name = facts.name + " (" + std::string(label) + ")";
  SetProperty(&card, "FN", name, line_end);
  SetProperty(&card, "UID", fresh, line_end);
  return card.Text();
}

bool ContactFormat::Merge(const std::string* base, const std::string& mine,
                          const std::string& theirs, const MergeInput& choices, std::string* merged,
                          Fields differing) const {
  if (base != nullptr && (mine == *base || theirs == *base)) {
    *merged = mine == *base ? theirs : mine;
    return true;
  }
  const Component own = OnlyCard(mine);
  const Component other = OnlyCard(theirs);
  std::optional<Component> ancestor;
  if (base != nullptr) ancestor = OnlyCard(*base);
  if (ancestor) {
    const std::string old_digest = DigestOf(*ancestor);
    const bool own_edit = DigestOf(own) != old_digest;
    const bool other_edit = DigestOf(other) != old_digest;
    if (own_edit != other_edit) {
      *merged = own_edit ? mine : theirs;
      return true;
    }
  }
  // Cards of two versions meet in the newer one: an older one cannot hold all that it says.
  const Version version = std::max(VersionOf(own), VersionOf(other));
  const std::string line_end =
      LineEndOf(VersionOf(own) >= VersionOf(other) ? std::string_view(mine) : theirs);
  const ContactVocabulary vocabulary;
  if (ancestor) ancestor = Raised(*ancestor, version, line_end);
  const MergeResult result = content_lines::Merge(
      ancestor ? &*ancestor : nullptr, Raised(own, version, line_end),
      Raised(other, version, line_end), vocabulary, [&choices](std::string_view field) {
        const Favour favour = choices.For(field);
        if (favour == Favour::kMine) return Winner::kMine;
        return favour == Favour::kTheirs ? Winner::kTheirs : Winner::kNobody;
      });
  for (const Difference& one : result.differing) differing.Push(one.field, one.mine, one.theirs);
  if (!result.differing.empty()) return false;
  // Lines come from both sides, and with them two kinds of line ends.
  const std::string own_end = LineEndOf(mine);
  const std::string other_end = LineEndOf(theirs);
  *merged = result.merged.Text();
  const bool old_mac = own_end == "\r" || other_end == "\r";
  if (own_end != other_end) *merged = WithLineEnds(*merged, old_mac ? "\r" : "\n", "\r\n");
  return true;
}

void ContactFormat::Describe(std::string_view content, Fields fields) const {
  const Component card = OnlyCard(content);
  for (const auto& [name, value] : DescribeCard(card)) fields.Push(name, value);
}

}  // namespace syncline::contacts
