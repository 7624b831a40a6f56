// The layout of a dated library: the template by which a new picture gets its folder and name.
#ifndef SYNCLINE_PLUGINS_IMAGES_LAYOUT_H_
#define SYNCLINE_PLUGINS_IMAGES_LAYOUT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "plugins/images/taken.h"

namespace syncline::images {

// What a layout can use of one picture.
struct PictureFacts {
  Taken taken;
  std::string name;    // the stem as on the card: "IMG_1234"
  std::string folder;  // the folder there, relative to the side, '/' between parts; may be empty
  std::string maker;
  std::string camera;
  int counter = 1;
};

class Layout {
 public:
  // text: "{year}/{month}/{date}_{time}_{name}". InvalidArgument: one sentence for the person who
  // wrote it, with the field or character at fault, its position (from 1) and what may stand there.
  static absl::StatusOr<Layout> Parse(std::string_view text);

  // The relative path without extension, '/' between parts. Whatever the facts hold it is a path
  // that every file system takes and that stays below the library: never empty or absolute, no
  // "..", no reserved name of Windows, no part over kPartLimit bytes, shorter than 1,000 bytes.
  std::string Render(const PictureFacts& facts) const;

  // The path of a made-up picture with its extension, to show when an item is made.
  std::string Example() const;

  bool uses_counter() const;
  const std::string& text() const { return text_; }

  // Bytes of one part of a path. Below the 255 of file systems, so that an extension and the
  // number that parts a clash still fit.
  static constexpr size_t kPartLimit = 200;

  // The name of each is that of the enumerator, in small letters.
  enum class Field : uint8_t {
    kYear,
    kMonth,
    kDay,
    kHour,
    kMinute,
    kSecond,
    kSubsecond,  // milliseconds, three digits
    kDate,       // 20260504
    kTime,       // 132159
    kName,
    kFolder,
    kMaker,
    kCamera,
    kCounter,
  };

 private:
  // Literal text, or a field.
  struct Piece {
    bool is_field = false;
    Field field = Field::kName;
    int digits = 0;  // of the counter, at least
    std::string literal;
  };
  using Part = std::vector<Piece>;

  friend class LayoutParser;
  Layout() = default;

  // limit: bytes of one part.
  std::string RenderPath(const PictureFacts& facts, size_t limit) const;
  static std::string RenderPart(const Part& part, const PictureFacts& facts, size_t limit);

  std::string text_;
  std::vector<Part> parts_;
};

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_LAYOUT_H_
