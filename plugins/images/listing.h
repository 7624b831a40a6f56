// All units of one side: walks the folders, groups the files of each, knows unchanged files again
// without opening them, and tells pictures apart.
#ifndef SYNCLINE_PLUGINS_IMAGES_LISTING_H_
#define SYNCLINE_PLUGINS_IMAGES_LISTING_H_

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugins/images/file_memory.h"
#include "plugins/images/known_file.h"
#include "plugins/images/placed.h"
#include "sdk/platform/file_system.h"
#include "syncline/provider.hpp"

namespace syncline::images {

struct Listed {
  PlacedUnits units;
  // A unit that is there and is left alone.
  struct Aside {
    std::string id;
    std::string reason;  // a sentence; empty: one of several equal pictures
  };
  std::vector<Aside> asides;
  std::vector<Placed> twins;            // of units, where these stand here more than once
  uint64_t others = 0;                  // files that are no pictures
  std::vector<std::string> unreadable;  // folders, with the reason, for people
};

class Listing {
 public:
  // All outlive this. counts_all: pictures of earlier turns that are gone count, too, when a new
  // one is told apart from others (a card that is wiped and used again).
  Listing(const Host* host, const platform::Dir* dir, const Manner* manner, FileMemory* memory,
          bool counts_all)
      : host_(host), dir_(dir), manner_(manner), memory_(memory), counts_all_(counts_all) {}

  // Throws Error.
  Listed List(const Call& call);

 private:
  // What of a folder has to be remembered beside its units.
  using Others = std::vector<std::pair<std::string, KnownFile>>;

  void Folder(const platform::Dir& dir, const std::string& folder,
              const platform::DirListing& names, Listed* listed);
  KnownFile Know(const platform::Dir& dir, const std::string& name, const std::string& path,
                 const platform::FileInfo& info);
  void TellPicturesApart(const Call& call, Listed* listed);
  std::string NameOfNew(const Call& call, Placed* placed, Placed* like);
  void Save(bool complete);

  const Host* const host_;
  const platform::Dir* const dir_;
  const Manner* const manner_;
  FileMemory* const memory_;
  const bool counts_all_;
  std::vector<Placed> found_;  // of the listing under way
  std::map<std::string, Others, std::less<>> others_;
  std::set<std::string, std::less<>> changed_;  // folders that differ from what is remembered
};

// The memory of a picture's whole hash, by its content; see Listing.
void RememberDigest(const Host& host, std::string_view content, std::string_view digest);

}  // namespace syncline::images

#endif  // SYNCLINE_PLUGINS_IMAGES_LISTING_H_
