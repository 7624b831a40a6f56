// One replica of the folders provider for tests: the built library, loaded once, behind a made-up
// host that remembers everything the provider says.
#ifndef SYNCLINE_TESTS_UNIT_FOLDERS_SIDE_H_
#define SYNCLINE_TESTS_UNIT_FOLDERS_SIDE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "syncline/provider.h"

namespace syncline::folders_test {

// A folder of its own, removed afterwards however deep and whatever its permissions.
class TempFolder {
 public:
  // In base when that exists, else where temporary files go.
  explicit TempFolder(const std::string& base = "");
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  const std::string& path() const { return path_; }
  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  std::string path_;
};

void Put(const std::string& path, std::string_view content);
std::string Get(const std::string& path);  // "(none)" when there is nothing
bool Exists(const std::string& path);
void MakeFolder(const std::string& path);
void SetTime(const std::string& path, int64_t ns);
int64_t TimeOf(const std::string& path);
uint32_t ModeOf(const std::string& path);
uint64_t InodeOf(const std::string& path);
// Every name below path, sorted, temporary ones included.
std::vector<std::string> AllNames(const std::string& path);

struct Record {
  uint32_t flags = 0;
  std::string id, key, version, identity, name, attributes;
  uint64_t size = 0;
  int64_t mtime_ns = 0;
  bool folder() const { return (flags & SYNCLINE_CONTAINER) != 0; }
  bool unknown() const { return (flags & SYNCLINE_UNKNOWN) != 0; }
};

struct Answer {
  syncline_status status = 0;
  std::string summary, detail, setting;
  bool has_record = false;  // stored was pushed, with a record
  int stored = 0;
  Record record;
};

struct Event {
  int32_t level;
  std::string id, text;
};

class Side {
 public:
  using Settings = std::map<std::string, std::string>;
  explicit Side(const std::string& location, Settings settings = {});
  ~Side();
  Side(const Side&) = delete;
  Side& operator=(const Side&) = delete;

  Answer Open();
  Answer Enumerate();
  const std::vector<Record>& records() const { return records_; }
  const Record* Find(std::string_view id) const;  // in records()
  // The record as it is now: enumerates anew and fails the test when it is not there.
  Record Now(std::string_view id);
  Answer Write(const Record& wanted, std::string_view content, std::string_view expected,
               uint32_t flags = 0, std::string_view label = "");
  Answer Copy(Side* from, std::string_view from_id, std::string_view from_version,
              std::string_view to_key, std::string_view expected, uint32_t flags = 0,
              std::string_view label = "");
  Answer Remove(std::string_view id, std::string_view expected);
  Answer Move(std::string_view id, std::string_view expected, std::string_view to);
  // The overall status; results by ticket in results().
  Answer Settle();
  const std::map<uint64_t, Answer>& results() const { return results_; }
  uint64_t last_ticket() const { return ticket_; }
  // The last order's result after a Settle().
  Answer Settled();
  Answer Compare(std::string_view id, std::string_view version, Side* other,
                 std::string_view other_id, std::string_view other_version, int32_t* verdict);
  bool SameContent(std::string_view before, std::string_view after);
  Answer Read(std::string_view id, std::string* content);
  std::map<std::string, std::string> Describe(std::string_view id);
  Answer Check(Side* other);
  void Destroy();

  const std::vector<Event>& events() const { return events_; }
  std::string opened_identity;
  uint32_t opened_flags = 0;
  // Called for each record that is listed; may answer SYNCLINE_PRUNE.
  std::function<syncline_status(const Record&)> on_record;
  std::function<void(uint64_t done)> on_progress;
  std::function<bool()> cancelled;
  std::function<void()> before_content;  // before write() gets the first byte
  const syncline_provider* provider() const { return provider_; }
  const syncline_call* call() const { return &call_; }

 private:
  template <typename T>
  const T* Ability(const char* name) {
    return static_cast<const T*>(provider_->ability(provider_->self, name));
  }
  Answer Take(syncline_status status);

  Settings settings_;
  syncline_host host_ = {};
  syncline_call call_ = {};
  const syncline_provider* provider_ = nullptr;
  std::vector<Record> records_;
  std::vector<Event> events_;
  std::map<uint64_t, Answer> results_;
  uint64_t ticket_ = 0;
  Answer answer_;
};

const syncline_entry* Entry();
// From now on Entry() is that of another copy of the library, with statics of its own.
void UseLibrary(const std::string& path);

// Copies everything from one side to the other, which must not have it, and settles.
void CopyAll(Side* from, Side* to);

}  // namespace syncline::folders_test

#endif  // SYNCLINE_TESTS_UNIT_FOLDERS_SIDE_H_
