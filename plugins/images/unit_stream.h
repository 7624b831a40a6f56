// A unit as one content for the provider's read() and write(): a header that tells stem, role,
// tail, size, time and attributes of each member, then the bytes of the members in that order.
// Pure: the caller opens files and moves bytes; nothing here holds more than the header.
//
//   UnitReader reader(&into, content.total());
//   while (...) if (absl::Status status = reader.Feed(piece); !status.ok()) ...
//   status = reader.Finish();
#ifndef SYNCLINE_PLUGINS_IMAGES_UNIT_STREAM_H_
#define SYNCLINE_PLUGINS_IMAGES_UNIT_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "plugins/images/units.h"

namespace syncline::images {

struct StreamMember {
  Role role = Role::kPicture;
  std::string tail;
  uint64_t size = 0;       // bytes
  int64_t mtime_ns = 0;    // since 1970
  std::string attributes;  // opaque here, as in syncline_record
  bool operator==(const StreamMember&) const = default;
};

struct StreamUnit {
  std::string stem;
  std::vector<StreamMember> members;  // the main one first
  // Of the members together, without the header.
  uint64_t size() const;
  bool operator==(const StreamUnit&) const = default;
};

inline constexpr size_t kMostMembers = 64;
inline constexpr size_t kLongestName = 255;              // bytes, of stem and tail together
inline constexpr size_t kLargestAttributes = 64 * 1024;  // bytes, of one member
inline constexpr uint64_t kUnknownTotal = std::numeric_limits<uint64_t>::max();

// The first bytes of the stream. InvalidArgument, with a sentence, for a unit that a reader would
// refuse. Two units that are equal have the same header.
absl::StatusOr<std::string> UnitHeader(std::string_view stem,
                                       std::span<const StreamMember> members);

// What a stream is read into. An error that a method returns ends the reading and is passed on.
class UnitSink {
 public:
  virtual ~UnitSink() = default;
  // Once, before all others: the header has been read and checked.
  virtual absl::Status Unit(const StreamUnit& unit) = 0;
  virtual absl::Status Begin(size_t member) = 0;           // index into StreamUnit::members
  virtual absl::Status Bytes(std::string_view piece) = 0;  // never empty
  virtual absl::Status End(size_t member) = 0;             // all of its bytes have come
};

// Reads a stream from pieces of any size. The header comes from elsewhere and is not trusted:
// lengths over the limits, more members than kMostMembers, a name with '/' or NUL, a member over
// the stated total, tails that would not be grouped as one unit are InvalidArgument with a sentence
// that says what is wrong. After an error every call gives that error again.
class UnitReader {
 public:
  // into outlives the reader. total: the bytes of the stream with its header, or kUnknownTotal.
  explicit UnitReader(UnitSink* into, uint64_t total = kUnknownTotal);

  absl::Status Feed(std::string_view piece);
  // The stream has ended. DataLoss when it ended too early.
  absl::Status Finish();

 private:
  absl::Status Take(std::string_view piece);
  absl::Status TakeHeader(std::string_view* piece);
  absl::Status TakeMembers(std::string_view piece);
  absl::Status EndMembers();  // ends the one that is complete, and the empty ones after it

  UnitSink* const into_;
  const uint64_t total_;
  absl::Status status_;
  std::string header_;       // what has come of it
  bool in_members_ = false;  // the header is complete
  StreamUnit unit_;
  size_t member_ = 0;  // the one whose bytes come
  uint64_t left_ = 0;  // bytes of it that have not come
};

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_UNIT_STREAM_H_
