// A host in a few lines for the tests of providers: loads a library, makes an instance through the
// C contract and keeps what it pushes, in C++ types.
#ifndef SYNCLINE_TESTS_UNIT_SDK_FAKE_HOST_H_
#define SYNCLINE_TESTS_UNIT_SDK_FAKE_HOST_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syncline/provider.h"

namespace syncline::testing {

inline syncline_str Bytes(std::string_view text) { return {text.data(), text.size()}; }
inline std::string Text(syncline_str text) {
  return text.len == 0 ? std::string() : std::string(text.ptr, text.len);
}

// What came through a record sink or a result sink.
struct Seen {
  std::string id;
  std::string key;
  std::string version;
  std::string name;
  uint64_t size = 0;
  int64_t mtime_ns = 0;
  uint32_t flags = 0;
};

struct Field {
  std::string name;
  std::string value;
  std::string other;
  bool operator==(const Field&) const = default;
};

// A loaded library. Throws std::runtime_error with the loader's words.
class Library {
 public:
  explicit Library(const std::string& path);
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  ~Library();
  // nullptr: it has no such symbol.
  const void* Symbol(const char* name) const;
  const syncline_entry* entry() const {
    return static_cast<const syncline_entry*>(Symbol("syncline_entry_1"));
  }

 private:
  void* handle_;
};

// A record that the instance left alone.
struct SetAside {
  Seen record;
  syncline_status why;
  std::string reason;
};

// How a call ended and all that it said.
struct Ended {
  syncline_status status = SYNCLINE_FAILED;
  std::vector<Seen> records;
  std::vector<std::string> gone;
  std::vector<SetAside> aside;
  std::string bytes;
  std::vector<Field> fields;
  std::optional<uint64_t> ticket;  // of the result
  bool removed = false;            // the result came without a record
  std::string summary;             // the explanation
  std::string detail;
  std::string setting;
  uint64_t progress = 0;  // the last one
};

// What a write is given. fails_after: that many bytes are given, then source_status.
struct Content {
  std::string text;
  size_t piece = 7;  // bytes for each read, so that short reads are the rule
  std::optional<size_t> fails_after = std::nullopt;
  syncline_status source_status = SYNCLINE_FAILED;
};

struct Order {
  std::string id;
  std::string key;
  std::string expected_version;
  std::string label = "";
  uint32_t flags = 0;
  uint64_t ticket = 1;
};

using Settings = std::map<std::string, std::string>;

// One instance of a provider, made but not opened. Throws std::runtime_error when create() refuses.
class Instance {
 public:
  Instance(const Library& library, Settings settings);
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;
  ~Instance();

  Ended Open();
  Ended Enumerate();
  Ended Read(std::string_view id);
  Ended Write(const Order& order, const Content& content);
  Ended Remove(std::string_view id, std::string_view expected_version);
  Ended Describe(std::string_view id);
  Ended Merge(const std::optional<std::string>& base, const std::string& mine,
              const std::string& theirs, int32_t favour);
  const void* Ability(const char* name) const { return table_->ability(table_->self, name); }

  uint32_t flags() const { return flags_; }  // of the replica
  // From the next call on, cancelled() answers this; after_pushes: only once that many records or
  // blocks were pushed.
  void Cancel(bool on, size_t after_pushes = 0) {
    cancelled_ = on;
    cancel_after_ = after_pushes;
  }
  // The record sink answers this to the n-th record from now (1 is the first).
  void RefuseRecord(size_t n, syncline_status status) {
    refuse_at_ = n;
    refuse_with_ = status;
  }
  const syncline_provider* table() const { return table_; }
  const syncline_call* call() const { return &call_; }

 private:
  static syncline_str SettingOf(void* ctx, syncline_str key);
  static int32_t IsCancelled(void* ctx);
  static syncline_status TakeRecord(void* ctx, const syncline_record* record);
  static syncline_status TakeBytes(void* ctx, const void* bytes, size_t length);
  syncline_record_sink RecordSink();
  syncline_byte_sink ByteSinkOf();
  syncline_result_sink ResultSink();
  syncline_field_sink FieldSink();
  Ended End(syncline_status status);

  Settings settings_;
  syncline_host host_;
  syncline_call call_;
  const syncline_provider* table_ = nullptr;
  uint32_t flags_ = 0;
  bool cancelled_ = false;
  size_t cancel_after_ = 0;
  size_t pushed_ = 0;
  size_t refuse_at_ = 0;
  syncline_status refuse_with_ = SYNCLINE_OK;
  Ended now_;
};

}  // namespace syncline::testing

#endif  // SYNCLINE_TESTS_UNIT_SDK_FAKE_HOST_H_
