// The picture in files made of boxes whose metadata lies in other boxes than the picture: movies
// and Canon's CR3 (ISO 14496-12, QuickTime), and JPEG XL.
#include <algorithm>

#include "plugins/images/boxes.h"
#include "plugins/images/picture_data_formats.h"

namespace syncline::images {
namespace {

constexpr char kEndsInTheMiddle[] = "it ends in the middle of the recording";

// Cameras put notes of their own behind the last box; these are no boxes.
bool IsNamed(const Box& box) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    const uint32_t letter = box.type >> shift & 0xFF;
    if (letter < ' ') return false;
  }
  return true;
}

}  // namespace

// The index (moov) holds the metadata, and places that change when metadata grows; the pictures and
// sounds are in mdat, which nobody rewrites without coding them anew.
Parts FindInMovie(NumberReader* reader) {
  Parts parts;
  bool index = false;
  BoxWalker boxes(reader, 0, reader->size());
  while (const std::optional<Box> box = boxes.Next()) {
    const bool all_there = index && !parts.extents.empty();
    if (box->cut && all_there && !IsNamed(*box)) break;
    if (box->cut) return Parts::CutOff(kEndsInTheMiddle);
    index = index || box->type == BoxType("moov");
    if (box->type == BoxType("mdat")) parts.Add(box->payload, box->end);
  }
  if (!index) return Parts::CutOff("it has no index: the recording was not finished");
  if (parts.extents.empty()) {
    return boxes.AtEnd() ? Parts::NotUnderstood() : Parts::CutOff(kEndsInTheMiddle);
  }
  return parts;
}

// A container and a bare codestream of the same picture have the same picture data (ISO 18181-2).
Parts FindInJxl(NumberReader* reader) {
  Parts parts;
  if (reader->U16(0) == 0xFF0A) {
    parts.Add(0, reader->size());
    return parts;
  }
  bool complete = false;
  BoxWalker boxes(reader, 0, reader->size());
  while (const std::optional<Box> box = boxes.Next()) {
    if (box->cut) return Parts::CutOff();
    if (box->type == BoxType("jxlc")) {
      parts.Add(box->payload, box->end);
      complete = true;
    } else if (box->type == BoxType("jxlp")) {
      const std::optional<uint32_t> number = reader->U32(box->payload);
      if (!number.has_value() || box->end - box->payload < 4) return Parts::Broken();
      parts.Add(box->payload + 4, box->end);
      complete = complete || (*number & 0x80000000) != 0;  // the last one
    }
  }
  return complete ? parts : Parts::CutOff();
}

}  // namespace syncline::images
