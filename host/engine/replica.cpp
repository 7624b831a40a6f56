// A provider instance behind the C contract. See replica.h. Each sink is a small function that
// finds its C++ object through ctx; no exception may cross, and none is thrown here.
#include "host/engine/replica.h"

#include <algorithm>
#include <atomic>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "sdk/platform/process.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace syncline::engine {

std::string Outcome::Text() const {
  if (summary.empty()) {
    return detail.empty() ? absl::StrCat("the provider gave status ", status, " and no reason")
                          : detail;
  }
  // The detail goes before the full stop that ends the sentence.
  if (detail.empty()) return summary;
  const bool stop = summary.back() == '.';
  return absl::StrCat(stop ? summary.substr(0, summary.size() - 1) : summary, " (", detail, ")",
                      stop ? "." : "");
}

// ctx of syncline_call. Lives on the stack of the call.
struct Replica::CallFrame {
  Monitor* monitor;
  Outcome outcome;
  syncline_call call;

  explicit CallFrame(Monitor* m) : monitor(m) {
    call = {sizeof(syncline_call), this, &Cancelled, &Progress, &Explain};
  }
  static int32_t SYNCLINE_CALL Cancelled(void* ctx) {
    auto* frame = static_cast<CallFrame*>(ctx);
    return frame->monitor->cancelled() ? 1 : 0;
  }
  static void SYNCLINE_CALL Progress(void* ctx, uint64_t done, uint64_t /*total*/) {
    auto* frame = static_cast<CallFrame*>(ctx);
    frame->monitor->WithinRecord(done);
    frame->monitor->Touch();
  }
  static void SYNCLINE_CALL Explain(void* ctx, syncline_str summary, syncline_str detail,
                                    syncline_str setting) {
    auto* frame = static_cast<CallFrame*>(ctx);
    frame->outcome.summary = View(summary);
    frame->outcome.detail = View(detail);
    frame->outcome.setting = View(setting);
  }
};

// ctx of syncline_host.
struct Replica::HostContext {
  Side side;
  const Settings* settings;
  Monitor* monitor;
  Memory memory;
  // Of events, which may come from any thread.
  std::atomic<int> least_level = SYNCLINE_INFO;
  std::atomic<bool> for_both = false;  // they concern both sides

  static void SYNCLINE_CALL Log(void* ctx, int32_t level, syncline_str message) {
    static_cast<HostContext*>(ctx)->monitor->Log(level, View(message));
  }

  static void SYNCLINE_CALL Event(void* ctx, int32_t level, syncline_str id, syncline_str text) {
    auto* host = static_cast<HostContext*>(ctx);
    host->monitor->Touch();
    const int clamped = std::clamp<int>(level, SYNCLINE_INFO, SYNCLINE_ERROR);
    if (clamped < host->least_level) return;
    const std::string whose =
        host->for_both ? "" : absl::StrCat("side ", host->side == Side::kA ? "A" : "B", ": ");
    host->monitor->Event(clamped, View(id), "provider",
                         absl::StrCat(whose, std::string(View(text))));
  }

  static syncline_str SYNCLINE_CALL Setting(void* ctx, syncline_str key) {
    auto* host = static_cast<HostContext*>(ctx);
    const auto found = host->settings->find(std::string(View(key)));
    return found == host->settings->end() ? syncline_str{nullptr, 0} : Str(found->second);
  }

  static syncline_status SYNCLINE_CALL Secret(void* /*ctx*/, syncline_str /*key*/,
                                              const syncline_byte_sink* /*sink*/) {
    return SYNCLINE_NOT_FOUND;
  }

  static syncline_status SYNCLINE_CALL Recall(void* ctx, syncline_str name,
                                              const syncline_byte_sink* value) {
    const absl::StatusOr<std::string> found =
        static_cast<HostContext*>(ctx)->memory.Recall(View(name));
    // Whatever keeps it from being read: forgetting costs time and nothing else.
    if (!found.ok()) return SYNCLINE_NOT_FOUND;
    return value->write(value->ctx, found->data(), found->size());
  }

