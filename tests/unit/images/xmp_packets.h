// XMP packets made at random, for laws.
#ifndef SYNCLINE_TESTS_UNIT_IMAGES_XMP_PACKETS_H_
#define SYNCLINE_TESTS_UNIT_IMAGES_XMP_PACKETS_H_

#include <rapidcheck.h>

#include <string>
#include <vector>

#include "plugins/images/xmp.h"

namespace syncline::images {

// Packets with few values, so that three of them often have the same ones.
inline rc::Gen<XmpPacket> Packets() {
  static constexpr char kXmp[] = "http://ns.adobe.com/xap/1.0/";
  static constexpr char kDc[] = "http://purl.org/dc/elements/1.1/";
  static constexpr char kExif[] = "http://ns.adobe.com/exif/1.0/";
  return rc::gen::map(rc::gen::container<std::vector<int>>(12, rc::gen::inRange(0, 4)),
                      [](const std::vector<int>& n) {
                        XmpPacket packet;
                        const auto text = [&](const char* space, const char* name, int value) {
                          if (value > 0)
                            packet[{space, name}].nodes = {
                                {"", XmpNode::Shape::kText, {std::to_string(value - 1)}, {}}};
                        };
                        text(kXmp, "Rating", n[0]);
                        text("http://ns.microsoft.com/photo/1.0/", "Rating", n[1]);
                        text(kXmp, "Label", n[2]);
                        text(kXmp, "MetadataDate", n[3]);
                        text(kExif, "GPSLatitude", n[4]);
                        text(kExif, "GPSLongitude", n[5]);
                        text("http://ns.adobe.com/photoshop/1.0/", "City", n[6]);
                        XmpNode keywords{"", XmpNode::Shape::kBag, {}, {}};
                        for (int i = 0; i < 3; ++i) {
                          if ((n[7] >> i & 1) != 0 || (i == 2 && n[8] > 1))
                            keywords.items.push_back(std::to_string(i));
                        }
                        if (!keywords.items.empty()) packet[{kDc, "subject"}].nodes = {keywords};
                        XmpNode title{"", XmpNode::Shape::kLanguages, {}, {}};
                        if (n[9] > 0) title.languages["x-default"] = std::to_string(n[9]);
                        if (n[10] > 0) title.languages["de"] = std::to_string(n[10]);
                        if (!title.languages.empty()) packet[{kDc, "title"}].nodes = {title};
                        if (n[11] > 0) {
                          packet[{kDc, "creator"}].nodes = {
                              {"", XmpNode::Shape::kSeq, {std::to_string(n[11]), "b"}, {}}};
                        }
                        return packet;
                      });
}

}  // namespace syncline::images

#endif  // SYNCLINE_TESTS_UNIT_IMAGES_XMP_PACKETS_H_
