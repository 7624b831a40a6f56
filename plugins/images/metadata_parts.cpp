// The parts of JPEG and RAF, and the choice by format.
#include "plugins/images/metadata_parts.h"

#include <optional>
#include <string_view>

#include "absl/status/status.h"

namespace syncline::images {
namespace {

constexpr std::string_view kExifHead("Exif\0\0", 6);                        // CIPA DC-008, 4.7.2
constexpr std::string_view kXmpHead("http://ns.adobe.com/xap/1.0/\0", 29);  // ISO 16684-3

// Where RAF says its JPEG is, which holds all its metadata.
Extent JpegOfRaf(NumberReader* reader) {
  constexpr uint64_t kJpegPlace = 84;
  return {reader->U32(kJpegPlace).value_or(0), reader->U32(kJpegPlace + 4).value_or(0)};
}

bool IsFrame(uint8_t marker) {
  // C4, C8 and CC are no frames (ITU T.81, table B.1).
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

}  // namespace

absl::StatusOr<size_t> LimitedBytes::ReadAt(uint64_t offset, char* buffer, size_t capacity) {
  if (!status_.ok()) return status_;
  const auto wanted = std::min<uint64_t>(capacity, offset < size() ? size() - offset : 0);
  if (wanted > left_) {
    status_ = absl::ResourceExhaustedError("there is far more of it than a camera writes");
    return status_;
  }
  left_ -= wanted;
  absl::StatusOr<size_t> got = file_.ReadAt(offset, buffer, capacity);
  if (!got.ok()) status_ = got.status();
  return got;
}

std::string ReadPart(Bytes& file, Extent extent) {
  PartBytes part(file, extent);
  std::string bytes(part.size(), '\0');
  size_t size = 0;
  while (size < bytes.size()) {
    const absl::StatusOr<size_t> got = part.ReadAt(size, bytes.data() + size, bytes.size() - size);
    if (!got.ok()) return {};
    if (*got == 0) break;
    size += *got;
  }
  bytes.resize(size);
  return bytes;
}

void LocateInJpeg(Bytes& file, Extent jpeg, MetadataParts* parts) {
  PartBytes part(file, jpeg);
  NumberReader reader(part);
  uint64_t at = 2;
  while (true) {
    const std::optional<uint8_t> marker = reader.U8(at + 1);
    if (reader.U8(at) != 0xFF || !marker) return;
    if (*marker == 0xFF) {  // bytes to fill up
      ++at;
      continue;
    }
    if (*marker == 0xD9 || *marker == 0xDA) return;  // the end, or the pixels
    const std::optional<uint16_t> length = reader.U16(at + 2);
    if (!length || *length < 2) return;
    const uint64_t payload = at + 4;
    const uint64_t size = *length - 2;
    if (*marker == 0xE1) {
      if (reader.Text(payload, kExifHead.size()) == kExifHead) {
        parts->tiffs.push_back(
            {{jpeg.offset + payload + kExifHead.size(), size - std::min(size, kExifHead.size())}});
      } else if (reader.Text(payload, kXmpHead.size()) == kXmpHead) {
        parts->packets.push_back(
            {jpeg.offset + payload + kXmpHead.size(), size - std::min(size, kXmpHead.size())});
      }
    } else if (IsFrame(*marker)) {
      parts->SetSize(reader.U16(payload + 3).value_or(0), reader.U16(payload + 1).value_or(0));
    }
    at = payload + size;
  }
}

MetadataParts FindMetadata(Format format, Bytes& file) {
  MetadataParts parts;
  NumberReader reader(file);
  const Extent whole{0, file.size()};
  switch (format) {
    case Format::kNone:
      break;
    case Format::kJpeg:
      LocateInJpeg(file, whole, &parts);
      break;
    case Format::kPng:
      LocateInPng(&reader, &parts);
      break;
    case Format::kGif:
      LocateInGif(&reader, &parts);
      break;
    case Format::kWebp:
      LocateInWebp(&reader, &parts);
      break;
    case Format::kBmp:
      LocateInBmp(&reader, &parts);
      break;
    case Format::kHeic:
    case Format::kAvif:
      LocateInHeif(&reader, &parts);
      break;
    case Format::kJxl:
      LocateInJxl(&reader, &parts);
      break;
    case Format::kCr3:
      LocateInCr3(&reader, &parts);
      break;
    case Format::kMp4:
    case Format::kMov:
      LocateInMovie(&reader, &parts);
      break;
    case Format::kRaf:
      parts.previews.push_back(JpegOfRaf(&reader));
      LocateInJpeg(file, parts.previews.back(), &parts);
      break;
    case Format::kTiff:
    case Format::kDng:
    case Format::kCr2:
    case Format::kNef:
    case Format::kArw:
    case Format::kOrf:
    case Format::kRw2:
    case Format::kPef:
      parts.tiffs.push_back({whole});
      break;
  }
  return parts;
}

}  // namespace syncline::images
