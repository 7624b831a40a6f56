// The picture in a JPEG (ITU T.81, annex B): all but the segments for applications and comments.
#include <algorithm>
#include <string_view>

#include "absl/status/statusor.h"
#include "plugins/images/picture_data_formats.h"

namespace syncline::images {
namespace {

constexpr uint8_t kStartOfImage = 0xD8;
constexpr uint8_t kEndOfImage = 0xD9;
constexpr uint8_t kStartOfScan = 0xDA;
constexpr uint8_t kComment = 0xFE;

bool HasNoLength(uint8_t marker) {
  return marker == 0x01 || (marker >= 0xD0 && marker <= kStartOfImage);
}

// Adobe's APP14 says in which colours the picture is coded (T.872, 6.5.3). The colour profile in
// APP2 is left out: programs that write metadata add and remove it, and the pixels stay.
bool IsMetadata(NumberReader* reader, uint8_t marker, uint64_t payload) {
  if (marker == 0xEE) return reader->Text(payload, 5) != "Adobe";
  return (marker >= 0xE0 && marker <= 0xEF) || marker == kComment;
}

bool HoldsEnd(std::string_view bytes) { return bytes.find("\xFF\xD9") != bytes.npos; }

// Whether the end of the picture stands anywhere from start on. Inside coded pixels an FF is never
// followed by D9 (T.81, B.1.1.5). Nearly every file has it as its last bytes; movies and second
// pictures of phones follow it, so that only a file without it near its end is read as a whole.
absl::StatusOr<bool> HasEnd(Bytes& file, uint64_t start) {
  constexpr size_t kBlock = size_t{64} << 10;
  std::string block(kBlock, '\0');
  const uint64_t tail = std::max(start, file.size() - std::min<uint64_t>(file.size(), kBlock));
  absl::StatusOr<size_t> got = file.ReadAt(tail, block.data(), block.size());
  if (!got.ok()) return got.status();
  if (HoldsEnd(std::string_view(block).substr(0, *got))) return true;
  // Blocks overlap by a byte, for a marker at their border.
  for (uint64_t at = start; at < tail; at += *got - 1) {
    got = file.ReadAt(at, block.data(), block.size());
    if (!got.ok()) return got.status();
    if (HoldsEnd(std::string_view(block).substr(0, *got))) return true;
    if (*got < 2) break;
  }
  return false;
}

}  // namespace

absl::StatusOr<Parts> FindInJpeg(Bytes& file, NumberReader* reader) {
  Parts parts;
  parts.Add(0, 2);
  uint64_t at = 2;
  while (true) {
    const std::optional<uint8_t> prefix = reader->U8(at);
    const std::optional<uint8_t> marker = reader->U8(at + 1);
    if (!prefix.has_value() || !marker.has_value()) return Parts::CutOff();
    if (*prefix != 0xFF || *marker == 0) return Parts::Broken();
    if (*marker == 0xFF) {  // any marker may be preceded by such bytes
      ++at;
      continue;
    }
    if (*marker == kEndOfImage) return Parts::WithoutPicture();
    if (*marker == kStartOfScan) break;
    uint64_t end = at + 2;
    if (!HasNoLength(*marker)) {
      const std::optional<uint16_t> length = reader->U16(at + 2);
      if (!length.has_value()) return Parts::CutOff();
      if (*length < 2) return Parts::Broken();
      end += *length;
    }
    if (end > reader->size()) return Parts::CutOff();
    if (!IsMetadata(reader, *marker, at + 4)) parts.Add(at, end);
    at = end;
  }
  const absl::StatusOr<bool> has_end = HasEnd(file, at);
  if (!has_end.ok()) return has_end.status();
  if (!*has_end) return Parts::CutOff();
  // From the first scan on everything: later scans, and what cameras put behind the picture.
  parts.Add(at, reader->size());
  return parts;
}

}  // namespace syncline::images
