// The calls of the contract, handed to the store that the location asks for.
#include "plugins/record_files/record_files.h"

#include <algorithm>
#include <utility>

#include "plugins/record_files/refusal.h"
#include "plugins/record_files/store.h"

namespace syncline::record_files {
namespace {

constexpr size_t kBlock = 256 << 10;
constexpr uint64_t kLargestRecord = 16 << 20;
constexpr int kMostCopies = 1000;  // of one record beside others

}  // namespace

Entry OnlyEntry(const Format& format, std::string_view content, std::string_view key) {
  const std::unique_ptr<Book> book = format.Parse(std::string(content));
  const std::vector<Entry>& entries = book->entries();
  if (entries.size() != 1) {
    throw Error(SYNCLINE_INVALID,
                Join({Quoted(key), " cannot be stored: its content holds ",
                      entries.empty() ? "no" : std::to_string(entries.size()), " ", format.many(),
                      " instead of one. Correct it on the other side."}));
  }
  Entry entry = entries.front();
  if (entry.problem.empty() && entry.key.empty()) entry.problem = "it has no key";
  if (!entry.problem.empty()) {
    throw Error(SYNCLINE_INVALID, Join({Quoted(key), " cannot be stored: ", entry.problem,
                                        ". Correct it on the other side."}));
  }
  return entry;
}

std::string RenamedToFree(const Format& format, const std::string& content, std::string_view label,
                          const std::function<bool(const std::string& key)>& taken) {
  for (int number = 1; number <= kMostCopies; ++number) {
    const std::string count = number == 1 ? "" : Join({" ", std::to_string(number)});
    std::string renamed = format.Renamed(content, Join({label, count}));
    if (!taken(OnlyEntry(format, renamed, label).key)) return renamed;
  }
  throw Error(SYNCLINE_FAILED, Join({"No free place was found for the copy ", Quoted(label), "."}));
}

namespace {

template <typename R>
R Filled(const Entry& entry, std::string_view id) {
  R record;
  record.id = id;
  record.key = entry.key;
  record.version = entry.version;
  record.name = entry.name;
  record.media_type = entry.media_type;
  record.size = entry.size;
  record.mtime_ns = entry.edited_ns;
  record.flags = SYNCLINE_MERGEABLE;
  return record;
}

}  // namespace

RecordView ViewOf(const Entry& entry, std::string_view id) { return Filled<RecordView>(entry, id); }
Record RecordOf(const Entry& entry, std::string_view id) { return Filled<Record>(entry, id); }

Error ChangedMeanwhile(std::string_view id) {
  return Error(
      SYNCLINE_CONFLICT,
      Join({Quoted(id), " was changed here in the meantime. Sync again to look at it anew."}));
}

Error MadeMeanwhile(std::string_view key) {
  return Error(SYNCLINE_CONFLICT, Join({Quoted(key),
                                        " was made here in the meantime. Sync again "
                                        "to look at it anew."}));
}

RecordFiles::RecordFiles(Host host, std::unique_ptr<const Format> format)
    : host_(host), format_(std::move(format)) {}
RecordFiles::~RecordFiles() = default;

Store& RecordFiles::store() const {
  if (store_ == nullptr) throw Error(SYNCLINE_FAILED, "The place was not opened.");
  return *store_;
}

Replica RecordFiles::open(const Call&) {
  Place place = OpenPlace(host_.Location(), *format_);
  Replica replica;
  replica.ordered = true;
  replica.large_batches = place.single();
  replica.identity = place.identity;
  store_.reset();  // lets go of what it staged before another one looks
  store_ = place.single() ? MakeSingleStore(host_, *format_, std::move(place))
                          : MakeFolderStore(host_, *format_, std::move(place));
  return replica;
}

void RecordFiles::enumerate(const Call& call, Records records) { store().Enumerate(call, records); }

Record RecordFiles::read(const Call& call, std::string_view id, ByteSink content) {
  Current now = store().Get(id);
  const std::string_view bytes = now.content;
  for (size_t at = 0; at < bytes.size(); at += kBlock) {
    call.ThrowIfCancelled();
    content.Write(bytes.substr(at, kBlock));
    call.Progress(std::min(at + kBlock, bytes.size()), bytes.size());
  }
  return std::move(now.record);
}

Stored RecordFiles::write(const Call&, const WriteOrder& order, ByteSource content) {
  store().StageWrite(order, content.ReadAll(kLargestRecord));
  return std::nullopt;
}

Removal RecordFiles::remove(const Call&, const RemoveOrder& order) {
  store().StageRemove(order);
  return Removal::kStaged;
}

void RecordFiles::settle(const Call& call, Results results) { store().Settle(call, results); }

bool RecordFiles::merge(const Call&, const MergeInput& input, ByteSink merged,
                        Fields differing) const {
  std::string base;
  if (input.base) base = input.base->ReadAll(kLargestRecord);
  const std::string mine = input.mine.ReadAll(kLargestRecord);
  const std::string theirs = input.theirs.ReadAll(kLargestRecord);
  std::string text;
  if (!format_->Merge(input.base ? &base : nullptr, mine, theirs, input, &text, differing)) {
    return false;
  }
  merged.Write(text);
  return true;
}

void RecordFiles::describe(const Call&, std::string_view id, Fields fields) {
  format_->Describe(store().Get(id).content, fields);
}

Verdict RecordFiles::compare(const Call&, std::string_view id, std::string_view version,
                             RecordFiles& other, std::string_view other_id,
                             std::string_view other_version) {
  if (store().VersionOf(id) != version) throw ChangedMeanwhile(id);
  if (other.store().VersionOf(other_id) != other_version) throw ChangedMeanwhile(other_id);
  // A version is a digest of all that counts.
  return version == other_version ? Verdict::kSame : Verdict::kDifferent;
}

bool RecordFiles::same_content(std::string_view before, std::string_view after) const {
  return before == after;
}

void RecordFiles::check(const Call&, RecordFiles* other) {
  if (other == nullptr) return;
  CheckApart(store().place(), other->store().place(), *format_);
}

}  // namespace syncline::record_files
