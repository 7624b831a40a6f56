// From the files of a unit to its essence, and from a merged essence back into them. The caller
// opens files and writes them.
//
//   for (each member) members.push_back(ReadMember(role, tail, format, file));
//   Essence mine = EssenceOf(members);
//   ...
//   for (const PartChange& change : ChangesTo(mine, merged)) ... WithPacket() ...
#ifndef SYNCLINE_PLUGINS_IMAGES_ESSENCE_MEMBERS_H_
#define SYNCLINE_PLUGINS_IMAGES_ESSENCE_MEMBERS_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "plugins/images/bytes.h"
#include "plugins/images/essence.h"
#include "plugins/images/formats.h"

namespace syncline::images {

struct MemberEssence {
  std::string tail;
  Role role = Role::kPicture;
  std::string rest;                   // empty: it is XMP as a whole
  std::optional<std::string> packet;  // nullopt: it has no part in merging
};

// Of pictures and raws as RestOf() tells them; of a sidecar ".xmp" its text; of all else, and of
// a sidecar that is too large for one, the hash of its bytes. Errors: as RestOf().
absl::StatusOr<MemberEssence> ReadMember(Role role, std::string_view tail, Format format,
                                         Bytes& file);

// The order of members makes no difference. Unimplemented, with a sentence: it would be larger than
// kLargestEssence.
absl::StatusOr<Essence> EssenceOf(std::span<const MemberEssence> members);

struct PartChange {
  EssencePart part;  // as it is to be
  enum class Kind : uint8_t { kRemove, kWrite, kAdd } kind = Kind::kWrite;
  bool operator==(const PartChange&) const = default;
};
// What makes a unit with the essence `now` one with `wanted`; nothing for parts that say the same.
// Only sidecars are removed, which comes first, and added. FailedPrecondition, with a sentence: the
// unit is not the one that was merged.
absl::StatusOr<std::vector<PartChange>> ChangesTo(const Essence& now, const Essence& wanted);

// The bytes of a member with the packet of this part in it; nullopt: it says that already. Nothing
// but its XMP, and what goes in step with it, is another then: that is made sure, and else
// Internal. Errors: as WithXmp(); Unimplemented when its XMP is not told apart.
absl::StatusOr<std::optional<std::string>> WithPacket(Format format, std::string member,
                                                      const EssencePart& part);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_ESSENCE_MEMBERS_H_