  static syncline_status SYNCLINE_CALL Remember(void* ctx, syncline_str name, syncline_str value) {
    static_cast<HostContext*>(ctx)->memory.Remember(View(name), View(value));
    return SYNCLINE_OK;
  }

  static const void* SYNCLINE_CALL Ability(void* /*ctx*/, const char* name) {
    static constexpr syncline_memory kMemory = {sizeof(syncline_memory), &Recall, &Remember};
    return std::string_view(name) == SYNCLINE_HOST_MEMORY ? &kMemory : nullptr;
  }
};

Memory& Replica::memory() { return context_->memory; }

namespace {

syncline_status SYNCLINE_CALL TakeRecord(void* ctx, const syncline_record* record) {
  *static_cast<Record*>(ctx) = Record::From(*record);
  return SYNCLINE_OK;
}

syncline_status SYNCLINE_CALL TakeGone(void* /*ctx*/, syncline_str /*id*/) {
  return SYNCLINE_UNSUPPORTED;  // only meant during changes()
}

syncline_status SYNCLINE_CALL TakeAside(void* /*ctx*/, const syncline_record* /*record*/,
                                        syncline_status /*why*/, syncline_str /*reason*/) {
  return SYNCLINE_UNSUPPORTED;  // only meant during enumerate()
}

void SYNCLINE_CALL TakeStored(void* ctx, uint64_t ticket, const syncline_record* record) {
  auto* results = static_cast<Results*>(ctx);
  if (record == nullptr) {
    results->Stored(ticket, nullptr);
    return;
  }
  const Record copy = Record::From(*record);
  results->Stored(ticket, &copy);
}

void SYNCLINE_CALL TakeFailed(void* ctx, uint64_t ticket, syncline_status status,
                              syncline_str summary, syncline_str detail) {
  Outcome outcome;
  outcome.status = status >= 0 ? SYNCLINE_FAILED : status;
  outcome.summary = View(summary);
  outcome.detail = View(detail);
  static_cast<Results*>(ctx)->Failed(ticket, outcome);
}

struct PieceSink {
  const Replica::Take* take;
  Monitor* monitor;
  static syncline_status SYNCLINE_CALL Write(void* ctx, const void* bytes, size_t len) {
    auto* sink = static_cast<PieceSink*>(ctx);
    sink->monitor->Touch();
    return (*sink->take)({static_cast<const char*>(bytes), len}) ? SYNCLINE_OK : SYNCLINE_INVALID;
  }
};

// Appends to *content as long as that is at most limit bytes.
Replica::Take UpTo(size_t limit, std::string* content, bool* too_large) {
  content->clear();
  return [limit, content, too_large](std::string_view piece) {
    *too_large = *too_large || piece.size() > limit - content->size();
    if (!*too_large) content->append(piece);
    return !*too_large;
  };
}

struct StringSource {
  std::string_view rest;
  static int64_t SYNCLINE_CALL Read(void* ctx, void* buffer, size_t capacity) {
    auto* source = static_cast<StringSource*>(ctx);
    const size_t n = std::min(capacity, source->rest.size());
    if (n != 0) std::memcpy(buffer, source->rest.data(), n);
    source->rest.remove_prefix(n);
    return static_cast<int64_t>(n);
  }
};

struct PieceSource {
  const Replica::Give* give;
  Monitor* monitor;
  static int64_t SYNCLINE_CALL Read(void* ctx, void* buffer, size_t capacity) {
    auto* source = static_cast<PieceSource*>(ctx);
    source->monitor->Touch();
    return (*source->give)(static_cast<char*>(buffer), capacity);
  }
};

}  // namespace

Replica::Replica(Side side, Settings settings, Monitor* monitor, Results* results)
    : side_(side), settings_(std::move(settings)), monitor_(monitor), results_(results) {}

