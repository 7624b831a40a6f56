// What was written but is not visible yet: temporary files beside their targets, waiting for one
// flush for all and a rename each. What was never settled is removed again.
#ifndef SYNCLINE_PLUGINS_FOLDERS_STAGE_H_
#define SYNCLINE_PLUGINS_FOLDERS_STAGE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/status/statusor.h"
#include "plugins/folders/outcome.h"
#include "plugins/folders/tree.h"
#include "plugins/folders/version.h"
#include "sdk/platform/file_system.h"
#include "syncline/provider.h"

namespace syncline::folders {

// A record as it is on the disk now.
struct Look {
  platform::FileInfo info;  // a folder's permissions without a loosening
  uint64_t attributes_hash = 0;
  SmallBytes version;
};

class Stage {
 public:
  Stage(Tree* tree, std::string temporary_prefix, ChangeTime change_time)
      : tree_(tree), prefix_(std::move(temporary_prefix)), change_time_(change_time) {}
  ~Stage() { Discard(); }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  const std::string& prefix() const { return prefix_; }
  // NotFound when name is not there; a folder is opened to read its attributes.
  absl::StatusOr<Look> LookAt(const platform::Dir& dir, const std::string& name) const;
  // The same for what this sync has just renamed. One failure is not taken for an answer: with the
  // new ctime unknown, or the rename taken back, the record would pass for edited here.
  absl::StatusOr<Look> LookAfterRename(const platform::Dir& dir, const std::string& name) const;

  // A name for a temporary file in any folder. replaced: what it will be exchanged with; then the
  // name tells which inode is expected to come out, for TidyUp().
  std::string NewName(const platform::FileInfo* replaced);
  // A temporary file is complete under temporary in folder; settle moves it to id.
  // expected_version empty: nothing may be there.
  absl::Status Add(uint64_t ticket, const platform::Dir& folder, std::string id,
                   std::string temporary, std::string_view expected_version);
  // The record is in place already (a folder, changed metadata): only durability is open.
  void AddDone(uint64_t ticket, const platform::Dir& folder, std::string id, const Look& look);
  // Something else in folder changed that the next Settle() is to make durable.
  void Touch(const platform::Dir& folder);
  // The temporary name that will become id; empty: none is staged.
  std::string TemporaryOf(const std::string& id) const;
  bool IsStaged(std::string_view temporary_name) const;

  Outcome Settle(const syncline_result_sink* results);
  // Removes everything that is staged.
  void Discard();

  // Deals with a temporary file that a killed sync left in dir. When it is what an exchange brought
  // out and somebody had changed that at the last moment, it gets a visible name instead of being
  // removed: the returned one.
  std::optional<std::string> TidyUp(const platform::Dir& dir, const std::string& name) const;

  // Puts temporary in the place of name in dir, both in dir, when name still has expected_version.
  // What was there is removed. CONFLICT or CLASH: nothing changed, temporary is still there.
  Outcome Place(const platform::Dir& dir, const std::string& temporary, const std::string& name,
                std::string_view expected_version) const;

 private:
  struct Entry {
    uint64_t ticket = 0;
    std::string id;
    std::string temporary;  // empty: done already
    std::string expected_version;
    platform::FileInfo folder;  // where the temporary file is
    Look look;                  // as it was staged
    Outcome outcome;
  };
  struct Touched {
    uint64_t device;
    platform::Dir dir;
  };

  void Touch(const platform::Dir& folder, uint64_t device);
  Outcome Flush(bool directories);
  Outcome SettleOne(Entry* entry);
  Outcome Exchange(const platform::Dir& dir, const std::string& temporary, const std::string& name,
                   std::string_view expected_version) const;
  Outcome ReplaceInSteps(const platform::Dir& dir, const std::string& temporary,
                         const std::string& name, std::string_view expected_version) const;
  void RemoveTemporary(const Entry& entry);

  Tree* const tree_;
  const std::string prefix_;
  const ChangeTime change_time_;
  uint64_t counter_ = 0;
  std::vector<Entry> entries_;
  std::unordered_map<std::string, size_t> by_id_;
  std::vector<Touched> touched_;  // one folder on each file system
};

// Removes a file, link or empty folder.
absl::Status RemoveAny(const platform::Dir& dir, const std::string& name, platform::FileType type);
// Fills name with what is there when exactly these bytes are a name in dir.
bool HasExactName(const platform::Dir& dir, const std::string& name, std::string* similar);

}  // namespace syncline::folders

#endif  // SYNCLINE_PLUGINS_FOLDERS_STAGE_H_
