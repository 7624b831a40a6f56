// Looking into pictures. See details.h.
#include "plugins/images/details.h"

#include <algorithm>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "plugins/images/below.h"
#include "plugins/images/bytes.h"
#include "plugins/images/metadata.h"
#include "plugins/images/name_patterns.h"
#include "plugins/images/preview.h"
#include "plugins/images/taken.h"
#include "plugins/record_files/content.h"
#include "plugins/record_files/refusal.h"

namespace syncline::images {
namespace {

using record_files::FromSystem;
using record_files::Join;
using record_files::Quoted;

constexpr size_t kBlock = size_t{1} << 20;

platform::File OpenOrThrow(const platform::Dir& dir, const Placed& placed, size_t member) {
  const absl::StatusOr<platform::Dir> folder = OpenBelow(dir, placed.folder);
  absl::StatusOr<platform::File> file =
      folder.ok() ? platform::OpenFile(*folder, placed.unit.members[member].name)
                  : absl::StatusOr<platform::File>(folder.status());
  if (!file.ok()) {
    throw FromSystem(file.status(), Join({Quoted(placed.PathOf(member)), " cannot be read"}));
  }
  return *std::move(file);
}

bool SameBytes(const Call& call, const platform::File& a, const platform::File& b) {
  std::string x(kBlock, '\0');
  std::string y(kBlock, '\0');
  for (uint64_t done = 0;;) {
    call.ThrowIfCancelled();
    size_t filled[2] = {0, 0};
    const platform::File* files[2] = {&a, &b};
    std::string* blocks[2] = {&x, &y};
    for (int i = 0; i < 2; ++i) {
      while (filled[i] < kBlock) {
        const absl::StatusOr<size_t> count =
            platform::Read(*files[i], blocks[i]->data() + filled[i], kBlock - filled[i]);
        if (!count.ok()) throw FromSystem(count.status(), "A picture cannot be read");
        if (*count == 0) break;
        filled[i] += *count;
      }
    }
    if (filled[0] != filled[1] || x.compare(0, filled[0], y, 0, filled[1]) != 0) return false;
    if (filled[0] < kBlock) return true;
    call.Progress(done += kBlock);
  }
}

// The text of its .xmp; empty: it has none that can be read.
std::string SidecarOf(const platform::Dir& root, const Placed& placed) {
  const absl::StatusOr<platform::Dir> dir = OpenBelow(root, placed.folder);
  if (!dir.ok()) return "";
  for (const Member& member : placed.unit.members) {
    if (member.role != Role::kSidecar || !EndsWithAnyCase(member.tail, ".xmp")) continue;
    absl::StatusOr<record_files::FileBytes> bytes =
        record_files::ReadBytes(*dir, member.name, kSidecarLimit);
    if (bytes.ok()) return std::move(bytes->bytes);
  }
  return "";
}

std::string TimeText(const Taken& taken) {
  std::string text = absl::FormatCivilTime(taken.local);
  if (taken.day_only) return text.substr(0, text.find('T'));
  std::replace(text.begin(), text.end(), 'T', ' ');
  if (taken.utc_offset_minutes) {
    const int minutes = std::abs(*taken.utc_offset_minutes);
    text += absl::StrFormat(" %c%02d:%02d", *taken.utc_offset_minutes < 0 ? '-' : '+', minutes / 60,
                            minutes % 60);
  }
  return text;
}

}  // namespace

bool SamePictures(const Call& call, const platform::Dir& dir, Placed* mine,
                  const platform::Dir& other_dir, Placed* theirs) {
  if (mine->content != theirs->content) return false;
  const absl::StatusOr<std::string> a = DigestOfUnit(call, dir, mine);
  const absl::StatusOr<std::string> b = DigestOfUnit(call, other_dir, theirs);
  call.ThrowIfCancelled();
  if (!a.ok()) throw FromSystem(a.status(), Join({Quoted(mine->PathOf(0)), " cannot be read"}));
  if (!b.ok()) throw FromSystem(b.status(), Join({Quoted(theirs->PathOf(0)), " cannot be read"}));
  return *a == *b;
}

bool SameFiles(const Call& call, const platform::Dir& dir, const Placed& mine,
               const platform::Dir& other_dir, const Placed& theirs) {
  if (mine.files.size() != theirs.files.size()) return false;
  for (size_t i = 0; i < mine.files.size(); ++i) {
    if (mine.unit.members[i].tail != theirs.unit.members[i].tail ||
        mine.files[i].info.size != theirs.files[i].info.size) {
      return false;
    }
  }
  for (size_t i = 0; i < mine.files.size(); ++i) {
    if (!SameBytes(call, OpenOrThrow(dir, mine, i), OpenOrThrow(other_dir, theirs, i))) {
      return false;
    }
  }
  return true;
}

void Describe(const platform::Dir& dir, const Placed& placed, const Fields& fields) {
  const KnownFile& main = placed.files.front();
  const platform::File file = OpenOrThrow(dir, placed, 0);
  FileBytes bytes(file, main.info.size);
  const Metadata metadata = ReadMetadata(main.format, bytes, SidecarOf(dir, placed));
  const Taken taken = ChooseTaken(metadata.dates, metadata.rejected, placed.unit.members[0].name,
                                  main.info.modified_ns, absl::Now());
  fields.Push("title",
              metadata.title.empty() ? platform::PrintableName(placed.PathOf(0)) : metadata.title);
  fields.Push("format", InfoOf(main.format).name);
  fields.Push("taken", TimeText(taken));
  fields.Push("date from", SourceName(taken.source));
  const std::string camera = metadata.maker.empty() || metadata.camera.empty()
                                 ? Join({metadata.maker, metadata.camera})
                                 : Join({metadata.maker, " ", metadata.camera});
  if (!camera.empty()) fields.Push("camera", camera);
  if (metadata.width > 0 && metadata.height > 0) {
    fields.Push("pixels", absl::StrFormat("%u x %u", metadata.width, metadata.height));
  }
  if (!metadata.rating.empty()) fields.Push("rating", metadata.rating);
  if (!metadata.label.empty()) fields.Push("label", metadata.label);
  if (!metadata.caption.empty()) fields.Push("caption", metadata.caption);
  std::string keywords;
  for (const std::string& keyword : metadata.keywords) {
    keywords += keywords.empty() ? keyword : Join({", ", keyword});
  }
  if (!keywords.empty()) fields.Push("keywords", keywords);
  std::string files;
  for (const Member& member : placed.unit.members) {
    files += Join({files.empty() ? "" : ", ", platform::PrintableName(member.name)});
  }
  fields.Push("files", files);
  if (!main.problem.empty()) fields.Push("problem", main.problem);
  const std::string thumbnail = EmbeddedThumbnail(main.format, bytes);
  if (!thumbnail.empty()) {
    fields.Push("thumbnail", Join({"data:image/jpeg;base64,", absl::Base64Escape(thumbnail)}));
  }
}

}  // namespace syncline::images
