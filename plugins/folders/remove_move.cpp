// Removing and moving: at once, after a look whether the record is the one that is meant.
#include <algorithm>
#include <utility>

#include "plugins/folders/replica.h"

namespace syncline::folders {

using platform::Dir;
using platform::FileInfo;
using platform::FileType;
using platform::Replace;

namespace {

Outcome Changed(std::string_view id) {
  return Refuse(SYNCLINE_CONFLICT, Join({Quoted(id),
                                         " was changed here in the meantime. Sync again "
                                         "to look at it anew."}));
}

}  // namespace

Outcome Replica::Remove(uint64_t ticket, std::string_view id, std::string_view expected_version,
                        const syncline_result_sink* result) {
  Found found;
  Outcome outcome = Find(id, Access::kWrite, &found);
  if (outcome.status == SYNCLINE_NOT_FOUND) {
    result->stored(result->ctx, ticket, nullptr);
    return Outcome{};
  }
  if (!outcome.ok()) return outcome;
  if (found.look.version.view() != expected_version) return Changed(id);
  bool is_folder = found.look.info.type == FileType::kFolder;
  if (is_folder) {
    outcome = RemoveOwnLeftovers(*found.folder, found.name, id);
    if (!outcome.ok()) return outcome;
  }
  absl::Status status = InFolder(
      *found.folder, [&] { return RemoveAny(*found.folder, found.name, found.look.info.type); });
  if (absl::IsFailedPrecondition(status) && is_folder) {
    return Refuse(SYNCLINE_CONFLICT,
                  Join({"The folder ", Quoted(id), " still holds something and is kept."}),
                  std::string(Words(status)));
  }
  if (absl::IsPermissionDenied(status)) return CannotWrite(ParentOf(id), id, status);
  if (!status.ok() && !absl::IsNotFound(status)) {
    return FromSystem(status, Join({Quoted(id), " cannot be removed"}));
  }
  stage_->Touch(*found.folder);
  names_.Remove(ParentOf(id), found.name);
  if (is_folder) tree_.Forget();
  result->stored(result->ctx, ticket, nullptr);
  return Outcome{};
}

// A folder that holds nothing but what a killed sync of this item left is empty for a person.
Outcome Replica::RemoveOwnLeftovers(const Dir& folder, const std::string& name,
                                    std::string_view id) {
  absl::StatusOr<Dir> dir = platform::OpenDirAt(folder, name);
  platform::DirListing listing;
  absl::Status status = dir.status();
  if (status.ok()) status = platform::ListDir(*dir, &listing);
  if (!status.ok())
    return FromSystem(status, Join({"The folder ", Quoted(id), " cannot be removed"}));
  const std::string& ours = stage_->prefix();
  for (const platform::DirEntry& entry : listing.entries) {
    std::string_view inside = listing.Name(entry);
    if (inside.substr(0, ours.size()) == ours) continue;
    return Refuse(SYNCLINE_CONFLICT,
                  Join({"The folder ", Quoted(id), " still holds ", Quoted(inside),
                        " and is kept. Remove or include what is inside, then sync again."}));
  }
  for (const platform::DirEntry& entry : listing.entries) {
    stage_->TidyUp(*dir, std::string(listing.Name(entry)));
  }
  return Outcome{};
}

Outcome Replica::Move(uint64_t ticket, std::string_view id, std::string_view expected_version,
                      std::string_view wanted_key, const syncline_result_sink* result) {
  Found found;
  if (!IsPlainId(wanted_key)) {
    return Refuse(SYNCLINE_INVALID,
                  Join({Quoted(wanted_key), " is not a path inside the folder."}));
  }
  Outcome outcome = Find(id, Access::kWrite, &found);
  if (!outcome.ok()) return outcome;
  if (found.look.version.view() != expected_version) return Changed(id);
  if (wanted_key.size() > id.size() && wanted_key.substr(0, id.size()) == id &&
      wanted_key[id.size()] == '/') {
    return Refuse(SYNCLINE_CONFLICT, Join({Quoted(id), " cannot be moved to ", Quoted(wanted_key),
                                           ", inside itself."}));
  }
  std::string to_name(NameOf(wanted_key));
  std::string_view to_id = ParentOf(wanted_key);
  absl::StatusOr<Dir> from = platform::Duplicate(*found.folder);
  if (!from.ok()) return FromSystem(from.status(), Join({Quoted(id), " cannot be moved"}));
  absl::StatusOr<const Dir*> to = tree_.Folder(to_id, Access::kWrite);
  if (!to.ok()) {
    outcome =
        FromSystem(to.status(), Join({Quoted(id), " cannot be moved to ", Quoted(wanted_key)}));
    if (outcome.status == SYNCLINE_NOT_FOUND) outcome.status = SYNCLINE_CONFLICT;
    return outcome;
  }
  if (name_rule_ == NameRule::kPortable) {
    std::string objection = WindowsObjection(to_name);
    if (!objection.empty()) {
      return Refuse(SYNCLINE_CLASH, Join({Quoted(wanted_key), " cannot have this name on Windows: ",
                                          objection, ". Rename it, or use --set names=auto."}));
    }
    std::string_view except = ParentOf(id) == to_id ? std::string_view(found.name) : "";
    absl::StatusOr<std::string> clash = names_.Clash(**to, to_id, to_name, except);
    if (!clash.ok()) return FromSystem(clash.status(), Join({Quoted(id), " cannot be moved"}));
    if (!clash->empty()) {
      return Refuse(SYNCLINE_CLASH,
                    Join({Quoted(wanted_key), " cannot stand beside ", Quoted(*clash),
                          ": the two differ only in letter case or in how their letters are "
                          "composed. Rename one of the two."}));
    }
  }
  absl::Status status = Rename(*from, found.name, **to, to_name, found.look);
  if (absl::IsPermissionDenied(status)) {
    bool loosened = tree_.Loosen(*from);
    loosened = tree_.Loosen(**to) || loosened;
    // Moving a folder elsewhere rewrites its "..", which takes the right to write in itself.
    absl::StatusOr<Dir> itself = absl::UnavailableError("not a folder");
    if (found.look.info.type == FileType::kFolder) itself = platform::OpenDirAt(*from, found.name);
    if (itself.ok()) loosened = tree_.Loosen(*itself) || loosened;
    if (loosened) status = Rename(*from, found.name, **to, to_name, found.look);
  }
  if (absl::IsUnimplemented(status)) {
    return Refuse(SYNCLINE_UNSUPPORTED,
                  Join({Quoted(id), " cannot be moved to another disk in one step."}),
                  std::string(Words(status)));
  }
  if (absl::IsAlreadyExists(status)) {
    std::string similar;
    if (HasExactName(**to, to_name, &similar)) {
      return Refuse(SYNCLINE_CONFLICT, Join({Quoted(wanted_key),
                                             " is taken here already. Sync again "
                                             "to look at it anew."}));
    }
    return Refuse(SYNCLINE_CLASH, Join({Quoted(id), " cannot be moved to ", Quoted(wanted_key),
                                        ": this place does not tell it from ", Quoted(similar),
                                        ", which is there already. Rename one of the two."}));
  }
  if (!status.ok()) {
    if (absl::IsPermissionDenied(status)) return CannotWrite(to_id, wanted_key, status);
    return FromSystem(status, Join({Quoted(id), " cannot be moved to ", Quoted(wanted_key)}));
  }
  stage_->Touch(*from);
  stage_->Touch(**to);
  names_.Remove(ParentOf(id), found.name);
  names_.Add(to_id, to_name);
  absl::StatusOr<Look> now = stage_->LookAfterRename(**to, to_name);
  // Whatever differs but the ctime is an edit of just now: the old version makes the next sync see
  // it.
  Look stored = found.look;
  if (now.ok() && SameButChangeTime(now->version.view(), expected_version)) stored = *now;
  tree_.Forget();
  PushStored(result, ticket, wanted_key, stored);
  return Outcome{};
}

absl::Status Replica::Rename(const Dir& from_dir, const std::string& from, const Dir& to_dir,
                             const std::string& to, const Look& look) {
  absl::Status status = platform::Rename(from_dir, from, to_dir, to, Replace::kNever);
  if (!absl::IsAlreadyExists(status)) return status;
  FileInfo taken;
  bool same = platform::Stat(to_dir, to.c_str(), &taken).ok() &&
              taken.file_id == look.info.file_id && taken.device == look.info.device;
  std::string similar;
  if (!same || from == to || HasExactName(to_dir, to, &similar)) return status;
  // The folder ignores letter case and finds the record itself in its way. rename(2) does nothing
  // for two names of one file, so it takes a name in between: a visible one, for a kill right here.
  std::string between = BesideName(to, "renaming", 1);
  absl::Status first = platform::Rename(from_dir, from, to_dir, between, Replace::kNever);
  if (!first.ok()) return first;
  status = platform::Rename(to_dir, between, to_dir, to, Replace::kNever);
  if (!status.ok()) {
    platform::Rename(to_dir, between, from_dir, from, Replace::kNever).IgnoreError();
  }
  return status;
}

}  // namespace syncline::folders
