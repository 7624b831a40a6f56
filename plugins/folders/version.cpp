// Little-endian layouts of versions, identities and attributes.
#include "plugins/folders/version.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstring>

namespace syncline::folders {
namespace {

using platform::FileInfo;
using platform::FileType;

constexpr size_t kPermissionsAt = 1;
constexpr size_t kSizeAt = 3;
constexpr size_t kChangedAt = 19;
constexpr size_t kInodeAt = 27;
constexpr size_t kFileVersionSize = 35;

char Letter(FileType type) {
  switch (type) {
    case FileType::kFolder:
      return 'd';
    case FileType::kLink:
      return 'l';
    case FileType::kFile:
      return 'f';
    case FileType::kOther:
      break;
  }
  return 'o';
}

void Put(SmallBytes* out, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out->bytes[out->size++] = static_cast<char>(value >> (8 * i));
}

void Put(std::string* out, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out->push_back(static_cast<char>(value >> (8 * i)));
}

bool Take(std::string_view* in, int bytes, uint64_t* value) {
  if (in->size() < static_cast<size_t>(bytes)) return false;
  *value = 0;
  for (int i = 0; i < bytes; ++i) {
    *value |= uint64_t{static_cast<unsigned char>((*in)[static_cast<size_t>(i)])} << (8 * i);
  }
  in->remove_prefix(static_cast<size_t>(bytes));
  return true;
}

bool TakeText(std::string_view* in, std::string* text) {
  uint64_t size = 0;
  if (!Take(in, 4, &size) || in->size() < size) return false;
  text->assign(in->substr(0, size));
  in->remove_prefix(size);
  return true;
}

}  // namespace

SmallBytes MakeVersion(const FileInfo& info, ChangeTime change_time, uint64_t attributes_hash) {
  SmallBytes out;
  out.bytes[out.size++] = Letter(info.type);
  Put(&out, info.permissions & kKeptPermissions, 2);
  if (info.type == FileType::kFolder) {
    Put(&out, attributes_hash, 8);
    return out;
  }
  Put(&out, info.size, 8);
  Put(&out, static_cast<uint64_t>(info.modified_ns), 8);
  Put(&out, change_time == ChangeTime::kCounts ? static_cast<uint64_t>(info.changed_ns) : 0, 8);
  Put(&out, info.file_id, 8);
  return out;
}

bool SameButChangeTime(std::string_view version, std::string_view other) {
  if (version.size() != kFileVersionSize || other.size() != kFileVersionSize) {
    return version == other;
  }
  return version.substr(0, kChangedAt) == other.substr(0, kChangedAt) &&
         version.substr(kInodeAt) == other.substr(kInodeAt);
}

bool SameContent(std::string_view before, std::string_view after) {
  if (before.empty() || after.empty()) return false;
  if (before[0] == 'd') return before == after;
  if (before.size() != kFileVersionSize || after.size() != kFileVersionSize) return false;
  // A link's own permissions mean nothing.
  if (before[0] == 'l' && after[0] == 'l') {
    return before.substr(kSizeAt, kChangedAt - kSizeAt) ==
           after.substr(kSizeAt, kChangedAt - kSizeAt);
  }
  static_assert(kPermissionsAt < kSizeAt);
  return before.substr(0, kChangedAt) == after.substr(0, kChangedAt);
}

SmallBytes MakeIdentity(const FileInfo& info) {
  SmallBytes out;
  if (info.type == FileType::kFolder ? info.born_ns == 0 : info.links > 1) return out;
  out.bytes[out.size++] = Letter(info.type);
  Put(&out, info.file_id, 8);
  Put(&out, static_cast<uint64_t>(info.born_ns), 8);
  if (info.born_ns == 0) {
    // Without a birth time a freed inode comes back with another file: size and time tell them
    // apart.
    Put(&out, info.size, 8);
    Put(&out, static_cast<uint64_t>(info.modified_ns), 8);
  }
  return out;
}

uint64_t HashAttributes(const platform::UserAttributes& attributes) {
  if (attributes.empty()) return 0;
  std::string all;
  for (const auto& [name, value] : attributes) {
    Put(&all, name.size(), 4);
    all += name;
    Put(&all, value.size(), 4);
    all += value;
  }
  return XXH3_64bits(all.data(), all.size());
}

uint32_t HashText(std::string_view text) {
  return static_cast<uint32_t>(XXH3_64bits(text.data(), text.size()));
}

std::string EncodeAttributes(const Attributes& attributes) {
  std::string out(1, Letter(attributes.type));
  Put(&out, attributes.permissions & kKeptPermissions, 2);
  for (const auto& [name, value] : attributes.user) {
    Put(&out, name.size(), 4);
    out += name;
    Put(&out, value.size(), 4);
    out += value;
  }
  return out;
}

std::optional<Attributes> DecodeAttributes(std::string_view bytes) {
  Attributes out;
  if (bytes.empty()) return std::nullopt;
  switch (bytes[0]) {
    case 'f':
      out.type = FileType::kFile;
      break;
    case 'd':
      out.type = FileType::kFolder;
      break;
    case 'l':
      out.type = FileType::kLink;
      break;
    default:
      return std::nullopt;
  }
  bytes.remove_prefix(1);
  uint64_t permissions = 0;
  if (!Take(&bytes, 2, &permissions)) return std::nullopt;
  out.permissions = static_cast<uint32_t>(permissions) & kKeptPermissions;
  while (!bytes.empty()) {
    std::string name;
    std::string value;
    if (!TakeText(&bytes, &name) || !TakeText(&bytes, &value)) return std::nullopt;
    out.user.emplace_back(std::move(name), std::move(value));
  }
  return out;
}

}  // namespace syncline::folders
