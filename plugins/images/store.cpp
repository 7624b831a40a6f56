// Changes to one side. See store.h.
#include "plugins/images/store.h"

#include <algorithm>
#include <set>
#include <utility>

#include "plugins/images/below.h"
#include "plugins/images/name_patterns.h"
#include "plugins/images/packing.h"
#include "plugins/images/unit_owners.h"
#include "plugins/record_files/content.h"
#include "plugins/record_files/refusal.h"

namespace syncline::images {
namespace {

using platform::FileInfo;
using record_files::FromWriting;
using record_files::Join;
using record_files::Quoted;
using record_files::Words;

std::string OriginEntry(std::string_view key) { return Join({"o:", key}); }

Error TakenMeanwhile(const std::string& path) {
  return Error(SYNCLINE_CONFLICT,
               Join({Quoted(path), " is there already. Sync again to look at it anew."}));
}

// A change of several files, of which none was done.
Error NotDone(const absl::Status& status, std::string_view path, std::string_view what) {
  if (absl::IsAlreadyExists(status)) return TakenMeanwhile(std::string(path));
  if (absl::IsAborted(status) || absl::IsNotFound(status)) {
    return Error(
        SYNCLINE_CONFLICT,
        Join({Quoted(path), " was changed here in the meantime. Sync again to look at it anew."}));
  }
  return FromWriting(status, Join({Quoted(path), " cannot be ", what}));
}

size_t CountOf(const std::set<std::string>& staying, const Unit& unit) {
  return static_cast<size_t>(
      std::count_if(unit.members.begin(), unit.members.end(),
                    [&](const Member& member) { return staying.contains(member.name); }));
}

// The unit when its main member gets that name. other_tail: with whatever extension the name has,
// as on the other side; else the members keep their tails.
Unit UnderName(const Unit& unit, std::string_view name, bool other_tail) {
  const std::string& old_tail = unit.members[0].tail;
  size_t at = name.size();
  if (name.size() > old_tail.size() && EndsWithAnyCase(name, old_tail)) {
    at -= old_tail.size();
  } else if (other_tail) {
    at = ExtensionAt(name);
  }
  const std::string tail(other_tail ? name.substr(at) : std::string_view(old_tail));
  Unit renamed = unit;
  renamed.stem = name.substr(0, at);
  renamed.members[0].tail = tail;
  for (Member& member : renamed.members) {
    // NAME.JPG.xmp beside NAME.JPG.
    if (&member != &renamed.members[0] && !old_tail.empty() && member.tail.starts_with(old_tail)) {
      member.tail.replace(0, old_tail.size(), tail);
    }
    member.name = renamed.stem + member.tail;
  }
  return renamed;
}

// What a person gave the old file stays: permissions, and attributes where the disk has them.
void KeepOwn(const platform::Dir& dir, const Placed& old, const Incoming& incoming) {
  const absl::StatusOr<platform::Dir> folder = OpenBelow(dir, old.folder);
  if (!folder.ok()) return;
  for (const IncomingFile& file : incoming.files) {
    const std::string name = old.unit.stem + file.member.tail;
    const auto same = std::find_if(old.unit.members.begin(), old.unit.members.end(),
                                   [&](const Member& member) { return member.name == name; });
    if (same == old.unit.members.end()) continue;
    const absl::StatusOr<platform::File> from = platform::OpenFile(*folder, name);
    const absl::StatusOr<platform::File> to = platform::OpenFile(dir, file.temporary);
    if (!from.ok() || !to.ok()) continue;
    const absl::StatusOr<platform::UserAttributes> kept = platform::ReadUserAttributes(*from);
    if (kept.ok() && !kept->empty()) platform::WriteUserAttributes(*to, *kept).IgnoreError();
    const auto at = static_cast<size_t>(same - old.unit.members.begin());
    platform::SetPermissions(*to, old.files[at].info.permissions & 0777).IgnoreError();
  }
}

}  // namespace

void RememberOrigin(const Host& host, std::string_view key, const Origin& origin) {
  std::string packed(1, origin.verified ? 'v' : '-');
  for (const std::string* text : {&origin.folder, &origin.stem, &origin.kept, &origin.own_kept}) {
    AppendText(*text, 4, &packed);
  }
  host.Remember(OriginEntry(key), packed);
}

std::optional<Origin> RecallOrigin(const Host& host, std::string_view key) {
  const std::optional<std::string> packed = host.Recall(OriginEntry(key));
  if (!packed || packed->empty()) return std::nullopt;
  Unpacking rest(std::string_view(*packed).substr(1));
  Origin origin;
  origin.verified = packed->front() == 'v';
  for (std::string* text : {&origin.folder, &origin.stem, &origin.kept, &origin.own_kept}) {
    *text = rest.View(4);
  }
  if (!rest.done()) return std::nullopt;
  return origin;
}

void Store::MustBeFree(const std::string& folder, const std::vector<std::string>& names) {
  const std::string met = names_.Meets(folder, names);
  if (met.empty()) return;
  const std::string path = PathIn(folder, met);
  const absl::StatusOr<platform::Dir> dir = OpenBelow(*dir_, folder);
  FileInfo info;
  const bool exactly = dir.ok() && platform::Stat(*dir, met.c_str(), &info).ok();
  const bool is_picture = exactly && info.type == platform::FileType::kFile && [&] {
    const absl::StatusOr<KnownFile> known = Examine(*dir, met, info);
    return known.ok() && known->format != Format::kNone;
  }();
  if (is_picture) throw TakenMeanwhile(path);
  throw Error(SYNCLINE_CLASH,
              Join({Quoted(path), " cannot be stored: ",
                    exactly ? "another file, which is no picture, has that name here. Rename "
                              "or move one of the two."
                            : "a name here differs from it in letter case only. Rename one of "
                              "the two."}));
}

void Store::StageNew(const WriteOrder& order, Incoming incoming) {
  Order staged(order.ticket, std::move(incoming));
  const Incoming& in = staged.incoming;
  const Unit unit = in.unit();
  staged.folder = in.folder;
  staged.stem = in.stem;
  if (manner_->layout) {
    std::vector<ReadableMember> members;
    for (const IncomingFile& file : in.files) {
      members.push_back({file.temporary, file.member, &file.known});
    }
    const PictureFacts facts = FactsOf(*dir_, members, in.stem, in.folder, &staged.note);
    const Filed filed = PlaceByLayout(*manner_->layout, facts, unit, nullptr, &names_);
    staged.folder = filed.folder;
    staged.stem = filed.stem;
  }
  if (order.beside) {
    const std::string stem = Join({staged.stem, " (", order.label, ")"});
    staged.stem = PlaceBeside(staged.folder, stem, unit, &names_).stem;
  } else if (manner_->names == Manner::Names::kPaths) {
    MustBeFree(staged.folder, NamesUnder(unit, staged.stem));
  } else if (!manner_->layout) {
    staged.stem = PlaceBeside(staged.folder, staged.stem, unit, &names_).stem;
  }
  names_.Take(staged.folder, NamesUnder(unit, staged.stem));
  if (!order.beside) staged.picture = order.wanted.key;
  orders_.push_back(std::move(staged));
}

void Store::StageUpdate(const WriteOrder& order, Incoming incoming, Placed old) {
  Order staged(order.ticket, std::move(incoming));
  staged.folder = old.folder;
  staged.stem = old.unit.stem;
  KeepOwn(*dir_, old, staged.incoming);
  staged.old = std::move(old);
  orders_.push_back(std::move(staged));
}

void Store::StageRemoval(const RemoveOrder& order, Placed old) {
  Order staged(order.ticket, Incoming(dir_));
  staged.old = std::move(old);
  orders_.push_back(std::move(staged));
}

void Store::Discard() {
  orders_.clear();
  unfinished_ = false;
  names_.Forget();
}

// New members and replaced ones first, then what goes.
void Store::Prepare(Order* order) const {
  std::vector<Step>& steps = order->steps;
  std::set<std::string> staying;
  if (!order->incoming.files.empty()) {
    Placed& now = order->now;
    now.folder = order->folder;
    now.unit = order->incoming.unit();
    now.unit.stem = order->stem;
    const std::vector<std::string> names = NamesUnder(now.unit, order->stem);
    for (size_t i = 0; i < names.size(); ++i) {
      const IncomingFile& file = order->incoming.files[i];
      Member& member = now.unit.members[i];
      member.name = names[i];
      now.files.push_back(file.known);
      std::string replaces;
      if (file.temporary.empty()) {
        staying.insert(member.name);
        continue;
      }
      for (size_t k = 0; order->old && k < order->old->files.size(); ++k) {
        const Member& was = order->old->unit.members[k];
        if (LowerCase(was.name) != LowerCase(names[i])) continue;
        // In the letters that it has here: on some disks the other ones would be the same file.
        member.name = was.name;
        member.tail = was.tail;
        replaces = StampOf(order->old->files[k].info);
      }
      staying.insert(member.name);
      steps.push_back(
          {file.temporary, now.PathOf(i), StampOf(file.known.info), std::move(replaces)});
    }
    // The main member last: without it the others are no unit that anybody could take for a whole
    // one.
    if (steps.size() > 1 && steps.front().to == now.PathOf(0)) {
      std::rotate(steps.begin(), steps.begin() + 1, steps.end());
    }
  }
  if (!order->old) return;
  const size_t going = order->old->files.size() - CountOf(staying, order->old->unit);
  for (size_t k = 0; k < order->old->files.size(); ++k) {
    if (staying.contains(order->old->unit.members[k].name)) continue;
    // Of several, each first gets a name from which it can come back, should another one not go.
    const bool alone = going == 1 && steps.empty();
    if (!alone) order->away.push_back(temporaries_->NewName(nullptr));
    steps.push_back({order->old->PathOf(k), alone ? "" : order->away.back(),
                     StampOf(order->old->files[k].info), ""});
  }
}

void Store::Verify(const Call& call, Order* order) {
  for (const IncomingFile& file : order->incoming.files) {
    call.ThrowIfCancelled();
    call.Progress(0);
    if (file.temporary.empty()) continue;
    const absl::StatusOr<std::string> read = ReadBack(*dir_, file.temporary);
    if (read.ok() && *read == file.written) continue;
    order->failure = Error(SYNCLINE_FAILED,
                           Join({Quoted(file.member.name),
                                 " was read back from the target and is not what was written. The "
                                 "disk may be failing: check it, then sync again."}),
                           read.ok() ? "" : std::string(Words(read.status())));
    return;
  }
}

void Store::Run(Order* order) {
  const absl::Status status = DoSteps(*dir_, order->steps);
  if (!status.ok()) {
    if (absl::IsDataLoss(status)) {
      unfinished_ = true;
      order->incoming.Settled();  // its files are needed to finish it
    } else if (order->old) {
      StandsAsBefore(*order->old);
    }
    const Placed& unit = order->removes() ? *order->old : order->now;
    order->failure = NotDone(status, unit.PathOf(0), order->removes() ? "removed" : "stored");
    return;
  }
  order->incoming.Settled();
  // What cannot be removed is left to the next sync, which tidies up.
  for (const std::string& name : order->away) platform::RemoveFile(*dir_, name).IgnoreError();
  if (order->removes()) RemoveEmptied(order->old->folder);
}

void Store::StandsAsBefore(const Placed& placed) {
  const auto at = units_->find(IdOf(placed, *manner_));
  const absl::StatusOr<platform::Dir> dir = OpenBelow(*dir_, placed.folder);
  if (at == units_->end() || !dir.ok()) return;
  for (size_t k = 0; k < placed.files.size(); ++k) {
    FileInfo info;
    const absl::Status seen = platform::Stat(*dir, placed.unit.members[k].name.c_str(), &info);
    if (!seen.ok() || !record_files::SameContent(info, placed.files[k].info)) continue;
    KnownFile& file = at->second.files[k];
    file = placed.files[k];
    file.info = info;
    memory_->Note(placed.PathOf(k), file);
  }
}

void Store::ForgetJournal() {
  if (!unfinished_) journal_->Done().IgnoreError();
}

void Store::RemoveEmptied(std::string_view folder) const {
  // Folders are no records: what a removal or a move leaves empty would stay for ever.
  while (!folder.empty()) {
    const auto [above, name] = SplitPath(folder);
    const absl::StatusOr<platform::Dir> dir = OpenBelow(*dir_, above);
    if (!dir.ok() || !platform::RemoveDir(*dir, name).ok()) return;
    folder = folder.substr(0, above.size());
  }
}

void Store::Settle(const Call& call, const Results& results) {
  names_.Forget();
  std::vector<Order> orders = std::move(orders_);
  orders_.clear();
  if (orders.empty() && !touched_) return;
  touched_ = false;
  const auto fail_all = [&](const absl::Status& status) {
    const Error why = FromWriting(status, "What was written cannot be made durable");
    for (const Order& order : orders) results.Failed(order.ticket, why);
  };
  absl::Status status = platform::FlushFileSystem(*dir_);
  std::vector<Step> noted;
  for (Order& order : orders) {
    if (manner_->verify) Verify(call, &order);
    Prepare(&order);
    // One rename needs no note, but for an exchange, of which the old file may be left.
    if (order.failure || order.steps.empty()) continue;
    if (order.steps.size() == 1 && order.steps[0].replaces.empty()) continue;
    noted.insert(noted.end(), order.steps.begin(), order.steps.end());
  }
  if (status.ok() && !noted.empty()) status = journal_->Write(noted);
  if (!status.ok()) return fail_all(status);
  for (Order& order : orders) {
    if (!order.failure) Run(&order);
  }
  status = platform::FlushFileSystem(*dir_);
  if (!noted.empty()) ForgetJournal();
  if (!status.ok()) return fail_all(status);
  for (Order& order : orders) Report(&order, results);
}

void Store::Report(Order* order, const Results& results) {
  if (order->failure) {
    results.Failed(order->ticket, *order->failure);
  } else if (order->removes()) {
    units_->erase(IdOf(*order->old, *manner_));
    results.Removed(order->ticket);
  } else {
    ReportStored(order, results);
  }
}

void Store::ReportStored(Order* order, const Results& results) {
  Placed& now = order->now;
  const absl::StatusOr<platform::Dir> dir = OpenBelow(*dir_, now.folder);
  for (size_t k = 0; dir.ok() && k < now.files.size(); ++k) {
    FileInfo info;
    // The rename changed the time of the last change; whatever else differs is an edit of just now,
    // which the next listing is to see.
    const absl::Status seen = platform::Stat(*dir, now.unit.members[k].name.c_str(), &info);
    if (seen.ok() && record_files::SameContent(info, now.files[k].info)) now.files[k].info = info;
    now.files[k].changed_ns = now.files[k].info.changed_ns;
  }
  now.content = ContentOf(now);
  KnownFile& main = now.files[0];
  main.content.clear();
  main.picture.clear();
  if (manner_->names != Manner::Names::kPaths) {
    // As the source knows it, where that is about the same content; an edit gets its name anew.
    now.picture = order->picture.starts_with(now.content) ? order->picture : now.content;
    main.content = now.content;
    main.picture = now.picture;
  }
  for (size_t k = 0; k < now.files.size(); ++k) memory_->Note(now.PathOf(k), now.files[k]);
  const Record record = RecordOf(now, *manner_);
  RememberOrigin(*host_, record.key,
                 {order->incoming.folder, order->incoming.stem, order->incoming.kept, KeptOf(now),
                  manner_->verify});
  if (!order->note.empty()) {
    host_->Event(SYNCLINE_INFO, now.PathOf(0),
                 Join({Quoted(PathIn(order->incoming.folder,
                                     Join({order->incoming.stem, now.unit.members[0].tail}))),
                       " is ", Quoted(now.PathOf(0)), " here: ", order->note, "."}));
  }
  if (order->old) units_->erase(IdOf(*order->old, *manner_));
  units_->insert_or_assign(record.id, std::move(now));
  results.Stored(order->ticket, record);
}

Placed Store::Move(const Placed& placed, std::string_view wanted_path) {
  const auto [folder, name] = SplitPath(wanted_path);
  Placed moved = placed;
  moved.folder = folder;
  moved.unit = UnderName(placed.unit, name, manner_->names == Manner::Names::kPaths);
  if (!BelongTogether(moved.unit.members)) {
    throw Error(SYNCLINE_UNSUPPORTED,
                Join({Quoted(placed.PathOf(0)), " is no unit under the name ", Quoted(name), "."}));
  }
  std::vector<Step> steps;
  for (size_t i = 0; i < placed.files.size(); ++i) {
    if (placed.PathOf(i) == moved.PathOf(i)) continue;
    steps.push_back({placed.PathOf(i), moved.PathOf(i), StampOf(placed.files[i].info), ""});
  }
  names_.Forget();
  absl::Status status = steps.size() > 1 ? journal_->Write(steps) : absl::OkStatus();
  if (status.ok()) {
    touched_ = true;
    status = DoSteps(*dir_, steps);
    unfinished_ = unfinished_ || absl::IsDataLoss(status);
    if (steps.size() > 1) ForgetJournal();
  }
  if (!status.ok()) {
    StandsAsBefore(placed);
    throw NotDone(status, placed.PathOf(0), "moved");
  }
  const absl::StatusOr<platform::Dir> dir = OpenBelow(*dir_, moved.folder);
  for (size_t i = 0; dir.ok() && i < moved.files.size(); ++i) {
    const std::string& file = moved.unit.members[i].name;
    platform::Stat(*dir, file.c_str(), &moved.files[i].info).IgnoreError();
    moved.files[i].changed_ns = moved.files[i].info.changed_ns;
    memory_->Note(moved.PathOf(i), moved.files[i]);
  }
  RemoveEmptied(placed.folder);
  units_->erase(IdOf(placed, *manner_));
  units_->insert_or_assign(IdOf(moved, *manner_), moved);
  return moved;
}

}  // namespace syncline::images
