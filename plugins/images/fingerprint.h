// By what a picture is known again: two hashes of its picture data, a cheap one and a whole one.
// Names, places, dates and metadata of the file have no part in them.
//
//   Identity identity = Identify(format, bytes);       // before it is decided whether to copy
//   DigestOfStream digest(identity.data);              // while copying
//   while (...) digest.Feed(block);
//   digest.Finish();                                   // == Digest(bytes, identity.data, ...)
#ifndef SYNCLINE_PLUGINS_IMAGES_FINGERPRINT_H_
#define SYNCLINE_PLUGINS_IMAGES_FINGERPRINT_H_

#include <xxhash.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "plugins/images/bytes.h"
#include "plugins/images/formats.h"
#include "plugins/images/picture_data.h"

namespace syncline::images {

// Both hashes are kept for years: what they are made of never changes.

// The family of the format, the length of the picture data and a hash of its first and last 64 KiB,
// as in "jpeg-2f31a0-" and 32 hex digits. Equal picture data gives equal fingerprints; unequal data
// nearly always unequal ones, and Digest() settles it. Reads at most 128 KiB. Errors: the file's;
// Aborted when the file became shorter meanwhile.
absl::StatusOr<std::string> Fingerprint(Format format, Bytes& file, const PictureData& data);

struct Identity {
  std::string fingerprint;
  PictureData data;
};
// FindPictureData() and Fingerprint().
absl::StatusOr<Identity> Identify(Format format, Bytes& file);

// The whole hash (XXH3, 128 bits, 32 hex digits) of the picture data, read from the file. progress
// gets the bytes read so far, may be empty, and what it returns but OK ends the reading. Errors: as
// Fingerprint(). Of several pictures in one file, the hash is that of their hashes.
absl::StatusOr<std::string> Digest(Bytes& file, const PictureData& data,
                                   const std::function<absl::Status(uint64_t done)>& progress);

// The same hash of bytes that come by, as in a copy.
class DigestOfStream {
 public:
  explicit DigestOfStream(const PictureData& data);
  // The next bytes of the file, which begin where the last ones ended; the first at offset 0.
  void Feed(std::string_view next_bytes);
  // The bytes up to offset do not come; none of them may be picture data that was not fed yet.
  void SkipTo(uint64_t offset) { offset_ = offset; }
  // Once. What was not fed is missing from the hash.
  std::string Finish();

 private:
  struct FreeState {
    void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
  };
  using State = std::unique_ptr<XXH3_state_t, FreeState>;

  void Add(uint32_t part, std::string_view bytes);

  const std::vector<Extent> extents_;
  size_t next_ = 0;                  // the first extent that is not behind us
  uint64_t offset_ = 0;              // of the next byte to be fed
  std::map<uint32_t, State> parts_;  // those that had bytes
};

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_FINGERPRINT_H_
