// One side of a folder sync: everything that the contract asks of it, each method one call.
// Used by one thread at a time but for SameContent().
#ifndef SYNCLINE_PLUGINS_FOLDERS_REPLICA_H_
#define SYNCLINE_PLUGINS_FOLDERS_REPLICA_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "plugins/folders/content.h"
#include "plugins/folders/name_index.h"
#include "plugins/folders/names.h"
#include "plugins/folders/outcome.h"
#include "plugins/folders/stage.h"
#include "plugins/folders/tree.h"
#include "plugins/folders/version.h"
#include "syncline/provider.h"

namespace syncline::folders {

class Replica {
 public:
  explicit Replica(const syncline_host* host);

  const syncline_provider* table() const { return &table_; }
  syncline_provider* mutable_table() { return &table_; }

  Outcome Open(const syncline_replica_sink* sink);
  Outcome Enumerate(const syncline_call* call, const syncline_record_sink* records);
  Outcome Read(const syncline_call* call, std::string_view id, const syncline_byte_sink* content,
               const syncline_record_sink* as_read);
  Outcome Write(const syncline_call* call, const syncline_write* order,
                const syncline_byte_source* content);
  Outcome Copy(const syncline_call* call, Replica* from, std::string_view from_id,
               std::string_view from_version, const syncline_write* order);
  Outcome Remove(uint64_t ticket, std::string_view id, std::string_view expected_version,
                 const syncline_result_sink* result);
  Outcome Move(uint64_t ticket, std::string_view id, std::string_view expected_version,
               std::string_view wanted_key, const syncline_result_sink* result);
  Outcome Settle(const syncline_result_sink* results) {
    names_.Clear();  // some of what was staged may not get its place
    return stage_->Settle(results);
  }
  Outcome Compare(const syncline_call* call, std::string_view id, std::string_view version,
                  Replica* other, std::string_view other_id, std::string_view other_version,
                  int32_t* verdict);
  Outcome Describe(std::string_view id, const syncline_field_sink* fields);
  Outcome Check(Replica* other);

 private:
  // Where a record is to be stored.
  struct Target {
    std::string id;
    std::string folder_id;
    std::string name;
    bool exists = false;
    Look now;  // when it exists
  };
  using LinkKey = std::pair<uint64_t, uint64_t>;  // device, inode

  void Event(int32_t level, std::string_view id, std::string_view text) const;
  std::string Setting(std::string_view key) const;

  // The folder around id and the record as it is now.
  struct Found {
    const platform::Dir* folder;
    std::string name;
    Look look;
  };
  Outcome Find(std::string_view id, Access access, Found* found);

  Outcome Prepare(const syncline_write* order, Target* target);
  Outcome FreePlaceBeside(const syncline_write* order, Target* target);
  Outcome Store(const syncline_write* order, Content* content);
  Outcome StoreFile(uint64_t ticket, const Target& target, Content* content);
  Outcome StoreLink(uint64_t ticket, const Target& target, const Content& content);
  Outcome StoreFolder(uint64_t ticket, const Target& target, const Content& content);
  // What neither side loses by: every attribute, permissions for others only where both give them.
  Attributes Combined(const Attributes& theirs, uint32_t permissions,
                      const platform::UserAttributes& user, std::string_view id);
  Outcome StoreMetadata(uint64_t ticket, const Target& target, const Content& content,
                        bool combine);
  Outcome SetFileMetadata(const platform::Dir& folder, const Target& target, const Content& content,
                          bool combine);
  Outcome SetFolderMetadata(const platform::Dir& folder, const Target& target,
                            const Content& content, bool combine);
  Outcome FinishFolder(const platform::Dir& folder, const std::string& name, std::string_view id,
                       const Content& content);
  // Sets what the disk can keep; what it cannot is reported once and left out.
  Outcome SetAttributes(const platform::Handle& handle, const platform::Dir& folder,
                        std::string_view id, const platform::UserAttributes& user);
  Outcome SetPermissions(const platform::Handle& handle, std::string_view id, uint32_t permissions);
  // True when it was made as a further name of a file that is there already.
  bool StoreHardLink(const syncline_write* order, Replica* from, const platform::FileInfo& source,
                     std::string_view from_id, Outcome* outcome);
  // What a failure to write in folder_id means; the top being closed to us ends all writing.
  Outcome CannotWrite(std::string_view folder_id, std::string_view id,
                      const absl::Status& status) const;
  // Runs change; once more after loosening folder when it was denied.
  template <typename Change>
  absl::Status InFolder(const platform::Dir& folder, Change change) {
    absl::Status status = change();
    if (absl::IsPermissionDenied(status) && tree_.Loosen(folder)) status = change();
    return status;
  }

  Outcome RemoveOwnLeftovers(const platform::Dir& folder, const std::string& name,
                             std::string_view id);
  absl::Status Rename(const platform::Dir& from_dir, const std::string& from,
                      const platform::Dir& to_dir, const std::string& to, const Look& look);
  void PushStored(const syncline_result_sink* result, uint64_t ticket, std::string_view id,
                  const Look& look) const;
  void ReportLinks() const;

  const syncline_host* const host_;
  syncline_provider table_ = {};
  std::string location_;  // as given
  std::string path_;      // absolute
  NameRule name_rule_ = NameRule::kAuto;
  bool keep_links_ = false;
  Tree tree_;
  std::unique_ptr<Stage> stage_;
  NameIndex names_;
  bool told_no_attributes_ = false;
  bool told_no_permissions_ = false;
  uint64_t linked_files_ = 0;
  std::vector<std::string> first_linked_;
  std::map<LinkKey, std::vector<std::string>> links_;  // only with hardlinks=keep
};

}  // namespace syncline::folders

#endif  // SYNCLINE_PLUGINS_FOLDERS_REPLICA_H_
