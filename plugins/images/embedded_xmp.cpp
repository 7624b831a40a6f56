#include "plugins/images/embedded_xmp.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "plugins/images/embedded_xmp_formats.h"
#include "plugins/images/xmp.h"

namespace syncline::images {
namespace {

absl::Status NoXmpHere(Format format) {
  return absl::UnimplementedError("Metadata inside of " + std::string(InfoOf(format).name) +
                                  " is not changed.");
}

std::string WithoutPadding(std::string packet) {
  const size_t end = packet.find_last_not_of(std::string_view(" \t\r\n\0", 5));
  packet.resize(end == std::string::npos ? 0 : end + 1);
  return packet;
}

absl::StatusOr<std::string> ReadPadded(Format format, std::string_view picture) {
  switch (format) {
    case Format::kJpeg:
      return ReadJpegXmp(picture);
    case Format::kPng:
      return ReadPngXmp(picture);
    case Format::kWebp:
      return ReadWebpXmp(picture);
    case Format::kTiff:
    case Format::kDng:
    case Format::kCr2:
    case Format::kNef:
    case Format::kArw:
    case Format::kPef:
      return ReadTiffXmp(picture);
    default:
      return NoXmpHere(format);
  }
}

}  // namespace

std::string Spliced(std::string picture, std::vector<Splice> splices) {
  // From the end, so that places stay right; what is replaced before what is put in front of it.
  std::sort(splices.begin(), splices.end(), [](const Splice& a, const Splice& b) {
    return std::make_pair(a.at, a.size) > std::make_pair(b.at, b.size);
  });
  for (const Splice& splice : splices) picture.replace(splice.at, splice.size, splice.with);
  return picture;
}

std::string Padded(std::string_view packet, size_t size) {
  std::string padded(packet);
  if (packet.size() >= size) return padded;
  const size_t end = packet.rfind("<?xpacket end=");
  std::string blanks(size - packet.size(), ' ');
  for (size_t i = 99; i < blanks.size(); i += 100) blanks[i] = '\n';
  padded.insert(std::min(end, packet.size()), blanks);
  return padded;
}

absl::Status BrokenPicture() {
  return absl::InvalidArgumentError("The picture is broken before the end of its metadata.");
}

absl::Status UnknownXmp(std::string_view why) {
  return absl::UnimplementedError("The XMP of the picture " + std::string(why) +
                                  ", which is not changed.");
}

bool CanWriteXmp(Format format) {
  return format == Format::kJpeg || format == Format::kPng || format == Format::kWebp ||
         format == Format::kTiff || format == Format::kDng;
}

absl::StatusOr<std::string> ReadXmp(Format format, std::string_view picture) {
  absl::StatusOr<std::string> packet = ReadPadded(format, picture);
  if (!packet.ok()) return packet;
  return WithoutPadding(*std::move(packet));
}

absl::StatusOr<std::string> WithXmp(Format format, std::string picture, std::string_view packet) {
  if (!CanWriteXmp(format)) return NoXmpHere(format);
  const absl::StatusOr<XmpPacket> parsed = ParseXmp(packet);
  if (!parsed.ok()) return parsed.status();
  const absl::StatusOr<std::string> before = ReadXmp(format, picture);
  if (!before.ok()) return before.status();
  if (*before == packet) return picture;
  // No XMP at all says nothing about what the older standards say.
  std::optional<LegacyChange> legacy;
  if (!packet.empty()) {
    legacy = LegacyChangeOf(ParseXmp(*before).value_or(XmpPacket()), *parsed);
  }
  const LegacyChange* values = legacy ? &*legacy : nullptr;
  switch (format) {
    case Format::kJpeg:
      return WithJpegXmp(std::move(picture), packet, values);
    case Format::kPng:
      return WithPngXmp(std::move(picture), packet, values);
    case Format::kWebp:
      return WithWebpXmp(std::move(picture), packet, values);
    default:
      return WithTiffXmp(std::move(picture), packet, values);
  }
}

}  // namespace syncline::images
