#include "plugins/images/quicktime.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "plugins/images/boxes.h"
#include "plugins/images/date_text.h"
#include "plugins/images/metadata_dates.h"
#include "plugins/images/metadata_parts.h"
#include "plugins/images/metadata_readers.h"
#include "plugins/images/metadata_text.h"

namespace syncline::images {
namespace {

constexpr uint64_t kLongestText = 4096;  // bytes
constexpr uint32_t kMostKeys = 256;
constexpr char kPrefix[] = "com.apple.quicktime.";

class Movie {
 public:
  explicit Movie(Bytes& file) : file_(file), reader_(file) {}

  void Read() {
    BoxWalker boxes(&reader_, 0, reader_.size());
    while (const std::optional<Box> box = boxes.Next()) {
      if (box->type == BoxType("moov")) ReadMovie(*box);
    }
  }

  void Hand(Metadata* metadata) const {
    // Apple's has the zone, the person's wish (©day of iTunes) often no more than a year.
    const std::string day = Text("creationdate");
    if (!day.empty()) AddDate(DateSource::kQuickTime, day, metadata);
    const std::string user_day = Text(
        "\xA9"
        "day");
    if (ParseDateText(user_day)) AddDate(DateSource::kQuickTime, user_day, metadata);
    AddCreationTime(metadata);
    if (metadata->maker.empty()) metadata->maker = Line("make", "\xA9mak");
    if (metadata->camera.empty()) {
      metadata->camera = WithoutMaker(metadata->maker, Line("model", "\xA9mod"));
    }
    if (metadata->title.empty()) metadata->title = Line("title", "\xA9nam");
    if (metadata->caption.empty()) {
      metadata->caption = CleanText(Text("description"), kCaptionLimit);
    }
    if (metadata->content_id.empty()) metadata->content_id = Line("content.identifier", "");
    if (metadata->width == 0) {
      metadata->width = width_;
      metadata->height = height_;
      metadata->orientation = orientation_;
    }
  }

 private:
  void ReadMovie(const Box& movie) {
    BoxWalker boxes(&reader_, movie.payload, movie.end);
    while (const std::optional<Box> box = boxes.Next()) {
      if (box->type == BoxType("mvhd")) ReadHeader(*box);
      if (box->type == BoxType("trak")) ReadTrack(*box);
      if (box->type == BoxType("meta")) ReadMeta(*box);
      if (box->type == BoxType("udta")) ReadUserData(*box);
    }
  }

  // ISO 14496-12, 8.2.2: version 1 has long times.
  void ReadHeader(const Box& box) {
    const bool wide = reader_.U8(box.payload) == 1;
    created_ = reader_.Number(box.payload + 4, wide ? 8 : 4).value_or(0);
  }

  // 8.3.2: the largest track is the picture; its matrix turns it.
  void ReadTrack(const Box& track) {
    BoxWalker boxes(&reader_, track.payload, track.end);
    while (const std::optional<Box> box = boxes.Next()) {
      if (box->type != BoxType("tkhd")) continue;
      const uint64_t at = box->payload + (reader_.U8(box->payload) == 1 ? 12 : 0);
      const uint32_t width = reader_.U32(at + 76).value_or(0) >> 16;
      const uint32_t height = reader_.U32(at + 80).value_or(0) >> 16;
      if (uint64_t{width} * height <= uint64_t{width_} * height_) continue;
      width_ = width;
      height_ = height;
      const auto a = static_cast<int32_t>(reader_.U32(at + 40).value_or(0));
      const auto b = static_cast<int32_t>(reader_.U32(at + 44).value_or(0));
      orientation_ = b > 0 ? 6 : b < 0 ? 8 : a < 0 ? 3 : 1;
    }
  }

  // Apple's keys and their values, and the ones of iTunes, which are types of boxes.
  void ReadMeta(const Box& meta) {
    // In MP4 it begins with version and flags, in QuickTime with its first box.
    const bool plain = reader_.U32(meta.payload + 4) == BoxType("hdlr");
    std::vector<std::string> keys;
    BoxWalker boxes(&reader_, meta.payload + (plain ? 0 : 4), meta.end);
    while (const std::optional<Box> box = boxes.Next()) {
      if (box->type == BoxType("keys")) keys = ReadKeys(*box);
      if (box->type == BoxType("ilst")) ReadValues(*box, keys);
    }
  }

