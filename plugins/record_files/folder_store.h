// A folder with one file for each record (a vdir). Other files, hidden ones and subfolders are none
// of its business.
#ifndef SYNCLINE_PLUGINS_RECORD_FILES_FOLDER_STORE_H_
#define SYNCLINE_PLUGINS_RECORD_FILES_FOLDER_STORE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "absl/status/statusor.h"
#include "plugins/record_files/content.h"
#include "plugins/record_files/store.h"

namespace syncline::record_files {

class FolderStore : public Store {
 public:
  FolderStore(const Host& host, const Format& format, Place place);
  FolderStore(const FolderStore&) = delete;
  FolderStore& operator=(const FolderStore&) = delete;
  ~FolderStore() override;  // removes what is staged

  void Enumerate(const Call& call, const Records& records) override;
  Current Get(std::string_view id) override;
  std::string VersionOf(std::string_view id) override;
  void StageWrite(const WriteOrder& order, std::string content) override;
  void StageRemove(const RemoveOrder& order) override;
  void Settle(const Call& call, const Results& results) override;
  const Place& place() const override { return place_; }

 private:
  // What the last look at a file found.
  struct Known {
    platform::FileInfo info;
    bool fresh = false;  // written to just before: the times may hide another write
    bool too_large = false;
    size_t count = 0;  // records in it
    size_t sound = 0;  // of them without a problem
    Entry entry;       // the first
    std::vector<std::string> other_keys;
    std::string problem;  // of the first that has one
    uint64_t problem_line = 0;

    // The version of the one good record in it; empty: it holds anything else.
    std::string_view version() const {
      return count == 1 && entry.problem.empty() ? std::string_view(entry.version)
                                                 : std::string_view();
    }
  };
  // A change that waits for Settle().
  struct Order {
    uint64_t ticket = 0;
    std::string name;       // of the file; empty: a new one
    std::string expected;   // version; empty: a new one
    std::string temporary;  // what is to be put there; empty: remove
    platform::FileInfo written;
    Entry entry;
    bool done = false;
  };

  // The file as it is now; reads it only when it may have changed.
  absl::StatusOr<const Known*> Look(const std::string& name);
  absl::StatusOr<const Known*> Take(const std::string& name, absl::StatusOr<FileBytes> read);
  // What cannot be read, as an aside. True: its key cannot be told, so it may be any record.
  bool PushUnread(const std::string& name, const absl::Status& why, const Records& records);
  // The names of the record files, sorted. Tidies up, and forgets files that are gone.
  std::vector<std::string> List();
  void PushFile(const std::string& name, const Records& records,
                const std::unordered_map<std::string_view, std::vector<const std::string*>>& keys);
  // Whether the file that stands at this name is the one that known describes.
  bool Holds(const std::string& name, const platform::FileInfo& info, const Known& known,
             std::string_view version) const;
  const Known& Expect(const std::string& name, std::string_view version);
  absl::Status FlushStaged() const;
  void SettleOne(Order* order);
  void PlaceNew(Order* order);
  void PlaceOver(Order* order);
  void RemoveOne(const Order& order);
  void Remember(const std::string& name, const Order& order);
  void ForgetKey(const std::string& key, const std::string& name);
  // Fills keys_ anew; looks at files that were not listed yet.
  void RefreshKeys();
  std::string FreeName(std::string_view key) const;
  void Discard();

  const Host host_;
  const Format& format_;
  const Place place_;
  Temporaries temporaries_;
  bool listed_ = false;
  std::unordered_map<std::string, Known> files_;
  std::unordered_set<std::string> not_plain_;          // listed pipes and devices, never opened
  std::unordered_map<std::string, std::string> keys_;  // to the name; only during Settle()
  std::unordered_set<std::string> folded_;             // all names in the folder, in small letters
  std::unordered_set<std::string> staged_keys_;
  std::vector<Order> orders_;
};

}  // namespace syncline::record_files

#endif  // SYNCLINE_PLUGINS_RECORD_FILES_FOLDER_STORE_H_
