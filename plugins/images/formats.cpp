// The table of formats.
#include "plugins/images/formats.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace syncline::images {
namespace {

using Names = std::span<const std::string_view>;

// A camera's .thm is a small JPEG beside a movie; .mpo (CIPA DC-007) and Insta360's .insp are
// JPEGs.
constexpr std::string_view kJpegNames[] = {"jpg", "jpeg", "jpe", "jfif", "mpo", "thm", "insp"};
constexpr std::string_view kPngNames[] = {"png", "apng"};
constexpr std::string_view kGifNames[] = {"gif"};
constexpr std::string_view kWebpNames[] = {"webp"};
// Behind the first two, raws that are a TIFF inside and that Syncline takes for one: Samsung,
// Hasselblad, Phase One, Epson, Mamiya, Leaf, Kodak.
constexpr std::string_view kTiffNames[] = {"tif", "tiff", "srw", "3fr", "fff", "iiq",
                                           "erf", "mef",  "mos", "dcr", "kdc"};
constexpr std::string_view kBmpNames[] = {"bmp", "dib"};
constexpr std::string_view kHeicNames[] = {"heic", "heif", "hif", "heics", "heifs"};
constexpr std::string_view kAvifNames[] = {"avif", "avifs"};
constexpr std::string_view kJxlNames[] = {"jxl"};
constexpr std::string_view kDngNames[] = {"dng", "gpr"};  // GoPro's .gpr is a DNG
constexpr std::string_view kCr2Names[] = {"cr2"};
constexpr std::string_view kCr3Names[] = {"cr3"};
constexpr std::string_view kNefNames[] = {"nef", "nrw"};
constexpr std::string_view kArwNames[] = {"arw", "sr2", "srf"};
constexpr std::string_view kOrfNames[] = {"orf", "ori"};
constexpr std::string_view kRw2Names[] = {"rw2", "rwl", "raw"};
constexpr std::string_view kRafNames[] = {"raf"};
constexpr std::string_view kPefNames[] = {"pef", "ptx"};
// GoPro's .lrv and .360, DJI's .lrf and Insta360's .insv are MP4 inside; so are phones' 3GPP
// movies.
constexpr std::string_view kMp4Names[] = {"mp4", "m4v", "3gp", "3g2", "lrv", "lrf", "insv", "360"};
constexpr std::string_view kMovNames[] = {"mov", "qt"};

constexpr FormatInfo Still(Format format, std::string_view name, std::string_view media_type,
                           std::string_view family, Names extensions) {
  return {format, name, media_type, family, false, false, extensions};
}

constexpr FormatInfo Raw(Format format, std::string_view name, std::string_view media_type,
                         std::string_view family, Names extensions) {
  return {format, name, media_type, family, true, false, extensions};
}

constexpr FormatInfo Movie(Format format, std::string_view name, std::string_view media_type,
                           Names extensions) {
  return {format, name, media_type, "movie", false, true, extensions};
}

// In the order of the enum. Families are part of fingerprints that are kept: they never change.
constexpr std::array kFormats = {
    Still(Format::kNone, "no picture", "application/octet-stream", "none", {}),
    Still(Format::kJpeg, "JPEG", "image/jpeg", "jpeg", kJpegNames),
    Still(Format::kPng, "PNG", "image/png", "png", kPngNames),
    Still(Format::kGif, "GIF", "image/gif", "gif", kGifNames),
    Still(Format::kWebp, "WebP", "image/webp", "webp", kWebpNames),
    Still(Format::kTiff, "TIFF", "image/tiff", "tiff", kTiffNames),
    Still(Format::kBmp, "BMP", "image/bmp", "bmp", kBmpNames),
    Still(Format::kHeic, "HEIC", "image/heic", "heif", kHeicNames),
    Still(Format::kAvif, "AVIF", "image/avif", "heif", kAvifNames),
    Still(Format::kJxl, "JPEG XL", "image/jxl", "jxl", kJxlNames),
    Raw(Format::kDng, "DNG", "image/x-adobe-dng", "tiff", kDngNames),
    Raw(Format::kCr2, "CR2", "image/x-canon-cr2", "tiff", kCr2Names),
    Raw(Format::kCr3, "CR3", "image/x-canon-cr3", "cr3", kCr3Names),
    Raw(Format::kNef, "NEF", "image/x-nikon-nef", "tiff", kNefNames),
    Raw(Format::kArw, "ARW", "image/x-sony-arw", "tiff", kArwNames),
    Raw(Format::kOrf, "ORF", "image/x-olympus-orf", "tiff", kOrfNames),
    Raw(Format::kRw2, "RW2", "image/x-panasonic-rw2", "tiff", kRw2Names),
    Raw(Format::kRaf, "RAF", "image/x-fuji-raf", "raf", kRafNames),
    Raw(Format::kPef, "PEF", "image/x-pentax-pef", "tiff", kPefNames),
    Movie(Format::kMp4, "MP4", "video/mp4", kMp4Names),
    Movie(Format::kMov, "MOV", "video/quicktime", kMovNames),
};

constexpr bool InOrder() {
  for (size_t i = 0; i < kFormats.size(); ++i) {
    if (kFormats[i].format != static_cast<Format>(i)) return false;
  }
  return kFormats.back().format == Format::kMov;
}
static_assert(InOrder(), "InfoOf() finds a format by its number");

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool SameWithoutCase(std::string_view a, std::string_view lower) {
  return std::equal(a.begin(), a.end(), lower.begin(), lower.end(),
                    [](char x, char y) { return Lower(x) == y; });
}

bool Has(const FormatInfo& info, std::string_view extension) {
  return std::any_of(info.extensions.begin(), info.extensions.end(),
                     [&](std::string_view known) { return SameWithoutCase(extension, known); });
}

}  // namespace

const FormatInfo& InfoOf(Format format) { return kFormats[static_cast<size_t>(format)]; }

std::span<const FormatInfo> AllFormats() { return std::span(kFormats).subspan(1); }

bool ExtensionFits(Format format, std::string_view file_name) {
  const FormatInfo& info = InfoOf(format);
  const size_t dot = file_name.rfind('.');
  if (dot == std::string_view::npos) return false;
  const std::string_view extension = file_name.substr(dot + 1);
  if (Has(info, extension)) return true;
  if (info.family != "tiff") return false;
  // Among those that are a TIFF inside: a raw may be called one, and what was not recognised as the
  // maker's raw may still be one (without the maker's name, or older than what Sniff() looks for).
  if (info.raw) return SameWithoutCase(extension, "tif") || SameWithoutCase(extension, "tiff");
  if (format != Format::kTiff) return false;
  return std::any_of(kFormats.begin(), kFormats.end(), [&](const FormatInfo& other) {
    return other.raw && other.family == info.family && Has(other, extension);
  });
}

}  // namespace syncline::images
