#include "plugins/images/units.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "plugins/images/name_patterns.h"
#include "plugins/images/unit_owners.h"

namespace syncline::images {
namespace {

Role RoleOf(Format format) {
  const FormatInfo& info = InfoOf(format);
  if (info.raw) return Role::kRaw;
  return info.movie ? Role::kMovie : Role::kPicture;
}

// Which of several is the one that a camera would have written; smaller is earlier.
int RankOf(Format format) {
  constexpr Format kOrder[] = {Format::kHeic, Format::kJpeg, Format::kJxl,  Format::kAvif,
                               Format::kTiff, Format::kPng,  Format::kWebp, Format::kGif,
                               Format::kBmp,  Format::kMov,  Format::kMp4};
  const auto* found = std::find(std::begin(kOrder), std::end(kOrder), format);
  if (found != std::end(kOrder)) return static_cast<int>(found - std::begin(kOrder));
  return format == Format::kDng ? 1 : 0;
}

bool IsFromCamera(Format format) { return RankOf(format) <= RankOf(Format::kAvif); }

// A file that may be the main one of a unit.
struct Main {
  const FileInFolder* file;
  Role role;
  std::string literal;  // the name without its extension
  std::string stem;     // without what the table says is a tail

  auto Order() const { return std::make_tuple(RankOf(file->format), std::cref(file->name)); }
};

// The mains of one stem.
struct Bucket {
  std::string stem;
  std::vector<const Main*> mains;  // by rank, then name
};

class Grouping {
 public:
  explicit Grouping(std::span<const FileInFolder> files) {
    std::map<std::string_view, const FileInFolder*> by_name;
    for (const FileInFolder& file : files) by_name.emplace(file.name, &file);
    std::vector<const FileInFolder*> companions;
    for (const auto& [name, file] : by_name) {
      if (LooksLikeSidecar(name)) {
        (file->format == Format::kNone ? sidecars_ : companions).push_back(file);
      } else if (file->format == Format::kNone) {
        grouped_.others.push_back(file->name);
      } else {
        AddMain(file);
      }
    }
    // A thumbnail or a small movie is what it is without the movie that it was made from. It does
    // not take the place of that movie for another one.
    for (bool again = true; again;) {
      MakeUnits();
      const size_t before = companions.size();
      std::erase_if(companions, [&](const FileInFolder* file) {
        const auto owner = owners_.Find(file->name);
        if (owner && !LooksLikeSidecar(grouped_.units[owner->unit].members.front().name)) {
          return false;
        }
        AddMain(file);
        return true;
      });
      again = companions.size() != before;
    }
    sidecars_.insert(sidecars_.end(), companions.begin(), companions.end());
    AddSidecars();
  }

  Grouped Take() {
    for (Unit& unit : grouped_.units) {
      std::sort(unit.members.begin() + 1, unit.members.end(),
                [](const Member& a, const Member& b) { return a.name < b.name; });
    }
    std::sort(grouped_.units.begin(), grouped_.units.end(), [](const Unit& a, const Unit& b) {
      return a.members.front().name < b.members.front().name;
    });
    std::sort(grouped_.others.begin(), grouped_.others.end());
    return std::move(grouped_);
  }

 private:
  void AddMain(const FileInFolder* file) {
    Main main{file, RoleOf(file->format), file->name.substr(0, ExtensionAt(file->name)), {}};
    main.stem = main.literal;
    for (const TailPattern& pattern : TailPatterns()) {
      if (pattern.role == main.role && main.literal.size() > pattern.tail.size() &&
          EndsWithAnyCase(main.literal, pattern.tail)) {
        main.stem.resize(main.literal.size() - pattern.tail.size());
        break;
      }
    }
    mains_.push_back(std::move(main));
  }

  void MakeUnits() {
    grouped_.units.clear();
    buckets_.clear();
    owners_ = UnitOwners();
    // What looks like a tail is none where it is the stem of other files: X.MP.jpg and X.MP.dng.
    std::map<std::string, size_t> stems;
    for (const Main& main : mains_) {
      ++stems[LowerCase(main.literal)];
      if (main.stem != main.literal) ++stems[LowerCase(main.stem)];
    }
    for (const Main& main : mains_) {
      const std::string& stem = stems[LowerCase(main.literal)] > 1 ? main.literal : main.stem;
      Bucket& bucket = buckets_[stem];
      bucket.stem = stem;
      bucket.mains.push_back(&main);
    }
    JoinStemsThatDifferInCase();
    for (auto& [stem, bucket] : buckets_) Divide(&bucket);
  }

  // Two that differ in nothing else and have nothing twice are one, under the stem of the picture.
  void JoinStemsThatDifferInCase() {
    std::map<std::string, std::vector<std::string>> alike;
    for (const auto& [stem, bucket] : buckets_) alike[LowerCase(stem)].push_back(stem);
    for (const auto& [lower, stems] : alike) {
      if (stems.size() != 2) continue;
      Bucket* into = &buckets_[stems[0]];
      Bucket* from = &buckets_[stems[1]];
      std::set<Role> roles;
      std::set<std::string> tails;
      bool twice = false;
      for (const Main* main : into->mains) {
        roles.insert(main->role);
        tails.insert(LowerCase(main->file->name.substr(lower.size())));
      }
      for (const Main* main : from->mains) {
        twice = twice || roles.contains(main->role) ||
                tails.contains(LowerCase(main->file->name.substr(lower.size())));
      }
      if (twice) continue;
      const auto first_role = [](const Bucket& bucket) {
        return (*std::min_element(bucket.mains.begin(), bucket.mains.end(),
                                  [](const Main* a, const Main* b) { return a->role < b->role; }))
            ->role;
      };
      if (first_role(*from) < first_role(*into)) std::swap(into, from);
      into->mains.insert(into->mains.end(), from->mains.begin(), from->mains.end());
      buckets_.erase(std::string(from->stem));
    }
  }

