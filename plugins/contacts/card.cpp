// One card: who it is, what counts of it, and what is wrong with it.
#include "plugins/contacts/card.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "plugins/contacts/text.h"
#include "plugins/contacts/vocabulary.h"
#include "plugins/content_lines/digest.h"
#include "syncline/provider.h"

namespace syncline::contacts {
namespace {

using content_lines::Component;
using content_lines::Property;

// Properties that say nothing about anybody.
bool IsForm(std::string_view name) {
  return name == "VERSION" || name == "PRODID" || name == "REV" || name == "UID" ||
         name == "KIND" || name == "SOURCE" || name == "CLASS" || name == "MAILER";
}

bool SaysAnything(const Component& card) {
  return std::any_of(card.children.begin(), card.children.end(), [](const Component::Child& child) {
    const auto* property = std::get_if<Property>(&child);
    return property != nullptr && !property->name.empty() && !IsForm(property->name) &&
           property->value.find_first_not_of("; ,\t") != std::string::npos;
  });
}

std::string Problem(const Component& card) {
  if (card.name != "VCARD") {
    return "it is a " + card.name + ", not a contact; move it out of this file";
  }
  if (card.end_raw.empty()) return "it has no END:VCARD; complete or remove it";
  if (!SaysAnything(card)) return "it has no name and nothing else in it; complete or remove it";
  return {};
}

// Who it is where no UID says it: the name with all email addresses, phones and the birthday. Two
// people may have one name, so that a name alone says nothing: then all that counts must be equal.
std::string Who(const Component& card) {
  const ContactVocabulary vocabulary;
  std::vector<std::string> marks;
  for (const char* name : {"EMAIL", "TEL", "BDAY"}) {
    for (const Property* property : card.All(name)) {
      marks.push_back(std::string(name) + "\x1f" + vocabulary.Canonical(card.name, *property));
    }
  }
  if (marks.empty()) {
    Component rest = card.Clone();
    std::erase_if(rest.children, [](const Component::Child& child) {
      const auto* property = std::get_if<Property>(&child);
      return property != nullptr && property->name == "UID";  // an empty one says nothing
    });
    return content_lines::Digest(rest, vocabulary);
  }
  std::sort(marks.begin(), marks.end());
  return Hash(Lower(NameOf(card)) + "\x1e" + Joined(marks, "\x1e"));
}

// Days since 1970 of a date of the Gregorian calendar.
int64_t Days(int64_t year, int64_t month, int64_t day) {
  year -= month <= 2 ? 1 : 0;
  const int64_t era = (year >= 0 ? year : year - 399) / 400;
  const int64_t of_era = year - era * 400;
  const int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

// The next `count` digits; -1: there are not so many.
int64_t Digits(std::string_view* text, size_t count) {
  if (text->size() < count) return -1;
  int64_t number = 0;
  for (size_t i = 0; i < count; ++i) {
    const char c = (*text)[i];
    if (c < '0' || c > '9') return -1;
    number = number * 10 + (c - '0');
  }
  text->remove_prefix(count);
  return number;
}

void Skip(std::string_view* text, char c) {
  if (text->starts_with(c)) text->remove_prefix(1);
}

}  // namespace

std::string NameOf(const Component& card) {
  const ContactVocabulary vocabulary;
  for (const char* name : {"FN", "N", "ORG", "NICKNAME", "EMAIL", "TEL"}) {
    for (const Property* property : card.All(name)) {
      std::string shown = vocabulary.Shown(card.name, *property);
      if (!shown.empty()) return shown;
    }
  }
  return "a contact without a name";
}

int64_t EditedNs(const Component& card) {
  const Property* rev = card.Find("REV");
  if (rev == nullptr) return SYNCLINE_UNKNOWN_TIME;
  std::string_view text = Trimmed(rev->value);
  const int64_t year = Digits(&text, 4);
  Skip(&text, '-');
  const int64_t month = Digits(&text, 2);
  Skip(&text, '-');
  const int64_t day = Digits(&text, 2);
  // Years that nanoseconds cannot hold are no times of an edit.
  if (year < 1900 || year > 2200 || month < 1 || month > 12 || day < 1 || day > 31) {
    return SYNCLINE_UNKNOWN_TIME;
  }
  int64_t seconds = Days(year, month, day) * 86400;
  if (text.starts_with('T') || text.starts_with('t')) {
    text.remove_prefix(1);
    for (const int64_t unit : {3600, 60, 1}) {
      const int64_t number = Digits(&text, 2);
      if (number < 0) break;
      seconds += number * unit;
      Skip(&text, ':');
    }
    if (text.starts_with('.')) {
      text.remove_prefix(std::min(text.find_first_not_of("0123456789", 1), text.size()));
    }
    const int64_t sign = text.starts_with('+') ? 1 : (text.starts_with('-') ? -1 : 0);
    if (sign != 0) {
      text.remove_prefix(1);
      const int64_t hours = Digits(&text, 2);
      Skip(&text, ':');
      const int64_t minutes = Digits(&text, 2);
      seconds -= sign * (std::max<int64_t>(hours, 0) * 3600 + std::max<int64_t>(minutes, 0) * 60);
    }
  }
  return seconds * 1'000'000'000;
}

CardFacts FactsOfCard(const Component& card) {
  CardFacts facts;
  facts.problem = Problem(card);
  facts.edited_ns = SYNCLINE_UNKNOWN_TIME;
  facts.card = card.name == "VCARD";
  if (!facts.card) return facts;
  if (const Property* uid = card.Find("UID")) facts.uid = CanonicalUid(*uid);
  facts.digest = content_lines::Digest(card, ContactVocabulary());
  if (facts.uid.empty()) facts.who = Who(card);
  facts.name = NameOf(card);
  facts.edited_ns = EditedNs(card);
  for (const Property* property : card.All("CATEGORIES")) {
    for (const std::string& category : ListOf(*property)) {
      facts.categories.push_back(Lower(category));
    }
  }
  return facts;
}

}  // namespace syncline::contacts
