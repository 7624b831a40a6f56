#include "plugins/images/exiv2_start.h"

#include <exiv2/error.hpp>
#include <mutex>

namespace syncline::images {

void StartExiv2() {
  static std::once_flag once;
  std::call_once(once, [] { Exiv2::LogMsg::setLevel(Exiv2::LogMsg::mute); });
}

}  // namespace syncline::images
