// Character sets by iconv(3).
#include <iconv.h>

#include <cerrno>
#include <cstdint>

#include "sdk/platform/charset.h"

namespace syncline::platform {
namespace {

class Conversion {
 public:
  explicit Conversion(const std::string& charset) : native_(iconv_open("UTF-8", charset.c_str())) {}
  Conversion(const Conversion&) = delete;
  Conversion& operator=(const Conversion&) = delete;
  ~Conversion() {
    if (valid()) iconv_close(native_);
  }

  // iconv_open(3) returns (iconv_t)-1 for an error.
  bool valid() const { return reinterpret_cast<intptr_t>(native_) != -1; }

  bool Run(std::string_view bytes, std::string* utf8) {
    utf8->clear();
    // iconv(3) does not write to its input; the parameter is not const for historical reasons.
    char* in = const_cast<char*>(bytes.data());
    size_t in_left = bytes.size();
    bool flushing = false;
    while (true) {
      char buffer[512];
      char* out = buffer;
      size_t out_left = sizeof(buffer);
      const size_t done =
          iconv(native_, flushing ? nullptr : &in, flushing ? nullptr : &in_left, &out, &out_left);
      utf8->append(buffer, sizeof(buffer) - out_left);
      if (done == static_cast<size_t>(-1)) {
        if (errno != E2BIG) return false;
      } else if (flushing) {
        return true;
      } else {
        flushing = true;  // sets with shifts (ISO-2022-JP) may hold something back
      }
    }
  }

 private:
  iconv_t native_;
};

}  // namespace

bool ConvertToUtf8(std::string_view bytes, const std::string& charset, std::string* utf8) {
  // "//" begins options of iconv that would drop or guess characters.
  if (charset.empty() || charset.find_first_of(std::string_view("/\0", 2)) != std::string::npos) {
    return false;
  }
  Conversion conversion(charset);
  return conversion.valid() && conversion.Run(bytes, utf8);
}

}  // namespace syncline::platform
