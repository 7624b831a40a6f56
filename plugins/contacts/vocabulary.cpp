// What the properties of vCard mean.
#include "plugins/contacts/vocabulary.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "plugins/contacts/convert.h"
#include "plugins/contacts/media.h"
#include "plugins/contacts/text.h"
#include "plugins/content_lines/value.h"

namespace syncline::contacts {
namespace {

using content_lines::Component;
using content_lines::Property;
using content_lines::PropertyRule;
using content_lines::Rule;

// By name, for binary search. Where a standard allows a property once (RFC 6350, 6: *1) or people
// have one of it, it is single. KEY, X-SOCIALPROFILE and the like are sets, as are unknown ones.
constexpr PropertyFacts kTable[] = {
    {{"ADR", Rule::kSet, "address"}, ValueKind::kStructured},
    {{"AGENT", Rule::kSingle, "agent"}, ValueKind::kText},
    {{"ANNIVERSARY", Rule::kSingle, "anniversary"}, ValueKind::kDate},
    {{"BDAY", Rule::kSingle, "birthday"}, ValueKind::kDate},
    {{"BIRTHPLACE", Rule::kSingle, "place of birth"}, ValueKind::kText},
    {{"CALADRURI", Rule::kSet, "address for invitations"}, ValueKind::kUri},
    {{"CALURI", Rule::kSet, "calendar"}, ValueKind::kUri},
    {{"CATEGORIES", Rule::kList, "categories"}, ValueKind::kList},
    {{"CLASS", Rule::kSingle, "privacy"}, ValueKind::kText},
    {{"DEATHDATE", Rule::kSingle, "date of death"}, ValueKind::kDate},
    {{"DEATHPLACE", Rule::kSingle, "place of death"}, ValueKind::kText},
    {{"EMAIL", Rule::kSet, "email"}, ValueKind::kEmail},
    {{"EXPERTISE", Rule::kSet, "expertise"}, ValueKind::kText},
    {{"FBURL", Rule::kSet, "free-busy address"}, ValueKind::kUri},
    {{"FN", Rule::kSingle, "name"}, ValueKind::kText},
    {{"GENDER", Rule::kSingle, "gender"}, ValueKind::kStructured},
    {{"GEO", Rule::kSingle, "position"}, ValueKind::kPlace},
    {{"HOBBY", Rule::kSet, "hobby"}, ValueKind::kText},
    {{"IMPP", Rule::kSet, "messenger"}, ValueKind::kUri},
    {{"INTEREST", Rule::kSet, "interest"}, ValueKind::kText},
    {{"KEY", Rule::kSet, "key"}, ValueKind::kMedia},
    {{"KIND", Rule::kSingle, "kind"}, ValueKind::kText},
    {{"LABEL", Rule::kSet, "address label"}, ValueKind::kText},
    {{"LANG", Rule::kSet, "language"}, ValueKind::kText},
    {{"LOGO", Rule::kSingle, "logo"}, ValueKind::kMedia},
    {{"MAILER", Rule::kSingle, "mail program"}, ValueKind::kText},
    {{"MEMBER", Rule::kSet, "member"}, ValueKind::kUri},
    {{"N", Rule::kSingle, "name in parts"}, ValueKind::kStructured},
    {{"NICKNAME", Rule::kList, "nickname"}, ValueKind::kList},
    {{"NOTE", Rule::kSingle, "note"}, ValueKind::kText},
    {{"ORG", Rule::kSingle, "organisation"}, ValueKind::kStructured},
    {{"ORG-DIRECTORY", Rule::kSet, "directory"}, ValueKind::kUri},
    {{"PHOTO", Rule::kSingle, "photo"}, ValueKind::kMedia},
    {{"PRODID", Rule::kIgnored, "program"}, ValueKind::kText},
    {{"RELATED", Rule::kSet, "related"}, ValueKind::kUri},
    {{"REV", Rule::kIgnored, "revision"}, ValueKind::kText},
    {{"ROLE", Rule::kSingle, "role"}, ValueKind::kText},
    {{"SORT-STRING", Rule::kSingle, "sorted as"}, ValueKind::kText},
    {{"SOUND", Rule::kSingle, "sound"}, ValueKind::kMedia},
    {{"SOURCE", Rule::kSet, "source"}, ValueKind::kUri},
    {{"TEL", Rule::kSet, "phone"}, ValueKind::kPhone},
    {{"TITLE", Rule::kSingle, "job title"}, ValueKind::kText},
    {{"TZ", Rule::kSingle, "time zone"}, ValueKind::kText},
    {{"UID", Rule::kSingle, "identifier"}, ValueKind::kUid},
    {{"URL", Rule::kSet, "web page"}, ValueKind::kUri},
    {{"VERSION", Rule::kIgnored, "version of vCard"}, ValueKind::kText},
    {{"X-ABADR", Rule::kSet, "country of the address"}, ValueKind::kText},
    {{"X-ABDATE", Rule::kSet, "date"}, ValueKind::kDate},
    {{"X-ABLABEL", Rule::kSet, "label"}, ValueKind::kText},
    {{"X-ABRELATEDNAMES", Rule::kSet, "related"}, ValueKind::kText},
    {{"X-ABSHOWAS", Rule::kSingle, "shown as"}, ValueKind::kText},
    {{"X-ABUID", Rule::kSingle, "identifier of Apple"}, ValueKind::kText},
    {{"X-ADDRESSBOOKSERVER-KIND", Rule::kSingle, "kind"}, ValueKind::kText},
    {{"X-ADDRESSBOOKSERVER-MEMBER", Rule::kSet, "member"}, ValueKind::kUri},
    {{"X-AIM", Rule::kSet, "AIM"}, ValueKind::kText},
    {{"X-ANDROID-CUSTOM", Rule::kSet, "field of Android"}, ValueKind::kUnknown},
    {{"X-ANNIVERSARY", Rule::kSingle, "anniversary"}, ValueKind::kDate},
    {{"X-ASSISTANT", Rule::kSingle, "assistant"}, ValueKind::kText},
    {{"X-EVOLUTION-ANNIVERSARY", Rule::kSingle, "anniversary"}, ValueKind::kDate},
    {{"X-EVOLUTION-ASSISTANT", Rule::kSingle, "assistant"}, ValueKind::kText},
    {{"X-EVOLUTION-BLOG-URL", Rule::kSingle, "blog"}, ValueKind::kUri},
    {{"X-EVOLUTION-CALLBACK", Rule::kSet, "callback phone"}, ValueKind::kPhone},
    {{"X-EVOLUTION-FILE-AS", Rule::kSingle, "filed as"}, ValueKind::kText},
    {{"X-EVOLUTION-MANAGER", Rule::kSingle, "manager"}, ValueKind::kText},
    {{"X-EVOLUTION-SPOUSE", Rule::kSingle, "spouse"}, ValueKind::kText},
    {{"X-EVOLUTION-VIDEO-URL", Rule::kSingle, "video address"}, ValueKind::kUri},
    {{"X-FILE-AS", Rule::kSingle, "filed as"}, ValueKind::kText},
    {{"X-GENDER", Rule::kSingle, "gender"}, ValueKind::kText},
    {{"X-GOOGLE-TALK", Rule::kSet, "Google Talk"}, ValueKind::kText},
    {{"X-GTALK", Rule::kSet, "Google Talk"}, ValueKind::kText},
    {{"X-ICQ", Rule::kSet, "ICQ"}, ValueKind::kText},
    {{"X-JABBER", Rule::kSet, "Jabber"}, ValueKind::kText},
    {{"X-MAIDENNAME", Rule::kSingle, "maiden name"}, ValueKind::kText},
    {{"X-MANAGER", Rule::kSingle, "manager"}, ValueKind::kText},
    {{"X-MOZILLA-HTML", Rule::kSingle, "mail as HTML"}, ValueKind::kText},
    {{"X-MS-ANNIVERSARY", Rule::kSingle, "anniversary"}, ValueKind::kDate},
    {{"X-MS-ASSISTANT", Rule::kSingle, "assistant"}, ValueKind::kText},
    {{"X-MS-CARDPICTURE", Rule::kSingle, "business card"}, ValueKind::kMedia},
    {{"X-MS-IMADDRESS", Rule::kSet, "messenger"}, ValueKind::kText},
    {{"X-MS-MANAGER", Rule::kSingle, "manager"}, ValueKind::kText},
    {{"X-MS-OL-DEFAULT-POSTAL-ADDRESS", Rule::kSingle, "postal address"}, ValueKind::kText},
    {{"X-MS-OL-DESIGN", Rule::kSingle, "design"}, ValueKind::kText},
    {{"X-MS-SPOUSE", Rule::kSingle, "spouse"}, ValueKind::kText},
    {{"X-MSN", Rule::kSet, "MSN"}, ValueKind::kText},
    {{"X-PHONETIC-FIRST-NAME", Rule::kSingle, "first name as spoken"}, ValueKind::kText},
    {{"X-PHONETIC-LAST-NAME", Rule::kSingle, "last name as spoken"}, ValueKind::kText},
    {{"X-PHONETIC-MIDDLE-NAME", Rule::kSingle, "middle name as spoken"}, ValueKind::kText},
    {{"X-PHONETIC-ORG", Rule::kSingle, "organisation as spoken"}, ValueKind::kText},
    {{"X-QQ", Rule::kSet, "QQ"}, ValueKind::kText},
    {{"X-SKYPE", Rule::kSet, "Skype"}, ValueKind::kText},
    {{"X-SKYPE-USERNAME", Rule::kSet, "Skype"}, ValueKind::kText},
    {{"X-SOCIALPROFILE", Rule::kSet, "social profile"}, ValueKind::kUri},
    {{"X-SPOUSE", Rule::kSingle, "spouse"}, ValueKind::kText},
    {{"X-YAHOO", Rule::kSet, "Yahoo"}, ValueKind::kText},
    {{"XML", Rule::kSet, "XML"}, ValueKind::kText},
};

constexpr bool Sorted() {
  for (size_t i = 1; i < std::size(kTable); ++i) {
    if (!(kTable[i - 1].rule.name < kTable[i].rule.name)) return false;
  }
  return true;
}
static_assert(Sorted(), "FactsOf() searches kTable by halves");

bool IsQuotedPrintable(const Property& property) {
  return Lower(ParameterOf(property, "ENCODING")) == "quoted-printable";
}

// In quoted-printable, which is vCard 2.1, a line end is =0D=0A and "\n" is two characters: only
// "\;" and "\," are escapes there. What is not encoded is read as in 3.0, which is how phones
// write 2.1 too.
std::string Plain(std::string_view escaped, bool quoted_printable) {
  std::string text;
  if (quoted_printable) {
    for (size_t i = 0; i < escaped.size(); ++i) {
      const bool escape =
          escaped[i] == '\\' && i + 1 < escaped.size() &&
          (escaped[i + 1] == ';' || escaped[i + 1] == ',' || escaped[i + 1] == '\\');
      if (escape) ++i;
      text.push_back(escaped[i]);
    }
  } else {
    text = content_lines::Unescape(escaped);
  }
  return WithPlainLineEnds(text);
}

std::vector<std::string> PlainParts(const Property& property, char separator) {
  const bool quoted_printable = IsQuotedPrintable(property);
  std::vector<std::string> parts;
  for (const std::string& part :
       content_lines::Split(content_lines::Decoded(property), separator)) {
    parts.push_back(Plain(part, quoted_printable));
  }
  return parts;
}

// RFC 3966, 3: visual separators do not count; "/" and spaces are what people write for them.
std::string CanonicalPhone(std::string_view text) {
  text = Trimmed(text);
  if (StartsWithWord(text, "tel:")) text.remove_prefix(4);
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (std::string_view(" \t-./()").find(text[i]) != std::string_view::npos) continue;
    if (text.substr(i, 2) == "\xc2\xa0") {
      ++i;
      continue;
    }
    out.push_back(text[i]);
  }
  return out.empty() ? std::string(text) : Lower(out);
}

// The domain's letter case does not count (RFC 5321, 2.4), the part before it may.
std::string CanonicalEmail(std::string_view text) {
  text = Trimmed(text);
  if (StartsWithWord(text, "mailto:")) text.remove_prefix(7);
  const size_t at = text.rfind('@');
  if (at == std::string_view::npos) return std::string(text);
  return std::string(text.substr(0, at)) + Lower(text.substr(at));
}

// The scheme's letter case does not count (RFC 3986, 3.1).
std::string CanonicalUri(std::string_view text) {
  text = Trimmed(text);
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::string(text);
  return Lower(text.substr(0, colon)) + std::string(text.substr(colon));
}

// 1815-12-10 and 18151210 are one date (ISO 8601), as are 10:00 and 1000 after a T.
std::string CanonicalDate(std::string_view text) {
  text = Trimmed(text);
  const bool has_digits =
      std::any_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  const bool plain = text.find_first_not_of("0123456789-:.TtZz+") == std::string_view::npos;
  if (!has_digits || !plain) return std::string(text);
  std::string out;
  const bool without_year = text.starts_with("--");
  if (without_year) out = "--";
  bool in_time = false;
  for (const char c : Upper(text.substr(out.size()))) {
    if (c == 'T') in_time = true;
    if (c == ':' || (c == '-' && !in_time)) continue;
    out.push_back(c);
  }
  return out;
}

// 37.38;-122.08 (RFC 2426, 3.4.2) and geo:37.38,-122.08 (RFC 6350, 6.5.2) are one place.
std::string CanonicalPlace(std::string_view text) {
  text = Trimmed(text);
  if (StartsWithWord(text, "geo:")) text.remove_prefix(4);
  std::string out;
  for (const char c : text) {
    if (c != ' ') out.push_back(c == ';' ? ',' : c);
  }
  return out;
}

// Words that say what is so anyway: every EMAIL of 2.1 and 3.0 is TYPE=internet (RFC 2426, 3.3.2),
// every TEL TYPE=voice (RFC 6350, 6.4.1).
bool SaysNothing(std::string_view property, std::string_view type) {
  return (property == "EMAIL" && type == "internet") || (property == "TEL" && type == "voice");
}

bool IsUuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const bool hex = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f') ||
                     (text[i] >= 'A' && text[i] <= 'F');
    if (dash ? text[i] != '-' : !hex) return false;
  }
  return true;
}

