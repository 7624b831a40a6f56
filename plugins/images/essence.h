// The essence of a unit: what a merge needs of it instead of its whole content. That is its XMP,
// and a proof that nothing else differs.
#ifndef SYNCLINE_PLUGINS_IMAGES_ESSENCE_H_
#define SYNCLINE_PLUGINS_IMAGES_ESSENCE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "plugins/images/units.h"

namespace syncline::images {

// One place of XMP.
struct EssencePart {
  std::string tail;  // of the member, as in Member
  Role role = Role::kPicture;
  // Of a picture or raw the XMP inside, empty: none; of a sidecar its text.
  std::string packet;
  bool operator==(const EssencePart&) const = default;
};

struct Essence {
  std::string rest;  // 32 hex digits, a hash of all that is no XMP; empty in an ancestor
  std::vector<EssencePart> parts;
  bool operator==(const Essence&) const = default;
};

inline constexpr size_t kLargestEssence = size_t{64} << 20;  // bytes, encoded

// The order of parts makes no difference. Two that are equal have the same bytes.
std::string EncodeEssence(const Essence& essence);

// The parts come in the order of their tails. What it reads comes from elsewhere and is not
// trusted: InvalidArgument, with a sentence, for what EncodeEssence() would not have written of a
// unit, or what another version wrote.
absl::StatusOr<Essence> DecodeEssence(std::string_view encoded);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_ESSENCE_H_
