// XXH3 with 128 bits as 32 hex digits, in the canonical byte order.
#ifndef SYNCLINE_PLUGINS_IMAGES_HASH_H_
#define SYNCLINE_PLUGINS_IMAGES_HASH_H_

#include <xxhash.h>

#include <string>
#include <string_view>

namespace syncline::images {

std::string Hex(const XXH128_hash_t& hash);
std::string HashOf(std::string_view bytes);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_HASH_H_
