// A packet in one line, for tests.
#ifndef SYNCLINE_TESTS_UNIT_IMAGES_PACKET_TEXT_H_
#define SYNCLINE_TESTS_UNIT_IMAGES_PACKET_TEXT_H_

#include <string>
#include <vector>

#include "plugins/images/xmp.h"

namespace syncline::images {

// rating 0: none.
inline std::string PacketText(const std::string& title, int rating,
                              const std::vector<std::string>& keywords = {}) {
  XmpPacket packet;
  if (!title.empty()) {
    packet[{"http://purl.org/dc/elements/1.1/", "title"}].nodes = {
        {"", XmpNode::Shape::kLanguages, {}, {{"x-default", title}}}};
  }
  if (rating != 0) {
    packet[{"http://ns.adobe.com/xap/1.0/", "Rating"}].nodes = {
        {"", XmpNode::Shape::kText, {std::to_string(rating)}, {}}};
  }
  if (!keywords.empty()) {
    packet[{"http://purl.org/dc/elements/1.1/", "subject"}].nodes = {
        {"", XmpNode::Shape::kBag, keywords, {}}};
  }
  return XmpText(packet);
}

}  // namespace syncline::images

#endif  // SYNCLINE_TESTS_UNIT_IMAGES_PACKET_TEXT_H_
