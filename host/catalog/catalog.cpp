#include "host/catalog/catalog.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "host/catalog/library_file.h"
#include "host/catalog/probe_worker.h"
#include "host/protocol/text.h"
#include "sdk/platform/file_system.h"

namespace syncline::catalog {
namespace {

using protocol::DisplayText;

constexpr char kArriving[] = "arriving";
constexpr char kReady[] = "ready";
constexpr char kIncompatible[] = "incompatible";
constexpr char kQuarantined[] = "quarantined";
constexpr char kIgnored[] = "ignored";

constexpr absl::Duration kLongestWait = absl::Milliseconds(700);
constexpr size_t kLargestLibrary = size_t{1} << 30;

bool SameId(std::string_view a, std::string_view b) {
  return absl::EqualsIgnoreCase(absl::string_view(a.data(), a.size()),
                                absl::string_view(b.data(), b.size()));
}

void Set(storage::LibraryRow* row, const char* state, std::string reason) {
  row->state = state;
  row->reason = std::move(reason);
}

bool Equal(const storage::LibraryRow& a, const storage::LibraryRow& b) {
  return a.path == b.path && a.device == b.device && a.file_id == b.file_id && a.size == b.size &&
         a.modified_ns == b.modified_ns && a.changed_ns == b.changed_ns && a.hash == b.hash &&
         a.state == b.state && a.reason == b.reason && a.provider == b.provider &&
         a.manifest == b.manifest && a.looked_by == b.looked_by;
}

// How a person names the library in a command.
std::string RetryName(const storage::LibraryRow& row) {
  return row.provider.empty() ? DisplayText(row.path) : row.provider;
}

}  // namespace

std::string QuarantineReason(int failures, std::string_view last_reason, std::string_view retry) {
  return Cat("it failed ", failures, " times in a row, the last time it ", last_reason,
             ". Install a mended version, or try it again with: syncline providers --retry ",
             retry);
}

Catalog::Catalog(Options options, const storage::Database* database, platform::Clock* clock)
    : options_(std::move(options)),
      database_(database),
      clock_(clock),
      cache_(platform::JoinPath(options_.home, "cache")) {}

std::string Catalog::user_folder() const { return platform::JoinPath(options_.home, "plugins"); }

std::vector<Library> Catalog::Libraries() const {
  absl::MutexLock lock(&mutex_);
  return libraries_;
}

absl::StatusOr<Provider> Catalog::Find(std::string_view provider) const {
  absl::MutexLock lock(&mutex_);
  const Library* unusable = nullptr;
  for (const Library& library : libraries_) {
    if (!SameId(library.provider, provider)) continue;
    if (library.state == kReady) {
      return Provider{*library.manifest, cache_.Path(library.hash), library.path, library.hash,
                      library.failures};
    }
    if (unusable == nullptr) unusable = &library;
  }
  if (unusable != nullptr) {
    return absl::FailedPreconditionError(Cat("The provider ", provider, " (",
                                             DisplayText(unusable->path), ") is ", unusable->state,
                                             ": ", unusable->reason));
  }
  return absl::NotFoundError(Cat("The provider ", DisplayText(provider),
                                 " is not installed: put its library back into ",
                                 DisplayText(user_folder()), "."));
}

absl::Status Catalog::Retry(std::string_view provider_or_file) {
  absl::MutexLock lock(&mutex_);
  storage::LibraryTable table(database_);
  absl::StatusOr<std::vector<Row>> rows = table.All();
  if (!rows.ok()) return rows.status();
  bool found = false;
  for (const Row& row : *rows) {
    if (row.state == kIgnored) continue;
    if (!SameId(row.provider, provider_or_file) && row.path != provider_or_file &&
        DisplayText(row.path) != provider_or_file &&
        platform::BaseName(row.path) != provider_or_file) {
      continue;
    }
    found = true;
    absl::Status status = table.ClearFailures(row.hash);
    if (status.ok()) status = ForgetCrashedRecords(row.provider);
    if (status.ok()) status = table.Remove(row.path);
    if (!status.ok()) return status;
  }
  if (!found) {
    return absl::NotFoundError(Cat("There is no provider and no library ",
                                   DisplayText(provider_or_file),
                                   ". See them all with: syncline providers"));
  }
  return RefreshLocked();
}

absl::Status Catalog::ForgetCrashedRecords(const std::string& provider) {
  if (provider.empty()) return absl::OkStatus();
  absl::StatusOr<std::vector<storage::ItemRow>> items = storage::ItemTable(database_).All();
  if (!items.ok()) return items.status();
  for (const storage::ItemRow& item : *items) {
    if (!SameId(item.provider, provider)) continue;
    absl::Status status = storage::LibraryTable(database_).ClearRecordCrashes(item.id);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Catalog::Refresh() {
  absl::MutexLock lock(&mutex_);
  return RefreshLocked();
}

absl::Status Catalog::RefreshLocked() {
  absl::Status status = platform::MakeDirs(user_folder());
  if (!status.ok()) return CannotKeep("plug-ins", user_folder(), status);
  storage::LibraryTable table(database_);
  absl::StatusOr<std::vector<Row>> stored = table.All();
  if (!stored.ok()) return stored.status();
  Rows rows;
  for (Row& row : *stored) rows.emplace(row.path, std::move(row));

  std::vector<std::string> folders = options_.built_in;
  folders.push_back(user_folder());
  folders.insert(folders.end(), options_.extra.begin(), options_.extra.end());
  std::vector<Candidate> candidates = FindCandidates(folders);

  std::vector<Candidate*> changed;
  std::set<std::string> paths;
  for (Candidate& candidate : candidates) {
    paths.insert(candidate.path);
    const auto row = rows.find(candidate.path);
    if (row == rows.end() || !Stands(row->second, candidate)) changed.push_back(&candidate);
  }
  WaitUntilStill(changed);
  for (const Candidate* candidate : changed) {
    const auto before = rows.find(candidate->path);
    absl::StatusOr<Row> row = LookAt(*candidate, before == rows.end() ? nullptr : &before->second);
    if (!row.ok()) return row.status();
    if (before != rows.end() && Equal(before->second, *row)) continue;
    status = table.Put(*row);
    if (!status.ok()) return status;
    rows[candidate->path] = *std::move(row);
  }

  bool removed = false;
  for (auto it = rows.begin(); it != rows.end();) {
    if (paths.contains(it->first)) {
      ++it;
      continue;
    }
    status = table.Remove(it->first);
    // Another process may have been faster.
    if (!status.ok() && !absl::IsNotFound(status)) return status;
    removed = true;
    it = rows.erase(it);
  }
  if (removed || !changed.empty()) {
    std::set<std::string> hashes;
    for (const auto& [path, row] : rows) hashes.insert(row.hash);
    cache_.RemoveOld(hashes, clock_->Now());
  }
  return Arrange(candidates, rows);
}

bool Catalog::Stands(const Row& row, const Candidate& candidate) const {
  const platform::FileInfo& info = candidate.info;
  return row.looked_by == SYNCLINE_VERSION && row.state != kArriving && row.device == info.device &&
         row.file_id == info.file_id && row.size == info.size &&
         row.modified_ns == info.modified_ns && row.changed_ns == info.changed_ns &&
         // Neither the folder's permissions nor a vanished copy show in the file.
         (row.state == kIgnored || !Refusal(candidate).has_value()) &&
         (row.state != kReady || cache_.Has(row.hash));
}

void Catalog::WaitUntilStill(const std::vector<Candidate*>& changed) {
  int64_t newest = 0;
  for (const Candidate* candidate : changed) {
    newest = std::max(newest, candidate->info.changed_ns);
  }
  const absl::Duration wait =
      std::min(kLongestWait, absl::FromUnixNanos(newest) + options_.still - clock_->Now());
  if (wait > absl::ZeroDuration()) clock_->Sleep(wait);
}

absl::StatusOr<Catalog::Row> Catalog::LookAt(const Candidate& candidate, const Row* before) {
  const platform::FileInfo& info = candidate.info;
  Row row;
  row.path = candidate.path;
  row.device = info.device;
  row.file_id = info.file_id;
  row.size = info.size;
  row.modified_ns = info.modified_ns;
  row.changed_ns = info.changed_ns;
  row.looked_by = SYNCLINE_VERSION;
  row.looked_ns = absl::ToUnixNanos(clock_->Now());
  // A broken new version still is that provider's library: its items can then say what is wrong.
  if (before != nullptr) row.provider = before->provider;
  if (const auto refusal = Refusal(candidate)) {
    Set(&row, kIncompatible, *refusal);
    row.looked_by.clear();  // looked at again each time: the folder may be put right
    return row;
  }
  absl::Status status = LookInside(candidate, before, &row);
  if (!status.ok()) return status;
  return row;
}

absl::Status Catalog::LookInside(const Candidate& candidate, const Row* before, Row* row) {
  absl::StatusOr<std::string> bytes = platform::ReadWholeFile(candidate.path, kLargestLibrary);
  const absl::StatusOr<platform::FileInfo> after = platform::StatPath(candidate.path);
  if (!after.ok() || !SameFile(*after, candidate.info)) {
    Set(row, kArriving, "it is still being written. Syncline looks at it again by itself.");
    return absl::OkStatus();
  }
  if (!bytes.ok()) {
    Set(row, kIncompatible, Cat("it cannot be read: ", Sentence(bytes.status())));
    row->looked_by.clear();
    return absl::OkStatus();
  }
  switch (InspectLibrary(*bytes)) {
    case LibraryShape::kNoProvider:
      row->provider.clear();
      Set(row, kIgnored, "");
      return absl::OkStatus();
    case LibraryShape::kIncomplete:
      if (clock_->Now() - absl::FromUnixNanos(candidate.info.changed_ns) < options_.settled) {
        Set(row, kArriving, "it has not arrived completely. Syncline looks at it again by itself.");
      } else {
        Set(row, kIncompatible, "it is incomplete: copy it again.");
      }
      return absl::OkStatus();
    case LibraryShape::kWrongMachine:
      Set(row, kIncompatible,
          "it is built for another kind of computer. Get it for this system and processor.");
      return absl::OkStatus();
    case LibraryShape::kGood:
      break;
  }
  row->hash = LibraryCache::Hash(*bytes);
  if (before != nullptr && before->hash == row->hash && before->looked_by == row->looked_by) {
    // Touched or copied over itself: the same content gives the same answer.
    row->provider = before->provider;
    row->manifest = before->manifest;
    Set(row, before->state.c_str(), before->reason);
    return row->state == kReady ? cache_.Keep(row->hash, *bytes).status() : absl::OkStatus();
  }
  if (before != nullptr && !before->hash.empty()) {
    absl::Status status = ForgetCrashedRecords(before->provider);
    if (!status.ok()) return status;
  }
  return Ask(*bytes, row);
}

absl::Status Catalog::Ask(const std::string& bytes, Row* row) {
  absl::StatusOr<std::string> copy = cache_.Keep(row->hash, bytes);
  if (!copy.ok()) return copy.status();
  absl::StatusOr<ProbeResult> probe = ProbeInWorker(options_.worker, *copy, options_.probe_limit);
  if (!probe.ok()) return probe.status();
  if (!probe->misbehaved.empty()) {
    Set(row, kQuarantined,
        Cat("it ", probe->misbehaved,
            ". Install a mended version, or try it again with: syncline providers --retry ",
            RetryName(*row)));
    return absl::OkStatus();
  }
  if (!probe->answer.is_provider) {
    if (probe->answer.reason.empty()) {
      row->provider.clear();
      Set(row, kIgnored, "");
    } else {
      Set(row, kIncompatible, Cat("it ", DisplayText(probe->answer.reason)));
    }
    return absl::OkStatus();
  }
  absl::StatusOr<Manifest> manifest = ParseManifest(probe->answer.manifest);
  if (!manifest.ok()) {
    Set(row, kIncompatible,
        Cat("its manifest is wrong: ", Sentence(manifest.status()),
            ". Its author must mend it; install a mended version."));
    return absl::OkStatus();
  }
  row->provider = manifest->id;
  row->manifest = std::move(probe->answer.manifest);
  Set(row, kReady, "");
  return absl::OkStatus();
}

absl::Status Catalog::Arrange(const std::vector<Candidate>& candidates, const Rows& rows) {
  storage::LibraryTable table(database_);
  std::vector<Library> libraries;
  for (const Candidate& candidate : candidates) {
    const Row& row = rows.at(candidate.path);
    if (row.state == kIgnored) continue;
    Library& library = libraries.emplace_back();
    library.path = row.path;
    library.state = row.state;
    library.reason = row.reason;
    library.provider = row.provider;
    library.hash = row.hash;
    if (!row.manifest.empty()) {
      if (absl::StatusOr<Manifest> manifest = ParseManifest(row.manifest); manifest.ok()) {
        library.manifest = *std::move(manifest);
      }
    }
    if (library.state != kReady) continue;
    for (const Library& first : libraries) {
      if (&first == &library || first.state == kIncompatible || first.state == kArriving ||
          !SameId(first.provider, library.provider)) {
        continue;
      }
      library.state = kIncompatible;
      library.reason = Cat("the provider ", library.provider, " is already there, in ",
                           DisplayText(first.path), ". Remove one of the two.");
      break;
    }
    if (library.state != kReady) continue;
    absl::StatusOr<storage::LibraryTable::Failures> failures = table.FailuresOf(row.hash);
    if (!failures.ok()) return failures.status();
    library.failures = failures->count;
    if (failures->count >= kFailuresUntilQuarantine) {
      library.state = kQuarantined;
      library.reason = QuarantineReason(failures->count, failures->last_reason, RetryName(row));
    }
  }
  libraries_ = std::move(libraries);
  return absl::OkStatus();
}

}  // namespace syncline::catalog
