// One card: who it is, what counts of it, and what is wrong with it. Pure, any thread.
#ifndef SYNCLINE_PLUGINS_CONTACTS_CARD_H_
#define SYNCLINE_PLUGINS_CONTACTS_CARD_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/content_lines/component.h"

namespace syncline::contacts {

struct CardFacts {
  bool card = false;                    // else another kind of component
  std::string uid;                      // canonical; empty: it has none
  std::string digest;                   // of what counts
  std::string who;                      // stands for the UID where there is none; see Who()
  std::string name;                     // for people, UTF-8
  std::string problem;                  // empty: none
  int64_t edited_ns = 0;                // SYNCLINE_UNKNOWN_TIME: not said
  std::vector<std::string> categories;  // lower case
};

CardFacts FactsOfCard(const content_lines::Component& card);
// "Ada Lovelace", or what else tells whose card it is.
std::string NameOf(const content_lines::Component& card);
// REV in Unix time, both forms of RFC 6350, 4.3.5 and ISO 8601; SYNCLINE_UNKNOWN_TIME: not said.
int64_t EditedNs(const content_lines::Component& card);

}  // namespace syncline::contacts

#endif  // SYNCLINE_PLUGINS_CONTACTS_CARD_H_
