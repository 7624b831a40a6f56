// The one door to the system's character sets.
#ifndef SYNCLINE_SDK_PLATFORM_CHARSET_H_
#define SYNCLINE_SDK_PLATFORM_CHARSET_H_

#include <string>
#include <string_view>

namespace syncline::platform {

// Converts bytes of this character set (a name of IANA's) to *utf8. False, and *utf8 unspecified:
// the system does not know the set, or the bytes are none of it. Any thread.
bool ConvertToUtf8(std::string_view bytes, const std::string& charset, std::string* utf8);

}  // namespace syncline::platform

#endif  // SYNCLINE_SDK_PLATFORM_CHARSET_H_
