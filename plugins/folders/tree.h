// The folders of one replica, opened one inside the other from the top, never through a link. The
// chain opened last stays open, so that one record after another in a folder costs no opening.
#ifndef SYNCLINE_PLUGINS_FOLDERS_TREE_H_
#define SYNCLINE_PLUGINS_FOLDERS_TREE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "sdk/platform/file_system.h"

namespace syncline::folders {

// What Open() is for. For kWrite, folders of this user that lack the permissions are given them
// until Restore().
enum class Access : uint8_t { kRead, kWrite };

class Tree {
 public:
  absl::Status OpenTop(const std::string& path);
  const platform::Dir& top() const { return top_; }
  const platform::FileInfo& top_info() const { return top_info_; }

  // The folder with this id (empty: the top), valid until the next call on this object.
  // FailedPrecondition: a component is not a folder, perhaps a link now.
  absl::StatusOr<const platform::Dir*> Folder(std::string_view id, Access access);
  // Closes what is kept open, so that the next Folder() looks at the disk again.
  void Forget() { chain_.clear(); }

  // Gives this user the right to change what is in dir, until Restore(). False: cannot, or need
  // not. Never for the top: a top that a person made read-only stays so.
  bool Loosen(const platform::Dir& dir);
  // The folder gets these permissions at Restore(); it must have them with u+rwx now.
  void RestoreLater(platform::Dir dir, const platform::FileInfo& info, uint32_t permissions);
  absl::Status Restore();
  // The permissions that info's folder has without the loosening, or has after Restore().
  uint32_t TruePermissions(const platform::FileInfo& info) const;
  // A pending restore gets other permissions. False: none is pending for this folder.
  bool ChangePending(const platform::FileInfo& info, uint32_t permissions);
  bool anything_to_restore() const { return !loosened_.empty(); }

 private:
  struct Component {
    std::string name;
    platform::Dir dir;  // closed when too many are open
  };
  struct Loosened {
    platform::Dir dir;
    uint64_t file_id;
    uint64_t device;
    uint32_t permissions;
  };

  absl::StatusOr<platform::Dir> OpenComponent(const platform::Dir& in, const std::string& name,
                                              Access access);

  platform::Dir top_;
  platform::FileInfo top_info_;
  std::vector<Component> chain_;
  absl::Duration opened_at_;
  std::vector<Loosened> loosened_;
};

}  // namespace syncline::folders

#endif  // SYNCLINE_PLUGINS_FOLDERS_TREE_H_
