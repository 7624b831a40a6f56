// file.hpp - for providers that keep each record in a file: replace a file in one step, send one,
// tell its time. Header only and standard C++ only, so that it works wherever the author's compiler
// does.
#ifndef SYNCLINE_FILE_HPP_
#define SYNCLINE_FILE_HPP_

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "syncline/provider.hpp"

namespace syncline {

// Ids and settings are UTF-8 on Windows and plain bytes elsewhere; std::filesystem would take them
// for the local code page.
inline std::filesystem::path PathOf(std::string_view text) {
#if defined(_WIN32)
  return std::filesystem::path(std::u8string(text.begin(), text.end()));
#else
  return std::filesystem::path(text);
#endif
}
inline std::string TextOf(const std::filesystem::path& path) {
  const std::u8string text = path.generic_u8string();
  return std::string(text.begin(), text.end());
}

// A sentence about a file: "/home/ada/notes" is not a folder.
inline Error FileError(syncline_status status, const std::filesystem::path& path,
                       const char* what) {
  return Error(status, "\"" + TextOf(path) + "\" " + what);
}

// Names of AtomicFile's temporary files begin with this.
inline constexpr std::string_view kTemporaryPrefix = ".syncline-part-";

// Whether text names a file in a folder, not one in a folder below or above it, and no temporary
// file of a provider: ask before joining an id or key to a folder.
inline bool IsFileName(std::string_view text) {
  const std::filesystem::path path = PathOf(text);
  return !text.empty() && text != "." && text != ".." && path == path.filename() &&
         text.find('\0') == std::string_view::npos && !text.starts_with(kTemporaryPrefix);
}

// ns since 1970. Throws std::filesystem::filesystem_error.
inline int64_t MtimeNs(const std::filesystem::path& path) {
  const auto time = std::chrono::file_clock::to_sys(std::filesystem::last_write_time(path));
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

// The file as a record without a version: id and key are its name. nullopt: not there, not a file,
// or a temporary file of a provider.
inline std::optional<Record> FindFile(const std::filesystem::path& path) {
  const std::string name = TextOf(path.filename());
  if (!IsFileName(name) || !std::filesystem::is_regular_file(path)) return std::nullopt;
  Record record;
  record.id = record.key = name;
  record.size = std::filesystem::file_size(path);
  record.mtime_ns = MtimeNs(path);
  return record;
}

// For SYNCLINE_BESIDE: "todo.txt" with the label "from B" becomes "todo (from B).txt", or with a
// number behind it where that is taken.
inline std::filesystem::path FreeName(const std::filesystem::path& path, std::string_view label) {
  std::string plain;  // a label may hold a date with ':' or '/', which no name can hold everywhere
  for (const char c : label) {
    plain += std::string_view("/\\:*?\"<>|").find(c) == std::string_view::npos ? c : '-';
  }
  std::filesystem::path free = path;
  for (int number = 1; std::filesystem::exists(free); ++number) {
    std::string suffix = " (" + plain;
    if (number > 1) suffix += " " + std::to_string(number);
    suffix += ")";
    free = path.parent_path() / (path.stem() += PathOf(suffix));
    free += path.extension();
  }
  return free;
}

// Sends a whole file and reports progress. Look at the file's version again afterwards: somebody
// may have written to it meanwhile.
inline void SendFile(const std::filesystem::path& path, const ByteSink& content, const Call& call) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    const bool there = std::filesystem::exists(path);
    throw Error(there ? SYNCLINE_FAILED : SYNCLINE_NOT_FOUND,
                "\"" + TextOf(path) + "\" cannot be opened for reading.");
  }
  std::string block(64 * 1024, '\0');
  uint64_t done = 0;
  while (in) {
    call.ThrowIfCancelled();
    in.read(block.data(), static_cast<std::streamsize>(block.size()));
    const auto count = static_cast<size_t>(in.gcount());
    if (count == 0) break;
    content.Write(std::string_view(block).substr(0, count));
    call.Progress(done += count);
  }
  if (in.bad()) throw Error(SYNCLINE_FAILED, "\"" + TextOf(path) + "\" cannot be read to its end.");
}

// Replaces a file in one step: content goes into a temporary file beside the target, Commit()
// renames it over the target. Destroyed before that, it leaves nothing behind.
//
// Whoever opens the target sees the old content or the new one, whole, even when the process is
// killed at any moment; what a kill leaves is no record for FindFile() and goes with
// RemoveLeftovers(). Not promised, because standard C++ cannot: that the new content survives a
// power cut right after Commit() (it is handed to the system, not flushed to the disk), that
// permissions and links of the old file stay, and that nobody writes between your look at the
// version and Commit(). Hence: look as late as you can.
class AtomicFile {
 public:
  AtomicFile(const Host& host, std::filesystem::path target)
      : target_(std::move(target)),
        temporary_(target_.parent_path() / PathOf(Prefix(host) + RandomHex())) {
    out_.open(temporary_, std::ios::binary | std::ios::trunc);
    Check("created beside");
  }
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile() {
    if (committed_) return;
    out_.close();
    std::error_code ignored;
    std::filesystem::remove(temporary_, ignored);
  }

  void Write(std::string_view bytes) {
    out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    Check("written beside");
  }
  // Everything up to the end of the source, with progress.
  void Write(const ByteSource& source, const Call& call) {
    std::string block(64 * 1024, '\0');
    uint64_t done = 0;
    while (const size_t count = source.Read(block.data(), block.size())) {
      call.ThrowIfCancelled();
      Write(std::string_view(block).substr(0, count));
      call.Progress(done += count, source.total());
    }
  }
  void Commit() {
    out_.close();
    Check("written beside");
    std::filesystem::rename(temporary_, target_);
    committed_ = true;
  }

  // Call it from open(). Removes what a killed run of the same side of the same item left in
  // folder: an item is synced by one worker at a time, so nobody is writing those. Others' are not
  // touched.
  static void RemoveLeftovers(const Host& host, const std::filesystem::path& folder) {
    const std::string mine = Prefix(host);
    std::error_code error;
    for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end;
         it.increment(error)) {
      std::error_code ignored;
      if (TextOf(it->path().filename()).starts_with(mine)) {
        std::filesystem::remove(it->path(), ignored);
      }
    }
  }

 private:
  static std::string Prefix(const Host& host) {
    std::string owner(host.Setting("item"));
    owner.append("-").append(host.Setting("side"));
    for (char& c : owner) {
      const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!plain) c = '-';
    }
    return std::string(kTemporaryPrefix) + owner + ".";
  }
  static std::string RandomHex() {
    std::random_device random;
    std::string hex;
    for (int i = 0; i < 16; ++i) hex += "0123456789abcdef"[random() % 16];
    return hex;
  }
  void Check(const char* what) const {
    if (out_) return;
    std::error_code error;
    const auto room = std::filesystem::space(target_.parent_path(), error);
    // A stream does not say why it failed; a full disk is worth telling apart, because then writing
    // stops on this side only and the session goes on.
    const bool full = !error && room.available < 4096;
    throw Error(full ? SYNCLINE_UNWRITABLE : SYNCLINE_FAILED,
                "A temporary file cannot be " + std::string(what) + " \"" + TextOf(target_) + "\"" +
                    (full ? ": the disk is full." : ". Check the permissions of its folder."));
  }

  std::filesystem::path target_;
  std::filesystem::path temporary_;
  std::ofstream out_;
  bool committed_ = false;
};

}  // namespace syncline

#endif  // SYNCLINE_FILE_HPP_
