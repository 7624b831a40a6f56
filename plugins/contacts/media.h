// Pictures, sounds and keys inside a card. vCard 2.1 has them as a block of BASE64, 3.0 as
// ENCODING=b, 4.0 as a data: URI (RFC 6350, 6.2.4; RFC 2397). Pure, any thread.
#ifndef SYNCLINE_PLUGINS_CONTACTS_MEDIA_H_
#define SYNCLINE_PLUGINS_CONTACTS_MEDIA_H_

#include <string>
#include <string_view>

#include "plugins/content_lines/component.h"

namespace syncline::contacts {

struct Media {
  bool embedded = false;  // else it is somewhere else, at uri
  std::string bytes;
  std::string type;  // upper case: "JPEG"; empty: not said, and not seen in the bytes
  std::string uri;
};

Media MediaOf(const content_lines::Property& property);
// "JPEG, 14 KB (9f3c01ab)", or the address. Two that are not the same read differently, though of
// one kind and size: the number is of their bytes.
std::string ShownMedia(const Media& media);
// The data: URI of an embedded one. property: PHOTO, LOGO, SOUND or KEY.
std::string DataUri(std::string_view property, const Media& media);
std::string Base64(std::string_view bytes);

}  // namespace syncline::contacts

#endif  // SYNCLINE_PLUGINS_CONTACTS_MEDIA_H_
