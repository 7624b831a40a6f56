// provider.hpp - the contract of provider.h for people who write C++20. Header only: nothing here
// crosses the boundary, and an author links nothing. provider.h stays the reference for what each
// call means; this file only changes the form.
//
//   class Notes {
//    public:
//     explicit Notes(syncline::Host host);
//     syncline::Replica open(const syncline::Call&);
//     void enumerate(const syncline::Call&, syncline::Records);
//     syncline::Record read(const syncline::Call&, std::string_view id, syncline::ByteSink);
//     syncline::Record write(const syncline::Call&, const syncline::WriteOrder&,
//     syncline::ByteSource); void remove(const syncline::Call&, const syncline::RemoveOrder&);
//   };
//   SYNCLINE_PROVIDER(Notes, R"({"id": "notes", "name": "Notes", "version": "1.0.0"})")
//
// There is no base class. An author's methods have the names of provider.h (all lower case, unlike
// the methods of the helpers here). A method with the name of an optional ability (settle, move,
// copy, compare, same_content, merge, essence, changes, describe, check, wait, collections,
// arrange, safe) offers it; with a signature that does not fit it is a compile error and never
// silently ignored.
//
// To refuse, throw Error. Any other exception becomes SYNCLINE_FAILED with its text.
#ifndef SYNCLINE_PROVIDER_HPP_
#define SYNCLINE_PROVIDER_HPP_

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>

#include "syncline/provider.h"

