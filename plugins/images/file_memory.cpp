// What is remembered of files. See file_memory.h.
#include "plugins/images/file_memory.h"

#include "plugins/images/below.h"
#include "plugins/images/packing.h"
#include "plugins/record_files/refusal.h"

namespace syncline::images {
namespace {

using record_files::Join;

// The first character of every entry. Another form, or another way to tell pictures apart, is
// another version: then all is read anew.
constexpr char kVersion = '1';
constexpr std::string_view kFolders = "folders";

std::string EntryOf(std::string_view folder) { return Join({"f:", folder}); }
std::string NoteOf(std::string_view path) { return Join({"n:", path}); }

}  // namespace

void FileMemory::Start() { entered_.clear(); }

void FileMemory::Enter(const std::string& folder) {
  folder_ = folder;
  entered_.insert(folder);
  remembered_.clear();
  found_ = 0;
  differs_ = false;
  entry_ = host_->Recall(EntryOf(folder)).value_or("");
  if (entry_.empty() || entry_.front() != kVersion) return;
  Unpacking rest(std::string_view(entry_).substr(1));
  while (!rest.empty()) {
    const std::string_view name = rest.View(4);
    const std::string_view file = rest.View(4);
    if (rest.ok()) remembered_.emplace(name, file);
  }
}

std::optional<KnownFile> FileMemory::Find(const std::string& name, const platform::FileInfo& info) {
  const auto at = remembered_.find(name);
  if (at != remembered_.end()) {
    ++found_;
    if (std::optional<KnownFile> known = Decode(at->second, info, trust_)) return known;
  }
  differs_ = true;
  const std::string note = NoteOf(PathIn(folder_, name));
  const std::optional<std::string> text = host_->Recall(note);
  if (!text) return std::nullopt;
  host_->Remember(note, "");
  if (text->empty() || text->front() != kVersion) return std::nullopt;
  return Decode(std::string_view(*text).substr(1), info, trust_);
}

void FileMemory::Keep(const std::string& folder,
                      const std::vector<std::pair<std::string, const KnownFile*>>& files) {
  std::string entry;
  if (!files.empty()) entry.push_back(kVersion);
  for (const auto& [name, file] : files) {
    if (!file->unreadable.empty()) continue;
    AppendText(name, 4, &entry);
    AppendText(Encode(*file, trust_), 4, &entry);
  }
  host_->Remember(EntryOf(folder), entry);
}

void FileMemory::Finish(bool complete) {
  if (!complete) return;
  const std::string before = host_->Recall(kFolders).value_or("");
  std::string now;
  for (const std::string& folder : entered_) AppendText(folder, 4, &now);
  if (now == before) return;
  Unpacking known(before);
  while (!known.empty()) {
    const std::string_view folder = known.View(4);
    if (known.ok() && !entered_.contains(folder)) host_->Remember(EntryOf(folder), "");
  }
  host_->Remember(kFolders, now);
}

void FileMemory::Note(std::string_view path, const KnownFile& file) const {
  host_->Remember(NoteOf(path), std::string(1, kVersion) + Encode(file, trust_));
}

}  // namespace syncline::images
