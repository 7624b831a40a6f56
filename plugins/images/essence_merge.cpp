#include "plugins/images/essence_merge.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "plugins/images/name_patterns.h"
#include "plugins/images/xmp.h"

namespace syncline::images {
namespace {

// What a sidecar is of which nothing is left to say: a file without anything in it is no XMP.
constexpr std::string_view kNothingSaid =
    "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
    "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"/></x:xmpmeta>\n";

absl::Status MoreThanXmp() {
  return absl::UnimplementedError(
      "Both sides changed this picture, and they differ in more than its XMP: in the picture "
      "itself "
      "or in other metadata, which cannot be merged. Keep one of the two, or both.");
}

absl::Status TooLarge(std::string_view limit) {
  return absl::UnimplementedError(
      "Both sides changed the XMP of this picture, which together is larger than " +
      std::string(limit) + " and cannot be merged. Keep one of the two, or both.");
}

bool SaysTheSame(const std::string& one, const std::string& other) {
  return one == other || XmpDigest(one) == XmpDigest(other);
}

// The parts of one tail, whatever its letter case; null: a side does not have it.
struct Sides {
  const EssencePart* base = nullptr;
  const EssencePart* mine = nullptr;
  const EssencePart* theirs = nullptr;

  const EssencePart& Any() const { return mine != nullptr ? *mine : *theirs; }
  // As who changed it wrote it. Both are there.
  const std::string& Tail() const {
    if (base != nullptr && mine->tail == base->tail) return theirs->tail;
    if (base != nullptr && theirs->tail == base->tail) return mine->tail;
    return std::min(mine->tail, theirs->tail);
  }
};

class Merging {
 public:
  explicit Merging(const std::function<Favour(std::string_view field)>& choose) : choose_(choose) {}

  absl::Status Run(const std::optional<Essence>& base, const Essence& mine, const Essence& theirs) {
    if (mine.rest.empty() || mine.rest != theirs.rest) return MoreThanXmp();
    result_.rest = mine.rest;
    for (const EssencePart& part : mine.parts) parts_[LowerCase(part.tail)].mine = &part;
    for (const EssencePart& part : theirs.parts) parts_[LowerCase(part.tail)].theirs = &part;
    if (base) {
      for (const EssencePart& part : base->parts) {
        const auto found = parts_.find(LowerCase(part.tail));
        if (found != parts_.end() && found->second.Any().role == part.role) {
          found->second.base = &part;
        }
      }
    }
    for (const auto& [tail, sides] : parts_) {
      if (absl::Status status = MergePart(sides); !status.ok()) return status;
    }
    std::sort(differing_.begin(), differing_.end(),
              [](const Disagreement& a, const Disagreement& b) { return a.field < b.field; });
    return absl::OkStatus();
  }

  Essence& result() { return result_; }
  std::vector<Disagreement>& differing() { return differing_; }

 private:
  absl::Status MergePart(const Sides& sides) {
    if (sides.mine != nullptr && sides.theirs != nullptr) {
      if (sides.mine->role != sides.theirs->role) return MoreThanXmp();
      return MergeBoth(sides);
    }
    // Of equal rests both have the same pictures.
    if (sides.Any().role != Role::kSidecar) return MoreThanXmp();
    MergeSidecarOfOne(sides);
    return absl::OkStatus();
  }

  // Who removed a sidecar that nobody changed wants it gone; who has a new one wants it.
  void MergeSidecarOfOne(const Sides& sides) {
    const EssencePart& part = sides.Any();
    if (sides.base != nullptr) {
      if (SaysTheSame(sides.base->packet, part.packet)) return;
      const std::string field = Unique("sidecar " + part.tail);
      const Favour favour = choose_(field);
      const bool is_mine = sides.mine != nullptr;
      if (favour == Favour::kNone) {
        constexpr char kChanged[] = "changed";
        constexpr char kRemoved[] = "removed";
        differing_.push_back({field, is_mine ? kChanged : kRemoved, is_mine ? kRemoved : kChanged});
      }
      if ((favour == Favour::kMine) != is_mine) return;
    }
    result_.parts.push_back(part);
  }