  std::vector<std::string> ReadKeys(const Box& box) {
    std::vector<std::string> keys;
    uint64_t at = box.payload + 8;
    const uint32_t count = std::min(reader_.U32(box.payload + 4).value_or(0), kMostKeys);
    for (uint32_t i = 0; i < count && at < box.end; ++i) {
      const uint64_t size = reader_.U32(at).value_or(0);
      if (size < 8 || size > box.end - at) break;
      const std::string key = ReadPart(file_, {at + 8, std::min(size - 8, kLongestText)});
      keys.push_back(key.starts_with(kPrefix) ? key.substr(sizeof(kPrefix) - 1) : key);
      at += size;
    }
    return keys;
  }

  void ReadValues(const Box& list, const std::vector<std::string>& keys) {
    BoxWalker boxes(&reader_, list.payload, list.end);
    while (const std::optional<Box> box = boxes.Next()) {
      BoxWalker inner(&reader_, box->payload, box->end);
      const std::optional<Box> data = inner.Next();
      constexpr uint32_t kUtf8 = 1;
      if (!data || data->type != BoxType("data") || reader_.U32(data->payload) != kUtf8) continue;
      const bool numbered = box->type >= 1 && box->type <= keys.size();
      Keep(numbered ? keys[box->type - 1] : Letters(box->type), data->payload + 8, data->end);
    }
  }

  // QuickTime's texts: length, language, letters.
  void ReadUserData(const Box& data) {
    BoxWalker boxes(&reader_, data.payload, data.end);
    while (const std::optional<Box> box = boxes.Next()) {
      if (box->type == BoxType("meta")) ReadMeta(*box);
      if (box->type >> 24 != 0xA9) continue;
      const uint64_t length = reader_.U16(box->payload).value_or(0);
      const uint64_t text = box->payload + 4;
      Keep(Letters(box->type), text, std::min(box->end, text + length));
    }
  }

  static std::string Letters(uint32_t type) {
    std::string letters;
    for (int shift = 24; shift >= 0; shift -= 8) letters += static_cast<char>(type >> shift & 0xFF);
    return letters;
  }

  void Keep(const std::string& key, uint64_t start, uint64_t end) {
    if (start >= end || texts_.size() >= kMostKeys) return;
    texts_.try_emplace(key, ReadPart(file_, {start, std::min(end - start, kLongestText)}));
  }

  std::string Text(const std::string& key) const {
    const auto found = texts_.find(key);
    return found == texts_.end() ? "" : found->second;
  }
  std::string Line(const std::string& key, const std::string& other) const {
    const std::string line = CleanText(Text(key), kLineLimit);
    return line.empty() ? CleanText(Text(other), kLineLimit) : line;
  }

  void AddCreationTime(Metadata* metadata) const {
    constexpr uint64_t kFrom1904To1970 = 2'082'844'800;  // seconds
    constexpr uint64_t kEndOf9999 = 255'485'145'599;     // since 1904
    if (created_ == 0) return;                           // not known
    if (created_ > kEndOf9999) {
      RejectDate(DateSource::kQuickTime, "says a second that no calendar has", metadata);
      return;
    }
    // No movie was made by a camera before 1970: such times count from then, as some write them.
    const uint64_t seconds = created_ < kFrom1904To1970 ? created_ : created_ - kFrom1904To1970;
    if (seconds == 0) return;
    FoundDate date;
    date.source = DateSource::kQuickTime;
    date.local = absl::ToCivilSecond(absl::FromUnixSeconds(static_cast<int64_t>(seconds)),
                                     absl::UTCTimeZone());
    date.utc = true;
    metadata->dates.push_back(date);
  }

  Bytes& file_;
  NumberReader reader_;
  uint64_t created_ = 0;  // seconds, usually since 1904
  uint32_t width_ = 0;
  uint32_t height_ = 0;
  int orientation_ = 1;
  std::map<std::string, std::string> texts_;
};

}  // namespace

void ReadQuickTime(Bytes& file, Metadata* metadata) {
  Movie movie(file);
  movie.Read();
  movie.Hand(metadata);
}

}  // namespace syncline::images
