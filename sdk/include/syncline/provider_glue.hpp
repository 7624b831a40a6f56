// The machinery behind provider.hpp: the tables of C functions for an author's class, the guard
// around each call, and the sentences a compiler says when a method does not fit. Authors include
// provider.hpp.
#ifndef SYNCLINE_PROVIDER_GLUE_HPP_
#define SYNCLINE_PROVIDER_GLUE_HPP_

#include "syncline/provider.hpp"

// Hidden: a static in a template with default visibility is one object for the whole process (ELF
// unique symbols), so two providers that both call their class "Folder" would share one table.
#if defined(_WIN32)
#define SYNCLINE_HIDDEN
#else
#define SYNCLINE_HIDDEN __attribute__((visibility("hidden")))
#endif

namespace syncline {
namespace glue SYNCLINE_HIDDEN {

inline void Explain(const syncline_call* call, std::string_view summary, std::string_view detail,
                    std::string_view setting) {
  call->explain(call->ctx, Str(summary), Str(detail), Str(setting));
}

// Runs body, which returns a status, and lets no exception out.
template <class Body>
syncline_status Guard(const syncline_call* call, Body&& body) noexcept {
  try {
    return body();
  } catch (const Error& error) {
    if (!error.summary().empty()) {
      Explain(call, error.summary(), error.detail(), error.setting());
    }
    return error.status();
  } catch (const std::bad_alloc&) {
    Explain(call, "The provider ran out of memory.", {}, {});
    return SYNCLINE_FAILED;
  } catch (const std::system_error& error) {
    Explain(call, error.what(), {}, {});
    // Only what is true of the whole place whatever the record; everything else is this record's.
    const bool unwritable = error.code() == std::errc::no_space_on_device ||
                            error.code() == std::errc::read_only_file_system;
    return unwritable ? SYNCLINE_UNWRITABLE : SYNCLINE_FAILED;
  } catch (const std::exception& error) {
    Explain(call, error.what(), {}, {});
    return SYNCLINE_FAILED;
  } catch (...) {
    Explain(call, "The provider threw something that is not an exception.", {}, {});
    return SYNCLINE_FAILED;
  }
}

// ---- Sentences for the compiler -----------------------------------------------------------------

// Whether a class has any member of this name, also a private or an overloaded one: then looking it
// up in a class derived from both is ambiguous.
#define SYNCLINE_NAMES(method)                \
  struct HasA_##method {                      \
    int method;                               \
  };                                          \
  template <class P>                          \
  struct Both_##method : P, HasA_##method {}; \
  template <class P>                          \
  concept Names_##method = !requires {        \
    &Both_##method<P>::method;                \
  }
SYNCLINE_NAMES(settle);
SYNCLINE_NAMES(move);
SYNCLINE_NAMES(copy);
SYNCLINE_NAMES(compare);
SYNCLINE_NAMES(same_content);
SYNCLINE_NAMES(merge);
SYNCLINE_NAMES(essence);
SYNCLINE_NAMES(changes);
SYNCLINE_NAMES(describe);
SYNCLINE_NAMES(check);
SYNCLINE_NAMES(wait);
SYNCLINE_NAMES(collections);
SYNCLINE_NAMES(arrange);
SYNCLINE_NAMES(safe);
#undef SYNCLINE_NAMES

template <class P>
constexpr bool NeverStagesWrites() {
  if constexpr (Writes<P>) {
    using Result = decltype(std::declval<P&>().write(std::declval<const Call&>(),
                                                     std::declval<const WriteOrder&>(),
                                                     std::declval<ByteSource>()));
    return std::convertible_to<Result, Record>;
  } else {
    return true;
  }
}

