// Writing a file of many records anew with all that was staged.
#include <utility>

#include "plugins/record_files/refusal.h"
#include "plugins/record_files/single_store.h"

namespace syncline::record_files {
namespace {

using platform::FileInfo;

constexpr int kTries = 5;  // to write a file that others write to

}  // namespace

void SingleStore::Settle(const Call& call, const Results& results) {
  if (orders_.empty()) return;
  std::optional<Error> stopped;
  std::optional<Error> undurable;
  bool done = false;
  bool written = false;
  try {
    for (int attempt = 0; attempt < kTries && !done; ++attempt) {
      call.Progress(static_cast<uint64_t>(attempt));
      done = TrySettle(&written);
    }
    if (!done) {
      stopped = Error(SYNCLINE_CONFLICT, Join({Quoted(place_.location),
                                               " is being changed by another program all the "
                                               "time. Sync again when it is done."}));
    }
  } catch (const Error& error) {
    stopped = error;
  }
  if (stopped) {
    loaded_.reset();
  } else if (written) {
    // Else a power failure could bring the old file back, newer than the baseline says, and the
    // next sync would carry it to the other side.
    const absl::Status flushed = platform::FlushFileSystem(place_.dir);
    if (!flushed.ok()) undurable = FromWriting(flushed, CannotWrite());
  }
  for (const Order& order : orders_) {
    if (order.failure || stopped) {
      results.Failed(order.ticket, order.failure ? *order.failure : *stopped);
    } else if (order.remove) {
      results.Removed(order.ticket);
    } else {
      results.Stored(order.ticket, RecordOf(order.entry, IdOf(order.entry.key)));
    }
  }
  orders_.clear();
  if (stopped && stopped->status() != SYNCLINE_CONFLICT) throw Error(*stopped);
  if (undurable) throw Error(*undurable);
}

bool SingleStore::TrySettle(bool* written) {
  Load();
  // The book is changed in place; whatever goes wrong from here on, it is not what the file holds.
  Loaded base = *std::move(loaded_);
  loaded_.reset();
  Versions versions;
  versions.reserve(base.keys.size());
  for (const auto& [key, spot] : base.keys) {
    const Entry& entry = base.book->entries()[spot.entry];
    versions.emplace(key, spot.count == 1 && entry.problem.empty() ? entry.version : "");
  }
  bool changed = false;
  for (Order& order : orders_) {
    order.failure.reset();
    try {
      if (ApplyOne(&order, &versions, base.book.get())) changed = true;
    } catch (const Error& error) {
      order.failure = error;
    }
  }
  if (changed && !Write(&base)) return false;
  *written = changed;
  Index(&base);
  const std::vector<Entry>& entries = base.book->entries();
  for (Order& order : orders_) {
    if (order.failure || order.remove) continue;
    // Its place in the file may add to what counts.
    const auto spot = base.keys.find(order.entry.key);
    if (spot != base.keys.end()) order.entry = entries[spot->second.entry];
  }
  // The next look reads the file: only that tells of an edit within the same tick of the clock.
  return true;
}

bool SingleStore::ApplyOne(Order* order, Versions* versions, Book* book) const {
  const auto taken = [versions](const std::string& key) { return versions->contains(key); };
  if (!order->key.empty()) {
    const auto now = versions->find(order->key);
    if (now == versions->end()) {
      if (order->remove) return false;
      throw ChangedMeanwhile(order->key);
    }
    if (now->second.empty() || now->second != order->expected) throw ChangedMeanwhile(order->key);
    if (order->remove) {
      book->Remove(order->key);
      versions->erase(now);
      return true;
    }
    if (order->entry.key != order->key && taken(order->entry.key)) {
      throw Error(
          SYNCLINE_CLASH,
          Join({Quoted(order->key), " cannot become ", Quoted(order->entry.key), ", which is in ",
                Quoted(place_.location), " already. Remove one of the two."}));
    }
    // In this order: a book that refuses the new one still has the old one.
    book->Put(order->entry.key, order->content);
    if (order->entry.key != order->key) {
      book->Remove(order->key);
      versions->erase(now);
    }
  } else if (order->label.empty()) {
    if (taken(order->entry.key)) throw MadeMeanwhile(order->entry.key);
    book->Put(order->entry.key, order->content);
  } else {
    const std::string renamed = RenamedToFree(format_, order->content, order->label, taken);
    order->entry = OnlyEntry(format_, renamed, order->label);
    book->Put(order->entry.key, renamed);
  }
  (*versions)[order->entry.key] = order->entry.version;
  return true;
}

std::string SingleStore::CannotWrite() const {
  return Join({"The file ", Quoted(place_.location), " cannot be written"});
}

bool SingleStore::Write(Loaded* base) {
  if ((base->info.permissions & 0222) == 0) {
    throw Error(SYNCLINE_UNWRITABLE,
                Join({CannotWrite(),
                      ": it is write-protected. Change its permissions, then sync "
                      "again."}));
  }
  const std::string temporary = temporaries_.NewName(&base->info);
  absl::Status status =
      WriteFile(place_.dir, temporary, base->book->Text(), &base->info, place_.name);
  if (!status.ok()) throw FromWriting(status, CannotWrite());
  status = FlushFile(temporary);
  absl::StatusOr<bool> placed = false;
  if (status.ok()) {
    placed = Exchange(
        place_.dir, temporary, place_.name,
        [base](const std::string&, const FileInfo& info) { return SameContent(info, base->info); });
  } else {
    placed = status;
  }
  if (!placed.ok() || !*placed) {
    if (!absl::IsDataLoss(placed.status())) {
      platform::RemoveFile(place_.dir, temporary).IgnoreError();
    }
    if (!placed.ok()) throw FromWriting(placed.status(), CannotWrite());
    return false;
  }
  return true;
}

absl::Status SingleStore::FlushFile(const std::string& name) const {
  const absl::StatusOr<platform::File> file = platform::OpenFile(place_.dir, name);
  return file.ok() ? platform::Flush(*file) : file.status();
}

}  // namespace syncline::record_files
