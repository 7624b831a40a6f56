// The table of xmp_merge_rules.h. Sources: ISO 16684-1 (xmp, dc, xmpMM), the IPTC Photo Metadata
// Standard, CIPA DC-010 (exif in XMP), the MWG guidelines (regions), and what the named programs
// were seen to write.
#include "plugins/images/xmp_merge_rules.h"

namespace syncline::images {
namespace {

constexpr std::string_view kXmp = "http://ns.adobe.com/xap/1.0";
constexpr std::string_view kDc = "http://purl.org/dc/elements/1.1";
constexpr std::string_view kXmpMm = "http://ns.adobe.com/xap/1.0/mm";
constexpr std::string_view kXmpNote = "http://ns.adobe.com/xmp/note";
constexpr std::string_view kLightroom = "http://ns.adobe.com/lightroom/1.0";
constexpr std::string_view kPhotoshop = "http://ns.adobe.com/photoshop/1.0";
constexpr std::string_view kCameraRaw = "http://ns.adobe.com/camera-raw-settings/1.0";
constexpr std::string_view kExif = "http://ns.adobe.com/exif/1.0";
constexpr std::string_view kTiff = "http://ns.adobe.com/tiff/1.0";
constexpr std::string_view kIptcCore = "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns";
constexpr std::string_view kIptcExt = "http://iptc.org/std/Iptc4xmpExt/2008-02-29";
constexpr std::string_view kMicrosoft = "http://ns.microsoft.com/photo/1.0";
constexpr std::string_view kMicrosoftPeople = "http://ns.microsoft.com/photo/1.2";
constexpr std::string_view kRegions = "http://www.metadataworkinggroup.com/schemas/regions";
constexpr std::string_view kDigikam = "http://www.digikam.org/ns/1.0";
constexpr std::string_view kDarktable = "http://darktable.sf.net";
constexpr std::string_view kMediaPro = "http://ns.iview-multimedia.com/mediapro/1.0";
constexpr std::string_view kRating = "rating";

constexpr XmpRuleRow kRows[] = {
    {kXmp, "Rating", XmpRule::kSingle, kRating},
    {kMicrosoft, "Rating", XmpRule::kSingle, kRating},
    {kXmp, "Label", XmpRule::kSingle, "color label"},
    {kPhotoshop, "Urgency", XmpRule::kSingle, "urgency"},
    {kDc, "title", XmpRule::kSingle, "title"},
    {kDc, "description", XmpRule::kSingle, "caption"},
    {kDc, "rights", XmpRule::kSingle, "copyright"},
    {kDc, "creator", XmpRule::kSingle, "creator"},
    {kPhotoshop, "Headline", XmpRule::kSingle, "headline"},
    {kPhotoshop, "City", XmpRule::kSingle, "city"},
    {kPhotoshop, "State", XmpRule::kSingle, "state"},
    {kPhotoshop, "Country", XmpRule::kSingle, "country"},
    {kIptcCore, "Location", XmpRule::kSingle, "location"},
    {kExif, "GPS*", XmpRule::kSingle, "position"},
    {kExif, "DateTimeOriginal", XmpRule::kSingle, "date taken"},
    {kTiff, "Orientation", XmpRule::kSingle, "orientation"},
    {kRegions, "Regions", XmpRule::kSingle, "faces and regions"},
    {kMicrosoftPeople, "RegionInfo", XmpRule::kSingle, "faces and regions"},

    {kDc, "subject", XmpRule::kSet, "keywords"},
    {kLightroom, "hierarchicalSubject", XmpRule::kSet, "keywords"},
    {kLightroom, "weightedFlatSubject", XmpRule::kSet, "keywords"},
    {kLightroom, "privateRTKInfo", XmpRule::kIgnored, ""},
    {kDigikam, "TagsList", XmpRule::kSet, "keywords"},
    {kMicrosoft, "LastKeywordXMP", XmpRule::kSet, "keywords"},
    {kMicrosoft, "LastKeywordIPTC", XmpRule::kSet, "keywords"},
    {kMediaPro, "CatalogSets", XmpRule::kSet, "keywords"},
    {kMediaPro, "People", XmpRule::kSet, "people"},
    {kIptcExt, "PersonInImage", XmpRule::kSet, "people"},
    {kPhotoshop, "SupplementalCategories", XmpRule::kSet, "categories"},
    {kIptcCore, "SubjectCode", XmpRule::kSet, "subject codes"},
    {kIptcCore, "Scene", XmpRule::kSet, "scene codes"},
    {kIptcExt, "Event", XmpRule::kSingle, "event"},
    {kIptcExt, "OrganisationInImageName", XmpRule::kSet, "organisations"},
    {kIptcExt, "OrganisationInImageCode", XmpRule::kSet, "organisations"},
    {kDc, "contributor", XmpRule::kSet, "contributors"},
    {kDc, "publisher", XmpRule::kSet, "publishers"},
    {kDc, "language", XmpRule::kSet, "languages"},
    {kDc, "relation", XmpRule::kSet, "relations"},
    {kDc, "type", XmpRule::kSet, "types"},
    {kDarktable, "colorlabels", XmpRule::kSet, "color labels"},

    {kXmp, "MetadataDate", XmpRule::kIgnored, ""},
    {kXmp, "ModifyDate", XmpRule::kIgnored, ""},
    {kXmp, "CreatorTool", XmpRule::kIgnored, ""},
    {kTiff, "DateTime", XmpRule::kIgnored, ""},
    {kTiff, "Software", XmpRule::kIgnored, ""},
    {kTiff, "NativeDigest", XmpRule::kIgnored, ""},
    {kExif, "NativeDigest", XmpRule::kIgnored, ""},
    {kPhotoshop, "LegacyIPTCDigest", XmpRule::kIgnored, ""},
    {kXmpMm, "*", XmpRule::kIgnored, ""},
    {kXmpNote, "*", XmpRule::kIgnored, ""},
    {kDarktable, "import_timestamp", XmpRule::kIgnored, ""},
    {kDarktable, "change_timestamp", XmpRule::kIgnored, ""},
    {kDarktable, "export_timestamp", XmpRule::kIgnored, ""},
    {kDarktable, "print_timestamp", XmpRule::kIgnored, ""},

    // The steps of a development are made for each other: never half of one side's.
    {kCameraRaw, "*", XmpRule::kSingle, "development (Camera Raw)"},
    {kDarktable, "*", XmpRule::kSingle, "development (darktable)"},
};

std::string_view WithoutSlash(std::string_view space) {
  return space.ends_with('/') ? space.substr(0, space.size() - 1) : space;
}

bool Fits(std::string_view pattern, std::string_view name) {
  if (!pattern.ends_with('*')) return pattern == name;
  return name.starts_with(pattern.substr(0, pattern.size() - 1));
}

}  // namespace

std::span<const XmpRuleRow> AllXmpRules() { return kRows; }

const XmpRuleRow* RowFor(const XmpName& name) {
  const std::string_view space = WithoutSlash(name.space);
  for (const XmpRuleRow& row : kRows) {
    if (row.space == space && Fits(row.name, name.name)) return &row;
  }
  return nullptr;
}

bool IsRating(const XmpName& name) {
  const XmpRuleRow* row = RowFor(name);
  return row != nullptr && row->label == kRating;
}

}  // namespace syncline::images
