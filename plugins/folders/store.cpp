// Storing a record: a temporary file beside its place, filled and complete, for settle() to move.
#include <utility>

#include "plugins/folders/replica.h"

namespace syncline::folders {

using platform::Dir;
using platform::File;
using platform::FileInfo;
using platform::FileType;

namespace {

constexpr int kMostNames = 10000;  // of one record beside others

std::string Doing(std::string_view id) { return Join({Quoted(id), " cannot be written"}); }

uint32_t Kept(uint32_t permissions) { return permissions & kKeptPermissions; }

}  // namespace

Outcome Replica::Write(const syncline_call* call, const syncline_write* order,
                       const syncline_byte_source* content) {
  ByteContent bytes(call, content, order->wanted);
  if (bytes.attributes.type == FileType::kLink) {
    Outcome outcome = bytes.ReadTarget();
    if (!outcome.ok()) return outcome;
  }
  return Store(order, &bytes);
}

Outcome Replica::CannotWrite(std::string_view folder_id, std::string_view id,
                             const absl::Status& status) const {
  if (absl::IsPermissionDenied(status) && folder_id.empty()) {
    return Refuse(SYNCLINE_UNWRITABLE,
                  Join({"Nothing can be written in ", Quoted(location_),
                        ": permission denied. Give this user the right to write there."}),
                  std::string(Words(status)));
  }
  return FromSystem(status, Doing(id));
}

Outcome Replica::Prepare(const syncline_write* order, Target* target) {
  const syncline_record& wanted = *order->wanted;
  bool beside = (order->flags & SYNCLINE_BESIDE) != 0;
  target->id = View(wanted.id.len == 0 || beside ? wanted.key : wanted.id);
  if (!IsPlainId(target->id)) {
    return Refuse(SYNCLINE_INVALID, Join({Quoted(target->id), " is not a path inside a folder."}));
  }
  target->folder_id = ParentOf(target->id);
  target->name = NameOf(target->id);
  absl::StatusOr<const Dir*> folder = tree_.Folder(target->folder_id, Access::kWrite);
  if (!folder.ok()) {
    Outcome outcome = FromSystem(folder.status(), Doing(target->id));
    if (outcome.status == SYNCLINE_NOT_FOUND || outcome.status == SYNCLINE_CONFLICT) {
      outcome = Refuse(SYNCLINE_CONFLICT,
                       Join({"The folder that should hold ", Quoted(target->id),
                             " is not there or is no folder any more. Sync again."}),
                       outcome.detail);
    }
    return outcome;
  }
  if (name_rule_ == NameRule::kPortable && (beside || View(order->expected_version).empty())) {
    std::string objection = WindowsObjection(target->name);
    if (!objection.empty()) {
      return Refuse(SYNCLINE_CLASH, Join({Quoted(target->id), " cannot have this name on Windows: ",
                                          objection, ". Rename it, or use --set names=auto."}));
    }
  }
  if (beside) return FreePlaceBeside(order, target);

  absl::StatusOr<Look> now = stage_->LookAt(**folder, target->name);
  if (!now.ok() && !absl::IsNotFound(now.status()))
    return FromSystem(now.status(), Doing(target->id));
  target->exists = now.ok();
  std::string_view expected = View(order->expected_version);
  if (!expected.empty()) {
    if (!now.ok() || now->version.view() != expected) {
      return Refuse(SYNCLINE_CONFLICT,
                    Join({Quoted(target->id), now.ok() ? " was changed" : " was removed",
                          " here in the meantime. Sync again to look at it anew."}));
    }
    target->now = *now;
    return Outcome{};
  }
  if (now.ok()) {
    std::string similar;
    if (now->info.type == FileType::kOther) {
      return Refuse(SYNCLINE_CLASH, Join({Quoted(target->id),
                                          " cannot be stored: a socket, pipe or device of that "
                                          "name is here. Rename one of the two."}));
    }
    if (HasExactName(**folder, target->name, &similar)) {
      return Refuse(SYNCLINE_CONFLICT,
                    Join({Quoted(target->id),
                          " was made here in the meantime. Sync again to look at it anew."}));
    }
    return Refuse(SYNCLINE_CLASH,
                  Join({Quoted(target->id), " cannot be stored: this place does not tell it from ",
                        Quoted(similar), ", which is there already. Rename one of the two."}));
  }
  if (name_rule_ == NameRule::kPortable) {
    absl::StatusOr<std::string> clash = names_.Clash(**folder, target->folder_id, target->name, "");
    if (!clash.ok()) return FromSystem(clash.status(), Doing(target->id));
    if (!clash->empty()) {
      return Refuse(SYNCLINE_CLASH,
                    Join({Quoted(target->id), " cannot stand beside ", Quoted(*clash),
                          ": the two differ only in letter case or in how their letters are "
                          "composed. Rename one of the two."}));
    }
    names_.Add(target->folder_id, target->name);
  }
  return Outcome{};
}

Outcome Replica::FreePlaceBeside(const syncline_write* order, Target* target) {
  std::string wanted = target->name;
  for (int number = 1; number < kMostNames; ++number) {
    std::string name = BesideName(wanted, View(order->label), number);
    std::string id = Below(target->folder_id, name);
    absl::StatusOr<const Dir*> folder = tree_.Folder(target->folder_id, Access::kWrite);
    if (!folder.ok()) return FromSystem(folder.status(), Doing(id));
    FileInfo info;
    absl::Status status = platform::Stat(**folder, name.c_str(), &info);
    if (status.ok() || !stage_->TemporaryOf(id).empty()) continue;
    if (!absl::IsNotFound(status)) return FromSystem(status, Doing(id));
    if (name_rule_ == NameRule::kPortable) {
      absl::StatusOr<std::string> clash = names_.Clash(**folder, target->folder_id, name, "");
      if (!clash.ok()) return FromSystem(clash.status(), Doing(id));
      if (!clash->empty()) continue;
      names_.Add(target->folder_id, name);
    }
    target->name = std::move(name);
    target->id = std::move(id);
    return Outcome{};
  }
  return Refuse(SYNCLINE_FAILED, Join({"No free name was found beside ", Quoted(target->id), "."}));
}

Outcome Replica::Store(const syncline_write* order, Content* content) {
  Target target;
  Outcome outcome = Prepare(order, &target);
  if (!outcome.ok()) return outcome;
  bool metadata_only = (order->flags & SYNCLINE_METADATA_ONLY) != 0;
  bool both_folders = target.exists && target.now.info.type == FileType::kFolder &&
                      content->attributes.type == FileType::kFolder;
  if (target.exists &&
      (both_folders || (metadata_only && target.now.info.type == content->attributes.type))) {
    const bool combine = (order->flags & SYNCLINE_COMBINE) != 0;
    return StoreMetadata(order->ticket, target, *content, combine);
  }
  switch (content->attributes.type) {
    case FileType::kFolder:
      return StoreFolder(order->ticket, target, *content);
    case FileType::kLink:
      return StoreLink(order->ticket, target, *content);
    case FileType::kFile:
    case FileType::kOther:
      break;
  }
  return StoreFile(order->ticket, target, content);
}

Outcome Replica::StoreFile(uint64_t ticket, const Target& target, Content* content) {
  constexpr int kTries = 3;
  absl::StatusOr<const Dir*> folder = tree_.Folder(target.folder_id, Access::kWrite);
  if (!folder.ok()) return FromSystem(folder.status(), Doing(target.id));
  const Dir& dir = **folder;  // content uses no folder of this replica, so it stays open
  for (int attempt = 0; attempt < kTries; ++attempt) {
    std::string temporary = stage_->NewName(target.exists ? &target.now.info : nullptr);
    File file;
    absl::Status status = InFolder(dir, [&] {
      absl::StatusOr<File> made = platform::CreateFile(dir, temporary, 0600);
      if (!made.ok()) return made.status();
      file = *std::move(made);
      return absl::OkStatus();
    });
    if (!status.ok()) return CannotWrite(target.folder_id, target.id, status);
    bool whole = false;
    Outcome outcome = content->Fill(file);
    if (outcome.ok()) outcome = content->LookAgain(&whole);
    if (outcome.ok() && whole) {
      const Attributes& attributes = content->attributes;
      // Attributes first: a file that its owner may not write takes none.
      if (!attributes.user.empty()) {
        outcome = SetAttributes(file, dir, target.id, attributes.user);
      }
      if (outcome.ok()) outcome = SetPermissions(file, target.id, Kept(attributes.permissions));
      if (content->modified_ns != SYNCLINE_UNKNOWN_TIME) {
        status = platform::SetModified(file, content->modified_ns);
      }
      file.Close();
      std::string_view expected = target.exists ? target.now.version.view() : std::string_view();
      if (status.ok() && outcome.ok()) {
        status = stage_->Add(ticket, dir, target.id, temporary, expected);
        if (status.ok()) return Refuse(SYNCLINE_STAGED, "");
      }
      if (outcome.ok()) outcome = FromSystem(status, Doing(target.id));
    }
    platform::RemoveFile(dir, temporary).IgnoreError();
    if (!outcome.ok()) return outcome;
  }
  return Refuse(SYNCLINE_FAILED, Join({Quoted(target.id),
                                       " keeps changing while it is read. It is "
                                       "tried again at the next sync."}));
}

Outcome Replica::StoreLink(uint64_t ticket, const Target& target, const Content& content) {
  absl::StatusOr<const Dir*> folder = tree_.Folder(target.folder_id, Access::kWrite);
  if (!folder.ok()) return FromSystem(folder.status(), Doing(target.id));
  if (content.link_target.empty()) {
    return Refuse(SYNCLINE_INVALID, Join({Quoted(target.id), " is a link without a target."}));
  }
  const Dir& dir = **folder;
  std::string temporary = stage_->NewName(target.exists ? &target.now.info : nullptr);
  absl::Status status =
      InFolder(dir, [&] { return platform::MakeLink(dir, temporary, content.link_target); });
  if (absl::IsUnimplemented(status)) {
    return Refuse(SYNCLINE_INVALID,
                  Join({Quoted(target.id), " is a link, and this disk holds none. Exclude it."}),
                  std::string(Words(status)));
  }
  if (!status.ok()) return CannotWrite(target.folder_id, target.id, status);
  if (content.modified_ns != SYNCLINE_UNKNOWN_TIME) {
    status = platform::SetModifiedAt(dir, temporary, content.modified_ns);
  }
  std::string_view expected = target.exists ? target.now.version.view() : std::string_view();
  if (status.ok()) status = stage_->Add(ticket, dir, target.id, temporary, expected);
  if (status.ok()) return Refuse(SYNCLINE_STAGED, "");
  platform::RemoveFile(dir, temporary).IgnoreError();
  return FromSystem(status, Doing(target.id));
}

Outcome Replica::StoreFolder(uint64_t ticket, const Target& target, const Content& content) {
  absl::StatusOr<const Dir*> found = tree_.Folder(target.folder_id, Access::kWrite);
  if (!found.ok()) return FromSystem(found.status(), Doing(target.id));
  const Dir& dir = **found;
  // What is inside comes next, so the folder must be there now. In place of a file it is made ready
  // under a temporary name.
  std::string name = target.exists ? stage_->NewName(&target.now.info) : target.name;
  uint32_t permissions = Kept(content.attributes.permissions);
  absl::Status status =
      InFolder(dir, [&] { return platform::MakeDir(dir, name, permissions | 0700); });
  if (absl::IsAlreadyExists(status)) {
    return Refuse(SYNCLINE_CONFLICT, Join({Quoted(target.id),
                                           " was made here in the meantime. "
                                           "Sync again to look at it anew."}));
  }
  if (!status.ok()) return CannotWrite(target.folder_id, target.id, status);
  Outcome outcome = FinishFolder(dir, name, target.id, content);
  if (outcome.ok() && target.exists) {
    outcome = stage_->Place(dir, name, target.name, target.now.version.view());
  }
  if (outcome.ok()) {
    absl::StatusOr<Look> look = stage_->LookAt(dir, target.name);
    if (look.ok()) {
      stage_->AddDone(ticket, dir, target.id, *look);
      return Refuse(SYNCLINE_STAGED, "");
    }
    return FromSystem(look.status(), Doing(target.id));
  }
  platform::RemoveDir(dir, name).IgnoreError();
  return outcome;
}

// Exact permissions (the umask and a default ACL had their say) and attributes. Without u+rwx
// nothing could be put inside: then the last word comes with settle().
Outcome Replica::FinishFolder(const Dir& folder, const std::string& name, std::string_view id,
                              const Content& content) {
  absl::StatusOr<Dir> dir = platform::OpenDirAt(folder, name);
  absl::Status status = dir.status();
  FileInfo info;
  if (status.ok()) status = platform::StatHandle(*dir, &info);
  if (!status.ok()) return FromSystem(status, Doing(id));
  Outcome outcome;
  if (!content.attributes.user.empty()) {
    outcome = SetAttributes(*dir, *dir, id, content.attributes.user);
  }
  // setgid stays as it was inherited from the folder around it.
  uint32_t wanted = Kept(content.attributes.permissions) | (info.permissions & ~kKeptPermissions);
  if (outcome.ok() && info.permissions != (wanted | 0700)) {
    outcome = SetPermissions(*dir, id, wanted | 0700);
  }
  if (!outcome.ok()) return outcome;
  if ((wanted & 0700) != 0700) tree_.RestoreLater(*std::move(dir), info, wanted);
  return Outcome{};
}

}  // namespace syncline::folders
