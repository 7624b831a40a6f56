// A contact for people: title and fields of the conflict view. Pure, any thread.
#ifndef SYNCLINE_PLUGINS_CONTACTS_DESCRIBE_H_
#define SYNCLINE_PLUGINS_CONTACTS_DESCRIBE_H_

#include <string>
#include <utility>
#include <vector>

#include "plugins/content_lines/component.h"

namespace syncline::contacts {

// Name and value; the one called "title" is first. The names are the labels of the vocabulary, as a
// conflict has them: "phone (home)".
std::vector<std::pair<std::string, std::string>> DescribeCard(const content_lines::Component& card);

}  // namespace syncline::contacts

#endif  // SYNCLINE_PLUGINS_CONTACTS_DESCRIBE_H_
