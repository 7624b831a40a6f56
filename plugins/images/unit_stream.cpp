// The header, all numbers little-endian:
//   8 bytes   "SLUNIT1\n"
//   u32       bytes of what follows in the header
//   u8 text   stem
//   u8        count of members, and for each of them:
//     u8      role
//     u8 text tail
//     u64     size
//     u64     mtime_ns, two's complement
//     u32 text attributes
// where "uN text" is a length in N bits and then so many bytes.
#include "plugins/images/unit_stream.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "plugins/images/packing.h"

namespace syncline::images {
namespace {

constexpr std::string_view kMagic = "SLUNIT1\n";
constexpr size_t kPrefix = kMagic.size() + 4;
constexpr size_t kFixedOfMember = 1 + 1 + 8 + 8 + 4;
constexpr size_t kLargestBody =
    1 + kLongestName + 1 + kMostMembers * (kFixedOfMember + kLongestName + kLargestAttributes);

absl::Status Bad(std::string_view what) {
  return absl::InvalidArgumentError("The unit is not readable: " + std::string(what) + ".");
}

bool IsPartOfName(std::string_view text) {
  return text.find('/') == std::string_view::npos && text.find('\0') == std::string_view::npos;
}

// What a reader and a writer both ask of a unit.
absl::Status Check(const StreamUnit& unit) {
  if (unit.members.empty()) return Bad("it has no members");
  if (unit.members.size() > kMostMembers) return Bad("it has more than 64 members");
  if (unit.stem.empty() || !IsPartOfName(unit.stem)) return Bad("its name is no file name");
  std::vector<Member> names;
  uint64_t total = 0;
  for (const StreamMember& member : unit.members) {
    if (member.role > Role::kSidecar) return Bad("a member has a role that is not known");
    if (!IsPartOfName(member.tail)) return Bad("the name of a member has a '/' or a NUL in it");
    const std::string name = unit.stem + member.tail;
    if (name.size() > kLongestName) return Bad("the name of a member is longer than 255 bytes");
    if (name == "." || name == "..") return Bad("the name of a member is that of a folder");
    if (member.attributes.size() > kLargestAttributes) {
      return Bad("the attributes of a member are larger than 64 KiB");
    }
    if (member.size > kUnknownTotal - 1 - kLargestBody - total) {
      return Bad("its members are larger than any file can be");
    }
    total += member.size;
    names.push_back({name, member.role, member.tail});
  }
  if (!BelongTogether(names)) return Bad("its members are not files that belong together");
  return absl::OkStatus();
}

std::string Body(const StreamUnit& unit) {
  std::string body;
  AppendText(unit.stem, 1, &body);
  AppendNumber(unit.members.size(), 1, &body);
  for (const StreamMember& member : unit.members) {
    AppendNumber(static_cast<uint64_t>(member.role), 1, &body);
    AppendText(member.tail, 1, &body);
    AppendNumber(member.size, 8, &body);
    AppendNumber(static_cast<uint64_t>(member.mtime_ns), 8, &body);
    AppendText(member.attributes, 4, &body);
  }
  return body;
}

absl::StatusOr<StreamUnit> Parsed(std::string_view body) {
  Unpacking fields(body);
  StreamUnit unit;
  unit.stem = fields.Text(1);
  const uint64_t count = fields.Number(1);
  for (uint64_t i = 0; i < count && fields.ok(); ++i) {
    StreamMember member;
    member.role = static_cast<Role>(fields.Number(1));
    member.tail = fields.Text(1);
    member.size = fields.Number(8);
    member.mtime_ns = static_cast<int64_t>(fields.Number(8));
    member.attributes = fields.Text(4);
    unit.members.push_back(std::move(member));
  }
  if (!fields.done()) return Bad("the lengths in its header do not fit");
  if (absl::Status status = Check(unit); !status.ok()) return status;
  return unit;
}

}  // namespace

uint64_t StreamUnit::size() const {
  uint64_t total = 0;
  for (const StreamMember& member : members) total += member.size;
  return total;
}

absl::StatusOr<std::string> UnitHeader(std::string_view stem,
                                       std::span<const StreamMember> members) {
  const StreamUnit unit{std::string(stem), {members.begin(), members.end()}};
  if (absl::Status status = Check(unit); !status.ok()) return status;
  const std::string body = Body(unit);
  std::string header(kMagic);
  AppendNumber(body.size(), 4, &header);
  return header + body;
}

UnitReader::UnitReader(UnitSink* into, uint64_t total) : into_(into), total_(total) {}

absl::Status UnitReader::Feed(std::string_view piece) {
  if (status_.ok()) status_ = Take(piece);
  return status_;
}

absl::Status UnitReader::Finish() {
  if (status_.ok() && (!in_members_ || member_ < unit_.members.size())) {
    status_ = absl::DataLossError("The content of the unit ended too early.");
  }
  return status_;
}

absl::Status UnitReader::Take(std::string_view piece) {
  if (!in_members_) {
    if (absl::Status status = TakeHeader(&piece); !status.ok()) return status;
  }
  return in_members_ ? TakeMembers(piece) : absl::OkStatus();
}

absl::Status UnitReader::TakeHeader(std::string_view* piece) {
  const auto take = [&](size_t wanted) {
    const std::string_view part = piece->substr(0, wanted - std::min(wanted, header_.size()));
    header_.append(part);
    piece->remove_prefix(part.size());
    return header_.size() >= wanted;
  };
  const bool whole = take(kPrefix);
  if (!std::string_view(header_).starts_with(kMagic.substr(0, header_.size()))) {
    return Bad("it does not begin as one, or another version wrote it");
  }
  if (!whole) return absl::OkStatus();
  const uint64_t size = Unpacking(std::string_view(header_).substr(kMagic.size())).Number(4);
  if (size > kLargestBody) return Bad("its header is too large");
  if (!take(kPrefix + static_cast<size_t>(size))) return absl::OkStatus();
  absl::StatusOr<StreamUnit> unit = Parsed(std::string_view(header_).substr(kPrefix));
  if (!unit.ok()) return unit.status();
  unit_ = *std::move(unit);
  if (total_ != kUnknownTotal && header_.size() + unit_.size() != total_) {
    return Bad("its members are not as large together as was told");
  }
  header_ = std::string();
  in_members_ = true;
  if (absl::Status status = into_->Unit(unit_); !status.ok()) return status;
  left_ = unit_.members.front().size;
  if (absl::Status status = into_->Begin(0); !status.ok()) return status;
  return EndMembers();
}

absl::Status UnitReader::TakeMembers(std::string_view piece) {
  while (!piece.empty()) {
    if (member_ == unit_.members.size()) return Bad("more follows after its last member");
    const std::string_view part =
        piece.substr(0, static_cast<size_t>(std::min<uint64_t>(left_, piece.size())));
    if (absl::Status status = into_->Bytes(part); !status.ok()) return status;
    piece.remove_prefix(part.size());
    left_ -= part.size();
    if (absl::Status status = EndMembers(); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status UnitReader::EndMembers() {
  while (left_ == 0 && member_ < unit_.members.size()) {
    if (absl::Status status = into_->End(member_); !status.ok()) return status;
    if (++member_ == unit_.members.size()) break;
    left_ = unit_.members[member_].size;
    if (absl::Status status = into_->Begin(member_); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace syncline::images
