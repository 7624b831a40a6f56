#include "plugins/images/metadata.h"

#include <exception>
#include <exiv2/error.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "plugins/images/exiv2_start.h"
#include "plugins/images/metadata_parts.h"
#include "plugins/images/metadata_readers.h"
#include "plugins/images/metadata_text.h"
#include "plugins/images/metadata_tiff.h"
#include "plugins/images/quicktime.h"
#include "plugins/images/xmp.h"

namespace syncline::images {
namespace {

constexpr size_t kMostPackets = 4;

// The first problem is the one that is told.
void Complain(std::string_view what, std::string_view why, Metadata* metadata) {
  if (!metadata->problem.empty()) return;
  constexpr size_t kLimit = 300;
  metadata->problem = absl::StrCat(std::string(what), " cannot be read: ", CleanText(why, kLimit));
}

void ReadPacket(std::string_view what, std::string_view text, Metadata* metadata) {
  const absl::StatusOr<XmpPacket> packet = ParseXmp(text);
  if (packet.ok()) {
    TakeXmp(*packet, metadata);
  } else {
    Complain(what, std::string(packet.status().message()), metadata);
  }
}

void ReadAll(Format format, Bytes& file, std::string_view sidecar_xmp, Metadata* metadata) {
  StartExiv2();
  if (sidecar_xmp.size() > kSidecarLimit) {
    Complain("its sidecar", "it is too long", metadata);
  } else if (!sidecar_xmp.empty()) {
    ReadPacket("its sidecar", sidecar_xmp, metadata);
  }
  // Finding and reading have a limit each, so that a picture with very many parts does not hide the
  // metadata that was found in it.
  LimitedBytes search(file, kMetadataLimit);
  MetadataParts parts = FindMetadata(format, search);
  metadata->width = parts.width;
  metadata->height = parts.height;
  LimitedBytes limited(file, kMetadataLimit);
  TiffValues tiff;
  for (const TiffBlock& block : parts.tiffs) ReadTiffValues(limited, block, &tiff);
  parts.packets.insert(parts.packets.end(), tiff.packets.begin(), tiff.packets.end());
  // The first is the one that counts; some programs leave an old one behind.
  if (parts.packets.size() > kMostPackets) parts.packets.resize(kMostPackets);
  for (const Extent& extent : parts.packets) {
    if (extent.length > kSidecarLimit) {
      Complain("its XMP", "it is too long", metadata);
      continue;
    }
    ReadPacket("its XMP", ReadPart(limited, extent), metadata);
  }
  if (metadata->width == 0) {
    metadata->width = tiff.width;
    metadata->height = tiff.height;
  }
  TakeExif(tiff.exif, metadata);
  metadata->content_id = tiff.content_id;
  if (format == Format::kMp4 || format == Format::kMov || format == Format::kCr3) {
    ReadQuickTime(limited, metadata);
  }
  // Searching may well end at its limit, in a GIF of 40 MB.
  const bool read = search.status().ok() || absl::IsResourceExhausted(search.status());
  const absl::Status& status = read ? limited.status() : search.status();
  if (!status.ok()) Complain("its metadata", std::string(status.message()), metadata);
  if (tiff.broken) Complain("its metadata", "its Exif is damaged", metadata);
}

}  // namespace

Metadata ReadMetadata(Format format, Bytes& file, std::string_view sidecar_xmp) {
  Metadata metadata;
  try {
    ReadAll(format, file, sidecar_xmp, &metadata);
  } catch (const Exiv2::AnyError& error) {
    Complain("its metadata", error.what(), &metadata);
  } catch (const std::exception& error) {
    Complain("its metadata", error.what(), &metadata);
  }
  return metadata;
}

}  // namespace syncline::images
