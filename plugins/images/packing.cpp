#include "plugins/images/packing.h"

namespace syncline::images {

void AppendNumber(uint64_t number, size_t width, std::string* out) {
  for (size_t i = 0; i < width; ++i) out->push_back(static_cast<char>(number >> (8 * i) & 0xFF));
}

void AppendText(std::string_view text, size_t width, std::string* out) {
  AppendNumber(text.size(), width, out);
  out->append(text);
}

uint64_t Unpacking::Number(size_t width) {
  const std::string_view bytes = Raw(width);
  uint64_t number = 0;
  for (size_t i = bytes.size(); i-- > 0;) {
    number = number << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return number;
}

std::string_view Unpacking::Raw(uint64_t size) {
  if (size > rest_.size()) ok_ = false;
  if (!ok_) return {};
  const std::string_view bytes = rest_.substr(0, static_cast<size_t>(size));
  rest_.remove_prefix(bytes.size());
  return bytes;
}

}  // namespace syncline::images
