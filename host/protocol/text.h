// Joining and cutting text. Debian builds Abseil for C++14, where absl::string_view is a type of
// its own that absl::StrCat takes and std::string_view is not; Cat takes both.
#ifndef SYNCLINE_HOST_PROTOCOL_TEXT_H_
#define SYNCLINE_HOST_PROTOCOL_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace syncline {

namespace text_internal {
template <typename T>
decltype(auto) Piece(const T& value) {
  if constexpr (std::is_same_v<T, std::string_view>) {
    return absl::string_view(value.data(), value.size());
  } else {
    return (value);
  }
}
}  // namespace text_internal

// The arguments (text of any kind, numbers) one after another.
template <typename... Args>
std::string Cat(const Args&... args) {
  return absl::StrCat(text_internal::Piece(args)...);
}

// The sentence of a failed status.
inline std::string Sentence(const absl::Status& status) { return std::string(status.message()); }

// The last lines of what a program printed, fit for a message: control characters escaped, joined
// by " / ", at most max_bytes long.
std::string LastLines(std::string_view output, size_t max_lines, size_t max_bytes);

// text cut to at most max_bytes without cutting a UTF-8 sequence in two.
std::string_view CutText(std::string_view text, size_t max_bytes);

}  // namespace syncline

#endif  // SYNCLINE_HOST_PROTOCOL_TEXT_H_
