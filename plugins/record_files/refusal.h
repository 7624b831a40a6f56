// Errors of the system as refusals of the contract, with a sentence for a person.
#ifndef SYNCLINE_PLUGINS_RECORD_FILES_REFUSAL_H_
#define SYNCLINE_PLUGINS_RECORD_FILES_REFUSAL_H_

#include <initializer_list>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "syncline/provider.hpp"

namespace syncline::record_files {

// The parts one after the other. (Debian's Abseil has a string_view of its own, which absl::StrCat
// wants.)
std::string Join(std::initializer_list<std::string_view> parts);
// Between double quotes, as a person may see it.
std::string Quoted(std::string_view name);
inline std::string_view Words(const absl::Status& status) {
  return {status.message().data(), status.message().size()};
}

// doing names what was tried: "\"ada.vcf\" cannot be read".
Error FromSystem(const absl::Status& status, std::string_view doing);
// The same for a change to a place: what stops every change there is UNWRITABLE.
Error FromWriting(const absl::Status& status, std::string_view doing);

}  // namespace syncline::record_files

#endif  // SYNCLINE_PLUGINS_RECORD_FILES_REFUSAL_H_
