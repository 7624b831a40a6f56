// Turns SQLite's result codes into Status with a sentence for a person. Internal to storage/.
#ifndef SYNCLINE_STORAGE_ERRORS_H_
#define SYNCLINE_STORAGE_ERRORS_H_

#include <string_view>

#include "absl/status/status.h"

struct sqlite3;

namespace syncline::storage {

// What to do about a damaged database of this kind. Lives for ever.
const char* DamageAdvice(std::string_view kind);

// The status of a failed call; code is its (extended) result. advice as above. db may be null, then
// the message has SQLite's general text for the code.
absl::Status StatusOf(sqlite3* db, int code, const char* path, const char* advice);

}  // namespace syncline::storage

#endif  // SYNCLINE_STORAGE_ERRORS_H_