template <class P>
struct Fits {
  static_assert(!std::is_final_v<P>, "a provider class must not be final");
  static_assert(std::constructible_from<P, Host>,
                "a provider needs a public constructor P(syncline::Host)");
  static_assert(Opens<P>, "open must be: syncline::Replica open(const syncline::Call&)");
  static_assert(Enumerates<P>,
                "enumerate must be: void enumerate(const syncline::Call&, syncline::Records)");
  static_assert(Reads<P>,
                "read must be: syncline::Record read(const syncline::Call&, std::string_view id, "
                "syncline::ByteSink)");
  static_assert(
      Writes<P>,
      "write must be: syncline::Record (or syncline::Stored) write(const syncline::Call&, "
      "const syncline::WriteOrder&, syncline::ByteSource)");
  static_assert(Removes<P>,
                "remove must be: void (or syncline::Removal) remove(const syncline::Call&, const "
                "syncline::RemoveOrder&)");
  static_assert(
      Settles<P> || NeverStagesWrites<P>(),
      "write returns syncline::Stored, so that it may stage, but there is no settle; return "
      "syncline::Record");
  static_assert(!Names_settle<P> || Settles<P>,
                "settle must be: void settle(const syncline::Call&, syncline::Results)");
  static_assert(!Names_move<P> || Moves<P>,
                "move must be: syncline::Record move(const syncline::Call&, const "
                "syncline::MoveOrder&)");
  static_assert(
      !Names_copy<P> || Copies<P>,
      "copy must be: syncline::Record (or syncline::Stored) copy(const syncline::Call&, P& "
      "from, std::string_view from_id, std::string_view from_version, const "
      "syncline::WriteOrder&)");
  static_assert(
      !Names_compare<P> || Compares<P>,
      "compare must be: syncline::Verdict compare(const syncline::Call&, std::string_view id, "
      "std::string_view version, P& other, std::string_view other_id, std::string_view "
      "other_version)");
  static_assert(!Names_same_content<P> || KnowsSameContent<P>,
                "same_content must be: bool same_content(std::string_view before, std::string_view "
                "after) const");
  static_assert(!Names_merge<P> || Merges<P>,
                "merge must be: bool merge(const syncline::Call&, const syncline::MergeInput&, "
                "syncline::ByteSink merged, syncline::Fields differing) const");
  static_assert(!Names_essence<P> || TellsEssence<P>,
                "essence must be: syncline::Record essence(const syncline::Call&, "
                "std::string_view id, syncline::Purpose, syncline::ByteSink)");
  static_assert(!Names_essence<P> || Names_merge<P>,
                "essence is what merge needs of a record, but there is no merge");
  static_assert(
      !Names_changes<P> || TellsChanges<P>,
      "changes must be: syncline::ChangesEnd changes(const syncline::Call&, std::string_view "
      "since, syncline::Records)");
  static_assert(!Names_describe<P> || Describes<P>,
                "describe must be: void describe(const syncline::Call&, std::string_view id, "
                "syncline::Fields)");
  static_assert(!Names_check<P> || Checks<P>,
                "check must be: void check(const syncline::Call&, P* other), other may be null");
  static_assert(!Names_wait<P> || Waits<P>, "wait must be: void wait(const syncline::Call&)");
  static_assert(!Names_collections<P> || ListsCollections<P>,
                "collections must be: void collections(const syncline::Call&, syncline::Fields)");
  static_assert(!Names_arrange<P> || Arranges<P>,
                "arrange must be: void arrange(const syncline::Call&, syncline::Records wanted)");
  static_assert(
      !Names_safe<P> || TellsSafe<P>,
      "safe must be: void safe(const syncline::Call&, P& other, syncline::Fields records)");
  static constexpr bool kValue = true;
};

// ---- The C functions ----------------------------------------------------------------------------

inline WriteOrder OrderOf(const syncline_write* raw) {
  return {raw->ticket,
          RecordView::Of(*raw->wanted),
          View(raw->expected_version),
          View(raw->label),
          (raw->flags & SYNCLINE_BESIDE) != 0,
          (raw->flags & SYNCLINE_METADATA_ONLY) != 0,
          (raw->flags & SYNCLINE_COMBINE) != 0,
          (raw->flags & SYNCLINE_ESSENCE) != 0,
          raw};
}

inline syncline_status Tell(const syncline_result_sink* sink, uint64_t ticket,
                            const Stored& stored) {
  if (!stored) return SYNCLINE_STAGED;
  Results(sink).Stored(ticket, *stored);
  return SYNCLINE_OK;
}

