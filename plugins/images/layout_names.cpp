#include "plugins/images/layout_names.h"

#include "absl/strings/ascii.h"
#include "plugins/images/metadata_text.h"

namespace syncline::images {

bool IsNameCharacter(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte != 0x7F &&
         std::string_view("<>:\"|?*/\\").find(c) == std::string_view::npos;
}

bool IsDeviceName(std::string_view name) {
  std::string stem(name.substr(0, name.find('.')));
  while (stem.ends_with(' ')) stem.pop_back();
  absl::AsciiStrToUpper(&stem);
  if (stem == "CON" || stem == "PRN" || stem == "AUX" || stem == "NUL" || stem == "CONIN$" ||
      stem == "CONOUT$") {
    return true;
  }
  if (!stem.starts_with("COM") && !stem.starts_with("LPT")) return false;
  // The superscript digits of Latin-1 count as digits here.
  const std::string_view number = std::string_view(stem).substr(3);
  return (number.size() == 1 && number[0] >= '0' && number[0] <= '9') || number == "\u00B9" ||
         number == "\u00B2" || number == "\u00B3";
}

std::string SafeCharacters(std::string_view value) {
  std::string safe;
  while (!value.empty()) {
    const size_t length = LetterLength(value);
    const bool good = length > 1 || (length == 1 && IsNameCharacter(value[0]));
    if (good) {
      safe += value.substr(0, length);
    } else {
      safe += '_';
    }
    value.remove_prefix(length == 0 ? 1 : length);
  }
  return safe;
}

std::string_view CutName(std::string_view name, size_t limit) {
  if (name.size() <= limit) return name;
  size_t end = limit;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) --end;
  return name.substr(0, end);
}

std::string SafeName(std::string name, size_t limit) {
  name.erase(0, name.find_first_not_of(' '));
  if (IsDeviceName(name)) name.insert(0, 1, '_');
  if (name.starts_with('.')) name[0] = '_';
  name.resize(CutName(name, limit).size());
  while (name.ends_with('.') || name.ends_with(' ')) name.pop_back();
  return name.empty() ? "_" : name;
}

}  // namespace syncline::images
