// Paths as strings: joining, taking apart, showing. Looks at no disk and is the same on every
// system.
#include <array>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "sdk/platform/file_system.h"

namespace syncline::platform {
namespace {

#ifdef _WIN32
constexpr std::string_view kSeparators = "/\\";
#else
constexpr std::string_view kSeparators = "/";
#endif

bool IsSeparator(char c) { return kSeparators.find(c) != std::string_view::npos; }

// path without separators at its end, but never shorter than the root.
std::string_view Trimmed(std::string_view path) {
  while (path.size() > 1 && IsSeparator(path.back())) path.remove_suffix(1);
  return path;
}

// Bytes of the well-formed UTF-8 character that text starts with; 0: there is none. The ranges are
// those of the Unicode standard, table 3-7: no overlong form, no surrogate, nothing above U+10FFFF.
size_t Utf8Length(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto continues = [&](size_t i, int low = 0x80, int high = 0xBF) {
    return i < text.size() && byte(i) >= low && byte(i) <= high;
  };
  const int first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return continues(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const bool second = continues(1, first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF);
    return second && continues(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const bool second = continues(1, first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF);
    return second && continues(2) && continues(3) ? 4 : 0;
  }
  return 0;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string AbsolutePath(const std::string& path) {
  if (!path.empty() && IsSeparator(path[0])) return path;
#ifdef _WIN32
  if (path.size() > 1 && path[1] == ':') return path;
#endif
  std::error_code error;
  const std::filesystem::path here = std::filesystem::current_path(error);
  if (error) return path;
  const std::u8string text = here.u8string();
  return JoinPath(std::string_view(reinterpret_cast<const char*>(text.data()), text.size()), path);
}

std::string JoinPath(std::string_view a, std::string_view b) {
  if (a.empty()) return std::string(b);
  if (b.empty()) return std::string(a);
  a = Trimmed(a);
  while (!b.empty() && IsSeparator(b.front())) b.remove_prefix(1);
  std::string joined(a);
  if (!IsSeparator(a.back())) joined += '/';
  return joined.append(b);
}

std::string BaseName(std::string_view path) {
  path = Trimmed(path);
  const size_t slash = path.find_last_of(kSeparators);
  if (slash == std::string_view::npos || path.size() == 1) return std::string(path);
  return std::string(path.substr(slash + 1));
}

std::string ParentPath(std::string_view path) {
  path = Trimmed(path);
  const size_t slash = path.find_last_of(kSeparators);
  if (slash == std::string_view::npos) return ".";
  if (slash == 0) return std::string(path.substr(0, 1));
  return std::string(Trimmed(path.substr(0, slash)));
}

std::string PrintableName(std::string_view name) {
  std::string shown;
  shown.reserve(name.size());
  while (!name.empty()) {
    size_t length = Utf8Length(name);
    const unsigned char first = static_cast<unsigned char>(name[0]);
    // C1 controls (U+0080 to U+009F) steer a terminal just as the ASCII ones do.
    const bool c1 = length == 2 && first == 0xC2 && static_cast<unsigned char>(name[1]) < 0xA0;
    if (length == 0 || first < 0x20 || first == 0x7F || c1) {
      if (length == 0) length = 1;
      for (const char c : name.substr(0, length)) {
        std::array<char, 5> text;
        std::snprintf(text.data(), text.size(), "\\x%02X", static_cast<unsigned char>(c));
        shown += text.data();
      }
    } else {
      shown += name.substr(0, length);
    }
    name.remove_prefix(length);
  }
  return shown;
}

std::string LocalPath(std::string_view location) {
  constexpr std::string_view kScheme = "file:";
  size_t colon = location.find(':');
  bool url = colon != std::string_view::npos && location.substr(colon, 3) == "://";
  if (location.substr(0, kScheme.size()) != kScheme || location.size() <= kScheme.size() ||
      location[kScheme.size()] != '/') {
    return url ? std::string() : std::string(location);
  }
  std::string_view rest = location.substr(kScheme.size());
  if (rest.substr(0, 2) == "//") {
    rest.remove_prefix(2);
    size_t slash = rest.find('/');
    if (slash == std::string_view::npos) return "";
    std::string_view machine = rest.substr(0, slash);
    if (!machine.empty() && machine != "localhost") return "";
    rest.remove_prefix(slash);
  }
  std::string path;
  for (size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] == '%' && i + 2 < rest.size() && HexDigit(rest[i + 1]) >= 0 &&
        HexDigit(rest[i + 2]) >= 0) {
      path += static_cast<char>(HexDigit(rest[i + 1]) * 16 + HexDigit(rest[i + 2]));
      i += 2;
    } else {
      path += rest[i];
    }
  }
  return path;
}

}  // namespace syncline::platform
