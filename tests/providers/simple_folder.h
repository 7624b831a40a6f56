// A flat folder of files as a provider, for the providers made to misbehave: they derive from it
// and spoil a part. id = key = file name; names that begin with '.' are no records; the version is
// size and hash of the content, so that it is honest however fast a test writes.
#ifndef SYNCLINE_TESTS_PROVIDERS_SIMPLE_FOLDER_H_
#define SYNCLINE_TESTS_PROVIDERS_SIMPLE_FOLDER_H_

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syncline/file.hpp"
#include "syncline/provider.hpp"

namespace syncline::testing {

inline std::string HashOf(std::string_view text) {
  uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return std::to_string(text.size()) + "-" + std::to_string(hash);
}

class SimpleFolder {
 public:
  explicit SimpleFolder(Host host) : host_(host), folder_(PathOf(host.Location())) {}

  Replica open(const Call&) {
    if (!std::filesystem::is_directory(folder_)) {
      throw FileError(SYNCLINE_NOT_FOUND, folder_, "is no folder.");
    }
    AtomicFile::RemoveLeftovers(host_, folder_);
    Replica replica;
    replica.ordered = true;
    return replica;
  }
  void enumerate(const Call& call, Records records) {
    for (const Record& record : List(call)) records.Push(record);
  }
  Record read(const Call& call, std::string_view id, ByteSink content) {
    SendFile(Place(id), content, call);
    return Look(id);
  }
  Record write(const Call& call, const WriteOrder& order, ByteSource content) {
    const std::filesystem::path place = PlaceOf(order);
    AtomicFile file(host_, place);
    file.Write(content, call);
    Expect(place, order.expected_version);
    file.Commit();
    return Look(TextOf(place.filename()));
  }
  void remove(const Call&, const RemoveOrder& order) {
    const std::filesystem::path place = Place(order.id);
    if (!Find(place)) return;
    Expect(place, order.expected_version);
    std::filesystem::remove(place);
  }

 protected:
  const Host& host() const { return host_; }
  const std::filesystem::path& folder() const { return folder_; }

  std::filesystem::path Place(std::string_view id) const {
    if (!IsFileName(id) || id.starts_with('.')) {
      throw FileError(SYNCLINE_INVALID, PathOf(id), "is no name for a record.");
    }
    return folder_ / PathOf(id);
  }
  std::filesystem::path PlaceOf(const WriteOrder& order) const {
    const std::filesystem::path place =
        Place(order.wanted.id.empty() ? order.wanted.key : order.wanted.id);
    return order.beside ? FreeName(place, order.label) : place;
  }
  static std::string ContentOf(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  }
  static std::optional<Record> Find(const std::filesystem::path& path) {
    std::optional<Record> record = FindFile(path);
    if (!record || record->id.starts_with('.')) return std::nullopt;
    record->version = HashOf(ContentOf(path));
    return record;
  }
  Record Look(std::string_view id) const {
    if (std::optional<Record> record = Find(Place(id))) return *std::move(record);
    throw FileError(SYNCLINE_NOT_FOUND, PathOf(id), "is gone.");
  }
  static void Expect(const std::filesystem::path& path, std::string_view version) {
    if (Find(path).value_or(Record()).version != version) {
      throw FileError(SYNCLINE_CONFLICT, path, "was changed by somebody else.");
    }
  }
  // Every record, in ascending order of id.
  std::vector<Record> List(const Call& call) const {
    std::vector<Record> records;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      call.ThrowIfCancelled();
      if (std::optional<Record> record = Find(entry.path())) records.push_back(*std::move(record));
    }
    std::sort(records.begin(), records.end(),
              [](const Record& x, const Record& y) { return x.id < y.id; });
    return records;
  }

 private:
  Host host_;
  std::filesystem::path folder_;
};

}  // namespace syncline::testing

#endif  // SYNCLINE_TESTS_PROVIDERS_SIMPLE_FOLDER_H_
