// Copying from the other replica without a byte passing through Syncline.
#include <utility>

#include "plugins/folders/replica.h"

namespace syncline::folders {

using platform::Dir;
using platform::FileInfo;
using platform::FileType;

Outcome Replica::Copy(const syncline_call* call, Replica* from, std::string_view from_id,
                      std::string_view from_version, const syncline_write* order) {
  Found source;
  Outcome outcome = from->Find(from_id, Access::kRead, &source);
  if (!outcome.ok()) return outcome;
  const bool combine = (order->flags & SYNCLINE_COMBINE) != 0;
  if (!combine && source.look.version.view() != from_version) {
    return Refuse(SYNCLINE_CONFLICT,
                  Join({Quoted(from_id), " was changed in the meantime. Sync again."}));
  }
  FileContent content(call);
  outcome = content.Open(*source.folder, source.name, from_id, source.look.info);
  if (!outcome.ok()) return outcome;
  bool linked = keep_links_ && source.look.info.type == FileType::kFile &&
                source.look.info.links > 1 && (order->flags & SYNCLINE_METADATA_ONLY) == 0;
  if (linked && StoreHardLink(order, from, source.look.info, from_id, &outcome)) return outcome;
  return Store(order, &content);
}

// Another name of the same source file may be stored here already, or be staged.
bool Replica::StoreHardLink(const syncline_write* order, Replica* from, const FileInfo& source,
                            std::string_view from_id, Outcome* outcome) {
  auto found = from->links_.find({source.device, source.file_id});
  if (found == from->links_.end()) return false;
  for (const std::string& id : found->second) {
    if (id == from_id) continue;
    absl::StatusOr<const Dir*> folder = tree_.Folder(ParentOf(id), Access::kRead);
    if (!folder.ok()) continue;
    std::string name = stage_->TemporaryOf(id);
    if (name.empty()) name = NameOf(id);
    FileInfo info;
    if (!platform::Stat(**folder, name.c_str(), &info).ok() || info.type != FileType::kFile ||
        info.size != source.size || info.modified_ns != source.modified_ns ||
        ((info.permissions ^ source.permissions) & kKeptPermissions) != 0) {
      continue;
    }
    absl::StatusOr<Dir> holder = platform::Duplicate(**folder);
    if (!holder.ok()) continue;
    Target target;
    *outcome = Prepare(order, &target);
    if (!outcome->ok()) return true;
    if (target.exists && target.now.info.file_id == info.file_id) return false;
    folder = tree_.Folder(target.folder_id, Access::kWrite);
    if (!folder.ok()) return false;
    const Dir& dir = **folder;
    std::string temporary = stage_->NewName(target.exists ? &target.now.info : nullptr);
    absl::Status status =
        InFolder(dir, [&] { return platform::MakeHardLink(*holder, name, dir, temporary); });
    if (!status.ok()) return false;  // too many names, another disk: a copy does
    std::string_view expected = target.exists ? target.now.version.view() : std::string_view();
    status = stage_->Add(order->ticket, dir, target.id, temporary, expected);
    if (status.ok()) {
      *outcome = Refuse(SYNCLINE_STAGED, "");
      return true;
    }
    platform::RemoveFile(dir, temporary).IgnoreError();
    return false;
  }
  return false;
}

}  // namespace syncline::folders
