// Listing and reading a file of many records, and staging changes to it.
#include "plugins/record_files/single_store.h"

#include <algorithm>
#include <utility>

#include "plugins/record_files/refusal.h"

namespace syncline::record_files {
namespace {

using platform::FileInfo;

constexpr uint64_t kLargestFile = uint64_t{1} << 30;
constexpr size_t kReportEvery = 1024;  // records
constexpr std::string_view kUntilThen =
    ". Until it is corrected or removed, nothing counts as removed here and nothing new is added.";

}  // namespace

std::unique_ptr<Store> MakeSingleStore(const Host& host, const Format& format, Place place) {
  return std::make_unique<SingleStore>(host, format, std::move(place));
}

SingleStore::SingleStore(const Host& host, const Format& format, Place place)
    : host_(host), format_(format), place_(std::move(place)), temporaries_(host) {}

// '/' would make a container of what stands before it.
std::string SingleStore::IdOf(std::string_view key) {
  std::string id;
  id.reserve(key.size());
  for (const char c : key) {
    if (c == '%') {
      id += "%25";
    } else if (c == '/') {
      id += "%2F";
    } else {
      id += c;
    }
  }
  return id;
}

std::string SingleStore::KeyOf(std::string_view id) {
  std::string key;
  key.reserve(id.size());
  for (size_t i = 0; i < id.size(); ++i) {
    const std::string_view code = id.substr(i, 3);
    if (code == "%25" || code == "%2F") {
      key += code == "%25" ? '%' : '/';
      i += 2;
    } else {
      key += id[i];
    }
  }
  return key;
}

const SingleStore::Loaded& SingleStore::Load() {
  const std::string doing = Join({"The file ", Quoted(place_.location), " cannot be read"});
  FileInfo info;
  absl::Status status = platform::Stat(place_.dir, place_.name.c_str(), &info);
  if (status.ok() && loaded_ && Untouched(info, loaded_->info)) return *loaded_;
  loaded_.reset();
  if (status.ok()) {
    // So that the times of the file tell of every later write.
    WaitForTick(info);
    absl::StatusOr<FileBytes> read = ReadBytes(place_.dir, place_.name, kLargestFile);
    status = read.status();
    if (status.ok()) {
      Loaded loaded;
      loaded.info = read->info;
      loaded.book = format_.Parse(std::move(read->bytes));
      Index(&loaded);
      return loaded_.emplace(std::move(loaded));
    }
  }
  if (absl::IsOutOfRange(status)) {
    throw Error(SYNCLINE_BROKEN,
                Join({doing, ": it is larger than 1 GiB. Split it into several files."}), "",
                "location");
  }
  if (absl::IsAborted(status)) {
    throw Error(SYNCLINE_OFFLINE,
                Join({doing, ": another program is writing to it. Sync again when it is done."}),
                std::string(Words(status)));
  }
  Error error = FromSystem(status, doing);
  if (error.status() == SYNCLINE_FAILED) {
    error = Error(SYNCLINE_OFFLINE, error.summary(), error.detail());
  }
  throw Error(error);
}

void SingleStore::Index(Loaded* loaded) {
  const std::vector<Entry>& entries = loaded->book->entries();
  loaded->keys.clear();
  loaded->keys.reserve(entries.size());
  for (size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].key.empty()) continue;
    const auto [spot, added] = loaded->keys.try_emplace(entries[i].key, Loaded::Spot{i});
    if (!added) ++spot->second.count;
  }
}

void SingleStore::TidyUp() {
  platform::DirListing listing;
  if (!platform::ListDir(place_.dir, &listing).ok()) return;  // reading the file tells more
  for (const platform::DirEntry& entry : listing.entries) {
    const std::string name(listing.Name(entry));
    if (!temporaries_.IsMine(name)) continue;
    const auto visible = temporaries_.TidyUp(place_.dir, name, format_.extension());
    if (!visible) continue;
    host_.Event(SYNCLINE_WARNING, "",
                Join({"A sync that was stopped midway had just replaced ", Quoted(place_.location),
                      " while somebody was changing it; that version is kept beside it as ",
                      Quoted(*visible), "."}));
  }
}