Replica::~Replica() {
  if (provider_ != nullptr) provider_->destroy(provider_->self);
}

template <typename F>
Outcome Replica::Call(F&& f) {
  CallFrame frame(monitor_);
  monitor_->Touch();
  const syncline_status status = f(&frame.call);
  monitor_->Touch();
  frame.outcome.status = status;
  if (status < 0 && status < SYNCLINE_CLASH) frame.outcome.status = SYNCLINE_FAILED;
  return std::move(frame.outcome);
}

template <typename T>
const T* Replica::Ability(const char* name) const {
  return static_cast<const T*>(provider_->ability(provider_->self, name));
}

syncline_result_sink Replica::ResultSink() {
  return {sizeof(syncline_result_sink), results_, &TakeStored, &TakeFailed};
}

syncline_record_sink Replica::OneRecordSink(Record* record) {
  return {sizeof(syncline_record_sink), record, &TakeRecord, &TakeGone, &TakeAside};
}

std::unique_ptr<Replica> Replica::Create(const syncline_entry* entry, Side side, Settings settings,
                                         Monitor* monitor, Results* results, Outcome* why) {
  std::unique_ptr<Replica> replica(new Replica(side, std::move(settings), monitor, results));
  replica->context_.reset(new HostContext{side, &replica->settings_, monitor, {}});
  replica->host_ = {sizeof(syncline_host), replica->context_.get(), &HostContext::Log,
                    &HostContext::Event,   &HostContext::Setting,   &HostContext::Secret,
                    &HostContext::Ability};
  *why = replica->Call([&](const syncline_call* call) {
    return entry->create(&replica->host_, call, &replica->provider_);
  });
  if (!why->ok()) {
    replica->provider_ = nullptr;
    return nullptr;
  }
  if (replica->provider_ == nullptr) {
    *why = Outcome::Error(SYNCLINE_BROKEN, "the provider made no instance and gave no reason");
    return nullptr;
  }
  replica->settle_ = replica->Ability<syncline_settle>(SYNCLINE_ABILITY_SETTLE);
  replica->move_ = replica->Ability<syncline_move>(SYNCLINE_ABILITY_MOVE);
  replica->copy_ = replica->Ability<syncline_copy>(SYNCLINE_ABILITY_COPY);
  replica->compare_ = replica->Ability<syncline_compare>(SYNCLINE_ABILITY_COMPARE);
  replica->merge_ = replica->Ability<syncline_merge>(SYNCLINE_ABILITY_MERGE);
  replica->essence_ = replica->Ability<syncline_essence>(SYNCLINE_ABILITY_ESSENCE);
  replica->describe_ = replica->Ability<syncline_describe>(SYNCLINE_ABILITY_DESCRIBE);
  replica->check_ = replica->Ability<syncline_check>(SYNCLINE_ABILITY_CHECK);
  replica->arrange_ = replica->Ability<syncline_arrange>(SYNCLINE_ABILITY_ARRANGE);
  replica->safe_ = replica->Ability<syncline_safe>(SYNCLINE_ABILITY_SAFE);
  return replica;
}

Outcome Replica::Open() {
  const syncline_replica_sink sink = {
      sizeof(syncline_replica_sink), this,
      [](void* ctx, const syncline_replica* replica) -> syncline_status {
        auto* self = static_cast<Replica*>(ctx);
        self->replica_flags_ = replica->flags;
        self->identity_ = View(replica->identity);
        return SYNCLINE_OK;
      }};
  return Call(
      [&](const syncline_call* call) { return provider_->open(provider_->self, call, &sink); });
}

