// The calls of the contract. See images.h.
#include "plugins/images/images.h"

#include <utility>

#include "plugins/images/below.h"
#include "plugins/images/details.h"
#include "plugins/images/hash.h"
#include "plugins/images/incoming.h"
#include "plugins/images/merge_units.h"
#include "plugins/images/merging.h"
#include "plugins/images/packing.h"
#include "plugins/record_files/refusal.h"

namespace syncline::images {
namespace {

using platform::FileInfo;
using record_files::FromSystem;
using record_files::FromWriting;
using record_files::Join;
using record_files::Quoted;
using record_files::Words;

constexpr char kJournal[] = ".syncline-part-units-";

Error Changed(std::string_view path) {
  return Error(
      SYNCLINE_CONFLICT,
      Join({Quoted(path), " was changed here in the meantime. Sync again to look at it anew."}));
}

}  // namespace

Images::Images(Host host) : host_(host), temporaries_(host) {}

Replica Images::open(const Call&) {
  const std::string location(host_.Location());
  const auto refuse = [&](syncline_status status, std::string_view why, std::string detail) {
    return Error(status, Join({Quoted(location), why}), std::move(detail), "location");
  };
  const std::string path = platform::LocalPath(location);
  if (path.empty() || path.find('\0') != std::string::npos) {
    throw refuse(SYNCLINE_BROKEN, " is not a path on this computer. Give the path of a folder.",
                 "");
  }
  const absl::StatusOr<std::string> real = platform::RealPath(platform::AbsolutePath(path));
  const absl::StatusOr<FileInfo> info = real.ok() ? platform::StatPath(*real) : real.status();
  if (absl::IsNotFound(info.status())) {
    throw refuse(SYNCLINE_NOT_FOUND,
                 " is not there. Put the card in, mount the disk, or correct the path, then sync "
                 "again.",
                 std::string(Words(info.status())));
  }
  if (info.ok() && info->type != platform::FileType::kFolder) {
    throw refuse(SYNCLINE_BROKEN, " is not a folder. Give the path of a folder.", "");
  }
  absl::StatusOr<platform::Dir> dir = info.ok() ? platform::OpenDir(*real) : info.status();
  if (!dir.ok()) {
    throw refuse(SYNCLINE_OFFLINE, " cannot be opened. Check its permissions and its disk.",
                 std::string(Words(dir.status())));
  }
  path_ = *real;
  dir_ = *std::move(dir);
  dir_info_ = *info;
  ReadSettings();

  const std::string_view side = host_.Setting("side");
  units_.clear();
  memory_ = std::make_unique<FileMemory>(&host_, manner_.trust);
  listing_ = std::make_unique<Listing>(&host_, &dir_, &manner_, memory_.get(), side == "a");
  journal_ = std::make_unique<Journal>(
      &dir_, Join({kJournal, HashOf(Join({host_.Setting("item"), "/", side}))}));
  store_ = std::make_unique<Store>(&host_, &dir_, &manner_, memory_.get(), journal_.get(),
                                   &temporaries_, &units_);

  Replica replica;
  replica.ordered = true;
  // A card is wiped, formatted or another one each time, and an import removes nothing by what is
  // missing. Everywhere else another place under the same path must stop the sync: also a library
  // whose disk is not mounted.
  if (manner_.names != Manner::Names::kPictures || side == "b") {
    const absl::StatusOr<uint64_t> file_system = platform::FileSystemId(dir_);
    AppendNumber(file_system.ok() ? *file_system : 0, 8, &replica.identity);
    AppendNumber(dir_info_.file_id, 8, &replica.identity);
    AppendNumber(static_cast<uint64_t>(dir_info_.born_ns), 8, &replica.identity);
  }
  return replica;
}

void Images::ReadSettings() {
  manner_ = Manner{};
  const std::string_view layout = host_.Setting("layout");
  if (host_.Setting("direction") == "add") {
    manner_.names = Manner::Names::kPictures;
  } else if (!layout.empty()) {
    manner_.names = Manner::Names::kPathsAndPictures;
  }
  manner_.mergeable = host_.Setting("direction") == "two-way";
  manner_.verify = host_.Setting("verify") == "yes";
  manner_.trust = platform::IgnoresCase(dir_) ? Trust::kSizeAndTime : Trust::kAll;
  if (layout.empty()) return;
  absl::StatusOr<Layout> parsed = Layout::Parse(layout);
  if (!parsed.ok()) {
    throw Error(SYNCLINE_BROKEN,
                Join({"The layout ", Quoted(layout), " cannot be used: ", Words(parsed.status()),
                      ". Correct it."}),
                "", "layout");
  }
  if (host_.Setting("side") == "b") manner_.layout = *std::move(parsed);
}

void Images::FinishWhatWasLeft() {
  const absl::StatusOr<int> finished = journal_->Finish();
  if (!finished.ok()) {
    throw FromWriting(finished.status(), "What a stopped sync left cannot be finished");
  }
  if (*finished > 0) {
    host_.Event(SYNCLINE_INFO, "",
                Join({"A sync that was stopped midway had ", std::to_string(*finished),
                      " files left to put in their place; that is done now."}));
  }
  platform::DirListing names;
  if (!platform::ListDir(dir_, &names).ok()) return;
  for (const platform::DirEntry& entry : names.entries) {
    const std::string name(names.Name(entry));
    if (temporaries_.IsMine(name)) temporaries_.TidyUp(dir_, name, "");
  }
}

void Images::enumerate(const Call& call, Records records) {
  store_->Discard();
  FinishWhatWasLeft();
  Listed listed = listing_->List(call);
  TellWhatIsLeftAlone(listed);
  for (const auto& [id, placed] : listed.units) records.Push(RecordOf(placed, manner_));
  for (const Listed::Aside& aside : listed.asides) {
    RecordView record;
    record.id = aside.id;
    records.Aside(record, aside.reason.empty() ? SYNCLINE_OK : SYNCLINE_INVALID, aside.reason);
  }
  if (!listed.unreadable.empty()) {
    RecordView unknown;  // with an empty id: there is more than can be listed
    unknown.flags = SYNCLINE_UNKNOWN;
    unknown.version = "?";
    records.Push(unknown);
  }
  units_ = std::move(listed.units);
  twins_ = std::move(listed.twins);
}

// Each of these is told when it changes, not at every sync.
void Images::TellWhatIsLeftAlone(const Listed& listed) {
  const auto tell = [&](std::string_view what, uint64_t count, std::string_view one,
                        std::string_view many) {
    const std::string name = Join({"c:", what});
    const std::string now = std::to_string(count);
    if (host_.Recall(name).value_or("0") == now) return;
    host_.Remember(name, now);
    if (count > 0) host_.Event(SYNCLINE_INFO, "", Join({now, count == 1 ? one : many}));
  };
  tell("others", listed.others, " file is no picture and is left alone.",
       " files are no pictures and are left alone.");
  tell("twice", listed.twins.size(), " picture is here a second time; one of the two is synced.",
       " pictures are here once more; each is synced once.");
  for (const std::string& folder : listed.unreadable) {
    host_.Event(SYNCLINE_WARNING, "",
                Join({"A folder cannot be listed, and nothing is concluded from what is missing: ",
                      folder, ". Give this user the right to read it."}));
  }
}

Placed* Images::Find(std::string_view id) {
  const auto at = units_.find(id);
  if (at == units_.end()) return nullptr;
  Placed& placed = at->second;
  const absl::StatusOr<platform::Dir> dir = OpenBelow(dir_, placed.folder);
  if (absl::IsNotFound(dir.status())) return nullptr;
  if (!dir.ok()) throw FromSystem(dir.status(), Join({Quoted(placed.folder), " cannot be opened"}));
  for (size_t i = 0; i < placed.files.size(); ++i) {
    KnownFile& file = placed.files[i];
    FileInfo info;
    const std::string& name = placed.unit.members[i].name;
    const absl::Status seen = platform::Stat(*dir, name.c_str(), &info);
    if (absl::IsNotFound(seen)) {
      if (i == 0) return nullptr;
      throw Changed(placed.PathOf(i));
    }
    if (seen.ok() && record_files::Untouched(info, file.info)) continue;
    absl::StatusOr<KnownFile> known =
        seen.ok() ? Examine(*dir, name, info) : absl::StatusOr<KnownFile>(seen);
    if (!known.ok()) {
      throw FromSystem(known.status(), Join({Quoted(placed.PathOf(i)), " cannot be read"}));
    }
    file = *std::move(known);
  }
  return &placed;
}

Placed& Images::Get(std::string_view id) {
  Placed* const placed = Find(id);
  if (placed == nullptr) {
    throw Error(SYNCLINE_NOT_FOUND,
                Join({Quoted(id), " is not there any more. Sync again to look at it anew."}));
  }
  return *placed;
}

Placed& Images::Expect(std::string_view id, std::string_view version) {
  Placed* const placed = Find(id);
  if (placed == nullptr || VersionOf(*placed, manner_.trust) != version) {
    throw Changed(placed == nullptr ? id : std::string_view(placed->PathOf(0)));
  }
  return *placed;
}

Record Images::read(const Call& call, std::string_view id, ByteSink content) {
  const Placed sent = Get(id);
  SendUnit(call, dir_, sent, content);
  // Not only the version that was listed counts: what was sent has to be of it as well.
  return RecordOf(Expect(id, VersionOf(sent, manner_.trust)), manner_);
}

Stored Images::write(const Call& call, const WriteOrder& order, ByteSource content) {
  if (order.essence) {
    const absl::StatusOr<Essence> merged = DecodeEssence(content.ReadAll(kLargestEssence));
    if (!merged.ok()) throw Error(SYNCLINE_INVALID, std::string(Words(merged.status())));
    const Placed old = Expect(order.wanted.id, order.expected_version);
    store_->StageUpdate(order, WithEssence(call, dir_, old, *merged, &temporaries_, manner_.verify),
                        old);
    return std::nullopt;
  }
  return Stage(order,
               ReceiveUnit(call, content, dir_, &temporaries_, manner_.verify,
                           order.wanted.name.empty() ? order.wanted.key : order.wanted.name));
}

Stored Images::copy(const Call& call, Images& from, std::string_view id, std::string_view version,
                    const WriteOrder& order) {
  // Contents that are equal have nothing else that would have to be equal as well.
  if (order.metadata_only) return RecordOf(Get(order.wanted.id), manner_);
  Placed& source = from.Expect(id, version);
  Incoming incoming =
      CopyUnit(call, from.dir_, &source, dir_, &temporaries_, manner_.verify, source.PathOf(0));
  // What was copied is whole only when nobody wrote to it meanwhile.
  Placed& after = from.Expect(id, version);
  if (manner_.names == Manner::Names::kPictures) {
    const absl::StatusOr<std::string> digest = DigestOfUnit(call, from.dir_, &after);
    if (digest.ok()) RememberDigest(from.host_, after.content, *digest);
  }
  return Stage(order, std::move(incoming));
}

Stored Images::Stage(const WriteOrder& order, Incoming incoming) {
  if (order.wanted.id.empty()) {
    store_->StageNew(order, std::move(incoming));
  } else {
    store_->StageUpdate(order, std::move(incoming),
                        Expect(order.wanted.id, order.expected_version));
  }
  return std::nullopt;
}

Removal Images::remove(const Call&, const RemoveOrder& order) {
  if (Find(order.id) == nullptr) return Removal::kDone;
  store_->StageRemoval(order, Expect(order.id, order.expected_version));
  return Removal::kStaged;
}

Record Images::move(const Call&, const MoveOrder& order) {
  const Placed placed = Expect(order.id, order.expected_version);
  return RecordOf(store_->Move(placed, order.wanted_key), manner_);
}

void Images::settle(const Call& call, Results results) { store_->Settle(call, results); }

Verdict Images::compare(const Call& call, std::string_view id, std::string_view version,
                        Images& other, std::string_view other_id, std::string_view other_version) {
  Placed& mine = Expect(id, version);
  Placed& theirs = other.Expect(other_id, other_version);
  const bool same = manner_.names == Manner::Names::kPictures
                        ? SamePictures(call, dir_, &mine, other.dir_, &theirs)
                        : SameFiles(call, dir_, mine, other.dir_, theirs);
  return same ? Verdict::kSame : Verdict::kDifferent;
}

bool Images::same_content(std::string_view before, std::string_view after) const {
  return SameKept(before, after);
}

void Images::describe(const Call&, std::string_view id, Fields fields) {
  Describe(dir_, Get(id), fields);
}

Record Images::essence(const Call& call, std::string_view id, Purpose purpose, ByteSink content) {
  const Placed read = Get(id);
  content.Write(EncodeEssence(EssenceOfUnit(call, dir_, read, purpose)));
  return RecordOf(Expect(id, VersionOf(read, manner_.trust)), manner_);
}

bool Images::merge(const Call&, const MergeInput& input, ByteSink merged, Fields differing) const {
  return MergeUnits(input, merged, differing);
}

void Images::check(const Call&, Images* other) {
  if (other == nullptr) return;
  const auto inside = [](const std::string& a, const std::string& b) {
    return a.size() > b.size() && a.starts_with(b) && (b == "/" || a[b.size()] == '/');
  };
  const bool same =
      dir_info_.file_id == other->dir_info_.file_id && dir_info_.device == other->dir_info_.device;
  if (same || inside(path_, other->path_) || inside(other->path_, path_)) {
    throw Error(SYNCLINE_INVALID,
                Join({Quoted(host_.Location()), " and ", Quoted(other->host_.Location()),
                      same ? " are the same folder" : " lie one inside the other",
                      ". Give two folders that are apart."}),
                "", "location");
  }
  for (const Images* side : {this, other}) {
    if (!side->manner_.layout) continue;
    host_.Event(SYNCLINE_INFO, "",
                Join({"With this layout a new picture becomes, for example, ",
                      Quoted(side->manner_.layout->Example()), "."}));
  }
}

void Images::arrange(const Call& call, Records wanted) {
  if (!manner_.layout) return;
  TakenNames taken(&dir_);
  for (const auto& [id, placed] : units_) {
    call.ThrowIfCancelled();
    call.Progress(0);
    // What did not come in by this item stands where its owner put it.
    const std::optional<Origin> origin = RecallOrigin(host_, KeyOf(placed, manner_));
    if (!origin) continue;
    const absl::StatusOr<platform::Dir> dir = OpenBelow(dir_, placed.folder);
    if (!dir.ok()) continue;  // gone since: the next look tells
    std::vector<ReadableMember> members;
    for (size_t i = 0; i < placed.files.size(); ++i) {
      members.push_back({placed.unit.members[i].name, placed.unit.members[i], &placed.files[i]});
    }
    // By the name that it had when it came in; its own is already one by a layout.
    const PictureFacts facts = FactsOf(*dir, members, origin->stem, origin->folder, nullptr);
    const Filed own{placed.folder, placed.unit.stem};
    const Filed filed = PlaceByLayout(*manner_.layout, facts, placed.unit, &own, &taken);
    if (filed.folder == own.folder && filed.stem == own.stem) continue;
    taken.Take(filed.folder, NamesUnder(placed.unit, filed.stem));
    Record record = RecordOf(placed, manner_);
    record.key = PathIn(filed.folder, Join({filed.stem, placed.unit.members[0].tail}));
    wanted.Push(record);
  }
}

std::string Images::WhyNotSafe(const Call& call, const Placed& placed, Images& other,
                               const Placed* theirs) {
  if (theirs == nullptr) return "it is not on the other side";
  const std::optional<Origin> origin = RecallOrigin(other.host_, KeyOf(placed, manner_));
  if (!origin || !origin->verified) return "its copy was not read back from the disk";
  if (origin->kept == KeptOf(placed)) return "";
  // Times on a card move with the clock's zone: only the bytes tell.
  return SameFiles(call, dir_, placed, other.dir_, *theirs)
             ? ""
             : "it was changed here after it was copied";
}

std::string Images::WhyTwinNotSafe(const Call& call, const Placed& twin, Images& other,
                                   const Placed* theirs) {
  if (theirs == nullptr) return "it is not on the other side";
  const std::optional<Origin> origin = RecallOrigin(other.host_, KeyOf(twin, manner_));
  if (!origin || !origin->verified) return "its copy was not read back from the disk";
  return SameFiles(call, dir_, twin, other.dir_, *theirs)
             ? ""
             : "it is a second copy of a picture, with other metadata or sidecars than the one "
               "that "
               "was copied";
}

void Images::safe(const Call& call, Images& other, Fields records) {
  std::map<std::string, const Placed*> theirs;
  for (const auto& [id, placed] : other.units_) theirs.emplace(KeyOf(placed, manner_), &placed);
  for (const auto& [id, placed] : units_) {
    call.ThrowIfCancelled();
    call.Progress(0);
    const auto at = theirs.find(KeyOf(placed, manner_));
    const std::string why =
        WhyNotSafe(call, placed, other, at == theirs.end() ? nullptr : at->second);
    for (size_t i = 0; i < placed.files.size(); ++i) records.Push(placed.PathOf(i), why);
  }
  for (const Placed& twin : twins_) {
    call.ThrowIfCancelled();
    const auto at = theirs.find(KeyOf(twin, manner_));
    const std::string why =
        WhyTwinNotSafe(call, twin, other, at == theirs.end() ? nullptr : at->second);
    for (size_t i = 0; i < twin.files.size(); ++i) records.Push(twin.PathOf(i), why);
  }
}

}  // namespace syncline::images
