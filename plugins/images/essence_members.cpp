#include "plugins/images/essence_members.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "plugins/images/embedded_xmp.h"
#include "plugins/images/name_patterns.h"
#include "plugins/images/rest.h"
#include "plugins/images/rest_facts.h"
#include "plugins/images/xmp.h"
#include "plugins/images/xmp_merge.h"

namespace syncline::images {
namespace {

bool IsXmpSidecar(Role role, std::string_view tail) {
  return role == Role::kSidecar && EndsWithAnyCase(tail, ".xmp");
}

const EssencePart* Find(const Essence& essence, const EssencePart& like) {
  for (const EssencePart& part : essence.parts) {
    if (part.tail == like.tail && part.role == like.role) return &part;
  }
  return nullptr;
}

absl::Status AnotherUnit() {
  return absl::FailedPreconditionError(
      "The picture is not the one whose metadata was merged: it was changed meanwhile. It is "
      "merged anew by the next sync.");
}

}  // namespace

absl::StatusOr<MemberEssence> ReadMember(Role role, std::string_view tail, Format format,
                                         Bytes& file) {
  MemberEssence member{std::string(tail), role, "", std::nullopt};
  if (IsXmpSidecar(role, tail) && file.size() <= kLargestPacket) {
    absl::StatusOr<std::string> text = ReadAll(file);
    if (!text.ok()) return text.status();
    member.packet = *std::move(text);
  } else if (role == Role::kPicture || role == Role::kRaw) {
    absl::StatusOr<PictureRest> rest = RestOf(format, file);
    if (!rest.ok()) return rest.status();
    member.rest = std::move(rest->rest);
    member.packet = std::move(rest->packet);
  } else {
    absl::StatusOr<std::string> rest = RestOfWhole(file);
    if (!rest.ok()) return rest.status();
    member.rest = *std::move(rest);
  }
  return member;
}

absl::StatusOr<Essence> EssenceOf(std::span<const MemberEssence> members) {
  Essence essence;
  RestFacts facts;
  for (const MemberEssence& member : members) {
    if (member.packet) essence.parts.push_back({member.tail, member.role, *member.packet});
    if (IsXmpSidecar(member.role, member.tail) && member.packet) continue;
    facts.Add("member", std::to_string(static_cast<int>(member.role)) + member.tail, member.rest);
  }
  essence.rest = std::move(facts).Hash();
  std::sort(essence.parts.begin(), essence.parts.end(),
            [](const EssencePart& a, const EssencePart& b) { return a.tail < b.tail; });
  if (EncodeEssence(essence).size() > kLargestEssence) {
    return absl::UnimplementedError(
        "The XMP of this picture and its sidecars is larger than 64 MiB, which is not merged.");
  }
  return essence;
}

absl::StatusOr<std::vector<PartChange>> ChangesTo(const Essence& now, const Essence& wanted) {
  using Kind = PartChange::Kind;
  if (now.rest != wanted.rest) return AnotherUnit();
  std::vector<PartChange> changes;
  for (const EssencePart& part : now.parts) {
    if (Find(wanted, part) != nullptr) continue;
    if (part.role != Role::kSidecar) return AnotherUnit();
    changes.push_back({part, Kind::kRemove});
  }
  for (const EssencePart& part : wanted.parts) {
    const EssencePart* before = Find(now, part);
    if (before == nullptr) {
      if (part.role != Role::kSidecar) return AnotherUnit();
      changes.push_back({part, Kind::kAdd});
    } else if (before->packet != part.packet &&
               XmpDigest(before->packet) != XmpDigest(part.packet)) {
      changes.push_back({part, Kind::kWrite});
    }
  }
  return changes;
}

absl::StatusOr<std::optional<std::string>> WithPacket(Format format, std::string member,
                                                      const EssencePart& part) {
  if (part.role == Role::kSidecar) {
    if (member == part.packet || XmpDigest(member) == XmpDigest(part.packet)) return std::nullopt;
    return part.packet;
  }
  const absl::StatusOr<PictureRest> before = RestOf(format, member);
  if (!before.ok()) return before.status();
  if (!before->packet) {
    return absl::UnimplementedError("The XMP inside of this " + std::string(InfoOf(format).name) +
                                    " is not changed.");
  }
  if (*before->packet == part.packet || XmpDigest(*before->packet) == XmpDigest(part.packet)) {
    return std::nullopt;
  }
  absl::StatusOr<std::string> with = WithXmp(format, std::move(member), part.packet);
  if (!with.ok()) return with.status();
  const absl::StatusOr<PictureRest> after = RestOf(format, *with);
  if (!after.ok()) return after.status();
  if (after->rest != before->rest || !after->packet ||
      XmpDigest(*after->packet) != XmpDigest(part.packet)) {
    return absl::InternalError(
        "The merged XMP cannot be put into the picture without changing more of it, so it was "
        "left as it is.");
  }
  return *std::move(with);
}

}  // namespace syncline::images