Outcome Replica::Enumerate(const Visit& visit, const Aside& aside) {
  struct Context {
    const Visit* visit;
    const Aside* aside;
    Monitor* monitor;
  } context{&visit, &aside, monitor_};
  const syncline_record_sink sink = {
      sizeof(syncline_record_sink), &context,
      [](void* ctx, const syncline_record* record) -> syncline_status {
        auto* c = static_cast<Context*>(ctx);
        c->monitor->Touch();
        if (c->monitor->cancelled()) return SYNCLINE_CANCELLED;
        return (*c->visit)(*record);
      },
      &TakeGone,
      [](void* ctx, const syncline_record* record, syncline_status why,
         syncline_str reason) -> syncline_status {
        auto* c = static_cast<Context*>(ctx);
        c->monitor->Touch();
        if (c->monitor->cancelled()) return SYNCLINE_CANCELLED;
        return (*c->aside)(*record, why, View(reason));
      }};
  return Call([&](const syncline_call* call) {
    return provider_->enumerate(provider_->self, call, &sink);
  });
}

Outcome Replica::Read(const std::string& id, size_t limit, std::string* content, Record* as_read) {
  bool too_large = false;
  Outcome outcome = ReadPieces(id, UpTo(limit, content, &too_large), as_read);
  if (too_large) {
    return Outcome::Error(SYNCLINE_INVALID,
                          absl::StrCat("its content is larger than ", limit >> 20, " MiB"));
  }
  return outcome;
}

Outcome Replica::ReadPieces(const std::string& id, const Take& take, Record* as_read) {
  PieceSink context{&take, monitor_};
  const syncline_byte_sink bytes = {sizeof(syncline_byte_sink), &context, &PieceSink::Write};
  const syncline_record_sink record = OneRecordSink(as_read);
  return Call([&](const syncline_call* call) {
    return provider_->read(provider_->self, call, Str(id), &bytes, &record);
  });
}

Outcome Replica::Essence(const std::string& id, int32_t purpose, size_t limit, std::string* essence,
                         Record* as_read) {
  if (essence_ == nullptr) return Outcome::Error(SYNCLINE_UNSUPPORTED, "");
  bool too_large = false;
  const Take take = UpTo(limit, essence, &too_large);
  PieceSink context{&take, monitor_};
  const syncline_byte_sink bytes = {sizeof(syncline_byte_sink), &context, &PieceSink::Write};
  const syncline_record_sink record = OneRecordSink(as_read);
  Outcome outcome = Call([&](const syncline_call* call) {
    return essence_->essence(provider_->self, call, Str(id), purpose, &bytes, &record);
  });
  if (too_large) {
    return Outcome::Error(SYNCLINE_UNSUPPORTED,
                          absl::StrCat("it cannot be merged: what a merge needs of it is larger "
                                       "than ",
                                       limit >> 20, " MiB"));
  }
  return outcome;
}

Outcome Replica::WriteBytes(const syncline_write& order, std::string_view content) {
  StringSource context{content};
  const syncline_byte_source source = {sizeof(syncline_byte_source), &context, content.size(),
                                       &StringSource::Read};
  const syncline_result_sink result = ResultSink();
  return Call([&](const syncline_call* call) {
    return provider_->write(provider_->self, call, &order, &source, &result);
  });
}

Outcome Replica::WritePieces(const syncline_write& order, uint64_t total, const Give& give) {
  PieceSource context{&give, monitor_};
  const syncline_byte_source source = {sizeof(syncline_byte_source), &context, total,
                                       &PieceSource::Read};
  const syncline_result_sink result = ResultSink();
  return Call([&](const syncline_call* call) {
    return provider_->write(provider_->self, call, &order, &source, &result);
  });
}

Outcome Replica::Remove(uint64_t ticket, const std::string& id,
                        const std::string& expected_version) {
  const syncline_result_sink result = ResultSink();
  return Call([&](const syncline_call* call) {
    return provider_->remove(provider_->self, call, ticket, Str(id), Str(expected_version),
                             &result);
  });
}

Outcome Replica::Move(uint64_t ticket, const std::string& id, const std::string& expected_version,
                      const std::string& wanted_key) {
  if (move_ == nullptr) return Outcome::Error(SYNCLINE_UNSUPPORTED, "");
  const syncline_result_sink result = ResultSink();
  return Call([&](const syncline_call* call) {
    return move_->move(provider_->self, call, ticket, Str(id), Str(expected_version),
                       Str(wanted_key), &result);
  });
}

