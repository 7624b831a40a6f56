// Hashes as text. See hash.h.
#include "plugins/images/hash.h"

#include <new>

#include "absl/strings/escaping.h"

namespace syncline::images {

std::string Hex(const XXH128_hash_t& hash) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, hash);
  const auto* bytes = reinterpret_cast<const char*>(canonical.digest);
  return absl::BytesToHexString(absl::string_view(bytes, sizeof canonical.digest));
}

std::string HashOf(std::string_view bytes) { return Hex(XXH3_128bits(bytes.data(), bytes.size())); }

StreamHash::StreamHash() : state_(XXH3_createState()) {
  if (state_ == nullptr) throw std::bad_alloc();
  XXH3_128bits_reset(state_.get());
}

void StreamHash::Add(std::string_view bytes) {
  XXH3_128bits_update(state_.get(), bytes.data(), bytes.size());
}

std::string StreamHash::Finish() const { return Hex(XXH3_128bits_digest(state_.get())); }

}  // namespace syncline::images
