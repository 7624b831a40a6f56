// A unit where it stands. See placed.h.
#include "plugins/images/placed.h"

#include "plugins/images/below.h"
#include "plugins/images/hash.h"
#include "plugins/images/packing.h"
#include "plugins/record_files/content.h"
#include "plugins/record_files/refusal.h"

namespace syncline::images {
namespace {

using platform::FileInfo;
using record_files::Join;

constexpr size_t kHexDigits = 32;

// One text for several, in order; that of a single one is itself.
std::string Together(const std::vector<std::string>& texts) {
  if (texts.size() == 1) return texts.front();
  std::string all;
  for (const std::string& text : texts) all += Join({text, "\n"});
  return Join({"unit-", HashOf(all)});
}

}  // namespace

std::string Placed::PathOf(size_t member) const {
  return PathIn(folder, unit.members[member].name);
}

uint64_t Placed::size() const {
  uint64_t sum = 0;
  for (const KnownFile& file : files) sum += file.info.size;
  return sum;
}

bool HoldsPicture(const Member& member) { return member.role != Role::kSidecar; }

std::string ContentOf(const Placed& placed) {
  std::vector<std::string> prints;
  for (size_t i = 0; i < placed.unit.members.size(); ++i) {
    if (HoldsPicture(placed.unit.members[i])) prints.push_back(placed.files[i].fingerprint);
  }
  return Together(prints);
}

absl::StatusOr<std::string> DigestOfUnit(const Call& call, const platform::Dir& root,
                                         Placed* placed) {
  const absl::StatusOr<platform::Dir> dir = OpenBelow(root, placed->folder);
  if (!dir.ok()) return dir.status();
  std::vector<std::string> digests;
  for (size_t i = 0; i < placed->files.size(); ++i) {
    const Member& member = placed->unit.members[i];
    if (!HoldsPicture(member)) continue;
    absl::StatusOr<std::string> digest = DigestOf(call, *dir, member.name, &placed->files[i]);
    if (!digest.ok()) return digest;
    digests.push_back(*std::move(digest));
  }
  return Together(digests);
}

std::string IdOf(const Placed& placed, const Manner& manner) {
  return manner.names == Manner::Names::kPictures ? placed.picture : placed.PathOf(0);
}

std::string KeyOf(const Placed& placed, const Manner& manner) {
  return manner.names == Manner::Names::kPaths ? placed.PathOf(0) : placed.picture;
}

Record RecordOf(const Placed& placed, const Manner& manner) {
  Record record;
  record.id = IdOf(placed, manner);
  record.key = KeyOf(placed, manner);
  record.version = VersionOf(placed, manner.trust);
  record.name = platform::PrintableName(placed.PathOf(0));
  record.media_type = InfoOf(placed.files[0].format).media_type;
  // By it the engine tells a move, which it does by the key: only a key that is a path can be moved
  // to. Elsewhere the key itself tells.
  if (manner.trust == Trust::kAll && manner.names == Manner::Names::kPaths) {
    record.identity = record_files::IdentityOf(placed.files[0].info);
  }
  record.size = placed.size();
  record.mtime_ns = placed.files[0].info.modified_ns;
  if (manner.mergeable) record.flags |= SYNCLINE_MERGEABLE;
  return record;
}

std::string KeptOf(const Placed& placed) {
  std::string kept;
  for (size_t i = 0; i < placed.files.size(); ++i) {
    const FileInfo& info = placed.files[i].info;
    AppendText(placed.unit.members[i].tail, 4, &kept);
    AppendNumber(info.size, 8, &kept);
    AppendNumber(static_cast<uint64_t>(info.modified_ns), 8, &kept);
  }
  return HashOf(kept);
}

std::string VersionOf(const Placed& placed, Trust trust) {
  std::string rest;
  for (const KnownFile& file : placed.files) {
    if (trust != Trust::kAll) break;
    AppendNumber(static_cast<uint64_t>(file.changed_ns), 8, &rest);
    AppendNumber(file.info.file_id, 8, &rest);
  }
  return KeptOf(placed) + HashOf(rest);
}

bool SameKept(std::string_view before, std::string_view after) {
  return before.size() == 2 * kHexDigits && after.size() == 2 * kHexDigits &&
         before.substr(0, kHexDigits) == after.substr(0, kHexDigits);
}

}  // namespace syncline::images