Outcome Replica::Copy(Replica& from, const std::string& from_id, const std::string& from_version,
                      const syncline_write& order) {
  if (copy_ == nullptr) return Outcome::Error(SYNCLINE_UNSUPPORTED, "");
  const syncline_result_sink result = ResultSink();
  return Call([&](const syncline_call* call) {
    return copy_->copy(provider_->self, call, from.provider_->self, Str(from_id), Str(from_version),
                       &order, &result);
  });
}

Outcome Replica::Settle() {
  if (settle_ == nullptr) return {};
  const syncline_result_sink result = ResultSink();
  return Call(
      [&](const syncline_call* call) { return settle_->settle(provider_->self, call, &result); });
}

Outcome Replica::Compare(const std::string& id, const std::string& version, Replica& other,
                         const std::string& other_id, const std::string& other_version,
                         Equality* equality) {
  if (compare_ != nullptr && compare_->compare != nullptr) {
    int32_t verdict = SYNCLINE_DIFFERENT;
    Outcome outcome = Call([&](const syncline_call* call) {
      return compare_->compare(provider_->self, call, Str(id), Str(version), other.provider_->self,
                               Str(other_id), Str(other_version), &verdict);
    });
    *equality = verdict == SYNCLINE_SAME           ? Equality::kSame
                : verdict == SYNCLINE_SAME_CONTENT ? Equality::kSameContent
                                                   : Equality::kDifferent;
    if (outcome.status != SYNCLINE_UNSUPPORTED) return outcome;
  }
  // Both contents, 128-bit hashed: two different ones look equal once in 2^64 pairs.
  XXH128_hash_t hash[2];
  Replica* const replicas[2] = {this, &other};
  const std::string* const ids[2] = {&id, &other_id};
  const std::string* const versions[2] = {&version, &other_version};
  for (int i = 0; i < 2; ++i) {
    XXH3_state_t state;
    XXH3_128bits_reset(&state);
    Record as_read;
    Outcome outcome = replicas[i]->ReadPieces(
        *ids[i],
        [&](std::string_view piece) {
          XXH3_128bits_update(&state, piece.data(), piece.size());
          return true;
        },
        &as_read);
    if (!outcome.ok()) return outcome;
    if (as_read.version != *versions[i]) {
      return Outcome::Error(SYNCLINE_CONFLICT, "it changed while it was compared");
    }
    hash[i] = XXH3_128bits_digest(&state);
  }
  *equality = XXH128_isEqual(hash[0], hash[1]) != 0 ? Equality::kSame : Equality::kDifferent;
  return {};
}

bool Replica::SameContent(const std::string& before, const std::string& after) const {
  if (before == after) return true;
  if (compare_ == nullptr || compare_->same_content == nullptr) return false;
  return compare_->same_content(provider_->self, Str(before), Str(after)) != 0;
}

