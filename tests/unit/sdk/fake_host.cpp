// The little host behind fake_host.h.
#include "tests/unit/sdk/fake_host.h"

#include <dlfcn.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace syncline::testing {
namespace {

Seen SeenOf(const syncline_record& record) {
  return {Text(record.id), Text(record.key), Text(record.version), Text(record.name),
          record.size,     record.mtime_ns,  record.flags};
}

// A source that hands out content piece by piece and may break off.
struct Reader {
  const Content* content;
  size_t at = 0;

  static int64_t Read(void* ctx, void* buffer, size_t capacity) {
    Reader& self = *static_cast<Reader*>(ctx);
    const Content& content = *self.content;
    const size_t end = content.fails_after.value_or(content.text.size());
    const size_t count = std::min({capacity, content.piece, end - self.at});
    if (count == 0 && content.fails_after) return content.source_status;
    std::memcpy(buffer, content.text.data() + self.at, count);
    self.at += count;
    return static_cast<int64_t>(count);
  }
  syncline_byte_source source() {
    return {sizeof(syncline_byte_source), this, content->text.size(), &Read};
  }
};

}  // namespace

Library::Library(const std::string& path) : handle_(dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
  if (handle_ == nullptr) throw std::runtime_error(dlerror());
}
Library::~Library() { dlclose(handle_); }
const void* Library::Symbol(const char* name) const { return dlsym(handle_, name); }

Instance::Instance(const Library& library, Settings settings) : settings_(std::move(settings)) {
  settings_.try_emplace("side", "a");
  settings_.try_emplace("item", "item-1");
  host_ = {sizeof(host_),
           this,
           [](void*, int32_t, syncline_str) {},
           [](void*, int32_t, syncline_str, syncline_str) {},
           &SettingOf,
           [](void*, syncline_str, const syncline_byte_sink*) -> syncline_status {
             return SYNCLINE_NOT_FOUND;
           },
           [](void*, const char*) -> const void* { return nullptr; }};
  call_ = {
      sizeof(call_), this, &IsCancelled,
      [](void* ctx, uint64_t done, uint64_t) { static_cast<Instance*>(ctx)->now_.progress = done; },
      [](void* ctx, syncline_str summary, syncline_str detail, syncline_str setting) {
        Ended& now = static_cast<Instance*>(ctx)->now_;
        now.summary = Text(summary);
        now.detail = Text(detail);
        now.setting = Text(setting);
      }};
  const syncline_status status = library.entry()->create(&host_, &call_, &table_);
  if (status != SYNCLINE_OK) throw std::runtime_error("create() refused: " + now_.summary);
}
Instance::~Instance() { table_->destroy(table_->self); }

syncline_str Instance::SettingOf(void* ctx, syncline_str key) {
  const Settings& settings = static_cast<Instance*>(ctx)->settings_;
  const auto found = settings.find(Text(key));
  return found == settings.end() ? syncline_str{nullptr, 0} : Bytes(found->second);
}
int32_t Instance::IsCancelled(void* ctx) {
  const Instance& self = *static_cast<Instance*>(ctx);
  return self.cancelled_ && self.pushed_ >= self.cancel_after_ ? 1 : 0;
}
syncline_status Instance::TakeRecord(void* ctx, const syncline_record* record) {
  Instance& self = *static_cast<Instance*>(ctx);
  ++self.pushed_;
  if (self.pushed_ == self.refuse_at_) return self.refuse_with_;
  self.now_.records.push_back(SeenOf(*record));
  return SYNCLINE_OK;
}
syncline_status Instance::TakeBytes(void* ctx, const void* bytes, size_t length) {
  Instance& self = *static_cast<Instance*>(ctx);
  ++self.pushed_;
  self.now_.bytes.append(static_cast<const char*>(bytes), length);
  return SYNCLINE_OK;
}