void SingleStore::Enumerate(const Call& call, const Records& records) {
  TidyUp();
  call.Progress(0);
  const Loaded& loaded = Load();
  const std::vector<Entry>& entries = loaded.book->entries();
  std::vector<std::pair<std::string, size_t>> ids;
  ids.reserve(entries.size());
  size_t without_key = 0;
  for (size_t i = 0; i < entries.size(); ++i) {
    // No id of a key has a '%' before an 'l'.
    ids.emplace_back(entries[i].key.empty() ? Join({"%line-", std::to_string(entries[i].line)})
                                            : IdOf(entries[i].key),
                     i);
    if (entries[i].key.empty()) ++without_key;
  }
  std::sort(ids.begin(), ids.end());
  for (size_t n = 0; n < ids.size(); ++n) {
    if (n % kReportEvery == 0) call.ThrowIfCancelled();
    const auto& [id, i] = ids[n];
    const Entry& entry = entries[i];
    const RecordView record = ViewOf(entry, id);
    if (n + 1 < ids.size() && ids[n + 1].first == id) {
      size_t last = n + 1;
      while (last + 1 < ids.size() && ids[last + 1].first == id) ++last;
      records.Aside(
          record, SYNCLINE_CLASH,
          Join({"The ", format_.one(), " ", Quoted(entry.key), " stands twice in ",
                Quoted(place_.name), ", in line ", std::to_string(entry.line), " and in ", "line ",
                std::to_string(entries[ids[n + 1].second].line), ". Keep one of them."}));
      n = last;
      continue;
    }
    if (!entry.problem.empty() || entry.key.empty()) {
      records.Aside(record, SYNCLINE_INVALID,
                    Join({Quoted(place_.name), " line ", std::to_string(entry.line), ": ",
                          entry.problem.empty() ? "it has no key" : entry.problem}));
    } else if (entry.filtered) {
      records.Aside(record, SYNCLINE_OK, "");
    } else {
      records.Push(record);
    }
  }
  TellOfTheRest(loaded, without_key != 0, records);
}

// Any record may be the one without a key, or be missing behind the one without an end: nothing is
// concluded from what is not listed.
void SingleStore::TellOfTheRest(const Loaded& loaded, bool nameless, const Records& records) {
  const std::vector<Entry>& entries = loaded.book->entries();
  if (const uint64_t line = loaded.book->unended_line(); line != 0) {
    host_.Event(SYNCLINE_WARNING, "",
                Join({Quoted(place_.location), " seems to be cut short: what begins in line ",
                      std::to_string(line),
                      " has no end. Until it is completed, or restored from a backup, nothing "
                      "counts as removed here and nothing new is added."}));
  } else if (nameless) {
    const auto entry = std::find_if(entries.begin(), entries.end(),
                                    [](const Entry& one) { return one.key.empty(); });
    host_.Event(
        SYNCLINE_WARNING, "",
        Join({Quoted(place_.location), " holds a ", format_.one(),
              " that cannot be recognised, in line ", std::to_string(entry->line),
              entry->problem.empty() ? std::string() : Join({": ", entry->problem}), kUntilThen}));
  } else {
    return;
  }
  RecordView rest;
  rest.flags = SYNCLINE_UNKNOWN;
  records.Push(rest);
}

const Entry* SingleStore::Find(const Loaded& loaded, std::string_view id, size_t* index) const {
  const auto spot = loaded.keys.find(KeyOf(id));
  if (spot == loaded.keys.end() || spot->second.count != 1) return nullptr;
  *index = spot->second.entry;
  const Entry& entry = loaded.book->entries()[*index];
  return entry.problem.empty() ? &entry : nullptr;
}

Current SingleStore::Get(std::string_view id) {
  const Loaded& loaded = Load();
  size_t index = 0;
  const Entry* entry = Find(loaded, id, &index);
  if (entry == nullptr) {
    throw Error(SYNCLINE_NOT_FOUND,
                Join({Quoted(id), " is not in ", Quoted(place_.location), " any more."}));
  }
  Current now;
  now.record = RecordOf(*entry, id);
  now.content = loaded.book->Content(index);
  return now;
}

std::string SingleStore::VersionOf(std::string_view id) {
  size_t index = 0;
  const Entry* entry = Find(Load(), id, &index);
  if (entry == nullptr) throw ChangedMeanwhile(id);
  return entry->version;
}

void SingleStore::StageWrite(const WriteOrder& order, std::string content) {
  const std::string_view shown = order.wanted.name.empty() ? order.wanted.key : order.wanted.name;
  Order staged;
  staged.ticket = order.ticket;
  if (order.beside) {
    staged.label = order.label.empty() ? std::string_view("copy") : order.label;
  } else if (!order.expected_version.empty()) {
    staged.key = KeyOf(order.wanted.id);
    staged.expected = order.expected_version;
    if (VersionOf(order.wanted.id) != staged.expected) throw ChangedMeanwhile(shown);
  }
  staged.entry = OnlyEntry(format_, content, shown);
  staged.content = std::move(content);
  orders_.push_back(std::move(staged));
}

void SingleStore::StageRemove(const RemoveOrder& order) {
  Order staged;
  staged.ticket = order.ticket;
  staged.remove = true;
  staged.key = KeyOf(order.id);
  staged.expected = order.expected_version;
  const Loaded& loaded = Load();
  if (loaded.keys.contains(staged.key) && VersionOf(order.id) != staged.expected) {
    throw ChangedMeanwhile(order.id);
  }
  orders_.push_back(std::move(staged));
}

}  // namespace syncline::record_files
