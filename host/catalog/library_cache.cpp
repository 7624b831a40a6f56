#include "host/catalog/library_cache.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "absl/strings/str_format.h"
#include "host/catalog/folders.h"
#include "sdk/platform/file_system.h"

namespace syncline::catalog {
namespace {

#if defined(_WIN32)
constexpr std::string_view kSuffix = ".dll";
#else
constexpr std::string_view kSuffix = ".so";
#endif
constexpr uint32_t kPermissions = 0500;

}  // namespace

std::string LibraryCache::Hash(std::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return absl::StrFormat("%016x%016x", hash.high64, hash.low64);
}

std::string LibraryCache::Path(const std::string& hash) const {
  return platform::JoinPath(folder_, hash + std::string(kSuffix));
}

bool LibraryCache::Has(const std::string& hash) const {
  return platform::StatPath(Path(hash)).ok();
}

absl::StatusOr<std::string> LibraryCache::Keep(const std::string& hash,
                                               std::string_view bytes) const {
  std::string path = Path(hash);
  const absl::StatusOr<platform::FileInfo> there = platform::StatPath(path);
  if (there.ok() && there->size == bytes.size()) return path;
  absl::Status status = platform::MakeDirs(folder_);
  if (status.ok()) status = platform::WriteWholeFile(path, bytes, kPermissions);
  if (status.ok()) return path;
  return CannotKeep("its copy of a provider", folder_, status);
}

void LibraryCache::RemoveOld(const std::set<std::string>& hashes_in_use, absl::Time now) const {
  absl::StatusOr<platform::Dir> dir = platform::OpenDir(folder_);
  platform::DirListing listing;
  if (!dir.ok() || !platform::ListDir(*dir, &listing).ok()) return;
  const int64_t oldest = absl::ToUnixNanos(now - absl::Hours(24));
  for (const platform::DirEntry& entry : listing.entries) {
    const std::string name(listing.Name(entry));
    if (hashes_in_use.contains(name.substr(0, name.find('.')))) continue;
    platform::FileInfo info;
    if (!platform::Stat(*dir, name.c_str(), &info).ok() || info.changed_ns >= oldest) continue;
    platform::RemoveFile(*dir, name).IgnoreError();  // in use on Windows: next time
  }
}

}  // namespace syncline::catalog
