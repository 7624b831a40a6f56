// A unit on its way in: its members are written under temporary names in the side's own folder,
// hashed as they go by, and wait there for their place.
#ifndef SYNCLINE_PLUGINS_IMAGES_INCOMING_H_
#define SYNCLINE_PLUGINS_IMAGES_INCOMING_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "plugins/images/fingerprint.h"
#include "plugins/images/hash.h"
#include "plugins/images/known_file.h"
#include "plugins/images/placed.h"
#include "plugins/images/unit_stream.h"
#include "plugins/images/units.h"
#include "plugins/record_files/content.h"
#include "sdk/platform/file_system.h"

namespace syncline::images {

struct IncomingFile {
  Member member;          // the name is that of the source
  std::string temporary;  // empty: it stays as it is
  KnownFile known;        // info is of the temporary
  std::string written;    // hash of all bytes, as they were handed to the disk; empty: not wanted
};

// Removes what is still under a temporary name when it goes.
class Incoming {
 public:
  explicit Incoming(const platform::Dir* dir) : dir_(dir) {}
  Incoming(Incoming&&) = default;
  Incoming& operator=(Incoming&&) = delete;
  ~Incoming();

  std::string stem, folder;  // as at the source
  std::string kept;          // KeptOf() the source
  std::vector<IncomingFile> files;
  Unit unit() const;
  // Nothing is left to remove: all have their place.
  void Settled() { files.clear(); }

 private:
  const platform::Dir* dir_;
};

// Writes one file.
class FileWriter {
 public:
  // data: what of it is the picture, for the digest; null: it is not wanted. hash: whether
  // `written` is. That the file cannot be made is told by Write() and Finish().
  FileWriter(const platform::Dir& dir, std::string temporary, const PictureData* data, bool hash);
  absl::Status Write(std::string_view piece);
  const std::string& name() const { return temporary_; }
  // Sets the time and fills in temporary, written, and of known info and digest. The file stays
  // when this object goes.
  absl::Status Finish(int64_t mtime_ns, IncomingFile* file);

 private:
  const platform::Dir& dir_;
  const std::string temporary_;
  absl::StatusOr<platform::File> file_;
  std::optional<DigestOfStream> digest_;
  std::optional<StreamHash> whole_;
};

// Copies the members of a unit of one side to temporary files of the other. Throws Error; key: the
// unit, for messages. What was found out on the way is added to placed.
Incoming CopyUnit(const Call& call, const platform::Dir& from, Placed* placed,
                  const platform::Dir& to, record_files::Temporaries* temporaries, bool hash,
                  std::string_view key);

// Sends a unit as one content (unit_stream.h). Throws Error.
void SendUnit(const Call& call, const platform::Dir& dir, const Placed& placed,
              const ByteSink& content);
// Takes one. Throws Error.
Incoming ReceiveUnit(const Call& call, const ByteSource& content, const platform::Dir& to,
                     record_files::Temporaries* temporaries, bool hash, std::string_view key);

// The hash of `written` of a file that is on the disk, read past the cache where the system allows.
absl::StatusOr<std::string> ReadBack(const platform::Dir& dir, const std::string& name);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_INCOMING_H_
