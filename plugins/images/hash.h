// XXH3 with 128 bits as 32 hex digits, in the canonical byte order.
#ifndef SYNCLINE_PLUGINS_IMAGES_HASH_H_
#define SYNCLINE_PLUGINS_IMAGES_HASH_H_

#include <xxhash.h>

#include <memory>
#include <string>
#include <string_view>

namespace syncline::images {

std::string Hex(const XXH128_hash_t& hash);
std::string HashOf(std::string_view bytes);

// The same of bytes that come piece by piece.
class StreamHash {
 public:
  StreamHash();
  void Add(std::string_view bytes);
  std::string Finish() const;

 private:
  struct Free {
    void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
  };
  std::unique_ptr<XXH3_state_t, Free> state_;
};

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_HASH_H_
