// Telling whether two records hold the same.
#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "plugins/folders/replica.h"

namespace syncline::folders {

using platform::File;
using platform::FileInfo;
using platform::FileType;

namespace {

constexpr size_t kBlock = 1 << 20;

// Fills buffer unless the end comes first.
absl::StatusOr<size_t> ReadBlock(const File& file, std::vector<char>* buffer) {
  size_t filled = 0;
  while (filled < buffer->size()) {
    absl::StatusOr<size_t> got =
        platform::Read(file, buffer->data() + filled, buffer->size() - filled);
    if (!got.ok()) return got.status();
    if (*got == 0) break;
    filled += *got;
  }
  return filled;
}

// The same name with another value. Both are sorted by name.
bool Contradict(const platform::UserAttributes& a, const platform::UserAttributes& b) {
  for (size_t i = 0, k = 0; i < a.size() && k < b.size();) {
    if (a[i].first == b[k].first && a[i].second != b[k].second) return true;
    a[i].first <= b[k].first ? ++i : ++k;
  }
  return false;
}

Outcome Changed(std::string_view id) {
  return Refuse(SYNCLINE_CONFLICT,
                Join({Quoted(id), " was changed in the meantime. Sync again to look at it anew."}));
}

Outcome CompareBytes(const syncline_call* call, const File& a, const File& b, uint64_t size,
                     std::string_view id, bool* equal) {
  size_t block = static_cast<size_t>(std::min<uint64_t>(size + 1, kBlock));
  std::vector<char> bytes_a(block);
  std::vector<char> bytes_b(block);
  uint64_t done = 0;
  while (true) {
    if (call->cancelled(call->ctx) != 0) return Refuse(SYNCLINE_CANCELLED, "Stopped.");
    absl::StatusOr<size_t> got_a = ReadBlock(a, &bytes_a);
    if (!got_a.ok()) return FromSystem(got_a.status(), Join({Quoted(id), " cannot be read"}));
    absl::StatusOr<size_t> got_b = ReadBlock(b, &bytes_b);
    if (!got_b.ok()) return FromSystem(got_b.status(), Join({Quoted(id), " cannot be read"}));
    *equal = *got_a == *got_b && std::memcmp(bytes_a.data(), bytes_b.data(), *got_a) == 0;
    if (!*equal || *got_a == 0) return Outcome{};
    done += *got_a;
    call->progress(call->ctx, done, size);
    if (*got_a < block) return Outcome{};
  }
}

}  // namespace

Outcome Replica::Compare(const syncline_call* call, std::string_view id, std::string_view version,
                         Replica* other, std::string_view other_id, std::string_view other_version,
                         int32_t* verdict) {
  *verdict = SYNCLINE_DIFFERENT;
  Found mine;
  Found theirs;
  Outcome outcome = Find(id, Access::kRead, &mine);
  if (outcome.ok()) outcome = other->Find(other_id, Access::kRead, &theirs);
  if (outcome.status == SYNCLINE_NOT_FOUND) outcome.status = SYNCLINE_CONFLICT;
  if (!outcome.ok()) return outcome;
  if (mine.look.version.view() != version) return Changed(id);
  if (theirs.look.version.view() != other_version) return Changed(other_id);
  const FileInfo& a = mine.look.info;
  const FileInfo& b = theirs.look.info;
  if (a.type != b.type) return Outcome{};
  bool same_permissions = ((a.permissions ^ b.permissions) & kKeptPermissions) == 0;
  switch (a.type) {
    case FileType::kFolder:
      *verdict = same_permissions && mine.look.attributes_hash == theirs.look.attributes_hash
                     ? SYNCLINE_SAME
                     : SYNCLINE_SAME_CONTENT;
      return Outcome{};
    case FileType::kLink: {
      absl::StatusOr<std::string> target = platform::ReadLink(*mine.folder, mine.name);
      absl::StatusOr<std::string> other_target = platform::ReadLink(*theirs.folder, theirs.name);
      if (!target.ok()) return FromSystem(target.status(), Join({Quoted(id), " cannot be read"}));
      if (!other_target.ok()) {
        return FromSystem(other_target.status(), Join({Quoted(other_id), " cannot be read"}));
      }
      if (*target == *other_target) {
        *verdict = a.modified_ns == b.modified_ns ? SYNCLINE_SAME : SYNCLINE_SAME_CONTENT;
      }
      return Outcome{};
    }
    case FileType::kFile:
    case FileType::kOther:
      break;
  }
  if (a.size != b.size) return Outcome{};
  absl::StatusOr<File> file = platform::OpenFile(*mine.folder, mine.name);
  if (!file.ok()) return FromSystem(file.status(), Join({Quoted(id), " cannot be read"}));
  absl::StatusOr<File> other_file = platform::OpenFile(*theirs.folder, theirs.name);
  if (!other_file.ok()) {
    return FromSystem(other_file.status(), Join({Quoted(other_id), " cannot be read"}));
  }
  bool equal = false;
  outcome = CompareBytes(call, *file, *other_file, a.size, id, &equal);
  if (!outcome.ok()) return outcome;
  absl::StatusOr<platform::UserAttributes> user = platform::ReadUserAttributes(*file);
  if (!user.ok()) return FromSystem(user.status(), Join({Quoted(id), " cannot be read"}));
  absl::StatusOr<platform::UserAttributes> other_user = platform::ReadUserAttributes(*other_file);
  if (!other_user.ok()) {
    return FromSystem(other_user.status(), Join({Quoted(other_id), " cannot be read"}));
  }
  WaitForTick(a);
  WaitForTick(b);
  FileInfo now;
  if (!platform::StatHandle(*file, &now).ok() || !Untouched(now, a)) return Changed(id);
  if (!platform::StatHandle(*other_file, &now).ok() || !Untouched(now, b)) return Changed(other_id);
  // Contents alone would be taken over with one side's attributes: where both say something else
  // under one name, a person has to choose.
  if (equal && !Contradict(*user, *other_user)) {
    bool same = same_permissions && a.modified_ns == b.modified_ns && *user == *other_user;
    *verdict = same ? SYNCLINE_SAME : SYNCLINE_SAME_CONTENT;
  }
  return Outcome{};
}

}  // namespace syncline::folders
