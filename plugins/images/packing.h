// Numbers and texts one behind the other, as in the headers that this provider writes: numbers
// little-endian, a text with its length in front.
#ifndef SYNCLINE_PLUGINS_IMAGES_PACKING_H_
#define SYNCLINE_PLUGINS_IMAGES_PACKING_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace syncline::images {

// width: the bytes of the number, or of the length.
void AppendNumber(uint64_t number, size_t width, std::string* out);
void AppendText(std::string_view text, size_t width, std::string* out);

// Takes numbers and texts off the front; once something is missing, all that follows is nothing.
class Unpacking {
 public:
  // packed outlives this.
  explicit Unpacking(std::string_view packed) : rest_(packed) {}

  uint64_t Number(size_t width);
  std::string Text(size_t width) { return std::string(Raw(Number(width))); }
  // The same without a copy.
  std::string_view View(size_t width) { return Raw(Number(width)); }
  bool ok() const { return ok_; }
  // Nothing is left, or nothing of it is good.
  bool empty() const { return !ok_ || rest_.empty(); }
  bool done() const { return ok_ && rest_.empty(); }

 private:
  std::string_view Raw(uint64_t size);

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_PACKING_H_