// One instance: the author's object and its table; self in every call is the Glue.
template <class P>
class Glue {
 public:
  static syncline_status SYNCLINE_CALL Create(const syncline_host* host, const syncline_call* call,
                                              const syncline_provider** made) {
    static_assert(Fits<P>::kValue);
    return Guard(call, [&] {
      *made = &(new Glue(Host(host)))->table_;
      return SYNCLINE_OK;
    });
  }

 private:
  explicit Glue(Host host) : provider_(host) {}

  static P& Of(void* self) { return static_cast<Glue*>(self)->provider_; }

  static syncline_status SYNCLINE_CALL Open(void* self, const syncline_call* call,
                                            const syncline_replica_sink* sink) {
    return Guard(call, [&] {
      const Replica replica = Of(self).open(Call(call));
      const uint32_t flags = (replica.ordered ? uint32_t{SYNCLINE_ORDERED} : 0u) |
                             (replica.read_only ? uint32_t{SYNCLINE_READ_ONLY} : 0u) |
                             (replica.large_batches ? uint32_t{SYNCLINE_LARGE_BATCHES} : 0u);
      const syncline_replica raw = {sizeof(raw), flags, Str(replica.identity), Str(replica.name)};
      return sink->replica(sink->ctx, &raw);
    });
  }
  static syncline_status SYNCLINE_CALL Enumerate(void* self, const syncline_call* call,
                                                 const syncline_record_sink* records) {
    return Guard(call, [&] {
      Of(self).enumerate(Call(call), Records(records));
      return SYNCLINE_OK;
    });
  }
  static syncline_status SYNCLINE_CALL Read(void* self, const syncline_call* call, syncline_str id,
                                            const syncline_byte_sink* content,
                                            const syncline_record_sink* as_read) {
    return Guard(call, [&] {
      const Record record = Of(self).read(Call(call), View(id), ByteSink(content));
      Records(as_read).Push(record);
      return SYNCLINE_OK;
    });
  }
  static syncline_status SYNCLINE_CALL Write(void* self, const syncline_call* call,
                                             const syncline_write* order,
                                             const syncline_byte_source* content,
                                             const syncline_result_sink* result) {
    return Guard(call, [&] {
      return Tell(result, order->ticket,
                  Of(self).write(Call(call), OrderOf(order), ByteSource(content)));
    });
  }
  static syncline_status SYNCLINE_CALL Remove(void* self, const syncline_call* call,
                                              uint64_t ticket, syncline_str id,
                                              syncline_str expected_version,
                                              const syncline_result_sink* result) {
    return Guard(call, [&]() -> syncline_status {
      const RemoveOrder order = {ticket, View(id), View(expected_version)};
      if constexpr (std::is_void_v<decltype(Of(self).remove(Call(call), order))>) {
        Of(self).remove(Call(call), order);
      } else {
        static_assert(Settles<P>, "remove returns syncline::Removal, but there is no settle");
        if (Of(self).remove(Call(call), order) == Removal::kStaged) return SYNCLINE_STAGED;
      }
      Results(result).Removed(ticket);
      return SYNCLINE_OK;
    });
  }

