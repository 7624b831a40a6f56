// Reading a folder of record files, and staging changes to it.
#include "plugins/record_files/folder_store.h"

#include <utility>

#include "plugins/record_files/refusal.h"

namespace syncline::record_files {
namespace {

using platform::FileInfo;

constexpr uint64_t kLargestFile = 16 << 20;

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
  if (not_plain_.contains(name)) return absl::FailedPreconditionError("it is no plain file");
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
    for (const Entry& entry : entries) {
      if (entry.problem.empty()) {
        ++known.sound;
      } else if (known.problem.empty()) {
        known.problem = entry.problem;
        known.problem_line = entry.line;
      }
    }
    if (known.entry.edited_ns == SYNCLINE_UNKNOWN_TIME) {
      known.entry.edited_ns = known.info.modified_ns;
    }
  }
  Known& kept = files_[name];
  kept = std::move(known);
  return &kept;
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
