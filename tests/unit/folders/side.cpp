// The made-up host and what tests share.
#include "tests/unit/folders/side.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace syncline::folders_test {
namespace {

std::string Text(syncline_str text) { return text.len == 0 ? "" : std::string(text.ptr, text.len); }
syncline_str Str(std::string_view text) { return {text.data(), text.size()}; }

Record FromC(const syncline_record& r) {
  Record record;
  record.flags = r.flags;
  record.id = Text(r.id);
  record.key = Text(r.key);
  record.version = Text(r.version);
  record.identity = Text(r.identity);
  record.name = Text(r.name);
  record.attributes = Text(r.attributes);
  record.size = r.size;
  record.mtime_ns = r.mtime_ns;
  return record;
}

struct stat LookAt(const std::string& path) {
  struct stat info = {};
  EXPECT_EQ(lstat(path.c_str(), &info), 0) << path;
  return info;
}

}  // namespace

TempFolder::TempFolder(const std::string& base) {
  const char* usual = std::getenv("TMPDIR");
  std::string in = Exists(base) ? base : usual == nullptr ? "/tmp" : usual;
  std::string pattern = in + "/folders-test-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) std::abort();
  path_ = pattern;
}

TempFolder::~TempFolder() {
  // rm copes with depths and permissions that std::filesystem::remove_all does not.
  std::string command = "rm -rf '" + path_ + "' 2>/dev/null || { chmod -R u+rwx '" + path_ +
                        "'; rm -rf '" + path_ + "'; }";
  if (std::system(command.c_str()) != 0) ADD_FAILURE() << path_ << " stays";
}

void Put(const std::string& path, std::string_view content) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << content;
  file.close();
  EXPECT_TRUE(file.good()) << path;
}

std::string Get(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file.is_open()) return "(none)";
  std::ostringstream out;
  out << file.rdbuf();
  return out.str();
}

bool Exists(const std::string& path) {
  struct stat info = {};
  return lstat(path.c_str(), &info) == 0;
}

void MakeFolder(const std::string& path) { std::filesystem::create_directories(path); }

void SetTime(const std::string& path, int64_t ns) {
  struct timespec times[2] = {{0, UTIME_OMIT}, {ns / 1000000000, ns % 1000000000}};
  EXPECT_EQ(utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW), 0) << path;
}

int64_t TimeOf(const std::string& path) {
  struct stat info = LookAt(path);
  return info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec;
}

uint32_t ModeOf(const std::string& path) { return LookAt(path).st_mode & 07777; }
uint64_t InodeOf(const std::string& path) { return LookAt(path).st_ino; }

std::vector<std::string> AllNames(const std::string& path) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
    names.push_back(entry.path().string().substr(path.size() + 1));
  }
  std::sort(names.begin(), names.end());
  return names;
}

namespace {
const syncline_entry* the_entry = nullptr;
}  // namespace

void UseLibrary(const std::string& path) {
  // Kept loaded: leak checkers need the names of its functions at the end.
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    ADD_FAILURE() << dlerror();
    std::abort();
  }
  the_entry = static_cast<const syncline_entry*>(dlsym(library, "syncline_entry_1"));
}

const syncline_entry* Entry() {
  if (the_entry == nullptr) UseLibrary(SYNCLINE_BIN "/plugins/folders.so");
  return the_entry;
}

Side::Side(const std::string& location, Settings settings) : settings_(std::move(settings)) {
  settings_["location"] = location;
  settings_.emplace("side", "a");
  settings_.emplace("item", "item-1");
  settings_.emplace("hardlinks", "report");
  settings_.emplace("names", "auto");
  host_.struct_size = sizeof(host_);
  host_.ctx = this;
  host_.log = [](void*, int32_t, syncline_str) {};
  host_.event = [](void* ctx, int32_t level, syncline_str id, syncline_str text) {
    static_cast<Side*>(ctx)->events_.push_back({level, Text(id), Text(text)});
  };
  host_.setting = [](void* ctx, syncline_str key) {
    return Str(static_cast<Side*>(ctx)->settings_[Text(key)]);
  };
  host_.secret = [](void*, syncline_str, const syncline_byte_sink*) -> syncline_status {
    return SYNCLINE_NOT_FOUND;
  };
  host_.ability = [](void*, const char*) -> const void* { return nullptr; };
  call_.struct_size = sizeof(call_);
  call_.ctx = this;
  call_.cancelled = [](void* ctx) {
    auto* side = static_cast<Side*>(ctx);
    return side->cancelled && side->cancelled() ? 1 : 0;
  };
  call_.progress = [](void* ctx, uint64_t done, uint64_t) {
    auto* side = static_cast<Side*>(ctx);
    if (side->on_progress) side->on_progress(done);
  };
  call_.explain = [](void* ctx, syncline_str summary, syncline_str detail, syncline_str setting) {
    Answer& answer = static_cast<Side*>(ctx)->answer_;
    answer.summary = Text(summary);
    answer.detail = Text(detail);
    answer.setting = Text(setting);
  };
  EXPECT_EQ(Entry()->create(&host_, &call_, &provider_), SYNCLINE_OK);
}

