// Hashing picture data.
#include "plugins/images/fingerprint.h"

#include <algorithm>
#include <array>
#include <new>
#include <utility>

#include "absl/strings/str_cat.h"

namespace syncline::images {
namespace {

constexpr size_t kBlock = size_t{1} << 20;
constexpr uint64_t kEnds = uint64_t{64} << 10;

std::string Hex(const XXH128_hash_t& hash) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, hash);
  std::string hex;
  hex.reserve(2 * sizeof canonical.digest);
  for (const unsigned char byte : canonical.digest) {
    constexpr char kDigits[] = "0123456789abcdef";
    hex.push_back(kDigits[byte >> 4]);
    hex.push_back(kDigits[byte & 15]);
  }
  return hex;
}

// The picture data from first to last (not included), counted without what is between the extents.
template <typename Use>
absl::Status ReadData(Bytes& file, const PictureData& data, uint64_t first, uint64_t last,
                      const Use& use) {
  std::string buffer(std::min<uint64_t>(kBlock, last - first), '\0');
  uint64_t before = 0;  // of this extent
  for (const Extent& extent : data.extents) {
    uint64_t at = std::max(first, before);
    const uint64_t end = std::min(last, before + extent.length);
    while (at < end) {
      const size_t wanted = std::min<uint64_t>(buffer.size(), end - at);
      const absl::StatusOr<size_t> got =
          file.ReadAt(extent.offset + (at - before), buffer.data(), wanted);
      if (!got.ok()) return got.status();
      if (*got == 0) return absl::AbortedError("the file became shorter while it was read");
      if (absl::Status s = use(std::string_view(buffer.data(), *got)); !s.ok()) return s;
      at += *got;
    }
    before += extent.length;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> Fingerprint(Format format, Bytes& file, const PictureData& data) {
  const uint64_t total = TotalLength(data);
  std::string ends;
  const auto append = [&](std::string_view bytes) {
    ends.append(bytes);
    return absl::OkStatus();
  };
  // What is shorter than both ends is taken once.
  const uint64_t head = std::min(total, kEnds);
  const uint64_t tail = std::max(head, total - head);
  if (absl::Status s = ReadData(file, data, 0, head, append); !s.ok()) return s;
  if (absl::Status s = ReadData(file, data, tail, total, append); !s.ok()) return s;
  const std::string_view family = InfoOf(format).family;
  return absl::StrCat(absl::string_view(family.data(), family.size()), "-", absl::Hex(total), "-",
                      Hex(XXH3_128bits(ends.data(), ends.size())));
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
  // The bytes between the extents are not there for the stream: it sees one extent.
  PictureData joined;
  const uint64_t total = TotalLength(data);
  if (total > 0) joined.extents = {{0, total}};
  DigestOfStream digest(joined);
  uint64_t done = 0;
  absl::Status status = ReadData(file, data, 0, total, [&](std::string_view bytes) {
    digest.Feed(bytes);
    done += bytes.size();
    return progress ? progress(done) : absl::OkStatus();
  });
  if (!status.ok()) return status;
  return digest.Finish();
}

DigestOfStream::DigestOfStream(const PictureData& data)
    : extents_(data.extents), state_(XXH3_createState()) {
  if (state_ == nullptr || XXH3_128bits_reset(state_.get()) == XXH_ERROR) throw std::bad_alloc();
}

void DigestOfStream::Feed(std::string_view next_bytes) {
  const uint64_t start = offset_;
  offset_ += next_bytes.size();
  while (next_ < extents_.size()) {
    const Extent& extent = extents_[next_];
    const uint64_t end = extent.offset + extent.length;
    const uint64_t from = std::max(start, extent.offset);
    const uint64_t to = std::min(offset_, end);
    if (from < to) XXH3_128bits_update(state_.get(), next_bytes.data() + (from - start), to - from);
    if (end > offset_) return;
    ++next_;
  }
}

std::string DigestOfStream::Finish() { return Hex(XXH3_128bits_digest(state_.get())); }

}  // namespace syncline::images
