// What rest.h hashes, fact by fact. Inside of rest*.cpp.
#ifndef SYNCLINE_PLUGINS_IMAGES_REST_FACTS_H_
#define SYNCLINE_PLUGINS_IMAGES_REST_FACTS_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace syncline::images {

// The order in which facts are added makes no difference: programs write metadata in another one.
class RestFacts {
 public:
  // kind: "exif", "comment" ...
  void Add(std::string_view kind, std::string_view name, std::string_view value);
  void Add(RestFacts other);
  std::string Hash() &&;

 private:
  std::vector<std::string> facts_;
};

// Where a block of TIFF directories is: a TIFF is one itself. Beside JFIF a program that begins an
// Exif repeats the resolution that JFIF tells.
enum class ExifIn : uint8_t { kTiff, kBesideJfif, kOther };
// Every value of such a block. Its bytes are changed meanwhile, and then as they were. False: it is
// not all understood, and nothing was added.
bool AddExif(ExifIn where, std::string* block, RestFacts* facts);

// Bytes of a file between its picture data.
struct Gap {
  uint64_t at;
  std::string_view bytes;
};
// Each gap holds whole segments or chunks, in a row.
void AddJpegGaps(std::span<const Gap> gaps, RestFacts* facts);
void AddPngGaps(std::span<const Gap> gaps, RestFacts* facts);
void AddWebpGaps(std::span<const Gap> gaps, RestFacts* facts);

// Every value of IPTC (IIM) but keywords, where these are kept in step with XMP.
void AddIptc(std::string_view iptc, RestFacts* facts);
// Every one of Photoshop's image resources; of the IPTC in them its values, when it is kept in
// step.
void AddPhotoshop(std::string_view resources, bool in_step, RestFacts* facts);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_REST_FACTS_H_
