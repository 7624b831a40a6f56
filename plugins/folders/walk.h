// Lists a tree in the order of whole paths, one statx for each entry and nothing else for a file:
// no other system call, no allocation. Not recursive; few folders are open however deep it goes.
#ifndef SYNCLINE_PLUGINS_FOLDERS_WALK_H_
#define SYNCLINE_PLUGINS_FOLDERS_WALK_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "plugins/folders/outcome.h"
#include "plugins/folders/version.h"
#include "sdk/platform/file_system.h"
#include "syncline/provider.h"

namespace syncline::folders {

class Walk {
 public:
  struct Hooks {
    // One entry of the item's history: level, id, text.
    std::function<void(int32_t, std::string_view, const std::string&)> event;
    // A temporary file of ours or of another item was met; dir is the folder it is in.
    std::function<void(const platform::Dir&, const std::string& name)> temporary;
    // A file that has several names.
    std::function<void(const platform::FileInfo&, std::string_view id)> linked;
    // The permissions that a folder has but for a loosening that is still on.
    std::function<uint32_t(const platform::FileInfo&)> permissions;
  };

  Walk(const platform::Dir& top, ChangeTime change_time, const syncline_call* call,
       const syncline_record_sink* sink, Hooks hooks);
  Outcome Run();

 private:
  struct Item {
    uint64_t prefix;  // the first 8 bytes, big-endian: most comparisons need no more
    uint32_t entry;   // index into listing.entries
    bool inside;      // not the record of a folder but what is inside: its name and '/'
  };
  struct Level {
    platform::Dir dir;  // closed when too many are open
    uint64_t file_id = 0;
    uint64_t device = 0;
    platform::DirListing listing;
    std::vector<Item> items;
    size_t next = 0;
    size_t path_length = 0;  // of path_ without the entry's name
    bool lost = false;       // its folder can be reached no more
  };

  // Makes levels_[depth_] from dir, not entered yet.
  absl::Status Prepare(platform::Dir dir, const platform::FileInfo& info);
  void Enter();
  void Leave();
  bool Reopen(Level* level, const platform::Dir* child);
  Outcome Step(Level* level);
  Outcome Inside(Level* level, const Item& item);
  Outcome PushFolder(Level* level, const Item& item, const platform::FileInfo& info);
  Outcome PushUnknown(Level* level, const Item& item, bool folder);
  Outcome Push(uint32_t flags, const platform::FileInfo& info, uint64_t attributes_hash,
               bool* prune);
  void Special();
  void NoDescent(Level* level, const Item& item);

  const platform::Dir& top_;
  const ChangeTime change_time_;
  const syncline_call* const call_;
  const syncline_record_sink* const sink_;
  const Hooks hooks_;

  std::vector<std::unique_ptr<Level>> levels_;  // kept for reuse beyond depth_
  size_t depth_ = 0;
  bool prepared_ = false;  // levels_[depth_] is the next folder to enter
  std::string path_;
  uint64_t seen_ = 0;
  uint64_t specials_ = 0;
};

}  // namespace syncline::folders

#endif  // SYNCLINE_PLUGINS_FOLDERS_WALK_H_
