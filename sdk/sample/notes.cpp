// The provider "notes": a flat folder of text files. docs/provider-abi.md walks through it.
#include "syncline/file.hpp"
namespace fs = std::filesystem;
using namespace syncline;

class Notes {
 public:
  explicit Notes(Host host) : host_(host), folder_(PathOf(host.Location())) {}
  Replica open(const Call&) {
    if (!fs::is_directory(folder_)) throw FileError(SYNCLINE_NOT_FOUND, folder_, "is no folder.");
    AtomicFile::RemoveLeftovers(host_, folder_);
    return {};
  }
  void enumerate(const Call& call, Records records) {
    for (const auto& entry : fs::directory_iterator(folder_)) {
      call.ThrowIfCancelled();
      if (const auto note = Find(entry.path())) records.Push(*note);
    }
  }
  Record read(const Call& call, std::string_view id, ByteSink content) {
    SendFile(Place(id), content, call);  // first: so Syncline notices an edit made meanwhile
    if (const auto note = Find(Place(id))) return *note;
    throw FileError(SYNCLINE_NOT_FOUND, Place(id), "is gone.");
  }
  Record write(const Call& call, const WriteOrder& order, ByteSource content) {
    fs::path path = Place(order.wanted.id.empty() ? order.wanted.key : order.wanted.id);
    if (order.beside) path = FreeName(path, order.label);
    AtomicFile file(host_, path);
    file.Write(content, call);
    Expect(path, order.expected_version);
    file.Commit();
    return Find(path).value();
  }
  void remove(const Call&, const RemoveOrder& order) {
    if (!Find(Place(order.id))) return;
    Expect(Place(order.id), order.expected_version);
    fs::remove(Place(order.id));
  }

 private:
  fs::path Place(std::string_view id) const {
    if (IsFileName(id) && id.ends_with(".txt")) return folder_ / PathOf(id);
    throw FileError(SYNCLINE_INVALID, PathOf(id), "is no name for a note: it must end with .txt.");
  }
  std::optional<Record> Find(const fs::path& path) const {
    auto note = path.extension() == ".txt" ? FindFile(path) : std::nullopt;
    // More is better (inode, ctime, a hash): two edits in one clock tick can share size and time.
    if (note) note->version = std::to_string(note->size) + "-" + std::to_string(note->mtime_ns);
    return note;
  }
  void Expect(const fs::path& path, std::string_view version) const {
    if (Find(path).value_or(Record()).version != version)
      throw FileError(SYNCLINE_CONFLICT, path, "was changed by somebody else.");
  }
  Host host_;
  fs::path folder_;
};

SYNCLINE_PROVIDER(Notes, R"({"id": "notes", "name": "Notes", "version": "1.0.0"})");
