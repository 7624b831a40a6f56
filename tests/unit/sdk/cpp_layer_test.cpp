// provider.hpp: what its guard makes of exceptions, how the optional abilities arrive, and that
// pushing a view allocates nothing.
#include "syncline/provider.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

namespace {
std::atomic<size_t> allocations{0};
}  // namespace

// Counted for the whole test program: there is no other way to see that nothing allocates. Not
// inlined: g++ 12 would see free() on what came from new and warn of a mismatch.
#define NOT_INLINE __attribute__((noinline))
NOT_INLINE void* operator new(size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
NOT_INLINE void operator delete(void* memory) noexcept { std::free(memory); }
NOT_INLINE void operator delete(void* memory, size_t) noexcept { std::free(memory); }

namespace syncline {
namespace {

// Throws what the id asks for.
struct Plain {
  explicit Plain(Host) {}
  Replica open(const Call&) { return {}; }
  void enumerate(const Call&, Records records) {
    for (int i = 0; i < 1000; ++i) {
      RecordView view;
      view.id = "an id that is longer than any small string buffer would hold";
      view.version = "1";
      records.Push(view);
    }
  }
  Record read(const Call&, std::string_view id, ByteSink) {
    if (id == "error") throw Error(SYNCLINE_UNAUTHORIZED, "Sign in.", "401", "user");
    if (id == "positive") throw Error(SYNCLINE_STAGED, "Not a refusal.");
    if (id == "memory") throw std::bad_alloc();
    if (id == "standard") throw std::runtime_error("standard words");
    if (id == "full") throw std::system_error(std::make_error_code(std::errc::no_space_on_device));
    if (id == "int") throw 7;
    return {};
  }
  Record write(const Call&, const WriteOrder&, ByteSource) { return {}; }
  void remove(const Call&, const RemoveOrder&) {}
};

// Offers everything and remembers what arrived.
struct Whole : Plain {
  using Plain::Plain;
  std::string seen;

  Stored write(const Call&, const WriteOrder& order, ByteSource) {
    seen = std::string(order.wanted.key) + (order.beside ? " beside " : " ") +
           std::string(order.label);
    return std::nullopt;
  }
  Removal remove(const Call&, const RemoveOrder&) { return Removal::kStaged; }
  void settle(const Call&, Results results) {
    Record record;
    record.id = "settled";
    results.Stored(5, record);
    results.Removed(6);
    results.Failed(7, Error(SYNCLINE_CONFLICT, "Changed.", "detail"));
  }
  Record move(const Call&, const MoveOrder& order) {
    Record record;
    record.id = std::string(order.wanted_key);
    return record;
  }
  Stored copy(const Call&, Whole& from, std::string_view id, std::string_view version,
              const WriteOrder&) {
    from.seen = "copied " + std::string(id) + "@" + std::string(version);
    Record record;
    record.id = "copy";
    return record;
  }
  Verdict compare(const Call&, std::string_view, std::string_view, Whole& other, std::string_view,
                  std::string_view) {
    return &other == this ? Verdict::kSame : Verdict::kSameContent;
  }
  bool merge(const Call&, const MergeInput& input, ByteSink merged, Fields differing) const {
    if (input.For("field") == Favour::kNone) {
      differing.Push("field", input.base ? "with base" : "without", "theirs");
      return false;
    }
    merged.Write(input.mine.ReadAll());
    return true;
  }
  Record essence(const Call&, std::string_view id, Purpose purpose, ByteSink content) {
    if (id == "none") throw Error(SYNCLINE_UNSUPPORTED, "It cannot be merged.");
    content.Write(purpose == Purpose::kMerge ? "for a merge" : "for an ancestor");
    Record record;
    record.id = id;
    record.version = "7";
    return record;
  }
  ChangesEnd changes(const Call&, std::string_view since, Records records) {
    records.Gone("gone");
    return {std::string(since) + "+1", true};
  }
  void describe(const Call&, std::string_view id, Fields fields) { fields.Push("title", id); }
  void check(const Call&, Whole* other) { seen = other == nullptr ? "alone" : "together"; }
  void wait(const Call& call) { call.ThrowIfCancelled(); }
  void collections(const Call&, Fields found) { found.Push("Work", "https://example.org/work"); }
  void arrange(const Call&, Records wanted) {
    RecordView record;
    record.id = "old/x";
    record.key = "new/x";
    record.version = "1";
    wanted.Push(record);
  }
  void safe(const Call&, Whole& other, Fields records) {
    records.Push("x", &other == this ? "the other side is this one" : "");
  }
};

static_assert(Provider<Plain>);
static_assert(Provider<Whole>);

struct NeitherOpens : Plain {
  void open(const Call&) = delete;
};
static_assert(!Provider<NeitherOpens>);

// A method that has the name of an ability and does not fit is seen, so that glue::Fits refuses it.
struct TellsNoPurpose : Whole {
  Record essence(const Call&, std::string_view, ByteSink);
};
static_assert(TellsEssence<Whole>);
static_assert(glue::Names_essence<TellsNoPurpose> && !TellsEssence<TellsNoPurpose>);
static_assert(!glue::Names_essence<Plain>);

std::string Text(syncline_str text) { return std::string(View(text)); }

// Everything that an instance says, as lines.
struct Listener {
  std::vector<std::string> said;
  std::string bytes;
  int32_t cancelled = 0;

  static Listener& Of(void* ctx) { return *static_cast<Listener*>(ctx); }
  syncline_call call() {
    return {sizeof(syncline_call), this, [](void* ctx) { return Of(ctx).cancelled; },
            [](void*, uint64_t, uint64_t) {},
            [](void* ctx, syncline_str summary, syncline_str detail, syncline_str setting) {
              Of(ctx).said.push_back(Text(summary) + "|" + Text(detail) + "|" + Text(setting));
            }};
  }
  syncline_record_sink records() {
    return {sizeof(syncline_record_sink), this,
            [](void* ctx, const syncline_record* record) -> syncline_status {
              // Those of arrange() have a key of their own.
              if (record->key.len == 0) return SYNCLINE_OK;
              Of(ctx).said.push_back(Text(record->version) + " at " + Text(record->id) +
                                     ", to be " + Text(record->key));
              return SYNCLINE_OK;
            },
            [](void* ctx, syncline_str id) -> syncline_status {
              Of(ctx).said.push_back("gone " + Text(id));
              return SYNCLINE_OK;
            },
            [](void* ctx, const syncline_record* record, syncline_status why,
               syncline_str reason) -> syncline_status {
              Of(ctx).said.push_back("aside " + Text(record->id) + " " + std::to_string(why) + " " +
                                     Text(reason));
              return SYNCLINE_OK;
            }};
  }
  syncline_byte_sink sink() {
    return {sizeof(syncline_byte_sink), this,
            [](void* ctx, const void* more, size_t length) -> syncline_status {
              Of(ctx).bytes.append(static_cast<const char*>(more), length);
              return SYNCLINE_OK;
            }};
  }
  syncline_result_sink results() {
    return {
        sizeof(syncline_result_sink), this,
        [](void* ctx, uint64_t ticket, const syncline_record* record) {
          Of(ctx).said.push_back(std::to_string(ticket) + " stored " +
                                 (record == nullptr ? "nothing" : Text(record->id)));
        },
        [](void* ctx, uint64_t ticket, syncline_status status, syncline_str summary, syncline_str) {
          Of(ctx).said.push_back(std::to_string(ticket) + " failed " + std::to_string(status) +
                                 " " + Text(summary));
        }};
  }
  syncline_field_sink fields() {
    return {sizeof(syncline_field_sink), this,
            [](void* ctx, syncline_str name, syncline_str value, syncline_str other) {
              Of(ctx).said.push_back(Text(name) + "=" + Text(value) + "/" + Text(other));
            }};
  }
  std::string Last() const { return said.empty() ? "" : said.back(); }
};

template <class P>
class Made {
 public:
  explicit Made(const syncline_call* call) {
    EXPECT_EQ(glue::Glue<P>::Create(&host_, call, &table_), SYNCLINE_OK);
  }
  ~Made() { table_->destroy(table_->self); }
  const syncline_provider* operator->() const { return table_; }
  void* self() const { return table_->self; }
  template <class Table>
  const Table* Ability(const char* name) const {
    return static_cast<const Table*>(table_->ability(table_->self, name));
  }

 private:
  syncline_host host_ = {};
  const syncline_provider* table_ = nullptr;
};

TEST(CppLayer, TurnsEveryExceptionIntoAStatusAndAnExplanation) {
  Listener listener;
  const syncline_call call = listener.call();
  const syncline_byte_sink sink = listener.sink();
  const syncline_record_sink records = listener.records();
  Made<Plain> plain(&call);
  const auto read = [&](std::string_view id) {
    listener.said.clear();
    return plain->read(plain.self(), &call, Str(id), &sink, &records);
  };
  EXPECT_EQ(read("error"), SYNCLINE_UNAUTHORIZED);
  EXPECT_EQ(listener.Last(), "Sign in.|401|user");
  EXPECT_EQ(read("positive"), SYNCLINE_FAILED);
  EXPECT_EQ(read("memory"), SYNCLINE_FAILED);
  EXPECT_EQ(listener.Last(), "The provider ran out of memory.||");
  EXPECT_EQ(read("standard"), SYNCLINE_FAILED);
  EXPECT_EQ(listener.Last(), "standard words||");
  EXPECT_EQ(read("full"), SYNCLINE_UNWRITABLE);
  EXPECT_EQ(read("int"), SYNCLINE_FAILED);
  EXPECT_EQ(listener.said.size(), 1u);
  EXPECT_EQ(read("fine"), SYNCLINE_OK);
  EXPECT_TRUE(listener.said.empty());
}

TEST(CppLayer, PushingAViewAllocatesNothing) {
  Listener listener;
  const syncline_call call = listener.call();
  const syncline_record_sink records = listener.records();
  Made<Plain> plain(&call);
  const size_t before = allocations;
  EXPECT_EQ(plain->enumerate(plain.self(), &call, &records), SYNCLINE_OK);
  EXPECT_EQ(allocations - before, 0u);
}

TEST(CppLayer, APlainProviderOffersNoAbility) {
  Listener listener;
  const syncline_call call = listener.call();
  Made<Plain> plain(&call);
  for (const char* name :
       {SYNCLINE_ABILITY_SETTLE, SYNCLINE_ABILITY_MOVE, SYNCLINE_ABILITY_COPY,
        SYNCLINE_ABILITY_COMPARE, SYNCLINE_ABILITY_MERGE, SYNCLINE_ABILITY_ESSENCE,
        SYNCLINE_ABILITY_CHANGES, SYNCLINE_ABILITY_DESCRIBE, SYNCLINE_ABILITY_CHECK,
        SYNCLINE_ABILITY_WATCH, SYNCLINE_ABILITY_COLLECTIONS, SYNCLINE_ABILITY_ARRANGE,
        SYNCLINE_ABILITY_SAFE}) {
    EXPECT_EQ(plain->ability(plain.self(), name), nullptr) << name;
  }
}

TEST(CppLayer, StagesAndSettles) {
  Listener listener;
  const syncline_call call = listener.call();
  const syncline_result_sink results = listener.results();
  Made<Whole> whole(&call);
  syncline_record wanted = {};
  wanted.struct_size = sizeof(wanted);
  wanted.key = Str("key");
  const syncline_write order = {sizeof(order), SYNCLINE_BESIDE, 5, &wanted, {nullptr, 0}, {"L", 1}};
  EXPECT_EQ(whole->write(whole.self(), &call, &order, nullptr, &results), SYNCLINE_STAGED);
  EXPECT_EQ(whole->remove(whole.self(), &call, 6, Str("x"), Str("1"), &results), SYNCLINE_STAGED);
  EXPECT_TRUE(listener.said.empty());
  const auto* settle = whole.Ability<syncline_settle>(SYNCLINE_ABILITY_SETTLE);
  ASSERT_NE(settle, nullptr);
  EXPECT_EQ(settle->settle(whole.self(), &call, &results), SYNCLINE_OK);
  EXPECT_EQ(listener.said, (std::vector<std::string>{"5 stored settled", "6 stored nothing",
                                                     "7 failed -4 Changed."}));
}

TEST(CppLayer, CopyCompareAndCheckGetTheOtherInstance) {
  Listener listener;
  const syncline_call call = listener.call();
  const syncline_result_sink results = listener.results();
  Made<Whole> a(&call);
  Made<Whole> b(&call);
  syncline_record wanted = {};
  wanted.struct_size = sizeof(wanted);
  const syncline_write order = {sizeof(order), 0, 8, &wanted, {nullptr, 0}, {nullptr, 0}};
  const auto* copy = a.Ability<syncline_copy>(SYNCLINE_ABILITY_COPY);
  EXPECT_EQ(copy->copy(a.self(), &call, b.self(), Str("x"), Str("1"), &order, &results),
            SYNCLINE_OK);
  EXPECT_EQ(listener.Last(), "8 stored copy");
  const auto* compare = a.Ability<syncline_compare>(SYNCLINE_ABILITY_COMPARE);
  int32_t verdict = -1;
  EXPECT_EQ(
      compare->compare(a.self(), &call, Str("x"), Str("1"), b.self(), Str("x"), Str("1"), &verdict),
      SYNCLINE_OK);
  EXPECT_EQ(verdict, SYNCLINE_SAME_CONTENT);
  EXPECT_EQ(compare->same_content(a.self(), Str("1"), Str("1")), 1);
  EXPECT_EQ(compare->same_content(a.self(), Str("1"), Str("2")), 0);
  const auto* check = a.Ability<syncline_check>(SYNCLINE_ABILITY_CHECK);
  EXPECT_EQ(check->check(a.self(), &call, b.self()), SYNCLINE_OK);
  EXPECT_EQ(check->check(a.self(), &call, nullptr), SYNCLINE_OK);
}

TEST(CppLayer, AnEssenceArrivesWithItsPurposeAndComesBackFlagged) {
  Listener listener;
  const syncline_call call = listener.call();
  const syncline_byte_sink sink = listener.sink();
  std::string version;
  const syncline_record_sink as_read = {
      sizeof(as_read), &version,
      [](void* ctx, const syncline_record* record) -> syncline_status {
        *static_cast<std::string*>(ctx) = Text(record->id) + "@" + Text(record->version);
        return SYNCLINE_OK;
      },
      nullptr, nullptr};
  Made<Whole> whole(&call);
  const auto* table = whole.Ability<syncline_essence>(SYNCLINE_ABILITY_ESSENCE);
  ASSERT_NE(table, nullptr);
  EXPECT_EQ(table->struct_size, sizeof(syncline_essence));
  const auto essence = [&](const char* id, int32_t purpose) {
    listener.bytes.clear();
    return table->essence(whole.self(), &call, Str(id), purpose, &sink, &as_read);
  };
  EXPECT_EQ(essence("x", SYNCLINE_FOR_ANCESTOR), SYNCLINE_OK);
  EXPECT_EQ(listener.bytes, "for an ancestor");
  EXPECT_EQ(version, "x@7");
  EXPECT_EQ(essence("x", SYNCLINE_FOR_MERGE), SYNCLINE_OK);
  EXPECT_EQ(listener.bytes, "for a merge");
  EXPECT_EQ(essence("none", SYNCLINE_FOR_MERGE), SYNCLINE_UNSUPPORTED);
  EXPECT_EQ(listener.Last(), "It cannot be merged.||");

  syncline_record wanted = {};
  wanted.struct_size = sizeof(wanted);
  for (const uint32_t flags : {uint32_t{SYNCLINE_ESSENCE}, uint32_t{0}}) {
    const syncline_write order = {sizeof(order), flags, 5, &wanted, {nullptr, 0}, {nullptr, 0}};
    EXPECT_EQ(glue::OrderOf(&order).essence, flags != 0);
  }
}

TEST(CppLayer, TheOtherAbilitiesArriveWhole) {
  Listener listener;
  const syncline_call call = listener.call();
  const syncline_record_sink records = listener.records();
  const syncline_byte_sink sink = listener.sink();
  const syncline_field_sink fields = listener.fields();
  const syncline_result_sink results = listener.results();
  Made<Whole> whole(&call);
  void* self = whole.self();
  EXPECT_EQ(whole.Ability<syncline_move>(SYNCLINE_ABILITY_MOVE)
                ->move(self, &call, 3, Str("x"), Str("1"), Str("y"), &results),
            SYNCLINE_OK);
  EXPECT_EQ(listener.Last(), "3 stored y");
  int32_t more = 0;
  EXPECT_EQ(whole.Ability<syncline_changes>(SYNCLINE_ABILITY_CHANGES)
                ->changes(self, &call, Str("41"), &records, &sink, &more),
            SYNCLINE_OK);
  EXPECT_EQ(listener.Last(), "gone gone");
  EXPECT_EQ(listener.bytes, "41+1");
  EXPECT_EQ(more, 1);
  EXPECT_EQ(whole.Ability<syncline_describe>(SYNCLINE_ABILITY_DESCRIBE)
                ->describe(self, &call, Str("x"), &fields),
            SYNCLINE_OK);
  EXPECT_EQ(listener.Last(), "title=x/");
  EXPECT_EQ(whole.Ability<syncline_collections>(SYNCLINE_ABILITY_COLLECTIONS)
                ->collections(self, &call, &fields),
            SYNCLINE_OK);
  EXPECT_EQ(listener.Last(), "Work=https://example.org/work/");
  EXPECT_EQ(
      whole.Ability<syncline_arrange>(SYNCLINE_ABILITY_ARRANGE)->arrange(self, &call, &records),
      SYNCLINE_OK);
  EXPECT_EQ(listener.Last(), "1 at old/x, to be new/x");
  Made<Whole> other(&call);
  const auto* safe = whole.Ability<syncline_safe>(SYNCLINE_ABILITY_SAFE);
  EXPECT_EQ(safe->safe(self, &call, other.self(), &fields), SYNCLINE_OK);
  EXPECT_EQ(listener.Last(), "x=/");
  EXPECT_EQ(safe->safe(self, &call, self, &fields), SYNCLINE_OK);
  EXPECT_EQ(listener.Last(), "x=the other side is this one/");
  syncline_byte_source empty = {sizeof(empty), nullptr, 0,
                                [](void*, void*, size_t) -> int64_t { return 0; }};
  const auto* merge = whole.Ability<syncline_merge>(SYNCLINE_ABILITY_MERGE);
  EXPECT_EQ(merge->merge(self, &call, nullptr, &empty, &empty, SYNCLINE_FAVOUR_NONE, nullptr, 0,
                         &sink, &fields),
            SYNCLINE_CONFLICT);
  EXPECT_EQ(listener.Last(), "field=without/theirs");
  EXPECT_EQ(merge->merge(self, &call, &empty, &empty, &empty, SYNCLINE_FAVOUR_MINE, nullptr, 0,
                         &sink, &fields),
            SYNCLINE_OK);
  // A choice for one field goes before what is favoured in all.
  const syncline_choice choice = {sizeof(choice), SYNCLINE_FAVOUR_THEIRS, Str("field")};
  EXPECT_EQ(merge->merge(self, &call, nullptr, &empty, &empty, SYNCLINE_FAVOUR_NONE, &choice, 1,
                         &sink, &fields),
            SYNCLINE_OK);
  listener.cancelled = 1;
  EXPECT_EQ(whole.Ability<syncline_watch>(SYNCLINE_ABILITY_WATCH)->wait(self, &call),
            SYNCLINE_CANCELLED);
}

}  // namespace
}  // namespace syncline
