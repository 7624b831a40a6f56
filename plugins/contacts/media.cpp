// Pictures, sounds and keys inside a card.
#include "plugins/contacts/media.h"

#include <cstdint>
#include <utility>

#include "plugins/contacts/text.h"
#include "plugins/content_lines/value.h"

namespace syncline::contacts {
namespace {

using content_lines::Property;

constexpr size_t kShownDigits = 8;

bool IsBase64(const Property& property) {
  const std::string encoding = Lower(ParameterOf(property, "ENCODING"));
  return encoding == "b" || encoding == "base64";
}

// What the first bytes say, for cards that do not say it.
std::string TypeSeen(std::string_view bytes) {
  if (bytes.starts_with("\xff\xd8\xff")) return "JPEG";
  if (bytes.starts_with("\x89PNG")) return "PNG";
  if (bytes.starts_with("GIF8")) return "GIF";
  if (bytes.starts_with("BM")) return "BMP";
  if (bytes.size() > 12 && bytes.substr(8, 4) == "WEBP") return "WEBP";
  return {};
}

// "image/jpeg" and "jpeg" are JPEG.
std::string TypeName(std::string_view said) {
  const size_t slash = said.rfind('/');
  return Upper(slash == std::string_view::npos ? said : said.substr(slash + 1));
}

std::string Decode64(std::string_view text) {
  Property property;
  property.name = "PHOTO";
  property.parameters.push_back({"ENCODING", {"b"}});
  property.value = std::string(text);
  return content_lines::Decoded(property);
}

std::string FamilyOf(std::string_view property) {
  if (property == "SOUND") return "audio/";
  if (property == "KEY") return "application/";
  return "image/";
}

}  // namespace

Media MediaOf(const Property& property) {
  Media media;
  for (const std::string& type : TypesOf(property)) {
    if (type != "pref" && type != "home" && type != "work") media.type = TypeName(type);
  }
  if (media.type.empty()) media.type = TypeName(ParameterOf(property, "MEDIATYPE"));
  if (IsBase64(property)) {
    media.embedded = true;
    media.bytes = content_lines::Decoded(property);
  } else {
    // Apple escapes the comma of a data: URI, RFC 6350 does not.
    std::string uri = content_lines::Unescape(Trimmed(content_lines::Decoded(property)));
    const size_t comma = uri.find(',');
    if (StartsWithWord(uri, "data:") && comma != std::string::npos &&
        Lower(uri.substr(0, comma)).ends_with(";base64")) {
      media.embedded = true;
      media.bytes = Decode64(std::string_view(uri).substr(comma + 1));
      const std::string said = uri.substr(5, uri.find(';') - 5);
      if (!said.empty()) media.type = TypeName(said);
    } else {
      media.uri = std::move(uri);
    }
  }
  if (media.embedded && media.type.empty()) media.type = TypeSeen(media.bytes);
  return media;
}

std::string ShownMedia(const Media& media) {
  if (!media.embedded) return media.uri;
  const size_t size = media.bytes.size();
  const std::string amount =
      size < 1024 ? std::to_string(size) + " bytes" : std::to_string((size + 512) / 1024) + " KB";
  return (media.type.empty() ? amount : media.type + ", " + amount) + " (" +
         Hash(media.bytes).substr(0, kShownDigits) + ")";
}

std::string DataUri(std::string_view property, const Media& media) {
  std::string type = "application/octet-stream";
  if (!media.type.empty()) type = FamilyOf(property) + Lower(media.type);
  return "data:" + type + ";base64," + Base64(media.bytes);
}

std::string Base64(std::string_view bytes) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  const auto byte = [&bytes](size_t at) -> uint32_t {
    return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0;
  };
  for (size_t at = 0; at < bytes.size(); at += 3) {
    const uint32_t group = (byte(at) << 16) | (byte(at + 1) << 8) | byte(at + 2);
    out.push_back(kDigits[group >> 18]);
    out.push_back(kDigits[(group >> 12) & 63]);
    out.push_back(at + 1 < bytes.size() ? kDigits[(group >> 6) & 63] : '=');
    out.push_back(at + 2 < bytes.size() ? kDigits[group & 63] : '=');
  }
  return out;
}

}  // namespace syncline::contacts
