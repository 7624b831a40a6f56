// Listing and reading a folder of record files, and staging changes to it.
#include "plugins/record_files/folder_store.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "plugins/record_files/refusal.h"

namespace syncline::record_files {
namespace {

using platform::FileInfo;
using platform::FileType;

constexpr uint64_t kLargestFile = 16 << 20;
constexpr size_t kReportEvery = 256;  // files; some ms

}  // namespace

std::unique_ptr<Store> MakeFolderStore(const Host& host, const Format& format, Place place) {
  return std::make_unique<FolderStore>(host, format, std::move(place));
}

FolderStore::FolderStore(const Host& host, const Format& format, Place place)
    : host_(host), format_(format), place_(std::move(place)), temporaries_(host) {}

FolderStore::~FolderStore() { Discard(); }

void FolderStore::Discard() {
  for (const Order& order : orders_) {
    if (!order.temporary.empty() && !order.done) {
      platform::RemoveFile(place_.dir, order.temporary).IgnoreError();
    }
  }
  orders_.clear();
  staged_keys_.clear();
}

absl::StatusOr<const FolderStore::Known*> FolderStore::Look(const std::string& name) {
  const auto found = files_.find(name);
  if (found != files_.end() && !found->second.fresh) {
    FileInfo info;
    const absl::Status status = platform::Stat(place_.dir, name.c_str(), &info);
    if (status.ok() && Untouched(info, found->second.info)) return &found->second;
  }
  return Take(name, ReadBytes(place_.dir, name, kLargestFile));
}

absl::StatusOr<const FolderStore::Known*> FolderStore::Take(const std::string& name,
                                                            absl::StatusOr<FileBytes> read) {
  if (!read.ok() && !absl::IsOutOfRange(read.status())) {
    files_.erase(name);
    return read.status();
  }
  Known known;
  if (!read.ok()) {
    known.too_large = true;
    known.fresh = true;
  } else {
    known.info = read->info;
    known.fresh = IsFresh(read->info);
    const std::unique_ptr<Book> book = format_.Parse(std::move(read->bytes));
    const std::vector<Entry>& entries = book->entries();
    known.count = entries.size();
    if (!entries.empty()) known.entry = entries.front();
    for (size_t i = 1; i < entries.size(); ++i) known.other_keys.push_back(entries[i].key);
    if (known.entry.problem.empty() && known.entry.key.empty() && known.count == 1) {
      known.entry.problem = "it has no key";
    }
    if (known.entry.edited_ns == SYNCLINE_UNKNOWN_TIME) {
      known.entry.edited_ns = known.info.modified_ns;
    }
  }
  Known& kept = files_[name];
  kept = std::move(known);
  return &kept;
}

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
    if (type == FileType::kFile || type == FileType::kLink) {
      take(std::move(name));
    } else {
      folded_.insert(absl::AsciiStrToLower(name));
    }
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
  for (size_t i = 0; i < names.size(); ++i) {
    if (absl::IsNotFound(looked[i])) continue;
    if (looked[i].ok()) {
      PushFile(names[i], records, keys);
      continue;
    }
    RecordView record;
    record.id = names[i];
    if (absl::IsFailedPrecondition(looked[i])) {
      records.Aside(record, SYNCLINE_INVALID,
                    Join({Quoted(names[i]),
                          " is a link or no plain file, which is not followed. "
                          "Put a copy of the file there."}));
      continue;
    }
    host_.Event(
        SYNCLINE_WARNING, names[i],
        Join({Quoted(names[i]), " cannot be read and is left as it is: ", Words(looked[i])}));
    record.flags = SYNCLINE_UNKNOWN;
    records.Push(record);
  }
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
    records.Aside(
        record, SYNCLINE_INVALID,
        known.entry.problem.empty()
            ? Join({Quoted(name), " holds ", std::to_string(known.count), " ", format_.many(),
                    ". Sync that file as a single file, or split it into one file for each."})
            : Join({Quoted(name), " line ", std::to_string(known.entry.line), ": ",
                    known.entry.problem}));
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
    const std::string* other = same->second[*same->second[0] == name ? 1 : 0];
    const size_t more = same->second.size() - 2;
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

Current FolderStore::Get(std::string_view id) {
  const std::string name(id);
  if (!IsRecordName(name, format_)) {
    throw Error(SYNCLINE_NOT_FOUND, Join({Quoted(id), " is not there."}));
  }
  absl::StatusOr<FileBytes> read = ReadBytes(place_.dir, name, kLargestFile);
  if (!read.ok()) throw FromSystem(read.status(), Join({Quoted(id), " cannot be read"}));
  Current now;
  now.content = read->bytes;
  const auto found = files_.find(name);
  const Known* known = nullptr;
  if (found != files_.end() && !found->second.fresh && Untouched(found->second.info, read->info)) {
    known = &found->second;
  } else {
    known = *Take(name, std::move(read));
  }
  if (known->version().empty()) throw ChangedMeanwhile(id);
  now.record = RecordOf(known->entry, id);
  now.record.identity = IdentityOf(known->info);
  return now;
}

std::string FolderStore::VersionOf(std::string_view id) {
  const std::string name(id);
  const absl::StatusOr<const Known*> known = Look(name);
  if (!known.ok() || (*known)->version().empty()) throw ChangedMeanwhile(id);
  return (*known)->entry.version;
}

const FolderStore::Known& FolderStore::Expect(const std::string& name, std::string_view version) {
  const absl::StatusOr<const Known*> known = Look(name);
  if (!known.ok() && !absl::IsNotFound(known.status())) {
    throw FromSystem(known.status(), Join({Quoted(name), " cannot be looked at"}));
  }
  if (!known.ok() || (*known)->version().empty() || (*known)->version() != version) {
    throw ChangedMeanwhile(name);
  }
  return **known;
}

void FolderStore::StageWrite(const WriteOrder& order, std::string content) {
  const std::string_view shown = order.wanted.name.empty() ? order.wanted.key : order.wanted.name;
  Order staged;
  staged.ticket = order.ticket;
  const FileInfo* replaced = nullptr;
  if (!order.beside && !order.expected_version.empty()) {
    staged.name = order.wanted.id;
    staged.expected = order.expected_version;
    replaced = &Expect(staged.name, staged.expected).info;
  }
  if (order.beside) {
    if (!listed_) {
      RefreshKeys();
    } else if (keys_.empty()) {
      for (const auto& [name, known] : files_) keys_.emplace(known.entry.key, name);
    }
    content = RenamedToFree(format_, content, order.label, [this](const std::string& key) {
      return keys_.contains(key) || staged_keys_.contains(key);
    });
  }
  staged.entry = OnlyEntry(format_, content, shown);
  staged.temporary = temporaries_.NewName(replaced);
  absl::Status status = WriteFile(place_.dir, staged.temporary, content, replaced, staged.name);
  if (status.ok()) {
    status = platform::Stat(place_.dir, staged.temporary.c_str(), &staged.written);
    if (!status.ok()) platform::RemoveFile(place_.dir, staged.temporary).IgnoreError();
  }
  if (!status.ok()) throw FromWriting(status, Join({Quoted(shown), " cannot be written"}));
  staged_keys_.insert(staged.entry.key);
  orders_.push_back(std::move(staged));
}

void FolderStore::StageRemove(const RemoveOrder& order) {
  Order staged;
  staged.ticket = order.ticket;
  staged.name = order.id;
  staged.expected = order.expected_version;
  FileInfo info;
  // Already gone is what was wanted; Settle() sees it again.
  if (!absl::IsNotFound(platform::Stat(place_.dir, staged.name.c_str(), &info))) {
    Expect(staged.name, staged.expected);
  }
  orders_.push_back(std::move(staged));
}

}  // namespace syncline::record_files