namespace syncline {

inline syncline_str Str(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view View(syncline_str text) {
  return text.len == 0 ? std::string_view() : std::string_view(text.ptr, text.len);
}

// Thrown to end a call with a negative status of provider.h. summary: what happened and what to do,
// one sentence for a person. setting: the key of the setting at fault. An empty summary explains
// nothing, which is right when passing on what a sink refused.
class Error : public std::exception {
 public:
  explicit Error(syncline_status status, std::string summary = {}, std::string detail = {},
                 std::string setting = {})
      : status_(status < 0 ? status : SYNCLINE_FAILED),
        summary_(std::move(summary)),
        detail_(std::move(detail)),
        setting_(std::move(setting)) {}

  const char* what() const noexcept override { return summary_.c_str(); }
  syncline_status status() const { return status_; }
  const std::string& summary() const { return summary_; }
  const std::string& detail() const { return detail_; }
  const std::string& setting() const { return setting_; }

 private:
  syncline_status status_;
  std::string summary_;
  std::string detail_;
  std::string setting_;
};

// A record made of borrowed text: filling and pushing one allocates nothing.
struct RecordView {
  std::string_view id = {};
  std::string_view key = {};
  std::string_view version = {};
  std::string_view identity = {};
  std::string_view name = {};
  std::string_view media_type = {};
  std::string_view attributes = {};
  uint64_t size = SYNCLINE_UNKNOWN_SIZE;     // bytes
  int64_t mtime_ns = SYNCLINE_UNKNOWN_TIME;  // since 1970
  uint32_t flags = 0;                        // SYNCLINE_CONTAINER ...

  bool container() const { return (flags & SYNCLINE_CONTAINER) != 0; }

  static RecordView Of(const syncline_record& raw) {
    return {View(raw.id),         View(raw.key),
            View(raw.version),    View(raw.identity),
            View(raw.name),       View(raw.media_type),
            View(raw.attributes), raw.size,
            raw.mtime_ns,         raw.flags};
  }
  syncline_record raw() const {
    return {sizeof(syncline_record),
            flags,
            Str(id),
            Str(key),
            Str(version),
            Str(identity),
            Str(name),
            Str(media_type),
            Str(attributes),
            size,
            mtime_ns};
  }
};

// A record that owns its text.
struct Record {
  std::string id = {};
  std::string key = {};
  std::string version = {};
  std::string identity = {};
  std::string name = {};
  std::string media_type = {};
  std::string attributes = {};
  uint64_t size = SYNCLINE_UNKNOWN_SIZE;     // bytes
  int64_t mtime_ns = SYNCLINE_UNKNOWN_TIME;  // since 1970
  uint32_t flags = 0;                        // SYNCLINE_CONTAINER ...

  // NOLINTNEXTLINE(google-explicit-constructor): wherever a view is taken, a record will do.
  operator RecordView() const {
    return {id, key, version, identity, name, media_type, attributes, size, mtime_ns, flags};
  }
};

// What open() tells about the place.
struct Replica {
  bool ordered = false;        // SYNCLINE_ORDERED
  bool read_only = false;      // SYNCLINE_READ_ONLY
  bool large_batches = false;  // SYNCLINE_LARGE_BATCHES
  std::string identity = {};
  std::string name = {};
};

// The running call. Methods may be used from any thread while the call runs.
class Call {
 public:
  explicit Call(const syncline_call* raw) : raw_(raw) {}
  bool Cancelled() const { return raw_->cancelled(raw_->ctx) != 0; }
  void ThrowIfCancelled() const {
    if (Cancelled()) throw Error(SYNCLINE_CANCELLED);
  }
  // Bytes of the record at work. Cheap enough for every block.
  void Progress(uint64_t done, uint64_t total = SYNCLINE_UNKNOWN_SIZE) const {
    raw_->progress(raw_->ctx, done, total);
  }
  const syncline_call* raw() const { return raw_; }

 private:
  const syncline_call* raw_;
};

// The host, from construction to destruction of the provider. Any thread, but for Secret().
class Host {
 public:
  explicit Host(const syncline_host* raw) : raw_(raw) {}
  // Valid as long as the provider.
  std::string_view Setting(std::string_view key) const {
    return View(raw_->setting(raw_->ctx, Str(key)));
  }
  std::string_view Location() const { return Setting("location"); }
  // One line for the technical log; level: SYNCLINE_DEBUG ... SYNCLINE_ERROR.
  void Log(int32_t level, std::string_view message) const {
    raw_->log(raw_->ctx, level, Str(message));
  }
  // One entry of the event history; id: the record concerned, or empty.
  void Event(int32_t level, std::string_view id, std::string_view text) const {
    raw_->event(raw_->ctx, level, Str(id), Str(text));
  }
  // nullopt: there is no such secret. Other failures throw Error.
  std::optional<std::string> Secret(std::string_view key) const;
  const void* Ability(const char* name) const { return raw_->ability(raw_->ctx, name); }
  // What was remembered of this side under name; nullopt: nothing, or the host remembers nothing.
  std::optional<std::string> Recall(std::string_view name) const;
  // Replaces it; an empty value forgets. Does nothing when the host remembers nothing.
  void Remember(std::string_view name, std::string_view value) const;
  const syncline_host* raw() const { return raw_; }

 private:
  const syncline_host* raw_;
};

// Where enumerate() and changes() put what they find.
class Records {
 public:
  explicit Records(const syncline_record_sink* raw) : raw_(raw) {}
  // False: leave out what is inside this container. Throws Error when the host wants no more.
  bool Push(const RecordView& record) const {
    const syncline_record raw_record = record.raw();
    const syncline_status status = raw_->record(raw_->ctx, &raw_record);
    if (status < 0) throw Error(status);
    return status != SYNCLINE_PRUNE;
  }
  // changes() only: id no longer exists.
  void Gone(std::string_view id) const {
    const syncline_status status = raw_->gone(raw_->ctx, Str(id));
    if (status < 0) throw Error(status);
  }
  // Leaves a record alone; why: SYNCLINE_OK, INVALID or CLASH, with the reason for a person.
  void Aside(const RecordView& record, syncline_status why, std::string_view reason) const {
    const syncline_record raw_record = record.raw();
    const syncline_status status = raw_->aside(raw_->ctx, &raw_record, why, Str(reason));
    if (status < 0) throw Error(status);
  }
  const syncline_record_sink* raw() const { return raw_; }

 private:
  const syncline_record_sink* raw_;
};

class ByteSink {
 public:
  explicit ByteSink(const syncline_byte_sink* raw) : raw_(raw) {}
  void Write(std::string_view bytes) const {
    const syncline_status status = raw_->write(raw_->ctx, bytes.data(), bytes.size());
    if (status < 0) throw Error(status);
  }
  const syncline_byte_sink* raw() const { return raw_; }

 private:
  const syncline_byte_sink* raw_;
};

class ByteSource {
 public:
  explicit ByteSource(const syncline_byte_source* raw) : raw_(raw) {}
  // Bytes in all, or SYNCLINE_UNKNOWN_SIZE.
  uint64_t total() const { return raw_ == nullptr ? 0 : raw_->total; }
  // Fewer bytes than asked for is normal; 0 is the end.
  size_t Read(char* buffer, size_t capacity) const {
    if (raw_ == nullptr) return 0;
    const int64_t count = raw_->read(raw_->ctx, buffer, capacity);
    if (count < 0) throw Error(static_cast<syncline_status>(count));
    return static_cast<size_t>(count);
  }
  // Everything up to the end; INVALID when that is more than limit bytes.
  std::string ReadAll(size_t limit = size_t{64} << 20) const {
    std::string all;
    char block[16 * 1024];
    while (const size_t count = Read(block, sizeof(block))) {
      if (count > limit - all.size()) {
        throw Error(SYNCLINE_INVALID, "The content is larger than this provider can hold.");
      }
      all.append(block, count);
    }
    return all;
  }
  const syncline_byte_source* raw() const { return raw_; }

 private:
  const syncline_byte_source* raw_;
};

// Named values for people.
class Fields {
 public:
  explicit Fields(const syncline_field_sink* raw) : raw_(raw) {}
  // describe(), collections() and safe() give value; merge() gives mine and theirs.
  void Push(std::string_view name, std::string_view value, std::string_view other = {}) const {
    raw_->field(raw_->ctx, Str(name), Str(value), Str(other));
  }
  const syncline_field_sink* raw() const { return raw_; }

 private:
  const syncline_field_sink* raw_;
};

// What became of staged operations: settle() tells it, one call for each ticket.
class Results {
 public:
  explicit Results(const syncline_result_sink* raw) : raw_(raw) {}
  void Stored(uint64_t ticket, const RecordView& record) const {
    const syncline_record raw_record = record.raw();
    raw_->stored(raw_->ctx, ticket, &raw_record);
  }
  void Removed(uint64_t ticket) const { raw_->stored(raw_->ctx, ticket, nullptr); }
  void Failed(uint64_t ticket, const Error& why) const {
    raw_->failed(raw_->ctx, ticket, why.status(), Str(why.summary()), Str(why.detail()));
  }
  const syncline_result_sink* raw() const { return raw_; }

 private:
  const syncline_result_sink* raw_;
};

// Orders borrow their text: it lives until the call returns.
struct WriteOrder {
  uint64_t ticket;
  RecordView wanted;
  std::string_view expected_version;  // empty: nothing is there
  std::string_view label;             // with beside
  bool beside;                        // SYNCLINE_BESIDE
  bool metadata_only;                 // SYNCLINE_METADATA_ONLY
  bool combine;                       // SYNCLINE_COMBINE
  bool essence;                       // SYNCLINE_ESSENCE
  const syncline_write* raw;
};
struct RemoveOrder {
  uint64_t ticket;
  std::string_view id;
  std::string_view expected_version;
};
struct MoveOrder {
  uint64_t ticket;
  std::string_view id;
  std::string_view expected_version;
  std::string_view wanted_key;
};

// write() and copy() return this: the record as it is now stored, or nullopt for "staged", which
// takes a settle(). A provider that never stages returns Record.
using Stored = std::optional<Record>;
// remove() returns this, or void when it never stages.
enum class Removal { kDone, kStaged };
// compare() returns this.
enum class Verdict : int32_t {
  kDifferent = SYNCLINE_DIFFERENT,
  kSameContent = SYNCLINE_SAME_CONTENT,
  kSame = SYNCLINE_SAME
};
enum class Favour : int32_t {
  kNone = SYNCLINE_FAVOUR_NONE,
  kMine = SYNCLINE_FAVOUR_MINE,
  kTheirs = SYNCLINE_FAVOUR_THEIRS
};
struct MergeInput {
  std::optional<ByteSource> base;  // nullopt: the record never was in step
  ByteSource mine;
  ByteSource theirs;
  Favour favour;
  std::span<const syncline_choice> choices;  // of single fields

  // Who wins a field that both changed differently.
  Favour For(std::string_view field) const {
    for (const syncline_choice& choice : choices) {
      if (View(choice.field) == field) return static_cast<Favour>(choice.favour);
    }
    return favour;
  }
};
// What essence() is for.
enum class Purpose : int32_t { kAncestor = SYNCLINE_FOR_ANCESTOR, kMerge = SYNCLINE_FOR_MERGE };
// changes() returns this; more: the host is to ask again with the new token.
struct ChangesEnd {
  std::string token;
  bool more = false;
};

namespace internal {
inline syncline_status AppendTo(void* ctx, const void* bytes, size_t length) {
  try {
    static_cast<std::string*>(ctx)->append(static_cast<const char*>(bytes), length);
    return SYNCLINE_OK;
  } catch (...) {
    return SYNCLINE_FAILED;
  }
}
}  // namespace internal

inline std::optional<std::string> Host::Secret(std::string_view key) const {
  std::string value;
  const syncline_byte_sink sink = {sizeof(sink), &value, &internal::AppendTo};
  const syncline_status status = raw_->secret(raw_->ctx, Str(key), &sink);
  if (status == SYNCLINE_NOT_FOUND) return std::nullopt;
  if (status < 0) throw Error(status);
  return value;
}

inline std::optional<std::string> Host::Recall(std::string_view name) const {
  const auto* memory = static_cast<const syncline_memory*>(Ability(SYNCLINE_HOST_MEMORY));
  if (memory == nullptr) return std::nullopt;
  std::string value;
  const syncline_byte_sink sink = {sizeof(sink), &value, &internal::AppendTo};
  const syncline_status status = memory->recall(raw_->ctx, Str(name), &sink);
  if (status == SYNCLINE_NOT_FOUND) return std::nullopt;
  if (status < 0) throw Error(status);
  return value;
}

inline void Host::Remember(std::string_view name, std::string_view value) const {
  const auto* memory = static_cast<const syncline_memory*>(Ability(SYNCLINE_HOST_MEMORY));
  if (memory == nullptr) return;
  const syncline_status status = memory->remember(raw_->ctx, Str(name), Str(value));
  if (status < 0) throw Error(status);
}

// ---- What an author's class must and may offer --------------------------------------------------

template <class P>
concept Opens = requires(P p, const Call& call) {
  { p.open(call) } -> std::convertible_to<Replica>;
};
template <class P>
concept Enumerates = requires(P p, const Call& call, Records records) {
  { p.enumerate(call, records) } -> std::same_as<void>;
};
template <class P>
concept Reads = requires(P p, const Call& call, std::string_view id, ByteSink content) {
  { p.read(call, id, content) } -> std::convertible_to<Record>;
};
template <class P>
concept Writes = requires(P p, const Call& call, const WriteOrder& order, ByteSource content) {
  { p.write(call, order, content) } -> std::convertible_to<Stored>;
};
template <class T>
concept RemovalResult = std::same_as<T, void> || std::same_as<T, Removal>;
template <class P>
concept Removes = requires(P p, const Call& call, const RemoveOrder& order) {
  { p.remove(call, order) } -> RemovalResult;
};
template <class P>
concept Provider = std::constructible_from<P, Host> && Opens<P> && Enumerates<P> && Reads<P> &&
    Writes<P> && Removes<P>;

template <class P>
concept Settles = requires(P p, const Call& call, Results results) {
  { p.settle(call, results) } -> std::same_as<void>;
};
template <class P>
concept Moves = requires(P p, const Call& call, const MoveOrder& order) {
  { p.move(call, order) } -> std::convertible_to<Record>;
};
template <class P>
concept Copies = requires(P p, const Call& call, P& from, std::string_view text,
                          const WriteOrder& order) {
  { p.copy(call, from, text, text, order) } -> std::convertible_to<Stored>;
};
template <class P>
concept Compares = requires(P p, const Call& call, std::string_view text, P& other) {
  { p.compare(call, text, text, other, text, text) } -> std::same_as<Verdict>;
};
template <class P>
concept KnowsSameContent = requires(const P p, std::string_view version) {
  { p.same_content(version, version) } -> std::same_as<bool>;
};
template <class P>
concept Merges = requires(const P p, const Call& call, const MergeInput& input, ByteSink merged,
                          Fields differing) {
  { p.merge(call, input, merged, differing) } -> std::same_as<bool>;
};
template <class P>
concept TellsEssence = requires(P p, const Call& call, std::string_view id, Purpose purpose,
                                ByteSink content) {
  { p.essence(call, id, purpose, content) } -> std::convertible_to<Record>;
};
template <class P>
concept TellsChanges = requires(P p, const Call& call, std::string_view since, Records records) {
  { p.changes(call, since, records) } -> std::same_as<ChangesEnd>;
};
template <class P>
concept Describes = requires(P p, const Call& call, std::string_view id, Fields fields) {
  { p.describe(call, id, fields) } -> std::same_as<void>;
};
template <class P>
concept Checks = requires(P p, const Call& call, P* other) {
  { p.check(call, other) } -> std::same_as<void>;
};
template <class P>
concept Waits = requires(P p, const Call& call) {
  { p.wait(call) } -> std::same_as<void>;
};
template <class P>
concept ListsCollections = requires(P p, const Call& call, Fields found) {
  { p.collections(call, found) } -> std::same_as<void>;
};
template <class P>
concept Arranges = requires(P p, const Call& call, Records wanted) {
  { p.arrange(call, wanted) } -> std::same_as<void>;
};
template <class P>
concept TellsSafe = requires(P p, const Call& call, P& other, Fields records) {
  { p.safe(call, other, records) } -> std::same_as<void>;
};

}  // namespace syncline

#include "syncline/provider_glue.hpp"

// Once in the library, outside any namespace. manifest: a string literal, JSON as in provider.h.
#define SYNCLINE_PROVIDER(Type, manifest)                                                 \
  extern "C" {                                                                            \
  constinit const syncline_entry syncline_entry_1 = {                                     \
      sizeof(syncline_entry), SYNCLINE_ABI_MAJOR, SYNCLINE_ABI_MINOR,                     \
      syncline_str{manifest, sizeof(manifest) - 1}, &syncline::glue::Glue<Type>::Create}; \
  }                                                                                       \
  static_assert(sizeof(manifest) > 1, "SYNCLINE_PROVIDER needs a manifest")

#endif  // SYNCLINE_PROVIDER_HPP_
