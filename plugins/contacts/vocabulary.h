// What vCard 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350) and the exporters' own properties mean: how
// each is compared and merged. docs/provider-contacts.md has the same as a table.
#ifndef SYNCLINE_PLUGINS_CONTACTS_VOCABULARY_H_
#define SYNCLINE_PLUGINS_CONTACTS_VOCABULARY_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/content_lines/vocabulary.h"

namespace syncline::contacts {

enum class ValueKind : uint8_t {
  kText,
  kStructured,  // parts between semicolons (N, ADR, ORG)
  kList,        // values between commas
  kPhone,
  kEmail,
  kUri,
  kDate,
  kPlace,  // GEO
  kMedia,
  kUid,
  kUnknown,  // text, or anything between semicolons
};

struct PropertyFacts {
  content_lines::PropertyRule rule;
  ValueKind kind;
};
// property: upper case; of an unknown one the name is the label and is borrowed.
PropertyFacts FactsOf(std::string_view property);

// Pure, any thread.
class ContactVocabulary : public content_lines::Vocabulary {
 public:
  content_lines::PropertyRule RuleOf(std::string_view component,
                                     std::string_view property) const override;
  std::string Canonical(std::string_view component,
                        const content_lines::Property& property) const override;
  // The same for all versions of vCard: bare types are types, TYPE=pref is PREF=1; how the value is
  // encoded does not count.
  std::string CanonicalParameters(std::string_view component,
                                  const content_lines::Property& property) const override;
  std::vector<std::string> MemberIds(std::string_view component,
                                     const content_lines::Property& property) const override;
  std::string ComponentId(const content_lines::Component& component) const override;
  std::string Shown(std::string_view component,
                    const content_lines::Property& property) const override;
  content_lines::Property Converted(const content_lines::Property& property,
                                    const content_lines::Component& from,
                                    const content_lines::Component& into) const override;
};

// The value as plain UTF-8 text.
std::string PlainText(const content_lines::Property& property);
// The parts of N, ADR or ORG as plain text, without empty ones at the end.
std::vector<std::string> PartsOf(const content_lines::Property& property);
// The values of CATEGORIES or NICKNAME as plain text.
std::vector<std::string> ListOf(const content_lines::Property& property);
// A UID without "urn:uuid:", a UUID in lower case (RFC 4122: letter case does not count).
std::string CanonicalUid(const content_lines::Property& property);

}  // namespace syncline::contacts

#endif  // SYNCLINE_PLUGINS_CONTACTS_VOCABULARY_H_
