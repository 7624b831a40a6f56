// The folders provider: two-way folder sync. This file is the boundary: it turns calls of the C
// contract into methods of Replica and refusals into explanations; no exception passes it.
#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <string_view>

#include "plugins/folders/outcome.h"
#include "plugins/folders/replica.h"
#include "syncline/provider.h"

namespace syncline::folders {
namespace {

Replica* Self(void* self) { return static_cast<Replica*>(self); }

template <typename Body>
syncline_status Guarded(const syncline_call* call, Body body) {
  Outcome outcome;
  try {
    outcome = body();
  } catch (const std::bad_alloc&) {
    outcome = Refuse(SYNCLINE_FAILED, "There is not enough memory.");
  } catch (const std::exception& error) {
    outcome = Refuse(SYNCLINE_FAILED, "The folders provider failed.", error.what());
  }
  if (!outcome.ok() && !outcome.summary.empty()) {
    call->explain(call->ctx, Str(outcome.summary), Str(outcome.detail), Str(outcome.setting));
  }
  return outcome.status;
}

syncline_status Open(void* self, const syncline_call* call, const syncline_replica_sink* sink) {
  return Guarded(call, [&] { return Self(self)->Open(sink); });
}

syncline_status Enumerate(void* self, const syncline_call* call,
                          const syncline_record_sink* records) {
  return Guarded(call, [&] { return Self(self)->Enumerate(call, records); });
}

syncline_status Read(void* self, const syncline_call* call, syncline_str id,
                     const syncline_byte_sink* content, const syncline_record_sink* as_read) {
  return Guarded(call, [&] { return Self(self)->Read(call, View(id), content, as_read); });
}

syncline_status Write(void* self, const syncline_call* call, const syncline_write* order,
                      const syncline_byte_source* content, const syncline_result_sink*) {
  return Guarded(call, [&] { return Self(self)->Write(call, order, content); });
}

syncline_status Remove(void* self, const syncline_call* call, uint64_t ticket, syncline_str id,
                       syncline_str expected_version, const syncline_result_sink* result) {
  return Guarded(
      call, [&] { return Self(self)->Remove(ticket, View(id), View(expected_version), result); });
}

syncline_status Settle(void* self, const syncline_call* call, const syncline_result_sink* results) {
  return Guarded(call, [&] { return Self(self)->Settle(results); });
}

syncline_status Move(void* self, const syncline_call* call, uint64_t ticket, syncline_str id,
                     syncline_str expected_version, syncline_str wanted_key,
                     const syncline_result_sink* result) {
  return Guarded(call, [&] {
    return Self(self)->Move(ticket, View(id), View(expected_version), View(wanted_key), result);
  });
}

syncline_status Copy(void* self, const syncline_call* call, void* from_self, syncline_str from_id,
                     syncline_str from_version, const syncline_write* order,
                     const syncline_result_sink*) {
  return Guarded(call, [&] {
    return Self(self)->Copy(call, Self(from_self), View(from_id), View(from_version), order);
  });
}

syncline_status Compare(void* self, const syncline_call* call, syncline_str id,
                        syncline_str version, void* other_self, syncline_str other_id,
                        syncline_str other_version, int32_t* verdict) {
  return Guarded(call, [&] {
    return Self(self)->Compare(call, View(id), View(version), Self(other_self), View(other_id),
                               View(other_version), verdict);
  });
}

int32_t SameContentOf(void*, syncline_str before, syncline_str after) {
  return SameContent(View(before), View(after)) ? 1 : 0;
}

syncline_status Describe(void* self, const syncline_call* call, syncline_str id,
                         const syncline_field_sink* fields) {
  return Guarded(call, [&] { return Self(self)->Describe(View(id), fields); });
}

syncline_status Check(void* self, const syncline_call* call, void* other_self) {
  return Guarded(
      call, [&] { return Self(self)->Check(other_self == nullptr ? nullptr : Self(other_self)); });
}

const syncline_settle kSettle = {sizeof(syncline_settle), Settle};
const syncline_move kMove = {sizeof(syncline_move), Move};
const syncline_copy kCopy = {sizeof(syncline_copy), Copy};
const syncline_compare kCompare = {sizeof(syncline_compare), Compare, SameContentOf};
const syncline_describe kDescribe = {sizeof(syncline_describe), Describe};
const syncline_check kCheck = {sizeof(syncline_check), Check};

const void* Ability(void*, const char* name) {
  std::string_view wanted(name);
  if (wanted == SYNCLINE_ABILITY_SETTLE) return &kSettle;
  if (wanted == SYNCLINE_ABILITY_MOVE) return &kMove;
  if (wanted == SYNCLINE_ABILITY_COPY) return &kCopy;
  if (wanted == SYNCLINE_ABILITY_COMPARE) return &kCompare;
  if (wanted == SYNCLINE_ABILITY_DESCRIBE) return &kDescribe;
  if (wanted == SYNCLINE_ABILITY_CHECK) return &kCheck;
  return nullptr;
}

void Destroy(void* self) { std::unique_ptr<Replica> owner(Self(self)); }

syncline_status Create(const syncline_host* host, const syncline_call* call,
                       const syncline_provider** made) {
  return Guarded(call, [&] {
    auto replica = std::make_unique<Replica>(host);
    syncline_provider* table = replica->mutable_table();
    table->struct_size = sizeof(*table);
    table->self = replica.get();
    table->open = Open;
    table->enumerate = Enumerate;
    table->read = Read;
    table->write = Write;
    table->remove = Remove;
    table->ability = Ability;
    table->destroy = Destroy;
    *made = replica.release()->table();
    return Outcome{};
  });
}

constexpr char kManifest[] = R"json({
  "id": "folders", "name": "Folders", "version": ")json" SYNCLINE_VERSION R"json(",
  "description": "Keeps two folders in step: files, folders, links, times, permissions and extended attributes.",
  "settings": [
    {"key": "hardlinks", "type": "choice", "default": "report", "label": "Hard links",
     "help": "report: sync the names of one file as separate files and say so; keep: make them names of one file on the other side too.",
     "required": false, "choices": ["report", "keep"]},
    {"key": "names", "type": "choice", "default": "auto", "label": "Names",
     "help": "auto: what the disk can hold; exact: byte for byte; portable: refuse names that Windows cannot hold or tell apart.",
     "required": false, "choices": ["auto", "exact", "portable"]}
  ]
})json";

}  // namespace
}  // namespace syncline::folders

// Declared, exported and given C linkage in provider.h.
const syncline_entry syncline_entry_1 = {
    sizeof(syncline_entry),
    SYNCLINE_ABI_MAJOR,
    SYNCLINE_ABI_MINOR,
    {syncline::folders::kManifest, sizeof(syncline::folders::kManifest) - 1},
    syncline::folders::Create};
