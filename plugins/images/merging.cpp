// Essences of units. See merging.h.
#include "plugins/images/merging.h"

#include <algorithm>
#include <utility>

#include "plugins/images/below.h"
#include "plugins/images/bytes.h"
#include "plugins/images/embedded_xmp.h"
#include "plugins/images/essence_members.h"
#include "plugins/images/metadata.h"
#include "plugins/images/name_patterns.h"
#include "plugins/images/rest.h"
#include "plugins/record_files/refusal.h"

namespace syncline::images {
namespace {

using platform::Dir;
using record_files::FromSystem;
using record_files::FromWriting;
using record_files::Join;
using record_files::Quoted;
using record_files::Words;

Error Refused(const absl::Status& status, const Placed& placed) {
  if (absl::IsUnimplemented(status)) {
    return Error(SYNCLINE_UNSUPPORTED, std::string(Words(status)));
  }
  if (absl::IsFailedPrecondition(status) || absl::IsAborted(status)) {
    return Error(SYNCLINE_CONFLICT, Join({Quoted(placed.PathOf(0)), ": ", Words(status)}));
  }
  return FromSystem(status, Join({Quoted(placed.PathOf(0)), " cannot be read"}));
}

class OpenUnit {
 public:
  OpenUnit(const Dir& root, const Placed& placed) : placed_(placed) {
    absl::StatusOr<Dir> dir = OpenBelow(root, placed.folder);
    if (!dir.ok()) throw Refused(dir.status(), placed);
    dir_ = *std::move(dir);
  }
  platform::File Open(size_t member) const {
    record_files::WaitForTick(placed_.files[member].info);
    absl::StatusOr<platform::File> file =
        platform::OpenFile(dir_, placed_.unit.members[member].name);
    if (!file.ok()) throw Refused(file.status(), placed_);
    return *std::move(file);
  }
  std::string Bytes(size_t member) const {
    const platform::File file = Open(member);
    FileBytes bytes(file, placed_.files[member].info.size);
    absl::StatusOr<std::string> all = ReadAll(bytes);
    if (!all.ok()) throw Refused(all.status(), placed_);
    return *std::move(all);
  }

 private:
  const Placed& placed_;
  Dir dir_;
};

bool IsXmpSidecar(const Member& member) {
  return member.role == Role::kSidecar && EndsWithAnyCase(member.tail, ".xmp");
}

// Only where XMP may stand: the rest of the unit has no part in an ancestor.
Essence AncestorOf(const Call& call, const OpenUnit& unit, const Placed& placed) {
  Essence essence;
  for (size_t i = 0; i < placed.files.size(); ++i) {
    call.ThrowIfCancelled();
    const Member& member = placed.unit.members[i];
    const KnownFile& file = placed.files[i];
    std::string packet;
    if (IsXmpSidecar(member)) {
      if (file.info.size > kSidecarLimit) continue;
      packet = unit.Bytes(i);
    } else {
      const bool may = (member.role == Role::kPicture || member.role == Role::kRaw) &&
                       CanWriteXmp(file.format) && file.info.size <= kLargestPicture;
      if (!may) continue;
      absl::StatusOr<std::string> inside = ReadXmp(file.format, unit.Bytes(i));
      if (!inside.ok()) continue;  // as RestOf() has it: it is not told apart
      packet = *std::move(inside);
    }
    essence.parts.push_back({member.tail, member.role, std::move(packet)});
  }
  std::sort(essence.parts.begin(), essence.parts.end(),
            [](const EssencePart& a, const EssencePart& b) { return a.tail < b.tail; });
  return essence;
}

}  // namespace

Essence EssenceOfUnit(const Call& call, const Dir& root, const Placed& placed, Purpose purpose) {
  const OpenUnit unit(root, placed);
  if (purpose == Purpose::kAncestor) return AncestorOf(call, unit, placed);
  std::vector<MemberEssence> members;
  for (size_t i = 0; i < placed.files.size(); ++i) {
    call.ThrowIfCancelled();
    call.Progress(0);
    const Member& member = placed.unit.members[i];
    const platform::File file = unit.Open(i);
    FileBytes bytes(file, placed.files[i].info.size);
    absl::StatusOr<MemberEssence> read =
        ReadMember(member.role, member.tail, placed.files[i].format, bytes);
    if (!read.ok()) throw Refused(read.status(), placed);
    members.push_back(*std::move(read));
  }
  absl::StatusOr<Essence> essence = EssenceOf(members);
  if (!essence.ok()) throw Refused(essence.status(), placed);
  return *std::move(essence);
}

Incoming WithEssence(const Call& call, const Dir& root, const Placed& placed, const Essence& merged,
                     record_files::Temporaries* temporaries, bool hash) {
  const Essence now = EssenceOfUnit(call, root, placed, Purpose::kMerge);
  const absl::StatusOr<std::vector<PartChange>> changes = ChangesTo(now, merged);
  if (!changes.ok()) throw Refused(changes.status(), placed);
  const OpenUnit unit(root, placed);
  Incoming incoming(&root);
  incoming.stem = placed.unit.stem;
  incoming.folder = placed.folder;
  const auto change_of = [&](std::string_view tail) -> const PartChange* {
    const auto at = std::find_if(changes->begin(), changes->end(),
                                 [&](const PartChange& one) { return one.part.tail == tail; });
    return at == changes->end() ? nullptr : &*at;
  };
  const auto write = [&](Member member, std::string_view bytes) {
    FileWriter writer(root, temporaries->NewName(nullptr), nullptr, hash);
    IncomingFile file;
    file.member = std::move(member);
    file.temporary = writer.name();
    incoming.files.push_back(std::move(file));
    IncomingFile& kept = incoming.files.back();
    absl::Status status = writer.Write(bytes);
    if (status.ok()) status = writer.Finish(SYNCLINE_UNKNOWN_TIME, &kept);
    absl::StatusOr<KnownFile> known =
        status.ok() ? Examine(root, kept.temporary, kept.known.info) : status;
    if (!known.ok()) {
      throw FromWriting(known.status(), Join({Quoted(placed.PathOf(0)), " cannot be written"}));
    }
    kept.known = *std::move(known);
  };
  for (size_t i = 0; i < placed.files.size(); ++i) {
    const Member& member = placed.unit.members[i];
    const PartChange* change = change_of(member.tail);
    if (change != nullptr && change->kind == PartChange::Kind::kRemove) continue;
    if (change != nullptr) {
      const absl::StatusOr<std::optional<std::string>> bytes =
          WithPacket(placed.files[i].format, unit.Bytes(i), change->part);
      if (!bytes.ok()) {
        throw Error(SYNCLINE_INVALID,
                    Join({Quoted(placed.PathOf(i)),
                          " cannot take the merged metadata: ", Words(bytes.status())}));
      }
      if (*bytes) {
        write(member, **bytes);
        continue;
      }
    }
    incoming.files.push_back({member, "", placed.files[i], ""});
  }
  for (const PartChange& change : *changes) {
    if (change.kind != PartChange::Kind::kAdd) continue;
    write({Join({placed.unit.stem, change.part.tail}), change.part.role, change.part.tail},
          change.part.packet);
  }
  return incoming;
}

}  // namespace syncline::images
