// The words that the engine's parts share: a side, a record as a side lists it, what a side did to
// a record since the baseline, and what is to be done about it.
#ifndef SYNCLINE_HOST_ENGINE_TYPES_H_
#define SYNCLINE_HOST_ENGINE_TYPES_H_

#include <syncline/provider.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "storage/baseline.h"

namespace syncline::engine {

using storage::Index;
using storage::Other;
using storage::Pair;
using storage::Side;
using storage::SideLetter;

inline std::string_view View(syncline_str s) {
  return s.len == 0 ? std::string_view() : std::string_view(s.ptr, s.len);
}
inline syncline_str Str(std::string_view s) { return {s.data(), s.size()}; }

// A record as one side holds it: syncline_record with owned bytes. key is never empty.
struct Record {
  std::string id, key, version, identity, name, media_type, attributes;
  uint32_t flags = 0;
  uint64_t size = SYNCLINE_UNKNOWN_SIZE;
  int64_t mtime_ns = SYNCLINE_UNKNOWN_TIME;

  bool container() const { return (flags & SYNCLINE_CONTAINER) != 0; }
  bool mergeable() const { return (flags & SYNCLINE_MERGEABLE) != 0; }

  static Record From(const syncline_record& raw) {
    Record record;
    record.id = View(raw.id);
    record.key = raw.key.len == 0 ? record.id : std::string(View(raw.key));
    record.version = View(raw.version);
    record.identity = View(raw.identity);
    record.name = View(raw.name);
    record.media_type = View(raw.media_type);
    record.attributes = View(raw.attributes);
    record.flags = raw.flags;
    record.size = raw.size;
    record.mtime_ns = raw.mtime_ns;
    return record;
  }
  // Points into this record.
  syncline_record Raw() const {
    return {sizeof(syncline_record),
            flags,
            Str(id),
            Str(key),
            Str(version),
            Str(identity),
            Str(name),
            Str(media_type),
            Str(attributes),
            size,
            mtime_ns};
  }
};

// What a side shows of a record, against the baseline where there is one.
enum class State : uint8_t {
  kAbsent,     // no baseline; not there
  kPresent,    // no baseline; there
  kUnchanged,  // as in the baseline
  kChanged,    // there, in another version
  kGone,       // in the baseline, but not there
  kUnknown,    // cannot be seen: nothing may be concluded
};

// What two present records are to each other; found out only when the decision depends on it.
enum class Equality : uint8_t { kNotCompared, kSame, kSameContent, kDifferent };

enum class Direction : uint8_t { kTwoWay, kMirror, kAdd };
enum class Policy : uint8_t { kAsk, kNewer, kA, kB, kBoth };
// What a person decided about a conflict.
enum class Decision : uint8_t { kNone, kA, kB, kBoth, kMerge };

enum class ConflictKind : uint8_t {
  kEditEdit,
  kEditDelete,  // A edited, B deleted
  kDeleteEdit,  // A deleted, B edited
  kCreateCreate,
  kType,  // a container on one side, a plain record on the other
  kName,  // the other side cannot hold the name, or another record has it there
};
std::string_view ConflictKindName(ConflictKind kind);

// Where the inside of a container ends: ids from Inside(id) up to but without AfterInside(id).
inline bool IsInside(std::string_view id, std::string_view container) {
  return id.size() > container.size() && id[container.size()] == '/' &&
         id.substr(0, container.size()) == container;
}
// The container that id is directly inside of; empty at the top.
inline std::string_view ParentId(std::string_view id) {
  const size_t slash = id.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : id.substr(0, slash);
}
// id with the container's place replaced; id must be inside it.
inline std::string Rebased(std::string_view id, std::string_view old_container,
                           std::string_view new_container) {
  std::string result(new_container);
  result.append(id.substr(old_container.size()));
  return result;
}

}  // namespace syncline::engine

#endif  // SYNCLINE_HOST_ENGINE_TYPES_H_