// "Dr. Ada Mary Lovelace, Jr.", of Lovelace;Ada;Mary;Dr.;Jr. (RFC 6350, 6.2.2).
std::string ShownName(const std::vector<std::string>& parts) {
  std::vector<std::string> words;
  for (const size_t index : {3, 1, 2, 0}) {
    if (index < parts.size() && !Trimmed(parts[index]).empty()) {
      words.emplace_back(Trimmed(parts[index]));
    }
  }
  std::string shown = Joined(words, " ");
  if (parts.size() > 4 && !Trimmed(parts[4]).empty()) {
    if (!shown.empty()) shown += ", ";
    shown += Trimmed(parts[4]);
  }
  return shown;
}

std::string ShownDate(const std::string& canonical) {
  const bool date =
      canonical.size() == 8 && canonical.find_first_not_of("0123456789") == std::string::npos;
  if (!date) return canonical;
  return canonical.substr(0, 4) + "-" + canonical.substr(4, 2) + "-" + canonical.substr(6);
}

}  // namespace

PropertyFacts FactsOf(std::string_view property) {
  const auto* found = std::lower_bound(
      std::begin(kTable), std::end(kTable), property,
      [](const PropertyFacts& facts, std::string_view name) { return facts.rule.name < name; });
  if (found != std::end(kTable) && found->rule.name == property) return *found;
  return {{property, Rule::kSet, property}, ValueKind::kUnknown};
}

