// Hashing picture data.
#include "plugins/images/fingerprint.h"

#include <algorithm>
#include <new>
#include <utility>

#include "absl/strings/str_cat.h"
#include "plugins/images/hash.h"

namespace syncline::images {
namespace {

constexpr size_t kBlock = size_t{1} << 20;
constexpr uint64_t kEnds = uint64_t{64} << 10;

// The length bytes of the picture data from first on, through all extents as they stand.
template <typename Use>
absl::Status ReadData(Bytes& file, const std::vector<Extent>& extents, uint64_t first,
                      uint64_t length, const Use& use) {
  const uint64_t last = first + length;
  std::string buffer(std::min<uint64_t>(kBlock, length), '\0');
  uint64_t before = 0;  // the length of the extents before this one
  for (const Extent& extent : extents) {
    uint64_t at = std::max(first, before);
    const uint64_t end = std::min(last, before + extent.length);
    while (at < end) {
      const size_t wanted = std::min<uint64_t>(buffer.size(), end - at);
      const uint64_t offset = extent.offset + (at - before);
      const absl::StatusOr<size_t> got = file.ReadAt(offset, buffer.data(), wanted);
      if (!got.ok()) return got.status();
      if (*got == 0) return absl::AbortedError("the file became shorter while it was read");
      const std::string_view bytes(buffer.data(), *got);
      if (absl::Status s = use(offset, bytes); !s.ok()) return s;
      at += *got;
    }
    before += extent.length;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> Fingerprint(Format format, Bytes& file, const PictureData& data) {
  std::vector<Extent> extents = data.extents;
  std::stable_sort(extents.begin(), extents.end(),
                   [](const Extent& a, const Extent& b) { return a.part < b.part; });
  const uint64_t total = TotalLength(data);
  std::string ends;
  const auto append = [&](uint64_t, std::string_view bytes) {
    ends.append(bytes);
    return absl::OkStatus();
  };
  // What is shorter than both ends is taken once.
  const uint64_t head = std::min(total, kEnds);
  const uint64_t tail = std::min(total - head, kEnds);
  if (absl::Status s = ReadData(file, extents, 0, head, append); !s.ok()) return s;
  if (absl::Status s = ReadData(file, extents, total - tail, tail, append); !s.ok()) return s;
  const std::string_view family = InfoOf(format).family;
  return absl::StrCat(absl::string_view(family.data(), family.size()), "-", absl::Hex(total), "-",
                      HashOf(ends));
}

absl::StatusOr<Identity> Identify(Format format, Bytes& file) {
  absl::StatusOr<PictureData> data = FindPictureData(format, file);
  if (!data.ok()) return data.status();
  absl::StatusOr<std::string> fingerprint = Fingerprint(format, file, *data);
  if (!fingerprint.ok()) return fingerprint.status();
  return Identity{*std::move(fingerprint), *std::move(data)};
}

absl::StatusOr<std::string> Digest(Bytes& file, const PictureData& data,
                                   const std::function<absl::Status(uint64_t done)>& progress) {
  DigestOfStream digest(data);
  uint64_t done = 0;
  const auto feed = [&](uint64_t offset, std::string_view bytes) {
    digest.SkipTo(offset);
    digest.Feed(bytes);
    done += bytes.size();
    return progress ? progress(done) : absl::OkStatus();
  };
  absl::Status status = ReadData(file, data.extents, 0, TotalLength(data), feed);
  if (!status.ok()) return status;
  return digest.Finish();
}

DigestOfStream::DigestOfStream(const PictureData& data) : extents_(data.extents) {}

void DigestOfStream::Feed(std::string_view next_bytes) {
  const uint64_t start = offset_;
  offset_ += next_bytes.size();
  for (; next_ < extents_.size(); ++next_) {
    const Extent& extent = extents_[next_];
    const uint64_t end = extent.offset + extent.length;
    const uint64_t from = std::max(start, extent.offset);
    const uint64_t to = std::min(offset_, end);
    if (from < to) Add(extent.part, next_bytes.substr(from - start, to - from));
    if (end > offset_) return;
  }
}

void DigestOfStream::Add(uint32_t part, std::string_view bytes) {
  State& state = parts_[part];
  if (state == nullptr) {
    state.reset(XXH3_createState());
    if (state == nullptr) throw std::bad_alloc();
    XXH3_128bits_reset(state.get());
  }
  XXH3_128bits_update(state.get(), bytes.data(), bytes.size());
}

std::string DigestOfStream::Finish() {
  std::string hashes;
  for (const auto& [part, state] : parts_) hashes += Hex(XXH3_128bits_digest(state.get()));
  return parts_.size() == 1 ? hashes : HashOf(hashes);
}

}  // namespace syncline::images
