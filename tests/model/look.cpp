// Looking at a side. See look.h. Tests may use POSIX directly.
#include "tests/model/look.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace syncline::model {

namespace fs = std::filesystem;

View Look(const std::string& root) {
  View view;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root)) {
    struct stat info {};
    if (lstat(entry.path().c_str(), &info) != 0) continue;
    Item item;
    item.mtime_ns = int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec;
    item.mode = info.st_mode & 07777u;
    if (S_ISDIR(info.st_mode)) {
      item.type = 'd';
      item.mtime_ns = 0;
    } else if (S_ISLNK(info.st_mode)) {
      item.type = 'l';
      item.mode = 0;
      item.content = "-> " + fs::read_symlink(entry.path()).string();
    } else {
      std::ifstream file(entry.path(), std::ios::binary);
      item.content.assign(std::istreambuf_iterator<char>(file), {});
    }
    view[entry.path().string().substr(root.size() + 1)] = item;
  }
  return view;
}

std::string Text(const View& view) {
  std::ostringstream out;
  for (const auto& [path, item] : view) {
    out << "    " << path << ": " << item.type << " " << std::oct << item.mode << std::dec << " "
        << item.mtime_ns / 1'000'000'000 << " '" << item.content << "'\n";
  }
  return out.str();
}

std::set<std::string> Contents(const View& view) {
  std::set<std::string> contents;
  for (const auto& [path, item] : view) {
    if (!item.content.empty()) contents.insert(item.content);
  }
  return contents;
}

bool AtOrInside(const std::string& path, const std::set<std::string>& places) {
  for (size_t slash = path.find('/'); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    if (places.count(path.substr(0, slash)) != 0) return true;
  }
  return places.count(path) != 0;
}

bool Holds(const std::string& path, const std::set<std::string>& places) {
  const auto it = places.lower_bound(path + "/");
  return it != places.end() && it->compare(0, path.size() + 1, path + "/") == 0;
}

}  // namespace syncline::model