  static syncline_status SYNCLINE_CALL Settle(void* self, const syncline_call* call,
                                              const syncline_result_sink* results) {
    return Guard(call, [&] {
      Of(self).settle(Call(call), Results(results));
      return SYNCLINE_OK;
    });
  }
  static syncline_status SYNCLINE_CALL Move(void* self, const syncline_call* call, uint64_t ticket,
                                            syncline_str id, syncline_str expected_version,
                                            syncline_str wanted_key,
                                            const syncline_result_sink* result) {
    return Guard(call, [&] {
      const MoveOrder order = {ticket, View(id), View(expected_version), View(wanted_key)};
      const Record record = Of(self).move(Call(call), order);
      Results(result).Stored(ticket, record);
      return SYNCLINE_OK;
    });
  }
  static syncline_status SYNCLINE_CALL Copy(void* self, const syncline_call* call, void* from_self,
                                            syncline_str from_id, syncline_str from_version,
                                            const syncline_write* order,
                                            const syncline_result_sink* result) {
    return Guard(call, [&] {
      return Tell(result, order->ticket,
                  Of(self).copy(Call(call), Of(from_self), View(from_id), View(from_version),
                                OrderOf(order)));
    });
  }
  static syncline_status SYNCLINE_CALL Compare(void* self, const syncline_call* call,
                                               syncline_str id, syncline_str version,
                                               void* other_self, syncline_str other_id,
                                               syncline_str other_version, int32_t* verdict) {
    return Guard(call, [&]() -> syncline_status {
      if constexpr (Compares<P>) {
        *verdict = static_cast<int32_t>(Of(self).compare(Call(call), View(id), View(version),
                                                         Of(other_self), View(other_id),
                                                         View(other_version)));
        return SYNCLINE_OK;
      } else {
        return SYNCLINE_UNSUPPORTED;
      }
    });
  }
  static int32_t SYNCLINE_CALL SameContent(void* self, syncline_str before, syncline_str after) {
    if constexpr (KnowsSameContent<P>) {
      try {
        return std::as_const(Of(self)).same_content(View(before), View(after)) ? 1 : 0;
      } catch (...) {
        return 0;  // "not known to be the same" costs a copy, never a record
      }
    } else {
      return View(before) == View(after) ? 1 : 0;
    }
  }
  static syncline_status SYNCLINE_CALL Merge(void* self, const syncline_call* call,
                                             const syncline_byte_source* base,
                                             const syncline_byte_source* mine,
                                             const syncline_byte_source* theirs, int32_t favour,
                                             const syncline_choice* choices, size_t choice_count,
                                             const syncline_byte_sink* merged,
                                             const syncline_field_sink* differing) {
    return Guard(call, [&]() -> syncline_status {
      MergeInput input = {std::nullopt,
                          ByteSource(mine),
                          ByteSource(theirs),
                          static_cast<Favour>(favour),
                          {choices, choice_count}};
      if (base != nullptr) input.base.emplace(base);
      const bool agreed =
          std::as_const(Of(self)).merge(Call(call), input, ByteSink(merged), Fields(differing));
      return agreed ? SYNCLINE_OK : SYNCLINE_CONFLICT;
    });
  }
  static syncline_status SYNCLINE_CALL Essence(void* self, const syncline_call* call,
                                               syncline_str id, int32_t purpose,
                                               const syncline_byte_sink* content,
                                               const syncline_record_sink* as_read) {
    return Guard(call, [&] {
      const Record record =
          Of(self).essence(Call(call), View(id), static_cast<Purpose>(purpose), ByteSink(content));
      Records(as_read).Push(record);
      return SYNCLINE_OK;
    });
  }
  static syncline_status SYNCLINE_CALL Changes(void* self, const syncline_call* call,
                                               syncline_str since,
                                               const syncline_record_sink* records,
                                               const syncline_byte_sink* token, int32_t* more) {
    return Guard(call, [&] {
      const ChangesEnd end = Of(self).changes(Call(call), View(since), Records(records));
      ByteSink(token).Write(end.token);
      *more = end.more ? 1 : 0;
      return SYNCLINE_OK;
    });
  }
  static syncline_status SYNCLINE_CALL Describe(void* self, const syncline_call* call,
                                                syncline_str id,
                                                const syncline_field_sink* fields) {
    return Guard(call, [&] {
      Of(self).describe(Call(call), View(id), Fields(fields));
      return SYNCLINE_OK;
    });
  }
  static syncline_status SYNCLINE_CALL Check(void* self, const syncline_call* call,
                                             void* other_self) {
    return Guard(call, [&] {
      P* other = other_self == nullptr ? nullptr : &Of(other_self);
      Of(self).check(Call(call), other);
      return SYNCLINE_OK;
    });
  }
  static syncline_status SYNCLINE_CALL Wait(void* self, const syncline_call* call) {
    return Guard(call, [&] {
      Of(self).wait(Call(call));
      return SYNCLINE_OK;
    });
  }
  static syncline_status SYNCLINE_CALL Collections(void* self, const syncline_call* call,
                                                   const syncline_field_sink* found) {
    return Guard(call, [&] {
      Of(self).collections(Call(call), Fields(found));
      return SYNCLINE_OK;
    });
  }
  static syncline_status SYNCLINE_CALL Arrange(void* self, const syncline_call* call,
                                               const syncline_record_sink* wanted) {
    return Guard(call, [&] {
      Of(self).arrange(Call(call), Records(wanted));
      return SYNCLINE_OK;
    });
  }
  static syncline_status SYNCLINE_CALL Safe(void* self, const syncline_call* call, void* other_self,
                                            const syncline_field_sink* records) {
    return Guard(call, [&] {
      Of(self).safe(Call(call), Of(other_self), Fields(records));
      return SYNCLINE_OK;
    });
  }