Side::~Side() { Destroy(); }

void Side::Destroy() {
  if (provider_ != nullptr) provider_->destroy(provider_->self);
  provider_ = nullptr;
}

Answer Side::Take(syncline_status status) {
  Answer answer = std::move(answer_);
  answer_ = Answer{};
  answer.status = status;
  if (status < 0 && status != SYNCLINE_CANCELLED) {
    EXPECT_FALSE(answer.summary.empty()) << status;
  }
  return answer;
}

Answer Side::Open() {
  syncline_replica_sink sink = {sizeof(sink), this,
                                [](void* ctx, const syncline_replica* replica) -> syncline_status {
                                  auto* side = static_cast<Side*>(ctx);
                                  side->opened_identity = Text(replica->identity);
                                  side->opened_flags = replica->flags;
                                  return SYNCLINE_OK;
                                }};
  return Take(provider_->open(provider_->self, &call_, &sink));
}

Answer Side::Enumerate() {
  records_.clear();
  syncline_record_sink sink = {sizeof(sink), this,
                               [](void* ctx, const syncline_record* record) -> syncline_status {
                                 auto* side = static_cast<Side*>(ctx);
                                 side->records_.push_back(FromC(*record));
                                 return side->on_record ? side->on_record(side->records_.back())
                                                        : SYNCLINE_OK;
                               },
                               nullptr, nullptr};
  return Take(provider_->enumerate(provider_->self, &call_, &sink));
}

const Record* Side::Find(std::string_view id) const {
  for (const Record& record : records_) {
    if (record.id == id) return &record;
  }
  return nullptr;
}

Record Side::Now(std::string_view id) {
  Answer answer = Enumerate();
  EXPECT_EQ(answer.status, SYNCLINE_OK) << answer.summary << " " << answer.detail;
  const Record* record = Find(id);
  EXPECT_NE(record, nullptr) << id;
  return record == nullptr ? Record{} : *record;
}

namespace {

syncline_result_sink ResultSink(Answer* answer) {
  syncline_result_sink sink = {};
  sink.struct_size = sizeof(sink);
  sink.ctx = answer;
  sink.stored = [](void* ctx, uint64_t, const syncline_record* record) {
    auto* a = static_cast<Answer*>(ctx);
    ++a->stored;
    a->has_record = record != nullptr;
    if (record != nullptr) a->record = FromC(*record);
  };
  sink.failed = [](void*, uint64_t, syncline_status, syncline_str, syncline_str) {
    ADD_FAILURE() << "failed() outside settle()";
  };
  return sink;
}

syncline_record ToC(const Record& r) {
  syncline_record record = {};
  record.struct_size = sizeof(record);
  record.flags = r.flags;
  record.id = Str(r.id);
  record.key = Str(r.key);
  record.attributes = Str(r.attributes);
  record.size = r.size;
  record.mtime_ns = r.mtime_ns;
  return record;
}

}  // namespace

Answer Side::Write(const Record& wanted, std::string_view content, std::string_view expected,
                   uint32_t flags, std::string_view label) {
  struct Source {
    Side* side;
    std::string_view rest;
  } state{this, content};
  syncline_byte_source source = {sizeof(source), &state, content.size(),
                                 [](void* ctx, void* buffer, size_t capacity) -> int64_t {
                                   auto* s = static_cast<Source*>(ctx);
                                   if (s->side->before_content) {
                                     std::exchange(s->side->before_content, nullptr)();
                                   }
                                   // Short reads of a prime size, as a pipe gives them.
                                   size_t n = std::min({s->rest.size(), capacity, size_t{4093}});
                                   std::copy_n(s->rest.data(), n, static_cast<char*>(buffer));
                                   s->rest.remove_prefix(n);
                                   return static_cast<int64_t>(n);
                                 }};
  syncline_record record = ToC(wanted);
  syncline_write order = {sizeof(order), flags, ++ticket_, &record, Str(expected), Str(label)};
  Answer result;
  syncline_result_sink sink = ResultSink(&result);
  Answer answer = Take(provider_->write(provider_->self, &call_, &order, &source, &sink));
  answer.stored = result.stored;
  return answer;
}

Answer Side::Copy(Side* from, std::string_view from_id, std::string_view from_version,
                  std::string_view to_key, std::string_view expected, uint32_t flags,
                  std::string_view label) {
  Record wanted;
  wanted.key = to_key;
  if (!expected.empty()) wanted.id = to_key;
  syncline_record record = ToC(wanted);
  syncline_write order = {sizeof(order), flags, ++ticket_, &record, Str(expected), Str(label)};
  Answer result;
  syncline_result_sink sink = ResultSink(&result);
  const auto* copy = Ability<syncline_copy>(SYNCLINE_ABILITY_COPY);
  Answer answer = Take(copy->copy(provider_->self, &call_, from->provider_->self, Str(from_id),
                                  Str(from_version), &order, &sink));
  answer.stored = result.stored;
  return answer;
}

