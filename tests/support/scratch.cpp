// Scratch folders for tests; see the header. Tests may use POSIX directly.
#include "tests/support/scratch.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <vector>

namespace syncline::testing {
namespace {

void Check(bool done, const std::string& what) {
  if (done) return;
  throw std::runtime_error("test set-up: " + what + ": " + std::generic_category().message(errno));
}

std::vector<std::string> NamesIn(int folder) {
  std::vector<std::string> names;
  // Opened anew: closedir would close the caller's descriptor.
  const int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  Check(fd >= 0, "list a folder");
  const auto close_stream = [](DIR* stream) { closedir(stream); };
  const std::unique_ptr<DIR, decltype(close_stream)> stream(fdopendir(fd), close_stream);
  while (const dirent* entry = readdir(stream.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  return names;
}

// Empties the folder. Folders inside are first moved up to it, so that no path grows long and no
// recursion deep, whatever a test built.
void Empty(int root) {
  int moved = 0;
  for (std::vector<std::string> left = NamesIn(root); !left.empty(); left = NamesIn(root)) {
    for (const std::string& name : left) {
      if (unlinkat(root, name.c_str(), 0) == 0) continue;
      fchmodat(root, name.c_str(), 0700, 0);
      const int folder =
          openat(root, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      Check(folder >= 0, "remove " + name);
      for (const std::string& inner : NamesIn(folder)) {
        if (unlinkat(folder, inner.c_str(), 0) == 0) continue;
        fchmodat(folder, inner.c_str(), 0700, 0);
        std::string up;
        do {
          up = ".moved-up-" + std::to_string(moved++);
        } while (faccessat(root, up.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0);
        Check(renameat(folder, inner.c_str(), root, up.c_str()) == 0, "remove " + inner);
      }
      close(folder);
      Check(unlinkat(root, name.c_str(), AT_REMOVEDIR) == 0, "remove " + name);
    }
  }
}

void RemoveAll(const std::string& path) {
  if (unlink(path.c_str()) == 0) return;
  chmod(path.c_str(), 0700);
  const int fd = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  Check(fd >= 0, "remove " + path);
  Empty(fd);
  close(fd);
  Check(rmdir(path.c_str()) == 0, "remove " + path);
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  Check(file.good(), "read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string Brief(const std::string& text) {
  if (text.size() <= 200) return "'" + text + "'";
  return std::to_string(text.size()) + " bytes, hash " +
         std::to_string(std::hash<std::string>()(text));
}

std::string TimeText(const timespec& t) {
  char text[48];
  std::snprintf(text, sizeof(text), " %lld.%09ld", static_cast<long long>(t.tv_sec), t.tv_nsec);
  return text;
}

std::string AttributeText(const std::string& path) {
  std::string names(65536, '\0');
  const ssize_t size = llistxattr(path.c_str(), names.data(), names.size());
  if (size <= 0) return "";
  names.resize(static_cast<size_t>(size));
  std::map<std::string, std::string> sorted;
  for (size_t at = 0; at < names.size();) {
    const std::string name = names.c_str() + at;
    at += name.size() + 1;
    if (name.rfind("user.", 0) != 0) continue;
    std::string value(65536, '\0');
    const ssize_t length = lgetxattr(path.c_str(), name.c_str(), value.data(), value.size());
    value.resize(length > 0 ? static_cast<size_t>(length) : 0);
    sorted[name] = value;
  }
  std::string text;
  for (const auto& [name, value] : sorted) text += " " + name + "=" + Brief(value);
  return text;
}

std::string Describe(const std::string& path, const struct stat& found,
                     const SnapshotOptions& options) {
  char mode[16] = "";
  if (options.mode && !S_ISLNK(found.st_mode)) {
    std::snprintf(mode, sizeof(mode), " %o", found.st_mode & 07777u);
  }
  std::string line;
  if (S_ISDIR(found.st_mode)) {
    line = std::string("folder") + mode;
    if (options.folder_mtime) line += TimeText(found.st_mtim);
  } else {
    line = (S_ISREG(found.st_mode) ? "file" : S_ISLNK(found.st_mode) ? "link" : "other");
    line += mode;
    if (options.mtime) line += TimeText(found.st_mtim);
    if (options.content && S_ISREG(found.st_mode)) line += " " + Brief(ReadFile(path));
    if (options.content && S_ISLNK(found.st_mode)) {
      line += " -> " + std::filesystem::read_symlink(path).string();
    }
  }
  if (options.attributes) line += AttributeText(path);
  return line;
}

}  // namespace

TempDir::TempDir() {
  const char* base = std::getenv("TMPDIR");
  path_ = std::string(base != nullptr && *base != 0 ? base : "/tmp") + "/syncline-test-XXXXXX";
  Check(mkdtemp(path_.data()) != nullptr, "create " + path_);
}

TempDir::~TempDir() {
  try {
    RemoveAll(path_);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
  }
}

std::string TempDir::operator/(std::string_view name) const {
  return path_ + "/" + std::string(name);
}

Tree::Tree(std::string root) : root_(std::move(root)) {
  std::filesystem::create_directories(root_);
}

std::string Tree::Path(std::string_view path) const {
  return path.empty() ? root_ : root_ + "/" + std::string(path);
}

void Tree::Put(std::string_view path, std::string_view text, int flags) {
  const std::string full = Path(path);
  std::filesystem::create_directories(std::filesystem::path(full).parent_path());
  struct stat before {};
  const bool existed = lstat(full.c_str(), &before) == 0;
  const int fd = open(full.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC | flags, 0644);
  Check(fd >= 0, "write " + full);
  for (size_t done = 0; done < text.size();) {
    const ssize_t n = write(fd, text.data() + done, text.size() - done);
    Check(n >= 0, "write " + full);
    done += static_cast<size_t>(n);
  }
  // Both times: a program may compare either.
  struct stat after {};
  while (existed && fstat(fd, &after) == 0 &&
         (after.st_mtim.tv_nsec == before.st_mtim.tv_nsec ||
          after.st_ctim.tv_nsec == before.st_ctim.tv_nsec)) {
    usleep(1000);
    Check(futimens(fd, nullptr) == 0, "set time of " + full);
  }
  close(fd);
}

void Tree::Write(std::string_view path, std::string_view text) { Put(path, text, O_TRUNC); }

void Tree::Append(std::string_view path, std::string_view text) { Put(path, text, O_APPEND); }

void Tree::WriteSparse(std::string_view path, uint64_t size, uint64_t offset,
                       std::string_view text) {
  Write(path, "");
  const std::string full = Path(path);
  const int fd = open(full.c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
  Check(fd >= 0, "write " + full);
  Check(ftruncate(fd, static_cast<off_t>(size)) == 0, "set size of " + full);
  Check(pwrite(fd, text.data(), text.size(), static_cast<off_t>(offset)) ==
            static_cast<ssize_t>(text.size()),
        "write " + full);
  close(fd);
}

void Tree::Mkdir(std::string_view path) { std::filesystem::create_directories(Path(path)); }

void Tree::Link(std::string_view path, std::string_view target) {
  const std::string full = Path(path);
  std::filesystem::create_directories(std::filesystem::path(full).parent_path());
  Check(symlink(std::string(target).c_str(), full.c_str()) == 0, "link " + full);
}

void Tree::HardLink(std::string_view path, std::string_view existing) {
  const std::string full = Path(path);
  std::filesystem::create_directories(std::filesystem::path(full).parent_path());
  Check(link(Path(existing).c_str(), full.c_str()) == 0, "link " + full);
}

void Tree::Move(std::string_view from, std::string_view to) {
  const std::string full = Path(to);
  std::filesystem::create_directories(std::filesystem::path(full).parent_path());
  Check(rename(Path(from).c_str(), full.c_str()) == 0, "move " + Path(from));
}

void Tree::Remove(std::string_view path) { RemoveAll(Path(path)); }

void Tree::SetMtime(std::string_view path, int64_t ns) {
  int64_t seconds = ns / 1'000'000'000;
  int64_t rest = ns % 1'000'000'000;
  if (rest < 0) {
    rest += 1'000'000'000;
    --seconds;
  }
  const timespec times[2] = {{0, UTIME_OMIT}, {seconds, rest}};
  Check(utimensat(AT_FDCWD, Path(path).c_str(), times, AT_SYMLINK_NOFOLLOW) == 0,
        "set time of " + Path(path));
}

void Tree::Chmod(std::string_view path, unsigned mode) {
  Check(chmod(Path(path).c_str(), mode) == 0, "set permissions of " + Path(path));
}

void Tree::SetAttribute(std::string_view path, const std::string& name, std::string_view value) {
  Check(lsetxattr(Path(path).c_str(), name.c_str(), value.data(), value.size(), 0) == 0,
        "set attribute of " + Path(path));
}

std::string Tree::Read(std::string_view path) const { return ReadFile(Path(path)); }

bool Tree::Exists(std::string_view path) const {
  struct stat found;
  return lstat(Path(path).c_str(), &found) == 0;
}

int64_t Tree::Mtime(std::string_view path) const {
  struct stat found;
  Check(lstat(Path(path).c_str(), &found) == 0, "look at " + Path(path));
  return int64_t{found.st_mtim.tv_sec} * 1'000'000'000 + found.st_mtim.tv_nsec;
}

std::map<std::string, std::string> Snapshot(const std::string& root,
                                            const SnapshotOptions& options) {
  std::map<std::string, std::string> snapshot;
  std::vector<std::string> folders = {""};
  while (!folders.empty()) {
    const std::string folder = folders.back();
    folders.pop_back();
    const std::string full = folder.empty() ? root : root + "/" + folder;
    const int fd = open(full.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    Check(fd >= 0 || !folder.empty(), "list " + full);
    if (fd < 0) {  // without permission; its own line tells of it
      snapshot[folder] += " (cannot be read)";
      continue;
    }
    const std::vector<std::string> names = NamesIn(fd);
    close(fd);
    for (const std::string& name : names) {
      const std::string path = folder.empty() ? name : folder + "/" + name;
      struct stat found;
      Check(lstat((root + "/" + path).c_str(), &found) == 0, "look at " + path);
      snapshot[path] = Describe(root + "/" + path, found, options);
      if (S_ISDIR(found.st_mode)) folders.push_back(path);
    }
  }
  return snapshot;
}

}  // namespace syncline::testing
