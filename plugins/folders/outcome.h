// How a call on a folder replica ended: a status of the contract and, when it is a refusal, the
// sentence for the person. One place turns errors of the system into both.
#ifndef SYNCLINE_PLUGINS_FOLDERS_OUTCOME_H_
#define SYNCLINE_PLUGINS_FOLDERS_OUTCOME_H_

#include <initializer_list>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "syncline/provider.h"

namespace syncline::folders {

struct Outcome {
  syncline_status status = SYNCLINE_OK;
  std::string summary;  // what happened and what to do, one sentence
  std::string detail;   // the system's words
  std::string setting;  // the setting at fault
  bool ok() const { return status >= 0; }
};

Outcome Refuse(syncline_status status, std::string summary, std::string detail = "",
               std::string setting = "");

// What an error of the system means for the record that is being worked at. doing names the record:
// "\"a/b.txt\" cannot be written". NotFound becomes NOT_FOUND; the caller knows better what it
// means.
Outcome FromSystem(const absl::Status& status, std::string_view doing);

// id between double quotes, with control characters, bytes that are not UTF-8 and '"' escaped.
std::string Quoted(std::string_view id);

// The parts one after the other. (Debian's Abseil has a string_view of its own, which absl::StrCat
// wants; this tree speaks std::string_view.)
std::string Join(std::initializer_list<std::string_view> parts);
inline std::string_view Words(const absl::Status& status) {
  return {status.message().data(), status.message().size()};
}

inline std::string_view View(const syncline_str& text) {
  return text.len == 0 ? std::string_view() : std::string_view(text.ptr, text.len);
}
inline syncline_str Str(std::string_view text) { return syncline_str{text.data(), text.size()}; }

}  // namespace syncline::folders

#endif  // SYNCLINE_PLUGINS_FOLDERS_OUTCOME_H_