syncline_record_sink Instance::RecordSink() {
  return {sizeof(syncline_record_sink), this, &TakeRecord,
          [](void* ctx, syncline_str id) -> syncline_status {
            static_cast<Instance*>(ctx)->now_.gone.push_back(Text(id));
            return SYNCLINE_OK;
          },
          [](void* ctx, const syncline_record* record, syncline_status why,
             syncline_str reason) -> syncline_status {
            static_cast<Instance*>(ctx)->now_.aside.push_back({SeenOf(*record), why, Text(reason)});
            return SYNCLINE_OK;
          }};
}
syncline_byte_sink Instance::ByteSinkOf() { return {sizeof(syncline_byte_sink), this, &TakeBytes}; }
syncline_result_sink Instance::ResultSink() {
  return {sizeof(syncline_result_sink), this,
          [](void* ctx, uint64_t ticket, const syncline_record* record) {
            Ended& now = static_cast<Instance*>(ctx)->now_;
            now.ticket = ticket;
            now.removed = record == nullptr;
            if (record != nullptr) now.records.push_back(SeenOf(*record));
          },
          [](void*, uint64_t, syncline_status, syncline_str, syncline_str) {}};
}
syncline_field_sink Instance::FieldSink() {
  return {
      sizeof(syncline_field_sink), this,
      [](void* ctx, syncline_str name, syncline_str value, syncline_str other) {
        static_cast<Instance*>(ctx)->now_.fields.push_back({Text(name), Text(value), Text(other)});
      }};
}
Ended Instance::End(syncline_status status) {
  now_.status = status;
  pushed_ = 0;
  refuse_at_ = 0;
  return std::exchange(now_, Ended());
}

Ended Instance::Open() {
  const syncline_replica_sink sink = {
      sizeof(sink), this, [](void* ctx, const syncline_replica* replica) -> syncline_status {
        static_cast<Instance*>(ctx)->flags_ = replica->flags;
        return SYNCLINE_OK;
      }};
  return End(table_->open(table_->self, &call_, &sink));
}
Ended Instance::Enumerate() {
  const syncline_record_sink sink = RecordSink();
  return End(table_->enumerate(table_->self, &call_, &sink));
}
Ended Instance::Read(std::string_view id) {
  const syncline_byte_sink content = ByteSinkOf();
  const syncline_record_sink as_read = RecordSink();
  return End(table_->read(table_->self, &call_, Bytes(id), &content, &as_read));
}
Ended Instance::Write(const Order& order, const Content& content) {
  syncline_record wanted = {};
  wanted.struct_size = sizeof(wanted);
  wanted.id = Bytes(order.id);
  wanted.key = Bytes(order.key);
  wanted.size = content.text.size();
  wanted.mtime_ns = SYNCLINE_UNKNOWN_TIME;
  const syncline_write raw = {
      sizeof(raw),       order.flags, order.ticket, &wanted, Bytes(order.expected_version),
      Bytes(order.label)};
  Reader reader = {&content};
  const syncline_byte_source source = reader.source();
  const syncline_result_sink result = ResultSink();
  return End(table_->write(table_->self, &call_, &raw, &source, &result));
}
Ended Instance::Remove(std::string_view id, std::string_view expected_version) {
  const syncline_result_sink result = ResultSink();
  return End(table_->remove(table_->self, &call_, 9, Bytes(id), Bytes(expected_version), &result));
}
Ended Instance::Describe(std::string_view id) {
  const auto* ability = static_cast<const syncline_describe*>(Ability(SYNCLINE_ABILITY_DESCRIBE));
  const syncline_field_sink fields = FieldSink();
  return End(ability->describe(table_->self, &call_, Bytes(id), &fields));
}
Ended Instance::Merge(const std::optional<std::string>& base, const std::string& mine,
                      const std::string& theirs, int32_t favour) {
  const auto* ability = static_cast<const syncline_merge*>(Ability(SYNCLINE_ABILITY_MERGE));
  const Content contents[3] = {{base.value_or("")}, {mine}, {theirs}};
  Reader readers[3] = {{&contents[0]}, {&contents[1]}, {&contents[2]}};
  const syncline_byte_source sources[3] = {readers[0].source(), readers[1].source(),
                                           readers[2].source()};
  const syncline_byte_sink merged = ByteSinkOf();
  const syncline_field_sink differing = FieldSink();
  return End(ability->merge(table_->self, &call_, base ? &sources[0] : nullptr, &sources[1],
                            &sources[2], favour, nullptr, 0, &merged, &differing));
}

}  // namespace syncline::testing
