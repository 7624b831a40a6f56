// The encoding, all numbers little-endian:
//   8 bytes   "SLESSN1\n"
//   u8 text   rest
//   u8        count of parts, by tail, and for each of them:
//     u8      role
//     u8 text tail
//     u32 text packet
// where "uN text" is a length in N bits and then so many bytes.
#include "plugins/images/essence.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "plugins/images/name_patterns.h"
#include "plugins/images/packing.h"
#include "plugins/images/unit_stream.h"
#include "plugins/images/xmp.h"

namespace syncline::images {
namespace {

constexpr std::string_view kMagic = "SLESSN1\n";
constexpr size_t kRestSize = 32;

absl::Status Bad(std::string_view what) {
  return absl::InvalidArgumentError(
      "What is to be merged of a picture is not readable: " + std::string(what) + ".");
}

bool IsHash(std::string_view text) {
  return text.size() == kRestSize &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

absl::Status Check(const Essence& essence) {
  if (!essence.rest.empty() && !IsHash(essence.rest)) return Bad("its proof is none");
  std::set<std::string> tails;
  std::set<Role> inside;
  const std::string* before = nullptr;
  for (const EssencePart& part : essence.parts) {
    if (part.role > Role::kSidecar || part.role == Role::kMovie) {
      return Bad("a part is no picture and no sidecar");
    }
    if (part.role == Role::kSidecar && !EndsWithAnyCase(part.tail, ".xmp")) {
      return Bad("a sidecar is not named as XMP");
    }
    if (part.role != Role::kSidecar && !inside.insert(part.role).second) {
      return Bad("it has two pictures");
    }
    if (part.tail.find_first_of(std::string_view("/\0", 2)) != std::string::npos) {
      return Bad("the name of a part has a '/' or a NUL in it");
    }
    if (before != nullptr && *before >= part.tail) return Bad("its parts are not in order");
    before = &part.tail;
    if (!tails.insert(LowerCase(part.tail)).second) return Bad("two parts have one name");
    if (part.packet.size() > kLargestPacket) return Bad("its XMP is larger than 8 MiB");
  }
  return absl::OkStatus();
}

}  // namespace

std::string EncodeEssence(const Essence& essence) {
  std::vector<const EssencePart*> parts;
  for (const EssencePart& part : essence.parts) parts.push_back(&part);
  std::sort(parts.begin(), parts.end(),
            [](const EssencePart* a, const EssencePart* b) { return a->tail < b->tail; });
  std::string encoded(kMagic);
  AppendText(essence.rest, 1, &encoded);
  AppendNumber(parts.size(), 1, &encoded);
  for (const EssencePart* part : parts) {
    AppendNumber(static_cast<uint64_t>(part->role), 1, &encoded);
    AppendText(part->tail, 1, &encoded);
    AppendText(part->packet, 4, &encoded);
  }
  return encoded;
}

absl::StatusOr<Essence> DecodeEssence(std::string_view encoded) {
  if (!encoded.starts_with(kMagic)) {
    return Bad("it does not begin as it should, or another version wrote it");
  }
  if (encoded.size() > kLargestEssence) return Bad("it is larger than 64 MiB");
  Unpacking fields(encoded.substr(kMagic.size()));
  Essence essence;
  essence.rest = fields.Text(1);
  const uint64_t count = fields.Number(1);
  if (count > kMostMembers) return Bad("it has more than 64 parts");
  for (uint64_t i = 0; i < count && fields.ok(); ++i) {
    EssencePart part;
    part.role = static_cast<Role>(fields.Number(1));
    part.tail = fields.Text(1);
    part.packet = fields.Text(4);
    essence.parts.push_back(std::move(part));
  }
  if (!fields.done()) return Bad("the lengths in it do not fit");
  if (absl::Status status = Check(essence); !status.ok()) return status;
  return essence;
}

}  // namespace syncline::images
