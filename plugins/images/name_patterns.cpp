// The tables of name_patterns.h. What stands in no row needs none: files of one stem are together
// by the rules of units.h (Sony DSC00001.JPG and .ARW, DJI_0001.JPG and .DNG, GOPR0001.JPG and
// .GPR, Apple IMG_0001.HEIC and .MOV, Samsung 20230102_030405.jpg and .dng), and bursts, edits and
// messengers' pictures have stems of their own (IMG_E0001.JPG, PXL_X~2.jpg, MVIMG_X.jpg,
// 00000IMG_00000_BURST20230102030405_COVER.jpg, IMG-20230102-WA0001.jpg).
#include "plugins/images/name_patterns.h"

#include <algorithm>
#include <array>
#include <vector>

namespace syncline::images {
namespace {

constexpr TailPattern kTails[] = {
    {"Google Pixel", ".RAW-01.MP.COVER", Role::kPicture},
    {"Google Pixel", ".RAW-01.COVER", Role::kPicture},
    {"Google Pixel", ".RAW-02.ORIGINAL", Role::kRaw},
    {"Google Pixel", ".MP", Role::kPicture},
    {"Google Pixel", ".MP", Role::kMovie},
    {"Nokia Lumia", "__highres", Role::kRaw},
};

constexpr SidecarPattern kSidecars[] = {
    {"Adobe, darktable, digiKam", ".xmp", true, true},
    {"Apple", ".AAE", true, false},
    {"GoPro, Canon", ".THM", true, false},
    {"GoPro", ".LRV", true, false},
    {"DJI", ".LRF", true, false},
    {"DJI", ".SRT", true, false},
    {"Canon, Nikon, Sony: voice memo", ".WAV", true, false},
    {"Olympus: first shot of a high-resolution raw", ".ORI", true, false},
    {"Canon DPP", ".VRD", true, false},
    {"ON1", ".on1", true, false},
    {"DxO", ".dop", false, true},
    {"RawTherapee", ".pp3", false, true},
    {"ART", ".arp", false, true},
    {"Google Takeout", ".supplemental-metadata.json", false, true},
    {"Google Takeout", ".json", false, true},
};

constexpr StemPattern kStems[] = {
    {"Apple: edits of the original", "IMG_O#*", ".AAE", "IMG_$1$2", false, ".O"},
    {"Apple: the same, as stored", "*.O", ".AAE", "$1", false, ""},
    {"GoPro: low resolution of HEVC", "GL######", ".LRV", "GX$1", false, ""},
    {"GoPro: low resolution of AVC", "GL######", ".LRV", "GH$1", false, ""},
    {"Sony: data of a clip", "*M##", ".XML", "$1", false, ""},
    {"darktable: further versions", "*_##.*", ".xmp", "$1.$3", true, ""},
};

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// What the runs of '#' and '*' in pattern stand for in name. Recursive as deep as the pattern is
// long.
bool Fits(std::string_view pattern, std::string_view name, std::vector<std::string>* found) {
  if (pattern.empty()) return name.empty();
  if (pattern.front() == '*') {
    for (size_t length = name.size() + 1; length-- > 0;) {
      const size_t known = found->size();
      found->emplace_back(name.substr(0, length));
      if (Fits(pattern.substr(1), name.substr(length), found)) return true;
      found->resize(known);
    }
    return false;
  }
  if (pattern.front() == '#') {
    const size_t run = std::min(pattern.find_first_not_of('#'), pattern.size());
    const std::string_view digits = name.substr(0, run);
    if (digits.size() < run || !std::all_of(digits.begin(), digits.end(), IsDigit)) return false;
    found->emplace_back(digits);
    return Fits(pattern.substr(run), name.substr(run), found);
  }
  if (name.empty() || Lower(name.front()) != Lower(pattern.front())) return false;
  return Fits(pattern.substr(1), name.substr(1), found);
}

}  // namespace

std::span<const TailPattern> TailPatterns() { return kTails; }
std::span<const SidecarPattern> SidecarPatterns() { return kSidecars; }
std::span<const StemPattern> StemPatterns() { return kStems; }

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), &Lower);
  return lower;
}

bool EndsWithAnyCase(std::string_view text, std::string_view end) {
  return text.size() >= end.size() &&
         LowerCase(text.substr(text.size() - end.size())) == LowerCase(end);
}

std::optional<std::string> Rewritten(const StemPattern& pattern, std::string_view name) {
  std::vector<std::string> found;
  if (!Fits(pattern.from, name, &found)) return std::nullopt;
  std::string to;
  for (size_t i = 0; i < pattern.to.size(); ++i) {
    if (pattern.to[i] != '$') {
      to += pattern.to[i];
      continue;
    }
    to += found[static_cast<size_t>(pattern.to[++i] - '1')];
  }
  return to;
}

}  // namespace syncline::images
