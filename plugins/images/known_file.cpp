// What is known of a file. See known_file.h.
#include "plugins/images/known_file.h"

#include <algorithm>
#include <utility>

#include "plugins/images/bytes.h"
#include "plugins/images/fingerprint.h"
#include "plugins/images/name_patterns.h"
#include "plugins/images/packing.h"
#include "plugins/images/sniff.h"
#include "plugins/images/unit_owners.h"
#include "plugins/record_files/refusal.h"

namespace syncline::images {
namespace {

std::string Stamp(const platform::FileInfo& info, Trust trust) {
  std::string out;
  AppendNumber(info.size, 8, &out);
  AppendNumber(static_cast<uint64_t>(info.modified_ns), 8, &out);
  if (trust == Trust::kAll) {
    AppendNumber(static_cast<uint64_t>(info.changed_ns), 8, &out);
    AppendNumber(info.file_id, 8, &out);
  }
  return out;
}

}  // namespace

std::string Encode(const KnownFile& file, Trust trust) {
  std::string out = Stamp(file.info, trust);
  AppendNumber(static_cast<uint64_t>(file.changed_ns), 8, &out);
  out.push_back(static_cast<char>(file.format));
  for (const std::string* text :
       {&file.fingerprint, &file.digest, &file.problem, &file.content, &file.picture}) {
    AppendText(*text, 4, &out);
  }
  return out;
}

std::optional<KnownFile> Decode(std::string_view text, const platform::FileInfo& info,
                                Trust trust) {
  const std::string stamp = Stamp(info, trust);
  constexpr size_t kTime = 8;
  if (!text.starts_with(stamp) || text.size() <= stamp.size() + kTime) return std::nullopt;
  text.remove_prefix(stamp.size());
  KnownFile file;
  file.info = info;
  file.changed_ns = static_cast<int64_t>(Unpacking(text.substr(0, kTime)).Number(8));
  const auto format = static_cast<unsigned char>(text[kTime]);
  Unpacking rest(text.substr(kTime + 1));
  for (std::string* field :
       {&file.fingerprint, &file.digest, &file.problem, &file.content, &file.picture}) {
    *field = rest.View(4);
  }
  if (!rest.done() || format > static_cast<unsigned char>(Format::kMov)) return std::nullopt;
  file.format = static_cast<Format>(format);
  return file;
}

absl::StatusOr<KnownFile> Examine(const platform::Dir& dir, const std::string& name,
                                  const platform::FileInfo& info) {
  KnownFile known;
  known.info = info;
  known.changed_ns = info.changed_ns;
  const absl::StatusOr<platform::File> file = platform::OpenFile(dir, name);
  if (!file.ok()) return file.status();
  FileBytes bytes(*file, info.size);
  absl::StatusOr<Format> format = Sniff(bytes);
  if (!format.ok()) return format.status();
  known.format = *format;
  if (known.format == Format::kNone) return known;
  absl::StatusOr<Identity> identity = Identify(known.format, bytes);
  if (!identity.ok()) return identity.status();
  known.fingerprint = std::move(identity->fingerprint);
  known.problem = std::move(identity->data.problem);
  return known;
}

KnownFile Unreadable(std::string_view name, const platform::FileInfo& info,
                     const absl::Status& why) {
  KnownFile known;
  known.info = info;
  known.changed_ns = info.changed_ns;
  known.unreadable =
      record_files::Join({"cannot be read (", record_files::Words(why),
                          "); give this user the right to read it, or check the disk"});
  // By its own extension first: a TIFF, too, may be called .DNG, and would be no raw.
  const std::string extension = LowerCase(name.substr(std::min(name.rfind('.'), name.size())));
  for (const FormatInfo& one : AllFormats()) {
    if (std::any_of(one.extensions.begin(), one.extensions.end(), [&](std::string_view own) {
          return extension == record_files::Join({".", own});
        })) {
      known.format = one.format;
      break;
    }
  }
  return known;
}

absl::StatusOr<std::string> DigestOf(const Call& call, const platform::Dir& dir,
                                     const std::string& name, KnownFile* file) {
  if (!file->digest.empty()) return file->digest;
  const absl::StatusOr<platform::File> open = platform::OpenFile(dir, name);
  if (!open.ok()) return open.status();
  FileBytes bytes(*open, file->info.size);
  const absl::StatusOr<PictureData> data = FindPictureData(file->format, bytes);
  if (!data.ok()) return data.status();
  absl::StatusOr<std::string> digest = Digest(bytes, *data, [&](uint64_t done) {
    call.Progress(done, file->info.size);
    return call.Cancelled() ? absl::CancelledError("cancelled") : absl::OkStatus();
  });
  if (digest.ok()) file->digest = *digest;
  return digest;
}

}  // namespace syncline::images
