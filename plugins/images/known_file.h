// What was found out about one file at the price of reading it.
#ifndef SYNCLINE_PLUGINS_IMAGES_KNOWN_FILE_H_
#define SYNCLINE_PLUGINS_IMAGES_KNOWN_FILE_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "plugins/images/formats.h"
#include "sdk/platform/file_system.h"
#include "syncline/provider.hpp"

namespace syncline::images {

struct KnownFile {
  platform::FileInfo info;  // the file as it was when the rest was found out
  // The time of the last change as versions have it: that of info, or an earlier one when nothing
  // happened since but that we put it aside and back again. ns since 1970.
  int64_t changed_ns = 0;
  Format format = Format::kNone;
  std::string fingerprint;  // of the picture data; empty for kNone
  std::string digest;       // the whole hash; empty: nobody needed it yet
  std::string problem;      // "it ends in the middle of the picture"; empty: nothing was seen
  // Of a main member: the name that the picture of the unit was given (Placed::picture), and the
  // content for which it was.
  std::string content;
  std::string picture;
  std::string unreadable;  // why it could not be read; then format is a guess by the name
};

// By which of its properties a file is taken for the one that was read.
//
// On file systems that ignore letter case (FAT, exFAT: cards) inode numbers are made up at each
// mount, and the time of the last change is not kept or is that of the first: size and time of the
// last edit are all there is. Elsewhere the time of the last change cannot be forged.
enum class Trust : uint8_t { kAll, kSizeAndTime };

// A text for the provider's memory, and back. nullopt: it is not about the file that info shows.
std::string Encode(const KnownFile& file, Trust trust);
std::optional<KnownFile> Decode(std::string_view text, const platform::FileInfo& info, Trust trust);

// Reads the file. name is in dir.
absl::StatusOr<KnownFile> Examine(const platform::Dir& dir, const std::string& name,
                                  const platform::FileInfo& info);
// Of a file that cannot be read, for grouping: what its name says.
KnownFile Unreadable(std::string_view name, const platform::FileInfo& info,
                     const absl::Status& why);
// The whole hash of its picture data, from file.digest or by reading, reported to call.
absl::StatusOr<std::string> DigestOf(const Call& call, const platform::Dir& dir,
                                     const std::string& name, KnownFile* file);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_KNOWN_FILE_H_
