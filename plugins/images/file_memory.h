// What is remembered of the files of a side from turn to turn, so that an unchanged file is not
// opened again.
//
// One entry of the provider's memory for each folder ("f:" and the folder), with all of its files,
// written when anything in it is another; so a listing asks once for each folder, and what is gone
// is forgotten. What comes in between two listings is noted file by file ("n:" and the path) and
// taken into the folder's entry by the next one: the entry of a large folder is not written anew
// with each batch of an import.
#ifndef SYNCLINE_PLUGINS_IMAGES_FILE_MEMORY_H_
#define SYNCLINE_PLUGINS_IMAGES_FILE_MEMORY_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "plugins/images/known_file.h"
#include "syncline/provider.hpp"

namespace syncline::images {

class FileMemory {
 public:
  FileMemory(const Host* host, Trust trust) : host_(host), trust_(trust) {}

  // ---- One listing: Enter() and the Find()s of each folder, then Keep() of what differs, Finish()
  void Start();
  void Enter(const std::string& folder);
  // What is remembered of a file in the folder entered last, if it is still the one that info
  // shows.
  std::optional<KnownFile> Find(const std::string& name, const platform::FileInfo& info);
  // Whether the folder entered last holds other files than its entry, all of them having been
  // asked for.
  bool Differs() const { return differs_ || found_ != remembered_.size(); }
  // The folder's new entry.
  void Keep(const std::string& folder,
            const std::vector<std::pair<std::string, const KnownFile*>>& files);
  // complete: what was not entered is not there any more.
  void Finish(bool complete);

  // ---- Between two listings
  void Note(std::string_view path, const KnownFile& file) const;

 private:
  const Host* const host_;
  const Trust trust_;
  std::string folder_;
  std::string entry_;  // remembered_ points into it
  std::unordered_map<std::string_view, std::string_view> remembered_;
  size_t found_ = 0;
  bool differs_ = false;
  std::set<std::string, std::less<>> entered_;
};

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_FILE_MEMORY_H_
