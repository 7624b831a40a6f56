// Listing the units of one side. See listing.h.
#include "plugins/images/listing.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "plugins/images/below.h"
#include "plugins/record_files/refusal.h"

namespace syncline::images {
namespace {

using platform::FileInfo;
using platform::FileType;
using record_files::Join;
using record_files::Quoted;
using record_files::Words;

// Folders that hold no pictures of a person: previews that programs made, and what was thrown away.
bool IsPassedOver(std::string_view folder_name) {
  return folder_name.front() == '.' || folder_name == "@eaDir" || folder_name == "$RECYCLE.BIN" ||
         folder_name == "System Volume Information";
}

std::string DigestEntry(std::string_view content) { return Join({"d:", content}); }

}  // namespace

void RememberDigest(const Host& host, std::string_view content, std::string_view digest) {
  host.Remember(DigestEntry(content), digest);
}

KnownFile Listing::Know(const platform::Dir& dir, const std::string& name, const std::string& path,
                        const FileInfo& info) {
  if (std::optional<KnownFile> known = memory_->Find(name, info)) return *std::move(known);
  absl::StatusOr<KnownFile> known = Examine(dir, name, info);
  if (!known.ok()) return Unreadable(name, info, known.status());
  if (known->format == Format::kNone) return *std::move(known);
  if (!known->problem.empty()) {
    host_->Event(SYNCLINE_WARNING, path,
                 Join({Quoted(path), ": ", known->problem, "; it is taken as it is."}));
  }
  if (!ExtensionFits(known->format, name)) {
    host_->Event(SYNCLINE_WARNING, path,
                 Join({Quoted(path), " is ", InfoOf(known->format).name,
                       ", which its name does not say; it is taken as it is."}));
  }
  return *std::move(known);
}

void Listing::Folder(const platform::Dir& dir, const std::string& folder,
                     const platform::DirListing& names, Listed* listed) {
  memory_->Enter(folder);
  std::vector<FileInFolder> files;
  std::map<std::string, KnownFile, std::less<>> known;
  for (const platform::DirEntry& entry : names.entries) {
    std::string name(names.Name(entry));
    if (entry.type == FileType::kFolder || name.starts_with(".syncline-part-")) continue;
    // Phones keep what was thrown away or is not whole yet under such names.
    if (name.front() == '.') {
      ++listed->others;
      continue;
    }
    FileInfo info;
    const absl::Status seen = platform::Stat(dir, name.c_str(), &info);
    if (absl::IsNotFound(seen) || info.type == FileType::kFolder) continue;  // gone since
    if (seen.ok() && info.type != FileType::kFile) {
      ++listed->others;
      continue;
    }
    KnownFile file =
        seen.ok() ? Know(dir, name, PathIn(folder, name), info) : Unreadable(name, info, seen);
    files.push_back({name, file.format});
    known.emplace(std::move(name), std::move(file));
  }
  Grouped grouped = GroupUnits(files);
  listed->others += grouped.others.size();
  if (memory_->Differs()) changed_.insert(folder);
  if (!grouped.others.empty()) {
    Others& others = others_[folder];
    for (const std::string& name : grouped.others) others.emplace_back(name, known.at(name));
  }
  for (Unit& unit : grouped.units) {
    Placed placed;
    placed.folder = folder;
    for (const Member& member : unit.members) {
      placed.files.push_back(std::move(known.at(member.name)));
    }
    placed.unit = std::move(unit);
    // A unit of which a part cannot be read: to sync the rest of it would part them.
    const auto unreadable =
        std::find_if(placed.files.begin(), placed.files.end(),
                     [](const KnownFile& file) { return !file.unreadable.empty(); });
    if (unreadable != placed.files.end()) {
      const auto member = static_cast<size_t>(unreadable - placed.files.begin());
      listed->asides.push_back(
          {placed.PathOf(0), Join({Quoted(placed.PathOf(member)), " ", unreadable->unreadable})});
      continue;
    }
    placed.content = ContentOf(placed);
    found_.push_back(std::move(placed));
  }
}

Listed Listing::List(const Call& call) {
  Listed listed;
  found_.clear();
  changed_.clear();
  others_.clear();
  memory_->Start();
  std::vector<std::string> folders = {""};
  while (!folders.empty()) {
    call.ThrowIfCancelled();
    const std::string folder = std::move(folders.back());
    folders.pop_back();
    const absl::StatusOr<platform::Dir> dir = OpenBelow(*dir_, folder);
    platform::DirListing names;
    const absl::Status status = dir.ok() ? platform::ListDir(*dir, &names) : dir.status();
    if (!status.ok()) {
      if (absl::IsNotFound(status) && !folder.empty()) continue;  // gone since
      listed.unreadable.push_back(Join({Quoted(folder), ": ", Words(status)}));
      continue;
    }
    for (const platform::DirEntry& entry : names.entries) {
      const std::string_view name = names.Name(entry);
      FileType type = entry.type;
      FileInfo info;
      if (type == FileType::kOther && platform::Stat(*dir, std::string(name).c_str(), &info).ok()) {
        type = info.type;
      }
      if (type == FileType::kFolder && !IsPassedOver(name)) folders.push_back(PathIn(folder, name));
    }
    Folder(*dir, folder, names, &listed);
    call.Progress(found_.size());
  }
  if (manner_->names != Manner::Names::kPaths) TellPicturesApart(call, &listed);
  Save(listed.unreadable.empty());
  std::set<std::string> keys;
  for (Placed& placed : found_) {
    if (placed.picture.empty() && manner_->names != Manner::Names::kPaths) continue;  // set aside
    const std::string path = placed.PathOf(0);
    std::string id = IdOf(placed, *manner_);
    if (keys.insert(KeyOf(placed, *manner_)).second) {
      listed.units.emplace(std::move(id), std::move(placed));
    } else {
      listed.asides.push_back({path, ""});
      listed.twins.push_back(std::move(placed));
    }
  }
  found_.clear();
  changed_.clear();
  return listed;
}

// Gives every unit the name of the picture that it shows. Known ones keep theirs.
void Listing::TellPicturesApart(const Call& call, Listed* listed) {
  std::sort(found_.begin(), found_.end(), [](const Placed& a, const Placed& b) {
    const bool known_a = a.files[0].content == a.content, known_b = b.files[0].content == b.content;
    if (known_a != known_b) return known_a;
    return a.PathOf(0) < b.PathOf(0);
  });
  std::map<std::string_view, Placed*> by_content;  // the first unit that shows it
  for (Placed& placed : found_) {
    KnownFile& main = placed.files[0];
    Placed*& first = by_content.try_emplace(placed.content, &placed).first->second;
    if (main.content != placed.content) {
      const std::string picture = NameOfNew(call, &placed, first == &placed ? nullptr : first);
      if (picture.empty()) {
        listed->asides.push_back({placed.PathOf(0), Join({Quoted(placed.PathOf(0)),
                                                          " cannot be read as a whole; check "
                                                          "the disk"})});
        continue;
      }
      main.content = placed.content;
      main.picture = picture;
      changed_.insert(placed.folder);
    }
    placed.picture = main.picture;
  }
}

// A fingerprint is of both ends of a picture only. Where it was seen before, the whole decides.
// Empty: it cannot be read.
std::string Listing::NameOfNew(const Call& call, Placed* placed, Placed* like) {
  std::optional<std::string> digest;
  if (counts_all_) digest = host_->Recall(DigestEntry(placed->content));
  if (!digest && like != nullptr) {
    const absl::StatusOr<std::string> of_other = DigestOfUnit(call, *dir_, like);
    if (of_other.ok()) digest = *of_other;
    changed_.insert(like->folder);
    // Whoever comes later is told apart from the one that was first, should that be gone by then.
    if (digest && counts_all_) RememberDigest(*host_, placed->content, *digest);
  }
  if (!digest) return placed->content;
  const absl::StatusOr<std::string> mine = DigestOfUnit(call, *dir_, placed);
  call.ThrowIfCancelled();
  if (!mine.ok()) return "";
  return *mine == *digest ? placed->content : Join({placed->content, "-", *mine});
}

void Listing::Save(bool complete) {
  std::map<std::string_view, std::vector<std::pair<std::string, const KnownFile*>>> entries;
  for (const std::string& folder : changed_) {
    auto& entry = entries[folder];
    for (const auto& [name, file] : others_[folder]) entry.emplace_back(name, &file);
  }
  for (const Placed& placed : found_) {
    const auto entry = entries.find(placed.folder);
    if (entry == entries.end()) continue;
    for (size_t i = 0; i < placed.files.size(); ++i) {
      entry->second.emplace_back(placed.unit.members[i].name, &placed.files[i]);
    }
  }
  for (const auto& [folder, files] : entries) memory_->Keep(std::string(folder), files);
  memory_->Finish(complete);
}

}  // namespace syncline::images
