// The layout of every struct of provider.h, and every number in it, as first published. A provider
// built then is loaded by every later Syncline of this major version: a line here may be added,
// never changed. Compiling this file is the test; the numbers are those of x86-64 (and every other
// LP64 and LLP64 platform whose pointers have 8 bytes).
#include <gtest/gtest.h>

#include <cstddef>
#include <string_view>

#include "syncline/provider.h"

namespace {

#define SIZE(type, bytes) static_assert(sizeof(type) == (bytes), #type " has grown or shrunk")
#define FIELD(type, field, at) \
  static_assert(offsetof(type, field) == (at), #type "::" #field " has moved")

#if defined(__x86_64__) || defined(_M_X64)

SIZE(syncline_str, 16);
FIELD(syncline_str, ptr, 0);
FIELD(syncline_str, len, 8);

SIZE(syncline_record, 136);
FIELD(syncline_record, struct_size, 0);
FIELD(syncline_record, flags, 4);
FIELD(syncline_record, id, 8);
FIELD(syncline_record, key, 24);
FIELD(syncline_record, version, 40);
FIELD(syncline_record, identity, 56);
FIELD(syncline_record, name, 72);
FIELD(syncline_record, media_type, 88);
FIELD(syncline_record, attributes, 104);
FIELD(syncline_record, size, 120);
FIELD(syncline_record, mtime_ns, 128);

SIZE(syncline_record_sink, 40);
FIELD(syncline_record_sink, struct_size, 0);
FIELD(syncline_record_sink, ctx, 8);
FIELD(syncline_record_sink, record, 16);
FIELD(syncline_record_sink, gone, 24);
FIELD(syncline_record_sink, aside, 32);

SIZE(syncline_byte_sink, 24);
FIELD(syncline_byte_sink, struct_size, 0);
FIELD(syncline_byte_sink, ctx, 8);
FIELD(syncline_byte_sink, write, 16);

SIZE(syncline_byte_source, 32);
FIELD(syncline_byte_source, struct_size, 0);
FIELD(syncline_byte_source, ctx, 8);
FIELD(syncline_byte_source, total, 16);
FIELD(syncline_byte_source, read, 24);

SIZE(syncline_result_sink, 32);
FIELD(syncline_result_sink, struct_size, 0);
FIELD(syncline_result_sink, ctx, 8);
FIELD(syncline_result_sink, stored, 16);
FIELD(syncline_result_sink, failed, 24);

SIZE(syncline_field_sink, 24);
FIELD(syncline_field_sink, struct_size, 0);
FIELD(syncline_field_sink, ctx, 8);
FIELD(syncline_field_sink, field, 16);

SIZE(syncline_call, 40);
FIELD(syncline_call, struct_size, 0);
FIELD(syncline_call, ctx, 8);
FIELD(syncline_call, cancelled, 16);
FIELD(syncline_call, progress, 24);
FIELD(syncline_call, explain, 32);

SIZE(syncline_host, 56);
FIELD(syncline_host, struct_size, 0);
FIELD(syncline_host, ctx, 8);
FIELD(syncline_host, log, 16);
FIELD(syncline_host, event, 24);
FIELD(syncline_host, setting, 32);
FIELD(syncline_host, secret, 40);
FIELD(syncline_host, ability, 48);

SIZE(syncline_replica, 40);
FIELD(syncline_replica, struct_size, 0);
FIELD(syncline_replica, flags, 4);
FIELD(syncline_replica, identity, 8);
FIELD(syncline_replica, name, 24);

SIZE(syncline_replica_sink, 24);
FIELD(syncline_replica_sink, struct_size, 0);
FIELD(syncline_replica_sink, ctx, 8);
FIELD(syncline_replica_sink, replica, 16);

SIZE(syncline_write, 56);
FIELD(syncline_write, struct_size, 0);
FIELD(syncline_write, flags, 4);
FIELD(syncline_write, ticket, 8);
FIELD(syncline_write, wanted, 16);
FIELD(syncline_write, expected_version, 24);
FIELD(syncline_write, label, 40);

SIZE(syncline_provider, 72);
FIELD(syncline_provider, struct_size, 0);
FIELD(syncline_provider, self, 8);
FIELD(syncline_provider, open, 16);
FIELD(syncline_provider, enumerate, 24);
FIELD(syncline_provider, read, 32);
FIELD(syncline_provider, write, 40);
FIELD(syncline_provider, remove, 48);
FIELD(syncline_provider, ability, 56);
FIELD(syncline_provider, destroy, 64);

SIZE(syncline_settle, 16);
FIELD(syncline_settle, struct_size, 0);
FIELD(syncline_settle, settle, 8);

SIZE(syncline_move, 16);
FIELD(syncline_move, struct_size, 0);
FIELD(syncline_move, move, 8);

SIZE(syncline_copy, 16);
FIELD(syncline_copy, struct_size, 0);
FIELD(syncline_copy, copy, 8);

SIZE(syncline_compare, 24);
FIELD(syncline_compare, struct_size, 0);
FIELD(syncline_compare, compare, 8);
FIELD(syncline_compare, same_content, 16);

SIZE(syncline_choice, 24);
FIELD(syncline_choice, struct_size, 0);
FIELD(syncline_choice, favour, 4);
FIELD(syncline_choice, field, 8);

SIZE(syncline_merge, 16);
FIELD(syncline_merge, struct_size, 0);
FIELD(syncline_merge, merge, 8);

SIZE(syncline_essence, 16);
FIELD(syncline_essence, struct_size, 0);
FIELD(syncline_essence, essence, 8);

SIZE(syncline_changes, 16);
FIELD(syncline_changes, struct_size, 0);
FIELD(syncline_changes, changes, 8);

SIZE(syncline_describe, 16);
FIELD(syncline_describe, struct_size, 0);
FIELD(syncline_describe, describe, 8);

SIZE(syncline_check, 16);
FIELD(syncline_check, struct_size, 0);
FIELD(syncline_check, check, 8);

SIZE(syncline_watch, 16);
FIELD(syncline_watch, struct_size, 0);
FIELD(syncline_watch, wait, 8);

SIZE(syncline_collections, 16);
FIELD(syncline_collections, struct_size, 0);
FIELD(syncline_collections, collections, 8);

SIZE(syncline_arrange, 16);
FIELD(syncline_arrange, struct_size, 0);
FIELD(syncline_arrange, arrange, 8);

SIZE(syncline_safe, 16);
FIELD(syncline_safe, struct_size, 0);
FIELD(syncline_safe, safe, 8);

SIZE(syncline_entry, 32);
FIELD(syncline_entry, struct_size, 0);
FIELD(syncline_entry, abi_major, 4);
FIELD(syncline_entry, abi_minor, 6);
FIELD(syncline_entry, manifest, 8);
FIELD(syncline_entry, create, 24);

#endif

static_assert(SYNCLINE_OK == 0);
static_assert(SYNCLINE_STAGED == 1);
static_assert(SYNCLINE_PRUNE == 2);
static_assert(SYNCLINE_FAILED == -1);
static_assert(SYNCLINE_CANCELLED == -2);
static_assert(SYNCLINE_NOT_FOUND == -3);
static_assert(SYNCLINE_CONFLICT == -4);
static_assert(SYNCLINE_INVALID == -5);
static_assert(SYNCLINE_UNSUPPORTED == -6);
static_assert(SYNCLINE_OFFLINE == -7);
static_assert(SYNCLINE_UNAUTHORIZED == -8);
static_assert(SYNCLINE_UNWRITABLE == -9);
static_assert(SYNCLINE_TOKEN_EXPIRED == -10);
static_assert(SYNCLINE_BROKEN == -11);
static_assert(SYNCLINE_CLASH == -12);
static_assert(SYNCLINE_CONTAINER == (1u << 0));
static_assert(SYNCLINE_UNKNOWN == (1u << 1));
static_assert(SYNCLINE_MERGEABLE == (1u << 2));
static_assert(SYNCLINE_DEBUG == 0);
static_assert(SYNCLINE_INFO == 1);
static_assert(SYNCLINE_WARNING == 2);
static_assert(SYNCLINE_ERROR == 3);
static_assert(SYNCLINE_ORDERED == (1u << 0));
static_assert(SYNCLINE_READ_ONLY == (1u << 1));
static_assert(SYNCLINE_BESIDE == (1u << 0));
static_assert(SYNCLINE_METADATA_ONLY == (1u << 1));
static_assert(SYNCLINE_ESSENCE == (1u << 3));
static_assert(SYNCLINE_DIFFERENT == 0);
static_assert(SYNCLINE_SAME_CONTENT == 1);
static_assert(SYNCLINE_SAME == 2);
static_assert(SYNCLINE_FAVOUR_NONE == 0);
static_assert(SYNCLINE_FAVOUR_MINE == 1);
static_assert(SYNCLINE_FAVOUR_THEIRS == 2);
static_assert(SYNCLINE_FOR_ANCESTOR == 0);
static_assert(SYNCLINE_FOR_MERGE == 1);

static_assert(std::string_view(SYNCLINE_ABILITY_SETTLE) == "syncline.settle/1");
static_assert(std::string_view(SYNCLINE_ABILITY_MOVE) == "syncline.move/1");
static_assert(std::string_view(SYNCLINE_ABILITY_COPY) == "syncline.copy/1");
static_assert(std::string_view(SYNCLINE_ABILITY_COMPARE) == "syncline.compare/1");
static_assert(std::string_view(SYNCLINE_ABILITY_MERGE) == "syncline.merge/1");
static_assert(std::string_view(SYNCLINE_ABILITY_ESSENCE) == "syncline.essence/1");
static_assert(std::string_view(SYNCLINE_ABILITY_CHANGES) == "syncline.changes/1");
static_assert(std::string_view(SYNCLINE_ABILITY_DESCRIBE) == "syncline.describe/1");
static_assert(std::string_view(SYNCLINE_ABILITY_CHECK) == "syncline.check/1");
static_assert(std::string_view(SYNCLINE_ABILITY_WATCH) == "syncline.watch/1");
static_assert(std::string_view(SYNCLINE_ABILITY_COLLECTIONS) == "syncline.collections/1");
static_assert(std::string_view(SYNCLINE_ABILITY_ARRANGE) == "syncline.arrange/1");
static_assert(std::string_view(SYNCLINE_ABILITY_SAFE) == "syncline.safe/1");

static_assert(SYNCLINE_ABI_MAJOR == 1);

TEST(Contract, KnowsWhetherAStructIsNewEnoughForAField) {
  syncline_record record = {};
  record.struct_size = offsetof(syncline_record, mtime_ns);
  EXPECT_TRUE(SYNCLINE_HAS(&record, size));
  EXPECT_FALSE(SYNCLINE_HAS(&record, mtime_ns));
  record.struct_size = sizeof(record);
  EXPECT_TRUE(SYNCLINE_HAS(&record, mtime_ns));
}

}  // namespace