std::string PlainText(const Property& property) {
  return Plain(content_lines::Decoded(property), IsQuotedPrintable(property));
}

std::vector<std::string> PartsOf(const Property& property) {
  std::vector<std::string> parts = PlainParts(property, ';');
  while (!parts.empty() && Trimmed(parts.back()).empty()) parts.pop_back();
  return parts;
}

std::vector<std::string> ListOf(const Property& property) {
  std::vector<std::string> values;
  for (const std::string& part : PlainParts(property, ',')) {
    if (!Trimmed(part).empty()) values.emplace_back(Trimmed(part));
  }
  return values;
}

std::string CanonicalUid(const Property& property) {
  const std::string text = PlainText(property);
  std::string_view uid = Trimmed(text);
  if (StartsWithWord(uid, "urn:uuid:")) uid.remove_prefix(9);
  return IsUuid(uid) ? Lower(uid) : std::string(uid);
}

PropertyRule ContactVocabulary::RuleOf(std::string_view, std::string_view property) const {
  return FactsOf(property).rule;
}

std::string ContactVocabulary::Canonical(std::string_view, const Property& property) const {
  switch (FactsOf(property.name).kind) {
    case ValueKind::kPhone:
      return CanonicalPhone(PlainText(property));
    case ValueKind::kEmail:
      return CanonicalEmail(PlainText(property));
    case ValueKind::kUri:
      return CanonicalUri(PlainText(property));
    case ValueKind::kDate:
      return CanonicalDate(PlainText(property));
    case ValueKind::kPlace:
      return CanonicalPlace(PlainText(property));
    case ValueKind::kUid:
      return CanonicalUid(property);
    case ValueKind::kStructured:
      return Joined(PartsOf(property), "\x1f");
    case ValueKind::kMedia: {
      Media media = MediaOf(property);
      return media.embedded ? "bytes:" + Hash(media.bytes) : std::move(media.uri);
    }
    case ValueKind::kList:
    case ValueKind::kText:
    case ValueKind::kUnknown:
      break;
  }
  return PlainText(property);
}

