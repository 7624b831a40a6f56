// Rules for names.
#include "plugins/folders/names.h"

#include <utf8proc.h>

#include <cstdint>
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "plugins/folders/outcome.h"
#include "plugins/folders/version.h"

namespace syncline::folders {
namespace {

constexpr size_t kLongestName = 255;  // bytes; NAME_MAX of every file system in use on Linux

// Cuts text to at most size bytes without cutting a UTF-8 sequence in two.
std::string_view CutUtf8(std::string_view text, size_t size) {
  if (text.size() <= size) return text;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  return text.substr(0, size);
}

// NUL, BEL... as Windows counts: UTF-16 units; a byte that is not UTF-8 counts as one.
size_t Utf16Units(std::string_view name) {
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(name.data());
  size_t units = 0;
  for (size_t i = 0; i < name.size(); ++units) {
    utf8proc_int32_t point = -1;
    utf8proc_ssize_t length =
        utf8proc_iterate(bytes + i, static_cast<utf8proc_ssize_t>(name.size() - i), &point);
    if (point > 0xFFFF) ++units;
    i += length <= 0 ? 1 : static_cast<size_t>(length);
  }
  return units;
}

std::string Upper(std::string_view text) {
  std::string out(text);
  absl::AsciiStrToUpper(&out);
  return out;
}

bool IsDeviceName(std::string_view name) {
  std::string stem = Upper(name.substr(0, name.find('.')));
  while (!stem.empty() && stem.back() == ' ') stem.pop_back();
  if (stem == "CON" || stem == "PRN" || stem == "AUX" || stem == "NUL" || stem == "CONIN$" ||
      stem == "CONOUT$") {
    return true;
  }
  return stem.size() == 4 && (stem.substr(0, 3) == "COM" || stem.substr(0, 3) == "LPT") &&
         stem[3] >= '1' && stem[3] <= '9';
}

}  // namespace

bool IsPlainId(std::string_view id) {
  if (id.empty() || id.find('\0') != std::string_view::npos) return false;
  size_t start = 0;
  while (true) {
    size_t slash = id.find('/', start);
    std::string_view part =
        id.substr(start, slash == std::string_view::npos ? slash : slash - start);
    if (part.empty() || part == "." || part == ".." || IsTemporary(part)) return false;
    if (slash == std::string_view::npos) return true;
    start = slash + 1;
  }
}

std::string_view ParentOf(std::string_view id) {
  size_t slash = id.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : id.substr(0, slash);
}

std::string_view NameOf(std::string_view id) {
  size_t slash = id.rfind('/');
  return slash == std::string_view::npos ? id : id.substr(slash + 1);
}

std::string Below(std::string_view folder, std::string_view name) {
  return folder.empty() ? std::string(name) : Join({folder, "/", name});
}

std::string Fold(std::string_view name) {
  utf8proc_uint8_t* folded = nullptr;
  // Decompose, fold, compose: as the case-ignoring folders of ext4 and APFS do.
  utf8proc_ssize_t size = utf8proc_map(
      reinterpret_cast<const utf8proc_uint8_t*>(name.data()),
      static_cast<utf8proc_ssize_t>(name.size()), &folded,
      static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD));
  if (size < 0) {
    std::string lower(name);
    absl::AsciiStrToLower(&lower);
    return lower;
  }
  std::string out(reinterpret_cast<const char*>(folded), static_cast<size_t>(size));
  std::free(folded);
  return out;
}

std::string WindowsObjection(std::string_view name) {
  for (char c : name) {
    if (static_cast<unsigned char>(c) < 0x20) return "it holds a control character";
    if (std::string_view("<>:\"|?*\\").find(c) != std::string_view::npos) {
      return Join({"it holds the character ", {&c, 1}});
    }
  }
  if (!name.empty() && (name.back() == '.' || name.back() == ' ')) {
    return "it ends with a dot or a space";
  }
  if (IsDeviceName(name)) return "Windows keeps that name for a device";
  if (Utf16Units(name) > 255) return "it is longer than 255 characters";
  return "";
}

std::string BesideName(std::string_view name, std::string_view label, int number) {
  std::string clean;
  for (char c : label) {
    bool bad = static_cast<unsigned char>(c) < 0x20 || c == 0x7f ||
               std::string_view("/\\<>:\"|?*").find(c) != std::string_view::npos;
    clean += bad ? '-' : c;
  }
  clean = std::string(CutUtf8(clean, 100));
  if (clean.empty()) clean = "copy";
  std::string mark =
      number > 1 ? absl::StrFormat(" (%s %d)", clean, number) : absl::StrFormat(" (%s)", clean);
  // A leading dot does not start an ending: ".profile" has none.
  size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || name.size() - dot > 32) dot = name.size();
  std::string_view ending = name.substr(dot);
  std::string_view stem = CutUtf8(name.substr(0, dot), kLongestName - mark.size() - ending.size());
  return Join({stem, mark, ending});
}

std::string TemporaryPrefixOf(std::string_view item) {
  return Join({kTemporaryPrefix, absl::StrFormat("%08x-", HashText(item))});
}

}  // namespace syncline::folders
