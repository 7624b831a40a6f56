// The made-up host around one instance.
#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "plugins/record_files/record_files.h"
#include "syncline/provider.hpp"
#include "tests/unit/record_files/toy.h"

namespace {

class ToyProvider : public syncline::record_files::RecordFiles {
 public:
  explicit ToyProvider(syncline::Host host)
      : RecordFiles(host, syncline::record_files_test::MakeToyFormat()) {}
};

}  // namespace

SYNCLINE_PROVIDER(ToyProvider, R"({"id": "toy", "name": "Toy", "version": "1.0.0"})");

namespace syncline::record_files_test {
namespace {

std::string Text(syncline_str text) { return std::string(View(text)); }

Seen SeenOf(const syncline_record& record) {
  return {Text(record.id),       Text(record.key),  Text(record.version),
          Text(record.identity), Text(record.name), Text(record.media_type),
          record.size,           record.mtime_ns,   record.flags};
}

struct Source {
  std::string_view rest;
  syncline_byte_source raw() {
    return {sizeof(syncline_byte_source), this, rest.size(),
            [](void* ctx, void* buffer, size_t capacity) -> int64_t {
              std::string_view& left = static_cast<Source*>(ctx)->rest;
              const size_t count = std::min({capacity, left.size(), size_t{1000}});
              std::memcpy(buffer, left.data(), count);
              left.remove_prefix(count);
              return static_cast<int64_t>(count);
            }};
  }
};

syncline_byte_sink SinkInto(std::string* text) {
  return {sizeof(syncline_byte_sink), text,
          [](void* ctx, const void* bytes, size_t length) -> syncline_status {
            static_cast<std::string*>(ctx)->append(static_cast<const char*>(bytes), length);
            return SYNCLINE_OK;
          }};
}

}  // namespace

Side::Side(const std::string& location, const std::string& side) {
  settings_ = {{"location", location}, {"side", side}, {"item", "item-1"}};
  host_ = {sizeof(host_),
           this,
           [](void*, int32_t, syncline_str) {},
           [](void* ctx, int32_t, syncline_str, syncline_str text) {
             static_cast<Side*>(ctx)->events.push_back(Text(text));
           },
           [](void* ctx, syncline_str key) -> syncline_str {
             const auto& settings = static_cast<Side*>(ctx)->settings_;
             const auto found = settings.find(Text(key));
             return found == settings.end() ? syncline_str{nullptr, 0} : Str(found->second);
           },
           [](void*, syncline_str, const syncline_byte_sink*) -> syncline_status {
             return SYNCLINE_NOT_FOUND;
           },
           [](void*, const char*) -> const void* { return nullptr; }};
  call_ = {sizeof(call_), this, [](void*) -> int32_t { return 0; },
           [](void*, uint64_t, uint64_t) {},
           [](void* ctx, syncline_str summary, syncline_str, syncline_str setting) {
             Answer& answer = static_cast<Side*>(ctx)->answer_;
             answer.summary = Text(summary);
             answer.setting = Text(setting);
           }};
  if (syncline_entry_1.create(&host_, &call_, &table_) != SYNCLINE_OK) {
    throw std::runtime_error("create() refused");
  }
}

Side::~Side() { table_->destroy(table_->self); }

Answer Side::Take(syncline_status status) {
  answer_.status = status;
  return std::exchange(answer_, Answer());
}

Answer Side::Open() {
  const syncline_replica_sink sink = {
      sizeof(sink), this, [](void* ctx, const syncline_replica* replica) -> syncline_status {
        auto* self = static_cast<Side*>(ctx);
        self->flags = replica->flags;
        self->identity = Text(replica->identity);
        return SYNCLINE_OK;
      }};
  return Take(table_->open(table_->self, &call_, &sink));
}

Answer Side::Enumerate() {
  records.clear();
  aside.clear();
  const syncline_record_sink sink = {
      sizeof(sink), this,
      [](void* ctx, const syncline_record* record) -> syncline_status {
        static_cast<Side*>(ctx)->records.push_back(SeenOf(*record));
        return SYNCLINE_OK;
      },
      [](void*, syncline_str) -> syncline_status { return SYNCLINE_OK; },
      [](void* ctx, const syncline_record* record, syncline_status why,
         syncline_str reason) -> syncline_status {
        static_cast<Side*>(ctx)->aside.push_back({SeenOf(*record), why, Text(reason)});
        return SYNCLINE_OK;
      }};
  return Take(table_->enumerate(table_->self, &call_, &sink));
}

const Seen* Side::Find(std::string_view key) const {
  const auto found = std::find_if(records.begin(), records.end(),
                                  [key](const Seen& record) { return record.key == key; });
  return found == records.end() ? nullptr : &*found;
}

const SetAside* Side::FindAside(std::string_view key) const {
  const auto found = std::find_if(aside.begin(), aside.end(),
                                  [key](const SetAside& one) { return one.record.key == key; });
  return found == aside.end() ? nullptr : &*found;
}

Answer Side::Read(std::string_view id, std::string* content) {
  content->clear();
  const syncline_byte_sink bytes = SinkInto(content);
  const syncline_record_sink as_read = {
      sizeof(as_read), this,
      [](void* ctx, const syncline_record* record) -> syncline_status {
        static_cast<Side*>(ctx)->answer_.record = SeenOf(*record);
        return SYNCLINE_OK;
      },
      nullptr, nullptr};
  return Take(table_->read(table_->self, &call_, Str(id), &bytes, &as_read));
}

Answer Side::Write(const std::string& id, const std::string& key, std::string_view expected,
                   std::string_view content, uint32_t write_flags, const std::string& label) {
  syncline_record wanted = {};
  wanted.struct_size = sizeof(wanted);
  wanted.id = Str(id);
  wanted.key = Str(key);
  wanted.size = content.size();
  wanted.mtime_ns = SYNCLINE_UNKNOWN_TIME;
  const syncline_write order = {sizeof(order), write_flags,   ++ticket_,
                                &wanted,       Str(expected), Str(label)};
  Source source{content};
  const syncline_byte_source raw = source.raw();
  const syncline_result_sink unused = {};
  return Take(table_->write(table_->self, &call_, &order, &raw, &unused));
}

Answer Side::Create(const std::string& key, std::string_view content) {
  return Write("", key, "", content, 0, "");
}
Answer Side::Replace(const Seen& what, std::string_view content) {
  return Write(what.id, what.key, what.version, content, 0, "");
}
Answer Side::Beside(const std::string& key, std::string_view content, const std::string& label) {
  return Write("", key, "", content, SYNCLINE_BESIDE, label);
}
Answer Side::Remove(const Seen& what) {
  const syncline_result_sink unused = {};
  return Take(
      table_->remove(table_->self, &call_, ++ticket_, Str(what.id), Str(what.version), &unused));
}

Answer Side::Settle() {
  results_.clear();
  const syncline_result_sink sink = {
      sizeof(sink), this,
      [](void* ctx, uint64_t ticket, const syncline_record* record) {
        Answer& answer = static_cast<Side*>(ctx)->results_[ticket];
        answer.removed = record == nullptr;
        if (record != nullptr) answer.record = SeenOf(*record);
      },
      [](void* ctx, uint64_t ticket, syncline_status status, syncline_str summary, syncline_str) {
        Answer& answer = static_cast<Side*>(ctx)->results_[ticket];
        answer.status = status;
        answer.summary = Text(summary);
      }};
  return Take(
      Ability<syncline_settle>(SYNCLINE_ABILITY_SETTLE)->settle(table_->self, &call_, &sink));
}

Answer Side::Settled(const Answer& staged) {
  if (staged.status != SYNCLINE_STAGED) return staged;
  const Answer settled = Settle();
  return HasResult(ticket_) ? Result(ticket_) : settled;
}

Answer Side::Compare(std::string_view id, std::string_view version, Side* other,
                     std::string_view other_id, std::string_view other_version, int32_t* verdict) {
  return Take(Ability<syncline_compare>(SYNCLINE_ABILITY_COMPARE)
                  ->compare(table_->self, &call_, Str(id), Str(version), other->table_->self,
                            Str(other_id), Str(other_version), verdict));
}

Answer Side::Check(Side* other) {
  return Take(Ability<syncline_check>(SYNCLINE_ABILITY_CHECK)
                  ->check(table_->self, &call_, other == nullptr ? nullptr : other->table_->self));
}

std::string Side::Title(std::string_view id) {
  std::string title;
  const syncline_field_sink sink = {
      sizeof(sink), &title, [](void* ctx, syncline_str name, syncline_str value, syncline_str) {
        if (View(name) == "title") *static_cast<std::string*>(ctx) = Text(value);
      }};
  Take(Ability<syncline_describe>(SYNCLINE_ABILITY_DESCRIBE)
           ->describe(table_->self, &call_, Str(id), &sink));
  return title;
}

Answer Side::Merge(const std::string& base, const std::string& mine, const std::string& theirs,
                   std::string* merged) {
  merged->clear();
  Source sources[] = {{base}, {mine}, {theirs}};
  const syncline_byte_source raw[] = {sources[0].raw(), sources[1].raw(), sources[2].raw()};
  const syncline_byte_sink sink = SinkInto(merged);
  const syncline_field_sink fields = {sizeof(fields), this,
                                      [](void* ctx, syncline_str name, syncline_str, syncline_str) {
                                        static_cast<Side*>(ctx)->answer_.setting = Text(name);
                                      }};
  const auto* merge = Ability<syncline_merge>(SYNCLINE_ABILITY_MERGE);
  return Take(merge->merge(table_->self, &call_, &raw[0], &raw[1], &raw[2], SYNCLINE_FAVOUR_NONE,
                           nullptr, 0, &sink, &fields));
}

void Put(const std::string& path, std::string_view content) {
  std::ofstream(path, std::ios::binary) << content;
}

std::string Get(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return "(none)";
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::vector<std::string> Names(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

size_t OpenDescriptors() { return Names("/proc/self/fd").size(); }

}  // namespace syncline::record_files_test
