// Text that comes from pictures, as UTF-8.
#ifndef SYNCLINE_PLUGINS_IMAGES_METADATA_TEXT_H_
#define SYNCLINE_PLUGINS_IMAGES_METADATA_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace syncline::images {

// The bytes of the letter that text begins with, as UTF-8 has it (RFC 3629: nothing overlong, no
// surrogates); 0 when it begins with none.
size_t LetterLength(std::string_view text);

// One line for people: until the first NUL, without blanks at the ends, a space for each run of
// control characters. What is no UTF-8 is read as Latin-1, which cameras and old programs write. At
// most limit bytes; the cut is shown as "...".
std::string CleanText(std::string_view text, size_t limit);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_METADATA_TEXT_H_
