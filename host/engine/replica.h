// One side of an item as the engine uses it: a provider instance behind the C contract of
// <syncline/provider.h>, with its abilities and their fallbacks. Calls are [replica]: one at a
// time.
#ifndef SYNCLINE_HOST_ENGINE_REPLICA_H_
#define SYNCLINE_HOST_ENGINE_REPLICA_H_

#include <syncline/provider.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/engine/memory.h"
#include "host/engine/monitor.h"
#include "host/engine/types.h"

namespace syncline::engine {

// What a call came to: a status of provider.h and what the provider says about it.
struct Outcome {
  syncline_status status = SYNCLINE_OK;
  std::string summary, detail, setting;

  bool ok() const { return status >= 0; }
  // For a person: summary, then detail.
  std::string Text() const;
  static Outcome Error(syncline_status status, std::string summary) {
    return {status, std::move(summary), "", ""};
  }
};

// Receives what became of ordered changes; see syncline_result_sink.
class Results {
 public:
  virtual ~Results() = default;
  virtual void Stored(uint64_t ticket, const Record* record) = 0;  // null: removed
  virtual void Failed(uint64_t ticket, const Outcome& outcome) = 0;
};

using Fields = std::vector<std::pair<std::string, std::string>>;
// Whose value a field is to take, by the field's name.
using Choices = std::map<std::string, Side>;
struct DifferingField {
  std::string name, mine, theirs;
};
// A record that its provider would put elsewhere if it were new.
struct Wanted {
  std::string id, key, version;  // key: the place, for Move()
  std::string from;              // where it is, for people
};

class Replica {
 public:
  using Settings = std::map<std::string, std::string>;
  // Makes an instance; nothing is opened. entry, monitor and results outlive it. On failure null,
  // and *why tells.
  static std::unique_ptr<Replica> Create(const syncline_entry* entry, Side side, Settings settings,
                                         Monitor* monitor, Results* results, Outcome* why);
  ~Replica();
  Replica(const Replica&) = delete;
  Replica& operator=(const Replica&) = delete;

  Side side() const { return side_; }
  const std::string& location() const { return settings_.at("location"); }

  // What the provider remembers; to be attached to the baseline, and saved before each commit.
  Memory& memory();

  Outcome Open();
  // Known after Open().
  bool ordered() const { return (replica_flags_ & SYNCLINE_ORDERED) != 0; }
  bool large_batches() const { return (replica_flags_ & SYNCLINE_LARGE_BATCHES) != 0; }
  bool read_only() const { return (replica_flags_ & SYNCLINE_READ_ONLY) != 0; }
  const std::string& identity() const { return identity_; }

  // visit is called for each record, on this thread; its answer goes back to the provider.
  using Visit = std::function<syncline_status(const syncline_record&)>;
  // aside is called for each record that the provider leaves alone.
  using Aside =
      std::function<syncline_status(const syncline_record&, syncline_status, std::string_view)>;
  Outcome Enumerate(const Visit& visit, const Aside& aside);
  // Appends the content to *content, at most limit bytes (INVALID beyond).
  Outcome Read(const std::string& id, size_t limit, std::string* content, Record* as_read);
  // Hands the content to take piece by piece.
  using Take = std::function<bool(std::string_view)>;
  Outcome ReadPieces(const std::string& id, const Take& take, Record* as_read);
  // What a merge needs of the record; purpose: SYNCLINE_FOR_ANCESTOR or _FOR_MERGE. UNSUPPORTED
  // without the ability, and when it is more than limit bytes.
  Outcome Essence(const std::string& id, int32_t purpose, size_t limit, std::string* essence,
                  Record* as_read);

  // Orders. Their results go to Results, at once or at Settle().
  Outcome WriteBytes(const syncline_write& order, std::string_view content);
  using Give = std::function<int64_t(char* buffer, size_t capacity)>;
  Outcome WritePieces(const syncline_write& order, uint64_t total, const Give& give);
  Outcome Remove(uint64_t ticket, const std::string& id, const std::string& expected_version);
  Outcome Move(uint64_t ticket, const std::string& id, const std::string& expected_version,
               const std::string& wanted_key);
  // UNSUPPORTED without the ability.
  Outcome Copy(Replica& from, const std::string& from_id, const std::string& from_version,
               const syncline_write& order);
  Outcome Settle();

  // Uses compare, else reads both and compares what is read. Contents only then: kSame or
  // kDifferent.
  Outcome Compare(const std::string& id, const std::string& version, Replica& other,
                  const std::string& other_id, const std::string& other_version,
                  Equality* equality);
  bool SameContent(const std::string& before, const std::string& after) const;
  // CONFLICT: fields differ that neither choices (by name) nor favour decides; they are in
  // *differing.
  Outcome Merge(const std::string* base, const std::string& mine, const std::string& theirs,
                int favour, const Choices& choices, std::string* merged,
                std::vector<DifferingField>* differing);
  Fields Describe(const std::string& id);
  // Together with the other side; OK without the ability. What it tells a person is an event in
  // the name of both sides; with tell_all false only its warnings are.
  Outcome Check(Replica* other, bool tell_all);
  // UNSUPPORTED without the ability. After Enumerate(); moves nothing.
  Outcome Arrange(std::vector<Wanted>* wanted);
  // Hears of a record its place and why it cannot be removed here; empty: it can.
  using TakeSafe = std::function<void(std::string_view place, std::string_view why_not)>;
  // UNSUPPORTED without the ability. After Enumerate() of both.
  Outcome Safe(Replica& other, const TakeSafe& take);

  bool can_move() const { return move_ != nullptr; }
  bool can_copy() const { return copy_ != nullptr; }
  bool can_merge() const { return merge_ != nullptr; }
  bool tells_essence() const { return essence_ != nullptr; }
  bool can_arrange() const { return arrange_ != nullptr; }

 private:
  struct CallFrame;  // the syncline_call of one running call
  Replica(Side side, Settings settings, Monitor* monitor, Results* results);
  template <typename F>
  Outcome Call(F&& f);
  template <typename T>
  const T* Ability(const char* name) const;
  syncline_result_sink ResultSink();
  syncline_record_sink OneRecordSink(Record* record);

  const Side side_;
  const Settings settings_;
  Monitor* const monitor_;
  Results* const results_;
  struct HostContext;
  std::unique_ptr<HostContext> context_;  // what host_ points to; outlives the instance
  syncline_host host_{};
  const syncline_provider* provider_ = nullptr;
  const syncline_settle* settle_ = nullptr;
  const syncline_move* move_ = nullptr;
  const syncline_copy* copy_ = nullptr;
  const syncline_compare* compare_ = nullptr;
  const syncline_merge* merge_ = nullptr;
  const syncline_essence* essence_ = nullptr;
  const syncline_describe* describe_ = nullptr;
  const syncline_check* check_ = nullptr;
  const syncline_arrange* arrange_ = nullptr;
  const syncline_safe* safe_ = nullptr;
  uint32_t replica_flags_ = 0;
  std::string identity_;
};

// Whether merges of records of these two are merges of their essences, and ancestors essences.
inline bool MergesEssences(const Replica& a, const Replica& b) {
  return a.tells_essence() && b.tells_essence();
}

}  // namespace syncline::engine

#endif  // SYNCLINE_HOST_ENGINE_REPLICA_H_