  static const void* SYNCLINE_CALL Ability(void*, const char* raw_name) {
    const std::string_view name = raw_name;
    if constexpr (Settles<P>) {
      static constexpr syncline_settle kTable = {sizeof(kTable), &Settle};
      if (name == SYNCLINE_ABILITY_SETTLE) return &kTable;
    }
    if constexpr (Moves<P>) {
      static constexpr syncline_move kTable = {sizeof(kTable), &Move};
      if (name == SYNCLINE_ABILITY_MOVE) return &kTable;
    }
    if constexpr (Copies<P>) {
      static constexpr syncline_copy kTable = {sizeof(kTable), &Copy};
      if (name == SYNCLINE_ABILITY_COPY) return &kTable;
    }
    if constexpr (Compares<P> || KnowsSameContent<P>) {
      static constexpr syncline_compare kTable = {sizeof(kTable), &Compare, &SameContent};
      if (name == SYNCLINE_ABILITY_COMPARE) return &kTable;
    }
    if constexpr (Merges<P>) {
      static constexpr syncline_merge kTable = {sizeof(kTable), &Merge};
      if (name == SYNCLINE_ABILITY_MERGE) return &kTable;
    }
    if constexpr (TellsEssence<P>) {
      static constexpr syncline_essence kTable = {sizeof(kTable), &Essence};
      if (name == SYNCLINE_ABILITY_ESSENCE) return &kTable;
    }
    if constexpr (TellsChanges<P>) {
      static constexpr syncline_changes kTable = {sizeof(kTable), &Changes};
      if (name == SYNCLINE_ABILITY_CHANGES) return &kTable;
    }
    if constexpr (Describes<P>) {
      static constexpr syncline_describe kTable = {sizeof(kTable), &Describe};
      if (name == SYNCLINE_ABILITY_DESCRIBE) return &kTable;
    }
    if constexpr (Checks<P>) {
      static constexpr syncline_check kTable = {sizeof(kTable), &Check};
      if (name == SYNCLINE_ABILITY_CHECK) return &kTable;
    }
    if constexpr (Waits<P>) {
      static constexpr syncline_watch kTable = {sizeof(kTable), &Wait};
      if (name == SYNCLINE_ABILITY_WATCH) return &kTable;
    }
    if constexpr (ListsCollections<P>) {
      static constexpr syncline_collections kTable = {sizeof(kTable), &Collections};
      if (name == SYNCLINE_ABILITY_COLLECTIONS) return &kTable;
    }
    if constexpr (Arranges<P>) {
      static constexpr syncline_arrange kTable = {sizeof(kTable), &Arrange};
      if (name == SYNCLINE_ABILITY_ARRANGE) return &kTable;
    }
    if constexpr (TellsSafe<P>) {
      static constexpr syncline_safe kTable = {sizeof(kTable), &Safe};
      if (name == SYNCLINE_ABILITY_SAFE) return &kTable;
    }
    return nullptr;
  }
  static void SYNCLINE_CALL Destroy(void* self) { delete static_cast<Glue*>(self); }

  P provider_;
  syncline_provider table_ = {sizeof(syncline_provider),
                              this,
                              &Open,
                              &Enumerate,
                              &Read,
                              &Write,
                              &Remove,
                              &Ability,
                              &Destroy};
};

}  // namespace SYNCLINE_HIDDEN
}  // namespace syncline

#endif  // SYNCLINE_PROVIDER_GLUE_HPP_
