// A tree of text files whose first line tells the folder that each wants to be in: "folder:
// 2024/05". A record's key is its file's name, so that it stays when the file moves; with the
// setting keys=path it is the path. Where layout=first-line counts, new records go to their folder
// and arrange() asks for those that stand elsewhere; layout=flat puts all of them at the top.
//
// With versions=place a version changes when its record moves, as one does that holds a file's
// ctime. With verify=yes it remembers which version it read back; safe() tells. A line "stuck: yes"
// keeps a record from being moved; "picture: N" describes it with a picture of N bytes.
#include <filesystem>
#include <map>

#include "syncline/file.hpp"
#include "syncline/provider.hpp"
#include "tests/providers/simple_folder.h"

namespace {

namespace fs = std::filesystem;
using syncline::Call;
using syncline::Fields;
using syncline::FileError;
using syncline::Record;

std::string ContentOf(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// The value of the line "name: value"; empty without one.
std::string LineOf(const std::string& text, const std::string& name) {
  const size_t at = ("\n" + text).find("\n" + name + ": ");
  if (at == std::string::npos) return "";
  const size_t start = at + name.size() + 2;
  return text.substr(start, text.find('\n', start) - start);
}

class Filed {
 public:
  explicit Filed(syncline::Host host)
      : host_(host),
        folder_(host.Location()),
        by_line_(host.Setting("layout") != "flat"),
        by_path_(host.Setting("keys") == "path"),
        place_counts_(host.Setting("versions") == "place"),
        verify_(host.Setting("verify") == "yes") {}

  syncline::Replica open(const Call&) {
    if (!fs::is_directory(folder_)) {
      throw FileError(SYNCLINE_NOT_FOUND, folder_, "is no folder.");
    }
    return {};
  }
  void enumerate(const Call& call, syncline::Records records) {
    listed_.clear();
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
      call.ThrowIfCancelled();
      if (!entry.is_regular_file() || entry.path().filename().string().starts_with('.')) continue;
      const Record record = Look(entry.path().lexically_relative(folder_).string());
      listed_[record.id] = record;
      records.Push(record);
    }
  }
  Record read(const Call& call, std::string_view id, syncline::ByteSink content) {
    syncline::SendFile(folder_ / id, content, call);
    return Look(std::string(id));
  }
  Record write(const Call&, const syncline::WriteOrder& order, syncline::ByteSource content) {
    const std::string text = content.ReadAll();
    std::string id(order.wanted.id);
    if (id.empty()) id = by_path_ ? std::string(order.wanted.key) : Wanted(order.wanted.key, text);
    Expect(id, order.expected_version);
    fs::create_directories((folder_ / id).parent_path());
    std::ofstream(folder_ / id, std::ios::binary) << text;
    Record record = Look(id);
    if (verify_) host_.Remember("read back " + record.key, record.version);
    return record;
  }
  void remove(const Call&, const syncline::RemoveOrder& order) {
    const std::string id(order.id);
    if (!fs::exists(folder_ / id)) return;
    Expect(id, order.expected_version);
    fs::remove(folder_ / id);
  }
  Record move(const Call&, const syncline::MoveOrder& order) {
    const std::string id(order.id);
    Expect(id, order.expected_version);
    const std::string to(order.wanted_key);
    if (fs::exists(folder_ / to)) throw FileError(SYNCLINE_CONFLICT, to, "is taken.");
    if (LineOf(ContentOf(folder_ / id), "stuck") == "yes") {
      throw FileError(SYNCLINE_CONFLICT, id, "is stuck.");
    }
    fs::create_directories((folder_ / to).parent_path());
    fs::rename(folder_ / id, folder_ / to);
    return Look(to);
  }
  void describe(const Call&, std::string_view id, Fields fields) {
    const std::string text = ContentOf(folder_ / id);
    fields.Push("title", LineOf(text, "title"));
    const std::string bytes = LineOf(text, "picture");
    if (bytes.empty()) return;
    const size_t length = std::stoul(bytes);
    fields.Push("picture", "data:image/jpeg;base64," + std::string((length + 2) / 3 * 4, 'A'));
  }
  void check(const Call&, Filed*) {
    host_.Event(SYNCLINE_INFO, "",
                std::string("A record that wants to be in \"x\" is put into \"") +
                    (by_line_ ? "x" : "") + "\".");
    if (host_.Setting("verify") == "no")
      host_.Event(SYNCLINE_WARNING, "", "What is stored is not read back.");
  }
  void arrange(const Call& call, syncline::Records wanted) {
    // From the end, so that what is listed first can be in the way of another one.
    for (auto it = listed_.rbegin(); it != listed_.rend(); ++it) {
      call.ThrowIfCancelled();
      const std::string place = Wanted(fs::path(it->first).filename().string(), TextAt(it->first));
      if (place == it->first) continue;
      syncline::RecordView record;
      record.id = it->first;
      record.key = place;
      record.version = it->second.version;
      wanted.Push(record);
    }
  }
  void safe(const Call&, Filed& other, Fields records) {
    std::map<std::string, Record> there;
    for (const auto& [id, record] : other.listed_) there[record.key] = record;
    for (const auto& [id, record] : listed_) {
      const auto found = there.find(record.key);
      if (found == there.end()) {
        records.Push(id, "it was not imported yet");
      } else if (found->second.version != record.version) {
        records.Push(id, "the other side has another version of it");
      } else if (other.host_.Recall("read back " + record.key) != record.version) {
        records.Push(id, "it was not read back when it was stored");
      } else {
        records.Push(id, "");
      }
    }
  }

 private:
  std::string TextAt(const std::string& id) const { return ContentOf(folder_ / id); }
  std::string Wanted(std::string_view name, const std::string& text) const {
    const std::string folder = by_line_ ? LineOf(text, "folder") : "";
    return folder.empty() ? std::string(name) : folder + "/" + std::string(name);
  }
  Record Look(const std::string& id) const {
    if (!fs::exists(folder_ / id)) throw FileError(SYNCLINE_NOT_FOUND, id, "is gone.");
    const std::string text = TextAt(id);
    Record record;
    record.id = id;
    record.key = by_path_ ? id : fs::path(id).filename().string();
    record.version = syncline::testing::HashOf(place_counts_ ? id + "\n" + text : text);
    record.size = text.size();
    return record;
  }
  void Expect(const std::string& id, std::string_view version) const {
    const bool there = fs::exists(folder_ / id);
    if (there ? Look(id).version == version : version.empty()) return;
    throw FileError(SYNCLINE_CONFLICT, id, "was changed by somebody else.");
  }

  const syncline::Host host_;
  const fs::path folder_;
  const bool by_line_, by_path_, place_counts_, verify_;
  std::map<std::string, Record> listed_;
};

}  // namespace

SYNCLINE_PROVIDER(Filed, R"({"id": "filed", "name": "Filed", "version": "1.0.0", "settings": [
  {"key": "layout", "type": "choice", "choices": ["first-line", "flat"], "default": "first-line"},
  {"key": "keys", "type": "choice", "choices": ["name", "path"], "default": "name"},
  {"key": "versions", "type": "choice", "choices": ["text", "place"], "default": "text"},
  {"key": "verify", "type": "yesno", "default": "no"}]})");