std::string ContactVocabulary::CanonicalParameters(std::string_view,
                                                   const Property& property) const {
  if (FactsOf(property.name).kind == ValueKind::kMedia) return {};  // they tell the encoding
  std::map<std::string_view, std::vector<std::string>> all;
  for (std::string& type : TypesOf(property)) {
    if (type == "pref") {
      all["PREF"] = {"1"};
    } else if (!SaysNothing(property.name, type)) {
      all["TYPE"].push_back(std::move(type));
    }
  }
  for (const content_lines::Parameter& parameter : property.parameters) {
    const std::string_view name = parameter.name;
    if (name.empty() || name == "TYPE" || name == "VALUE" || name == "ENCODING" ||
        name == "CHARSET") {
      continue;
    }
    for (const std::string& value : parameter.values) all[name].push_back(value);
  }
  std::string text;
  for (const auto& [name, values] : all) {
    text += "\n;" + std::string(name) + "=" + Joined(values, ",");
  }
  return text;
}

std::vector<std::string> ContactVocabulary::MemberIds(std::string_view component,
                                                      const Property& property) const {
  const std::string value = Canonical(component, property);
  std::vector<std::string> types = TypesOf(property);
  std::erase(types, "pref");
  if (property.name == "X-ANDROID-CUSTOM") types = {value.substr(0, value.find(';'))};
  const std::string type = Joined(types, ",");
  return {value + "\x1f" + type, value, type};
}