Answer Side::Remove(std::string_view id, std::string_view expected) {
  Answer result;
  syncline_result_sink sink = ResultSink(&result);
  Answer answer =
      Take(provider_->remove(provider_->self, &call_, ++ticket_, Str(id), Str(expected), &sink));
  answer.stored = result.stored;
  answer.has_record = result.has_record;
  return answer;
}

Answer Side::Move(std::string_view id, std::string_view expected, std::string_view to) {
  Answer result;
  syncline_result_sink sink = ResultSink(&result);
  const auto* move = Ability<syncline_move>(SYNCLINE_ABILITY_MOVE);
  Answer answer =
      Take(move->move(provider_->self, &call_, ++ticket_, Str(id), Str(expected), Str(to), &sink));
  answer.stored = result.stored;
  answer.record = result.record;
  return answer;
}

Answer Side::Settle() {
  results_.clear();
  syncline_result_sink sink = {};
  sink.struct_size = sizeof(sink);
  sink.ctx = this;
  sink.stored = [](void* ctx, uint64_t ticket, const syncline_record* record) {
    Answer& answer = static_cast<Side*>(ctx)->results_[ticket];
    EXPECT_EQ(answer.stored++, 0);
    answer.has_record = true;
    answer.record = FromC(*record);
  };
  sink.failed = [](void* ctx, uint64_t ticket, syncline_status status, syncline_str summary,
                   syncline_str detail) {
    Answer& answer = static_cast<Side*>(ctx)->results_[ticket];
    answer.status = status;
    answer.summary = Text(summary);
    answer.detail = Text(detail);
  };
  const auto* settle = Ability<syncline_settle>(SYNCLINE_ABILITY_SETTLE);
  return Take(settle->settle(provider_->self, &call_, &sink));
}

Answer Side::Settled() {
  Answer answer = Settle();
  EXPECT_EQ(answer.status, SYNCLINE_OK) << answer.summary << " " << answer.detail;
  EXPECT_EQ(results_.count(ticket_), 1u);
  return results_[ticket_];
}

Answer Side::Compare(std::string_view id, std::string_view version, Side* other,
                     std::string_view other_id, std::string_view other_version, int32_t* verdict) {
  const auto* compare = Ability<syncline_compare>(SYNCLINE_ABILITY_COMPARE);
  return Take(compare->compare(provider_->self, &call_, Str(id), Str(version),
                               other->provider_->self, Str(other_id), Str(other_version), verdict));
}

bool Side::SameContent(std::string_view before, std::string_view after) {
  const auto* compare = Ability<syncline_compare>(SYNCLINE_ABILITY_COMPARE);
  return compare->same_content(provider_->self, Str(before), Str(after)) != 0;
}

Answer Side::Read(std::string_view id, std::string* content) {
  content->clear();
  syncline_byte_sink bytes = {
      sizeof(bytes), content, [](void* ctx, const void* data, size_t size) -> syncline_status {
        static_cast<std::string*>(ctx)->append(static_cast<const char*>(data), size);
        return SYNCLINE_OK;
      }};
  Record read;
  syncline_record_sink sink = {sizeof(sink), &read,
                               [](void* ctx, const syncline_record* record) -> syncline_status {
                                 *static_cast<Record*>(ctx) = FromC(*record);
                                 return SYNCLINE_OK;
                               },
                               nullptr, nullptr};
  Answer answer = Take(provider_->read(provider_->self, &call_, Str(id), &bytes, &sink));
  answer.record = read;
  return answer;
}

std::map<std::string, std::string> Side::Describe(std::string_view id) {
  std::map<std::string, std::string> fields;
  syncline_field_sink sink = {
      sizeof(sink), &fields, [](void* ctx, syncline_str name, syncline_str value, syncline_str) {
        (*static_cast<std::map<std::string, std::string>*>(ctx))[Text(name)] = Text(value);
      }};
  const auto* describe = Ability<syncline_describe>(SYNCLINE_ABILITY_DESCRIBE);
  EXPECT_EQ(describe->describe(provider_->self, &call_, Str(id), &sink), SYNCLINE_OK);
  return fields;
}

Answer Side::Check(Side* other) {
  const auto* check = Ability<syncline_check>(SYNCLINE_ABILITY_CHECK);
  return Take(
      check->check(provider_->self, &call_, other == nullptr ? nullptr : other->provider_->self));
}

void CopyAll(Side* from, Side* to) {
  Answer listed = from->Enumerate();
  ASSERT_EQ(listed.status, SYNCLINE_OK) << listed.summary;
  for (const Record& record : from->records()) {
    Answer answer = to->Copy(from, record.id, record.version, record.id, "");
    ASSERT_EQ(answer.status, SYNCLINE_STAGED) << record.id << ": " << answer.summary;
  }
  Answer settled = to->Settle();
  ASSERT_EQ(settled.status, SYNCLINE_OK) << settled.summary << " " << settled.detail;
  for (const auto& [ticket, result] : to->results()) {
    ASSERT_EQ(result.status, SYNCLINE_OK) << result.summary << " " << result.detail;
  }
}

}  // namespace syncline::folders_test
