#include "host/protocol/cbor_check.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace syncline::protocol {
namespace {

// Reads the head of an item: major type and argument.
bool ReadHead(std::string_view bytes, size_t* at, int* major, uint64_t* argument) {
  if (*at >= bytes.size()) return false;
  const auto first = static_cast<unsigned char>(bytes[(*at)++]);
  *major = first >> 5;
  const int info = first & 0x1f;
  *argument = static_cast<uint64_t>(info);
  if (info < 24) return true;
  if (info > 27) return false;  // reserved, or open-ended, which Encode never writes
  const size_t length = size_t{1} << (info - 24);
  if (bytes.size() - *at < length) return false;
  *argument = 0;
  for (size_t i = 0; i < length; ++i) {
    *argument = *argument << 8 | static_cast<unsigned char>(bytes[(*at)++]);
  }
  return true;
}

}  // namespace

bool IsFlatCbor(std::string_view bytes, int max_depth) {
  size_t at = 0;
  std::vector<uint64_t> open = {1};  // items still to come at each level
  while (!open.empty()) {
    if (open.back() == 0) {
      open.pop_back();
      continue;
    }
    --open.back();
    int major = 0;
    uint64_t argument = 0;
    if (!ReadHead(bytes, &at, &major, &argument)) return false;
    const uint64_t left = bytes.size() - at;
    switch (major) {
      case 0:
      case 1:
      case 7:
        break;
      case 2:
      case 3:
        if (argument > left) return false;
        at += argument;
        break;
      case 4:
      case 5:
        // Each element takes a byte at least: a count beyond that is damage, found without a loop.
        if (argument > left || static_cast<int>(open.size()) > max_depth) return false;
        open.push_back(major == 4 ? argument : argument * 2);
        break;
      default:
        return false;
    }
  }
  return at == bytes.size();
}

}  // namespace syncline::protocol