std::string ContactVocabulary::ComponentId(const Component& component) const {
  const Property* name = component.Find("FN");
  return name == nullptr ? std::string() : PlainText(*name);
}

std::string ContactVocabulary::Shown(std::string_view component, const Property& property) const {
  const ValueKind kind = FactsOf(property.name).kind;
  switch (kind) {
    case ValueKind::kStructured: {
      const std::vector<std::string> parts = PartsOf(property);
      if (property.name == "N") return OneLine(ShownName(parts));
      std::vector<std::string> words;
      for (const std::string& part : parts) {
        if (!Trimmed(part).empty()) words.push_back(OneLine(part));
      }
      return Joined(words, ", ");
    }
    case ValueKind::kMedia:
      return ShownMedia(MediaOf(property));
    case ValueKind::kDate:
      return ShownDate(Canonical(component, property));
    case ValueKind::kList:
      return OneLine(Joined(ListOf(property), ", "));
    default:
      break;
  }
  const std::string text = PlainText(property);
  std::string_view shown = Trimmed(text);
  if (kind == ValueKind::kPhone && StartsWithWord(shown, "tel:")) shown.remove_prefix(4);
  return OneLine(shown);
}

Property ContactVocabulary::Converted(const Property& property, const Component& from,
                                      const Component& into) const {
  return Raised(property, VersionOf(from), VersionOf(into), "\r\n");
}

}  // namespace syncline::contacts
