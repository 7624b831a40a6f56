// Where a unit gets its place. See filing.h.
#include "plugins/images/filing.h"

#include <algorithm>
#include <tuple>

#include "absl/time/clock.h"
#include "plugins/images/below.h"
#include "plugins/images/bytes.h"
#include "plugins/images/metadata.h"
#include "plugins/images/name_patterns.h"
#include "plugins/record_files/content.h"
#include "plugins/record_files/refusal.h"

namespace syncline::images {
namespace {

using record_files::Join;
using record_files::Quoted;

// As many bursts and copies as anybody has with one name.
constexpr int kMostClashes = 100'000;

std::string DateText(const Taken& taken) {
  std::string text = absl::FormatCivilTime(taken.local);
  if (taken.day_only) return text.substr(0, text.find('T'));
  std::replace(text.begin(), text.end(), 'T', ' ');
  return text;
}

std::string Numbered(const std::string& stem, int number) {
  return number == 1 ? stem : Join({stem, "-", std::to_string(number)});
}

// Keeps the error of a disk, which a reader of broken files takes for one of them.
class WatchedBytes final : public Bytes {
 public:
  WatchedBytes(const platform::File& file, uint64_t size) : file_(file, size) {}
  uint64_t size() const override { return file_.size(); }
  absl::StatusOr<size_t> ReadAt(uint64_t offset, char* buffer, size_t capacity) override {
    absl::StatusOr<size_t> count = file_.ReadAt(offset, buffer, capacity);
    if (!count.ok()) status_ = count.status();
    return count;
  }
  const absl::Status& status() const { return status_; }

 private:
  FileBytes file_;
  absl::Status status_;
};

Error NotRead(const absl::Status& status, const ReadableMember& member) {
  return record_files::FromSystem(status, Join({Quoted(member.member.name), " cannot be read"}));
}

Error NoPlace(const std::string& folder, const std::string& stem) {
  return Error(SYNCLINE_INVALID,
               Join({"No free name is left for ", Quoted(PathIn(folder, stem)),
                     ". Give the layout more fields, such as {time} or {counter}."}));
}

}  // namespace

std::set<std::string>& TakenNames::In(const std::string& folder) {
  const auto [it, is_new] = folders_.try_emplace(folder);
  if (!is_new) return it->second;
  const absl::StatusOr<platform::Dir> dir = OpenBelow(*root_, folder);
  platform::DirListing listing;
  if (dir.ok() && platform::ListDir(*dir, &listing).ok()) {
    for (const platform::DirEntry& entry : listing.entries) {
      it->second.insert(LowerCase(listing.Name(entry)));
    }
  }
  return it->second;
}

std::string TakenNames::Meets(const std::string& folder, const std::vector<std::string>& names) {
  const std::set<std::string>& taken = In(folder);
  for (const std::string& name : names) {
    if (taken.contains(LowerCase(name))) return name;
  }
  return "";
}

bool TakenNames::Meets(const std::string& folder, const std::string& stem, const Unit& unit) {
  const std::set<std::string>& taken = In(folder);
  const std::string begin = LowerCase(stem);
  const auto behind = taken.lower_bound(Join({begin, "."}));
  return (behind != taken.end() && behind->starts_with(Join({begin, "."}))) ||
         taken.contains(begin) || !Meets(folder, NamesUnder(unit, stem)).empty();
}

void TakenNames::Take(const std::string& folder, const std::vector<std::string>& names) {
  for (const std::string& name : names) In(folder).insert(LowerCase(name));
}

void TakenNames::Release(const std::string& folder, const std::vector<std::string>& names) {
  for (const std::string& name : names) In(folder).erase(LowerCase(name));
}

PictureFacts FactsOf(const platform::Dir& dir, const std::vector<ReadableMember>& members,
                     std::string_view stem, std::string_view folder, std::string* note) {
  const ReadableMember& main = members.front();
  std::string sidecar;
  for (const ReadableMember& one : members) {
    if (one.member.role != Role::kSidecar || !EndsWithAnyCase(one.member.tail, ".xmp")) continue;
    absl::StatusOr<record_files::FileBytes> bytes =
        record_files::ReadBytes(dir, one.file, kSidecarLimit);
    if (!bytes.ok() && !absl::IsOutOfRange(bytes.status())) throw NotRead(bytes.status(), one);
    if (bytes.ok()) sidecar = std::move(bytes->bytes);
    break;
  }
  const absl::StatusOr<platform::File> open = platform::OpenFile(dir, main.file);
  if (!open.ok()) throw NotRead(open.status(), main);
  WatchedBytes bytes(*open, main.known->info.size);
  const Metadata metadata = ReadMetadata(main.known->format, bytes, sidecar);
  // By a date that was not read it would be filed where it does not belong.
  if (!bytes.status().ok()) throw NotRead(bytes.status(), main);
  PictureFacts facts;
  facts.taken = ChooseTaken(metadata.dates, metadata.rejected, main.member.name,
                            main.known->info.modified_ns, absl::Now());
  facts.name = stem;
  facts.folder = folder;
  facts.maker = metadata.maker;
  facts.camera = metadata.camera;
  if (note == nullptr) return facts;
  *note = Join({"taken ", DateText(facts.taken), " (", SourceName(facts.taken.source), ")"});
  for (const std::string& rejected : facts.taken.rejected) *note += Join({"; ", rejected});
  if (!metadata.problem.empty()) *note += Join({"; ", metadata.problem});
  return facts;
}

Filed PlaceByLayout(const Layout& layout, PictureFacts facts, const Unit& unit, const Filed* own,
                    TakenNames* taken) {
  Filed filed;
  for (int number = 1; number <= kMostClashes; ++number) {
    // Where the layout has a counter it is what parts a clash.
    if (layout.uses_counter()) facts.counter = number;
    if (number == 1 || layout.uses_counter()) {
      std::tie(filed.folder, filed.stem) = SplitPath(layout.Render(facts));
    }
    const std::string stem = layout.uses_counter() ? filed.stem : Numbered(filed.stem, number);
    if (own != nullptr && own->folder == filed.folder && own->stem == stem) return *own;
    if (!taken->Meets(filed.folder, stem, unit)) return {filed.folder, stem};
  }
  throw NoPlace(filed.folder, filed.stem);
}

Filed PlaceBeside(const std::string& folder, const std::string& stem, const Unit& unit,
                  TakenNames* taken) {
  for (int number = 1; number <= kMostClashes; ++number) {
    const std::string wanted = Numbered(stem, number);
    if (!taken->Meets(folder, wanted, unit)) return {folder, wanted};
  }
  throw NoPlace(folder, stem);
}

}  // namespace syncline::images