Outcome Replica::Merge(const std::string* base, const std::string& mine, const std::string& theirs,
                       int favour, const Choices& choices, std::string* merged,
                       std::vector<DifferingField>* differing) {
  if (merge_ == nullptr) return Outcome::Error(SYNCLINE_UNSUPPORTED, "");
  StringSource contents[3] = {{base == nullptr ? std::string_view() : *base}, {mine}, {theirs}};
  syncline_byte_source sources[3];
  for (int i = 0; i < 3; ++i) {
    sources[i] = {sizeof(syncline_byte_source), &contents[i], contents[i].rest.size(),
                  &StringSource::Read};
  }
  merged->clear();
  differing->clear();
  const Take take = [&](std::string_view piece) {
    merged->append(piece);
    return true;
  };
  PieceSink pieces{&take, monitor_};
  const syncline_byte_sink sink = {sizeof(syncline_byte_sink), &pieces, &PieceSink::Write};
  const syncline_field_sink fields = {
      sizeof(syncline_field_sink), differing,
      [](void* ctx, syncline_str name, syncline_str mine_value, syncline_str theirs_value) {
        static_cast<std::vector<DifferingField>*>(ctx)->push_back(
            {std::string(View(name)), std::string(View(mine_value)),
             std::string(View(theirs_value))});
      }};
  std::vector<syncline_choice> raw_choices;
  for (const auto& [field, side] : choices) {
    raw_choices.push_back(
        {sizeof(syncline_choice),
         side == Side::kA ? int32_t{SYNCLINE_FAVOUR_MINE} : int32_t{SYNCLINE_FAVOUR_THEIRS},
         Str(field)});
  }
  return Call([&](const syncline_call* call) {
    return merge_->merge(provider_->self, call, base == nullptr ? nullptr : &sources[0],
                         &sources[1], &sources[2], favour, raw_choices.data(), raw_choices.size(),
                         &sink, &fields);
  });
}

Fields Replica::Describe(const std::string& id) {
  Fields fields;
  if (describe_ == nullptr) return fields;
  const syncline_field_sink sink = {
      sizeof(syncline_field_sink), &fields,
      [](void* ctx, syncline_str name, syncline_str value, syncline_str /*other*/) {
        static_cast<Fields*>(ctx)->emplace_back(View(name), View(value));
      }};
  const Outcome outcome = Call([&](const syncline_call* call) {
    return describe_->describe(provider_->self, call, Str(id), &sink);
  });
  if (!outcome.ok()) fields.clear();
  return fields;
}

Outcome Replica::Check(Replica* other, bool tell_all) {
  if (check_ == nullptr) return {};
  context_->for_both = other != nullptr;
  // The provider may speak through either of its two instances.
  const int32_t least = tell_all ? SYNCLINE_INFO : SYNCLINE_WARNING;
  context_->least_level = least;
  if (other != nullptr) other->context_->least_level = least;
  Outcome outcome = Call([&](const syncline_call* call) {
    return check_->check(provider_->self, call,
                         other == nullptr ? nullptr : other->provider_->self);
  });
  context_->for_both = false;
  context_->least_level = SYNCLINE_INFO;
  if (other != nullptr) other->context_->least_level = SYNCLINE_INFO;
  return outcome;
}

Outcome Replica::Arrange(std::vector<Wanted>* wanted) {
  wanted->clear();
  if (arrange_ == nullptr) return Outcome::Error(SYNCLINE_UNSUPPORTED, "");
  const syncline_record_sink sink = {
      sizeof(syncline_record_sink), wanted,
      [](void* ctx, const syncline_record* record) -> syncline_status {
        Wanted one{std::string(View(record->id)), std::string(View(record->key)),
                   std::string(View(record->version)), std::string(View(record->name))};
        if (one.from.empty()) one.from = one.id;
        static_cast<std::vector<Wanted>*>(ctx)->push_back(std::move(one));
        return SYNCLINE_OK;
      },
      &TakeGone, &TakeAside};
  return Call(
      [&](const syncline_call* call) { return arrange_->arrange(provider_->self, call, &sink); });
}

Outcome Replica::Safe(Replica& other, const TakeSafe& take) {
  if (safe_ == nullptr) return Outcome::Error(SYNCLINE_UNSUPPORTED, "");
  struct Context {
    const TakeSafe* take;
    Monitor* monitor;
  } context{&take, monitor_};
  const syncline_field_sink sink = {
      sizeof(syncline_field_sink), &context,
      [](void* ctx, syncline_str place, syncline_str why_not, syncline_str /*other*/) {
        auto* c = static_cast<Context*>(ctx);
        c->monitor->Touch();
        (*c->take)(View(place), View(why_not));
      }};
  return Call([&](const syncline_call* call) {
    return safe_->safe(provider_->self, call, other.provider_->self, &sink);
  });
}

}  // namespace syncline::engine
