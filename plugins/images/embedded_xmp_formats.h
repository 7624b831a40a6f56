// The containers of embedded_xmp.h, one function pair for each.
#ifndef SYNCLINE_PLUGINS_IMAGES_EMBEDDED_XMP_FORMATS_H_
#define SYNCLINE_PLUGINS_IMAGES_EMBEDDED_XMP_FORMATS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "plugins/images/embedded_legacy.h"

namespace syncline::images {

// size bytes at `at` become `with`.
struct Splice {
  size_t at;
  size_t size;
  std::string with;
};
// Splices do not overlap, in any order.
std::string Spliced(std::string picture, std::vector<Splice> splices);

// The packet, made as long as size with blanks where XMP has its padding (ISO 16684-1, 7.3.2).
std::string Padded(std::string_view packet, size_t size);

absl::Status BrokenPicture();
absl::Status UnknownXmp(std::string_view why);

// The packet as it stands; empty: none.
absl::StatusOr<std::string> ReadJpegXmp(std::string_view picture);
absl::StatusOr<std::string> ReadPngXmp(std::string_view picture);
absl::StatusOr<std::string> ReadWebpXmp(std::string_view picture);
absl::StatusOr<std::string> ReadTiffXmp(std::string_view picture);

// legacy: null: nothing changes there.
absl::StatusOr<std::string> WithJpegXmp(std::string picture, std::string_view packet,
                                        const LegacyChange* legacy);
absl::StatusOr<std::string> WithPngXmp(std::string picture, std::string_view packet,
                                       const LegacyChange* legacy);
absl::StatusOr<std::string> WithWebpXmp(std::string picture, std::string_view packet,
                                        const LegacyChange* legacy);
absl::StatusOr<std::string> WithTiffXmp(std::string picture, std::string_view packet,
                                        const LegacyChange* legacy);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_EMBEDDED_XMP_FORMATS_H_
