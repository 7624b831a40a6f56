// What XMP says (ISO 16684-1 and Adobe's XMP specification part 2).
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/ascii.h"
#include "plugins/images/metadata_dates.h"
#include "plugins/images/metadata_readers.h"
#include "plugins/images/metadata_text.h"

namespace syncline::images {
namespace {

constexpr char kDublinCore[] = "http://purl.org/dc/elements/1.1/";
constexpr char kBasic[] = "http://ns.adobe.com/xap/1.0/";
constexpr char kPhotoshop[] = "http://ns.adobe.com/photoshop/1.0/";
constexpr char kExif[] = "http://ns.adobe.com/exif/1.0/";
constexpr char kTiff[] = "http://ns.adobe.com/tiff/1.0/";

constexpr size_t kMostKeywords = 1000;

const XmpProperty* Find(const XmpPacket& packet, const char* space, const char* name) {
  const auto found = packet.find(XmpName{space, name});
  return found == packet.end() ? nullptr : &found->second;
}

// The texts of a property of any shape.
std::vector<std::string> TextsOf(const XmpProperty& property) {
  const XmpNode& top = property.nodes.front();
  if (!top.items.empty()) return top.items;
  std::vector<std::string> texts;
  for (const XmpNode& node : property.nodes) {
    const bool item = node.path.starts_with('[') && node.path.find(']') == node.path.size() - 1;
    if (item && node.items.size() == 1) texts.push_back(node.items.front());
  }
  return texts;
}

// Of several languages the default, of an array the first.
std::string TextOf(const XmpPacket& packet, const char* space, const char* name) {
  const XmpProperty* property = Find(packet, space, name);
  if (property == nullptr) return "";
  const auto& languages = property->nodes.front().languages;
  if (!languages.empty()) {
    const auto standard = languages.find("x-default");
    return standard == languages.end() ? languages.begin()->second : standard->second;
  }
  const std::vector<std::string> texts = TextsOf(*property);
  return texts.empty() ? "" : texts.front();
}

void SetLine(const XmpPacket& packet, const char* space, const char* name, size_t limit,
             std::string* line) {
  if (line->empty()) *line = CleanText(TextOf(packet, space, name), limit);
}

// "4", also where a program wrote "4.0".
std::string Rating(std::string_view text) {
  const std::string clean = CleanText(text, kLineLimit);
  const std::string_view number = std::string_view(clean).substr(0, clean.find('.'));
  const bool good = number == "-1" || (number.size() == 1 && number[0] >= '0' && number[0] <= '5');
  return good ? std::string(number) : "";
}

}  // namespace

void TakeXmp(const XmpPacket& packet, Metadata* metadata) {
  constexpr struct {
    const char* space;
    const char* name;
  } kDates[] = {{kExif, "DateTimeOriginal"}, {kPhotoshop, "DateCreated"}, {kBasic, "CreateDate"}};
  for (const auto& [space, name] : kDates) {
    if (Find(packet, space, name) == nullptr) continue;
    AddDate(DateSource::kXmp, TextOf(packet, space, name), metadata);
  }
  SetLine(packet, kDublinCore, "title", kLineLimit, &metadata->title);
  SetLine(packet, kDublinCore, "description", kCaptionLimit, &metadata->caption);
  SetLine(packet, kBasic, "Label", kLineLimit, &metadata->label);
  SetLine(packet, kTiff, "Make", kLineLimit, &metadata->maker);
  if (metadata->camera.empty()) {
    metadata->camera =
        WithoutMaker(metadata->maker, CleanText(TextOf(packet, kTiff, "Model"), kLineLimit));
  }
  if (metadata->rating.empty()) metadata->rating = Rating(TextOf(packet, kBasic, "Rating"));
  const XmpProperty* subject = Find(packet, kDublinCore, "subject");
  if (subject == nullptr) return;
  for (const std::string& item : TextsOf(*subject)) {
    const std::string keyword = CleanText(item, kLineLimit);
    std::vector<std::string>& known = metadata->keywords;
    if (known.size() == kMostKeywords) break;
    if (!keyword.empty() && std::find(known.begin(), known.end(), keyword) == known.end()) {
      known.push_back(keyword);
    }
  }
}

}  // namespace syncline::images
