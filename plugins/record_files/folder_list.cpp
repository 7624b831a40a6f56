// Listing a folder of record files, and telling of those that cannot be synced.
#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "plugins/record_files/folder_store.h"
#include "plugins/record_files/refusal.h"

namespace syncline::record_files {
namespace {

using platform::FileInfo;
using platform::FileType;

constexpr size_t kReportEvery = 256;  // files; some ms

}  // namespace

std::vector<std::string> FolderStore::List() {
  platform::DirListing listing;
  const absl::Status status = platform::ListDir(place_.dir, &listing);
  if (!status.ok()) {
    throw Error(
        SYNCLINE_OFFLINE,
        Join({"The folder ", Quoted(place_.location), " cannot be listed. Check its disk."}),
        std::string(Words(status)));
  }
  std::unordered_set<std::string> waiting;
  for (const Order& order : orders_) waiting.insert(order.temporary);
  std::vector<std::string> names;
  folded_.clear();
  not_plain_.clear();
  const auto take = [&](std::string name) {
    folded_.insert(absl::AsciiStrToLower(name));
    names.push_back(std::move(name));
  };
  for (const platform::DirEntry& entry : listing.entries) {
    std::string name(listing.Name(entry));
    if (temporaries_.IsMine(name)) {
      if (waiting.contains(name)) continue;
      const auto visible = temporaries_.TidyUp(place_.dir, name, format_.extension());
      if (!visible) continue;
      host_.Event(SYNCLINE_WARNING, "",
                  Join({"A sync that was stopped midway had just replaced a file that somebody was "
                        "changing; that version is kept as ",
                        Quoted(*visible), "."}));
      take(*visible);
      continue;
    }
    if (!IsRecordName(name, format_)) {
      folded_.insert(absl::AsciiStrToLower(name));
      continue;
    }
    FileType type = entry.type;
    if (type == FileType::kOther) {
      FileInfo info;
      // A failure shows again at its turn.
      type = platform::Stat(place_.dir, name.c_str(), &info).ok() ? info.type : FileType::kFile;
    }
    if (type == FileType::kFolder) {
      folded_.insert(absl::AsciiStrToLower(name));
      continue;
    }
    if (type == FileType::kOther) not_plain_.insert(name);
    take(std::move(name));
  }
  std::sort(names.begin(), names.end());
  for (auto file = files_.begin(); file != files_.end();) {
    const bool there = std::binary_search(names.begin(), names.end(), file->first);
    file = there ? std::next(file) : files_.erase(file);
  }
  return names;
}

void FolderStore::Enumerate(const Call& call, const Records& records) {
  const std::vector<std::string> names = List();
  // A key that stands twice shows only when all were looked at.
  std::vector<absl::Status> looked(names.size());
  std::unordered_map<std::string_view, std::vector<const std::string*>> keys;
  keys.reserve(names.size());
  for (size_t i = 0; i < names.size(); ++i) {
    if (i % kReportEvery == 0) {
      call.ThrowIfCancelled();
      call.Progress(i, names.size());
    }
    const absl::StatusOr<const Known*> known = Look(names[i]);
    looked[i] = known.status();
    if (!known.ok() || (*known)->count != 1 || (*known)->entry.key.empty()) continue;
    keys[(*known)->entry.key].push_back(&names[i]);
  }
  listed_ = true;
  bool may_hold_any = false;
  for (size_t i = 0; i < names.size(); ++i) {
    if (absl::IsNotFound(looked[i])) continue;
    if (looked[i].ok()) {
      PushFile(names[i], records, keys);
      continue;
    }
    if (PushUnread(names[i], looked[i], records)) may_hold_any = true;
  }
  if (!may_hold_any) return;
  RecordView rest;
  rest.flags = SYNCLINE_UNKNOWN;
  records.Push(rest);
}

bool FolderStore::PushUnread(const std::string& name, const absl::Status& why,
                             const Records& records) {
  RecordView record;
  record.id = name;
  if (absl::IsFailedPrecondition(why)) {
    records.Aside(record, SYNCLINE_INVALID,
                  Join({Quoted(name),
                        " is a link or no plain file, which is not followed. "
                        "Put a copy of the file there."}));
    return false;
  }
  std::string reason = Join({Words(why), ". Check its disk"});
  if (absl::IsPermissionDenied(why)) {
    reason = "permission denied. Give this user the right to read it";
  } else if (absl::IsAborted(why)) {
    reason = "another program is writing to it. Sync again when it is done";
  }
  records.Aside(
      record, SYNCLINE_INVALID,
      Join({Quoted(name), " cannot be read: ", reason, ". Until then it may be any ", format_.one(),
            ", so nothing counts as removed here and nothing new is added."}));
  return true;
}

void FolderStore::PushFile(
    const std::string& name, const Records& records,
    const std::unordered_map<std::string_view, std::vector<const std::string*>>& keys) {
  const Known& known = files_.at(name);
  RecordView record = ViewOf(known.entry, name);
  if (known.too_large) {
    records.Aside(record, SYNCLINE_INVALID,
                  Join({Quoted(name), " is larger than 16 MiB, which is no ", format_.one(), "."}));
    return;
  }
  if (known.count == 0) {
    records.Aside(record, SYNCLINE_INVALID,
                  Join({Quoted(name), " holds no ", format_.one(), ". Remove or correct it."}));
    return;
  }
  if (known.count > 1) {
    // A file that was cut off may fall into several pieces; what is wrong with it says more.
    const bool really_many = known.entry.problem.empty() && known.sound > 1;
    records.Aside(
        record, SYNCLINE_INVALID,
        really_many
            ? Join({Quoted(name), " holds ", std::to_string(known.sound), " ", format_.many(),
                    ". Sync that file as a single file, or split it into one file for each."})
            : Join({Quoted(name), " line ", std::to_string(known.problem_line), ": ",
                    known.problem}));
    // Nothing is to be concluded about the others in it either.
    for (const std::string& key : known.other_keys) {
      record.key = key;
      if (!key.empty()) records.Aside(record, SYNCLINE_OK, "");
    }
    return;
  }
  const auto same = keys.find(known.entry.key);
  if (!known.entry.problem.empty()) {
    records.Aside(record, SYNCLINE_INVALID,
                  Join({Quoted(name), " line ", std::to_string(known.entry.line), ": ",
                        known.entry.problem}));
    return;
  }
  if (same != keys.end() && same->second.size() > 1) {
    const std::vector<const std::string*>& all = same->second;
    const auto teller = std::find_if(all.begin(), all.end(), [this](const std::string* one) {
      return files_.at(*one).entry.problem.empty();
    });
    // Told once, by the first of them that has nothing else to tell.
    if (**teller != name) {
      records.Aside(record, SYNCLINE_OK, "");
      return;
    }
    const std::string* other = all[teller == all.begin() ? 1 : 0];
    const size_t more = all.size() - 2;
    records.Aside(
        record, SYNCLINE_CLASH,
        Join({"The ", format_.one(), " ", Quoted(known.entry.key), " stands in ", Quoted(name),
              " and in ", Quoted(*other),
              more == 0 ? std::string() : Join({" and in ", std::to_string(more), " more"}),
              ". Keep one of them."}));
    return;
  }
  if (known.entry.filtered) {
    records.Aside(record, SYNCLINE_OK, "");
    return;
  }
  const std::string identity = IdentityOf(known.info);
  record.identity = identity;
  records.Push(record);
}

}  // namespace syncline::record_files
