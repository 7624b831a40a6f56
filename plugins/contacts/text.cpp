// Small helpers for the text of contacts.
#include "plugins/contacts/text.h"

#include <xxhash.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>

#include "plugins/content_lines/value.h"

namespace syncline::contacts {
namespace {

constexpr std::string_view kNoBreakSpace = "\xc2\xa0";

bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

void AppendUtf8(uint32_t code, std::string* out) {
  const auto push = [out](uint32_t byte) { out->push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    push(code);
  } else if (code < 0x800) {
    push(0xc0 | (code >> 6));
    push(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    push(0xe0 | (code >> 12));
    push(0x80 | ((code >> 6) & 0x3f));
    push(0x80 | (code & 0x3f));
  } else {
    push(0xf0 | (code >> 18));
    push(0x80 | ((code >> 12) & 0x3f));
    push(0x80 | ((code >> 6) & 0x3f));
    push(0x80 | (code & 0x3f));
  }
}

}  // namespace

std::string Upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

std::string Lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string_view Trimmed(std::string_view text) {
  for (bool again = true; again;) {
    again = false;
    while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
    while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
    if (text.starts_with(kNoBreakSpace)) {
      text.remove_prefix(kNoBreakSpace.size());
      again = true;
    }
    if (text.ends_with(kNoBreakSpace)) {
      text.remove_suffix(kNoBreakSpace.size());
      again = true;
    }
  }
  return text;
}

bool StartsWithWord(std::string_view text, std::string_view lower_case_prefix) {
  return text.size() >= lower_case_prefix.size() &&
         Lower(text.substr(0, lower_case_prefix.size())) == lower_case_prefix;
}

std::string Hash(std::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  char text[33];
  std::snprintf(text, sizeof(text), "%016llx%016llx", static_cast<unsigned long long>(hash.high64),
                static_cast<unsigned long long>(hash.low64));
  return text;
}

std::string Joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string out;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i != 0) out += between;
    out += parts[i];
  }
  return out;
}

std::string OneLine(std::string_view text) {
  std::string out;
  bool pending = false;
  for (const char c : Trimmed(text)) {
    if (c == '\r' || c == '\n') {
      pending = true;
      continue;
    }
    if (pending) out += ", ";
    pending = false;
    out.push_back(c);
  }
  return out;
}

std::string WithLineEnds(std::string_view text, std::string_view own, std::string_view to) {
  std::string out;
  out.reserve(text.size() + 64);
  for (size_t i = 0; i < text.size(); ++i) {
    const bool both = text.substr(i, 2) == "\r\n";
    if (both || text[i] == '\n' || (text[i] == '\r' && own == "\r")) {
      out += to;
      if (both) ++i;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

std::string WithPlainLineEnds(std::string_view text) { return WithLineEnds(text, "\r", "\n"); }

bool IsUtf16(std::string_view bytes) {
  return bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff");
}

std::string FromUtf16(std::string_view bytes) {
  const bool little = bytes.starts_with("\xff\xfe");
  const auto unit = [&](size_t at) -> uint32_t {
    const auto first = static_cast<unsigned char>(bytes[at]);
    const auto second = static_cast<unsigned char>(bytes[at + 1]);
    return little ? first | (uint32_t{second} << 8) : second | (uint32_t{first} << 8);
  };
  std::string out;
  for (size_t at = 2; at + 1 < bytes.size(); at += 2) {
    uint32_t code = unit(at);
    const bool high = code >= 0xd800 && code < 0xdc00;
    if (high && at + 3 < bytes.size()) {
      const uint32_t low = unit(at + 2);
      if (low >= 0xdc00 && low < 0xe000) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        at += 2;
      }
    }
    if (code >= 0xd800 && code < 0xe000) code = 0xfffd;
    AppendUtf8(code, &out);
  }
  return out;
}

std::vector<std::string> TypesOf(const content_lines::Property& property) {
  std::vector<std::string> types;
  for (const std::string& value : property.Values("TYPE")) {
    // iPhones write TYPE="home,work" as one quoted value (RFC 6350 erratum 3845 allows it).
    for (const std::string& part : content_lines::Split(value, ',')) {
      if (!Trimmed(part).empty()) types.push_back(Lower(Trimmed(part)));
    }
  }
  std::sort(types.begin(), types.end());
  types.erase(std::unique(types.begin(), types.end()), types.end());
  return types;
}

std::string ParameterOf(const content_lines::Property& property, std::string_view name) {
  const std::vector<std::string> values = property.Values(name);
  return values.empty() ? std::string() : values.front();
}

}  // namespace syncline::contacts