  // The unit that a camera would have written, then each other file as its own.
  void Divide(Bucket* bucket) {
    std::sort(bucket->mains.begin(), bucket->mains.end(),
              [](const Main* a, const Main* b) { return a->Order() < b->Order(); });
    const auto first = [&](Role role, bool any_format) -> const Main* {
      for (const Main* main : bucket->mains) {
        if (main->role == role && (any_format || IsFromCamera(main->file->format))) return main;
      }
      return nullptr;
    };
    const Main* picture = first(Role::kPicture, false);
    const Main* raw = first(Role::kRaw, true);
    const Main* movie = first(Role::kMovie, true);
    if (picture == nullptr && raw == nullptr) {
      // No camera wrote these together.
      if ((picture = first(Role::kPicture, true)) != nullptr) movie = nullptr;
    }
    const size_t first_unit = grouped_.units.size();
    owners_.AddStem(bucket->stem, first_unit);
    grouped_.units.push_back({bucket->stem, {}});
    for (const Main* main : {picture, raw, movie}) {
      if (main != nullptr) Join(main, first_unit, bucket->stem);
    }
    for (const Main* main : bucket->mains) {
      if (Holds(grouped_.units[first_unit], main->file->name)) continue;
      grouped_.units.push_back({bucket->stem, {}});
      Join(main, grouped_.units.size() - 1, bucket->stem);
    }
  }

  static bool Holds(const Unit& unit, std::string_view name) {
    return std::any_of(unit.members.begin(), unit.members.end(),
                       [&](const Member& member) { return member.name == name; });
  }

  // False when the unit has that tail.
  bool Add(size_t unit, Member member) {
    std::vector<Member>& members = grouped_.units[unit].members;
    const std::string tail = LowerCase(member.tail);
    if (std::any_of(members.begin(), members.end(),
                    [&](const Member& other) { return LowerCase(other.tail) == tail; })) {
      return false;
    }
    members.push_back(std::move(member));
    return true;
  }

  void Join(const Main* main, size_t unit, std::string_view stem) {
    const std::string& name = main->file->name;
    if (Add(unit, {name, main->role, name.substr(stem.size())})) owners_.AddFile(name, unit);
  }

  void AddSidecars() {
    std::sort(sidecars_.begin(), sidecars_.end(),
              [](const FileInFolder* a, const FileInFolder* b) { return a->name < b->name; });
    // Those that have the unit's own stem come first, since two may want one tail.
    std::vector<std::pair<const FileInFolder*, UnitOwners::Owner>> renamed;
    for (const FileInFolder* file : sidecars_) {
      const std::optional<UnitOwners::Owner> owner = owners_.Find(file->name);
      if (!owner) {
        grouped_.others.push_back(file->name);
      } else if (file->name.starts_with(grouped_.units[owner->unit].stem)) {
        AddSidecar(file, *owner);
      } else {
        renamed.emplace_back(file, *owner);
      }
    }
    for (const auto& [file, owner] : renamed) AddSidecar(file, owner);
  }

  void AddSidecar(const FileInFolder* file, const UnitOwners::Owner& owner) {
    const std::string& stem = grouped_.units[owner.unit].stem;
    const std::string& name = file->name;
    const bool begins = LowerCase(name).starts_with(LowerCase(stem));
    std::string tail = begins ? name.substr(stem.size())
                              : std::string(owner.tail) + name.substr(ExtensionAt(name));
    if (Add(owner.unit, {name, Role::kSidecar, std::move(tail)})) return;
    if (file->format == Format::kNone) {
      grouped_.others.push_back(name);
    } else {
      const size_t at = ExtensionAt(name);
      grouped_.units.push_back(
          {name.substr(0, at), {{name, RoleOf(file->format), name.substr(at)}}});
    }
  }

  Grouped grouped_;
  std::vector<Main> mains_;  // buckets point into it until the next AddMain()
  std::map<std::string, Bucket> buckets_;
  UnitOwners owners_;
  std::vector<const FileInFolder*> sidecars_;
};

}  // namespace

Grouped GroupUnits(std::span<const FileInFolder> files) { return Grouping(files).Take(); }

std::vector<std::string> NamesUnder(const Unit& unit, std::string_view stem) {
  std::vector<std::string> names;
  names.reserve(unit.members.size());
  for (const Member& member : unit.members) names.push_back(std::string(stem) + member.tail);
  return names;
}

bool BelongTogether(std::span<const Member> members) {
  constexpr Format kOfRole[] = {Format::kJpeg, Format::kDng, Format::kMov, Format::kNone};
  std::vector<FileInFolder> files;
  std::vector<std::pair<std::string, Role>> wanted;
  for (const Member& member : members) {
    files.push_back({"x" + member.tail, kOfRole[static_cast<size_t>(member.role)]});
    wanted.emplace_back(files.back().name, member.role);
  }
  const Grouped grouped = GroupUnits(files);
  if (grouped.units.size() != 1 || !grouped.others.empty()) return false;
  std::vector<std::pair<std::string, Role>> found;
  for (const Member& member : grouped.units.front().members) {
    found.emplace_back(member.name, member.role);
  }
  if (wanted.empty() || found.front() != wanted.front()) return false;
  std::sort(wanted.begin(), wanted.end());
  std::sort(found.begin(), found.end());
  return wanted == found;
}

}  // namespace syncline::images