  absl::Status MergeBoth(const Sides& sides) {
    absl::StatusOr<std::optional<std::string>> packet = MergePackets(sides);
    if (!packet.ok()) return packet.status();
    if (!*packet) return absl::OkStatus();  // told in differing_
    EssencePart part{sides.Tail(), sides.mine->role, **std::move(packet)};
    if (part.role == Role::kSidecar && part.packet.empty() && !sides.mine->packet.empty() &&
        !sides.theirs->packet.empty()) {
      part.packet = kNothingSaid;
    }
    if (part.packet.size() > kLargestPacket) {
      return TooLarge("8 MiB");
    }
    result_.parts.push_back(std::move(part));
    return absl::OkStatus();
  }

  absl::StatusOr<std::optional<std::string>> MergePackets(const Sides& sides) {
    const std::string& mine = sides.mine->packet;
    const std::string& theirs = sides.theirs->packet;
    // Also what is no XMP, as long as nobody made two things of it.
    if (mine == theirs || (sides.base != nullptr && sides.base->packet == theirs)) return {mine};
    if (sides.base != nullptr && sides.base->packet == mine) return {theirs};
    std::optional<std::string> base;
    if (sides.base != nullptr) base = sides.base->packet;
    std::vector<std::pair<std::string, std::string>> names;  // as in the packet, and ours
    const auto choose = [&](std::string_view field) {
      std::string name = Unique(NameOf(field, sides));
      const Favour favour = choose_(name);
      if (favour == Favour::kNone) names.emplace_back(field, std::move(name));
      return favour;
    };
    std::vector<Disagreement> differing;
    absl::StatusOr<std::optional<std::string>> packet =
        MergeXmp(base, mine, theirs, choose, &differing);
    if (!packet.ok()) return Named(packet.status(), sides);
    for (Disagreement& one : differing) {
      const auto name = std::find_if(names.begin(), names.end(),
                                     [&](const auto& known) { return known.first == one.field; });
      if (name == names.end()) continue;
      one.field = std::move(name->second);
      names.erase(name);
      differing_.push_back(std::move(one));
    }
    return packet;
  }

  static absl::Status Named(const absl::Status& status, const Sides& sides) {
    const std::string_view what = sides.mine->role == Role::kSidecar ? "The sidecar that ends in \""
                                                                     : "The file that ends in \"";
    return absl::Status(status.code(),
                        std::string(what) + sides.Tail() + "\": " + std::string(status.message()));
  }

  std::string NameOf(std::string_view field, const Sides& sides) const {
    const Role role = sides.mine->role;
    const bool is_own = role == Role::kPicture || (role == Role::kRaw && !HasRole(Role::kPicture));
    std::string name(field);
    if (parts_.size() > 1 && !is_own) name.append(" (").append(sides.Tail()).append(")");
    return name;
  }

  bool HasRole(Role role) const {
    return std::any_of(parts_.begin(), parts_.end(),
                       [&](const auto& part) { return part.second.Any().role == role; });
  }

  // A property may have any name, also one that looks like that of another part.
  std::string Unique(std::string name) {
    const std::string wanted = name;
    for (int i = 2; !names_.insert(name).second; ++i) {
      name = wanted + " (" + std::to_string(i) + ")";
    }
    return name;
  }

  const std::function<Favour(std::string_view field)>& choose_;
  std::map<std::string, Sides> parts_;
  std::set<std::string> names_;
  Essence result_;
  std::vector<Disagreement> differing_;
};

}  // namespace

absl::StatusOr<std::optional<Essence>> MergeEssences(
    const std::optional<Essence>& base, const Essence& mine, const Essence& theirs,
    const std::function<Favour(std::string_view field)>& choose,
    std::vector<Disagreement>* differing) {
  differing->clear();
  Merging merging(choose);
  if (absl::Status status = merging.Run(base, mine, theirs); !status.ok()) return status;
  *differing = std::move(merging.differing());
  if (!differing->empty()) return std::nullopt;
  if (EncodeEssence(merging.result()).size() > kLargestEssence) return TooLarge("64 MiB");
  return std::move(merging.result());
}

}  // namespace syncline::images
