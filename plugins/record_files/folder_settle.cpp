// Making staged changes to a folder of record files durable and visible.
#include <utility>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "plugins/record_files/folder_store.h"
#include "plugins/record_files/refusal.h"

namespace syncline::record_files {
namespace {

using platform::FileInfo;
using platform::Rename;
using platform::Replace;

// Up to here flushing each file waits for less than flushing a whole disk on which others write.
constexpr size_t kFewFiles = 4;
constexpr size_t kLongestKey = 100;  // bytes that are a file name as they are
constexpr uint64_t kLargestFile = 16 << 20;

// What a file for this key is called, without extension: the key itself where any disk can hold it.
std::string StemOf(std::string_view key) {
  bool plain = !key.empty() && key.size() <= kLongestKey && key.front() != '.';
  for (const char c : key) {
    plain = plain && (absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' ||
                      c == '.' || c == '@');
  }
  if (plain) return std::string(key);
  const XXH128_hash_t hash = XXH3_128bits(key.data(), key.size());
  return absl::StrFormat("%016x%016x", hash.high64, hash.low64);
}

}  // namespace

absl::Status FolderStore::FlushStaged() const {
  size_t files = 0;
  for (const Order& order : orders_) files += order.temporary.empty() ? 0 : 1;
  if (files == 0) return absl::OkStatus();
  if (files > kFewFiles) return platform::FlushFileSystem(place_.dir);
  for (const Order& order : orders_) {
    if (order.temporary.empty()) continue;
    const absl::StatusOr<platform::File> file = platform::OpenFile(place_.dir, order.temporary);
    // Not readable by its own permissions.
    if (!file.ok()) return platform::FlushFileSystem(place_.dir);
    absl::Status status = platform::Flush(*file);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

void FolderStore::RefreshKeys() {
  keys_.clear();
  for (const std::string& name : List()) {
    // What changed since it was listed is looked at when it is its turn.
    if (!files_.contains(name)) Look(name).status().IgnoreError();
  }
  for (const auto& [name, known] : files_) {
    if (known.count == 0) continue;
    keys_.emplace(known.entry.key, name);
    for (const std::string& key : known.other_keys) keys_.emplace(key, name);
  }
  listed_ = true;
}

void FolderStore::Settle(const Call& call, const Results& results) {
  if (orders_.empty()) return;
  const std::string durable =
      Join({"What was written to ", Quoted(place_.location), " cannot be made durable"});
  std::optional<Error> stopped;
  try {
    const absl::Status flushed = FlushStaged();
    if (!flushed.ok()) throw FromWriting(flushed, durable);
    RefreshKeys();
  } catch (const Error& error) {
    stopped = error;
  }
  std::vector<std::optional<Error>> failures(orders_.size());
  for (size_t i = 0; i < orders_.size(); ++i) {
    call.Progress(i, orders_.size());
    try {
      if (stopped) throw Error(*stopped);
      SettleOne(&orders_[i]);
      orders_[i].done = true;
    } catch (const Error& error) {
      failures[i] = error;
    }
  }
  if (!stopped) {
    // A rename that is not on the disk yet would bring the old content back after a power failure,
    // newer than the baseline says, and the next sync would carry it to the other side.
    const absl::Status flushed = platform::FlushFileSystem(place_.dir);
    if (!flushed.ok()) stopped = FromWriting(flushed, durable);
  }
  for (size_t i = 0; i < orders_.size(); ++i) {
    const Order& order = orders_[i];
    if (failures[i]) {
      results.Failed(order.ticket, *failures[i]);
    } else if (order.temporary.empty()) {
      results.Removed(order.ticket);
    } else {
      Record record = RecordOf(order.entry, order.name);
      record.identity = IdentityOf(order.written);
      if (record.mtime_ns == SYNCLINE_UNKNOWN_TIME) record.mtime_ns = order.written.modified_ns;
      results.Stored(order.ticket, record);
    }
  }
  Discard();
  keys_.clear();
  if (stopped) throw Error(*stopped);
}

void FolderStore::SettleOne(Order* order) {
  if (order->temporary.empty()) {
    RemoveOne(*order);
    return;
  }
  const auto taken = keys_.find(order->entry.key);
  if (taken != keys_.end() && taken->second != order->name) {
    if (order->name.empty()) throw MadeMeanwhile(order->entry.key);
    throw Error(SYNCLINE_CLASH, Join({Quoted(order->name), " cannot become the ", format_.one(),
                                      " ", Quoted(order->entry.key), ", which stands in ",
                                      Quoted(taken->second), " already. Remove one of the two."}));
  }
  if (order->name.empty()) {
    PlaceNew(order);
  } else {
    PlaceOver(order);
  }
  Remember(order->name, *order);
  FileInfo info;
  absl::Status status = platform::Stat(place_.dir, order->name.c_str(), &info);
  if (!status.ok()) status = platform::Stat(place_.dir, order->name.c_str(), &info);
  // Anything but what the rename did is an edit of just now, which the next listing shows.
  if (status.ok() && SameContent(info, order->written)) order->written = info;
}

std::string FolderStore::FreeName(std::string_view key) const {
  const std::string stem = StemOf(key);
  std::string name = Join({stem, format_.extension()});
  for (uint64_t number = 2; folded_.contains(absl::AsciiStrToLower(name)); ++number) {
    name = Join({stem, "-", std::to_string(number), format_.extension()});
  }
  return name;
}

void FolderStore::PlaceNew(Order* order) {
  while (true) {
    std::string name = FreeName(order->entry.key);
    const absl::Status status =
        Rename(place_.dir, order->temporary, place_.dir, name, Replace::kNever);
    folded_.insert(absl::AsciiStrToLower(name));
    if (status.ok()) {
      order->name = std::move(name);
      return;
    }
    if (!absl::IsAlreadyExists(status)) {
      throw FromWriting(status, Join({Quoted(name), " cannot be stored"}));
    }
  }
}

void FolderStore::PlaceOver(Order* order) {
  const Known known = Expect(order->name, order->expected);
  const absl::StatusOr<bool> placed = Exchange(place_.dir, order->temporary, order->name,
                                               [&](const std::string& name, const FileInfo& info) {
                                                 return Holds(name, info, known, order->expected);
                                               });
  if (!placed.ok()) {
    order->done = absl::IsDataLoss(placed.status());
    throw FromWriting(placed.status(), Join({Quoted(order->name), " cannot be replaced"}));
  }
  if (!*placed) throw ChangedMeanwhile(order->name);
  ForgetKey(known.entry.key, order->name);
}

void FolderStore::RemoveOne(const Order& order) {
  FileInfo info;
  absl::Status status = platform::Stat(place_.dir, order.name.c_str(), &info);
  if (absl::IsNotFound(status)) return;
  const Known known = Expect(order.name, order.expected);
  const std::string doing = Join({Quoted(order.name), " cannot be removed"});
  // Out of sight first: what was written in the last moment shows before it is gone for good.
  const std::string aside = temporaries_.NewName(&known.info);
  status = Rename(place_.dir, order.name, place_.dir, aside, Replace::kNever);
  if (absl::IsNotFound(status)) return;
  if (!status.ok()) throw FromWriting(status, doing);
  status = platform::Stat(place_.dir, aside.c_str(), &info);
  if (!status.ok()) status = platform::Stat(place_.dir, aside.c_str(), &info);
  if (!status.ok() || !Holds(aside, info, known, order.expected)) {
    status = Rename(place_.dir, aside, place_.dir, order.name, Replace::kNever);
    if (!status.ok()) throw FromWriting(status, doing);
    throw ChangedMeanwhile(order.name);
  }
  // What cannot be removed is left to the next sync, which tidies up.
  if (!platform::RemoveFile(place_.dir, aside).ok()) {
    platform::RemoveFile(place_.dir, aside).IgnoreError();
  }
  files_.erase(order.name);
  ForgetKey(known.entry.key, order.name);
}

void FolderStore::ForgetKey(const std::string& key, const std::string& name) {
  const auto found = keys_.find(key);
  if (found != keys_.end() && found->second == name) keys_.erase(found);
}

void FolderStore::Remember(const std::string& name, const Order& order) {
  Known known;
  known.info = order.written;
  known.fresh = true;  // so that the next look reads it
  known.count = 1;
  known.entry = order.entry;
  files_[name] = std::move(known);
  keys_[order.entry.key] = name;
}

bool FolderStore::Holds(const std::string& name, const FileInfo& info, const Known& known,
                        std::string_view version) const {
  if (!known.fresh && SameContent(info, known.info)) return true;
  absl::StatusOr<FileBytes> read = ReadBytes(place_.dir, name, kLargestFile);
  if (!read.ok()) return false;
  const std::unique_ptr<Book> book = format_.Parse(std::move(read->bytes));
  const std::vector<Entry>& entries = book->entries();
  return entries.size() == 1 && entries.front().problem.empty() &&
         entries.front().version == version;
}

}  // namespace syncline::record_files
